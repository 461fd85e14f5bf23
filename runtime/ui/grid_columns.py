"""The popover that shows and hides columns."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from resources.styles.tokens import SIZES
from resources.texts import _
from runtime.form import Field, Form
from runtime.ui.icons import IconLabel
from runtime.ui.kit.button import link_button
from runtime.ui.kit.popover import Popover
from runtime.ui.kit.toggle import ToggleSwitch
from runtime.ui.kit.words import ElidedWords

MOST_SEEN = 12


def columns_of(form: Form) -> list[Field]:
    """The fields of a grid, the record's name first; hidden fields are not offered."""
    shown = [field for field in form.fields if not getattr(field.props, "hidden", False)]
    title = form.title
    return [title, *(field for field in shown if field is not title)] if title in shown and title is not None else shown


class ColumnsPanel(Popover):
    """A switch for each field but the record's name.

    Signals:
        changed(frozenset of str): ids of the fields that are hidden now.
    """

    changed = Signal(object)

    def __init__(self, anchor: QWidget, form: Form, hidden: Collection[str]) -> None:
        super().__init__(anchor)
        self.switches: dict[str, ToggleSwitch] = {}
        inner = QWidget()
        inner.setProperty("role", "clear")
        lines = QVBoxLayout(inner)
        lines.setContentsMargins(SIZES.s, SIZES.xs, SIZES.s, SIZES.xs)
        lines.setSpacing(SIZES.xs)
        for field in columns_of(form):
            if field is not form.title:
                lines.addLayout(self._line(field, field.id not in hidden))
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.viewport().setAutoFillBackground(False)
        inner.setAutoFillBackground(False)
        area.setWidget(inner)
        area.setFixedHeight(min(inner.sizeHint().height(), MOST_SEEN * SIZES.row) + SIZES.xs)
        self.body.addWidget(area)
        foot = QHBoxLayout()
        every = link_button(_("Show all"))
        none = link_button(_("Hide all"))
        every.clicked.connect(lambda: self._all(True))
        none.clicked.connect(lambda: self._all(False))
        foot.addWidget(every)
        foot.addStretch(1)
        foot.addWidget(none)
        self.body.addLayout(foot)
        self.closed.connect(self.deleteLater)

    def _line(self, field: Field, shown: bool) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(SIZES.s)
        switch = ToggleSwitch(field.name)
        switch.setChecked(shown)
        switch.clicked.connect(self._say)
        self.switches[field.id] = switch
        line.addWidget(IconLabel(field.kind.icon, "secondary", SIZES.icon_small))
        line.addWidget(ElidedWords(field.name), 1)
        line.addWidget(switch)
        return line

    def _all(self, shown: bool) -> None:
        for switch in self.switches.values():
            switch.setChecked(shown)
        self._say()

    def _say(self) -> None:
        self.changed.emit(frozenset(key for key, switch in self.switches.items() if not switch.isChecked()))
