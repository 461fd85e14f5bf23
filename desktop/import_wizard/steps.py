"""What the import wizard decides: types on offer, what is wrong, where it goes, and doing it; no Qt."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from desktop.import_wizard import homes
from desktop.import_wizard.draft import Draft
from desktop.import_wizard.preview import Preview
from resources.texts import T, _, plural
from runtime.errors import UserError, run_on
from runtime.exchange.columns import ColumnPlan, Doubt
from runtime.exchange.importing.importer import import_plan
from runtime.exchange.importing.proposing import without_forms
from runtime.exchange.importing.report import FormReport, ImportReport
from runtime.exchange.importing.session_forms import known_forms
from runtime.exchange.readers.options import Options
from runtime.exchange.readers.reading import open_workbook, open_workbooks
from runtime.exchange.understanding.ahead import Ahead
from runtime.exchange.understanding.inference import TYPE_NAMES
from runtime.exchange.understanding.plan import ImportPlan, SheetPlan
from runtime.exchange.understanding.workbooks import understand
from runtime.fields import field_type
from runtime.session import Session, open_workspace
from runtime.store import keys
from runtime.store.folder import SUFFIX
from runtime.work import Progress

FORBIDDEN = frozenset('\\/:*?"<>|')
NAMING = frozenset({"text", "long_text"})


def read(
    paths: Sequence[Path], progress: Progress, options: Options, session: Session | None = None, wanted: str = ""
) -> Draft:
    """What is proposed for the files at `paths`, taken together.

    Args:
        session: the open workspace, to whose forms columns may point and sheets may go.
        wanted: id of the form that the import was asked for; "" = none.

    Raises:
        CannotRead: a file is no table, damaged, protected, too large or blank.
        Cancelled: somebody asked to stop.
    """
    ahead = Ahead()
    if len(paths) == 1:
        books = [open_workbook(paths[0], progress, None, options, ahead)]
    else:
        books = open_workbooks(paths, progress, None, options, ahead)
    forms = known_forms(session, session.forms) if session is not None else []
    plan = understand(books, progress, forms, ahead)
    draft = Draft.first(plan, session, wanted, progress)
    texts = [sheet.text for book in books for sheet in book.sheets if sheet.text is not None]
    notes = tuple(note for book in books for note in book.notes)
    return replace(draft, notes=notes, encoding=texts[0].encoding if texts else "")


def without_password(options: Options) -> Options:
    """The options, the password forgotten."""
    return replace(options, password="")


def files_words(names: Sequence[str]) -> str:
    """What files are called together."""
    if len(names) == 1:
        return names[0]
    return plural("{name} and {n} more file", "{name} and {n} more files", len(names) - 1, name=names[0])


# Types


@dataclass(frozen=True, slots=True)
class TypeOffer:
    """A type that a column can take.

    Attributes:
        id: of the type, or of the doubt whose choice makes it a relation.
        label: what people read.
        icon: name of its icon.
    """

    id: str
    label: str
    icon: str


def type_label(column: ColumnPlan) -> str:
    """What the type of a column is called: its name, or where a relation points."""
    if column.relation is not None:
        return f"→ {column.relation.sheet}"
    return str(field_type(column.field_type).label)


def type_offers(plan: ImportPlan, sheet: str, place: int) -> list[TypeOffer]:
    """The types that a column can take, relations that were found first."""
    column = plan.sheet(sheet).columns[place]
    offers = []
    if column.relation is not None:
        offers.append(TypeOffer("", type_label(column), "relation"))
    elif (found := _relating(plan, sheet, column)) is not None:
        doubt, target = found
        offers.append(TypeOffer(doubt.id, f"→ {target}", "relation"))
    for name in TYPE_NAMES:
        kind = field_type(name)
        offers.append(TypeOffer(name, str(kind.label), kind.icon))
    return offers


def with_type(plan: ImportPlan, sheet: str, place: int, offer: str) -> ImportPlan:
    """The plan with a column as the type of an offer; "" changes nothing."""
    if not offer:
        return plan
    if offer in TYPE_NAMES:
        return plan.retype(sheet, place, offer)
    doubt = plan.doubt(offer)
    return plan.choose(offer, next(c.id for c in doubt.choices if any(made.relation for made in c.columns)))


def _relating(plan: ImportPlan, sheet: str, column: ColumnPlan) -> tuple[Doubt, str] | None:
    for doubt in plan.doubts:
        if (doubt.sheet, doubt.column) != (sheet, column.source):
            continue
        for choice in doubt.choices:
            if len(choice.columns) == 1 and (relation := choice.columns[0].relation) is not None:
                return (doubt, relation.sheet) if plan.sheet(relation.sheet).include else None
    return None


def with_column(plan: ImportPlan, sheet: str, place: int, included: bool) -> ImportPlan:
    """The plan with a column taken in or left out; another one names the records where this one did."""
    plan = plan.include(sheet, included, place)
    changed = plan.sheet(sheet)
    if included or changed.title_column != place:
        return plan
    left = [at for at, column in enumerate(changed.columns) if column.include and column.relation is None]
    texts = [at for at in left if changed.columns[at].field_type in NAMING]
    return plan.with_title(sheet, next(iter(texts or left), place))


def with_sheet(plan: ImportPlan, sheet: str, included: bool) -> ImportPlan:
    """The plan with a sheet taken in or left out, and relations to it with it."""
    plan = plan.include(sheet, included)
    if not included:
        return plan
    for doubt in plan.doubts:
        first = next(iter(doubt.choices), None)
        related = first is not None and any(c.relation and c.relation.sheet == sheet for c in first.columns)
        if first is not None and related and doubt.chosen != first.id and plan.sheet(doubt.sheet).include:
            plan = plan.choose(doubt.id, first.id)
    return plan


# Doubts


def open_doubts(plan: ImportPlan) -> list[Doubt]:
    """Doubts about which a person can decide, in the order of the sheets; those of left-out sheets only where they
    can bring the sheet back.
    """
    return [doubt for doubt in plan.doubts if doubt.choices and (_taken(plan, doubt) or _about_sheet(doubt))]


def all_doubts(draft: Draft) -> list[Doubt]:
    """What has to be answered first, then the open doubts of the plan in the order of the sheets.

    Of sheets that go into forms: the questions about that, and what is about the sheet as a whole.
    """
    waiting = [sheet for sheet in draft.plan.sheets if sheet.sheet in draft.unanswered]
    found = list(filter(None, [homes.where_doubt(draft), *(homes.home_doubt(draft, sheet) for sheet in waiting)]))
    for sheet in draft.plan.sheets:
        if sheet.sheet in draft.unanswered:
            continue
        found += filter(None, [homes.home_doubt(draft, sheet)])
        own = [doubt for doubt in open_doubts(draft.plan) if doubt.sheet == sheet.sheet]
        if sheet.sheet in draft.aims:
            found += draft.asked.get(sheet.sheet, ()) if sheet.include else ()
            own = [doubt for doubt in own if doubt.column is None and not _about_columns(doubt)]
        found += own
    return found


def remarks(plan: ImportPlan) -> list[Doubt]:
    """What was assumed and needs no decision."""
    return [doubt for doubt in plan.doubts if not doubt.choices]


def all_remarks(draft: Draft) -> list[str]:
    """What was found and assumed and needs no decision; of sheets that go into forms only what is about the sheet."""
    kept = [
        doubt
        for doubt in remarks(draft.plan)
        if doubt.column is None or (doubt.sheet not in draft.aims and doubt.sheet not in draft.unanswered)
    ]
    return [*map(str, draft.notes), *(str(doubt.message) for doubt in kept)]


def doubted(plan: ImportPlan, sheet: str) -> set[int]:
    """Indexes in the sheet's columns of those with a doubt."""
    sources = {doubt.column for doubt in plan.doubts if doubt.sheet == sheet and doubt.choices}
    return {at for at, column in enumerate(plan.sheet(sheet).columns) if column.source in sources}


def all_doubted(draft: Draft, sheet: str) -> set[int]:
    """Sections of the preview of a sheet about which something is asked."""
    if sheet in draft.unanswered:
        return set()
    if sheet in draft.aims:
        return {doubt.column for doubt in draft.asked.get(sheet, ()) if doubt.column is not None}
    return doubted(draft.plan, sheet)


def _taken(plan: ImportPlan, doubt: Doubt) -> bool:
    return any(sheet.include for sheet in plan.sheets if sheet.sheet == doubt.sheet)


def _about_columns(doubt: Doubt) -> bool:
    return any(choice.sources or choice.columns for choice in doubt.choices)


def _about_sheet(doubt: Doubt) -> bool:
    return any(choice.include is not None and not choice.sources for choice in doubt.choices)


# What is wrong, and what would happen


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a plan cannot be imported.

    Attributes:
        message: in words.
        sheet: where; "" is the whole plan.
        place: index of the column; None is the sheet itself.
    """

    message: str
    sheet: str = ""
    place: int | None = None


def all_faults(draft: Draft, session: Session | None) -> list[Fault]:
    """What must be put right before the import."""
    found = [] if draft.aimed or draft.new_sheets else [Fault(_("Choose at least one sheet."))]
    open_ = (sheet.sheet for sheet in draft.new_sheets if sheet.sheet in draft.unanswered)
    found += [Fault(homes.where_to(draft, sheet)) for sheet in open_]
    found += [Fault(said, sheet) for sheet, said in draft.wrongs(session).items()]
    return found + (faults(draft.plan, draft.aims) if draft.new_sheets else [])


def faults(plan: ImportPlan, aims: Collection[str] = ()) -> list[Fault]:
    """What must be put right before new forms can be made.

    Args:
        aims: names of sheets that go into forms that are there.
    """
    included = [sheet for sheet in plan.sheets if sheet.include and sheet.sheet not in aims]
    found = [] if included else [Fault(_("Choose at least one sheet."))]
    names = Counter(sheet.form_label.strip().casefold() for sheet in included)
    for sheet in included:
        name = sheet.form_label.strip()
        if not name:
            found.append(Fault(_("Give the form of the sheet “{sheet}” a name.", sheet=sheet.sheet), sheet.sheet))
        elif names[name.casefold()] > 1:
            found.append(Fault(_("Two forms are called “{name}”.", name=name), sheet.sheet))
        found += _column_faults(sheet)
    return found


def _column_faults(sheet: SheetPlan) -> Iterator[Fault]:
    taken = [(place, column) for place, column in enumerate(sheet.columns) if column.include]
    if not taken:
        yield Fault(_("Choose at least one field of “{form}”.", form=sheet.form_label), sheet.sheet)
    names = Counter(column.label.strip().casefold() for _place, column in taken)
    for place, column in taken:
        name = column.label.strip()
        if not name:
            yield Fault(_("A field of “{form}” has no name.", form=sheet.form_label), sheet.sheet, place)
        elif names[name.casefold()] > 1:
            message = _("Two fields of “{form}” are called “{name}”.", form=sheet.form_label, name=name)
            yield Fault(message, sheet.sheet, place)


def counted_forms(n: int) -> str:
    """3 forms."""
    return plural("{n} form", "{n} forms", n)


def counted_records(n: int) -> str:
    """10,302 records."""
    return plural("{n} record", "{n} records", n)


def found_words(plan: ImportPlan) -> str:
    """What the file holds and how much of it would be taken."""
    sheets = plural("{n} sheet", "{n} sheets", len(plan.sheets))
    taken = [sheet for sheet in plan.sheets if sheet.include]
    return "  ·  ".join((sheets, counted_records(sum(sheet.rows for sheet in taken))))


def preview_words(fields: int, preview: Preview, rows: int) -> str:
    """What a preview shows."""
    counts = {"fields": fields, "columns": len(preview.columns), "n": preview.height, "records": counted_records(rows)}
    if preview.height >= rows:
        if preview.form:
            return _("{fields} of {columns} columns  ·  {records}, as stored", **counts)
        return _("{fields} of {columns} fields  ·  {records}, as stored", **counts)
    if preview.form:
        return _("{fields} of {columns} columns  ·  the first {n} of {records}, as they will be stored", **counts)
    return _("{fields} of {columns} fields  ·  the first {n} of {records}, as they will be stored", **counts)


def form_words(fields: int, records: int) -> str:
    """21 fields, 10,000 records."""
    return "  ·  ".join((plural("{n} field", "{n} fields", fields), counted_records(records)))


def what_happens(draft: Draft, rehearsed: ImportReport | None = None) -> str:
    """What the import button says.

    Args:
        rehearsed: what the import would do, where that was tried.
    """
    new, aimed = draft.new_sheets, draft.aimed
    if not aimed:
        forms, records = counted_forms(len(new)), counted_records(sum(sheet.rows for sheet in new))
        return _("Create {forms} with {records}", forms=forms, records=records)
    rows = sum(sheet.rows for sheet in (*new, *aimed))
    if rehearsed is not None:
        rows = rehearsed.created + rehearsed.updated
    return plural("Import {n} row", "Import {n} rows", rows)


def why_idle(tried: ImportReport) -> str:
    """Why an import would do nothing, and what helps; "" where it would do something."""
    if tried.created or tried.updated:
        return ""
    if tried.refused:
        return _(
            "No row can be taken as it is. See below why; then correct the file, or go back and change the answers."
        )
    if tried.total.skipped:
        return _("No row has anything to do. Go back and choose what the rows do in the form.")
    return _("All of it is there already, as it is in the file. There is nothing to import.")


def what_happened(report: ImportReport, name: str) -> str:
    """What the notice after an import says."""
    if report.app and all(form.is_new for form in report.forms):
        forms, records = counted_forms(len(report.forms)), counted_records(report.created)
        if report.beside:
            return _("Added to “{name}”: {forms} with {records}.", name=report.beside, forms=forms, records=records)
        return _("“{name}” is ready: {forms} with {records}.", name=name, forms=forms, records=records)
    if len(report.forms) == 1:
        return _("“{form}”: {done}.", form=report.forms[0].name, done=done_words(report.forms[0]))
    return _("{forms}: {done}.", forms=counted_forms(len(report.forms)), done=done_words(report.total))


def done_words(form: FormReport) -> str:
    """12 added, 3 updated, 5 unchanged."""
    parts = [plural("{n} added", "{n} added", form.created)] if form.created else []
    if form.updated:
        parts.append(plural("{n} updated", "{n} updated", form.updated))
    if form.unchanged:
        parts.append(plural("{n} unchanged", "{n} unchanged", form.unchanged))
    if form.skipped:
        parts.append(plural("{n} skipped", "{n} skipped", form.skipped))
    return _(", ").join(parts) or _("nothing to change")


def left_words(report: ImportReport) -> str:
    """What was not taken, counted; "" where everything was."""
    rows = len({(left.sheet, left.row) for left in report.left if left.whole_row})
    cells = sum(not left.whole_row for left in report.left)
    parts = []
    if cells:
        parts.append(plural("{n} cell was left blank.", "{n} cells were left blank.", cells))
    if rows:
        parts.append(plural("{n} row was left out.", "{n} rows were left out.", rows))
    return run_on(*parts)


def would_leave_words(report: ImportReport) -> str:
    """What would not be taken, counted."""
    rows = len({(left.sheet, left.row) for left in report.left if left.whole_row})
    cells = sum(not left.whole_row for left in report.left)
    parts = []
    if rows:
        parts.append(plural("{n} row would be left out.", "{n} rows would be left out.", rows))
    if cells:
        parts.append(plural("{n} cell would stay as it is.", "{n} cells would stay as they are.", cells))
    return run_on(*parts)


# Where it goes


@dataclass(frozen=True, slots=True)
class NewPlace:
    """A workspace to be made.

    Attributes:
        name: of the workspace, without suffix.
        folder: in which its folder is made.
        passphrase, again: typed twice; "" where the computer keeps keys.
    """

    name: str
    folder: str
    passphrase: str = ""
    again: str = ""

    @property
    def path(self) -> Path:
        """The folder of the workspace."""
        return Path(self.folder.strip()) / f"{self.name.strip().removesuffix(SUFFIX)}{SUFFIX}"

    def wrongs(self, needs_passphrase: bool) -> dict[str, str]:
        """What is wrong: name, folder, passphrase or again -> why."""
        found = {}
        name, folder = self.name.strip().removesuffix(SUFFIX), self.folder.strip()
        if not name:
            found["name"] = _("Give the workspace a name.")
        elif wrong := FORBIDDEN & set(name):
            found["name"] = _("A name cannot hold {signs}.", signs=" ".join(sorted(wrong)))
        if not folder or not Path(folder).is_absolute():
            found["folder"] = _("Choose a folder.")
        elif "name" not in found and self.path.exists():
            found["name"] = _("A workspace of this name exists there already.")
        if needs_passphrase and len(self.passphrase) < keys.SHORTEST_PASSPHRASE:
            found["passphrase"] = _("Use at least {n} characters.", n=keys.SHORTEST_PASSPHRASE)
        elif needs_passphrase and self.passphrase != self.again:
            found["again"] = _("The two are not the same.")
        return found


def free_name(stem: str, folder: Path) -> str:
    """`stem` as the name of a workspace that does not exist in `folder` yet."""
    plain = "".join(" " if sign in FORBIDDEN else sign for sign in stem).strip() or _("My workspace")
    name, count = plain, 1
    while (folder / f"{name}{SUFFIX}").exists():
        count += 1
        name = f"{plain} {count}"
    return name


def import_into_new(place: NewPlace, plan: ImportPlan, name: str, progress: Progress) -> tuple[Session, ImportReport]:
    """Make a workspace and import into it; cancelled or refused, neither is left.

    Raises:
        UserError: the workspace cannot be made, or the door refused.
        Cancelled: somebody asked to stop.
    """
    progress.step(0, 0, T("Making the workspace"))
    path = place.path
    if path.exists():
        raise UserError(T("“{name}” exists already.", name=path.name), T("Choose another name."), "exists")
    made = [folder for folder in path.parents if not folder.exists()]
    session = open_workspace(path, place.passphrase or None)
    try:
        return session, import_plan(session, without_forms(plan), name, progress)
    except BaseException:
        session.close()
        _take_away(path, made)
        raise


def _take_away(path: Path, parents: list[Path]) -> None:
    """Remove a workspace that was made for an import that did not come about, its key, and folders made for it."""
    keys.forget(keys.read_slots(path))
    shutil.rmtree(path, ignore_errors=True)
    for folder in parents:
        with suppress(OSError):
            folder.rmdir()
