"""What the row of a group says: its value, how many records it has, and its summaries."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Protocol

from resources.texts import _, language, plural
from runtime.dates import show_date
from runtime.form import Field, Form
from runtime.store.query import Group
from runtime.store.summaries import summary_called
from runtime.ui.group_rows import GroupRow
from runtime.ui.record_figures import RecordFigures

WAITING = "…"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Summed(Protocol):
    """What is asked of a `RecordModel` here."""

    form: Form
    fields: list[Field]
    figures: RecordFigures

    @property
    def footers(self) -> Mapping[str, str]:
        """Field -> name of its summary."""
        ...

    @property
    def today(self) -> date | None:
        """The day that dates are written for."""
        ...

    def words(self, field: Field, value: Any) -> str:
        """A value as people say it."""
        ...


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


def figure_words(model: Summed, field: Field, path: tuple[Any, ...]) -> tuple[str, str]:
    """(label, figure) of the summary that a column has, of a group or of all records (); ("", "") where it has none."""
    name = model.footers.get(field.id, "")
    summary = summary_called(field, name) if name else None
    if summary is None:
        return "", ""
    known, value = model.figures.get(field.id, path)
    if not known:
        return str(summary.label), WAITING
    return str(summary.label), model.words(field, value) if isinstance(value, date) else summary.words(field, value)


def group_sentence(model: Summed, group: GroupRow, column: int) -> str:
    """A cell in the row of a group, for data and screen readers: its summary, in the first column after the group."""
    figure = " ".join(part for part in figure_words(model, model.fields[column], group.path) if part)
    if column:
        return figure
    field = model.form.by_id.get(group.by.field)
    name = field.name if field is not None else ""
    value = group_value(model.form, group.by, group.path[-1], model.today)
    count = plural("{n} record", "{n} records", group.count)
    state = _("folded") if group.folded else _("open")
    said = _("{field}: {value}, {count}, {state}", field=name, value=value, count=count, state=state)
    return f"{said}; {figure}" if figure else said


def all_words(model: Summed, fields: Mapping[str, Field]) -> str:
    """Every summary of all records in one sentence, for screen readers."""
    parts = []
    for field_id in model.footers:
        if field_id in fields:
            label, figure = figure_words(model, fields[field_id], ())
            if label:
                parts.append(f"{fields[field_id].name} {label} {figure}")
    return "; ".join(parts)
