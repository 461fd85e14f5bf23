"""Writes rows through the door in chunks; a row that the door refuses is left out and named, the rest goes on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from resources.texts import Text
from runtime.actor import Actor
from runtime.changes import AnyChange, BulkChange, ChangeKind, Origin
from runtime.definition.node import App
from runtime.errors import Problem, Refused
from runtime.exchange.importing.course import Course
from runtime.exchange.importing.report import LeftOut
from runtime.form import Form
from runtime.store.records import Applied, Rejected

Reached = Callable[[Sequence["Part"]], list[AnyChange]]
"""The marks of a commit that writes these parts."""


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
        course: its marks.
        commits: everything written so far.
        left: rows that were left out, by the door or before it.
    """

    session: Actor
    label: Text
    course: Course
    commits: list[Applied] = field(default_factory=list)
    left: list[LeftOut] = field(default_factory=list)

    @property
    def batch(self) -> UUID:
        """The id that all commits share."""
        return self.course.mark.id

    def publish(self, app: App) -> None:
        """Publish an app as part of the import.

        Raises:
            Refused: the app has errors, or somebody published since.
        """
        marks = self.course.beside()
        self.commits.append(self.session.publish(app, batch=self.batch, marks=marks))
        self.course.written(marks)

    def end(self) -> None:
        """Everything is written: the last commit says so."""
        if self.course.begun:
            changes = self.session.long_work.ending(self.batch)
            outcome = self.session.apply(changes, self.label, Origin.IMPORT, self.batch)
            if isinstance(outcome, Rejected):
                raise Refused(outcome.problems)

    def write_parts(
        self, form: Form, sheet: str, parts: Sequence[Part], reached: Reached | None = None
    ) -> dict[UUID, Problem]:
        """Write one chunk, no record twice in it, as one commit; record -> why the door refused it.

        Args:
            sheet: name of the sheet, for what is left out.
            reached: its marks, where it brings the import on.

        Raises:
            Refused: the door refuses for a reason that is not about single rows.
        """
        refused: dict[UUID, Problem] = {}
        while changes := [BulkChange(p.kind, form.id, p.rows, p.columns) for p in parts if p.rows]:
            marks = self.course.beside() if reached is None else reached(parts)
            outcome = self.session.apply([*changes, *marks], self.label, Origin.IMPORT, self.batch)
            if isinstance(outcome, Applied):
                self.course.written(marks, 0 if reached is None else len(self.left))
                self.commits.append(outcome.slim())
                break
            bad = self._named(outcome, form, sheet, parts)
            if not bad:
                raise Refused(outcome.problems)
            refused |= bad
            parts = [part.without(set(bad)) for part in parts]
        return refused

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
