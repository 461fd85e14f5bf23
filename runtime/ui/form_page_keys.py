"""The keys of a form page and what they do."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
KEYS = {
    (Qt.Key.Key_N, CONTROL): "new_record",
    (Qt.Key.Key_F, CONTROL): "open_find",
    (Qt.Key.Key_H, CONTROL): "open_replace",
    (Qt.Key.Key_F, CONTROL | SHIFT): "open_search",
    (Qt.Key.Key_L, CONTROL | SHIFT): "open_filter",
    (Qt.Key.Key_C, CONTROL): "copy",
    (Qt.Key.Key_Delete, CONTROL): "delete",
    (Qt.Key.Key_Backspace, CONTROL): "delete",
    (Qt.Key.Key_S, CONTROL): "save",
    (Qt.Key.Key_Return, CONTROL): "save",
    (Qt.Key.Key_Enter, CONTROL): "save",
    (Qt.Key.Key_Z, CONTROL): "undo",
    (Qt.Key.Key_Y, CONTROL): "redo",
    (Qt.Key.Key_Z, CONTROL | SHIFT): "redo",
}
"""Keys -> name of the method of the page; a widget inside that has its own use for a key keeps it."""

OF_THE_WINDOW = frozenset({"undo", "redo"})
"""Where the window has a command of the same keys, the window does it."""


def command_of(event: QKeyEvent) -> str | None:
    """What the pressed keys do on the page."""
    return KEYS.get((Qt.Key(event.key()), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier))
