"""What a workspace looks like on the disk; cheap to import, for windows that only name workspaces."""

from __future__ import annotations

import os
from pathlib import Path

SUFFIX = ".formwork"
"""Ending of a workspace's folder."""

DATABASE = "data.db"
"""The database inside the folder; only SQLite opens it."""

LOG, SHARED = f"{DATABASE}-wal", f"{DATABASE}-shm"
"""SQLite's write-ahead log and its index; there while the database is open, and after a crash."""

BACKUPS = "backups"
"""The folder of rolling backups."""

DAMAGED = "damaged"
"""The folder that damaged files are moved to; nothing is ever deleted there."""


def is_workspace(folder: Path) -> bool:
    """Whether `folder` looks like a workspace, or like one whose database is gone but has backups; never raises."""
    there = os.path.isfile(folder / DATABASE) or os.path.isdir(folder / BACKUPS)  # noqa: PTH112, PTH113
    return os.path.isdir(folder) and there  # noqa: PTH112


def with_suffix(path: Path) -> Path:
    """`path` with the ending of a workspace, added where it is missing."""
    return path if path.suffix == SUFFIX else path.with_name(path.name + SUFFIX)


def sync_folder(folder: Path) -> None:
    """Make what was renamed or removed in `folder` survive a power cut."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
