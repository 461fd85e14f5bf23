"""Day: a date typed as people write it (2024-3-5, 3月5日, 今天), or picked from a calendar."""

from datetime import date, datetime

from PySide6.QtWidgets import QWidget

from resources.texts import _
from runtime.dates import local_zone
from runtime.form import Field
from runtime.ui.editors import Editor, EditorContext, EditorKind, TypedEditor, editor_kinds
from runtime.ui.kit.calendar import Calendar


class DayEditor(TypedEditor):
    """A line with a calendar behind its icon (F4, Alt+Down)."""

    def __init__(self, field: Field, context: EditorContext, parent: QWidget | None = None) -> None:
        super().__init__(field, context, parent)
        self.line.setPlaceholderText(_("yyyy-mm-dd"))
        self.unfolds("calendar", _("Open the calendar"))

    def unfold(self) -> Calendar:
        """Show the calendar under the line."""
        calendar = Calendar(self, datetime.now(local_zone()).date(), self._value)
        calendar.picked.connect(self._picked)
        calendar.open(calendar.month)
        return calendar

    def _picked(self, day: date | None) -> None:
        self.take(day)


@editor_kinds.register
class DayKind(EditorKind):
    """For dates."""

    name = "day"

    def make(self, field: Field, context: EditorContext, parent: QWidget | None = None) -> Editor:
        """A line with a calendar."""
        return DayEditor(field, context, parent)
