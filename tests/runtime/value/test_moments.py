"""Dates and date-times."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.value.error_values import Failure
from runtime.value.moments import (
    days_between,
    from_microseconds,
    from_serial,
    microseconds,
    midnight,
    parse_moment,
    shift_days,
    shift_moment,
    shift_months,
    to_serial,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-03-01", date(2024, 3, 1)),
        ("2024/3/1", date(2024, 3, 1)),
        ("2024年3月1日", date(2024, 3, 1)),
        ("0001-01-01", date(1, 1, 1)),
        ("13/5/2024", date(2024, 5, 13)),
        ("5/13/2024", date(2024, 5, 13)),
        ("5/5/2024", date(2024, 5, 5)),
        ("5/6/2024", date(2024, 5, 6)),
        ("02/29/2008", date(2008, 2, 29)),
        ("1-2-2024", date(2024, 1, 2)),
        ("13.5.2024", date(2024, 5, 13)),
        ("2-Feb-2024", date(2024, 2, 2)),
        ("1 March 2024", date(2024, 3, 1)),
        ("Mar 1, 2024", date(2024, 3, 1)),
        ("22-AUG-08", date(2008, 8, 22)),
        ("1/1/30", date(1930, 1, 1)),
        ("5/17/2024 1:30 PM", datetime(2024, 5, 17, 5, 30, tzinfo=UTC)),
        ("2024年3月1日 8点30分", datetime(2024, 3, 1, 0, 30, tzinfo=UTC)),
        ("2024-03-01 08:30", datetime(2024, 3, 1, 0, 30, tzinfo=UTC)),
        ("2024-03-01T00:30:05.5Z", datetime(2024, 3, 1, 0, 30, 5, 500_000, tzinfo=UTC)),
        ("2024-03-01 00:30+09:00", datetime(2024, 2, 29, 15, 30, tzinfo=UTC)),
        ("2024-03-01 00:30-0100", datetime(2024, 3, 1, 1, 30, tzinfo=UTC)),
    ],
)
def test_a_text_that_shows_a_date_is_read(text: str, expected: date) -> None:
    assert parse_moment(text, SHANGHAI) == expected


@pytest.mark.parametrize(
    "text",
    ["", "5.6.2024", "31/31/2024", "1/2/345", "2023-02-29", "2024-13-01", "soon", "2024-03-01 25:00", "2-Xyz-2024"],
)
def test_what_is_no_date_or_could_be_two_is_not_read(text: str) -> None:
    assert parse_moment(text, SHANGHAI) is None


def test_the_last_of_the_month_stays_inside_the_month() -> None:
    assert shift_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert shift_months(date(2024, 3, 31), -13) == date(2023, 2, 28)


def test_beyond_the_calendar_is_a_failure() -> None:
    for beyond in (
        lambda: shift_months(date(9999, 12, 1), 1),
        lambda: shift_days(date(9999, 12, 31), 1),
        lambda: shift_moment(datetime(9999, 12, 31, tzinfo=UTC), Decimal(5)),
        lambda: midnight(date(1, 1, 1), SHANGHAI),
        lambda: from_serial(Decimal(-1)),
        lambda: from_serial(Decimal(2_958_466)),
    ):
        with pytest.raises(Failure) as caught:
            beyond()
        assert caught.value.error.code == "#NUM!"


def test_serial_numbers_are_those_of_excel() -> None:
    assert from_serial(Decimal(0)) == date(1899, 12, 31)
    assert from_serial(Decimal(1)) == date(1900, 1, 1)
    assert from_serial(Decimal("61.9")) == date(1900, 3, 1)
    assert from_serial(Decimal(45_429)) == date(2024, 5, 17)
    assert to_serial(date(2024, 5, 17)) == 45_429


@given(st.datetimes(timezones=st.just(UTC)))
def test_microseconds_keep_every_moment(moment: datetime) -> None:
    assert from_microseconds(microseconds(moment)) == moment


@given(st.dates(date(1900, 3, 1)))
def test_serials_keep_every_date(day: date) -> None:
    assert from_serial(to_serial(day)) == day


def test_spans_are_days_of_24_hours() -> None:
    start = datetime(2024, 1, 1, tzinfo=UTC)
    assert days_between(start, shift_moment(start, Decimal("1.25"))) == Decimal("1.25")
