"""What the row of a group says: its value, how many records it has, and its summaries."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Protocol

from resources.texts import _, plural
from runtime.exchange.export.group_names import group_value
from runtime.form import Field, Form
from runtime.store.summaries import summary_called
from runtime.ui.group_rows import GroupRow
from runtime.ui.record_figures import RecordFigures

WAITING = "…"


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
