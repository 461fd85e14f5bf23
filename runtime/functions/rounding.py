"""Rounding: ROUND, ROUNDUP, ROUNDDOWN, TRUNC, INT, MROUND, EVEN, ODD, CEILING and FLOOR in their kinds."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, ROUND_UP, Decimal

from resources.texts import T
from runtime.functions import Group, Param, function
from runtime.value.arithmetic import multiple_above, multiple_below, rounded
from runtime.value.decimals import CONTEXT, ONE, ZERO
from runtime.value.error_values import DIVISION_BY_ZERO, OUT_OF_RANGE, Failure
from runtime.value.types import NUMBER

_TWO = Decimal(2)
_NUMBER = Param(T("number"), NUMBER)
_DIGITS = Param(T("digits"), NUMBER)
_MULTIPLE = Param(T("multiple"), NUMBER, optional=True, skipped=ONE)
_MODE = Param(T("mode"), NUMBER, optional=True, skipped=ZERO)


@function(
    "ROUND",
    Group.ROUNDING,
    NUMBER,
    _NUMBER,
    Param(T("digits"), NUMBER, optional=True),
    aliases=("四舍五入",),
    help=T("Rounds to so many decimals; halves away from zero. Negative digits round to tens, hundreds and so on."),
    example="ROUND(2.345, 2)",
    shows="2.35",
)
def round_(number: Decimal, digits: Decimal = ZERO) -> Decimal:
    """Halves away from zero."""
    return rounded(number, digits, ROUND_HALF_UP)


@function(
    "ROUNDUP",
    Group.ROUNDING,
    NUMBER,
    _NUMBER,
    _DIGITS,
    aliases=("向上舍入",),
    help=T("Rounds away from zero to so many decimals."),
    example="ROUNDUP(2.301, 1)",
    shows="2.4",
)
def roundup(number: Decimal, digits: Decimal) -> Decimal:
    """Away from zero."""
    return rounded(number, digits, ROUND_UP)


@function(
    "ROUNDDOWN",
    Group.ROUNDING,
    NUMBER,
    _NUMBER,
    _DIGITS,
    aliases=("向下舍入",),
    help=T("Cuts off after so many decimals."),
    example="ROUNDDOWN(2.39, 1)",
    shows="2.3",
)
def rounddown(number: Decimal, digits: Decimal) -> Decimal:
    """Towards zero."""
    return rounded(number, digits, ROUND_DOWN)


@function(
    "TRUNC",
    Group.ROUNDING,
    NUMBER,
    _NUMBER,
    Param(T("digits"), NUMBER, optional=True),
    aliases=("截断", "截尾取整"),
    help=T("Cuts off the fraction, or what follows after so many decimals; TRUNC(-1.5) is -1."),
    example="TRUNC(-3.14159, 2)",
    shows="-3.14",
)
def trunc(number: Decimal, digits: Decimal = ZERO) -> Decimal:
    """Towards zero."""
    return rounded(number, digits, ROUND_DOWN)


@function(
    "INT",
    Group.ROUNDING,
    NUMBER,
    _NUMBER,
    aliases=("取整",),
    help=T("The next whole number that is not greater; INT(-1.5) is -2."),
    example="INT(-1.5)",
    shows="-2",
)
def int_(number: Decimal) -> Decimal:
    """Floor."""
    return number.to_integral_value(ROUND_FLOOR, CONTEXT)


@function(
    "MROUND",
    Group.ROUNDING,
    NUMBER,
    Param(T("number"), NUMBER, strict=True),
    Param(T("multiple"), NUMBER, strict=True),
    aliases=("舍入到倍数",),
    help=T("The multiple nearest to a number, such as the nearest 0.05; both must have the same sign."),
    example="MROUND(7.38, 0.05)",
    shows="7.4",
)
def mround(number: Decimal, multiple: Decimal) -> Decimal:
    """Halves away from zero; #NUM! where the signs differ, 0 for multiples of 0."""
    if not number or not multiple:
        return ZERO
    if (number < 0) != (multiple < 0):
        raise Failure(OUT_OF_RANGE)
    size, width = number.copy_abs(), multiple.copy_abs()
    lower = multiple_below(size, width)
    over = CONTEXT.subtract(size, lower)
    nearest = CONTEXT.add(lower, width) if CONTEXT.add(over, over) >= width else lower
    return nearest.copy_sign(number)


@function(
    "EVEN",
    Group.ROUNDING,
    NUMBER,
    _NUMBER,
    aliases=("取偶数",),
    help=T("The next even number away from zero."),
    example="EVEN(1.5)",
    shows="2",
)
def even(number: Decimal) -> Decimal:
    """Even numbers stay."""
    return multiple_above(number.copy_abs(), _TWO).copy_sign(number)


@function(
    "ODD",
    Group.ROUNDING,
    NUMBER,
    _NUMBER,
    aliases=("取奇数",),
    help=T("The next odd number away from zero."),
    example="ODD(1.5)",
    shows="3",
)
def odd(number: Decimal) -> Decimal:
    """Odd numbers stay; of 0 it is 1."""
    size = number.copy_abs()
    if size <= ONE:
        return ONE.copy_sign(number) if number else ONE
    return CONTEXT.add(multiple_above(CONTEXT.subtract(size, ONE), _TWO), ONE).copy_sign(number)


def _checked(number: Decimal, multiple: Decimal) -> None:
    if number > 0 > multiple:
        raise Failure(OUT_OF_RANGE)


@function(
    "CEILING",
    Group.ROUNDING,
    NUMBER,
    _NUMBER,
    _MULTIPLE,
    Param(T("mode"), NUMBER, optional=True),
    aliases=("向上取整",),
    help=T("The next multiple that is not less than a number. With a negative multiple, negative numbers move down."),
    example="CEILING(4.1, 2)",
    shows="6",
)
def ceiling(number: Decimal, multiple: Decimal = ONE, mode: Decimal | None = None) -> Decimal:
    """#NUM! for a positive number and a negative multiple; 0 for multiples of 0.

    `mode`, as in OpenDocument, says for negative numbers and multiples: 0 up, else away from zero.
    """
    if not multiple:
        return ZERO
    _checked(number, multiple)
    down = multiple < 0 if mode is None else number < 0 and bool(mode)
    return (multiple_below if down else multiple_above)(number, multiple)


@function(
    "FLOOR",
    Group.ROUNDING,
    NUMBER,
    _NUMBER,
    _MULTIPLE,
    Param(T("mode"), NUMBER, optional=True),
    aliases=("向下取整",),
    help=T("The next multiple that is not greater than a number. With a negative multiple, negative numbers move up."),
    example="FLOOR(5.9, 2)",
    shows="4",
)
def floor(number: Decimal, multiple: Decimal = ONE, mode: Decimal | None = None) -> Decimal:
    """#NUM! for a positive number and a negative multiple; #DIV/0! for multiples of 0, of 0 itself 0.

    `mode`, as in OpenDocument, says for negative numbers and multiples: 0 down, else towards zero.
    """
    if not multiple:
        if number:
            raise Failure(DIVISION_BY_ZERO)
        return ZERO
    _checked(number, multiple)
    up = multiple < 0 if mode is None else number < 0 and bool(mode)
    return (multiple_above if up else multiple_below)(number, multiple)


@function(
    "CEILING.MATH",
    Group.ROUNDING,
    NUMBER,
    _NUMBER,
    _MULTIPLE,
    _MODE,
    aliases=("向上取倍数",),
    help=T(
        "The next multiple that is not less than a number. A mode other than 0 moves negative numbers down instead."
    ),
    example="CEILING.MATH(-8.1, 2)",
    shows="-8",
)
def ceiling_math(number: Decimal, multiple: Decimal = ONE, mode: Decimal = ZERO) -> Decimal:
    """The sign of the multiple does not count; 0 for multiples of 0."""
    if not multiple:
        return ZERO
    return (multiple_below if number < 0 and mode else multiple_above)(number, multiple)


@function(
    "FLOOR.MATH",
    Group.ROUNDING,
    NUMBER,
    _NUMBER,
    _MULTIPLE,
    _MODE,
    aliases=("向下取倍数",),
    help=T(
        "The next multiple that is not greater than a number. A mode other than 0 moves negative numbers up instead."
    ),
    example="FLOOR.MATH(-8.1, 2)",
    shows="-10",
)
def floor_math(number: Decimal, multiple: Decimal = ONE, mode: Decimal = ZERO) -> Decimal:
    """The sign of the multiple does not count; 0 for multiples of 0."""
    if not multiple:
        return ZERO
    return (multiple_above if number < 0 and mode else multiple_below)(number, multiple)


@function(
    "CEILING.PRECISE",
    Group.ROUNDING,
    NUMBER,
    _NUMBER,
    _MULTIPLE,
    aliases=("精确向上取倍数", "ISO.CEILING"),
    help=T("The next multiple that is not less than a number, whatever the signs are."),
    example="CEILING.PRECISE(-4.1, -2)",
    shows="-4",
)
def ceiling_precise(number: Decimal, multiple: Decimal = ONE) -> Decimal:
    """0 for multiples of 0."""
    return multiple_above(number, multiple) if multiple else ZERO


@function(
    "FLOOR.PRECISE",
    Group.ROUNDING,
    NUMBER,
    _NUMBER,
    _MULTIPLE,
    aliases=("精确向下取倍数",),
    help=T("The next multiple that is not greater than a number, whatever the signs are."),
    example="FLOOR.PRECISE(-4.1, -2)",
    shows="-6",
)
def floor_precise(number: Decimal, multiple: Decimal = ONE) -> Decimal:
    """0 for multiples of 0."""
    return multiple_below(number, multiple) if multiple else ZERO
