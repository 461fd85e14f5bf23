"""`Draft`: what would be made of files: the plan, where its sheets go, and what is asked about that. A value; no Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from runtime.errors import Sentence
from runtime.exchange.columns import Doubt
from runtime.exchange.importing.aim import Aim
from runtime.exchange.importing.asking import Findings, Questions, answered, first_aim, wrongs
from runtime.exchange.importing.fitting import Coming, coming_beside
from runtime.exchange.importing.kept_aims import kept_aim
from runtime.exchange.importing.own_form import own_form
from runtime.exchange.importing.proposing import FormMatch, matches, without_forms
from runtime.exchange.importing.written_over import WrittenOver, written_over
from runtime.exchange.understanding.plan import ImportPlan, SheetPlan
from runtime.session import Session
from runtime.work import Progress

NEW = ""
"""Stands for a new form among the forms that a sheet can go into."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What would be made of files.

    Attributes:
        plan: what the sheets would become.
        aims: sheet -> which form of the open workspace it goes into; the others become new forms.
        past: sheet -> where the last such file went.
        matches: sheet -> the forms of the open workspace, the best first.
        homes: sheet -> id of the form whose records its rows seem to be; they go there until a person says otherwise.
        unanswered: sheets about which nobody has said yet where they go: a form of that name is there, or one with the
            same columns.
        over: sheet -> what its rows would write over in the form about which is asked.
        asked: sheet -> the questions about where it goes.
        notes: what was found in the files and left alone.
        encoding: of the first text file; "" where there is none.
    """

    plan: ImportPlan
    aims: Mapping[str, Aim] = field(default_factory=dict)
    past: Mapping[str, Aim] = field(default_factory=dict)
    matches: Mapping[str, tuple[FormMatch, ...]] = field(default_factory=dict)
    homes: Mapping[str, str] = field(default_factory=dict)
    unanswered: frozenset[str] = frozenset()
    over: Mapping[str, WrittenOver] = field(default_factory=dict)
    asked: Mapping[str, tuple[Doubt, ...]] = field(default_factory=dict)
    notes: tuple[Sentence, ...] = ()
    encoding: str = ""

    @classmethod
    def first(
        cls, plan: ImportPlan, session: Session | None, wanted: str = "", progress: Progress | None = None
    ) -> Draft:
        """What is proposed for a plan.

        Args:
            wanted: id of the form that the import was asked for: the sheet that fits it best goes there, no other.

        Raises:
            Cancelled: somebody asked to stop.
        """
        if session is None:
            return cls(plan)
        made = cls(plan, matches=_matches(plan, session))
        if wanted:
            return made._for_form(session, wanted)
        return made.at_home(session, made.matches, progress)

    def at_home(self, session: Session, sheets: Iterable[str], progress: Progress | None = None) -> Draft:
        """With sheets going into the forms whose records they hold; where that is not sure, it is asked.

        A sheet without rows, of which a form is there, is left out.
        """
        made = self
        for sheet in sheets:
            home = own_form(session, self.plan, sheet, [match.form for match in self.matches[sheet]], progress)
            if home is not None:
                made = replace(made, homes={**made.homes, sheet: home.form})
            if not self.plan.sheet(sheet).rows and (home is not None or made.is_alike(sheet)):
                made = replace(made, plan=made.plan.include(sheet, False))
            elif home is not None and home.sure:
                made = made.aimed_at(session, sheet, home.form)
            elif home is not None:
                made = _asking_where(made, sheet, home.over)
            elif made.is_alike(sheet) and not self.plan.sheet(sheet).rows:
                made = replace(made, plan=made.plan.include(sheet, False))
            elif made.is_alike(sheet):
                form = made.matches[sheet][0].form
                aim = kept_aim(session, self.plan, sheet, form) or first_aim(session, self.plan, sheet, form)
                made = _asking_where(made, sheet, written_over(session, self.plan, sheet, form, aim, progress))
        return made

    def is_alike(self, sheet: str) -> bool:
        """Whether a form of that name is there that it fits."""
        best = next(iter(self.matches.get(sheet, ())), None)
        return best is not None and best.likely and best.same_name

    def _for_form(self, session: Session, wanted: str) -> Draft:
        def fields(sheet: SheetPlan) -> int:
            return next((match.fields for match in self.matches[sheet.sheet] if match.form.id == wanted), 0)

        best = max((sheet for sheet in self.plan.sheets if sheet.include), key=fields, default=None)
        if best is None:
            return self
        plan = self.plan
        for sheet in plan.sheets:
            plan = plan.include(sheet.sheet, sheet.sheet == best.sheet)
        return replace(self, plan=plan).aimed_at(session, best.sheet, wanted)

    # Where sheets go

    @property
    def aimed(self) -> list[SheetPlan]:
        """Included sheets that go into forms that are there."""
        return [sheet for sheet in self.plan.sheets if sheet.include and sheet.sheet in self.aims]

    @property
    def new_sheets(self) -> list[SheetPlan]:
        """Included sheets that become new forms."""
        return [sheet for sheet in self.plan.sheets if sheet.include and sheet.sheet not in self.aims]

    def aimed_at(self, session: Session, sheet: str, form_id: str) -> Draft:
        """With a sheet going into a form, as the last such file did; `NEW` makes a new form of it."""
        aims = {name: aim for name, aim in self.aims.items() if name != sheet}
        past = {name: aim for name, aim in self.past.items() if name != sheet}
        form = session.form_of_id(form_id) if form_id else None
        if form is not None:
            kept = kept_aim(session, self.plan, sheet, form)
            if kept is not None:
                past[sheet] = kept
            aims[sheet] = kept or first_aim(session, self.plan, sheet, form)
        return replace(self, aims=aims, past=past, unanswered=self.unanswered - {sheet})

    def replanned(
        self, session: Session | None, edit: Callable[[ImportPlan], ImportPlan], progress: Progress | None = None
    ) -> Draft:
        """With another plan; where its tables are others now, sheets are looked at anew.

        Raises:
            Cancelled: somebody asked to stop.
        """
        plan = edit(self.plan)
        if session is None or plan.source is self.plan.source:
            return replace(self, plan=plan)
        old, new = self.plan.source.tables, plan.source.tables
        same = {name for name in new if name in old and old[name].headers == new[name].headers}
        aims = {name: aim for name, aim in self.aims.items() if name in same}
        made = replace(self, plan=plan, aims=aims, matches=_matches(plan, session))
        for name in self.aims.keys() & new.keys() - same:
            made = made.aimed_at(session, name, self.aims[name].form)
        return made.at_home(session, new.keys() - same - self.aims.keys() - self.decided, progress)

    @property
    def decided(self) -> set[str]:
        """Sheets that become new forms because a person said so."""
        asked = {name for name in self.matches if name in self.homes or self.is_alike(name)}
        return asked - self.unanswered - self.aims.keys()

    def after(self, former: Draft, session: Session | None, progress: Progress) -> Draft:
        """This draft of files that were read another way, changed as the former one was.

        Raises:
            Cancelled: somebody asked to stop.
        """
        made = self.replanned(session, lambda plan: plan.replayed(former.plan.steps, progress), progress)
        for name, aim in former.aims.items():
            table = former.plan.source.tables.get(name)
            if session is not None and table is not None and name in made.plan.source.tables:
                same = table.headers == made.plan.source.tables[name].headers
                made = made.aimed_at(session, name, aim.form)
                made = made.with_aim(name, aim) if same else made
        for name in former.decided & made.plan.source.tables.keys() if session is not None else ():
            made = made.aimed_at(session, name, NEW)  # type: ignore[arg-type]  # there is one
        return made

    def with_aim(self, sheet: str, aim: Aim) -> Draft:
        """With another aim of a sheet that has one."""
        return replace(self, aims={**self.aims, sheet: aim}) if sheet in self.aims else self

    def answered(self, session: Session, doubt: Doubt, choice: str) -> Draft:
        """After the answer to a question of `asked`."""
        aim = self.aims.get(doubt.sheet)
        if aim is None:
            return self
        return self.with_aim(doubt.sheet, answered(session, self.plan, aim, doubt, choice, self.past.get(doubt.sheet)))

    def without_forms(self) -> Draft:
        """With every sheet becoming a new form: the workspace was left."""
        return Draft(without_forms(self.plan), notes=self.notes, encoding=self.encoding)

    # What is asked

    def asking(self, session: Session | None, findings: Mapping[str, Findings]) -> Draft:
        """With the questions that hold now; a sheet whose form was taken away becomes a new form.

        Args:
            findings: sheet -> what was counted for its aim, where it was counted already.
        """
        if session is None:
            return self
        tables = self.plan.source.tables
        aims = {
            sheet: aim
            for sheet, aim in self.aims.items()
            if sheet in tables and session.form_of_id(aim.form) is not None
        }
        asked = {
            sheet: tuple(
                Questions(session, self.plan, sheet, aim, self.past.get(sheet), findings.get(sheet, Findings())).all()
            )
            for sheet, aim in aims.items()
        }
        gone = {sheet for sheet, form in self.homes.items() if session.form_of_id(form) is None}
        made = replace(self, aims=aims if len(aims) < len(self.aims) else self.aims, asked=asked)
        if not gone:
            return made
        homes = {sheet: form for sheet, form in self.homes.items() if sheet not in gone}
        return replace(made, homes=homes, unanswered=self.unanswered - gone)

    def wrongs(self, session: Session | None) -> dict[str, str]:
        """Sheet -> why its rows cannot go where it is aimed."""
        found = {}
        for sheet in self.aimed if session is not None else ():
            said = wrongs(session, self.aims[sheet.sheet])  # type: ignore[arg-type]  # there is one
            if said:
                found[sheet.sheet] = str(said[0])
        return found

    def coming(self, session: Session, sheet: str) -> Coming:
        """Form -> texts that name records which other sheets bring before one that goes into a form."""
        return coming_beside(session, self.plan, sheet, {each.sheet: self.aims[each.sheet] for each in self.aimed})

    def target(self, sheet: str) -> str:
        """Id of the form that a sheet goes into; `NEW` = a new one."""
        aim = self.aims.get(sheet)
        return aim.form if aim is not None else NEW


def _asking_where(draft: Draft, sheet: str, over: WrittenOver | None) -> Draft:
    found = {**draft.over, sheet: over} if over is not None else draft.over
    return replace(draft, unanswered=draft.unanswered | {sheet}, over=found)


def _matches(plan: ImportPlan, session: Session) -> dict[str, tuple[FormMatch, ...]]:
    forms = session.forms
    return {sheet.sheet: tuple(matches(plan, sheet.sheet, forms, session.scope)) for sheet in plan.sheets}
