"""`Away`: work for which the window lets go of the open workspace, and what it shows meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QVBoxLayout

from desktop.main_window import MainWindow
from desktop.shell import Shell
from resources.texts import T
from runtime.ui.kit.empty_state import EmptyState
from runtime.ui.page import Page

if TYPE_CHECKING:  # the store is loaded when a workspace is opened
    from runtime.session import Session


class AwayPage(Page):
    """What is shown meanwhile; how far it is stands in the status bar, with a button that stops it."""

    def __init__(self, icon: str, title: str, sentence: str) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.addWidget(EmptyState(icon, title, sentence))


class Away(QObject):
    """One kind of such work.

    Class attributes:
        notice: code of its notices.

    Args:
        take: takes the open workspace away from the window, pages and all, still open.
        give: shows a workspace.
    """

    notice = ""

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

    def page(self, name: str) -> Page:
        """What is shown while the workspace `name` is away."""
        raise NotImplementedError

    def take(self) -> Session | None:
        """The workspace, with its page in its place; None, after saying why, where it cannot be let go of now."""
        if self._window.unsaved or self._shell.importing:
            self._shell.notices.warning(T("Something is not saved yet."), T("Save it first."), code=self.notice)
            return None
        session = self._take()
        if session is not None:
            self._window.show_page(self.page(session.name))
        return session
