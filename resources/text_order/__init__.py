"""The order of Chinese characters: by pinyin, tone and code point; `python -m resources.text_order` makes the file.

The readings are those of pypinyin 0.55 and its pinyin-data (both MIT licence): the one that fits the order of GB 2312,
whose first level stands by the usual readings, and the first one of every other character.
"""

from __future__ import annotations

from collections.abc import Iterator

from resources import path

FILE = "chinese.txt"
FIRST, LAST = 0x3400, 0x9FFF
"""Code points of the characters: extension A and the unified block. Signs between the two are none."""


def is_chinese(code: int) -> bool:
    """Whether a code point is one of the characters that have a place."""
    return FIRST <= code <= 0x4DBF or 0x4E00 <= code <= LAST


def chinese() -> Iterator[tuple[str, str]]:
    """Every character and the one that stands at its place in the order of code points."""
    placed = path("text_order", FILE).read_text(encoding="utf-8").replace("\n", "")
    return zip(placed, sorted(placed), strict=True)
