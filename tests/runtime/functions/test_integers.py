"""Whole numbers: divisors, counts of choices, bits."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.functions.integers import combin, combina, gcd, lcm
from runtime.value.error_values import ErrorValue
from tests.runtime.expression.sample import result
from tests.support.pace import within

SMALL = st.integers(0, 50)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("GCD(99.1,55.1)", "11"),
        ("GCD(0,1.1)", "1"),
        ("GCD({明细}.{金额},9)", "3"),
        ("LCM(5,0,2)", "0"),
        ("LCM(7.5,4.5,7.7)", "28"),
        ('LCM("4",6)', "12"),
        ("FACT(0)", "1"),
        ("FACT(5.9)", "120"),
        ("FACT({单价})", "1"),
        ("COMBIN(10,10)", "1"),
        ("COMBIN(1E+300,1)", "1E+300"),
        ("COMBINA(5,2.51)", "15"),
        ("COMBINA(0,0)", "1"),
        ("BITAND(512345,12312)", "4120"),
        ("BITOR(123123123,65662)", "123188735"),
        ("BITXOR(123123123,65662)", "123188685"),
        ("BITOR(25,)", "25"),
        ("BITLSHIFT(3,2)", "12"),
        ("BITLSHIFT(12,-2)", "3"),
        ("BITRSHIFT(13,2)", "3"),
    ],
)
def test_whole_numbers(source: str, expected: str) -> None:
    assert result(source, **{"c_lines.c_amount": [6, None, 15]}) == Decimal(expected)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("ISEVEN(-3)", False),
        ("ISEVEN(2.9)", True),
        ("ISODD(-3.5)", True),
        ('ISODD("11")', True),
        ("ISODD({单价})", False),
        ("ISEVEN({单价})", True),
        ("ISODD(1E+300)", False),
    ],
)
def test_even_and_odd(source: str, expected: bool) -> None:
    assert result(source) is expected


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("GCD(-7.5,5)", "#NUM!"),
        ("GCD(-0.5,5)", "#NUM!"),
        ("GCD(9007199254740992,2)", "#NUM!"),
        ("LCM(9007199254740991,2)", "#NUM!"),
        ("GCD({启用},2)", "#VALUE!"),
        ('GCD(5,"x")', "#VALUE!"),
        ("LCM({单价},{数量})", "#VALUE!"),
        ("FACT(-1)", "#NUM!"),
        ("FACT(171)", "#NUM!"),
        ("COMBIN(3,4)", "#NUM!"),
        ("COMBIN(-8,2)", "#NUM!"),
        ("COMBIN(2000,1000)", "#NUM!"),
        ("COMBINA(0,2)", "#NUM!"),
        ("ISEVEN(TRUE)", "#VALUE!"),
        ("BITAND(12.5,3)", "#NUM!"),
        ("BITAND(-1,3)", "#NUM!"),
        ("BITOR(281474976710656,3)", "#NUM!"),
        ("BITLSHIFT(1,48)", "#NUM!"),
        ("BITRSHIFT(1,1E+300)", "#NUM!"),
    ],
)
def test_what_has_no_result_is_an_error(source: str, error: str) -> None:
    assert result(source, c_open=True) == ErrorValue(error)


@pytest.mark.parametrize(
    "source", ["FACT(100000)", "FACT(1E+300)", "COMBIN(1E+300,1E+299)", "COMBINA(1E+300,1E+300)", "COMBIN(1E+9,5E+8)"]
)
def test_hostile_numbers_are_refused_before_they_are_computed(source: str) -> None:
    result(source)
    with within(0.1):
        assert result(source) == ErrorValue("#NUM!")


@given(SMALL, SMALL)
def test_choices_are_those_of_pascals_triangle(number: int, chosen: int) -> None:
    if number > chosen > 0:
        above = combin(Decimal(number - 1), Decimal(chosen - 1)) + combin(Decimal(number - 1), Decimal(chosen))
        assert combin(Decimal(number), Decimal(chosen)) == above
    if number:
        assert combina(Decimal(number), Decimal(chosen)) == math.comb(number + chosen - 1, chosen)


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_divisor_times_multiple_is_the_product(first: int, second: int) -> None:
    assert gcd(Decimal(first), Decimal(second)) * lcm(Decimal(first), Decimal(second)) == first * second
