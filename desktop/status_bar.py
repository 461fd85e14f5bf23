"""The status bar: long work at the left; what the page says and the language at the right."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QToolButton, QWidget

from desktop.shell import Shell
from resources.styles.tokens import SIZES
from resources.texts import LANGUAGES, _, language
from runtime.ui.kit.job_row import JobRow
from runtime.ui.kit.menus import plain_menu, tick
from runtime.ui.kit.words import words


class StatusBar(QFrame):
    """28 px at the lower edge of the window."""

    def __init__(self, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "status")
        self._said = words("", "small")
        self.jobs = JobRow(shell.jobs)
        self.language = QToolButton()
        self.language.setProperty("kind", "status")
        self.language.setText(LANGUAGES[language()])
        self.language.setAccessibleName(_("Language"))
        self.language.setToolTip(_("Language"))
        self.language.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.language.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.language.setMenu(self._menu(shell))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SIZES.m, 0, SIZES.s, 0)
        layout.setSpacing(SIZES.m)
        layout.addWidget(self.jobs)
        layout.addStretch(1)
        layout.addWidget(self._said)
        layout.addWidget(self.language)

    def say(self, text: str) -> None:
        """Show what the page says."""
        self._said.setText(text)

    @property
    def said(self) -> str:
        """What the page says."""
        return self._said.text()

    def _menu(self, shell: Shell) -> QMenu:
        menu = plain_menu(self.language)
        for code, name in LANGUAGES.items():
            action = QAction(name, menu)
            tick(action, code == language())
            action.triggered.connect(lambda _checked=False, wanted=code: shell.set_language(wanted))
            menu.addAction(action)
        return menu
