"""`CellPainter`: how a value looks in a cell of the grid: chips, ticks, figures, links; quiet for everything else."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QHelpEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QToolTip

from resources.styles.tokens import SIZES, Colours
from runtime.form import Field
from runtime.store.rows import Row
from runtime.ui import fonts, icons
from runtime.ui.kit.chip import paint_chip
from runtime.ui.record_model import Draft, RecordModel
from runtime.ui.theme import colours
from runtime.value.error_values import ERRORS

LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
ELIDE = Qt.TextElideMode.ElideRight
PADDING = SIZES.s
Index = QModelIndex | QPersistentModelIndex


class CellPainter(QStyledItemDelegate):
    """Draws the cells of a `RecordModel`. The grid says which row the mouse is over and which cell is edited.

    Attributes:
        hovered: the row under the mouse, -1 for none.
        current: (row, column) of the cell with the ring, (-1, -1) for none.
        titles: column of the record's name, drawn in medium weight.
    """

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._view = view
        self.hovered = -1
        self.current = (-1, -1)
        self.titles = 0
        self._plain = QFont()
        self._strong = QFont()
        self._metrics = QFontMetrics(self._plain)
        self._strong_metrics = QFontMetrics(self._strong)
        self.dress()

    def dress(self) -> None:
        """Take the fonts that hold now."""
        self._plain = fonts.tabular(fonts.sized(SIZES.text))
        self._strong = fonts.tabular(fonts.sized(SIZES.text, QFont.Weight.Medium))
        self._metrics = QFontMetrics(self._plain)
        self._strong_metrics = QFontMetrics(self._strong)

    # Painting

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Ground, hairline, value, ring."""
        model = index.model()
        if not isinstance(model, RecordModel):
            return
        place: QRect = option.rect
        position, column = index.row(), index.column()
        c = colours()
        painter.save()
        self._ground(painter, place, position, bool(option.state & QStyle.StateFlag.State_Selected), c)
        row, field = model.record(position), model.fields[column]
        draft = None if row is None else model.draft(row, field)
        inside = place.adjusted(PADDING, 0, -PADDING, -SIZES.hair)
        if row is None:
            self._skeleton(painter, inside, position * 7 + column * 3, c)
        elif row.deleted:
            pass
        else:
            self._value(painter, inside, model, (position, column), row, draft, c)
        if column == self.titles and position == self.hovered and row is not None:
            self._expander(painter, expander(place), c)
        if draft is not None and draft.problems:
            self._ring(painter, place, QColor(c.danger))
        elif (position, column) == self.current:
            self._ring(painter, place, QColor(c.accent if self._view.hasFocus() else c.border_strong))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """One row."""
        return QSize(SIZES.xxl, SIZES.row)

    def _ground(self, painter: QPainter, place: QRect, position: int, selected: bool, c: Colours) -> None:
        if selected:
            painter.fillRect(place, QColor(c.selection))
        elif position == self.hovered:
            painter.fillRect(place, QColor(c.hover_row))
        painter.fillRect(QRect(place.left(), place.bottom(), place.width(), SIZES.hair), QColor(c.border))

    @staticmethod
    def _skeleton(painter: QPainter, inside: QRect, seed: int, c: Colours) -> None:
        width = min(inside.width(), SIZES.xxl) * (50 + seed % 5 * 10) // 100
        bar = QRect(inside.left(), inside.center().y() - SIZES.xs, width, SIZES.s)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(c.track))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawRoundedRect(bar, SIZES.radius_small, SIZES.radius_small)

    @staticmethod
    def _ring(painter: QPainter, place: QRect, colour: QColor) -> None:
        painter.setPen(
            QPen(colour, SIZES.focus, Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap, Qt.PenJoinStyle.MiterJoin)
        )
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(place.adjusted(1, 1, -1, -1))

    def _value(
        self,
        painter: QPainter,
        inside: QRect,
        model: RecordModel,
        cell: tuple[int, int],
        row: Row,
        draft: Draft | None,
        c: Colours,
    ) -> None:
        field = model.fields[cell[1]]
        value = row.values.get(field.id) if draft is None else draft.value
        if draft is None and field.id in row.errors:
            self._text(painter, inside, row.errors[field.id], c.warning, right=field.kind.numeric)
            return
        kind = field.kind.value_type
        if value is None or (kind == "bool" and not value):
            return
        if kind == "choice":
            self._chip(painter, inside, field, value)
        elif kind == "bool":
            self._tick(painter, inside, c)
        elif kind == "record":
            self._link(painter, inside, model.text(cell[0], field), c)
        else:
            wrong = draft is not None and bool(draft.problems)
            colour = c.danger if wrong else c.text
            text = model.text(cell[0], field)
            self._text(painter, inside, text, colour, right=field.kind.numeric, strong=cell[1] == self.titles)

    def _text(
        self, painter: QPainter, inside: QRect, text: str, colour: str, *, right: bool = False, strong: bool = False
    ) -> None:
        metrics = self._strong_metrics if strong else self._metrics
        painter.setFont(self._strong if strong else self._plain)
        painter.setPen(QColor(colour))
        shown = metrics.elidedText(text[:1000], ELIDE, inside.width())
        painter.drawText(inside, RIGHT if right else LEFT, shown)

    @staticmethod
    def _chip(painter: QPainter, inside: QRect, field: Field, value: Any) -> None:
        options = getattr(field.props, "options", None) or ()
        option = next((each for each in options if each.id == value), None)
        if option is None:
            paint_chip(painter, inside, "?", 7)
        else:
            paint_chip(painter, inside, option.label, option.color, faded=option.retired)

    @staticmethod
    def _tick(painter: QPainter, inside: QRect, c: Colours) -> None:
        size = SIZES.icon
        box = QRect(inside.left(), inside.center().y() - size // 2 + 1, size, size)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(c.success_soft))
        painter.drawRoundedRect(box, SIZES.radius_small, SIZES.radius_small)
        inset = SIZES.xs - 1
        icons.paint(painter, box.adjusted(inset, inset, -inset, -inset), "check_bold", c.success)

    @staticmethod
    def _expander(painter: QPainter, box: QRect, c: Colours) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(c.border))
        painter.setBrush(QColor(c.raised))
        painter.drawRoundedRect(box, SIZES.radius_small, SIZES.radius_small)
        inset = SIZES.xs
        icons.paint(painter, box.adjusted(inset, inset, -inset, -inset), "expand", c.secondary)

    def _link(self, painter: QPainter, inside: QRect, text: str, c: Colours) -> None:
        if not text:
            return
        width = min(self._metrics.horizontalAdvance(text) + 2 * PADDING, inside.width())
        box = QRect(inside.left(), inside.center().y() - SIZES.chip // 2 + 1, width, SIZES.chip)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(c.canvas))
        painter.drawRoundedRect(box, SIZES.radius_small, SIZES.radius_small)
        self._text(painter, box.adjusted(PADDING, 0, -PADDING, 0), text, c.accent_text)

    # Widths and words

    def width(self, model: RecordModel, position: int, column: int) -> int:
        """How wide the content of a cell is, in pixels, its margins included."""
        text = model.text(position, model.fields[column])
        kind = model.fields[column].kind.value_type
        metrics = self._strong_metrics if column == self.titles else self._metrics
        extra = 2 * PADDING if kind in {"choice", "record"} else 0
        return metrics.horizontalAdvance(text[:100]) + 2 * PADDING + extra + SIZES.s

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        """Why a cell is wrong, or the whole of a text that does not fit."""
        model = index.model()
        if event.type() != QEvent.Type.ToolTip or not isinstance(model, RecordModel):
            return False
        QToolTip.showText(event.globalPos(), self.words(model, index, option.rect.width()), view)
        return True

    def words(self, model: RecordModel, index: Index, width: int) -> str:
        """The tool tip of a cell that is `width` pixels wide."""
        row, field = model.record(index.row()), model.fields[index.column()]
        if row is None:
            return ""
        draft = model.draft(row, field)
        if draft is not None and draft.problems:
            return "\n".join(str(problem.message) for problem in draft.problems)
        if field.id in row.errors:
            found = ERRORS.get(row.errors[field.id])
            return str(found.message) if found is not None else ""
        if self.width(model, index.row(), index.column()) <= width + SIZES.xs:
            return ""
        value = model.value(row, field)
        return field.format(value)[:1000] if field.kind.value_type == "text" else model.text(index.row(), field)


def tick_box(place: QRect) -> QRect:
    """Where the tick of a yes/no cell at `place` can be hit."""
    return QRect(place.left() + PADDING, place.top(), SIZES.icon, place.height())


def expander(place: QRect) -> QRect:
    """Where the button that opens the record stands in the cell of its name at `place`."""
    size = SIZES.chip + SIZES.focus
    return QRect(place.right() - size - SIZES.xs, place.center().y() - size // 2, size, size)
