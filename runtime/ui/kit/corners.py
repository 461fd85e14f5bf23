"""The round corners of popups: seen through where windows are composed, cut off in an X session without that."""

from __future__ import annotations

import ctypes
from functools import cache

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QPainterPath, QRegion
from PySide6.QtWidgets import QWidget

from resources.styles.tokens import SIZES

LIBRARY = "libX11.so.6"


@cache
def composed() -> bool:
    """Whether windows can be seen through; only in an X session without a compositor they cannot."""
    if QGuiApplication.platformName() != "xcb":
        return True
    try:
        x = ctypes.CDLL(LIBRARY)
    except OSError:
        return True
    x.XOpenDisplay.restype = ctypes.c_void_p
    x.XGetSelectionOwner.restype = x.XInternAtom.restype = ctypes.c_ulong
    found = x.XOpenDisplay(None)
    if not found:
        return True
    display = ctypes.c_void_p(found)
    screen = x.XDefaultScreen(display)
    owner = x.XGetSelectionOwner(display, ctypes.c_ulong(x.XInternAtom(display, b"_NET_WM_CM_S%d" % screen, False)))
    x.XCloseDisplay(display)
    return bool(owner)


class _Cut(QObject):
    """Cuts the corners off a window whenever it has another size."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The window was resized."""
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            path = QPainterPath()
            path.addRoundedRect(QRectF(watched.rect()), SIZES.card_radius, SIZES.card_radius)
            watched.setMask(QRegion(path.toFillPolygon().toPolygon()))
        return False


def round_corners(popup: QWidget) -> None:
    """Let a window without a frame, whose style has round corners, be nothing outside of them."""
    if composed():
        popup.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
    else:
        popup.installEventFilter(_Cut(popup))
