"""Date and time: a moment."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from resources.texts import T
from runtime.dates import (
    from_micros,
    has_day_to_spare,
    local_zone,
    parse_moment,
    show_moment,
    to_micros,
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
        moment = parse_moment(text, zone, datetime.now(zone).date())
        if moment is None:
            raise Unreadable(
                "not_a_moment",
                T(
                    "“{text}” is not a date and time. Write it as 2026-03-05 14:30.",
                    text=text.strip(),
                ),
            )
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
