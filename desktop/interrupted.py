"""`Interrupted`: tells of imports, pastes, edits and undos that were interrupted half-way, and goes on or undoes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QInputDialog, QLineEdit

from desktop.commands.undo import what_stays
from desktop.shell import Shell
from resources.texts import TN, T, _
from runtime.errors import UserError
from runtime.ui.notices import Notice, NoticeAction, Tone
from runtime.work import Progress

if TYPE_CHECKING:  # the store is loaded when a workspace is opened
    from runtime.exchange.importing.report import ImportReport
    from runtime.session import Session
    from runtime.store.unfinished import Unfinished

GONE = "file_gone"


class Interrupted(QObject):
    """The interrupted work of the workspace that is open in the window. What is not decided is told of again."""

    def __init__(self, shell: Shell, parent: QObject) -> None:
        super().__init__(parent)
        self._shell = shell
        self._session: Session | None = None
        self._said: set[str] = set()
        self._found: set[str] | None = None

    def watch(self, session: Session) -> None:
        """Tell of what is unfinished in a workspace that was opened."""
        self._session, self._found = session, None
        self._look()

    def leave(self) -> None:
        """The workspace is closed."""
        self._session = None
        self._withdraw()

    def _withdraw(self) -> None:
        for code in self._said:
            self._shell.notices.withdraw(code)
        self._said.clear()

    def _look(self) -> None:
        session = self._session
        if session is None:
            return

        def work(_progress: Progress) -> list[tuple[Unfinished, UserError | None]]:
            found = session.unfinished
            if not found:
                return []
            from runtime.exchange.importing.kept_import import obstacle

            return [(each, None if each.takes_back else obstacle(each)) for each in found]

        self._shell.jobs.start(self, work, partial(self._tell, session), lane="free")

    def _tell(self, session: Session, found: Sequence[tuple[Unfinished, UserError | None]]) -> None:
        if session is not self._session:
            return
        from runtime.store.aftermath import interrupted

        if self._found is None:
            self._found = {work.batch for work, _hindrance in found}
        found = [each for each in found if each[0].batch in self._found]  # the others are under way just now
        self._withdraw()
        for work, hindrance in reversed(found):
            word = interrupted(work, hindrance)
            actions = () if session.safety.read_only else self._actions(work, hindrance)
            self._said.add(word.code)
            self._shell.notices.post(Notice(Tone.WARNING, word.message, word.hint, actions, word.code))

    def _actions(self, work: Unfinished, hindrance: UserError | None) -> tuple[NoticeAction, ...]:
        go_on = NoticeAction(T("Go on"), partial(self._go_on, work))
        keep = NoticeAction(T("Leave as it is"), partial(self._keep, work))
        if work.takes_back:
            return (NoticeAction(T("Go on"), partial(self._take_back, work)), keep)
        undo = NoticeAction(T("Undo"), partial(self._take_back, work))
        if hindrance is None:
            return (go_on, undo, keep)
        if hindrance.code == GONE:
            return (NoticeAction(T("Find the file …"), partial(self._find, work)), undo, keep)
        return (undo, keep)

    # What the buttons do

    def _find(self, work: Unfinished) -> None:
        """Ask where the files of an import are now."""
        dialog = QFileDialog(QApplication.activeWindow(), _("Find the file"), str(Path.home()))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(lambda chosen: self._go_on(work, [Path(each) for each in chosen]))
        dialog.rejected.connect(self._look)
        dialog.open()

    def _go_on(self, work: Unfinished, paths: Sequence[Path] = ()) -> None:
        """Go on with an import, after asking for a password that its file takes."""
        from runtime.exchange.importing.kept_import import kept_import

        kept = kept_import(work)
        if kept is None or not kept.locked:
            self._resume(work, paths)
            return
        dialog = QInputDialog(QApplication.activeWindow())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(_("Go on"))
        dialog.setLabelText(_("Password of the file"))
        dialog.setTextEchoMode(QLineEdit.EchoMode.Password)
        dialog.textValueSelected.connect(lambda password: self._resume(work, paths, password))
        dialog.rejected.connect(self._look)
        dialog.open()

    def _resume(self, work: Unfinished, paths: Sequence[Path] = (), password: str = "") -> None:
        session = self._session
        if session is None:
            return

        def go_on(progress: Progress) -> tuple[ImportReport, str]:
            from runtime.exchange.importing.importer import resume
            from runtime.exchange.importing.kept_import import kept_import

            kept = kept_import(work)
            return resume(session, work, progress, paths, password), kept.name if kept is not None else ""

        label = T("Going on: {what}", what=work.label)
        self._shell.jobs.start(
            self, go_on, partial(self._resumed, session), self._failed, label=label, cancelled=self._look
        )

    def _resumed(self, session: Session, done: tuple[ImportReport, str]) -> None:
        from desktop.import_wizard import steps

        if session is not self._session:
            return
        report, name = done
        message = steps.what_happened(report, name)
        left = steps.left_words(report)
        undo = partial(self._undo, session, session.undo_label)
        if left:
            self._shell.notices.post(Notice(Tone.WARNING, message, left, (NoticeAction(T("Undo"), undo),), "imported"))
        else:
            self._shell.notices.success(message, undo)
        first = next(iter(report.forms), None)
        if first is not None:
            self._shell.open_form(first.form)
        self._look()

    def _undo(self, session: Session, label: object) -> None:
        """Take the whole import back, unless something was done since."""
        if self._session is session and session.undo_label is label:
            notices = self._shell.notices

            def undone(_done: bool) -> None:
                if stays := what_stays(session):
                    notices.info(stays, code="imported")

            self._shell.jobs.start(notices, lambda _progress: session.undo(), undone, label=T("Undo"))
        elif self._session is session:
            self._shell.notices.info(
                T("You changed something since the import."), T("Undo that first with Ctrl+Z."), code="imported"
            )

    def _take_back(self, work: Unfinished) -> None:
        session = self._session
        if session is None:
            return

        def done(count: int) -> None:
            made = TN("{n} record taken back", "{n} records taken back", count)
            self._shell.notices.success(made if count else T("Undone"))
            self._look()

        label = T("Undoing: {what}", what=work.label)
        self._shell.jobs.start(
            self, lambda _progress: session.long_work.take_back(work), done, self._failed, label=label
        )

    def _keep(self, work: Unfinished) -> None:
        session = self._session
        if session is not None:
            self._shell.jobs.start(self, lambda _progress: session.long_work.leave(work), lambda _done: self._look())

    def _failed(self, error: UserError) -> None:
        if error.code != "bug":
            self._shell.notices.report(error)
        self._look()
