"""What is dropped on the window: table files, one or several, or a workspace."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData

from runtime.store.folder import SUFFIX

TABLES = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".fods", ".csv", ".tsv", ".tab", ".txt"})
"""Names of files that can hold tables end so; what they are is found when they are read."""


def tables_in(mime: QMimeData) -> list[Path]:
    """The table files; none where anything else is among them."""
    paths = _local(mime)
    return paths if paths and all(path.suffix.casefold() in TABLES for path in paths) else []


def workspace_in(mime: QMimeData) -> Path | None:
    """The workspace, where one alone is dropped."""
    paths = _local(mime)
    return paths[0] if len(paths) == 1 and paths[0].suffix == SUFFIX else None


def _local(mime: QMimeData) -> list[Path]:
    urls = mime.urls()
    return [Path(url.toLocalFile()) for url in urls] if all(url.isLocalFile() for url in urls) else []
