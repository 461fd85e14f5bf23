"""What the value of a group is called: in the rows of a grid, and in the subtotals of a file."""

from __future__ import annotations

from datetime import date
from typing import Any

from resources.texts import _, language
from runtime.dates import show_date
from runtime.form import Form
from runtime.store.query import Group

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def group_value(form: Form, by: Group, value: Any, today: date | None) -> str:
    """The value of a group as people read it."""
    field = form.by_id.get(by.field)
    if value is None or field is None:
        return _("(Empty)")
    kind = field.kind.value_type
    if kind in {"date", "datetime"}:
        return span_words(str(value), by.unit, today)
    if field.target:
        return str(value)
    if kind == "bool":
        return _("Checked") if value else _("Not checked")
    return " ".join(field.format(value).split("\n"))


def span_words(value: str, unit: str, today: date | None) -> str:
    """A day, week, month, quarter or year, from the key of its group."""
    chinese = language().startswith("zh")
    if unit == "year":
        return f"{int(value)}年" if chinese else str(int(value))
    year, _dash, rest = value.partition("-")
    if unit == "quarter":
        return f"{int(year)}年第{rest[1:]}季度" if chinese else f"{rest} {int(year)}"
    if unit == "month":
        return f"{int(year)}年{int(rest)}月" if chinese else f"{MONTHS[int(rest) - 1]} {int(year)}"
    day = date.fromisoformat(value)
    if unit == "week":
        return _("Week of {day}", day=show_date(day, today or day))
    return show_date(day, today)
