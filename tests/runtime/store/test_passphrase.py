"""What a passphrase costs: never less than the standard, more on a machine that is fast."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.store import passphrase
from runtime.store.passphrase import DEAREST, LEAST, MOST_MEMORY_KIB, MOST_PASSES, dearer, stretch, stretch_new

pytestmark = pytest.mark.one_engine


def test_a_new_passphrase_costs_at_least_the_second_recommended_option_of_the_standard() -> None:
    assert LEAST == (64 * 1024, 3, 4)
    made = stretch_new("correct horse battery")
    assert all(part >= least for part, least in zip(made.cost, LEAST, strict=True))
    assert len(made.salt) == 16
    assert stretch("correct horse battery", made.salt, made.cost) == made.key
    assert "correct" not in repr(made)
    assert made.key.hex() not in repr(made)


@pytest.mark.parametrize(
    ("took", "cost"),
    [
        (5.0, (64 * 1024, 3, 4)),
        (0.5, (64 * 1024, 3, 4)),
        (0.26, (64 * 1024, 5, 4)),
        (0.25, (128 * 1024, 3, 4)),
        (0.1, (256 * 1024, 3, 4)),
        (0.05, (256 * 1024, 7, 4)),
        (0.0, (256 * 1024, MOST_PASSES, 4)),
    ],
)
def test_a_faster_machine_pays_with_memory_first_then_with_passes(took: float, cost: tuple[int, int, int]) -> None:
    assert dearer(took) == cost


@given(st.floats(0, 100))
def test_the_cost_is_never_below_the_least_and_takes_about_as_long_as_it_should(took: float) -> None:
    memory, passes, lanes = dearer(took)
    assert LEAST[0] <= memory <= MOST_MEMORY_KIB
    assert LEAST[1] <= passes <= MOST_PASSES
    assert lanes == LEAST[2]
    factor = memory * passes / (LEAST[0] * LEAST[1])
    assert took * factor <= max(passphrase.SECONDS, took) + 1e-9


def test_a_clock_that_stands_still_makes_it_no_cheaper(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "perf_counter", lambda: 7.0)
    monkeypatch.setattr(passphrase, "LEAST", (1024, 1, 4))
    monkeypatch.setattr(passphrase, "MOST_MEMORY_KIB", 4096)
    assert stretch_new("correct horse battery").cost == (4096, MOST_PASSES, 4)


@pytest.mark.parametrize(
    "cost", [(DEAREST[0] + 1, 3, 4), (1024, 101, 4), (1024, 3, 17), (8, 1, 4), (1024, 0, 4), (-1, 1, 1)]
)
def test_a_cost_that_would_stop_the_machine_is_refused(cost: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="out of bounds"):
        stretch("correct horse battery", bytes(16), cost)
