"""Choice: one of the options, as a chip; opens a searchable list."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from resources.texts import _
from runtime.definition.property import Option
from runtime.form import Field
from runtime.ui.editors import Editor, EditorContext, EditorKind, editor_kinds
from runtime.ui.kit.picker import Pick, PickField, PickList, answers


@dataclass(frozen=True, slots=True)
class NewOption:
    """What was typed in a choice and is none of its options: to be one, as part of the step that writes the record."""

    label: str


class ChoiceEditor(Editor):
    """A field with a chip in it; a retired option is shown where a record has it, and offered to nobody.

    Signals:
        option_wanted(str): in a grid a person who may do so wants what was typed as one more option, and as the value.
    """

    option_wanted = Signal(str)

    def __init__(self, field: Field, context: EditorContext, parent: QWidget | None = None) -> None:
        super().__init__(field, context, parent)
        self.button = PickField(_("Choose …"))
        self.hold(self.button)
        self.button.opened.connect(self.unfold)
        self.list: PickList | None = None

    def control(self) -> QWidget:
        """The field; before it exists, the editor itself."""
        return getattr(self, "button", self)

    def refresh(self) -> None:
        """Show the option."""
        options: tuple[Option, ...] = self.field.props.options or ()
        option = next((option for option in options if option.id == self._value), None)
        if option is not None:
            self.button.show_pick(Pick(option.id, option.label, option.color))
        elif isinstance(self._value, NewOption):
            self.button.show_pick(Pick(self._value, self._value.label))
        else:
            self.button.show_pick(Pick(self._value, "?") if self._value is not None else None)
        self.problem("")

    def begin(self, text: str | None = None) -> None:
        """Take the keyboard and open the list."""
        self.button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.unfold(text or "")

    def unfold(self, text: str = "") -> None:
        """Open the list with `text` in its search field."""
        opened = PickList(self.button, clearable=not self.field.props.required)
        opened.asked.connect(self._search)
        opened.picked.connect(self._picked)
        opened.closed.connect(self._closed)
        opened.unmatched.connect(self._unmatched)
        self.list = opened
        opened.ask(text)

    def _search(self, text: str) -> None:
        if self.list is not None:
            options: tuple[Option, ...] = self.field.props.options or ()
            found = [o for o in options if not o.retired and answers(o.label, text)]
            picks = [Pick(o.id, o.label, o.color) for o in found]
            self.list.show_picks([*picks, *self._new(text.strip(), options)], self._value)

    def _unmatched(self, text: str) -> None:
        if self.list is not None:
            self.list.say_wrong(_("“{text}” is not one of the options.", text=text))

    def _new(self, label: str, options: Sequence[Option]) -> list[Pick]:
        """The offer to make an option of what was typed."""
        known = {option.label.strip().casefold() for option in options}
        if not (self.inline and self.context.designs) or not label or label.casefold() in known:
            return []
        return [Pick(NewOption(label), _("Add “{text}” to the options", text=label), apart=True)]

    def _picked(self, value: str | NewOption | None) -> None:
        if isinstance(value, NewOption):
            self.option_wanted.emit(value.label)
            return
        changed = value != self._value
        self.set_value(value)
        if changed:
            self.edited.emit()
        self.button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.committed.emit()

    def _closed(self) -> None:
        if self.list is not None:
            given_up, self.entered = self.list.given_up, self.list.entered
            self.list.deleteLater()
            self.list = None
            if given_up and self.inline:
                self.button.setFocus(Qt.FocusReason.OtherFocusReason)
                self.cancelled.emit()


@editor_kinds.register
class ChoiceKind(EditorKind):
    """For single choices."""

    name = "choice"

    def make(self, field: Field, context: EditorContext, parent: QWidget | None = None) -> Editor:
        """A field with a list."""
        return ChoiceEditor(field, context, parent)
