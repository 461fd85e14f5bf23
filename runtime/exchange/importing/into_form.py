"""Takes the rows of a sheet into a form that is there: made, changed, skipped or refused as an `Aim` says."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from resources.texts import T
from runtime.actor import Actor
from runtime.changes import AnyChange, ChangeKind
from runtime.errors import UserError
from runtime.exchange.importing.aim import Aim, Blank, Misfit
from runtime.exchange.importing.finding import Finder
from runtime.exchange.importing.fitting import Fitted, Fitter, unknown_options
from runtime.exchange.importing.report import FormReport, LeftOut
from runtime.exchange.importing.writing import Part, RowWriting
from runtime.exchange.new_options import with_options
from runtime.exchange.understanding.plan import CHUNK, ImportPlan, SheetPlan
from runtime.form import Field, Form
from runtime.store.rows import Row
from runtime.work import Progress


class IntoForm:
    """One sheet on its way into a form.

    Args:
        plan: holds the sheet.
        aim: where it goes.
        writing: through the door.

    Attributes:
        left: cells that were not taken; rows are in `writing.left`.
    """

    def __init__(self, session: Actor, plan: ImportPlan, sheet: str, aim: Aim, writing: RowWriting) -> None:
        self._session = session
        self._plan = plan
        self._sheet: SheetPlan = plan.sheet(sheet)
        self._aim = aim
        self._writing = writing
        self._course = writing.course
        self._counts = self._course.counts_of(sheet)
        self._refused: Collection[UUID] = ()
        self.left: list[LeftOut] = []

    def run(self, progress: Progress, done: int = 0, total: int = 0) -> FormReport:
        """Take every row in.

        Args:
            done, total: rows of sheets before this one, and of all.

        Raises:
            UserError: the form is gone, or the aim has no columns or no key.
            Refused: the door refuses for a reason that is not about single rows.
            Cancelled: somebody asked to stop.
        """
        form = _checked(self._session, self._aim)
        self._add_options(form)
        fitter = Fitter(self._session, self._plan, self._sheet.sheet, self._aim)
        form, rows = fitter.form, self._sheet.rows
        for source, field in fitter.fields.items():
            if field.id in self._aim.add_records:
                self._add_records(fitter, field, source)
        finder = Finder(self._session, form, self._aim)
        self._course.enter()
        for first in range(0, rows, CHUNK):
            progress.step(done + first, total or rows, T("Importing into “{form}”", form=form.name))
            self._chunk(fitter.fit(first, min(CHUNK, rows - first)), finder, form)
        self._course.done += rows
        found = self._counts
        return FormReport(
            form.id, form.name, self._sheet.sheet, found.created, found.updated, found.unchanged, found.skipped,
            found.refused,
        )  # fmt: skip

    # What is made before

    def _add_options(self, form: Form) -> None:
        """Publish the form with the options that the file names and it does not have."""
        if not self._aim.add_options:
            return
        app, fitter = self._session.apps[form.app], Fitter(self._session, self._plan, self._sheet.sheet, self._aim)
        changed = {}
        for source, field_id in self._aim.fields.items():
            field = form.by_id[field_id]
            if field_id not in self._aim.add_options:
                continue
            labels = unknown_options(field, fitter.texts(source))
            if labels:
                changed[field_id] = with_options(app.nodes[field_id], labels)
        if changed:
            self._writing.publish(app.replacing(changed))

    def _add_records(self, fitter: Fitter, field: Field, source: int) -> None:
        """Make the records that cells of a relation name and that are not there."""

        def make(target: Form, by: Field, ids: Sequence[UUID], values: Sequence[Any]) -> dict[UUID, Any]:
            refused: dict[UUID, Any] = {}
            left = len(self._writing.left)
            for start in range(0, len(ids), CHUNK):
                rows = ids[start : start + CHUNK]
                part = Part(ChangeKind.NEW, rows, [0] * len(rows), {by.id: values[start : start + CHUNK]})
                problems = self._writing.write_parts(target, self._sheet.sheet, [part])
                refused |= {row: problem.message for row, problem in problems.items()}
            del self._writing.left[left:]  # said of the rows that name them
            return refused

        fitter.partners[field.id].make(fitter.texts(source), make)

    # Rows

    def _chunk(self, fitted: Fitted, finder: Finder, form: Form) -> None:
        numbers = self._plan.source.tables[self._sheet.sheet].row_numbers[fitted.first : fitted.first + fitted.height]
        columns, past = fitted.columns, self._course.rounds(fitted.first)
        bad = self._bad_rows(fitted, numbers, counted=past == 0)
        places = [at for at in range(fitted.height) if at not in bad]
        ids = self._course.ids(self._sheet.sheet, fitted.first, fitted.height)
        if past != 0 and self._aim.mode.keyed:
            self._made_before(form, finder, ids, places, columns)
        unread = {(cell.row - fitted.first, cell.field.id) for cell in fitted.bad}
        for turn, found in enumerate(finder.rounds(places, columns, numbers)):
            if past is None or turn < past:
                continue
            self._counts.skipped += len(found.skipped)
            for at, reason in found.refused.items():
                key = form.by_id[self._aim.key]
                text = key.format(columns[key.id][at])
                left = LeftOut(self._sheet.sheet, numbers[at], key.name, text, str(reason), whole_row=True)
                self._writing.left.append(left)
                self._counts.refused += 1
            parts = [Part(ChangeKind.NEW, [ids[at] for at in found.new], [numbers[at] for at in found.new],
                          _picked(columns, found.new))]  # fmt: skip
            if found.known:
                parts += self._changes(form, found.known, columns, numbers, unread)
            self._write(form, fitted, turn, parts)
            if self._aim.mode.keyed:
                made = dict(zip(parts[0].rows, found.new, strict=True))
                for row in made.keys() - set(self._refused):
                    finder.made(columns[self._aim.key][made[row]], row)

    def _made_before(
        self,
        form: Form,
        finder: Finder,
        ids: Sequence[UUID],
        places: Sequence[int],
        columns: Mapping[str, Sequence[Any]],
    ) -> None:
        """Tell the finder which records the former session made of the rows of a chunk."""
        there = {row.id for row in self._session.reader.by_id(form.id, [ids[at] for at in places], self._session.scope)}
        for at in places:
            if ids[at] in there:
                finder.made(columns[self._aim.key][at], ids[at])

    def _bad_rows(self, fitted: Fitted, numbers: Sequence[int], *, counted: bool) -> set[int]:
        """Places of the rows that are refused for one of their cells; every such cell is on the list."""
        whole = self._aim.misfit is Misfit.REFUSE
        rows = set()
        for cell in fitted.bad:
            at = cell.row - fitted.first
            refused = whole or cell.field.id == self._aim.key
            self.left.append(
                LeftOut(self._sheet.sheet, numbers[at], cell.field.name, cell.text, str(cell.reason), refused)
            )
            if refused:
                rows.add(at)
        if counted:
            self._counts.refused += len(rows)
        return rows

    def _write(self, form: Form, fitted: Fitted, turn: int, parts: Sequence[Part]) -> None:
        before = msgspec.structs.replace(self._counts)
        rows = sum(len(part.rows) for part in parts)

        def reached(kept: Sequence[Part]) -> list[AnyChange]:
            self._counts.created = before.created + len(kept[0].rows)
            self._counts.updated = before.updated + sum(len(part.rows) for part in kept[1:])
            self._counts.refused = before.refused + rows - sum(len(part.rows) for part in kept)
            return self._course.with_rows(
                fitted.first, turn + 1, fitted.first + fitted.height, self._course.counts, self._writing.left
            )

        refused = self._writing.write_parts(form, self._sheet.sheet, parts, reached)
        reached([part.without(set(refused)) for part in parts])
        self._refused = refused.keys()

    def _changes(
        self,
        form: Form,
        known: Mapping[int, UUID],
        columns: Mapping[str, Sequence[Any]],
        numbers: Sequence[int],
        unread: Collection[tuple[int, str]],
    ) -> list[Part]:
        """The rows that change something, those together that fill the same fields; a field that stays is not named.

        Args:
            unread: (place, field id) of cells that are no value of their field: what they held is not blank.
        """
        rows: list[Row] = self._session.reader.by_id(form.id, list(known.values()), self._session.scope)
        stored = {row.id: row for row in rows}
        keep = self._aim.blank is Blank.KEEP
        alike: dict[tuple[str, ...], list[int]] = {}
        for at, record in known.items():
            row = stored.get(record)
            values = {key: column[at] for key, column in columns.items()}
            filled = tuple(
                key for key, value in values.items() if value is not None or not (keep or (at, key) in unread)
            )
            if row is not None and all(row.values.get(key) == values[key] for key in filled):
                self._counts.unchanged += 1
            else:
                alike.setdefault(filled, []).append(at)
        return [
            Part(
                ChangeKind.SET, [known[at] for at in places], [numbers[at] for at in places],
                {key: [columns[key][at] for at in places] for key in fields},
            )
            for fields, places in alike.items()
        ]  # fmt: skip


def _checked(session: Actor, aim: Aim) -> Form:
    form = session.form_of_id(aim.form)
    if form is None:
        raise UserError(T("The form is no longer there."), T("Choose another one for the sheet."), "no_such_form")
    if not aim.fields:
        names = ", ".join(field.name for field in form.fields)
        raise UserError(
            T("No column of the file is a field of “{form}”.", form=form.name),
            T("Name the columns as the fields: {names}.", names=names),
            "no_match",
        )
    if aim.mode.keyed and aim.key not in aim.fields.values():
        raise UserError(T("Choose the field by which records are found."), code="no_key")
    return form


def _picked(columns: Mapping[str, Sequence[Any]], places: Sequence[int]) -> dict[str, list[Any]]:
    return {key: [values[at] for at in places] for key, values in columns.items()}
