"""The fields of one record: labels above, the form's own editors, what is wrong below; and what was typed meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from resources.styles.tokens import SIZES
from resources.texts import _
from runtime.errors import Problem
from runtime.form import Field, Form
from runtime.store.rows import Row
from runtime.ui.editors import Editor, EditorContext, TypedEditor, make_editor
from runtime.ui.editors.relation import RelationEditor
from runtime.ui.kit.button import IconButton
from runtime.ui.kit.field_row import FieldRow
from runtime.ui.kit.words import words
from runtime.ui.record_model import updating
from runtime.value.error_values import ERRORS, shown_error

SLICE = 2
"""Rows made in one go while nobody looks: a few milliseconds."""


class RecordFields(QWidget):
    """Editors of every field of a form.

    Signals:
        committed(Field): a person is done with a field whose value is another one, or cannot be read.
        edited(): something was typed.
        record_asked(str, UUID): open this record of this form.
    """

    committed = Signal(object)
    edited = Signal()
    record_asked = Signal(str, object)

    def __init__(self, form: Form, context: EditorContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.form = form
        self._context = context
        self._editors: dict[str, Editor] = {}
        self._rows: dict[str, FieldRow] = {}
        self._waiting = [field for field in form.fields if not getattr(field.props, "hidden", False)]
        self._opens: dict[str, IconButton] = {}
        self._before: dict[str, Any] = {}
        self._stored: Row | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(SIZES.l)

    # How it is made: a few fields at a time while nobody looks, the rest at once when somebody does

    def build_some(self, count: int = SLICE) -> bool:
        """Make the next few rows; whether more wait."""
        for field in self._waiting[:count]:
            self._layout.addWidget(self._row(field))
        del self._waiting[:count]
        return bool(self._waiting)

    @property
    def editors(self) -> dict[str, Editor]:
        """The editor of each shown field, by field id."""
        self.build_some(len(self._waiting))
        return self._editors

    @property
    def rows(self) -> dict[str, FieldRow]:
        """Label, editor and message of each shown field, by field id."""
        self.build_some(len(self._waiting))
        return self._rows

    def _row(self, field: Field) -> FieldRow:
        editor = make_editor(field, self._context)
        help_text = str(getattr(field.props, "help", "") or "")
        required = bool(getattr(field.props, "required", False)) and field.editable
        row = FieldRow(field.name, editor, help_text, required=required)
        head = row.layout().itemAt(0).layout()  # type: ignore[union-attr]
        if isinstance(head, QHBoxLayout):
            self._mark(head, field)
        editor.committed.connect(lambda: self._committed(field))
        editor.edited.connect(lambda: self._edited(field))
        editor.cancelled.connect(lambda: self._cancelled(field))
        self._editors[field.id], self._rows[field.id] = editor, row
        return row

    def _mark(self, head: QHBoxLayout, field: Field) -> None:
        if field.computed:
            mark = words("fx", "fx")
            mark.setToolTip(_("Computed by a formula"))
            head.insertWidget(1, mark)
        if field.target:
            button = IconButton("open", _("Open this record"), size=SIZES.chip)
            button.clicked.connect(lambda: self._open(field))
            self._opens[field.id] = button
            head.addWidget(button)

    # What is shown

    @property
    def stored(self) -> Row | None:
        """The record as the store has it; None for a new one."""
        return self._stored

    def show_row(self, row: Row | None, values: Mapping[str, Any] | None = None) -> None:
        """Show a record, or with None a new one that begins with `values`."""
        self._stored = row
        for field_id in self.editors:
            self._show_field(field_id, row, (values or {}).get(field_id))

    def _show_field(self, field_id: str, row: Row | None, value: Any = None) -> None:
        editor = self.editors[field_id]
        value = row.values.get(field_id) if row is not None else value
        if isinstance(editor, RelationEditor) and value is not None and row is not None and field_id in row.titles:
            editor.set_title(value, row.titles[field_id])
        editor.set_value(value)
        self._before[field_id] = value
        said = ""
        if row is not None and field_id in row.updating and isinstance(editor, TypedEditor):
            editor.line.setText(updating())
        elif row is not None and field_id in row.errors:
            code = row.errors[field_id]
            if isinstance(editor, TypedEditor):
                editor.line.setText(shown_error(code))
            said = str(ERRORS[code].message) if code in ERRORS else code
        self.rows[field_id].say(said)
        if field_id in self._opens:
            self._opens[field_id].setVisible(value is not None)

    def dirty(self, field_id: str) -> bool:
        """Whether a field says something that the store does not have."""
        editor = self.editors[field_id]
        return bool(editor.problems()) or editor.value() != self._before.get(field_id)

    @property
    def unsaved(self) -> list[str]:
        """Fields that say something that the store does not have."""
        return [field_id for field_id in self.editors if self.form.by_id[field_id].editable and self.dirty(field_id)]

    def meet(self, row: Row) -> dict[str, str]:
        """The record changed in the store: show it, but keep what was typed and is not saved.

        Returns:
            Field id -> text of the value that came meanwhile, for fields where it differs from what was typed.
        """
        met: dict[str, str] = {}
        for field_id, editor in self.editors.items():
            field, new = self.form.by_id[field_id], row.values.get(field_id)
            if not field.editable or not self.dirty(field_id):
                if new != self._before.get(field_id) or field_id in row.errors or field.computed or field.target:
                    self._show_field(field_id, row)
            elif new == editor.value() and not editor.problems():
                self._before[field_id] = new
                self.rows[field_id].say("")
            elif new != self._before.get(field_id):
                met[field_id] = row.titles.get(field_id) or field.format(new) or _("(empty)")
        self._stored = row
        return met

    def values(self) -> dict[str, Any]:
        """Field id -> value of every editable field that is not blank."""
        found = {key: editor.value() for key, editor in self.editors.items() if self.form.by_id[key].editable}
        return {key: value for key, value in found.items() if value is not None}

    def unreadable(self) -> tuple[Problem, ...]:
        """What was typed and cannot be read."""
        return tuple(problem for editor in self.editors.values() for problem in editor.problems())

    def say(self, problems: tuple[Problem, ...]) -> list[Problem]:
        """Show problems at their fields; those without a place here come back."""
        homeless = []
        first: Editor | None = None
        for problem in problems:
            if problem.where in self.rows:
                self.rows[problem.where].say(str(problem.message))
                self.editors[problem.where].problem(str(problem.message))
                first = first or self.editors[problem.where]
            else:
                homeless.append(problem)
        if first is not None:
            first.begin() if isinstance(first, TypedEditor) else first.setFocus()
        return homeless

    def note(self, field_id: str, text: str) -> None:
        """Say something under a field."""
        self.rows[field_id].say(text)

    def start(self) -> None:
        """Take the keyboard in the first field that can be changed."""
        for field_id, editor in self.editors.items():
            if self.form.by_id[field_id].editable:
                editor.setFocus()
                return

    def finish(self) -> None:
        """Be done with the field that has the keyboard, as if it were left."""
        for field_id, editor in self.editors.items():
            if _holds_focus(editor) and self.form.by_id[field_id].editable:
                editor.committed.emit()

    def _committed(self, field: Field) -> None:
        editor = self.editors[field.id]
        problems = editor.problems()
        if problems:
            self.rows[field.id].say(str(problems[0].message))
        elif not self.dirty(field.id):
            return
        self.committed.emit(field)

    def _edited(self, field: Field) -> None:
        self.rows[field.id].say("")
        if field.id in self._opens:
            self._opens[field.id].setVisible(self.editors[field.id].value() is not None)
        self.edited.emit()

    def _cancelled(self, field: Field) -> None:
        if not self.dirty(field.id):
            self.rows[field.id].say("")
            self.edited.emit()

    def _open(self, field: Field) -> None:
        value = self.editors[field.id].value()
        if isinstance(value, UUID):
            self.record_asked.emit(field.target, value)


def _holds_focus(widget: QWidget) -> bool:
    focus = QApplication.focusWidget()
    return focus is not None and (focus is widget or widget.isAncestorOf(focus))
