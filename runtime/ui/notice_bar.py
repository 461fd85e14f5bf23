"""Shows notices: what needs attention as a bar in the page, what went well as a toast over it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from resources.styles.tokens import SIZES
from resources.texts import _
from runtime.ui.icons import IconLabel
from runtime.ui.kit.button import IconButton, link_button
from runtime.ui.kit.toast import Toast
from runtime.ui.kit.words import words
from runtime.ui.notices import Notice, NoticeAction, Notices, Tone
from runtime.ui.theme import mark

LOOKS = {
    Tone.INFO: ("info", "accent"),
    Tone.SUCCESS: ("success", "success"),
    Tone.WARNING: ("warning", "warning"),
    Tone.DANGER: ("danger", "danger"),
}


class NoticeBar(QFrame):
    """The newest notice; closing it shows the one before. Hidden when there is none."""

    def __init__(self, notices: Notices, toast: Toast, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "notice")
        self._toast = toast
        self._stack: list[Notice] = []
        self._icon = IconLabel("info", "accent")
        self._message = words("", "strong", wrap=True)
        self._hint = words("", "secondary", wrap=True)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(SIZES.xs)
        self._build()
        notices.posted.connect(self.show_notice)
        notices.withdrawn.connect(self.withdraw)
        self.hide()

    def _build(self) -> None:
        lines = QVBoxLayout()
        lines.setSpacing(0)
        lines.addWidget(self._message)
        lines.addWidget(self._hint)
        self._close = IconButton("close", _("Close"), size=SIZES.xl)
        self._close.clicked.connect(self.dismiss)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SIZES.l, SIZES.s, SIZES.s, SIZES.s)
        layout.setSpacing(SIZES.m)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addLayout(lines, 1)
        layout.addLayout(self._buttons)
        layout.addWidget(self._close)

    @property
    def notice(self) -> Notice | None:
        """What is shown."""
        return self._stack[-1] if self._stack else None

    def show_notice(self, notice: Notice) -> None:
        """Show a notice; a success as a toast."""
        if notice.fleeting:
            self._toast.say(str(notice.message), *((str(action.label), action.run) for action in notice.actions))
            return
        if notice.code:
            self._stack = [older for older in self._stack if older.code != notice.code]
        self._stack.append(notice)
        self._refresh()

    def withdraw(self, code: str) -> None:
        """Take away the notice of this code."""
        self._stack = [notice for notice in self._stack if notice.code != code]
        self._refresh()

    def dismiss(self) -> None:
        """Close what is shown."""
        if self._stack:
            self._stack.pop()
        self._refresh()

    def clear(self) -> None:
        """Close everything that is shown, and let go what its buttons do."""
        self._stack.clear()
        self._toast.forget()
        self._refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def _refresh(self) -> None:
        notice = self.notice
        self.setVisible(notice is not None)
        if notice is None:
            self._clear_buttons()
            return
        self._icon.show_icon(*LOOKS[notice.tone])
        self._message.setText(str(notice.message))
        self._hint.setText(str(notice.hint))
        self._hint.setVisible(bool(str(notice.hint)))
        self.setAccessibleName(f"{notice.message} {notice.hint}".strip())
        mark(self, tone=notice.tone.value)
        self._clear_buttons()
        for action in notice.actions:
            made = self._button(action)
            self._buttons.addWidget(made)
            made.show()

    def _clear_buttons(self) -> None:
        while (item := self._buttons.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _button(self, action: NoticeAction) -> QWidget:
        made = link_button(str(action.label))

        def press() -> None:
            self.dismiss()
            action.run()

        made.clicked.connect(press)
        return made
