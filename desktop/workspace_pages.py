"""Making a workspace and unlocking one: a name, a folder, a passphrase where the computer keeps no keys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QWidget

from desktop.shell import Shell
from resources.styles.tokens import SIZES
from resources.texts import _
from runtime.store import recovery_code
from runtime.store.folder import SUFFIX
from runtime.store.keys import SHORTEST_PASSPHRASE
from runtime.ui.fonts import monospace
from runtime.ui.icons import IconLabel
from runtime.ui.kit.button import button, link_button, primary_button
from runtime.ui.kit.card import Card
from runtime.ui.kit.field_row import FieldRow
from runtime.ui.kit.words import words
from runtime.ui.page import ColumnPage

WIDTH = SIZES.field_width + SIZES.xxl * 3
Unlock = Callable[[str], None]
FORBIDDEN = frozenset('\\/:*?"<>|')


def default_folder() -> Path:
    """Where new workspaces go when nobody says otherwise."""
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)) / "Formwork"


class SheetPage(ColumnPage):
    """A card with a title, fields, and buttons at its foot."""

    def __init__(self, shell: Shell, icon_name: str, title: str, sentence: str) -> None:
        super().__init__(WIDTH)
        self._shell = shell
        self.column.addSpacing(SIZES.xl)
        self.card = Card()
        self.card.body.setContentsMargins(SIZES.xl, SIZES.xl, SIZES.xl, SIZES.xl)
        self.card.body.setSpacing(SIZES.l)
        head = QHBoxLayout()
        head.setSpacing(SIZES.m)
        head.addWidget(IconLabel(icon_name, "accent", SIZES.xl))
        head.addWidget(words(title, "section"), 1)
        self.card.body.addLayout(head)
        self.card.body.addWidget(words(sentence, "secondary", wrap=True))
        self.column.addWidget(self.card)
        self.column.addStretch(1)

    def foot(self, go: str, back: str) -> None:
        """Add the buttons."""
        self.go = primary_button(go)
        self.go.clicked.connect(self.submit)
        self.away = away = button(back)
        away.clicked.connect(lambda: self._shell.show("start" if self._shell.session is None else "apps"))
        row = QHBoxLayout()
        row.setSpacing(SIZES.s)
        row.addStretch(1)
        row.addWidget(away)
        row.addWidget(self.go)
        self.card.body.addLayout(row)

    def submit(self) -> None:
        """Do what the page is for."""

    def secret(self, label: str, help_text: str = "") -> tuple[QLineEdit, FieldRow]:
        """A field for a passphrase."""
        line = QLineEdit()
        line.setEchoMode(QLineEdit.EchoMode.Password)
        line.returnPressed.connect(self.submit)
        row = FieldRow(label, line, help_text, required=True)
        self.card.body.addWidget(row)
        return line, row


class NewWorkspacePage(SheetPage):
    """Name and folder of a new workspace."""

    def __init__(self, shell: Shell) -> None:
        sentence = _("A workspace is an encrypted folder with your apps and records. Copy it to take it along.")
        super().__init__(shell, "workspace", _("New workspace"), sentence)
        self.name = QLineEdit(_("My workspace"))
        self.name.returnPressed.connect(self.submit)
        self._name_row = FieldRow(_("Name"), self.name, required=True)
        self.card.body.addWidget(self._name_row)
        self.folder = QLineEdit(str(default_folder()))
        self._folder_row = FieldRow(_("Folder"), self._folder_field(), required=True)
        self.card.body.addWidget(self._folder_row)
        self.foot(_("Create workspace"), _("Back"))
        self.setFocusProxy(self.name)
        self.name.selectAll()

    def _folder_field(self) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SIZES.s)
        choose = button(_("Choose …"))
        choose.clicked.connect(self._choose)
        row.addWidget(self.folder, 1)
        row.addWidget(choose)
        holder.setFocusProxy(self.folder)
        return holder

    def _choose(self) -> None:
        dialog = QFileDialog(self, _("Folder of the workspace"), self.folder.text())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.folder.setText)
        dialog.open()

    def submit(self) -> None:
        """Make it, when name and folder are right."""
        name, folder = self.name.text().strip().removesuffix(SUFFIX), self.folder.text().strip()
        wrong = FORBIDDEN & set(name)
        self._name_row.say("")
        self._folder_row.say("")
        if not name:
            self._name_row.say(_("Give the workspace a name."))
        elif wrong:
            self._name_row.say(_("A name cannot hold {signs}.", signs=" ".join(sorted(wrong))))
        elif not folder or not Path(folder).is_absolute():
            self._folder_row.say(_("Choose a folder."))
        else:
            self._shell.open_workspace(Path(folder) / f"{name}{SUFFIX}")


class UnlockPage(SheetPage):
    """Asks for the passphrase of a workspace, twice for a new one; or for its recovery code.

    Args:
        path: of the workspace.
        problem: what is wrong with what was typed before.
        new: the workspace is to be made.
        unlock: the window is locked, and this takes what was typed; default: open the workspace with it.
    """

    def __init__(
        self, shell: Shell, path: Path, problem: str = "", *, new: bool = False, unlock: Unlock | None = None
    ) -> None:
        if new:
            sentence = _(
                "This computer has no safe place for keys. Choose a passphrase: without it nobody, not even you, can "
                "read this workspace again."
            )
        else:
            sentence = str(path) if unlock is None else _("Enter its passphrase to go on.")
        title = _("Choose a passphrase") if new else _("Unlock {name}", name=path.stem)
        if unlock is not None:
            title = _("{name} is locked", name=path.stem)
        super().__init__(shell, "lock", title, sentence)
        if unlock is not None:
            self.column.insertStretch(0, 1)
        self.path = path
        self._new = new
        self._unlock: Unlock = unlock or (lambda secret: shell.open_workspace(path, secret))
        hint = _("At least {n} characters; a sentence is best.", n=SHORTEST_PASSPHRASE) if new else ""
        self.passphrase, self._row = self.secret(_("Passphrase"), hint)
        self._row.say(problem)
        self.again = self.passphrase
        if new:
            self.again, self._again_row = self.secret(_("Once more"))
        else:
            self._add_code()
        self.foot(_("Create workspace") if new else _("Unlock"), _("Back"))
        self.setFocusProxy(self.passphrase)

    def _add_code(self) -> None:
        """The other way, behind a link."""
        self.code = QLineEdit()
        self.code.setFont(monospace(SIZES.text))
        self.code.setPlaceholderText("XXXX-XXXX-XXXX-…")
        self.code.returnPressed.connect(self.submit)
        self._code_row = FieldRow(
            _("Recovery code"),
            self.code,
            _("Nine groups of four; small letters and spaces do not matter."),
            required=True,
        )
        self._code_row.hide()
        self.card.body.addWidget(self._code_row)
        self.link = link_button(_("Use the recovery code"))
        self.link.clicked.connect(self._turn)
        row = QHBoxLayout()
        row.addWidget(self.link)
        row.addStretch(1)
        self.card.body.addLayout(row)

    def _turn(self) -> None:
        by_code = self._code_row.isHidden()
        self._code_row.setVisible(by_code)
        self._row.setVisible(not by_code)
        self.link.setText(_("Use the passphrase") if by_code else _("Use the recovery code"))
        (self.code if by_code else self.passphrase).setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def problem(self) -> str:
        """What is said to be wrong, or ""."""
        return self._row.said or ("" if self._new else self._code_row.said)

    def refuse(self, problem: str) -> None:
        """What was typed did not open it."""
        row, line = (
            (self._row, self.passphrase) if self._new or self._code_row.isHidden() else (self._code_row, self.code)
        )
        row.say(problem)
        self.go.setEnabled(True)
        line.selectAll()
        line.setFocus(Qt.FocusReason.OtherFocusReason)

    def submit(self) -> None:
        """Try it."""
        if not self._new and not self._code_row.isHidden():
            self._try_code()
            return
        phrase = self.passphrase.text()
        if not phrase:
            self._row.say(_("Enter the passphrase."))
        elif self._new and len(phrase) < SHORTEST_PASSPHRASE:
            self._row.say(_("Use at least {n} characters.", n=SHORTEST_PASSPHRASE))
        elif self._new and phrase != self.again.text():
            self._again_row.say(_("The two are not the same."))
        else:
            self.go.setEnabled(False)
            self._unlock(phrase)

    def _try_code(self) -> None:
        typed = self.code.text()
        try:
            code = recovery_code.read(typed)
        except recovery_code.MistypedCode as slip:
            self._code_row.say(str(slip))
            return
        if code is None:
            self._code_row.say(_("A recovery code has 36 letters and digits, in groups of four."))
        else:
            self._code_row.say("")
            self.go.setEnabled(False)
            self._unlock(str(code))
