"""`FormPage`: the records of one form: toolbar, a view of them, and one record beside it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, partial
from uuid import UUID

import shiboken6
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from resources.texts import T, _, plural
from runtime.dates import local_zone
from runtime.filter_words import sentence
from runtime.filters import Filter, formula, joined
from runtime.form import Form
from runtime.session import Session
from runtime.store.query import Sort
from runtime.store.rows import Row
from runtime.ui.editors import EditorContext
from runtime.ui.exporting import Exporting, Shown
from runtime.ui.feed import Feed
from runtime.ui.filter_panel import FilterPanel
from runtime.ui.form_commands import MORE, OF_THE_PAGE, OF_THE_VIEW, Run, menu_items, offered
from runtime.ui.form_page_keys import OF_THE_WINDOW, command_of
from runtime.ui.jobs import Jobs
from runtime.ui.kit.button import button, primary_button
from runtime.ui.kit.empty_state import EmptyState
from runtime.ui.kit.menus import Item
from runtime.ui.notices import Notices
from runtime.ui.page import Page, PageCommand
from runtime.ui.record_beside import RecordBeside
from runtime.ui.record_lookup import StoreLookup
from runtime.ui.record_panel import RecordPanel
from runtime.ui.record_saving import Saving
from runtime.ui.sort_panel import SortPanel
from runtime.ui.view_bar import ViewBar
from runtime.ui.view_state import ViewState
from runtime.ui.views import ViewContext, view_kinds
from runtime.view import shown_fields, usable


class FormPage(Page):
    """One form at work.

    Args:
        session: open while the page lives.
        form_id: of a form that this person may see.

    Signals:
        record_opened(str, UUID): the person wants to see this record of another form.
        list_opened(str, Filter): the person wants to see these records of another form.
        renamed(str): the form has another name.
        gone(): the form was taken away; close the page.
        import_asked(): the person wants to bring in a file.
    """

    record_opened = Signal(str, object)
    list_opened = Signal(str, object)
    renamed = Signal(str)
    gone = Signal()
    import_asked = Signal()

    def __init__(
        self,
        session: Session,
        form_id: str,
        jobs: Jobs,
        feed: Feed,
        notices: Notices,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        form = session.form_of_id(form_id)
        assert form is not None, "the shell offers forms that exist"
        self._session = session
        self._jobs = jobs
        self._notices = notices
        self._form = form
        self._version = session.apps[form.app].version
        self._formula = ""
        self._searched = ""
        self._asked: object = None
        self._count = -1
        self.saving = Saving(session, jobs, notices, self)
        self._editors = EditorContext(jobs, StoreLookup(session), session.designs)
        self.exporting = Exporting(session, jobs, notices, self)
        self.state = ViewState(session, jobs, notices, form, self)
        self._build()
        self._connect(feed)
        self.state.start()

    def _build(self) -> None:
        """From the outside in: what gets another parent is dressed anew, with everything in it."""
        self.bar = ViewBar(self.state, self._editors, self._more, self)
        self.toolbar = self.bar.toolbar
        self.stack = QStackedWidget(self)
        self.stack.setProperty("role", "surface")
        self.stack.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.beside = RecordBeside(self.stack, self._make_panel, self._notices, self)
        self.splitter = self.beside.splitter
        context = ViewContext(self._session, self._jobs, self._notices, self.saving, self._editors)
        self.view = view_kinds[self.state.spec.kind].make(self._form, self.state.spec, context, self.stack)
        self.stack.addWidget(self.view)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.toolbar)
        layout.addWidget(self.splitter, 1)
        self.setFocusProxy(self.view)

    @cached_property
    def _no_records(self) -> EmptyState:
        """Stands in the place of the view while there is no record."""
        add = primary_button(_("Add the first record"), "add")
        paste, load = button(_("Paste from Excel"), "paste"), button(_("Import a file"), "import")
        add.clicked.connect(self.new_record)
        paste.clicked.connect(self.paste)
        load.clicked.connect(self.import_asked)
        sentence = _("Add a record by hand, paste rows that you copied in Excel, or bring in a whole file.")
        made = EmptyState("empty", _("No records yet"), sentence, [add, paste, load], self.stack)
        self.stack.addWidget(made)
        return made

    @cached_property
    def _no_result(self) -> EmptyState:
        """Stands in the place of the view while no record meets the filter."""
        clear = button(_("Clear filter and search"), "clear")
        clear.clicked.connect(self.clear_filter)
        sentence = _("No record meets the filter or holds what you search.")
        made = EmptyState("search", _("Nothing found"), sentence, [clear], self.stack)
        self.stack.addWidget(made)
        return made

    def _connect(self, feed: Feed) -> None:
        bar, view = self.toolbar, self.view
        bar.search.searched.connect(self._search)
        bar.add.clicked.connect(self.new_record)
        self.state.changed.connect(self._look)
        self.beside.left.connect(view.setFocus)
        view.counted.connect(self._counted)
        view.record_asked.connect(self.beside.show_record)
        view.record_moved.connect(self.beside.follow)
        view.selection_moved.connect(self._chosen)
        view.sort_asked.connect(self.state.sort_by)
        view.filter_asked.connect(self.bar.filter_field)
        view.narrowed.connect(self.state.narrow_by)
        view.spec_changed.connect(self.state.take)
        view.new_asked.connect(self.new_record)
        view.everything_asked.connect(self.show_everything)
        feed.changed.connect(self._changed)

    def commands(self) -> Sequence[PageCommand]:
        """What can be done with these records, of what this person may."""
        form, scope = self._form, self._session.scope
        doing: dict[str, Run] = {name: partial(self._do, name) for name in OF_THE_VIEW}
        doing |= {name: getattr(self, name) for name in OF_THE_PAGE} | self.bar.doing()
        doing["import_into"] = self.import_asked.emit
        if not self._narrowed:
            del doing["clear_filter"]
        writes = any(field.editable and scope.writes(form.id, field.id) for field in form.fields)
        return offered(doing, writes=writes, chosen=self.view.chosen())

    def _more(self) -> list[Item]:
        """What the menu at the end of the toolbar offers."""
        return menu_items(MORE, self.commands())

    def _make_panel(self) -> RecordPanel:
        made = RecordPanel(self._session, self._jobs, self.saving, self._form, self._editors)
        made.stepped.connect(self.view.step)
        made.created.connect(self._created)
        made.delete_asked.connect(self._delete_row)
        made.record_asked.connect(self._record_elsewhere)
        made.list_asked.connect(self.list_opened)
        return made

    @property
    def panel(self) -> RecordPanel:
        """The record beside the view; made after the first records are shown, or when it is first needed."""
        return self.beside.panel

    # What the shell asks

    @property
    def form(self) -> Form:
        """The form as it is published now."""
        return self._form

    @property
    def title(self) -> str:
        """What the tab says."""
        return self._form.name

    @property
    def filter(self) -> Filter:
        """What filters the records, beside the search."""
        return self.state.spec.filter

    @property
    def sorts(self) -> tuple[Sort, ...]:
        """The order."""
        return self.state.spec.sorts

    @property
    def filter_panel(self) -> FilterPanel:
        """The filter."""
        return self.bar.filter

    @property
    def sort_panel(self) -> SortPanel:
        """The order."""
        return self.bar.sort

    @property
    def unsaved(self) -> bool:
        """Whether something was typed here that is not saved."""
        return self.beside.unsaved or self.view.unsaved or self._jobs.writing(self)

    @property
    def where(self) -> str:
        """The formula of the records that are shown, beside the search."""
        return joined([self._formula, formula(self._form, self.filter, local_zone())])

    @property
    def searched(self) -> str:
        """What is searched."""
        return self._searched

    def set_filter(self, wanted: Filter | str) -> None:
        """Show only some records: conditions that the person can change, or a formula that can only be cleared."""
        if isinstance(wanted, str):
            self._formula = self.bar.formula = wanted
            self._look()
            self.bar.counts()
        else:
            self.state.filter_by(wanted)

    def search(self, text: str) -> None:
        """Show the records that hold these words."""
        self.toolbar.search.setText(text)
        self._search(text)

    def clear_filter(self) -> None:
        """Show every record."""
        self._formula = self.bar.formula = self._searched = ""
        self.toolbar.search.empty()
        self.state.filter_by(Filter())
        self._look()
        self.bar.show()
        self.view.setFocus()

    def show_everything(self) -> None:
        """Show every record; the notice brings the filter and the search back."""
        formula, filter, searched = self._formula, self.filter, self._searched
        self.clear_filter()

        def back() -> None:
            if not shiboken6.isValid(self):
                return  # the page was closed; the notice is still there
            self.set_filter(formula)
            self.set_filter(filter)
            self.search(searched)

        self._notices.success(T("Every record is shown"), back)

    def set_sort(self, sorts: Sequence[Sort]) -> None:
        """Show the records in another order."""
        self.state.sort_by(tuple(sorts))

    def open_record(self, record: UUID) -> None:
        """Show this record in the panel, and in the view where it is listed."""
        form, session = self._form, self._session
        self._jobs.start(
            self,
            lambda _progress: session.reader.by_id(form.id, [record], session.scope),
            self._show_found,
            lane="free",
        )

    def new_record(self) -> None:
        """Begin a new record in the panel."""
        self.beside.show_draft()

    def shown(self) -> None:
        """The page came to the front."""
        self.view.setFocus()

    # Commands of keys

    def open_search(self) -> None:
        """Go to the search field."""
        self.toolbar.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.toolbar.search.selectAll()

    def copy(self) -> None:
        """Copy what is chosen."""
        self.view.copy_chosen()

    def delete(self) -> None:
        """Put the chosen records into the bin."""
        self.view.delete_chosen()

    def save(self) -> None:
        """Save the new record."""
        if self.beside.is_open:
            self.panel.save()

    def export(self) -> None:
        """Write what is shown into a file: ask what, and where to."""
        spec, read = usable(self._form, self.state.spec), self.view.chosen_rows()
        shown = Shown(
            form=self._form,
            where=self.where,
            sorts=(*(group.sort for group in spec.groups), *spec.sorts),
            fields=tuple(field.id for field in shown_fields(self._form, spec)),
            count=self._count,
            chosen=self.view.chosen(),
            numbers=lambda progress: [row.n for row in read(progress)],
            view=spec.name,
            filter=sentence(self._form, spec.filter, self.bar.titles.known),
            search=self._searched.strip(),
            groups=spec.groups,
            footers={key: name for key, name in spec.footers.items() if key in self._form.by_id},
        )
        self.exporting.ask(self.toolbar.more, shown)

    def undo(self) -> None:
        """Take back the last thing."""
        self.saving.undo()

    def redo(self) -> None:
        """Do the last undone thing again."""
        self.saving.redo()

    def open_find(self) -> None:
        """Find among the records that are shown."""
        self._do("find")

    def open_replace(self) -> None:
        """Find and replace among the records that are shown."""
        self._do("replace")

    def paste(self) -> None:
        """Paste rows; what cannot be taken is listed in the view, so it comes to the front of an empty form too."""
        if QGuiApplication.clipboard().text():
            self.stack.setCurrentWidget(self.view)
        self._do("paste")

    def _do(self, command: str) -> None:
        """What the view can do."""
        with self._notices.boundary():
            self.view.do(command)

    def open_filter(self) -> None:
        """Open the filter."""
        self.bar.open_filter()

    def open_sort(self) -> None:
        """Open the order."""
        self.bar.open_sort()

    def event(self, event: QEvent) -> bool:
        """Keys of the page are its own, not the window's, while the keyboard is here."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            command = command_of(event)
            if command is not None and command not in OF_THE_WINDOW:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What no widget inside wanted."""
        command = command_of(event)
        if command is not None:
            with self._notices.boundary():
                getattr(self, command)()
        elif event.key() == Qt.Key.Key_Escape and self.beside.is_open:
            self.panel.leave()
        else:
            super().keyPressEvent(event)

    # What is asked of the store

    def _look(self) -> None:
        """Show the records as the view says, and ask for them where they may be others."""
        spec = usable(self._form, self.state.spec)
        self.view.show_spec(self._form, spec)
        asked = (self.where, spec.sorts, spec.groups, self._searched.strip())
        if asked != self._asked:
            self._asked = asked
            self.view.ask(self.where, spec.sorts, self._searched.strip())

    @property
    def _narrowed(self) -> bool:
        return bool(self._formula or self.filter.active or self._searched.strip())

    def _search(self, text: str) -> None:
        self._searched = text
        self._look()

    def _counted(self, count: int, final: bool) -> None:
        self._count = count
        if not self.beside.exists:
            self.beside.prepare_soon()
        if not self._narrowed:
            self._say_count(count, count, final)
            self.stack.setCurrentWidget(self.view if count else self._no_records)
            return
        self.stack.setCurrentWidget(self.view if count else self._no_result)
        session, query = self._session, self._session.query(self._form.id)
        self._jobs.start(
            self,
            lambda _progress: session.reader.count(query),
            lambda total: self._say_count(count, total, final),
            lane="free",
        )

    def _say_count(self, count: int, total: int, final: bool) -> None:
        if count != self._count:
            return
        if not final:
            text = _("{n} and more", n=f"{count:,}")
        elif self._narrowed:
            text = _("{n} of {total}", n=f"{count:,}", total=f"{total:,}")
        else:
            text = plural("{n} record", "{n} records", count)
        self.toolbar.show_count(text)
        self.say(text)
        self._chosen()

    def _chosen(self) -> None:
        chosen = self.view.chosen()
        counted, sums = self.toolbar.count.text(), self.view.chosen_words
        words = [_("{n} chosen", n=f"{chosen:,}")] if chosen > 1 else []
        self.say(" · ".join([*words, *([sums] if sums else []), counted]))

    # The panel

    def resizeEvent(self, event: QResizeEvent) -> None:
        """There is more or less room."""
        super().resizeEvent(event)
        self.beside.share()

    def close_panel(self) -> None:
        """Hide the panel and go back to the view."""
        self.beside.close()

    def _show_found(self, rows: list[Row]) -> None:
        if not rows or rows[0].deleted:
            self._notices.warning(T("This record no longer exists."), code="no_such_record")
            return
        self.beside.show_record(rows[0])
        self.view.reveal(rows[0])

    def _created(self, record: UUID) -> None:
        self._notices.success(T("Record added"), self.saving.undo_of_last())
        self.view.refresh()
        self.open_record(record)

    def _delete_row(self, row: Row) -> None:
        self.saving.delete(self._form, 1, lambda _progress: [row], self.view.refresh)
        self.close_panel()

    def _record_elsewhere(self, form_id: str, record: UUID) -> None:
        if form_id == self._form.id:
            self.open_record(record)
        else:
            self.record_opened.emit(form_id, record)

    # What others change

    def _changed(self, forms: frozenset[str], rows: frozenset[UUID], definitions: bool) -> None:
        if definitions:
            self._published()
        shown = {self._form.id, *(field.target for field in self._form.fields if field.target)}
        if shown & forms:
            self.view.refresh()
            self.beside.refresh()

    def _published(self) -> None:
        form = self._session.form_of_id(self._form.id)
        if form is None:
            self.gone.emit()
            return
        version = self._session.apps[form.app].version
        if version == self._version:
            return
        self._version, self._form, self._asked = version, form, None
        self.state.show_form(form)
        self.bar.show_form(form)
        self.beside.show_form(form)
        self._look()
        self.renamed.emit(form.name)
