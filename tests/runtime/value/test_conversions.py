"""Conversions and the blank rules."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
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
    to_number,
    to_record,
    to_text,
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
        (to_bool, Decimal("0.1"), True),
        (to_bool, " true ", True),
        (to_record, UUID(int=1), UUID(int=1)),
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


@pytest.mark.parametrize("value", ["abc", date(2024, 1, 1), UUID(int=1), (1, 2)])
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
