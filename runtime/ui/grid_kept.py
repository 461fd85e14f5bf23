"""`KeptCells`: what is chosen in a grid stays chosen when its columns are shown in another order, or others are."""

from __future__ import annotations

from PySide6.QtCore import QItemSelection, QItemSelectionModel

from runtime.ui.grid_table import GridTable
from runtime.ui.record_places import runs_of

FLAG = QItemSelectionModel.SelectionFlag


class KeptCells:
    """The chosen cells of one grid by their fields, as they were when this was made.

    Cells of a column that was not shown are not chosen, also where all others of a record are: nobody saw them when
    they were chosen, and what empties or fills cells would reach them.
    """

    def __init__(self, grid: GridTable) -> None:
        self._grid = grid
        fields, parts, index = grid.records.fields, grid.parts(), grid.currentIndex()
        last = len(fields) - 1
        self._at = (index.row(), index.column())
        self._field = fields[index.column()].id if 0 <= index.column() <= last else ""
        self._top = grid.verticalScrollBar().value()
        self._parts = [
            (part.top(), part.bottom(), [field.id for field in fields[part.left() : part.right() + 1]])
            for part in parts
        ]

    def choose(self) -> None:
        """Choose the same cells where their columns stand now, and show the current one."""
        grid, model, (row, column) = self._grid, self._grid.records, self._at
        rows, last = model.rowCount(), model.columnCount() - 1
        if row < 0 or not rows or last < 0:
            return
        columns = {field.id: at for at, field in enumerate(model.fields)}
        column = columns.get(self._field, max(0, min(column, last)))
        chosen = QItemSelection()
        for top, bottom, ids in self._parts:
            places = sorted(columns[each] for each in ids if each in columns)
            for left, right in runs_of(places, lambda _column: False):
                chosen.select(model.index(top, left), model.index(min(bottom, rows - 1), right))
        if self._field not in columns and not chosen.isEmpty():
            row, column = chosen.first().top(), chosen.first().left()  # never beside what is chosen: people look there
        current = model.index(min(row, rows - 1), column)
        selected = grid.selectionModel()
        selected.setCurrentIndex(current, FLAG.NoUpdate)
        selected.select(chosen if not chosen.isEmpty() else QItemSelection(current, current), FLAG.ClearAndSelect)
        grid.verticalScrollBar().setValue(self._top)
        grid.scrollTo(current)
