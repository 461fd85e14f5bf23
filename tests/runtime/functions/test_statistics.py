"""Statistics: places in a sorted list and how far numbers lie from their mean."""

from __future__ import annotations

import statistics
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.functions.statistics import large, median, percentile, quartile, rank, small, stdev, stdev_p, var, var_p
from runtime.value.decimals import exact_arithmetic
from runtime.value.error_values import ErrorValue
from tests.runtime.expression.sample import result

NUMBERS = st.lists(st.decimals(-1000, 1000, places=2), min_size=2, max_size=20)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("MEDIAN({明细}.{金额},{任意})", "4"),
        ("MEDIAN(1,2)", "1.5"),
        ("MODE(2,2,1,1,1,3,2)", "2"),
        ("MODE.SNGL({任意},7)", "7"),
        ("LARGE({明细}.{金额},2)", "4"),
        ("LARGE({明细}.{金额},1.2)", "4"),
        ("SMALL({明细}.{金额},3.4)", "5"),
        ("SMALL({明细}.{金额},1)", "3"),
        ("LARGE(7,1)", "7"),
        ("RANK(4,{明细}.{金额})", "2"),
        ("RANK.EQ(4,{明细}.{金额},1)", "2"),
        ("RANK(3,{明细}.{金额},0)", "3"),
        ("PERCENTILE({明细}.{金额},0.75)", "4.5"),
        ("PERCENTILE.INC({明细}.{金额},1)", "5"),
        ("QUARTILE({明细}.{金额},1.9)", "3.5"),
        ("STDEV({明细}.{金额})", "1"),
        ("STDEV.S({明细}.{金额})", "1"),
        ("VAR({明细}.{金额})", "1"),
        ("VARP({明细}.{金额})*3", "2"),
        ("VAR.P(5)", "0"),
        ("STDEVP(2,4,4,4,5,5,7,9)", "2"),
        ("AVERAGEA({任意})", "1.75"),
        ('AVERAGEA(1,2,"5",TRUE)', "2.25"),
        ("MAXA({启用},{备注},-3)", "0"),
        ("MINA({任意})", "-1"),
        ("MINA({单价})", "0"),
        ("标准差({明细}.{金额})", "1"),
    ],
)
def test_statistics(source: str, expected: str) -> None:
    row = {"c_lines.c_amount": [5, None, 3, 4], "c_anything": ["x", None, 7, True, -1], "c_note": "text"}
    found = result(source, **row)
    assert abs(found - Decimal(expected)) < Decimal("1E-30")


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("MEDIAN({单价})", "#NUM!"),
        ("MODE(1,2,3)", "#N/A"),
        ("MODE({名称})", "#N/A"),
        ("LARGE({明细}.{金额},0)", "#NUM!"),
        ("LARGE({明细}.{金额},4)", "#NUM!"),
        ("SMALL({明细}.{金额},0.9)", "#NUM!"),
        ("SMALL({名称},1)", "#NUM!"),
        ("RANK(9,{明细}.{金额})", "#N/A"),
        ("PERCENTILE({明细}.{金额},1.1)", "#NUM!"),
        ("PERCENTILE({名称},0.5)", "#NUM!"),
        ("QUARTILE({明细}.{金额},5)", "#NUM!"),
        ("STDEV(1)", "#DIV/0!"),
        ("VAR.P({单价})", "#DIV/0!"),
        ("AVERAGEA({单价})", "#DIV/0!"),
        ("LARGE({任意},1)", "#REF!"),
        ("VAR({任意})", "#REF!"),
    ],
)
def test_what_has_no_result_is_an_error(source: str, error: str) -> None:
    row = {"c_lines.c_amount": [5, 3, 4], "c_anything": [1, ErrorValue("#REF!")]}
    assert result(source, **row) == ErrorValue(error)


@given(NUMBERS)
def test_figures_are_those_of_the_standard_library(numbers: list[Decimal]) -> None:
    with exact_arithmetic():
        near = Decimal("1E-20")
        assert median(*numbers) == statistics.median(numbers)
        assert abs(var(*numbers) - statistics.variance(numbers)) < near
        assert abs(var_p(*numbers) - statistics.pvariance(numbers)) < near
        assert abs(stdev(*numbers) ** 2 - var(*numbers)) < near
        assert abs(stdev_p(*numbers) ** 2 - var_p(*numbers)) < near


@given(NUMBERS)
def test_places_ranks_and_quantiles_belong_together(numbers: list[Decimal]) -> None:
    items, count = tuple(numbers), Decimal(len(numbers))
    for place in range(1, len(numbers) + 1):
        assert large(items, Decimal(place)) == small(items, count + 1 - place)
    for number in numbers:
        assert large(items, rank(number, items)) == number
    assert percentile(items, Decimal(0)) == min(numbers)
    assert percentile(items, Decimal(1)) == max(numbers)
    assert percentile(items, Decimal("0.5")) == quartile(items, Decimal(2)) == median(*numbers)
