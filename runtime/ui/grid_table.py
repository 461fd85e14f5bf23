"""`GridTable`: what the parts of a grid ask of the table that they belong to: records, positions, places of cells.

The first columns can be frozen: they stay at the left while the others go under them. Qt knows nothing of it; whatever
asks where a cell is (`visualRect`), or which cell is at a point (`indexAt`), is answered here.
"""

from __future__ import annotations

from PySide6.QtCore import (
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Signal,
)
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from resources.styles.tokens import SIZES
from runtime.store.rows import Row
from runtime.ui.entry_model import EntryModel

Index = QModelIndex | QPersistentModelIndex
SPARE = SIZES.control + SIZES.s
"""Pixels behind the last row: what lies over the lower edge for a moment, as a toast does, covers no record."""
FROZEN_SHARE = 60
"""Percent of the width that frozen columns take at most."""


class GridTable(QTableView):
    """A table over an `EntryModel` whose rows are all equally high.

    Signals:
        record_asked(Row): open this record.
        command_asked(str): keys ask something of the view: see `grid_keys.COMMANDS`.
        edge_asked(int, bool): go (1 down, -1 up) to the edge of the data, farther than records are here; True = extend.
        editing_changed(bool): a cell is edited now, or none any more.
        entry_left(): the person is done with the empty row; what was typed there is to be a record.
        entry_dropped(): what was typed there is to be forgotten.
        painted(QPainter, QRect): the cells inside the rectangle are drawn; more can be drawn over them.
    """

    record_asked = Signal(object)
    command_asked = Signal(str)
    edge_asked = Signal(int, bool)
    editing_changed = Signal(bool)
    entry_left = Signal()
    entry_dropped = Signal()
    painted = Signal(object, object)

    def __init__(self, model: EntryModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._records = model
        self._frozen = 0

    # Rows and columns on the screen

    @property
    def row_height(self) -> int:
        """Height of a row in pixels."""
        return self.verticalHeader().defaultSectionSize()

    @property
    def frozen(self) -> int:
        """How many columns stay at the left: as many as were asked for and leave half of the width to the others."""
        most, header = self.viewport().width() * FROZEN_SHARE // 100, self.horizontalHeader()
        count, width = 0, 0
        for column in range(min(self._frozen, self._records.columnCount())):
            width += header.sectionSize(column)
            if width > most:
                break
            count += 1
        return count

    @property
    def frozen_width(self) -> int:
        """Width of the columns that stay, in pixels."""
        return sum(self.horizontalHeader().sectionSize(column) for column in range(self.frozen))

    def freeze(self, count: int) -> None:
        """Let the first columns stay while the others scroll."""
        self._frozen = count
        self.viewport().update()
        self.horizontalHeader().viewport().update()

    def left_of(self, column: int) -> int:
        """Where a column begins in the viewport."""
        place: int = self.horizontalHeader().sectionPosition(column)
        return place if column < self.frozen else place - self.horizontalHeader().offset()

    def column_under(self, x: int) -> int:
        """The column at a place in the viewport; -1 for none."""
        header = self.horizontalHeader()
        width = self.frozen_width
        return header.logicalIndexAt(x - header.offset()) if x < width else header.logicalIndexAt(x)

    def indexAt(self, point: QPoint) -> QModelIndex:  # noqa: N802 - Qt's name
        """The cell at a place in the viewport."""
        row, column = self.rowAt(point.y()), self.column_under(point.x())
        return self._records.index(row, column) if row >= 0 and column >= 0 else QModelIndex()

    def cell_near(self, point: QPoint) -> tuple[int, int]:
        """(row, column) of the cell at a place in the viewport; of a place outside one behind the edge, the farther
        away the more rows.
        """
        view, model = self.viewport().rect(), self._records
        x, y = point.x(), point.y()
        row = self.rowAt(min(max(y, 0), view.height() - 1))
        column = self.column_under(min(max(x, 0), view.width() - 1))
        if row < 0:
            row = model.listed - 1
        elif y > view.bottom() or y < 0:
            row += 1 + (y - view.bottom()) // self.row_height if y > 0 else -1 - -y // self.row_height
        column = model.columnCount() - 1 if column < 0 else column + (x > view.right()) - (x < 0)
        return min(max(row, 0), model.listed - 1), min(max(column, 0), model.columnCount() - 1)

    def visualRect(self, index: Index) -> QRect:  # noqa: N802 - Qt's name
        """Where a cell is in the viewport; what is under the frozen columns keeps its place there."""
        if not index.isValid():
            return QRect()
        column = index.column()
        top, width = self.rowViewportPosition(index.row()), self.horizontalHeader().sectionSize(column)
        return QRect(self.left_of(column), top, width, self.row_height)

    def scrollTo(  # noqa: N802 - Qt's name
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """Bring a cell into view, out from under the frozen columns."""
        bar = self.horizontalScrollBar()
        before = bar.value()
        super().scrollTo(index, hint)
        if index.column() < self.frozen:
            bar.setValue(before)
        else:
            hidden = self.frozen_width - self.left_of(index.column())
            if hidden > 0:
                bar.setValue(bar.value() - hidden)

    def bring(self, index: Index) -> None:
        """Bring a cell to which the person goes into view, not quite to the lower edge."""
        self.scrollTo(index)
        bar, low = self.verticalScrollBar(), self.viewport().height() - SPARE
        top = self.rowViewportPosition(index.row())
        if top + self.row_height > low:
            bar.setValue(bar.value() + min(top + self.row_height - low, max(0, top)))

    def updateGeometries(self) -> None:  # noqa: N802 - Qt's name
        """The rows end a little above the lower edge. Qt's own range is never told, so nothing flickers."""
        bar, header = self.verticalScrollBar(), self.verticalHeader()
        value, range_ = bar.value(), (bar.minimum(), bar.maximum())
        told = bar.blockSignals(True)
        super().updateGeometries()
        length = header.length()
        bar.setRange(0, max(0, length + SPARE - self.viewport().height()) if length else 0)
        bar.setValue(value)
        bar.blockSignals(told)
        header.setOffset(bar.value())
        if (bar.minimum(), bar.maximum()) != range_:
            bar.rangeChanged.emit(bar.minimum(), bar.maximum())
        if bar.value() != value:
            bar.valueChanged.emit(bar.value())

    # Records

    def show_current(self, row: int, column: int) -> None:
        """Draw the ring around another cell; the selection model was told without a signal."""

    @property
    def records(self) -> EntryModel:
        """The model."""
        return self._records

    def current_row(self) -> Row | None:
        """The current record, where it has landed."""
        index = self.currentIndex()
        return self._records.record(index.row()) if index.isValid() else None

    def edited_row(self) -> Row | None:
        """The current record, where it has landed, or the one that is begun in the empty row."""
        index = self.currentIndex()
        return self._records.row_at(index.row()) if index.isValid() else None

    def within(self, position: int) -> int:
        """The row to which one comes who goes to `position`: past the empty row begins the next new record."""
        entry = self._records.entry
        if position > entry >= 0 and self.currentIndex().row() == entry:
            self.entry_left.emit()
        return min(max(position, 0), self._records.rowCount() - 1)

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
        index = self._records.index(self.within(position) if position > self._records.entry >= 0 else position, column)
        if index.isValid():
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.bring(index)

    def rows_in(self, clip: QRect) -> list[tuple[int, int]]:
        """(position, top) of the rows that are seen between the upper and the lower edge of `clip`."""
        first = self.rowAt(max(0, clip.top()))
        if first < 0:
            return []
        last = self.rowAt(clip.bottom())
        last = last if last >= 0 else self._records.rowCount() - 1
        top, high = self.rowViewportPosition(first), self.row_height
        return [(position, top + (position - first) * high) for position in range(first, last + 1)]

    def step(self, down: int, right: int) -> None:
        """Go on as Tab and Enter do."""

    def edit_cell(self, index: Index, text: str | None = None, *, unfold: bool = False) -> None:
        """Open the editor in a cell; `text` was typed already, `unfold` opens what is behind the field."""

    def toggle(self, index: QModelIndex) -> bool:
        """Turn a tick over; False = the cell has none."""
        return False
