"""One writer per workspace: a lock that the operating system gives back when the process ends, however it ends."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from resources.texts import T
from runtime.errors import UserError

FILE = "lock"


class WorkspaceBusy(UserError):
    """Another program has the workspace open."""

    code = "workspace_busy"


class WorkspaceLock:
    """Held as long as a workspace is open.

    Args:
        folder: of the workspace.

    Raises:
        WorkspaceBusy: somebody else holds it.
        UserError: the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        try:
            self._descriptor = os.open(folder / FILE, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise UserError(
                T("The folder {folder} cannot be written.", folder=str(folder)), str(error.strerror), "read_only"
            ) from error
        try:
            _take(self._descriptor)
        except OSError as error:
            os.close(self._descriptor)
            raise WorkspaceBusy(
                T("“{name}” is already open in another window.", name=folder.stem),
                T("Use that window, or close it first."),
            ) from error

    def release(self) -> None:
        """Give the lock back; a second time does nothing."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def _take(descriptor: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
