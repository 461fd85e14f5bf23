"""The last step before an import: what the app is called, where it goes, and what will be made."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop.import_wizard import steps
from desktop.import_wizard.flow import ImportFlow
from resources.styles.tokens import SIZES
from resources.texts import _
from runtime.session import Session
from runtime.store.keys import SHORTEST_PASSPHRASE
from runtime.ui.icons import IconLabel
from runtime.ui.kit.button import button
from runtime.ui.kit.card import Card
from runtime.ui.kit.field_row import FieldRow
from runtime.ui.kit.segments import Segments
from runtime.ui.kit.words import ElidedWords, rule, words
from runtime.ui.page import ColumnPage

WIDTH = SIZES.field_width + SIZES.xxl * 5
LISTED = 8
OPEN, NEW = "open", "new"


class PlaceForm(ColumnPage):
    """Name of the app, and its workspace.

    Signals:
        submitted(): Enter was pressed in a field.
    """

    submitted = Signal()

    def __init__(self, flow: ImportFlow, session: Session | None, parent: QWidget | None = None) -> None:
        super().__init__(WIDTH, parent)
        self._flow = flow
        self._session = session
        card = Card(_("Name and place"))
        card.body.setContentsMargins(SIZES.xl, SIZES.xl, SIZES.xl, SIZES.xl)
        card.body.setSpacing(SIZES.l)
        self._body = card.body
        self.name = self._line(flow.name)
        self._name_row = FieldRow(
            _("Name of the app"), self.name, _("An app holds the forms of this file."), required=True
        )
        card.body.addWidget(self._name_row)
        self.where = self._choice(session)
        self._new = self._new_workspace()
        card.body.addWidget(self._new)
        card.body.addWidget(rule())
        card.body.addLayout(self._forms())
        self._refusal = words("", "error", wrap=True)
        self._refusal.setVisible(False)
        card.body.addWidget(self._refusal)
        self.column.addWidget(card)
        self.column.addStretch(1)
        self.setFocusProxy(self.name)
        self.name.selectAll()
        fresh = session is None or (flow.into_new and not flow.fills_forms)
        self._choose(NEW if fresh else OPEN)

    def _line(self, text: str) -> QLineEdit:
        made = QLineEdit(text)
        made.returnPressed.connect(self.submitted)
        return made

    def _choice(self, session: Session | None) -> Segments | None:
        if session is None or self._flow.fills_forms:
            return None
        choices = [
            (OPEN, _("Into “{name}”", name=session.name), "workspace"),
            (NEW, _("Into a new workspace"), "add"),
        ]
        made = Segments(_("Workspace"), choices, OPEN)
        made.chosen.connect(self._choose)
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(made)
        row.addStretch(1)
        self._body.addWidget(FieldRow(_("Workspace"), holder))
        return made

    def _choose(self, key: str) -> None:
        if self.where is not None:
            self.where.choose(key)
        self._new.setVisible(key == NEW)
        self._flow.into_new = key == NEW

    # A new workspace

    def _new_workspace(self) -> QWidget:
        place = self._flow.place
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SIZES.l)
        self.workspace = self._line(place.name)
        self.folder = self._line(place.folder)
        help_text = _("A workspace is an encrypted folder with your apps and records.")
        self.rows = {"name": FieldRow(_("New workspace"), self.workspace, help_text, required=True)}
        folder = QWidget()
        beside = QHBoxLayout(folder)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(SIZES.s)
        browse = button(_("Choose …"))
        browse.clicked.connect(self._browse)
        beside.addWidget(self.folder, 1)
        beside.addWidget(browse)
        folder.setFocusProxy(self.folder)
        self.rows["folder"] = FieldRow(_("Folder"), folder, required=True)
        self.passphrase, self.again = self._line(place.passphrase), self._line(place.again)
        if self._flow.needs_passphrase:
            self._ask_passphrase()
        else:
            for line in (self.passphrase, self.again):
                line.setParent(holder)
                line.hide()
        for row in self.rows.values():
            column.addWidget(row)
        return holder

    def _ask_passphrase(self) -> None:
        for line in (self.passphrase, self.again):
            line.setEchoMode(QLineEdit.EchoMode.Password)
        hint = _(
            "This computer has no safe place for keys. Without the passphrase nobody, not even you, can read the "
            "workspace again. At least {n} characters; a sentence is best.", n=SHORTEST_PASSPHRASE,
        )  # fmt: skip
        self.rows["passphrase"] = FieldRow(_("Passphrase"), self.passphrase, hint, required=True)
        self.rows["again"] = FieldRow(_("Once more"), self.again, required=True)

    def _browse(self) -> None:
        dialog = QFileDialog(self, _("Folder of the workspace"), self.folder.text())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.folder.setText)
        dialog.open()

    # What will be made

    def _forms(self) -> QVBoxLayout:
        draft = self._flow.draft.now
        assert draft is not None
        column = QVBoxLayout()
        column.setSpacing(SIZES.s)
        column.addWidget(words(_("What will be made"), "label"))
        taken = draft.new_sheets
        for sheet in taken[:LISTED]:
            row = QHBoxLayout()
            row.setSpacing(SIZES.s)
            row.addWidget(IconLabel("form", "accent", SIZES.icon))
            row.addWidget(ElidedWords(sheet.form_label), 1)
            fields = sum(column.include for column in sheet.columns)
            row.addWidget(words(steps.form_words(fields, sheet.rows), "secondary"))
            column.addLayout(row)
        if len(taken) > LISTED:
            column.addWidget(words(_("and {n} more", n=len(taken) - LISTED), "secondary"))
        return column

    # Agreeing

    def keep(self) -> None:
        """Tell the flow what was typed."""
        self._flow.name = self.name.text()
        self._flow.place = steps.NewPlace(
            self.workspace.text(), self.folder.text(), self.passphrase.text(), self.again.text()
        )

    def agreed(self) -> bool:
        """Whether everything is right; what is not is said at its place."""
        self.keep()
        nameless = "" if self._flow.name.strip() else _("Give the app a name.")
        self._name_row.say(nameless)
        wrongs = self._flow.place.wrongs(self._flow.needs_passphrase) if self._flow.into_new else {}
        for field, row in self.rows.items():
            row.say(wrongs.get(field, ""))
        first = next((self.rows[field].control for field in self.rows if field in wrongs), None)
        wrong = self.name if nameless else first
        if wrong is not None:
            wrong.setFocus(Qt.FocusReason.OtherFocusReason)
        return wrong is None

    def refuse(self, message: str) -> None:
        """Show why the import was refused."""
        self._refusal.setText(message)
        self._refusal.setVisible(bool(message))
