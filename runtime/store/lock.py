"""One writer per workspace: a lock that the operating system gives back when the process ends, however it ends.

The file of the lock says who holds it, and the last commit that was acknowledged. A holder that closes empties it: what
it still says when it is taken is what a session left behind that did not end well.
"""

from __future__ import annotations

import os
import platform
import sys
import threading
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from resources.texts import T
from runtime.errors import UserError, reason_of_system

FILE = "lock"
_HEAD_AT = 512
"""Where the acknowledged commit stands: after the holder, at a fixed place, so that noting it is one write."""
_HEAD_DIGITS = 20
_LOCKED_AT = 1 << 30
"""Byte that Windows locks; the others can be read meanwhile."""


class WorkspaceBusy(UserError):
    """Another program has the workspace open."""

    code = "workspace_busy"


class Holder(msgspec.Struct, frozen=True):
    """Who holds the lock: process id, name of the computer, since when (ISO 8601)."""

    pid: int
    computer: str
    since: str


class WorkspaceLock:
    """Held as long as a workspace is open.

    Args:
        folder: of the workspace.
        read_only: the folder cannot be written; locks without saying who.

    Attributes:
        read_only: as given.
        unclean: whether the holder before did not close the workspace.
        acknowledged: the last commit that holder noted; None where it closed, or noted none.

    Raises:
        WorkspaceBusy: somebody else holds it; the message says who.
        UserError: the folder cannot be written.
    """

    def __init__(self, folder: Path, *, read_only: bool = False) -> None:
        self._descriptor = -1
        self.read_only = read_only
        self._writing = threading.Lock()
        self.unclean = False
        self.acknowledged: int | None = None
        try:
            flags = os.O_RDONLY if read_only else os.O_RDWR | os.O_CREAT
            self._descriptor = os.open(folder / FILE, flags | getattr(os, "O_BINARY", 0), 0o600)
        except FileNotFoundError:
            return  # nothing can be made on a read-only disk, and nobody else can write there either
        except OSError as error:
            raise UserError(
                T("The folder {folder} cannot be written.", folder=str(folder)), reason_of_system(error), "read_only"
            ) from error
        try:
            _take(self._descriptor)
        except OSError as error:
            holder = self._holder()
            os.close(self._descriptor)
            self._descriptor = -1
            raise _busy(folder, holder) from error
        self._look_back()
        if not read_only:
            self._sign()

    def note(self, head: int) -> None:
        """Remember that commit `head` was acknowledged; outlives a kill, not a power cut, so it costs no flush."""
        with self._writing, suppress(OSError):  # a disk that is full says so where it matters
            if self._descriptor >= 0 and not self.read_only:
                self._write(_HEAD_AT, f"{head:0{_HEAD_DIGITS}d}".encode())

    def release(self, *, clean: bool = True) -> None:
        """Give the lock back; a second time does nothing.

        Args:
            clean: nothing is wrong with the workspace; otherwise the next to open it looks closely.
        """
        with self._writing:
            if self._descriptor < 0:
                return
            if clean and not self.read_only:
                with suppress(OSError):
                    os.ftruncate(self._descriptor, 0)
            os.close(self._descriptor)
            self._descriptor = -1

    def _look_back(self) -> None:
        said = self._read()
        self.unclean = bool(said.strip(b"\0 \n"))
        digits = said[_HEAD_AT : _HEAD_AT + _HEAD_DIGITS]
        self.acknowledged = int(digits) if len(digits) == _HEAD_DIGITS and digits.isdigit() else None

    def _sign(self) -> None:
        since = datetime.now(UTC).isoformat(timespec="seconds")
        line = msgspec.json.encode(Holder(os.getpid(), platform.node(), since))
        with suppress(OSError):  # a full disk is no reason not to open
            self._write(0, line[: _HEAD_AT - 1].ljust(_HEAD_AT - 1) + b"\n")

    def _holder(self) -> Holder | None:
        try:
            return msgspec.json.decode(self._read()[:_HEAD_AT].strip(), type=Holder)
        except (OSError, msgspec.DecodeError):
            return None

    def _read(self) -> bytes:
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        return os.read(self._descriptor, 4096)

    def _write(self, at: int, content: bytes) -> None:
        os.lseek(self._descriptor, at, os.SEEK_SET)
        os.write(self._descriptor, content)


def _busy(folder: Path, holder: Holder | None) -> WorkspaceBusy:
    if holder is None:
        said = T("“{name}” is already open in another window.", name=folder.stem)
    elif holder.computer == platform.node():
        said = T("“{name}” is already open in another window (process {pid}).", name=folder.stem, pid=holder.pid)
    else:
        said = T("“{name}” is already open on the computer {computer}.", name=folder.stem, computer=holder.computer)
    return WorkspaceBusy(said, T("Use that window, or close it first."))


def _take(descriptor: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        os.lseek(descriptor, _LOCKED_AT, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
