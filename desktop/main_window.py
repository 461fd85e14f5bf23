"""The one window: rail, notices, the place in front, status bar. It knows places and commands, no records."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QByteArray, QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QShowEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QMenu, QStackedWidget, QVBoxLayout, QWidget

from desktop.commands import Command, in_order, words_of
from desktop.dropping import tables_in
from desktop.rail import Rail
from desktop.shell import Place, Shell
from desktop.status_bar import StatusBar
from resources.styles.tokens import SIZES
from resources.texts import T, _
from runtime.errors import Sentence
from runtime.ui.icons import icon
from runtime.ui.kit.menus import plain_menu
from runtime.ui.kit.toast import Toast
from runtime.ui.notice_bar import NoticeBar
from runtime.ui.notices import NoticeAction
from runtime.ui.page import Page

FRAME = SIZES.xxl
"""Pixels that the frame of a window takes at most."""
UNSAVED = "window_unsaved"
WRITTEN = (T("A change is not saved yet: it is still being written."), T("Wait until it is done."))
NO_TIME = 5
"""Milliseconds in which nobody lets go of a key and presses it again."""
GROUP = 10
"""Commands of one menu group share the tens of their order."""


def screens() -> str:
    """The arrangement of the screens that are connected: size and place of each."""
    shapes = [screen.geometry().getRect() for screen in QGuiApplication.screens()]
    return " ".join(sorted("{2}x{3}+{0}+{1}".format(*shape) for shape in shapes))  # type: ignore[misc]


class MainWindow(QMainWindow):
    """Shows one page at a time.

    Args:
        places: what the rail offers and `show_place` knows.

    Signals:
        closing(): the person closes the window.
        close_refused(): the window is covered, and what lies behind is not saved; closing it once more loses that.
        first_shown(): the window is on the screen; what may come late can be loaded now.
    """

    closing = Signal()
    close_refused = Signal()
    first_shown = Signal()

    def __init__(self, shell: Shell, places: Sequence[Place]) -> None:
        super().__init__()
        self._shell = shell
        self._places = {place.name: place for place in places}
        self._pages: dict[str, Page] = {}
        self._place = ""
        self._actions: dict[str, tuple[Command, QAction]] = {}
        self._seen = False
        self._cover: Page | None = None
        self._let_go = (0, -NO_TIME)
        self._words: Collection[str] = ()
        self._held = self._closing = self._asked = False
        shell.jobs.changed.connect(self._work_ended)
        self.setAcceptDrops(True)
        room = self.screen().availableSize() - QSize(FRAME, FRAME)
        self.setMinimumSize(QSize(SIZES.window_least, SIZES.window_least * 2 // 3).boundedTo(room))
        self.resize(self.sizeHint().boundedTo(room))
        self._build()

    # What pages and the program ask for

    @property
    def place(self) -> str:
        """Name of the place in front; "" for a page that is no place."""
        return self._place

    @property
    def page(self) -> Page | None:
        """The page in front."""
        page = self._stack.currentWidget()
        return page if isinstance(page, Page) else None

    def show_place(self, name: str) -> None:
        """Bring a place to the front; its page is made on the first visit."""
        if name not in self._pages:
            page = self._places[name].make(self._shell)
            self._pages[name] = page
            self._stack.addWidget(page)
        self._bring(self._pages[name], name)

    def show_page(self, page: Page) -> None:
        """Bring a page to the front that is no place; it is thrown away when another one comes."""
        self._stack.addWidget(page)
        self._bring(page, "")

    def forget_pages(self) -> None:
        """Throw all pages away; the next `show_place` makes them new."""
        self._pages.clear()
        while (page := self._stack.widget(0)) is not None:
            self._stack.removeWidget(page)
            page.deleteLater()

    @property
    def unsaved(self) -> bool:
        """Whether a person typed something anywhere that is not saved yet, or is still being written."""
        return self._shell.jobs.writing() or any(page.unsaved for page in self._pages.values())

    def unsaved_at(self, place: str) -> bool:
        """Whether something that this place shows would be lost with its page."""
        return place in self._pages and self._pages[place].unsaved

    @property
    def covered(self) -> bool:
        """Whether a page lies over everything."""
        return self._cover is not None

    def cover(self, page: Page) -> None:
        """Show nothing but `page`: no places, no commands but Quit, until `uncover`."""
        self.uncover()
        self._cover = page
        self._layers.addWidget(page)
        self._layers.setCurrentWidget(page)
        self.refresh()
        page.setFocus()
        page.shown()

    def uncover(self) -> None:
        """Show everything again, as it was."""
        page, self._cover, self._asked = self._cover, None, False
        if page is not None:
            self._layers.removeWidget(page)
            page.hide()
            page.deleteLater()
            self.refresh()

    def clear_notices(self) -> None:
        """Take away every notice, and what its buttons hold."""
        self._notices.clear()

    def rebuild(self) -> None:
        """Make everything that holds words again, and show the same place."""
        place = self._place
        self.forget_pages()
        self._build()
        self.show_place(place if place in self._places else next(iter(self._places)))

    def refresh(self) -> None:
        """Ask again which places and commands are offered: the workspace or the undo stack is another one."""
        offered = [place for place in self._places.values() if place.rail and place.offered(self._shell)]
        self._rail.show_places(offered, self._place)
        words = self._words = words_of(self._shell)
        for command, action in self._actions.values():
            action.setEnabled(command.enabled(words) and (self._cover is None or command.name == "quit"))
        session = self._shell.session if self._cover is None else None
        self.setWindowTitle(f"{session.name} – Formwork" if session is not None else "Formwork")

    def action(self, name: str) -> QAction:
        """The action of the command of this name."""
        return self._actions[name][1]

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Table files can be dropped anywhere."""
        if self._cover is None and tables_in(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Import what was dropped."""
        paths = tables_in(event.mimeData())
        if self._cover is None and paths:
            event.acceptProposedAction()
            self._shell.imports.open(*paths)

    def keep_geometry(self) -> str:
        """Size and place, to be kept."""
        return bytes(self.saveGeometry().toBase64().data()).decode()

    def restore(self, geometry: str) -> None:
        """Take the size and place that were kept."""
        if geometry:
            self.restoreGeometry(QByteArray.fromBase64(geometry.encode()))

    # How it is made

    def _build(self) -> None:
        for _command, action in self._actions.values():
            self.removeAction(action)
            action.deleteLater()
        self._actions = {command.name: (command, self._action(command)) for command in in_order()}
        centre = QWidget()
        self._toast = Toast(centre)
        self._notices = NoticeBar(self._shell.notices, self._toast)
        self._stack = QStackedWidget()
        self._rail = Rail(self._menu())
        self._rail.chosen.connect(self.show_place)
        self._status = StatusBar(self._shell)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self._notices)
        right.addWidget(self._stack, 1)
        upper = QHBoxLayout()
        upper.setSpacing(0)
        upper.addWidget(self._rail)
        upper.addLayout(right, 1)
        layout = QVBoxLayout(centre)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(upper, 1)
        layout.addWidget(self._status)
        self._cover = None
        self._layers = QStackedWidget()
        self._layers.addWidget(centre)
        self.setCentralWidget(self._layers)
        self.refresh()

    def _action(self, command: Command) -> QAction:
        made = QAction(icon(command.icon), str(command.title), self)
        if command.shortcut:
            made.setShortcuts([QKeySequence(keys) for keys in (command.shortcut, *command.other_keys)])
            made.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        made.triggered.connect(lambda _checked=False: self._invoke(command))
        self.addAction(made)
        return made

    def _invoke(self, command: Command) -> None:
        held, self._held = self._held, False
        with self._shell.notices.boundary():
            (command.repeat if held else command.run)(self._shell)

    def _menu(self) -> QMenu:
        menu = plain_menu(self, _("Menu"))
        group = None
        for command, action in self._actions.values():
            if group is not None and command.order // GROUP != group:
                menu.addSeparator()
            group = command.order // GROUP
            menu.addAction(action)
        return menu

    def _bring(self, page: Page, name: str) -> None:
        before = self._stack.currentWidget()
        self._place = name
        self._stack.setCurrentWidget(page)
        if isinstance(before, Page) and before is not page:
            before.said.disconnect(self._status.say)
            if before not in self._pages.values():
                self._stack.removeWidget(before)
                before.deleteLater()
        if before is not page or self._stack.count() == 1:
            page.said.connect(self._status.say, Qt.ConnectionType.UniqueConnection)
        self._status.say(page.status)
        self.refresh()
        page.setFocus()
        page.shown()

    # What Qt tells

    def event(self, event: QEvent) -> bool:
        """Keys that are a command's and held down: an action is not told of that."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            keys = QKeySequence(event.keyCombination())
            ours = any(keys in action.shortcuts() for _command, action in self._actions.values())
            self._held = ours and (event.isAutoRepeat() or self._repeats(event))
            QTimer.singleShot(0, self, self._released)  # the action is told before that, or not at all
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys that are let go of, whatever in the window has them."""
        if event.type() == QEvent.Type.KeyRelease and isinstance(event, QKeyEvent):
            self._let_go = (event.key(), event.timestamp())
        return super().eventFilter(watched, event)

    def _repeats(self, event: QKeyEvent) -> bool:
        """Whether keys came down in the moment when they went up: a busy program is told of repeating so."""
        key, when = self._let_go
        return event.key() == key and 0 < event.timestamp() < when + NO_TIME

    def _released(self) -> None:
        self._held = False

    def sizeHint(self) -> QSize:
        """Room for a table and a record beside it."""
        return QSize(SIZES.window_width, SIZES.window_height)

    def showEvent(self, event: QShowEvent) -> None:
        """The first time: say so."""
        super().showEvent(event)
        if not self._seen:
            self._seen = True
            self.windowHandle().installEventFilter(self)
            self.first_shown.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Say so; the program ends with its last window. What is not saved is asked about first."""
        if self.unsaved and not self._closing and not (self.covered and self._asked):
            event.ignore()
            self._asked = True
            self.close_refused.emit() if self.covered else self._ask_to_save()
            return
        self.closing.emit()
        super().closeEvent(event)

    def _ask_to_save(self) -> None:
        """Show what is not saved, with a button that closes the window anyway."""
        pages = sorted(self._pages.items(), key=lambda each: each[1] is not self.page)
        name, page = next(((name, page) for name, page in pages if page.unsaved), ("", None))
        words: tuple[Sentence, Sentence] = WRITTEN
        if page is not None:
            words = page.unsaved_words
            self.show_place(name)
            page.show_unsaved()
        close = NoticeAction(T("Close anyway"), self.close_anyway)
        self._shell.notices.warning(*words, close, code=UNSAVED)

    def _work_ended(self) -> None:
        """A step is on the undo stack only behind its change, of which everybody was told before."""
        if words_of(self._shell) != self._words:
            self.refresh()
        self._look_soon()

    def _look_soon(self) -> None:
        if self._asked and not self.covered:
            QTimer.singleShot(0, self, self._look)  # whoever asked for what has just ended is told of it first

    def _look(self) -> None:
        """What was not saved may be by now."""
        if self._asked and not self.covered and not self.unsaved:
            self._asked = False
            self._shell.notices.withdraw(UNSAVED)

    def close_anyway(self) -> None:
        """Close the window, whatever is not saved."""
        self._closing = True
        self.close()
