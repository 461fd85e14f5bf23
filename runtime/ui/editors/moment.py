"""Moment: a date and a time of day in the machine's time zone, typed or picked."""

from datetime import UTC, date, datetime, time

from PySide6.QtWidgets import QWidget

from resources.texts import _
from runtime.dates import local_zone
from runtime.form import Field
from runtime.ui.editors import Editor, EditorContext, EditorKind, TypedEditor, editor_kinds
from runtime.ui.kit.calendar import Calendar


class MomentEditor(TypedEditor):
    """A line with a calendar and a clock behind its icon (F4, Alt+Down)."""

    def __init__(self, field: Field, context: EditorContext, parent: QWidget | None = None) -> None:
        super().__init__(field, context, parent)
        self.line.setPlaceholderText(_("yyyy-mm-dd hh:mm"))
        self.unfolds("calendar", _("Open the calendar"))

    def unfold(self) -> Calendar:
        """Show the calendar and the clock under the line."""
        now = datetime.now(local_zone())
        local = self._value.astimezone(local_zone()) if self._value is not None else None
        clock = local.time() if local is not None else now.time().replace(minute=0, second=0, microsecond=0)
        calendar = Calendar(self, now.date(), local.date() if local is not None else None, clock)
        calendar.picked.connect(self._picked)
        calendar.open(calendar.month)
        return calendar

    def _picked(self, day: date | None, clock: time) -> None:
        self.take(None if day is None else datetime.combine(day, clock, local_zone()).astimezone(UTC))


@editor_kinds.register
class MomentKind(EditorKind):
    """For dates with a time."""

    name = "moment"

    def make(self, field: Field, context: EditorContext, parent: QWidget | None = None) -> Editor:
        """A line with a calendar and a clock."""
        return MomentEditor(field, context, parent)
