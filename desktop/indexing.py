"""`Indexing`: the search index follows the commits in the background, in moments without one or after some time."""

from __future__ import annotations

import time
from collections.abc import Callable
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
LATEST = 2.0
"""Seconds after a change when the index goes on though commits never pause: one chunk, behind a commit."""
ROOM = 0.2
"""Seconds between two commits that leave room for a chunk; it goes on behind each, otherwise after `LATEST` again."""
BREATH = 0.002
"""Seconds between two chunks, in which the window goes on; who waits to save comes in between anyway."""


class Indexing(QObject):
    """Keeps the search index of one open workspace up to date; nobody waits for it, and it makes nobody wait.

    Args:
        jobs: whose quiet lane it works in.
        now, sleep: the time that passes, in seconds, and how it is spent between two chunks.
    """

    _committed = Signal()

    def __init__(
        self,
        jobs: Jobs,
        parent: QObject | None = None,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._now = now
        self._sleep = sleep
        self._session: Session | None = None
        self._job: Job | None = None
        self._heard = 0.0
        self._gap = 0.0
        self._since: float | None = None
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
        self._since = self._now()
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
        now = self._now()
        self._heard, self._gap = now, now - self._heard
        if applied.seq:
            if self._since is None:
                self._since = self._heard
            self._committed.emit()

    @Slot()
    def _wait(self) -> None:
        """Wait for a moment without a commit; too late for that, begin behind this one: the next is not so near."""
        if self._session is None or self._job is not None:
            return
        if self._is_late:
            self._start()
        else:
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
        until = self._now() + SLICE
        late = self._is_late
        while self._now() < until:
            progress.check()
            if self._is_in_the_way and not late:
                return True
            if not self._step():
                self._since = None
                return False
            if self._jobs.busy or self._gap < ROOM or not late:
                self._since = self._now()
            late = False
            self._sleep(BREATH)
        return True

    def _step(self) -> bool:
        session = self._session
        try:
            return session is not None and session.index_some() is not None
        except UserError:  # a disk that is full says so where somebody saves; what waits goes on waiting
            return False

    @property
    def _is_in_the_way(self) -> bool:
        return self._jobs.busy or self._now() - self._heard < REST / 1_000

    @property
    def _is_late(self) -> bool:
        since = self._since
        return since is not None and self._now() - since >= LATEST

    def _ended(self, job: Job, more: bool) -> None:
        if job is not self._job:
            return
        self._job, self._long = None, more
        if more or self._is_in_the_way:
            self._timer.start(REST if self._is_in_the_way else 0)
