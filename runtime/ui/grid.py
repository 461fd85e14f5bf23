"""`Grid`: the table over a `RecordModel`: moves, selects, edits in place, stays with the person when others write.

What the keys do is said in `grid_keys.py`; what they ask of the view around the grid comes as `command_asked`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QInputMethodEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QWidget

from resources.styles.tokens import SIZES
from resources.texts import _
from runtime.form import Field
from runtime.ui.cell_painter import CellPainter, Index, Slot, expander, tick_box
from runtime.ui.editors import EditorContext
from runtime.ui.entry_model import EntryModel
from runtime.ui.grid_composing import Composing
from runtime.ui.grid_drag import DragScroll
from runtime.ui.grid_editing import CellEditing
from runtime.ui.grid_header import GridHeader, shade_frozen
from runtime.ui.grid_keys import GridKeys
from runtime.ui.grid_links import follow
from runtime.ui.grid_numbers import RowNumbers
from runtime.ui.grid_staying import Staying
from runtime.ui.grid_table import GridTable
from runtime.ui.grid_widths import ColumnWidths
from runtime.ui.group_painter import GroupPainter, Scene, arrow_box
from runtime.ui.theme import colours

MODIFIERS = Qt.KeyboardModifier


class Grid(GridTable):
    """Shows the records of a model, and the empty row in which one begins a new one.

    Args:
        context: for the editors.

    Signals:
        sort_asked(str, bool): sort by this field; True = as one more key.
        field_menu_asked(str, QPoint): the menu of a field is wanted.
        record_menu_asked(QPoint): the menu of the selected records is wanted.
        record_moved(Row): the current record is another one.
        cell_changed(Row, Field, value, str): a person gave a cell another value; of a relation with its title.
        selection_moved(): other cells are selected.
    """

    sort_asked = Signal(str, bool)
    field_menu_asked = Signal(str, QPoint)
    record_menu_asked = Signal(QPoint)
    record_moved = Signal(object)
    cell_changed = Signal(object, object, object, str)
    selection_moved = Signal()

    def __init__(self, model: EntryModel, context: EditorContext, parent: QWidget | None = None) -> None:
        super().__init__(model, parent)
        self.painter = CellPainter(self)
        self.group_painter = GroupPainter()
        self.editing = CellEditing(self, context)
        self.keys = GridKeys(self)
        self._drag_scroll = DragScroll(self, self.keys.moves)
        self.composing = Composing(self, self.editing)
        self.titles = GridHeader(self)
        self.numbers = RowNumbers(self)
        self.widths = ColumnWidths(self, self.titles, self.painter, self.group_painter)
        self._anchor: tuple[int, int] | None = None
        self.staying = Staying(self, model)
        self._set_up(model)

    def _set_up(self, model: EntryModel) -> None:
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
        model.summed.connect(self.widths.make_room)
        self.verticalScrollBar().valueChanged.connect(self._look)
        self.titles.pressed_field.connect(self.sort_asked)
        self.titles.asked_menu.connect(self.field_menu_asked)
        self.titles.sectionResized.connect(self.editing.follow)
        self.editing.committed.connect(self.cell_changed)

    # Records and cells

    def edit_cell(self, index: Index, text: str | None = None, *, unfold: bool = False) -> None:
        """Open the editor in a cell; `text` was typed already."""
        if not index.isValid():
            return
        row, field = self._records.row_at(index.row()), self._records.fields[index.column()]
        if row is not None and not row.deleted and field.editable:
            self.editing.open(index, row, field, text)
            if unfold:
                self.editing.unfold()

    # Look

    def show_look(self, widths: Mapping[str, int], frozen: int, height: int) -> None:
        """Show columns as wide as somebody made them (field -> pixels), the first ones frozen, and rows of a height."""
        if height != self.row_height:
            top = self.verticalScrollBar().value() // self.row_height
            self.painter.height = height
            self.numbers.setDefaultSectionSize(height)
            self.updateGeometries()
            self.verticalScrollBar().setValue(top * height)
        self.freeze(frozen)
        self.widths.give(widths)
        self._look()

    def size_columns(self) -> None:
        """Other columns are shown, or their first records are here."""
        title = self._records.form.title
        self.painter.titles = next((at for at, field in enumerate(self._records.fields) if field is title), -1)
        self.widths.apply()

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
        else:
            self.widths.grow()
        self.staying.restore(new, places)
        self.editing.settle()
        self._look()

    # What Qt tells

    def paintEvent(self, event: QPaintEvent) -> None:
        """All cells in one pass; rows go on behind the last column."""
        clip = event.rect()
        painter = QPainter(self.viewport())
        rows, slots, frozen = self.rows_in(clip), self._slots(clip), self.frozen_width
        self.painter.opener = self.opener
        edges = ((frozen, self.viewport().width(), False), (0, frozen, True))
        for left, right, stays in edges:
            part = clip.intersected(QRect(left, 0, right - left, self.viewport().height()))
            if not part.isEmpty():
                painter.setClipRect(part)
                self.painter.draw(painter, part, rows, [slot for slot in slots if slot.stays == stays], self.parts())
        painter.setClipping(False)
        shade_frozen(painter, self, clip)
        self._paint_groups(painter, rows)
        if self.titles.line() >= 0:
            painter.fillRect(self.titles.line(), clip.top(), SIZES.focus, clip.height(), QColor(colours().accent))
        self.painted.emit(painter, clip)
        painter.end()

    def _slots(self, clip: QRect) -> list[Slot]:
        header, found, frozen = self.titles, [], self.frozen
        for column, field in enumerate(self._records.fields):
            left, width = self.left_of(column), header.sectionSize(column)
            if left <= clip.right() and left + width > clip.left():
                found.append(Slot(column, left, width, field, column < frozen))
        return found

    @property
    def opener(self) -> int:
        """The column with the button that opens a record: the name's where it is in sight, else the first one seen."""
        column, width = self.painter.titles, self.frozen_width
        if column >= 0:
            edge = 0 if column < self.frozen else width
            right = self.left_of(column) + self.titles.sectionSize(column)
            if edge + SIZES.xxl <= right <= self.viewport().width():
                return column
        return self.column_under(0)

    def _paint_groups(self, painter: QPainter, rows: list[tuple[int, int]]) -> None:
        model, area, c = self._records, self.viewport().rect(), colours()
        if not model.grouped:
            return
        groups = [(position, top, group) for position, top in rows if (group := model.group(position)) is not None]
        slots, height = self._slots(area), self.row_height
        self.group_painter.draw(painter, Scene(model, slots, area, height, self.frozen_width, self.parts(), c), groups)
        for position, top, _group in groups:
            if position == self.painter.current[0]:
                line = min(height, SIZES.row)
                place = QRect(0, top + height - line, area.width(), line)
                self.painter.ring(painter, place, c.accent if self.hasFocus() else c.border_strong)

    def currentChanged(self, current: Index, previous: Index) -> None:  # noqa: N802 - Qt's name
        """Tell which record is current; move the ring."""
        super().currentChanged(current, previous)
        if self._dragging:
            return  # Qt takes the current cell along with the mouse: at the end it is the first one again
        self.painter.current = self._anchor = (current.row(), current.column())
        for index in (previous, current):
            self._repaint(index)
        if previous.row() == self._records.entry >= 0 and current.row() != previous.row():
            self.entry_left.emit()
        row = self._records.record(current.row()) if current.isValid() else None
        if row is not None and current.row() != previous.row() and not self.staying.busy:
            self.record_moved.emit(row)

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:  # noqa: N802 - Qt's name
        """Say so, and repaint the numbers."""
        super().selectionChanged(selected, deselected)
        if self._records.grouped or self.horizontalScrollBar().value():
            self.viewport().update()
        self.numbers.viewport().update()
        self.selection_moved.emit()

    def _repaint(self, index: Index) -> None:
        if index.isValid():
            place = self.visualRect(index)
            if self._records.group(index.row()) is not None:
                place = QRect(0, place.top(), self.viewport().width(), place.height())
            self.viewport().update(place)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another part of the list is seen."""
        super().resizeEvent(event)
        self._look()

    def scrollContentsBy(self, dx: int, dy: int) -> None:  # noqa: N802 - Qt's name
        """The editor goes along."""
        super().scrollContentsBy(dx, dy)
        if dx and self._frozen:
            self.viewport().update()
        self.editing.follow()
        self._cover_editor()
        self._hover(-1 if dy else self.painter.hovered)

    def _cover_editor(self) -> None:
        """What of the editor is under the frozen columns is not seen."""
        editor = self.editing.editor
        if editor is None or not self._frozen:
            return
        hidden = self.frozen_width - editor.x()
        if hidden > 0 and self.currentIndex().column() >= self.frozen:
            editor.setMask(QRegion(hidden, 0, max(1, editor.width() - hidden), editor.height()))
        else:
            editor.clearMask()

    def changeEvent(self, event: QEvent) -> None:
        """Another font or theme."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.PaletteChange, QEvent.Type.StyleChange}:
            painter = getattr(self, "painter", None)
            if painter is not None:
                painter.dress()
                self.group_painter.dress()

    # Mouse

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The row under the mouse is drawn lighter."""
        super().mouseMoveEvent(event)
        if self._dragging and self._anchor and event.modifiers() == MODIFIERS.NoModifier:
            self._drag_scroll.follow(event.position().toPoint(), self._anchor)
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
                self.viewport().update(0, top, self.viewport().width(), self.row_height)
                self.numbers.viewport().update(0, top, self.numbers.width(), self.row_height)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A tick is toggled by a click on it; the button at a name opens the record."""
        if not self.editing.leave():
            return
        point = event.position().toPoint()
        index = self.indexAt(point)
        left = event.button() == Qt.MouseButton.LeftButton
        shift = bool(event.modifiers() & MODIFIERS.ShiftModifier)
        if left and self._press_group(index, point, shift=shift):
            return
        if left and index.isValid() and index.column() == self.opener and event.modifiers() == MODIFIERS.NoModifier:
            row = self._records.record(index.row())
            if (
                row is not None
                and index.row() == self.painter.hovered
                and expander(self.visualRect(index)).contains(point)
            ):
                self.setCurrentIndex(index)
                self.record_asked.emit(row)
                return
        if left and event.modifiers() == MODIFIERS.ControlModifier and follow(self._records, index):
            return
        was_current = index == self.currentIndex()
        if left and index.isValid() and event.modifiers() == MODIFIERS.ShiftModifier:
            self.keys.moves.go(index.row(), index.column(), extend=True)
            return
        super().mousePressEvent(event)
        if left and was_current and index.isValid() and tick_box(self.visualRect(index)).contains(point):
            self.toggle(index)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The cell at which a range began is the current one."""
        drawn, began = self._dragging, self._anchor
        super().mouseReleaseEvent(event)
        if drawn:
            self._begin_again(began)

    def _begin_again(self, began: tuple[int, int] | None) -> None:
        if began is not None:
            self.selectionModel().setCurrentIndex(
                self._records.index(*began), QItemSelectionModel.SelectionFlag.NoUpdate
            )

    @property
    def _dragging(self) -> bool:
        return self.state() == QAbstractItemView.State.DragSelectingState

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:  # noqa: N802 - Qt's name
        """A range drawn by the mouse begins at its cell, even where that went under the frozen columns."""
        model, end = self._records, self.indexAt(rect.bottomRight())
        if not (self._dragging and self._frozen and self._anchor and end.isValid()):
            super().setSelection(rect, command)
            return
        (row, column), (other, last) = self._anchor, (end.row(), end.column())
        first, final = model.index(min(row, other), min(column, last)), model.index(max(row, other), max(column, last))
        self.selectionModel().select(QItemSelection(first, final), command)

    def _press_group(self, index: Index, point: QPoint, *, shift: bool) -> bool:
        """A press on the arrow of a group folds it; elsewhere it makes the group the current row."""
        group = self._records.group(index.row()) if index.isValid() else None
        if group is None or shift:
            return False
        self.setCurrentIndex(index)
        place = self.visualRect(index)
        line = QRect(0, place.bottom() + 1 - min(place.height(), SIZES.row), self.width(), SIZES.row)
        if point.x() <= arrow_box(line, group.level).right() + SIZES.xs:
            self._records.fold(group.path, not group.folded)
        return True

    def _group_key(self, event: QKeyEvent) -> bool:
        """Left, Right, Space and Enter on the row of a group fold and unfold; with Ctrl all groups of its level."""
        key = Qt.Key(event.key())
        group = self._records.group(self.currentIndex().row())
        folded = {Qt.Key.Key_Left: True, Qt.Key.Key_Right: False}.get(key)
        if group is None or event.modifiers() & MODIFIERS.ShiftModifier:
            return False
        if key in {Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            folded = not group.folded
        if folded is None:
            return False
        if event.modifiers() & MODIFIERS.ControlModifier:
            self._records.fold_all(folded, group.level)
        else:
            self._records.fold(group.path, folded)
        return True

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Edit."""
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid():
            if (group := self._records.group(index.row())) is not None:
                self._records.fold(group.path, not group.folded)
            elif not self._is_tick(index):
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

    def toggle(self, index: QModelIndex) -> bool:
        """Turn a tick over; False = the cell has none."""
        if not index.isValid() or not self._is_tick(index):
            return False
        row, field = self._records.row_at(index.row()), self._records.fields[index.column()]
        if row is not None and field.editable:
            self.cell_changed.emit(row, field, not self._records.value(row, field), "")
        return True

    # Keys

    def event(self, event: QEvent) -> bool:
        """Keys of the grid are its own, not the window's, while the keyboard is here."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self.keys.wanted(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move, edit, ask of the view; what is not the grid's goes on to the page."""
        if self._dragging:  # what is typed belongs to the cell with the ring
            self.setState(QAbstractItemView.State.NoState)
            self._begin_again(self._anchor)
        if self._group_key(event):
            return
        if event.key() == Qt.Key.Key_Up and event.modifiers() == MODIFIERS.AltModifier:
            self._ask_menu()
        elif not self.keys.press(event):
            event.ignore()

    def _ask_menu(self) -> None:
        """The menu of the current column, under its name."""
        column = self.currentIndex().column()
        if 0 <= column < len(self._records.fields):
            place = self.titles.viewport().mapToGlobal(QPoint(self.left_of(column), self.titles.height()))
            self.field_menu_asked.emit(self._records.fields[column].id, place)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """An input method begins to write: the editor of the cell goes on with it."""
        self.composing.take(event)

    def inputMethodQuery(self, query: Qt.InputMethodQuery) -> Any:  # noqa: N802 - Qt's name
        """Where the input method shows its words."""
        found = self.composing.answer(query)
        return super().inputMethodQuery(query) if found is None else found

    def step(self, down: int, right: int) -> None:
        """Go on as Tab and Enter do."""
        self.keys.moves.step(down, right)

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
