"""Choices: several of the options, as chips; opens a searchable list of ticks."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from resources.texts import _
from runtime.definition.property import Option
from runtime.form import Field
from runtime.ui.editors import Editor, EditorContext, EditorKind, editor_kinds
from runtime.ui.kit.picker import Pick, PickField, TickList, answers


class ChoicesEditor(Editor):
    """A field with chips; retired options are shown where a record has them, and can only be taken away."""

    def __init__(self, field: Field, context: EditorContext, parent: QWidget | None = None) -> None:
        super().__init__(field, context, parent)
        self.button = PickField(_("Choose …"))
        self.hold(self.button)
        self.button.opened.connect(self.unfold)
        self.list: TickList | None = None
        self._asked = ""

    def control(self) -> QWidget:
        """The field; before it exists, the editor itself."""
        return getattr(self, "button", self)

    def refresh(self) -> None:
        """Show the options."""
        known = {option.id: option for option in self._options}
        found = (known.get(each, Option(each, "?", 7)) for each in self._value or ())
        self.button.show_picks([Pick(option.id, option.label, option.color) for option in found])
        self.problem("")

    def begin(self, text: str | None = None) -> None:
        """Take the keyboard and open the list."""
        self.button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.unfold(text or "")

    def unfold(self, text: str = "") -> None:
        """Open the list with `text` in its search field."""
        opened = TickList(self.button, clearable=not self.field.props.required)
        opened.asked.connect(self._search)
        opened.toggled.connect(self._toggled)
        opened.closed.connect(self._closed)
        opened.unmatched.connect(self._unmatched)
        self.list = opened
        self._asked = text
        opened.ask(text)

    @property
    def _options(self) -> tuple[Option, ...]:
        return self.field.props.options or ()

    def _search(self, text: str) -> None:
        self._asked = text
        if self.list is None:
            return
        has = self._value or ()
        found = [o for o in self._options if (not o.retired or o.id in has) and answers(o.label, text)]
        self.list.show_ticks([Pick(o.id, o.label, o.color) for o in found], has)

    def _unmatched(self, text: str) -> None:
        if self.list is not None:
            self.list.say_wrong(_("“{text}” is not one of the options.", text=text))

    def _toggled(self, option: str | None) -> None:
        has = set(self._value or ())
        changed = set() if option is None else has ^ {option}
        value = tuple(o.id for o in self._options if o.id in changed) or None
        if value != self._value:
            self.set_value(value)
            self.edited.emit()
        self._search(self._asked)

    def _closed(self) -> None:
        if self.list is not None:
            self.list.deleteLater()
            self.list = None
            self.button.setFocus(Qt.FocusReason.OtherFocusReason)
            self.committed.emit()


@editor_kinds.register
class ChoicesKind(EditorKind):
    """For several options."""

    name = "choices"

    def make(self, field: Field, context: EditorContext, parent: QWidget | None = None) -> Editor:
        """A field with a list."""
        return ChoicesEditor(field, context, parent)
