"""Long work: Qt-free functions take a `Progress` and step it; stepping is where cancelling happens."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from runtime.errors import Cancelled, Sentence


@dataclass(frozen=True, slots=True)
class Step:
    """How far a piece of work is: `done` of `total` (0 = unknown), and what it does now."""

    done: int
    total: int
    label: Sentence


_undisturbed: list[object] = []
"""One for each block that the garbage collector, of which a process has one, is to leave alone."""


@contextmanager
def without_collector() -> Iterator[None]:
    """For work that makes millions of short-lived rows and no cycles: keep the garbage collector out of the way.

    A full collection stops every thread, the window's too, for as long as it takes to walk through all objects.
    """
    running, block = gc.isenabled(), object()
    gc.disable()
    _undisturbed.append(block)
    try:
        yield
    finally:
        _undisturbed.remove(block)
        if running:
            gc.enable()


def collector_is_in_the_way() -> bool:
    """Whether some thread is inside `without_collector`."""
    return bool(_undisturbed)


class Progress:
    """Handed to long work; safe to cancel from another thread.

    Args:
        report: called with each `Step` on the thread that does the work.
    """

    def __init__(self, report: Callable[[Step], None] | None = None) -> None:
        self._report = report
        self._cancelled = threading.Event()
        self._stops: list[Callable[[], None]] = []
        self._lock = threading.Lock()

    def step(self, done: int, total: int, label: Sentence) -> None:
        """Say how far the work is.

        Raises:
            Cancelled: somebody asked to stop; the work must undo what is half done and let it through.
        """
        self.check()
        if self._report is not None:
            self._report(Step(done, total, label))

    def check(self) -> None:
        """Raise `Cancelled` when somebody asked to stop."""
        if self._cancelled.is_set():
            raise Cancelled

    def cancel(self) -> None:
        """Ask the work to stop at its next step, or to break off what `stopping` says."""
        self._cancelled.set()
        with self._lock:
            for stop in self._stops:
                stop()

    @contextmanager
    def stopping(self, stop: Callable[[], None]) -> Iterator[None]:
        """Inside the block, whoever asks to stop also calls `stop`, on their own thread; never after the block.

        Raises:
            Cancelled: somebody has asked already.
        """
        with self._lock:
            self.check()
            self._stops.append(stop)
        try:
            yield
        finally:
            with self._lock:
                self._stops.remove(stop)

    @property
    def cancelled(self) -> bool:
        """Whether somebody asked to stop."""
        return self._cancelled.is_set()


_under: ContextVar[Progress | None] = ContextVar("under", default=None)


@contextmanager
def under(progress: Progress) -> Iterator[None]:
    """What is done inside the block belongs to this work: statements that only read break off when it is cancelled."""
    token = _under.set(progress)
    try:
        yield
    finally:
        _under.reset(token)


def current() -> Progress | None:
    """The work that what runs now belongs to; None where nobody can cancel it."""
    return _under.get()
