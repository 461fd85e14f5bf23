"""`Overview`: the ways into the workspace with what can be done to each, the lock, and the key of the file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.shell import Shell
from resources.styles.tokens import SIZES
from resources.texts import _
from runtime.dates import show_date
from runtime.store.key_slots import KEYRING, PASSPHRASE, RECOVERY
from runtime.store.ways_in import Way, Ways
from runtime.ui.icons import IconLabel
from runtime.ui.kit.button import Button, button, link_button
from runtime.ui.kit.card import Card
from runtime.ui.kit.field_row import FieldRow
from runtime.ui.kit.segments import Segments
from runtime.ui.kit.words import rule, words

MINUTES = (0, 5, 10, 30, 60)
"""Choices of the lock; 0 = never."""


class Overview(QWidget):
    """What there is.

    Signals:
        passphrase_asked(): set or change it.
        passphrase_gone(): do without it.
        keyring_asked(): keep the key on this computer.
        keyring_gone(): ask for the passphrase every time.
        code_asked(): make a recovery code.
        rekey_asked(): a new key for the file.
    """

    passphrase_asked = Signal()
    passphrase_gone = Signal()
    keyring_asked = Signal()
    keyring_gone = Signal()
    code_asked = Signal()
    rekey_asked = Signal()

    def __init__(self, shell: Shell, ways: Ways) -> None:
        super().__init__()
        self._shell = shell
        self._ways = ways
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(SIZES.l)
        self.card = Card(_("Ways in"))
        self._layout.addWidget(self.card)
        self._layout.addWidget(self._lock())
        self._layout.addWidget(self._key())
        self._layout.addStretch(1)

    # The ways

    def show_ways(self, ways: Sequence[Way]) -> None:
        """A row for each kind of way, and a warning where there is one way only."""
        by_type = {kind: [way for way in ways if way.type == kind] for kind in (KEYRING, PASSPHRASE, RECOVERY)}
        if len(ways) == 1:
            self.card.body.addWidget(self._alone())
        self._again.setVisible(self._ways.has_passphrase and any(way.here for way in by_type[KEYRING]))
        rows = (
            self._keyring(by_type[KEYRING], bool(by_type[PASSPHRASE])),
            self._passphrase(by_type[PASSPHRASE], any(way.here for way in by_type[KEYRING])),
            self._code(by_type[RECOVERY], alone=len(ways) == 1),
        )
        for at, row in enumerate(rows):
            if at:
                self.card.body.addWidget(rule())
            self.card.body.addWidget(row)

    @staticmethod
    def _alone() -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SIZES.s)
        row.addWidget(IconLabel("warning", "warning"), 0, Qt.AlignmentFlag.AlignTop)
        sentence = _("There is one way in only. If it is lost, nobody, not even you, can read this workspace again.")
        row.addWidget(words(sentence, wrap=True), 1)
        return holder

    def _keyring(self, ways: Sequence[Way], has_passphrase: bool) -> QWidget:
        here = next((way for way in ways if way.here), None)
        title = _("This computer")
        if here is not None:
            said = _("{keyring} keeps the key: it opens without a question in your account.", keyring=here.keyring)
            ask = button(_("Ask every time …"))
            ask.clicked.connect(self.keyring_gone)
            ask.setVisible(has_passphrase)
            return way_row("system", title, said, ask if has_passphrase else None)
        said = _("Asks for the passphrase every time.")
        if ways:
            said = _("Asks every time; the key is kept in {keyring} of another computer.", keyring=ways[0].keyring)
        keep = button(_("Keep the key here …"))
        keep.clicked.connect(self.keyring_asked)
        return way_row("system", title, said, keep)

    def _passphrase(self, ways: Sequence[Way], here: bool) -> QWidget:
        said = _("None. With one you can open the workspace on another computer, and lock it.")
        change = button(_("Change …") if ways else _("Set a passphrase …"))
        change.clicked.connect(self.passphrase_asked)
        if not ways:
            return way_row("key", _("Passphrase"), said, change)
        remove = link_button(_("Remove …")) if here else None
        if remove is not None:
            remove.clicked.connect(self.passphrase_gone)
        return way_row("key", _("Passphrase"), _since(ways[0]), remove, change)

    def _code(self, ways: Sequence[Way], alone: bool) -> QWidget:
        said = _("None. Printed and put away, it opens the workspace when everything else is lost.")
        make = Button(_("Make a new one …") if ways else _("Make a recovery code …"), "primary" if alone else "")
        make.clicked.connect(self.code_asked)
        return way_row("shield", _("Recovery code"), _since(ways[0]) if ways else said, make)

    # The lock

    def _lock(self) -> QWidget:
        can = self._ways.has_passphrase
        choices = [(str(minutes), _minutes(minutes), "") for minutes in MINUTES]
        after = Segments(_("Lock after"), choices, str(self._shell.settings.lock_after))
        after.chosen.connect(lambda key: self._shell.set_lock_after(int(key)))
        after.setEnabled(can)
        now = button(_("Lock now"), "lock")
        now.setEnabled(can)
        now.clicked.connect(self._shell.lock)
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SIZES.m)
        row.addWidget(after)
        row.addStretch(1)
        row.addWidget(now)
        holder.setFocusProxy(after)
        said = _("A workspace is locked with its passphrase. Set one first.")
        if can:
            said = _(
                "Without input for so long. The file is closed and its key out of memory; where you typed something "
                "that is not saved yet, it is only hidden."
            )
        card = Card(_("Lock"))
        card.body.addWidget(FieldRow(_("Lock after"), holder, said))
        self._again = words(
            _("After Formwork is started anew the keyring opens it without the passphrase. Let it ask every time if "
              "others use your account."),
            "small", wrap=True,
        )  # fmt: skip
        self._again.hide()
        card.body.addWidget(self._again)
        return card

    # The key

    def _key(self) -> QWidget:
        card = Card(_("Key of the file"))
        change = button(_("Change the key …"))
        change.clicked.connect(self.rekey_asked)
        said = _("When somebody else may have got hold of the passphrase or of a copy of this computer.")
        card.body.addWidget(way_row("database", _("Encrypted with AES-256"), said, change))
        return card


def way_row(icon: str, title: str, sentence: str, *buttons: Button | None) -> QWidget:
    """An icon, a title with a sentence below, buttons at the right."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(SIZES.m)
    row.addWidget(IconLabel(icon, "secondary"), 0, Qt.AlignmentFlag.AlignTop)
    lines = QVBoxLayout()
    lines.setSpacing(SIZES.focus)
    lines.addWidget(words(title, "label"))
    lines.addWidget(words(sentence, "small", wrap=True))
    row.addLayout(lines, 1)
    for each in buttons:
        if each is not None:
            row.addWidget(each, 0, Qt.AlignmentFlag.AlignVCenter)
    return holder


def _since(way: Way) -> str:
    if not way.made:
        return _("Set.")
    return _("Since {day}.", day=show_date(date.fromisoformat(way.made)))


def _minutes(minutes: int) -> str:
    return _("{n} min", n=minutes) if minutes else _("Never")
