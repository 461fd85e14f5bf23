"""The index goes on when a moment passes without a commit, and in time when none does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication

from desktop.indexing import BREATH, LATEST, REST, ROOM, SLICE, Indexing
from runtime.work import Progress

MOMENT = REST / 1_000 + 0.01
CHUNK = 0.03
"""Seconds that a chunk takes."""


class Lane:
    """The quiet lane, whose work a test runs, and the clock by which it goes."""

    def __init__(self) -> None:
        self.time = 1_000.0
        self.busy = False
        self.waiting = 0
        self.steps: list[float] = []
        self._jobs: list[tuple[Callable[[Progress], bool], Callable[[bool], None]]] = []
        self.indexing = Indexing(self, None, lambda: self.time, self.pass_time)  # type: ignore[arg-type]
        self.indexing.watch(self)  # type: ignore[arg-type]

    def start(self, _owner: Any, work: Any, then: Any, *_: Any, **__: Any) -> object:
        """What `Jobs.start` does."""
        self._jobs.append((work, then))
        return SimpleNamespace(cancel=lambda: None)

    def index_some(self) -> int | None:
        """What a session does: a chunk of at most 200 records."""
        if not self.waiting:
            return None
        self.pass_time(CHUNK)
        self.steps.append(self.time)
        done = min(200, self.waiting)
        self.waiting -= done
        return done

    def pass_time(self, seconds: float) -> None:
        """Nothing happens for a while, but that the timer runs off."""
        self.time += seconds

    def work(self) -> None:
        """Run what is in the lane."""
        while self._jobs:
            work, then = self._jobs.pop(0)
            then(work(Progress()))

    def save(self, records: int = 1) -> None:
        """A commit; what it sets off is run at once."""
        self.waiting += records
        self.indexing.applied(SimpleNamespace(seq=1))  # type: ignore[arg-type]
        self.work()

    def ring(self) -> None:
        """The timer runs off."""
        assert self.indexing._timer.isActive()
        self.indexing._timer.stop()
        self.indexing._start()
        self.work()


@pytest.fixture
def lane(qapp: QCoreApplication) -> Iterator[Lane]:
    """A workspace that was opened and is indexed."""
    lane = Lane()
    lane.ring()
    assert not lane.indexing.busy
    yield lane
    lane.indexing.leave()


def test_a_moment_without_a_commit_is_waited_for(lane: Lane) -> None:
    lane.save()
    assert lane.steps == []
    lane.pass_time(MOMENT)
    lane.ring()
    assert len(lane.steps) == 1
    assert not lane.indexing.busy


@pytest.mark.parametrize("every", [0.01, 0.1, 0.299])
def test_commits_that_never_pause_do_not_starve_it(lane: Lane, every: float) -> None:
    begun = lane.time
    saved: list[float] = []
    while lane.time < begun + 20:
        saved.append(lane.time)
        lane.save()
        lane.pass_time(every)
    assert lane.steps[0] - begun <= LATEST + every + CHUNK
    gaps = [after - before for before, after in zip(lane.steps, lane.steps[1:], strict=False)]
    assert max(gaps) <= LATEST + 2 * (every + CHUNK + BREATH)
    assert lane.waiting <= (LATEST + CHUNK + every) / every + 2


@pytest.mark.parametrize(("every", "chunks"), [(ROOM + 0.05, 100), (ROOM - 0.05, 13)])
def test_it_does_one_chunk_right_behind_a_commit_where_commits_leave_room(
    lane: Lane, every: float, chunks: int
) -> None:
    lane.save(100_000)
    begun = lane.time
    worked: list[float] = []
    while lane.time < begun + 30:
        lane.pass_time(every)
        before = lane.time
        lane.save()
        if lane.time > before:
            worked.append(lane.time - before)
    assert len(worked) == len(lane.steps) == pytest.approx(chunks, rel=0.12)
    assert max(worked) == pytest.approx(CHUNK + BREATH)


def test_behind_an_import_it_does_one_chunk_at_a_time(lane: Lane) -> None:
    lane.busy = True
    begun = lane.time
    while lane.time < begun + 10:
        lane.save(5_000)
        lane.pass_time(0.2)
    assert 3 <= len(lane.steps) <= 5
    assert min(after - before for before, after in zip(lane.steps, lane.steps[1:], strict=False)) >= LATEST


def test_after_the_stream_it_works_on_without_a_rest(lane: Lane) -> None:
    for _ in range(20):
        lane.save(1_000)
        lane.pass_time(0.2)
    lane.pass_time(MOMENT)
    while lane.waiting:
        before = lane.time
        lane.ring()
        assert lane.time - before <= SLICE + CHUNK + BREATH
    assert not lane.indexing.busy


def test_a_workspace_that_is_closed_is_left_alone(lane: Lane) -> None:
    lane.indexing.leave()
    for _ in range(30):
        lane.save()
        lane.pass_time(0.2)
    assert lane.steps == []
    assert not lane.indexing.busy
