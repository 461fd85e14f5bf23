"""Mathematics: rounding, remainders, extremes."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.functions.mathematics import mod, round_, rounddown, roundup
from runtime.value.decimals import exact_arithmetic
from tests.runtime.expression.sample import result

NUMBERS = st.decimals(-(10**9), 10**9, places=6)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("ROUND(2.5)", "3"),
        ("ROUND(-2.5,0)", "-3"),
        ("ROUND(1.005,2)", "1.01"),
        ("ROUND(-50.55,-2)", "-100"),
        ("ROUND(1.745,-10)", "0"),
        ("ROUND(1E+100,2)", "1E+100"),
        ("ROUNDUP(0.0001,2)", "0.01"),
        ("ROUNDUP(-3.14159,1)", "-3.2"),
        ("ROUNDUP(1,-2)", "100"),
        ("ROUNDDOWN(31415.92654,3.3)", "31415.926"),
        ("INT(-1.3)", "-2"),
        ("MOD(3,-2)", "-1"),
        ("MOD(-3,2)", "1"),
        ("MAX(3,-5,{单价})", "3"),
        ("MIN(3,-5,{单价})", "-5"),
        ("MIN({明细}.{金额},4)", "1"),
        ("ABS({单价}-5)", "5"),
    ],
)
def test_mathematics(source: str, expected: str) -> None:
    assert result(source, **{"c_lines.c_amount": [2, None, 1]}) == Decimal(expected)


def test_extremes_of_dates_are_dates() -> None:
    row = {"c_from": date(2024, 1, 1), "c_to": None}
    assert result("MAX({开始},{结束})", **row) == date(2024, 1, 1)
    assert result("MIN({开始},{结束},DATE(2023,1,1))", **row) == date(2023, 1, 1)


@given(NUMBERS, st.integers(-9, 6))
def test_rounding_is_that_of_decimal_quantize(number: Decimal, digits: int) -> None:
    step = Decimal(1).scaleb(-digits)
    assert round_(number, Decimal(digits)) == number.quantize(step, ROUND_HALF_UP) + 0
    assert abs(rounddown(number, Decimal(digits))) <= abs(number) <= abs(roundup(number, Decimal(digits)))


@given(NUMBERS, NUMBERS.filter(bool))
def test_a_remainder_has_the_sign_of_the_divisor_and_completes_a_multiple(number: Decimal, divisor: Decimal) -> None:
    with exact_arithmetic():
        rest = mod(number, divisor)
        assert abs(rest) < abs(divisor)
        assert not rest or (rest < 0) == (divisor < 0)
        assert (number - rest) % divisor == 0
