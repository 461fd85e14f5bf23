"""`next_turn`: work of the GUI thread that is cut into turns of the event loop, so that each of them is short."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

ROUND = 1
"""Milliseconds. None would be no turn: Qt does what is wanted after 0 ms before it looks at timers, input or paint."""


def next_turn(owner: QObject, do: Callable[[], object]) -> None:
    """Do it when the event loop was round once, and has painted; never where `owner` is gone by then.

    A timer that is started in a long turn is due at the end of it, before anything is painted: so there are two.
    """
    QTimer.singleShot(ROUND, owner, lambda: QTimer.singleShot(ROUND, owner, do))
