"""`GridKeys`: the keys of a grid and what they do, as people know them from Excel."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from runtime.ui.grid_moves import Moves
from runtime.ui.grid_table import GridTable

KEY = Qt.Key
NONE = Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
UNDO = (KEY.Key_Z, CONTROL)
"""In the empty row it takes back what was typed there; elsewhere it is the window's."""
ARROWS = {KEY.Key_Up: (-1, 0), KEY.Key_Down: (1, 0), KEY.Key_Left: (0, -1), KEY.Key_Right: (0, 1)}

COMMANDS = {
    (KEY.Key_C, CONTROL): "copy",
    (KEY.Key_Insert, CONTROL): "copy",
    (KEY.Key_C, CONTROL | SHIFT): "copy_with_names",
    (KEY.Key_X, CONTROL): "cut",
    (KEY.Key_Delete, SHIFT): "cut",
    (KEY.Key_V, CONTROL): "paste",
    (KEY.Key_Insert, SHIFT): "paste",
    (KEY.Key_V, CONTROL | SHIFT): "paste_new",
    (KEY.Key_D, CONTROL): "fill_down",
    (KEY.Key_R, CONTROL): "fill_right",
    (KEY.Key_F, CONTROL): "find",
    (KEY.Key_H, CONTROL): "replace",
    (KEY.Key_F3, NONE): "find_next",
    (KEY.Key_F3, SHIFT): "find_previous",
    (KEY.Key_Semicolon, CONTROL): "today",
    (KEY.Key_Semicolon, CONTROL | SHIFT): "now",
    (KEY.Key_Colon, CONTROL | SHIFT): "now",
    (KEY.Key_Apostrophe, CONTROL): "from_above",
    (KEY.Key_QuoteDbl, CONTROL | SHIFT): "from_above",
    (KEY.Key_Minus, CONTROL): "delete",
    (KEY.Key_Plus, CONTROL): "new",
    (KEY.Key_Plus, CONTROL | SHIFT): "new",
    (KEY.Key_Equal, CONTROL | SHIFT): "new",
    (KEY.Key_Delete, NONE): "clear",
    (KEY.Key_Backspace, NONE): "clear",
    (KEY.Key_E, CONTROL | SHIFT): "change_many",
}
"""Keys -> what the grid asks of the view around it."""


class GridKeys:
    """The keys of one grid."""

    def __init__(self, grid: GridTable) -> None:
        self._grid = grid
        self.moves = Moves(grid)
        self._doing: dict[tuple[Qt.Key, Qt.KeyboardModifier], Callable[[], None]] = {
            (KEY.Key_A, CONTROL): self.moves.choose_all,
            (KEY.Key_Space, SHIFT): self.moves.choose_rows,
            (KEY.Key_Space, CONTROL): self.moves.choose_columns,
            (KEY.Key_Space, NONE): self._space,
            (KEY.Key_F2, NONE): lambda: grid.edit_cell(grid.currentIndex()),
            (KEY.Key_Down, ALT): lambda: grid.edit_cell(grid.currentIndex(), unfold=True),
            (KEY.Key_Tab, NONE): lambda: grid.step(0, 1),
            (KEY.Key_Backtab, SHIFT): lambda: grid.step(0, -1),
            (KEY.Key_Tab, SHIFT): lambda: grid.step(0, -1),
            (KEY.Key_Return, NONE): lambda: grid.step(1, 0),
            (KEY.Key_Enter, NONE): lambda: grid.step(1, 0),
            (KEY.Key_Return, SHIFT): lambda: grid.step(-1, 0),
            (KEY.Key_Enter, SHIFT): lambda: grid.step(-1, 0),
            UNDO: grid.entry_dropped.emit,
        }

    def wanted(self, event: QKeyEvent) -> bool:
        """Whether these keys are the grid's own and no shortcut of a window."""
        pressed = _pressed(event)
        return pressed in COMMANDS or (pressed in self._doing and (pressed != UNDO or self._begun))

    @property
    def _begun(self) -> bool:
        """Whether the current cell is in the empty row, and something was typed there."""
        model = self._grid.records
        return self._grid.currentIndex().row() == model.entry >= 0 and bool(model.begun)

    def press(self, event: QKeyEvent) -> bool:
        """Do what a key says; False = it is not the grid's."""
        pressed = _pressed(event)
        key, modifiers = pressed
        if pressed in self._doing and (pressed != UNDO or self._begun):
            self._doing[pressed]()
        elif pressed in COMMANDS:
            self._grid.command_asked.emit(COMMANDS[pressed])
        elif key in ARROWS and not modifiers & ALT:
            self._arrow(*ARROWS[key], modifiers)
        elif key in {KEY.Key_Home, KEY.Key_End}:
            self._end(key == KEY.Key_Home, modifiers)
        elif key in {KEY.Key_PageUp, KEY.Key_PageDown} and not modifiers & (CONTROL | ALT):
            self.moves.page(-1 if key == KEY.Key_PageUp else 1, extend=bool(modifiers & SHIFT))
        elif key == KEY.Key_Escape:
            return self._drop_refused()
        elif _types(event):
            self._grid.edit_cell(self._grid.currentIndex(), event.text())
        else:
            return False
        return True

    def _arrow(self, down: int, right: int, modifiers: Qt.KeyboardModifier) -> None:
        extend = bool(modifiers & SHIFT)
        if not modifiers & CONTROL:
            self.moves.by(down, right, extend=extend)
            return
        target = self.moves.edge(down, right, self.moves.end if extend else self.moves.at)
        if target is not None:
            self.moves.go(*target, extend=extend)
        elif self._grid.currentIndex().isValid():
            self._grid.edge_asked.emit(down, extend)

    def _end(self, home: bool, modifiers: Qt.KeyboardModifier) -> None:
        extend = bool(modifiers & SHIFT)
        model, row = self._grid.records, (self.moves.end if extend else self.moves.at)[0]
        if modifiers & CONTROL:
            row = 0 if home else model.listed - 1
        self.moves.go(row, 0 if home else model.columnCount() - 1, extend=extend)

    def _space(self) -> None:
        index, row = self._grid.currentIndex(), self._grid.current_row()
        if not self._grid.toggle(index) and row is not None:
            self._grid.record_asked.emit(row)

    def _drop_refused(self) -> bool:
        """Drop a value that the store refused, or what was typed in the empty row; False = Escape is the page's."""
        if self._begun:
            self._grid.entry_dropped.emit()
            return True
        grid, index, row = self._grid, self._grid.currentIndex(), self._grid.current_row()
        if row is None:
            return False
        field = grid.records.fields[index.column()]
        draft = grid.records.draft(row, field)
        if draft is None or not draft.problems:
            return False
        grid.records.set_draft(row.id, field.id, None)
        return True


def _pressed(event: QKeyEvent) -> tuple[Qt.Key, Qt.KeyboardModifier]:
    return Qt.Key(event.key()), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier


def _types(event: QKeyEvent) -> bool:
    """Whether the key writes something: AltGr, which is Ctrl and Alt, does too."""
    modifiers = event.modifiers()
    commands = bool(modifiers & CONTROL) != bool(modifiers & ALT)
    return not commands and bool(event.text()) and event.text().isprintable()
