"""Powers, multiples, whole parts."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.value.arithmetic import multiple_above, multiple_below, narrowed, power, whole_between, wide_power
from runtime.value.decimals import exact_arithmetic
from runtime.value.error_values import ErrorValue, Failure

NUMBERS = st.decimals(Decimal("-1E+25"), Decimal("1E+25"), allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("number", "step", "below", "above"),
    [
        ("10", "0.1", "10", "10"),
        ("-1E-40", "1", "-1", "0"),
        ("7", "-3", "6", "9"),
        ("-7", "3", "-9", "-6"),
        ("1E+300", "7", "1E+300", "1E+300"),
        ("1E-300", "1E+300", "0", "1E+300"),
        ("0", "5", "0", "0"),
    ],
)
def test_multiples_on_both_sides(number: str, step: str, below: str, above: str) -> None:
    assert multiple_below(Decimal(number), Decimal(step)) == Decimal(below)
    assert multiple_above(Decimal(number), Decimal(step)) == Decimal(above)


@given(NUMBERS, st.decimals(Decimal("0.0001"), 1000, places=4))
def test_a_number_lies_between_its_multiples(number: Decimal, step: Decimal) -> None:
    with exact_arithmetic():
        number = +number
        below, above = multiple_below(number, step), multiple_above(number, step)
        assert below <= number <= above
        assert above - below <= step


def test_powers_of_zero() -> None:
    for exponent, code in ((0, "#NUM!"), (-1, "#DIV/0!")):
        with pytest.raises(Failure) as failure:
            power(Decimal(0), Decimal(exponent))
        assert failure.value.error == ErrorValue(code)
    assert power(Decimal(0), Decimal(3)) == 0
    assert wide_power(Decimal(0), Decimal(0)) == 1


@pytest.mark.parametrize(("number", "expected"), [("1E-400", "0"), ("-1E-320", "0"), ("1E-308", "1E-308")])
def test_what_is_too_near_to_zero_is_zero(number: str, expected: str) -> None:
    assert narrowed(Decimal(number)) == Decimal(expected)


def test_whole_parts_stay_between_their_bounds() -> None:
    assert whole_between(Decimal("3.9"), 0, 3) == 3
    assert whole_between(Decimal("-0.5"), 0, 3) == 0
    for number in ("4", "-1", "1E+300"):
        with pytest.raises(Failure):
            whole_between(Decimal(number), 0, 3)
