"""Light and dark: the palette and the style sheet of the application, switched while it runs.

Widgets that paint ask `colours()`; it reads the application palette, so nobody has to be told which theme holds.
"""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory, QWidget

from resources.styles import tokens
from resources.styles.sheet import style_sheet
from resources.styles.tokens import Colours

ROLE = QPalette.ColorRole
GROUP = QPalette.ColorGroup
HALF_LIGHT = 128


class Mode(StrEnum):
    """What the person asked for."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


def colours() -> Colours:
    """The colours that hold now."""
    return tokens.table(QGuiApplication.palette().color(ROLE.Window).lightness() < HALF_LIGHT)


def colour(role: str) -> QColor:
    """The colour of one token that holds now."""
    return QColor(colours().role(role))


def restyle(widget: QWidget) -> None:
    """Read the style sheet again for `widget` after one of its properties changed."""
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    widget.update()


def mark(widget: QWidget, **properties: object) -> None:
    """Set properties that the style sheet looks at, and restyle where one changed."""
    changed = False
    for name, value in properties.items():
        if widget.property(name) != value:
            widget.setProperty(name, value)
            changed = True
    if changed:
        restyle(widget)


def palette(c: Colours) -> QPalette:
    """A whole Qt palette of the colours `c`."""
    made = QPalette()
    table = {
        ROLE.Window: c.canvas,
        ROLE.WindowText: c.text,
        ROLE.Base: c.surface,
        ROLE.AlternateBase: c.hover_row,
        ROLE.Text: c.text,
        ROLE.PlaceholderText: c.secondary,
        ROLE.Button: c.surface,
        ROLE.ButtonText: c.text,
        ROLE.BrightText: c.danger,
        ROLE.Highlight: c.selection,
        ROLE.HighlightedText: c.text,
        ROLE.Accent: c.accent,
        ROLE.Link: c.accent_text,
        ROLE.LinkVisited: c.accent_text,
        ROLE.ToolTipBase: c.raised,
        ROLE.ToolTipText: c.text,
        ROLE.Light: c.raised,
        ROLE.Midlight: c.hover_row,
        ROLE.Mid: c.border,
        ROLE.Dark: c.border_strong,
        ROLE.Shadow: c.scrim,
    }
    for role, value in table.items():
        made.setColor(role, QColor(value))
    for role in (ROLE.WindowText, ROLE.Text, ROLE.ButtonText, ROLE.HighlightedText):
        made.setColor(GROUP.Disabled, role, QColor(c.disabled))
    return made


class Theme(QObject):
    """Dresses the application, and again when the setting or the system changes.

    Signals:
        changed(): other colours hold now.
    """

    changed = Signal()

    def __init__(self, app: QApplication, mode: Mode = Mode.SYSTEM) -> None:
        super().__init__(app)
        self._app = app
        self._mode = mode
        self._shown: Colours | None = None
        app.setStyle(QStyleFactory.create("Fusion"))
        app.styleHints().colorSchemeChanged.connect(self._system_changed)
        self._dress()

    @property
    def mode(self) -> Mode:
        """What the person asked for."""
        return self._mode

    def set_mode(self, mode: Mode) -> None:
        """Follow the system, or be light or dark whatever it says."""
        self._mode = mode
        schemes = {Mode.LIGHT: Qt.ColorScheme.Light, Mode.DARK: Qt.ColorScheme.Dark}
        self._app.styleHints().setColorScheme(schemes.get(mode, Qt.ColorScheme.Unknown))
        self._dress()

    @property
    def dark(self) -> bool:
        """Whether dark colours hold now."""
        if self._mode is Mode.SYSTEM:
            return self._app.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return self._mode is Mode.DARK

    def _system_changed(self, scheme: Qt.ColorScheme) -> None:
        self._dress()

    def _dress(self) -> None:
        wanted = tokens.table(self.dark)
        if wanted is self._shown:
            return
        self._shown = wanted
        self._app.setPalette(palette(wanted))
        self._app.setStyleSheet(style_sheet(wanted))
        self.changed.emit()
