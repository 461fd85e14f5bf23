"""A popover with a list of rows whose order counts: sort keys, groups, colour rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from resources.styles.tokens import SIZES
from resources.texts import _
from runtime.form import Form
from runtime.ui.kit.button import IconButton, ghost_button, link_button
from runtime.ui.kit.popover import Popover
from runtime.ui.kit.scrolled import Scrolled
from runtime.ui.kit.words import words

HIGHEST = SIZES.row * 14


class OrderedRow(QFrame):
    """One row: put what it holds into `line`.

    Signals:
        changed(): it says something else.
        raised(): one place up.
        removed(): take it away.
    """

    changed = Signal()
    raised = Signal()
    removed = Signal()

    def __init__(self, remove: str) -> None:
        super().__init__()
        self.line = QHBoxLayout()
        self.line.setSpacing(SIZES.s)
        self.up = IconButton("arrow_up", _("Move up"))
        self.up.clicked.connect(self.raised)
        cross = IconButton("close", remove)
        cross.clicked.connect(self.removed)
        for each in (self.up, cross):
            each.setFixedHeight(SIZES.control)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SIZES.xs)
        layout.addLayout(self.line, 1)
        layout.addWidget(self.up, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(cross, 0, Qt.AlignmentFlag.AlignTop)

    def value(self) -> Any:
        """What the row says."""
        raise NotImplementedError


class OrderedPanel(Popover):
    """The rows; a subclass says what a row is.

    Signals:
        changed(tuple): other values, or in another order.
    """

    changed = Signal(object)

    def __init__(self, anchor: QWidget, form: Form, width: int, most: int, add: str, nothing: str) -> None:
        super().__init__(anchor, width)
        self.form = form
        self._most = most
        self.rows: list[Any] = []
        self.body.setContentsMargins(SIZES.m, SIZES.m, SIZES.m, SIZES.s)
        self._area = Scrolled(HIGHEST, SIZES.s)
        self._area.fitted.connect(self.adjustSize)
        self.body.addWidget(self._area)
        self._none = words(nothing, "secondary", wrap=True)
        self.body.addWidget(self._none)
        self.add = ghost_button(add, "add")
        self.add.clicked.connect(self.add_row)
        self.clear = link_button(_("Clear all"))
        self.clear.clicked.connect(self._clear)
        foot = QHBoxLayout()
        foot.addWidget(self.add)
        foot.addStretch(1)
        foot.addWidget(self.clear)
        self.body.addLayout(foot)
        self._settle()

    # What a subclass says

    def make_row(self, value: Any) -> OrderedRow:
        """The row of a value."""
        raise NotImplementedError

    def new_value(self) -> Any:
        """What a new row says, None where there is no more."""
        raise NotImplementedError

    def fits(self, value: Any) -> bool:
        """Whether the form, as it is now, can show the value."""
        return True

    # Values

    @property
    def values(self) -> tuple[Any, ...]:
        """What the rows say, from the top."""
        return tuple(row.value() for row in self.rows)

    def show_values(self, values: Sequence[Any]) -> None:
        """Show other rows without saying so."""
        wanted = tuple(value for value in values if self.fits(value))
        if wanted == tuple(row.value() for row in self.rows):
            return
        self._show(wanted)

    def show_form(self, form: Form) -> None:
        """The form was published anew."""
        values, self.form = self.values, form
        self._show(tuple(value for value in values if self.fits(value)))

    def add_row(self) -> None:
        """Add a row."""
        value = self.new_value() if len(self.rows) < self._most else None
        if value is not None:
            row = self._append(value)
            self._said()
            row.setFocus(Qt.FocusReason.TabFocusReason)

    def _show(self, values: Sequence[Any]) -> None:
        while self.rows:
            self._drop(self.rows[-1])
        for value in values:
            self._append(value)
        self._settle()

    def _append(self, value: Any) -> OrderedRow:
        row = self.make_row(value)
        row.changed.connect(self.say)
        row.raised.connect(lambda: self._raise(row))
        row.removed.connect(lambda: self._remove(row))
        self.rows.append(row)
        self._area.lines.addWidget(row)
        return row

    def _raise(self, row: OrderedRow) -> None:
        at = self.rows.index(row)
        if at:
            self.rows.insert(at - 1, self.rows.pop(at))
            self._area.lines.removeWidget(row)
            self._area.lines.insertWidget(at - 1, row)
            self._said()
            row.up.setFocus(Qt.FocusReason.TabFocusReason)

    def _remove(self, row: OrderedRow) -> None:
        self._drop(row)
        self._said()
        self.add.setFocus(Qt.FocusReason.TabFocusReason)

    def _drop(self, row: OrderedRow) -> None:
        self.rows.remove(row)
        self._area.lines.removeWidget(row)
        row.hide()
        row.deleteLater()

    def _clear(self) -> None:
        self._show(())
        self.say()

    def _said(self) -> None:
        self._settle()
        self.say()

    def settle(self) -> None:
        """Be as high as the rows need."""
        self._area.setVisible(bool(self.rows))
        self._area.fit()
        self.adjustSize()

    def _settle(self) -> None:
        self._none.setVisible(not self.rows)
        self.clear.setVisible(bool(self.rows))
        self.add.setEnabled(len(self.rows) < self._most)
        for at, row in enumerate(self.rows):
            row.up.setVisible(len(self.rows) > 1)
            row.up.setEnabled(at > 0)
        self.settle()

    def say(self) -> None:
        """Tell what the rows say."""
        self.changed.emit(self.values)
