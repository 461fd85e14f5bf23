"""The popover in which a filter is built; what it says is applied while it is open."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from resources.styles.tokens import SIZES
from resources.texts import _
from runtime.filter_words import sentence
from runtime.filters import MOST, Filter, Unread
from runtime.form import Form
from runtime.ui import filter_moves as moves
from runtime.ui.editors import EditorContext
from runtime.ui.filter_group import FilterGroup
from runtime.ui.filter_row import FilterRow
from runtime.ui.kit.button import Button, link_button
from runtime.ui.kit.menus import LINE, Item, open_below
from runtime.ui.kit.popover import Popover
from runtime.ui.kit.scrolled import Scrolled
from runtime.ui.kit.words import words
from runtime.ui.record_titles import Titles

WIDTH = SIZES.window_least - SIZES.xl
HIGHEST = SIZES.row * 18
REST = 250
"""Milliseconds without a change after which the filter is applied."""


class FilterPanel(Popover):
    """Conditions and groups of them, and what they say as a sentence.

    Args:
        titles: of the records that the filter names.

    Signals:
        changed(Filter): another filter.
    """

    changed = Signal(object)

    def __init__(self, anchor: QWidget, form: Form, context: EditorContext, titles: Titles) -> None:
        super().__init__(anchor, WIDTH)
        self._form = form
        self._context = context
        self._said = Filter()
        self.titles = titles
        self.titles.arrived.connect(self._tell)
        self.body.setContentsMargins(SIZES.m, SIZES.m, SIZES.m, SIZES.s)
        self._area = Scrolled(HIGHEST)
        self._area.fitted.connect(self.adjustSize)
        self.body.addWidget(self._area)
        self._none = words(_("Every record is shown. Add a condition to see only some."), "secondary", wrap=True)
        self.sentence = words("", "small", wrap=True)
        self.clear = link_button(_("Clear all"))
        self.clear.clicked.connect(self._clear)
        foot = QHBoxLayout()
        foot.setContentsMargins(0, SIZES.xs, 0, 0)
        foot.addWidget(self.sentence, 1)
        foot.addWidget(self.clear, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight)
        self.body.addLayout(foot)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REST)
        self._timer.timeout.connect(self._say)
        self.group = self._make()

    def _make(self) -> FilterGroup:
        """The widgets of the form as it is now."""
        group = FilterGroup(self._form, self._context, self.titles)
        group.changed.connect(self._later)
        group.resized.connect(self._settle)
        group.menu_asked.connect(self._menu)
        self.group = group
        self._area.lines.addWidget(self._none)
        self._area.lines.addWidget(group)
        self._settle()
        return group

    @property
    def rows(self) -> list[FilterRow]:
        """The conditions, those of groups too, from the top."""
        return list(self.group.rows)

    @property
    def last(self) -> FilterRow | None:
        """The condition in which the person was last, else the first one."""
        focus = self.focusWidget()
        rows = [row for row in self.rows if row.isAncestorOf(focus)] or self.rows
        return rows[0] if rows else None

    @property
    def add(self) -> Button:
        """The button that adds a condition to the whole filter."""
        return self.group.add

    @property
    def filter(self) -> Filter:
        """What the rows say."""
        return self.group.filter

    def show_filter(self, filter: Filter) -> None:
        """Show another filter without saying so."""
        self._timer.stop()
        self.titles.want_all(self._form, filter)
        self.group.show_filter(filter)
        self._said = self.filter.trimmed
        self._tell()

    def show_form(self, form: Form) -> None:
        """The form was published anew: its fields may be others."""
        filter, self._form = self.filter, form
        self.group.hide()
        self._area.lines.removeWidget(self.group)
        self.group.deleteLater()
        self.group = self._make()
        self.show_filter(filter)

    def add_condition(self, field_id: str = "") -> FilterRow | None:
        """Add a row, for this field or for the record's name."""
        return self.group.add_condition(field_id) if len(self.rows) < MOST else None

    def _menu(self, part: QWidget) -> None:
        path = self.group.path_of(part)
        anchor = part.more if isinstance(part, (FilterRow, FilterGroup)) else part
        if path is None:
            return
        filter = self.filter
        around = moves.part_at(filter, path[:-1])
        assert isinstance(around, Filter)
        last = sum(not isinstance(each, Unread) for each in around.conditions) - 1
        deeper = moves.fits_deeper(filter, path)
        beside = [at for at, each in enumerate(around.conditions) if isinstance(each, Filter) and at != path[-1]]
        entries = [
            Item(_("Move up"), "arrow_up", lambda: self._put(moves.shifted(filter, path, -1)), enabled=path[-1] > 0),
            Item(
                _("Move down"), "arrow_down", lambda: self._put(moves.shifted(filter, path, 1)),
                enabled=path[-1] < last,
            ),
            Item(
                _("Move into a new group"), "group", lambda: self._put(moves.into_new_group(filter, path)),
                enabled=deeper,
            ),
            *(
                Item(
                    _("Move into group {n}", n=number), "arrow_right",
                    partial(self._into, filter, path, at), enabled=deeper,
                )
                for number, at in enumerate(beside, 1)
            ),
            Item(
                _("Move out of the group"), "arrow_left", lambda: self._put(moves.out_of_group(filter, path)),
                enabled=len(path) > 1,
            ),
            LINE,
            Item(
                _("Duplicate"), "copy", lambda: self._put(moves.doubled(filter, path)), enabled=len(self.rows) < MOST
            ),
            Item(_("Remove"), "delete", lambda: self._put(moves.replaced(filter, path, ()))),
        ]  # fmt: skip
        open_below(anchor, entries)

    def _into(self, filter: Filter, path: moves.Path, beside: int) -> None:
        self._put(moves.into_group(filter, path, beside))

    def _put(self, filter: Filter) -> None:
        self.group.show_filter(filter)
        self._say()
        self.add.setFocus(Qt.FocusReason.OtherFocusReason)

    def _clear(self) -> None:
        self.group.show_filter(Filter())
        self._say()

    def _settle(self) -> None:
        if not hasattr(self, "group"):
            return
        self._none.setVisible(not self.group.parts)
        self.clear.setVisible(bool(self.group.parts))
        self.group.add.setEnabled(len(self.rows) < MOST)
        self._tell()

    def _tell(self) -> None:
        said = sentence(self._form, self.filter, self.titles.known)
        self.sentence.setText(_("Shown: {sentence}", sentence=said) if said else "")
        self._area.fit()
        self.adjustSize()

    def _later(self) -> None:
        self._timer.start()

    def _say(self) -> None:
        self._timer.stop()
        self._tell()
        filter = self.filter.trimmed
        if filter != self._said:
            self._said = filter
            self.changed.emit(filter)
