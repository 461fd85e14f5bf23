"""`LinePainter`: texts of one line in one font, drawn at their place without being laid out to see whether they fit."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics, QFontMetricsF, QPainter

ELIDE = Qt.TextElideMode.ElideRight
LONGEST = 500
"""Characters of a text that are looked at to see what fits."""
SHORT = 60
"""Characters of a text whose width is added up."""
MOST_TEXTS = 20_000
SIMPLE = (range(0x20, 0x7F), range(0xA0, 0x250), range(0x3001, 0x3100), range(0x4E00, 0xA000), range(0xFF01, 0xFF5F))
"""Characters whose widths add up: none joins its neighbours, but for kerning, which mostly draws letters together."""
AT_RIGHT = int(Qt.AlignmentFlag.AlignRight)
KERNING = 1.0
"""Pixels that it may push them apart."""


class Widths(dict[str, float]):
    """Character -> its width in pixels; infinite where a text with it has to be laid out."""

    def __init__(self, font: QFont) -> None:
        super().__init__()
        self._metrics = QFontMetricsF(font)

    def __missing__(self, character: str) -> float:
        simple = any(ord(character) in each for each in SIMPLE)
        found = self[character] = self._metrics.horizontalAdvance(character) if simple else math.inf
        return found

    def of(self, text: str) -> float:
        """The width of a text, pixels, kerning left out; infinite where it has to be laid out to know."""
        return sum(map(self.__getitem__, text)) if len(text) <= SHORT else math.inf


class LinePainter:
    """Draws lines of one font. What fits into which width is found once.

    A text that has room is drawn from its baseline, which takes two thirds of the time that drawing into a rectangle
    takes; another one is laid out to see what fits.
    """

    def __init__(self, font: QFont) -> None:
        self.metrics = QFontMetrics(font)
        self._widths = Widths(font)
        self._ascent, self._height = self.metrics.ascent(), self.metrics.height()
        self._shown: dict[tuple[str, int], tuple[str, float]] = {}

    def draw(self, painter: QPainter, place: QRect, text: str, flags: int) -> None:
        """Draw a text into a place, at its left or its right as `flags` say, what does not fit as dots."""
        wide = place.width()
        found = self._shown.get((text, wide))
        if found is None:
            found = self._shown[text, wide] = self._fit(text, wide)
        shown, width = found
        if width < 0:
            painter.drawText(place, flags, shown)
            return
        left = place.left() + (wide - width if flags & AT_RIGHT else 0.0)
        painter.drawText(QPointF(left, place.top() + (place.height() - self._height) / 2 + self._ascent), shown)

    def _fit(self, text: str, wide: int) -> tuple[str, float]:
        """What is shown, and how wide that is; -1 where that is not known."""
        if len(self._shown) >= MOST_TEXTS:
            self._shown.clear()
        width = self._widths.of(text)
        found = (
            (text, width) if width + KERNING <= wide else (self.metrics.elidedText(text[:LONGEST], ELIDE, wide), -1.0)
        )
        self._shown[text, wide] = found
        return found
