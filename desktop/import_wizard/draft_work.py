"""`DraftWork`: changes a draft, draws its preview and counts what does not fit, all in the background."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.import_wizard import homes
from desktop.import_wizard.draft import Draft
from desktop.import_wizard.preview import Preview, count_misfits, preview, preview_into
from resources.texts import T, language
from runtime.errors import UserError
from runtime.exchange.columns import ColumnPlan
from runtime.exchange.importing.aim import Aim
from runtime.exchange.importing.asking import Findings, look_over
from runtime.exchange.understanding.plan import ImportPlan
from runtime.session import Session
from runtime.ui.jobs import Job, Jobs
from runtime.work import Progress

REST = 300
"""Milliseconds without a change after which cells that do not fit are counted; the preview is drawn first."""

Edit = Callable[[ImportPlan], ImportPlan]
Change = Callable[[Draft, Progress], Draft]
Stopped = Callable[[], None]


class DraftWork(QObject):
    """The draft of one import.

    Attributes:
        now: the draft; None until the files were read.
        session: the open workspace.
        sheet: name of the sheet in front.
        preview: of that sheet; None until it is there.

    Signals:
        planned(): another draft.
        previewed(): the preview of the sheet in front is there.
        counted(): cells that do not fit were counted.
        arrived(): no change is under way any more.
        broken_off(UserError | None): changes were not made: one failed, or a person stopped them.
    """

    planned = Signal()
    previewed = Signal()
    counted = Signal()
    arrived = Signal()
    broken_off = Signal(object)

    def __init__(self, jobs: Jobs, session: Session | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._errands = QObject(self)
        self.session = session
        self.now: Draft | None = None
        self.sheet = ""
        self.preview: Preview | None = None
        self._language = ""
        self._changes: list[tuple[Change, Stopped | None]] = []
        self._under_way: list[tuple[Change, Stopped | None]] = []
        self._busy = False
        self._misfits: dict[tuple[str, str], int] = {}
        self._findings: dict[str, tuple[tuple[Aim, ...], Findings]] = {}
        self._counting: Job | None = None
        self._counts = True
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(REST)
        self._later.timeout.connect(self._count)

    def begin(self, draft: Draft) -> None:
        """Start with a draft, in place of a former one, whatever was to be done to that."""
        self._let_go()
        self.now = draft
        self._misfits, self._findings, self.preview = {}, {}, None
        self.sheet = _in_front(draft, self.sheet)
        self._show()
        self.planned.emit()

    def begin_again(self, draft: Draft, stopped: Stopped) -> None:
        """The files were read another way: what was changed by hand is done to their draft, in the background.

        Args:
            stopped: called where a person stopped that; the former draft stays.
        """
        session = self.session
        self.change_draft(lambda former, progress: draft.after(former, session, progress), stopped)

    def end(self) -> None:
        """Let the draft go."""
        self._later.stop()
        self.now = self.preview = None

    def leave_workspace(self) -> None:
        """The workspace is closed: its forms are no targets any more, and what looks into it is not waited for."""
        dropped = [*self._under_way, *self._changes] if self._busy else self._changes[:]
        self._let_go()  # one that looks into it would fail, and all behind it with it
        self.session = None
        _tell(dropped)
        self.broken_off.emit(None)
        if self.now is not None:
            self.change_draft(lambda draft, _: draft.without_forms())

    def _let_go(self) -> None:
        """Nothing that is under way or waits is done."""
        self._errands.deleteLater()
        self._errands, self._busy = QObject(self), False
        self._changes.clear()

    @property
    def changing(self) -> bool:
        """Whether a change is under way; that it is only drawn anew is none."""
        waiting = [*(self._under_way if self._busy else ()), *self._changes]
        return any(change is not _as_it_is for change, _stopped in waiting)

    @property
    def settled(self) -> bool:
        """Whether every change has arrived and is drawn."""
        drawn = self.preview is not None and self.preview.sheet == self.sheet
        return not self._busy and not self._changes and drawn

    # Changing

    def change(self, edit: Edit) -> None:
        """Change the plan; the new one and its preview arrive a moment later, in the order of the calls."""
        session = self.session
        self.change_draft(lambda draft, progress: draft.replanned(session, edit, progress))

    def change_draft(self, change: Change, stopped: Stopped | None = None) -> None:
        """Change the draft in the same way.

        Args:
            stopped: called where a person stopped it; the draft is as it was.
        """
        self._changes.append((change, stopped))
        self._work()

    def aim(self, sheet: str, change: Callable[[Aim], Aim]) -> None:
        """Change where a sheet goes."""
        self.change_draft(
            lambda draft, _: draft.with_aim(sheet, change(draft.aims[sheet])) if sheet in draft.aims else draft
        )

    def aim_at(self, sheet: str, form_id: str) -> None:
        """Let a sheet go into another form."""
        session = self.session
        if session is not None:
            self.change_draft(lambda draft, _: draft.aimed_at(session, sheet, form_id))

    def answer(self, doubt_id: str, choice: str) -> None:
        """Decide a doubt of the plan, or a question about where a sheet goes."""
        session, now = self.session, self.now
        if session is not None and doubt_id.endswith(f"/{homes.WHERE}"):
            self.change_draft(lambda draft, _: homes.with_where(draft, session, choice))
            return
        if session is not None and doubt_id.endswith(f"//{homes.HOME}"):
            self.change_draft(lambda draft, _: homes.with_home(draft, session, doubt_id, choice))
            return
        asked = [doubt for doubts in (now.asked.values() if now is not None else ()) for doubt in doubts]
        doubt = next((doubt for doubt in asked if doubt.id == doubt_id), None)
        if doubt is None or session is None:
            self.change(lambda plan: plan.choose(doubt_id, choice))
        else:
            self.change_draft(lambda draft, _: draft.answered(session, doubt, choice))

    def show_sheet(self, sheet: str) -> None:
        """Bring a sheet to the front."""
        if sheet != self.sheet:
            self.sheet = sheet
            self.preview = None
            self.planned.emit()
            self._show()

    def _show(self) -> None:
        self.change_draft(_as_it_is)

    def translate(self) -> None:
        """The preview speaks another language now, where it does: dates are words."""
        if self.preview is not None and self._language != language():
            self._show()

    def _work(self) -> None:
        if self._busy or self.now is None or not self._changes:
            return
        changes, self._changes = self._changes, []
        self._under_way = changes
        draft, sheet, session = self.now, self.sheet, self.session
        findings = self._known(draft)
        self._busy = True

        def work(progress: Progress) -> tuple[Draft, Preview]:
            made = draft
            for change, _stopped in changes:
                made = change(made, progress)
            progress.check()
            made = made.asking(session, findings if made.plan.source is draft.plan.source else {})
            front = _in_front(made, sheet)
            aim = made.aims.get(front)
            if aim is not None and session is not None:
                coming = made.coming(session, front) if made.plan.sheet(front).include else None
                return made, preview_into(session, made.plan, front, aim, coming=coming)
            return made, preview(made.plan, front, session)

        label = T("Looking at the sheets")
        self._jobs.start(
            self._errands, work, self._worked, self._unworked, lane="free", label=label, cancelled=self._stopped
        )

    def _worked(self, result: tuple[Draft, Preview]) -> None:
        self._language = language()
        self._busy = False
        if self.now is None:
            return
        former, (self.now, found) = self.now, result
        if former.plan.source is not self.now.plan.source:
            self._look_anew()
        if former != self.now:
            self.planned.emit()
        if found.sheet == self.sheet:
            self.preview = found
            self.previewed.emit()
        self._work()
        if not self._busy:
            self._soon()
        if not self.changing:
            self.arrived.emit()

    def _look_anew(self) -> None:
        """The tables are others now: what was counted of the former ones says nothing."""
        assert self.now is not None
        if self._counting is not None:
            self._counting.cancel()
        self._misfits, self._findings, self.preview = {}, {}, None
        self.sheet = _in_front(self.now, self.sheet)

    def _unworked(self, error: UserError) -> None:
        self._busy = False
        _tell(self._under_way)
        self.broken_off.emit(error)
        self._work()

    def _stopped(self) -> None:
        """A person stopped a change: everything is shown as it is without."""
        self._busy = False
        _tell(self._under_way)
        self.broken_off.emit(None)
        self.planned.emit()
        self._show()

    # Counting

    def misfits(self, column: ColumnPlan) -> int:
        """Cells of a column of the sheet in front that are no value of its type; 0 until they were counted."""
        if self.now is not None and self.sheet in self.now.aims:
            known = self._findings.get(self.sheet)
            return known[1].bad.get(column.source, 0) if known is not None else 0
        return self._misfits.get((self.sheet, _shape(column)), 0)

    def _known(self, draft: Draft) -> dict[str, Findings]:
        return {sheet: found for sheet, (_aim, found) in self._findings.items() if sheet in draft.aims}

    def count_later(self) -> None:
        """Stop counting, which takes the processor from an import, until `count_on`."""
        self._counts = False
        self._later.stop()
        if self._counting is not None:
            self._counting.cancel()

    def count_on(self) -> None:
        """Count what was not counted yet."""
        self._counts = True
        self._soon()

    def _soon(self) -> None:
        if self._counts:
            self._later.start()

    def _count(self) -> None:
        if self._counting is not None:
            self._counting.cancel()
        if self.now is None:
            return
        draft, sheet, session = self.now, self.sheet, self.session
        misfits, findings = dict(self._misfits), dict(self._findings)

        def work(progress: Progress) -> tuple[dict[tuple[str, str], int], dict[str, tuple[tuple[Aim, ...], Findings]]]:
            for each in draft.aimed if session is not None else ():
                asked = draft.aims[each.sheet], *_beside(draft, each.sheet)
                if findings.get(each.sheet, ((), None))[0] != asked:
                    coming = draft.coming(session, each.sheet)  # type: ignore[arg-type]  # there is one
                    findings[each.sheet] = asked, look_over(session, draft.plan, each.sheet, asked[0], progress, coming)  # type: ignore[arg-type]
            if sheet not in draft.aims:
                for column in draft.plan.sheet(sheet).columns:
                    key = (sheet, _shape(column))
                    if column.include and key not in misfits:
                        misfits[key] = count_misfits(draft.plan, sheet, column, progress)
            return misfits, findings

        self._counting = self._jobs.start(self._errands, work, self._have_counted, lambda _error: None, lane="free")

    def _have_counted(
        self, found: tuple[dict[tuple[str, str], int], dict[str, tuple[tuple[Aim, ...], Findings]]]
    ) -> None:
        misfits, findings = found
        self._misfits |= misfits
        asks = findings != self._findings
        self._findings = findings
        self.counted.emit()
        if asks:
            self._show()


def _as_it_is(draft: Draft, _progress: Progress) -> Draft:
    return draft


def _in_front(draft: Draft, sheet: str) -> str:
    """The sheet of that name, or where there is none the first one that is taken."""
    names = [each.sheet for each in draft.plan.sheets]
    return sheet if sheet in names else next((each.sheet for each in draft.plan.sheets if each.include), names[0])


def _tell(changes: Sequence[tuple[Change, Stopped | None]]) -> None:
    """Changes are not made after all, the last one first: each knows how it was before it."""
    for _change, stopped in reversed(changes):
        if stopped is not None:
            stopped()


def _beside(draft: Draft, sheet: str) -> list[Aim]:
    """Where the other sheets go."""
    return [draft.aims[each.sheet] for each in draft.aimed if each.sheet != sheet]


def _shape(column: ColumnPlan) -> str:
    """What decides which cells fit."""
    year = column.year  # of days that do not say theirs
    return repr((column.source, column.field_type, column.props, column.relation, column.order, column.pad, year))
