"""Runs an import plan: makes the app, writes the records in chunks through the door, and reports what happened.

Interrupted or refused, it takes back all it did. Done, it is one step of undo.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import msgspec

from resources.texts import T, Text
from runtime.actor import Actor
from runtime.changes import new_uuid
from runtime.errors import UserError
from runtime.exchange.columns import ColumnPlan, Doubt, RelationTarget
from runtime.exchange.importing.aim import Aim, Misfit, Mode
from runtime.exchange.importing.app_choice import app_name, app_of
from runtime.exchange.importing.app_layout import AppLayout
from runtime.exchange.importing.course import Course
from runtime.exchange.importing.into_form import IntoForm
from runtime.exchange.importing.into_new_forms import IntoNewForms
from runtime.exchange.importing.kept_aims import keep_aims
from runtime.exchange.importing.kept_import import KeptImport, kept_import
from runtime.exchange.importing.proposing import aim_by_names, best_sheet, key_called, only
from runtime.exchange.importing.report import ImportReport
from runtime.exchange.importing.writing import RowWriting
from runtime.exchange.readers.reading import open_workbook
from runtime.exchange.understanding.ahead import Ahead
from runtime.exchange.understanding.plan import ImportPlan
from runtime.exchange.understanding.workbooks import understand
from runtime.form import Form
from runtime.store.unfinished import Unfinished
from runtime.work import Progress, without_collector

NAMED = 3
"""Forms that are named of an import under way."""


def import_file(session: Actor, path: Path, progress: Progress) -> ImportReport:
    """Read, understand and import a workbook, every doubt as it was understood.

    Raises:
        UserError: the file cannot be read, or the door refused a record; nothing is left of the import.
        Cancelled: somebody asked to stop; nothing is left of the import.
    """
    ahead = Ahead()
    workbook = open_workbook(path, progress, watcher=ahead)
    return import_plan(session, understand(workbook, progress, ahead=ahead), path.stem, progress)


def import_plan(session: Actor, plan: ImportPlan, name: str, progress: Progress) -> ImportReport:
    """Make an app called `name` with one form per included sheet of the plan, and fill it.

    Raises:
        Refused: the door refused; nothing is left of the import.
        Cancelled: somebody asked to stop; nothing is left of the import.
    """
    report = import_all(session, plan, name, {}, progress)
    keep_aims(session, plan, {}, report.made)
    return report


def import_all(
    session: Actor, plan: ImportPlan, name: str, aims: Mapping[str, Aim], progress: Progress, app: str = ""
) -> ImportReport:
    """Import the included sheets: those with an aim into its form, the others into new forms.

    Args:
        name: of the app that is made of these.
        app: id of one that gets them instead; "" = a new one.

    Raises:
        UserError: the door refused, or a form or the app is gone; nothing is left of the import.
        Cancelled: somebody asked to stop; nothing is left of the import.
    """
    aims = {sheet.sheet: aims[sheet.sheet] for sheet in plan.sheets if sheet.include and sheet.sheet in aims}
    fresh = _without(session, plan, aims)
    new = any(sheet.include for sheet in fresh.sheets)
    layout = AppLayout.of(fresh, name, app_of(session, app)) if new else None
    told = [str(doubt.message) for doubt in plan.doubts if _told(doubt, plan, aims)]
    order = _named_first(session, plan, aims)
    kept = KeptImport.of(_mixed(plan, fresh), name, aims, told, layout.kept() if layout is not None else None, order)
    sheets = [sheet for sheet in plan.sheets if sheet.include]
    rows = sum(sheet.rows for sheet in sheets)
    session.before_import(rows)
    label = _label(session, plan, name, aims)
    mark = Unfinished(_named(session, plan, aims, label), new_uuid().hex, rows)
    resumable = msgspec.structs.replace(mark, resume=kept.as_json()) if kept is not None else mark
    course = Course(resumable if resumable.fits() else mark, [sheet.sheet for sheet in sheets])
    writing = RowWriting(session, label, course)
    return _carried_out(plan, aims, layout, told, writing, progress, order)


def resume(
    session: Actor, work: Unfinished, progress: Progress, paths: Sequence[Path] = (), password: str = ""
) -> ImportReport:
    """Go on with an import of a former session after the last of its commits, as if nothing had happened.

    Where its sheets went is kept for the next file, as after an import that nothing interrupted.

    Args:
        paths: where its files are, instead of where they were.
        password: of a protected workbook.

    Raises:
        UserError: it goes on elsewhere, a file is gone or another one, or what the import made is gone, and everything
            is as it was before; or the door refused, and nothing is left of the import.
        CannotRead: a file cannot be read, or not with this password; everything is as it was before.
        Cancelled: somebody asked to stop; nothing is left of the import once it writes again.
    """
    with session.long_work.going_on(work.id):
        return _gone_on(session, work, progress, paths, password)


def _gone_on(
    session: Actor, work: Unfinished, progress: Progress, paths: Sequence[Path], password: str
) -> ImportReport:
    kept = kept_import(work)
    if kept is None or not session.long_work.ending(work.id):
        raise UserError(T("This cannot be gone on with."), T("Undo it."), "nothing_kept")
    plan = kept.plan(kept.found(paths), password, progress)
    layout = (
        AppLayout.again(session, _without(session, plan, kept.aims), kept.layout) if kept.layout is not None else None
    )
    session.before_import(max(0, work.total - work.done))
    course = Course(work, [sheet.sheet for sheet in plan.sheets], begun=True)
    label = _label(session, plan, kept.name, kept.aims)
    writing = RowWriting(session, label, course, session.long_work.commits(work), list(course.left))
    report = _carried_out(plan, kept.aims, layout, kept.told, writing, progress, kept.order)
    keep_aims(session, plan, kept.aims, report.made)
    return report


def _carried_out(
    plan: ImportPlan,
    aims: Mapping[str, Aim],
    layout: AppLayout | None,
    told: Sequence[str],
    writing: RowWriting,
    progress: Progress,
    order: Sequence[str],
) -> ImportReport:
    started, session = time.monotonic(), writing.session
    with session.long_work.going_on(writing.batch):
        try:
            with without_collector():
                report = _everything(plan, aims, layout, writing, progress, order)
                writing.end()
        except BaseException:
            session.abandon(writing.commits, writing.batch)
            raise
    session.remember(writing.label, writing.commits)
    report.doubts = list(told)
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


def rehearse(
    session: Actor, plan: ImportPlan, aims: Mapping[str, Aim], progress: Progress, app: str = ""
) -> ImportReport:
    """What an import would do: it is done to a copy of the workspace, which goes away; others read and write meanwhile.

    Args:
        app: id of the app that gets new forms; "" = a new one.

    Raises:
        UserError: a form or the app is gone, the door would refuse the import, or the disk has no room for a copy.
        Cancelled: somebody asked to stop.
    """
    started = time.monotonic()
    with session.rehearsal(progress) as copy:
        report = import_all(copy, plan, "", aims, progress, app)
    report.forms = [replace(form, form="") if form.is_new else form for form in report.forms]
    report.app = "" if all(form.is_new for form in report.forms) and not app else report.app
    report.rehearsed = True
    report.seconds = time.monotonic() - started
    return report


def _label(session: Actor, plan: ImportPlan, name: str, aims: Mapping[str, Aim]) -> Text:
    new = any(sheet.include and sheet.sheet not in aims for sheet in plan.sheets)
    forms = {aim.form for aim in aims.values()}
    form = session.form_of_id(next(iter(forms))) if len(forms) == 1 and not new else None
    return T("Import {name}", name=name) if form is None else T("Import into {form}", form=form.name)


def _named(session: Actor, plan: ImportPlan, aims: Mapping[str, Aim], label: Text) -> str:
    """What people are told is under way: the files and the forms."""
    forms = []
    for sheet in (sheet for sheet in plan.sheets if sheet.include):
        aim = aims.get(sheet.sheet)
        form = session.form_of_id(aim.form) if aim is not None else None
        forms.append(form.name if form is not None else sheet.form_label)
    files = ", ".join(Path(file.path).name for file in plan.source.files)
    names = ", ".join(dict.fromkeys(forms[:NAMED])) + (" …" if len(forms) > NAMED else "")
    return str(T("Import of {file} into {forms}", file=files, forms=names)) if files else str(label)


def _without(session: Actor, plan: ImportPlan, aims: Mapping[str, Aim]) -> ImportPlan:
    """The plan of the sheets that become new forms; relations to the others point to the forms that those go into."""
    sheets, pointed = [], set()
    for sheet in plan.sheets:
        columns = tuple(_pointed(session, column, aims) for column in sheet.columns)
        pointed |= {
            (sheet.sheet, new.source) for old, new in zip(sheet.columns, columns, strict=True) if new is not old
        }
        sheets.append(sheet if sheet.sheet in aims else replace(sheet, columns=columns))
    doubts = tuple(doubt for doubt in plan.doubts if (doubt.sheet, doubt.column) not in pointed)
    plan = replace(plan, sheets=tuple(sheets), doubts=doubts)
    for name in aims:
        plan = plan.include(name, False)
    return plan


def _pointed(session: Actor, column: ColumnPlan, aims: Mapping[str, Aim]) -> ColumnPlan:
    """A column; where it points to a sheet that goes into a form whose records its cells name, it points to that."""
    relation = column.relation
    aim = aims.get(relation.sheet) if relation is not None and not relation.form else None
    form = session.form_of_id(aim.form) if aim is not None else None
    if relation is None or aim is None or form is None or aim.fields.get(relation.source) not in _naming(form):
        return column
    return replace(column, relation=RelationTarget(form.name, -1, optional=relation.optional, form=form.id))


def _naming(form: Form) -> set[str]:
    """The fields by which texts find a record of a form."""
    return {field.id for field in (form.key, form.title) if field is not None}


def _mixed(plan: ImportPlan, fresh: ImportPlan) -> ImportPlan:
    """The plan, the sheets that become new forms as they are without the others."""
    sheets = (new if new.include else old for old, new in zip(plan.sheets, fresh.sheets, strict=True))
    return replace(plan, sheets=tuple(sheets))


def _everything(
    plan: ImportPlan,
    aims: Mapping[str, Aim],
    layout: AppLayout | None,
    writing: RowWriting,
    progress: Progress,
    order: Sequence[str],
) -> ImportReport:
    """Everything, in the same order each time: what an import that goes on leaves out is counted by it.

    Args:
        order: sheets of the aims, which come first; () = they come in the order of the plan, after what is new.
    """
    total = sum(sheet.rows for sheet in plan.sheets if sheet.include)
    new = IntoNewForms(writing, layout, progress, total) if layout is not None else None
    if new is not None:
        new.publish()
    report = ImportReport("" if layout is None else layout.app.id)
    report.beside = app_name(layout.app) if layout is not None and layout.beside else ""
    if new is not None and not order:
        new.fill(report)
    _into_forms(plan, aims, writing, report, progress, total, order)
    if new is not None and order:
        new.fill(report)
    report.left += writing.left
    _sort(report, plan)
    return report


def _into_forms(
    plan: ImportPlan,
    aims: Mapping[str, Aim],
    writing: RowWriting,
    report: ImportReport,
    progress: Progress,
    total: int,
    order: Sequence[str],
) -> None:
    session = writing.session
    for name in order or [sheet.sheet for sheet in plan.sheets if sheet.include and sheet.sheet in aims]:
        aim = aims[name]
        into = IntoForm(session, plan, name, aim, writing)
        report.forms.append(into.run(progress, writing.course.done, total))
        report.left += into.left
        form = session.form_of_id(aim.form)
        report.app = report.app or (form.app if form is not None else "")


def _named_first(session: Actor, plan: ImportPlan, aims: Mapping[str, Aim]) -> list[str]:
    """The sheets that go into forms, those whose records others of them name before these."""
    waiting = [(sheet.sheet, aims[sheet.sheet]) for sheet in plan.sheets if sheet.include and sheet.sheet in aims]
    named: dict[str, set[str]] = {}
    for _sheet, aim in waiting:
        form = session.form_of_id(aim.form)
        fields = form.fields if form is not None else ()
        named[aim.form] = {field.target for field in fields if field.id in aim.fields.values()} - {aim.form}
    ordered: list[str] = []
    while waiting:
        open_ = {aim.form for _sheet, aim in waiting}
        ready = [each for each in waiting if not named[each[1].form] & open_] or waiting[:1]
        ordered += [sheet for sheet, _aim in ready]
        waiting = [each for each in waiting if each not in ready]
    return ordered


def _told(doubt: Doubt, plan: ImportPlan, aims: Mapping[str, Aim]) -> bool:
    """Whether an assumption matters for the report: of a sheet that goes into a form, only what is about its rows."""
    if doubt.sheet in aims:
        return doubt.column is None and not any(choice.sources or choice.columns for choice in doubt.choices)
    return not aims or any(sheet.include for sheet in plan.sheets if sheet.sheet == doubt.sheet)


def _sort(report: ImportReport, plan: ImportPlan) -> None:
    order = {sheet.sheet: at for at, sheet in enumerate(plan.sheets)}
    report.forms.sort(key=lambda form: order[form.sheet])
    report.left.sort(key=lambda left: (order.get(left.sheet, 0), left.row))
