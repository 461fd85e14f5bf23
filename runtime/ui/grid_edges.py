"""`GridEdges`: Ctrl with an arrow where the edge of the data lies beyond the records that are in memory."""

from __future__ import annotations

from PySide6.QtCore import QObject

from runtime.form import Field
from runtime.store.rows import Row
from runtime.ui.grid_moves import Moves
from runtime.ui.grid_tools import GridTools
from runtime.work import Progress

LOOK = 5_000
"""Records that are read at a time."""


class GridEdges(QObject):
    """Looks for edges on a worker thread; the person goes there when it is found, if they are still where they were."""

    def __init__(self, tools: GridTools) -> None:
        super().__init__(tools.grid)
        self._tools = tools

    def go(self, down: int, extend: bool) -> None:
        """Go to the edge of the data, below (1) or above (-1)."""
        tools = self._tools
        moves = Moves(tools.grid)
        row, column = start = moves.end if extend else moves.at
        field, place, count = tools.fields[column], tools.model.places(), tools.model.listed

        def look(progress: Progress) -> int:
            edge = Edge(field)
            at = row
            while 0 <= at <= count:  # the row below the last record is blank
                last = min(max(at + down * (LOOK - 1), 0), count)
                placed = place([(min(at, last), max(at, last))], progress)
                for position in range(at, last + down, down):
                    found = edge.at(position, placed.get(position))
                    if found is not None:
                        return found
                at = last + down
            return count - 1 if down > 0 else 0

        def found(target: int) -> None:
            if (moves.end if extend else moves.at) == start:
                moves.go(target, column, extend=extend)

        tools.jobs.start(self, look, found, tools.notices.report, lane="free")


class Edge:
    """Walks a column: from a filled cell to the last one before a blank, else to the next filled one."""

    def __init__(self, field: Field) -> None:
        self._field = field
        self._before: int | None = None
        self._first = False
        self._within: bool | None = None

    def at(self, position: int, row: Row | None) -> int | None:
        """Where the walk ends, or None while it goes on; call it with one position after the other."""
        filled = row is not None and (self._field.id in row.values or self._field.id in row.errors)
        if self._before is None:
            self._before, self._first = position, filled
            return None
        if self._within is None:
            self._within = self._first and filled
        if self._within and not filled:
            return self._before
        if not self._within and filled:
            return position
        self._before = position
        return None
