"""The list of the finder: items under quiet headings, each one line with its marked words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QApplication, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop.finder_items import Item, Marks, Section
from resources.styles.tokens import SIZES
from resources.texts import _
from runtime.ui import fonts, icons
from runtime.ui.theme import colour

NO_PARENT = QModelIndex()
SECOND = SIZES.l
"""Height of the second line."""
ROLE = Qt.ItemDataRole
Line = Item | str
"""A row of the list: an item, or a heading."""


class Lines(QAbstractListModel):
    """Headings and items."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lines: list[Line] = []

    def show(self, sections: Sequence[Section]) -> None:
        """Show other items."""
        self.beginResetModel()
        self.lines = []
        for section in sections:
            self.lines += [section.title, *section.items]
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = NO_PARENT) -> int:
        """How many lines there are."""
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = ROLE.DisplayRole) -> Any:
        """The words of a line."""
        if not index.isValid() or role not in (ROLE.DisplayRole, ROLE.AccessibleTextRole):
            return None
        line = self.lines[index.row()]
        if isinstance(line, str):
            return line
        return ", ".join(filter(None, (line.title, line.detail, line.more, line.keys)))

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        """Items can be chosen, headings cannot."""
        if not index.isValid() or isinstance(self.lines[index.row()], str):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren


class LinePainter(QStyledItemDelegate):
    """Draws a heading, or icon, title, detail and what stands at the right."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw the ground by style and the line on it."""
        model = index.model()
        line = model.lines[index.row()] if isinstance(model, Lines) else ""
        rect: QRect = option.rect  # type: ignore[attr-defined,unused-ignore]
        inside = rect.adjusted(SIZES.s, 0, -SIZES.s, 0)
        if isinstance(line, str):
            self._heading(painter, inside, line)
            return
        widget: QWidget | None = option.widget  # type: ignore[attr-defined,unused-ignore]
        style = QApplication.style() if widget is None else widget.style()
        style.drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter, widget)
        self._item(painter, inside, line)

    def _heading(self, painter: QPainter, place: QRect, text: str) -> None:
        painter.save()
        font = fonts.sized(SIZES.small)
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(colour("secondary"))
        place = place.adjusted(0, 0, 0, -SIZES.xs)
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, int(Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft), shown)
        painter.restore()

    def _item(self, painter: QPainter, place: QRect, item: Item) -> None:
        painter.save()
        top = place.center().y() - SIZES.icon // 2 + 1
        icons.paint(painter, QRect(place.left(), top, SIZES.icon, SIZES.icon), item.icon, colour("secondary"))
        place = place.adjusted(SIZES.icon + SIZES.s, 0, 0, 0)
        place = self._more(painter, self._keys(painter, place, item.keys), item.more)
        font = fonts.sized(SIZES.text)
        room = place.width()
        most = room if not item.detail else max(room * 2 // 5, room - _width(font, item.detail))
        used = _marked(painter, place, item.title, item.marks, font, most, "disabled" if item.off else "text")
        if item.detail:
            rest = place.adjusted(used + SIZES.m, 0, 0, 0)
            _marked(painter, rest, item.detail, item.detail_marks, font, rest.width(), "secondary")
        painter.restore()

    def _more(self, painter: QPainter, place: QRect, text: str) -> QRect:
        """Write the second line; the room that is left for the first."""
        if not text:
            return place
        font = fonts.sized(SIZES.small)
        first, second = place.adjusted(0, SIZES.xs, 0, -SECOND), place.adjusted(0, SIZES.xl, 0, -SIZES.xs)
        _marked(painter, second, text, (), font, second.width(), "secondary")
        return first

    def _keys(self, painter: QPainter, place: QRect, text: str) -> QRect:
        """Write what stands at the right; the room that is left."""
        if not text:
            return place
        font = fonts.sized(SIZES.small)
        width = min(_width(font, text) + SIZES.focus, place.width() // 3)
        right = QRect(place.right() - width, place.top(), width + 1, place.height())
        painter.setFont(font)
        painter.setPen(colour("secondary"))
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, width)
        painter.drawText(right, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), shown)
        return place.adjusted(0, 0, -width - SIZES.m, 0)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """One row; headings that follow items keep a distance."""
        model = index.model()
        line = model.lines[index.row()] if isinstance(model, Lines) else ""
        if isinstance(line, str):
            return QSize(0, SIZES.compact if index.row() else SIZES.xl)
        return QSize(0, SIZES.control + (SECOND if line.more else 0))


def _width(font: QFont, text: str) -> int:
    return QFontMetrics(font).horizontalAdvance(text)


def _marked(painter: QPainter, place: QRect, text: str, marks: Marks, font: QFont, most: int, role: str) -> int:
    """Draw a text with marked words, no wider than `most`; how wide it is."""
    bold = QFont(font)
    bold.setWeight(QFont.Weight.DemiBold)
    left = place.left()
    for part, marked in _parts(text, marks):
        used = font if not marked else bold
        room = place.left() + most - left
        if room <= 0:
            break
        shown = QFontMetrics(used).elidedText(part, Qt.TextElideMode.ElideRight, room)
        painter.setFont(used)
        painter.setPen(colour("accent_text" if marked else role))
        box = QRect(left, place.top(), room, place.height())
        painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)
        left += _width(used, shown)
        if shown != part:
            break
    return left - place.left()


def _parts(text: str, marks: Marks) -> list[tuple[str, bool]]:
    parts, at = [], 0
    for first, last in marks:
        parts += [(text[at:first], False), (text[first:last], True)]
        at = last
    return [(part, marked) for part, marked in [*parts, (text[at:], False)] if part]


class ItemList(QListView):
    """Items that are walked through with keys that another widget has."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "picks")
        self.setAccessibleName(_("Found"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.lines = Lines(self)
        self.setModel(self.lines)
        self.setItemDelegate(LinePainter(self))

    @property
    def current(self) -> Item | None:
        """The item that Enter opens."""
        index = self.currentIndex()
        line = self.lines.lines[index.row()] if index.isValid() else ""
        return None if isinstance(line, str) else line

    def show_sections(self, sections: Sequence[Section]) -> None:
        """Show other items; the first is the current one."""
        self.lines.show(sections)
        self.step(0)

    def step(self, by: int) -> None:
        """Go to the item `by` items further, round and round; 0 = the first."""
        items = [row for row, line in enumerate(self.lines.lines) if not isinstance(line, str)]
        if not items:
            return
        row = self.currentIndex().row()
        at = items.index(row) + by if by and row in items else 0
        at = at % len(items) if abs(by) == 1 else max(0, min(at, len(items) - 1))
        self.setCurrentIndex(self.lines.index(items[at]))
        if not at:
            self.scrollToTop()
