"""The apps of the open workspace and their forms."""

from __future__ import annotations

from desktop.shell import Shell
from resources.styles.tokens import SIZES
from resources.texts import _, plural
from runtime.definition.labels import label_text
from runtime.form import forms_of
from runtime.ui.kit.card import Card
from runtime.ui.kit.empty_state import EmptyState
from runtime.ui.kit.words import words
from runtime.ui.page import ColumnPage


class AppsPage(ColumnPage):
    """A card for each app."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        session = shell.session
        apps = [] if session is None else list(session.apps.values())
        for app in apps:
            card = Card(label_text(app.root.props.get("label", {})) or app.id)
            for form in forms_of(app):
                count = plural("{n} field", "{n} fields", len(form.fields))
                card.body.addWidget(words(f"{form.name}  ·  {count}"))
            self.column.addWidget(card)
        if apps:
            self.column.addStretch(1)
        else:
            sentence = _("An app holds forms, and forms hold your records.")
            empty = EmptyState("apps", _("No apps yet"), sentence)
            empty.setMinimumHeight(SIZES.field_width)
            self.column.addWidget(empty, 1)
