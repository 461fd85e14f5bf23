"""Fractional order keys: a new key between any two, without touching the others.

Keys are strings of lowercase base-36 digits that do not end in "0"; they compare as text. Two people who insert at
the same place offline may get equal keys; ties are broken by node id. Source of the idea: Figma, "Realtime editing
of ordered sequences" (2017).
"""

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
BASE = len(DIGITS)


def between(low: str, high: str) -> str:
    """A key greater than `low` and, where `high` is not "", less than `high`.

    Raises:
        ValueError: `low` is not less than `high`.
    """
    if high and low >= high:
        raise ValueError(f"no key between {low!r} and {high!r}")
    key = ""
    at = 0
    bounded = bool(high)
    while True:
        a = DIGITS.index(low[at]) if at < len(low) else 0
        b = DIGITS.index(high[at]) if bounded and at < len(high) else BASE
        if b - a > 1:
            step = 1 if not bounded else (b - a) // 2
            return key + DIGITS[a + step]
        key += DIGITS[a]
        if b - a == 1:
            bounded = False
        at += 1


def spread(count: int) -> list[str]:
    """`count` ascending keys of equal length, for a list that is made in one go."""
    width = 1
    while (BASE - 1) * BASE ** (width - 1) < count:
        width += 1
    keys = []
    number = BASE ** (width - 1)
    for _ in range(count):
        keys.append(_digits(number, width) + "i")
        number += 1
    return keys


def _digits(number: int, width: int) -> str:
    text = ""
    for _ in range(width):
        number, digit = divmod(number, BASE)
        text = DIGITS[digit] + text
    return text
