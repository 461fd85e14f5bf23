"""The popover in which colour rules are made: what a record meets, which colour, for its row or a cell."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from resources.styles.tokens import SIZES
from resources.texts import T, _
from runtime.filters import DEEPEST, Condition, Filter, operators_of
from runtime.form import Form
from runtime.ui.editors import EditorContext
from runtime.ui.filter_chooser import Chooser
from runtime.ui.filter_group import FilterGroup
from runtime.ui.filter_panel import REST
from runtime.ui.filter_panel import WIDTH as FILTER_WIDTH
from runtime.ui.kit.button import ring
from runtime.ui.kit.picker import Pick
from runtime.ui.kit.words import words
from runtime.ui.ordered_panel import OrderedPanel, OrderedRow
from runtime.ui.record_titles import Titles
from runtime.ui.sort_panel import sortable
from runtime.ui.theme import colours
from runtime.view import CHIPS, MOST_COLOURS, ColourRule

WIDTH = FILTER_WIDTH + SIZES.xxl
HUES = (
    T("blue"),
    T("green"),
    T("amber"),
    T("red"),
    T("violet"),
    T("teal"),
    T("pink"),
    T("grey"),
)
"""What people call the chip colours, in their order."""


class Swatch(QAbstractButton):
    """One colour."""

    def __init__(self, hue: int) -> None:
        super().__init__()
        self._hue = hue
        self.setCheckable(True)
        self.setFixedSize(SIZES.xl, SIZES.xl)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(str(HUES[hue]))
        self.setToolTip(str(HUES[hue]))

    def paintEvent(self, event: QPaintEvent) -> None:
        """A disc, with a ring where it is chosen."""
        look = colours().chip(self._hue)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        size = QSize(SIZES.icon, SIZES.icon)
        disc = QRect(self.rect().center() - QRect(0, 0, *size.toTuple()).center(), size)
        painter.setBrush(QColor(look.ground))
        painter.setPen(QPen(QColor(look.text), SIZES.focus if self.isChecked() else 0.5))
        painter.drawEllipse(disc)
        if self.hasFocus():
            ring(painter, self.rect(), self.height() // 2)
        painter.end()


class Swatches(QWidget):
    """One of the colours.

    Signals:
        chosen(): another one.
    """

    chosen = Signal()

    def __init__(self, hue: int) -> None:
        super().__init__()
        self.setAccessibleName(_("Colour"))
        self._group = QButtonGroup(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for each in range(CHIPS):
            swatch = Swatch(each)
            self._group.addButton(swatch, each)
            layout.addWidget(swatch)
        self._group.button(hue % CHIPS).setChecked(True)
        self._group.idClicked.connect(lambda _id: self.chosen.emit())

    def hue(self) -> int:
        """Index of the chosen one."""
        return self._group.checkedId()


class ColourRow(OrderedRow):
    """One rule."""

    def __init__(self, form: Form, rule: ColourRule, context: EditorContext, titles: Titles) -> None:
        super().__init__(_("Remove this rule"))
        self._rule = rule
        self.setProperty("role", "group")
        self.setContentsMargins(SIZES.s, SIZES.s, SIZES.xs, SIZES.s)
        self.group = FilterGroup(form, context, titles, DEEPEST)
        self.group.setProperty("role", "")
        inner = self.group.layout()
        if inner is not None:
            inner.setContentsMargins(0, 0, 0, 0)
        self.group.simplify()
        self.group.show_filter(rule.filter)
        self.group.changed.connect(self.changed)
        self.swatches = Swatches(rule.colour)
        self.swatches.chosen.connect(self.changed)
        cells = [Pick(field.id, _("the cell “{field}”", field=field.name)) for field in sortable(form)]
        self.target = Chooser(_("What is coloured"), [Pick("", _("the whole row")), *cells], rule.field)
        self.target.picked.connect(self.changed)
        below = QHBoxLayout()
        below.setSpacing(SIZES.s)
        below.addWidget(words(_("colours"), "secondary"))
        below.addWidget(self.target, 1)
        below.addWidget(self.swatches)
        lines = QVBoxLayout()
        lines.setSpacing(SIZES.s)
        lines.addWidget(self.group)
        lines.addLayout(below)
        self.line.addLayout(lines, 1)

    def value(self) -> ColourRule:
        return replace(self._rule, filter=self.group.filter, colour=self.swatches.hue(), field=self.target.value)

    def start(self) -> None:
        """Take the keyboard where the value goes."""
        for row in self.group.rows:
            row.start()
            return


class ColourPanel(OrderedPanel):
    """The rules; the first one that a record meets colours it."""

    def __init__(self, anchor: QWidget, form: Form, context: EditorContext) -> None:
        self._context = context
        self.titles = Titles(context, anchor)
        nothing = _("Rows and cells can take a colour when their record meets a condition.")
        super().__init__(anchor, form, WIDTH, MOST_COLOURS, _("Add rule"), nothing)
        self._told: tuple[ColourRule, ...] = ()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REST)
        self._timer.timeout.connect(self._tell)

    def make_row(self, value: Any) -> ColourRow:
        self.titles.want_all(self.form, value.filter)
        return ColourRow(self.form, value, self._context, self.titles)

    def new_value(self) -> ColourRule | None:
        fields = [field for field in sortable(self.form) if operators_of(field)]
        likely = [field for field in fields if field.kind.value_type == "choice"] or fields
        if not likely:
            return None
        condition = Condition(likely[0].id, operators_of(likely[0])[0])
        used = {rule.colour for rule in self.values}
        free = next((hue for hue in range(CHIPS) if hue not in used), 0)
        return ColourRule(Filter((condition,)), free)

    def fits(self, value: Any) -> bool:
        return not value.field or value.field in self.form.by_id

    def show_values(self, values: Any) -> None:
        """Show other rules without saying so; rows that lack a value stay while the others are the same."""
        if tuple(values) != self._told:
            self._told = tuple(values)
            super().show_values(values)

    def say(self) -> None:
        """Tell the rules after a rest in typing."""
        self._timer.start()

    def _tell(self) -> None:
        rules = tuple(replace(rule, filter=rule.filter.trimmed) for rule in self.values)
        said = tuple(rule for rule in rules if rule.filter.active)
        if said != self._told:
            self._told = said
            self.changed.emit(said)
