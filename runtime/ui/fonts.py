"""Fonts of the window: the system's own with a Chinese face beside it, sized by the tokens."""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication

from resources import fonts
from resources.styles.tokens import SIZES


def install(app: QGuiApplication) -> QFont:
    """Give `app` its font; a machine without a Chinese face gets the bundled one.

    Returns:
        The font that was set.
    """
    if fonts.chinese(QFontDatabase.families()) is None:
        file = fonts.bundled()
        if file is not None:
            QFontDatabase.addApplicationFont(str(file))
    system = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()
    font = QFont()
    font.setFamilies(fonts.families(system, QFontDatabase.families()))
    font.setPixelSize(SIZES.text)
    font.setStyleStrategy(QFont.StyleStrategy.PreferAntialias)
    app.setFont(font)
    return font


def sized(pixels: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The window's font in another size and weight."""
    font = QFont(QGuiApplication.font())
    font.setPixelSize(pixels)
    font.setWeight(weight)
    return font


def tabular(font: QFont) -> QFont:
    """`font` with figures of one width, for columns of numbers."""
    made = QFont(font)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


def monospace(pixels: int = SIZES.small) -> QFont:
    """A font for code and reports."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setFamilies([*fonts.MONOSPACE, font.family()])
    font.setPixelSize(pixels)
    return font
