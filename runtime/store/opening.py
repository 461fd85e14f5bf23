"""Before a workspace is opened: is its file whole, is it ours, is it of this version? Damage is answered by a backup.

What is looked at depends on how the last session ended. After a clean end: the ends of the books, and that no stretch
of the file was wiped. After any other: the authentication code of every page and the structure, too.
"""

from __future__ import annotations

from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher

from resources.texts import T, Text
from runtime.clock import Clock, SystemClock, stamp_time
from runtime.errors import UserError, reason_of_system
from runtime.store import key_slots, migrations, system
from runtime.store.backup_file import Source
from runtime.store.backups import UPGRADE, Backups
from runtime.store.engine import How, StoreFailure, WrongKey, failures_told, open_keyed
from runtime.store.folder import BACKUPS, DATABASE, LOG
from runtime.store.lock import WorkspaceLock
from runtime.store.read_only import Place
from runtime.store.restore import Restored, restore_newest
from runtime.work import Progress

PAGE = 4096
SEARCHED = 256 * 1024**2
"""Bytes of a file up to which it is searched for wiped stretches at every opening; a larger one once a week."""

_WIPED = bytes(64)
"""Does not occur in an encrypted file, where every byte of a page is cipher text or a code over it."""
_BLOCK = 8 * 1024**2


@dataclass(frozen=True, slots=True)
class Opening:
    """What was found and done at an opening.

    Attributes:
        unclean: the last session did not close the workspace.
        restored: the file was damaged, and a backup is in its place.
        tail: acknowledged commits that are gone although the file is whole: its log was damaged.
        upgraded: version of the system tables before, where it was lower.
        stamped: when the last change was made, by the clock of then; None before the first.
    """

    unclean: bool = False
    restored: Restored | None = None
    tail: int = 0
    upgraded: int | None = None
    stamped: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Seen:
    version: int
    head: int
    stamped: datetime | None


def make_ready(folder: Path, place: Place, key: bytes, lock: WorkspaceLock, clock: Clock) -> Opening:
    """Look at the file, restore it or bring it to this version where that is needed.

    The caller holds `lock` and has no connection to the database.

    Raises:
        StoreFailure: it is damaged and there is no sound backup; nothing was touched.
        WrongKey: the key is of another workspace.
        UserError: a newer program made it, or it cannot be brought to this version; nothing was touched.
    """
    path, how = place.path, place.how
    unclean = lock.unclean or (folder / LOG).exists()
    restored = None
    try:
        seen = _examine(path, key, how, thorough=unclean)
    except (StoreFailure, WrongKey) as trouble:
        if not _means_damage(trouble) or place.read_only:
            raise _without_backup(trouble, place) from trouble
        acknowledged = lock.acknowledged if lock.acknowledged is not None else _last_commit(path, key)
        restored = restore_newest(folder, key, clock, acknowledged, Progress())
        if restored is None:
            raise _without_backup(trouble, place) from trouble
        seen = _examine(path, key, how, thorough=False)
    _assert_not_newer(folder, seen.version, clock)
    upgraded = _upgrade(folder, place, key, seen.version, clock)
    tail = 0 if restored is not None else max(0, (lock.acknowledged or 0) - seen.head)
    lock.note(seen.head)
    return Opening(unclean, restored, tail, upgraded, seen.stamped)


def slots_from_backup(folder: Path) -> bool:
    """Where both copies of the key slots are gone or damaged, take those of the newest backup; whether it did."""
    try:
        key_slots.read_slots(folder)
        return False
    except UserError as error:
        if error.code == "newer_workspace":
            raise
    for backup in Backups(folder, SystemClock()).listed():
        with suppress(OSError):
            key_slots.write_slots(folder, backup.slots)
            return True
    return False


def assert_ours(folder: Path) -> None:
    """Before a key is asked for: refuse a file of another program that has no key slots and no backups beside it.

    Raises:
        StoreFailure: it is one.
    """
    there = any((folder / name).exists() for name in (*key_slots.FILES, BACKUPS))
    other = None if there else foreign(folder / DATABASE)
    if other is not None:
        raise other


def foreign(path: Path) -> StoreFailure | None:
    """What else the file at `path` is, where its first bytes say so; nobody has it open."""
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            first = stream.read(512)
    except FileNotFoundError:
        return StoreFailure(T("The workspace file is missing."), T("Restore the workspace from a backup."), "damaged")
    except OSError as error:
        return StoreFailure(
            T("The workspace file {path} cannot be opened.", path=path.name),
            reason_of_system(error),
            "cannot_open",
        )
    if not size:
        return StoreFailure(T("The workspace file is empty."), T("Restore the workspace from a backup."), "damaged")
    kind = _kind(first)
    if kind is not None:
        message = T("The file {path} is no workspace: it is {kind}.", path=path.name, kind=kind)
        return StoreFailure(message, T("Nothing was changed. Restore the workspace from a backup."), "damaged")
    if size < PAGE:
        return StoreFailure(T("The workspace file is cut off."), T("Restore the workspace from a backup."), "damaged")
    return None


def _kind(first: bytes) -> Text | None:
    if first.startswith(b"SQLite format 3\0"):
        return T("an unencrypted database of another program")
    if first.startswith(b"PK\x03\x04"):
        return T("a zip archive or an Office file")
    with suppress(UnicodeDecodeError):
        if not set(first[:-4].decode("utf-8")) & set(map(chr, (*range(9), *range(14, 27)))):
            return T("a text file")
    return None


def _examine(path: Path, key: bytes, how: How, *, thorough: bool) -> _Seen:
    other = foreign(path)
    if other is not None:
        raise other
    if not thorough and _is_wiped(path):
        raise _damage()
    with failures_told(), closing(open_keyed(path, key, how=how)) as connection:
        if not connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'meta'").fetchone()[0]:
            raise StoreFailure(T("The workspace file is empty."), T("Restore the workspace from a backup."), "damaged")
        if thorough:
            if how is How.LIVE:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            for pragma in ("cipher_integrity_check", "quick_check"):
                if [line for (line,) in connection.execute(f"PRAGMA {pragma}").fetchall() if line != "ok"]:
                    raise _damage()
        seen = _books(connection)
        connection.assert_whole()
    return seen


def _books(connection: Any) -> _Seen:
    """What the file says of itself; tables or entries that are missing are damage too."""
    try:
        meta = dict(connection.execute("SELECT k, v FROM meta").fetchall())
        stamp = int(meta["hlc"])
        seen = _Seen(int(meta["system"]), int(meta["head"]), stamp_time(stamp) if stamp else None)
        if seen.version > system.SYSTEM_VERSION:
            return seen
        last, count = connection.execute("SELECT coalesce(max(seq), 0), count(*) FROM commit_log").fetchone()
    except (KeyError, ValueError, TypeError) as error:
        raise _damage() from error
    except sqlcipher.OperationalError as error:
        if "no such" not in str(error):
            raise
        raise _damage() from error
    if not last == count == seen.head:
        raise _damage()
    return seen


def _last_commit(path: Path, key: bytes) -> int | None:
    """What a damaged file says of its last commit, where it still says anything."""
    if foreign(path) is not None:
        return None
    nothing = (UserError, ValueError, TypeError, sqlcipher.OperationalError)
    with suppress(*nothing), failures_told(), closing(open_keyed(path, key)) as connection:
        return int(connection.execute("SELECT v FROM meta WHERE k = 'head'").fetchone()[0])
    return None


def _is_wiped(path: Path) -> bool:
    """Whether a stretch of the file is all zeros: SQLCipher takes such a page for one that was never written."""
    if path.stat().st_size > SEARCHED:
        return False
    kept = b""
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            if _WIPED in kept + block:
                return True
            kept = block[-len(_WIPED) :]
    return False


def _damage() -> StoreFailure:
    return StoreFailure(T("The workspace file is damaged."), T("Restore the workspace from a backup."), "damaged")


def _means_damage(trouble: StoreFailure | WrongKey) -> bool:
    """The key was unwrapped with an authentication code, so it is right: what it does not open is damaged."""
    return isinstance(trouble, WrongKey) or trouble.code == "damaged"


def _without_backup(trouble: StoreFailure | WrongKey, place: Place) -> StoreFailure | WrongKey:
    if not _means_damage(trouble) or isinstance(trouble, WrongKey):
        return trouble
    if place.read_only:
        hint = T("It cannot be restored here, where nothing can be written. Restore a backup to another folder.")
    else:
        hint = T("There is no sound backup beside it, and nothing was changed. Restore a backup from another place.")
    return StoreFailure(trouble.message, hint, trouble.code)


def _assert_not_newer(folder: Path, version: int, clock: Clock) -> None:
    """As `system.assert_readable`, naming a backup that this program could open."""
    if version <= system.SYSTEM_VERSION:
        return
    fitting = [backup for backup in Backups(folder, clock).listed() if backup.manifest.system <= system.SYSTEM_VERSION]
    try:
        system.assert_readable({"system": str(version)})
    except UserError as refusal:
        if fitting:
            refusal.hint = T(
                "Nothing was changed. Install a newer Formwork, or restore the backup {name} to another folder.",
                name=fitting[0].path.name,
            )
        raise


def _upgrade(folder: Path, place: Place, key: bytes, version: int, clock: Clock) -> int | None:
    """Bring the system tables to this version, after a backup; the version before, None where it is this one."""
    if version == system.SYSTEM_VERSION:
        return None
    if place.read_only:
        raise UserError(
            T("This workspace is of an older version and must be brought to this one first."),
            T("That needs a disk that can be written. Copy the workspace there and open the copy."),
            "older_workspace",
        )
    source = Source(folder / DATABASE, key, key_slots.read_slots(folder))
    Backups(folder, clock).make(source, UPGRADE, Progress())
    migrations.migrate(folder / DATABASE, key, version)
    return version
