"""Checks that look at other rows: made once a ChangeSet is written and computed, before it is committed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from runtime.errors import Problem
from runtime.form import Form
from runtime.store.environment import Need, Paths, batches
from runtime.store.form_schema import PARENT
from runtime.store.logic import Program
from runtime.store.pipeline import Draft, touches
from runtime.store.schema import table_name
from runtime.store.snapshot import Snapshot
from runtime.value.situation import Situation


@dataclass(slots=True)
class _Cells:
    id: UUID
    root: UUID | None
    values: dict[str, Any]
    errors: dict[str, str]
    there: bool = True


@dataclass(slots=True)
class _Named:
    """Rows of one form that a ChangeSet names: those of which every check is made, and by check the others.

    Of a sub-form also, by check, the records whose rows look at something that changed in them.
    """

    every: set[UUID] = field(default_factory=set)
    some: dict[str, set[UUID]] = field(default_factory=dict)
    rows: set[UUID] = field(default_factory=set)
    roots: dict[str, set[UUID]] = field(default_factory=dict)


class RemoteChecks:
    """Remembers which rows a ChangeSet names, and makes their checks at its end.

    A record and its rows in sub-forms are checked together; a change of any other record checks that record alone.

    Args:
        connection: of the transaction.
        snapshot: the definitions.
        situation: now and here.
    """

    def __init__(self, connection: sa.Connection, snapshot: Snapshot, situation: Situation) -> None:
        self._connection = connection
        self._snapshot = snapshot
        self._situation = situation
        self._named: dict[str, _Named] = {}
        self._checks: dict[str, list[Program]] = {}

    def created(self, form: Form, rows: Iterable[UUID]) -> None:
        """Rows were made."""
        if self._of(form.id):
            self._named.setdefault(form.id, _Named()).every.update(rows)

    def below(self, form: Form, roots: Iterable[UUID]) -> None:
        """Rows of a sub-form changed, of these records."""
        if self._of(form.parent):
            self._named.setdefault(form.parent, _Named()).every.update(roots)

    def written(self, form: Form, draft: Draft) -> None:
        """A row got other values."""
        for program in self._of(form.id):
            named = self._named.setdefault(form.id, _Named())
            named.rows.add(draft.id)
            if touches(program, draft):
                named.some.setdefault(program.field.id, set()).add(draft.id)
        for below in form.subforms:
            for program in self._of(below.id):
                if any(_looks_up(need, draft.changed) for need in program.needs):
                    named = self._named.setdefault(below.id, _Named())
                    named.roots.setdefault(program.field.id, set()).add(draft.id)

    def problems(self, computed: Mapping[tuple[str, str], set[bytes]]) -> list[Problem]:
        """The checks that are not true.

        Args:
            computed: (form, field) -> rows whose computed value changed with the ChangeSet.
        """
        found: list[Problem] = []
        for form_id, named in self._named.items():
            for program in self._of(form_id):
                rows = named.every | named.some.get(program.field.id, set())
                rows |= self._rows_of(form_id, named.roots.get(program.field.id, ()))
                for field_id in program.inputs:
                    rows |= {row for row in named.rows if row.bytes in computed.get((form_id, field_id), ())}
                found += self._made(form_id, program, list(rows))
        return found

    def _of(self, form_id: str) -> list[Program]:
        if form_id not in self._checks:
            logic = self._snapshot.logic(form_id)
            self._checks[form_id] = [program for program in logic.checks if logic.is_remote(program)]
        return self._checks[form_id]

    def _rows_of(self, form_id: str, roots: Iterable[UUID]) -> set[UUID]:
        found: set[UUID] = set()
        for part, places in batches([root.bytes for root in roots]):
            sql = f'SELECT _id FROM "{table_name(form_id)}" WHERE _del = 0 AND _root IN ({places})'
            found |= {UUID(bytes=bytes(row)) for (row,) in self._connection.exec_driver_sql(sql, part)}
        return found

    def _made(self, form_id: str, program: Program, rows: Sequence[UUID]) -> Iterable[Problem]:
        logic, codec = self._snapshot.logic(form_id), self._snapshot.codec(form_id)
        read = Paths(self._connection, self._situation.zone).read
        for part, places in batches([row.bytes for row in rows]):
            sql = f"{codec.select} WHERE _del = 0 AND _id IN ({places})"
            raws = self._connection.exec_driver_sql(sql, part).fetchall()
            cells = [_Cells(row.id, row.root, dict(row.values), dict(row.errors)) for row in codec.rows(raws)]
            yield from logic.failed_checks([program], cells, self._situation, read)


def _looks_up(need: Need, changed: set[str]) -> bool:
    """Whether a row of a sub-form reads a field of its record that is among `changed`."""
    first, *further = need.route
    seen = further[0].id if further else need.leaf.id if need.leaf is not None else ""
    return first.id == PARENT and seen in changed
