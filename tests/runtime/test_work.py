"""Long work steps and can be stopped at any step."""

from __future__ import annotations

import pytest

from resources.texts import T
from runtime.errors import Cancelled
from runtime.work import Progress, Step, current, under


def test_every_step_is_reported_with_what_it_does() -> None:
    steps: list[Step] = []
    progress = Progress(steps.append)
    progress.step(0, 10, T("Read"))
    progress.step(10, 10, "done")
    assert steps == [Step(0, 10, T("Read")), Step(10, 10, "done")]


def test_nobody_needs_to_listen() -> None:
    Progress().step(1, 2, "x")
    Progress().check()


def test_cancelled_work_stops_at_its_next_step_and_says_nothing_more() -> None:
    steps: list[Step] = []
    progress = Progress(steps.append)
    progress.step(1, 3, "x")
    assert not progress.cancelled
    progress.cancel()
    assert progress.cancelled
    with pytest.raises(Cancelled):
        progress.step(2, 3, "x")
    with pytest.raises(Cancelled):
        progress.check()
    assert len(steps) == 1


def test_what_runs_inside_is_told_at_once_that_nobody_waits_and_never_afterwards() -> None:
    progress = Progress()
    told: list[str] = []
    with progress.stopping(lambda: told.append("inside")):
        progress.cancel()
    assert told == ["inside"]
    progress.cancel()
    assert told == ["inside"]
    with pytest.raises(Cancelled), progress.stopping(lambda: told.append("late")):
        told.append("entered")
    assert told == ["inside"]


def test_work_knows_what_it_belongs_to() -> None:
    progress = Progress()
    assert current() is None
    with under(progress):
        assert current() is progress
    assert current() is None
