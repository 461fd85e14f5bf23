"""A new key for the database of a workspace, in steps that may be killed at any moment; and which key it has now.

The database is written anew under the new key in a file beside it, checked, and put in its place by one rename. Before
the rename the key file holds the slots of both keys, after it those of the old key are taken out: whatever happens in
between, one of the two sets opens what is there, and the next opening tidies up.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import sqlcipher3.dbapi2 as sqlcipher

from resources.texts import T
from runtime.errors import UserError, reason_of_system
from runtime.expression.sqlite import sqlite_functions
from runtime.store import keys
from runtime.store.engine import How, StoreFailure, WrongKey, failures_told, open_keyed
from runtime.store.folder import DATABASE, LOG, sync_folder
from runtime.store.key_slots import PASSPHRASE, RECOVERY, Slot, read_slots
from runtime.store.lock import WorkspaceLock
from runtime.store.ways_in import forget_unneeded, write
from runtime.work import Progress

DRAFT = f"{DATABASE}.rekey"
STEPS = 4
OFTEN = 100_000
"""Steps of SQLite's machine between two looks whether somebody asked to stop."""


def key_of(folder: Path, secret: str | None) -> bytes:
    """The key that opens the database now; ends what a killed change of the key left.

    The caller holds the lock of the workspace and has no connection to it.

    Raises:
        UserError: as `keys.unlock`.
    """
    slots = read_slots(folder)
    if len({slot.generation for slot in slots}) > 1:
        return _settled(folder, slots, secret)
    with suppress(OSError):
        _forget_draft(folder)
    return keys.unlock(slots, secret)


@dataclass(frozen=True, slots=True, repr=False)
class Rekeyed:
    """The new key, and whether a recovery code stopped opening the workspace: then a new one is due."""

    key: bytes
    code_gone: bool


def rekey(folder: Path, secret: str | None, progress: Progress) -> Rekeyed:
    """Give the database a new key. The caller holds the lock of the workspace and has no connection to it.

    A passphrase stays what it is, the keyring gets a new entry, a recovery code has to be made anew. Backups made until
    now stay under the old key, with the slots of their time.

    Args:
        secret: the passphrase where there is one; None = the keyring of this computer.

    Raises:
        UserError: `secret` does not open it, no way in would be left, or the disk says no. Nothing changed.
        Cancelled: somebody asked to stop; nothing changed.
    """
    old = key_of(folder, secret)
    before = read_slots(folder)
    _assert_rewrappable(before, secret)
    new = keys.new_key()
    after: tuple[Slot, ...] = ()
    try:
        progress.step(0, STEPS, T("Writing everything under the new key"))
        _write_anew(folder, old, new, progress)
        progress.step(2, STEPS, T("Checking what was written"))
        _check(folder, old, new)
        progress.step(3, STEPS, T("Putting it in place"))
        after = _slots_of(new, before, secret)
        write(folder, (*before, *after))
        _swap(folder)
    except BaseException as error:
        _take_back(folder, before, after)
        if isinstance(error, OSError):
            raise StoreFailure(T("The key could not be changed."), reason_of_system(error), "rekey_failed") from error
        raise
    with suppress(UserError):  # the next opening does it where the disk says no now
        write(folder, after)
        forget_unneeded(folder, before)
    return Rekeyed(new, any(slot.type == RECOVERY for slot in before))


def rekey_closed(folder: Path, secret: str | None, progress: Progress) -> Rekeyed:
    """`rekey` of a workspace that nobody has open.

    Raises:
        WorkspaceBusy: somebody has.
        UserError, Cancelled: as `rekey`.
    """
    lock = WorkspaceLock(folder)
    try:
        return rekey(folder, secret, progress)
    finally:
        lock.release(clean=not lock.unclean)


def _settled(folder: Path, slots: Sequence[Slot], secret: str | None) -> bytes:
    """A change of the key was killed: find out which key the file has, and take the slots of the other one out."""
    refusal: UserError | None = None
    first: bytes | None = None
    for generation in sorted({slot.generation for slot in slots}):
        own = tuple(slot for slot in slots if slot.generation == generation)
        try:
            key = keys.unlock(own, secret)
        except UserError as error:
            refusal = refusal or error
            continue
        first = first or key
        if _opens(folder, key):
            with suppress(UserError, OSError):
                write(folder, own)
                _forget_draft(folder)
                forget_unneeded(folder, [slot for slot in slots if slot not in own])
            return key
    if first is None and refusal is not None:
        raise refusal
    assert first is not None, "a workspace has slots"
    return first  # no key opens the file: it is damaged, and whoever opens it will say so


def _opens(folder: Path, key: bytes) -> bool:
    try:
        open_keyed(folder / DATABASE, key).close()
    except WrongKey:
        return False
    return True


def _assert_rewrappable(slots: Sequence[Slot], secret: str | None) -> None:
    """The new key must have a way in for every day; a passphrase is wrapped anew only by who says it."""
    phrases = [slot for slot in slots if slot.type == PASSPHRASE]
    if phrases:
        keys.unlock(phrases, secret)
    elif keys.keyring_backend() is None:
        raise UserError(
            T("This computer has no keyring that keeps the key."), T("Set a passphrase first."), "no_keyring"
        )


def _slots_of(key: bytes, before: Sequence[Slot], secret: str | None) -> tuple[Slot, ...]:
    """The ways to the new key: the passphrase, and the keyring where it opened without a question."""
    made: list[Slot] = []
    has_passphrase = any(slot.type == PASSPHRASE for slot in before)
    backend = keys.keyring_backend()
    if backend is not None and (not has_passphrase or any(keys.is_here(slot) for slot in before)):
        kept = keys.keyring_slot(key, backend)
        made += [] if kept is None else [kept]
    if has_passphrase and secret is not None:
        made.append(keys.passphrase_slot(key, secret))
    if not made:
        raise UserError(
            T("This computer has no keyring that keeps the key."), T("Set a passphrase first."), "no_keyring"
        )
    generation = max(slot.generation for slot in before) + 1
    return tuple(msgspec.structs.replace(slot, generation=generation) for slot in made)


def _write_anew(folder: Path, old: bytes, new: bytes, progress: Progress) -> None:
    """The whole database into `DRAFT`, under the new key and on the disk."""
    _forget_draft(folder)
    draft = folder / DRAFT
    draft.touch(0o600)
    with failures_told(), closing(open_keyed(folder / DATABASE, old, functions=sqlite_functions())) as source:
        _fold_log(source)
        source.set_progress_handler(lambda: int(progress.cancelled), OFTEN)
        source.execute("ATTACH ? AS fresh KEY ?", (str(draft), f"x'{new.hex()}'"))
        source.execute("PRAGMA fresh.journal_mode = OFF")  # nobody needs a half written draft
        source.execute("PRAGMA fresh.synchronous = OFF")
        try:
            source.execute("SELECT sqlcipher_export('fresh')").fetchone()
        except sqlcipher.OperationalError:
            progress.check()
            raise
        for pragma in ("user_version", "application_id"):
            value = source.execute(f"PRAGMA main.{pragma}").fetchone()[0]
            source.execute(f"PRAGMA fresh.{pragma} = {int(value)}")
        source.execute("DETACH fresh")
        source.assert_whole()
    descriptor = os.open(draft, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    sync_folder(folder)


def _fold_log(source: Any) -> None:
    """Everything out of the write-ahead log into the file, and no log any more: it must not meet the new file."""
    mode = source.execute("PRAGMA journal_mode = DELETE").fetchone()[0]
    if mode != "delete":
        raise StoreFailure(
            T("Another program is using the workspace file."), T("Close it, then try again."), "workspace_busy"
        )


def _check(folder: Path, old: bytes, new: bytes) -> None:
    """The draft opens with the new key, every page of it is sound, and it holds what the file holds."""
    with (
        failures_told(),
        closing(open_keyed(folder / DRAFT, new, functions=sqlite_functions(), how=How.FROZEN)) as draft,
        closing(open_keyed(folder / DATABASE, old, functions=sqlite_functions(), how=How.FROZEN)) as file,
    ):
        for pragma in ("cipher_integrity_check", "integrity_check"):
            if [line for (line,) in draft.execute(f"PRAGMA {pragma}").fetchall() if line != "ok"]:
                raise _differs()
        if _contents(draft) != _contents(file):
            raise _differs()


def _contents(connection: Any) -> list[tuple[Any, ...]]:
    """What the schema says, and how many rows each table has."""
    schema = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name").fetchall()
    tables = [name for kind, name, _table, _sql in schema if kind == "table"]
    return [*schema, *(connection.execute(f'SELECT ?, count(*) FROM "{each}"', (each,)).fetchone() for each in tables)]


def _differs() -> StoreFailure:
    return StoreFailure(
        T("What was written under the new key is not what was read."),
        T("Nothing was changed. Check the disk, then try again."),
        "rekey_failed",
    )


def _swap(folder: Path) -> None:
    if (folder / LOG).exists():
        raise StoreFailure(
            T("Another program is using the workspace file."), T("Close it, then try again."), "workspace_busy"
        )
    (folder / DRAFT).replace(folder / DATABASE)
    sync_folder(folder)


def _take_back(folder: Path, before: tuple[Slot, ...], after: tuple[Slot, ...]) -> None:
    """Something failed: as before, unless the new file is in place already; then the next opening goes on with it."""
    if not (folder / DRAFT).exists() and after:
        return
    with suppress(OSError, UserError):
        _forget_draft(folder)
        if after:
            write(folder, before)
            keys.forget(after)


def _forget_draft(folder: Path) -> None:
    for name in (DRAFT, f"{DRAFT}-journal", f"{DRAFT}-wal", f"{DRAFT}-shm"):
        (folder / name).unlink(missing_ok=True)
