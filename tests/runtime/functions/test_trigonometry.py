"""Angles: values known exactly, identities, and agreement with binary floats."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.functions import trigonometry
from runtime.value.error_values import ErrorValue
from tests.runtime.expression.sample import result

ANGLES = st.decimals(-1000, 1000, places=9)
NEAR = Decimal("1E-31")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("SIN(0)", "0"),
        ("COS({单价})", "1"),
        ("ROUND(SIN(PI()/6),30)", "0.5"),
        ("ROUND(COS(PI()),30)", "-1"),
        ("ROUND(TAN(PI()/4),30)", "1"),
        ("ROUND(ATAN(1)*4-PI(),30)", "0"),
        ("ATAN(1E-300)", "1E-300"),
        ("ATAN2(-1,1)*4/PI()", "3"),
        ("ROUND(ATAN2(0,-1)*2/PI(),30)", "-1"),
        ("ATAN2(-1,0)-PI()", "0"),
        ("ROUND(ASIN(-1)*2+PI(),30)", "0"),
        ("ACOS(-1)-PI()", "0"),
        ("ACOS(1)", "0"),
        ("ACOSH(1)", "0"),
        ("COSH(0)", "1"),
        ("TANH(1E+300)", "1"),
        ("TANH(-1E+300)", "-1"),
        ("ROUND(ACOSH(COSH(4)),28)", "4"),
        ("DEGREES(PI())", "180"),
        ("RADIANS(DEGREES(PI()))-PI()", "0"),
        ("SIN(TRUE)-SIN(1)", "0"),
    ],
)
def test_known_values(source: str, expected: str) -> None:
    assert result(source) == Decimal(expected)


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("SIN(134217728)", "#NUM!"),
        ("COS(-1E+300)", "#NUM!"),
        ("ASIN(1.0001)", "#NUM!"),
        ("ACOS(-2)", "#NUM!"),
        ("ACOSH(0.5)", "#NUM!"),
        ("ATANH(-1)", "#NUM!"),
        ("ATAN2(0,{单价})", "#DIV/0!"),
        ("SINH(1E+154)", "#NUM!"),
        ("COSH(-1000)", "#NUM!"),
        ('TAN("x")', "#VALUE!"),
    ],
)
def test_what_has_no_result_is_an_error(source: str, error: str) -> None:
    assert result(source) == ErrorValue(error)


@pytest.mark.parametrize(
    "name", ["sin", "cos", "tan", "atan", "sinh", "cosh", "tanh", "asinh", "asin", "acos", "atanh", "acosh"]
)
@given(st.decimals(-9, 9, places=6))
def test_floats_agree(name: str, number: Decimal) -> None:
    if name in ("asin", "acos", "atanh"):
        number = number / 10
    elif name == "acosh":
        number = abs(number) + 1
    expected = getattr(math, name)(float(number))
    assert math.isclose(getattr(trigonometry, name)(number), expected, rel_tol=1e-9, abs_tol=1e-12)


@given(ANGLES)
def test_sine_and_cosine_lie_on_the_circle(angle: Decimal) -> None:
    sine, cosine = trigonometry.sin(angle), trigonometry.cos(angle)
    assert abs(sine * sine + cosine * cosine - 1) < Decimal("1E-26")
    assert trigonometry.sin(angle.copy_negate()) == sine.copy_negate()


@given(st.decimals(-1, 1, places=12))
def test_inverse_functions_lead_back(number: Decimal) -> None:
    assert abs(trigonometry.sin(trigonometry.asin(number)) - number) < NEAR
    assert abs(trigonometry.cos(trigonometry.acos(number)) - number) < NEAR
    assert abs(trigonometry.tan(trigonometry.atan(number)) - number) < NEAR
    assert abs(trigonometry.sinh(trigonometry.asinh(number)) - number) < NEAR
