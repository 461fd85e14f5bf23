"""Number: figures, right-aligned; whole numbers, decimals, money and percent by the field's own reading and writing."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from runtime.form import Field
from runtime.ui import fonts
from runtime.ui.editors import Editor, EditorContext, EditorKind, TypedEditor, editor_kinds


class NumberEditor(TypedEditor):
    """A line of figures."""

    def __init__(self, field: Field, context: EditorContext, parent: QWidget | None = None) -> None:
        super().__init__(field, context, parent)
        self.line.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.line.setFont(fonts.tabular(self.line.font()))


@editor_kinds.register
class NumberKind(EditorKind):
    """For integer, decimal, money and percent."""

    name = "number"

    def make(self, field: Field, context: EditorContext, parent: QWidget | None = None) -> Editor:
        """A line of figures."""
        return NumberEditor(field, context, parent)
