"""What an import did, for people and for scripts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from resources.texts import _, plural

LISTED = 20
"""Cells named one by one in a report that people read."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that was not taken: where it is in the file, what it holds and why.

    Attributes:
        sheet: name of the sheet.
        row: number of the row in the file, from 1.
        column: header of the column; "" where the whole row is meant.
        text: what the cell holds.
        reason: why it was not taken, in words.
        whole_row: True where the record was left out, False where it was made with this field blank.
    """

    sheet: str
    row: int
    column: str
    text: str
    reason: str
    whole_row: bool = False


@dataclass(frozen=True, slots=True)
class FormReport:
    """What became of one sheet."""

    form: str
    name: str
    sheet: str
    created: int
    updated: int = 0


@dataclass(slots=True)
class ImportReport:
    """What an import did.

    Attributes:
        app: id of the app.
        forms: one entry per sheet that was imported.
        left: what was not taken.
        doubts: what was assumed, in words.
        seconds: how long it took.
    """

    app: str
    forms: list[FormReport] = field(default_factory=list)
    left: list[LeftOut] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def created(self) -> int:
        """New records of all forms."""
        return sum(form.created for form in self.forms)

    def lines(self) -> list[str]:
        """The report as people read it."""
        lines = []
        for form in self.forms:
            done = [plural("{n} record added", "{n} records added", form.created)]
            if form.updated:
                done.append(plural("{n} record updated", "{n} records updated", form.updated))
            lines.append(f"{form.name}: {', '.join(done)}")
        lines += [f"? {doubt}" for doubt in self.doubts]
        lines += [_left_line(left) for left in self.left[:LISTED]]
        more = len(self.left) - LISTED
        if more > 0:
            lines.append(plural("! and {n} more cell", "! and {n} more cells", more))
        return lines

    def as_json(self) -> dict[str, Any]:
        """The whole report as JSON values."""
        return {
            "app": self.app,
            "forms": [
                {"id": f.form, "name": f.name, "sheet": f.sheet, "created": f.created, "updated": f.updated}
                for f in self.forms
            ],
            "left": [
                {
                    "sheet": left.sheet,
                    "row": left.row,
                    "column": left.column,
                    "text": left.text,
                    "reason": left.reason,
                    "whole_row": left.whole_row,
                }
                for left in self.left
            ],
            "doubts": self.doubts,
            "seconds": round(self.seconds, 3),
        }


def _left_line(left: LeftOut) -> str:
    where = _("{sheet}, row {row}, {column}", sheet=left.sheet, row=left.row, column=left.column or "–")
    what = _("row left out") if left.whole_row else _("left blank")
    return f"! {where}: “{left.text}” {what} – {left.reason}"
