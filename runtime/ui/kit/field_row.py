"""One field of a form: label above, required mark, the editor, help or what is wrong below."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from resources.styles.tokens import SIZES
from resources.texts import _
from runtime.ui.icons import IconLabel
from runtime.ui.kit.words import words
from runtime.ui.theme import mark


class FieldRow(QWidget):
    """A label and a control; `say` shows what is wrong in place of the help."""

    def __init__(
        self,
        label: str,
        control: QWidget,
        help_text: str = "",
        *,
        required: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.control = control
        self._help = help_text
        self._spoken = control.focusProxy() or control
        self._spoken.setAccessibleName(_("{name}, required", name=label) if required else label)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SIZES.xs)
        layout.addLayout(self._head(label, control, required))
        layout.addWidget(control)
        self._icon = IconLabel("danger", "danger", SIZES.icon_small)
        self._note = words("", "small", wrap=True)
        foot = QHBoxLayout()
        foot.setSpacing(SIZES.xs)
        foot.addWidget(self._icon)
        foot.addWidget(self._note, 1)
        layout.addLayout(foot)
        self.say("")

    @staticmethod
    def _head(label: str, control: QWidget, required: bool) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(SIZES.xs)
        name = words(label, "label")
        name.setBuddy(control)
        head.addWidget(name)
        if required:
            star = words("*", "required")
            star.setToolTip(_("Required"))
            head.addWidget(star)
        head.addStretch(1)
        return head

    def say(self, problem: str) -> None:
        """Show what is wrong; "" shows the help again."""
        self._icon.setVisible(bool(problem))
        self._note.setText(problem or self._help)
        self._note.setVisible(bool(problem or self._help))
        mark(self._note, role="error" if problem else "small")
        self._spoken.setAccessibleDescription(problem or self._help)

    @property
    def said(self) -> str:
        """The problem that is shown, or ""."""
        return self._note.text() if not self._icon.isHidden() else ""
