"""Chips: soft-coloured labels of choices, painted in lists and grids, or as widgets. Round initials of people too."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from resources.styles.tokens import SIZES
from runtime.ui import fonts
from runtime.ui.kit.words import tip
from runtime.ui.theme import colours

PADDING = SIZES.s
MORE = 7
"""Hue of the chip that counts the others."""


def chip_width(text: str) -> int:
    """How wide the chip of `text` is, in pixels."""
    return QFontMetrics(fonts.sized(SIZES.small)).horizontalAdvance(text) + 2 * PADDING


def paint_chip(painter: QPainter, place: QRect, text: str, hue: int, *, faded: bool = False) -> int:
    """Draw a chip at the left of `place`, in the middle of its height, no wider than it; returns its width."""
    font = fonts.sized(SIZES.small)
    metrics = QFontMetrics(font)
    width = min(chip_width(text), place.width())
    if width <= 2 * PADDING:
        return 0
    look = colours().chip(hue)
    box = QRect(place.left(), place.center().y() - SIZES.chip // 2 + 1, width, SIZES.chip)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(look.edge), SIZES.hair))
    painter.setBrush(QColor(look.ground))
    half = SIZES.hair / 2
    painter.drawRoundedRect(QRectF(box).adjusted(half, half, -half, -half), SIZES.chip / 2, SIZES.chip / 2)
    painter.setFont(font)
    painter.setPen(QColor(colours().disabled if faded else look.text))
    fits = width == chip_width(text)
    shown = text if fits else metrics.elidedText(text, Qt.TextElideMode.ElideRight, width - 2 * PADDING)
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), shown)
    painter.restore()
    return width


def paint_chips(painter: QPainter, place: QRect, chips: Sequence[tuple[str, int]], *, faded: bool = False) -> None:
    """Draw chips (text, hue) beside each other from the left of `place`; "+2" says how many have no room."""
    left = QRect(place)
    for at, (text, hue) in enumerate(chips):
        rest = len(chips) - at - 1
        more = chip_width(f"+{rest}") + SIZES.xs if rest else 0
        if at and left.width() < chip_width(text) + (more if rest else 0):
            paint_chip(painter, left, f"+{rest + 1}", MORE, faded=faded)
            return
        room = left.adjusted(0, 0, -more, 0) if not at else left
        left.setLeft(left.left() + paint_chip(painter, room, text, hue, faded=faded) + SIZES.xs)


def initials(name: str) -> str:
    """One or two letters for a person: the last two characters of a Chinese name, else first letters."""
    parts = name.split()
    if not parts:
        return "?"
    if any(ord(character) > 0x2E80 for character in name):
        return parts[-1][-2:]
    return "".join(part[0] for part in (parts[0], *parts[1:][-1:])).upper()


def paint_initials(painter: QPainter, circle: QRect, name: str) -> None:
    """Draw the round picture of a person, in a hue that stays the same for the name."""
    look = colours().chip(sum(map(ord, name)))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(look.ground))
    painter.drawEllipse(circle)
    painter.setFont(fonts.sized(max(1, circle.height() * 2 // 5)))
    painter.setPen(QColor(look.text))
    painter.drawText(circle, int(Qt.AlignmentFlag.AlignCenter), initials(name))
    painter.restore()


class Chip(QWidget):
    """A chip that stands by itself."""

    def __init__(self, text: str, hue: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = text
        self._hue = hue
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """The whole text."""
        return QSize(chip_width(self._text), SIZES.chip)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        paint_chip(painter, self.rect(), self._text, self._hue)
        painter.end()


class Initials(QWidget):
    """The round picture of a person."""

    def __init__(self, name: str, size: int = SIZES.xl, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self.setFixedSize(size, size)
        self.setAccessibleName(name)
        self.setToolTip(tip(name))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        paint_initials(painter, self.rect(), self._name)
        painter.end()
