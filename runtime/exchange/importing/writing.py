"""Writes rows through the door in chunks; a row that the door refuses is left out and named, the rest goes on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from resources.texts import Text
from runtime.actor import Actor
from runtime.changes import AnyChange, BulkChange, ChangeKind, Origin, new_uuid
from runtime.errors import Problem, Refused
from runtime.exchange.importing.report import LeftOut
from runtime.form import Form
from runtime.store.records import Applied, Outcome, Rejected

Apply = Callable[[Sequence[AnyChange]], Outcome]
"""Takes changes to the door, or to a rehearsal."""


@dataclass(frozen=True, slots=True)
class Part:
    """Rows that are written alike.

    Attributes:
        kind: NEW or SET.
        rows: ids of the records.
        numbers: of the rows in the file.
        columns: field id -> a value per row.
    """

    kind: ChangeKind
    rows: Sequence[UUID]
    numbers: Sequence[int]
    columns: Mapping[str, Sequence[Any]]

    def without(self, bad: set[UUID]) -> Part:
        """The part without some of its rows."""
        kept = [at for at, row in enumerate(self.rows) if row not in bad]
        if len(kept) == len(self.rows):
            return self
        return Part(
            self.kind,
            [self.rows[at] for at in kept],
            [self.numbers[at] for at in kept],
            {key: [values[at] for at in kept] for key, values in self.columns.items()},
        )


@dataclass
class RowWriting:
    """The writes of one import.

    Attributes:
        session: whose door it is.
        label: what the import is called.
        rehearse: writes in a rehearsal instead of through the door.
        commits: everything written so far.
        left: rows that the door refused.
    """

    session: Actor
    label: Text
    commits: list[Applied] = field(default_factory=list)
    left: list[LeftOut] = field(default_factory=list)
    batch: UUID = field(default_factory=new_uuid)
    rehearse: Apply | None = None

    def write(
        self,
        kind: ChangeKind,
        form: Form,
        sheet: str,
        rows: Sequence[UUID],
        row_numbers: Sequence[int],
        columns: Mapping[str, Sequence[Any]],
    ) -> int:
        """Write one chunk of rows that are alike; how many of them were taken.

        Raises:
            Refused: the door refuses for a reason that is not about single rows.
        """
        return len(rows) - len(self.write_parts(form, sheet, [Part(kind, rows, row_numbers, columns)]))

    def write_parts(self, form: Form, sheet: str, parts: Sequence[Part]) -> dict[UUID, Problem]:
        """Write one chunk, no record twice in it, as one commit; record -> why the door refused it.

        Args:
            sheet: name of the sheet, for what is left out.

        Raises:
            Refused: the door refuses for a reason that is not about single rows.
        """
        refused: dict[UUID, Problem] = {}
        while changes := [BulkChange(p.kind, form.id, p.rows, p.columns) for p in parts if p.rows]:
            outcome = self._apply(changes)
            if isinstance(outcome, Applied):
                self.commits.append(outcome.slim())
                break
            bad = self._named(outcome, form, sheet, parts)
            if not bad:
                raise Refused(outcome.problems)
            refused |= bad
            parts = [part.without(set(bad)) for part in parts]
        return refused

    def _apply(self, changes: Sequence[AnyChange]) -> Outcome:
        if self.rehearse is not None:
            return self.rehearse(changes)
        return self.session.apply(changes, self.label, Origin.IMPORT, self.batch)

    def _named(self, outcome: Rejected, form: Form, sheet: str, parts: Sequence[Part]) -> dict[UUID, Problem]:
        """The rows that the problems are about; each is put on the list once."""
        places = {row: (part, at) for part in parts for at, row in enumerate(part.rows)}
        first: dict[UUID, Problem] = {}
        for problem in outcome.problems:
            if problem.row in places:
                first.setdefault(problem.row, problem)
        for row, problem in first.items():
            part, at = places[row]
            target = form.by_id.get(problem.where)
            value = part.columns[target.id][at] if target is not None and target.id in part.columns else None
            text = target.format(value) if target is not None else ""
            name = target.name if target is not None else ""
            self.left.append(LeftOut(sheet, part.numbers[at], name, text, str(problem.message), whole_row=True))
        return first
