"""A copy of a workspace to try something in: it reads and writes as the workspace does, and goes away afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from pathlib import Path
from typing import NoReturn

from resources.texts import T
from runtime.changes import new_uuid
from runtime.clock import Clock
from runtime.errors import UserError
from runtime.expression.sqlite import sqlite_functions
from runtime.store import disk
from runtime.store.apps import Apps, DefinitionCheck
from runtime.store.backup_file import Backup
from runtime.store.disk import FreeSpace
from runtime.store.engine import Database, Engines, How, failures_told, open_keyed
from runtime.store.folder import LOG
from runtime.store.reader import Reader
from runtime.store.records import Records
from runtime.store.search_index import SearchIndex
from runtime.work import Progress

FILES = "trial-*.db*"
"""The files of copies; each copy has a name of its own, for several may be there at once."""
_PAGES = 500
"""Pages copied between two looks at the progress: 2 MB."""


class TrialCopy:
    """The copy, as a session needs it.

    Attributes:
        folder, name: of the workspace that was copied.
        apps, records, reader, database, index: the store of the copy.
    """

    def __init__(self, folder: Path, name: str, database: Engines, check: DefinitionCheck, clock: Clock) -> None:
        self.folder = folder
        self.name = name
        self.clock = clock
        self.database = database
        self.apps = Apps(check)
        self.apps.reload(database)
        self.records = Records(database, self.apps, clock)
        self.reader = Reader(database, self.apps, clock)
        self.index = SearchIndex(database, self.apps, self.records.lock)

    @property
    def safety(self) -> NoReturn:
        """It needs none.

        Raises:
            UserError: always.
        """
        raise _only_a_copy()

    def restore(self, backup: Backup, secret: str | None, progress: Progress) -> NoReturn:
        """It goes back to nothing.

        Raises:
            UserError: always.
        """
        raise _only_a_copy()

    def copied(self, progress: Progress) -> AbstractContextManager[TrialCopy]:
        """It is not copied itself.

        Raises:
            UserError: always.
        """
        raise _only_a_copy()

    def close(self) -> None:
        """Whoever made it takes it away."""


def _only_a_copy() -> UserError:
    return UserError(T("This is only a copy to try things in."), code="only_a_copy")


@contextmanager
def file_copied(source: Path, key: bytes, progress: Progress, free: FreeSpace = disk.free_space) -> Iterator[Database]:
    """A copy of the database at `source` beside it, as it is at this moment; nobody waits while it is made.

    Raises:
        UserError: the disk has no room for it, or says no.
        Cancelled: somebody asked to stop.
    """
    folder = source.parent
    needed = sum(path.stat().st_size for path in (source, folder / LOG) if path.exists())
    if free(folder) < needed + disk.TOO_LOW_TO_IMPORT:
        raise UserError(
            T("There is no room on the disk for a copy to try this in: {size} are needed.", size=disk.size(needed)),
            T("Free some space, then try again."),
            "disk_low",
        )
    target = folder / f"trial-{new_uuid().hex}.db"
    label = T("Making a copy to try it in")
    try:
        with failures_told(), closing(open_keyed(source, key, read_only=True)) as live:
            live.execute("BEGIN")  # one snapshot: what is saved meanwhile does not start the copy anew
            live.execute("SELECT count(*) FROM sqlite_master").fetchone()
            with closing(open_keyed(target, key, how=How.DRAFT)) as copy:
                copy.execute("PRAGMA synchronous = OFF")
                live.backup(
                    copy,
                    pages=_PAGES,
                    progress=lambda _status, left, total: progress.step(total - left, total, label),
                    sleep=0,
                )
            live.rollback()
        database = Database(target, key, sqlite_functions(), How.TRIAL)
        try:
            yield database
        finally:
            database.close()
    finally:
        clear(folder, f"{target.name}*")


def clear(folder: Path, files: str = FILES) -> None:
    """Take away what a program that was killed left of copies."""
    for path in folder.glob(files):
        with suppress(OSError):
            path.unlink()
