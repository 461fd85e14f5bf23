"""How long texts may be, and numbers of characters."""

from __future__ import annotations

from decimal import Decimal

from runtime.value.conversions import LONGEST_TEXT
from runtime.value.error_values import WRONG_VALUE, Failure


def count_of(number: Decimal, least: int = 0) -> int:
    """A number of characters, cut to a whole number; #VALUE! below `least`."""
    if number < least:
        raise Failure(WRONG_VALUE)
    return int(number) if number < LONGEST_TEXT else LONGEST_TEXT


def bounded(text: str) -> str:
    """`text`, or #VALUE! where it is longer than a text may be."""
    if len(text) > LONGEST_TEXT:
        raise Failure(WRONG_VALUE)
    return text
