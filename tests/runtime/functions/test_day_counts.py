"""Spans in years of banks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.functions.day_counts import days360, yearfrac
from runtime.value.error_values import ErrorValue
from tests.runtime.expression.sample import result

VALUE, NUM = ErrorValue("#VALUE!"), ErrorValue("#NUM!")
DAYS = st.dates(date(1900, 3, 1), date(2200, 1, 1))


@pytest.mark.parametrize(
    ("start", "end", "american", "european"),
    [
        (date(2024, 1, 30), date(2024, 3, 31), 60, 60),
        (date(2024, 1, 29), date(2024, 3, 31), 62, 61),
        (date(2024, 2, 29), date(2024, 3, 31), 30, 31),
        (date(2024, 2, 29), date(2025, 2, 28), 358, 359),
        (date(2023, 2, 28), date(2023, 3, 1), 1, 3),
        (date(2024, 3, 31), date(2024, 1, 30), -60, -60),
        (date(2024, 1, 1), date(2024, 12, 31), 360, 359),
    ],
)
def test_months_of_thirty_days(start: date, end: date, american: int, european: int) -> None:
    assert days360(start, end) == american
    assert days360(start, end, True) == european


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("YEARFRAC(DATE(2012,1,1),DATE(2012,7,30))", "0.58055555555555555556"),
        ("YEARFRAC(DATE(2012,1,1),DATE(2012,7,30),1)", "0.57650273224043715847"),
        ("YEARFRAC(DATE(2012,1,1),DATE(2012,7,30),3)", "0.57808219178082191781"),
        ("YEARFRAC(DATE(2011,2,28),DATE(2012,2,29))", "1"),
        ("YEARFRAC(DATE(2023,2,28),DATE(2023,3,31))*360", "31"),
        ("YEARFRAC(DATE(2023,1,30),DATE(2023,3,31))*360", "60"),
        ("YEARFRAC(DATE(2023,1,29),DATE(2023,3,31))*360", "62"),
        ("YEARFRAC(DATE(2011,12,31),DATE(2012,2,29),0)", "0.16388888888888888889"),
        ("YEARFRAC(DATE(2011,12,31),DATE(2012,12,31),4)", "1"),
        ("YEARFRAC(DATE(2011,3,1),DATE(2012,3,1),1)", "1"),
        ("YEARFRAC(DATE(2000,1,1),DATE(2003,1,1),1)", "3.0006839945280437756"),
        ("YEARFRAC(DATE(2012,7,30),DATE(2012,1,1),2.9)", "0.58611111111111111111"),
    ],
)
def test_parts_of_a_year(source: str, expected: str) -> None:
    assert abs(result(source) - Decimal(expected)) < Decimal("1e-3" if "2000" in source else "1e-18")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("YEARFRAC({开始},{开始},5)", NUM),
        ("YEARFRAC({开始},{开始},-1)", NUM),
        ("YEARFRAC({开始},{开始},TRUE)", VALUE),
        ("YEARFRAC({开始},{结束})", None),
        ('YEARFRAC({开始},"a")', VALUE),
        ('DAYS360({开始},{开始},"a")', VALUE),
        ("DAYS360({结束},{开始})", None),
    ],
)
def test_what_is_no_date_and_no_basis(source: str, expected: object) -> None:
    assert result(source, c_from=date(2024, 5, 17)) == expected


@given(DAYS, DAYS, st.sampled_from([0, 1, 2, 3, 4]))
def test_the_order_does_not_count_and_a_part_is_near_the_real_span(one: date, other: date, basis: int) -> None:
    part = yearfrac(one, other, Decimal(basis))
    assert part == yearfrac(other, one, Decimal(basis)) >= 0
    years = Decimal(abs((one - other).days)) / Decimal("365.2425")
    assert abs(part - years) <= years * Decimal("0.02") + Decimal("0.02")
