"""Mathematics: ABS, SIGN, MOD, QUOTIENT, MAX, MIN, SUMSQ, POWER, SQRT, EXP, LN, LOG, LOG10, PI, RAND."""

from __future__ import annotations

import secrets
from decimal import Decimal

from resources.texts import T
from runtime.functions import Group, Param, function
from runtime.value import arithmetic, elementary
from runtime.value.aggregates import extreme, extreme_type, numbers_of, total
from runtime.value.arithmetic import narrowed
from runtime.value.decimals import CONTEXT, ONE, ZERO
from runtime.value.error_values import DIVISION_BY_ZERO, OUT_OF_RANGE, Failure
from runtime.value.situation import Situation
from runtime.value.types import NUMBER

_NUMBER = Param(T("number"), NUMBER)
_NUMBERS = Param(T("number"), NUMBER, spread=True)
_VALUES = Param(T("value"), NUMBER, spread=True, moment=True)
_RANDOM_DIGITS = 15


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


@function(
    "SIGN",
    Group.MATHEMATICS,
    NUMBER,
    _NUMBER,
    aliases=("正负号",),
    help=T("1 for positive numbers, -1 for negative ones, 0 for zero."),
    example="SIGN(-5)",
    shows="-1",
)
def sign(number: Decimal) -> Decimal:
    """The sign as a number."""
    return ONE.copy_sign(number) if number else ZERO


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


@function(
    "QUOTIENT",
    Group.MATHEMATICS,
    NUMBER,
    Param(T("number"), NUMBER, strict=True),
    Param(T("divisor"), NUMBER, strict=True),
    aliases=("整除", "取商"),
    help=T("How many whole times the divisor fits into a number."),
    example="QUOTIENT(7, 3)",
    shows="2",
)
def quotient(number: Decimal, divisor: Decimal) -> Decimal:
    """Towards zero; #NUM! where the quotient has more than 34 digits."""
    if not divisor:
        raise Failure(DIVISION_BY_ZERO)
    return CONTEXT.divide_int(number, divisor)


@function(
    "MAX",
    Group.MATHEMATICS,
    extreme_type,
    _VALUES,
    repeats=1,
    aliases=("最大", "最大值"),
    help=T("The greatest of the numbers, or the latest of the dates. Blank values and texts do not count."),
    example="MAX(3, 7, 5)",
    shows="7",
)
def max_(*items: object) -> object:
    """Greatest number or latest date."""
    return extreme(max, items)


@function(
    "MIN",
    Group.MATHEMATICS,
    extreme_type,
    _VALUES,
    repeats=1,
    aliases=("最小", "最小值"),
    help=T("The least of the numbers, or the earliest of the dates. Blank values and texts do not count."),
    example="MIN(3, 7, 5)",
    shows="3",
)
def min_(*items: object) -> object:
    """Least number or earliest date."""
    return extreme(min, items)


@function(
    "SUMSQ",
    Group.MATHEMATICS,
    NUMBER,
    _NUMBERS,
    repeats=1,
    aliases=("平方和",),
    help=T("The sum of the squares of numbers. Blank values and texts do not count."),
    example="SUMSQ(3, 4)",
    shows="25",
)
def sumsq(*items: object) -> Decimal:
    """0 where there is no number."""
    return narrowed(total(CONTEXT.multiply(number, number) for number in numbers_of(items)))


@function(
    "POWER",
    Group.MATHEMATICS,
    NUMBER,
    _NUMBER,
    Param(T("exponent"), NUMBER),
    aliases=("乘方", "幂"),
    help=T("A number raised to a power, as with ^."),
    example="POWER(2, 10)",
    shows="1024",
)
def power(number: Decimal, exponent: Decimal) -> Decimal:
    """As the operator: #NUM! for 0^0 and roots of negative numbers, #DIV/0! for 0^-1."""
    return arithmetic.power(number, exponent)


@function(
    "SQRT",
    Group.MATHEMATICS,
    NUMBER,
    _NUMBER,
    aliases=("平方根",),
    help=T("The square root; #NUM! of a negative number."),
    example="SQRT(16)",
    shows="4",
)
def sqrt(number: Decimal) -> Decimal:
    """To 34 digits."""
    return CONTEXT.sqrt(number)


@function(
    "EXP",
    Group.MATHEMATICS,
    NUMBER,
    _NUMBER,
    aliases=("自然指数",),
    help=T("The number e (2.71828…) raised to a power."),
    example="ROUND(EXP(1), 4)",
    shows="2.7183",
)
def exp(number: Decimal) -> Decimal:
    """To 34 digits; #NUM! above about 709, 0 below about -709."""
    return narrowed(CONTEXT.exp(number))


@function(
    "LN",
    Group.MATHEMATICS,
    NUMBER,
    _NUMBER,
    aliases=("自然对数",),
    help=T("The natural logarithm of a positive number."),
    example="LN(EXP(3))",
    shows="3",
)
def ln(number: Decimal) -> Decimal:
    """#NUM! for 0 and less."""
    return narrowed(elementary.logarithm(number))


@function(
    "LOG",
    Group.MATHEMATICS,
    NUMBER,
    _NUMBER,
    Param(T("base"), NUMBER, optional=True),
    aliases=("对数",),
    help=T("The logarithm of a positive number to a base, 10 where none is given."),
    example="LOG(8, 2)",
    shows="3",
)
def log(number: Decimal, base: Decimal | None = None) -> Decimal:
    """#NUM! for numbers and bases of 0 and less, #DIV/0! for the base 1."""
    if base is None:
        return _decimal_logarithm(number)
    if base == ONE and number > 0:
        raise Failure(DIVISION_BY_ZERO)
    return narrowed(elementary.logarithm(number, base))


@function(
    "LOG10",
    Group.MATHEMATICS,
    NUMBER,
    _NUMBER,
    aliases=("常用对数",),
    help=T("The logarithm of a positive number to base 10."),
    example="LOG10(1000)",
    shows="3",
)
def log10(number: Decimal) -> Decimal:
    """#NUM! for 0 and less."""
    return _decimal_logarithm(number)


def _decimal_logarithm(number: Decimal) -> Decimal:
    if number <= 0:
        raise Failure(OUT_OF_RANGE)
    return CONTEXT.log10(number)


_PI = narrowed(elementary.PI)


@function(
    "PI",
    Group.MATHEMATICS,
    NUMBER,
    aliases=("圆周率",),
    help=T("The number pi, 3.14159…, to 34 digits."),
    example="ROUND(PI(), 4)",
    shows="3.1416",
)
def pi() -> Decimal:
    """The circumference of a circle by its diameter."""
    return _PI


@function(
    "RAND",
    Group.MATHEMATICS,
    NUMBER,
    aliases=("随机数",),
    volatile=True,
    random=True,
    help=T("A random number from 0 to less than 1, another one each time. Only for default values."),
    example="RAND()<1",
    shows="TRUE",
)
def rand(situation: Situation) -> Decimal:
    """15 random digits, from the random source of the system."""
    return Decimal(secrets.randbelow(10**_RANDOM_DIGITS)).scaleb(-_RANDOM_DIGITS)
