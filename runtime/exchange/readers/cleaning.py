"""Cells as a reader gives them, made clean: trimmed, without control characters, times without the dust of fractions.

Numbers are floats afterwards, as in any sheet: .xls alone keeps whole ones apart.

Runs in the reader process.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

PATIENCE = timedelta(microseconds=1500)

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NO_CHARACTER = re.compile("[\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_DURATION = re.compile(r"(-?)PT(?=\d)(?:(\d{1,6})H)?(?:(\d{1,4})M)?(?:(\d{1,4}(?:\.\d+)?)S)?")
"""A length of time as OpenDocument keeps it."""

EXACT = 1 << 53
"""Whole numbers up to here are the same as floats."""


class Cleaner:
    """Trims texts, takes out control characters and rounds the dust of binary times.

    Args:
        spans: whether a text such as PT27H15M00S is a length of time, as in .ods.

    Attributes:
        cleaned: texts that held control characters, or halves of characters.
    """

    def __init__(self, spans: bool = False) -> None:
        self.cleaned = 0
        self._spans = spans

    def column(self, column: Sequence[Any]) -> Sequence[Any]:
        """The cells of one column of a chunk, clean."""
        kinds = set(map(type, column))
        if not kinds & _DIRTY:
            return column
        if kinds == {str} and not self._spans:
            return self.texts(column)
        if kinds == {date, datetime}:  # midnight looks like a date to calamine
            return [self.cell(cell) if isinstance(cell, datetime) else _midnight(cell) for cell in column]
        return [self.cell(cell) for cell in column]

    def texts(self, column: Sequence[str]) -> list[str]:
        """As `column`, where all cells are texts."""
        texts = list(map(str.strip, column))
        return texts if "".join(texts).isprintable() else list(map(self.text, texts))

    def cell(self, cell: Any) -> Any:
        """One cell, clean."""
        if isinstance(cell, str):
            return self.text(_written_span(cell) if self._spans and cell[:3] in _SPAN_STARTS else cell)
        if isinstance(cell, datetime):
            return to_second(cell)
        if type(cell) is int and -EXACT <= cell <= EXACT:
            return float(cell)
        return _span(cell) if isinstance(cell, timedelta) else cell

    def text(self, text: str) -> str:
        """A text without spaces around it and without control characters; line ends are line feeds.

        Halves of surrogate pairs and noncharacters, which nothing can keep, become U+FFFD.
        """
        text = text.strip()
        if text.isprintable():
            return text
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        plain = _NO_CHARACTER.sub("\ufffd", _CONTROL.sub("", text))
        if plain != text:
            self.cleaned += 1
        return plain.strip()


def is_clean(joined: str, delimiter: str) -> bool:
    """Whether cells, joined by a delimiter, are as `Cleaner.texts` leaves them; seen without a look at each."""
    if not (joined if delimiter.isprintable() else joined.replace(delimiter, "")).isprintable():
        return False
    return not (
        joined.startswith(" ") or joined.endswith(" ") or f" {delimiter}" in joined or f"{delimiter} " in joined
    )


_SPAN_STARTS = frozenset(("-PT", *(f"PT{figure}" for figure in range(10))))
_DIRTY = {str, datetime, timedelta, int}


def to_second(moment: datetime) -> datetime:
    """The whole second next to `moment` where only the dust of a binary fraction separates them."""
    if not moment.microsecond:
        return moment
    near = (moment + timedelta(milliseconds=500)).replace(microsecond=0)
    return near if abs(near - moment) <= PATIENCE else moment


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def _span(span: timedelta) -> str:
    """A length of time as Excel writes it under [h]:mm:ss, or under [h]:mm:ss.000 where it needs that."""
    sign = "-" if span < timedelta() else ""
    thousandths = round(abs(span.total_seconds()) * 1000)
    near = round(thousandths / 1000) * 1000
    seconds, rest = divmod(near if abs(near - thousandths) <= 1 else thousandths, 1000)
    behind = f".{rest:03}".rstrip("0") if rest else ""
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}{behind}"


def _written_span(text: str) -> str:
    """As `_span` the length of time that OpenDocument writes PT27H15M00S; other texts as they are."""
    found = _DURATION.fullmatch(text)
    if found is None:
        return text
    hours, minutes, seconds = (float(part or 0) for part in found.groups()[1:])
    span = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return _span(-span if found[1] else span)
