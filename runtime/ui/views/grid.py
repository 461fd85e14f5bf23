"""Grid: records as rows, fields as columns, edited in place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QMenu, QVBoxLayout

from resources.texts import TN, T, _, plural
from runtime.errors import Problem
from runtime.form import Field, Form
from runtime.store.query import Sort
from runtime.store.records import Applied
from runtime.store.rows import Row
from runtime.ui.grid import Grid
from runtime.ui.grid_clipboard import as_tsv
from runtime.ui.icons import icon
from runtime.ui.record_model import Draft, RecordModel
from runtime.ui.views import View, ViewContext, ViewKind, view_kinds

MOST_COPIED = 100_000
"""Records that are copied at most."""


class GridView(View):
    """A grid over a windowed model."""

    def __init__(self, form: Form, fields: Sequence[Field], context: ViewContext) -> None:
        super().__init__()
        self._context = context
        self._form = form
        self._reveal: int | None = None
        self._tries = 0
        self.model = RecordModel(context.session, context.jobs, form, fields, self)
        self.grid = Grid(self.model, context.editors)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.grid)
        self.setFocusProxy(self.grid)
        self.model.counted.connect(self.counted)
        self.model.opened.connect(self._opened)
        self.model.failed.connect(context.notices.report)
        grid = self.grid
        grid.record_asked.connect(self.record_asked)
        grid.record_moved.connect(self.record_moved)
        grid.selection_moved.connect(self.selection_moved)
        grid.sort_asked.connect(self._sort)
        grid.cell_changed.connect(self._cell_changed)
        grid.clear_asked.connect(self._clear)
        grid.field_menu_asked.connect(self._field_menu)
        grid.record_menu_asked.connect(self._record_menu)

    # What the page asks

    def ask(self, where: str, sorts: Sequence[Sort]) -> None:
        self.grid.titles.show_sorts(sorts)
        self.model.ask(where, sorts)

    def refresh(self) -> None:
        self.model.refresh()

    def show_form(self, form: Form, fields: Sequence[Field]) -> None:
        row, column = self.grid.currentIndex().row(), self.grid.currentIndex().column()
        self._form = form
        self.grid.editing.leave()
        self.model.show_fields(form, fields)
        if row >= 0:
            self.grid.go_to(row, min(column, len(fields) - 1))

    def current_row(self) -> Row | None:
        return self.grid.current_row()

    def reveal(self, row: Row) -> None:
        self._reveal, self._tries = row.n, 3
        self._look_for()

    def step(self, by: int) -> None:
        position = self.grid.currentIndex().row() + by
        if 0 <= position < self.model.rowCount():
            self.grid.go_to(position)

    def chosen(self) -> int:
        spans = self._spans()
        return sum(last - first + 1 for first, last in spans)

    @property
    def unsaved(self) -> bool:
        refused = any(draft.problems for draft in self.model.drafts.values())
        return refused or self.grid.editing.unsaved

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

    def _clear(self) -> None:
        fields = [field for field in self._chosen_fields() if field.editable]
        spans, row = self._spans(), self.grid.current_row()
        if not fields or not spans:
            return
        if len(fields) == 1 and spans[0][0] == spans[-1][1] and row is not None:
            if self.model.value(row, fields[0]) is not None:
                self._cell_changed(row, fields[0], None, "")
            return
        ids = [field.id for field in fields]
        self._context.saving.clear(self._form, self.chosen(), self.model.reader(spans), ids, self.model.refresh)

    def _spans(self) -> list[tuple[int, int]]:
        """The chosen positions as (first, last), without overlaps, ascending."""
        spans: list[tuple[int, int]] = []
        for first, last in sorted((part.top(), part.bottom()) for part in self.grid.parts()):
            if spans and first <= spans[-1][1] + 1:
                spans[-1] = (spans[-1][0], max(last, spans[-1][1]))
            else:
                spans.append((first, last))
        return spans

    def _chosen_fields(self) -> list[Field]:
        columns = {column for part in self.grid.parts() for column in range(part.left(), part.right() + 1)}
        return [self.model.fields[column] for column in sorted(columns)]

    def delete_chosen(self) -> None:
        if self.grid.editing.leave() and self.chosen():
            self._context.saving.delete(self._form, self.chosen(), self.model.reader(self._spans()), self.model.refresh)

    def copy_chosen(self) -> None:
        fields, count = self._chosen_fields(), self.chosen()
        if not count:
            return
        if count > MOST_COPIED:
            self._context.notices.warning(
                T("These are too many records to copy."), T("At most 100,000 can be copied at once."), code="too_many"
            )
            return
        read = self.model.reader(self._spans())

        def copied(text: str) -> None:
            QGuiApplication.clipboard().setText(text)
            if count > 1:
                self._context.notices.success(TN("{n} record copied", "{n} records copied", count))

        self._context.jobs.start(
            self, lambda progress: as_tsv(read(progress), fields), copied, lane="free", label=T("Copying")
        )

    # Menus

    def _menu(self, parts: Sequence[tuple[str, str, str, Any]]) -> QMenu:
        """(words, icon, keys, what it does); empty words make a line."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        menu.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        menu.setWindowFlag(Qt.WindowType.NoDropShadowWindowHint)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text, icon_name, keys, run in parts:
            if not text:
                menu.addSeparator()
                continue
            action = QAction(icon(icon_name), f"{text}\t{keys}" if keys else text, menu)
            action.triggered.connect(lambda _checked=False, run=run: run())
            menu.addAction(action)
        return menu

    def _field_menu(self, field_id: str, place: QPoint) -> None:
        parts: list[tuple[str, str, str, Any]] = [
            (_("Sort ascending"), "arrow_up", "", lambda: self.sort_asked.emit((Sort(field_id),))),
            (_("Sort descending"), "arrow_down", "", lambda: self.sort_asked.emit((Sort(field_id, descending=True),))),
            (_("Filter by this field"), "filter", "", lambda: self.filter_asked.emit(field_id)),
        ]
        if self._form.title is None or field_id != self._form.title.id:
            parts.append((_("Hide this column"), "eye_off", "", lambda: self.hide_asked.emit(field_id)))
        self._menu(parts).popup(place)

    def _record_menu(self, place: QPoint) -> None:
        row, count = self.grid.current_row(), self.chosen()
        parts: list[tuple[str, str, str, Any]] = []
        if row is not None and count == 1:
            parts.append((_("Open record"), "expand", _("Space"), lambda: self.record_asked.emit(row)))
        parts.append((_("Copy"), "copy", "Ctrl+C", self.copy_chosen))
        parts.append(("", "", "", None))
        delete = plural("Delete {n} record", "Delete {n} records", count)
        parts.append((delete, "delete", _("Ctrl+Del"), self.delete_chosen))
        self._menu(parts).popup(place)


@view_kinds.register
class GridKind(ViewKind):
    """The table of the desktop."""

    name, label, icon = "grid", T("Grid"), "view"

    def make(self, form: Form, fields: Sequence[Field], context: ViewContext) -> View:
        """A grid."""
        return GridView(form, fields, context)
