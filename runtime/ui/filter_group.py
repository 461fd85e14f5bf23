"""A group of conditions as widgets: rows and groups inside, joined by and, or by or."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from resources.styles.tokens import SIZES
from resources.texts import _
from runtime.filters import DEEPEST, Condition, Filter, Unread, operators_of
from runtime.form import Field, Form
from runtime.ui.editors import EditorContext
from runtime.ui.filter_moves import Path
from runtime.ui.filter_row import FilterRow
from runtime.ui.kit.button import IconButton, ghost_button
from runtime.ui.kit.segments import Segments
from runtime.ui.kit.words import words
from runtime.ui.record_titles import Titles


class FilterGroup(QFrame):
    """The whole filter, or a group inside.

    Signals:
        changed(): a person changed something inside.
        resized(): parts came or went.
        menu_asked(QWidget): what else can be done with this row or group.
    """

    changed = Signal()
    resized = Signal()
    menu_asked = Signal(object)

    def __init__(self, form: Form, context: EditorContext, titles: Titles, level: int = 1) -> None:
        super().__init__()
        self._form = form
        self._context = context
        self._titles = titles
        self._level = level
        self._simple = False
        self._kept: tuple[Unread, ...] = ()
        self.parts: list[FilterRow | FilterGroup] = []
        if level > 1:
            self.setProperty("role", "group")
        layout = QVBoxLayout(self)
        inset = SIZES.s if level > 1 else 0
        layout.setContentsMargins(inset, inset, inset, inset)
        layout.setSpacing(SIZES.s)
        self.more = IconButton("dots", _("More for this group"), self)
        self.more.setVisible(level > 1)
        self.more.clicked.connect(lambda: self.menu_asked.emit(self))
        self.mode = Segments(_("Conditions that must hold"), [("all", _("All"), ""), ("any", _("Any"), "")], "all")
        self.mode.chosen.connect(lambda _key: self.changed.emit())
        self._head = QWidget()
        layout.addWidget(self._head)
        self._fill_head()
        self._lines = QVBoxLayout()
        self._lines.setSpacing(SIZES.s)
        layout.addLayout(self._lines)
        self.add = ghost_button(_("Add condition"), "add")
        self.add.clicked.connect(self._add_condition)
        self.add_group = ghost_button(_("Add condition group"), "group")
        self.add_group.clicked.connect(self._add_group)
        foot = QHBoxLayout()
        foot.addWidget(self.add)
        foot.addWidget(self.add_group)
        foot.addStretch(1)
        layout.addLayout(foot)
        self.add_group.setVisible(level < DEEPEST)
        self._settle()

    def _fill_head(self) -> None:
        head = QHBoxLayout(self._head)
        head.setContentsMargins(0, 0, 0, 0)
        self._asked = words(_("Show records that meet"), "secondary")
        if self._level > 1:
            self._asked.setText(_("Records that meet"))
        head.addWidget(self._asked)
        head.addWidget(self.mode)
        head.addStretch(1)
        if self._level > 1:
            head.addWidget(self.more)

    @property
    def filter(self) -> Filter:
        """What the rows say."""
        said = (part.filter if isinstance(part, FilterGroup) else part.condition() for part in self.parts)
        return Filter((*said, *self._kept), self.mode.key() == "any")

    @property
    def rows(self) -> Iterator[FilterRow]:
        """The conditions of this group and of those inside."""
        for part in self.parts:
            yield from part.rows if isinstance(part, FilterGroup) else (part,)

    def simplify(self) -> None:
        """A group that stands for itself: it holds a condition at least, and nothing is moved about."""
        self._simple = True
        self.more.hide()
        self._settle()

    def path_of(self, widget: QWidget) -> Path | None:
        """Where a row or group stands in the filter."""
        for at, part in enumerate(self.parts):
            if part is widget:
                return (at,)
            inner = part.path_of(widget) if isinstance(part, FilterGroup) else None
            if inner is not None:
                return (at, *inner)
        return None

    def show_filter(self, filter: Filter) -> None:
        """Show another filter without saying so."""
        while self.parts:
            self._drop(self.parts[-1])
        self._kept = ()
        for part in filter.conditions:
            if isinstance(part, Filter):
                self._append_group(part)
            elif isinstance(part, Unread):
                self._kept = (*self._kept, part)
            elif (field := self._form.by_id.get(part.field)) is not None and part.operator in operators_of(field):
                self._append(part)
        self.mode.choose("any" if filter.any else "all")
        self._settle()

    def add_condition(self, field_id: str = "") -> FilterRow | None:
        """Add a row, for this field or for the record's name; None where the form has nothing to ask for."""
        field = _first_field(self._form, field_id)
        if field is None:
            return None
        row = self._append(Condition(field.id, operators_of(field)[0]))
        self._said()
        row.start()
        return row

    def _add_condition(self) -> None:
        self.add_condition()

    def _add_group(self) -> None:
        group = self._append_group(Filter((), self.mode.key() == "all"))
        group.add_condition()
        self._said()

    def _append(self, condition: Condition) -> FilterRow:
        row = FilterRow(self._form, condition, self._context, self._titles)
        row.changed.connect(self.changed)
        row.removed.connect(lambda: self._remove(row))
        row.menu_asked.connect(lambda: self.menu_asked.emit(row))
        self.parts.append(row)
        self._lines.addWidget(row)
        return row

    def _append_group(self, filter: Filter) -> FilterGroup:
        group = FilterGroup(self._form, self._context, self._titles, self._level + 1)
        group.show_filter(filter)
        group.changed.connect(lambda: self._inside_changed(group))
        group.resized.connect(self.resized)
        group.menu_asked.connect(self.menu_asked)
        self.parts.append(group)
        self._lines.addWidget(group)
        return group

    def _inside_changed(self, group: FilterGroup) -> None:
        if not group.parts and group in self.parts:
            self._remove(group)
        else:
            self.changed.emit()

    def _remove(self, part: FilterRow | FilterGroup) -> None:
        self._drop(part)
        self._said()
        self.add.setFocus(Qt.FocusReason.TabFocusReason)

    def _drop(self, part: FilterRow | FilterGroup) -> None:
        self.parts.remove(part)
        self._lines.removeWidget(part)
        part.hide()
        part.deleteLater()

    def _said(self) -> None:
        self._settle()
        self.changed.emit()

    def _settle(self) -> None:
        self._asked.setVisible(len(self.parts) > 1)
        self.mode.setVisible(len(self.parts) > 1)
        self._head.setVisible(len(self.parts) > 1 or (self._level > 1 and not self._simple))
        if self._simple:
            for row in self.rows:
                row.more.hide()
                row.cross.setVisible(len(self.parts) > 1)
        self.resized.emit()


def _first_field(form: Form, field_id: str) -> Field | None:
    fields = [field for field in form.fields if operators_of(field)]
    wanted = form.by_id.get(field_id)
    if wanted is not None:
        return wanted if wanted in fields else None
    return form.title if form.title in fields else next(iter(fields), None)
