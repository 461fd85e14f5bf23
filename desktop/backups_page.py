"""The backups of the open workspace: back up now, go back to one, or make a workspace of it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from desktop.shell import Shell
from resources.styles.tokens import SIZES
from resources.texts import T, _, plural
from runtime.store import aftermath, backup_file
from runtime.store.backup_file import SUFFIX, Backup
from runtime.store.backups import ASKED, reason_of
from runtime.store.disk import size
from runtime.store.restore import restore_to
from runtime.ui.kit.button import button, primary_button
from runtime.ui.kit.card import Card, CardButton
from runtime.ui.kit.words import words
from runtime.ui.notices import NoticeAction
from runtime.ui.page import ColumnPage
from runtime.work import Progress

WIDTH = SIZES.field_width + SIZES.xxl * 6


class BackupsPage(ColumnPage):
    """A list, newest first; the one that is clicked shows what can be done with it."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(WIDTH)
        self._shell = shell
        self.cards: list[CardButton] = []
        self.choice: Choice | None = None
        self.column.addSpacing(SIZES.xl)
        self.column.addLayout(self._head())
        lead = _(
            "A backup is made after ten minutes of changes, and before an upgrade, a large import or a new key. Going "
            "back to one backs up what is there now."
        )
        self.column.addWidget(words(lead, "secondary", wrap=True))
        self._list = QVBoxLayout()
        self._list.setSpacing(SIZES.s)
        self.column.addLayout(self._list)
        self._none = words(_("There is no backup yet."), "secondary")
        self._none.hide()
        self.column.addWidget(self._none)
        self.column.addStretch(1)
        self._load()

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(SIZES.s)
        row.addWidget(words(_("Backups"), "title"), 1)
        self.other = button(_("Another file …"))
        self.other.clicked.connect(self._choose_file)
        self.now = primary_button(_("Back up now"))
        self.now.clicked.connect(self.back_up)
        session = self._shell.session
        self.now.setEnabled(session is not None and not session.safety.read_only)
        row.addWidget(self.other)
        row.addWidget(self.now)
        return row

    def back_up(self) -> None:
        """Make a backup."""
        session = self._shell.session
        if session is None:
            return

        def made(backup: Backup) -> None:
            when = aftermath.moment(backup.manifest.made)
            self._shell.notices.success(T("Backed up on {when}.", when=when))
            self._load()

        def work(progress: Progress) -> Backup:
            return session.safety.backup(ASKED, progress)

        self._shell.jobs.start(self, work, made, lane="free", label=T("Backing up"))

    def _load(self) -> None:
        session = self._shell.session
        if session is not None:
            backups = session.safety.backups
            self._shell.jobs.start(self, lambda _progress: backups.listed(), self._show, lane="free")

    def _show(self, backups: list[Backup]) -> None:
        self._drop_choice()
        for card in self.cards:
            self._list.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = [self._card(backup) for backup in backups]
        for card in self.cards:
            self._list.addWidget(card)
        self._none.setVisible(not backups)

    def _card(self, backup: Backup) -> CardButton:
        held = plural("{n} record", "{n} records", sum(backup.manifest.counts.values()))
        facts = (held, size(backup.database), str(reason_of(backup)))
        card = CardButton("history", aftermath.moment(backup.manifest.made), "  ·  ".join(facts), wide=True)
        card.clicked.connect(partial(self._choose, backup, card))
        return card

    def _choose(self, backup: Backup, card: QWidget | None) -> None:
        self._drop_choice()
        self.choice = Choice(self._shell, backup)
        self.choice.left.connect(self._drop_choice)
        self._list.insertWidget(0 if card is None else self._list.indexOf(card) + 1, self.choice)
        self.choice.show()
        self.choice.go.setFocus(Qt.FocusReason.OtherFocusReason)

    def _drop_choice(self) -> None:
        choice, self.choice = self.choice, None
        if choice is not None:
            self._list.removeWidget(choice)
            choice.hide()
            choice.deleteLater()

    def _choose_file(self) -> None:
        dialog = QFileDialog(self, _("Choose a backup"), "", _("Backups ({pattern})", pattern=f"*{SUFFIX}"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._read)
        dialog.open()

    def _read(self, path: str) -> None:
        def read(_progress: Progress) -> Backup:
            return backup_file.read(Path(path))

        self._shell.jobs.start(self, read, lambda backup: self._choose(backup, None), lane="free")


class Choice(Card):
    """What can be done with one backup.

    Signals:
        left(): the person does nothing with it.
    """

    left = Signal()

    def __init__(self, shell: Shell, backup: Backup) -> None:
        super().__init__()
        self._shell = shell
        self._backup = backup
        made = aftermath.moment(backup.manifest.made)
        session = shell.session
        writable = session is not None and not session.safety.read_only
        sentence = _(
            "The workspace becomes what it was on {made}. What was changed since is no longer in it, but in the backup "
            "that is made first.",
            made=made,
        )
        self.body.addWidget(words(sentence, wrap=True))
        self.go = primary_button(_("Go back"))
        self.go.setEnabled(writable)
        self.go.clicked.connect(lambda: shell.go_back(backup))
        self.copy = button(_("Make a workspace of it …"))
        self.copy.clicked.connect(self._copy)
        away = button(_("Cancel"))
        away.clicked.connect(self.left)
        row = QHBoxLayout()
        row.setSpacing(SIZES.s)
        row.addStretch(1)
        for part in (away, self.copy, self.go):
            row.addWidget(part)
        self.body.addLayout(row)

    def _copy(self) -> None:
        session = self._shell.session
        if session is None:
            return
        stamp = self._backup.manifest.made.strftime("%Y-%m-%d")
        start = session.folder.with_name(f"{session.folder.stem} {stamp}")
        dialog = QFileDialog(self, _("Make a workspace of the backup"), str(start))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.make_workspace)
        dialog.open()

    def make_workspace(self, path: str) -> None:
        """Make a workspace of the backup at `path`, and offer to open it."""
        session, shell = self._shell.session, self._shell
        if session is None:
            return

        def work(progress: Progress) -> Path:
            return restore_to(self._backup, session.safety.key_of(self._backup), Path(path), progress)

        def made(folder: Path) -> None:
            show = NoticeAction(T("Open"), lambda: shell.open_workspace(folder))
            shell.notices.info(T("The workspace “{name}” is ready.", name=folder.stem), "", show, code="copied")

        shell.jobs.start(shell.notices, work, made, lane="free", label=T("Restoring the backup"))
        self.left.emit()
