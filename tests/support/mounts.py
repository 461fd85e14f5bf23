"""Real small disks for tests: a tmpfs of so many megabytes, full or read-only; needs root, skips with the reason."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A disk of its own, mounted on a new folder under `folder`."""
    if sys.platform != "linux" or os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("mounting a disk needs root on Linux")
    point = folder / "disk"
    point.mkdir()
    made = _run("mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(point))
    if made.returncode:
        pytest.skip(f"no disk can be mounted here: {made.stderr.strip()}")
    try:
        yield point
    finally:
        _run("umount", "--lazy", str(point))


def make_read_only(point: Path, read_only: bool = True) -> None:
    """Nothing can be written there any more, or again."""
    done = _run("mount", "-o", f"remount,{'ro' if read_only else 'rw'}", str(point))
    assert done.returncode == 0, done.stderr


def fill(point: Path, leave: int = 0) -> Path:
    """A file that takes up all space but `leave` bytes."""
    path = point / "filler"
    with path.open("wb", buffering=0) as stream:
        free = shutil.disk_usage(point).free - leave
        while free > 0:
            free -= stream.write(bytes(min(free, 1024**2)))
    return path


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
