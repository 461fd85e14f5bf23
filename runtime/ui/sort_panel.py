"""The popover in which the order of records is chosen: several keys, the first one counts most."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from resources.styles.tokens import SIZES
from resources.texts import _
from runtime.form import Field, Form
from runtime.store.query import Sort
from runtime.ui.filter_chooser import Chooser
from runtime.ui.kit.picker import Pick
from runtime.ui.kit.segments import Segments
from runtime.ui.ordered_panel import OrderedPanel, OrderedRow
from runtime.view import MOST_SORTS

WIDTH = SIZES.xxl * 10


def sortable(form: Form) -> list[Field]:
    """The fields that records can be sorted by, the record's name first."""
    known = [field for field in form.fields if field.known]
    title = form.title
    return [title, *(field for field in known if field is not title)] if title in known and title is not None else known


def first_free(form: Form, used: Sequence[str]) -> Field | None:
    """The first field that is not used yet."""
    return next((field for field in sortable(form) if field.id not in used), None)


def direction_of(descending: bool) -> Segments:
    """Ascending or descending."""
    choices = [("up", _("Ascending"), "arrow_up"), ("down", _("Descending"), "arrow_down")]
    made = Segments(_("Order"), choices, "down" if descending else "up")
    made.setMinimumWidth(made.sizeHint().width())
    return made


class SortRow(OrderedRow):
    """One key."""

    def __init__(self, form: Form, sort: Sort) -> None:
        super().__init__(_("Remove this key"))
        self.fields = Chooser(_("Field"), [Pick(field.id, field.name) for field in sortable(form)], sort.field)
        self.fields.picked.connect(self.changed)
        self.direction = direction_of(sort.descending)
        self.direction.chosen.connect(self.changed)
        self.line.addWidget(self.fields, 1)
        self.line.addWidget(self.direction)
        self.setFocusProxy(self.fields)

    def value(self) -> Sort:
        return Sort(self.fields.value, self.direction.key() == "down")


class SortPanel(OrderedPanel):
    """The keys."""

    def __init__(self, anchor: QWidget, form: Form) -> None:
        nothing = _("Records stand in the order in which they were made.")
        super().__init__(anchor, form, WIDTH, MOST_SORTS, _("Add key"), nothing)

    @property
    def values(self) -> tuple[Sort, ...]:
        """The keys; a field counts once."""
        return tuple({sort.field: sort for sort in reversed(super().values)}.values())[::-1]

    def make_row(self, value: Any) -> SortRow:
        return SortRow(self.form, value)

    def new_value(self) -> Sort | None:
        free = first_free(self.form, [sort.field for sort in self.values])
        return Sort(free.id) if free is not None else None

    def fits(self, value: Any) -> bool:
        return value.field in self.form.by_id
