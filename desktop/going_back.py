"""`GoingBack`: the open workspace goes back to a backup while the window waits; afterwards it is open again."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QVBoxLayout

from desktop.main_window import MainWindow
from desktop.shell import Shell
from resources.texts import T, _
from runtime.errors import UserError
from runtime.ui.kit.empty_state import EmptyState
from runtime.ui.page import Page
from runtime.work import Progress

if TYPE_CHECKING:  # the store is loaded when a workspace is opened
    from runtime.session import Session
    from runtime.store.backup_file import Backup

NOTICE = "went_back"


class GoingBackPage(Page):
    """What is shown meanwhile; how far it is stands in the status bar."""

    def __init__(self, name: str) -> None:
        super().__init__()
        sentence = _("What is there now is backed up first, so that you can go forward again.")
        layout = QVBoxLayout(self)
        layout.addWidget(EmptyState("history", _("Going back in {name}", name=name), sentence))


class GoingBack(QObject):
    """Goes back to backups.

    Args:
        take: takes the open workspace away from the window, pages and all, still open.
        give: shows a workspace.
    """

    def __init__(
        self,
        shell: Shell,
        window: MainWindow,
        take: Callable[[], Session | None],
        give: Callable[[Session], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._shell = shell
        self._window = window
        self._take = take
        self._give = give

    def start(self, backup: Backup) -> None:
        """Go back to this backup."""
        if self._window.unsaved or self._shell.importing:
            self._shell.notices.warning(T("Something is not saved yet."), T("Save it first."), code=NOTICE)
            return
        session = self._take()
        if session is None:
            return
        self._window.show_page(GoingBackPage(session.name))

        def work(progress: Progress) -> None:
            session.restore(backup, progress=progress)

        self._shell.jobs.start(
            self, work, partial(self._done, session, backup), partial(self._failed, session),
            label=T("Going back in {name}", name=session.name), cancelled=lambda: self._give(session),
        )  # fmt: skip

    def _done(self, session: Session, backup: Backup, _nothing: None) -> None:
        from runtime.store.aftermath import moment

        self._give(session)
        made = moment(backup.manifest.made)
        self._shell.notices.success(T("“{name}” is as it was on {made}.", name=session.name, made=made))

    def _failed(self, session: Session, error: UserError) -> None:
        """The workspace is as it was, or could not even be opened again; either way, open what is there."""
        self._give(session)
        if not session.safety.is_open:
            self._shell.open_workspace(session.folder)
        self._shell.notices.danger(error.message, error.hint, code=NOTICE)
