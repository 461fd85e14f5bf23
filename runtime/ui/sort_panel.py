"""The popover in which the order of records is chosen: several keys, the first one counts most."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from resources.styles.tokens import SIZES
from resources.texts import _
from runtime.form import Field, Form
from runtime.store.query import Sort
from runtime.ui.filter_chooser import Chooser
from runtime.ui.kit.button import IconButton, ghost_button, link_button
from runtime.ui.kit.picker import Pick
from runtime.ui.kit.popover import Popover
from runtime.ui.kit.segments import Segments
from runtime.ui.kit.words import words

WIDTH = SIZES.xxl * 9


def sortable(form: Form) -> list[Field]:
    """The fields that records can be sorted by."""
    return [field for field in form.fields if field.known]


class SortRow(QWidget):
    """One key.

    Signals:
        changed(): another key.
        removed(): take it away.
    """

    changed = Signal()
    removed = Signal()

    def __init__(self, form: Form, sort: Sort) -> None:
        super().__init__()
        self.fields = Chooser(_("Field"), [Pick(field.id, field.name) for field in sortable(form)], sort.field)
        self.fields.picked.connect(self.changed)
        directions = [("up", _("Ascending"), "arrow_up"), ("down", _("Descending"), "arrow_down")]
        self.direction = Segments(_("Order"), directions, "down" if sort.descending else "up")
        self.direction.setMinimumWidth(self.direction.sizeHint().width())
        self.direction.chosen.connect(self.changed)
        remove = IconButton("close", _("Remove this key"))
        remove.clicked.connect(self.removed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SIZES.s)
        layout.addWidget(self.fields, 1)
        layout.addWidget(self.direction)
        layout.addWidget(remove)

    def sort(self) -> Sort:
        """What the row says."""
        return Sort(self.fields.value, self.direction.key() == "down")


class SortPanel(Popover):
    """The keys.

    Signals:
        changed(tuple of Sort): another order.
    """

    changed = Signal(object)

    def __init__(self, anchor: QWidget, form: Form) -> None:
        super().__init__(anchor, WIDTH)
        self._form = form
        self.rows: list[SortRow] = []
        self.body.setContentsMargins(SIZES.m, SIZES.m, SIZES.m, SIZES.s)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(SIZES.s)
        self.body.addLayout(self._lines)
        self._none = words(_("Records stand in the order in which they were made."), "secondary", wrap=True)
        self.body.addWidget(self._none)
        self.add = ghost_button(_("Add key"), "add")
        self.add.clicked.connect(self.add_key)
        self.clear = link_button(_("Clear all"))
        self.clear.clicked.connect(self._clear)
        foot = QHBoxLayout()
        foot.addWidget(self.add)
        foot.addStretch(1)
        foot.addWidget(self.clear)
        self.body.addLayout(foot)
        self._settle()

    @property
    def sorts(self) -> tuple[Sort, ...]:
        """What the rows say; a field counts once."""
        found = {sort.field: sort for row in reversed(self.rows) if (sort := row.sort()).field}
        return tuple(found[key] for key in dict.fromkeys(row.sort().field for row in self.rows) if key in found)

    def show_sorts(self, sorts: Sequence[Sort]) -> None:
        """Show other keys without saying so."""
        if tuple(sorts) == self.sorts and len(sorts) == len(self.rows):
            return
        while self.rows:
            self._drop(self.rows[-1])
        for sort in sorts:
            if sort.field in self._form.by_id:
                self._append(sort)
        self._settle()

    def show_form(self, form: Form) -> None:
        """The form was published anew."""
        sorts, self._form = self.sorts, form
        while self.rows:
            self._drop(self.rows[-1])
        self.show_sorts(sorts)

    def add_key(self) -> None:
        """Add the first field that is no key yet."""
        used = {sort.field for sort in self.sorts}
        title = self._form.title
        fields = sortable(self._form)
        ordered = ([title] if title in fields and title is not None else []) + fields
        free = [field for field in ordered if field.id not in used]
        if free:
            row = self._append(Sort(free[0].id))
            self._settle()
            self._say()
            row.fields.setFocus()

    def _append(self, sort: Sort) -> SortRow:
        row = SortRow(self._form, sort)
        row.changed.connect(self._say)
        row.removed.connect(lambda: self._remove(row))
        self.rows.append(row)
        self._lines.addWidget(row)
        return row

    def _remove(self, row: SortRow) -> None:
        self._drop(row)
        self._settle()
        self._say()
        self.add.setFocus()

    def _drop(self, row: SortRow) -> None:
        self.rows.remove(row)
        self._lines.removeWidget(row)
        row.hide()
        row.deleteLater()

    def _clear(self) -> None:
        self.show_sorts(())
        self._say()

    def _settle(self) -> None:
        self._none.setVisible(not self.rows)
        self.clear.setVisible(bool(self.rows))
        self.adjustSize()

    def _say(self) -> None:
        self.changed.emit(self.sorts)
