"""`GridWork`: what people do with many cells of a grid: clipboard, filling, finding and replacing, changing many."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QVBoxLayout

from resources.texts import TN, T, _
from runtime.exchange.editing.adding_options import want_option
from runtime.exchange.editing.cell_writes import CellWrites
from runtime.form import Field
from runtime.store.rows import Row
from runtime.ui.bad_cells import BadCellsPanel
from runtime.ui.bulk_edit import BulkEdit
from runtime.ui.editors.choice import NewOption
from runtime.ui.find_bar import FindBar
from runtime.ui.form_commands import FORM_COMMANDS
from runtime.ui.grid_duplicate import GridDuplicate
from runtime.ui.grid_edges import GridEdges
from runtime.ui.grid_entry import GridEntry
from runtime.ui.grid_fill import GridFill
from runtime.ui.grid_find import GridFind
from runtime.ui.grid_paste import GridClipboard
from runtime.ui.grid_tools import GridTools
from runtime.ui.grid_value_filter import ValueFilter
from runtime.ui.grid_writing import GridWriting, Step

MENU = (
    "cut", "copy", "copy_with_names", "paste", "paste_new", "", "filter_value", "exclude_value", "",
    "clear", "fill_down", "change_many", "replace", "duplicate",
)  # fmt: skip
"""The menu of the chosen records; "" makes a line."""


class GridWork(QObject):
    """The tools of one grid, the bar over it and the list under it.

    Signals:
        cell_given(Row, Field, value, str): one cell gets a value; of a relation with its title.
        new_asked(): the person wants a new record.
        delete_asked(): put the chosen records into the bin.
    """

    cell_given = Signal(object, object, object, str)
    new_asked = Signal()
    delete_asked = Signal()

    def __init__(self, tools: GridTools, layout: QVBoxLayout) -> None:
        super().__init__(tools.grid)
        self.tools = tools
        self._layout = layout
        self._bar: FindBar | None = None
        self._find: GridFind | None = None
        self.writing = GridWriting(tools, layout.addWidget)
        self.clipboard = GridClipboard(tools, self.writing)
        self.fill = GridFill(tools, self.writing)
        self.bulk = BulkEdit(tools, self.writing)
        self.copies = GridDuplicate(tools, self.writing, self.clipboard.pasted)
        self.entry = GridEntry(tools, self.writing, self.clipboard.pasted)
        self.clipboard.entry = self.entry
        self.by_value = ValueFilter(tools)
        self.edges = GridEdges(tools)
        self.fill.cell_given.connect(self.cell_given)
        self._doing: dict[str, Callable[[], None]] = {
            "copy": self.clipboard.copy,
            "copy_with_names": partial(self.clipboard.copy, names=True),
            "cut": lambda: self.clipboard.copy(then=self.fill.clearing()),
            "paste": self.clipboard.paste,
            "paste_new": partial(self.clipboard.paste, new=True),
            "fill_down": self.fill.down,
            "fill_right": self.fill.right,
            "find": lambda: self.find.open(replace=False),
            "replace": lambda: self.find.open(replace=True),
            "find_next": lambda: self.find.next(),  # noqa: PLW0108 - the bar is made at that moment
            "find_previous": lambda: self.find.previous(),  # noqa: PLW0108 - as before
            "today": partial(self.fill.now, day=True),
            "now": partial(self.fill.now, day=False),
            "from_above": self.fill.from_above,
            "delete": self.delete_asked.emit,
            "new": self.new_asked.emit,
            "clear": self.fill.clear,
            "change_many": self.bulk.open,
            "duplicate": self.copies.chosen,
            "filter_value": self.by_value.chosen,
            "exclude_value": partial(self.by_value.chosen, exclude=True),
        }
        grid = tools.grid
        grid.command_asked.connect(self.do)
        grid.edge_asked.connect(self.edges.go)

    @property
    def bad(self) -> BadCellsPanel:
        """The list under the grid: cells that cannot be written."""
        return self.writing.panel

    @property
    def bar(self) -> FindBar:
        """The bar over the grid: what to find; made when it is first needed."""
        if self._bar is None:
            self._bar = FindBar(self.tools.grid.parentWidget())
            self._layout.insertWidget(0, self._bar)
        return self._bar

    @property
    def find(self) -> GridFind:
        """Finds and replaces."""
        if self._find is None:
            self._find = GridFind(self.tools, self.writing, self.bar)
        return self._find

    def do(self, command: str) -> None:
        """Do what keys or a menu ask; see `grid_keys.COMMANDS`."""
        with self.tools.notices.boundary():
            self._doing[command]()

    def spread(self, field: Field, value: Any, title: str) -> None:
        """Give everything that is chosen one value."""
        self.fill.spread(field, value, title)

    def add_option(self, row: Row, field: Field, option: str) -> None:
        """Give one cell an option that is none yet, as one step of undo; in the empty row when that is left."""
        tools = self.tools
        if row is tools.model.blank:
            self.entry.give(field, NewOption(option), option)
            return
        writes = CellWrites(tools.form)
        want_option(writes, row.id, field, option)
        label = TN("Change “{name}” of {n} record", "Change “{name}” of {n} records", 1, name=field.name)
        said = T("“{option}” is an option of “{field}” now", option=option, field=field.name)
        self.writing.write(writes, Step(label, lambda: said, _("Change")))

    def menu(self) -> list[tuple[str, str, str, Callable[[], None]]]:
        """(words, icon, keys, what it does) for the menu of the chosen records; empty words make a line."""
        several = self.tools.model.records_in(self.tools.spans()) > 1
        parts: list[tuple[str, str, str, Callable[[], None]]] = []
        for name in MENU:
            if name and (several or name != "fill_down"):
                each = FORM_COMMANDS[name]
                parts.append((str(each.title), each.icon, each.shortcut, partial(self.do, name)))
            elif not name:
                parts.append(("", "", "", lambda: None))
        return parts
