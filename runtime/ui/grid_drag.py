"""`DragScroll`: while a range is drawn and the mouse is outside of the cells, the grid scrolls and the range grows."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, QTimer
from PySide6.QtWidgets import QAbstractItemView

from runtime.ui.grid_moves import Moves
from runtime.ui.grid_table import GridTable

TICK = 50
"""Milliseconds between two steps."""


class DragScroll(QObject):
    """Goes on with the range of one grid; Qt stops at the edge."""

    def __init__(self, grid: GridTable, moves: Moves) -> None:
        super().__init__(grid)
        self._grid = grid
        self._moves = moves
        self._mouse = QPoint()
        self._anchor = (0, 0)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK)
        self._timer.timeout.connect(self._go_on)

    def follow(self, mouse: QPoint, anchor: tuple[int, int]) -> None:
        """The mouse is here in the viewport, and draws a range that began at this cell."""
        self._mouse, self._anchor = mouse, anchor
        if self._grid.viewport().rect().contains(mouse):
            self._timer.stop()
        elif not self._timer.isActive():
            self._timer.start()

    def _go_on(self) -> None:
        if self._grid.state() != QAbstractItemView.State.DragSelectingState or not self._grid.records.rowCount():
            self._timer.stop()
            return
        cell = self._grid.cell_near(self._mouse)
        self._moves.choose(self._anchor, cell, self._anchor)
        self._grid.scrollTo(self._grid.records.index(*cell))
