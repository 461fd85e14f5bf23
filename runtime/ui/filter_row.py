"""One condition of a filter as a row: field, operator, value, a menu and a cross."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from resources.styles.tokens import SIZES
from resources.texts import _
from runtime.filters import (
    AGAINST,
    AS_TEXT,
    LENGTHS,
    OF_MANY,
    WITHOUT_VALUE,
    Condition,
    Operator,
    Other,
    operator_words,
    operators_of,
    others,
)
from runtime.form import Field, Form
from runtime.spans import Span
from runtime.ui.editors import EditorContext
from runtime.ui.filter_chooser import Chooser
from runtime.ui.filter_values import value_part
from runtime.ui.kit.button import IconButton
from runtime.ui.kit.picker import Pick
from runtime.ui.kit.words import words
from runtime.ui.record_titles import Titles

VALUE = "value"
"""Where fields may stand in its place: what stands there is a value."""
FIELD_WIDTH = SIZES.xxl * 3 - SIZES.s
OPERATOR_WIDTH = SIZES.xxl * 3 - SIZES.l
AGAINST_WIDTH = SIZES.xxl + SIZES.xl
"""Of the chooser between a value and fields while it says *value*: the value needs the room."""
WIDEST = 16_777_215
"""No limit, as Qt says it."""


class FilterRow(QWidget):
    """A condition.

    Signals:
        changed(): another condition.
        removed(): take it away.
        menu_asked(): what else can be done with it.
    """

    changed = Signal()
    removed = Signal()
    menu_asked = Signal()

    def __init__(self, form: Form, condition: Condition, context: EditorContext, titles: Titles) -> None:
        super().__init__()
        self._form = form
        self._context = context
        self._titles = titles
        self.fields = Chooser(
            _("Field"), [Pick(field.id, field.name) for field in form.fields if operators_of(field)], condition.field
        )
        self.fields.setFixedWidth(FIELD_WIDTH)
        self.operators: Chooser | None = None
        self.against: Chooser | None = None
        self._values: list[Any] = []
        self.more = IconButton("dots", _("More for this condition"))
        self.more.clicked.connect(self.menu_asked)
        self.cross = IconButton("close", _("Remove this condition"))
        self.cross.clicked.connect(self.removed)
        self._middle = QHBoxLayout()
        self._middle.setSpacing(SIZES.s)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SIZES.xs)
        layout.addWidget(self.fields)
        layout.addSpacing(SIZES.xs)
        layout.addLayout(self._middle, 1)
        layout.addSpacing(SIZES.xs)
        layout.addWidget(self.more)
        layout.addWidget(self.cross)
        self.fields.picked.connect(self._field_picked)
        self._show(condition)

    @property
    def field(self) -> Field:
        """The field that is asked about."""
        return self._form.by_id[self.fields.value]

    def condition(self) -> Condition:
        """What the row says now."""
        assert self.operators is not None
        if self._other is not None:
            return Condition(self.field.id, self.operators.value, self._other)
        return Condition(self.field.id, self.operators.value, *(part.value() for part in self._values))

    @property
    def _other(self) -> Other | None:
        chosen = self.against.value if self.against is not None else VALUE
        return chosen if isinstance(chosen, Other) else None

    def start(self) -> None:
        """Take the keyboard where the value goes."""
        target = self.against if self._other else self._values[0] if self._values else self.operators
        if target is not None:
            target.setFocus(Qt.FocusReason.TabFocusReason)

    def _field_picked(self) -> None:
        self._show(_asked_of(self.field, self._asked, self.condition()))
        self.changed.emit()

    def _operator_picked(self, operator: Operator) -> None:
        self._show(_asked_as(self.field, self.condition(), self._former, operator))
        self.changed.emit()
        self.start()

    def _show(self, condition: Condition) -> None:
        while (item := self._middle.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        field = self.field
        self._asked, self._former = field, condition.operator
        picks = [Pick(each, str(operator_words(field, each))) for each in operators_of(field)]
        self.operators = Chooser(_("Condition"), picks, condition.operator)
        self.operators.setFixedWidth(OPERATOR_WIDTH)
        self.operators.picked.connect(self._operator_picked)
        self._middle.addWidget(self.operators)
        self._values = []
        self.against = None
        if condition.operator in WITHOUT_VALUE:
            self._middle.addStretch(1)
            return
        other = condition.value if isinstance(condition.value, Other) else None
        self._add(field, condition.operator, None if other else condition.value)
        self._offer_fields(field, condition.operator, other)
        if condition.operator is Operator.BETWEEN:
            self._middle.addWidget(words(_("and"), "secondary"))
            self._add(field, condition.operator, condition.upper)

    def _add(self, field: Field, operator: Operator, value: Any) -> None:
        part = value_part(field, operator, value, self._context, self._titles)
        part.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        part.changed.connect(self.changed)
        self._values.append(part)
        self._middle.addWidget(part, 1)

    def _offer_fields(self, field: Field, operator: Operator, chosen: Other | None) -> None:
        """The fields that may stand in the place of the value, where there are any."""
        beside = others(self._form, field, operator)
        if not beside:
            return
        picks = [Pick(VALUE, _("value")), *(Pick(Other(each.id), each.name) for each in beside)]
        self.against = Chooser(_("Value or field"), picks, chosen or VALUE)
        self.against.picked.connect(self._against_picked)
        self._middle.addWidget(self.against, 1)
        self._share_room()

    def _share_room(self) -> None:
        """A value takes the room; a field takes the place of the value."""
        assert self.against is not None
        self._values[0].setVisible(self._other is None)
        self.against.setMaximumWidth(AGAINST_WIDTH if self._other is None else WIDEST)

    def _against_picked(self) -> None:
        self._share_room()
        self.changed.emit()
        self.start()


def _asked_of(field: Field, former: Field, before: Condition) -> Condition:
    """The condition of another field: the operator stays for values of one type, the value for fields of one kind."""
    operators = operators_of(field)
    if field.kind.value_type != former.kind.value_type or before.operator not in operators:
        return Condition(field.id, operators[0])
    chosen = bool(field.target or getattr(field.props, "options", None))
    value_stays = before.value != Other(field.id) if isinstance(before.value, Other) else field.kind is former.kind
    if chosen or not value_stays:
        return Condition(field.id, before.operator)
    return Condition(field.id, before.operator, before.value, before.upper)


def _asked_as(field: Field, before: Condition, former: Operator, operator: Operator) -> Condition:
    """The condition with another operator; the value stays where it fits."""
    value = before.value
    text = field.kind.value_type == "text"
    other_kind = (operator in AS_TEXT) != (former in AS_TEXT) and not text
    other_kind = other_kind or (operator in LENGTHS) != (former in LENGTHS) or former in WITHOUT_VALUE
    if other_kind or (isinstance(value, Other) and operator not in AGAINST):
        value = None
    elif operator in OF_MANY and not isinstance(value, tuple):
        value = None if value is None else (value,)
    elif operator not in OF_MANY and isinstance(value, tuple):
        value = value[0]
    elif operator is Operator.BETWEEN and isinstance(value, Span):
        value = None
    return Condition(field.id, operator, value, before.upper)
