"""Date and time: a moment."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, tzinfo
from typing import Any

from resources.texts import T, Text
from runtime.dates import (
    from_micros,
    has_day_to_spare,
    local_zone,
    parse_moment,
    show_moment,
    to_micros,
    two_moments,
    written_out,
)
from runtime.definition.kind import Props
from runtime.errors import Sentence
from runtime.fields import FieldType, Unreadable, all_of, field_types


@field_types.register
class DateTimeField(FieldType):
    """A moment: kept in UTC, shown in the time zone of the machine."""

    name, label, group, icon = "date_time", T("Date and time"), T("Dates"), "date_time"
    editor, column, value_type = "moment", "integer", "datetime"

    def check(self, value: Any, props: Props) -> Sentence | None:
        if not isinstance(value, datetime) or value.tzinfo is None:
            return T("Expected a date and a time.")
        return None if has_day_to_spare(value) else T("This moment is outside the calendar.")

    def surely_legal(self, values: Sequence[Any], props: Props) -> bool:
        if not values or not all_of(values, datetime) or any(value.tzinfo is not UTC for value in values):
            return not values
        return has_day_to_spare(min(values)) and has_day_to_spare(max(values))

    def parse(self, text: str, props: Props) -> Any:
        if not text.strip():
            return None
        zone = local_zone()
        today = datetime.now(zone).date()
        moment = parse_moment(text, zone, today)
        if moment is None:
            raise Unreadable("not_a_moment", _refusal(text, zone, today))
        return moment

    def format(self, value: Any, props: Props) -> str:
        return show_moment(value, local_zone())

    def to_column(self, value: Any, props: Props) -> Any:
        return to_micros(value)

    def from_column(self, raw: Any, props: Props) -> Any:
        return from_micros(raw)

    def reading(self, props: Props) -> Callable[[Any], Any]:
        return from_micros

    def to_json(self, value: Any, props: Props) -> Any:
        return to_micros(value)

    def from_json(self, raw: Any, props: Props) -> Any:
        return from_micros(raw)

    def from_formula(self, value: Any, props: Props) -> Any:
        if isinstance(value, date):
            if not isinstance(value, datetime):
                value = datetime(value.year, value.month, value.day, tzinfo=local_zone())
            if has_day_to_spare(value):
                return value
        raise Unreadable("not_a_moment", T("The formula does not give a date and a time."))


def _refusal(text: str, zone: tzinfo, today: date) -> Text:
    """Why a text is no moment: its day may be two, or it is none."""
    moments = two_moments(text, zone, today)
    if moments is None:
        return T("“{text}” is not a date and time. Write it as 2026-03-05 14:30.", text=text.strip())
    first, second = (written_out(moment.astimezone(zone).date(), today) for moment in moments)
    return T(
        "Is the day in “{text}” {first} or {second}? Write it like one of these.",
        text=text.strip(), first=first, second=second,
    )  # fmt: skip
