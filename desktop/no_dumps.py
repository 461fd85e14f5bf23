"""What the memory of the program holds stays in memory: no core dumps, and no other program looks in."""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress

PR_SET_DUMPABLE = 4


def forbid_dumps() -> None:
    """Keep keys and records out of core dumps, and out of reach of other programs of the same person (prctl(2)).

    Python cannot wipe memory: this is what can be done. Where the system knows no such thing, nothing happens.
    """
    if sys.platform == "win32":
        return
    import resource

    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
