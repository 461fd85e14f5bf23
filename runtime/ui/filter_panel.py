"""The popover in which a filter is built; what it says is applied while it is open."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from resources.styles.tokens import SIZES
from resources.texts import _
from runtime.filters import MOST, Condition, Filter, operators_of
from runtime.form import Form
from runtime.ui.editors import EditorContext
from runtime.ui.filter_row import FilterRow
from runtime.ui.kit.button import ghost_button, link_button
from runtime.ui.kit.popover import Popover
from runtime.ui.kit.segments import Segments
from runtime.ui.kit.words import words

WIDTH = SIZES.field_width * 2
REST = 250
"""Milliseconds without a change after which the filter is applied."""


class FilterPanel(Popover):
    """Conditions joined by and, or by or.

    Signals:
        changed(Filter): another filter.
    """

    changed = Signal(object)

    def __init__(self, anchor: QWidget, form: Form, context: EditorContext) -> None:
        super().__init__(anchor, WIDTH)
        self._form = form
        self._context = context
        self._said = Filter()
        self.rows: list[FilterRow] = []
        self.body.setContentsMargins(SIZES.m, SIZES.m, SIZES.m, SIZES.s)
        self.mode = Segments(_("Conditions that must hold"), [("all", _("All"), ""), ("any", _("Any"), "")], "all")
        self.mode.chosen.connect(lambda _key: self._later())
        self._head = QWidget()
        head = QHBoxLayout(self._head)
        head.setContentsMargins(0, 0, 0, 0)
        head.addWidget(words(_("Show records that meet"), "secondary"))
        head.addWidget(self.mode)
        head.addStretch(1)
        self.body.addWidget(self._head)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(SIZES.s)
        self.body.addLayout(self._lines)
        self._none = words(_("Every record is shown. Add a condition to see only some."), "secondary", wrap=True)
        self.body.addWidget(self._none)
        self.body.addLayout(self._foot())
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REST)
        self._timer.timeout.connect(self._say)
        self._settle()

    def _foot(self) -> QHBoxLayout:
        self.add = ghost_button(_("Add condition"), "add")
        self.add.clicked.connect(self._add)
        self.clear = link_button(_("Clear all"))
        self.clear.clicked.connect(self._clear)
        foot = QHBoxLayout()
        foot.addWidget(self.add)
        foot.addStretch(1)
        foot.addWidget(self.clear)
        return foot

    @property
    def filter(self) -> Filter:
        """What the rows say."""
        return Filter(tuple(row.condition() for row in self.rows), self.mode.key() == "any")

    def show_filter(self, filter: Filter) -> None:
        """Show another filter without saying so."""
        while self.rows:
            self._drop(self.rows[-1])
        for condition in filter.conditions:
            field = self._form.by_id.get(condition.field)
            if field is not None and condition.operator in operators_of(field):
                self._append(condition)
        self.mode.choose("any" if filter.any else "all")
        self._said = Filter(filter.active, filter.any)
        self._settle()

    def show_form(self, form: Form) -> None:
        """The form was published anew: its fields may be others."""
        filter, self._form = self.filter, form
        self.show_filter(filter)

    def add_condition(self, field_id: str = "") -> None:
        """Add a row, for this field or for the record's name."""
        if len(self.rows) >= MOST:
            return
        fields = [field for field in self._form.fields if operators_of(field)]
        title = self._form.title
        field = self._form.by_id.get(field_id) or (title if title in fields else fields[0] if fields else None)
        if field is None or field not in fields:
            return
        row = self._append(Condition(field.id, operators_of(field)[0]))
        self._settle()
        self._later()
        row.start()

    def _add(self) -> None:
        self.add_condition()

    def _append(self, condition: Condition) -> FilterRow:
        row = FilterRow(self._form, condition, self._context)
        row.changed.connect(self._later)
        row.removed.connect(lambda: self._remove(row))
        self.rows.append(row)
        self._lines.addWidget(row)
        return row

    def _remove(self, row: FilterRow) -> None:
        self._drop(row)
        self._settle()
        self._later()
        self.add.setFocus(Qt.FocusReason.TabFocusReason)

    def _drop(self, row: FilterRow) -> None:
        self.rows.remove(row)
        self._lines.removeWidget(row)
        row.hide()
        row.deleteLater()

    def _clear(self) -> None:
        self.show_filter(Filter())
        self._say()

    def _settle(self) -> None:
        self._head.setVisible(len(self.rows) > 1)
        self._none.setVisible(not self.rows)
        self.clear.setVisible(bool(self.rows))
        self.adjustSize()

    def _later(self) -> None:
        self._timer.start()

    def _say(self) -> None:
        self._timer.stop()
        filter = self.filter
        active = Filter(filter.active, filter.any)
        if active != self._said:
            self._said = active
            self.changed.emit(active)
