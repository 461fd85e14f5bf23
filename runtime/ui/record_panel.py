"""`RecordPanel`: one record beside the grid: its fields, what points to it, its history; or a new record being made.

Every field of a record that exists is saved when the person is done with it. What was typed and is not saved is never
thrown away by what others change: the panel says so and lets the person choose.
"""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from resources.styles.tokens import SIZES
from resources.texts import _
from runtime.changes import new_uuid
from runtime.errors import Problem
from runtime.form import Field, Form
from runtime.record import Record
from runtime.session import Session
from runtime.store.records import Applied
from runtime.store.rows import Row
from runtime.ui import record_panel_history, record_panel_related
from runtime.ui.editors import EditorContext
from runtime.ui.jobs import Jobs
from runtime.ui.kit.button import IconButton, button, link_button, primary_button
from runtime.ui.kit.segments import Segments
from runtime.ui.kit.words import ElidedWords, rule, words
from runtime.ui.record_panel_fields import RecordFields
from runtime.ui.record_panel_history import Past, RecordHistory
from runtime.ui.record_panel_related import Related, RelatedLists
from runtime.ui.record_saving import Saving

NARROWEST = 360
WIDEST = 560


class RecordPanel(QFrame):
    """Shows one record of a form.

    Signals:
        closed(): the person closed it.
        stepped(int): the record before (-1) or after (1) is wanted.
        delete_asked(Row): put this record into the bin.
        created(UUID): a new record was saved.
        record_asked(str, UUID): open this record of this form.
        list_asked(str, Filter): show these records of this form.
    """

    closed = Signal()
    stepped = Signal(int)
    delete_asked = Signal(object)
    created = Signal(object)
    record_asked = Signal(str, object)
    list_asked = Signal(str, object)

    def __init__(
        self,
        session: Session,
        jobs: Jobs,
        saving: Saving,
        form: Form,
        context: EditorContext,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.setMinimumWidth(NARROWEST)
        self.setMaximumWidth(WIDEST)
        self._session = session
        self._jobs = jobs
        self._saving = saving
        self._context = context
        self._form = form
        self._draft: UUID | None = None
        self._busy = False
        self._met: dict[str, str] = {}
        self._question: QObject | None = None
        self._slices = QTimer(self)
        self._slices.setSingleShot(True)
        self._slices.timeout.connect(self.prepare)
        self._build()

    # How it is made

    def _build(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._head())
        self.banner = self._banner()
        outer.addWidget(self.banner)
        self.segments = Segments(
            _("What is shown"), [("fields", _("Fields"), ""), ("history", _("History"), "")], "fields"
        )
        self.segments.chosen.connect(self._chosen)
        self._tabs = QWidget()
        tabs = QHBoxLayout(self._tabs)
        tabs.setContentsMargins(SIZES.l, SIZES.m, SIZES.l, 0)
        tabs.addWidget(self.segments)
        tabs.addStretch(1)
        outer.addWidget(self._tabs)
        self._body = QVBoxLayout()
        self.history = RecordHistory()
        self.related = RelatedLists()
        self.related.record_asked.connect(self.record_asked)
        self.related.list_asked.connect(self.list_asked)
        self._stack = QStackedWidget()
        self._fields_page, fields_column = _scrolling()
        self._history_page, history_column = _scrolling()
        self._column = fields_column
        self._rule = rule()
        fields_column.addWidget(self._rule)
        fields_column.addWidget(self.related)
        fields_column.addStretch(1)
        history_column.addWidget(self.history)
        self._stack.addWidget(self._fields_page)
        self._stack.addWidget(self._history_page)
        outer.addWidget(self._stack, 1)
        outer.addWidget(self._foot())
        self.fields = self._made_fields(self._form)

    def _head(self) -> QWidget:
        holder = QFrame()
        holder.setProperty("role", "toolbar")
        holder.setFixedHeight(SIZES.toolbar)
        self.title = ElidedWords("", "section")
        self.before = IconButton("caret_up", _("Previous record"), shortcut="Alt+Up")
        self.after = IconButton("caret_down", _("Next record"), shortcut="Alt+Down")
        self.delete = IconButton("delete", _("Delete this record"))
        self.close_button = IconButton("close", _("Close"), shortcut="Esc")
        self.before.clicked.connect(lambda: self.stepped.emit(-1))
        self.after.clicked.connect(lambda: self.stepped.emit(1))
        self.delete.clicked.connect(self._delete)
        self.close_button.clicked.connect(self.leave)
        layout = QHBoxLayout(holder)
        layout.setContentsMargins(SIZES.l, 0, SIZES.s, 0)
        layout.setSpacing(SIZES.focus)
        layout.addWidget(self.title, 1)
        for part in (self.before, self.after, self.delete, self.close_button):
            layout.addWidget(part)
        return holder

    def _banner(self) -> QFrame:
        holder = QFrame()
        holder.setProperty("role", "notice")
        holder.setProperty("tone", "warning")
        self._said = words("", wrap=True)
        self._compare = link_button(_("Compare"))
        self._reload = link_button(_("Reload"))
        self._compare.clicked.connect(self.compare)
        self._reload.clicked.connect(self.reload)
        layout = QHBoxLayout(holder)
        layout.setContentsMargins(SIZES.l, SIZES.xs, SIZES.s, SIZES.xs)
        layout.setSpacing(SIZES.xs)
        layout.addWidget(self._said, 1)
        layout.addWidget(self._compare)
        layout.addWidget(self._reload)
        holder.hide()
        return holder

    def _foot(self) -> QWidget:
        self.foot = QFrame()
        self.foot.setProperty("role", "foot")
        self.save_button = primary_button(_("Save"))
        self.save_button.setToolTip("Ctrl+S")
        self.cancel_button = button(_("Cancel"))
        self.save_button.clicked.connect(self.save)
        self.cancel_button.clicked.connect(self.leave)
        layout = QHBoxLayout(self.foot)
        layout.setContentsMargins(SIZES.l, SIZES.m, SIZES.l, SIZES.m)
        layout.setSpacing(SIZES.s)
        layout.addStretch(1)
        layout.addWidget(self.cancel_button)
        layout.addWidget(self.save_button)
        return self.foot

    def _made_fields(self, form: Form) -> RecordFields:
        made = RecordFields(form, self._context)
        made.committed.connect(self._committed)
        made.edited.connect(self._edited)
        made.record_asked.connect(self.record_asked)
        self._column.insertWidget(0, made)
        return made

    def prepare(self) -> None:
        """Make the editors while nobody looks, a few at a time."""
        if self.fields.build_some():
            self._slices.start()

    def show_form(self, form: Form) -> None:
        """The form was published anew: its fields may be others."""
        row, values, draft = self.row, self.fields.values(), self._draft
        former, self._form = self.fields, form
        former.hide()
        former.deleteLater()
        self.fields = self._made_fields(form)
        self.fields.show_row(row, values if draft else None)

    # What is shown

    @property
    def row(self) -> Row | None:
        """The record that is shown; None for a new one, or for none."""
        return self.fields.stored

    @property
    def drafting(self) -> bool:
        """Whether a new record is being made."""
        return self._draft is not None

    @property
    def unsaved(self) -> bool:
        """Whether something was typed that is not saved."""
        return (
            bool(self.fields.unsaved) if not self.drafting else bool(self.fields.values() or self.fields.unreadable())
        )

    def show_record(self, row: Row) -> None:
        """Show a record; what is unsaved must have been settled before."""
        self._draft = None
        self._met = {}
        self.fields.show_row(row)
        self._settle()
        self._ask_related(row)
        if self.segments.key() == "history":
            self._ask_history(row)

    def show_draft(self) -> None:
        """Show a new record."""
        self._draft = new_uuid()
        self._met = {}
        self.fields.show_row(None)
        self.segments.choose("fields")
        self._chosen("fields")
        self._settle()
        self.related.show_related([])
        self._rule.hide()
        self.fields.start()

    def _settle(self) -> None:
        row = self.row
        self._tabs.setVisible(not self.drafting)
        self.foot.setVisible(self.drafting)
        for part in (self.before, self.after, self.delete):
            part.setVisible(not self.drafting)
        if self.drafting:
            self.title.setText(_("New record"))
        elif row is not None:
            self.title.setText(Record(self._form, row).title or _("(no name)"))
        self.setAccessibleName(self.title.text())
        self._warn()

    def refresh(self) -> None:
        """Records changed: read this one again."""
        row = self.row
        if row is None:
            return
        self._ask(row.id, self._met_row)
        if self._form.subforms and not self.drafting:
            self._ask_related(row)

    def _ask(self, record: UUID, then: object) -> None:
        form, session = self._form, self._session
        self._jobs.start(
            self.fields,
            lambda _progress: session.reader.by_id(form.id, [record], session.scope),
            then,  # type: ignore[arg-type]
            lane="free",
        )

    def _met_row(self, rows: list[Row]) -> None:
        row = self.row
        if row is None or self.drafting or (rows and rows[0].id != row.id):
            return
        if not rows or rows[0].deleted:
            self.closed.emit()
            return
        self._met = {
            key: text for key, text in {**self._met, **self.fields.meet(rows[0])}.items() if self.fields.dirty(key)
        }
        self._settle()
        if self.segments.key() == "history":
            self._ask_history(rows[0])

    # Saving

    def save(self) -> None:
        """Save the new record, or what is being typed."""
        if not self.drafting:
            self.fields.finish()
            return
        problems = self.fields.unreadable()
        if problems:
            self.fields.say(problems)
            return
        if self._busy or self._draft is None:
            return
        self._set_busy(True)
        self._saving.create(self._form, self._draft, self.fields.values(), self._made, self._not_made)

    def _made(self, applied: Applied) -> None:
        self._set_busy(False)
        made, self._draft = self._draft, None
        if made is not None:
            self.created.emit(made)

    def _not_made(self, problems: tuple[Problem, ...]) -> None:
        self._set_busy(False)
        self._warn(self.fields.say(problems))

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self.save_button.setEnabled(not busy)

    def _committed(self, field: Field) -> None:
        row = self.row
        if self.drafting or row is None or self.fields.editors[field.id].problems():
            return
        value = self.fields.editors[field.id].value()
        fields = self.fields

        def refused(problems: tuple[Problem, ...]) -> None:
            if self.fields is fields and self.row is not None and self.row.id == row.id:
                self._warn(fields.say(tuple(each for each in problems)))

        def applied(_applied: Applied) -> None:
            if self.fields is fields and self.row is not None and self.row.id == row.id:
                self._met.pop(field.id, None)
                self.refresh()

        self._saving.set_values(self._form, row.id, {field.id: value}, applied, refused)

    def _edited(self) -> None:
        if not self.drafting:
            self._met = {key: text for key, text in self._met.items() if self.fields.dirty(key)}
            self._warn()

    # Unsaved input meets the changes of others

    def _warn(self, homeless: list[Problem] | None = None) -> None:
        self._compare.setVisible(bool(self._met))
        self._reload.setVisible(not self.drafting)
        if homeless:
            self._said.setText("\n".join(str(problem.message) for problem in homeless))
        elif self._met:
            self._said.setText(_("This record was changed meanwhile. What you typed is kept."))
            self._reload.setText(_("Reload"))
        self.banner.setVisible(bool(homeless) or bool(self._met))

    def compare(self) -> None:
        """Say under each field what it became meanwhile."""
        for field_id, text in self._met.items():
            self.fields.note(field_id, _("Meanwhile: {value}", value=text))

    def reload(self) -> None:
        """Throw away what was typed and show what the store has."""
        row = self.row
        if row is not None:
            self.show_record(row)
            self.refresh()

    def leave(self) -> None:
        """Close, and drop a new record that was not saved."""
        if not self.drafting:
            self.fields.finish()
        self._draft = None
        self.closed.emit()

    def _delete(self) -> None:
        if self.row is not None:
            self.delete_asked.emit(self.row)

    # Beside the fields

    def _chosen(self, key: str) -> None:
        self._stack.setCurrentWidget(self._history_page if key == "history" else self._fields_page)
        if key == "history" and self.row is not None:
            self._ask_history(self.row)

    def _ask_history(self, row: Row) -> None:
        session, form = self._session, self._form

        def show(past: Past) -> None:
            if self.row is not None and self.row.id == row.id:
                self.history.show_past(form, past)

        self._jobs.start(self, lambda _progress: record_panel_history.read(session, form, row), show, lane="free")

    def _ask_related(self, row: Row) -> None:
        session, form = self._session, self._form
        if self._question is not None:
            self._question.deleteLater()
        self._question = QObject(self)

        def show(related: list[Related]) -> None:
            if self.row is not None and self.row.id == row.id:
                self.related.show_related(related)
                self._rule.setVisible(bool(related))

        self._jobs.start(
            self._question, lambda _progress: record_panel_related.read(session, form, row), show, lane="free"
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes; Alt with arrows goes to the neighbours."""
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        elif alt and event.key() in {Qt.Key.Key_Up, Qt.Key.Key_Down} and not self.drafting:
            self.stepped.emit(-1 if event.key() == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)


def _scrolling() -> tuple[QScrollArea, QVBoxLayout]:
    """A scrolled column."""
    inner = QWidget()
    inner.setProperty("role", "clear")
    column = QVBoxLayout(inner)
    column.setContentsMargins(SIZES.l, SIZES.l, SIZES.l, SIZES.l)
    column.setSpacing(SIZES.l)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inner)
    area.viewport().setAutoFillBackground(False)
    inner.setAutoFillBackground(False)
    return area, column
