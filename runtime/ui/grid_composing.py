"""`Composing`: an input method (拼音, かな) begins to write in a grid: its words appear in the cell from the first key.

The focus stays on the grid until the first words are committed: moving it would break off the composition.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from runtime.ui.grid_editing import CellEditing
from runtime.ui.grid_table import GridTable


class Composing:
    """Hands what an input method writes to the editor of the current cell."""

    def __init__(self, grid: GridTable, editing: CellEditing) -> None:
        self._grid = grid
        self._editing = editing
        self._line: QLineEdit | None = None
        self._waiting = False
        grid.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)

    @property
    def active(self) -> bool:
        """Whether words are in the making."""
        return self._waiting

    def take(self, event: QInputMethodEvent) -> None:
        """Words in the making, or committed."""
        text, making = event.commitString(), event.preeditString()
        if not self._waiting:
            if not text and not making:
                event.ignore()
                return
            if not self._begin():
                event.ignore()
                return
        target = self._target()
        if target is None:
            self._waiting = False
            return
        QApplication.sendEvent(target, event)
        if text or not making:
            self._finish(bool(text))
        event.accept()

    def answer(self, query: Qt.InputMethodQuery) -> Any:
        """What the input method asks about the place of its words; None where the grid knows nothing."""
        if query == Qt.InputMethodQuery.ImEnabled:
            return True
        target = self._target() if self._waiting else None
        if target is not None:
            found = target.inputMethodQuery(query)
            return QRect(target.mapTo(self._grid, found.topLeft()), found.size()) if isinstance(found, QRect) else found
        if query == Qt.InputMethodQuery.ImCursorRectangle:
            place = self._grid.visualRect(self._grid.currentIndex())
            return place.translated(self._grid.viewport().pos())
        return None

    def _begin(self) -> bool:
        grid = self._grid
        index, row = grid.currentIndex(), grid.edited_row()
        if row is None or row.deleted or not grid.records.fields[index.column()].editable:
            return False
        self._editing.open(index, row, grid.records.fields[index.column()], "", quiet=True)
        if self._editing.editor is None:
            return False
        control = self._editing.editor.control()
        if not isinstance(control, (QLineEdit, QPlainTextEdit)):
            self._line = self._over(control)
        self._waiting = True
        return True

    def _over(self, control: QWidget) -> QLineEdit:
        """A line over an editor that is none: a list that opens would take the keyboard too early."""
        line = QLineEdit(control.parentWidget())
        line.setGeometry(control.geometry())
        line.setProperty("inline", True)
        line.setAccessibleName(control.accessibleName())
        line.show()
        return line

    def _target(self) -> QWidget | None:
        if self._line is not None:
            return self._line
        return self._editing.editor.control() if self._editing.editor is not None else None

    def _finish(self, committed: bool) -> None:
        """The first words are there, or given up: the editor takes the keyboard."""
        self._waiting = False
        line, self._line = self._line, None
        editor = self._editing.editor
        text = line.text() if line is not None else ""
        if line is not None:
            line.hide()
            line.deleteLater()
        if editor is None:
            return
        if not committed:
            self._editing.cancel()
        elif line is not None:
            editor.begin(text)
        else:
            editor.control().setFocus(Qt.FocusReason.OtherFocusReason)
