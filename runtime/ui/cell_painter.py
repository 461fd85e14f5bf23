"""`CellPainter`: how values look in the cells of a grid: chips, ticks, figures, links; quiet for everything else.

It draws all cells that are seen in one pass, column by column: a delegate called for each cell costs three times as
much, and a screen of 300 cells must be drawn in a fraction of 50 ms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QItemSelectionRange, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QHelpEvent, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem, QToolTip

from resources.styles.tokens import SIZES, Colours
from runtime.form import Field
from runtime.store.rows import Row
from runtime.ui import fonts, icons
from runtime.ui.grid_pixmaps import Pixmaps
from runtime.ui.kit.chip import chip_width, paint_chip
from runtime.ui.record_model import RecordModel
from runtime.ui.theme import colours
from runtime.value.error_values import ERRORS, shown_error

LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
ELIDE = Qt.TextElideMode.ElideRight
PADDING = SIZES.s
LONGEST = 500
"""Characters of a text that are looked at to see what fits."""
MOST_TEXTS = 20_000
UNKNOWN_HUE = 7
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Slot:
    """A column that is seen: its place in the viewport, and its field."""

    column: int
    left: int
    width: int
    field: Field


class CellPainter(QStyledItemDelegate):
    """Draws the cells of a `RecordModel`. The grid says which row the mouse is over and which cell is current.

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
        self._pixmaps = Pixmaps()
        self._shown: dict[tuple[str, int, bool], str] = {}
        self.dress()

    def dress(self) -> None:
        """Take the fonts that hold now."""
        self._plain = fonts.tabular(fonts.sized(SIZES.text))
        self._strong = fonts.tabular(fonts.sized(SIZES.text, QFont.Weight.Medium))
        self._metrics = QFontMetrics(self._plain)
        self._strong_metrics = QFontMetrics(self._strong)
        self._pixmaps = Pixmaps()
        self._shown = {}

    # Painting

    def draw(
        self,
        painter: QPainter,
        clip: QRect,
        rows: Sequence[tuple[int, int]],
        slots: Sequence[Slot],
        chosen: Sequence[QItemSelectionRange],
    ) -> None:
        """Draw what is seen of `rows` (position, top) and `slots` inside `clip`, on a ground of its own."""
        model = self._view.model()
        if not isinstance(model, RecordModel):
            return
        c = colours()
        painter.fillRect(clip, QColor(c.surface))
        self._grounds(painter, clip, rows, slots, chosen, c)
        records = [(position, top, model.record(position)) for position, top in rows]
        for slot in slots:
            self._column(painter, model, slot, records, c)
        self._marks(painter, model, slots, records, c)

    def _grounds(
        self,
        painter: QPainter,
        clip: QRect,
        rows: Sequence[tuple[int, int]],
        slots: Sequence[Slot],
        chosen: Sequence[QItemSelectionRange],
        c: Colours,
    ) -> None:
        hover, selection, line = QColor(c.hover_row), QColor(c.selection), QColor(c.border)
        for position, top in rows:
            if position == self.hovered:
                painter.fillRect(clip.left(), top, clip.width(), SIZES.row, hover)
            for part in chosen:
                if part.top() <= position <= part.bottom():
                    for slot in slots:
                        if part.left() <= slot.column <= part.right():
                            painter.fillRect(slot.left, top, slot.width, SIZES.row, selection)
            painter.fillRect(clip.left(), top + SIZES.row - SIZES.hair, clip.width(), SIZES.hair, line)

    def _column(
        self,
        painter: QPainter,
        model: RecordModel,
        slot: Slot,
        records: Sequence[tuple[int, int, Row | None]],
        c: Colours,
    ) -> None:
        field, kind = slot.field, slot.field.kind.value_type
        place = QRect(slot.left + PADDING, 0, slot.width - 2 * PADDING, SIZES.row - SIZES.hair)
        if place.width() <= 0:
            return
        strong = slot.column == self.titles
        painter.setFont(self._strong if strong else self._plain)
        painter.setPen(QColor(c.text))
        flags = RIGHT if field.kind.numeric else LEFT
        for position, top, row in records:
            place.moveTop(top)
            if row is None:
                self._skeleton(painter, place, position * 7 + slot.column * 3, c)
                continue
            draft = model.draft(row, field)
            if draft is None and field.id in row.updating:
                self._text_in(painter, place, model.text(position, field), flags, c.secondary, c)
                continue
            if draft is None and field.id in row.errors:
                self._text_in(painter, place, shown_error(row.errors[field.id]), flags, c.warning, c)
                continue
            value = row.values.get(field.id) if draft is None else draft.value
            if value is None:
                continue
            if kind == "choice":
                self._chip(painter, place, field, value, c)
            elif kind == "bool":
                if value:
                    painter.drawPixmap(place.left(), place.top() + (SIZES.row - SIZES.icon) // 2, self._tick(c))
            elif kind == "record":
                self._link(painter, place, model.text(position, field), c)
            elif draft is not None and draft.problems:
                self._text_in(painter, place, model.text(position, field), flags, c.danger, c)
            else:
                painter.drawText(place, flags, self._fitting(model.text(position, field), place.width(), strong))

    def _marks(
        self,
        painter: QPainter,
        model: RecordModel,
        slots: Sequence[Slot],
        records: Sequence[tuple[int, int, Row | None]],
        c: Colours,
    ) -> None:
        """The ring of the current cell, the rings of refused ones, the button of the row under the mouse."""
        for slot in slots:
            if slot.column == self.titles:
                for position, top, row in records:
                    if position == self.hovered and row is not None:
                        self._expander(painter, expander(QRect(slot.left, top, slot.width, SIZES.row)), c)
        refused = {key for key, draft in model.drafts.items() if draft.problems}
        focused = self._view.hasFocus()
        for position, top, row in records:
            for slot in slots:
                place = QRect(slot.left, top, slot.width, SIZES.row)
                if refused and row is not None and (row.id, slot.field.id) in refused:
                    self._ring(painter, place, c.danger)
                elif (position, slot.column) == self.current:
                    self._ring(painter, place, c.accent if focused else c.border_strong)

    @staticmethod
    def _skeleton(painter: QPainter, place: QRect, seed: int, c: Colours) -> None:
        width = min(place.width(), SIZES.xxl) * (50 + seed % 5 * 10) // 100
        painter.fillRect(place.left(), place.center().y() - SIZES.xs, width, SIZES.s, QColor(c.track))

    @staticmethod
    def _ring(painter: QPainter, place: QRect, colour: str) -> None:
        pen = QPen(QColor(colour), SIZES.focus)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(place.adjusted(1, 1, -1, -1))

    def _text_in(self, painter: QPainter, place: QRect, text: str, flags: int, colour: str, c: Colours) -> None:
        painter.setPen(QColor(colour))
        painter.drawText(place, flags, self._fitting(text, place.width()))
        painter.setPen(QColor(c.text))

    def _fitting(self, text: str, width: int, strong: bool = False) -> str:
        key = (text, width, strong)
        found = self._shown.get(key)
        if found is None:
            if len(self._shown) >= MOST_TEXTS:
                self._shown.clear()
            metrics = self._strong_metrics if strong else self._metrics
            found = self._shown[key] = metrics.elidedText(text[:LONGEST], ELIDE, width)
        return found

    def _chip(self, painter: QPainter, place: QRect, field: Field, value: object, c: Colours) -> None:
        options = getattr(field.props, "options", None) or ()
        option = next((each for each in options if each.id == value), None)
        label, hue, faded = (option.label, option.color, option.retired) if option else ("?", UNKNOWN_HUE, False)
        key = ("chip", label, hue, faded, place.width(), c.dark)
        picture = self._pixmaps.get(
            key,
            lambda: QSize(min(chip_width(label), place.width()), SIZES.chip),
            self._view.devicePixelRatioF(),
            lambda brush, box: paint_chip(brush, box, label, hue, faded=faded),
        )
        painter.drawPixmap(place.left(), place.top() + (SIZES.row - SIZES.chip) // 2, picture)

    def _tick(self, c: Colours) -> QPixmap:
        size = SIZES.icon

        def draw(brush: QPainter, box: QRect) -> None:
            brush.setRenderHint(QPainter.RenderHint.Antialiasing)
            brush.setPen(Qt.PenStyle.NoPen)
            brush.setBrush(QColor(c.success_soft))
            brush.drawRoundedRect(box, SIZES.radius_small, SIZES.radius_small)
            inset = SIZES.xs - 1
            icons.paint(brush, box.adjusted(inset, inset, -inset, -inset), "check_bold", c.success)

        return self._pixmaps.get(("tick", c.dark), lambda: QSize(size, size), self._view.devicePixelRatioF(), draw)

    def _link(self, painter: QPainter, place: QRect, text: str, c: Colours) -> None:
        if not text:
            return
        key = ("link", text, place.width(), c.dark)

        def size() -> QSize:
            return QSize(min(self._metrics.horizontalAdvance(text[:LONGEST]) + 2 * PADDING, place.width()), SIZES.chip)

        def draw(brush: QPainter, box: QRect) -> None:
            brush.setRenderHint(QPainter.RenderHint.Antialiasing)
            brush.setPen(Qt.PenStyle.NoPen)
            brush.setBrush(QColor(c.hover_row))
            brush.drawRoundedRect(box, SIZES.radius_small, SIZES.radius_small)
            inside = box.adjusted(PADDING, 0, -PADDING, 0)
            brush.setFont(self._plain)
            brush.setPen(QColor(c.accent_text))
            brush.drawText(inside, LEFT, self._metrics.elidedText(text[:LONGEST], ELIDE, inside.width() + 1))

        picture = self._pixmaps.get(key, size, self._view.devicePixelRatioF(), draw)
        painter.drawPixmap(place.left(), place.top() + (SIZES.row - SIZES.chip) // 2, picture)

    @staticmethod
    def _expander(painter: QPainter, box: QRect, c: Colours) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(c.border))
        painter.setBrush(QColor(c.raised))
        painter.drawRoundedRect(box, SIZES.radius_small, SIZES.radius_small)
        inset = SIZES.xs
        icons.paint(painter, box.adjusted(inset, inset, -inset, -inset), "expand", c.secondary)
        painter.restore()

    # Widths and words

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """One row."""
        return QSize(SIZES.xxl, SIZES.row)

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
        if self.width(model, index.row(), index.column()) <= width + SIZES.s:
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
