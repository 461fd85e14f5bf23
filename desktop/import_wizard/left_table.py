"""The list of what an import left out: where it is in the file, what it holds, and why."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QFontMetrics, QGuiApplication, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from resources.styles.tokens import SIZES
from resources.texts import T, _
from runtime.exchange.importing.report import LeftOut
from runtime.ui import fonts
from runtime.ui.theme import colours

Index = QModelIndex | QPersistentModelIndex
NO_PARENT = QModelIndex()
ROLE = Qt.ItemDataRole
HEADERS = (T("Sheet"), T("Row"), T("Column"), T("What the file holds"), T("Why it was left out"))
HELD = 3
"""Column of what the file holds."""
LINE = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine)
WIDTHS = (SIZES.xxl * 3, SIZES.xxl * 2, SIZES.xxl * 4, SIZES.popover_width, SIZES.field_width)


class LeftOutModel(QAbstractTableModel):
    """One row per cell or row that was not taken."""

    def __init__(self, left: list[LeftOut], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._left = left

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        """How many there are."""
        return 0 if parent.isValid() else len(self._left)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        """Where, what and why."""
        return 0 if parent.isValid() else len(HEADERS)

    def data(self, index: Index, role: int = ROLE.DisplayRole) -> Any:
        """The words of a cell."""
        if not index.isValid():
            return None
        if role in (ROLE.DisplayRole, ROLE.ToolTipRole, ROLE.AccessibleTextRole):
            return cells(self._left[index.row()])[index.column()]
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = ROLE.DisplayRole) -> Any:
        """The names of the columns."""
        if orientation == Qt.Orientation.Horizontal:
            if role == ROLE.DisplayRole:
                return str(HEADERS[section])
            if role == ROLE.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None


def cells(left: LeftOut) -> tuple[str, str, str, str, str]:
    """Sheet, row, column, text, reason."""
    return left.sheet, f"{left.row}", left.column or _("whole row"), left.text, left.reason


class LinePainter(QStyledItemDelegate):
    """Words over a hairline."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell; where and why are quieter than what the file holds."""
        c, place = colours(), QRect(option.rect)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(place, QColor(c.selection))
        painter.fillRect(QRect(place.left(), place.bottom(), place.width(), SIZES.hair), QColor(c.border))
        inside = place.adjusted(SIZES.s, 0, -SIZES.s, -SIZES.hair)
        font = fonts.tabular(fonts.sized(SIZES.text))
        painter.setFont(font)
        painter.setPen(QColor(c.text if index.column() == HELD else c.secondary))
        text = " ".join(str(index.data()).split())
        painter.drawText(inside, LINE, QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, inside.width()))
        painter.restore()


class LeftTable(QTableView):
    """What was left out, or would be."""

    def __init__(self, left: list[LeftOut]) -> None:
        super().__init__()
        self._left = left
        self.setAccessibleName(_("What was left out"))
        self.setModel(LeftOutModel(left, self))
        self.setItemDelegate(LinePainter(self))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(SIZES.row)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setStretchLastSection(True)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for section, wide in enumerate(WIDTHS):
            header.resizeSection(section, wide)
        self.setColumnHidden(0, len({each.sheet for each in left}) < 2)

    def copy(self) -> None:
        """Put the list on the clipboard, as Excel takes it."""
        lines = [tuple(str(header) for header in HEADERS), *(cells(left) for left in self._left)]
        text = "\n".join("\t".join(" ".join(cell.split()) for cell in line) for line in lines)
        QGuiApplication.clipboard().setText(text)
