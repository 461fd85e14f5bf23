"""Making a workspace and unlocking one: a name, a folder, a passphrase where the computer keeps no keys."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QWidget

from desktop.shell import Shell
from resources.styles.tokens import SIZES
from resources.texts import _
from runtime.store.folder import SUFFIX
from runtime.store.keys import SHORTEST_PASSPHRASE
from runtime.ui.icons import IconLabel
from runtime.ui.kit.button import button, primary_button
from runtime.ui.kit.card import Card
from runtime.ui.kit.field_row import FieldRow
from runtime.ui.kit.words import words
from runtime.ui.page import ColumnPage

WIDTH = SIZES.field_width + SIZES.xxl * 3
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
        away = button(back)
        away.clicked.connect(lambda: self._shell.show("start"))
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
    """Asks for the passphrase of a workspace, twice for a new one."""

    def __init__(self, shell: Shell, path: Path, problem: str = "", *, new: bool = False) -> None:
        if new:
            sentence = _(
                "This computer has no safe place for keys. Choose a passphrase: without it nobody, not even you, can "
                "read this workspace again."
            )
        else:
            sentence = str(path)
        title = _("Choose a passphrase") if new else _("Unlock {name}", name=path.stem)
        super().__init__(shell, "lock", title, sentence)
        self._path = path
        self._new = new
        hint = _("At least {n} characters; a sentence is best.", n=SHORTEST_PASSPHRASE) if new else ""
        self.passphrase, self._row = self.secret(_("Passphrase"), hint)
        self._row.say(problem)
        self.again = self.passphrase
        if new:
            self.again, self._again_row = self.secret(_("Once more"))
        self.foot(_("Create workspace") if new else _("Unlock"), _("Back"))
        self.setFocusProxy(self.passphrase)

    def submit(self) -> None:
        """Try it."""
        phrase = self.passphrase.text()
        if not phrase:
            self._row.say(_("Enter the passphrase."))
        elif self._new and len(phrase) < SHORTEST_PASSPHRASE:
            self._row.say(_("Use at least {n} characters.", n=SHORTEST_PASSPHRASE))
        elif self._new and phrase != self.again.text():
            self._again_row.say(_("The two are not the same."))
        else:
            self.go.setEnabled(False)
            self._shell.open_workspace(self._path, phrase)
