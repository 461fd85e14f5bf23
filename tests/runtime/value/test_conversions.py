"""Conversions and the blank rules."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from runtime.value.conversions import (
    LONGEST_LIST,
    fold,
    given,
    is_blank,
    to_bool,
    to_date,
    to_datetime,
    to_duration,
    to_number,
    to_record,
    to_text,
    to_time,
)
from runtime.value.error_values import ERRORS, ErrorValue, Failure

SHANGHAI = ZoneInfo("Asia/Shanghai")
EVENING = datetime(2024, 5, 16, 20, 0, tzinfo=UTC)


def test_blank_is_nothing_of_each_kind_but_dates_and_records_stay_blank() -> None:
    assert (to_number(None), to_text(None, None), to_bool(None)) == (Decimal(0), "", False)
    assert (to_date(None, None), to_datetime(None, None), to_record(None)) == (None, None, None)
    assert [is_blank(value) for value in (None, "", (), Decimal(0), False, " ")] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("convert", "value", "expected"),
    [
        (to_number, True, Decimal(1)),
        (to_number, " 12 ", Decimal(12)),
        (to_number, 5, Decimal(5)),
        (to_number, "1,200", Decimal(1200)),
        (to_number, "8%", Decimal("0.08")),
        (to_number, date(2024, 1, 10), Decimal(45301)),
        (to_number, "2024-01-10", Decimal(45301)),
        (to_bool, Decimal("0.1"), True),
        (to_bool, " true ", True),
        (to_record, UUID(int=1), UUID(int=1)),
        (to_number, time(6), Decimal("0.25")),
        (to_number, timedelta(hours=36), Decimal("1.5")),
        (to_duration, Decimal("1.5"), timedelta(hours=36)),
        (to_duration, time(6), timedelta(hours=6)),
        (to_duration, "26:30", timedelta(hours=26, minutes=30)),
    ],
)
def test_values_convert(convert: Callable[[Any], object], value: object, expected: object) -> None:
    assert convert(value) == expected


def test_days_and_texts_of_moments_depend_on_the_zone() -> None:
    assert to_date(EVENING, SHANGHAI) == date(2024, 5, 17)
    assert to_text(EVENING, SHANGHAI) == "2024-05-17 04:00:00"
    assert to_datetime(date(2024, 5, 17), SHANGHAI) == datetime(2024, 5, 16, 16, 0, tzinfo=UTC)
    with pytest.raises(ValueError, match="Situation"):
        to_date(EVENING, None)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (EVENING, time(4)),
        (date(2024, 5, 17), time()),
        (Decimal("1.5"), time(12)),
        (Decimal("0.99999999999999999"), time()),
        (timedelta(hours=30), time(6)),
        ("6 PM", time(18)),
        ("1/1/1901 1:01", time(1, 1)),
        (None, None),
    ],
)
def test_a_time_of_day_is_taken_from(value: object, expected: time | None) -> None:
    assert to_time(value, SHANGHAI) == expected


def test_times_and_durations_are_written_to_the_second() -> None:
    assert to_text(time(9, 5), None) == "09:05:00"
    assert to_text(timedelta(hours=-26, minutes=-5), None) == "-26:05:00"


@pytest.mark.parametrize(
    ("convert", "value", "code"),
    [
        (to_duration, "soon", "#VALUE!"),
        (to_duration, date(2024, 1, 1), "#VALUE!"),
        (to_duration, Decimal("1E+20"), "#NUM!"),
        (lambda value: to_time(value, SHANGHAI), "soon", "#VALUE!"),
        (lambda value: to_time(value, SHANGHAI), True, "#VALUE!"),
        (lambda value: to_time(value, SHANGHAI), Decimal(-1), "#NUM!"),
    ],
)
def test_what_is_no_time_fails(convert: Callable[[Any], object], value: object, code: str) -> None:
    with pytest.raises(Failure) as caught:
        convert(value)
    assert caught.value.error.code == code


@pytest.mark.parametrize("value", ["abc", datetime(2024, 1, 1, tzinfo=UTC), UUID(int=1), (1, 2)])
def test_what_is_no_number_fails_with_value(value: object) -> None:
    with pytest.raises(Failure) as caught:
        to_number(value)
    assert caught.value.error.code == "#VALUE!"


@pytest.mark.parametrize("error", ERRORS.values(), ids=str)
def test_an_error_passes_through_every_conversion(error: ErrorValue) -> None:
    for convert in (to_number, to_bool, to_record, given, lambda value: to_text(value, None)):
        with pytest.raises(Failure) as caught:
            convert(error)
        assert caught.value.error == error
    assert str(error.message).endswith(".")


def test_values_from_outside_become_canonical() -> None:
    assert given([1, None, "a"]) == (Decimal(1), None, "a")
    assert isinstance(given(3), Decimal)
    assert given(True) is True
    with pytest.raises(TypeError):
        given(0.5)
    with pytest.raises(TypeError):
        given(object())
    with pytest.raises(Failure):
        given([0] * (LONGEST_LIST + 1))


def test_letter_case_and_composition_do_not_count() -> None:
    assert fold("É") == fold("e\u0301")
    assert fold("Straße") == fold("STRASSE")
