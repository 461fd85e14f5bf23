"""`FormPage`: the records of one form: toolbar, a view of them, and one record beside it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from resources.styles.tokens import SIZES
from resources.texts import T, _, plural
from runtime.dates import local_zone
from runtime.filters import Filter, formula, joined, search
from runtime.form import Form
from runtime.session import Session
from runtime.store.query import Sort
from runtime.store.rows import Row
from runtime.ui.editors import EditorContext
from runtime.ui.feed import Feed
from runtime.ui.filter_panel import FilterPanel
from runtime.ui.form_page_keys import OF_THE_WINDOW, command_of
from runtime.ui.grid_columns import ColumnsPanel, columns_of
from runtime.ui.grid_toolbar import GridToolbar
from runtime.ui.jobs import Jobs
from runtime.ui.kit.button import button, primary_button
from runtime.ui.kit.empty_state import EmptyState
from runtime.ui.notices import Notices
from runtime.ui.page import Page
from runtime.ui.record_lookup import StoreLookup
from runtime.ui.record_panel import WIDEST, RecordPanel
from runtime.ui.record_saving import Saving
from runtime.ui.sort_panel import SortPanel
from runtime.ui.views import ViewContext, view_kinds

QWIDGETSIZE_MAX = 16_777_215
"""No limit, as Qt counts it."""


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
    """

    record_opened = Signal(str, object)
    list_opened = Signal(str, object)
    renamed = Signal(str)
    gone = Signal()

    def __init__(
        self,
        session: Session,
        form_id: str,
        jobs: Jobs,
        feed: Feed,
        notices: Notices,
        view: str = "grid",
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
        self._filter = Filter()
        self._formula = ""
        self._searched = ""
        self._sorts: tuple[Sort, ...] = ()
        self._hidden: frozenset[str] = frozenset()
        self._count = -1
        self._panel_open = False
        self._panel: RecordPanel | None = None
        self.saving = Saving(session, jobs, notices, self)
        self._editors = EditorContext(jobs, StoreLookup(session))
        self.view = view_kinds[view].make(
            form, columns_of(form), ViewContext(session, jobs, notices, self.saving, self._editors)
        )
        self._build()
        self._connect(feed)
        self._ask()

    def _build(self) -> None:
        self.toolbar = GridToolbar(self._form.name)
        self.filter_panel = FilterPanel(self.toolbar.filter, self._form, self._editors)
        self.sort_panel = SortPanel(self.toolbar.sort, self._form)
        self.stack = QStackedWidget()
        self.stack.setProperty("role", "surface")
        self.stack.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._no_records = self._empty_form()
        self._no_result = self._empty_result()
        for part in (self.view, self._no_records, self._no_result):
            self.stack.addWidget(part)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(SIZES.hair)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.stack)
        self.splitter.setStretchFactor(0, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.toolbar)
        layout.addWidget(self.splitter, 1)
        self.setFocusProxy(self.view)

    def _empty_form(self) -> EmptyState:
        add = primary_button(_("Add the first record"), "add")
        add.clicked.connect(self.new_record)
        sentence = _("Records that you add or import stand here, one in each row.")
        return EmptyState("empty", _("No records yet"), sentence, [add])

    def _empty_result(self) -> EmptyState:
        clear = button(_("Clear filter and search"), "clear")
        clear.clicked.connect(self.clear_filter)
        return EmptyState(
            "search", _("Nothing found"), _("No record meets the filter or holds what you search."), [clear]
        )

    def _connect(self, feed: Feed) -> None:
        bar, view = self.toolbar, self.view
        bar.search.searched.connect(self._search)
        bar.filter.clicked.connect(self.open_filter)
        bar.sort.clicked.connect(self.open_sort)
        bar.columns.clicked.connect(self.open_columns)
        bar.delete.clicked.connect(self.delete)
        bar.add.clicked.connect(self.new_record)
        self.filter_panel.changed.connect(self._filtered)
        self.sort_panel.changed.connect(self._sorted)
        view.counted.connect(self._counted)
        view.record_asked.connect(self._show_panel)
        view.record_moved.connect(self._follow)
        view.selection_moved.connect(self._chosen)
        view.sort_asked.connect(self.set_sort)
        view.filter_asked.connect(self._filter_by)
        view.hide_asked.connect(lambda field_id: self._hide(self._hidden | {field_id}))
        feed.changed.connect(self._changed)

    @property
    def panel(self) -> RecordPanel:
        """The record beside the view; made after the first records are shown, or when it is first needed."""
        if self._panel is None:
            made = RecordPanel(self._session, self._jobs, self.saving, self._form, self._editors)
            made.hide()
            self.splitter.addWidget(made)
            self.splitter.setStretchFactor(1, 0)
            made.closed.connect(self.close_panel)
            made.stepped.connect(self.view.step)
            made.created.connect(self._created)
            made.delete_asked.connect(self._delete_row)
            made.record_asked.connect(self._record_elsewhere)
            made.list_asked.connect(self.list_opened)
            self._panel = made
        return self._panel

    def _prepare(self) -> None:
        """Make what is needed soon."""
        self.panel.setVisible(self._panel_open)
        self.panel.prepare()

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
        return self._filter

    @property
    def sorts(self) -> tuple[Sort, ...]:
        """The order."""
        return self._sorts

    @property
    def unsaved(self) -> bool:
        """Whether something was typed here that is not saved."""
        return (self._panel_open and self.panel.unsaved) or self.view.unsaved

    def set_filter(self, wanted: Filter | str) -> None:
        """Show only some records: conditions that the person can change, or a formula that can only be cleared."""
        if isinstance(wanted, str):
            self._formula = wanted
        else:
            self._filter = wanted
            self.filter_panel.show_filter(wanted)
        self._ask()

    def clear_filter(self) -> None:
        """Show every record."""
        self._filter, self._formula, self._searched = Filter(), "", ""
        self.filter_panel.show_filter(Filter())
        self.toolbar.search.blockSignals(True)
        self.toolbar.search.clear()
        self.toolbar.search.blockSignals(False)
        self._ask()
        self.view.setFocus()

    def set_sort(self, sorts: Sequence[Sort]) -> None:
        """Show the records in another order."""
        self._sorts = tuple(sorts)
        self.sort_panel.show_sorts(self._sorts)
        self._ask()

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
        if self._panel_open and self.panel.drafting:
            self.panel.fields.start()
            return
        if not self._settle_panel():
            return
        self._open_panel()
        self.panel.show_draft()

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
        if self._panel_open:
            self.panel.save()

    def undo(self) -> None:
        """Take back the last thing."""
        self.saving.undo()

    def redo(self) -> None:
        """Do the last undone thing again."""
        self.saving.redo()

    def open_filter(self) -> None:
        """Open the filter."""
        if not self.filter_panel.rows:
            self.filter_panel.add_condition()
        self.filter_panel.open(self.filter_panel.add)
        self._buttons()

    def open_sort(self) -> None:
        """Open the order."""
        self.sort_panel.open(self.sort_panel.add)
        self._buttons()

    def open_columns(self) -> ColumnsPanel:
        """Open the columns."""
        panel = ColumnsPanel(self.toolbar.columns, self._form, self._hidden)
        panel.changed.connect(self._hide)
        panel.open(next(iter(panel.switches.values()), None))
        self._buttons()
        return panel

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
        elif event.key() == Qt.Key.Key_Escape and self._panel_open:
            self.panel.leave()
        else:
            super().keyPressEvent(event)

    # What is asked of the store

    def _ask(self) -> None:
        parts = [self._formula, formula(self._form, self._filter, local_zone()), search(self._form, self._searched)]
        self.view.ask(joined(parts), self._sorts)
        self._buttons()

    @property
    def _narrowed(self) -> bool:
        return bool(self._formula or self._filter.active or self._searched.strip())

    def _buttons(self) -> None:
        conditions = len(self._filter.active) + bool(self._formula)
        self.toolbar.show_counts(conditions, len(self._sorts), len(self._hidden))

    def _search(self, text: str) -> None:
        self._searched = text
        self._ask()

    def _filtered(self, filter: Filter) -> None:
        self._filter = filter
        self._ask()

    def _sorted(self, sorts: tuple[Sort, ...]) -> None:
        self._sorts = sorts
        self._ask()

    def _filter_by(self, field_id: str) -> None:
        self.filter_panel.add_condition(field_id)
        self.filter_panel.open(self.filter_panel.add)
        self.filter_panel.rows[-1].start()

    def _hide(self, hidden: frozenset[str]) -> None:
        self._hidden = hidden
        self.view.show_form(self._form, [field for field in columns_of(self._form) if field.id not in hidden])
        self._buttons()

    def _counted(self, count: int, final: bool) -> None:
        self._count = count
        if self._panel is None:
            QTimer.singleShot(0, self, self._prepare)
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
        self.toolbar.count.setText(text)
        self.say(text)
        self._chosen()

    def _chosen(self) -> None:
        chosen = self.view.chosen()
        self.toolbar.delete.setEnabled(chosen > 0)
        counted = self.toolbar.count.text()
        words = _("{n} chosen", n=f"{chosen:,}")
        self.say(f"{words} · {counted}" if chosen > 1 else counted)

    # The panel

    def _open_panel(self) -> None:
        if not self._panel_open:
            self._panel_open = True
            self.panel.show()
            self.splitter.setSizes([self.width() - SIZES.panel_width, SIZES.panel_width])
            self._share()

    def _share(self) -> None:
        """Beside the record there is room for the view, or the record stands in its place."""
        room = self.width() >= SIZES.panel_width * 2
        self.stack.setVisible(room or not self._panel_open)
        if self._panel is not None:
            self._panel.setMaximumWidth(WIDEST if room else QWIDGETSIZE_MAX)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """There is more or less room."""
        super().resizeEvent(event)
        self._share()

    def close_panel(self) -> None:
        """Hide the panel and go back to the view."""
        self._panel_open = False
        self.panel.hide()
        self._share()
        self.view.setFocus()

    def _settle_panel(self) -> bool:
        """Be done with what the panel shows; False = it holds a new record, or input that is not saved."""
        if not self._panel_open:
            return True
        if not self.panel.drafting:
            self.panel.fields.finish()
        if self.panel.unsaved and (self.panel.drafting or self.panel.fields.unreadable()):
            self._notices.warning(
                T("The record beside is not saved yet."), T("Save or close it first."), code="panel_unsaved"
            )
            return False
        return True

    def _show_panel(self, row: Row) -> None:
        if self._settle_panel():
            self._open_panel()
            self.panel.show_record(row)

    def _show_found(self, rows: list[Row]) -> None:
        if not rows or rows[0].deleted:
            self._notices.warning(T("This record no longer exists."), code="no_such_record")
            return
        self._show_panel(rows[0])
        self.view.reveal(rows[0])

    def _follow(self, row: Row) -> None:
        if not self._panel_open or self.panel.drafting:
            return
        shown = self.panel.row
        if shown is not None and shown.id == row.id:
            return
        if self._settle_panel():
            self.panel.show_record(row)

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
        if self._panel_open and not self.panel.drafting and shown & forms:
            self.panel.refresh()

    def _published(self) -> None:
        form = self._session.form_of_id(self._form.id)
        if form is None:
            self.gone.emit()
            return
        version = self._session.apps[form.app].version
        if version == self._version:
            return
        self._version, self._form = version, form
        self.toolbar.name.setText(form.name)
        self.filter_panel.show_form(form)
        self.sort_panel.show_form(form)
        if self._panel is not None:
            self._panel.show_form(form)
        self.view.show_form(form, [field for field in columns_of(form) if field.id not in self._hidden])
        self.renamed.emit(form.name)
        self._ask()
