"""Switch: yes or no."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from resources.styles.tokens import SIZES
from resources.texts import _
from runtime.form import Field
from runtime.ui.editors import Editor, EditorContext, EditorKind, editor_kinds
from runtime.ui.kit.toggle import ToggleSwitch
from runtime.ui.kit.words import words


class SwitchEditor(Editor):
    """A switch with its word beside it; a blank value is off and says nothing."""

    def __init__(self, field: Field, context: EditorContext, parent: QWidget | None = None) -> None:
        super().__init__(field, context, parent)
        self.switch = ToggleSwitch()
        self.word = words("", "secondary")
        self.hold(self.switch)
        self._layout.setSpacing(SIZES.xs)
        self._layout.addWidget(self.word)
        self._layout.addStretch(1)
        self.setMinimumHeight(SIZES.control)
        self.switch.clicked.connect(self._clicked)

    def control(self) -> QWidget:
        """The switch; before it exists, the editor itself."""
        return getattr(self, "switch", self)

    def refresh(self) -> None:
        """Show the value."""
        self.switch.setChecked(bool(self._value))
        self.word.setText("" if self._value is None else self.field.format(self._value))
        self.problem("")

    def set_inline(self) -> None:
        """Stand in the cell as it stands in a form."""
        super().set_inline()
        self.setMinimumHeight(0)
        self.setAutoFillBackground(True)
        self._layout.setContentsMargins(SIZES.xs, 0, SIZES.xs, 0)

    def begin(self, text: str | None = None) -> None:
        """Take the keyboard; a typed word is read (yes, 是)."""
        self.switch.setFocus(Qt.FocusReason.OtherFocusReason)
        if text == " ":
            self.switch.click()

    def _clicked(self, on: bool) -> None:
        value: Any = on
        self._change(value)
        self.word.setText(_("Yes") if on else _("No"))
        self.committed.emit()


@editor_kinds.register
class SwitchKind(EditorKind):
    """For yes and no."""

    name = "switch"

    def make(self, field: Field, context: EditorContext, parent: QWidget | None = None) -> Editor:
        """A switch."""
        return SwitchEditor(field, context, parent)
