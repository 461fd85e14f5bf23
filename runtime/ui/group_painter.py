"""`GroupPainter`: the rows of groups in a grid: arrow, value, count, and the summaries under their columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionRange, QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter

from resources.styles.tokens import SIZES, Colours
from resources.texts import plural
from runtime.exchange.export.group_names import group_value
from runtime.form import Field
from runtime.ui import fonts, icons
from runtime.ui.group_rows import GroupRow
from runtime.ui.group_words import figure_words
from runtime.ui.kit.chip import chip_width, paint_chip
from runtime.ui.record_model import RecordModel

if TYPE_CHECKING:
    from runtime.ui.cell_painter import Slot

LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
ELIDE = Qt.TextElideMode.ElideRight
INDENT = SIZES.l
LEAST = SIZES.xxl * 3
"""Room that the value of a group has, whatever stands beside it."""
UNKNOWN_HUE = 7


@dataclass(frozen=True, slots=True)
class Scene:
    """What the rows of groups are drawn into.

    Attributes:
        slots: the columns that are seen.
        area: the whole viewport.
        height: of a row.
        frozen: where the columns that stay end, in pixels.
        chosen: what is selected.
    """

    model: RecordModel
    slots: Sequence[Slot]
    area: QRect
    height: int
    frozen: int
    chosen: Sequence[QItemSelectionRange]
    colours: Colours


@dataclass(frozen=True, slots=True)
class Figure:
    """A summary in the row of a group.

    Attributes:
        slot: its column.
        left: where that is seen from, in pixels.
        start: where the figure itself begins.
        label, figure: what is said.
    """

    slot: Slot
    left: int
    start: int
    label: str
    figure: str

    @property
    def told(self) -> str:
        """The figure with the name of its column."""
        return " ".join(part for part in (self.slot.field.name, self.label, self.figure) if part)


class GroupPainter:
    """Draws the rows of groups; in higher rows they stand at the lower edge."""

    def __init__(self) -> None:
        self.dress()

    def dress(self) -> None:
        """Take the fonts that hold now."""
        self._plain = fonts.tabular(fonts.sized(SIZES.text))
        self._strong = fonts.tabular(fonts.sized(SIZES.text, QFont.Weight.Medium))
        self._small = fonts.tabular(fonts.sized(SIZES.small))

    def width(self, label: str, figure: str) -> int:
        """How wide a figure is, in pixels, its margins included; 0 for none. Its label may be left out."""
        return QFontMetrics(self._plain).horizontalAdvance(figure) + 2 * SIZES.s + 1 if figure else 0

    def draw(self, painter: QPainter, scene: Scene, groups: Sequence[tuple[int, int, GroupRow]]) -> None:
        """Draw (position, top, group) rows."""
        area, height, c = scene.area, scene.height, scene.colours
        for position, top, group in groups:
            line = min(height, SIZES.row)
            row = QRect(area.left(), top + height - line, area.width(), line)
            painter.fillRect(area.left(), top, area.width(), height, QColor(c.surface))
            selected = any(part.top() <= position <= part.bottom() and _is_of(part, scene) for part in scene.chosen)
            painter.fillRect(row, QColor(c.selection if selected else c.canvas))
            painter.fillRect(row.left(), row.bottom(), row.width(), SIZES.hair, QColor(c.border))
            figures = self._figures(scene, group)
            room = self._room(scene, figures)
            pushed = [each for each in figures if each.start < LEAST]
            wide = sum(self._pushed_width(each) for each in pushed)
            end = self._label(painter, scene, group, row, max(LEAST, room - wide))
            for each in pushed:
                end = self._push(painter, each, row, end, room, c)
            self._draw_figures(painter, scene, [each for each in figures if each not in pushed], row, end)

    def _figures(self, scene: Scene, group: GroupRow) -> list[Figure]:
        found = []
        for slot in scene.slots:
            label, figure = figure_words(scene.model, slot.field, group.path)
            if figure:
                left = slot.left if slot.stays else max(slot.left, scene.frozen)
                wide = QFontMetrics(self._plain).horizontalAdvance(figure) + 2 * SIZES.s
                start = slot.left + slot.width - wide if slot.field.kind.numeric else left
                found.append(Figure(slot, left, max(start, left), label, figure))
        return found

    @staticmethod
    def _room(scene: Scene, figures: Sequence[Figure]) -> int:
        """How far the label may reach: to the first figure that is not so far left that it comes after the label."""
        return min(
            (each.left if each.left >= LEAST else each.start for each in figures if each.start >= LEAST),
            default=scene.area.right(),
        )

    def _pushed_width(self, figure: Figure) -> int:
        return QFontMetrics(self._small).horizontalAdvance(figure.told) + SIZES.l

    def _push(self, painter: QPainter, figure: Figure, row: QRect, end: int, room: int, c: Colours) -> int:
        """A figure whose place the label takes: after it, with the name of its column; where it ends."""
        x = end + SIZES.l
        metrics = QFontMetrics(self._small)
        words = metrics.elidedText(figure.told, ELIDE, max(0, room - x - SIZES.s))
        painter.setFont(self._small)
        painter.setPen(QColor(c.text))
        painter.drawText(QRect(x, row.top(), max(0, room - x), row.height()), LEFT, words)
        return x + metrics.horizontalAdvance(words)

    def _label(self, painter: QPainter, scene: Scene, group: GroupRow, row: QRect, room: int) -> int:
        """The arrow, the icon of the field, the value and the count; where they end."""
        model, c = scene.model, scene.colours
        arrow = arrow_box(row, group.level)
        icons.paint(painter, arrow, "caret_right" if group.folded else "caret_down", c.secondary)
        field = model.form.by_id.get(group.by.field)
        x = arrow.right() + SIZES.s
        if field is not None:
            icons.paint(painter, QRect(x, arrow.top(), arrow.width(), arrow.height()), field.kind.icon, c.disabled)
            x += arrow.width() + SIZES.s
        x = self._value(painter, model, field, group, QRect(x, row.top(), max(0, room - x), row.height()), c)
        count = plural("{n} record", "{n} records", group.count)
        painter.setFont(self._small)
        metrics = QFontMetrics(self._small)
        words = metrics.elidedText(count, ELIDE, max(0, room - x - SIZES.m))
        painter.setPen(QColor(c.secondary))
        painter.drawText(QRect(x + SIZES.s, row.top(), max(0, room - x), row.height()), LEFT, words)
        return x + SIZES.s + metrics.horizontalAdvance(words)

    def _value(
        self, painter: QPainter, model: RecordModel, field: Field | None, group: GroupRow, place: QRect, c: Colours
    ) -> int:
        """The value, an option as its chip; where it ends."""
        value = group.path[-1]
        words = group_value(model.form, group.by, value, model.today)
        count = QFontMetrics(self._small).horizontalAdvance("0" * 10)
        most = max(SIZES.xxl, place.width() - count)
        if field is not None and field.kind.value_type == "choice" and value is not None:
            option = next((each for each in getattr(field.props, "options", ()) if each.id == value), None)
            hue = option.color if option is not None else UNKNOWN_HUE
            width = min(chip_width(words), most)
            box = QRect(place.left(), place.center().y() - SIZES.chip // 2 + 1, width, SIZES.chip)
            painter.save()
            paint_chip(painter, box, words, hue)
            painter.restore()
            return box.right()
        painter.setFont(self._strong if value is not None else self._plain)
        painter.setPen(QColor(c.text if value is not None else c.secondary))
        metrics = QFontMetrics(painter.font())
        shown = metrics.elidedText(words, ELIDE, most)
        painter.drawText(place, LEFT, shown)
        return place.left() + metrics.horizontalAdvance(shown)

    def _draw_figures(self, painter: QPainter, scene: Scene, figures: Sequence[Figure], row: QRect, end: int) -> None:
        for each in figures:
            slot = each.slot
            place = QRect(slot.left, row.top(), slot.width, row.height()).adjusted(SIZES.s, 0, -SIZES.s, 0)
            place.setLeft(max(place.left(), each.left + SIZES.s))
            if place.left() <= end:
                place.setLeft(end + SIZES.m)
            faces, right = (self._plain, self._small), slot.field.kind.numeric
            draw_figure(painter, place, (each.label, each.figure), faces, scene.colours, right=right)


def _is_of(part: QItemSelectionRange, scene: Scene) -> bool:
    """Whether a range chooses rows of groups as such, and is not cells of records above and below them."""
    return part.height() == 1 or part.width() >= len(scene.model.fields)


def draw_figure(
    painter: QPainter, place: QRect, words: tuple[str, str], faces: tuple[QFont, QFont], c: Colours, *, right: bool
) -> None:
    """A figure at one side of `place`, as the values of its column stand; its label where there is room for both."""
    (label, figure), (plain, small) = words, faces
    metrics = QFontMetrics(plain)
    wide = metrics.horizontalAdvance(figure)
    if place.width() < SIZES.m:
        return
    before = QFontMetrics(small).horizontalAdvance(label) + SIZES.s if label else 0
    labelled = bool(label) and before + wide <= place.width()
    if labelled:
        painter.setFont(small)
        painter.setPen(QColor(c.secondary))
        left = place.right() + 1 - wide - before if right else place.left()
        painter.drawText(QRect(left, place.top(), before, place.height()), LEFT, label)
    painter.setFont(plain)
    painter.setPen(QColor(c.text))
    shown = place if right or not labelled else place.adjusted(before, 0, 0, 0)
    painter.drawText(shown, RIGHT if right else LEFT, metrics.elidedText(figure, ELIDE, shown.width()))


def arrow_box(row: QRect, level: int) -> QRect:
    """Where the arrow of a group on this level stands; a click there folds."""
    size = SIZES.icon_small
    return QRect(row.left() + SIZES.s + level * INDENT, row.center().y() - size // 2 + 1, size, size)
