"""A file that is written under another name and takes its own when it is whole: nothing half done is ever found."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from resources.texts import T
from runtime.errors import UserError, reason_of_system

HIDDEN = ".formwork-export-"
"""How the folder is called in which files are made, beside the place of the file: plain text goes nowhere else."""


@contextmanager
def taking_the_place_of(path: Path, *, replace: bool) -> Iterator[Path]:
    """Inside the block a file is written to the yielded path; then it becomes `path`. A failed block leaves nothing.

    Args:
        replace: whether a file that is there already may go.

    Raises:
        UserError: there is a file already, it is open in Excel, the folder is gone or not ours, the disk is full.
    """
    path = Path(os.path.realpath(path))
    try:
        _try_place(path, replace=replace)
        with tempfile.TemporaryDirectory(prefix=HIDDEN, dir=path.parent, ignore_cleanup_errors=True) as folder:
            place = Path(folder) / path.name
            yield place
            _to_disk(place)
            _try_place(path, replace=replace)
            place.replace(path)
    except OSError as error:
        raise refusal(path, error) from error


def refusal(path: Path, error: OSError) -> UserError:
    """Why the file cannot be written, in one sentence, and what to do."""
    message = T("“{name}” cannot be written.", name=path.name)
    if isinstance(error, PermissionError):
        reason = T("It is open in another program, or you have no right to it. Close it there or choose another place.")
        return UserError(message, reason, "file_locked")
    if isinstance(error, IsADirectoryError):
        return UserError(message, T("There is a folder of this name. Choose another name."), "file_is_folder")
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return UserError(message, T("Its folder does not exist. Choose another place."), "no_folder")
    return UserError(message, reason_of_system(error), "file_unwritable")


def _try_place(path: Path, *, replace: bool) -> None:
    """Find out early whether the file can take its place."""
    if not path.parent.is_dir():
        raise FileNotFoundError(path.parent)
    if not os.path.lexists(path):
        return
    if path.is_dir():
        raise IsADirectoryError(path)
    if not replace:
        raise UserError(
            T("There is a file “{name}” already.", name=path.name),
            T("Choose another name, or say that it may be replaced."),
            "file_exists",
        )
    with path.open("r+b"):  # Windows refuses what Excel has open, every system what is read-only
        pass


def _to_disk(place: Path) -> None:
    with place.open("r+b") as file:
        os.fsync(file.fileno())
