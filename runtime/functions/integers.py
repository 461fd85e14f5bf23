"""Whole numbers: GCD, LCM, FACT, COMBIN, COMBINA, ISEVEN, ISODD, BITAND, BITOR, BITXOR, BITLSHIFT, BITRSHIFT."""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import Decimal

from resources.texts import T
from runtime.functions import Group, Param, function
from runtime.value.arithmetic import whole, whole_between
from runtime.value.conversions import to_number
from runtime.value.decimals import CONTEXT
from runtime.value.error_values import OUT_OF_RANGE, WRONG_VALUE, Failure
from runtime.value.types import BOOL, NUMBER

_LARGEST = 2**53 - 1
_LARGEST_BITS = 2**48 - 1
_LARGEST_FACTORIAL = 170
_LARGEST_SHIFT = 53
_MOST_DIGITS = 310

_COUNT = Param(T("number"), NUMBER)
_CHOSEN = Param(T("chosen"), NUMBER)
_STRICT = Param(T("number"), NUMBER, strict=True)
_INTEGERS = Param(T("whole number"), NUMBER, spread=True)
_BITS = Param(T("whole number"), NUMBER)
_SHIFT = Param(T("places"), NUMBER)


def _wholes(items: Iterable[object]) -> list[int]:
    """The items that are not blank, cut to whole numbers; #VALUE! for yes/no and for texts that show no number."""
    filled = [item for item in items if item is not None]
    if not filled or any(isinstance(item, bool) for item in filled):
        raise Failure(WRONG_VALUE)
    return [_natural(to_number(item), _LARGEST) for item in filled]


def _natural(number: Decimal, most: int) -> int:
    """A number from 0 to `most` without its fraction; #NUM! for others."""
    if number < 0:
        raise Failure(OUT_OF_RANGE)
    return whole_between(number, 0, most)


@function(
    "GCD",
    Group.INTEGERS,
    NUMBER,
    _INTEGERS,
    repeats=1,
    aliases=("最大公约数",),
    help=T("The greatest whole number that divides all the numbers; their fractions do not count."),
    example="GCD(12, 18)",
    shows="6",
)
def gcd(*items: object) -> Decimal:
    """#NUM! for negative numbers and from 2^53 on."""
    return Decimal(math.gcd(*_wholes(items)))


@function(
    "LCM",
    Group.INTEGERS,
    NUMBER,
    _INTEGERS,
    repeats=1,
    aliases=("最小公倍数",),
    help=T("The least whole number that all the numbers divide; their fractions do not count."),
    example="LCM(4, 6)",
    shows="12",
)
def lcm(*items: object) -> Decimal:
    """#NUM! for negative numbers and where a number or the result reaches 2^53; 0 where one number is 0."""
    result = 1
    for number in _wholes(items):
        result = math.lcm(result, number)
        if result > _LARGEST:
            raise Failure(OUT_OF_RANGE)
    return Decimal(result)


@function(
    "FACT",
    Group.INTEGERS,
    NUMBER,
    _COUNT,
    aliases=("阶乘",),
    help=T("The product of all whole numbers from 1 to a number, at most 170."),
    example="FACT(5)",
    shows="120",
)
def fact(number: Decimal) -> Decimal:
    """#NUM! below 0 and above 170; a fraction does not count."""
    return CONTEXT.create_decimal(math.factorial(_natural(number, _LARGEST_FACTORIAL)))


def _combinations(number: int, chosen: int) -> Decimal:
    """Ways to choose so many of a number; #NUM! where there are more than 10^310, which is found before computing.

    Of n things k can be chosen in at least (n/k)^k ways, and n/k is at least 2.
    """
    fewer = min(chosen, number - chosen)
    tenths = max(10 * (len(str(number)) - len(str(fewer)) - 1), 3)
    if fewer * tenths > 10 * _MOST_DIGITS:
        raise Failure(OUT_OF_RANGE)
    return CONTEXT.create_decimal(math.comb(number, fewer))


@function(
    "COMBIN",
    Group.INTEGERS,
    NUMBER,
    _COUNT,
    _CHOSEN,
    aliases=("组合数",),
    help=T("In how many ways so many things can be chosen out of a number of them."),
    example="COMBIN(5, 2)",
    shows="10",
)
def combin(number: Decimal, chosen: Decimal) -> Decimal:
    """#NUM! below 0 and where more are chosen than there are; fractions do not count."""
    if number < 0 or chosen < 0 or whole(chosen) > whole(number):
        raise Failure(OUT_OF_RANGE)
    return _combinations(whole(number), whole(chosen))


@function(
    "COMBINA",
    Group.INTEGERS,
    NUMBER,
    _COUNT,
    _CHOSEN,
    aliases=("可重复组合数",),
    help=T("In how many ways so many things can be chosen where each may be chosen again."),
    example="COMBINA(4, 3)",
    shows="20",
)
def combina(number: Decimal, chosen: Decimal) -> Decimal:
    """#NUM! below 0 and for some out of none; fractions do not count."""
    kinds, picks = whole(number), whole(chosen)
    if number < 0 or chosen < 0 or (picks and not kinds):
        raise Failure(OUT_OF_RANGE)
    return _combinations(kinds + picks - 1, picks) if picks else Decimal(1)


@function(
    "ISEVEN",
    Group.INTEGERS,
    BOOL,
    _STRICT,
    aliases=("是偶数",),
    help=T("Whether a number without its fraction is even."),
    example="ISEVEN(4)",
    shows="TRUE",
)
def iseven(number: Decimal) -> bool:
    """0 is even."""
    return whole(number) % 2 == 0


@function(
    "ISODD",
    Group.INTEGERS,
    BOOL,
    _STRICT,
    aliases=("是奇数",),
    help=T("Whether a number without its fraction is odd."),
    example="ISODD(4)",
    shows="FALSE",
)
def isodd(number: Decimal) -> bool:
    """Of negative numbers, too."""
    return whole(number) % 2 == 1


def _bits(number: Decimal) -> int:
    """A whole number from 0 to 2^48 - 1; #NUM! for all others and for fractions."""
    found = _natural(number, _LARGEST_BITS)
    if found != number:
        raise Failure(OUT_OF_RANGE)
    return found


@function(
    "BITAND",
    Group.INTEGERS,
    NUMBER,
    _BITS,
    _BITS,
    aliases=("按位与",),
    help=T("The bits that are set in both whole numbers."),
    example="BITAND(13, 10)",
    shows="8",
)
def bitand(first: Decimal, second: Decimal) -> Decimal:
    """#NUM! for fractions, below 0 and from 2^48 on."""
    return Decimal(_bits(first) & _bits(second))


@function(
    "BITOR",
    Group.INTEGERS,
    NUMBER,
    _BITS,
    _BITS,
    aliases=("按位或",),
    help=T("The bits that are set in one of two whole numbers or in both."),
    example="BITOR(13, 10)",
    shows="15",
)
def bitor(first: Decimal, second: Decimal) -> Decimal:
    """#NUM! for fractions, below 0 and from 2^48 on."""
    return Decimal(_bits(first) | _bits(second))


@function(
    "BITXOR",
    Group.INTEGERS,
    NUMBER,
    _BITS,
    _BITS,
    aliases=("按位异或",),
    help=T("The bits that are set in exactly one of two whole numbers."),
    example="BITXOR(13, 10)",
    shows="7",
)
def bitxor(first: Decimal, second: Decimal) -> Decimal:
    """#NUM! for fractions, below 0 and from 2^48 on."""
    return Decimal(_bits(first) ^ _bits(second))


def _shifted(number: Decimal, places: Decimal) -> Decimal:
    bits, shift = _bits(number), whole_between(places, -_LARGEST_SHIFT, _LARGEST_SHIFT)
    result = bits << shift if shift >= 0 else bits >> -shift
    if result > _LARGEST_BITS:
        raise Failure(OUT_OF_RANGE)
    return Decimal(result)


@function(
    "BITLSHIFT",
    Group.INTEGERS,
    NUMBER,
    _BITS,
    _SHIFT,
    aliases=("左移位",),
    help=T("A whole number with its bits moved to the left by so many places."),
    example="BITLSHIFT(3, 2)",
    shows="12",
)
def bitlshift(number: Decimal, places: Decimal) -> Decimal:
    """Negative places move to the right; #NUM! beyond 53 places and where the result reaches 2^48."""
    return _shifted(number, places)


@function(
    "BITRSHIFT",
    Group.INTEGERS,
    NUMBER,
    _BITS,
    _SHIFT,
    aliases=("右移位",),
    help=T("A whole number with its bits moved to the right by so many places."),
    example="BITRSHIFT(13, 2)",
    shows="3",
)
def bitrshift(number: Decimal, places: Decimal) -> Decimal:
    """Negative places move to the left; #NUM! beyond 53 places and where the result reaches 2^48."""
    return _shifted(number, CONTEXT.minus(places))
