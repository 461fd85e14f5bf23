"""`Safekeeping`: looks after the open workspace while people work, and tells them what they must know.

Every minute a round of `runtime.store.upkeep` runs in the background: backups, room on the disk, the weekly check. What
it finds stands in the notice bar for as long as it holds.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from desktop.interrupted import Interrupted
from desktop.shell import Shell
from resources.texts import T
from runtime.errors import Problem, Sentence, UserError
from runtime.ui.jobs import Job
from runtime.ui.notices import Notice, NoticeAction, Tone
from runtime.work import Progress

if TYPE_CHECKING:  # the store is loaded when a workspace is opened
    from runtime.session import Session
    from runtime.store.aftermath import Word
    from runtime.store.upkeep import Upkeep

FIRST, EVERY, SOON = 4_000, 60_000, 5_000
"""Milliseconds to the first round, between rounds, and between rounds while the disk is full."""
DAMAGED, FULL = "damaged", "disk_full"

HINTS: dict[str, Sentence] = {
    "disk_full": T("Free some space; saving goes on by itself then."),
    "disk_low": T("Free some space before it is full."),
    "backup_failed": T("What you save is safe on this disk, but there is no newer copy of it."),
    "clock_behind": T("Set the clock of this computer. Changes keep their order either way."),
    "clock_ahead": T("Dates of what you do now would be wrong otherwise."),
    "network_share": T("Keep it on a disk of this computer, and copy backups to the share."),
    "damaged": T("Repair looks closely, and goes back to the newest sound backup where that is needed."),
}


class Safekeeping(QObject):
    """The safekeeping of the workspace that is open in the window."""

    def __init__(self, shell: Shell, parent: QObject) -> None:
        super().__init__(parent)
        self._shell = shell
        self._session: Session | None = None
        self._upkeep: Upkeep | None = None
        self._job: Job | None = None
        self._said: set[str] = set()
        self._interrupted = Interrupted(shell, self)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.round)
        shell.notices.posted.connect(self._noticed)

    def watch(self, session: Session) -> None:
        """Look after a workspace that was opened, and tell what was found then."""
        from runtime.store.aftermath import words_of
        from runtime.store.upkeep import Upkeep

        self.leave()
        self._session = session
        for word in reversed(words_of(session.safety)):
            self._tell(word)
        self._interrupted.watch(session)
        if not session.safety.read_only:
            self._upkeep = Upkeep(session.safety)
            self._timer.start(FIRST)

    def leave(self) -> None:
        """The workspace is closed."""
        self._timer.stop()
        if self._job is not None:
            self._job.cancel()
        self._session = self._upkeep = self._job = None
        self._interrupted.leave()
        for code in self._said:
            self._shell.notices.withdraw(code)
        self._said.clear()

    @Slot()
    def round(self) -> None:
        """Do what is due, in the background."""
        upkeep = self._upkeep
        if upkeep is None or self._job is not None:
            return
        self._timer.start(EVERY)

        def work(progress: Progress) -> list[Problem]:
            return upkeep.round(progress)

        self._job = self._shell.jobs.start(
            self, work, partial(self._heard, upkeep), partial(self._failed, upkeep),
            lane="quiet", label=T("Looking after the workspace"), cancelled=partial(self._stopped, upkeep),
        )  # fmt: skip

    def _ended(self, upkeep: Upkeep) -> bool:
        """Whether the round that ended was of the workspace that is open now."""
        if upkeep is not self._upkeep:
            return False
        self._job = None
        return True

    def _stopped(self, upkeep: Upkeep) -> None:
        self._ended(upkeep)

    def _failed(self, upkeep: Upkeep, error: UserError) -> None:
        if self._ended(upkeep) and error.code != "bug":
            self._shell.notices.report(error)

    def _heard(self, upkeep: Upkeep, problems: list[Problem]) -> None:
        if not self._ended(upkeep):
            return
        now = {problem.code: problem for problem in problems}
        for code in self._said & HINTS.keys() - now.keys():
            self._shell.notices.withdraw(code)
            self._said.discard(code)
        for code, problem in now.items():
            if code not in self._said:
                self._say(problem)
        if FULL in now:
            self._timer.start(SOON)

    def _say(self, problem: Problem) -> None:
        self._said.add(problem.code)
        tone = Tone.DANGER if problem.stops else Tone.WARNING
        actions = self._actions(problem.code)
        self._shell.notices.post(Notice(tone, problem.message, HINTS.get(problem.code, ""), actions, problem.code))

    def _tell(self, word: Word) -> None:
        self._said.add(word.code)
        tone = Tone.WARNING if word.bad or word.code == "read_only" else Tone.INFO
        self._shell.notices.post(Notice(tone, word.message, word.hint, self._actions(word.code), word.code))

    def _actions(self, code: str) -> tuple[NoticeAction, ...]:
        if code == DAMAGED:
            return (NoticeAction(T("Repair"), self._repair),)
        return ()

    @Slot(object)
    def _noticed(self, notice: Notice) -> None:
        """Somebody met damage or a full disk at work: say what helps, and look again soon."""
        if self._session is None or notice.code not in {DAMAGED, FULL} or notice.code in self._said:
            return
        if notice.code == DAMAGED:
            self._session.safety.suspect()
            self._say(Problem("", DAMAGED, notice.message))
        else:
            self._said.add(FULL)
            self._timer.start(SOON)

    # What the buttons of the notices do

    def _repair(self) -> None:
        """Close the workspace and open it again: the opening finds the damage and restores."""
        if self._session is not None:
            self._shell.open_workspace(self._session.folder)
