"""Starts a child process of ours: a module with pipes, and nothing of the environment but what it needs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import runtime

KEPT = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH")
"""Names of the environment that a child is given."""


def start_child(module: str, *also: str) -> subprocess.Popen[bytes]:
    """Run a module of ours in a process of its own.

    Args:
        module: its dotted name.
        also: further names of the environment that it is given.

    Raises:
        OSError: it could not be started.
    """
    kept = {name: os.environ[name] for name in (*KEPT, *also) if name in os.environ}
    root = str(Path(runtime.__file__).parent.parent)
    return subprocess.Popen(  # noqa: S603 - a module of ours
        [sys.executable, "-B", "-m", module],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**kept, "PYTHONPATH": root, "RUST_BACKTRACE": "0", "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
