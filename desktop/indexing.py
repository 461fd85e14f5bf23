"""`Indexing`: the search index follows the commits in the background, when a moment passes without one."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from resources.texts import T
from runtime.errors import UserError
from runtime.ui.jobs import Job, Jobs
from runtime.work import Progress

if TYPE_CHECKING:
    from runtime.session import Session
    from runtime.store.records import Applied

REST = 300
"""Milliseconds after which the index goes on: an import, and whatever a person waits for, comes first."""
SLICE = 2.0
"""Seconds of work after which others of the quiet lane have their turn."""
BREATH = 0.005
"""Seconds between two chunks, in which a save can come in between."""


class Indexing(QObject):
    """Keeps the search index of one open workspace up to date; nobody waits for it, and it makes nobody wait."""

    _committed = Signal()

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._session: Session | None = None
        self._job: Job | None = None
        self._heard = 0.0
        self._long = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REST)
        self._timer.timeout.connect(self._start)
        self._committed.connect(self._wait)

    @property
    def busy(self) -> bool:
        """Whether something is being indexed, or soon will be."""
        return self._job is not None or self._timer.isActive()

    def watch(self, session: Session) -> None:
        """Take care of a workspace that was opened."""
        self.leave()
        self._session = session
        self._timer.start()

    def leave(self) -> None:
        """The workspace is closed."""
        self._timer.stop()
        self._session = None
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def applied(self, applied: Applied) -> None:
        """Take notice of a ChangeSet; from any thread."""
        self._heard = time.monotonic()
        if applied.seq:
            self._committed.emit()

    @Slot()
    def _wait(self) -> None:
        if self._session is not None and self._job is None:
            self._timer.start()

    @Slot()
    def _start(self) -> None:
        if self._session is None or self._job is not None:
            return
        job = self._job = self._jobs.start(
            self,
            self._work,
            lambda more: self._ended(job, more),
            lambda _: self._ended(job, False),
            lane="quiet",
            label=T("Preparing the search") if self._long else "",
            cancelled=lambda: self._ended(job, False),
        )

    def _work(self, progress: Progress) -> bool:
        """Index for a while; whether there is more. On a worker, that holds the workspace no longer than a chunk."""
        until = time.monotonic() + SLICE
        while time.monotonic() < until:
            progress.check()
            if self._is_in_the_way:
                return True
            if not self._step():
                return False
            time.sleep(BREATH)
        return True

    def _step(self) -> bool:
        session = self._session
        try:
            return session is not None and session.index_some() is not None
        except UserError:  # a disk that is full says so where somebody saves; what waits goes on waiting
            return False

    @property
    def _is_in_the_way(self) -> bool:
        return self._jobs.busy or time.monotonic() - self._heard < REST / 1_000

    def _ended(self, job: Job, more: bool) -> None:
        if job is not self._job:
            return
        self._job, self._long = None, more
        if more or self._is_in_the_way:
            self._timer.start(REST if self._is_in_the_way else 0)
