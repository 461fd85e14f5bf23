"""What a workspace needs while it is open: a backup every ten minutes of change, room on the disk, a check every week.

`round` is called again and again by whoever holds the workspace open; it is work for a worker thread, and what people
must know comes back as `Problem` values that hold as long as they come back.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from resources.texts import T
from runtime.dates import local_zone
from runtime.errors import Problem, Sentence, Severity, UserError
from runtime.store import disk, integrity
from runtime.store.backups import CHANGE
from runtime.store.disk import FreeSpace, size
from runtime.store.folder import DATABASE
from runtime.work import Progress

if TYPE_CHECKING:
    from runtime.store.safety import Safety

EVERY = 600.0
"""Seconds of change between two backups."""
CHECK_EVERY = timedelta(days=7)
QUIET = 60.0
"""Seconds without a change after which long checks may run."""
MARGIN = 64 * 1024**2
"""Bytes that stay free beside a backup."""
BEHIND, AHEAD, JUMP = timedelta(days=1), timedelta(days=366), timedelta(days=30)
"""Differences between a clock and what is known from which on people are asked to look at it."""


class Upkeep:
    """The upkeep of one open workspace that can be written.

    Args:
        safety: of the workspace.
        elapsed: seconds that never go back; decides when a backup is due.
        free: bytes free on the disk of a folder.
    """

    def __init__(
        self, safety: Safety, elapsed: Callable[[], float] = time.monotonic, free: FreeSpace = disk.free_space
    ) -> None:
        self._safety = safety
        self._clock = clock = safety.clock
        self._elapsed = elapsed
        self._free = free
        self._backed_at = elapsed()
        self._inherited = not safety.is_backed_up
        """Changes of an earlier session that no backup holds are not made to wait."""
        self._seen = (safety.head, elapsed())
        self._failed: list[Problem] = []
        self._latest = (clock.now(), elapsed())
        stamped = safety.opening.stamped
        self._opened_ahead = stamped is not None and clock.now() - stamped > AHEAD
        self._share = disk.is_network_share(safety.folder)

    def round(self, progress: Progress) -> list[Problem]:
        """Do what is due.

        Returns:
            what holds now: `damaged`, `disk_full`, `disk_low`, `backup_failed`, `clock_behind`, `clock_ahead`,
            `network_share`.

        Raises:
            Cancelled: somebody asked to stop.
        """
        found = self._disk() + self._clocks() + self._backup(progress) + self._check(progress)
        if self._share:
            message = T("This workspace is on another computer's disk. A lost connection can damage it.")
            found.append(_warning("network_share", message))
        return found

    def _disk(self) -> list[Problem]:
        left = self._free(self._safety.folder)
        self._safety.recover(left)
        if self._safety.is_full:
            message = T("The disk is full. Nothing can be saved until there is space again; everything can be read.")
            return [Problem("", "disk_full", message)]
        if left < disk.LOW:
            message = T("Only {free} are free on the disk of this workspace.", free=size(left))
            return [_warning("disk_low", message)]
        return []

    def _clocks(self) -> list[Problem]:
        now, ticks = self._clock.now(), self._elapsed()
        latest, then = self._latest
        leap = (now - latest) - timedelta(seconds=ticks - then)
        stamped = self._safety.stamped()
        if stamped is not None and stamped - now > BEHIND:
            dates = {"date": _day(stamped), "now": _day(now)}
            message = T("The last change is dated {date}, but this computer says it is {now}.", **dates)
            return [_warning("clock_behind", message)]
        if leap > JUMP or (self._opened_ahead and leap > -JUMP):
            message = T("This computer says it is {now}. Is that right?", now=_day(now))
            return [_warning("clock_ahead", message)]
        self._latest = max(self._latest, (now, ticks))
        return []

    def _backup(self, progress: Progress) -> list[Problem]:
        """A backup where one is due; what stood in its way is said until one succeeds."""
        if self._is_due():
            database = (self._safety.folder / DATABASE).stat().st_size
            left = self._free(self._safety.folder)
            if left < database + MARGIN:
                message = T("There is no room for a backup: {free} are free.", free=size(left))
                self._failed = [_warning("backup_failed", message)]
            else:
                self._backed_at, self._inherited = self._elapsed(), False
                self._failed = self._tried(progress)
        return self._failed

    def _tried(self, progress: Progress) -> list[Problem]:
        try:
            self._safety.backup(CHANGE, progress)
            return []
        except UserError as error:
            if error.code == "damaged":
                return [_damaged()]
            return [_warning("backup_failed", T("The last backup did not succeed. {reason}", reason=str(error)))]

    def _is_due(self) -> bool:
        return not self._safety.is_backed_up and (self._inherited or self._elapsed() - self._backed_at >= EVERY)

    def _check(self, progress: Progress) -> list[Problem]:
        """The whole file, once a week, while nothing is being changed."""
        head, since = self._seen
        if head != self._safety.head:
            self._seen = (self._safety.head, self._elapsed())
            return []
        if self._elapsed() - since < QUIET or not self._is_check_due():
            return []
        progress.step(0, 0, T("Checking the workspace"))
        found = integrity.problems_of(self._safety.database, self._safety.apps)
        if any(problem.stops for problem in found):
            self._safety.suspect()
            return [_damaged()]
        self._safety.set_checked(self._clock.now())
        return []

    def _is_check_due(self) -> bool:
        last = self._safety.checked()
        return last is None or not timedelta(0) <= self._clock.now() - last < CHECK_EVERY


def _warning(code: str, message: Sentence) -> Problem:
    return Problem("", code, message, Severity.WARNING)


def _damaged() -> Problem:
    return Problem("", "damaged", T("The workspace file is damaged."))


def _day(moment: datetime) -> str:
    return moment.astimezone(local_zone()).date().isoformat()
