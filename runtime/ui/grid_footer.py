"""`GridFooter`: under each column of a grid its summary; a click or Enter chooses another."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollBar, QWidget

from resources.styles.tokens import SIZES, Colours
from resources.texts import _
from runtime.store.summaries import summaries_of
from runtime.ui import fonts, icons
from runtime.ui.grid_header import shade_frozen
from runtime.ui.grid_table import GridTable
from runtime.ui.group_painter import draw_figure
from runtime.ui.group_words import all_words, figure_words
from runtime.ui.kit.words import tip
from runtime.ui.theme import colours

LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)


class GridFooter(QWidget):
    """The summaries of all records.

    Signals:
        asked_menu(str, QPoint): the summaries of a field are wanted at this global place.
    """

    asked_menu = Signal(str, QPoint)

    def __init__(self, grid: GridTable, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = grid
        self._hovered = -1
        self.current = 0
        self.setFixedHeight(SIZES.row)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(_("Summaries"))
        self._dress()
        grid.horizontalScrollBar().valueChanged.connect(self.update)
        grid.horizontalHeader().sectionResized.connect(self.update)
        grid.verticalHeader().geometriesChanged.connect(self.update)
        grid.records.modelReset.connect(self._changed)
        grid.records.summed.connect(self._changed)
        grid.records.opened.connect(self._changed)

    def _dress(self) -> None:
        self._plain = fonts.tabular(fonts.sized(SIZES.text))
        self._small = fonts.tabular(fonts.sized(SIZES.small))

    def _changed(self) -> None:
        model = self._grid.records
        self.setAccessibleDescription(all_words(model, model.form.by_id) or self.hint)
        self.update()

    @property
    def hint(self) -> str:
        """What the bar is for, while nothing is summed up; "" where something is."""
        model = self._grid.records
        told = any(figure_words(model, field, ())[0] for field in model.fields)
        return "" if told else _("Click under a column for its sum, average or count")

    def sizeHint(self) -> QSize:
        """One row."""
        return QSize(SIZES.xxl, SIZES.row)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """What scrolls, over it what stays."""
        grid, c = self._grid, colours()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(c.surface))
        gutter, frozen = self._gutter, grid.frozen
        edge = gutter + grid.frozen_width
        painter.setClipRect(edge, 0, self.width() - edge, self.height())
        for column in range(frozen, len(grid.records.fields)):
            self._cell(painter, column, c)
        painter.setClipRect(gutter, 0, edge - gutter, self.height())
        for column in range(frozen):
            self._cell(painter, column, c)
        painter.setClipping(False)
        hint = "" if self._hovered >= 0 or self.hasFocus() else self.hint
        self._sign(painter, hint, c)
        if not hint:
            painter.translate(gutter, 0)
            shade_frozen(painter, grid, self.rect())
            painter.translate(-gutter, 0)
        painter.fillRect(0, 0, self.width(), SIZES.hair, QColor(c.border))
        painter.end()

    def _sign(self, painter: QPainter, hint: str, c: Colours) -> None:
        """A sign under the numbers of the rows; while nothing is summed up and nobody points here, what it is for."""
        size, gutter = SIZES.icon_small, self._gutter
        box = QRect((gutter - size) // 2, (self.height() - size) // 2 + 1, size, size)
        icons.paint(painter, box, "sum", c.disabled)
        place = QRect(gutter, SIZES.hair, self.width() - gutter, self.height() - SIZES.hair)
        painter.setFont(self._small)
        painter.setPen(QColor(c.secondary))
        painter.drawText(place.adjusted(SIZES.s, 0, -SIZES.s, 0), LEFT, hint)

    @property
    def _gutter(self) -> int:
        return self._grid.viewport().geometry().left()

    def place(self, column: int) -> QRect:
        """Where the summary of a column stands."""
        grid = self._grid
        width = grid.horizontalHeader().sectionSize(column)
        return QRect(self._gutter + grid.left_of(column), SIZES.hair, width, self.height() - SIZES.hair)

    def _cell(self, painter: QPainter, column: int, c: Colours) -> None:
        field = self._grid.records.fields[column]
        place = self.place(column)
        if place.left() > self.width() or place.right() < 0 or not summaries_of(field):
            return
        hot = column == self._hovered or (self.hasFocus() and column == self.current)
        painter.fillRect(place, QColor(c.hover_row if hot else c.surface))
        label, figure = figure_words(self._grid.records, field, ())
        inside = place.adjusted(SIZES.s, 0, -SIZES.s, 0)
        if figure or label:
            faces, right = (self._plain, self._small), field.kind.numeric
            draw_figure(painter, inside, (label, figure), faces, c, right=right)
        elif hot:
            self._offer(painter, inside, c)
        if self.hasFocus() and column == self.current:
            painter.setPen(QColor(c.accent))
            painter.drawRect(place.adjusted(0, 0, -1, -1))

    def _offer(self, painter: QPainter, place: QRect, c: Colours) -> None:
        """What a click does, where nothing is summed up yet."""
        size = SIZES.m
        box = QRect(place.right() - size, place.center().y() - size // 2 + 1, size, size)
        icons.paint(painter, box, "caret_down", c.secondary)
        painter.setFont(self._small)
        painter.setPen(QColor(c.secondary))
        words, room = _("Summary"), place.width() - size - SIZES.xs
        if QFontMetrics(self._small).horizontalAdvance(words) <= room:
            painter.drawText(QRect(place.left(), place.top(), room, place.height()), RIGHT, words)

    # Mouse and keys

    def _column(self, point: QPoint) -> int:
        return self._grid.column_under(point.x() - self._gutter) if point.x() >= self._gutter else -1

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The cell under the mouse offers its summaries."""
        self._hovered = self._column(event.position().toPoint())
        fields = self._grid.records.fields
        offers = self._hovered >= 0 and bool(summaries_of(fields[self._hovered]))
        self.setCursor(Qt.CursorShape.PointingHandCursor if offers else Qt.CursorShape.ArrowCursor)
        said = figure_words(self._grid.records, fields[self._hovered], ()) if self._hovered >= 0 else ("", "")
        self.setToolTip(tip(" ".join(said) if said[0] else self.hint))
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """No cell is under the mouse."""
        super().leaveEvent(event)
        self._hovered = -1
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Ask for the summaries."""
        column = self._column(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and column >= 0:
            self.current = column
            self._ask()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and Right go from column to column, Enter and Space choose, Escape goes back to the records."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() in steps:
            last = len(self._grid.records.fields) - 1
            self.current = min(max(0, self.current + steps[Qt.Key(event.key())]), last)
            self._grid.scrollTo(self._grid.records.index(max(0, self._grid.rowAt(0)), self.current))
            self.update()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space, Qt.Key.Key_Down}:
            self._ask()
        elif event.key() in {Qt.Key.Key_Escape, Qt.Key.Key_Up}:
            self._grid.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().keyPressEvent(event)

    def _ask(self) -> None:
        fields = self._grid.records.fields
        if 0 <= self.current < len(fields) and summaries_of(fields[self.current]):
            self.asked_menu.emit(fields[self.current].id, self.mapToGlobal(self.place(self.current).topLeft()))

    def changeEvent(self, event: QEvent) -> None:
        """Another font or theme."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.PaletteChange, QEvent.Type.StyleChange}:
            self._dress()
            self.update()


def outer_bar(grid: GridTable, parent: QWidget) -> QScrollBar:
    """The bar that scrolls the columns of a grid from under its footer."""
    inner, bar = grid.horizontalScrollBar(), QScrollBar(Qt.Orientation.Horizontal, parent)
    grid.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def ranged(low: int, high: int) -> None:
        bar.setRange(low, high)
        bar.setPageStep(inner.pageStep())
        bar.setSingleStep(inner.singleStep())
        bar.setVisible(high > low)

    inner.rangeChanged.connect(ranged)
    inner.valueChanged.connect(bar.setValue)
    bar.valueChanged.connect(inner.setValue)
    bar.hide()
    return bar
