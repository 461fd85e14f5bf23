"""`GridEntry`: makes a record of what was typed in the empty row below the records of a grid, when the row is left."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QWidget

from resources.texts import TN, PluralText, T, _
from runtime.exchange.editing.adding_options import want_option
from runtime.exchange.editing.cell_writes import CellWrites
from runtime.form import Field
from runtime.ui.editors.choice import NewOption
from runtime.ui.grid_pasted import Pasted
from runtime.ui.grid_tools import GridTools
from runtime.ui.grid_writing import GridWriting, Step
from runtime.ui.record_drafts import Draft

HIDDEN = T("The new record does not fit the filter or the search.")


class GridEntry(QObject):
    """The empty row of one grid."""

    def __init__(self, tools: GridTools, writing: GridWriting, shown: Pasted) -> None:
        super().__init__(tools.grid)
        self._tools = tools
        self._writing = writing
        self._shown = shown
        self._edited = False
        self._under_way: list[PluralText] = []
        self._back: list[Mapping[str, Draft]] = []
        tools.grid.entry_left.connect(self.write)
        tools.grid.entry_dropped.connect(self._drop)
        tools.grid.editing_changed.connect(self._editing)
        tools.model.opened.connect(self._opened)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focused)

    @property
    def unsaved(self) -> bool:
        """Whether a record that was begun is not in the store yet."""
        return bool(self._tools.model.begun or self._under_way or self._back)

    def give(self, field: Field, value: Any, title: str) -> None:
        """A cell of the row gets a value."""
        model = self._tools.model
        draft = None if value is None else Draft(value, title)
        model.set_draft(model.blank.id, field.id, draft)

    def take(self) -> Mapping[str, Draft]:
        """Empty the row; what was typed there."""
        model = self._tools.model
        begun = model.begun
        for field in begun:
            model.set_draft(model.blank.id, field, None)
        return begun

    def put_back(self, begun: Mapping[str, Draft]) -> None:
        """Nothing of it is written: it stands in the row again, as soon as nobody types another record there."""
        if begun:
            self._back.append(begun)
            self._next()

    def _next(self) -> None:
        model, grid = self._tools.model, self._tools.grid
        typing = self._edited and grid.currentIndex().row() == model.entry
        if self._back and not model.begun and not typing:
            for field, draft in self._back.pop(0).items():
                model.set_draft(model.blank.id, field, draft)

    def _editing(self, on: bool) -> None:
        self._edited = on

    def _drop(self) -> None:
        self.take()
        self._next()

    def write(self) -> None:
        """Make the record, as one step of undo; what the store refuses in it is listed."""
        tools, model = self._tools, self._tools.model
        record = model.blank.id
        begun = self.take()
        if begun:
            model.renew()
            self._write(record, begun)
        if tools.grid.currentIndex().row() != model.entry:
            self._next()

    def _write(self, record: UUID, begun: Mapping[str, Draft]) -> None:
        writes = CellWrites(self._tools.form, made={record: {}})
        give_typed(writes, record, begun)
        label = TN("Add {n} record", "Add {n} records", 1)
        self._under_way.append(label)

        def show() -> None:
            self._under_way.remove(label)
            self._shown.show(writes, None, label, HIDDEN)

        def dropped() -> None:
            self._under_way.remove(label)
            self.put_back(begun)

        self._writing.write(writes, Step(label, None, _("Add record"), show, dropped), beside=True)

    def _opened(self, *_: object) -> None:
        """Records stand in groups now, and nobody sees the row."""
        if self._tools.model.entry < 0 and self._tools.model.complete:
            self.write()

    def _focused(self, _old: QWidget | None, new: QWidget | None) -> None:
        """The person went on elsewhere in the window."""
        grid = self._tools.grid
        if new is not None and new.window() is grid.window() and new is not grid and not grid.isAncestorOf(new):
            self.write()
            self._next()


def give_typed(writes: CellWrites, record: UUID, typed: Mapping[str, Draft]) -> None:
    """Let a step write what was typed in the cells of a record that it makes."""
    for field_id, draft in typed.items():
        if not isinstance(draft.value, NewOption):
            writes.give(record, field_id, draft.value)
            if draft.title:
                writes.titles[draft.value] = draft.title
        elif (field := writes.form.by_id.get(field_id)) is not None:
            want_option(writes, record, field, draft.value.label)
