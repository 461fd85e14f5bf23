"""Putting a backup in the place of a workspace's database; what was there is moved aside, never deleted.

However it is interrupted, the next opening finds the old database, the restored one, or none and the backups.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from resources.texts import T
from runtime.clock import Clock
from runtime.errors import UserError, reason_of_system
from runtime.store import backup_file, key_slots
from runtime.store.backup_file import Backup
from runtime.store.backups import Backups
from runtime.store.folder import DAMAGED, DATABASE, LOG, SHARED, sync_folder, with_suffix
from runtime.work import Progress

DRAFT = f"{DATABASE}.restored"
"""The restored database until it is whole."""


@dataclass(frozen=True, slots=True)
class Restored:
    """A restoration that took place.

    Attributes:
        backup: what was restored.
        lost: commits that were acknowledged and are not in it; None where nobody knows.
        aside: where the damaged files are.
    """

    backup: Backup
    lost: int | None
    aside: Path


def restore_newest(
    folder: Path, key: bytes, clock: Clock, acknowledged: int | None, progress: Progress
) -> Restored | None:
    """Put the newest sound backup in the place of a damaged database; None where there is none: nothing is touched.

    Args:
        folder: of the workspace, whose lock the caller holds and whose database nobody has open.
        acknowledged: the last commit that somebody was told is safe, where it is known.
    """
    for backup in Backups(folder, clock).sound(lambda _backup: key, progress):
        draft = folder / DRAFT
        try:
            backup_file.extract(backup, draft, progress)
            aside = move_aside(folder, clock)
            _into_place(draft, folder)
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise cannot_restore(folder, error) from error
        lost = None if acknowledged is None else max(0, acknowledged - backup.manifest.head)
        return Restored(backup, lost, aside)
    return None


def restore_over(folder: Path, backup: Backup, key: bytes, former: bytes, progress: Progress) -> None:
    """Put a backup in the place of a sound database that is backed up itself, and closed.

    Args:
        key: of the backup.
        former: key of what is there; where they differ, the slots of the backup come along.

    Raises:
        DamagedBackup: it is not sound; nothing changed.
        UserError: the disk says no; nothing changed.
    """
    backup_file.check(backup, key, progress)
    draft = folder / DRAFT
    try:
        backup_file.extract(backup, draft, progress)
        for left in (LOG, SHARED):  # folded into the database when it was closed
            (folder / left).unlink(missing_ok=True)
        _into_place(draft, folder)
        if key != former:
            key_slots.write_slots(folder, backup.slots)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise cannot_restore(folder, error) from error


def restore_damaged(folder: Path, backup: Backup, key: bytes, clock: Clock, progress: Progress) -> Path:
    """Put a backup, with its key slots, in the place of a workspace that cannot be opened; where that one is now.

    The caller holds the lock.

    Raises:
        DamagedBackup: it is not sound; nothing changed.
        UserError: the disk says no.
    """
    backup_file.check(backup, key, progress)
    draft = folder / DRAFT
    try:
        backup_file.extract(backup, draft, progress)
        aside = move_aside(folder, clock)
        for name in key_slots.FILES:
            with suppress(FileNotFoundError):
                (folder / name).replace(aside / name)
        key_slots.write_slots(folder, backup.slots)
        _into_place(draft, folder)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise cannot_restore(folder, error) from error
    return aside


def restore_to(backup: Backup, key: bytes, folder: Path, progress: Progress) -> Path:
    """Make a new workspace of a backup; its folder.

    Raises:
        DamagedBackup: it is not sound.
        UserError: the folder exists, or cannot be made; nothing is left of it.
    """
    folder = with_suffix(folder)
    if folder.exists():
        raise UserError(T("“{name}” exists already.", name=folder.name), T("Choose another name."), "exists")
    backup_file.check(backup, key, progress)
    made = [each for each in (folder, *folder.parents) if not each.exists()]
    try:
        folder.mkdir(mode=0o700, parents=True)
        key_slots.write_slots(folder, backup.slots)
        backup_file.extract(backup, folder / DRAFT, progress)
        _into_place(folder / DRAFT, folder)
    except BaseException as error:
        shutil.rmtree(folder, ignore_errors=True)
        for each in made[1:]:
            with suppress(OSError):
                each.rmdir()
        if isinstance(error, OSError):
            raise cannot_restore(folder, error) from error
        raise
    return folder


def move_aside(folder: Path, clock: Clock) -> Path:
    """Move the database and its log into a folder of their own under `damaged`; that folder.

    The database goes first: where this is interrupted, no log is ever left beside a database it does not belong to.
    """
    stamp = clock.now().astimezone(UTC).strftime("%Y-%m-%dT%H%M%SZ")
    aside, again = folder / DAMAGED / stamp, 1
    while aside.exists():
        again += 1
        aside = folder / DAMAGED / f"{stamp}-{again}"
    aside.mkdir(mode=0o700, parents=True)
    for name in (DATABASE, LOG, SHARED):
        with suppress(FileNotFoundError):
            (folder / name).replace(aside / name)
    sync_folder(aside)
    return aside


def cannot_restore(folder: Path, error: OSError) -> UserError:
    """The disk said no."""
    return UserError(T("“{name}” could not be restored.", name=folder.stem), reason_of_system(error), "cannot_restore")


def _into_place(draft: Path, folder: Path) -> None:
    draft.chmod(0o600)
    draft.replace(folder / DATABASE)
    sync_folder(folder)
