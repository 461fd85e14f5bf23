"""`Grid`: the table over a `RecordModel`: moves, selects, edits in place, stays with the person when others write.

What the keys do: arrows and Tab move, Enter moves down, F2 or typing edits, Esc cancels, Delete empties cells, Space
opens the record. Copying, deleting records and undo are asked of the page by signals.
"""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QWidget

from resources.styles.tokens import SIZES
from resources.texts import _
from runtime.form import Field
from runtime.ui.cell_painter import CellPainter, Index, Slot, expander, tick_box
from runtime.ui.editors import EditorContext
from runtime.ui.grid_editing import CellEditing
from runtime.ui.grid_header import GridHeader, RowNumbers
from runtime.ui.grid_staying import Staying
from runtime.ui.grid_table import GridTable
from runtime.ui.record_model import RecordModel

WIDEST = SIZES.field_width
SAMPLE = 60
MODIFIERS = Qt.KeyboardModifier


class Grid(GridTable):
    """Shows the records of a model.

    Args:
        context: for the editors.

    Signals:
        sort_asked(str, bool): sort by this field; True = as one more key.
        field_menu_asked(str, QPoint): the menu of a field is wanted.
        record_menu_asked(QPoint): the menu of the selected records is wanted.
        record_asked(Row): open this record.
        record_moved(Row): the current record is another one.
        cell_changed(Row, Field, value, str): a person gave a cell another value; of a relation with its title.
        clear_asked(): empty the selected cells.
        selection_moved(): other cells are selected.
    """

    sort_asked = Signal(str, bool)
    field_menu_asked = Signal(str, QPoint)
    record_menu_asked = Signal(QPoint)
    record_asked = Signal(object)
    record_moved = Signal(object)
    cell_changed = Signal(object, object, object, str)
    clear_asked = Signal()
    selection_moved = Signal()

    def __init__(self, model: RecordModel, context: EditorContext, parent: QWidget | None = None) -> None:
        super().__init__(model, parent)
        self.painter = CellPainter(self)
        self.editing = CellEditing(self, context)
        self.titles = GridHeader(self)
        self.numbers = RowNumbers(self)
        self._sized: dict[str, int] = {}
        self.staying = Staying(self, model)
        self._set_up(model)

    def _set_up(self, model: RecordModel) -> None:
        self.setAccessibleName(_("Records"))
        self.setHorizontalHeader(self.titles)
        self.setVerticalHeader(self.numbers)
        self.setItemDelegate(self.painter)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setModel(model)
        model.anchors = self.staying.anchors
        model.opening.connect(self.staying.remember)
        model.opened.connect(self._opened)
        model.modelReset.connect(self.size_columns)
        self.verticalScrollBar().valueChanged.connect(self._look)
        self.titles.pressed_field.connect(self.sort_asked)
        self.titles.asked_menu.connect(self.field_menu_asked)
        self.titles.sectionResized.connect(self._resized)
        self.editing.committed.connect(self.cell_changed)

    # Records and cells

    def edit_cell(self, index: QModelIndex, text: str | None = None) -> None:
        """Open the editor in a cell; `text` was typed already."""
        if not index.isValid():
            return
        row, field = self._records.record(index.row()), self._records.fields[index.column()]
        if row is not None and not row.deleted and field.editable:
            self.editing.open(index, row, field, text)

    # Columns

    def size_columns(self) -> None:
        """Give columns that nobody resized the width of their names and of what is seen first."""
        self.titles.blockSignals(True)
        for column, field in enumerate(self._records.fields):
            self.setColumnWidth(column, self._sized.get(field.id) or self._width_of(column, field))
        self.titles.blockSignals(False)
        self.titles.resizeSections()
        self.updateGeometries()
        self.viewport().update()

    def _width_of(self, column: int, field: Field) -> int:
        least = max(self.titles.width_of(field), SIZES.xxl * 2 if column == self.painter.titles else SIZES.xxl)
        first = max(0, self.rowAt(0))
        last = min(first + SAMPLE, self._records.rowCount())
        widths = sorted(
            self.painter.width(self._records, position, column)
            for position in range(first, last)
            if self._records.record(position) is not None
        )
        wanted = widths[len(widths) * 19 // 20] if widths else SIZES.xxl * 2
        return min(WIDEST, max(least, wanted))

    def _resized(self, column: int, old: int, new: int) -> None:
        if 0 <= column < len(self._records.fields):
            self._sized[self._records.fields[column].id] = new
        self.editing.follow()

    # Staying where the person was

    def _look(self) -> None:
        first = max(0, self.rowAt(0))
        last = self.rowAt(self.viewport().height() - 1)
        self._records.look(first, last if last >= 0 else max(first, self._records.rowCount() - 1))

    def show_current(self, row: int, column: int) -> None:
        """Draw the ring around another cell; the selection model was told without a signal."""
        self.painter.current = (row, column)
        self.viewport().update()
        self.numbers.viewport().update()
        self.selection_moved.emit()

    def _opened(self, new: bool, places: dict[int, int | None]) -> None:
        self.updateGeometries()
        if new:
            self.verticalScrollBar().setValue(0)
            self.size_columns()
        self.staying.restore(new, places)
        self.editing.settle()
        self._look()

    # What Qt tells

    def paintEvent(self, event: QPaintEvent) -> None:
        """All cells in one pass; rows go on behind the last column."""
        clip = event.rect()
        painter = QPainter(self.viewport())
        self.painter.draw(painter, clip, self.rows_in(clip), self._slots(clip), self.parts())
        painter.end()

    def _slots(self, clip: QRect) -> list[Slot]:
        header, found = self.titles, []
        for column, field in enumerate(self._records.fields):
            left, width = header.sectionViewportPosition(column), header.sectionSize(column)
            if left <= clip.right() and left + width > clip.left():
                found.append(Slot(column, left, width, field))
        return found

    def currentChanged(self, current: Index, previous: Index) -> None:  # noqa: N802 - Qt's name
        """Tell which record is current; move the ring."""
        super().currentChanged(current, previous)
        self.painter.current = (current.row(), current.column())
        self._repaint(previous)
        self._repaint(current)
        row = self._records.record(current.row()) if current.isValid() else None
        if row is not None and current.row() != previous.row() and not self.staying.busy:
            self.record_moved.emit(row)

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:  # noqa: N802 - Qt's name
        """Say so, and repaint the numbers."""
        super().selectionChanged(selected, deselected)
        self.numbers.viewport().update()
        self.selection_moved.emit()

    def _repaint(self, index: Index) -> None:
        if index.isValid():
            self.viewport().update(self.visualRect(index))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another part of the list is seen."""
        super().resizeEvent(event)
        self._look()

    def scrollContentsBy(self, dx: int, dy: int) -> None:  # noqa: N802 - Qt's name
        """The editor goes along."""
        super().scrollContentsBy(dx, dy)
        self.editing.follow()
        self._hover(-1 if dy else self.painter.hovered)

    def changeEvent(self, event: QEvent) -> None:
        """Another font or theme."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.PaletteChange, QEvent.Type.StyleChange}:
            painter = getattr(self, "painter", None)
            if painter is not None:
                painter.dress()

    # Mouse

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The row under the mouse is drawn lighter."""
        super().mouseMoveEvent(event)
        self._hover(self.rowAt(event.position().toPoint().y()))

    def leaveEvent(self, event: QEvent) -> None:
        """No row is under the mouse."""
        super().leaveEvent(event)
        self._hover(-1)

    def _hover(self, row: int) -> None:
        before = self.painter.hovered
        if row == before:
            return
        self.painter.hovered = self.numbers.hovered = row
        for position in (before, row):
            if position >= 0:
                top = self.rowViewportPosition(position)
                self.viewport().update(0, top, self.viewport().width(), SIZES.row)
                self.numbers.viewport().update(0, top, self.numbers.width(), SIZES.row)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A tick is toggled by a click on it; the button at a name opens the record."""
        if not self.editing.leave():
            return
        point = event.position().toPoint()
        index = self.indexAt(point)
        left = event.button() == Qt.MouseButton.LeftButton
        if (
            left
            and index.isValid()
            and index.column() == self.painter.titles
            and event.modifiers() == MODIFIERS.NoModifier
        ):
            row = self._records.record(index.row())
            if (
                row is not None
                and index.row() == self.painter.hovered
                and expander(self.visualRect(index)).contains(point)
            ):
                self.setCurrentIndex(index)
                self.record_asked.emit(row)
                return
        was_current = index == self.currentIndex()
        super().mousePressEvent(event)
        if left and was_current and index.isValid() and tick_box(self.visualRect(index)).contains(point):
            self._toggle(index)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Edit."""
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid():
            if not self._is_tick(index):
                self.edit_cell(index)
            return
        super().mouseDoubleClickEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu of the selected records."""
        index = self.indexAt(event.pos()) if event.reason() == QContextMenuEvent.Reason.Mouse else self.currentIndex()
        if index.isValid():
            if not self.selectionModel().isSelected(index):
                self.setCurrentIndex(index)
            place = event.pos() if event.reason() == QContextMenuEvent.Reason.Mouse else self.visualRect(index).center()
            self.record_menu_asked.emit(self.viewport().mapToGlobal(place))

    def _is_tick(self, index: QModelIndex) -> bool:
        return self._records.fields[index.column()].kind.value_type == "bool"

    def _toggle(self, index: QModelIndex) -> None:
        row, field = self._records.record(index.row()), self._records.fields[index.column()]
        if row is not None and field.editable and self._is_tick(index):
            self.cell_changed.emit(row, field, not self._records.value(row, field), "")

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move, edit, empty, open; what is not the grid's goes on to the page."""
        key, index = event.key(), self.currentIndex()
        if event.matches(QKeySequence.StandardKey.SelectAll):
            self.selectAll()
        elif event.matches(QKeySequence.StandardKey.Copy):
            event.ignore()
        elif key in {Qt.Key.Key_Tab, Qt.Key.Key_Backtab}:
            self.step(0, -1 if key == Qt.Key.Key_Backtab else 1)
        elif event.modifiers() & (MODIFIERS.ControlModifier | MODIFIERS.AltModifier):
            self._with_control(event)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.step(-1 if event.modifiers() & MODIFIERS.ShiftModifier else 1, 0)
        elif key == Qt.Key.Key_F2:
            self.edit_cell(index)
        elif key in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self.clear_asked.emit()
        elif key == Qt.Key.Key_Space:
            self._space(index)
        elif key != Qt.Key.Key_Escape and event.text() and event.text().isprintable():
            self.edit_cell(index, event.text())
        elif key == Qt.Key.Key_Escape:
            self._escape(event)
        else:
            super().keyPressEvent(event)

    def _with_control(self, event: QKeyEvent) -> None:
        """Ctrl with arrows, Home and End is the table's; the rest is the page's."""
        if event.key() in {
            Qt.Key.Key_Up,
            Qt.Key.Key_Down,
            Qt.Key.Key_Home,
            Qt.Key.Key_End,
            Qt.Key.Key_Left,
            Qt.Key.Key_Right,
        }:
            super().keyPressEvent(event)
        else:
            event.ignore()

    def _space(self, index: QModelIndex) -> None:
        row = self.current_row()
        if index.isValid() and self._is_tick(index):
            self._toggle(index)
        elif row is not None:
            self.record_asked.emit(row)

    def _escape(self, event: QKeyEvent) -> None:
        """Drop a value that the store refused; else it is the page's."""
        row, index = self.current_row(), self.currentIndex()
        if row is not None:
            field = self._records.fields[index.column()]
            if (draft := self._records.draft(row, field)) is not None and draft.problems:
                self._records.set_draft(row.id, field.id, None)
                return
        event.ignore()

    def focusNextPrevChild(self, next_: bool) -> bool:  # noqa: N802 - Qt's name
        """Tab moves between cells; Ctrl+Tab leaves the grid."""
        return False

    def show_refusal(self, row: UUID, field: Field) -> None:
        """The store refused a cell: where it is still the current one, open it again with what was typed."""
        index, current = self.currentIndex(), self.current_row()
        if current is None or current.id != row or self.editing.active:
            return
        if 0 <= index.column() < len(self._records.fields) and self._records.fields[index.column()].id == field.id:
            self.edit_cell(index)
