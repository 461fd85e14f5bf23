"""`Safety`: what keeps an open workspace from losing anything: backups, the reserve on the disk, imports under way."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa

from resources.texts import T
from runtime.changes import BulkChange, Change, ChangeKind, ChangeSet, DefinitionChange
from runtime.clock import Clock, stamp_time
from runtime.definition import codec
from runtime.definition.node import App
from runtime.form import Form, forms_of
from runtime.store import backup_file, disk, keys, system
from runtime.store.apps import Apps
from runtime.store.backup_file import Backup, DamagedBackup, Source
from runtime.store.backups import ASKED, IMPORT, PUBLISH, Backups, told
from runtime.store.ballast import ROOM, Ballast
from runtime.store.disk import FreeSpace
from runtime.store.engine import Database, StoreFailure, WrongKey, failure_in
from runtime.store.key_slots import read_slots
from runtime.store.lock import WorkspaceLock
from runtime.store.opening import Opening
from runtime.store.read_only import Place
from runtime.store.records import Applied, Records
from runtime.store.system import commit_log
from runtime.store.unfinished import changes_of
from runtime.store.versions import RETIRED
from runtime.work import Progress

CHECKED = "checked"
"""Setting of the workspace: the last whole check (ISO 8601)."""

LARGE_IMPORT = 1_000
"""Rows above which an import is preceded by a backup."""


class Held(Protocol):
    """The open workspace, as its safety needs it."""

    folder: Path
    clock: Clock
    database: Database
    apps: Apps
    records: Records


class Safety:
    """The safety of one open workspace.

    Attributes:
        folder: of the workspace.
        opening: what was found when it was opened.
        read_only: nothing can be written there.
        backups: the rolling backups.
        head: number of the last commit.
    """

    def __init__(
        self, workspace: Held, key: bytes, place: Place, lock: WorkspaceLock, opening: Opening,
        free: FreeSpace = disk.free_space,
    ) -> None:  # fmt: skip
        self.folder = workspace.folder
        self.opening = opening
        self.read_only = place.read_only
        self.database = workspace.database
        self.apps = workspace.apps
        self.clock = workspace.clock
        self.backups = Backups(self.folder, self.clock)
        self._place = place
        self._key = key
        self._records = workspace.records
        self._lock = lock
        self._free = free
        self._ballast = Ballast(self.folder)
        self._making = threading.Lock()
        self._under_way: Progress | None = None
        self.is_full = False
        self.is_suspect = False
        self._closed = False
        with self.database.reader.connect() as connection:
            meta = system.read_meta(connection)
            last = connection.execute(sa.select(commit_log.c.id).order_by(commit_log.c.seq.desc()).limit(1)).scalar()
        self.head = int(meta[system.HEAD])
        self._commit = "" if last is None else bytes(last).hex()
        newest = next(iter(self.backups.listed()), None)
        ours = newest is not None and backup_file.opens_with(newest, key)  # one under a former key is no help
        self._backed_up = newest.manifest.commit if newest is not None and ours else None
        self._stop = self._records.listen(self._applied)
        self._records.before.append(self._before)
        for engine in (self.database.writer, self.database.reader):
            sa.event.listen(engine, "handle_error", self._failed)

    def close(self) -> None:
        """Stop what runs; waits for a backup that is being made to be given up."""
        under_way = self._under_way
        if under_way is not None:
            under_way.cancel()
        with self._making:
            if not self._closed:
                self._closed = True
                self._stop()
                self._records.before.remove(self._before)

    @property
    def is_open(self) -> bool:
        """Whether the workspace is open; going back to a backup may fail so that it is not."""
        return not self._closed

    # Backups

    def key_of(self, backup: Backup, secret: str | None = None) -> bytes:
        """The key that opens a backup: of this workspace, or in the backup's own slots.

        Raises:
            UserError: as `keys.unlock`.
        """
        return self._key if backup_file.opens_with(backup, self._key) else keys.unlock(backup.slots, secret)

    @property
    def is_backed_up(self) -> bool:
        """Whether the newest backup holds every commit."""
        return self._backed_up == self._commit

    def backup(self, reason: str, progress: Progress, spare: Path | None = None) -> Backup:
        """Make a backup; where the newest one holds every commit already, that one.

        Args:
            spare: a backup that stays, although the ladder has no place for it any more.

        Raises:
            StoreFailure: the database cannot be read, or the disk says no.
            DamagedBackup: what was written is not what was read.
            UserError: the disk says no.
        """
        with self._alone(progress):
            newest = self._newest_of_all(progress)
            if newest is not None:
                return newest
            try:
                made = self.backups.make(self._source(), reason, progress, spare)
            except StoreFailure as failure:
                self.is_suspect |= failure.code == "damaged"
                raise
            self._backed_up = made.manifest.commit
        return made

    def _newest_of_all(self, progress: Progress) -> Backup | None:
        """The newest backup, where it is sound, holds every commit and opens with the key of today."""
        newest = next(iter(self.backups.listed()), None)
        if newest is None or newest.manifest.commit != self._commit:
            return None
        try:
            backup_file.check(newest, self._key, progress)
        except (DamagedBackup, WrongKey):
            return None
        self._backed_up = self._commit
        return newest

    def export(self, target: Path, progress: Progress) -> Backup:
        """Write a backup to a file of the person's choice.

        Raises:
            as `backup`.
        """
        with self._alone(progress), told(target):
            return backup_file.write(self._source(), target, 1, self.clock.now().astimezone(UTC), ASKED, progress)

    @contextmanager
    def _alone(self, progress: Progress) -> Iterator[None]:
        with self._making:
            self._under_way = progress
            try:
                progress.check()
                yield
            finally:
                self._under_way = None

    def _source(self) -> Source:
        return Source(self._place.path, self._key, read_slots(self.folder))

    # What the door tells and asks

    def _applied(self, applied: Applied) -> None:
        if applied.seq > self.head:
            self.head, self._commit = applied.seq, applied.changes.id.hex
            self._lock.note(applied.seq)

    def _before(self, changes: ChangeSet) -> None:
        """On the thread that writes, before it does.

        Raises:
            StoreFailure: the disk is full, and this would need room.
        """
        if self.read_only:
            raise StoreFailure(
                T("This workspace is open for reading only."),
                T("Copy it to a disk that can be written to change something."),
                "read_only",
            )
        if self.is_full and not self.recover(self._free(self.folder)) and not _frees(changes):
            raise StoreFailure(
                T("The disk is full."),
                T("What you typed is still here. Free some space, then save again."),
                "disk_full",
            )
        if any(isinstance(each, DefinitionChange) and self._reshapes(each) for each in changes.changes):
            self.backup(PUBLISH, Progress())

    def _reshapes(self, change: DefinitionChange) -> bool:
        """Whether it gives tables that are there other columns."""
        now = self.apps.now.apps.get(change.app)
        if now is None or change.body == RETIRED:
            return False
        return _columns(now) != _columns(codec.decode(change.body), _columns(now))

    def _failed(self, context: sa.engine.ExceptionContext) -> None:
        """On whichever thread the database said no."""
        failure = failure_in(context.original_exception)
        if failure is None:
            return
        if failure.code == "disk_full" and self._ballast.is_there:
            self._ballast.release()
            self.is_full = True
        elif failure.code == "damaged":
            self.is_suspect = True

    def recover(self, free: int) -> bool:
        """Take notice of how much is free: end the emergency, make the ballast anew; whether all is well."""
        if free >= ROOM or not self.is_full:
            self._ballast.make(free)
            self.is_full = False
        return not self.is_full

    def suspect(self) -> None:
        """Something is wrong with the file: the next opening looks closely."""
        self.is_suspect = True

    # Imports

    def before_import(self, rows: int) -> None:
        """An import of so many rows begins: there must be room for it, and a backup before a large one.

        Raises:
            UserError: the disk has no room for it, or the backup before it did not succeed.
        """
        disk.room_for_import(self.folder, self._free)
        if rows > LARGE_IMPORT and self.head:
            self.backup(IMPORT, Progress())

    # Settings

    def stamped(self) -> datetime | None:
        """When the last change was made, by the stamps; None before the first."""
        with self.database.reader.connect() as connection:
            stamp = int(system.read_meta(connection)["hlc"])
        return stamp_time(stamp) if stamp else None

    def checked(self) -> datetime | None:
        """When the whole file was checked last."""
        with self.database.reader.connect() as connection:
            text = system.read_meta(connection).get(CHECKED, "")
        return datetime.fromisoformat(text) if text else None

    def set_checked(self, now: datetime) -> None:
        """The whole file was checked and is sound."""
        self._set(CHECKED, now.astimezone(UTC).isoformat(timespec="seconds"))

    def _set(self, setting: str, value: str) -> None:
        with self._records.lock, self.database.writer.begin() as connection:
            system.write_meta(connection, **{setting: value})


def _frees(changes: ChangeSet) -> bool:
    """Whether it only takes records away; the marks of doing so go along."""
    written = changes_of(changes.changes)
    return all(isinstance(each, Change | BulkChange) and each.kind is ChangeKind.DEL for each in written)


Columns = dict[str, set[tuple[str, str, int]]]


def _columns(app: App, only: Columns | None = None) -> Columns:
    """Form -> id, type and scale of its columns; of `only` the forms named there."""

    def of(form: Form) -> set[tuple[str, str, int]]:
        return {
            (field.id, field.kind.name, field.kind.scale(field.props) if field.known else 0) for field in form.fields
        }

    return {form.id: of(form) for form in forms_of(app) if only is None or form.id in only}
