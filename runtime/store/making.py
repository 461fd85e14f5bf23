"""Making the folder of a workspace: filled under another name and renamed when it is whole: none is half made."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
from contextlib import suppress
from pathlib import Path

from resources.texts import T
from runtime.changes import new_uuid
from runtime.errors import UserError
from runtime.store import keys, system
from runtime.store.engine import Database
from runtime.store.folder import DATABASE, sync_folder
from runtime.store.lock import WorkspaceLock

PRIVATE = 0o700


def make_folder(folder: Path, passphrase: str | None) -> bytes:
    """Make a workspace in `folder`, which does not exist; the key of its database.

    The key goes into the OS keyring; a passphrase, where given, opens it too. What a crash left of an earlier try is
    taken away first.

    Raises:
        UserError: the folder cannot be made; no keyring and no passphrase; passphrase too short; somebody else is
            making it.
    """
    key = keys.new_key()
    slots = _slots(key, passphrase)
    draft = _draft(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _clear(draft)
        draft.mkdir(PRIVATE)
        _fill(draft, folder, key, slots)
        draft.rename(folder)
    except BaseException as error:
        shutil.rmtree(draft, ignore_errors=True)
        keys.forget(slots)
        if isinstance(error, OSError | ValueError):
            raise _not_made(folder, error) from error
        raise
    with suppress(OSError):  # it is made; only a power cut right now could still take it away, empty as it is
        sync_folder(folder.parent)
    return key


def make_private(folder: Path) -> None:
    """Take the rights of others away from a workspace that was made or copied with them; what cannot be, stays."""
    for path in (folder, *folder.rglob("*")):
        with suppress(OSError):
            mode = path.lstat().st_mode
            if mode & 0o077 and not stat.S_ISLNK(mode):
                path.chmod(stat.S_IMODE(mode) & ~0o077)


def _draft(folder: Path) -> Path:
    """Another name beside it: the same at the next try, and never too long."""
    return folder.with_name(f".formwork-{hashlib.sha256(os.fsencode(folder.name)).hexdigest()[:12]}")


def _clear(draft: Path) -> None:
    """Take away what a crash left, its keys in the keyring too."""
    if not draft.exists():
        return
    WorkspaceLock(draft).release()
    with suppress(UserError):  # it did not come so far
        keys.forget(keys.read_slots(draft))
    shutil.rmtree(draft)


def _fill(draft: Path, folder: Path, key: bytes, slots: tuple[keys.Slot, ...]) -> None:
    lock = WorkspaceLock(draft)
    try:
        keys.write_slots(draft, slots)
        (draft / DATABASE).touch(0o600)  # its log takes over these rights
        database = Database(draft / DATABASE, key)
        try:
            with database.writer.begin() as connection:
                system.create(connection, folder.stem, str(new_uuid()))
        finally:
            database.close()
    finally:
        lock.release()


def _slots(key: bytes, passphrase: str | None) -> tuple[keys.Slot, ...]:
    slots = [] if passphrase is None else [keys.passphrase_slot(key, passphrase)]
    backend = keys.keyring_backend()
    kept = None if backend is None else keys.keyring_slot(key, backend)
    if kept is not None:
        slots.insert(0, kept)
    if not slots:
        raise keys.PassphraseNeeded(
            T("This computer has no safe place for the key."), T("Choose a passphrase for the workspace.")
        )
    return tuple(slots)


def _not_made(folder: Path, error: OSError | ValueError) -> UserError:
    reason = str(getattr(error, "strerror", "") or error)
    return UserError(T("The folder {folder} cannot be made.", folder=str(folder)), reason, "no_folder")
