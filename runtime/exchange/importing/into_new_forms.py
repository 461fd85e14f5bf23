"""Puts the rows of sheets into the new forms that they become."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from resources.texts import T
from runtime.changes import AnyChange, ChangeKind
from runtime.errors import Problem
from runtime.exchange.columns import ColumnPlan, RelationTarget
from runtime.exchange.importing.app_layout import AppLayout, points_to, relations_of, targets_first
from runtime.exchange.importing.course import Counts
from runtime.exchange.importing.partners import Partners
from runtime.exchange.importing.prepared_rows import prepared_rows
from runtime.exchange.importing.report import FormReport, ImportReport, LeftOut
from runtime.exchange.importing.writing import Part, RowWriting
from runtime.exchange.understanding.plan import Chunk, SheetPlan
from runtime.form import Field, Form, form_of
from runtime.work import Progress

NAMING = ("choice", "choices", "relation")
"""Field types whose values the plan gives as names of something that has an id."""


class IntoNewForms:
    """Sheets that become new forms.

    Args:
        writing: of the import.
        layout: the forms.
        progress: told of each chunk.
        total: rows of the whole import.

    Attributes:
        left: cells and rows that were left out before the door.
    """

    def __init__(self, writing: RowWriting, layout: AppLayout, progress: Progress, total: int) -> None:
        self.session = writing.session
        self.plan = layout.plan
        self.layout = layout
        self.writing = writing
        self.course = writing.course
        self.progress = progress
        included = [sheet for sheet in self.plan.sheets if sheet.include]
        related = {
            name for sheet in included for name in (points_to(sheet) | {sheet.sheet} if relations_of(sheet) else ())
        }
        self._rows = {
            sheet.sheet: self.course.ids(sheet.sheet, 0, sheet.rows) for sheet in included if sheet.sheet in related
        }
        self.total = total
        self.left: list[LeftOut] = []

    def publish(self) -> None:
        """Publish the forms, unless a former session did.

        Raises:
            Refused: the app has errors, or somebody published since.
        """
        if not self.course.begun:
            self.writing.publish(self.layout.app)

    def fill(self, report: ImportReport) -> None:
        """Write the rows, those that others point to first, and put into the report what came of them.

        Raises:
            Refused: the door refuses for a reason that is not about single rows.
            Cancelled: somebody asked to stop.
        """
        layout, forms = self.layout, {}
        for sheet in targets_first(self.plan):
            form = form_of(layout.app, layout.forms[sheet.sheet])
            self._fill(sheet, form, report)
            made = self.course.counts_of(sheet.sheet).created
            left = sheet.rows - made
            forms[sheet.sheet] = FormReport(form.id, form.name, sheet.sheet, made, refused=left, is_new=True)
        self._relate_late()
        report.left += self.left
        report.made = {sheet.sheet: layout.aim(sheet) for sheet in self.plan.sheets if sheet.include}
        report.forms += [forms[sheet.sheet] for sheet in self.plan.sheets if sheet.include]

    def _fill(self, sheet: SheetPlan, form: Form, report: ImportReport) -> None:
        keys = {place: self._partners(sheet, sheet.columns[place]) for place in relations_of(sheet)}
        self.course.enter()
        with prepared_rows(self.plan, sheet.sheet, self._as_they_are(sheet, form), self.progress) as chunks:
            for chunk in chunks:
                label = T("Importing “{form}”", form=form.name)
                self.progress.step(self.course.done + chunk.first, self.total, label)
                report.left += left_cells(sheet, chunk)
                if self.course.rounds(chunk.first) == 0:
                    self._make(form, sheet, chunk, keys)
        self.course.done += sheet.rows

    def _make(self, form: Form, sheet: SheetPlan, chunk: Chunk, keys: Mapping[int, Mapping[str, UUID]]) -> None:
        columns, counts = self._columns(sheet, chunk, keys, form), self.course.counts_of(sheet.sheet)
        ids = self.course.ids(sheet.sheet, chunk.first, chunk.height)
        before = counts.created
        part = Part(ChangeKind.NEW, ids, self._numbers(sheet, chunk), columns)
        refused = self._write(form, sheet, chunk, part, counts)
        counts.created = before + chunk.height - len(refused)

    def _write(
        self, form: Form, sheet: SheetPlan, chunk: Chunk, part: Part, counts: Counts | None = None
    ) -> dict[UUID, Problem]:
        before = counts.created if counts is not None else 0

        def reached(kept: Sequence[Part]) -> list[AnyChange]:
            if counts is not None:
                counts.created = before + len(kept[0].rows)
            height = chunk.first + chunk.height if counts is not None else 0
            return self.course.with_rows(chunk.first, 1, height, self.course.counts, self.writing.left)

        return self.writing.write_parts(form, sheet.sheet, [part], reached)

    def _numbers(self, sheet: SheetPlan, chunk: Chunk) -> Sequence[int]:
        """Numbers of the chunk's rows in the file."""
        return self.plan.source.tables[sheet.sheet].row_numbers[chunk.first : chunk.first + chunk.height]

    def _columns(
        self, sheet: SheetPlan, chunk: Chunk, keys: Mapping[int, Mapping[str, UUID]], form: Form
    ) -> dict[str, Sequence[Any]]:
        layout, columns = self.layout, dict[str, Sequence[Any]]()
        for place, values in zip(chunk.columns, chunk.values, strict=True):
            field_id = layout.fields[sheet.sheet, place]
            if place in keys:
                if layout.is_late(sheet, sheet.columns[place]):
                    continue
                columns[field_id] = [keys[place].get(value) for value in values]
            else:
                columns[field_id] = self._by_options(form.by_id[field_id], values)
        return columns

    def _as_they_are(self, sheet: SheetPlan, form: Form) -> dict[int, Field]:
        """The columns whose values go into their field as the plan gives them."""
        places = (place for place, column in enumerate(sheet.columns) if column.field_type not in NAMING)
        fields = {place: self.layout.fields.get((sheet.sheet, place)) for place in places}
        return {place: form.by_id[field_id] for place, field_id in fields.items() if field_id in form.by_id}

    def _by_options(self, field: Field, values: Sequence[Any]) -> Sequence[Any]:
        """Values of a field; what the plan gives as labels of options by the ids of these."""
        if field.kind.name == "choice":
            ids = self.layout.options[field.id]
            return [None if value is None else ids[value] for value in values]
        if field.kind.name == "choices":
            rank = {label: (at, id_) for at, (label, id_) in enumerate(self.layout.options[field.id].items())}
            ordered = (None if value is None else sorted(rank[label] for label in value) for value in values)
            return [found and tuple(id_ for _, id_ in found) for found in ordered]
        return values

    def _relate_late(self) -> None:
        """Relations whose target came later (a sheet that points to itself, two that point to each other)."""
        for sheet in (sheet for sheet in self.plan.sheets if sheet.include):
            for place in relations_of(sheet):
                column = sheet.columns[place]
                if not self.layout.is_late(sheet, column):
                    continue
                self.course.enter()
                partners = self._partners(sheet, column)
                for chunk in self.plan.rows(sheet.sheet):
                    if self.course.rounds(chunk.first) == 0:
                        self._relate(sheet, place, partners, chunk)

    def _relate(self, sheet: SheetPlan, place: int, partners: Mapping[str, UUID], chunk: Chunk) -> None:
        rows = self._rows[sheet.sheet][chunk.first : chunk.first + chunk.height]
        values = chunk.values[chunk.columns.index(place)]
        found = [at for at, value in enumerate(values) if value in partners]
        numbers = self._numbers(sheet, chunk)
        form = form_of(self.layout.app, self.layout.forms[sheet.sheet])
        column = {self.layout.fields[sheet.sheet, place]: [partners[values[at]] for at in found]}
        part = Part(ChangeKind.SET, [rows[at] for at in found], [numbers[at] for at in found], column)
        self._write(form, sheet, chunk, part)

    def _partners(self, sheet: SheetPlan, column: ColumnPlan) -> Mapping[str, UUID]:
        """Key -> record of the sheet or form that a relation points to; the first row of a sheet wins."""
        assert column.relation is not None
        if column.relation.form:
            return self._stored(sheet, column, column.relation)
        rows = self._rows[column.relation.sheet]
        partners: dict[str, UUID] = {}
        for key, row in zip(self.plan.keys(column.relation.sheet, column.relation.source), rows, strict=True):
            if key is not None:
                partners.setdefault(key, row)
        return partners

    def _stored(self, sheet: SheetPlan, column: ColumnPlan, relation: RelationTarget) -> Mapping[str, UUID]:
        """Key -> record of a form that is there; cells that name none or several are listed if no field keeps them."""
        keys, partners = self.plan.keys(sheet.sheet, column.source), Partners(self.session, relation.form)
        found = partners.values(keys)
        numbers = self.plan.source.tables[sheet.sheet].row_numbers
        beside = any(each.include and each.source == column.source and each is not column for each in sheet.columns)
        for number, key in zip(numbers, () if beside else keys, strict=False):
            if key is not None and key not in found:
                self.left.append(LeftOut(sheet.sheet, number, column.header, key, str(partners.reason(key))))
        return found


def left_cells(sheet: SheetPlan, chunk: Chunk) -> list[LeftOut]:
    """The cells of a chunk that are no value of their field."""
    return [
        LeftOut(sheet.sheet, cell.row_number, sheet.columns[cell.column].header, cell.text, str(cell.reason))
        for cell in chunk.unfit
    ]
