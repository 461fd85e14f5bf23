"""The row numbers of a grid; a click chooses the row."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHeaderView, QWidget

from resources.styles.tokens import SIZES
from runtime.ui import fonts, icons
from runtime.ui.grid_moves import Moves
from runtime.ui.grid_table import GridTable
from runtime.ui.record_model import RecordModel
from runtime.ui.theme import colours

GUTTER_LEAST = SIZES.xxl
CENTRE = int(Qt.AlignmentFlag.AlignCenter)


class RowNumbers(QHeaderView):
    """Row numbers; a click chooses the row.

    Attributes:
        hovered: the row under the mouse, -1 for none.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(1)
        self.setDefaultSectionSize(SIZES.row)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setMouseTracking(True)
        self.hovered = -1
        self._font = fonts.tabular(fonts.sized(SIZES.small))

    def sizeHint(self) -> QSize:
        """Room for the largest number."""
        model = self.model()
        most = f"{model.listed:,}" if isinstance(model, RecordModel) else ""
        wide = QFontMetrics(self._font).horizontalAdvance("0" * len(most)) + 2 * SIZES.s
        return QSize(max(GUTTER_LEAST, wide), 0)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """With Shift the rows from the current one on are chosen; it stays the current one."""
        grid, row = self.parentWidget(), self.logicalIndexAt(event.position().toPoint())
        current = grid.currentIndex() if isinstance(grid, GridTable) else None
        extends = event.button() == Qt.MouseButton.LeftButton and event.modifiers() == Qt.KeyboardModifier.ShiftModifier
        if isinstance(grid, GridTable) and current is not None and current.isValid() and row >= 0 and extends:
            last = grid.records.columnCount() - 1
            Moves(grid).choose((current.row(), 0), (row, last), (current.row(), current.column()))
        else:
            super().mousePressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The numbers of the rows that are seen, in one pass."""
        grid, c = self.parentWidget(), colours()
        if not isinstance(grid, GridTable):
            return
        painter, width = QPainter(self.viewport()), self.viewport().width()
        painter.fillRect(event.rect(), QColor(c.surface))
        painter.setFont(self._font)
        columns = self.model().columnCount() - 1
        whole = [part for part in grid.parts() if part.left() == 0 and part.right() >= columns]
        high, model = grid.row_height, grid.records
        for position, top in grid.rows_in(event.rect()):
            if model.group(position) is not None:
                line = min(high, SIZES.row)
                painter.fillRect(0, top + high - line, width, line, QColor(c.canvas))
                painter.fillRect(0, top + high - SIZES.hair, width, SIZES.hair, QColor(c.border))
                continue
            line = min(high, SIZES.row)
            chosen = any(part.top() <= position <= part.bottom() for part in whole)
            if chosen or position == self.hovered:
                painter.fillRect(0, top, width, high, QColor(c.selection if chosen else c.hover_row))
            painter.fillRect(0, top + high - SIZES.hair, width, SIZES.hair, QColor(c.border))
            if position == model.entry:
                size = SIZES.icon_small
                box = QRect((width - size) // 2, top + (line - size) // 2, size, size)
                icons.paint(painter, box, "add", c.secondary)
                continue
            painter.setPen(QColor(c.secondary if chosen or position == self.hovered else c.disabled))
            painter.drawText(0, top, width, line - SIZES.hair, CENTRE, f"{model.index_of(position) + 1:,}")
        painter.end()
