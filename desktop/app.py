"""The composition root of the desktop: makes every object, hands them to each other, ends them in order."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec
from PySide6.QtCore import QLocale, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog

from desktop import settings as setting
from desktop.going_back import GoingBack
from desktop.indexing import Indexing
from desktop.late import late, load_late
from desktop.locking import REFUSED, Locking
from desktop.main_window import MainWindow, screens
from desktop.places import PLACES
from desktop.qt_words import QtWords
from desktop.rekeying import Rekeying
from desktop.safekeeping import Safekeeping
from desktop.second_way import remind_of_second_way
from desktop.settings import Settings, Tabs
from desktop.settings_page import SettingsView
from desktop.settling import Settling
from desktop.shell import Place
from desktop.workspace_pages import UnlockPage, default_folder
from resources.texts import LANGUAGES, T, Text, _, language, speak
from runtime.errors import UserError, reason_of_system
from runtime.store.folder import SUFFIX
from runtime.ui import fonts
from runtime.ui.clipboard_end import let_go_of_clipboard
from runtime.ui.crash import CrashDialog
from runtime.ui.feed import Feed
from runtime.ui.jobs import Jobs
from runtime.ui.notices import NoticeAction, Notices
from runtime.ui.page import Page
from runtime.ui.theme import Mode, Theme

if TYPE_CHECKING:  # loaded when they are needed, or while the start page is looked at (see `desktop.late`)
    from desktop.import_wizard.imports import Imports
    from runtime.session import Session
    from runtime.store.backup_file import Backup
    from runtime.store.records import Applied
    from runtime.view import ViewSpec

log = logging.getLogger(__name__)

HANDOVER = 0.001
"""Seconds after which a worker thread hands the interpreter over to the window; Python's own 5 ms add up to a pause."""

LANGUAGE = "FORMWORK_LANGUAGE"
LOCKED = REFUSED | {"keyring_changed", "passphrase_short"}


class Desktop(QObject):
    """The running program; a `Shell`.

    Args:
        app: the Qt application, not dressed yet.
        places: what the window can show; the first one is shown at the start.
    """

    def __init__(self, app: QApplication, places: Sequence[Place] = PLACES) -> None:
        super().__init__()
        sys.setswitchinterval(HANDOVER)
        self._app = app
        self._file = setting.file()
        self.settings = setting.load(self._file)
        self._session: Session | None = None
        self._stop_listening: Callable[[], None] | None = None
        self._qt_words = QtWords(app, self)
        self._crash: CrashDialog | None = None
        self._speak(self.settings.language or _first_language())
        fonts.install(app)
        self.theme = Theme(app, _mode(self.settings.theme))
        self.notices = Notices()
        self.jobs = Jobs(self.notices.report)
        self.feed = Feed()
        self.settling = Settling(self.jobs, self)
        self.indexing = Indexing(self.jobs, self)
        self._imports: Imports | None = None
        self.window = MainWindow(self, places)
        self.window.restore(self.settings.window_on(screens()) or self.settings.geometry)
        self.locking = Locking(self, self.window, app, self.close_workspace, self)
        self.rekeying = Rekeying(self, self.window, self._take_session, self._show_session, self)
        self.keeping = Safekeeping(self, self)
        self.going_back = GoingBack(self, self.window, self._take_session, self._show_session, self)
        self.window.closing.connect(self._keep_window)
        self.notices.crashed.connect(self._crashed)
        self.feed.changed.connect(self._changed)
        self.window.show_place(places[0].name)

    @property
    def session(self) -> Session | None:
        """The open workspace."""
        return self._session

    def close(self) -> None:
        """End the lanes, then the workspace, then the window."""
        self.locking.watch.stop()
        self.jobs.close()
        self._drop_session()
        self._qt_words.leave()
        self.window.close_anyway()
        self.window.deleteLater()
        self.theme.deleteLater()
        let_go_of_clipboard()

    @property
    def imports(self) -> Imports:
        """Bringing table files in."""
        if self._imports is None:
            made: Imports = late("desktop.import_wizard.imports").Imports(self)
            self._imports = made
        return self._imports

    @property
    def importing(self) -> bool:
        """Whether a file is on its way in."""
        return self._imports is not None and self._imports.under_way

    def load_the_rest(self) -> None:
        """Load what the start page did not need, on a worker, before somebody asks for it."""
        self.jobs.start(self, lambda _progress: load_late(), lane="free")

    # Workspaces

    def choose_workspace(self) -> None:
        """Ask for the folder of a workspace, then open it."""
        newest = next(iter(self.settings.recent), None)
        start = Path(newest.path).parent if newest is not None else default_folder()
        dialog = QFileDialog(self.window, _("Open a workspace"), str(start))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda chosen: self.open_workspace(Path(chosen)))
        dialog.open()

    def open_workspace(self, path: Path, passphrase: str | None = None, *, anyway: bool = False) -> None:
        """Open (or make) a workspace in the background; the former one is closed first.

        Args:
            anyway: what is not saved in the former one was asked about.
        """
        if not anyway and self._session is not None and self.window.unsaved:
            self._ask_to_save(T("Open anyway"), partial(self.open_workspace, path, passphrase, anyway=True))
            return
        if passphrase is None and str(path) in self.locking.locked and path.exists():
            self.window.show_page(UnlockPage(self, path))  # locked in this window: the keyring is not asked
            return
        if self._imports is not None:
            self._imports.workspace_left()
        former, self._session = self._session, None
        self._stop()
        known = str(path) in {recent.path for recent in self.settings.recent}

        def work(_progress: object) -> tuple[Session, bool]:
            if former is not None:
                former.close()
            new = not path.exists()
            if new and (known or path.suffix != SUFFIX):
                raise UserError(
                    T("The workspace {path} is no longer there.", path=str(path)),
                    T("It may have been moved, or its disk is not connected."),
                    "workspace_gone",
                )
            session: Session = late("runtime.session").open_workspace(path, passphrase, settle=False)
            return session, new

        failed = partial(self._not_opened, path, passphrase)
        self.jobs.start(self, work, self._opened, failed, label=T("Opening {name}", name=path.stem))

    def _opened(self, result: tuple[Session, bool]) -> None:
        session, new = result
        self._session = session
        self._stop_listening = session.listen(self._applied)
        self.settling.watch(session)
        self.indexing.watch(session)
        self._keep(self.settings.having_opened(session.folder, datetime.now(UTC).isoformat(timespec="seconds")))
        self.window.forget_pages()
        self.window.show_place("apps")
        self.locking.opened()
        if new:
            self.notices.success(T("The workspace “{name}” is ready.", name=session.name))
        remind_of_second_way(self)
        self.keeping.watch(session)

    def adopt(self, session: Session) -> bool:
        """Show a workspace that was opened elsewhere; the former one is closed.

        Returns:
            False where the former one is locked, holds something unsaved or is being worked in: that stays, and the
            other one is closed.
        """
        busy = self.window.covered or self.window.unsaved_at("apps") or self.window.place == "apps"
        if self._session is not None and busy:
            self._keep(self.settings.having_opened(session.folder, datetime.now(UTC).isoformat(timespec="seconds")))
            self.jobs.start(self, lambda _progress: session.close(), label=T("Closing the workspace"))
            return False
        self._close_former()
        self._opened((session, False))
        return True

    def _close_former(self) -> None:
        if self._imports is not None:
            self._imports.workspace_left()
        former, self._session = self._session, None
        self._stop()
        if former is not None:
            self.jobs.start(self, lambda _progress: former.close(), label=T("Closing the workspace"))

    def _not_opened(self, path: Path, passphrase: str | None, error: UserError) -> None:
        if self.locking.waits_for(path):
            self.locking.refused(error)
            if error.code in REFUSED:
                return
        self.window.forget_pages()
        if error.code in LOCKED:
            said = "" if passphrase is None and error.code == "passphrase_needed" else str(error)
            self.window.show_page(UnlockPage(self, path, said, new=not path.exists()))
            return
        self.window.show_place("start")
        actions = []
        if str(path) in {recent.path for recent in self.settings.recent} and error.code == "workspace_gone":
            actions.append(NoticeAction(T("Remove from the list"), partial(self.forget, str(path))))
        self.notices.danger(error.message, error.hint, *actions, code=error.code)

    def close_workspace(self) -> None:
        """Close the open workspace and show the start page."""
        self._close_former()
        self.window.forget_pages()
        self.window.show_place("start")

    # The ways into the workspace

    @property
    def can_lock(self) -> bool:
        """Whether the open workspace has a passphrase to lock it with."""
        return self.locking.can_lock

    def lock(self) -> None:
        """Lock the open workspace."""
        self.locking.lock()

    def set_lock_after(self, minutes: int) -> None:
        """Lock after so many minutes without input; 0 = never."""
        self._keep(msgspec.structs.replace(self.settings, lock_after=minutes))
        self.locking.opened()

    def go_back(self, backup: Backup) -> None:
        """Put a backup in the place of the open workspace."""
        self.going_back.start(backup)

    def change_key(self, secret: str | None) -> None:
        """Give the open workspace a new key."""
        self.rekeying.start(secret)

    def ways_changed(self) -> None:
        """The ways into the open workspace are others now."""
        self.locking.opened()
        self.window.refresh()
        remind_of_second_way(self)

    def show_settings(self, page: str) -> None:
        """Bring this page of the settings to the front."""
        self.show("settings")
        settings = self.window.page
        if isinstance(settings, SettingsView):
            settings.go(page)

    def _take_session(self) -> Session | None:
        if self._imports is not None:
            self._imports.workspace_left()
        session, self._session = self._session, None
        self._stop()
        self.locking.watch.stop()
        self.window.forget_pages()
        return session

    def _show_session(self, session: Session) -> None:
        self._opened((session, False))

    def forget(self, path: str) -> None:
        """Take a workspace off the list of recent ones."""
        self._keep(self.settings.without(path))
        self.window.forget_pages()
        self.window.show_place("start")

    def _applied(self, applied: Applied) -> None:
        """On the thread that applied it."""
        self.feed.publish(applied)
        self.settling.applied(applied)
        self.indexing.applied(applied)

    def _changed(self, forms: object, rows: object, definitions: bool) -> None:
        self.window.refresh()

    def _drop_session(self) -> None:
        former, self._session = self._session, None
        self._stop()
        if former is not None:
            former.close()

    def _stop(self) -> None:
        self.settling.leave()
        self.indexing.leave()
        self.keeping.leave()
        if self._stop_listening is not None:
            self._stop_listening()
            self._stop_listening = None

    # The window

    @property
    def page(self) -> Page | None:
        """The page in front."""
        return self.window.page

    def open_form(self, form_id: str, record: UUID | None = None) -> None:
        """Bring a form of the open workspace to the front, and one of its records."""
        self.window.show_place("apps")
        page = self.window.page
        if isinstance(page, late("desktop.app_page").AppPage):
            page.open_form(form_id, record)

    def search_form(self, form_id: str, text: str) -> None:
        """Bring a form of the open workspace to the front, with the records that hold these words."""
        self.window.show_place("apps")
        page = self.window.page
        if isinstance(page, late("desktop.app_page").AppPage):
            page.search_form(form_id, text)

    def open_view(self, form_id: str, view: ViewSpec) -> None:
        """Bring a form of the open workspace to the front, in one of its views."""
        self.window.show_place("apps")
        page = self.window.page
        if isinstance(page, late("desktop.app_page").AppPage):
            page.open_view(form_id, view)

    def find(self) -> None:
        """Open the line that finds anything in the open workspace."""
        if self._session is not None:
            late("desktop.finder").Finder(self, self.window).open()

    def keep_tabs(self, forms: tuple[str, ...], front: str) -> None:
        """Remember which forms are open in the open workspace."""
        if self._session is None:
            return
        tabs = Tabs(forms, front)
        if self.settings.tabs_of(self._session.folder) != tabs:
            self._keep(self.settings.with_tabs(self._session.folder, tabs))

    def show(self, place: str) -> None:
        """Bring a place to the front."""
        self.window.show_place(place)

    def set_language(self, code: str, *, anyway: bool = False) -> None:
        """Speak another language: rebuilds the pages, keeps the workspace; what is not saved is asked about first."""
        if code == language():
            return
        if not anyway and self.window.unsaved_at("apps"):
            self._ask_to_save(T("Change anyway"), partial(self.set_language, code, anyway=True))
            return
        self._speak(code)
        self._keep(msgspec.structs.replace(self.settings, language=code))
        QTimer.singleShot(0, self.window, self.window.rebuild)

    def set_theme(self, mode: Mode) -> None:
        """Dress in another theme."""
        self.theme.set_mode(mode)
        self._keep(msgspec.structs.replace(self.settings, theme=str(mode)))

    def _ask_to_save(self, go_on: Text, run: Callable[[], None]) -> None:
        """Something in the open workspace is not saved: say so, with a button that goes on anyway."""
        action = NoticeAction(go_on, run)
        self.notices.warning(T("Something is not saved yet."), T("Save it first."), action, code="window_unsaved")

    def quit(self) -> None:
        """Close the window."""
        self.window.close()

    def _speak(self, code: str) -> None:
        speak(code)
        self._qt_words.speak(code)
        QLocale.setDefault(QLocale(code))

    def _crashed(self, error: BaseException) -> None:
        if self._crash is None:
            self._crash = CrashDialog(self.window)
        self._crash.show_error(error)

    # Settings

    def _keep(self, settings: Settings) -> None:
        self.settings = settings
        self.jobs.start(self, lambda _progress: self._write(settings))

    def _keep_window(self) -> None:
        self.settings = self.settings.with_window(screens(), self.window.keep_geometry())
        with self.notices.boundary():
            self._write(self.settings)

    def _write(self, settings: Settings) -> None:
        try:
            setting.save(settings, self._file)
        except OSError as error:
            raise UserError(
                T("Your settings could not be saved."), reason_of_system(error), "settings_unwritable"
            ) from error


def _first_language() -> str:
    code = os.environ.get(LANGUAGE) or QLocale.system().name()
    if code.startswith("zh"):
        return "zh_CN"
    return code if code in LANGUAGES else language()


def _mode(name: str) -> Mode:
    return Mode(name) if name in set(Mode) else Mode.SYSTEM


@contextlib.contextmanager
def catching(notices: Notices) -> Iterator[None]:
    """Inside the block, what nobody caught goes to the notices: a notice or the crash dialog."""
    former, former_thread = sys.excepthook, threading.excepthook

    def of_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            notices.report(args.exc_value)

    sys.excepthook = notices.excepthook
    threading.excepthook = of_thread
    try:
        yield
    finally:
        sys.excepthook, threading.excepthook = former, former_thread


def run(workspace: Path | None = None, passphrase: str | None = None) -> int:
    """Show the window until it is closed.

    Args:
        workspace: opened at once; the start page otherwise.
        passphrase: of that workspace, where its key is not in the keyring.

    Returns:
        The exit code.
    """
    app = QApplication(sys.argv[:1])
    app.setApplicationName("Formwork")
    app.setDesktopFileName("formwork")
    desktop = Desktop(app)
    with catching(desktop.notices):
        if workspace is not None:
            path = workspace if workspace.suffix == SUFFIX else workspace.with_name(workspace.name + SUFFIX)
            desktop.open_workspace(path.absolute(), passphrase)
        desktop.window.first_shown.connect(lambda: QTimer.singleShot(0, desktop.load_the_rest))
        desktop.window.show()
        code = app.exec()
        desktop.close()
    return code
