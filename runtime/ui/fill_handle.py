"""`FillHandle`: the small square at the corner of what is chosen; dragging it says how far to fill. Escape gives up."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from resources.styles.tokens import SIZES
from resources.texts import _
from runtime.exchange.editing.pasting import Area
from runtime.ui.grid_tools import GridTools
from runtime.ui.theme import colour

SIDE = SIZES.s + SIZES.hair
TICK = 50
"""Milliseconds between two steps of scrolling while the mouse is outside."""


class Outline(QWidget):
    """A rectangle around the cells that will be filled; it takes no clicks."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Dashes."""
        painter = QPainter(self)
        painter.setPen(QPen(colour("accent"), SIZES.focus, Qt.PenStyle.DashLine))
        painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()


class FillHandle(QWidget):
    """The square.

    Signals:
        dragged(Area, Area, bool): fill from the first, so that the second is chosen; True = copy instead of a series.
        double_clicked(Area): fill as far as there is data beside it.
    """

    dragged = Signal(object, object, bool)
    double_clicked = Signal(object)

    def __init__(self, tools: GridTools) -> None:
        grid = tools.grid
        super().__init__(grid.viewport())
        self._tools = tools
        self._source: Area | None = None
        self._to: Area | None = None
        self._mouse = QPoint()
        self._editing = False
        self.outline = Outline(grid.viewport())
        self.setFixedSize(SIDE, SIDE)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName(_("Fill handle"))
        self._scrolling = QTimer(self)
        self._scrolling.setInterval(TICK)
        self._scrolling.timeout.connect(self._follow_mouse)
        for bar in (grid.verticalScrollBar(), grid.horizontalScrollBar()):
            bar.valueChanged.connect(self.follow)
        grid.horizontalHeader().sectionResized.connect(self.follow)
        grid.selectionModel().selectionChanged.connect(self.follow)
        grid.editing_changed.connect(self._edited)
        tools.model.opened.connect(self.follow)
        tools.model.modelReset.connect(self.follow)
        grid.viewport().installEventFilter(self)
        grid.installEventFilter(self)
        self.hide()

    @property
    def dragging(self) -> bool:
        """Whether it is being dragged."""
        return self._source is not None

    def _edited(self, on: bool) -> None:
        self._editing = on
        self.follow()

    def follow(self, *_: object) -> None:
        """Stand at the corner of what is chosen now; away while a cell is edited."""
        area = None if self._editing else self._area()
        if area is None:
            self.hide()
            return
        grid = self._tools.grid
        corner = grid.visualRect(self._tools.model.index(area.bottom, area.right)).bottomRight()
        inside = corner - QPoint(2, 2)
        index = grid.indexAt(inside)
        seen = grid.viewport().rect().contains(inside) and (index.row(), index.column()) == (area.bottom, area.right)
        self.setVisible(seen)
        if seen:
            room = grid.viewport().rect().bottomRight() - QPoint(SIDE, SIDE)
            place = corner - QPoint(SIDE // 2, SIDE // 2)
            self.move(min(place.x(), room.x() + 1), min(place.y(), room.y() + 1))
            self.raise_()

    def _area(self) -> Area | None:
        """What is chosen, where it is one rectangle with records in which something may be written."""
        areas = self._tools.areas()
        if len(areas) != 1 or not any(map(self._tools.may_write, self._tools.chosen_fields())):
            return None
        return self._tools.of_records(areas[0])

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._source = self._to = self._area()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show how far it goes."""
        if self._source is None:
            return
        self._mouse = self.mapTo(self._tools.grid.viewport(), event.position().toPoint())
        inside = self._tools.grid.viewport().rect().contains(self._mouse)
        if inside:
            self._scrolling.stop()
        elif not self._scrolling.isActive():
            self._scrolling.start()
        self._follow_mouse()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Fill."""
        source, to = self._source, self._to
        self.give_up()
        if source is not None and to is not None and event.button() == Qt.MouseButton.LeftButton:
            copy = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            self.dragged.emit(source, to, copy)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Fill to the end of the data beside it."""
        area = self._area()
        self.give_up()
        if area is not None and event.button() == Qt.MouseButton.LeftButton:
            self.double_clicked.emit(area)

    def give_up(self) -> None:
        """Fill nothing."""
        self._source = self._to = None
        self._scrolling.stop()
        self.outline.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Escape gives up; another size of the grid moves the corner."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self.dragging:
            if event.key() == Qt.Key.Key_Escape:
                self.give_up()
            return True
        if event.type() == QEvent.Type.Resize:
            self.follow()
        return super().eventFilter(watched, event)

    def _follow_mouse(self) -> None:
        source, grid, model = self._source, self._tools.grid, self._tools.model
        if source is None:
            return
        view = grid.viewport().rect()
        row, column = grid.cell_near(self._mouse)
        self._to = self._tools.of_records(stretched(source, row, column)) or source
        if not view.contains(self._mouse):
            grid.scrollTo(model.index(row, column))
        first, last = model.index(self._to.top, self._to.left), model.index(self._to.bottom, self._to.right)
        place = QRect(grid.visualRect(first).topLeft(), grid.visualRect(last).bottomRight())
        self.outline.setGeometry(place)
        self.outline.show()
        self.outline.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A square with a light edge."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour("surface"))
        painter.fillRect(self.rect().adjusted(1, 1, -1, -1), colour("accent"))
        painter.end()


def stretched(source: Area, row: int, column: int) -> Area:
    """`source` made longer up to a cell, in the one direction in which the cell is farther away."""
    down = max(row - source.bottom, source.top - row, 0)
    across = max(column - source.right, source.left - column, 0)
    if not down and not across:
        return source
    if down >= across:
        return Area(min(row, source.top), source.left, max(row, source.bottom), source.right)
    return Area(source.top, min(column, source.left), source.bottom, max(column, source.right))
