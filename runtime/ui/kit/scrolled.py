"""A scroll area that is as high as what it holds, up to a limit: for the lists of popovers."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from resources.styles.tokens import SIZES

SHARE = 60
"""Percent of the height of the screen that it takes at most."""


class Scrolled(QScrollArea):
    """Put things into `lines`; it follows when they grow or shrink.

    Signals:
        fitted(): it has another height.
    """

    fitted = Signal()

    def __init__(self, most: int, spacing: int = SIZES.xs) -> None:
        super().__init__()
        self._most = most
        inner = QWidget()
        inner.setProperty("role", "clear")
        self.lines = QVBoxLayout(inner)
        self.lines.setContentsMargins(0, 0, 0, 0)
        self.lines.setSpacing(spacing)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self.setWidget(inner)
        inner.setAutoFillBackground(False)
        inner.installEventFilter(self)

    def fit(self) -> None:
        """Be as high as the lines are now."""
        self.lines.activate()
        width = max(self.viewport().width(), self.lines.sizeHint().width())
        high = self.lines.heightForWidth(width) if self.lines.hasHeightForWidth() else self.lines.sizeHint().height()
        bar = self.verticalScrollBar()
        most = min(self._most, self.screen().availableSize().height() * SHARE // 100)
        room = bar.sizeHint().width() if high > most else 0
        if self.lines.contentsMargins().right() != room:
            self.lines.setContentsMargins(0, 0, room, 0)
        wanted = min(max(high, 1), most)
        if self.minimumHeight() != wanted:
            self.setFixedHeight(wanted)
            self.fitted.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What it holds came, went or has another size."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.fit()
        return super().eventFilter(watched, event)
