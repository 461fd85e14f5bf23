"""A workspace on disk: the folder NAME.formwork with its database, key slots and lock; making, opening, closing."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from resources.texts import T
from runtime.clock import Clock, SystemClock
from runtime.errors import UserError
from runtime.expression.sqlite import sqlite_functions
from runtime.store import backup_file, system, trial_copy
from runtime.store.apps import Apps, DefinitionCheck
from runtime.store.backup_file import Backup
from runtime.store.backups import RESTORE
from runtime.store.engine import Database
from runtime.store.folder import is_workspace, with_suffix
from runtime.store.lock import WorkspaceLock
from runtime.store.making import make_folder, make_private
from runtime.store.opening import Opening, assert_ours, make_ready, slots_from_backup
from runtime.store.read_only import can_be_written, place_of
from runtime.store.reader import Reader
from runtime.store.records import Records
from runtime.store.rekey import key_of
from runtime.store.restore import restore_over
from runtime.store.safety import Safety
from runtime.store.search_index import SearchIndex
from runtime.store.trial_copy import TrialCopy
from runtime.store.ways_in import Ways
from runtime.work import Progress


class Workspace:
    """An open workspace; made by `create` or `open`.

    Attributes:
        folder: where it is.
        name: what people call it.
        apps, records, reader, database: the store.
        index: of the search.
        ways: the ways in.
        safety: its backups, and what was found when it was opened.
    """

    def __init__(self, folder: Path, key: bytes, check: DefinitionCheck, clock: Clock, lock: WorkspaceLock) -> None:
        self.folder = folder
        self.clock = clock
        self._key = key
        self._check = check
        self._lock = lock
        self._place = place_of(folder, writable=not lock.read_only)
        try:
            opening = make_ready(folder, self._place, key, lock, clock)
            self._open(opening)
        except BaseException:
            self._place.leave()
            raise

    def _open(self, opening: Opening) -> None:
        if not self._place.read_only:
            trial_copy.clear(self.folder)
        self.ways = Ways(self.folder)
        self.apps = Apps(self._check)
        self.database = Database(self._place.path, self._key, sqlite_functions(), self._place.how)
        try:
            with self.database.reader.connect() as connection:
                meta = system.read_meta(connection)
            system.assert_readable(meta)
            self.name = meta["name"]
            self.apps.reload(self.database)
            self.records = Records(self.database, self.apps, self.clock)
            self.reader = Reader(self.database, self.apps, self.clock)
            self.index = SearchIndex(self.database, self.apps, self.records.lock)
            self.safety = Safety(self, self._key, self._place, self._lock, opening)
        except BaseException:
            self.database.close()
            raise

    @classmethod
    def create(
        cls, folder: Path, check: DefinitionCheck, passphrase: str | None = None, clock: Clock | None = None
    ) -> Self:
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
        key = make_folder(folder, passphrase)
        return cls._locked(folder, lambda: key, check, clock)

    @classmethod
    def open(
        cls, folder: Path, check: DefinitionCheck, passphrase: str | None = None, clock: Clock | None = None
    ) -> Self:
        """Open a workspace that exists; one whose file is damaged is restored from its newest sound backup.

        `safety.opening` says what was found and done. Where nothing can be written it opens for reading.

        Raises:
            UserError: there is none, it is open elsewhere, or it was made by a newer program.
            PassphraseNeeded, WrongPassphrase, WrongKey: the key is not at hand.
            StoreFailure: it is damaged and has no sound backup; nothing was touched.
        """
        if not is_workspace(folder):
            raise UserError(
                T("“{name}” is not a Formwork workspace.", name=folder.name),
                T("Choose a folder that Formwork made; it holds the file {file}.", file="data.db"),
                "no_workspace",
            )

        def key() -> bytes:
            make_private(folder)
            if not slots_from_backup(folder):
                assert_ours(folder)
            return key_of(folder, passphrase)

        return cls._locked(folder, key, check, clock)

    @classmethod
    def _locked(cls, folder: Path, key: Callable[[], bytes], check: DefinitionCheck, clock: Clock | None) -> Self:
        lock = WorkspaceLock(folder, read_only=not can_be_written(folder))
        try:
            return cls(folder, key(), check, clock or SystemClock(), lock)
        except BaseException:
            lock.release(clean=not lock.unclean)
            raise

    def restore(self, backup: Backup, secret: str | None, progress: Progress) -> None:
        """Go back to a backup; what is there now is backed up first. Everything read before is out of date.

        Args:
            secret: opens the backup where it was made under another key; None = the keyring.

        Raises:
            UserError: the backup is not sound, its key is not at hand, or the disk says no; nothing changed.
        """
        key = self.safety.key_of(backup, secret)
        backup_file.check(backup, key, progress)
        self.safety.backup(RESTORE, progress, spare=backup.path)
        self._shut()
        try:
            restore_over(self.folder, backup, key, self._key, progress)
            self._key = key
        finally:
            self._open(make_ready(self.folder, self._place, self._key, self._lock, self.clock))

    @contextmanager
    def copied(self, progress: Progress) -> Iterator[TrialCopy]:
        """A copy to try something in, gone at the end of the block; others read and write here meanwhile.

        Raises:
            UserError: the disk has no room for it, or says no.
            Cancelled: somebody asked to stop.
        """
        with trial_copy.file_copied(self._place.path, self._key, progress) as database:
            yield TrialCopy(self.folder, self.name, database, self._check, self.clock)

    def close(self) -> None:
        """Close the database and give the lock back."""
        self._shut()
        self._place.leave()
        self._lock.release(clean=not self.safety.is_suspect)

    def _shut(self) -> None:
        self.safety.close()
        self.database.close()
