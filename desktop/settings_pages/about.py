"""About: this program, and the workspace that is open."""

from PySide6.QtCore import Qt, qVersion
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from desktop import VERSION
from desktop.settings import file
from desktop.settings_pages import SettingsPage, settings_pages
from desktop.shell import Shell
from resources.styles.tokens import SIZES
from resources.texts import T, _
from runtime.ui.kit.card import Card
from runtime.ui.kit.words import words


@settings_pages.register
class About(SettingsPage):
    """Versions and folders, to read and copy."""

    name, title, icon, order = "about", T("About"), "about", 90

    def make(self, shell: Shell) -> QWidget:
        """A card of facts."""
        facts = [("Formwork", VERSION), ("Qt", qVersion()), (_("Settings file"), str(file()))]
        if shell.session is not None:
            facts.insert(0, (_("Folder of the workspace"), str(shell.session.folder)))
            facts.insert(0, (_("Workspace"), shell.session.name))
        card = Card()
        grid = QGridLayout()
        grid.setHorizontalSpacing(SIZES.xl)
        grid.setVerticalSpacing(SIZES.s)
        grid.setColumnStretch(1, 1)
        for row, (name, value) in enumerate(facts):
            shown = words(value, wrap=True)
            shown.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
            shown.setAccessibleName(name)
            grid.addWidget(words(name, "secondary"), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(shown, row, 1)
        card.body.addLayout(grid)
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(card)
        layout.addStretch(1)
        return page
