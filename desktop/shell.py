"""What pages and commands of the desktop are handed, and what a place in the window is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from desktop.settings import Settings
from resources.texts import Text
from runtime.ui.feed import Feed
from runtime.ui.jobs import Jobs
from runtime.ui.notices import Notices
from runtime.ui.page import Page
from runtime.ui.theme import Mode, Theme

if TYPE_CHECKING:  # the store is loaded when a workspace is opened, not before the first window
    from runtime.session import Session
    from runtime.store.backup_file import Backup
    from runtime.view import ViewSpec


class Imports(Protocol):
    """Bringing table files in."""

    def choose(self, into: str = "") -> None:
        """Ask for files, then open them; `into` is the id of the form that they are for."""
        ...

    def open(self, *paths: Path, into: str = "") -> None:
        """Take files in, step by step."""
        ...

    def page(self) -> Page:
        """The page that draws what is under way."""
        ...

    @property
    def under_way(self) -> bool:
        """Whether a file is on its way in."""
        ...


class Shell(Protocol):
    """The running program, as pages and commands see it."""

    settings: Settings
    notices: Notices
    jobs: Jobs
    feed: Feed
    theme: Theme

    @property
    def imports(self) -> Imports:
        """Bringing table files in."""
        ...

    @property
    def importing(self) -> bool:
        """Whether a file is on its way in; asking makes nothing."""
        ...

    @property
    def session(self) -> Session | None:
        """The open workspace."""
        ...

    @property
    def page(self) -> Page | None:
        """The page in front."""
        ...

    def show(self, place: str) -> None:
        """Bring the place of this name to the front."""
        ...

    def choose_workspace(self) -> None:
        """Ask for the folder of a workspace, then open it."""
        ...

    def open_workspace(self, path: Path, passphrase: str | None = None) -> None:
        """Open (or make) the workspace in the background and show it; trouble becomes a notice."""
        ...

    def adopt(self, session: Session) -> bool:
        """Show a workspace that was opened elsewhere; the former one is closed.

        Returns:
            False where the former one is locked or holds something unsaved: that stays, and the other one is closed.
        """
        ...

    def close_workspace(self) -> None:
        """Close the open workspace and show the start page."""
        ...

    def open_form(self, form_id: str, record: UUID | None = None) -> None:
        """Bring a form of the open workspace to the front, and one of its records."""
        ...

    def search_form(self, form_id: str, text: str) -> None:
        """Bring a form of the open workspace to the front, with the records that hold these words."""
        ...

    def open_view(self, form_id: str, view: ViewSpec) -> None:
        """Bring a form of the open workspace to the front, in one of its views."""
        ...

    def find(self) -> None:
        """Open the line that finds anything in the open workspace."""
        ...

    def keep_tabs(self, forms: tuple[str, ...], front: str) -> None:
        """Remember which forms are open in the open workspace."""
        ...

    @property
    def can_lock(self) -> bool:
        """Whether the open workspace has a passphrase to lock it with."""
        ...

    def lock(self) -> None:
        """Lock the open workspace: only its passphrase or recovery code shows it again."""
        ...

    def set_lock_after(self, minutes: int) -> None:
        """Lock after so many minutes without input; 0 = never."""
        ...

    def go_back(self, backup: Backup) -> None:
        """Put a backup in the place of the open workspace; what is there now is backed up first."""
        ...

    def change_key(self, secret: str | None) -> None:
        """Give the open workspace a new key; it is closed and opened again."""
        ...

    def ways_changed(self) -> None:
        """The ways into the open workspace are others now."""
        ...

    def show_settings(self, page: str) -> None:
        """Bring this page of the settings to the front."""
        ...

    def forget(self, path: str) -> None:
        """Take a workspace off the list of recent ones."""
        ...

    def set_language(self, code: str) -> None:
        """Speak another language: rebuilds the pages, keeps the workspace."""
        ...

    def set_theme(self, mode: Mode) -> None:
        """Dress in another theme."""
        ...

    def quit(self) -> None:
        """Close the window."""
        ...


@dataclass(frozen=True, slots=True)
class Place:
    """A page that the window can show.

    Attributes:
        name: how `Shell.show` calls it.
        make: makes the page; called again after the language changed or the workspace did.
        offered: whether the rail shows it now.
        rail: "top" or "bottom" of the rail, "" = not there.
    """

    name: str
    title: Text
    icon: str
    make: Callable[[Shell], Page]
    offered: Callable[[Shell], bool] = lambda _shell: True
    rail: str = "top"
