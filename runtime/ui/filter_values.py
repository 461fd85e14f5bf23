"""The right of a condition: a line, the editor of the field, days relative to today, or several values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from resources.styles.tokens import SIZES
from resources.texts import _
from runtime.filter_json import LONGEST_TEXT
from runtime.filters import AS_TEXT, LENGTHS, OF_MANY, Operator
from runtime.form import Field
from runtime.spans import COUNTED, MOST, WORDS, Period, Span
from runtime.ui.editors import Editor, EditorContext, editor_kinds
from runtime.ui.editors.relation import LIMIT, REST, RelationEditor
from runtime.ui.filter_chooser import Chooser
from runtime.ui.kit.picker import Pick, PickField, TickList, answers
from runtime.ui.record_titles import Titles

EXACT = "exact"
COUNT_WIDTH = SIZES.xxl + SIZES.s


class ValuePart(QWidget):
    """A value of a condition.

    Signals:
        changed(): another value.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.line_up = QHBoxLayout(self)
        self.line_up.setContentsMargins(0, 0, 0, 0)
        self.line_up.setSpacing(SIZES.s)

    def value(self) -> Any:
        """The value, None while there is none."""
        raise NotImplementedError


class TextPart(ValuePart):
    """A piece of text."""

    def __init__(self, value: Any) -> None:
        super().__init__()
        self.line = QLineEdit("" if value is None else str(value))
        self.line.setAccessibleName(_("Value"))
        self.line.setPlaceholderText(_("Value"))
        self.line.textEdited.connect(self.changed)
        self.line_up.addWidget(self.line)
        self.setFocusProxy(self.line)

    def value(self) -> Any:
        return self.line.text() or None


class EditorPart(ValuePart):
    """The field's own editor; a computed field can be asked for as well."""

    def __init__(self, field: Field, value: Any, context: EditorContext, titles: Titles) -> None:
        super().__init__()
        self._titles = titles
        self._title = value if isinstance(value, str) and field.target else None
        self.editor: Editor = editor_kinds[field.kind.editor].make(field, context)
        if isinstance(self.editor, RelationEditor):
            self._show_record(self.editor, value)
        else:
            self.editor.set_value(value)
        self.editor.edited.connect(self._edited)
        self.line_up.addWidget(self.editor)
        self.setFocusProxy(self.editor)

    def _show_record(self, editor: RelationEditor, value: Any) -> None:
        if isinstance(value, UUID):
            if value in self._titles.known:
                editor.set_title(value, self._titles.known[value])
            editor.set_value(value)
        elif value is not None:
            editor.button.show_pick(Pick(value, str(value)))

    def _edited(self) -> None:
        self._title = None
        if isinstance(self.editor, RelationEditor) and isinstance(self.editor.value(), UUID):
            self._titles.learn({self.editor.value(): self.editor.button.shown})
        self.changed.emit()

    def value(self) -> Any:
        if self._title is not None:
            return self._title
        return None if self.editor.problems() else self.editor.value()


class DaysPart(ValuePart):
    """An exact day in the field's own editor, or days relative to today."""

    def __init__(self, field: Field, value: Any, context: EditorContext, titles: Titles) -> None:
        super().__init__()
        picks = [Pick(EXACT, _("exact date")), *(Pick(period, str(words)) for period, words in WORDS.items())]
        self.kinds = Chooser(_("Which days"), picks, value.period if isinstance(value, Span) else EXACT)
        self.exact = EditorPart(field, None if isinstance(value, Span) else value, context, titles)
        self.count = QLineEdit(str(value.count if isinstance(value, Span) else 7))
        self.count.setAccessibleName(_("How many"))
        self.count.setValidator(QIntValidator(1, MOST, self.count))
        self.count.setFixedWidth(COUNT_WIDTH)
        self.count.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.kinds.picked.connect(self._picked)
        self.count.textEdited.connect(self.changed)
        self.exact.changed.connect(self.changed)
        for part, stretch in ((self.kinds, 1), (self.exact, 1), (self.count, 0)):
            self.line_up.addWidget(part, stretch)
        self.setFocusProxy(self.kinds)
        self._settle()

    def _picked(self) -> None:
        self._settle()
        self.changed.emit()
        if self.count.isVisibleTo(self):
            self.count.setFocus(Qt.FocusReason.TabFocusReason)
            self.count.selectAll()

    def _settle(self) -> None:
        self.exact.setVisible(self.kinds.value == EXACT)
        self.count.setVisible(self.kinds.value in COUNTED)

    def value(self) -> Any:
        if self.kinds.value == EXACT:
            return self.exact.value()
        period: Period = self.kinds.value
        if period not in COUNTED:
            return Span(period)
        return Span(period, int(self.count.text())) if self.count.hasAcceptableInput() else None


class LengthPart(TextPart):
    """A number of characters."""

    def __init__(self, value: Any) -> None:
        super().__init__(value)
        self.line.setAccessibleName(_("How many characters"))
        self.line.setPlaceholderText(_("How many characters"))
        self.line.setValidator(QIntValidator(0, LONGEST_TEXT, self.line))

    def value(self) -> int | None:
        return int(self.line.text()) if self.line.hasAcceptableInput() else None


class ManyPart(ValuePart):
    """Several options, or several records."""

    def __init__(self, field: Field, value: Any, context: EditorContext, titles: Titles) -> None:
        super().__init__()
        self._field, self._context, self._titles = field, context, titles
        self._values: list[Any] = list(value) if isinstance(value, tuple) else [] if value is None else [value]
        self._found: list[Pick] = []
        self._question: QObject | None = None
        self.list: TickList | None = None
        self.button = PickField(_("Choose …"))
        self.button.setAccessibleName(_("Values"))
        self.button.opened.connect(self.unfold)
        self.line_up.addWidget(self.button)
        self.setFocusProxy(self.button)
        titles.arrived.connect(self._show)
        if field.target:
            titles.want(field.target, self._values)
        self._show()

    def value(self) -> tuple[Any, ...] | None:
        return tuple(self._values) or None

    def _show(self) -> None:
        self.button.show_picks([self._pick(each) for each in self._values])

    def _pick(self, value: Any) -> Pick:
        if self._field.target:
            return Pick(value, self._titles.known.get(value) or "…")
        options = {option.id: option for option in self._field.props.options or ()}
        found = options.get(value)
        return Pick(value, found.label, found.color) if found is not None else Pick(value, "?")

    def unfold(self, text: str = "") -> None:
        """Open the list."""
        opened = TickList(self.button, clearable=True, rest=REST if self._field.target else 0)
        opened.asked.connect(self._search)
        opened.toggled.connect(self._toggled)
        opened.closed.connect(self._closed)
        self.list = opened
        opened.ask(text)

    def _search(self, text: str) -> None:
        if self._field.target:
            self._search_records(text)
            return
        options = [each for each in self._field.props.options or () if answers(each.label, text)]
        self._offer([self._pick(each.id) for each in options])

    def _search_records(self, text: str) -> None:
        jobs, records, target = self._context.jobs, self._context.records, self._field.target
        if self.list is None or jobs is None or records is None:
            return
        if self._question is not None:
            self._question.deleteLater()
        self._question = QObject(self.list)
        jobs.start(
            self._question, lambda _progress: records.search(target, text, LIMIT), self._records_found, lane="free"
        )

    def _records_found(self, found: Sequence[tuple[UUID, str]]) -> None:
        self._titles.learn(dict(found))
        self._offer([Pick(record, title) for record, title in found])

    def _offer(self, picks: list[Pick]) -> None:
        self._found = picks
        if self.list is not None:
            self.list.show_ticks(picks, self._values)

    def _toggled(self, value: Any) -> None:
        if value is None:
            self._values.clear()
        elif value in self._values:
            self._values.remove(value)
        else:
            self._values.append(value)
        self._show()
        self._offer(self._found)
        self.changed.emit()

    def _closed(self) -> None:
        if self.list is not None:
            self._question = None
            self.list.deleteLater()
            self.list = None


def value_part(field: Field, operator: Operator, value: Any, context: EditorContext, titles: Titles) -> ValuePart:
    """What a person gives the value of a condition with."""
    if operator in LENGTHS:
        return LengthPart(value)
    if operator in OF_MANY:
        return ManyPart(field, value, context, titles)
    if operator in AS_TEXT or field.kind.value_type == "text":
        return TextPart(value)
    if field.kind.value_type in {"date", "datetime"} and operator is not Operator.BETWEEN:
        return DaysPart(field, value, context, titles)
    return EditorPart(field, value, context, titles)
