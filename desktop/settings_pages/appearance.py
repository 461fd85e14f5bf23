"""Appearance: language and theme."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.settings_pages import SettingsPage, settings_pages
from desktop.shell import Shell
from resources.styles.tokens import SIZES
from resources.texts import LANGUAGES, T, _, language
from runtime.ui.kit.card import Card
from runtime.ui.kit.field_row import FieldRow
from runtime.ui.kit.segments import Segments
from runtime.ui.theme import Mode


@settings_pages.register
class Appearance(SettingsPage):
    """Language and theme."""

    name, title, icon, order = "appearance", T("Appearance"), "appearance", 10

    def make(self, shell: Shell) -> QWidget:
        """Two rows of choices."""
        languages = Segments(_("Language"), [(code, name, "") for code, name in LANGUAGES.items()], language())

        def speak(code: str) -> None:
            shell.set_language(code)
            languages.choose(language())  # another one stays where something is to be saved first

        languages.chosen.connect(speak)
        modes = [
            (Mode.SYSTEM, _("System"), "system"),
            (Mode.LIGHT, _("Light"), "sun"),
            (Mode.DARK, _("Dark"), "moon"),
        ]
        themes = Segments(_("Theme"), [(str(mode), name, icon) for mode, name, icon in modes], str(shell.theme.mode))
        themes.chosen.connect(lambda key: shell.set_theme(Mode(key)))
        card = Card()
        card.body.setSpacing(SIZES.l)
        card.body.addWidget(FieldRow(_("Language"), languages, _("Names you gave to your own forms stay as they are.")))
        card.body.addWidget(FieldRow(_("Theme"), themes))
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(card)
        layout.addStretch(1)
        return page
