"""Makes the file of the order from pypinyin. A file that differs needs a new `runtime.store.text_order.VERSION`."""

from __future__ import annotations

from functools import cache
from operator import itemgetter
from typing import Any
from unicodedata import normalize

from pypinyin.constants import PINYIN_DICT

from resources import path
from resources.text_order import FILE, FIRST, LAST, is_chinese

TONES = "\u0304\u0301\u030c\u0300"
NEUTRAL = 5
MISFIT = 3
"""What a character that keeps none of its readings costs, in characters that are not read as usual."""
LINE = 64
"""Characters of a line of the file."""


HOW_MANY_ROWS, FIRST_ROW, LAST_PLACE = 40, 0xB0, 0xD7F9
"""The characters of the first level of GB 2312, in the order of the reading that people know them by."""


def place(code: int) -> tuple[bool, str, int, int]:
    """What characters sort by: those that can be read first, then letters (ü after u, as v), tone, code point."""
    readings = [_parts(reading) for reading in PINYIN_DICT.get(code, "").split(",")]
    usual = _usual().get(code)
    letters, tone = next((reading for reading in readings if reading[0] == usual), readings[0])
    return not letters, letters, tone, code


def _parts(reading: str) -> tuple[str, int]:
    """The letters of a reading, and its tone."""
    apart = normalize("NFD", reading)
    tone = next((at for at, sign in enumerate(TONES, 1) if sign in apart), NEUTRAL)
    toneless = normalize("NFC", "".join(sign for sign in apart if sign not in TONES)).replace("ü", "v")
    return "".join(sign for sign in normalize("NFD", toneless) if sign.isascii()), tone


@cache
def _usual() -> dict[int, str]:
    """Code point -> letters of its usual reading, for the characters that GB 2312 has in the order of these.

    Of all ways to read them in which the letters never go back, one that has the fewest others than first readings;
    a character that fits none keeps its first reading.
    """
    codes = [ord(sign) for sign in _first_level()]
    readings = [[_parts(reading)[0] for reading in PINYIN_DICT[code].split(",")] for code in codes]
    syllables = sorted(
        {letters for each in readings for letters in each}, key=lambda letters: letters.replace("v", "u ")
    )
    best: list[tuple[int, Any]] = [(0, None)] * len(syllables)
    for code, each in zip(codes, readings, strict=True):
        reached: tuple[int, Any] = best[0]
        for at, letters in enumerate(syllables):
            reached = min(reached, best[at], key=itemgetter(0))
            fits = letters in each
            best[at] = reached[0] + (each.index(letters) > 0 if fits else MISFIT), (code, letters, fits, reached[1])
    usual, step = {}, min(best, key=itemgetter(0))[1]
    while step is not None:
        code, letters, fits, step = step
        if fits:
            usual[code] = letters
    return usual


def _first_level() -> str:
    rows = range(FIRST_ROW, FIRST_ROW + HOW_MANY_ROWS)
    places = ((row << 8) + at for row in rows for at in range(0xA1, 0xFF))
    return b"".join(code.to_bytes(2, "big") for code in places if code <= LAST_PLACE).decode("gb2312")


def main() -> None:
    """Write the file."""
    codes = sorted((code for code in range(FIRST, LAST + 1) if is_chinese(code)), key=place)
    lines = ("".join(map(chr, codes[start : start + LINE])) for start in range(0, len(codes), LINE))
    path("text_order", FILE).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
