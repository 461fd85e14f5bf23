"""One condition of a filter as a row: field, operator, value by the field's own editor."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from resources.styles.tokens import SIZES
from resources.texts import _
from runtime.filters import AS_TEXT, WITHOUT_VALUE, Condition, Operator, operator_words, operators_of
from runtime.form import Field, Form
from runtime.ui.editors import Editor, EditorContext, editor_kinds
from runtime.ui.editors.relation import RelationEditor
from runtime.ui.filter_chooser import Chooser
from runtime.ui.kit.button import IconButton
from runtime.ui.kit.picker import Pick
from runtime.ui.kit.words import words

FIELD_WIDTH = SIZES.xxl * 3
OPERATOR_WIDTH = SIZES.xxl * 3


class FilterRow(QWidget):
    """A condition.

    Signals:
        changed(): another condition.
        removed(): take it away.
    """

    changed = Signal()
    removed = Signal()

    def __init__(self, form: Form, condition: Condition, context: EditorContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._form = form
        self._context = context
        self.fields = Chooser(
            _("Field"), [Pick(field.id, field.name) for field in form.fields if operators_of(field)], condition.field
        )
        self.fields.setFixedWidth(FIELD_WIDTH)
        self.operators: Chooser | None = None
        self._values: list[QWidget] = []
        remove = IconButton("close", _("Remove this condition"))
        remove.clicked.connect(self.removed)
        self._middle = QHBoxLayout()
        self._middle.setSpacing(SIZES.s)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SIZES.s)
        layout.addWidget(self.fields)
        layout.addLayout(self._middle, 1)
        layout.addWidget(remove)
        self.fields.picked.connect(self._field_picked)
        self._show(condition)

    @property
    def field(self) -> Field:
        """The field that is asked about."""
        return self._form.by_id[self.fields.value]

    def condition(self) -> Condition:
        """What the row says now."""
        assert self.operators is not None
        values = [self._value(part) for part in self._values]
        return Condition(self.field.id, self.operators.value, *values)

    def _value(self, part: QWidget) -> Any:
        if isinstance(part, QLineEdit):
            return part.text() or None
        assert isinstance(part, Editor)
        if part.problems():
            return None
        if isinstance(part, RelationEditor):
            return part.button.shown or None
        return part.value()

    def start(self) -> None:
        """Take the keyboard where the value goes."""
        target = self._values[0] if self._values else self.operators
        if target is not None:
            target.setFocus(Qt.FocusReason.TabFocusReason)

    def _field_picked(self) -> None:
        self._show(Condition(self.field.id, operators_of(self.field)[0]))
        self.changed.emit()

    def _operator_picked(self, operator: Operator) -> None:
        before = self.condition()
        same = (operator in AS_TEXT) == (isinstance(self._values[0], QLineEdit) if self._values else False)
        kept = before.value if same else None
        self._show(Condition(self.field.id, operator, kept, before.upper))
        self.changed.emit()
        self.start()

    def _show(self, condition: Condition) -> None:
        while (item := self._middle.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        field = self.field
        picks = [Pick(each, str(operator_words(field, each))) for each in operators_of(field)]
        self.operators = Chooser(_("Condition"), picks, condition.operator)
        self.operators.setFixedWidth(OPERATOR_WIDTH)
        self.operators.picked.connect(self._operator_picked)
        self._middle.addWidget(self.operators)
        self._values = []
        if condition.operator in WITHOUT_VALUE:
            self._middle.addStretch(1)
        elif condition.operator is Operator.BETWEEN:
            self._add(self._editor(field, condition.value))
            self._middle.addWidget(words(_("and"), "secondary"))
            self._add(self._editor(field, condition.upper))
        elif condition.operator in AS_TEXT or field.kind.value_type == "text":
            self._add(self._line(condition.value))
        else:
            self._add(self._editor(field, condition.value))

    def _add(self, part: QWidget) -> None:
        part.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._values.append(part)
        self._middle.addWidget(part, 1)

    def _line(self, value: Any) -> QLineEdit:
        line = QLineEdit("" if value is None else str(value))
        line.setAccessibleName(_("Value"))
        line.setPlaceholderText(_("Value"))
        line.textEdited.connect(self.changed)
        return line

    def _editor(self, field: Field, value: Any) -> Editor:
        """The field's own editor; a computed field can be asked for as well."""
        editor = editor_kinds[field.kind.editor].make(field, self._context)
        if isinstance(editor, RelationEditor):
            if value is not None:
                editor.button.show_pick(Pick(value, str(value)))
        else:
            editor.set_value(value)
        editor.edited.connect(self.changed)
        return editor
