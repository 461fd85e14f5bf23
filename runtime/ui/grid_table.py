"""`GridTable`: what the parts of a grid ask of the table that they belong to: records, positions, moves."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionRange, QRect
from PySide6.QtWidgets import QTableView, QWidget

from resources.styles.tokens import SIZES
from runtime.store.rows import Row
from runtime.ui.record_model import RecordModel


class GridTable(QTableView):
    """A table over a `RecordModel` whose rows are all equally high."""

    def __init__(self, model: RecordModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._records = model

    def show_current(self, row: int, column: int) -> None:
        """Draw the ring around another cell; the selection model was told without a signal."""

    @property
    def records(self) -> RecordModel:
        """The model."""
        return self._records

    def current_row(self) -> Row | None:
        """The current record, where it has landed."""
        index = self.currentIndex()
        return self._records.record(index.row()) if index.isValid() else None

    def parts(self) -> list[QItemSelectionRange]:
        """The rectangles that are selected."""
        selection = self.selectionModel().selection()
        return [selection.at(place) for place in range(selection.size())]

    def selected_rows(self) -> list[int]:
        """Positions that hold a selected cell, ascending; nothing is read."""
        spans = {(part.top(), part.bottom()) for part in self.parts()}
        return sorted({position for top, bottom in spans for position in range(top, bottom + 1)})

    def go_to(self, position: int, column: int | None = None) -> None:
        """Make the record at `position` the current one and show it."""
        column = max(0, self.currentIndex().column()) if column is None else column
        index = self._records.index(position, column)
        if index.isValid():
            self.setCurrentIndex(index)
            self.scrollTo(index)

    def rows_in(self, clip: QRect) -> list[tuple[int, int]]:
        """(position, top) of the rows that are seen between the upper and the lower edge of `clip`."""
        first = self.rowAt(max(0, clip.top()))
        if first < 0:
            return []
        last = self.rowAt(clip.bottom())
        last = last if last >= 0 else self._records.rowCount() - 1
        top = self.rowViewportPosition(first)
        return [(position, top + (position - first) * SIZES.row) for position in range(first, last + 1)]

    def step(self, down: int, right: int) -> None:
        """Move by cells; Tab goes on to the next line at the end of one."""
        index = self.currentIndex()
        columns, rows = len(self._records.fields), self._records.rowCount()
        if not index.isValid() or not columns or not rows:
            return
        at = (
            index.row() * columns + index.column() + right if right else (index.row() + down) * columns + index.column()
        )
        if 0 <= at < rows * columns:
            target = self._records.index(at // columns, at % columns)
            self.setCurrentIndex(target)
            self.scrollTo(target)
