"""`Rekeying`: a new key for the open workspace, while the window waits; afterwards it is open again."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from desktop.away import Away, AwayPage
from resources.texts import T, _
from runtime.errors import UserError
from runtime.ui.notices import NoticeAction
from runtime.ui.page import Page
from runtime.work import Progress

if TYPE_CHECKING:  # the store is loaded when a workspace is opened
    from desktop.key_change import KeyChange
    from runtime.session import Session

NOTICE = "key_changed"


class Rekeying(Away):
    """Changes the key."""

    notice = NOTICE

    def page(self, name: str) -> Page:
        sentence = _("Everything is written anew under the new key and checked. Until then the former key holds.")
        return AwayPage("key", _("Changing the key of {name}", name=name), sentence)

    def start(self, secret: str | None) -> None:
        """Change the key of the open workspace, which `secret` opens."""
        session = self.take()
        if session is None:
            return

        def work(progress: Progress) -> KeyChange:
            from desktop.key_change import change_key

            return change_key(session, secret, progress)

        self._shell.jobs.start(
            self, work, self._done, partial(self._failed, session, secret),
            label=T("Changing the key of {name}", name=session.name), cancelled=lambda: self._give(session),
        )  # fmt: skip

    def _done(self, change: KeyChange) -> None:
        self._give(change.session)
        self._shell.show_settings("security")
        notices = self._shell.notices
        if change.refusal is not None:
            notices.danger(change.refusal.message, change.refusal.hint, code=NOTICE)
        elif change.code_gone:
            make = NoticeAction(T("Make a recovery code"), partial(self._shell.show_settings, "security"))
            notices.warning(
                T("The file has a new key."),
                T("The recovery code no longer opens it. Make a new one."),
                make,
                code=NOTICE,
            )
        else:
            notices.success(T("The file has a new key."))

    def _failed(self, session: Session, secret: str | None, error: UserError) -> None:
        """It did not come so far, or it could not be opened again: either way, open what is there."""
        self._give(session)
        self._shell.open_workspace(session.folder, secret)
        self._shell.notices.danger(error.message, error.hint, code=NOTICE)
