"""Sums, counts and extremes of the rows that meet conditions."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.expression.check import check
from runtime.functions.conditionals import averageifs, countif, countifs, maxifs, minifs, sumif, sumifs
from runtime.value.error_values import ErrorValue, Failure
from runtime.value.types import DATE, NUMBER, list_of
from tests.runtime.expression.sample import SITUATION, SampleSchema, checked, field, result

ZONE = SITUATION.zone
BROKEN = ErrorValue("#REF!")
AMOUNTS = st.lists(st.integers(-9, 9).map(Decimal), max_size=20)


def _numbers(*values: Any) -> tuple[Any, ...]:
    return tuple(Decimal(each) if isinstance(each, int) and not isinstance(each, bool) else each for each in values)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('SUMIF({明细}.{金额},">1")', "5.5"),
        ('SUMIF({任意},"a*",{明细}.{金额})', "4"),
        ('SUMIF({任意},"=",{明细}.{金额})', "2.5"),
        ('SUMIF({任意},"<>",{明细}.{金额})', "4"),
        ("SUMIF({明细}.{金额},3)", "3"),
        ("SUMIF({明细}.{完成},TRUE,{明细}.{金额})", "3.5"),
        ('SUMIFS({明细}.{金额},{任意},"a*",{明细}.{完成},FALSE)', "3"),
        ('COUNTIF({明细}.{金额},">=2.5")', "2"),
        ('COUNTIF({明细}.{金额},">"&{单价})', "3"),
        ('COUNTIF({明细}.{金额},"<>3")', "3"),
        ('COUNTIF({任意},"??")', "1"),
        ('COUNTIFS({任意},"<>b",{明细}.{金额},">0")', "3"),
        ('AVERAGEIF({明细}.{金额},">1")', "2.75"),
        ('AVERAGEIFS({明细}.{金额},{任意},"A*")', "2"),
        ('MAXIFS({明细}.{金额},{任意},"a*")', "3"),
        ('MINIFS({明细}.{金额},{任意},"a*")', "1"),
        ('MAXIFS({明细}.{金额},{任意},"z")', "0"),
        ('条件求和({明细}.{金额},"＞1")', "5.5"),
    ],
)
def test_rows_that_meet_conditions_count(source: str, expected: str) -> None:
    row = {
        "c_price": 0,
        "c_lines.c_amount": [1, Decimal("2.5"), 3, None],
        "c_lines.c_done": [True, True, False, None],
        "c_anything": ["Apple", None, "ax", "b"],
    }
    assert result(source, **row) == Decimal(expected)


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ('AVERAGEIF({明细}.{金额},">9")', "#DIV/0!"),
        ('SUMIFS({明细}.{金额},{任意},"a")', "#VALUE!"),
        ('COUNTIFS({任意},"a",{明细}.{金额},1)', "#VALUE!"),
        ("COUNTIF({任意},{明细}.{金额})", "#VALUE!"),
        ('COUNTIF({任意},REPT("a",256))', "#VALUE!"),
        ("COUNTIF({任意},1/0)", "#DIV/0!"),
    ],
)
def test_what_fits_no_rows_is_an_error(source: str, error: str) -> None:
    assert result(source, **{"c_lines.c_amount": [1, 2], "c_anything": ["a"]}) == ErrorValue(error)


def test_an_error_counts_only_where_its_row_is_chosen() -> None:
    amounts, names = _numbers(1, BROKEN, 3), ("a", "b", "a")
    assert sumifs(ZONE, amounts, names, "a") == 4
    assert countif(ZONE, amounts, ">0") == 2
    assert countif(ZONE, amounts, "#REF!") == 1
    with pytest.raises(Failure) as failure:
        sumifs(ZONE, amounts, names, "b")
    assert failure.value.error == BROKEN


def test_a_list_beside_may_be_shorter_or_longer() -> None:
    amounts = _numbers(1, 2, 3)
    assert sumif(ZONE, amounts, ">1", _numbers(10, 20)) == 20
    assert sumif(ZONE, amounts, ">1", _numbers(10, 20, 30, 40)) == 50


def test_extremes_of_dates_are_dates() -> None:
    days = (date(2024, 1, 1), date(2024, 3, 1), None)
    assert maxifs(ZONE, days, _numbers(1, 2, 1), Decimal(1)) == date(2024, 1, 1)
    assert minifs(ZONE, days, _numbers(1, 2, 1), ">5") is None
    schema = SampleSchema([field("d", "日期", list_of(DATE)), field("n", "数", list_of(NUMBER))])
    assert check("MAXIFS({日期},{数},1)", schema).type == DATE
    assert checked("MAXIFS({明细}.{金额},{明细}.{完成},TRUE)").type == NUMBER


def test_moments_are_compared_with_midnights_of_the_zone() -> None:
    moments = (datetime(2024, 5, 16, 16, 0, tzinfo=UTC), datetime(2024, 5, 16, 15, 59, tzinfo=UTC), None)
    assert countif(ZONE, moments, ">=2024-05-17") == 1
    assert countif(ZONE, moments, date(2024, 5, 17)) == 1
    assert countif(ZONE, (date(2024, 5, 17), date(2024, 5, 18)), ">2024-05-17 09:30") == 1


@given(AMOUNTS, st.sampled_from(["<", "<=", ">", ">=", "=", "<>"]), st.integers(-9, 9))
def test_conditional_aggregates_are_those_of_the_filtered_list(
    amounts: list[Decimal], operator: str, bound: int
) -> None:
    tests: dict[str, Any] = {
        "<": lambda each: each < bound,
        "<=": lambda each: each <= bound,
        ">": lambda each: each > bound,
        ">=": lambda each: each >= bound,
        "=": lambda each: each == bound,
        "<>": lambda each: each != bound,
    }
    chosen = [each for each in amounts if tests[operator](each)]
    items, condition = tuple(amounts), f"{operator}{bound}"
    assert sumifs(ZONE, items, items, condition) == sumif(ZONE, items, condition) == sum(chosen)
    assert countifs(ZONE, items, condition) == countif(ZONE, items, condition) == len(chosen)
    if chosen:
        assert averageifs(ZONE, items, items, condition) * len(chosen) - sum(chosen) < Decimal("1E-20")
        assert maxifs(ZONE, items, items, condition) == max(chosen)
        assert minifs(ZONE, items, items, condition) == min(chosen)
