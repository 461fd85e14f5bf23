"""`GoingBack`: the open workspace goes back to a backup while the window waits; afterwards it is open again."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from desktop.away import Away, AwayPage
from resources.texts import T, _
from runtime.errors import UserError
from runtime.ui.page import Page
from runtime.work import Progress

if TYPE_CHECKING:  # the store is loaded when a workspace is opened
    from runtime.session import Session
    from runtime.store.backup_file import Backup

NOTICE = "went_back"


class GoingBack(Away):
    """Goes back to backups."""

    notice = NOTICE

    def page(self, name: str) -> Page:
        sentence = _("What is there now is backed up first, so that you can go forward again.")
        return AwayPage("history", _("Going back in {name}", name=name), sentence)

    def start(self, backup: Backup) -> None:
        """Go back to this backup."""
        session = self.take()
        if session is None:
            return

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
