"""The popover of the columns: search, show and hide, order by drag or Alt+Up and Alt+Down, freeze up to here."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from resources.styles.tokens import SIZES
from resources.texts import _
from runtime.form import Form
from runtime.ui import icons
from runtime.ui.kit.button import link_button
from runtime.ui.kit.menus import LINE, Item, menu_of
from runtime.ui.kit.popover import Popover
from runtime.ui.kit.search_field import SearchField
from runtime.ui.kit.words import words
from runtime.ui.theme import colours
from runtime.view import ViewSpec, all_columns, frozen_count

MOST_SEEN = 12
FIELD = int(Qt.ItemDataRole.UserRole)
HIDDEN = FIELD + 1
ICON = FIELD + 2
FROZEN = FIELD + 3
FIXED = FIELD + 4


class ColumnPainter(QStyledItemDelegate):
    """Draws a column: icon, name, an eye; a line under the last frozen one."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """One row."""
        c = colours()
        widget: QWidget | None = option.widget  # type: ignore[attr-defined,unused-ignore]
        style = QApplication.style() if widget is None else widget.style()
        style.drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter, widget)
        rect = option.rect.adjusted(SIZES.s, 0, -SIZES.s, 0)
        hidden = bool(index.data(HIDDEN))
        small = SIZES.icon_small
        top = rect.center().y() - small // 2 + 1
        icons.paint(painter, QRect(rect.left(), top, small, small), str(index.data(ICON)), c.secondary)
        if not index.data(FIXED):
            eye = QRect(rect.right() - SIZES.icon, top - 2, SIZES.icon, SIZES.icon)
            icons.paint(painter, eye, "eye_off" if hidden else "eye", c.disabled if hidden else c.secondary)
        room = rect.adjusted(small + SIZES.s, 0, -SIZES.icon - SIZES.s, 0)
        painter.setPen(QColor(c.disabled if hidden else c.text))
        name = option.fontMetrics.elidedText(str(index.data()), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), name)
        if index.data(FROZEN):
            painter.setPen(QColor(c.border_strong))
            painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """As high as a row."""
        return QSize(0, SIZES.row)


class ColumnList(QListWidget):
    """The columns in their order.

    Signals:
        toggled(str): show or hide this field.
        moved(): they stand in another order.
        menu_asked(str, QPoint): what else can be done with this field.
    """

    toggled = Signal(str)
    moved = Signal()
    menu_asked = Signal(str, QPoint)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("Columns"))
        self.setProperty("role", "picks")
        self.setItemDelegate(ColumnPainter(self))
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._menu)
        self.model().rowsMoved.connect(lambda *_: self.moved.emit())

    def field_ids(self) -> list[str]:
        """The fields from the top."""
        return [str(self.item(row).data(FIELD)) for row in range(self.count())]

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on the eye shows or hides."""
        super().mouseReleaseEvent(event)
        place = event.position().toPoint()
        item = self.itemAt(place)
        edge = self.viewport().width() - SIZES.icon - 2 * SIZES.s
        if item is not None and event.button() == Qt.MouseButton.LeftButton and place.x() >= edge:
            self.toggled.emit(str(item.data(FIELD)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space and Enter show or hide; with Alt the arrows move the column."""
        row, key = self.currentRow(), event.key()
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(key))
        if row < 0:
            super().keyPressEvent(event)
        elif step is not None and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.shift(row, step)
        elif key in {Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.toggled.emit(str(self.item(row).data(FIELD)))
        elif key == Qt.Key.Key_Menu:
            self._menu(self.visualItemRect(self.item(row)).center())
        else:
            super().keyPressEvent(event)

    def shift(self, row: int, by: int) -> None:
        """Move a column by so many places."""
        there = max(0, min(self.count() - 1, row + by))
        if there != row:
            item = self.takeItem(row)
            self.insertItem(there, item)
            self.setCurrentRow(there)
            self.moved.emit()

    def _menu(self, place: QPoint) -> None:
        item = self.itemAt(place)
        if item is not None:
            self.setCurrentItem(item)
            self.menu_asked.emit(str(item.data(FIELD)), self.viewport().mapToGlobal(place))


class ColumnsPanel(Popover):
    """Every column of the view.

    Signals:
        changed(ViewSpec): other columns, in another order, or others are frozen.
    """

    changed = Signal(object)

    def __init__(self, anchor: QWidget, form: Form, spec: ViewSpec) -> None:
        super().__init__(anchor)
        self._form = form
        self._spec = spec
        self.search = SearchField(_("Find a column"), rest=0)
        self.search.searched.connect(self._search)
        self.list = ColumnList()
        self.list.toggled.connect(self.toggle)
        self.list.moved.connect(self._moved)
        self.list.menu_asked.connect(self._menu)
        self.body.addWidget(self.search)
        self.body.addWidget(self.list)
        self._note = words(_("Drag to change the order."), "small")
        self.body.addWidget(self._note)
        foot = QHBoxLayout()
        every, none = link_button(_("Show all")), link_button(_("Hide all"))
        every.clicked.connect(lambda: self._all(False))
        none.clicked.connect(lambda: self._all(True))
        foot.addWidget(every)
        foot.addStretch(1)
        foot.addWidget(none)
        self.body.addLayout(foot)
        self._fill()
        self.list.setFixedHeight(min(max(self.list.count(), 1), MOST_SEEN) * SIZES.row + SIZES.focus)
        self.search.setVisible(self.list.count() > MOST_SEEN)
        self.closed.connect(self.deleteLater)

    @property
    def _fixed(self) -> str:
        """Id of the field that names the record: it is always shown."""
        title = self._form.title
        return title.id if title is not None else ""

    def toggle(self, field_id: str) -> None:
        """Show or hide a column."""
        if field_id != self._fixed:
            column = self._spec.column(field_id)
            self._put(self._spec.with_column(self._form, replace(column, hidden=not column.hidden)))

    def freeze(self, field_id: str) -> None:
        """Let the columns up to this one stay while the others scroll; "" = none."""
        shown = [column.field for column in all_columns(self._form, self._spec) if not column.hidden]
        count = shown.index(field_id) + 1 if field_id in shown else 0
        self._put(self._spec.with_frozen(self._form, count))

    def _all(self, hidden: bool) -> None:
        columns = (
            replace(column, hidden=hidden and column.field != self._fixed)
            for column in all_columns(self._form, self._spec)
        )
        self._put(replace(self._spec, columns=tuple(columns)))

    def _moved(self) -> None:
        self._put(self._spec.with_order(self._form, self.list.field_ids()))

    def _put(self, spec: ViewSpec) -> None:
        if spec != self._spec:
            self._spec = spec
            self._fill()
            self.changed.emit(spec)

    def _fill(self) -> None:
        """Draw the columns as they are now; the list keeps its place."""
        columns = all_columns(self._form, self._spec)
        shown = [column.field for column in columns if not column.hidden]
        frozen = frozen_count(self._form, self._spec)
        last = shown[min(frozen, len(shown)) - 1] if shown and frozen else ""
        if self.list.field_ids() != [column.field for column in columns]:
            self.list.clear()
            for column in columns:
                self.list.addItem(QListWidgetItem(self._form.by_id[column.field].name))
        for row, column in enumerate(columns):
            item, field = self.list.item(row), self._form.by_id[column.field]
            item.setData(FIELD, column.field)
            item.setData(HIDDEN, column.hidden)
            item.setData(ICON, field.kind.icon)
            item.setData(FROZEN, column.field == last)
            item.setData(FIXED, column.field == self._fixed)
            state = _("hidden") if column.hidden else _("shown")
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{field.name}, {state}")

    def _search(self, text: str) -> None:
        wanted = text.strip().casefold()
        for row in range(self.list.count()):
            item = self.list.item(row)
            item.setHidden(wanted not in item.text().casefold())
        self.list.setDragEnabled(not wanted)

    def _menu(self, field_id: str, place: QPoint) -> None:
        row = self.list.currentRow()
        hidden = self._spec.column(field_id).hidden
        toggle = _("Show this column") if hidden else _("Hide this column")
        entries = [
            Item(
                toggle, "eye" if hidden else "eye_off", lambda: self.toggle(field_id), enabled=field_id != self._fixed
            ),
            Item(_("Freeze up to here"), "columns", lambda: self.freeze(field_id), enabled=not hidden),
            Item(_("Freeze nothing"), "", lambda: self.freeze(""), enabled=frozen_count(self._form, self._spec) > 0),
            LINE,
            Item(_("Move up"), "arrow_up", lambda: self.list.shift(row, -1), keys=_("Alt+Up"), enabled=row > 0),
            Item(
                _("Move down"), "arrow_down", lambda: self.list.shift(row, 1), keys=_("Alt+Down"),
                enabled=row < self.list.count() - 1,
            ),
            Item(_("Move to the top"), "caret_up", lambda: self.list.shift(row, -row), enabled=row > 0),
        ]  # fmt: skip
        menu_of(entries, self).popup(place)
