"""CATALOGUE of editors: one file per way to change a value. This is the contract and the registry.

A field type names its editor (`FieldType.editor`); forms, grids and the inspector use the same ones. An editor parses
and shows values through the field's type and knows nothing of records.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol
from uuid import UUID

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QSizePolicy, QWidget

from runtime.errors import Problem
from runtime.fields import Unreadable
from runtime.form import Field
from runtime.registry import Registry
from runtime.ui.icons import icon
from runtime.ui.jobs import Jobs
from runtime.ui.kit.words import tip
from runtime.ui.theme import mark


class RecordLookup(Protocol):
    """Finds records for the relation editor; called in the `free` lane, never on the GUI thread."""

    def search(self, form: str, text: str, limit: int) -> Sequence[tuple[UUID, str]]:
        """At most `limit` records of `form` whose title holds `text` (all for ""), as (id, title)."""
        ...

    def title(self, form: str, record: UUID) -> str:
        """The title of one record; "" where it is gone or hidden."""
        ...


@dataclass(frozen=True, slots=True)
class EditorContext:
    """What an editor may ask for beside its field.

    Attributes:
        jobs: runs look-ups.
        records: finds records; `None` where there is no store (a preview).
        designs: whether the person may add options to choices.
    """

    jobs: Jobs | None = None
    records: RecordLookup | None = None
    designs: bool = False


class Editor(QWidget):
    """Shows and changes one value of one field.

    Signals:
        edited(): a person changed the value; `value()` and `problems()` say to what.
        committed(): the person is done with it: Enter, the focus left, something was picked.
        cancelled(): Escape.

    Attributes:
        inline: whether it fills a cell of a grid.
        entered: whether what was picked last was picked by Enter.
    """

    edited = Signal()
    committed = Signal()
    cancelled = Signal()

    def __init__(self, field: Field, context: EditorContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.context = context
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._value: Any = None
        self._said = ""
        self.inline = False
        self.entered = False

    def value(self) -> Any:
        """The typed value, `None` for blank. While `problems()` is not empty: the last value that could be read."""
        return self._value

    def set_value(self, value: Any) -> None:
        """Show `value`; says nothing."""
        self._value = value
        self.refresh()

    def refresh(self) -> None:
        """Draw the value."""

    def problems(self) -> tuple[Problem, ...]:
        """What was typed and cannot be a value of the field; the text stays where it was typed."""
        return ()

    def problem(self, text: str) -> None:
        """Mark the editor as wrong, with `text` as its tool tip; "" takes the mark away."""
        self._said = text
        self.control().setToolTip(tip(text))
        mark(self.control(), wrong=bool(text))

    def set_read_only(self, read_only: bool) -> None:
        """Show the value without letting people change it."""
        self.control().setEnabled(not read_only)

    def set_inline(self) -> None:
        """Fill a cell of a grid: no round corners, no height of its own."""
        control = self.control()
        mark(control, inline=True)
        if isinstance(control, (QLineEdit, QPushButton)):
            control.setSizePolicy(control.sizePolicy().horizontalPolicy(), QSizePolicy.Policy.Ignored)
        self.inline = True

    def begin(self, text: str | None = None) -> None:
        """Take the keyboard; `text` was typed already and replaces the value (None: edit what is there)."""
        self.control().setFocus(Qt.FocusReason.OtherFocusReason)

    def control(self) -> QWidget:
        """The widget that takes the keyboard."""
        return self

    def hold(self, control: QWidget) -> None:
        """Lay out `control` and hand the focus and names over to it."""
        self._layout.addWidget(control)
        self.setFocusProxy(control)
        control.setAccessibleName(self.field.name)

    def _change(self, value: Any) -> None:
        if value != self._value:
            self._value = value
            self.edited.emit()


class Line(QLineEdit):
    """A line that says when the focus leaves and when Escape is pressed.

    Signals:
        left(): the focus went elsewhere in the window, or Enter was pressed.
        escaped(): Escape.
        unfolded(): F4 or Alt+Down, the keys that open what is behind a field.
    """

    left = Signal()
    escaped = Signal()
    unfolded = Signal()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving for another widget means being done; a menu or another window does not."""
        super().focusOutEvent(event)
        if event.reason() not in {Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason}:
            self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter means being done."""
        if event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
            event.ignore()
            return
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if event.key() == Qt.Key.Key_F4 or (event.key() == Qt.Key.Key_Down and alt):
            self.unfolded.emit()
            return
        super().keyPressEvent(event)
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.left.emit()

    def minimumSizeHint(self) -> QSize:
        """Narrow columns have narrow editors."""
        return QSize(0, super().minimumSizeHint().height())


class TypedEditor(Editor):
    """A line of text that the field's type reads; what cannot be read is kept as typed and said on leaving."""

    def __init__(self, field: Field, context: EditorContext, parent: QWidget | None = None) -> None:
        super().__init__(field, context, parent)
        self.line = Line()
        self.hold(self.line)
        self._unreadable: Problem | None = None
        self._before: Any = None
        self.line.textEdited.connect(self._typed)
        self.line.left.connect(self._left)
        self.line.escaped.connect(self._escaped)

    def control(self) -> QWidget:
        """The line; before it exists, the editor itself."""
        return getattr(self, "line", self)

    def refresh(self) -> None:
        """Show the value as its type writes it."""
        self._unreadable = None
        self._before = self._value
        self.line.setText(self.field.format(self._value))
        self.line.setCursorPosition(0)
        self.problem("")

    def problems(self) -> tuple[Problem, ...]:
        """The text that cannot be read."""
        return (replace(self._unreadable, where=self.field.id),) if self._unreadable is not None else ()

    def set_read_only(self, read_only: bool) -> None:
        """Text can still be selected and copied."""
        self.line.setReadOnly(read_only)
        mark(self.line, readOnly=read_only)
        for action in self.line.actions():
            action.setVisible(not read_only)

    def unfolds(self, icon_name: str, name: str) -> None:
        """Put an icon at the end of the line that opens what is behind it."""
        action = QAction(icon(icon_name), name, self.line)
        action.triggered.connect(self._unfold)
        self.line.addAction(action, QLineEdit.ActionPosition.TrailingPosition)
        self.line.unfolded.connect(self._unfold)

    def unfold(self) -> object:
        """Open what is behind the field."""
        raise NotImplementedError

    def _unfold(self) -> None:
        if not self.line.isReadOnly():
            self.unfold()

    def take(self, value: Any) -> None:
        """A person picked `value` behind the icon."""
        changed = value != self._value or self._unreadable is not None
        self.set_value(value)
        if changed:
            self.edited.emit()
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)
        self.committed.emit()

    def begin(self, text: str | None = None) -> None:
        """Take the keyboard, with `text` instead of the value or with the value selected."""
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)
        if text is None:
            self.line.selectAll()
        else:
            self.line.setText(text)
            self._typed(text)

    def _typed(self, text: str) -> None:
        self.problem("")
        try:
            value = self.field.kind.parse(text, self.field.props)
        except Unreadable as refused:
            self._unreadable = refused.problem(self.field.id)
            self.edited.emit()
            return
        was_unreadable, self._unreadable = self._unreadable is not None, None
        if was_unreadable and value == self._value:
            self.edited.emit()
        self._change(value)

    def _left(self) -> None:
        if self.line.isReadOnly():
            return
        if self._unreadable is not None:
            self.problem(str(self._unreadable.message))
        elif self.line.isModified():
            self.line.setText(self.field.format(self._value))
            self.line.setModified(False)
        self.committed.emit()

    def _escaped(self) -> None:
        if self.line.isModified():
            before = self._before
            self.set_value(before)
            self.edited.emit()
        self.cancelled.emit()


class EditorKind:
    """One way to change values.

    Class attributes:
        name: what field types call it.
    """

    name: str = ""

    def make(self, field: Field, context: EditorContext, parent: QWidget | None = None) -> Editor:
        """A new editor for `field`."""
        raise NotImplementedError


editor_kinds: Registry[EditorKind] = Registry("runtime.ui.editors")

FALLBACK = "line"


def make_editor(field: Field, context: EditorContext, parent: QWidget | None = None) -> Editor:
    """The editor that the field's type asks for; a type that this program does not know is shown, read-only."""
    kind = editor_kinds.get(field.kind.editor) or editor_kinds[FALLBACK]
    editor = kind.make(field, context, parent)
    if not field.editable:
        editor.set_read_only(True)
    return editor
