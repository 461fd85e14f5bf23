"""`AppPage`: an open workspace at work: the list of apps and forms, and a tab for each form that is open."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cached_property, partial
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop.app_list import AppList
from desktop.form_tabs import FormTabs
from desktop.shell import Shell
from resources.styles.tokens import SIZES
from resources.texts import T, _
from runtime.errors import Sentence
from runtime.form import Form
from runtime.ui.form_page import FormPage
from runtime.ui.kit.button import IconButton, primary_button
from runtime.ui.kit.empty_state import EmptyState
from runtime.ui.kit.words import rule
from runtime.ui.notices import NoticeAction
from runtime.ui.page import Page, PageCommand
from runtime.ui.turns import next_turn
from runtime.view import ViewSpec
from runtime.work import Progress

NARROW = SIZES.xxl * 16
"""Width below which the list folds by itself."""
NEXT, FORMER = 1, -1
KEYS = {
    "Ctrl+Tab": NEXT,
    "Ctrl+PgDown": NEXT,
    "Ctrl+Shift+Tab": FORMER,
    "Ctrl+PgUp": FORMER,
}


class AppPage(Page):
    """The forms of the open workspace.

    Attributes:
        pages: the forms that were in front since they were opened, by id.
    """

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._shell = shell
        self._session = shell.session
        self.pages: dict[str, FormPage] = {}
        self._stale: set[str] = set()
        self._counting = False
        self._narrow = False
        self._work = QWidget(self)
        self.list = AppList(self._work)
        self.stack = QStackedWidget(self._work)
        nothing = _("Choose one from the list at the left.")
        self._nothing = EmptyState("form", _("No form is open"), nothing, parent=self.stack)
        self.stack.addWidget(self._nothing)
        self._lay_out()
        self._connect()
        self._restore()

    # How it is made

    @cached_property
    def _empty(self) -> EmptyState:
        """Stands in the place of everything while there is no app."""
        load = primary_button(_("Import an Excel file"), "import")
        load.clicked.connect(self._import)
        sentence = _("An app holds forms, and forms hold your records. Make one from a table that you have.")
        made = EmptyState("apps", _("No apps yet"), sentence, [load], self)
        self._column.addWidget(made)
        return made

    def _lay_out(self) -> None:
        bar = QFrame(self._work)
        bar.setProperty("role", "toolbar")
        self.unfold = IconButton("panel", _("Show the list"), bar, shortcut="Ctrl+B")
        self.unfold.clicked.connect(lambda: self.fold(False))
        self.tabs = FormTabs(bar)
        row = QHBoxLayout(bar)
        row.setContentsMargins(SIZES.s, 0, SIZES.s, 0)
        row.setSpacing(SIZES.xs)
        row.addWidget(self.unfold)
        row.addWidget(self.tabs, 1)
        self.load = IconButton("import", _("Import into this form"), bar, shortcut="Ctrl+Shift+I")
        self.load.clicked.connect(self._import_into)
        row.addWidget(self.load)
        bar.setFixedHeight(SIZES.toolbar)
        work = QVBoxLayout()
        work.setSpacing(0)
        work.addWidget(bar)
        work.addWidget(self.stack, 1)
        self._line = rule(upright=True)
        whole = QHBoxLayout(self._work)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.list)
        whole.addWidget(self._line)
        whole.addLayout(work, 1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self._work)
        self.fold(False)

    def _connect(self) -> None:
        self.list.chosen.connect(self.open_form)
        self.list.folded.connect(lambda: self.fold(True))
        self.list.import_asked.connect(self._import)
        self.tabs.shown.connect(self._front)
        self.tabs.close_asked.connect(self.close_form)
        self.tabs.moved.connect(self._keep)
        self._shell.feed.changed.connect(self._changed)
        for keys, step in KEYS.items():
            self._key(keys, partial(self.tabs.step, step))
        self._key("Ctrl+Shift+I", self._import_into)
        self._key("Ctrl+W", lambda: self.close_form(self.tabs.front))
        self._key("Ctrl+B", self._fold_or_not)

    def _key(self, keys: str, run: Callable[[], object]) -> None:
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(run)

    def _import(self) -> None:
        self._shell.imports.choose()

    def _import_into(self) -> None:
        """Ask for files for the form in front."""
        if self.tabs.front:
            self._shell.imports.choose(self.tabs.front)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow window shows the records rather than the list."""
        super().resizeEvent(event)
        narrow = self.width() < NARROW
        if narrow != self._narrow:
            self._narrow = narrow
            self.fold(narrow)

    def fold(self, away: bool) -> None:
        """Hide or show the list."""
        self.list.setVisible(not away)
        self._line.setVisible(not away)
        self.unfold.setVisible(away)

    def _fold_or_not(self) -> None:
        self.fold(not self.list.isHidden())

    # Forms

    @property
    def front(self) -> FormPage | None:
        """The form in front; None until it is shown."""
        page = self.pages.get(self.tabs.front)
        return page if page is not None and self.stack.currentWidget() is page else None

    def commands(self) -> Sequence[PageCommand]:
        """What can be done with the form in front, with its tab and with the list."""
        fold = PageCommand("fold_list", T("Show or hide the list of forms"), "panel", self._fold_or_not, "Ctrl+B")
        front = self.front
        if front is None:
            return [fold]
        close = partial(self.close_form, front.form.id)
        return [*front.commands(), PageCommand("close_form", T("Close this form"), "close", close, "Ctrl+W"), fold]

    def shows(self, forms: Collection[str]) -> bool:
        """Whether one of these forms is in front."""
        return self.tabs.front in forms

    @property
    def unsaved(self) -> bool:
        """Whether something was typed in a form that is not saved."""
        return any(page.unsaved for page in self.pages.values())

    @property
    def unsaved_words(self) -> tuple[Sentence, Sentence]:
        """The same that is said where its tab is closed."""
        page = next(self._unsaved(), None)
        return self._held(page) if page is not None else super().unsaved_words

    def show_unsaved(self) -> None:
        """Bring a form that holds something to the front."""
        page = next(self._unsaved(), None)
        if page is not None:
            self.tabs.show_form(page.form.id)

    def _held(self, page: FormPage) -> tuple[Sentence, Sentence]:
        if self._shell.jobs.writing(page):
            said = T("“{form}” holds something that is not saved yet: it is still being written.", form=page.title)
            return said, T("Wait until it is done.")
        return T("“{form}” holds something that is not saved yet.", form=page.title), T("Save it first.")

    def _unsaved(self) -> Iterator[FormPage]:
        """The pages that hold something, the one in front first."""
        pages = sorted(self.pages.values(), key=lambda page: page is not self.front)
        return (page for page in pages if page.unsaved)

    def open_form(self, form_id: str, record: UUID | None = None) -> FormPage | None:
        """Bring a form to the front, in a tab of its own, and show one of its records; None where it is gone."""
        form = self._form(form_id)
        if form is None:
            return None
        self._refresh()
        self.tabs.open(form_id, form.name)
        page = self.pages.get(form_id)
        if page is not None and record is not None:
            page.open_record(record)
        return page

    def search_form(self, form_id: str, text: str) -> None:
        """Bring a form to the front and search it."""
        page = self.open_form(form_id)
        if page is not None:
            page.search(text)

    def open_view(self, form_id: str, view: ViewSpec) -> None:
        """Bring a form to the front, in one of its views."""
        page = self.open_form(form_id)
        if page is not None:
            page.state.put(view)

    def close_form(self, form_id: str, *, anyway: bool = False) -> None:
        """Close a tab; what is not saved is asked about first."""
        page = self.pages.get(form_id)
        if page is not None and page.unsaved and not anyway:
            self.tabs.show_form(form_id)
            close = NoticeAction(T("Close anyway"), lambda: self.close_form(form_id, anyway=True))
            self._shell.notices.warning(*self._held(page), close, code="form_unsaved")
            return
        self.tabs.close_tab(form_id)
        page = self.pages.pop(form_id, None)
        if page is not None:
            self.stack.removeWidget(page)
            page.hide()
            page.deleteLater()
        self._front(self.tabs.front)

    def _form(self, form_id: str) -> Form | None:
        return self._session.form_of_id(form_id) if self._session is not None else None

    def _front(self, form_id: str) -> None:
        page = self._page(form_id)
        former = self.stack.currentWidget()
        self.stack.setCurrentWidget(page or self._nothing)
        self.setFocusProxy(page or next(iter(self.list.entries.values()), self.list))
        self.load.setEnabled(page is not None)
        for each, entry in self.list.entries.items():
            entry.setChecked(each == form_id)
        self.say(page.status if page is not None else "")
        self._keep()
        if page is not None and page is not former and self.isVisible():
            page.shown()

    def _page(self, form_id: str) -> FormPage | None:
        """The page of a form, made on its first visit."""
        session = self._session
        if form_id not in self.pages and session is not None and self._form(form_id) is not None:
            shell = self._shell
            made = FormPage(session, form_id, shell.jobs, shell.feed, shell.notices, self.stack)
            made.record_opened.connect(self.open_form)
            made.list_opened.connect(self._open_list)
            made.import_asked.connect(self._import_into)
            made.renamed.connect(lambda name: self.tabs.rename(form_id, name))
            made.gone.connect(lambda: self.close_form(form_id, anyway=True))
            made.said.connect(lambda text: self.say(text) if self.tabs.front == form_id else None)
            self.pages[form_id] = made
            self.stack.addWidget(made)
        return self.pages.get(form_id)

    def _open_list(self, form_id: str, wanted: object) -> None:
        page = self.open_form(form_id)
        if page is not None:
            page.set_filter(wanted)  # type: ignore[arg-type]  # what the form page sent

    def shown(self) -> None:
        """The page came to the front."""
        if self.front is not None:
            self.front.shown()

    # What stays

    def _restore(self) -> None:
        """Open the tabs that were open, else the first form."""
        self._refresh()
        session = self._session
        if session is None:
            return
        kept = self._shell.settings.tabs_of(session.folder)
        there = [form_id for form_id in kept.forms if self._form(form_id) is not None]
        there = there or [form.id for form in session.forms[:1]]
        self.tabs.blockSignals(True)
        for form_id in there:
            form = self._form(form_id)
            self.tabs.open(form_id, form.name if form is not None else form_id)
        self.tabs.show_form(kept.front if kept.front in there else next(iter(there), ""))
        self.tabs.blockSignals(False)
        next_turn(self, self._begin)  # the list and the tabs are drawn before that

    def _begin(self) -> None:
        """The form in front is made in one turn of the event loop and shown in the next."""
        self._page(self.tabs.front)
        next_turn(self, lambda: self._front(self.tabs.front))

    def _keep(self) -> None:
        if self._session is not None:
            self._shell.keep_tabs(self.tabs.forms, self.tabs.front)

    # What changes

    def _changed(self, forms: frozenset[str], rows: frozenset[UUID], definitions: bool) -> None:
        if definitions:
            for form_id in [each for each in self.tabs.forms if self._form(each) is None]:
                self.close_form(form_id, anyway=True)
            self._refresh()
        self._count(set(forms))

    def _refresh(self) -> None:
        session = self._session
        if session is None:
            return
        forms = session.forms
        self._work.setVisible(bool(session.apps))
        if not session.apps or "_empty" in self.__dict__:
            self._empty.setVisible(not session.apps)
        self.list.show_apps(session.name, session.apps, forms, self.tabs.front)
        self._count({form.id for form in forms if not self.list.entries[form.id].count})

    def _count(self, forms: set[str]) -> None:
        """Count records in the background, one count at a time."""
        self._stale |= forms
        session = self._session
        if self._counting or not self._stale or session is None:
            return
        wanted = {each for each in self._stale if self._form(each) is not None}
        self._stale = set()
        self._counting = True

        def work(progress: Progress) -> dict[str, int]:
            counts = {}
            for form_id in wanted:
                progress.check()
                counts[form_id] = session.reader.count(session.query(form_id))
            return counts

        self._shell.jobs.start(self, work, self._counted, lambda _error: self._counted({}), lane="free")

    def _counted(self, counts: dict[str, int]) -> None:
        self._counting = False
        self.list.show_counts(counts)
        self._count(set())
