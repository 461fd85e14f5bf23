"""Imports a sheet into a form that exists: columns find their fields by name, a key finds the records to update."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from resources.texts import T
from runtime.actor import Actor
from runtime.changes import ChangeKind, new_uuid
from runtime.errors import UserError
from runtime.exchange.importer import left_cells
from runtime.exchange.plan import Chunk, ImportPlan, SheetPlan
from runtime.exchange.report import FormReport, ImportReport, LeftOut
from runtime.exchange.writing import RowWriting
from runtime.fields import Unreadable
from runtime.form import Field, Form
from runtime.work import Progress, without_collector


@dataclass(frozen=True, slots=True)
class Match:
    """Which columns of a sheet go into which fields.

    Attributes:
        sheet: name of the sheet.
        fields: index of the column plan -> field.
    """

    sheet: str
    fields: Mapping[int, Field]


def import_into(session: Actor, plan: ImportPlan, form_name: str, key: str | None, progress: Progress) -> ImportReport:
    """Put the rows of the sheet that fits best into a form.

    Args:
        form_name: name or id of the form.
        key: name of the field that finds a record to update; None makes every row a new record.

    Raises:
        UserError: no such form or key, no column fits; nothing is left of the import.
        Cancelled: somebody asked to stop; nothing is left of the import.
    """
    started = time.monotonic()
    form = session.find_form(form_name)
    match = _best_match(plan, form)
    key_field = _key(form, key, match) if key else None
    writing = RowWriting(session, T("Import into {form}", form=form.name))
    run = _Run(session, _retyped(plan, match), form, match, key_field, writing)
    with session.importing(writing.label, writing.batch, run.sheet.rows):
        try:
            with without_collector():
                run.everything(progress)
        except BaseException:
            session.abandon(writing.commits)
            raise
    session.remember(writing.label, writing.commits)
    report = ImportReport(form.app, [FormReport(form.id, form.name, match.sheet, run.created, run.updated)])
    report.left = run.left + writing.left
    report.seconds = time.monotonic() - started
    return report


class _Run:
    def __init__(
        self, session: Actor, plan: ImportPlan, form: Form, match: Match, key: Field | None, writing: RowWriting
    ) -> None:
        self.session = session
        self.plan = plan
        self.sheet: SheetPlan = plan.sheet(match.sheet)
        self.form = form
        self.match = match
        self.key = key
        self.writing = writing
        self.created = self.updated = 0
        self.left: list[LeftOut] = []
        self._made: dict[Any, UUID] = {}

    def everything(self, progress: Progress) -> None:
        for chunk in self.plan.rows(self.match.sheet):
            progress.step(chunk.first, self.sheet.rows, T("Importing into “{form}”", form=self.form.name))
            self.left += [cell for cell in left_cells(self.sheet, chunk) if self._is_wanted(cell)]
            self._write(chunk)

    def _is_wanted(self, cell: LeftOut) -> bool:
        return cell.column in {self.sheet.columns[place].header for place in self.match.fields}

    def _write(self, chunk: Chunk) -> None:
        table = self.plan.source.tables[self.match.sheet]
        numbers = table.row_numbers[chunk.first : chunk.first + chunk.height]
        columns = {}
        for place, values in zip(chunk.columns, chunk.values, strict=True):
            if place in self.match.fields:
                field = self.match.fields[place]
                columns[field.id] = self._as_field(field, values, numbers)
        known = self._known(columns)
        fresh = [at for at in range(chunk.height) if known[at] is None]
        again = [at for at in range(chunk.height) if known[at] is not None]
        ids = [new_uuid() for _ in fresh]
        self._remember(columns, fresh, ids)
        self.created += self._part(ChangeKind.NEW, ids, fresh, numbers, columns)
        rows = [self._made_now(columns, at) if known[at] is _LATER else known[at] for at in again]
        self.updated += self._part(ChangeKind.SET, [row for row in rows if row is not None], again, numbers, columns)

    def _part(
        self,
        kind: ChangeKind,
        rows: list[UUID],
        places: list[int],
        numbers: Sequence[int],
        columns: Mapping[str, Sequence[Any]],
    ) -> int:
        if not rows:
            return 0
        part = {key: [values[at] for at in places] for key, values in columns.items()}
        return self.writing.write(kind, self.form, self.match.sheet, rows, [numbers[at] for at in places], part)

    def _known(self, columns: Mapping[str, Sequence[Any]]) -> list[UUID | None]:
        """For each row the record that has its key already; a second row of one key updates the first."""
        height = len(next(iter(columns.values())))
        if self.key is None:
            return [None] * height
        keys = columns[self.key.id]
        wanted = [value for value in keys if value is not None]
        stored = {**self.session.reader.find(self.form.id, self.key.id, wanted), **self._made}
        known: list[UUID | None] = []
        for value in keys:
            known.append(stored.get(value) if value is not None else None)
            if value is not None:
                stored.setdefault(value, _LATER)
        return known

    def _remember(self, columns: Mapping[str, Sequence[Any]], places: list[int], ids: list[UUID]) -> None:
        if self.key is not None:
            keys = columns[self.key.id]
            self._made.update((keys[at], row) for at, row in zip(places, ids, strict=True) if keys[at] is not None)

    def _made_now(self, columns: Mapping[str, Sequence[Any]], at: int) -> UUID | None:
        return self._made.get(columns[self.key.id][at]) if self.key is not None else None

    def _as_field(self, field: Field, values: Sequence[Any], numbers: Sequence[int]) -> list[Any]:
        if field.target:
            return self._related(field, values, numbers)
        found: list[Any] = []
        for value, number in zip(values, numbers, strict=True):
            try:
                found.append(None if value is None else field.kind.from_formula(value, field.props))
            except Unreadable as wrong:
                found.append(None)
                self._leave(field, value, number, str(wrong.message))
        return found

    def _related(self, field: Field, values: Sequence[Any], numbers: Sequence[int]) -> list[Any]:
        """Records of the target form by the text of their key or title."""
        target = self.session.form_of_id(field.target)
        by = (target.key or target.title) if target is not None else None
        if target is None or by is None:
            return [None] * len(values)
        typed = {}
        for text in {value for value in values if value is not None}:
            with suppress(Unreadable):
                typed[text] = by.kind.parse(text, by.props)
        stored = self.session.reader.find(target.id, by.id, typed.values())
        found: list[Any] = []
        for value, number in zip(values, numbers, strict=True):
            row = stored.get(typed.get(value))
            if value is not None and row is None:
                self._leave(field, value, number, str(T("There is no such record in “{form}”.", form=target.name)))
            found.append(row)
        return found

    def _leave(self, field: Field, value: Any, number: int, reason: str) -> None:
        self.left.append(LeftOut(self.match.sheet, number, field.name, str(value), reason))


_LATER = UUID(int=0)
"""Stands for a record that an earlier row of the same chunk makes."""


def _best_match(plan: ImportPlan, form: Form) -> Match:
    matches = [_match(sheet, form) for sheet in plan.sheets if sheet.include]
    best = max(matches, key=lambda match: len(match.fields), default=None)
    if best is None or not best.fields:
        names = ", ".join(field.name for field in form.fields)
        raise UserError(
            T("No column of the file is a field of “{form}”.", form=form.name),
            T("Name the columns as the fields: {names}.", names=names),
            "no_match",
        )
    return best


def _match(sheet: SheetPlan, form: Form) -> Match:
    fields: dict[int, Field] = {}
    for place, column in enumerate(sheet.columns):
        field = form.called(column.label) or form.called(column.header)
        if field is not None and not field.computed and field not in fields.values():
            fields[place] = field
    return Match(sheet.sheet, fields)


def _retyped(plan: ImportPlan, match: Match) -> ImportPlan:
    """The plan reading each matched column as the type of its field; relations as the text that names the record."""
    for place, field in match.fields.items():
        wanted = "text" if field.target else field.kind.name
        if plan.sheet(match.sheet).columns[place].field_type != wanted:
            plan = plan.retype(match.sheet, place, wanted)
    return plan


def _key(form: Form, name: str, match: Match) -> Field:
    field = form.called(name)
    if field is None or field not in match.fields.values():
        raise UserError(
            T("“{name}” is no field that the file fills.", name=name),
            T("Choose one of: {names}.", names=", ".join(field.name for field in match.fields.values())),
            "no_key",
        )
    return field
