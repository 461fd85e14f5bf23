"""Which backups stay: the ladder, its end, what is left where room is short, and clocks that jump."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.store.retention import BEFORE, Copy, kept, room
from tests.support.clock import START

PLENTY = 10**12
RUNGS = 12 + 24 + 14 + 8


def history(count: int, step: timedelta, start: datetime = START) -> list[Copy]:
    return [Copy(number, start + step * number, 1_000) for number in range(1, count + 1)]


def grown(copies: list[Copy], most: int = PLENTY) -> dict[int, Copy]:
    """What is there after each copy was made in turn and the others thinned."""
    there: dict[int, Copy] = {}
    for copy in copies:
        there[copy.number] = copy
        there = {number: there[number] for number in kept(list(there.values()), most)}
    return there


def ages(there: dict[int, Copy]) -> list[timedelta]:
    newest = there[max(there)].made
    return sorted(newest - copy.made for copy in there.values())


def test_after_a_quarter_of_changes_every_ten_minutes_there_are_minutes_hours_days_and_weeks() -> None:
    found = ages(grown(history(24 * 6 * 90, timedelta(minutes=10))))
    assert len(found) <= RUNGS
    assert found[:12] == [timedelta(minutes=10) * at for at in range(12)]
    for hours in range(2, 24):
        assert any(timedelta(hours=hours - 1) <= age <= timedelta(hours=hours) for age in found), hours
    for days in range(2, 14):
        assert any(timedelta(days=days - 1) <= age <= timedelta(days=days) for age in found), days
    for weeks in range(3, 8):
        assert any(timedelta(weeks=weeks - 1) <= age <= timedelta(weeks=weeks) for age in found), weeks


@given(st.lists(st.timedeltas(timedelta(days=-4000), timedelta(days=4000)), min_size=1, max_size=120))
def test_however_the_clock_jumps_the_newest_stays_and_there_are_never_more_than_the_ladder_has(
    steps: list[timedelta],
) -> None:
    now, copies = START, []
    for number, step in enumerate(steps, 1):
        now = max(datetime(1990, 1, 1, tzinfo=START.tzinfo), min(now + step, datetime(2090, 1, 1, tzinfo=START.tzinfo)))
        copies.append(Copy(number, now, 1_000))
        staying = kept(copies, PLENTY)
        assert number in staying
        assert len(staying) <= RUNGS
        copies = [copy for copy in copies if copy.number in staying]


@pytest.mark.parametrize("jump", [timedelta(days=-3652), timedelta(days=3652), timedelta(hours=1), timedelta(hours=-1)])
def test_one_copy_after_a_jump_of_the_clock_takes_the_place_of_at_most_one_other_of_each_rung(jump: timedelta) -> None:
    before = grown(history(2_000, timedelta(minutes=10)))
    number = max(before) + 1
    after = kept([*before.values(), Copy(number, before[number - 1].made + jump, 1_000)], PLENTY)
    assert number in after
    assert len(before.keys() - after) <= 4


def test_what_was_made_before_something_big_outlives_the_next_ten_minutes() -> None:
    copies = [Copy(1, START, 1, before=True), Copy(2, START + timedelta(minutes=1), 1)]
    assert kept(copies, PLENTY) == {1, 2}
    ordinary = [Copy(1, START, 1), Copy(2, START + timedelta(minutes=1), 1)]
    assert kept(ordinary, PLENTY) == {2}
    many = [Copy(number, START + timedelta(seconds=number), 1, before=True) for number in range(40)]
    assert kept(many, PLENTY) == set(range(40 - BEFORE, 40))


def test_where_room_is_short_far_and_near_copies_stay() -> None:
    there = grown(history(24 * 6 * 60, timedelta(minutes=10)), most=3_000)
    found = ages(there)
    assert len(found) == 3
    assert found[0] == timedelta(0)
    assert found[1] < timedelta(days=7)
    assert found[2] > timedelta(days=7)


def test_a_copy_larger_than_all_room_stays_while_it_is_the_only_one() -> None:
    assert kept([Copy(1, START, 10**15)], 5) == {1}
    assert kept([Copy(1, START, 10**15), Copy(2, START, 10**15)], 5) == {2}


def test_a_small_workspace_has_its_whole_ladder_and_a_large_one_three_times_its_size() -> None:
    assert room(100_000) >= RUNGS * 1_000_000
    assert room(10**9) == 3 * 10**9


def chosen_by(seed: int) -> Callable[[int, int], int]:
    return random.Random(seed).randint


@pytest.mark.parametrize("seed", range(20))
def test_no_copy_is_dropped_without_a_newer_one_near_it_or_the_ladder_ending(seed: int) -> None:
    pick = chosen_by(seed)
    now, there = START, dict[int, Copy]()
    for number in range(1, 300):
        now += timedelta(minutes=pick(1, 600))
        there[number] = Copy(number, now, 1_000)
        staying = kept(list(there.values()), PLENTY)
        for gone in there.keys() - staying:
            day = there[gone].made.date()
            newer = [n for n in staying if n > gone]
            assert newer
            if now - there[gone].made < timedelta(days=12):
                assert any(there[n].made.date() == day for n in newer)
        there = {n: copy for n, copy in there.items() if n in staying}
