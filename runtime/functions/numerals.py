"""Number systems: BASE, DECIMAL, DEC2BIN, DEC2OCT, DEC2HEX, BIN2DEC, OCT2DEC, HEX2DEC, ROMAN, ARABIC."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

from resources.texts import T
from runtime.functions import Group, Param, function
from runtime.value.arithmetic import whole_between
from runtime.value.conversions import to_number
from runtime.value.decimals import CONTEXT, ZERO
from runtime.value.error_values import OUT_OF_RANGE, WRONG_VALUE, Failure
from runtime.value.types import ANY, NUMBER, TEXT

_FIGURES = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LARGEST = 2**53 - 1
_LONGEST = 255
_PLACES = 10
"""Digits of the numbers with a sign that DEC2BIN and its kin write."""

_NUMBER = Param(T("number"), NUMBER)
_RADIX = Param(T("radix"), NUMBER)
_STRICT = Param(T("number"), NUMBER, strict=True)
_DIGITS = Param(T("digits"), NUMBER, optional=True, strict=True)
_WRITTEN = Param(T("digits of the number"), TEXT, strict=True)


def _written(number: int, radix: int) -> str:
    figures = "" if number else "0"
    while number:
        number, figure = divmod(number, radix)
        figures = _FIGURES[figure] + figures
    return figures


def _read(figures: str, radix: int) -> int:
    """The number that figures show, small letters or capitals; #NUM! where one is none of this base."""
    number = 0
    for figure in figures.upper():
        value = _FIGURES.find(figure)
        if not 0 <= value < radix:
            raise Failure(OUT_OF_RANGE)
        number = number * radix + value
    return number


@function(
    "BASE",
    Group.NUMERALS,
    TEXT,
    _NUMBER,
    _RADIX,
    Param(T("least length"), NUMBER, optional=True),
    aliases=("转进制",),
    help=T("Writes a whole number in a base from 2 to 36, with zeros in front up to a least length."),
    example="BASE(255, 16)",
    shows="FF",
)
def base(number: Decimal, radix: Decimal, least_length: Decimal = ZERO) -> str:
    """#NUM! for negative numbers, from 2^53 on, and for lengths over 255; fractions do not count."""
    if number < 0 or least_length < 0:
        raise Failure(OUT_OF_RANGE)
    figures = _written(whole_between(number, 0, _LARGEST), whole_between(radix, 2, 36))
    return figures.rjust(whole_between(least_length, 0, _LONGEST), "0")


@function(
    "DECIMAL",
    Group.NUMERALS,
    NUMBER,
    Param(T("digits of the number"), TEXT),
    _RADIX,
    aliases=("转十进制",),
    help=T("The number that a text shows in a base from 2 to 36."),
    example='DECIMAL("FF", 16)',
    shows="255",
)
def decimal(text: str, radix: Decimal) -> Decimal:
    """#NUM! for figures the base does not have; #VALUE! for more than 255."""
    bare = text.strip()
    if len(bare) > _LONGEST:
        raise Failure(WRONG_VALUE)
    return CONTEXT.create_decimal(_read(bare, whole_between(radix, 2, 36)))


def _signed_text(number: Decimal, radix: int, digits: Decimal | None) -> str:
    """`number` in 10 places, a negative one as what is missing to the next place; #NUM! where that is too little."""
    modulus = radix**_PLACES
    found = whole_between(number, -modulus // 2, modulus // 2 - 1)
    length = 0 if digits is None else whole_between(digits, 1, _PLACES)
    if found < 0:
        return _written(found + modulus, radix)
    figures = _written(found, radix)
    if length and len(figures) > length:
        raise Failure(OUT_OF_RANGE)
    return figures.rjust(length, "0")


def _signed_number(text: str, radix: int) -> Decimal:
    bare = text.strip()
    if len(bare) > _PLACES:
        raise Failure(OUT_OF_RANGE)
    modulus = radix**_PLACES
    found = _read(bare, radix)
    return Decimal(found - modulus if found >= modulus // 2 else found)


@function(
    "DEC2BIN",
    Group.NUMERALS,
    TEXT,
    _STRICT,
    _DIGITS,
    aliases=("十进制转二进制",),
    help=T("Writes a whole number from -512 to 511 with the digits 0 and 1, with zeros in front up to so many digits."),
    example="DEC2BIN(10, 6)",
    shows="001010",
)
def dec2bin(number: Decimal, digits: Decimal | None = None) -> str:
    """Negative numbers as two's complement of 10 digits."""
    return _signed_text(number, 2, digits)


@function(
    "DEC2OCT",
    Group.NUMERALS,
    TEXT,
    _STRICT,
    _DIGITS,
    aliases=("十进制转八进制",),
    help=T("Writes a whole number to base 8, with zeros in front up to so many digits."),
    example="DEC2OCT(64)",
    shows="100",
)
def dec2oct(number: Decimal, digits: Decimal | None = None) -> str:
    """From -2^29 to 2^29 - 1; negative numbers as complement of 10 digits."""
    return _signed_text(number, 8, digits)


@function(
    "DEC2HEX",
    Group.NUMERALS,
    TEXT,
    _STRICT,
    _DIGITS,
    aliases=("十进制转十六进制",),
    help=T("Writes a whole number to base 16, with zeros in front up to so many digits."),
    example="DEC2HEX(255, 4)",
    shows="00FF",
)
def dec2hex(number: Decimal, digits: Decimal | None = None) -> str:
    """From -2^39 to 2^39 - 1; negative numbers as complement of 10 digits."""
    return _signed_text(number, 16, digits)


@function(
    "BIN2DEC",
    Group.NUMERALS,
    NUMBER,
    _WRITTEN,
    aliases=("二进制转十进制",),
    help=T("The number that up to 10 digits 0 and 1 show; the tenth is the sign."),
    example='BIN2DEC("001010")',
    shows="10",
)
def bin2dec(text: str) -> Decimal:
    """0 for a blank text."""
    return _signed_number(text, 2)


@function(
    "OCT2DEC",
    Group.NUMERALS,
    NUMBER,
    _WRITTEN,
    aliases=("八进制转十进制",),
    help=T("The number that up to 10 digits show to base 8."),
    example='OCT2DEC("100")',
    shows="64",
)
def oct2dec(text: str) -> Decimal:
    """0 for a blank text; ten digits from 4 on are negative."""
    return _signed_number(text, 8)


@function(
    "HEX2DEC",
    Group.NUMERALS,
    NUMBER,
    _WRITTEN,
    aliases=("十六进制转十进制",),
    help=T("The number that up to 10 digits show to base 16."),
    example='HEX2DEC("FF")',
    shows="255",
)
def hex2dec(text: str) -> Decimal:
    """0 for a blank text; ten digits from 8 on are negative."""
    return _signed_number(text, 16)


_ROMAN = {"M": 1000, "D": 500, "C": 100, "L": 50, "X": 10, "V": 5, "I": 1}
_LETTERS = tuple(_ROMAN)
_LARGEST_ROMAN = 3999


def _shortest_pair(number: int, small: int, large: int, style: int) -> tuple[str, int]:
    """Two letters for a digit 4 or 9 of `number`, the small one before the large one, and what is left.

    Each step of `style` lets a smaller letter stand before the large one, where the number is near enough to it.
    """
    for _ in range(style):
        if small + 1 < len(_LETTERS) and _ROMAN[_LETTERS[large]] - _ROMAN[_LETTERS[small + 1]] <= number:
            small += 1
        else:
            break
    pair = _LETTERS[small] + _LETTERS[large]
    return pair, number + _ROMAN[_LETTERS[small]] - _ROMAN[_LETTERS[large]]


def _style(argument: object) -> int:
    if isinstance(argument, bool):
        return 0 if argument else 4
    return whole_between(to_number(argument), 0, 4)


@function(
    "ROMAN",
    Group.NUMERALS,
    TEXT,
    _NUMBER,
    Param(T("style"), ANY, optional=True),
    aliases=("罗马数字",),
    help=T("Writes a whole number from 0 to 3999 in Roman numerals; styles 1 to 4 are shorter and shorter."),
    example="ROMAN(2024)",
    shows="MMXXIV",
)
def roman(number: Decimal, style: object = ZERO) -> str:
    """#VALUE! for other numbers and styles; 0 is an empty text. TRUE is style 0, FALSE style 4."""
    try:
        left, shortened = whole_between(number, 0, _LARGEST_ROMAN), _style(style)
    except Failure as failure:
        raise Failure(WRONG_VALUE) from failure
    letters = ""
    for unit in range(0, len(_LETTERS), 2):
        digit, rest = divmod(left, _ROMAN[_LETTERS[unit]])
        if digit % 5 == 4:
            pair, left = _shortest_pair(left, unit, unit - 1 if digit == 4 else unit - 2, shortened)
            letters += pair
        else:
            letters += _LETTERS[unit - 1] * (digit > 4) + _LETTERS[unit] * (digit % 5)
            left = rest
    return letters


@function(
    "ARABIC",
    Group.NUMERALS,
    NUMBER,
    Param(T("Roman numeral"), TEXT),
    aliases=("罗马转数字",),
    help=T("The number that a Roman numeral shows."),
    example='ARABIC("MMXXIV")',
    shows="2024",
)
def arabic(text: str) -> Decimal:
    """A letter before a greater one counts down; a minus sign may lead; #VALUE! for other letters and over 255."""
    bare = text.strip().upper()
    negative = bare.startswith("-")
    values = [_ROMAN.get(letter, 0) for letter in bare.removeprefix("-")]
    if not all(values) or len(bare) > _LONGEST:
        raise Failure(WRONG_VALUE)
    result = sum(-one if one < following else one for one, following in pairwise([*values, 0]))
    return Decimal(-result if negative else result)
