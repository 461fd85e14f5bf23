"""Makes the file of the order from pypinyin. A file that differs needs a new `runtime.store.text_order.VERSION`."""

from __future__ import annotations

from unicodedata import normalize

from pypinyin.constants import PINYIN_DICT

from resources import path
from resources.text_order import FILE, FIRST, LAST, is_chinese

TONES = "\u0304\u0301\u030c\u0300"
NEUTRAL = 5
LINE = 64
"""Characters of a line of the file."""


def place(code: int) -> tuple[bool, str, int, int]:
    """What characters sort by: those that can be read first, then letters (ü after u, as v), tone, code point."""
    reading = PINYIN_DICT.get(code, "").split(",")[0]
    apart = normalize("NFD", reading)
    tone = next((at for at, sign in enumerate(TONES, 1) if sign in apart), NEUTRAL)
    toneless = normalize("NFC", "".join(sign for sign in apart if sign not in TONES)).replace("ü", "v")
    letters = "".join(sign for sign in normalize("NFD", toneless) if sign.isascii())
    return not reading, letters, tone, code


def main() -> None:
    """Write the file."""
    codes = sorted((code for code in range(FIRST, LAST + 1) if is_chinese(code)), key=place)
    lines = ("".join(map(chr, codes[start : start + LINE])) for start in range(0, len(codes), LINE))
    path("text_order", FILE).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
