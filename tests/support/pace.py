"""How long something may take in a test: processor time, as a machine that does other things is no reason to fail."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager

SLOWER = 4
"""So many times slower than the machine of the person who set the budget another one may be."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """The block takes at most `seconds` of this thread's processor time on a usual machine, `SLOWER` times that on any.

    Waiting is not counted: what hangs is stopped by the time limit of the test. What older tests left for the garbage
    collector is not cleared in the block.
    """
    collecting = gc.isenabled()
    gc.disable()
    started = time.thread_time()
    try:
        yield
        taken = time.thread_time() - started
    finally:
        if collecting:
            gc.enable()
    assert taken < seconds * SLOWER, f"{taken:.3f} s of processor time; at most {seconds} s on a usual machine"
