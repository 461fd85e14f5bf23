"""Which encoding a text file has: its mark, its bytes as strict UTF-8, the pattern of UTF-16, then what is plausible.

GB18030 accepts nearly all bytes: what holds hardly any usual Chinese character is asked whether it is Korean, Japanese,
Cyrillic, Greek or Polish. Statistical detectors are not asked: they take short texts in GBK for UTF-16.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from runtime.exchange.readers.plausible_text import (
    MOST_LINES,
    UNUSUAL_CHINESE,
    USUAL_CHINESE,
    alphabet,
    may_be_korean,
    other_asian,
    usual_chinese,
)

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Byte order marks, longer ones before those that they begin with."""

HEAD = 64 * 1024
STRETCH = 1 << 20
LINES = 20_000
LOOKED_AT = 64 << 20
"""Lines beyond ASCII that are weighed where a file is not strict UTF-8, and bytes that are searched for them."""

CHINESE_SHARE = 0.6
"""Share of the double bytes with a high second byte: nearly all in Chinese, few where letters have accents."""

WHOLE = 0.9
"""Share of lines up to which they are text in GB18030 where letters are of one byte: words have odd lengths too."""

FEWEST_PAIRS, SIMPLE, USUAL = 8, 0.75, 0.9
"""Characters from which text may be Big5: few of them are usual ones of GB2312 then, and nearly all are of Big5."""

_BEYOND_ASCII = re.compile(rb"[^\r\n]*[\x80-\xff][^\r\n]*")
_PAIR = re.compile(rb"([\x81-\xfe])([\x40-\x7e\x80-\xfe])")


@dataclass(frozen=True, slots=True)
class Encoding:
    """How bytes are text.

    Attributes:
        name: of the codec.
        mark: bytes of the mark at the start.
        doubtful: True where another encoding is as likely.
    """

    name: str
    mark: int = 0
    doubtful: bool = False

    @property
    def wide(self) -> bool:
        """Whether a line end is more than one byte."""
        return self.name.startswith(("utf-16", "utf-32"))


def find_encoding(file: BinaryIO) -> Encoding:
    """The encoding of the whole `file`, which is left at its start."""
    try:
        head = file.read(HEAD)
        marked = of_mark(head)
        if marked is not None:
            return _unless_it_lies(marked, file)
        return wide_without_mark(head) or _of_bytes(file)
    finally:
        file.seek(0)


def of_mark(head: bytes) -> Encoding | None:
    """The encoding that a byte order mark says."""
    return next((Encoding(name, len(mark)) for mark, name in MARKS if head.startswith(mark)), None)


def _unless_it_lies(marked: Encoding, file: BinaryIO) -> Encoding:
    """The encoding of the mark, or the Chinese one of text behind a mark of UTF-8 that a program put before it."""
    if marked.name != "utf-8" or _is_utf8(file):
        return marked
    found = _of_bytes(file)
    return Encoding(found.name, marked.mark, doubtful=True) if found.name == "gb18030" else marked


def wide_without_mark(head: bytes) -> Encoding | None:
    """UTF-16 by its pattern: the high bytes of figures, delimiters and line ends are NUL, the low ones never."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    most, least = max(even, odd), min(even, odd)
    if most < 2 or most * 20 < len(head) // 2 or least * 20 > most:
        return None
    name = "utf-16-be" if even > odd else "utf-16-le"
    try:
        text = codecs.getincrementaldecoder(name)().decode(head)
    except UnicodeDecodeError:
        return None
    strange = sum(not (char.isprintable() or char in "\t\r\n\f") for char in text)
    return Encoding(name) if strange * 20 <= len(text) else None


def _of_bytes(file: BinaryIO) -> Encoding:
    if _is_utf8(file):
        return Encoding("utf-8")
    lines = utf8 = chinese = traditional = 0
    pairs: Counter[tuple[bytes, bytes]] = Counter()
    some: list[bytes] = []
    for line in _lines_beyond_ascii(file):
        lines += 1
        some += [line] if lines <= MOST_LINES else []
        utf8 += _decodes(line, "utf-8")
        chinese += _decodes(line, "gb18030")
        traditional += _decodes(line, "big5")
        pairs.update(_PAIR.findall(line))
    if 2 * utf8 >= lines:
        return Encoding("utf-8")
    if traditional == lines and _is_traditional(pairs):
        return Encoding("big5", doubtful=True)
    high = sum(count for (_first, second), count in pairs.items() if second >= b"\x80")
    accepted = 2 * chinese >= lines and high >= CHINESE_SHARE * pairs.total()
    usual = usual_chinese(some) if accepted else 0.0
    broken = not accepted or chinese <= WHOLE * lines
    if usual < USUAL_CHINESE and (other := other_asian(some) or (alphabet(some) if broken else "")):
        return Encoding(other, doubtful=True)
    if not accepted:
        return Encoding("cp1252", doubtful=True)
    return Encoding("gb18030", doubtful=usual < UNUSUAL_CHINESE or (usual < USUAL_CHINESE and may_be_korean(some)))


def _is_traditional(pairs: Counter[tuple[bytes, bytes]]) -> bool:
    """Whether double bytes are mostly none of the usual characters of GB2312, and nearly all usual ones of Big5."""
    simple = sum(n for (first, second), n in pairs.items() if b"\xb0" <= first <= b"\xd7" and second >= b"\xa1")
    usual = sum(n for (first, _second), n in pairs.items() if b"\xa4" <= first <= b"\xc6")
    return pairs.total() >= FEWEST_PAIRS and simple < SIMPLE * pairs.total() and usual >= USUAL * pairs.total()


def _is_utf8(file: BinaryIO) -> bool:
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while stretch := file.read(STRETCH):
            decoder.decode(stretch)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _lines_beyond_ascii(file: BinaryIO) -> Iterator[bytes]:
    """Whole lines, and their number and place limited."""
    file.seek(0)
    rest, found = b"", 0
    while file.tell() < LOOKED_AT and (stretch := file.read(STRETCH)):
        whole, end, rest = (rest + stretch).rpartition(b"\n")
        if not end and len(rest) < 4 * STRETCH:
            continue
        whole, rest = (whole, rest) if end else (rest, b"")
        for line in _BEYOND_ASCII.finditer(whole):
            yield line[0]
            found += 1
            if found == LINES:
                return
    yield from (line[0] for line in _BEYOND_ASCII.finditer(rest))


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
