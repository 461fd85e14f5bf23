"""`ColumnWidths`: columns of a grid as wide as a person made them, else as wide as what they hold at first."""

from __future__ import annotations

from collections.abc import Mapping
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
SHORT = 16
"""Texts up to this rough width (16 letters, 8 Chinese characters) are never cut for being the exception."""


class ColumnWidths:
    """The widths of one grid. A column that nobody resized is fitted once, when its records are here, and stays so."""

    def __init__(self, grid: GridTable, titles: GridHeader, cells: CellPainter, groups: GroupPainter) -> None:
        self._grid = grid
        self._titles = titles
        self._cells = cells
        self._groups = groups
        self._model = grid.records
        self._given: Mapping[str, int] = {}
        self._fitted: dict[str, int] = {}

    def give(self, widths: Mapping[str, int]) -> None:
        """Show columns as wide as somebody made them: field -> pixels."""
        if widths != self._given:
            self._given = dict(widths)
            self.apply()

    def apply(self) -> None:
        """Size every column; those that are not seen yet a moment later."""
        grid = self._grid
        seen = self._size(0, grid.viewport().width())
        if seen < len(self._model.fields):
            QTimer.singleShot(0, grid, partial(self._rest, seen))
        grid.updateGeometries()
        grid.viewport().update()

    def _size(self, first: int, room: int) -> int:
        """Size columns from `first` on until `room` pixels are filled, the others roughly; the first of those."""
        grid, left, exact = self._grid, 0, first
        self._titles.blockSignals(True)
        for column, field in enumerate(self._model.fields[first:], first):
            width = self._given.get(field.id) or self._fitted.get(field.id)
            if left < room:
                width = width or self._fit(column, field)
                exact = column + 1
            grid.setColumnWidth(column, width or SIZES.xxl * 2)
            left += width or 0
        self._titles.blockSignals(False)
        self._titles.resizeSections()
        return exact

    def _rest(self, first: int) -> None:
        self._size(first, WIDEST * len(self._model.fields))
        self._grid.updateGeometries()

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
