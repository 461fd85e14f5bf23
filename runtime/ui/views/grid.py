"""Grid: records as rows, fields as columns, edited in place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QVBoxLayout, QWidget

from resources.texts import T, _, plural
from runtime.errors import Problem
from runtime.form import Field, Form
from runtime.store.query import Sort
from runtime.store.records import Applied
from runtime.store.rows import Row
from runtime.ui.entry_model import EntryModel
from runtime.ui.form_commands import FORM_COMMANDS
from runtime.ui.grid import Grid
from runtime.ui.grid_footer import GridFooter, outer_bar
from runtime.ui.grid_look import GridLook
from runtime.ui.grid_sums import RangeSums
from runtime.ui.grid_tools import GridTools
from runtime.ui.grid_work import GridWork
from runtime.ui.kit.menus import LINE, Item, menu_of
from runtime.ui.record_drafts import Draft
from runtime.ui.views import View, ViewContext, ViewKind, view_kinds
from runtime.view import ViewSpec, shown_fields
from runtime.work import Progress


class GridView(View):
    """A grid over a windowed model."""

    def __init__(self, form: Form, spec: ViewSpec, context: ViewContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._form = form
        self._reveal: int | None = None
        self._tries = 0
        self._asked: tuple[str, tuple[Sort, ...], str] | None = None
        self.model = EntryModel(context.session, context.jobs, form, shown_fields(form, spec), self)
        self._offer_entry()
        self.grid = Grid(self.model, context.editors, self)
        self.footer = GridFooter(self.grid, self)
        self.look = GridLook(self.grid, self.footer, form, spec)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.grid)
        layout.addWidget(self.footer)
        layout.addWidget(outer_bar(self.grid, self))
        self.setFocusProxy(self.grid)
        tools = GridTools(self.grid, context.session, context.jobs, context.notices, context.saving, context.editors)
        self.work = GridWork(tools, layout)
        self.work.cell_given.connect(self._cell_changed)
        self.work.delete_asked.connect(self.delete_chosen)
        self.work.new_asked.connect(self.new_asked)
        self.work.by_value.narrowed.connect(self.narrowed)
        self.work.clipboard.pasted.everything_asked.connect(self.everything_asked)
        self.model.counted.connect(self.counted)
        self.model.opened.connect(self._opened)
        self.model.failed.connect(context.notices.report)
        grid = self.grid
        grid.record_asked.connect(self.record_asked)
        grid.record_moved.connect(self.record_moved)
        grid.selection_moved.connect(self.selection_moved)
        grid.sort_asked.connect(self._sort)
        grid.cell_changed.connect(self._cell_changed)
        grid.editing.spread.connect(self.work.spread)
        grid.editing.option_wanted.connect(self.work.add_option)
        self.look.asked = self._ask_again
        self.look.changed.connect(self.spec_changed)
        self.look.sort_asked.connect(self.sort_asked)
        self.look.filter_asked.connect(self.filter_asked)
        self._sums = RangeSums(self.grid, context.jobs)
        self._sums.changed.connect(self.selection_moved)
        grid.record_menu_asked.connect(self._record_menu)

    # What the page asks

    def ask(self, where: str, sorts: Sequence[Sort], search: str = "") -> None:
        self._asked = (where, tuple(sorts), search)
        self.grid.titles.show_sorts(sorts)
        self.look.search(bool(search.strip()))
        self.model.ask(where, sorts, self.look.groups, search)

    def _ask_again(self) -> None:
        """The same records, in other groups."""
        if self._asked is not None:
            self.ask(*self._asked)

    def refresh(self) -> None:
        self.model.refresh()

    def show_spec(self, form: Form, spec: ViewSpec) -> None:
        self._form = form
        self.look.show(form, spec)
        self._offer_entry()

    def _offer_entry(self) -> None:
        """An empty row below the records is for people who may fill something in it."""
        form, scope = self._form, self._context.session.scope
        self.model.offer(any(field.editable and scope.writes(form.id, field.id) for field in form.fields))

    def current_row(self) -> Row | None:
        return self.grid.current_row()

    def reveal(self, row: Row) -> None:
        self._reveal, self._tries = row.n, 3
        self._look_for()

    def step(self, by: int) -> None:
        position = self.grid.currentIndex().row() + by
        while self.model.group(position) is not None:
            position += by
        if 0 <= position < self.model.listed:
            self.grid.go_to(position)

    def chosen(self) -> int:
        return self.model.records_in(self.work.tools.spans())

    def chosen_rows(self) -> Callable[[Progress], Sequence[Row]]:
        return self.model.reader(self.work.tools.spans())

    @property
    def chosen_words(self) -> str:
        return self._sums.words

    @property
    def unsaved(self) -> bool:
        refused = any(draft.problems for draft in self.model.drafts.values())
        return refused or self.work.entry.unsaved or self.work.writing.waiting or self.grid.editing.unsaved

    def _look_for(self) -> None:
        n = self._reveal
        if n is not None:
            self.model.find(n, lambda position: self._found(n, position))

    def _found(self, n: int, position: int | None) -> None:
        if self._reveal == n and position is not None:
            self._reveal = None
            self.grid.go_to(position)

    def _opened(self, new: bool, places: object) -> None:
        if self._reveal is not None and self._tries:
            self._tries -= 1
            self._look_for()

    # Order

    def _sort(self, field_id: str, more: bool) -> None:
        """A click goes ascending, descending, none; with Shift it adds a key."""
        sorts = list(self.grid.titles.sorts)
        found = next((sort for sort in sorts if sort.field == field_id), None)
        if not more:
            sorts = [found] if found is not None else []
        if found is None:
            sorts.append(Sort(field_id))
        elif not found.descending:
            sorts[sorts.index(found)] = Sort(field_id, descending=True)
        else:
            sorts.remove(found)
        self.sort_asked.emit(tuple(sorts))

    # Cells

    def _cell_changed(self, row: Row, field: Field, value: Any, title: str) -> None:
        model, key = self.model, (row.id, field.id)
        if row is model.blank:
            self.work.entry.give(field, value, title)
            return
        draft = Draft(value, title)
        model.set_draft(row.id, field.id, draft)

        def applied(done: Applied) -> None:
            if model.drafts.get(key) is draft:
                model.confirm([key], done.seq)

        def refused(problems: tuple[Problem, ...]) -> None:
            if model.drafts.get(key) is draft:
                model.set_draft(row.id, field.id, Draft(value, title, problems=problems))
                self.grid.show_refusal(row.id, field)

        self._context.saving.set_values(self._form, row.id, {field.id: value}, applied, refused)

    def delete_chosen(self) -> None:
        if self.grid.editing.leave() and self.chosen():
            spans = self.work.tools.spans()
            self._context.saving.delete(self._form, self.chosen(), self.model.reader(spans), self.model.refresh)

    def copy_chosen(self) -> None:
        self.work.do("copy")

    def do(self, command: str) -> None:
        if self.grid.editing.leave():
            self.work.do(command)

    # Menus

    def _record_menu(self, place: QPoint) -> None:
        group = self.model.group(self.grid.currentIndex().row())
        if group is not None and not self.chosen():
            menu_of(self.look.group_items(group.by), self).popup(place)
            return
        row, count = self.grid.current_row(), self.chosen()
        items: list[Item] = []
        if row is not None and count == 1:
            items.append(Item(_("Open record"), "expand", lambda: self.record_asked.emit(row), _("Space")))
        items += [Item(text, icon, run, keys) for text, icon, keys, run in self.work.menu()]
        if self.grid.currentIndex().row() == self.model.entry >= 0 and not count:
            menu_of([FORM_COMMANDS["paste"].item(lambda: self.do("paste"))], self).popup(place)
            return
        delete = plural("Delete {n} record", "Delete {n} records", count)
        items += [LINE, Item(delete, "delete", self.delete_chosen, _("Ctrl+Del"))]
        menu_of(items, self).popup(place)


@view_kinds.register
class GridKind(ViewKind):
    """The table of the desktop."""

    name, label, icon = "grid", T("Grid"), "view"

    def make(self, form: Form, spec: ViewSpec, context: ViewContext, parent: QWidget | None = None) -> View:
        """A grid."""
        return GridView(form, spec, context, parent)
