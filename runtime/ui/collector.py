"""The garbage collector beside worker threads: it runs on the GUI thread only, and never in the middle of large work.

A window in a dead reference cycle is destroyed where it is collected. Left to itself Python collects on whichever
thread happens to make an object, and a widget that a worker destroys ends the process.
"""

from __future__ import annotations

import gc
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Slot

from runtime.work import collector_is_in_the_way

EVERY = 1_000
"""Milliseconds between two looks at what there is to collect; while workers make much, `look` is called more often."""


class Collector(QObject):
    """Takes the place of the automatic collector until `close`.

    Args:
        resting: whether no worker makes anything; while one does, only what is young is looked through.
    """

    def __init__(self, resting: Callable[[], bool], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._resting = resting
        self._automatic = gc.isenabled()
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def close(self) -> None:
        """Leave it to Python again; no worker runs any more."""
        self._timer.stop()
        if self._automatic:
            gc.enable()
        self._automatic = False

    @Slot()
    def look(self) -> None:
        """Collect what Python would have collected by now."""
        if collector_is_in_the_way():
            return
        (young, middle, old), (most, most_middle, most_old) = gc.get_count(), gc.get_threshold()
        if young <= most:
            return
        if middle <= most_middle or not self._resting():
            gc.collect(0)
        else:
            gc.collect(1 if old <= most_old else 2)
