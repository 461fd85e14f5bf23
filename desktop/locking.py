"""`Locking`: hides the open workspace behind its passphrase, at once or when nobody touched anything for a while.

The window is covered at once. What was typed is saved as if its field were left; as soon as nothing is under way and
nothing unsaved is left the workspace is closed: connections, key, pages and undo steps are gone from memory. Where
something stays unsaved (a new record, a value that cannot be read) it stays as it is behind the cover, and the
workspace stays open until it is unlocked: nothing that somebody typed is ever lost to a lock.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

from desktop.idle import IdleWatch
from desktop.main_window import MainWindow
from desktop.shell import Shell
from desktop.workspace_pages import UnlockPage
from resources.texts import _
from runtime.errors import UserError

if TYPE_CHECKING:  # the store is loaded when a workspace is opened
    from runtime.session import Session

REFUSED = frozenset({"wrong_passphrase", "wrong_recovery_code", "recovery_code_mistyped", "passphrase_needed"})
"""What is said under the field of the page that unlocks."""


class Locking(QObject):
    """The lock of the window.

    Args:
        drop: closes the open workspace and throws its pages away.

    Attributes:
        locked: folders of workspaces that were locked and open with what is typed only, the keyring or not.
        watch: says when nobody is there.
    """

    def __init__(
        self, shell: Shell, window: MainWindow, app: QApplication, drop: Callable[[], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._shell = shell
        self._window = window
        self._drop = drop
        self._page: UnlockPage | None = None
        self._session: Session | None = None
        self._looking = False
        self._remains = False
        self.locked: set[str] = set()
        self.watch = IdleWatch(app, parent=self)
        self.watch.idle.connect(self.lock)
        shell.jobs.changed.connect(self._look_soon)
        window.close_refused.connect(self._keep_open)

    @property
    def can_lock(self) -> bool:
        """Whether the open workspace has something to be unlocked with."""
        session = self._shell.session
        return session is not None and session.ways is not None and session.ways.has_passphrase

    def opened(self) -> None:
        """A workspace was opened, or its ways in are others now."""
        session = self._shell.session
        if session is not None:
            self.locked.discard(str(session.folder))
        self._uncover()
        self.watch.start(self._shell.settings.lock_after if self.can_lock else 0)

    def lock(self) -> None:
        """Cover the window now, and close the workspace as soon as nothing is lost by it."""
        session = self._shell.session
        if session is None or not self.can_lock or self._window.covered:
            return
        self.watch.stop()
        focus = QApplication.focusWidget()
        if focus is not None:
            focus.clearFocus()  # what is left is saved
        for other in QApplication.topLevelWidgets():
            if other is not self._window and other.isVisible():
                other.close()
        self._session = session
        self.locked.add(str(session.folder))
        self._page = UnlockPage(self._shell, session.folder, unlock=self.unlock)
        self._page.away.hide()
        self._window.cover(self._page)
        self._look_soon()

    def unlock(self, secret: str) -> None:
        """Open what is locked; a secret that does not is said on the page."""
        session = self._session
        if session is None:
            if self._page is not None:
                self._shell.open_workspace(self._page.path, secret)
            return
        ways = session.ways
        assert ways is not None, "it was locked"
        self._shell.jobs.start(
            self,
            lambda _progress: ways.assert_opens(secret),
            partial(self._unlocked, secret),
            self.refused,
            lane="free",
        )

    def refused(self, error: UserError) -> None:
        """What was typed does not open it, or there is other trouble: that is told where there is a window for it."""
        page = self._page
        if page is None:
            return
        if error.code in REFUSED or self._session is not None:
            page.refuse(str(error))
        else:
            self._uncover()

    def waits_for(self, path: Path) -> bool:
        """Whether the page that unlocks the workspace at `path` lies over the window."""
        return self._page is not None and self._session is None and self._page.path == path

    def leave(self) -> None:
        """Go to the start page; the workspace stays locked."""
        self._uncover()
        self._shell.show("start")

    def _unlocked(self, secret: str, _nothing: object) -> None:
        if self._session is None:  # it was closed meanwhile
            self.unlock(secret)
        else:
            self._session = None
            self.opened()

    def _keep_open(self) -> None:
        """The locked window was about to be closed over something that is not saved."""
        if self._page is not None:
            self._page.refuse(_("Something is not saved yet. Unlock to save it; close once more to lose it."))

    def _uncover(self) -> None:
        self._page, self._session = None, None
        self._window.uncover()

    def _look_soon(self) -> None:
        """When what is under way has said what it has to say."""
        if (self._session is not None or self._remains) and not self._looking:
            self._looking = True
            QTimer.singleShot(0, self, self._look)

    def _look(self) -> None:
        """Close the workspace, where nothing is under way and nothing is lost by it; free what it left behind."""
        self._looking = False
        if self._remains and self._shell.jobs.idle:  # what nobody waits for may hold it too
            self._remains = False
            _forget()
        session, page = self._session, self._page
        if session is None or page is None or self._shell.jobs.busy or self._shell.importing or self._window.unsaved:
            return
        self._session = None
        self._drop()
        self._window.clear_notices()
        page.setFocus()
        page.away.show()
        page.away.clicked.disconnect()
        page.away.clicked.connect(self.leave)
        self._remains = True
        self._look_soon()


def _forget() -> None:
    """Free what the closed workspace left in cycles, the key too; what is frozen for speed is never looked at."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)  # its pages
    frozen = gc.get_freeze_count() > 0
    gc.unfreeze()
    gc.collect()
    if frozen:
        gc.freeze()
