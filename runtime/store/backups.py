"""`Backups`: the rolling backups of one workspace: made, listed, thinned, and searched for the newest sound one."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from resources.texts import T, Text
from runtime.clock import Clock
from runtime.errors import Sentence, UserError
from runtime.store import backup_file, retention
from runtime.store.backup_file import PART, SUFFIX, Backup, DamagedBackup, Source
from runtime.store.engine import StoreFailure, WrongKey
from runtime.store.folder import BACKUPS
from runtime.work import Progress

CHANGE, UPGRADE, PUBLISH, IMPORT, RESTORE, KEY, ASKED = (
    "change", "upgrade", "publish", "import", "restore", "key", "asked",
)  # fmt: skip
REASONS: dict[str, Text] = {
    CHANGE: T("after changes"),
    UPGRADE: T("before an upgrade"),
    PUBLISH: T("before a new version of an app"),
    IMPORT: T("before an import"),
    RESTORE: T("before a restore"),
    KEY: T("before the key changed"),
    ASKED: T("asked for"),
}
"""Why a backup was made, in words."""


def reason_of(backup: Backup) -> Sentence:
    """Why it was made; a reason of a newer program as it stands."""
    return REASONS.get(backup.manifest.reason, backup.manifest.reason)


@contextmanager
def told(target: Path) -> Iterator[None]:
    """A disk that says no to a file, in words."""
    try:
        yield
    except OSError as error:
        code = "disk_full" if error.errno in {errno.ENOSPC, errno.EDQUOT} else "backup_failed"
        reason = str(error.strerror or error)
        raise UserError(T("The backup could not be written to {place}.", place=str(target)), reason, code) from error


class Backups:
    """The folder `backups` of a workspace.

    Args:
        folder: of the workspace.
        clock: names the files; decides nothing.
    """

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.folder = folder / BACKUPS
        self._clock = clock

    def listed(self) -> list[Backup]:
        """Every backup that can be described, newest first; files that cannot are left alone and left out."""
        found = []
        for path in self._files():
            with suppress(UserError):
                found.append(backup_file.read(path))
        return sorted(found, key=lambda backup: -backup.manifest.number)

    def make(self, source: Source, reason: str, progress: Progress, spare: Path | None = None) -> Backup:
        """Back up, check what was written, and only then thin the older ones.

        Args:
            spare: a backup that stays whatever the ladder says.

        Raises:
            StoreFailure, DamagedBackup, UserError: as `backup_file.write`; then everything older is still there.
        """
        with told(self.folder):
            self.folder.mkdir(mode=0o700, exist_ok=True)
            self.sweep()
            older = self.listed()
            number = max((backup.manifest.number for backup in older), default=0) + 1
            made = self._clock.now().astimezone(UTC)
            backup = backup_file.write(source, self._path(made), number, made, reason, progress)
            self._thin([backup, *(each for each in older if each.path != spare)])
        return backup

    def newest_sound(self, key: bytes, progress: Progress) -> Backup | None:
        """The newest backup that is whole to the last byte and opens with `key`."""
        return next(self.sound(lambda _backup: key, progress), None)

    def sound(self, key_of: Callable[[Backup], bytes], progress: Progress) -> Iterator[Backup]:
        """The sound backups, newest first, each checked when it is asked for."""
        for backup in self.listed():
            with suppress(DamagedBackup, WrongKey, StoreFailure):
                backup_file.check(backup, key_of(backup), progress)
                yield backup

    def sweep(self) -> None:
        """Take away what a crash left of a backup in the making."""
        for left in self.folder.glob(f"*{SUFFIX}{PART}*"):
            left.unlink(missing_ok=True)

    def _files(self) -> list[Path]:
        try:
            return [path for path in self.folder.iterdir() if path.suffix == SUFFIX]
        except OSError:
            return []

    def _path(self, made: datetime) -> Path:
        """A name that is not taken; two in one second happen, and a clock may show a second twice."""
        stamp = made.strftime("%Y-%m-%dT%H%M%SZ")
        path, again = self.folder / f"{stamp}{SUFFIX}", 1
        while path.exists():
            again += 1
            path = self.folder / f"{stamp}-{again}{SUFFIX}"
        return path

    def _thin(self, backups: list[Backup]) -> None:
        copies = [
            retention.Copy(
                backup.manifest.number,
                backup.manifest.made,
                backup.path.stat().st_size,
                backup.manifest.reason != CHANGE,
            )
            for backup in backups
        ]
        database = max(backups[0].database, 1)
        staying = retention.kept(copies, retention.room(database))
        for backup in backups:
            if backup.manifest.number not in staying:
                backup.path.unlink(missing_ok=True)
