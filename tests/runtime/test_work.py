"""Long work steps and can be stopped at any step."""

from __future__ import annotations

import pytest

from resources.texts import T
from runtime.errors import Cancelled
from runtime.work import Progress, Step


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
