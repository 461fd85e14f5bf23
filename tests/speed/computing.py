"""Formulas, pastes, pages full of relations, changes of type: each beside the least that the work takes."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from runtime.changes import BulkChange, Change, ChangeKind, new_uuid
from runtime.definition.edits import SetKind
from runtime.definition.node import App
from runtime.expression.check import check
from runtime.expression.compile_python import compile_python
from runtime.expression.schema import Reference
from runtime.form import Form
from runtime.session import Session, open_workspace
from runtime.store.engine import open_keyed
from runtime.store.listing import Listing
from runtime.store.query import Query
from runtime.store.records import Applied
from runtime.store.schema import column_name, table_name
from runtime.value.decimals import exact_arithmetic
from runtime.value.types import NUMBER
from tests.speed import sample
from tests.speed.measure import Figure, median, seconds
from tests.speed.store import KEY, PASSPHRASE
from tests.support.apps import an_app, form_called

FORMULA = "{单价}*{数量}*(1-{折扣})"
NAMES = ("单价", "数量", "折扣")
RELATIONS = 20


class _Schema:
    """Three numbers."""

    def resolve(self, path: tuple[str, ...]) -> Reference | None:
        name = path[-1]
        return Reference(name, (name,), (name,), NUMBER) if name in NAMES else None

    def labels(self, path: tuple[str, ...]) -> tuple[str, ...]:
        return NAMES


def formulas(count: int = 1_000_000) -> Iterator[Figure]:
    """One formula over many rows, against the same arithmetic written by hand."""
    evaluate = compile_python(check(FORMULA, _Schema())).evaluate
    rows = [
        {"单价": Decimal(at % 9999) / 100, "数量": Decimal(at % 97), "折扣": Decimal(at % 30) / 100}
        for at in range(1000)
    ]

    def ours() -> None:
        with exact_arithmetic():
            for _ in range(count // len(rows)):
                for row in rows:
                    evaluate(row)

    def by_hand() -> None:
        with exact_arithmetic():
            for _ in range(count // len(rows)):
                for row in rows:
                    row["单价"] * row["数量"] * (1 - row["折扣"])

    note = f"{count:,} evaluations of {FORMULA}; raw: the same in plain Python with Decimal"
    yield Figure("formula_million", "s", median(ours, 3), median(by_hand, 3), note, "at most 1.5 s")


def pasting(folder: Path, count: int = 10_000) -> Iterator[Figure]:
    """Rows pasted into a form of twenty columns that already has records, as one step that can be undone."""
    with open_workspace(folder / "paste", PASSPHRASE) as session:
        session.publish(sample.an_empty_app())
        list(sample.fill(session, 20_000))
        form = form_called(next(iter(session.apps.values())), "客户")
        columns = sample.typed_columns(form, 20_000, count)
        ids = [new_uuid() for _ in range(count)]
        ours = seconds(lambda: _must(session, BulkChange(ChangeKind.NEW, form.id, ids, columns)))
        raw = _raw_paste(session, form, count)
    note = f"{count:,} rows of 20 cells in one step, checked, durable; raw: the same rows copied inside the same file"
    yield Figure("paste", "s", ours, raw, note, "at most 2 s")


def _must(session: Session, change: Change | BulkChange) -> None:
    assert isinstance(session.save([change], "Paste"), Applied)


def _raw_paste(session: Session, form: Form, count: int) -> float:
    with session._workspace.database.reader.connect() as connection:
        sql = f'SELECT * FROM "{table_name(form.id)}" ORDER BY _n DESC LIMIT {count}'
        rows = [tuple(row) for row in connection.exec_driver_sql(sql).fetchall()]
    places = ", ".join("?" * len(rows[0]))
    with session._workspace.database.writer.connect() as connection:
        connection.exec_driver_sql(f'CREATE TABLE raw_paste AS SELECT * FROM "{table_name(form.id)}" LIMIT 0')
        connection.commit()

        def paste() -> None:
            connection.exec_driver_sql(f"INSERT INTO raw_paste VALUES ({places})", rows)
            connection.commit()

        return seconds(paste)


def pages(folder: Path, count: int = 100_000) -> Iterator[Figure]:
    """A page of 200 records with twenty relations, from the middle of many."""
    with open_workspace(folder / "pages", PASSPHRASE) as session:
        session.publish(_related())
        app = next(iter(session.apps.values()))
        partners, form = form_called(app, "伙伴"), form_called(app, "往来")
        rows = [new_uuid() for _ in range(count)]
        title = partners.fields[0].id
        for first in range(0, count, sample.CHUNK):
            part = rows[first : first + sample.CHUNK]
            _must(
                session,
                BulkChange(
                    ChangeKind.NEW, partners.id, part, {title: [f"伙伴{first + at}" for at in range(len(part))]}
                ),
            )
        for first in range(0, count, sample.CHUNK):
            columns = {
                field.id: [rows[(first + at) * 7919 * (place + 1) % count] for at in range(sample.CHUNK)]
                for place, field in enumerate(form.fields)
            }
            _must(session, BulkChange(ChangeKind.NEW, form.id, [new_uuid() for _ in range(sample.CHUNK)], columns))
        ours = median(lambda: Listing(session.reader, Query(form.id)).rows(count // 2, 200))
        raw = median(lambda: _raw_page(session, form, partners, count // 2))
    note = f"200 of {count:,} records with {RELATIONS} relations; raw: a statement for the rows, one a relation"
    yield Figure("page_of_relations", "ms", ours * 1e3, raw * 1e3, note, "at most 50 ms")


def _related() -> App:
    build = an_app("Bench")
    partners = build.form("伙伴")
    build.field(partners, "text", "名称")
    form = build.form("往来")
    for at in range(RELATIONS):
        build.field(form, "relation", f"伙伴{at}", form=partners)
    return build.app


def _raw_page(session: Session, form: Form, partners: Form, at: int) -> None:
    names = [column_name(field.id) for field in form.fields]
    title = column_name(partners.fields[0].id)
    with session._workspace.database.reader.connect() as connection:
        sql = f'SELECT {", ".join(names)} FROM "{table_name(form.id)}" WHERE _n > {at} ORDER BY _n LIMIT 200'
        rows = connection.exec_driver_sql(sql).fetchall()
        for place in range(len(names)):
            wanted = tuple({row[place] for row in rows})
            sql = (
                f'SELECT _id, "{title}" FROM "{table_name(partners.id)}" WHERE _id IN ({", ".join("?" * len(wanted))})'
            )
            connection.exec_driver_sql(sql, wanted).fetchall()


def retyping(folder: Path, count: int = 100_000) -> Iterator[Figure]:
    """A text field of many records that becomes a whole number."""
    with open_workspace(folder / "retype", PASSPHRASE) as session:
        build = an_app("Bench")
        name = build.form("表")
        field = build.field(name, "text", "数字")
        session.publish(build.app)
        for first in range(0, count, sample.CHUNK):
            values = {field: [str(first + at) for at in range(sample.CHUNK)]}
            _must(session, BulkChange(ChangeKind.NEW, name, [new_uuid() for _ in range(sample.CHUNK)], values))
        app = SetKind(field, "field.integer").apply(session.apps[build.app.id])
        ours = seconds(lambda: session.publish(app))
        assert session.form("表").count("{数字} >= 0") == count
    raw = _raw_retype(folder / "raw_retype.db", count)
    note = f"{count:,} texts become whole numbers, checked, the old kept; raw: ADD COLUMN, UPDATE ... CAST, one commit"
    yield Figure("change_of_type", "s", ours, raw, note)


def _raw_retype(database: Path, count: int) -> float:
    connection: Any = open_keyed(database, KEY)
    connection.execute("CREATE TABLE t (n INTEGER PRIMARY KEY, a TEXT)")
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO t VALUES (NULL, ?)", [(str(at),) for at in range(count)])
    connection.execute("COMMIT")

    def convert() -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ALTER TABLE t ADD COLUMN b INTEGER")
        connection.execute("UPDATE t SET b = CAST(a AS INTEGER)")
        connection.execute("COMMIT")

    taken = seconds(convert)
    connection.close()
    return taken
