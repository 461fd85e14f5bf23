"""What aggregates share."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from runtime.value.aggregates import as_list, extreme, extreme_type, mean, numbers_of, total
from runtime.value.error_values import ErrorValue, Failure
from runtime.value.types import DATE, DATETIME, NUMBER, TEXT, list_of


def test_only_numbers_are_numbers() -> None:
    assert numbers_of([Decimal(1), None, "2", True, date(2024, 1, 1), Decimal(3)]) == [1, 3]
    with pytest.raises(Failure):
        numbers_of([Decimal(1), ErrorValue("#N/A")])


def test_sum_and_mean() -> None:
    assert total([]) == 0
    assert total([Decimal("0.1")] * 10) == 1
    assert mean([Decimal(1), Decimal(2)]) == Decimal("1.5")
    with pytest.raises(Failure):
        mean([])


def test_a_single_value_is_a_list_of_one() -> None:
    assert as_list(None) == (None,)
    assert as_list((1, 2)) == (1, 2)


def test_extremes_of_numbers_come_before_those_of_dates() -> None:
    day, moment = date(2024, 1, 1), datetime(2024, 1, 1, tzinfo=UTC)
    assert extreme(max, [day, Decimal(1), Decimal(5), None]) == 5
    assert extreme(min, [date(2024, 2, 1), day, "x"]) == day
    assert extreme(max, [day, moment]) is None
    assert extreme(max, []) is None


def test_the_extreme_of_dates_is_a_date() -> None:
    assert extreme_type([DATE, list_of(DATE)]) == DATE
    assert extreme_type([list_of(DATETIME)]) == DATETIME
    assert extreme_type([DATE, NUMBER]) == NUMBER
    assert extreme_type([TEXT]) == NUMBER
