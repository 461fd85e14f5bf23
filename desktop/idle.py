"""`IdleWatch`: says when nobody touched keyboard or pointer for some minutes."""

from __future__ import annotations

from datetime import datetime, timedelta

import shiboken6
from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QWindow

from runtime.clock import Clock, SystemClock

LOOKS = 5_000
"""Milliseconds between two looks at the clock."""

INPUT = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
    }
)


class IdleWatch(QObject):
    """Watches the windows of this program that have the keyboard; the wall clock, so that sleep of the machine counts.

    A filter over the whole application would cost a call for every event of every widget; this one sees what the system
    sends to a window.

    Args:
        clock: where the time comes from.

    Signals:
        idle(): nobody touched anything for so long; said again at every look until somebody does.
    """

    idle = Signal()

    def __init__(self, app: QGuiApplication, clock: Clock | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.clock = clock or SystemClock()
        self._app = app
        self._window: QWindow | None = None
        self._touched = self.clock.now()
        self._limit: timedelta | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(LOOKS)
        self._timer.timeout.connect(self.look)
        app.focusWindowChanged.connect(self._watch)
        self._watch(app.focusWindow())

    def start(self, minutes: int) -> None:
        """Begin to watch; 0 minutes = not at all."""
        self._limit = timedelta(minutes=minutes) if minutes > 0 else None
        self.touch()
        if self._limit is None:
            self._timer.stop()
        else:
            self._timer.start()

    def stop(self) -> None:
        """Watch no more."""
        self.start(0)

    def touch(self) -> None:
        """Somebody is there."""
        self._touched = self.clock.now()

    def look(self) -> None:
        """Say `idle` where the time is over; a clock that went back begins anew."""
        now: datetime = self.clock.now()
        self._touched = min(self._touched, now)
        if self._limit is not None and now - self._touched >= self._limit:
            self.idle.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Input of a person."""
        if event.type() in INPUT:
            self.touch()
        return False

    def _watch(self, window: QWindow | None) -> None:
        if self._window is not None and shiboken6.isValid(self._window):
            self._window.removeEventFilter(self)
        self._window = window
        if window is not None:
            window.installEventFilter(self)
