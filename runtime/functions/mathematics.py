"""Mathematics: ABS, ROUND, ROUNDUP, ROUNDDOWN, INT, MOD, MAX, MIN."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import Any

from resources.texts import T
from runtime.functions import Group, Param, function
from runtime.value.decimals import CONTEXT, LARGEST_EXPONENT, ZERO
from runtime.value.error_values import DIVISION_BY_ZERO, Failure
from runtime.value.types import NUMBER, ValueType

_FAR = Decimal(2 * LARGEST_EXPONENT)
_NUMBER = Param(T("number"), NUMBER)
_DIGITS = Param(T("digits"), NUMBER)
_VALUES = Param(T("value"), NUMBER, spread=True, moment=True)


@function(
    "ABS",
    Group.MATHEMATICS,
    NUMBER,
    _NUMBER,
    aliases=("绝对值",),
    help=T("The number without its sign."),
    example="ABS(-5)",
    shows="5",
)
def absolute(number: Decimal) -> Decimal:
    """Absolute value, exact."""
    return number.copy_abs()


def rounded(number: Decimal, digits: Decimal, rounding: str) -> Decimal:
    """`number` with `digits` decimals (negative: tens, hundreds ...); a fraction in `digits` does not count."""
    places = int(max(min(digits, _FAR), -_FAR))
    exponent = number.as_tuple().exponent
    if not number or not isinstance(exponent, int) or exponent >= -places:
        return number
    if number.adjusted() < -places - 1 and rounding != ROUND_UP:
        return ZERO
    return number.quantize(Decimal((0, (1,), -places)), rounding, CONTEXT)


@function(
    "ROUND",
    Group.MATHEMATICS,
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
    Group.MATHEMATICS,
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
    Group.MATHEMATICS,
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
    "INT",
    Group.MATHEMATICS,
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
    "MOD",
    Group.MATHEMATICS,
    NUMBER,
    _NUMBER,
    Param(T("divisor"), NUMBER),
    aliases=("取余",),
    help=T("What is left after dividing; it has the sign of the divisor."),
    example="MOD(7, 3)",
    shows="1",
)
def mod(number: Decimal, divisor: Decimal) -> Decimal:
    """Rest = number - divisor * floor(number / divisor); #NUM! where the quotient has more than 34 digits."""
    if not divisor:
        raise Failure(DIVISION_BY_ZERO)
    rest = CONTEXT.remainder(number, divisor)
    return CONTEXT.add(rest, divisor) if rest and (rest < 0) != (divisor < 0) else rest


def _extreme_type(types: Sequence[ValueType]) -> ValueType:
    items = {each.item if each.item is not None else each for each in types}
    only = items.pop() if len(items) == 1 else NUMBER
    return only if only.temporal else NUMBER


def _extreme(pick: Callable[..., Any], items: Sequence[object]) -> object:
    """The greatest or least number, else date, else date-time; None where there is none (the number 0, as in Excel)."""
    filled = [item for item in items if item is not None]
    numbers = [item for item in filled if isinstance(item, Decimal)]
    if numbers:
        return pick(numbers)
    kinds = {type(item) for item in filled} & {date, datetime}
    return pick(item for item in filled if type(item) in kinds) if len(kinds) == 1 else None


@function(
    "MAX",
    Group.MATHEMATICS,
    _extreme_type,
    _VALUES,
    repeats=1,
    aliases=("最大", "最大值"),
    help=T("The greatest of the numbers, or the latest of the dates. Blank values and texts do not count."),
    example="MAX(3, 7, 5)",
    shows="7",
)
def max_(*items: object) -> object:
    """Greatest number or latest date."""
    return _extreme(max, items)


@function(
    "MIN",
    Group.MATHEMATICS,
    _extreme_type,
    _VALUES,
    repeats=1,
    aliases=("最小", "最小值"),
    help=T("The least of the numbers, or the earliest of the dates. Blank values and texts do not count."),
    example="MIN(3, 7, 5)",
    shows="3",
)
def min_(*items: object) -> object:
    """Least number or earliest date."""
    return _extreme(min, items)
