"""The two headers of a grid: quiet names with the icon of their type, and row numbers."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QFont, QFontMetrics, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHeaderView, QWidget

from resources.styles.tokens import SIZES
from runtime.form import Field
from runtime.store.query import Sort
from runtime.ui import fonts, icons
from runtime.ui.grid_pixmaps import Pixmaps
from runtime.ui.grid_table import GridTable
from runtime.ui.kit.words import tip
from runtime.ui.record_model import RecordModel
from runtime.ui.theme import colours

NARROWEST = SIZES.xxl
GUTTER_LEAST = SIZES.xxl
CENTRE = int(Qt.AlignmentFlag.AlignCenter)
LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
ICON = SIZES.icon_small


class GridHeader(QHeaderView):
    """Names of the fields. A click sorts, a drag at an edge resizes.

    Signals:
        pressed_field(str, bool): the field was clicked; whether Shift was held: then it is one more key.
        asked_menu(str, QPoint): the menu of a field is wanted at this global place.
    """

    pressed_field = Signal(str, bool)
    asked_menu = Signal(str, QPoint)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setSectionsClickable(False)  # Qt would choose the whole column; a click here sorts, and nothing else
        self.setHighlightSections(False)
        self.setMinimumSectionSize(NARROWEST)
        self.setFixedHeight(SIZES.row)
        self.setMouseTracking(True)
        self.sorts: tuple[Sort, ...] = ()
        self._font = fonts.sized(SIZES.small, QFont.Weight.Medium)
        self._pixmaps = Pixmaps()
        self._moved: QPoint | None = None
        self._held = 0

    def _fields(self) -> Sequence[Field]:
        model = self.model()
        return model.fields if isinstance(model, RecordModel) else ()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The hairline goes on behind the last name."""
        super().paintEvent(event)
        painter, view = QPainter(self.viewport()), self.viewport()
        painter.fillRect(0, view.height() - SIZES.hair, view.width(), SIZES.hair, QColor(colours().border))
        painter.end()

    def show_sorts(self, sorts: Sequence[Sort]) -> None:
        """Show arrows at the fields that the records are sorted by."""
        self.sorts = tuple(sorts)
        self.viewport().update()

    def width_of(self, field: Field) -> int:
        """How wide a field's name with its icon is, in pixels."""
        return QFontMetrics(self._font).horizontalAdvance(field.name) + ICON * 2 + SIZES.s * 2 + SIZES.s

    def paintSection(self, painter: QPainter, rect: QRect, logical: int) -> None:  # noqa: N802 - Qt's name
        """Icon, name, arrow, hairline."""
        fields = self._fields()
        if not 0 <= logical < len(fields):
            return
        c, field = colours(), fields[logical]
        painter.save()
        hot = self._moved is not None and rect.contains(QPoint(self._moved.x(), rect.center().y()))
        painter.fillRect(rect, QColor(c.hover_row if hot else c.surface))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), SIZES.hair), QColor(c.border))
        inside = rect.adjusted(SIZES.s, 0, -SIZES.s, 0)
        box = QRect(inside.left(), inside.center().y() - ICON // 2 + 1, ICON, ICON)
        self._icon(painter, box, field.kind.icon, c.disabled)
        arrow = self._arrow(painter, inside, field)
        words = inside.adjusted(ICON + SIZES.s - 2, 0, -arrow, 0)
        painter.setFont(self._font)
        painter.setPen(QColor(c.secondary))
        shown = QFontMetrics(self._font).elidedText(field.name, Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, LEFT, shown)
        if hot:
            edge = QRect(rect.right(), rect.top() + SIZES.s, SIZES.hair, rect.height() - 2 * SIZES.s)
            painter.fillRect(edge, QColor(c.border_strong))
        painter.restore()

    def _icon(self, painter: QPainter, box: QRect, name: str, colour: str) -> None:
        ratio = self.devicePixelRatioF()
        picture = self._pixmaps.get(
            (name, colour, box.width()), box.size, ratio, lambda brush, place: icons.paint(brush, place, name, colour)
        )
        painter.drawPixmap(box.topLeft(), picture)

    def _arrow(self, painter: QPainter, inside: QRect, field: Field) -> int:
        found = next((sort for sort in self.sorts if sort.field == field.id), None)
        if found is None:
            return 0
        size = SIZES.m
        box = QRect(inside.right() - size + 1, inside.center().y() - size // 2 + 1, size, size)
        self._icon(painter, box, "arrow_down" if found.descending else "arrow_up", colours().accent)
        return size + SIZES.xs

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Remember what is pointed at; say the whole name where it does not fit."""
        self._moved = event.position().toPoint()
        super().mouseMoveEvent(event)
        self.viewport().update()
        logical = self.logicalIndexAt(self._moved)
        fields = self._fields()
        if 0 <= logical < len(fields):
            cut = self.sectionSize(logical) < self.width_of(fields[logical]) - ICON
            self.setToolTip(tip(fields[logical].name) if cut else "")

    def leaveEvent(self, event: object) -> None:
        """Nothing is pointed at."""
        self._moved = None
        self.viewport().update()
        super().leaveEvent(event)  # type: ignore[arg-type]

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember the sizes, to tell a click from a resize."""
        self._held = self.length()
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click sorts."""
        resizing = self.cursor().shape() == Qt.CursorShape.SplitHCursor
        super().mouseReleaseEvent(event)
        logical = self.logicalIndexAt(event.position().toPoint())
        fields = self._fields()
        if event.button() != Qt.MouseButton.LeftButton or resizing or self._held != self.length():
            return
        if 0 <= logical < len(fields):
            shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.pressed_field.emit(fields[logical].id, shift)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of the field."""
        logical = self.logicalIndexAt(event.pos())
        if 0 <= logical < len(self._fields()):
            self.asked_menu.emit(self._fields()[logical].id, event.globalPos())


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
        most = f"{model.rowCount():,}" if isinstance(model, RecordModel) else ""
        wide = QFontMetrics(self._font).horizontalAdvance("0" * len(most)) + 2 * SIZES.s
        return QSize(max(GUTTER_LEAST, wide), 0)

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
        for position, top in grid.rows_in(event.rect()):
            chosen = any(part.top() <= position <= part.bottom() for part in whole)
            if chosen or position == self.hovered:
                painter.fillRect(0, top, width, SIZES.row, QColor(c.selection if chosen else c.hover_row))
            painter.fillRect(0, top + SIZES.row - SIZES.hair, width, SIZES.hair, QColor(c.border))
            painter.setPen(QColor(c.secondary if chosen or position == self.hovered else c.disabled))
            painter.drawText(0, top, width, SIZES.row - SIZES.hair, CENTRE, f"{position + 1:,}")
        painter.end()
