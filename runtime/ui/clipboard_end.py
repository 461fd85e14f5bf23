"""What becomes of the clipboard when the program ends."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication

OWN = frozenset({"offscreen", "minimal", "minimalegl", "vnc", "eglfs", "linuxfb"})
"""Platforms of Qt whose clipboard is the program's own: it ends with the program, after Python has ended."""


def let_go_of_clipboard() -> None:
    """Empty a clipboard that nobody else can read; its contents, made in Python, would be destroyed after Python.

    The clipboard of a desktop is left alone: there the system, or its clipboard manager, takes over what was copied.
    """
    if QGuiApplication.platformName() in OWN:
        QGuiApplication.clipboard().clear()
