"""`Moves`: goes through the cells of a grid as Excel does: edges of data, ranges, cycles inside what is chosen."""

from __future__ import annotations

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QItemSelectionRange

from runtime.ui.grid_table import GridTable

FLAG = QItemSelectionModel.SelectionFlag


class Moves:
    """Moves the current cell of one grid, or the corner of its range."""

    def __init__(self, grid: GridTable) -> None:
        self._grid = grid
        self._first: int | None = None
        self._came_to: tuple[int, int] | None = None

    @property
    def at(self) -> tuple[int, int]:
        """(row, column) of the current cell; -1 where there is none."""
        index = self._grid.currentIndex()
        return index.row(), index.column()

    @property
    def _size(self) -> tuple[int, int]:
        return self._grid.records.rowCount(), self._grid.records.columnCount()

    @property
    def end(self) -> tuple[int, int]:
        """The corner of the range that moves when it is extended: the one opposite the current cell, which stays."""
        row, column = self.at
        parts = self._grid.parts()
        if len(parts) != 1 or row < 0:
            return row, column
        part = parts[0]
        if row not in {part.top(), part.bottom()} or column not in {part.left(), part.right()}:
            return row, column
        return (
            part.top() + part.bottom() - row,
            part.left() + part.right() - column,
        )

    def go(self, row: int, column: int, *, extend: bool = False) -> None:
        """Go to a cell, or extend the range from the current one to it; outside the table the nearest one is taken."""
        rows, columns = self._size
        extend = extend and self.at[0] >= 0
        if not rows or not columns:
            return
        row = min(max(row, 0), rows - 1) if extend else self._grid.within(row)
        column = min(max(column, 0), columns - 1)
        grid, model = self._grid, self._grid.records
        target = model.index(row, column)
        if extend:
            self.choose(self.at, (row, column), self.at)
        else:
            grid.selectionModel().setCurrentIndex(target, FLAG.ClearAndSelect)
        grid.bring(target)

    def choose(self, corner: tuple[int, int], other: tuple[int, int], current: tuple[int, int]) -> None:
        """Make a range the selection, with the current cell at `current`."""
        model, selected = self._grid.records, self._grid.selectionModel()
        top, bottom = sorted((corner[0], other[0]))
        if current[0] == model.entry:  # the empty row is chosen alone
            top = bottom = model.entry
        elif model.entry >= 0:
            top, bottom = min(top, model.listed - 1), min(bottom, model.listed - 1)
        left, right = sorted((corner[1], other[1]))
        selected.setCurrentIndex(model.index(*current), FLAG.NoUpdate)
        selected.select(QItemSelection(model.index(top, left), model.index(bottom, right)), FLAG.ClearAndSelect)

    def by(self, down: int, right: int, *, extend: bool = False) -> None:
        """Go on by cells."""
        row, column = self.end if extend else self.at
        if row >= 0:
            self.go(row + down, column + right, extend=extend)
        else:
            self.go(0, 0)

    def page(self, way: int, *, extend: bool = False) -> None:
        """Go on by what is seen at once."""
        view = self._grid.viewport()
        first, last = self._grid.rowAt(0), self._grid.rowAt(view.height() - 1)
        seen = last - first if last >= 0 else self._size[0] - first
        self.by(way * max(1, seen - 1), 0, extend=extend)

    # Inside a range, and line by line

    def step(self, down: int, right: int) -> None:
        """Tab and Enter: through the chosen cells where there are several; else on, Enter back to where Tab began."""
        part = self._range()
        if part is not None:
            self._cycle(part, down, right)
        elif right:
            self._tab(right)
        else:
            self._enter(down)

    def _range(self) -> QItemSelectionRange | None:
        parts = self._grid.parts()
        several = len(parts) == 1 and parts[0].width() * parts[0].height() > 1
        return parts[0] if several and parts[0].contains(*self.at, self._grid.rootIndex()) else None

    def _cycle(self, part: QItemSelectionRange, down: int, right: int) -> None:
        row, column = self.at[0] - part.top(), self.at[1] - part.left()
        high, wide = part.height(), part.width()
        if right:
            place = (row * wide + column + right) % (high * wide)
            row, column = divmod(place, wide)
        else:
            place = (column * high + row + down) % (high * wide)
            column, row = divmod(place, high)
        target = self._grid.records.index(part.top() + row, part.left() + column)
        self._grid.selectionModel().setCurrentIndex(target, FLAG.NoUpdate)
        self._grid.bring(target)

    def _tab(self, right: int) -> None:
        row, column = self.at
        rows, columns = self._size
        if row < 0:
            return
        if self._came_to != (row, column):
            self._first = column
        place = row * columns + column + right
        if 0 <= place < rows * columns or (right > 0 and row == self._grid.records.entry):
            self.go(*divmod(place, columns))
        self._came_to = self.at

    def _enter(self, down: int) -> None:
        row, column = self.at
        if row < 0:
            return
        back = self._came_to == (row, column) and self._first is not None and down > 0
        self._came_to = None
        if 0 <= row + down < self._size[0] or row == self._grid.records.entry:
            self.go(row + down, self._first if back and self._first is not None else column)

    # Edges of data

    def edge(self, down: int, right: int, start: tuple[int, int] | None = None) -> tuple[int, int] | None:
        """Where Ctrl with an arrow leads: to the last filled cell, else to the next filled one, else to the end.

        It begins at `start`, or at the current cell. None where records would have to be read for it.
        """
        row, column = self.at if start is None else start
        rows, columns = self._grid.records.listed, self._size[1]
        if row < 0:
            return None
        if right and self._grid.records.row_at(row) is None:  # the row of a group, or a record that is not here yet
            return row, columns - 1 if right > 0 else 0
        at, then = (row, column), (row + down, column + right)
        within = self._filled(*at)
        onward = self._filled(*then) if self._inside(then, rows, columns) else False
        if within is None or onward is None:
            return None
        seeking = not (within and onward)
        while self._inside(then, rows, columns):
            filled = self._filled(*then)
            if filled is None:
                return None
            if seeking and filled:
                return then
            if not seeking and not filled:
                return at
            at, then = then, (then[0] + down, then[1] + right)
        return at

    @staticmethod
    def _inside(cell: tuple[int, int], rows: int, columns: int) -> bool:
        return 0 <= cell[0] < rows and 0 <= cell[1] < columns

    def _filled(self, row: int, column: int) -> bool | None:
        model = self._grid.records
        record, field = model.row_at(row), model.fields[column]
        if record is None:
            return None
        return model.value(record, field) is not None or field.id in record.errors

    # Rows, columns, everything

    def choose_all(self) -> None:
        """Ctrl+A: every cell of every record."""
        model = self._grid.records
        row, column = self.at
        if model.listed and model.fields:
            current = (min(max(row, 0), model.listed - 1), max(column, 0))
            self.choose((0, 0), (model.listed - 1, self._size[1] - 1), current)

    def choose_rows(self) -> None:
        """Shift+Space: every cell of the chosen records."""
        rows = [place for part in self._grid.parts() for place in (part.top(), part.bottom())]
        if rows:
            self.choose((min(rows), 0), (max(rows), self._size[1] - 1), self.at)

    def choose_columns(self) -> None:
        """Ctrl+Space: every record of the chosen columns."""
        columns = [place for part in self._grid.parts() for place in (part.left(), part.right())]
        if columns:
            self.choose((0, min(columns)), (self._size[0] - 1, max(columns)), self.at)
