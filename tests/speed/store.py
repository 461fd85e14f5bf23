"""The store: import, save, a million records; each beside plain statements on an encrypted file of the same kind."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import python_calamine

from runtime.changes import Change, ChangeKind, new_uuid
from runtime.session import Session, open_workspace
from runtime.store.engine import open_keyed
from runtime.store.listing import Listing
from runtime.store.query import Query, Sort
from runtime.store.records import Applied
from runtime.store.schema import column_name, table_name
from tests.speed import sample
from tests.speed.measure import Figure, Memory, median, percentile, seconds
from tests.support.apps import customers_and_orders, form_called

PASSPHRASE = "a passphrase for the bench"
KEY = bytes(range(32))


def importing(folder: Path, count: int) -> Iterator[Figure]:
    """An xlsx of `count` rows and 20 columns, against calamine and inserting its cells; and its undo."""
    path = folder / "import.xlsx"
    sample.write_xlsx(path, count)
    with open_workspace(folder / "import", PASSPHRASE) as session:
        ours = seconds(lambda: session.import_file(path))
        assert session.form("客户").count() == count
        undone = list(_undoing(session, count))
    raw = seconds(lambda: _raw_import(path, folder / "raw_import.db"))
    note = f"{count:,} x 20 xlsx, typed, checked, in the encrypted store; raw: calamine, executemany, one commit"
    yield Figure("import_xlsx", "s", ours, raw, note, "at most 2.5 times raw")
    yield Figure("import_xlsx_rate", "rows/s", count / ours, count / raw, note, "at least 10,000 rows/s")
    yield from undone


def _undoing(session: Session, count: int) -> Iterator[Figure]:
    """The import taken back and done again, against deleting its rows."""
    table = table_name(session.form("客户").id)
    undo = seconds(session.undo)
    assert not session.forms
    redo = seconds(session.redo)
    assert session.form("客户").count() == count

    def delete() -> None:
        with session._workspace.database.writer.begin() as connection:
            connection.exec_driver_sql(f'DELETE FROM "{table}" WHERE _n <= {count}')

    raw = seconds(delete)
    what, limit = (
        f"{count:,} x 20 imported records",
        "with history, in commits; raw: DELETE in the same file, one",
    )
    yield Figure("undo_import", "s", undo, raw, f"{what} and their app taken back, {limit}", "at most the import")
    yield Figure("redo_import", "s", redo, raw, f"{what} and their app put back, {limit}", "at most the import")


def _raw_import(path: Path, database: Path) -> None:
    rows = python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()[1:]
    connection = open_keyed(database, KEY)
    connection.execute(f"CREATE TABLE t (n INTEGER PRIMARY KEY, {', '.join(f'c{at}' for at in range(20))})")
    connection.execute("BEGIN")
    plain = ([cell if isinstance(cell, (str, float, int)) else str(cell) for cell in row] for row in rows)
    connection.executemany(f"INSERT INTO t VALUES (NULL, {', '.join('?' * 20)})", plain)
    connection.execute("COMMIT")
    connection.close()


def importing_text(folder: Path, count: int) -> Iterator[Figure]:
    """A csv of `count` rows and 20 columns, against reading it with the csv module and inserting the cells."""
    path = folder / "import.csv"
    sample.write_csv(path, count)
    with open_workspace(folder / "import_csv", PASSPHRASE) as session:
        with Memory() as memory:
            ours = seconds(lambda: session.import_file(path))
        assert session.form("import").count() == count
    raw = seconds(lambda: _raw_text_import(path, folder / "raw_import_csv.db"))
    note = f"{count:,} x 20 csv, {path.stat().st_size / 1e6:.0f} MB, typed, checked, in the encrypted store"
    raw_note = f"{note}; raw: csv module, executemany, one commit"
    yield Figure("import_csv_rate", "rows/s", count / ours, count / raw, raw_note, "at least 25,000 rows/s")
    yield Figure("import_csv_memory", "MB", memory.most, None, f"{note}; beyond idle", "at most 300 MB")


def _raw_text_import(path: Path, database: Path) -> None:
    connection = open_keyed(database, KEY)
    connection.execute(f"CREATE TABLE t (n INTEGER PRIMARY KEY, {', '.join(f'c{at}' for at in range(20))})")
    connection.execute("BEGIN")
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        connection.executemany(f"INSERT INTO t VALUES (NULL, {', '.join('?' * 20)})", rows)
    connection.execute("COMMIT")
    connection.close()


def saving(folder: Path, count: int = 1_000) -> Iterator[Figure]:
    """One record at a time, with a formula, a default, checks, stamps and a durable commit."""
    with open_workspace(folder / "save", PASSPHRASE) as session:
        session.publish(customers_and_orders())
        form = form_called(next(iter(session.apps.values())), "订单")
        names = {field.name: field.id for field in form.fields}
        ours = []
        for at in range(count):
            values = {names["编号"]: f"A{at}", names["数量"]: at, names["单价"]: form.by_id[names["单价"]].kind.parse(
                "19.99", form.by_id[names["单价"]].props
            )}  # fmt: skip
            change = Change(ChangeKind.NEW, form.id, new_uuid(), values)
            ours.append(seconds(lambda change=change: _must(session, change)))  # type: ignore[misc]
    raw = _raw_saves(folder / "raw_save.db", count)
    note = "one new record with formula, default, checks, stamps, commit log; raw: one INSERT and a durable commit"
    yield Figure("save_p50", "ms", percentile(ours, 0.5) * 1e3, percentile(raw, 0.5) * 1e3, note, "at most 3 ms")
    yield Figure("save_p99", "ms", percentile(ours, 0.99) * 1e3, percentile(raw, 0.99) * 1e3, note, "at most 20 ms")


def _must(session: Session, change: Change) -> None:
    assert isinstance(session.save([change], "Add"), Applied)


def _raw_saves(database: Path, count: int) -> list[float]:
    connection = open_keyed(database, KEY)
    connection.execute("CREATE TABLE t (n INTEGER PRIMARY KEY, a, b, c, d, e, f)")

    def save(at: int) -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(
            "INSERT INTO t VALUES (NULL, ?, ?, ?, ?, ?, ?)", (f"A{at}", at, 1999, "2026-01-01", "x", os.urandom(16))
        )
        connection.execute("COMMIT")

    times = [seconds(lambda at=at: save(at)) for at in range(count)]  # type: ignore[misc]
    connection.close()
    return times


def a_million(folder: Path, count: int) -> Iterator[Figure]:
    """Fill, open, jump and sort a form of `count` records."""
    session = open_workspace(folder / "million", PASSPHRASE)
    try:
        session.publish(sample.an_empty_app())
        filled = seconds(lambda: list(sample.fill(session, count)))
        made = seconds(lambda: [sample.cells(at) for at in range(count // 10)]) * 10
        note = f"{count:,} records through the door in commits of 5,000, making them not counted"
        yield Figure("fill_rate", "rows/s", count / max(filled - made, 1e-9), None, note)
        yield from _reading(session, count)
    finally:
        session.close()


def _reading(session: Session, count: int) -> Iterator[Figure]:
    form = form_called(next(iter(session.apps.values())), "客户")
    reader, table = session.reader, table_name(form.id)
    plain = Query(form.id)

    def raw(sql: str) -> Any:
        with session._workspace.database.reader.connect() as connection:
            return connection.exec_driver_sql(sql).fetchall()

    raw_page = median(lambda: raw(f'SELECT * FROM "{table}" ORDER BY _n LIMIT 200'))
    ours = median(lambda: Listing(reader, plain).rows(0, 200))
    yield Figure("open_first_page", "ms", ours * 1e3, raw_page * 1e3, f"{count:,} records; raw: first 200 rows by key")
    end = f'SELECT * FROM "{table}" WHERE _n > {count - 201} ORDER BY _n LIMIT 200'
    ours = median(lambda: Listing(reader, plain).rows(count - 200, 200))
    yield Figure(
        "jump_to_end", "ms", ours * 1e3, median(lambda: raw(end)) * 1e3, "last page; raw: the same rows by key"
    )
    field = form.called("金额")
    assert field is not None
    sorted_ = Query(form.id, where='{地区}="华东"', sort=(Sort(field.id, True),))
    column, region = column_name(field.id), form.called("地区")
    assert region is not None
    option = region.props.options[0].id
    chosen = f"_del = 0 AND \"{column_name(region.id)}\" = '{option}'"
    sql = f'SELECT _n FROM "{table}" WHERE {chosen} ORDER BY "{column}" DESC NULLS LAST, _n'
    ours = median(lambda: Listing(reader, sorted_, complete=False).rows(0, 200), 3)
    limit = median(lambda: raw(f"{sql} LIMIT 200"), 3)
    note = "filter and sort by columns without an index; raw: the same statement on the same file"
    yield Figure("filter_sort_first_page", "ms", ours * 1e3, limit * 1e3, note, "at most 1.3 times raw")
    ours, whole = median(lambda: Listing(reader, sorted_), 3), median(lambda: raw(sql), 3)
    yield Figure("filter_sort_ids", "ms", ours * 1e3, whole * 1e3, f"whole id list; {note}", "at most 1.3 times raw")
    yield Figure("count", "ms", median(lambda: reader.count(plain)) * 1e3, None, "every record, from block counts")
