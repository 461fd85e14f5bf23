"""A switch that slides."""

from __future__ import annotations

from PySide6.QtCore import QEasingCurve, QRectF, QSize, Qt, QVariantAnimation
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from resources.styles.tokens import SIZES
from runtime.ui.kit.button import ring
from runtime.ui.theme import colours

HEIGHT = SIZES.chip
WIDTH = HEIGHT * 9 // 5
GAP = SIZES.focus + SIZES.hair


class ToggleSwitch(QAbstractButton):
    """On or off; Space and a click slide it."""

    def __init__(self, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._at = 0.0
        self._slide = QVariantAnimation(self)
        self._slide.setDuration(SIZES.transition)
        self._slide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._slide.valueChanged.connect(self._moved)
        self.toggled.connect(self._start)

    def sizeHint(self) -> QSize:
        """The switch and room for its ring."""
        return QSize(WIDTH + 2 * GAP, HEIGHT + 2 * GAP)

    def _start(self, on: bool) -> None:
        end = 1.0 if on else 0.0
        self._slide.stop()
        if not self.isVisible():
            self._moved(end)
            return
        self._slide.setStartValue(self._at)
        self._slide.setEndValue(end)
        self._slide.start()

    def _moved(self, at: float) -> None:
        self._at = at
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the track and the knob."""
        c = colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        track = QRectF(GAP, (self.height() - HEIGHT) / 2, WIDTH, HEIGHT)
        on = QColor(c.accent if self.isEnabled() else c.disabled)
        painter.setBrush(on if self.isChecked() else QColor(c.border_strong if self.isEnabled() else c.border))
        painter.drawRoundedRect(track, HEIGHT / 2, HEIGHT / 2)
        size = HEIGHT - 2 * SIZES.focus
        left = track.left() + SIZES.focus + self._at * (WIDTH - HEIGHT)
        painter.setBrush(QColor(c.knob))
        painter.drawEllipse(QRectF(left, track.top() + SIZES.focus, size, size))
        if self.hasFocus():
            ring(painter, self.rect(), self.height() // 2)
        painter.end()
