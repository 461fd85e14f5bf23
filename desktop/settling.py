"""`Settling`: computed fields of many records are brought up to date in the background while people work on."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from resources.texts import T
from runtime.errors import UserError
from runtime.ui.jobs import Job, Jobs
from runtime.work import Progress

if TYPE_CHECKING:
    from runtime.session import Session
    from runtime.store.records import Applied

EVERY = 60_000
"""Milliseconds between two looks at the day."""
BREATH = 0.01
"""Seconds between two chunks, in which a save can come in between."""


class Settling(QObject):
    """Works off the queue of one open workspace, after changes that fill it, at its opening and on every new day."""

    _queued = Signal()

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._session: Session | None = None
        self._job: Job | None = None
        self._again = False
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY)
        self._timer.timeout.connect(self._start)
        self._queued.connect(self._start)

    def watch(self, session: Session) -> None:
        """Take care of a workspace that was opened."""
        self.leave()
        session.settles = False
        self._session = session
        self._timer.start()
        self._start()

    def leave(self) -> None:
        """The workspace is closed."""
        self._timer.stop()
        self._session, self._again = None, False
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def applied(self, applied: Applied) -> None:
        """Take notice of a ChangeSet; from any thread."""
        if applied.queued:
            self._queued.emit()

    @Slot()
    def _start(self) -> None:
        session = self._session
        if session is None:
            return
        if self._job is not None:
            self._again = True
            return
        ended = partial(self._ended, session)
        self._job = self._jobs.start(
            self,
            _work(session),
            lambda _: ended(),
            lambda _: ended(),  # a disk that is full says so where somebody saves; what waits goes on waiting
            lane="free",
            label=T("Updating computed fields"),
            cancelled=ended,
        )

    def _ended(self, session: Session) -> None:
        if session is not self._session:
            return
        self._job = None
        if self._again:
            self._again = False
            self._start()


def _work(session: Session) -> Callable[[Progress], None]:
    def work(progress: Progress) -> None:
        try:
            session.new_day()
        except UserError:
            return
        done = 0
        while (count := session.settle_some()) is not None:
            done += count
            progress.step(done, 0, T("Updating computed fields"))
            time.sleep(BREATH)

    return work
