"""`Turns`: one writes at a time, and what nobody waits for lets everybody else go first."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

PATIENCE = 1.0
"""Seconds for which others may go first: who never pauses keeps nobody from going on."""


class Turns:
    """A lock around everything that writes; whoever holds it may take it again.

    Whoever waits for a plain lock gets it by chance only, when another thread gives it back and takes it again at once.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._waiting = 0
        self._nobody = threading.Condition()

    def __enter__(self) -> Self:
        if not self._lock.acquire(blocking=False):
            self._count(1)
            try:
                self._lock.acquire()
            finally:
                self._count(-1)
        return self

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    @contextmanager
    def last(self) -> Iterator[None]:
        """Hold it once nobody waits for it, or after `PATIENCE`."""
        with self._nobody:
            self._nobody.wait_for(lambda: not self._waiting, PATIENCE)
        with self._lock:
            yield

    def give_way(self) -> None:
        """Wait while somebody else holds it."""
        with self._lock:
            pass

    def _count(self, one: int) -> None:
        with self._nobody:
            self._waiting += one
            if not self._waiting:
                self._nobody.notify_all()
