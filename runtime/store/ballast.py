"""The ballast: a file that only takes up space, let go when the disk is full so that there is room to tidy up."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

FILE = "ballast"
SIZE = 16 * 1024**2
ROOM = 2 * SIZE
"""Bytes that must be free before the ballast is made: it must not be what fills the disk."""

_BLOCK = 1024**2


class Ballast:
    """The ballast of one workspace folder.

    Args:
        folder: of the workspace.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE

    @property
    def is_there(self) -> bool:
        """Whether there is something to let go."""
        try:
            return self._path.stat().st_size >= SIZE
        except OSError:
            return False

    def make(self, free: int) -> bool:
        """Take up the space, where it is not taken up and `free` bytes allow it; whether it is there now."""
        if self.is_there:
            return True
        if free < ROOM:
            return False
        noise = os.urandom(_BLOCK)  # a disk that compresses must not see through it
        try:
            with self._path.open("wb") as stream:
                for _ in range(SIZE // _BLOCK):
                    stream.write(noise)
                stream.flush()
                os.fsync(stream.fileno())
        except OSError:
            self.release()
            return False
        return True

    def release(self) -> None:
        """Let the space go."""
        with suppress(OSError):
            self._path.unlink(missing_ok=True)
