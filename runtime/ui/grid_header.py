"""The header of a grid: quiet names with the icons of their types; what clicks and drags on them do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QApplication, QHeaderView, QWidget

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
LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
ICON = SIZES.icon_small
GRIP = SIZES.xs
"""How near to the edge of a column a press resizes it, in pixels."""
SHADOW = SIZES.s
"""Width of the shadow beside the frozen columns."""
REQUIRED = " *"


@dataclass(slots=True)
class Gesture:
    """What the pressed button is doing.

    Attributes:
        column: that was pressed.
        start: x of the press.
        width: of the column when it was pressed.
        resizing: whether the edge was pressed.
        to: before which column it would be put down; -1 while it is not being moved.
    """

    column: int
    start: int
    width: int
    resizing: bool
    to: int = -1


class GridHeader(QHeaderView):
    """Names of the fields. A click sorts, a drag moves, a drag at an edge resizes; Escape takes a drag back.

    Signals:
        pressed_field(str, bool): the field was clicked; whether Shift was held: then it is one more key.
        asked_menu(str, QPoint): the menu of a field is wanted at this global place.
        resized_field(str, int): the person gave a column this width.
        fitted_field(str): the edge was double-clicked: as wide as the content.
        moved_field(str, int): the column was put down before the column with this number.
    """

    pressed_field = Signal(str, bool)
    asked_menu = Signal(str, QPoint)
    resized_field = Signal(str, int)
    fitted_field = Signal(str)
    moved_field = Signal(str, int)

    def __init__(self, parent: GridTable) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._grid = parent
        self.setSectionsClickable(False)  # Qt would choose the whole column; a click here sorts, and nothing else
        self.setHighlightSections(False)
        self.setMinimumSectionSize(NARROWEST)
        self.setFixedHeight(SIZES.row)
        self.setMouseTracking(True)
        self.sorts: tuple[Sort, ...] = ()
        self._font = fonts.sized(SIZES.small, QFont.Weight.Medium)
        self._pixmaps = Pixmaps()
        self._moved: QPoint | None = None
        self.gesture: Gesture | None = None

    def _fields(self) -> Sequence[Field]:
        model = self.model()
        return model.fields if isinstance(model, RecordModel) else ()

    def show_sorts(self, sorts: Sequence[Sort]) -> None:
        """Show arrows at the fields that the records are sorted by."""
        self.sorts = tuple(sorts)
        self.viewport().update()

    def sizeHint(self) -> QSize:
        """One row; Qt would ask every name for its size."""
        return QSize(0, SIZES.row)

    def width_of(self, field: Field) -> int:
        """How wide a field's name with its icon and marks is, in pixels."""
        words = QFontMetrics(self._font).horizontalAdvance(field.name + (REQUIRED if _required(field) else ""))
        computed = ICON if field.computed else 0
        return words + computed + ICON * 2 + SIZES.s * 3

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """The columns that scroll, over them the ones that stay; the hairline goes on behind the last name."""
        grid, view, c = self._grid, self.viewport(), colours()
        painter = QPainter(view)
        painter.fillRect(view.rect(), QColor(c.surface))
        frozen, width = grid.frozen, grid.frozen_width
        painter.setClipRect(width, 0, view.width(), view.height())
        for column in range(frozen, self.count()):
            rect = self._place(column)
            if rect.left() <= view.width() and rect.right() >= width:
                self._section(painter, rect, column)
        painter.setClipping(False)
        for column in range(frozen):
            self._section(painter, self._place(column), column)
        painter.fillRect(0, view.height() - SIZES.hair, view.width(), SIZES.hair, QColor(c.border))
        shade_frozen(painter, grid, view.rect())
        if self.gesture is not None and self.gesture.to >= 0:
            self._moving(painter, self.gesture)
        painter.end()

    def _place(self, column: int) -> QRect:
        return QRect(self._grid.left_of(column), 0, self.sectionSize(column), self.height())

    def _section(self, painter: QPainter, rect: QRect, logical: int) -> None:
        """Icon, name, marks, arrow; under the mouse the button of the menu."""
        c, field = colours(), self._fields()[logical]
        hot = self._moved is not None and self.gesture is None and self._grid.column_under(self._moved.x()) == logical
        painter.fillRect(rect, QColor(c.hover_row if hot else c.surface))
        inside = rect.adjusted(SIZES.s, 0, -SIZES.s, 0)
        box = QRect(inside.left(), inside.center().y() - ICON // 2 + 1, ICON, ICON)
        self._icon(painter, box, field.kind.icon, c.disabled)
        right = self._menu_button(painter, rect, c.secondary) if hot else 0
        right += self._arrow(painter, inside.adjusted(0, 0, -right, 0), field)
        words = inside.adjusted(ICON + SIZES.s - 2, 0, -right, 0)
        metrics = QFontMetrics(self._font)
        marks = metrics.horizontalAdvance(REQUIRED) * _required(field) + (ICON + SIZES.xs) * field.computed
        shown = metrics.elidedText(field.name, Qt.TextElideMode.ElideRight, words.width() - marks)
        painter.setFont(self._font)
        painter.setPen(QColor(c.secondary))
        painter.drawText(words, LEFT, shown)
        self._marks(painter, words.adjusted(metrics.horizontalAdvance(shown), 0, 0, 0), field)
        if hot:
            edge = QRect(rect.right(), rect.top() + SIZES.s, SIZES.hair, rect.height() - 2 * SIZES.s)
            painter.fillRect(edge, QColor(c.border_strong))

    def _marks(self, painter: QPainter, place: QRect, field: Field) -> None:
        """A star for required fields, a spark for computed ones."""
        c = colours()
        if _required(field):
            painter.setPen(QColor(c.danger))
            painter.drawText(place, LEFT, REQUIRED)
        elif field.computed:
            size = SIZES.m
            box = QRect(place.left() + SIZES.xs, place.center().y() - size // 2 + 1, size, size)
            self._icon(painter, box, "spark", c.disabled)

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

    def _menu_button(self, painter: QPainter, rect: QRect, colour: str) -> int:
        self._icon(painter, menu_box(rect), "caret_down", colour)
        return SIZES.m + SIZES.xs

    def _moving(self, painter: QPainter, gesture: Gesture) -> None:
        """The name that is carried, and the line where it would be put down."""
        c, view = colours(), self.viewport()
        if self._moved is not None:
            carried = QRect(self._moved.x() - gesture.width // 2, 2, gesture.width, view.height() - 4)
            painter.setOpacity(0.9)
            painter.fillRect(carried, QColor(c.selection))
            painter.setPen(QColor(c.text))
            painter.setFont(self._font)
            painter.drawText(carried.adjusted(SIZES.s, 0, -SIZES.s, 0), LEFT, self._fields()[gesture.column].name)
            painter.setOpacity(1.0)
        painter.fillRect(self.line(), 0, SIZES.focus, view.height(), QColor(c.accent))

    def line(self) -> int:
        """Where the line is at which the carried column would be put down, in pixels; -1 for none."""
        if self.gesture is None or self.gesture.to < 0:
            return -1
        to, last = self.gesture.to, self.count() - 1
        x = self._grid.left_of(to) if to <= last else self._grid.left_of(last) + self.sectionSize(last)
        return max(0, x - 1)

    # Mouse

    def _edge(self, x: int) -> int:
        """The column whose right edge is at x; -1 for none."""
        column = self._grid.column_under(max(0, x - GRIP))
        if column < 0:
            return -1
        right = self._grid.left_of(column) + self.sectionSize(column)
        return column if abs(right - x) <= GRIP else -1

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a click, a move or a resize."""
        point = event.position().toPoint()
        if event.button() != Qt.MouseButton.LeftButton:
            return
        edge = self._edge(point.x())
        column = edge if edge >= 0 else self._grid.column_under(point.x())
        if column < 0:
            return
        if edge < 0 and menu_box(self._place(column)).adjusted(-GRIP, -GRIP, GRIP, GRIP).contains(point):
            self.asked_menu.emit(self._fields()[column].id, self.mapToGlobal(self._place(column).bottomLeft()))
            return
        self.gesture = Gesture(column, point.x(), self.sectionSize(column), edge >= 0)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Resize or move what is held; else remember what is pointed at, and say the whole name where it is cut."""
        self._moved = point = event.position().toPoint()
        gesture = self.gesture
        if gesture is not None and gesture.resizing:
            self.resizeSection(gesture.column, max(NARROWEST, gesture.width + point.x() - gesture.start))
            self._grab()
        elif gesture is not None:
            if gesture.to >= 0 or abs(point.x() - gesture.start) >= QApplication.startDragDistance():
                gesture.to = self._gap(point.x())
                self._grab()
                self._grid.viewport().update()
        else:
            self._point_at(point.x())
        self.viewport().update()

    def _point_at(self, x: int) -> None:
        over = self._edge(x) >= 0
        self.setCursor(Qt.CursorShape.SplitHCursor if over else Qt.CursorShape.ArrowCursor)
        column, fields = self._grid.column_under(x), self._fields()
        if 0 <= column < len(fields):
            cut = self.sectionSize(column) < self.width_of(fields[column]) - ICON
            self.setToolTip(tip(fields[column].name) if cut else "")

    def _gap(self, x: int) -> int:
        """Before which column a column would be put down at x."""
        column = self._grid.column_under(x)
        if column < 0:
            return 0 if x < 0 else self.count()
        left = self._grid.left_of(column)
        return column + (x > left + self.sectionSize(column) // 2)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click sorts; what was held is put down."""
        gesture, self.gesture = self.gesture, None
        self._release()
        fields = self._fields()
        if gesture is None or event.button() != Qt.MouseButton.LeftButton or gesture.column >= len(fields):
            return
        field = fields[gesture.column]
        if gesture.resizing:
            if self.sectionSize(gesture.column) != gesture.width:
                self.resized_field.emit(field.id, self.sectionSize(gesture.column))
        elif gesture.to >= 0:
            if gesture.to not in {gesture.column, gesture.column + 1}:
                self.moved_field.emit(field.id, gesture.to)
        elif self._grid.column_under(event.position().toPoint().x()) == gesture.column:
            self.pressed_field.emit(field.id, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """At an edge: as wide as the content."""
        edge = self._edge(event.position().toPoint().x())
        if edge >= 0:
            self.fitted_field.emit(self._fields()[edge].id)
        else:
            self.mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape takes back what is under way."""
        if event.key() == Qt.Key.Key_Escape and self.gesture is not None:
            gesture, self.gesture = self.gesture, None
            if gesture.resizing:
                self.resizeSection(gesture.column, gesture.width)
            self._release()
        else:
            super().keyPressEvent(event)

    def _grab(self) -> None:
        """While something is held the keyboard is here, for Escape."""
        if QWidget.keyboardGrabber() is not self:
            self.grabKeyboard()

    def _release(self) -> None:
        if QWidget.keyboardGrabber() is self:
            self.releaseKeyboard()
        self.viewport().update()
        self._grid.viewport().update()

    def leaveEvent(self, event: object) -> None:
        """Nothing is pointed at."""
        self._moved = None
        self.viewport().update()
        super().leaveEvent(event)  # type: ignore[arg-type]

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of the field."""
        column = self._grid.column_under(event.pos().x())
        if 0 <= column < len(self._fields()):
            self.asked_menu.emit(self._fields()[column].id, event.globalPos())


def _required(field: Field) -> bool:
    return field.known and bool(field.props.required) and not field.computed


def menu_box(rect: QRect) -> QRect:
    """Where the button of the menu stands in the head of a column."""
    size = SIZES.m
    return QRect(rect.right() - SIZES.s - size + 1, rect.center().y() - size // 2 + 1, size, size)


def shade_frozen(painter: QPainter, grid: GridTable, area: QRect) -> None:
    """The edge beside the columns that stay: a hairline, and a soft shadow while others are under them."""
    width = grid.frozen_width
    if not width or grid.frozen == grid.records.columnCount():
        return
    c = colours()
    painter.fillRect(width - SIZES.hair, area.top(), SIZES.hair, area.height(), QColor(c.border))
    if grid.horizontalHeader().offset() > 0:
        shade = QColor(c.scrim)
        for step in range(SHADOW):
            shade.setAlpha((SHADOW - step) * (5 if c.dark else 2))
            painter.fillRect(width + step, area.top(), 1, area.height(), shade)
