"""`KeyForm`: what opens the workspace now, perhaps a new passphrase twice, and a button that does it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from resources.styles.tokens import SIZES
from resources.texts import _
from runtime.errors import UserError
from runtime.store.keys import SHORTEST_PASSPHRASE
from runtime.ui.kit.button import Button, button
from runtime.ui.kit.card import Card
from runtime.ui.kit.field_row import FieldRow
from runtime.ui.kit.words import words

OF_NOW = frozenset({"wrong_passphrase", "wrong_recovery_code", "recovery_code_mistyped", "passphrase_needed"})
OF_NEW = frozenset({"passphrase_short"})


class KeyForm(QWidget):
    """A card with fields.

    Args:
        go: what the button says that does it.
        ask_now: the passphrase is asked for first; otherwise the keyring opens it.
        ask_new: a new passphrase is chosen.
        only_passphrase: a recovery code is not enough.
        danger: something is taken away.

    Signals:
        submitted(now, new): what opens it (None = the keyring) and the new passphrase ("" = none).
        cancelled(): the person changed their mind.
    """

    submitted = Signal(object, str)
    cancelled = Signal()

    def __init__(
        self, title: str, sentence: str, go: str, *, ask_now: bool = True, ask_new: bool = False,
        only_passphrase: bool = False, danger: bool = False,
    ) -> None:  # fmt: skip
        super().__init__()
        self.card = Card(title)
        self.card.body.setSpacing(SIZES.l)
        self.card.body.addWidget(words(sentence, "secondary", wrap=True))
        self.now = self.new = self.again = None
        if ask_now:
            label = _("Passphrase") if only_passphrase else _("Passphrase or recovery code")
            self.now, self.now_row = self._secret(label)
        if ask_new:
            hint = _("At least {n} characters; a sentence is best.", n=SHORTEST_PASSPHRASE)
            self.new, self.new_row = self._secret(_("New passphrase"), hint)
            self.again, self.again_row = self._secret(_("Once more"))
        self.go = Button(go, "danger" if danger else "primary")
        self.go.clicked.connect(self.submit)
        away = button(_("Cancel"))
        away.clicked.connect(self.cancelled)
        foot = QHBoxLayout()
        foot.setSpacing(SIZES.s)
        foot.addStretch(1)
        foot.addWidget(away)
        foot.addWidget(self.go)
        self.card.body.addLayout(foot)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.card)
        layout.addStretch(1)
        self.setFocusProxy(self.now or self.new or self.go)

    def _secret(self, label: str, help_text: str = "") -> tuple[QLineEdit, FieldRow]:
        line = QLineEdit()
        line.setEchoMode(QLineEdit.EchoMode.Password)
        line.returnPressed.connect(self.submit)
        row = FieldRow(label, line, help_text, required=True)
        self.card.body.addWidget(row)
        return line, row

    def submit(self) -> None:
        """Hand it over, when it is complete."""
        if not self.go.isEnabled() or not self._complete():
            return
        self.go.setEnabled(False)
        now = self.now.text() if self.now is not None else None
        self.submitted.emit(now, self.new.text() if self.new is not None else "")

    def _complete(self) -> bool:
        if self.now is not None:
            self.now_row.say("" if self.now.text() else _("Enter the passphrase."))
            if not self.now.text():
                return False
        if self.new is None or self.again is None:
            return True
        phrase = self.new.text()
        short = len(phrase) < SHORTEST_PASSPHRASE
        self.new_row.say(_("Use at least {n} characters.", n=SHORTEST_PASSPHRASE) if short else "")
        other = not short and phrase != self.again.text()
        self.again_row.say(_("The two are not the same.") if other else "")
        return not short and not other

    def refuse(self, error: UserError) -> bool:
        """It was not done; whether the form says why itself."""
        self.go.setEnabled(True)
        if error.code in OF_NOW and self.now is not None:
            self.now_row.say(str(error))
            self.now.selectAll()
            self.now.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        if error.code in OF_NEW and self.new is not None:
            self.new_row.say(str(error))
            return True
        return False
