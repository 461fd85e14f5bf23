"""`Pixmaps`: small pictures drawn once and shown in many cells: chips, ticks, icons."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap

MOST = 4_000
"""Pictures kept; then all are drawn anew, a few each time the grid is painted."""


class Pixmaps:
    """Keeps pictures by what they show. The key must hold everything that changes the picture, colours too."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, QPixmap] = {}

    def get(
        self, key: Hashable, size: Callable[[], QSize], ratio: float, draw: Callable[[QPainter, QRect], object]
    ) -> QPixmap:
        """The picture of `key`; where it is not kept, `draw` makes it in a place of `size()` at the scale `ratio`."""
        found = self._kept.get((key, ratio))
        if found is None:
            if len(self._kept) >= MOST:
                self._kept.clear()
            wanted = size()
            found = QPixmap(wanted * ratio)
            found.setDevicePixelRatio(ratio)
            found.fill(Qt.GlobalColor.transparent)
            painter = QPainter(found)
            draw(painter, QRect(QPoint(0, 0), wanted))
            painter.end()
            self._kept[key, ratio] = found
        return found
