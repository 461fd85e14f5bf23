"""The popover in which groups are chosen: up to three fields by which records stand together, dates by a unit."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from resources.styles.tokens import SIZES
from resources.texts import T, _
from runtime.form import Form
from runtime.store.query import Group
from runtime.ui.filter_chooser import Chooser
from runtime.ui.kit.picker import Pick
from runtime.ui.ordered_panel import OrderedPanel, OrderedRow
from runtime.ui.sort_panel import direction_of, first_free, sortable
from runtime.view import MOST_GROUPS

WIDTH = SIZES.xxl * 12
UNIT_WIDTH = SIZES.xxl * 2 + SIZES.m
UNIT_WORDS = {
    "": T("Each value"),
    "day": T("Day"),
    "week": T("Week"),
    "month": T("Month"),
    "quarter": T("Quarter"),
    "year": T("Year"),
}
USUAL_UNIT = "month"


class GroupRow(OrderedRow):
    """One field."""

    def __init__(self, form: Form, group: Group) -> None:
        super().__init__(_("Remove this group"))
        self._form = form
        self.fields = Chooser(_("Field"), [Pick(field.id, field.name) for field in sortable(form)], group.field)
        self.fields.picked.connect(self._field_picked)
        units = [Pick(unit, str(label)) for unit, label in UNIT_WORDS.items()]
        self.unit = Chooser(_("Unit"), units, group.unit)
        self.unit.setFixedWidth(UNIT_WIDTH)
        self.unit.picked.connect(self.changed)
        self.direction = direction_of(group.descending)
        self.direction.chosen.connect(self.changed)
        self.line.addWidget(self.fields, 1)
        self.line.addWidget(self.unit)
        self.line.addWidget(self.direction)
        self.setFocusProxy(self.fields)
        self.unit.setVisible(self._dated)

    @property
    def _dated(self) -> bool:
        return self._form.by_id[self.fields.value].kind.value_type in {"date", "datetime"}

    def _field_picked(self) -> None:
        self.unit.choose(USUAL_UNIT if self._dated else "")
        self.unit.setVisible(self._dated)
        self.changed.emit()

    def value(self) -> Group:
        return Group(self.fields.value, self.direction.key() == "down", self.unit.value if self._dated else "")


class GroupPanel(OrderedPanel):
    """The groups, the outermost first."""

    def __init__(self, anchor: QWidget, form: Form) -> None:
        nothing = _("Records of the same value can stand together under a heading, with their count and sums.")
        super().__init__(anchor, form, WIDTH, MOST_GROUPS, _("Add group"), nothing)

    @property
    def values(self) -> tuple[Group, ...]:
        """The groups; a field counts once."""
        return tuple({group.field: group for group in reversed(super().values)}.values())[::-1]

    def make_row(self, value: Any) -> GroupRow:
        return GroupRow(self.form, value)

    def new_value(self) -> Group | None:
        used = [group.field for group in self.values]
        likely = [field for field in sortable(self.form) if field.kind.value_type in {"choice", "record", "bool"}]
        free = next((field for field in likely if field.id not in used), None) or first_free(self.form, used)
        if free is None:
            return None
        return Group(free.id, unit=USUAL_UNIT if free.kind.value_type in {"date", "datetime"} else "")

    def fits(self, value: Any) -> bool:
        return value.field in self.form.by_id
