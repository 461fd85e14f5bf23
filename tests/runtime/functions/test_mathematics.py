"""Mathematics: remainders, extremes, powers, logarithms."""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.functions import find_function
from runtime.functions.mathematics import exp, ln, log, mod, power, quotient, sqrt
from runtime.value.decimals import exact_arithmetic
from runtime.value.error_values import ErrorValue
from tests.runtime.expression.sample import result

NUMBERS = st.decimals(-(10**9), 10**9, places=6)
POSITIVE = st.decimals(Decimal("0.000001"), 10**9, places=6)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("MOD(3,-2)", "-1"),
        ("MOD(-3,2)", "1"),
        ("QUOTIENT(-10,3)", "-3"),
        ("QUOTIENT(7,3.9)", "1"),
        ("QUOTIENT(-5,10)", "0"),
        ("MAX(3,-5,{单价})", "3"),
        ("MIN(3,-5,{单价})", "-5"),
        ("MIN({明细}.{金额},4)", "1"),
        ("ABS({单价}-5)", "5"),
        ("SIGN(-3)", "-1"),
        ("SIGN(-0)", "0"),
        ("SUMSQ({明细}.{金额},3)", "14"),
        ("SUMSQ(1E-307)", "0"),
        ("POWER(2,10)", "1024"),
        ("POWER(4,-2)", "0.0625"),
        ("SQRT(2.25)", "1.5"),
        ("SQRT({单价})", "0"),
        ("EXP(-1E+300)", "0"),
        ("EXP(-745)", "0"),
        ("EXP({单价})", "1"),
        ("LOG(8,2)", "3"),
        ("LOG(1000)", "3"),
        ("LOG(1,7)", "0"),
        ("LOG10(1E+300)", "300"),
        ("LN(EXP(3))", "3"),
        ("圆周率()", "3.141592653589793238462643383279503"),
    ],
)
def test_mathematics(source: str, expected: str) -> None:
    assert result(source, **{"c_lines.c_amount": [2, None, 1]}) == Decimal(expected)


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("POWER(0,0)", "#NUM!"),
        ("POWER(0,-1)", "#DIV/0!"),
        ("POWER(-8,0.5)", "#NUM!"),
        ("POWER(10,400)", "#NUM!"),
        ("SQRT(-1)", "#NUM!"),
        ("EXP(712)", "#NUM!"),
        ("LN(0)", "#NUM!"),
        ("LOG(10,1)", "#DIV/0!"),
        ("LOG(10,0)", "#NUM!"),
        ("LOG(-1,1)", "#NUM!"),
        ("LOG10({单价})", "#NUM!"),
        ("QUOTIENT(5,{单价})", "#DIV/0!"),
        ("QUOTIENT(TRUE,2)", "#VALUE!"),
        ('SQRT("nine")', "#VALUE!"),
    ],
)
def test_what_has_no_result_is_an_error(source: str, error: str) -> None:
    assert result(source) == ErrorValue(error)


def test_extremes_of_dates_are_dates() -> None:
    row = {"c_from": date(2024, 1, 1), "c_to": None}
    assert result("MAX({开始},{结束})", **row) == date(2024, 1, 1)
    assert result("MIN({开始},{结束},DATE(2023,1,1))", **row) == date(2023, 1, 1)


def test_random_numbers_differ_and_say_so() -> None:
    found = {result("RAND()") for _ in range(20)}
    assert len(found) > 1
    assert all(0 <= each < 1 for each in found)
    rand = find_function("RAND")
    assert rand is not None and rand.random and rand.volatile


@given(NUMBERS, NUMBERS.filter(bool))
def test_a_remainder_has_the_sign_of_the_divisor_and_completes_a_multiple(number: Decimal, divisor: Decimal) -> None:
    with exact_arithmetic():
        rest = mod(number, divisor)
        assert abs(rest) < abs(divisor)
        assert not rest or (rest < 0) == (divisor < 0)
        assert (number - rest) % divisor == 0


@given(NUMBERS, NUMBERS.filter(bool))
def test_a_quotient_leaves_less_than_the_divisor(number: Decimal, divisor: Decimal) -> None:
    with exact_arithmetic():
        rest = number - quotient(number, divisor) * divisor
        assert abs(rest) < abs(divisor)
        assert not rest or (rest < 0) == (number < 0)


@given(POSITIVE, st.decimals(2, 100, places=3))
def test_powers_roots_and_logarithms_undo_each_other(number: Decimal, base: Decimal) -> None:
    with exact_arithmetic():
        assert abs(sqrt(number) ** 2 / number - 1) < Decimal("1E-32")
        assert abs(exp(ln(number)) / number - 1) < Decimal("1E-31")
        assert abs(power(base, log(number, base)) / number - 1) < Decimal("1E-31")
        assert math.isclose(ln(number), math.log(number), rel_tol=1e-12, abs_tol=1e-12)
