"""A short message over the window that goes away by itself, with one button at most (Undo)."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QTimer
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from resources.styles.tokens import SIZES
from resources.texts import _
from runtime.ui.icons import IconLabel
from runtime.ui.kit.button import IconButton, link_button
from runtime.ui.kit.words import words

STAYS = 5000
"""Milliseconds that a toast stays when nobody points at it."""


class Toast(QFrame):
    """Lies over the lower edge of `over`; pointing at it keeps it."""

    def __init__(self, over: QWidget, stays: int = STAYS) -> None:
        super().__init__(over)
        self.setProperty("role", "toast")
        self._run: Callable[[], None] | None = None
        self._icon = IconLabel("success", "success")
        self._label = words("")
        self._action = link_button("")
        self._action.clicked.connect(self._act)
        close = IconButton("close", _("Close"), size=SIZES.xl)
        close.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SIZES.m, SIZES.xs, SIZES.s, SIZES.xs)
        layout.setSpacing(SIZES.s)
        for part in (self._icon, self._label, self._action, close):
            layout.addWidget(part)
        self.setMinimumHeight(SIZES.control + SIZES.s)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(stays)
        self._timer.timeout.connect(self.hide)
        over.installEventFilter(self)
        self.hide()

    def say(self, message: str, label: str = "", run: Callable[[], None] | None = None) -> None:
        """Show `message`, and a button `label` that does `run`."""
        self._label.setText(message)
        self.setAccessibleName(message)
        self._run = run
        self._action.setText(label)
        self._action.setVisible(run is not None)
        self._timer.start()
        self.show()
        self._settle()
        self.raise_()

    @property
    def message(self) -> str:
        """What it says."""
        return self._label.text()

    def forget(self) -> None:
        """Go away, and let go what the button does."""
        self._run = None
        self._timer.stop()
        self.hide()

    def _act(self) -> None:
        run, self._run = self._run, None
        self.hide()
        if run is not None:
            run()

    def _settle(self) -> None:
        self.adjustSize()
        over = self.parentWidget() or self
        left = (over.width() - self.width()) // 2
        self.move(QPoint(max(SIZES.s, left), over.height() - self.height() - SIZES.status - SIZES.l))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay at the lower edge when the window changes its size."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._settle()
        return super().eventFilter(watched, event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Stay while somebody points here."""
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Go soon."""
        self._timer.start()
        super().leaveEvent(event)
