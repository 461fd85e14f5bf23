"""Times of day and durations."""

from __future__ import annotations

from datetime import time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.value.times import (
    days_of,
    duration_of_days,
    duration_text,
    later_on_the_clock,
    parse_duration,
    parse_time,
    part_of_day,
    time_of_part,
    time_text,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("6:00", time(6)),
        (" 1:30 ", time(1, 30)),
        ("10:19:19.5", time(10, 19, 19, 500_000)),
        ("12:00 PM", time(12)),
        ("12:00 am", time()),
        ("2 pm", time(14)),
        ("24:00", time()),
        ("25:30", time(1, 30)),
        ("下午2点30分", time(14, 30)),
        ("14点", time(14)),
        ("８：０５", time(8, 5)),
    ],
)
def test_a_text_that_shows_a_time_is_read(text: str, expected: time) -> None:
    assert parse_time(text) == expected


@pytest.mark.parametrize("text", ["", "6", "6:", "9:60", "13:00 pm", "abc", "1:2:3:4", "-1:00", "10000:00", "١:٣٠"])
def test_other_texts_are_no_time(text: str) -> None:
    assert parse_time(text) is None


def test_after_midnight_is_no_time_of_a_date() -> None:
    assert parse_time("23:59", past_midnight=False) == time(23, 59)
    assert parse_time("24:00", past_midnight=False) is None


@pytest.mark.parametrize("text", ["", "1", "1:5", "1:60", "abc"])
def test_other_texts_are_no_duration(text: str) -> None:
    assert parse_duration(text) is None


@given(st.times())
def test_a_time_and_its_part_of_the_day_are_the_same(clock: time) -> None:
    assert time_of_part(part_of_day(clock)) == clock
    assert parse_time(time_text(clock)) == clock.replace(microsecond=0)


@given(st.integers(-(10**12), 10**12))
def test_a_duration_is_read_back_from_its_text_and_from_its_days(seconds: int) -> None:
    span = timedelta(seconds=seconds)
    assert parse_duration(duration_text(span)) == span
    assert duration_of_days(days_of(span)) == span


def test_the_clock_begins_again_after_midnight() -> None:
    assert later_on_the_clock(time(23), timedelta(hours=2)) == time(1)
    assert later_on_the_clock(time(1), timedelta(hours=-2)) == time(23)
    assert time_of_part(Decimal("2.25")) == time(6)
