"""Writes rows through the door in chunks; a row that the door refuses is left out and named, the rest goes on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from resources.texts import Text
from runtime.actor import Actor
from runtime.changes import BulkChange, ChangeKind, Origin, new_uuid
from runtime.errors import Problem, Refused
from runtime.exchange.report import LeftOut
from runtime.form import Form
from runtime.store.records import Applied, Rejected


@dataclass
class RowWriting:
    """The writes of one import.

    Attributes:
        session: whose door it is.
        label: what the import is called.
        commits: everything written so far.
        left: rows that the door refused.
    """

    session: Actor
    label: Text
    commits: list[Applied] = field(default_factory=list)
    left: list[LeftOut] = field(default_factory=list)
    batch: UUID = field(default_factory=new_uuid)

    def write(
        self,
        kind: ChangeKind,
        form: Form,
        sheet: str,
        rows: Sequence[UUID],
        row_numbers: Sequence[int],
        columns: Mapping[str, Sequence[Any]],
    ) -> int:
        """Write one chunk; how many of its rows were taken.

        Args:
            kind: NEW or SET.
            sheet: name of the sheet, for what is left out.
            rows: ids of the records.
            row_numbers: of the rows in the file.
            columns: field id -> a value per row.

        Raises:
            Refused: the door refuses for a reason that is not about single rows.
        """
        kept = list(range(len(rows)))
        while kept:
            part = {key: [values[at] for at in kept] for key, values in columns.items()}
            change = BulkChange(kind, form.id, [rows[at] for at in kept], part)
            outcome = self.session.apply([change], self.label, Origin.IMPORT, self.batch)
            if isinstance(outcome, Applied):
                self.commits.append(outcome)
                return len(kept)
            bad = self._named(outcome, form, sheet, rows, row_numbers, columns)
            if not bad:
                raise Refused(outcome.problems)
            kept = [at for at in kept if at not in bad]
        return 0

    def _named(
        self,
        outcome: Rejected,
        form: Form,
        sheet: str,
        rows: Sequence[UUID],
        row_numbers: Sequence[int],
        columns: Mapping[str, Sequence[Any]],
    ) -> set[int]:
        """The places of the rows that the problems are about; each is put on the list once."""
        places = {row: at for at, row in enumerate(rows)}
        first: dict[int, Problem] = {}
        for problem in outcome.problems:
            if problem.row in places:
                first.setdefault(places[problem.row], problem)
        for at, problem in first.items():
            target = form.by_id.get(problem.where)
            value = columns[target.id][at] if target is not None and target.id in columns else None
            text = target.format(value) if target is not None else ""
            name = target.name if target is not None else ""
            self.left.append(LeftOut(sheet, row_numbers[at], name, text, str(problem.message), whole_row=True))
        return set(first)
