"""Paragraph: several lines of text, in a box that grows with them."""

import math

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from resources.styles.tokens import SIZES
from resources.texts import _
from runtime.form import Field
from runtime.ui.editors import Editor, EditorContext, EditorKind, editor_kinds
from runtime.ui.theme import mark

LEAST_LINES = 3
MOST_LINES = 12


class Box(QPlainTextEdit):
    """Text as typed; Tab goes on to the next field, Ctrl+Enter means being done."""

    left = Signal()
    escaped = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.document().setDocumentMargin(SIZES.xs)
        self.textChanged.connect(self.grow)
        self._free = True
        self.grow()

    def fill(self) -> None:
        """Take the height of the place instead of growing."""
        self._free = False
        self.setMinimumHeight(0)
        self.setMaximumHeight(SIZES.window_height)

    def grow(self) -> None:
        """As high as the text, from three lines to twelve."""
        if not getattr(self, "_free", False):
            return
        lines = min(MOST_LINES, max(LEAST_LINES, math.ceil(self.document().size().height())))
        frame = 2 * (SIZES.xs + SIZES.xs + SIZES.hair)
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + frame)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width wraps otherwise."""
        super().resizeEvent(event)
        self.grow()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving means being done."""
        super().focusOutEvent(event)
        if event.reason() not in {Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason}:
            self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter is a line break, with Alt too; with Ctrl it means being done."""
        if event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
            event.ignore()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and (
            event.modifiers() & Qt.KeyboardModifier.AltModifier
        ):
            if not self.isReadOnly():
                self.textCursor().insertText("\n")
                self.ensureCursorVisible()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and (
            event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self.left.emit()
        else:
            super().keyPressEvent(event)


class ParagraphEditor(Editor):
    """A box of plain text."""

    def __init__(self, field: Field, context: EditorContext, parent: QWidget | None = None) -> None:
        super().__init__(field, context, parent)
        self.box = Box()
        self.hold(self.box)
        self._quiet = False
        self.box.textChanged.connect(self._typed)
        self.box.left.connect(self.committed)
        self.box.escaped.connect(self.cancelled)

    def control(self) -> QWidget:
        """The box; before it exists, the editor itself."""
        return getattr(self, "box", self)

    def refresh(self) -> None:
        """Show the text."""
        self._quiet = True
        self.box.setPlainText(self._value or "")
        self._quiet = False
        self.problem("")

    def set_read_only(self, read_only: bool) -> None:
        """Text can still be selected and copied."""
        self.box.setReadOnly(read_only)
        mark(self.box, readOnly=read_only)

    def set_inline(self) -> None:
        """Fill the cell; the grid takes Enter."""
        super().set_inline()
        self.box.fill()
        self.box.setPlaceholderText(_("Alt+Enter begins a new line"))

    def begin(self, text: str | None = None) -> None:
        """Take the keyboard at the end of the text."""
        self.box.setFocus(Qt.FocusReason.OtherFocusReason)
        if text is None:
            self.box.moveCursor(QTextCursor.MoveOperation.End)
        else:
            self.box.selectAll()
            self.box.insertPlainText(text)

    def _typed(self) -> None:
        if not self._quiet:
            self.problem("")
            self._change(self.field.kind.parse(self.box.toPlainText(), self.field.props))


@editor_kinds.register
class ParagraphKind(EditorKind):
    """For long text."""

    name = "paragraph"

    def make(self, field: Field, context: EditorContext, parent: QWidget | None = None) -> Editor:
        """A box of text."""
        return ParagraphEditor(field, context, parent)
