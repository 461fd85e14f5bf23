"""Aggregates: what counts and what does not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.functions.lists import sumproduct, unique
from runtime.value.error_values import ErrorValue
from runtime.value.types import CHOICE, DATE, NUMBER, TEXT, list_of
from tests.runtime.expression.sample import checked, result

ITEMS = st.lists(st.none() | st.booleans() | st.text(max_size=3) | st.decimals(-100, 100, places=2), max_size=20)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("SUM({明细}.{金额},10)", Decimal("13.5")),
        ("SUM({任意})", Decimal(4)),
        ("AVERAGE({明细}.{金额})", Decimal("1.75")),
        ("AVERAGE({任意})", Decimal(4)),
        ("COUNT({任意},{开始},{单价})", Decimal(2)),
        ("COUNTA({任意},{开始},{单价})", Decimal(4)),
        ("COUNTBLANK({任意},{开始},{单价})", Decimal(2)),
        ('SUM(1,"2",TRUE)', Decimal(4)),
        ("COUNT({明细}.{金额})", Decimal(2)),
        ("PRODUCT({明细}.{金额},4)", Decimal(10)),
        ("PRODUCT({名称})", Decimal(0)),
        ("PRODUCT({任意})", Decimal(4)),
        ("SUMPRODUCT({明细}.{金额})", Decimal("3.5")),
        ("SUMPRODUCT({明细}.{金额},{明细}.{金额})", Decimal("7.25")),
        ("SUMPRODUCT(3,4,{单价})", Decimal(0)),
        ("FIRST({明细}.{金额})", Decimal(1)),
        ("LAST({任意})", True),
        ("FIRST({明细}.{完成})", None),
        ("LAST({开始})", date(2024, 1, 1)),
    ],
)
def test_aggregates_skip_blanks_and_what_is_no_number(source: str, expected: object) -> None:
    row = {
        "c_lines.c_amount": [1, None, Decimal("2.5")],
        "c_lines.c_done": [],
        "c_anything": ["7", None, 4, True],
        "c_from": date(2024, 1, 1),
    }
    assert result(source, **row) == expected


@pytest.mark.parametrize("function", ["SUM", "PRODUCT", "SUMPRODUCT", "COUNTBLANK", "UNIQUE", "FIRST", "AVERAGE"])
def test_an_error_in_a_list_is_the_result(function: str) -> None:
    broken = ErrorValue("#REF!")
    assert result(f"{function}({{明细}}.{{金额}})", **{"c_lines.c_amount": [1, broken]}) == broken


def test_lists_of_different_lengths_have_no_products() -> None:
    row = {"c_lines.c_amount": [1, 2], "c_anything": [1, 2, 3]}
    assert result("SUMPRODUCT({明细}.{金额},{任意})", **row) == ErrorValue("#VALUE!")


def test_cents_add_up_exactly() -> None:
    assert result("SUM({明细}.{金额})", **{"c_lines.c_amount": [Decimal("0.1")] * 10_000}) == 1000


def test_unique_keeps_the_first_spelling_and_no_blanks() -> None:
    row = {"c_anything": ["b", "A", None, "B", "", 1, True, Decimal("1.0"), "a"]}
    assert result("UNIQUE({任意})", **row) == ("b", "A", 1, True)
    assert result("COUNTA(UNIQUE({任意}))", **row) == 4


def test_lists_keep_the_type_of_their_items() -> None:
    assert checked("UNIQUE({明细}.{金额})").type == list_of(NUMBER)
    assert checked("FIRST({明细}.{金额})").type == NUMBER
    assert checked("LAST({开始})").type == DATE
    assert checked("UNIQUE({等级},{名称})").type == list_of(TEXT)
    assert checked("UNIQUE({等级})").type == list_of(CHOICE)


@given(ITEMS)
def test_unique_items_are_items_and_differ(items: list[Any]) -> None:
    found = unique(*items)
    assert unique(*found) == found
    assert all(any(each is item for item in items) for each in found)


@given(st.lists(st.tuples(st.integers(-99, 99), st.integers(-99, 99)), max_size=20))
def test_sumproduct_is_the_sum_of_the_products(pairs: list[tuple[int, int]]) -> None:
    left, right = tuple(Decimal(each) for each, _ in pairs), tuple(Decimal(each) for _, each in pairs)
    assert sumproduct(left, right) == sum(one * other for one, other in pairs)
