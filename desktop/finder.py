"""`Finder`: Ctrl+K: one line that finds records, forms, views and commands as one types, and goes there."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop import finder_items
from desktop.commands import offered
from desktop.finder_items import Item, Section
from desktop.finder_list import ItemList
from desktop.shell import Shell
from resources.styles.tokens import SIZES
from resources.texts import _
from runtime.ui.jobs import Job
from runtime.ui.kit.popover import Popover
from runtime.ui.kit.search_field import SearchField
from runtime.ui.kit.words import words

if TYPE_CHECKING:
    from runtime.session import Session

WIDTH = SIZES.field_width * 2
HEIGHT = SIZES.control * 12
REST = 80
"""Milliseconds without a key after which is looked."""
PAGE = 8
STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -PAGE, Qt.Key.Key_PageDown: PAGE}
ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
SELF = "find"
"""Name of the command that opens this."""


class Finder(Popover):
    """A search field over a list, in the upper middle of the window; made anew each time it opens.

    Args:
        shell: goes to what is chosen.
        window: over which it stands.
    """

    def __init__(self, shell: Shell, window: QWidget) -> None:
        super().__init__(window, min(WIDTH, window.width() - SIZES.xxl))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._shell = shell
        self._session: Session | None = shell.session
        self._job: Job | None = None
        self._asked = ""
        self._wanted = False
        self._all = False
        self.search = SearchField(_("Find records, forms, views and commands"), rest=REST)
        self.list = ItemList()
        self.list.clicked.connect(self._clicked)
        self._note = words("", "secondary")
        self._note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedWidget()
        self._stack.setFixedHeight(max(SIZES.control * 4, min(HEIGHT, window.height() - SIZES.xxl * 4)))
        self._stack.addWidget(self.list)
        self._stack.addWidget(self._note)
        keys = _("↑ ↓ choose · Enter open · Ctrl+Enter everything found in its form · > commands only · Esc close")
        self._hint = words(keys, "small")
        for part in (self.search, self._stack, self._hint):
            self.body.addWidget(part)
        self.search.searched.connect(self._ask)
        self.search.textChanged.connect(self._typed)
        self.search.installEventFilter(self)
        self._ask("")

    def open(self, focus: QWidget | None = None) -> None:
        """Show it and wait for words."""
        super().open(focus or self.search)

    def _place(self) -> QPoint:
        window = self.parentWidget() or self
        return window.mapToGlobal(QPoint((window.width() - self.width()) // 2, SIZES.xxl))

    # What is asked

    def _typed(self, text: str) -> None:
        """What is being looked for is no longer wanted."""
        if self._job is not None and text != self._asked:
            self._job.cancel()

    def _ask(self, text: str) -> None:
        if self._job is not None:
            self._job.cancel()
        self._asked = text
        session = self._session
        commands = [each for each in offered(self._shell) if each.name != SELF]
        job = self._job = self._shell.jobs.start(
            self,
            lambda progress: finder_items.found(session, commands, text, progress),
            lambda sections: self._show(job, sections),
            lambda error: self._fail(job, str(error)),
            lane="free",
        )

    def _show(self, job: Job, sections: list[Section]) -> None:
        if job is not self._job:
            return
        self._job = None
        self.list.show_sections(sections)
        self._say("" if sections else _("Nothing found for “{text}”", text=self._asked.strip()))
        if self._wanted and self._asked == self.search.text():
            self._open()

    def _fail(self, job: Job, message: str) -> None:
        if job is self._job:
            self._job = None
            self._say(message)

    def _say(self, note: str) -> None:
        self._note.setText(note)
        self._stack.setCurrentWidget(self._note if note else self.list)

    @property
    def note(self) -> str:
        """What is said in the place of the list, or ""."""
        return self._note.text()

    @property
    def busy(self) -> bool:
        """Whether an answer is on its way."""
        return self._job is not None

    # Keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the search field that belong to the list; Escape closes at once."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            key = event.key()
            if key in STEPS:
                self.list.step(STEPS[Qt.Key(key)])
                return True
            if key in ENTER:
                self._all = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
                self._enter()
                return True
            if key == Qt.Key.Key_Escape:
                self.close()
                return True
        return super().eventFilter(watched, event)

    def _enter(self) -> None:
        """Open the current item; where its list is not here yet, as soon as it is."""
        if self.search.text() != self._asked:
            self._wanted = True
            self._ask(self.search.text())
        elif self._job is not None:
            self._wanted = True
        else:
            self._open()

    def _clicked(self, _index: object) -> None:
        self._all = False
        self._open()

    def _open(self) -> None:
        item, window = self.list.current, self.parentWidget()
        if item is None or window is None or item.off:
            self._wanted = False
            return
        go = partial(go_to, self._shell, self._session, item)
        if self._all and item.kind == "record":
            go = partial(list_found, self._shell, self._session, item, self.search.text())
        self.close()
        # The window has the keyboard again before anything is opened in it.
        QTimer.singleShot(0, window, go)


def list_found(shell: Shell, session: Session | None, item: Item, text: str) -> None:
    """Show every record of the item's form that holds the words, or whose name reads so."""
    if session is shell.session:
        with shell.notices.boundary():
            shell.search_form(item.target[0], finder_items.to_list(item, text))


def go_to(shell: Shell, session: Session | None, item: Item) -> None:
    """Open what was chosen, and remember it."""
    if session is not shell.session:
        return
    with shell.notices.boundary():
        if item.kind == "command":
            command = next((each for each in offered(shell) if each.name == item.target), None)
            if command is not None and command.why_not is None:
                command.run()
            return
        if item.kind == "form":
            shell.open_form(item.target)
        elif item.kind == "view":
            shell.open_view(*item.target)
        else:
            shell.open_form(*item.target)
        if session is not None:
            shell.jobs.start(shell.notices, lambda _progress: finder_items.remember(session, item))
