"""A short message over the window that goes away by itself, with a button or two (Undo; Open)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QWidget

from resources.styles.tokens import SIZES
from resources.texts import _
from runtime.ui.icons import IconLabel
from runtime.ui.kit.button import IconButton, link_button
from runtime.ui.kit.words import words

STAYS = 5000
"""Milliseconds that a toast stays when nobody points at it."""


MOST_BUTTONS = 2


@dataclass(slots=True)
class _Doing:
    """What a button does now."""

    run: Callable[[], None] | None = None


class Toast(QFrame):
    """Lies over the lower edge of `over`; pointing at it keeps it."""

    def __init__(self, over: QWidget, stays: int = STAYS) -> None:
        super().__init__(over)
        self.setProperty("role", "toast")
        self._icon = IconLabel("success", "success")
        self._label = words("")
        self._buttons = [(link_button(""), _Doing()) for _place in range(MOST_BUTTONS)]
        for made, doing in self._buttons:
            made.clicked.connect(partial(self._act, doing))
        close = IconButton("close", _("Close"), size=SIZES.xl)
        close.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SIZES.m, SIZES.xs, SIZES.s, SIZES.xs)
        layout.setSpacing(SIZES.s)
        for part in (self._icon, self._label, *(made for made, _doing in self._buttons), close):
            layout.addWidget(part)
        self.setMinimumHeight(SIZES.control + SIZES.s)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(stays)
        self._timer.timeout.connect(self.hide)
        over.installEventFilter(self)
        self.hide()

    def say(self, message: str, *actions: tuple[str, Callable[[], None]]) -> None:
        """Show `message`, and for each action (words, what it does) a button."""
        self._label.setText(message)
        self.setAccessibleName(message)
        for at, (made, doing) in enumerate(self._buttons):
            label, doing.run = actions[at] if at < len(actions) else ("", None)
            made.setText(label)
            made.setVisible(bool(label))
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
        for _made, doing in self._buttons:
            doing.run = None
        self._timer.stop()
        self.hide()

    def _act(self, doing: _Doing) -> None:
        run = doing.run
        self.forget()
        if run is not None:
            run()

    def _settle(self) -> None:
        """In the middle of the lower edge, or at its right or left where the person is working in the middle."""
        self.adjustSize()
        over, kept = self.parentWidget() or self, self._worked_in()
        left, right = SIZES.s, max(SIZES.s, over.width() - self.width() - SIZES.s)
        top = over.height() - self.height() - SIZES.status - SIZES.l
        places = [QPoint(x, top) for x in (max(SIZES.s, (over.width() - self.width()) // 2), right, left)]
        free = (place for place in places if not QRect(place, self.size()).intersects(kept))
        self.move(next(free, places[0]))

    def _worked_in(self) -> QRect:
        """The cell or the line with the keyboard, inside `over`; empty where there is none."""
        over, now = self.parentWidget(), QApplication.focusWidget()
        if over is None or now is None or not over.isAncestorOf(now):
            return QRect()
        line = now.height() <= SIZES.control * 2
        rect = now.rect() if line else now.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle)
        return QRect(now.mapTo(over, rect.topLeft()), rect.size()) if isinstance(rect, QRect) else QRect()

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
