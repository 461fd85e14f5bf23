"""Rounding to digits and to multiples."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.functions.rounding import (
    ceiling_precise,
    even,
    floor_precise,
    mround,
    odd,
    round_,
    rounddown,
    roundup,
    trunc,
)
from runtime.value.decimals import exact_arithmetic
from runtime.value.error_values import ErrorValue
from tests.runtime.expression.sample import codes, result

NUMBERS = st.decimals(-(10**9), 10**9, places=6)
STEPS = st.decimals(-(10**4), 10**4, places=4).filter(bool)


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
        ("TRUNC(-8.9)", "-8"),
        ("TRUNC(31415.92654,-2)", "31400"),
        ("TRUNC({单价})", "0"),
        ("INT(-1.3)", "-2"),
        ("EVEN(-0.7)", "-2"),
        ("EVEN(0)", "0"),
        ("EVEN(1E+307)", "1E+307"),
        ("ODD(0)", "1"),
        ("ODD(-0.7)", "-1"),
        ("ODD(10.0000000001)", "11"),
        ("MROUND(6.05,0.1)", "6.1"),
        ("MROUND(-10,-3)", "-9"),
        ("MROUND(7,0)", "0"),
        ("MROUND({单价},5)", "0"),
        ("CEILING(2.1)", "3"),
        ("CEILING(10,0.1)", "10"),
        ("CEILING(-4.1,2)", "-4"),
        ("CEILING(-4.1,-2)", "-6"),
        ("CEILING(-11,-2,0)", "-10"),
        ("CEILING(5,0)", "0"),
        ("FLOOR(-4.1,2)", "-6"),
        ("FLOOR(-4.1,-2)", "-4"),
        ("FLOOR(0,0)", "0"),
        ("CEILING.MATH(-5.5,,1)", "-6"),
        ("CEILING.MATH(-8.1,2)", "-8"),
        ("CEILING.MATH(6.3,5)", "10"),
        ("CEILING.MATH(5,0)", "0"),
        ("FLOOR.MATH(-8.1,2)", "-10"),
        ("FLOOR.MATH(-5.5,2,-1)", "-4"),
        ("FLOOR.MATH(3.2,-1)", "3"),
        ("CEILING.PRECISE(-4.1,-2)", "-4"),
        ("ISO.CEILING(4.3,-2)", "6"),
        ("floor.precise(-3.2,-1)", "-4"),
        ("向下取整(5.9,2)", "4"),
    ],
)
def test_rounding(source: str, expected: str) -> None:
    assert result(source) == Decimal(expected)


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("CEILING(4.3,-2)", "#NUM!"),
        ("FLOOR(8,-7)", "#NUM!"),
        ("FLOOR(0.2,0)", "#DIV/0!"),
        ("MROUND(5,-2)", "#NUM!"),
        ('CEILING("eight",1)', "#VALUE!"),
        ("MROUND(TRUE,2)", "#VALUE!"),
        ("MROUND({启用},2)", "#VALUE!"),
        ("MROUND(,2)", "#VALUE!"),
        ("FLOOR(1/0,2)", "#DIV/0!"),
    ],
)
def test_what_cannot_be_rounded_is_an_error(source: str, error: str) -> None:
    assert result(source) == ErrorValue(error)


def test_a_yes_or_no_is_refused_where_excel_refuses_it() -> None:
    assert codes("MROUND({启用},2)") == ["wrong_type"]
    assert codes("CEILING({启用},2)") == []


@given(NUMBERS, st.integers(-9, 6))
def test_rounding_is_that_of_decimal_quantize(number: Decimal, digits: int) -> None:
    step = Decimal(1).scaleb(-digits)
    assert round_(number, Decimal(digits)) == number.quantize(step, ROUND_HALF_UP) + 0
    assert abs(rounddown(number, Decimal(digits))) <= abs(number) <= abs(roundup(number, Decimal(digits)))
    assert trunc(number, Decimal(digits)) == rounddown(number, Decimal(digits))


@given(NUMBERS, STEPS)
def test_floor_and_ceiling_are_the_multiples_on_both_sides(number: Decimal, step: Decimal) -> None:
    with exact_arithmetic():
        low, high = floor_precise(number, step), ceiling_precise(number, step)
        assert low <= number <= high
        assert low % step == high % step == 0
        assert high - low == (0 if number % step == 0 else abs(step))


@given(NUMBERS, STEPS)
def test_mround_is_the_nearest_multiple(number: Decimal, step: Decimal) -> None:
    with exact_arithmetic():
        step = step.copy_sign(number)
        nearest = mround(number, step)
        assert nearest % step == 0
        assert abs(number - nearest) * 2 <= abs(step)
        assert abs(number - nearest) * 2 < abs(step) or abs(nearest) > abs(number)


@given(NUMBERS)
def test_even_and_odd_numbers_lie_away_from_zero_and_near(number: Decimal) -> None:
    with exact_arithmetic():
        assert even(number) % 2 == 0
        assert abs(odd(number) % 2) == 1
        assert abs(number) <= abs(even(number)) < abs(number) + 2
        assert abs(number) <= abs(odd(number)) <= max(abs(number) + 2, Decimal(1))
