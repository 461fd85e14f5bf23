"""The last step before an import: which workspace and app it goes into, how they are called, what will be made."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop.import_wizard import steps
from desktop.import_wizard.flow import ImportFlow
from resources.styles.tokens import SIZES
from resources.texts import _
from runtime.exchange.importing.app_choice import app_name, likely_app, names_taken
from runtime.exchange.importing.proposing import points_outside
from runtime.session import Session
from runtime.store.keys import SHORTEST_PASSPHRASE
from runtime.ui.filter_chooser import Chooser
from runtime.ui.icons import IconLabel
from runtime.ui.kit.button import button
from runtime.ui.kit.card import Card
from runtime.ui.kit.field_row import FieldRow
from runtime.ui.kit.picker import Pick
from runtime.ui.kit.segments import Segments
from runtime.ui.kit.words import ElidedWords, rule, words
from runtime.ui.page import ColumnPage

WIDTH = SIZES.field_width + SIZES.xxl * 5
LISTED = 8
OPEN, NEW = "open", "new"


class PlaceForm(ColumnPage):
    """The workspace, and the app in it.

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
        self.where = self._choice(session)
        self.app = self._app(session)
        self.name = self._line(flow.name)
        self._name_row = FieldRow(
            _("Name of the app"), self.name, _("An app holds the forms of this file."), required=True
        )
        card.body.addWidget(self._name_row)
        self._new = self._new_workspace()
        card.body.addWidget(self._new)
        card.body.addWidget(rule())
        card.body.addLayout(self._forms())
        self._refusal = words("", "error", wrap=True)
        self._refusal.setVisible(False)
        card.body.addWidget(self._refusal)
        self.column.addWidget(card)
        self.column.addStretch(1)
        fresh = session is None or (flow.into_new and not flow.fills_forms)
        self._choose(NEW if fresh else OPEN)
        self.name.selectAll()
        self.setFocusProxy(self.name if self.makes_app or self.app is None else self.app)

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

    def _app(self, session: Session | None) -> Chooser | None:
        """Which app of the open workspace gets the new forms; None where it has none."""
        if session is None or not session.apps:
            return None
        names = {app_id: app_name(app) for app_id, app in session.apps.items()}
        picks = [Pick("", _("A new app")), *(Pick(app_id, name) for app_id, name in names.items())]
        made = Chooser(_("App"), picks, self._proposed(session))
        made.picked.connect(lambda _app: self._show_rows())
        self._app_row = FieldRow(_("App"), made, _("The new forms can stand beside those of an app that is there."))
        self._body.addWidget(self._app_row)
        return made

    def _proposed(self, session: Session) -> str:
        """What a person agreed to, else what is most likely."""
        flow = self._flow
        if flow.app is not None and (flow.app in session.apps or not flow.app):
            return flow.app
        now = flow.draft.now
        return likely_app(session, now.plan, now.aims, flow.wanted) if now is not None else ""

    @property
    def makes_app(self) -> bool:
        """Whether the new forms get an app of their own."""
        return self._flow.into_new or self.app is None or not self.app.value

    def _choose(self, key: str) -> None:
        if self.where is not None:
            self.where.choose(key)
        self._flow.into_new = key == NEW
        self._show_rows()

    def _show_rows(self) -> None:
        """Show what has to be said for what is chosen."""
        self._new.setVisible(self._flow.into_new)
        self._name_row.setVisible(self.makes_app)
        if self.app is not None:
            self._app_row.setVisible(not self._flow.into_new)
            self._app_row.say("")

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
        plan = self._flow.plan
        if plan is not None and points_outside(plan):
            hint = _("Columns that point to forms of the workspace that is open become plain fields in another one.")
            column.addWidget(words(hint, "small", wrap=True))
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
        nameless = "" if self._flow.name.strip() or not self.makes_app else _("Give the app a name.")
        taken = self._taken()
        self._name_row.say(nameless)
        wrongs = self._flow.place.wrongs(self._flow.needs_passphrase) if self._flow.into_new else {}
        for field, row in self.rows.items():
            row.say(wrongs.get(field, ""))
        first = next((self.rows[field].control for field in self.rows if field in wrongs), None)
        if taken and self.app is not None:
            self._app_row.say(taken)
            first = self.app
        wrong = self.name if nameless else first
        if wrong is not None:
            wrong.setFocus(Qt.FocusReason.OtherFocusReason)
        if wrong is None and not self._flow.into_new:
            self._flow.app = self.app.value if self.app is not None else ""
        return wrong is None

    def _taken(self) -> str:
        """That the app has a form of the same name; "" where it has not."""
        now = self._flow.draft.now
        if self.makes_app or self.app is None or self._session is None or now is None:
            return ""
        names = names_taken(self._session, self.app.value, now.new_sheets)
        if not names:
            return ""
        return _(
            "The app has a form “{name}” already. Choose another app, or go back and call the form something else.",
            name=names[0],
        )

    def refuse(self, message: str) -> None:
        """Show why the import was refused."""
        self._refusal.setText(message)
        self._refusal.setVisible(bool(message))
