"""Sheets whose form is there already: what is asked about them, and what the answers do; no Qt."""

from __future__ import annotations

from collections.abc import Sequence

from desktop.import_wizard.draft import NEW, Draft
from resources.texts import TN, T, _
from runtime.errors import Sentence, run_on
from runtime.exchange.columns import Choice, Doubt
from runtime.exchange.importing.aim import Mode
from runtime.exchange.importing.written_over import over_words
from runtime.exchange.understanding.plan import SheetPlan
from runtime.session import Session

WHERE, HOME, THERE, FRESH, SKIP = "where", "home", "there", "fresh", "skip"


def where_doubt(draft: Draft) -> Doubt | None:
    """Whether rows go into the forms of those names that are there; None where nobody has to say."""
    open_ = [sheet for sheet in draft.new_sheets if sheet.sheet in draft.unanswered and sheet.sheet not in draft.homes]
    if not open_:
        return None
    names = ", ".join(f"“{draft.matches[sheet.sheet][0].form.name}”" for sheet in open_)
    message = TN("The form {names} is there already.", "{n} forms are there already: {names}.", len(open_), names=names)
    there = TN("Put the rows into it", "Put the rows into them", len(open_))
    fresh = TN("Make another form of that name", "Make other forms of those names", len(open_))
    asked = run_on(message, _over_all(draft, open_))
    return Doubt(open_[0].sheet, None, WHERE, asked, (Choice(THERE, there), Choice(FRESH, fresh)), "")


def _over_all(draft: Draft, sheets: Sequence[SheetPlan]) -> Sentence:
    """How many records would be written over in the forms of those names."""
    if len(sheets) == 1:
        name = sheets[0].sheet
        return over_words(draft.over.get(name), draft.matches[name][0].form.name)
    found = [draft.over[sheet.sheet] for sheet in sheets if sheet.sheet in draft.over]
    changed, records = sum(over.changed for over in found), sum(over.records for over in found)
    if not changed:
        return ""
    return TN(
        "{n} of their {total} records would be written over.", "{n} of their {total} records would be written over.",
        changed, total=f"{records:,}",
    )  # fmt: skip


def with_where(draft: Draft, session: Session, choice: str) -> Draft:
    """The draft after the answer to that."""
    for sheet in draft.new_sheets:
        if sheet.sheet in draft.unanswered and sheet.sheet not in draft.homes:
            target = draft.matches[sheet.sheet][0].form.id if choice == THERE else NEW
            draft = draft.aimed_at(session, sheet.sheet, target)
    return draft


def home_doubt(draft: Draft, sheet: SheetPlan) -> Doubt | None:
    """Whether rows go into the form whose records they seem to be; None where there is no such form."""
    home, name = draft.homes.get(sheet.sheet), form_named(draft, sheet.sheet)
    if home is None or not name or not sheet.include or draft.target(sheet.sheet) not in {home, NEW}:
        return None
    aim = draft.aims.get(sheet.sheet)
    over = draft.over.get(sheet.sheet)
    if over is not None and aim is not None and not (aim.mode is Mode.ADD if over.twice else aim.mode.changes):
        over = None
    message = run_on(T("The rows look like records of the form “{form}”.", form=name), over_words(over, name))
    choices: tuple[Choice, ...]
    choices = (Choice(THERE, T("Put the rows into “{form}”", form=name)), Choice(FRESH, T("Make a new form of them")))
    if over is not None and over.twice:
        choices = (*choices, Choice(SKIP, T("Leave the sheet out")))
    chosen = THERE if draft.target(sheet.sheet) == home else "" if sheet.sheet in draft.unanswered else FRESH
    return Doubt(sheet.sheet, None, HOME, message, choices, chosen)


def form_named(draft: Draft, sheet: str) -> str:
    """Name of the form whose records the rows of a sheet seem to be; "" where there is none."""
    home = draft.homes.get(sheet)
    return next((match.form.name for match in draft.matches.get(sheet, ()) if match.form.id == home), "")


def with_home(draft: Draft, session: Session, doubt_id: str, choice: str) -> Draft:
    """The draft after the answer to that."""
    sheet = doubt_id.removesuffix(f"//{HOME}")
    if choice == SKIP:
        return draft.replanned(session, lambda plan: plan.include(sheet, False))
    return draft.aimed_at(session, sheet, draft.homes.get(sheet, NEW) if choice == THERE else NEW)


def where_to(draft: Draft, sheet: str) -> str:
    """What is wrong with a sheet about which nobody has said where it goes."""
    if sheet in draft.homes:
        return _("“{sheet}” looks like records of “{form}”. Choose where the rows go.", sheet=sheet,
                 form=form_named(draft, sheet))  # fmt: skip
    same = draft.matches[sheet][0].form.name
    return _("The form “{name}” is there already. Choose where the rows go.", name=same)
