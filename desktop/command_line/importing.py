"""`formwork import`: files into new forms or into one that is there, what that would do, and what is left out."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from desktop.command_line import interrupted
from resources.texts import T, _
from runtime.errors import UserError, run_on
from runtime.exchange.columns import Doubt
from runtime.exchange.importing.aim import Aim, Misfit, Mode
from runtime.exchange.importing.app_choice import app_called, app_name, names_taken
from runtime.exchange.importing.asking import ORDERED
from runtime.exchange.importing.importer import import_all, rehearse
from runtime.exchange.importing.kept_aims import keep_aims
from runtime.exchange.importing.own_form import own_form
from runtime.exchange.importing.proposing import aim_by_names, best_sheet, key_called, only
from runtime.exchange.importing.written_over import over_words, written_over
from runtime.exchange.readers.options import ENCODINGS, Options
from runtime.exchange.readers.reading import Workbook, open_workbook, open_workbooks
from runtime.exchange.readers.refusals import CannotRead
from runtime.exchange.understanding.ahead import Ahead
from runtime.exchange.understanding.plan import ImportPlan
from runtime.exchange.understanding.workbooks import understand
from runtime.session import Session, open_workspace
from runtime.work import Progress

DONE = 0
Say = Callable[[str], object]


def run(options: argparse.Namespace, passphrase: str | None, say: Say, warn: Say) -> int:
    """Import as the options say; the exit code.

    Args:
        say, warn: take a line for the output, and for people.

    Raises:
        UserError: a file cannot be read, nobody agreed to the doubts, or the import was refused; nothing was written.
    """
    _check(options)
    if options.resume or options.undo:
        return interrupted.run(options, passphrase, say, warn)
    progress = Progress()
    ahead = Ahead()
    books = _books(options, progress, ahead)
    plan = understand(books, progress, ahead=ahead)
    if not options.into:
        _agree(plan.doubts, options.yes, warn)
    with open_workspace(options.workspace, passphrase) as session:
        interrupted.tell(session, warn)
        aims: dict[str, Aim] = {}
        if options.into:
            plan, aims = _aimed(session, plan, options)
            doubts = [doubt for doubt in plan.doubts if _matters(doubt, aims)]
            _agree([*doubts, *_doubled(session, plan, aims)], options.yes, warn)
        app = _app(session, plan, options.app) if options.app else ""
        homes = [] if options.into else _homes(session, plan)
        _agree(homes, options.yes, warn)
        name = options.file[0].stem
        if options.dry_run:
            report = rehearse(session, plan, aims, progress, app)
        else:
            report = import_all(session, plan, name, aims, progress, app)
            keep_aims(session, plan, aims, report.made)
    notes = [*(note for book in books for note in book.notes), *(doubt.message for doubt in homes)]
    report.doubts = [*map(str, notes), *report.doubts]
    if options.json:
        say(json.dumps(report.as_json(), ensure_ascii=False, indent=2))
    else:
        say("\n".join(report.lines()))
    if options.rejected is not None:
        from runtime.exchange.importing.rejected import write_rejected

        written = write_rejected(options.rejected, plan, report.left)
        warn(_("{n} rows were written to {file}.", n=written, file=str(options.rejected)))
    return DONE


def _check(options: argparse.Namespace) -> None:
    """Refuse options that do not go together.

    Raises:
        UserError: two of them do not.
    """
    if options.resume and options.undo:
        raise UserError(_("--resume does not go with --undo."))
    if not options.file and not options.resume and not options.undo:
        raise UserError(_("Name the file to import."))
    if options.resume or options.undo:
        others = {
            "--into": options.into,
            "--app": options.app,
            "--dry-run": options.dry_run,
            "--encoding": options.encoding,
        }
        for option in (option for option, given in others.items() if given):
            raise UserError(_("{option} does not go with --resume or --undo.", option=option))
    if options.into and options.app:
        raise UserError(_("--app does not go with --into: the rows go into the app of the form."))
    if not options.into:
        for name, given in (("--key", options.key), ("--mode", options.mode), ("--map", options.map)):
            if given:
                raise UserError(_("{option} goes with --into.", option=name))
    if options.encoding and options.encoding.lower() not in ENCODINGS:
        names = ", ".join(ENCODINGS)
        raise UserError(
            T("“{name}” is no encoding that can be chosen.", name=options.encoding),
            T("Choose one of: {names}.", names=names),
        )


def _books(options: argparse.Namespace, progress: Progress, ahead: Ahead) -> list[Workbook]:
    password = sys.stdin.readline().rstrip("\r\n") if options.password_stdin else ""
    how = Options(encoding=(options.encoding or "").lower(), password=password)
    files: Sequence[Path] = options.file
    if len(files) > 1:
        return open_workbooks(files, progress, None, how, ahead)
    try:
        return [open_workbook(files[0], progress, None, how, ahead)]
    except CannotRead as refusal:
        raise UserError(f"{files[0].name}: {refusal.message}", refusal.hint, refusal.code) from refusal


def _aimed(session: Session, plan: ImportPlan, options: argparse.Namespace) -> tuple[ImportPlan, dict[str, Aim]]:
    """The plan of the sheet that fits best, and where it goes."""
    form = session.find_form(options.into)
    sheet = best_sheet(session, plan, form)
    aim = aim_by_names(session, plan, sheet, form, _mapping(options.map))
    mode = Mode(options.mode) if options.mode else Mode.UPSERT if options.key else Mode.ADD
    key = ""
    if mode.keyed:
        named = options.key or (form.key.name if form.key is not None else "")
        if not named:
            raise UserError(
                T("“{form}” declares no key.", form=form.name), T("Say by --key which field finds a record."), "no_key"
            )
        key = key_called(form, aim, named)
    elif options.key:
        raise UserError(_("--key does not go with --mode new."))
    misfit = Misfit.REFUSE if options.rejected is not None else Misfit.BLANK
    return only(plan, [sheet]), {sheet: replace(aim, mode=mode, key=key, misfit=misfit)}


def _app(session: Session, plan: ImportPlan, name: str) -> str:
    """Id of the app that gets the new forms.

    Raises:
        UserError: there is no such app, or it has a form of the same name.
    """
    app = app_called(session, name)
    taken = names_taken(session, app.id, [sheet for sheet in plan.sheets if sheet.include])
    if taken:
        message = T("“{app}” has a form “{name}” already.", app=app_name(app), name=taken[0])
        raise UserError(message, T("Put the rows into it by --into, or choose another app."), "same_name")
    return app.id


def _mapping(pairs: Sequence[str]) -> Mapping[str, str]:
    found = {}
    for pair in pairs:
        column, sign, field = pair.rpartition("=")
        if not sign:
            raise UserError(_("--map takes COLUMN=FIELD."))
        found[column.strip()] = field.strip()
    return found


def _homes(session: Session, plan: ImportPlan) -> list[Doubt]:
    """That sheets become new forms though their rows look like records of one that is there."""
    found = []
    for sheet in (sheet for sheet in plan.sheets if sheet.include):
        home = own_form(session, plan, sheet.sheet, session.forms)
        form = session.form_of_id(home.form) if home is not None else None
        if home is not None and form is not None:
            key = form.by_id.get(home.aim.key)
            options = f'--into "{form.name}"' + (f' --key "{key.name}"' if key is not None else "")
            message = T(
                "The rows of “{sheet}” look like records of the form “{form}”, and a new form is made of them; "
                "{options} puts them there.", sheet=sheet.sheet, form=form.name, options=options,
            )  # fmt: skip
            over = home.over or written_over(session, plan, sheet.sheet, form, home.aim)
            found.append(Doubt(sheet.sheet, None, "home", run_on(message, over_words(over, form.name))))
    return found


def _doubled(session: Session, plan: ImportPlan, aims: Mapping[str, Aim]) -> list[Doubt]:
    """That rows which become new records are there already."""
    found = []
    for sheet, aim in aims.items():
        form = session.form_of_id(aim.form)
        if form is not None and aim.mode is Mode.ADD:
            words = over_words(written_over(session, plan, sheet, form, aim), form.name)
            found += [Doubt(sheet, None, "twice", words)] if words else []
    return found


def _matters(doubt: Doubt, aims: Mapping[str, Aim]) -> bool:
    """Whether a doubt is about rows that go into a form, not about what a new form would be."""
    aim = aims.get(doubt.sheet)
    if aim is None:
        return False
    if doubt.column is None:
        return not any(choice.sources or choice.columns for choice in doubt.choices)
    return doubt.column in aim.fields and doubt.code == ORDERED


def _agree(doubts: Sequence[Doubt], agreed: bool, warn: Say) -> None:
    """Show the doubts; ask where somebody can answer.

    Raises:
        UserError: nobody agreed.
    """
    if not doubts or agreed:
        return
    for doubt in doubts:
        warn(f"? {doubt.message}")
    if sys.stdin.isatty() and input(_("Import it like this? [y/N] ")).strip().casefold() in {"y", "yes", "是"}:
        return
    raise UserError(_("Nothing was imported. Look at the doubts above; --yes takes them as they were understood."))
