"""Link: a line of text that leads somewhere: a button at its end writes the mail, calls, opens the page."""

from PySide6.QtCore import QUrl
from PySide6.QtGui import QAction, QDesktopServices
from PySide6.QtWidgets import QLineEdit, QWidget

from resources.texts import _
from runtime.form import Field
from runtime.ui.editors import Editor, EditorContext, EditorKind, TypedEditor, editor_kinds
from runtime.ui.icons import icon


class LinkEditor(TypedEditor):
    """A line; its button is there while what it holds leads somewhere, also where the value cannot be changed."""

    def __init__(self, field: Field, context: EditorContext, parent: QWidget | None = None) -> None:
        super().__init__(field, context, parent)
        self.follow = QAction(icon("open"), _("Open"), self.line)
        self.follow.triggered.connect(self._open)
        self.line.addAction(self.follow, QLineEdit.ActionPosition.TrailingPosition)
        self.edited.connect(self._offer)
        self._offer()

    def refresh(self) -> None:
        """Show the value."""
        super().refresh()
        self._offer()

    def set_read_only(self, read_only: bool) -> None:
        """The button stays."""
        super().set_read_only(read_only)
        self._offer()

    def set_inline(self) -> None:
        """In a grid Ctrl+click follows; the cell has no room for a button."""
        super().set_inline()
        self.line.removeAction(self.follow)

    @property
    def link(self) -> str:
        """Where the value leads; "" = nowhere."""
        if self._value is None or self.problems():
            return ""
        return self.field.kind.link(self._value, self.field.props)

    def _offer(self) -> None:
        if hasattr(self, "follow"):
            self.follow.setVisible(bool(self.link))

    def _open(self) -> None:
        if self.link:
            QDesktopServices.openUrl(QUrl(self.link))


@editor_kinds.register
class LinkKind(EditorKind):
    """For addresses: e-mail, telephone, web."""

    name = "link"

    def make(self, field: Field, context: EditorContext, parent: QWidget | None = None) -> Editor:
        """A line with a button."""
        return LinkEditor(field, context, parent)
