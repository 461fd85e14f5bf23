"""Writes a number by a section of a format code: placeholders, groups, percent, powers of ten, fractions, General."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

from runtime.value.format_code import Section, Token, TokenKind

_EXACT = Context(prec=800, rounding=ROUND_HALF_UP, Emin=-2000, Emax=2000)
_GENERAL_WIDTH = 11
_SPACED = {"?": " ", "0": "0", "#": ""}


def number_in_format(number: Decimal, section: Section, signed: bool, zero_signed: bool = False) -> str:
    """`number` as `section` shows it.

    Args:
        signed: a negative number gets a minus; else the section says by itself that it is negative.
        zero_signed: it gets one also where it is rounded to zero; a fraction such as 1/3 always does.
    """
    if section.has(TokenKind.EXPONENT):
        body, zero = _powered(abs(number), section.tokens)
    elif _fraction_at(section.tokens) is not None:
        body, zero = _fractioned(abs(number), section.tokens), False
    else:
        body, zero = _fixed(abs(number), section)
    if section.numerals is not None and not section.has(TokenKind.GENERAL):
        body = section.numerals.spelled(body)
    minus = signed and number < 0 and section.tokens and (zero_signed or not zero)
    return f"-{body}" if minus else body


def general_text(number: Decimal) -> str:
    """A number without a format, in eleven characters as in a cell: 0.333333333, 1.23457E+11."""
    if not number:
        return "0"
    size = abs(number)
    if -5 < size.adjusted() < _GENERAL_WIDTH:
        places = max(0, _GENERAL_WIDTH - 2 - max(size.adjusted(), 0))
        rounded = _EXACT.quantize(number, Decimal((0, (1,), -places))) if places else _whole(number)
        if abs(rounded).adjusted() < _GENERAL_WIDTH:
            return _bare(format(rounded, "f"))
    mantissa, _, exponent = format(Context(prec=6, rounding=ROUND_HALF_UP).plus(number), ".5E").partition("E")
    return f"{_bare(mantissa)}E{int(exponent):+03d}"


def _bare(digits: str) -> str:
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def _whole(number: Decimal) -> Decimal:
    return number.to_integral_value(ROUND_HALF_UP)


@dataclass(frozen=True)
class _Layout:
    """The tokens of a number: the integer placeholders, and what follows."""

    whole: tuple[int, ...]
    decimals: tuple[int, ...]
    grouped: bool
    thousands: int
    percents: int


def _layout(tokens: Sequence[Token]) -> _Layout:
    whole: list[int] = []
    decimals: list[int] = []
    commas: list[int] = []
    point = False
    for place, token in enumerate(tokens):
        if token.kind is TokenKind.DIGIT:
            (decimals if point else whole).append(place)
        elif token.kind is TokenKind.POINT:
            point = True
        elif token.kind is TokenKind.COMMA:
            commas.append(place)
    between = [place for place in commas if whole and whole[0] < place < whole[-1]]
    behind = [place for place in commas if whole and place > whole[-1] and place not in between]
    percents = sum(token.kind is TokenKind.PERCENT for token in tokens)
    return _Layout(tuple(whole), tuple(decimals), bool(between), len(behind), percents)


def _fixed(number: Decimal, section: Section) -> tuple[str, bool]:
    """The text of a number that is not negative, and whether it shows zero."""
    tokens = section.tokens
    layout = _layout(tokens)
    scaled = _EXACT.scaleb(number, 2 * layout.percents - 3 * layout.thousands)
    rounded = _EXACT.quantize(scaled, Decimal((0, (1,), -len(layout.decimals))))
    integer, _, fraction = format(rounded, "f").partition(".")
    shown = {
        **_integer_digits(integer, [tokens[place].text for place in layout.whole], layout.whole, layout.grouped),
        **_decimal_digits(fraction, tokens, layout.decimals),
    }
    parts: list[str] = []
    for place, token in enumerate(tokens):
        if token.kind is TokenKind.DIGIT:
            parts.append(shown[place])
        elif token.kind is TokenKind.POINT:
            parts.append(".")
        elif token.kind is TokenKind.GENERAL:
            parts.append(_general(scaled, section))
        elif token.kind is not TokenKind.COMMA or not layout.whole or place < layout.whole[0]:
            parts.append(token.text)
    zero = not rounded if layout.whole or layout.decimals else False
    return "".join(parts), zero


def _general(number: Decimal, section: Section) -> str:
    numerals = section.numerals
    text = general_text(number)
    if numerals is None or not numerals.units or "E" in text:
        return text if numerals is None else numerals.spelled(text)
    integer, point, fraction = text.partition(".")
    return numerals.number(int(integer)) + point + numerals.spelled(fraction)


def _integer_digits(integer: str, signs: Sequence[str], places: Sequence[int], grouped: bool) -> dict[int, str]:
    """Place of a token -> the digits it shows: one each, from the right; the first shows all that are left."""
    digits = integer.lstrip("0")
    shown: dict[int, str] = {}
    for index, place in enumerate(places):
        right = len(places) - 1 - index
        chunk = digits[max(0, len(digits) - 1 - right) : len(digits) - right] if right < len(digits) else ""
        if index == 0 and len(digits) > len(places):
            chunk = digits[: len(digits) - right]
        chunk = chunk or _SPACED[signs[index]]
        shown[place] = _with_commas(chunk, right) if grouped else chunk
    return shown


def _with_commas(chunk: str, right: int) -> str:
    """`chunk` with a comma after each digit that stands 3, 6, ... places before the last; `right` of its last digit."""
    parts: list[str] = []
    for index, digit in enumerate(chunk):
        behind = right + len(chunk) - 1 - index
        parts.append(digit)
        if behind and behind % 3 == 0:
            parts.append(" " if digit == " " else ",")
    return "".join(parts)


def _decimal_digits(fraction: str, tokens: Sequence[Token], places: Sequence[int]) -> dict[int, str]:
    last = len(fraction.rstrip("0"))
    shown: dict[int, str] = {}
    for index, place in enumerate(places):
        sign = tokens[place].text
        later_zero = any(tokens[other].text == "0" for other in places[index + 1 :])
        kept = index < last or later_zero
        shown[place] = fraction[index] if kept or sign == "0" else _SPACED[sign]
    return shown


def _powered(number: Decimal, tokens: Sequence[Token]) -> tuple[str, bool]:
    """With a power of ten: as many digits before the point as there are placeholders, by steps of that many."""
    at = next(place for place, token in enumerate(tokens) if token.kind is TokenKind.EXPONENT)
    end = at + 1
    while end < len(tokens) and tokens[end].kind is TokenKind.DIGIT:
        end += 1
    layout = _layout(tokens[:at])
    step = max(1, len(layout.whole))
    exponent = number.adjusted() // step * step if number else 0
    unit = Decimal((0, (1,), -len(layout.decimals)))
    mantissa = _EXACT.quantize(_EXACT.scaleb(number, -exponent), unit)
    if mantissa and mantissa.adjusted() >= step:
        exponent += step
        mantissa = _EXACT.quantize(_EXACT.scaleb(number, -exponent), unit)
    body, zero = _fixed(mantissa, Section(tuple(tokens[:at])))
    sign = "-" if exponent < 0 else "+" if tokens[at].text.endswith("+") else ""
    power = str(abs(exponent)).rjust(sum(token.text == "0" for token in tokens[at + 1 : end]), "0")
    rest = "".join(token.text for token in tokens[end:])
    return f"{body}E{sign}{power}{rest}", zero


def _fraction_at(tokens: Sequence[Token]) -> int | None:
    """The place of the slash of a fraction, where digits stand on both sides of one."""
    for place in range(1, len(tokens) - 1):
        if tokens[place].kind is TokenKind.SLASH and tokens[place - 1].kind is TokenKind.DIGIT:
            after = tokens[place + 1]
            if after.kind is TokenKind.DIGIT or after.text.isdecimal():
                return place
    return None


def _fractioned(number: Decimal, tokens: Sequence[Token]) -> str:
    slash = _fraction_at(tokens)
    assert slash is not None, "the caller found the slash"
    first = slash
    while first and tokens[first - 1].kind is TokenKind.DIGIT:
        first -= 1
    end = slash + 1
    while end < len(tokens) and (tokens[end].kind is TokenKind.DIGIT or tokens[end].text.isdecimal()):
        end += 1
    above = [token.text for token in tokens[first:slash]]
    below = "".join(token.text for token in tokens[slash + 1 : end])
    mixed = any(token.kind is TokenKind.DIGIT for token in tokens[:first])
    whole = number.to_integral_value(ROUND_FLOOR) if mixed else Decimal(0)
    fraction = _nearest(Fraction(number - whole), below)
    if mixed and fraction == 1:
        whole, fraction = whole + 1, Fraction(0)
    zero = not whole and not fraction
    lead = _lead(whole, tokens[:first], zero) if mixed else _literal(tokens[:first])
    if mixed and not fraction:
        middle = " " * (len(above) + 1 + len(below))
    else:
        middle = _quotient(fraction, above, below)
    return lead + middle + _literal(tokens[end:])


def _lead(whole: Decimal, tokens: Sequence[Token], zero: bool) -> str:
    """The whole part before a fraction; 0 is written where nothing follows."""
    if zero:
        tokens = [Token(token.kind, "0") if token.text == "#" else token for token in tokens]
    return _fixed(whole, Section(tuple(tokens)))[0]


def _quotient(fraction: Fraction, above: Sequence[str], below: str) -> str:
    numerator, denominator = _parts(fraction, below)
    top = "".join(_integer_digits(str(numerator), above, range(len(above)), grouped=False).values()) or "0"
    return f"{top}/{str(denominator).ljust(len(below) if '?' in below else 0)}"


def _literal(tokens: Sequence[Token]) -> str:
    return "".join(token.text for token in tokens)


def _nearest(value: Fraction, below: str) -> Fraction:
    """The nearest fraction whose denominator is the fixed one, or has no more digits than placeholders."""
    if below.isdecimal() and below.strip("0"):
        fixed = int(below)
        return Fraction(_rounded(value * fixed), fixed)
    return value.limit_denominator(10 ** min(len(below), 7) - 1)


def _rounded(value: Fraction) -> int:
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def _parts(fraction: Fraction, below: str) -> tuple[int, int]:
    if below.isdecimal() and below.strip("0"):
        fixed = int(below)
        return fraction.numerator * (fixed // fraction.denominator), fixed
    return fraction.numerator, fraction.denominator
