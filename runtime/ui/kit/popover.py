"""A panel that opens beside what it belongs to and closes with Escape or a click elsewhere; never a modal loop."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from resources.styles.tokens import SIZES
from runtime.ui.kit.corners import round_corners


class Popover(QWidget):
    """Put things into `body`; a child of its anchor, so it dies with it.

    Signals:
        closed(): it went away.
    """

    closed = Signal()

    def __init__(self, anchor: QWidget, width: int = SIZES.popover_width) -> None:
        flags = Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint | Qt.WindowType.NoDropShadowWindowHint
        super().__init__(anchor, flags)
        round_corners(self)
        frame = QFrame()
        frame.setProperty("role", "popover")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)
        self.body = QVBoxLayout(frame)
        self.body.setContentsMargins(SIZES.s, SIZES.s, SIZES.s, SIZES.s)
        self.body.setSpacing(SIZES.s)
        if width:
            self.setFixedWidth(width)

    def open(self, focus: QWidget | None = None) -> None:
        """Show it under its anchor (above, where there is no room) and give `focus` the keyboard."""
        self.adjustSize()
        self.move(self._place())
        self.show()
        (focus or self).setFocus(Qt.FocusReason.PopupFocusReason)

    def _place(self) -> QPoint:
        # Asked each time: a child that keeps a Python reference to its parent crashes when both go at once.
        anchor = self.parentWidget() or self
        below = anchor.mapToGlobal(QPoint(0, anchor.height() + SIZES.xs))
        screen = anchor.screen().availableGeometry()
        size = self.size()
        left = max(screen.left(), min(below.x(), screen.right() - size.width()))
        if below.y() + size.height() <= screen.bottom():
            return QPoint(left, below.y())
        above = anchor.mapToGlobal(QPoint(0, -SIZES.xs)).y() - size.height()
        return QPoint(left, max(screen.top(), above))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Say so, and give the keyboard back."""
        super().hideEvent(event)
        self.closed.emit()
