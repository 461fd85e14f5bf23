"""Stamps never go back, whatever the clock on the wall does."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from runtime.clock import COUNTER_BITS, HybridClock, SystemClock, stamp_time
from tests.support.clock import START, FakeClock


def test_the_machine_tells_the_time_in_utc() -> None:
    before = datetime.now(UTC) - timedelta(milliseconds=1)
    now = SystemClock().now()
    assert now.tzinfo is UTC
    assert before <= now <= datetime.now(UTC) + timedelta(milliseconds=1)


def test_a_stamp_holds_the_wall_time_in_milliseconds(clock: FakeClock) -> None:
    assert stamp_time(HybridClock(clock).tick()) == START
    clock.advance(seconds=0.25)
    assert stamp_time(HybridClock(clock).tick()) == START + timedelta(milliseconds=250)


@given(jumps=st.lists(st.floats(-5e9, 5e9, allow_nan=False), max_size=60))
def test_stamps_grow_over_any_jumps_of_the_clock(jumps: list[float]) -> None:
    clock = FakeClock()
    hybrid = HybridClock(clock)
    stamps = [hybrid.tick()]
    for jump in jumps:
        try:
            clock.advance(seconds=jump)
        except OverflowError:
            continue
        stamps += [hybrid.tick(), hybrid.tick()]
    assert stamps == sorted(set(stamps))


def test_a_clock_set_back_ten_years_still_gives_later_stamps(clock: FakeClock) -> None:
    hybrid = HybridClock(clock)
    before = hybrid.tick()
    clock.advance(days=-3650)
    after = [hybrid.tick() for _ in range(1000)]
    assert before < after[0]
    assert stamp_time(after[-1]) - START < timedelta(seconds=1)


def test_a_clock_before_1970_gives_stamps_all_the_same() -> None:
    hybrid = HybridClock(FakeClock(datetime(1960, 1, 1, tzinfo=UTC)))
    assert 0 < hybrid.tick() < hybrid.tick()


def test_more_stamps_than_a_millisecond_can_count_borrow_from_the_next(clock: FakeClock) -> None:
    hybrid = HybridClock(clock, last=((int(START.timestamp() * 1000) << COUNTER_BITS) | 0xFFFF))
    stamp = hybrid.tick()
    assert stamp & 0xFFFF == 0
    assert stamp_time(stamp) == START + timedelta(milliseconds=1)


def test_what_was_seen_from_elsewhere_is_passed(clock: FakeClock) -> None:
    ahead = FakeClock(START + timedelta(hours=3))
    here, there = HybridClock(clock), HybridClock(ahead)
    theirs = there.tick()
    here.see(theirs)
    assert here.tick() > theirs
    here.see(5)
    assert here.tick() > theirs


def test_two_clocks_that_tell_each_other_agree_on_what_came_first(clock: FakeClock) -> None:
    late = FakeClock(START - timedelta(days=400))
    one, two = HybridClock(clock), HybridClock(late)
    told: list[int] = []
    for turn in range(20):
        speaker, hearer = (one, two) if turn % 2 else (two, one)
        stamp = speaker.tick()
        hearer.see(stamp)
        told.append(stamp)
        clock.advance(seconds=-1)
    assert told == sorted(set(told))


def test_threads_never_get_the_same_stamp(clock: FakeClock) -> None:
    hybrid = HybridClock(clock)
    found: list[list[int]] = [[] for _ in range(4)]

    def tick(mine: list[int]) -> None:
        mine.extend(hybrid.tick() for _ in range(2_000))

    threads = [threading.Thread(target=tick, args=(mine,)) for mine in found]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({stamp for mine in found for stamp in mine}) == 8_000
    assert all(mine == sorted(mine) for mine in found)
