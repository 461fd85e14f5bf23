"""What a workspace looks like on the disk; cheap to import, for windows that only name workspaces."""

from __future__ import annotations

import os
from pathlib import Path

SUFFIX = ".formwork"
"""Ending of a workspace's folder."""

DATABASE = "data.db"
"""The database inside the folder; only SQLite opens it."""


def is_workspace(folder: Path) -> bool:
    """Whether `folder` looks like a workspace; never raises."""
    return os.path.isdir(folder) and os.path.isfile(folder / DATABASE)  # noqa: PTH112, PTH113


def with_suffix(path: Path) -> Path:
    """`path` with the ending of a workspace, added where it is missing."""
    return path if path.suffix == SUFFIX else path.with_name(path.name + SUFFIX)
