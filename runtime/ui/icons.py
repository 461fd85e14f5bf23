"""Icons drawn from one font at the moment they are painted: sharp at every scale, tinted by the theme that holds."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtWidgets import QLabel, QWidget

from resources import icons
from resources.styles.tokens import SIZES
from runtime.ui.theme import colours


@cache
def _family() -> str:
    found = QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(icons.font_file())))
    return found[0] if found else ""


def paint(painter: QPainter, rect: QRect, name: str, colour: QColor | str) -> None:
    """Draw the icon called `name` in the middle of `rect`, as large as it allows."""
    font = QFont(_family())
    font.setPixelSize(max(1, min(rect.width(), rect.height())))
    font.setStyleStrategy(QFont.StyleStrategy.PreferAntialias)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    painter.save()
    painter.setFont(font)
    painter.setPen(QColor(colour))
    painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip), icons.character(name))
    painter.restore()


class GlyphEngine(QIconEngine):
    """Paints one glyph in the colour of a token role."""

    def __init__(self, name: str, role: str, active_role: str) -> None:
        super().__init__()
        self._name = name
        self._role = role
        self._active_role = active_role

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Draw with the colours that hold now."""
        role = self._active_role if state == QIcon.State.On else self._role
        if mode == QIcon.Mode.Disabled:
            role = "disabled"
        paint(painter, rect, self._name, colours().role(role))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """The glyph on a clear ground."""
        made = QPixmap(size)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return made

    def clone(self) -> QIconEngine:
        """Another engine that paints the same."""
        return GlyphEngine(self._name, self._role, self._active_role)


def icon(name: str, role: str = "secondary", active_role: str = "accent") -> QIcon:
    """The icon called `name`; `role` and `active_role` (checked) name tokens."""
    return QIcon(GlyphEngine(name, role, active_role))


class IconLabel(QLabel):
    """An icon that stands by itself; silent for screen readers, because words stand beside it."""

    def __init__(
        self, name: str, role: str = "secondary", size: int = SIZES.icon, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._name = name
        self._role = role
        self.setFixedSize(size, size)

    def show_icon(self, name: str, role: str) -> None:
        """Show another icon."""
        self._name, self._role = name, role
        self.update()

    def paintEvent(self, event: object) -> None:
        """Draw the glyph with the colours that hold now."""
        painter = QPainter(self)
        paint(painter, self.rect(), self._name, colours().role(self._role))
        painter.end()
