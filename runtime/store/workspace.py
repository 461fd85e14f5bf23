"""A workspace on disk: the folder NAME.formwork with its database, key slots and lock; making, opening, closing."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from resources.texts import T
from runtime.changes import new_uuid
from runtime.clock import Clock, SystemClock
from runtime.errors import UserError
from runtime.expression.sqlite import sqlite_functions
from runtime.store import keys, system
from runtime.store.apps import Apps, DefinitionCheck
from runtime.store.engine import Database, StoreFailure
from runtime.store.folder import DATABASE, is_workspace, with_suffix
from runtime.store.lock import WorkspaceLock
from runtime.store.reader import Reader
from runtime.store.records import Records


class Workspace:
    """An open workspace; made by `create` or `open`.

    Attributes:
        folder: where it is.
        name: what people call it.
        apps, records, reader, database: the store.
    """

    def __init__(self, folder: Path, key: bytes, check: DefinitionCheck, clock: Clock, lock: WorkspaceLock) -> None:
        self.folder = folder
        self._lock = lock
        self.clock = clock
        self.apps = Apps(check)
        self.database = Database(folder / DATABASE, key, sqlite_functions())
        try:
            with self.database.reader.connect() as connection:
                if not system.is_there(connection):
                    raise StoreFailure(
                        T("The workspace file is empty."), T("Restore the workspace from a backup."), "damaged"
                    )
                meta = system.read_meta(connection)
            _assert_readable(meta)
            self.name = meta["name"]
            self.apps.reload(self.database)
            self.records = Records(self.database, self.apps, clock)
            self.reader = Reader(self.database, self.apps, clock)
        except BaseException:
            self.database.close()
            raise

    @classmethod
    def create(
        cls, folder: Path, check: DefinitionCheck, passphrase: str | None = None, clock: Clock | None = None
    ) -> Workspace:
        """Make a workspace and open it.

        Its key goes into the OS keyring; a passphrase, where given, opens it too. Without a keyring a passphrase is
        needed.

        Args:
            folder: the new folder; its name ends in `.formwork`.

        Raises:
            UserError: the folder exists or cannot be made; no keyring and no passphrase; passphrase too short.
        """
        folder = with_suffix(folder)
        if os.path.lexists(folder):
            raise UserError(T("“{name}” exists already.", name=folder.name), T("Choose another name."), "exists")
        key = keys.new_key()
        slots = _new_slots(key, passphrase)
        try:
            folder.mkdir(parents=True)
        except (OSError, ValueError) as error:
            keys.forget(slots)
            raise _not_made(folder, error) from error
        try:
            _fill(folder, key, slots)
        except BaseException as error:
            shutil.rmtree(folder, ignore_errors=True)
            keys.forget(slots)
            if isinstance(error, OSError):
                raise _not_made(folder, error) from error
            raise
        return cls._locked(folder, key, check, clock)

    @classmethod
    def open(
        cls, folder: Path, check: DefinitionCheck, passphrase: str | None = None, clock: Clock | None = None
    ) -> Workspace:
        """Open a workspace that exists.

        Raises:
            UserError: there is none, it is open elsewhere, or it was made by a newer program.
            PassphraseNeeded, WrongPassphrase, WrongKey: the key is not at hand.
        """
        if not is_workspace(folder):
            raise UserError(
                T("“{name}” is not a Formwork workspace.", name=folder.name),
                T("Choose a folder whose name ends in .formwork."),
                "no_workspace",
            )
        key = keys.unlock(keys.read_slots(folder), passphrase)
        return cls._locked(folder, key, check, clock)

    @classmethod
    def _locked(cls, folder: Path, key: bytes, check: DefinitionCheck, clock: Clock | None) -> Workspace:
        lock = WorkspaceLock(folder)
        try:
            return cls(folder, key, check, clock or SystemClock(), lock)
        except BaseException:
            lock.release()
            raise

    def close(self) -> None:
        """Close the database and give the lock back."""
        self.database.close()
        self._lock.release()


def _not_made(folder: Path, error: OSError | ValueError) -> UserError:
    reason = str(getattr(error, "strerror", "") or error)
    return UserError(T("The folder {folder} cannot be made.", folder=str(folder)), reason, "no_folder")


def _new_slots(key: bytes, passphrase: str | None) -> tuple[keys.Slot, ...]:
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


def _fill(folder: Path, key: bytes, slots: tuple[keys.Slot, ...]) -> None:
    database = Database(folder / DATABASE, key)
    try:
        with database.writer.begin() as connection:
            system.create(connection, folder.stem, str(new_uuid()))
    finally:
        database.close()
    keys.write_slots(folder, slots)


def _assert_readable(meta: dict[str, str]) -> None:
    version = int(meta["system"])
    if version > system.SYSTEM_VERSION:
        raise UserError(
            T(
                "This workspace is from version {theirs}; this program is {ours}.",
                theirs=version,
                ours=system.SYSTEM_VERSION,
            ),
            T("Nothing was changed. Install a newer Formwork."),
            "newer_workspace",
        )
