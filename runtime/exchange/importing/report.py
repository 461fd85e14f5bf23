"""What an import did, for people and for scripts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from resources.texts import _, plural
from runtime.exchange.importing.aim import Aim

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
    """What became of one sheet.

    Attributes:
        form, name: id and name of the form.
        sheet: name of the sheet.
        created, updated: records made and changed.
        unchanged: rows that say what their records say already.
        skipped: rows that were not to do anything.
        refused: rows that were left out; each is in the report's `left`.
        is_new: whether the import made the form.
    """

    form: str
    name: str
    sheet: str
    created: int
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    refused: int = 0
    is_new: bool = False


@dataclass(slots=True)
class ImportReport:
    """What an import did.

    Attributes:
        app: id of the app.
        beside: name of the app, where it was there before and got new forms; else "".
        forms: one entry per sheet that was imported.
        left: what was not taken.
        doubts: what was assumed, in words.
        seconds: how long it took.
        rehearsed: whether nothing was written: it says what an import would do.
        made: sheet -> how its columns became fields of the form that was made of it.
    """

    app: str
    forms: list[FormReport] = field(default_factory=list)
    left: list[LeftOut] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    seconds: float = 0.0
    rehearsed: bool = False
    made: dict[str, Aim] = field(default_factory=dict)
    beside: str = ""

    @property
    def created(self) -> int:
        """New records of all forms."""
        return sum(form.created for form in self.forms)

    @property
    def total(self) -> FormReport:
        """The counts of all forms together."""
        counts = [(f.created, f.updated, f.unchanged, f.skipped, f.refused) for f in self.forms]
        created, updated, unchanged, skipped, refused = map(sum, zip(*counts, strict=True))
        return FormReport("", "", "", created, updated, unchanged, skipped, refused)

    @property
    def updated(self) -> int:
        """Changed records of all forms."""
        return sum(form.updated for form in self.forms)

    @property
    def refused(self) -> int:
        """Rows of all sheets that were left out."""
        return sum(form.refused for form in self.forms)

    def lines(self) -> list[str]:
        """The report as people read it."""
        lines = [f"{form.name}: {', '.join(_done(form, self.rehearsed))}" for form in self.forms]
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
                {
                    "id": form.form,
                    "name": form.name,
                    "sheet": form.sheet,
                    "created": form.created,
                    "updated": form.updated,
                    "unchanged": form.unchanged,
                    "skipped": form.skipped,
                    "refused": form.refused,
                }
                for form in self.forms
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
            "rehearsed": self.rehearsed,
        }


def _done(form: FormReport, rehearsed: bool) -> list[str]:
    """What became of the rows of one sheet, or would."""
    if rehearsed:
        done = [plural("{n} record would be added", "{n} records would be added", form.created)]
        if form.updated:
            done.append(plural("{n} record would be updated", "{n} records would be updated", form.updated))
    else:
        done = [plural("{n} record added", "{n} records added", form.created)]
        if form.updated:
            done.append(plural("{n} record updated", "{n} records updated", form.updated))
    if form.unchanged:
        done.append(plural("{n} row changes nothing", "{n} rows change nothing", form.unchanged))
    if form.skipped:
        done.append(plural("{n} row skipped", "{n} rows skipped", form.skipped))
    if form.refused:
        done.append(plural("{n} row left out", "{n} rows left out", form.refused))
    return done


def _left_line(left: LeftOut) -> str:
    where = _("{sheet}, row {row}, {column}", sheet=left.sheet, row=left.row, column=left.column or "–")
    what = _("row left out") if left.whole_row else _("left blank")
    return f"! {where}: “{left.text}” {what} – {left.reason}"
