"""Relation: one record of another form, shown by its title, found by typing."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from resources.texts import _
from runtime.form import Field
from runtime.ui.editors import Editor, EditorContext, EditorKind, editor_kinds
from runtime.ui.kit.picker import Pick, PickField, PickList

LIMIT = 50
"""Records that one search shows."""
REST = 150
"""Milliseconds without a key after which the search starts."""


class RelationEditor(Editor):
    """A field with a title in it; the list behind it asks the store in the background."""

    def __init__(self, field: Field, context: EditorContext, parent: QWidget | None = None) -> None:
        super().__init__(field, context, parent)
        self.button = PickField(_("Find a record …"))
        self.hold(self.button)
        self.button.opened.connect(self.unfold)
        self.list: PickList | None = None
        self._titles: dict[UUID, str] = {}
        self._question: QObject | None = None

    def control(self) -> QWidget:
        """The field; before it exists, the editor itself."""
        return getattr(self, "button", self)

    def refresh(self) -> None:
        """Show the title; where it is not known yet, look it up."""
        self.problem("")
        record = self._value
        if record is None:
            self.button.show_pick(None)
        elif record in self._titles:
            self.button.show_pick(Pick(record, self._titles[record] or _("(no longer there)")))
        else:
            self.button.show_pick(Pick(record, "…"))
            self._look_up(record)

    def set_title(self, record: UUID, title: str) -> None:
        """Tell the title of a record that is known already, to save the look-up."""
        self._titles[record] = title
        if record == self._value:
            self.refresh()

    def begin(self, text: str | None = None) -> None:
        """Take the keyboard and open the list."""
        self.button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.unfold(text or "")

    def unfold(self, text: str = "") -> None:
        """Open the list with `text` in its search field."""
        opened = PickList(self.button, clearable=not self.field.props.required, rest=REST)
        opened.asked.connect(self._search)
        opened.picked.connect(self._picked)
        opened.closed.connect(self._closed)
        self.list = opened
        opened.show_picks([], note=_("Searching …"))
        opened.ask(text)

    def _look_up(self, record: UUID) -> None:
        jobs, records, target = self.context.jobs, self.context.records, self.field.target
        if jobs is not None and records is not None:
            jobs.start(
                self,
                lambda _progress: records.title(target, record),
                lambda title: self.set_title(record, title),
                lane="free",
            )

    def _search(self, text: str) -> None:
        jobs, records, target = self.context.jobs, self.context.records, self.field.target
        if self.list is None or jobs is None or records is None:
            return
        if self._question is not None:
            self._question.deleteLater()
        self._question = QObject(self.list)
        jobs.start(
            self._question,
            lambda _progress: records.search(target, text, LIMIT),
            self._found,
            lane="free",
        )

    def _found(self, found: Sequence[tuple[UUID, str]]) -> None:
        self._titles.update(found)
        if self.list is not None:
            more = _("Type to find more") if len(found) >= LIMIT else ""
            self.list.show_picks([Pick(record, title) for record, title in found], self._value, more)

    def _picked(self, value: UUID | None) -> None:
        changed = value != self._value
        self.set_value(value)
        if changed:
            self.edited.emit()
        self.button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.committed.emit()

    def _closed(self) -> None:
        if self.list is not None:
            self._question = None
            given_up, self.entered = self.list.given_up, self.list.entered
            self.list.deleteLater()
            self.list = None
            if given_up and self.inline:
                self.button.setFocus(Qt.FocusReason.OtherFocusReason)
                self.cancelled.emit()


@editor_kinds.register
class RelationKind(EditorKind):
    """For relations to one record."""

    name = "relation"

    def make(self, field: Field, context: EditorContext, parent: QWidget | None = None) -> Editor:
        """A field with a list."""
        return RelationEditor(field, context, parent)
