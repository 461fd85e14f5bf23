"""`BulkEdit`: changes one field of all chosen records, by the field's own editor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from resources.styles.tokens import SIZES
from resources.texts import TN, T, _, plural
from runtime.exchange.editing.cell_writes import CellWrites
from runtime.exchange.editing.changing import BY_NUMBER, BY_TEXT, WORDS, FieldChange, Operation, changing, operations_of
from runtime.form import Field
from runtime.numbers import parse_number
from runtime.ui.editors import Editor, EditorContext, editor_kinds
from runtime.ui.editors.relation import RelationEditor
from runtime.ui.filter_chooser import Chooser
from runtime.ui.grid_tools import GridTools
from runtime.ui.grid_writing import GridWriting, Step
from runtime.ui.kit.button import ghost_button, primary_button
from runtime.ui.kit.picker import Pick
from runtime.ui.kit.popover import Popover
from runtime.ui.kit.words import words
from runtime.ui.record_places import RecordPlaces
from runtime.work import Progress, without_collector

MOST = 100_000
"""Records that are changed at once."""
WIDTH = SIZES.popover_width * 3 // 2


class BulkPanel(Popover):
    """Field, what is done to it, and by what.

    Signals:
        asked(FieldChange): do it.
    """

    asked = Signal(object)

    def __init__(self, anchor: QWidget, fields: list[Field], first: Field, count: int, context: EditorContext) -> None:
        super().__init__(anchor, WIDTH)
        self._by_id = {field.id: field for field in fields}
        self._context = context
        self._said = ""
        self.value: QWidget | None = None
        self.body.setContentsMargins(SIZES.m, SIZES.m, SIZES.m, SIZES.m)
        self.body.addWidget(words(plural("Change {n} record", "Change {n} records", count), "section"))
        self.fields = Chooser(_("Field"), [Pick(field.id, field.name) for field in fields], first.id)
        self.fields.picked.connect(lambda _field: self._show(Operation.SET))
        self.operations: Chooser | None = None
        self._line = QHBoxLayout()
        self._line.setSpacing(SIZES.s)
        self.body.addWidget(self.fields)
        self.body.addLayout(self._line)
        self.wrong = words("", "error", wrap=True)
        self.body.addWidget(self.wrong)
        self.apply = primary_button(plural("Change {n} record", "Change {n} records", count)).compact()
        self.apply.clicked.connect(self._apply)
        cancel = ghost_button(_("Cancel"))
        cancel.clicked.connect(self.close)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(self.apply)
        self.body.addLayout(foot)
        self._show(Operation.SET)

    @property
    def field(self) -> Field:
        """The field that is changed."""
        return self._by_id[self.fields.value]

    def _show(self, operation: Operation) -> None:
        while (item := self._line.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        picks = [Pick(each, str(WORDS[each])) for each in operations_of(self.field)]
        self.operations = Chooser(_("What is done"), picks, operation)
        self.operations.setFixedWidth(SIZES.xxl * 4)
        self.operations.picked.connect(self._show)
        self._line.addWidget(self.operations, 0, Qt.AlignmentFlag.AlignTop)
        self.value = self._operand(operation)
        if self.value is None:
            self._line.addStretch(1)
        else:
            self._line.addWidget(self.value, 1)
        self._say("")
        if self.isVisible():
            self._start()

    def _operand(self, operation: Operation) -> QWidget | None:
        if operation is Operation.EMPTY:
            return None
        if operation in BY_NUMBER or operation in BY_TEXT:
            line = QLineEdit()
            line.setAccessibleName(str(WORDS[operation]))
            line.setPlaceholderText("10" if operation in BY_NUMBER else "")
            line.textEdited.connect(lambda _text: self._say(""))
            return line
        editor = editor_kinds[self.field.kind.editor].make(self.field, self._context)
        editor.edited.connect(lambda: self._say(""))
        return editor

    def start(self) -> None:
        """Open, with the keyboard where the value goes."""
        self.open(self.value.focusProxy() or self.value if self.value is not None else self.apply)

    def _start(self) -> None:
        self.adjustSize()
        target = self.value or self.apply
        target.show()
        target.setFocus(Qt.FocusReason.TabFocusReason)

    def _say(self, text: str) -> None:
        self.wrong.setText(text)
        self.wrong.setVisible(bool(text))
        self.adjustSize()

    def _apply(self) -> None:
        assert self.operations is not None
        operation: Operation = self.operations.value
        wrong, operand, title = self._given(operation)
        if wrong:
            self._say(wrong)
            return
        change = FieldChange(self.field, operation, operand, title)
        self.close()
        self.asked.emit(change)

    def _given(self, operation: Operation) -> tuple[str, Any, str]:
        """(what is wrong, the operand, its title)."""
        part = self.value
        if isinstance(part, Editor):
            problems = part.problems()
            if problems:
                return str(problems[0].message), None, ""
            value = part.value()
            if value is None and self.field.kind.value_type == "bool":
                value = False
            if value is None:
                return _("Give a value, or choose “{empty}”.", empty=str(WORDS[Operation.EMPTY])), None, ""
            return "", value, part.button.shown if isinstance(part, RelationEditor) else ""
        if isinstance(part, QLineEdit) and operation in BY_NUMBER:
            number = parse_number(part.text().strip().rstrip("%％"))
            whole = number is not None and number == number.to_integral_value()
            if number is None or (operation is Operation.DAYS and not whole):
                return str(T("“{text}” is not a number.", text=part.text().strip())), None, ""
            return "", number, ""
        if isinstance(part, QLineEdit):
            return ("", part.text(), "") if part.text() else (_("Write the text that is added."), None, "")
        return "", None, ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter changes the records."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._apply()
        else:
            super().keyPressEvent(event)

    def _place(self) -> QPoint:
        """In the middle of the upper part of the grid."""
        anchor = self.parentWidget() or self
        left = (anchor.width() - self.width()) // 2
        return anchor.mapToGlobal(QPoint(max(0, left), SIZES.xxl * 2))


class BulkEdit(QObject):
    """Changes many records of one grid."""

    def __init__(self, tools: GridTools, writing: GridWriting) -> None:
        super().__init__(tools.grid)
        self._tools = tools
        self._writing = writing
        self.panel: BulkPanel | None = None

    def open(self) -> None:
        """Ask what to change."""
        tools = self._tools
        fields = [field for field in tools.fields if tools.may_write(field)]
        count = tools.model.records_in(tools.spans())
        if not fields or not count:
            return
        if count > MOST:
            tools.notices.warning(T("At most 100,000 records can be changed at once."), code="too_many")
            return
        column = tools.grid.currentIndex().column()
        current = tools.fields[column] if 0 <= column < len(tools.fields) else fields[0]
        first = current if current in fields else fields[0]
        panel = BulkPanel(tools.grid, fields, first, count, tools.editors)
        place, spans = tools.model.places(), tools.spans()
        panel.asked.connect(lambda change: self._change(change, place, spans))
        panel.closed.connect(lambda: self._closed(panel))
        self.panel = panel
        panel.start()

    def _closed(self, panel: BulkPanel) -> None:
        if self.panel is panel:
            self.panel = None
        panel.deleteLater()
        self._tools.grid.setFocus()

    def _change(self, change: FieldChange, place: RecordPlaces, spans: Sequence[tuple[int, int]]) -> None:
        """Change the records that were chosen when the panel opened, wherever they stand by now."""
        tools = self._tools
        form = tools.form

        def work(progress: Progress) -> CellWrites:
            with without_collector():
                return changing(form, change, place(spans, progress))

        def ready(writes: CellWrites) -> None:
            if writes.empty and not writes.bad:
                tools.notices.info(T("Nothing changed."), code="nothing_changed")
                return
            name = change.field.name
            label = TN("Change “{name}” of {n} record", "Change “{name}” of {n} records", writes.records, name=name)
            said = TN("“{name}” of {n} record changed", "“{name}” of {n} records changed", writes.records, name=name)
            self._writing.write(writes, Step(label, lambda: said, _("Change")))

        tools.jobs.start(
            self, work, ready, tools.notices.report, lane="free", label=T("Changing records"), change="long"
        )
