"""Date: a calendar day."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from resources.texts import T, Text
from runtime.dates import local_zone, parse_date, show_date, two_dates, written_out
from runtime.definition.kind import Props
from runtime.errors import Sentence
from runtime.fields import FieldType, Unreadable, all_of, field_types, has_blank


@field_types.register
class DateField(FieldType):
    """A calendar day, the same in every time zone."""

    name, label, group, icon = "date", T("Date"), T("Dates"), "date"
    editor, column, value_type = "day", "text", "date"

    def check(self, value: Any, props: Props) -> Sentence | None:
        return None if isinstance(value, date) and not isinstance(value, datetime) else T("Expected a date.")

    def surely_legal(self, values: Sequence[Any], props: Props) -> bool:
        return all_of(values, date)

    def parse(self, text: str, props: Props) -> Any:
        if not text.strip():
            return None
        today = datetime.now(local_zone()).date()
        day = parse_date(text, today)
        if day is None:
            raise Unreadable("not_a_date", _refusal(text, today))
        return day

    def format(self, value: Any, props: Props) -> str:
        return show_date(value)

    def to_column(self, value: Any, props: Props) -> Any:
        return value.isoformat()

    def to_columns(self, values: Sequence[Any], props: Props) -> list[Any]:
        return super().to_columns(values, props) if has_blank(values) else list(map(date.isoformat, values))

    def from_column(self, raw: Any, props: Props) -> Any:
        return date.fromisoformat(raw)

    def reading(self, props: Props) -> Callable[[Any], Any]:
        return date.fromisoformat

    def to_json(self, value: Any, props: Props) -> Any:
        return value.isoformat()

    def from_json(self, raw: Any, props: Props) -> Any:
        return date.fromisoformat(raw)

    def from_formula(self, value: Any, props: Props) -> Any:
        if isinstance(value, datetime):
            return value.astimezone(local_zone()).date()
        if not isinstance(value, date):
            raise Unreadable("not_a_date", T("The formula does not give a date."))
        return value


def _refusal(text: str, today: date) -> Text:
    """Why a text is no date: it may be two, or it is none."""
    days = two_dates(text, today)
    if days is None:
        return T("“{text}” is not a date. Write it as 2026-03-05.", text=text.strip())
    first, second = (written_out(day, today) for day in days)
    return T(
        "Is “{text}” {first} or {second}? Write it like one of these.", text=text.strip(), first=first, second=second
    )
