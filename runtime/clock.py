"""Time: a clock that tests can replace, and the hybrid logical clock that stamps changes.

Stamps order the changes of one device across clock jumps and pick the winner of a conflict. They are never used to
detect changes, to page or to collect garbage.
"""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from typing import Protocol

COUNTER_BITS = 16


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> datetime:
        """The time now, with time zone UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The time now, with time zone UTC."""
        return datetime.fromtimestamp(time.time(), UTC)


class HybridClock:
    """Hybrid logical clock (Kulkarni et al. 2014): 48 bit milliseconds since 1970, 16 bit counter; never goes back.

    Args:
        clock: the wall clock.
        last: highest stamp seen so far, from the store.
    """

    def __init__(self, clock: Clock, last: int = 0) -> None:
        self._clock = clock
        self._last = last
        self._lock = threading.Lock()

    def tick(self) -> int:
        """A new stamp, greater than every stamp given or seen before."""
        wall = int(self._clock.now().timestamp() * 1000) << COUNTER_BITS
        with self._lock:
            self._last = max(wall, self._last + 1)
            return self._last

    def see(self, stamp: int) -> None:
        """Take notice of a stamp made elsewhere; later ticks are greater."""
        with self._lock:
            self._last = max(self._last, stamp)


def stamp_time(stamp: int) -> datetime:
    """The wall time inside a stamp, UTC, in whole milliseconds."""
    return datetime.fromtimestamp((stamp >> COUNTER_BITS) / 1000, UTC)
