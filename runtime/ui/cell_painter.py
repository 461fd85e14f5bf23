"""`CellPainter`: how values look in the cells of a grid: chips, ticks, figures, links; quiet for everything else.

It draws all cells that are seen in one pass, column by column: a delegate called for each cell costs three times as
much, and a screen of 300 cells must be drawn in a fraction of 50 ms. In rows higher than one line texts wrap, and
everything else stands in the first line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QItemSelectionRange, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QHelpEvent,
    QImage,
    QPainter,
    QPen,
    QPixmap,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem, QToolTip

from resources.styles.tokens import SIZES, Colours
from resources.texts import _
from runtime.form import Field
from runtime.store.rows import Row
from runtime.ui import fonts, icons
from runtime.ui.editors.choice import NewOption
from runtime.ui.entry_model import EntryModel
from runtime.ui.grid_pixmaps import Pixmaps
from runtime.ui.kit.chip import chip_width, paint_chip, paint_chips
from runtime.ui.line_painter import ELIDE, LONGEST, MOST_TEXTS, LinePainter
from runtime.ui.theme import colours
from runtime.value.error_values import ERRORS, shown_error

LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
LINES = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
PADDING = SIZES.s
UNKNOWN_HUE = 7
CHIPPED = frozenset({"choice", "list"})
"""Formula types of what is drawn as chips."""
TINT = 0.6
"""How strong the colour of a whole row is, against that of a chip."""
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Slot:
    """A column that is seen: its place in the viewport, its field, and whether it is frozen there."""

    column: int
    left: int
    width: int
    field: Field
    stays: bool = False


class CellPainter(QStyledItemDelegate):
    """Draws the cells of an `EntryModel`. The grid says which row the mouse is over and which cell is current.

    Attributes:
        hovered: the row under the mouse, -1 for none.
        current: (row, column) of the cell with the ring, (-1, -1) for none.
        titles: column of the record's name, drawn in medium weight.
        opener: column in which the row under the mouse has the button that opens the record.
        height: of a row, in pixels.
    """

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._view = view
        self.hovered = -1
        self.current = (-1, -1)
        self.titles = 0
        self.opener = 0
        self.height = SIZES.row
        self._pixmaps = Pixmaps()
        self._shown: dict[tuple[str, int, bool, int], str] = {}
        self.dress()

    def dress(self) -> None:
        """Take the fonts that hold now."""
        self._plain = fonts.tabular(fonts.sized(SIZES.text))
        self._strong = fonts.tabular(fonts.sized(SIZES.text, QFont.Weight.Medium))
        self._plain_line, self._strong_line = LinePainter(self._plain), LinePainter(self._strong)
        self._metrics, self._strong_metrics = self._plain_line.metrics, self._strong_line.metrics
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
        if not isinstance(model, EntryModel):
            return
        c = colours()
        painter.fillRect(clip, QColor(c.surface))
        if model.grouped:
            rows = [(position, top) for position, top in rows if model.group(position) is None]
        records = [(position, top, model.row_at(position)) for position, top in rows]
        self._tints(painter, clip, model, records, slots, c)
        self._grounds(painter, clip, rows, slots, chosen, c)
        for slot in slots:
            self._column(painter, model, slot, records, c)
        self._invite(painter, model, slots, rows, c)
        self._marks(painter, model, slots, records, c)

    @property
    def line(self) -> int:
        """Height of the first line of a row, in which chips, ticks and figures stand."""
        return min(self.height, SIZES.row)

    def _tints(
        self,
        painter: QPainter,
        clip: QRect,
        model: EntryModel,
        records: Sequence[tuple[int, int, Row | None]],
        slots: Sequence[Slot],
        c: Colours,
    ) -> None:
        """The colours that rules give rows and cells."""
        for position, top, _row in records:
            tint = model.tint(position)
            if tint.row is not None:
                painter.fillRect(clip.left(), top, clip.width(), self.height, mixed(c.surface, c.chip(tint.row).ground))
            if tint.cells:
                for slot in slots:
                    hue = tint.cells.get(slot.field.id)
                    if hue is not None:
                        painter.fillRect(slot.left, top, slot.width, self.height, QColor(c.chip(hue).ground))

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
        model, high = self._view.model(), self.height
        assert isinstance(model, EntryModel)
        for position, top in rows:
            if position == self.hovered and model.tint(position).row is None:
                painter.fillRect(clip.left(), top, clip.width(), high, hover)
            for part in chosen:
                if part.top() <= position <= part.bottom():
                    for slot in slots:
                        if part.left() <= slot.column <= part.right():
                            painter.fillRect(slot.left, top, slot.width, high, selection)
            painter.fillRect(clip.left(), top + high - SIZES.hair, clip.width(), SIZES.hair, line)

    def _column(
        self,
        painter: QPainter,
        model: EntryModel,
        slot: Slot,
        records: Sequence[tuple[int, int, Row | None]],
        c: Colours,
    ) -> None:
        field, kind = slot.field, slot.field.kind.value_type
        place = QRect(slot.left + PADDING, 0, slot.width - 2 * PADDING, self.line - SIZES.hair)
        if place.width() <= 0:
            return
        strong = slot.column == self.titles
        painter.setFont(self._strong if strong else self._plain)
        painter.setPen(QColor(c.accent_text if field.kind.editor == "link" else c.text))
        flags = RIGHT if field.kind.numeric else LEFT
        drafts = bool(model.drafts)
        self._skeletons(painter, place, slot.column, records, c)
        for position, top, row in records:
            if row is None:
                continue
            place.moveTop(top)
            draft = model.draft(row, field) if drafts else None
            if draft is None and field.id in row.updating:
                self._text_in(painter, place, model.text(position, field), flags, c.secondary, c)
            elif draft is None and field.id in row.errors:
                self._text_in(painter, place, shown_error(row.errors[field.id]), flags, c.warning, c)
            elif (value := row.values.get(field.id) if draft is None else draft.value) is None:
                continue
            elif kind in CHIPPED:
                self._chip(painter, place, field, value, c)
            elif kind == "bool":
                box = self._tick(c) if value else self._box(c)
                painter.drawPixmap(place.left(), place.top() + (self.line - SIZES.icon) // 2, box)
            elif kind == "record":
                self._link(painter, place, model.text(position, field), c)
            elif draft is not None and draft.problems:
                self._text_in(painter, place, model.text(position, field), flags, c.danger, c)
            else:
                text = model.text(position, field) if draft is not None else model.stored_text(position, row, field)
                self._words(painter, place, text, flags, strong)

    def _invite(
        self, painter: QPainter, model: EntryModel, slots: Sequence[Slot], rows: Sequence[tuple[int, int]], c: Colours
    ) -> None:
        """What the empty row is for, in the column of the names, until something is typed."""
        slot = next((each for each in slots if each.column == max(0, self.titles)), None)
        if slot is not None and rows and rows[-1][0] == model.entry and not model.begun:
            place = QRect(slot.left + PADDING, rows[-1][1], slot.width - 2 * PADDING, self.line - SIZES.hair)
            painter.setFont(self._plain)
            self._text_in(painter, place, _("New record"), LEFT, c.secondary, c)

    def _words(self, painter: QPainter, place: QRect, text: str, flags: int, strong: bool) -> None:
        if self.height > self.line and flags == LEFT:
            self._wrapped(painter, place, text, strong)
        else:
            (self._strong_line if strong else self._plain_line).draw(painter, place, text, flags)

    def _marks(
        self,
        painter: QPainter,
        model: EntryModel,
        slots: Sequence[Slot],
        records: Sequence[tuple[int, int, Row | None]],
        c: Colours,
    ) -> None:
        """The ring of the current cell, the rings of refused ones, the button of the row under the mouse."""
        for slot in slots:
            if slot.column == self.opener:
                for position, top, row in records:
                    if position == self.hovered and row is not None and row is not model.blank:
                        self._expander(painter, expander(QRect(slot.left, top, slot.width, self.line)), c)
        refused = {key for key, draft in model.drafts.items() if draft.problems}
        focused = self._view.hasFocus()
        for position, top, row in records:
            for slot in slots:
                place = QRect(slot.left, top, slot.width, self.height)
                if refused and row is not None and (row.id, slot.field.id) in refused:
                    self.ring(painter, place, c.danger)
                elif (position, slot.column) == self.current:
                    self.ring(painter, place, c.accent if focused else c.border_strong)

    @staticmethod
    def _skeletons(
        painter: QPainter, place: QRect, column: int, records: Sequence[tuple[int, int, Row | None]], c: Colours
    ) -> None:
        """What stands in the place of cells that have not landed, in one stroke."""
        left, whole, rise = place.left(), min(place.width(), SIZES.xxl), place.height() // 2 - SIZES.xs
        bars = [
            QRect(left, top + rise, whole * (50 + (position * 7 + column * 3) % 5 * 10) // 100, SIZES.s)
            for position, top, row in records
            if row is None
        ]
        if bars:
            pen = painter.pen()
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(c.track))
            painter.drawRects(bars)
            painter.setPen(pen)

    @staticmethod
    def ring(painter: QPainter, place: QRect, colour: str) -> None:
        """Around the current cell, or one that was refused."""
        pen = QPen(QColor(colour), SIZES.focus)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(place.adjusted(1, 1, -1, -1))

    def _text_in(self, painter: QPainter, place: QRect, text: str, flags: int, colour: str, c: Colours) -> None:
        painter.setPen(QColor(colour))
        self._plain_line.draw(painter, place, text, flags)
        painter.setPen(QColor(c.text))

    def _wrapped(self, painter: QPainter, place: QRect, text: str, strong: bool) -> None:
        """A text in as many lines as the row has room for."""
        metrics = self._strong_metrics if strong else self._metrics
        margin = (self.line - metrics.height()) // 2
        count = max(1, (self.height - margin - SIZES.xs) // metrics.lineSpacing())
        key = (text, place.width(), strong, count)
        found = self._shown.get(key)
        if found is None:
            if len(self._shown) >= MOST_TEXTS:
                self._shown.clear()
            font = self._strong if strong else self._plain
            found = self._shown[key] = "\n".join(wrapped(text[:LONGEST], font, metrics, place.width(), count))
        painter.drawText(QRect(place.left(), place.top() + margin, place.width(), self.height - margin), LINES, found)

    def _chip(self, painter: QPainter, place: QRect, field: Field, value: object, c: Colours) -> None:
        if isinstance(value, tuple):
            self._chips(painter, place, field, value, c)
            return
        options = getattr(field.props, "options", None) or ()
        option = next((each for each in options if each.id == value), None)
        unknown = value.label if isinstance(value, NewOption) else "?"
        label, hue, faded = (option.label, option.color, option.retired) if option else (unknown, UNKNOWN_HUE, False)
        key = ("chip", label, hue, faded, place.width(), c.dark)
        picture = self._pixmaps.get(
            key,
            lambda: QSize(min(chip_width(label), place.width()), SIZES.chip),
            self._view.devicePixelRatioF(),
            lambda brush, box: paint_chip(brush, box, label, hue, faded=faded),
        )
        painter.drawPixmap(place.left(), place.top() + (self.line - SIZES.chip) // 2, picture)

    def _chips(self, painter: QPainter, place: QRect, field: Field, value: Sequence[str], c: Colours) -> None:
        options = {each.id: each for each in getattr(field.props, "options", None) or ()}
        found = [options.get(each) for each in value]
        chips = tuple((each.label, each.color) if each is not None else ("?", UNKNOWN_HUE) for each in found)
        picture = self._pixmaps.get(
            ("chips", chips, place.width(), c.dark),
            lambda: QSize(place.width(), SIZES.chip),
            self._view.devicePixelRatioF(),
            lambda brush, box: paint_chips(brush, box, chips),
        )
        painter.drawPixmap(place.left(), place.top() + (self.line - SIZES.chip) // 2, picture)

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

    def _box(self, c: Colours) -> QPixmap:
        """No: another thing than a blank cell."""
        size = SIZES.icon

        def draw(brush: QPainter, box: QRect) -> None:
            brush.setRenderHint(QPainter.RenderHint.Antialiasing)
            brush.setPen(QColor(c.border_strong))
            brush.setBrush(Qt.BrushStyle.NoBrush)
            brush.drawRoundedRect(box.adjusted(1, 1, -2, -2), SIZES.radius_small, SIZES.radius_small)

        return self._pixmaps.get(("box", c.dark), lambda: QSize(size, size), self._view.devicePixelRatioF(), draw)

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
        painter.drawPixmap(place.left(), place.top() + (self.line - SIZES.chip) // 2, picture)

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
        return QSize(SIZES.xxl, self.height)

    def width(self, model: EntryModel, position: int, column: int) -> int:
        """How wide the content of a cell is, in pixels, its margins included."""
        text = model.text(position, model.fields[column])
        kind = model.fields[column].kind.value_type
        metrics = self._strong_metrics if column == self.titles else self._metrics
        extra = 2 * PADDING if kind in {"choice", "record"} else 0
        if kind == "list":
            row = model.record(position)
            value = model.value(row, model.fields[column]) if row is not None else None
            extra = 3 * PADDING * len(value or ())
        return metrics.horizontalAdvance(text[:100]) + 2 * PADDING + extra + SIZES.s

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        """Why a cell is wrong, or the whole of a text that does not fit."""
        model = index.model()
        if event.type() != QEvent.Type.ToolTip or not isinstance(model, EntryModel):
            return False
        QToolTip.showText(event.globalPos(), self.words(model, index, option.rect.width()), view)
        return True

    def words(self, model: EntryModel, index: Index, width: int) -> str:
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


def rough_width(text: str) -> int:
    """How wide a text is, in halves of a Chinese character: to find the longest of many without measuring all."""
    return len(text) + sum(sign > "\u2e7f" for sign in text[:LONGEST]) if not text.isascii() else len(text)


def mixed(ground: str, colour: str, share: float = TINT) -> QColor:
    """`share` of `colour` over `ground`."""
    one, other = QColor(ground), QColor(colour)
    parts = zip(one.getRgb()[:3], other.getRgb()[:3], strict=True)  # type: ignore[index]
    return QColor(*(round(a + (b - a) * share) for a, b in parts))


def wrapped(text: str, font: QFont, metrics: QFontMetrics, width: int, count: int) -> list[str]:
    """The lines of a text in this width, at most `count`; the last ends with an ellipsis where more follows."""
    lines: list[str] = []
    layout, end = QTextLayout(text, font), 0
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    while len(lines) < count:
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(width)
        end = line.textStart() + line.textLength()
        lines.append(text[line.textStart() : end].rstrip())
    layout.endLayout()
    if lines and end < len(text):
        lines[-1] = metrics.elidedText(lines[-1] + text[end:], ELIDE, width)
    return lines


def first_strokes() -> None:
    """Draw into nothing what grids draw: the first strokes of a program cost 20 ms, for the names of Qt they make."""
    picture = QImage(SIZES.l, SIZES.l, QImage.Format.Format_ARGB32_Premultiplied)
    painter, place, colour = QPainter(picture), QRect(0, 0, SIZES.l, SIZES.l), QColor(colours().surface)
    painter.setClipRect(place)
    painter.fillRect(place, colour)
    painter.fillRect(0, 0, SIZES.l, SIZES.hair, colour)
    painter.setPen(colour)
    painter.setPen(QPen(colour, SIZES.focus))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.drawRoundedRect(place, 1, 1)
    painter.drawText(place, LEFT, "")
    painter.drawText(0, 0, SIZES.l, SIZES.l, RIGHT, "")
    painter.drawRect(place)
    painter.setClipping(False)
    painter.end()
    QFontMetrics(QFont()).elidedText("", ELIDE, 1)
