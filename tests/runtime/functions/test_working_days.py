"""Working days: weekends, holidays, far ends, and moving back what was counted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.functions.working_days import count_working_days, shift_working_days, weekend_of
from runtime.value.error_values import ErrorValue
from tests.runtime.expression.sample import result
from tests.support.pace import within

VALUE, NUM = ErrorValue("#VALUE!"), ErrorValue("#NUM!")
DAYS = st.dates(date(2000, 1, 1), date(2030, 1, 1))
WEEKENDS = st.frozensets(st.integers(0, 6), max_size=6)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("WORKDAY({开始},1)", date(2024, 5, 20)),
        ("WORKDAY({开始},-1)", date(2024, 5, 16)),
        ("WORKDAY({开始},0)", date(2024, 5, 17)),
        ("WORKDAY(DATE(2024,5,18),0)", date(2024, 5, 18)),
        ("WORKDAY(DATE(2024,5,18),1)", date(2024, 5, 20)),
        ("WORKDAY(DATE(2024,5,18),-1)", date(2024, 5, 17)),
        ("WORKDAY({开始},1.9)", date(2024, 5, 20)),
        ("WORKDAY({开始},-1.9)", date(2024, 5, 16)),
        ("WORKDAY({开始},1,{任意})", date(2024, 5, 22)),
        ("WORKDAY(DATE(2024,5,23),-2,{任意})", date(2024, 5, 17)),
        ("WORKDAY({开始},TRUE)", VALUE),
        ("WORKDAY({开始},1E+300)", NUM),
        ("WORKDAY({开始},9999999)", NUM),
        ("WORKDAY({开始},-9999999)", NUM),
        ("WORKDAY({结束},1)", None),
        ('WORKDAY({开始},1,"a")', VALUE),
        ('WORKDAY({开始},1,"2024-05-20")', date(2024, 5, 21)),
        ("WORKDAY({开始},1,45432)", date(2024, 5, 21)),
        ("WORKDAY({开始},1,TRUE)", VALUE),
        ("WORKDAY.INTL({开始},1,11)", date(2024, 5, 18)),
        ("WORKDAY.INTL({开始},1,,{任意})", date(2024, 5, 22)),
        ('WORKDAY.INTL({开始},1,"0000001")', date(2024, 5, 18)),
        ('WORKDAY.INTL({开始},1,"1111111")', VALUE),
        ('WORKDAY.INTL({开始},1,"00000")', VALUE),
        ('WORKDAY.INTL({开始},1,"0000002")', VALUE),
        ('WORKDAY.INTL({开始},1,"3")', VALUE),
        ("WORKDAY.INTL({开始},1,8)", NUM),
        ("WORKDAY.INTL(DATE(2012,1,1),30,0)", NUM),
        ("WORKDAY.INTL(DATE(2012,1,1),90,11)", date(2012, 4, 14)),
        ("WORKDAY.INTL(DATE(2012,1,1),30,17)", date(2012, 2, 5)),
        ("WORKDAY.INTL({开始},1,{备注})", VALUE),
        ("NETWORKDAYS({开始},DATE(2024,5,31))", Decimal(11)),
        ("NETWORKDAYS(DATE(2024,5,31),{开始})", Decimal(-11)),
        ("NETWORKDAYS({开始},DATE(2024,5,31),{任意})", Decimal(9)),
        ("NETWORKDAYS({开始},DATE(2024,5,31),)", Decimal(11)),
        ("NETWORKDAYS({时间},{开始})", Decimal(1)),
        ("NETWORKDAYS({开始},{结束})", None),
        ('NETWORKDAYS.INTL({开始},DATE(2024,5,31),"1111111")', Decimal(0)),
        ("NETWORKDAYS.INTL({开始},DATE(2024,5,31),,{任意})", Decimal(9)),
        ("NETWORKDAYS.INTL({开始},DATE(2024,5,31),17)", Decimal(13)),
        ("ISWORKDAY({开始})", True),
        ("ISWORKDAY({开始}+1)", False),
        ("ISWORKDAY({开始},{开始})", False),
        ("ISWORKDAY({结束})", None),
        ("WORKDAY({开始},1,{明细}.{金额})", ErrorValue("#REF!")),
    ],
)
def test_working_days(source: str, expected: object) -> None:
    row = {
        "c_from": date(2024, 5, 17),
        "c_at": datetime(2024, 5, 16, 20, 0, tzinfo=UTC),
        "c_anything": [date(2024, 5, 21), date(2024, 5, 20), None, date(2024, 5, 20), date(2024, 5, 25)],
        "c_lines.c_amount": [ErrorValue("#REF!")],
    }
    assert result(source, **row) == expected


@pytest.mark.parametrize(("code", "days"), [(1, {5, 6}), (2, {6, 0}), (7, {4, 5}), (11, {6}), (12, {0}), (17, {5})])
def test_the_numbers_of_weekends(code: int, days: set[int]) -> None:
    assert weekend_of(Decimal(code)) == days


@given(DAYS, DAYS, WEEKENDS, st.lists(DAYS, max_size=40))
def test_counting_is_looking_at_every_day(one: date, other: date, weekend: frozenset[int], free: list[date]) -> None:
    holidays = sorted({day for day in free if day.weekday() not in weekend})
    start, end = min(one, other), max(one, other)
    span = [start + timedelta(days=n) for n in range((end - start).days + 1)]
    counted = sum(day.weekday() not in weekend and day not in holidays for day in span)
    assert count_working_days(start, end, weekend, holidays) == counted
    assert count_working_days(end, start, weekend, holidays) == (-counted if start < end else counted)


@given(DAYS, st.integers(-400, 400).filter(bool), WEEKENDS, st.lists(DAYS, max_size=40))
def test_moving_by_working_days_is_the_inverse_of_counting_them(
    start: date, days: int, weekend: frozenset[int], free: list[date]
) -> None:
    holidays = sorted({day for day in free if day.weekday() not in weekend})
    end = shift_working_days(start, days, weekend, holidays)
    assert end.weekday() not in weekend
    assert end not in holidays
    beyond = start + timedelta(days=1 if days > 0 else -1)
    assert count_working_days(beyond, end, weekend, holidays) == days or (beyond == end and abs(days) == 1)


def test_far_days_and_many_holidays_are_quick() -> None:
    free = [date(2000, 1, 1) + timedelta(days=n) for n in range(10_000)]
    with within(0.5):
        assert result("WORKDAY({开始},1000000,{任意})", c_from=date(2000, 1, 3), c_anything=free) > date(5000, 1, 1)
