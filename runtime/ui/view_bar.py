"""`ViewBar`: the toolbar of a page and the panels behind its buttons; they show and change one `ViewState`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from resources.texts import T
from runtime.form import Form
from runtime.ui.colour_panel import ColourPanel
from runtime.ui.editors import EditorContext
from runtime.ui.filter_panel import FilterPanel
from runtime.ui.grid_columns import ColumnsPanel
from runtime.ui.grid_toolbar import GridToolbar
from runtime.ui.group_panel import GroupPanel
from runtime.ui.kit.menus import Item, open_below
from runtime.ui.kit.popover import Popover
from runtime.ui.record_titles import Titles
from runtime.ui.sort_panel import SortPanel
from runtime.ui.view_state import ViewState
from runtime.ui.view_switcher import ViewList
from runtime.view import ROW_HEIGHTS, all_columns

HEIGHT_WORDS = {"compact": T("Compact"), "normal": T("Normal"), "tall": T("Tall"), "extra": T("Extra tall")}


class ViewBar(QObject):
    """Toolbar and panels; a panel is made when it is first needed.

    Args:
        more: what the menu at the end of the toolbar offers, asked each time it is opened.
        parent: in which the toolbar stands.

    Attributes:
        titles: of the records that the filter names.
    """

    def __init__(
        self, state: ViewState, editors: EditorContext, more: Callable[[], Sequence[Item]], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._state = state
        self._editors = editors
        self._more = more
        self._filter: FilterPanel | None = None
        self._sort: SortPanel | None = None
        self._group: GroupPanel | None = None
        self._colour: ColourPanel | None = None
        self.formula = ""
        self.titles = Titles(editors, self)
        bar = self.toolbar = GridToolbar(parent)
        bar.view.clicked.connect(self.open_views)
        bar.filter.clicked.connect(self.open_filter)
        bar.sort.clicked.connect(self.open_sort)
        bar.group.clicked.connect(self.open_groups)
        bar.colours.clicked.connect(self.open_colours)
        bar.columns.clicked.connect(self.open_columns)
        bar.height_.clicked.connect(self.open_heights)
        bar.more.clicked.connect(self.open_more)
        state.changed.connect(self.show)
        state.listed.connect(self._name)
        self.show()

    @property
    def filter(self) -> FilterPanel:
        """The filter."""
        if self._filter is None:
            self._filter = FilterPanel(self.toolbar.filter, self._state.form, self._editors, self.titles)
            self._filter.show_filter(self._state.spec.filter)
            self._filter.changed.connect(self._state.filter_by)
        return self._filter

    @property
    def sort(self) -> SortPanel:
        """The order."""
        if self._sort is None:
            self._sort = SortPanel(self.toolbar.sort, self._state.form)
            self._sort.show_values(self._state.spec.sorts)
            self._sort.changed.connect(self._state.sort_by)
        return self._sort

    # What is shown

    def show(self) -> None:
        """Show the view as it is now, in the toolbar and in the panels."""
        spec = self._state.spec
        self.titles.want_all(self._state.form, spec.filter)
        if self._filter is not None and self._filter.filter.trimmed != spec.filter.trimmed:
            self._filter.show_filter(spec.filter)
        if self._sort is not None:
            self._sort.show_values(spec.sorts)
        if self._group is not None:
            self._group.show_values(spec.groups)
        if self._colour is not None:
            self._colour.show_values(spec.colours)
        self.counts()
        self._name()

    def counts(self) -> None:
        """Show how much of everything there is."""
        state, spec = self._state, self._state.spec
        hidden = sum(column.hidden for column in all_columns(state.form, spec))
        self.toolbar.show_counts(spec, len(spec.filter.active) + bool(self.formula), hidden)

    def _name(self) -> None:
        self.toolbar.view.show_view(self._state.spec, self._state.differs)
        self.toolbar.fit()

    def show_form(self, form: Form) -> None:
        """The form was published anew."""
        panels: list[FilterPanel | SortPanel | GroupPanel | ColourPanel | None] = [
            self._filter, self._sort, self._group, self._colour
        ]  # fmt: skip
        for panel in panels:
            if panel is not None:
                panel.show_form(form)
        self.show()

    # Panels

    def doing(self) -> dict[str, Callable[[], object]]:
        """Name of a command -> what does it, of all that makes sense now."""
        found: dict[str, Callable[[], object]] = {
            "open_filter": self.open_filter,
            "open_sort": self.open_sort,
            "open_groups": self.open_groups,
            "open_colours": self.open_colours,
            "open_columns": self.open_columns,
            "open_heights": self.open_heights,
            "open_views": self.open_views,
            "save_view_as": self.open_save_view,
        }
        if self._state.differs and self._state.saved.id:
            found["save_view"] = self._state.save
        return found

    def open_views(self) -> ViewList:
        """Open the list of views."""
        panel = ViewList(self.toolbar.view, self._state)
        panel.start()
        return panel

    def open_save_view(self) -> None:
        """Ask for the name under which the look is saved."""
        self.open_views().save_as()

    def open_filter(self) -> None:
        """Open the filter."""
        last = self.filter.last
        fresh = self.filter.add_condition() if last is None else None
        self._open(self.filter, self.filter.add if fresh is None else fresh.fields)
        if last is not None:
            last.start()

    def filter_field(self, field_id: str) -> None:
        """Open the filter at a new condition on this field."""
        row = self.filter.add_condition(field_id)
        self._open(self.filter, self.filter.add)
        if row is not None:
            row.start()

    def open_sort(self) -> None:
        """Open the order."""
        self._open(self.sort, self.sort.add)

    def open_groups(self) -> GroupPanel:
        """Open the groups."""
        if self._group is None:
            self._group = GroupPanel(self.toolbar.group, self._state.form)
            self._group.show_values(self._state.spec.groups)
            self._group.changed.connect(lambda groups: self._state.put(self._state.spec.with_groups(groups)))
        fresh = not self._group.rows
        if fresh:
            self._group.add_row()
        self._open(self._group, self._group.rows[0] if fresh else self._group.add)
        return self._group

    def open_colours(self) -> ColourPanel:
        """Open the colour rules."""
        if self._colour is None:
            self._colour = ColourPanel(self.toolbar.colours, self._state.form, self._editors)
            self._colour.show_values(self._state.spec.colours)
            self._colour.changed.connect(lambda rules: self._put(colours=rules))
        if not self._colour.rows:
            self._colour.add_row()
        self._open(self._colour, self._colour.add)
        return self._colour

    def open_columns(self) -> ColumnsPanel:
        """Open the columns."""
        panel = ColumnsPanel(self.toolbar.columns, self._state.form, self._state.spec)
        panel.changed.connect(self._columns)
        panel.open(panel.list)
        self.counts()
        return panel

    def open_heights(self) -> None:
        """Open the heights of rows."""
        now = self._state.spec.row_height
        entries = [
            Item(str(HEIGHT_WORDS[height]), run=self._height(height), chosen=height == now) for height in ROW_HEIGHTS
        ]
        open_below(self.toolbar.height_, entries)

    def open_more(self) -> None:
        """Open what else can be done."""
        open_below(self.toolbar.more, self._more())

    def _open(self, panel: Popover, focus: Any) -> None:
        panel.open(focus)
        self.counts()

    def _put(self, **changes: Any) -> None:
        self._state.put(replace(self._state.spec, **changes))

    def _columns(self, spec: Any) -> None:
        self._put(columns=spec.columns, frozen=spec.frozen)

    def _height(self, height: str) -> Callable[[], None]:
        return lambda: self._put(row_height=height)
