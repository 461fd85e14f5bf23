"""`CellEditing`: one editor at a time in a cell of a grid; the form's own editors, closed only when nothing is lost."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit

from resources.styles.tokens import SIZES
from runtime.form import Field
from runtime.store.rows import Row
from runtime.ui.editors import Editor, EditorContext, TypedEditor, make_editor
from runtime.ui.editors.choice import ChoiceEditor
from runtime.ui.editors.relation import RelationEditor
from runtime.ui.grid_table import GridTable, Index
from runtime.ui.kit.words import words

TALL = SIZES.row * 4
LEAST = {
    "day": SIZES.xxl * 3,
    "moment": SIZES.xxl * 4,
    "relation": SIZES.xxl * 4,
    "choice": SIZES.xxl * 3,
    "line": SIZES.xxl * 3,
    "paragraph": SIZES.popover_width,
}
"""Editor -> the least width of its place; it lies over the neighbours where the column is narrower."""
ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
ARROWS = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}
STEPS = {Qt.Key.Key_Tab: (0, 1), Qt.Key.Key_Backtab: (0, -1)}


class CellEditing(QObject):
    """The editor in a grid.

    Signals:
        committed(Row, Field, value, str): a person gave the cell another value; of a relation with its title.
        spread(Field, value, str): every cell that is chosen is to have this value (Ctrl+Enter).
        option_wanted(Row, Field, str): the cell is to have this option, which is none yet.
    """

    committed = Signal(object, object, object, str)
    spread = Signal(object, object, str)
    option_wanted = Signal(object, object, str)

    def __init__(self, grid: GridTable, context: EditorContext) -> None:
        super().__init__(grid)
        self._grid = grid
        self._context = context
        self.editor: Editor | None = None
        self._row: Row | None = None
        self._at = (-1, -1)
        self._before: Any = None
        self._step: tuple[int, int] | None = None
        self._said: QLabel | None = None
        self._entering = False
        self._by_arrow = False

    @property
    def active(self) -> bool:
        """Whether a cell is being edited."""
        return self.editor is not None

    @property
    def unsaved(self) -> bool:
        """Whether the editor holds another value than the store, or one that cannot be read."""
        return self.editor is not None and (bool(self.editor.problems()) or self.editor.value() != self._before)

    def open(self, index: Index, row: Row, field: Field, text: str | None = None, *, quiet: bool = False) -> None:
        """Edit a cell; a refused value comes back with what was wrong. `quiet` = the keyboard stays where it is."""
        if not self.leave():
            return
        model = self._grid.records
        editor = make_editor(field, self._context, self._grid.viewport())
        self.editor, self._row, self._at, self._step = editor, row, (index.row(), index.column()), None
        self._before = row.values.get(field.id)
        draft = model.draft(row, field)
        if isinstance(editor, RelationEditor):
            known = {self._before: row.titles.get(field.id, "")}
            if draft is not None:
                known[draft.value] = draft.title
            for record, title in known.items():
                if record is not None and title:
                    editor.set_title(record, title)
        editor.set_inline()
        editor.set_value(model.value(row, field))
        editor.control().installEventFilter(self)
        self.follow()
        editor.show()
        self._grid.editing_changed.emit(True)
        self._entering = text is not None
        self._begin(editor, text, quiet=quiet)
        editor.committed.connect(self._commit)
        editor.cancelled.connect(self._cancel)
        if isinstance(editor, ChoiceEditor):
            editor.option_wanted.connect(self._want_option)
        if draft is not None and draft.problems:
            self._say("\n".join(str(problem.message) for problem in draft.problems))

    def _begin(self, editor: Editor, text: str | None, *, quiet: bool) -> None:
        if quiet:
            if isinstance(editor, TypedEditor):
                editor.line.clear()
            elif isinstance(editor.control(), QPlainTextEdit):
                editor.set_value(None)
            return
        editor.begin(text)
        if text is None and isinstance(editor, TypedEditor):
            editor.line.end(False)

    def unfold(self) -> None:
        """Open what is behind the field: the calendar; lists are open already."""
        if isinstance(self.editor, TypedEditor):
            self.editor.line.unfolded.emit()

    def cancel(self) -> None:
        """Drop what was typed."""
        self._cancel()

    def leave(self) -> bool:
        """The person goes elsewhere: commit. False = what was typed cannot be read, and stays."""
        if self.editor is None:
            return True
        self._commit()
        return self.editor is None

    def follow(self) -> None:
        """Stay on the cell when it moves."""
        if self.editor is None:
            return
        place = self._grid.visualRect(self._grid.records.index(*self._at))
        kind = self.editor.field.kind.editor
        if kind == "paragraph":
            room = self._grid.viewport().height()
            place.setHeight(min(TALL, room))
            place.moveTop(max(0, min(place.top(), room - place.height())))
        place.setWidth(max(place.width(), LEAST.get(kind, 0)))
        self.editor.setGeometry(place)
        if self._said is not None:
            self._place_words(place)

    def settle(self) -> None:
        """The list changed under the editor: stay with the record."""
        if self.editor is None or self._row is None:
            return
        position = self._grid.records.position(self._row.n)
        if position is not None:
            self._at = (position, self._at[1])
        self.follow()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tab and Enter commit and go on, Esc drops; the grid must not see those keys once more."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            key = Qt.Key(event.key())
            if key == Qt.Key.Key_Escape:
                self._cancel()
                return True
            if key == Qt.Key.Key_F2:
                self._entering = not self._entering
                return True
            if key in ENTER and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self._commit(everywhere=True)
                return True
            step = self._step_of(key, event.modifiers())
            if step is not None:
                self._step, self._by_arrow = step, key in ARROWS
                self._commit()
                return True
        return super().eventFilter(watched, event)

    def _step_of(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> tuple[int, int] | None:
        """Where a key goes on to after the cell; arrows only while a new value is typed, as in Excel."""
        if key in STEPS:
            return STEPS[key]
        boxed = self.editor is not None and isinstance(self.editor.control(), QPlainTextEdit)
        if boxed and (key not in ENTER or modifiers & Qt.KeyboardModifier.AltModifier):
            return None  # a place in the text, or one more line of it
        if not (boxed or isinstance(self.editor, TypedEditor)):
            return None
        if key in ENTER:
            return (-1 if modifiers & Qt.KeyboardModifier.ShiftModifier else 1, 0)
        plain = not modifiers & ~Qt.KeyboardModifier.KeypadModifier
        return ARROWS.get(key) if plain and self._entering else None

    def _commit(self, *, everywhere: bool = False) -> None:
        editor, row = self.editor, self._row
        if editor is None or row is None:
            return
        problems = editor.problems()
        if problems:
            self._step = None
            editor.problem(str(problems[0].message))
            self._say(str(problems[0].message))
            if not editor.control().hasFocus():
                QTimer.singleShot(0, editor, lambda: editor.control().setFocus(Qt.FocusReason.OtherFocusReason))
            return
        value, field = editor.value(), editor.field
        title = editor.button.shown if isinstance(editor, RelationEditor) and value is not None else ""
        step = self._step or ((1, 0) if editor.entered else None)
        self._close()
        model = self._grid.records
        if everywhere:
            self.spread.emit(field, value, title)
            return
        if value != model.value(row, field) or model.draft(row, field) is not None:
            self.committed.emit(row, field, value, title)
        if step is not None:
            self._leave_for(*step)

    def _want_option(self, label: str) -> None:
        editor, row = self.editor, self._row
        if editor is not None and row is not None:
            field, entered = editor.field, editor.entered
            self._close()
            self.option_wanted.emit(row, field, label)
            if entered:
                self._leave_for(1, 0)

    def _leave_for(self, down: int, right: int) -> None:
        row, column = self._at
        if self._by_arrow:
            self._grid.go_to(row + down, column + right)
        else:
            self._grid.step(down, right)

    def _cancel(self) -> None:
        """Esc: the cell is what the store holds."""
        editor, row = self.editor, self._row
        if editor is None or row is None:
            return
        field = editor.field
        self._close()
        draft = self._grid.records.draft(row, field)
        if draft is not None and draft.problems:
            self._grid.records.set_draft(row.id, field.id, None)

    def _close(self) -> None:
        editor, self.editor, self._row = self.editor, None, None
        self._hush()
        self._grid.editing_changed.emit(False)
        if editor is not None:
            focus = QApplication.focusWidget()
            inside = focus is not None and editor.isAncestorOf(focus)
            editor.control().removeEventFilter(self)
            editor.hide()
            editor.deleteLater()
            if inside:
                self._grid.setFocus(Qt.FocusReason.OtherFocusReason)

    # What is wrong, said under the cell

    @property
    def said(self) -> str:
        """What is said to be wrong with the cell that is edited."""
        return self._said.text() if self._said is not None else ""

    def _say(self, text: str) -> None:
        if self.editor is None:
            return
        self.editor.problem(text)
        if self._said is None:
            self._said = words("", "bubble", wrap=True, parent=self._grid.viewport())
        self._said.setText(text)
        self.editor.edited.connect(self._hush)
        self.follow()
        self._said.show()
        self._said.raise_()

    def _hush(self) -> None:
        if self._said is not None:
            self._said.hide()
            self._said.deleteLater()
            self._said = None

    def _place_words(self, place: QRect) -> None:
        assert self._said is not None
        said, view = self._said, self._grid.viewport()
        said.setFixedWidth(
            min(SIZES.popover_width, max(place.width(), said.fontMetrics().horizontalAdvance(said.text()) + SIZES.xl))
        )
        said.adjustSize()
        below = place.bottom() + SIZES.xs
        top = below if below + said.height() <= view.height() else place.top() - said.height() - SIZES.xs
        said.move(max(0, min(place.left(), view.width() - said.width())), top)
