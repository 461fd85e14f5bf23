"""The table of a preview: cells as they will be stored, left-out columns faded, cells that stay blank marked."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from desktop.import_wizard.preview import Cell, Look, Preview
from resources.styles.tokens import SIZES, Colours
from resources.texts import _
from runtime.ui import fonts, icons
from runtime.ui.kit.chip import chip_width, paint_chip
from runtime.ui.theme import colours

Index = QModelIndex | QPersistentModelIndex
NO_PARENT = QModelIndex()
ROLE = Qt.ItemDataRole
LINE = int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
LEFT, RIGHT = LINE | int(Qt.AlignmentFlag.AlignLeft), LINE | int(Qt.AlignmentFlag.AlignRight)
NARROWEST, WIDEST = SIZES.xxl * 2, SIZES.popover_width


class PreviewModel(QAbstractTableModel):
    """The cells of a preview."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.preview: Preview | None = None
        self.title = -1

    def show(self, preview: Preview, title: int) -> None:
        """Show another preview; `title` is the column that names the records."""
        same = (
            self.preview is not None
            and len(preview.columns) == len(self.preview.columns)
            and (preview.height, preview.sheet, preview.form)
            == (self.preview.height, self.preview.sheet, self.preview.form)
        )
        if not same:
            self.beginResetModel()
        self.preview, self.title = preview, title
        if not same:
            self.endResetModel()
        else:
            last = self.index(self.rowCount() - 1, self.columnCount() - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def cell(self, index: Index) -> Cell:
        """The cell at `index`."""
        assert self.preview is not None
        return self.preview.columns[index.column()].cells[index.row()]

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        """Rows that are shown."""
        return 0 if parent.isValid() or self.preview is None else self.preview.height

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        """Columns, left-out ones too."""
        return 0 if parent.isValid() or self.preview is None else len(self.preview.columns)

    def data(self, index: Index, role: int = ROLE.DisplayRole) -> Any:
        """Text, and why a cell stays blank."""
        if not index.isValid() or self.preview is None:
            return None
        cell = self.cell(index)
        if role in (ROLE.DisplayRole, ROLE.AccessibleTextRole):
            return cell.text
        if role == ROLE.ToolTipRole:
            if cell.look is Look.LOST:
                return _("“{text}” stays blank: {reason}", text=cell.text, reason=str(cell.reason))
            return cell.text or None
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = ROLE.DisplayRole) -> Any:
        """Name of the field, for screen readers; the header draws widgets."""
        if self.preview is None or role != ROLE.DisplayRole:
            return None
        if orientation == Qt.Orientation.Vertical:
            return section + 1
        return self.preview.columns[section].plan.label


class PreviewPainter(QStyledItemDelegate):
    """Draws the cells of a `PreviewModel`."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.dress()

    def dress(self) -> None:
        """Take the fonts that hold now."""
        self._plain = fonts.tabular(fonts.sized(SIZES.text))
        self._strong = fonts.tabular(fonts.sized(SIZES.text, QFont.Weight.Medium))
        self._plain_metrics, self._strong_metrics = QFontMetrics(self._plain), QFontMetrics(self._strong)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Ground, hairline, value."""
        model = index.model()
        if not isinstance(model, PreviewModel) or model.preview is None:
            return
        c, place = colours(), QRect(option.rect)
        column, cell = model.preview.columns[index.column()], model.cell(index)
        painter.save()
        painter.fillRect(place, QColor(c.surface if column.plan.include else c.canvas))
        painter.fillRect(QRect(place.left(), place.bottom(), place.width(), SIZES.hair), QColor(c.border))
        inside = place.adjusted(SIZES.m, 0, -SIZES.m, -SIZES.hair)
        if not column.plan.include:
            self._text(painter, inside, cell.text, c.disabled, right=column.kind.numeric)
        elif cell.look is Look.CHIP:
            paint_chip(painter, inside, cell.text, cell.hue)
        elif cell.look is Look.TICK:
            self._tick(painter, inside, c)
        elif cell.look is Look.BOX:
            self._box(painter, inside, c)
        elif cell.look is Look.LINK:
            self._link(painter, inside, cell.text, c)
        elif cell.look is Look.LOST:
            self._lost(painter, inside, cell.text, c)
        else:
            strong = index.column() == model.title
            self._text(painter, inside, cell.text, c.text, right=column.kind.numeric, strong=strong)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """One row."""
        return QSize(SIZES.xxl, SIZES.row)

    def _text(
        self, painter: QPainter, inside: QRect, text: str, colour: str, *, right: bool = False, strong: bool = False
    ) -> None:
        metrics = self._strong_metrics if strong else self._plain_metrics
        painter.setFont(self._strong if strong else self._plain)
        painter.setPen(QColor(colour))
        shown = metrics.elidedText(text[:500], Qt.TextElideMode.ElideRight, inside.width())
        painter.drawText(inside, RIGHT if right else LEFT, shown)

    @staticmethod
    def _box(painter: QPainter, inside: QRect, c: Colours) -> None:
        box = QRect(inside.left(), inside.center().y() - SIZES.icon // 2 + 1, SIZES.icon, SIZES.icon)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(c.border_strong))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box.adjusted(1, 1, -2, -2), SIZES.radius_small, SIZES.radius_small)

    @staticmethod
    def _tick(painter: QPainter, inside: QRect, c: Colours) -> None:
        box = QRect(inside.left(), inside.center().y() - SIZES.icon // 2 + 1, SIZES.icon, SIZES.icon)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(c.success_soft))
        painter.drawRoundedRect(box, SIZES.radius_small, SIZES.radius_small)
        inset = SIZES.xs - 1
        icons.paint(painter, box.adjusted(inset, inset, -inset, -inset), "check_bold", c.success)

    def _link(self, painter: QPainter, inside: QRect, text: str, c: Colours) -> None:
        width = min(self._advance(text) + 2 * SIZES.s, inside.width())
        box = QRect(inside.left(), inside.center().y() - SIZES.chip // 2 + 1, width, SIZES.chip)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(c.border))
        painter.setBrush(QColor(c.hover_row))
        painter.drawRoundedRect(box, SIZES.radius_small, SIZES.radius_small)
        self._text(painter, box.adjusted(SIZES.s, 0, -SIZES.s, 0), text, c.accent_text)

    def _lost(self, painter: QPainter, inside: QRect, text: str, c: Colours) -> None:
        width = min(self._advance(text) + 2 * SIZES.s, inside.width())
        box = QRect(inside.left(), inside.center().y() - SIZES.chip // 2 + 1, width, SIZES.chip)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(c.warning_soft))
        painter.drawRoundedRect(box, SIZES.radius_small, SIZES.radius_small)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        self._text(painter, box.adjusted(SIZES.s, 0, -SIZES.s, 0), text, c.warning)
        middle = box.center().y() + 1
        painter.drawLine(box.left() + SIZES.s, middle, box.right() - SIZES.s, middle)

    def _advance(self, text: str) -> int:
        """Width of words; figures that are all equally wide take more room than the metrics say."""
        return self._plain_metrics.horizontalAdvance(text) + sum(map(str.isdigit, text)) + SIZES.hair

    def width(self, preview: Preview, column: int) -> int:
        """How wide the content of a column is, in pixels, within limits."""
        metrics = self._strong_metrics
        widest = NARROWEST
        for cell in preview.columns[column].cells:
            boxed = cell.look in (Look.LINK, Look.LOST)
            words = chip_width(cell.text) if cell.look is Look.CHIP else metrics.horizontalAdvance(cell.text[:60])
            widest = max(widest, words + 2 * SIZES.m + SIZES.xs + (2 * SIZES.s if boxed else 0))
        return min(widest, WIDEST)


class PreviewTable(QTableView):
    """The first rows; scrolls by keys, selects nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.painter = PreviewPainter(self)
        self.model_ = PreviewModel(self)
        self.setAccessibleName(_("First rows, as they will be stored"))
        self.setModel(self.model_)
        self.setItemDelegate(self.painter)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(SIZES.row)

    def changeEvent(self, event: QEvent) -> None:
        """Another font."""
        super().changeEvent(event)
        painter = getattr(self, "painter", None)
        if event.type() == QEvent.Type.FontChange and painter is not None:
            painter.dress()
