"""Buttons: primary, plain, ghost, link, and icons with a name. They take the focus by Tab, not by a click."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from resources.styles.tokens import SIZES
from runtime.ui.icons import icon
from runtime.ui.theme import colour

ON_COLOUR = {"primary": "on_accent", "danger": "on_danger", "link": "accent_text"}


class Button(QPushButton):
    """A button with words; a coloured one shows its focus as a ring inside."""

    def __init__(self, text: str, kind: str = "", icon_name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._kind = kind
        self.setProperty("kind", kind)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor if kind == "link" else Qt.CursorShape.ArrowCursor)
        self.setIconSize(QSize(SIZES.icon, SIZES.icon))
        if icon_name:
            self.setIcon(icon(icon_name, ON_COLOUR.get(kind, "secondary")))

    def compact(self) -> Button:
        """The same button, 28 px high."""
        self.setProperty("compact", True)
        return self

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it as the space bar does, in panels and pages too."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ring of a coloured button."""
        super().paintEvent(event)
        if self.hasFocus() and self._kind in {"primary", "danger"}:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(colour(ON_COLOUR[self._kind]), SIZES.focus))
            inset = SIZES.focus + 1
            ring = self.rect().adjusted(inset, inset, -inset, -inset)
            painter.drawRoundedRect(ring, SIZES.radius_small, SIZES.radius_small)
            painter.end()


def button(text: str, icon_name: str = "") -> Button:
    """A plain button with a border."""
    return Button(text, "", icon_name)


def primary_button(text: str, icon_name: str = "") -> Button:
    """The one button of a page that most people want."""
    return Button(text, "primary", icon_name)


def ghost_button(text: str, icon_name: str = "") -> Button:
    """A button without a border, for toolbars."""
    return Button(text, "ghost", icon_name).compact()


def link_button(text: str) -> Button:
    """A button that looks like a link, for notices and sentences."""
    return Button(text, "link").compact()


class IconButton(QToolButton):
    """An icon that can be pressed; its name is the tool tip and what a screen reader says."""

    def __init__(
        self,
        icon_name: str,
        name: str,
        parent: QWidget | None = None,
        *,
        size: int = SIZES.compact,
        shortcut: str = "",
    ) -> None:
        super().__init__(parent)
        self.setIcon(icon(icon_name))
        self.setIconSize(QSize(SIZES.icon, SIZES.icon))
        self.setFixedSize(size, size)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.rename(name, shortcut)

    def rename(self, name: str, shortcut: str = "") -> None:
        """Give it another name."""
        self.setAccessibleName(name)
        keys = QKeySequence(shortcut).toString(QKeySequence.SequenceFormat.NativeText)
        self.setToolTip(f"{name}  {keys}".rstrip())

    def show_icon(self, icon_name: str, role: str = "secondary") -> None:
        """Show another icon."""
        self.setIcon(icon(icon_name, role))


def ring(painter: QPainter, rect: QRect, radius: int = SIZES.radius) -> None:
    """Draw the focus ring just inside `rect`."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour("accent"), SIZES.focus))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), radius, radius)
    painter.restore()
