"""While something runs, and when a file was refused: one card, one sentence, what can be done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QProgressBar, QVBoxLayout, QWidget

from desktop.import_wizard.flow import TRIES, ImportFlow
from resources.styles.tokens import SIZES
from resources.texts import _, plural
from runtime.ui.icons import IconLabel
from runtime.ui.jobs import Jobs
from runtime.ui.kit.button import button, primary_button
from runtime.ui.kit.card import Card
from runtime.ui.kit.words import ElidedWords, words

WIDTH = SIZES.field_width + SIZES.xxl * 3
FINE = 1000
LOCKED = frozenset({"password_protected", "wrong_password"})
"""Refusals that a password helps against."""


class _Middle(QWidget):
    """A card in the middle."""

    def __init__(self) -> None:
        super().__init__()
        self.card = Card()
        self.card.setFixedWidth(WIDTH)
        self.card.body.setContentsMargins(SIZES.xl, SIZES.xl, SIZES.xl, SIZES.xl)
        layout = QVBoxLayout(self)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(self.card)
        middle.addStretch(1)
        layout.addStretch(2)
        layout.addLayout(middle)
        layout.addStretch(3)

    def head(self, icon: str, role: str, title: str) -> None:
        """Icon and title."""
        row = QHBoxLayout()
        row.setSpacing(SIZES.m)
        row.addWidget(IconLabel(icon, role, SIZES.xl), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(words(title, "section", wrap=True), 1)
        self.card.body.addLayout(row)

    def foot(self, *buttons: QWidget) -> None:
        """Buttons at the right."""
        row = QHBoxLayout()
        row.setSpacing(SIZES.s)
        row.addStretch(1)
        for each in buttons:
            row.addWidget(each)
        self.card.body.addSpacing(SIZES.s)
        self.card.body.addLayout(row)


class Waiting(_Middle):
    """How far the job of a flow is."""

    def __init__(self, flow: ImportFlow, jobs: Jobs, title: str) -> None:
        super().__init__()
        self._flow = flow
        self.head("excel", "accent", title)
        self._label = ElidedWords("", "secondary")
        self._count = words("", "secondary")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(title)
        line = QHBoxLayout()
        line.addWidget(self._label, 1)
        line.addWidget(self._count)
        self.card.body.addWidget(self._bar)
        self.card.body.addLayout(line)
        self.cancel = button(_("Cancel"))
        self.cancel.clicked.connect(flow.cancel)
        self.foot(self.cancel)
        self.setFocusProxy(self.cancel)
        jobs.changed.connect(self.refresh)
        flow.moved.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show how far it is now."""
        done, total, label = self._flow.progress
        stopping = self._flow.stopping
        self._label.setText(_("Stopping …") if stopping else str(label))
        self.cancel.setEnabled(not stopping)
        self._bar.setRange(0, FINE if total > 0 else 0)
        if total > 0:
            self._bar.setValue(min(FINE, done * FINE // total))
        self._count.setText(f"{done:,} / {total:,}" if total > 0 else f"{done:,}" if done else "")


class Refusal(_Middle):
    """Why a file was not read, and what to do; asks for the password of a workbook that has one."""

    def __init__(self, flow: ImportFlow, choose: Callable[[], None], leave: Callable[[], None]) -> None:
        super().__init__()
        self._flow = flow
        error = flow.refusal
        if error is None:
            self.head("info", "secondary", _("Reading was cancelled."))
        else:
            self.head("danger", "danger", str(error.message))
        name = words(flow.title, "strong", wrap=True)
        self.card.body.addWidget(name)
        if error is not None and str(error.hint):
            self.card.body.addWidget(words(str(error.hint), "secondary", wrap=True))
        self.password = QLineEdit(self)
        self.password.setVisible(False)
        self.unlock = primary_button(_("Open"), "key")
        self.again = button(_("Try again"), "refresh")
        self.again.clicked.connect(lambda _checked: flow.read())
        back = button(_("Back"))
        back.clicked.connect(leave)
        locked = error is not None and error.code in LOCKED
        self.choose = (button if locked else primary_button)(_("Choose another file"), "folder_open")
        self.choose.clicked.connect(lambda _checked: choose())
        if locked:
            self._ask_password()
        self.foot(back, self.again, self.choose, self.unlock)
        self.again.setVisible(not locked)
        self.unlock.setVisible(locked)
        self.setFocusProxy(self.password if locked and flow.tries else self.choose)
        self.setAccessibleName(str(error) if error is not None else _("Reading was cancelled."))

    def _ask_password(self) -> None:
        self.unlock.clicked.connect(self._open)
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setAccessibleName(_("Password of the workbook"))
        self.password.setPlaceholderText(_("Password of the workbook"))
        # Later: the key that submits must not reach the button that has the keyboard then.
        self.password.returnPressed.connect(self._open, Qt.ConnectionType.QueuedConnection)
        self.card.body.addWidget(self.password)
        self.password.setVisible(True)
        left = self._flow.tries
        if left < TRIES:
            said = plural("{n} try left.", "{n} tries left.", left) if left else _("That was the last try.")
            self.card.body.addWidget(words(said, "error"))
        for part in (self.password, self.unlock):
            part.setEnabled(left > 0)

    def _open(self) -> None:
        if self.password.text():
            self._flow.read(replace(self._flow.options, password=self.password.text()))
