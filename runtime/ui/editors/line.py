"""Line: one line of text."""

from PySide6.QtWidgets import QWidget

from runtime.form import Field
from runtime.ui.editors import Editor, EditorContext, EditorKind, TypedEditor, editor_kinds


class LineEditor(TypedEditor):
    """A line; longer text than the field takes cannot be typed."""

    def __init__(self, field: Field, context: EditorContext, parent: QWidget | None = None) -> None:
        super().__init__(field, context, parent)
        longest = getattr(field.props, "max_length", None)
        if longest:
            self.line.setMaxLength(longest)


@editor_kinds.register
class LineKind(EditorKind):
    """For text."""

    name = "line"

    def make(self, field: Field, context: EditorContext, parent: QWidget | None = None) -> Editor:
        """A line."""
        return LineEditor(field, context, parent)
