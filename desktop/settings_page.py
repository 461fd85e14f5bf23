"""The settings in the window: the list of pages at the left, the chosen one beside it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from desktop.settings_pages import SettingsPage, in_order
from desktop.shell import Shell
from resources.styles.tokens import SIZES
from resources.texts import _
from runtime.ui.icons import icon
from runtime.ui.kit.button import Button
from runtime.ui.kit.words import words
from runtime.ui.page import ColumnPage


class SettingsView(ColumnPage):
    """Every settings page that is offered."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self.column.addWidget(words(_("Settings"), "title"))
        self._pages = QVBoxLayout()  # a stack of them would be as high as the longest, and scroll for each
        self._group = QButtonGroup(self)
        self.entries: dict[str, Button] = {}
        names = QVBoxLayout()
        names.setSpacing(SIZES.xs)
        for page in in_order(shell):
            self._pages.addWidget(page.make(shell))
            names.addWidget(self._entry(page, self._pages.count() - 1))
        names.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(SIZES.xl)
        row.addLayout(names)
        row.addLayout(self._pages, 1)
        self.column.addLayout(row, 1)
        first = next(iter(self.entries.values()), None)
        if first is not None:
            first.setChecked(True)
            self._show(0)

    def go(self, name: str) -> None:
        """Show the page of this name, where it is offered."""
        if name in self.entries:
            self.entries[name].click()

    def _show(self, at: int) -> None:
        """Show one page and hide the others."""
        for place in sorted(range(self._pages.count()), key=lambda place: place == at):
            item = self._pages.itemAt(place)
            if item is not None and (page := item.widget()) is not None:
                page.setVisible(place == at)

    def _entry(self, page: SettingsPage, at: int) -> QWidget:
        made = Button(str(page.title), "entry")
        made.setIcon(icon(page.icon))
        made.setIconSize(QSize(SIZES.icon, SIZES.icon))
        made.setCheckable(True)
        made.setMinimumWidth(SIZES.field_width // 2)
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        made.clicked.connect(lambda: self._show(at))
        self._group.addButton(made)
        self.entries[page.name] = made
        return made
