"""`SecurityPage`: an overview, and in its place the form or the code that a button of it asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.security.code_sheet import CodeSheet
from desktop.security.forms import KeyForm
from desktop.security.overview import Overview
from desktop.shell import Shell
from resources.texts import T, Text, _
from runtime.errors import UserError
from runtime.store.ways_in import Offer, Ways
from runtime.work import Progress

R = TypeVar("R")


class SecurityPage(QWidget):
    """The ways into the open workspace."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        session = shell.session
        assert session is not None, "the settings offer it then only"
        assert session.ways is not None, "the settings offer it then only"
        self._shell = shell
        self._name = session.name
        self._ways: Ways = session.ways
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self.shown: QWidget | None = None
        self.show_overview()

    # What is shown

    def show_overview(self) -> None:
        """The ways as they are now; the keyring is asked in the background."""
        overview = Overview(self._shell, self._ways)
        overview.passphrase_asked.connect(self._passphrase)
        overview.passphrase_gone.connect(self._no_passphrase)
        overview.keyring_asked.connect(self._keyring)
        overview.keyring_gone.connect(self._no_keyring)
        overview.code_asked.connect(self._code)
        overview.rekey_asked.connect(self._rekey)
        self._show(overview)
        self._work(lambda ways: ways.list(), overview.show_ways)

    def _show(self, part: QWidget) -> None:
        if self.shown is not None:
            self._layout.removeWidget(self.shown)
            self.shown.hide()
            self.shown.deleteLater()
        self.shown = part
        self._layout.addWidget(part)
        part.show()
        part.setFocus()

    def _form(self, form: KeyForm) -> None:
        form.cancelled.connect(self.show_overview)
        self._show(form)

    # What the buttons ask for

    def _passphrase(self) -> None:
        change = self._ways.has_passphrase
        title = _("Change the passphrase") if change else _("Set a passphrase")
        sentence = _("It opens the workspace on any computer. A sentence that only you know is best.")
        form = KeyForm(title, sentence, _("Save"), ask_now=change, ask_new=True)
        done = T("The passphrase is changed.") if change else T("The passphrase is set.")
        form.submitted.connect(lambda now, new: self._change(form, lambda ways: ways.set_passphrase(now, new), done))
        self._form(form)

    def _no_passphrase(self) -> None:
        sentence = _("The workspace then opens on this computer alone, and with a recovery code; it cannot be locked.")
        form = KeyForm(_("Remove the passphrase"), sentence, _("Remove"), danger=True)
        done = T("The workspace has no passphrase any more.")
        form.submitted.connect(lambda now, _new: self._change(form, lambda ways: ways.remove_passphrase(now), done))
        self._form(form)

    def _keyring(self) -> None:
        sentence = _(
            "The keyring of your system keeps the key; in your account the workspace opens without a question."
        )
        form = KeyForm(_("Open without a question"), sentence, _("Keep the key here"))
        done = T("The workspace opens without a question on this computer.")
        form.submitted.connect(lambda now, _new: self._change(form, lambda ways: ways.add_keyring(now), done))
        self._form(form)

    def _no_keyring(self) -> None:
        sentence = _(
            "The key is taken out of the keyring. From then on only the passphrase or a recovery code opens it."
        )
        form = KeyForm(_("Ask for the passphrase every time"), sentence, _("Ask every time"))
        done = T("The workspace asks for the passphrase every time.")
        form.submitted.connect(lambda now, _new: self._change(form, lambda ways: ways.remove_keyring(now), done))
        self._form(form)

    def _code(self) -> None:
        if not self._ways.has_passphrase:
            self._work(lambda ways: ways.offer_code(None), self._show_code)
            return
        sentence = _("It opens the workspace when the passphrase is forgotten or the computer is lost.")
        form = KeyForm(_("Make a recovery code"), sentence, _("Make the code"))
        form.submitted.connect(
            lambda now, _new: self._work(lambda ways: ways.offer_code(now), self._show_code, form.refuse)
        )
        self._form(form)

    def _show_code(self, offer: Offer) -> None:
        sheet = CodeSheet(self._shell, self._name, offer.code)
        done = T("From now on this recovery code opens the workspace.")
        sheet.kept.connect(lambda: self._change(None, lambda ways: ways.accept(offer), done))
        sheet.cancelled.connect(self.show_overview)
        self._show(sheet)

    def _rekey(self) -> None:
        sentence = _(
            "The file is written anew under a new key. Backups made until now stay under the former key and open with "
            "the passphrase of their time: delete them if somebody else may have them and the passphrase. A recovery "
            "code has to be made anew."
        )
        ask = self._ways.has_passphrase
        form = KeyForm(_("A new key for the file"), sentence, _("Change the key"), ask_now=ask, only_passphrase=True)
        form.submitted.connect(
            lambda now, _new: self._work(
                lambda ways: ways.assert_opens(now), lambda _nothing: self._shell.change_key(now), form.refuse
            )
        )
        self._form(form)

    # How it is done

    def _change(self, form: KeyForm | None, change: Callable[[Ways], None], done: Text) -> None:
        def changed(_nothing: None) -> None:
            self._shell.ways_changed()
            self._shell.notices.success(done)
            self.show_overview()

        self._work(change, changed, None if form is None else form.refuse)

    def _work(
        self,
        work: Callable[[Ways], R],
        then: Callable[[R], None],
        refused: Callable[[UserError], bool] | None = None,
    ) -> None:
        """Half a second off the window's thread; what a form does not say itself becomes a notice."""
        ways = self._ways

        def failed(error: UserError) -> None:
            if refused is None or not refused(error):
                self._shell.notices.report(error)

        def run(_progress: Progress) -> R:
            return work(ways)

        self._shell.jobs.start(self, run, then, failed)
