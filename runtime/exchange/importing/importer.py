"""Runs an import plan: makes the app, writes the records in chunks through the door, and reports what happened.

Interrupted or refused, it takes back all it did. Done, it is one step of undo.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

from resources.texts import T, Text
from runtime.actor import Actor
from runtime.changes import ChangeKind, Origin, new_uuid
from runtime.definition.edits import AddNode, Batch, Edit
from runtime.definition.ids import OPTION, new_id
from runtime.definition.node import App
from runtime.definition.order import spread
from runtime.exchange.columns import ColumnPlan, Doubt, RelationTarget
from runtime.exchange.importing.aim import Aim, Misfit, Mode
from runtime.exchange.importing.into_form import IntoForm
from runtime.exchange.importing.partners import Partners
from runtime.exchange.importing.proposing import aim_by_names, best_sheet, key_called, only
from runtime.exchange.importing.report import FormReport, ImportReport, LeftOut
from runtime.exchange.importing.writing import RowWriting
from runtime.exchange.readers.reading import open_workbook
from runtime.exchange.understanding.plan import Chunk, ImportPlan, SheetPlan
from runtime.exchange.understanding.workbooks import understand
from runtime.form import Form, field_node, form_node, form_of, new_app
from runtime.work import Progress, without_collector


def import_file(session: Actor, path: Path, progress: Progress) -> ImportReport:
    """Read, understand and import a workbook, every doubt as it was understood.

    Raises:
        UserError: the file cannot be read, or the door refused a record; nothing is left of the import.
        Cancelled: somebody asked to stop; nothing is left of the import.
    """
    workbook = open_workbook(path, progress)
    return import_plan(session, understand(workbook, progress), path.stem, progress)


def import_plan(session: Actor, plan: ImportPlan, name: str, progress: Progress) -> ImportReport:
    """Make an app called `name` with one form per included sheet of the plan, and fill it.

    Raises:
        Refused: the door refused; nothing is left of the import.
        Cancelled: somebody asked to stop; nothing is left of the import.
    """
    return import_all(session, plan, name, {}, progress)


def import_all(
    session: Actor, plan: ImportPlan, name: str, aims: Mapping[str, Aim], progress: Progress
) -> ImportReport:
    """Import the included sheets: those with an aim into its form, the others into a new app called `name`.

    Raises:
        UserError: the door refused, or a form is gone; nothing is left of the import.
        Cancelled: somebody asked to stop; nothing is left of the import.
    """
    started = time.monotonic()
    aims = {sheet.sheet: aims[sheet.sheet] for sheet in plan.sheets if sheet.include and sheet.sheet in aims}
    total = sum(sheet.rows for sheet in plan.sheets if sheet.include)
    writing = RowWriting(session, _label(session, plan, name, aims))
    with session.importing(writing.label, writing.batch, total):
        try:
            with without_collector():
                report = _everything(session, plan, name, aims, writing, progress)
        except BaseException:
            session.abandon(writing.commits)
            raise
    session.remember(writing.label, writing.commits)
    report.seconds = time.monotonic() - started
    return report


def import_into(session: Actor, plan: ImportPlan, form_name: str, key: str | None, progress: Progress) -> ImportReport:
    """Put the rows of the sheet that fits best into a form, columns by their names, cells that do not fit left blank.

    Args:
        form_name: name or id of the form.
        key: name of the field that finds a record to update; None makes every row a new record.

    Raises:
        UserError: no such form or key, no column fits; nothing is left of the import.
        Cancelled: somebody asked to stop; nothing is left of the import.
    """
    form = session.find_form(form_name)
    sheet = best_sheet(session, plan, form)
    aim = aim_by_names(session, plan, sheet, form)
    mode, field = (Mode.UPSERT, key_called(form, aim, key)) if key else (Mode.ADD, "")
    aim = replace(aim, mode=mode, key=field, misfit=Misfit.BLANK)
    return import_all(session, only(plan, [sheet]), form.name, {sheet: aim}, progress)


def rehearse(session: Actor, plan: ImportPlan, aims: Mapping[str, Aim], progress: Progress) -> ImportReport:
    """What an import would do: rows for forms that are there go through the whole door, and are then taken back.

    New options are not added, so that a row is not refused for what follows from them; rows for forms that would be new
    are only read.

    Raises:
        UserError: a form is gone.
        Cancelled: somebody asked to stop.
    """
    started = time.monotonic()
    label = T("Import")
    total = sum(sheet.rows for sheet in plan.sheets if sheet.include and sheet.sheet in aims)
    with session.rehearsal(label, Origin.IMPORT) as apply, without_collector():
        report = ImportReport("", rehearsed=True)
        writing = RowWriting(session, label, rehearse=apply)
        report.doubts = [str(doubt.message) for doubt in plan.doubts if _told(doubt, plan, aims)]
        _read_through(plan, aims, report, progress)
        _into_forms(session, plan, aims, writing, report, progress, total)
    report.left += writing.left
    _sort(report, plan)
    report.seconds = time.monotonic() - started
    return report


def _label(session: Actor, plan: ImportPlan, name: str, aims: Mapping[str, Aim]) -> Text:
    new = any(sheet.include and sheet.sheet not in aims for sheet in plan.sheets)
    forms = {aim.form for aim in aims.values()}
    form = session.form_of_id(next(iter(forms))) if len(forms) == 1 and not new else None
    return T("Import {name}", name=name) if form is None else T("Import into {form}", form=form.name)


def _everything(
    session: Actor, plan: ImportPlan, name: str, aims: Mapping[str, Aim], writing: RowWriting, progress: Progress
) -> ImportReport:
    fresh = plan
    for sheet in aims:
        fresh = fresh.include(sheet, False)
    total = sum(sheet.rows for sheet in plan.sheets if sheet.include)
    if any(sheet.include for sheet in fresh.sheets):
        run = _Run(session, fresh, writing, progress, total)
        report = run.everything(name)
    else:
        report = ImportReport("")
    report.doubts = [str(doubt.message) for doubt in plan.doubts if _told(doubt, plan, aims)]
    _into_forms(session, plan, aims, writing, report, progress, total)
    report.left += writing.left
    _sort(report, plan)
    return report


def _into_forms(
    session: Actor,
    plan: ImportPlan,
    aims: Mapping[str, Aim],
    writing: RowWriting,
    report: ImportReport,
    progress: Progress,
    total: int,
) -> None:
    done = sum(form.created for form in report.forms)
    for sheet in plan.sheets:
        aim = aims.get(sheet.sheet)
        if aim is None or not sheet.include:
            continue
        into = IntoForm(session, plan, sheet.sheet, aim, writing)
        report.forms.append(into.run(progress, done, total))
        report.left += into.left
        form = session.form_of_id(aim.form)
        report.app = report.app or (form.app if form is not None else "")
        done += sheet.rows


def _told(doubt: Doubt, plan: ImportPlan, aims: Mapping[str, Aim]) -> bool:
    """Whether an assumption matters for the report: of a sheet that goes into a form, only what is about its rows."""
    if doubt.sheet in aims:
        return doubt.column is None and not any(choice.sources or choice.columns for choice in doubt.choices)
    return not aims or any(sheet.include for sheet in plan.sheets if sheet.sheet == doubt.sheet)


def _sort(report: ImportReport, plan: ImportPlan) -> None:
    order = {sheet.sheet: at for at, sheet in enumerate(plan.sheets)}
    report.forms.sort(key=lambda form: order[form.sheet])
    report.left.sort(key=lambda left: (order.get(left.sheet, 0), left.row))


def _read_through(plan: ImportPlan, aims: Mapping[str, Aim], report: ImportReport, progress: Progress) -> None:
    """Read the rows of sheets that become new forms: what fits their fields; the door cannot be asked yet."""
    for sheet in plan.sheets:
        if sheet.include and sheet.sheet not in aims:
            for chunk in plan.rows(sheet.sheet):
                progress.step(chunk.first, sheet.rows, T("Reading “{sheet}”", sheet=sheet.sheet))
                report.left += left_cells(sheet, chunk)
            report.forms.append(FormReport("", sheet.form_label, sheet.sheet, sheet.rows, is_new=True))


class _Run:
    def __init__(self, session: Actor, plan: ImportPlan, writing: RowWriting, progress: Progress, total: int) -> None:
        self.session = session
        self.plan = plan
        self.writing = writing
        self.progress = progress
        included = [sheet for sheet in plan.sheets if sheet.include]
        related = {
            name for sheet in included for name in (_points_to(sheet) | {sheet.sheet} if _relations(sheet) else ())
        }
        self._rows = {
            sheet.sheet: [new_uuid() for _ in range(sheet.rows)] for sheet in included if sheet.sheet in related
        }
        self.total = total
        self.left: list[LeftOut] = []
        self._done = 0

    def everything(self, name: str) -> ImportReport:
        layout = AppLayout(self.plan, name)
        report = ImportReport(layout.app.id)
        self.writing.commits.append(self.session.publish(layout.app, batch=self.writing.batch))
        forms = {}
        for sheet in _targets_first(self.plan):
            form = form_of(layout.app, layout.forms[sheet.sheet])
            made = self._fill(sheet, layout, form, report)
            left = sheet.rows - made
            forms[sheet.sheet] = FormReport(form.id, form.name, sheet.sheet, made, refused=left, is_new=True)
        self._relate_late(layout)
        report.left += self.left
        report.forms = [forms[sheet.sheet] for sheet in self.plan.sheets if sheet.include]
        return report

    def _fill(self, sheet: SheetPlan, layout: AppLayout, form: Form, report: ImportReport) -> int:
        rows, taken = self._rows.get(sheet.sheet), 0
        keys = {place: self._partners(sheet, sheet.columns[place]) for place in _relations(sheet)}
        for chunk in self.plan.rows(sheet.sheet):
            label = T("Importing “{form}”", form=form.name)
            self.progress.step(self._done, self.total, label)
            columns = self._columns(sheet, chunk, layout, keys, form)
            ids = [new_uuid() for _ in range(chunk.height)]
            part = ids if rows is None else rows[chunk.first : chunk.first + chunk.height]
            taken += self.writing.write(ChangeKind.NEW, form, sheet.sheet, part, self._numbers(sheet, chunk), columns)
            report.left += left_cells(sheet, chunk)
            self._done += chunk.height
        return taken

    def _numbers(self, sheet: SheetPlan, chunk: Chunk) -> Sequence[int]:
        """Numbers of the chunk's rows in the file."""
        return self.plan.source.tables[sheet.sheet].row_numbers[chunk.first : chunk.first + chunk.height]

    def _columns(
        self, sheet: SheetPlan, chunk: Chunk, layout: AppLayout, keys: Mapping[int, Mapping[str, UUID]], form: Form
    ) -> dict[str, Sequence[Any]]:
        columns: dict[str, Sequence[Any]] = {}
        for place, values in zip(chunk.columns, chunk.values, strict=True):
            field_id = layout.fields[sheet.sheet, place]
            if place in keys:
                if layout.is_late(sheet, sheet.columns[place]):
                    continue
                columns[field_id] = [keys[place].get(value) for value in values]
            elif form.by_id[field_id].kind.name == "choice":
                ids = layout.options[field_id]
                columns[field_id] = [None if value is None else ids[value] for value in values]
            else:
                columns[field_id] = values
        return columns

    def _relate_late(self, layout: AppLayout) -> None:
        """Relations whose target came later (a sheet that points to itself, two that point to each other)."""
        for sheet in (sheet for sheet in self.plan.sheets if sheet.include):
            for place in _relations(sheet):
                column = sheet.columns[place]
                if not layout.is_late(sheet, column):
                    continue
                partners = self._partners(sheet, column)
                for chunk in self.plan.rows(sheet.sheet):
                    self._relate(sheet, layout, place, partners, chunk)

    def _relate(
        self, sheet: SheetPlan, layout: AppLayout, place: int, partners: Mapping[str, UUID], chunk: Chunk
    ) -> None:
        rows = self._rows[sheet.sheet][chunk.first : chunk.first + chunk.height]
        values = chunk.values[chunk.columns.index(place)]
        found = [at for at, value in enumerate(values) if value in partners]
        numbers = self._numbers(sheet, chunk)
        form = form_of(layout.app, layout.forms[sheet.sheet])
        column = {layout.fields[sheet.sheet, place]: [partners[values[at]] for at in found]}
        ids = [rows[at] for at in found]
        self.writing.write(ChangeKind.SET, form, sheet.sheet, ids, [numbers[at] for at in found], column)

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
        """Key -> record of a form that is there; cells that name none or several are listed, where each should one."""
        keys, partners = self.plan.keys(sheet.sheet, column.source), Partners(self.session, relation.form)
        found = partners.values(keys)
        numbers = self.plan.source.tables[sheet.sheet].row_numbers
        for number, key in zip(numbers, keys if not relation.optional else (), strict=False):
            if key is not None and key not in found:
                self.left.append(LeftOut(sheet.sheet, number, column.header, key, str(partners.reason(key))))
        return found


class AppLayout:
    """The app that a plan becomes.

    Attributes:
        app: not published yet.
        forms: sheet -> id of its form.
        fields: (sheet, index of the column plan) -> id of its field.
        options: id of a choice field -> label -> option id.
    """

    def __init__(self, plan: ImportPlan, name: str) -> None:
        self._plan = plan
        self.forms: dict[str, str] = {}
        self.fields: dict[tuple[str, int], str] = {}
        self.options: dict[str, dict[str, str]] = {}
        app = new_app(name)
        included = [sheet for sheet in plan.sheets if sheet.include]
        edits: list[Edit] = []
        for sheet, order in zip(included, spread(len(included)), strict=True):
            node = form_node(app.id, sheet.form_label, order)
            self.forms[sheet.sheet] = node.id
            edits.append(AddNode(node))
        for sheet in included:
            edits += self._fields(sheet)
        self.app: App = self._with_titles(Batch(tuple(edits), T("Import")).apply(app), included)

    def is_late(self, sheet: SheetPlan, column: ColumnPlan) -> bool:
        """Whether a relation's target is written after `sheet` (or is it itself)."""
        assert column.relation is not None
        if column.relation.form:
            return False
        order = [each.sheet for each in _targets_first(self._plan)]
        return order.index(column.relation.sheet) >= order.index(sheet.sheet)

    def _fields(self, sheet: SheetPlan) -> Iterator[Edit]:
        form = self.forms[sheet.sheet]
        for (place, column), order in zip(enumerate(sheet.columns), spread(len(sheet.columns)), strict=True):
            if not column.include:
                continue
            props = dict(column.props)
            if column.relation is not None:
                props = {"form": column.relation.form or self.forms[column.relation.sheet]}
            options = {text: new_id(OPTION) for text in props.pop("options", ())}
            if options:
                listed = enumerate(options.items())
                props["options"] = [{"id": id_, "label": text, "color": at % 8} for at, (text, id_) in listed]
            node = field_node(form, column.field_type, column.label, order, **props)
            self.fields[sheet.sheet, place] = node.id
            self.options[node.id] = options
            yield AddNode(node)

    def _with_titles(self, app: App, included: Sequence[SheetPlan]) -> App:
        changed = {}
        for sheet in included:
            node = app.nodes[self.forms[sheet.sheet]]
            props = {"title_field": self.fields.get((sheet.sheet, sheet.title_column))}
            for place, column in enumerate(sheet.columns):
                if column.include and column.source == sheet.key_column and column.relation is None:
                    props["key_field"] = self.fields[sheet.sheet, place]
            changed[node.id] = node.with_props(**props)
        return app.replacing(changed)


def _relations(sheet: SheetPlan) -> list[int]:
    return [place for place, column in enumerate(sheet.columns) if column.include and column.relation is not None]


def _targets_first(plan: ImportPlan) -> list[SheetPlan]:
    """The included sheets so that, where possible, each comes after those that it points to."""
    waiting = [sheet for sheet in plan.sheets if sheet.include]
    ordered: list[SheetPlan] = []
    while waiting:
        done = {sheet.sheet for sheet in ordered}
        ready = [sheet for sheet in waiting if _points_to(sheet) - {sheet.sheet} <= done]
        ordered += ready or waiting[:1]
        waiting = [sheet for sheet in waiting if sheet not in ordered]
    return ordered


def _points_to(sheet: SheetPlan) -> set[str]:
    found = set()
    for place in _relations(sheet):
        relation = sheet.columns[place].relation
        if relation is not None and not relation.form:
            found.add(relation.sheet)
    return found


def left_cells(sheet: SheetPlan, chunk: Chunk) -> list[LeftOut]:
    """The cells of a chunk that are no value of their field."""
    return [
        LeftOut(sheet.sheet, cell.row_number, sheet.columns[cell.column].header, cell.text, str(cell.reason))
        for cell in chunk.unfit
    ]
