"""Computed fields of other rows follow a change: inside its transaction, or through the queue where they are many."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

import msgspec
import sqlalchemy as sa

from runtime.changes import uuid_of
from runtime.form import Field, Form
from runtime.store import pending, search_waiting, text_order
from runtime.store.dependents import CREATED, MOVED, Edge, Stage, former
from runtime.store.environment import Paths, batches
from runtime.store.logic import Program
from runtime.store.routes import leads_to, route_ids, route_of
from runtime.store.rows import Codec, Row, to_columns
from runtime.store.schema import columns_written, table_name
from runtime.store.search_texts import SEARCHED
from runtime.store.snapshot import Snapshot
from runtime.value.situation import Situation

BORDER = 5_000
"""Rows beside the changed ones that a transaction computes; more goes to the queue, which takes as many at a time."""
CHUNK = 1_000
"""Rows that are computed at a time."""
SOURCES = 2_000
"""Changed rows whose dependents are looked for at a time."""


@dataclass(slots=True)
class _Cells:
    """A row whose computed fields are filled in."""

    row: Row
    values: dict[str, Any]
    errors: dict[str, str]
    before: Sequence[Any]
    failed: Sequence[str | None]
    there: bool = True

    @classmethod
    def of(cls, row: Row, fields: Sequence[str]) -> Self:
        """A row of which these fields are computed."""
        before, failed = [row.values.get(each) for each in fields], [row.errors.get(each) for each in fields]
        return cls(row, dict(row.values), dict(row.errors), before, failed)

    def different(self, fields: Sequence[str]) -> list[tuple[str, Any]]:
        """Those of the fields that are not as they were, with what they were."""
        values, errors = self.values, self.errors
        return [
            (each, was)
            for each, was, code in zip(fields, self.before, self.failed, strict=True)
            if values.get(each) != was or errors.get(each) != code
        ]

    @property
    def id(self) -> UUID:
        return self.row.id

    @property
    def root(self) -> UUID | None:
        return self.row.root


class Recomputation:
    """Gathers what one transaction changed, then computes what follows in other rows, each field once.

    Computed values follow from others: they get no stamps and no history, but rows whose values change get the commit
    number.

    Args:
        connection: of the transaction.
        snapshot: the definitions, with their dependency graph.
        situation: now and here.
        seq: the commit; None leaves the commit numbers of rows as they are.
        binned: whether rows in the bin are computed too.
    """

    def __init__(
        self,
        connection: sa.Connection,
        snapshot: Snapshot,
        situation: Situation,
        seq: int | None,
        *,
        binned: bool = False,
    ) -> None:
        self._connection = connection
        self._graph = snapshot.dependents
        self._snapshot = snapshot
        self._situation = situation
        self._seq = seq
        self.binned = binned
        self._paths = Paths(connection, situation.zone)
        self._changes: dict[tuple[str, str], set[bytes]] = {}
        self._dirty: dict[tuple[str, str], set[bytes]] = {}
        self._counted: dict[str, set[bytes]] = {}
        self._left = BORDER
        self.changed: dict[tuple[str, str], set[bytes]] = {}
        self.touched: dict[str, set[UUID]] = {}
        self.queued: set[str] = set()

    # What happened

    def created(self, form_id: str, rows: Sequence[UUID]) -> None:
        """Rows were made."""
        self._named(form_id, rows)
        if CREATED in self._graph.heard(form_id):
            self._note(form_id, CREATED, rows)

    def moved(self, form_id: str, rows: Sequence[UUID], *, restored: bool) -> None:
        """Rows went to the bin, or came back: what they look at may have changed in the meantime."""
        self._named(form_id, rows)
        if MOVED in self._graph.heard(form_id):
            self._note(form_id, MOVED, rows)
        if restored:
            logic = self._snapshot.logic(form_id)
            for program in logic.computed:
                if program.needs or program.volatile:
                    self.mark(form_id, [program.field.id], [row.bytes for row in rows])

    def written(self, form: Form, row: UUID, before: Any, fields: Iterable[str]) -> None:
        """Fields of a row got other values; `before` are the values that it had."""
        self._named(form.id, [row])
        heard = self._graph.heard(form.id)
        for field_id in fields:
            if field_id in heard:
                self._note(form.id, field_id, [row])
            was = before.get(field_id)
            if isinstance(was, UUID) and former(field_id) in heard:
                self._note(form.id, former(field_id), [was])

    def _named(self, form_id: str, rows: Iterable[UUID]) -> None:
        """Rows that change anyway do not count towards the border."""
        if form_id in self._graph.computing:
            self._counted.setdefault(form_id, set()).update(row.bytes for row in rows)

    def _note(self, form_id: str, changed: str, rows: Iterable[UUID]) -> None:
        self._changes.setdefault((form_id, changed), set()).update(row.bytes for row in rows)

    def mark(self, form_id: str, fields: Collection[str], rows: Iterable[bytes]) -> None:
        """These rows have to be computed, however many they are."""
        found = set(rows)
        self._counted.setdefault(form_id, set()).update(found)
        for field_id in fields:
            self._dirty.setdefault((form_id, field_id), set()).update(found)

    def mark_all(self, form: Form, fields: Collection[str]) -> None:
        """Every row of a form has to be computed; queued where they are many."""
        sql = f'SELECT _id FROM "{table_name(form.id)}" LIMIT {BORDER + 1}'
        rows = [bytes(row) for (row,) in self._connection.exec_driver_sql(sql)]
        if len(rows) > BORDER:
            self._queue(form, fields)
        else:
            self.mark(form.id, fields, rows)

    # What follows

    def run(self) -> None:
        """Compute everything that follows from what was told."""
        while self._changes:
            (form_id, changed), rows = self._changes.popitem()
            self._follow(form_id, changed, rows)
        for stage in self._graph.stages if self._dirty else ():
            self._run_stage(stage)

    def _follow(self, form_id: str, changed: str, rows: Collection[bytes]) -> None:
        for edge in self._graph.edges(form_id, changed):
            for part, places in batches(list(rows), SOURCES):
                self._mark_behind(edge, part, places)

    def _mark_behind(self, edge: Edge, sources: tuple[bytes, ...], places: str) -> None:
        """Mark the rows from which the edge leads to `sources`, or queue them where they are too many."""
        form = edge.form
        sql = (
            f'SELECT _id FROM "{table_name(form.id)}" WHERE _del = 0 AND {leads_to(form, edge.route, places)} '
            f"LIMIT {BORDER + 1}"
        )
        found = {bytes(row) for (row,) in self._connection.exec_driver_sql(sql, sources)}
        counted = self._counted.setdefault(form.id, set())
        fresh = found - counted
        if len(found) > BORDER or len(fresh) > self._left:
            self._queue(form, edge.fields, route_ids(edge.route), sources)
            return
        self._left -= len(fresh)
        if found:
            self.mark(form.id, edge.fields, found)

    def _queue(
        self,
        form: Form,
        fields: Collection[str],
        route: Sequence[str] | None = None,
        sources: Sequence[bytes] = (),
    ) -> None:
        pending.add(self._connection, form.id, fields, route, sources)
        self.queued.add(form.id)

    def _run_stage(self, stage: Stage) -> None:
        form_id = stage.form.id
        dirty = {program.field.id for program in stage.programs if (form_id, program.field.id) in self._dirty}
        if not dirty:
            return
        rows = list(set().union(*(self._dirty.pop((form_id, field_id)) for field_id in dirty)))
        own = {program.field.id for program in stage.programs}
        programs = [program for program in stage.logic.recompute(dirty) if program.field.id in own]
        codec = Codec(stage.form, _fields_of(stage.form, programs))
        changed: dict[str, set[bytes]] = {}
        for part, places in batches(rows, CHUNK):
            raws = self._connection.exec_driver_sql(f"{codec.select} WHERE _id IN ({places})", part).fetchall()
            found = [row for row in codec.rows(raws) if self.binned or not row.deleted]
            self._compute(stage, programs, found, changed)
        for field_id, ids in changed.items():
            self.changed.setdefault((form_id, field_id), set()).update(ids)
            for later in self._graph.later(form_id, field_id):
                self.mark(form_id, [later], ids)
            self._follow(form_id, field_id, ids)
            pointed = self._changes.pop((form_id, former(field_id)), None)
            if pointed:
                self._follow(form_id, former(field_id), pointed)

    def _compute(
        self, stage: Stage, programs: Sequence[Program], rows: Sequence[Row], changed: dict[str, set[bytes]]
    ) -> None:
        form_id, fields = stage.form.id, [program.field.id for program in programs]
        cells = [_Cells.of(row, fields) for row in rows]
        stage.logic.compute(programs, cells, self._situation, self._paths.read)
        different = []
        for each in cells:
            found = each.different(fields)
            if found:
                different.append(each)
                raw = each.id.bytes
                for field_id, was in found:
                    changed.setdefault(field_id, set()).add(raw)
                    if isinstance(was, UUID) and former(field_id) in self._graph.heard(form_id):
                        self._note(form_id, former(field_id), [was])
        self._write(stage.form, programs, different)

    def _write(self, form: Form, programs: Sequence[Program], rows: Sequence[_Cells]) -> None:
        if not rows:
            return
        places = ", ".join(f'"{name}" = ?' for program in programs for name in columns_written(form, program.field))
        self._connection.exec_driver_sql(
            f'UPDATE "{table_name(form.id)}" SET _seq = ?, _err = ?, {places} WHERE _n = ?',
            list(
                zip(
                    [each.row.seq if self._seq is None or each.row.deleted else self._seq for each in rows],
                    [msgspec.json.encode(each.errors).decode() if each.errors else None for each in rows],
                    *(column for one in programs for column in _columns(form, one.field, rows)),
                    [each.row.n for each in rows],
                    strict=True,
                )
            ),
        )
        self.touched.setdefault(form.id, set()).update(each.id for each in rows)
        if any(program.field.kind.value_type in SEARCHED for program in programs):
            search_waiting.wait(self._connection, form.id, [each.row.n for each in rows])


def work_off(
    connection: sa.Connection, snapshot: Snapshot, entry: pending.Entry, recomputation: Recomputation
) -> list[UUID]:
    """Compute the next rows of an entry of the queue, and move its cursor; which rows."""
    form = snapshot.forms.get(entry.form)
    route = () if form is None or entry.route is None else route_of(form, entry.route, snapshot.lookup)
    if form is None or route is None:
        pending.finish(connection, entry)
        return []
    places = ", ".join("?" * len(entry.sources))
    which = "" if entry.route is None else f"AND _del = 0 AND {leads_to(form, route, places)} "
    sql = f'SELECT _n, _id FROM "{table_name(form.id)}" WHERE _n > ? {which}ORDER BY _n LIMIT {BORDER}'
    rows = connection.exec_driver_sql(sql, (entry.cursor, *entry.sources)).fetchall()
    recomputation.binned = entry.route is None
    recomputation.mark(form.id, entry.fields, [bytes(row) for _, row in rows])
    recomputation.run()
    if len(rows) < BORDER:
        pending.finish(connection, entry)
    else:
        pending.advance(connection, entry, rows[-1][0])
    return [uuid_of(row) for _, row in rows]


def _columns(form: Form, field: Field, rows: Sequence[_Cells]) -> Iterator[Sequence[Any]]:
    """The values of many rows in the order of `schema.columns_written`."""
    column = to_columns(field, [each.values.get(field.id) for each in rows])
    yield column
    if field.id in text_order.ordered(form):
        yield text_order.keys(column) or [None] * len(column)


def _fields_of(form: Form, programs: Sequence[Program]) -> list[Field]:
    wanted = {field_id for program in programs for field_id in (program.field.id, *program.inputs)}
    return [field for field in form.fields if field.id in wanted]
