"""The disk under a workspace: free space, network shares, whether it can be written."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from resources.texts import T
from runtime.errors import UserError

LOW = 1024**3
"""Bytes free below which people are warned."""
TOO_LOW_TO_IMPORT = 300 * 1024**2
"""Bytes free below which no import starts."""

FreeSpace = Callable[[Path], int]
"""A folder -> bytes free on its disk."""

NETWORK = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "smb2", "afs", "9p", "fuse.sshfs", "davfs", "fuse.davfs2"})
"""File systems of other computers, as the kernel names them: their locks and flushes cannot be trusted."""

MOUNTS = Path("/proc/self/mountinfo")


def free_space(folder: Path) -> int:
    """Bytes free for this person on the disk of `folder`."""
    return shutil.disk_usage(folder).free


def is_writable(folder: Path) -> bool:
    """Whether files can be made in `folder`; False on a read-only disk, for root too."""
    return os.access(folder, os.W_OK | os.X_OK)


def is_network_share(folder: Path, mounts: Path = MOUNTS) -> bool:
    """Whether `folder` lies on the disk of another computer; False where the system does not say."""
    if sys.platform == "win32":
        import ctypes

        path = os.path.abspath(folder)  # noqa: PTH100 - a share that does not answer is not resolved
        remote = 4
        return path.startswith("\\\\") or ctypes.windll.kernel32.GetDriveTypeW(f"{path[:2]}\\") == remote
    return _file_system(folder, mounts) in NETWORK


def _file_system(folder: Path, mounts: Path) -> str:
    """Kind of the innermost mount above `folder`, as /proc/self/mountinfo (proc(5)) has it; "" = unknown."""
    try:
        lines = mounts.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return ""
    path, found = os.path.realpath(folder), ("", "")
    for line in lines:
        before, _, after = line.partition(" - ")
        point = before.split(" ")[4].encode().decode("unicode_escape") if before.count(" ") >= 4 else ""
        inside = point in {"/", path} or path.startswith(f"{point}/")
        if point and inside and after and len(point) >= len(found[0]):
            found = (point, after.split(" ", 1)[0])
    return found[1]


def room_for_import(folder: Path, free: FreeSpace = free_space) -> None:
    """Refuse an import where the disk is nearly full.

    Raises:
        UserError: less than 300 MB are free.
    """
    left = free(folder)
    if left < TOO_LOW_TO_IMPORT:
        raise UserError(
            T(
                "Only {free} are free on the disk; an import needs {least}.",
                free=size(left),
                least=size(TOO_LOW_TO_IMPORT),
            ),
            T("Free some space, then import again."),
            "disk_low",
        )


def size(count: int) -> str:
    """Bytes for people: 512 MB, 1.4 GB."""
    if count < 1000**2:
        return f"{max(1, round(count / 1000))} kB"
    if count < 1000**3:
        return f"{count / 1000**2:.0f} MB"
    return f"{count / 1000**3:.1f} GB"
