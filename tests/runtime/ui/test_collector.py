"""The garbage collector beside worker threads."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLabel

from runtime.ui.jobs import Jobs
from runtime.work import without_collector


@pytest.fixture(autouse=True)
def often() -> Iterator[None]:
    """There is something to collect after a few objects."""
    before = gc.get_threshold()
    gc.set_threshold(20, 1, 1)
    yield
    gc.set_threshold(*before)


class Cycle(QLabel):
    """A window that only the collector can end."""

    ended: list[int]

    def __init__(self, ended: list[int]) -> None:
        super().__init__("x")
        self.itself, self.ended = self, ended
        weakref.finalize(self, lambda: ended.append(threading.get_ident()))


def _many(_progress: Any) -> None:
    """Makes and drops thousands of cycles."""
    for _ in range(5_000):
        cycle: list[Any] = []
        cycle.append(cycle)


def test_a_dead_window_is_destroyed_on_the_gui_thread_whatever_workers_make(qtbot, jobs: Jobs):
    owner: QObject = QObject()
    ended: list[int] = []
    done: list[None] = []
    for _ in range(10):
        Cycle(ended)
        jobs.start(owner, _many, done.append, lane="free")
    qtbot.waitUntil(lambda: len(done) == 10 and len(ended) == 10)
    assert set(ended) == {threading.get_ident()}


def test_large_work_is_not_disturbed(qtbot, jobs: Jobs):
    seen: list[str] = []
    gc.callbacks.append(lambda phase, _about: seen.append(phase))
    try:
        with without_collector():
            _many(None)
            jobs._collector.look()
            assert seen == []
        _many(None)
        jobs._collector.look()
        assert seen == ["start", "stop"]
    finally:
        gc.callbacks.pop()


def test_without_workers_python_collects_by_itself(qapp):
    assert gc.isenabled()
    jobs = Jobs(lambda _error: None)
    assert not gc.isenabled()
    jobs.close()
    assert gc.isenabled()
    jobs.close()
    assert gc.isenabled()
