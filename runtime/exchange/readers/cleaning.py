"""Cells as a reader gives them, made clean: trimmed, without control characters, times without the dust of fractions.

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


class Cleaner:
    """Trims texts, takes out control characters and rounds the dust of binary times.

    Attributes:
        cleaned: texts that held control characters, or halves of characters.
    """

    def __init__(self) -> None:
        self.cleaned = 0

    def column(self, column: Sequence[Any]) -> Sequence[Any]:
        """The cells of one column of a chunk, clean."""
        kinds = set(map(type, column))
        if not kinds & _DIRTY:
            return column
        if kinds == {str}:
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
            return self.text(cell)
        if isinstance(cell, datetime):
            return to_second(cell)
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


_DIRTY = {str, datetime, timedelta}


def to_second(moment: datetime) -> datetime:
    """The whole second next to `moment` where only the dust of a binary fraction separates them."""
    if not moment.microsecond:
        return moment
    near = (moment + timedelta(milliseconds=500)).replace(microsecond=0)
    return near if abs(near - moment) <= PATIENCE else moment


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def _span(span: timedelta) -> str:
    """A length of time as Excel writes it under [h]:mm:ss."""
    seconds = round(span.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
