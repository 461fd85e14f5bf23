"""`ColumnWidths`: columns of a grid as wide as a person made them, else as wide as what they hold at first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QTimer

from resources.styles.tokens import SIZES
from runtime.form import Field
from runtime.ui.cell_painter import CellPainter, rough_width
from runtime.ui.grid_header import GridHeader
from runtime.ui.grid_table import GridTable
from runtime.ui.group_painter import GroupPainter
from runtime.ui.group_words import figure_words

WIDEST = SIZES.field_width
SAMPLE = 25
"""Records whose values are looked at for the width of a column: about those that are seen first."""
AT_ONCE = 6
"""Columns that are measured in one go while they are not seen: a few milliseconds."""
REST = 150
"""Milliseconds after a change of the records until columns grow."""
SHORT = 16
"""Texts up to this rough width (16 letters, 8 Chinese characters) are never cut for being the exception."""


class ColumnWidths:
    """The widths of one grid. A column that nobody resized is fitted when its records are here, and only grows then."""

    def __init__(self, grid: GridTable, titles: GridHeader, cells: CellPainter, groups: GroupPainter) -> None:
        self._grid = grid
        self._titles = titles
        self._cells = cells
        self._groups = groups
        self._model = grid.records
        self._given: Mapping[str, int] = {}
        self._fitted: dict[str, int] = {}
        self._turn = 0
        self._waiting = False
        self._next: Callable[[], None] = lambda: None
        self._slices = QTimer(grid)
        self._slices.setSingleShot(True)
        self._slices.timeout.connect(self._go_on)
        self._changed = QTimer(grid)
        self._changed.setSingleShot(True)
        self._changed.setInterval(REST)
        self._changed.timeout.connect(self._grow)

    def give(self, widths: Mapping[str, int]) -> None:
        """Show columns as wide as somebody made them: field -> pixels."""
        if widths != self._given:
            self._given = dict(widths)
            self.apply()

    def apply(self) -> None:
        """Size every column; those that are not seen yet a moment later."""
        grid = self._grid
        seen = self._size(grid.viewport().width())
        self._turn += 1
        self._later(seen, self._settle)
        grid.updateGeometries()
        grid.viewport().update()

    def _size(self, room: int) -> int:
        """Size columns until `room` pixels are filled, the others roughly; the first of those."""
        grid, left, exact = self._grid, 0, 0
        self._titles.blockSignals(True)
        for column, field in enumerate(self._model.fields):
            width = self._given.get(field.id) or self._fitted.get(field.id)
            if left < room:
                width = width or self._fit(column, field)
                exact = column + 1
            grid.setColumnWidth(column, width or SIZES.xxl * 2)
            left += width or 0
        self._titles.blockSignals(False)
        self._titles.resizeSections()
        return exact

    def _later(self, first: int, width: Callable[[int, Field], int]) -> None:
        """Size the columns from `first` on, a few at a time; `width` says what a column gets, 0 = as it is."""
        self._waiting = first < len(self._model.fields)
        if self._waiting:
            self._next = partial(self._some, first, width, self._turn)
            self._slices.start()

    def _go_on(self) -> None:
        self._next()

    def _some(self, first: int, width: Callable[[int, Field], int], turn: int) -> None:
        if turn != self._turn:
            return
        for column, field in list(enumerate(self._model.fields))[first : first + AT_ONCE]:
            if wide := width(column, field):
                self._grid.setColumnWidth(column, wide)
        self._grid.updateGeometries()
        self._later(first + AT_ONCE, width)

    def _settle(self, column: int, field: Field) -> int:
        return self._given.get(field.id) or self._fitted.get(field.id) or self._fit(column, field)

    def grow(self) -> None:
        """Records changed: columns whose width nobody chose become wider where values need it, never narrower."""
        self._changed.start()

    @property
    def busy(self) -> bool:
        """Whether columns will have another width in a moment."""
        return self._changed.isActive() or self._waiting

    def _grow(self) -> None:
        self._turn += 1
        self._later(0, self._grown)

    def _grown(self, column: int, field: Field) -> int:
        if field.id in self._given:
            return 0
        wide, now = self.fitting(column, field), self._grid.columnWidth(column)
        if self._model.rowCount():
            self._fitted[field.id] = max(wide, now)
        return wide if wide > now else 0

    def _fit(self, column: int, field: Field) -> int:
        width = self.fitting(column, field)
        if self._model.rowCount():
            self._fitted[field.id] = width
        return width

    def fitting(self, column: int, field: Field) -> int:
        """The width that fits the name, the figure of the footer and nearly all of what is seen."""
        grid, model = self._grid, self._model
        least = max(self._titles.width_of(field), SIZES.xxl * 2 if column == self._cells.titles else SIZES.xxl)
        figure = self._groups.width(*figure_words(model, field, ()))
        first = max(0, grid.rowAt(0))
        last = min(first + SAMPLE, model.rowCount())
        rows = [position for position in range(first, last) if model.record(position) is not None]
        longest = sorted(rows, key=lambda position: rough_width(model.text(position, field)))
        short = sum(rough_width(model.text(position, field)) <= SHORT for position in longest)
        deciding = max(len(longest) * 19 // 20, short - 1)
        wanted = self._cells.width(model, longest[deciding], column) if longest else SIZES.xxl * 2
        return min(WIDEST, max(least, wanted, figure))

    def make_room(self) -> None:
        """Figures of the footer are not cut where nobody made the column narrow."""
        grid = self._grid
        for column, field in enumerate(self._model.fields):
            if field.id in self._model.footers and field.id not in self._given:
                wide = min(WIDEST, self._groups.width(*figure_words(self._model, field, ())))
                if wide > grid.columnWidth(column):
                    self._fitted[field.id] = wide
                    grid.setColumnWidth(column, wide)
