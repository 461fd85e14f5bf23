"""Exact numbers: the decimal context of formulas, numbers from text and text from numbers. Floats never enter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import (
    ROUND_HALF_UP,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
    getcontext,
    setcontext,
)

LARGEST_EXPONENT = 308
"""Numbers reach to 9.99E+308 as in Excel; more is #NUM!."""

CONTEXT = Context(
    prec=34,
    rounding=ROUND_HALF_UP,
    Emin=-LARGEST_EXPONENT,
    Emax=LARGEST_EXPONENT,
    capitals=1,
    clamp=0,
    flags=[],
    traps=[InvalidOperation, DivisionByZero, Overflow],
)
"""34 digits, halves away from zero; shared by all threads, since nobody reads its flags."""

GUARDED = Context(prec=40, rounding=ROUND_HALF_UP, Emin=CONTEXT.Emin, Emax=CONTEXT.Emax, flags=[], traps=CONTEXT.traps)
"""Six digits more, for quotients: the next operation rounds them away, so that 1/3*3 is 1 as people expect."""

TROUBLE = (InvalidOperation, DivisionByZero, Overflow)
"""What arithmetic in `CONTEXT` raises; an evaluation turns it into #NUM!."""

ZERO = Decimal(0)
ONE = Decimal(1)
HUNDRED = Decimal(100)

_EXACT_DIGITS = 20
_SHOWN_DIGITS = Context(prec=15, rounding=ROUND_HALF_UP)
_LARGEST_PLAIN = 21
_SMALLEST_PLAIN = -10

_PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,6})?\Z", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}([, ])\d{3}(\1\d{3})*(\.\d*)?([eE][+-]?\d{1,6})?\Z", re.ASCII)
_CURRENCY = "$€£¥￥"


@contextmanager
def exact_arithmetic() -> Iterator[None]:
    """Makes `CONTEXT` the context of operators on `Decimal` inside the block.

    Formulas see to it themselves; around a loop over many rows it saves them that work for each row.
    """
    former = getcontext()
    setcontext(CONTEXT)
    try:
        yield
    finally:
        setcontext(former)


def parse_number(text: str) -> Decimal | None:
    """The number written in `text` (blanks around it allowed, grouping commas not), or None.

    Only ASCII and full-width digits count; more than 34 digits are rounded; None too where it exceeds 9.99E+308.
    """
    bare = _half_width(text.strip())
    return _decimal(bare) if _PLAIN.match(bare) else None


def parse_amount(text: str) -> Decimal | None:
    """As `parse_number`, and also grouping commas or spaces, a currency sign and a percent sign: "¥1,200", "12.5%"."""
    bare = _half_width(text.strip())
    percent = bare.startswith("%") or bare.endswith("%")
    if percent:
        bare = (bare[1:] if bare.startswith("%") else bare[:-1]).strip()
    sign = ""
    if bare[:1] in ("-", "+"):
        sign, bare = bare[0], bare[1:]
    if bare[:1] and bare[0] in _CURRENCY:
        bare = bare[1:]
    elif bare[-1:] and bare[-1] in _CURRENCY:
        bare = bare[:-1]
    bare = bare.strip()
    if not sign and bare[:1] in ("-", "+"):
        sign, bare = bare[0], bare[1:]
    if _GROUPED.match(bare):
        bare = bare.replace(",", "").replace(" ", "")
    if bare[:1] in ("-", "+"):
        return None
    number = parse_number(sign + bare)
    return CONTEXT.divide(number, HUNDRED) if number is not None and percent else number


def number_text(number: Decimal) -> str:
    """`number` as `&` writes it: no closing zeros, 1E+21 and more and under 1E-10 with exponent.

    Up to 20 digits are written exactly; longer fractions, such as 1/3, with 15 significant digits as in Excel.
    """
    if not number:
        return "0"
    bare = number.normalize(CONTEXT)
    if len(bare.as_tuple().digits) > _EXACT_DIGITS and bare != bare.to_integral_value():
        bare = bare.normalize(_SHOWN_DIGITS)
    if _SMALLEST_PLAIN < bare.adjusted() < _LARGEST_PLAIN:
        return format(bare, "f")
    mantissa, _, exponent = format(bare, "E").partition("E")
    return f"{mantissa}E{int(exponent):+03d}"


def _half_width(text: str) -> str:
    return text if text.isascii() else text.translate(_NARROW)


def _decimal(text: str) -> Decimal | None:
    try:
        return CONTEXT.create_decimal(text)
    except TROUBLE:
        return None


_NARROW = {
    **{ord("０") + digit: str(digit) for digit in range(10)},
    ord("．"): ".",
    ord("－"): "-",
    ord("−"): "-",
    ord("＋"): "+",
    ord("％"): "%",
    ord("，"): ",",
    ord("＄"): "$",
}
