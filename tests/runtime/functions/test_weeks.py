"""Weeks: kinds of counting."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.functions.weeks import weekday, weeknum
from runtime.value.error_values import ErrorValue
from tests.runtime.expression.sample import result

VALUE, NUM = ErrorValue("#VALUE!"), ErrorValue("#NUM!")
DAYS = st.dates(date(1900, 1, 1), date(2200, 1, 1))


@pytest.mark.parametrize(
    ("kind", "sunday", "monday", "saturday"),
    [
        (1, 1, 2, 7),
        (2, 7, 1, 6),
        (3, 6, 0, 5),
        (11, 7, 1, 6),
        (12, 6, 7, 5),
        (13, 5, 6, 4),
        (14, 4, 5, 3),
        (15, 3, 4, 2),
        (16, 2, 3, 1),
        (17, 1, 2, 7),
    ],
)
def test_the_day_of_the_week_by_every_kind(kind: int, sunday: int, monday: int, saturday: int) -> None:
    days = [date(2024, 5, 19), date(2024, 5, 20), date(2024, 5, 18)]
    assert [weekday(day, Decimal(kind)) for day in days] == [sunday, monday, saturday]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("WEEKDAY({开始})", Decimal(6)),
        ("WEEKDAY({开始},2.9)", Decimal(5)),
        ("WEEKDAY({开始},0)", NUM),
        ("WEEKDAY({开始},)", NUM),
        ("WEEKDAY({开始},18)", NUM),
        ("WEEKDAY({开始},1E+300)", NUM),
        ("WEEKDAY({结束})", None),
        ('WEEKDAY("abc")', VALUE),
        ("WEEKNUM(DATE(2016,7,24),21)", Decimal(29)),
        ("WEEKNUM(DATE(2016,7,24),16)", Decimal(31)),
        ("WEEKNUM(DATE(2016,7,24),12)", Decimal(30)),
        ("WEEKNUM(DATE(2024,1,1))", Decimal(1)),
        ("WEEKNUM(DATE(2024,12,31),2)", Decimal(53)),
        ("WEEKNUM({开始},3)", NUM),
        ("WEEKNUM({开始},TRUE)", VALUE),
        ("ISOWEEKNUM(DATE(2020,12,31))", Decimal(53)),
        ("ISOWEEKNUM(DATE(2024,12,30))", Decimal(1)),
    ],
)
def test_weeks(source: str, expected: object) -> None:
    assert result(source, c_from=date(2024, 5, 17)) == expected


@given(DAYS, st.sampled_from([1, 2, 11, 12, 13, 14, 15, 16, 17]))
def test_a_new_week_begins_where_the_day_of_the_week_is_one(day: date, kind: int) -> None:
    after = day + timedelta(days=1)
    if after.year == day.year:
        begins = weekday(after, Decimal(kind)) == 1
        assert weeknum(after, Decimal(kind)) - weeknum(day, Decimal(kind)) == begins
    else:
        assert weeknum(after, Decimal(kind)) == 1
