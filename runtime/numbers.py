"""Numbers as people write and read them; exact, never through binary floating point."""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_UP, Context, Decimal, DecimalException
from functools import lru_cache

CONTEXT = Context(prec=34, rounding=ROUND_HALF_UP)
"""Decimal arithmetic of the product: 34 digits (IEEE 754 decimal128), ties away from zero as in Excel."""

LARGEST = 2**63 - 1
"""Largest scaled integer that a column holds."""

SYMBOLS = "¥￥$€£"
_DROPPED = str.maketrans("", "", SYMBOLS + " \u00a0\u202f'_")
_GROUPS = re.compile(r"[+-]?\d{1,4}(?:(?:,\d{3})+|(?:,\d{4})+)(?:\.\d*)?")
"""Commas stand between groups of three digits, or of four as Chinese counts; in "12,5" nobody knows what is meant."""


def parse_number(text: str) -> Decimal | None:
    """The number that `text` stands for, or None where it is none.

    Takes thousands separators, currency symbols, full-width digits, a percent sign (divides by 100), accounting
    brackets for negative numbers, and 万 and 亿. No exponents: a spreadsheet that shows 6.2E+18 has lost digits.
    """
    plain = unicodedata.normalize("NFKC", text).strip().replace("−", "-")
    negative = plain.startswith("(") and plain.endswith(")")
    if negative:
        plain = plain[1:-1]
    plain = plain.translate(_DROPPED).removesuffix("元").removeprefix("CNY").removeprefix("RMB")
    if negative and plain[:1] in {"+", "-"}:
        return None
    factor = Decimal(1)
    for suffix, value in (
        ("%", Decimal("0.01")),
        ("万", Decimal(10_000)),
        ("亿", Decimal(100_000_000)),
    ):
        if plain.endswith(suffix):
            plain, factor = plain[: -len(suffix)], value
            break
    if "," in plain and _GROUPS.fullmatch(plain):
        plain = plain.replace(",", "")
    if not plain or not set(plain) <= set("0123456789.+-"):
        return None
    try:
        number = CONTEXT.multiply(Decimal(plain), factor)
    except DecimalException:
        return None
    return -number if negative else number


def round_to(number: Decimal, decimals: int) -> Decimal:
    """`number` with exactly `decimals` places, ties away from zero.

    Raises:
        decimal.InvalidOperation: the number is not finite or has more than 34 digits.
    """
    return number.quantize(_unit(decimals), context=CONTEXT)


@lru_cache(maxsize=64)
def _unit(decimals: int) -> Decimal:
    return Decimal(1).scaleb(-decimals)


def to_scaled(number: Decimal, decimals: int) -> int:
    """The scaled integer that a column keeps: `number` times ten to the power of `decimals`, rounded."""
    return int(number.scaleb(decimals).to_integral_value(rounding=ROUND_HALF_UP))


def from_scaled(raw: int, decimals: int) -> Decimal:
    """The number behind a scaled integer, with exactly `decimals` places."""
    return Decimal(raw).scaleb(-decimals)


def grouped(number: Decimal | int, decimals: int | None = None) -> str:
    """The number with thousands commas and, where given, exactly `decimals` places."""
    if decimals is not None:
        number = round_to(Decimal(number), decimals)
    return f"{number:,f}" if isinstance(number, Decimal) else f"{number:,d}"
