"""A workspace where nothing can be written: how its file is read there.

SQLite reads a file in WAL mode only with its log and the log's index. Where both are there they are used. Where neither
is, the file is complete and, since nobody can write there, cannot change: it is read as frozen. Where a crash left the
log without its index, a copy in a private folder is read, for frozen the file would be read without its log.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from resources.texts import T
from runtime.store.disk import is_writable
from runtime.store.engine import How, StoreFailure
from runtime.store.folder import DATABASE, LOG, SHARED


@dataclass(frozen=True, slots=True)
class Place:
    """Where the file of a workspace is read.

    Attributes:
        path: the database.
        how: LIVE where it can be written.
        copied: the private folder that it was copied to; None = it was not.
    """

    path: Path
    how: How
    copied: Path | None = None

    @property
    def read_only(self) -> bool:
        """Whether nothing can be written."""
        return self.how is not How.LIVE or self.copied is not None

    def leave(self) -> None:
        """Take the copy away."""
        if self.copied is not None:
            shutil.rmtree(self.copied, ignore_errors=True)


def can_be_written(folder: Path) -> bool:
    """Whether the workspace in `folder` can be changed there."""
    database = folder / DATABASE
    return is_writable(folder) and (not database.exists() or os.access(database, os.W_OK))


def place_of(folder: Path, *, writable: bool) -> Place:
    """How to open the workspace in `folder`, whose lock the caller holds.

    Raises:
        StoreFailure: it has to be copied to be read, and cannot be.
    """
    database, log = folder / DATABASE, folder / LOG
    if writable:
        return Place(database, How.LIVE)
    if not log.exists() or not log.stat().st_size:
        return Place(database, How.FROZEN)
    if (folder / SHARED).exists():
        return Place(database, How.DISK_READ_ONLY)
    copied = Path(tempfile.mkdtemp(prefix="formwork-"))
    try:
        for path in (database, log):
            shutil.copyfile(path, copied / path.name)
    except OSError as error:
        shutil.rmtree(copied, ignore_errors=True)
        raise StoreFailure(
            T("The workspace cannot be read where nothing can be written."),
            T("Copy the workspace to a disk that can be written, and open the copy."),
            "cannot_open",
        ) from error
    return Place(copied / DATABASE, How.LIVE, copied)
