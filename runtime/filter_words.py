"""A filter as a sentence that people read: "Amount > 100 and (Level is 高 or Date is this month)"."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import reduce
from typing import Any
from uuid import UUID

from resources.texts import TN, T, _
from runtime.dates import local_zone, show_date
from runtime.filters import (
    AS_TEXT,
    LENGTHS,
    WITHOUT_VALUE,
    Condition,
    Filter,
    Operator,
    Other,
    operator_words,
    operators_of,
    others,
)
from runtime.form import Field, Form
from runtime.spans import Span

MOST_NAMED = 3
"""Values of "is any of" that are named; the others are counted."""


def sentence(form: Form, filter: Filter, titles: Mapping[UUID, str]) -> str:
    """What a filter asks, in the current language; "" where it asks nothing.

    Args:
        titles: record id -> title, of relations; ids that are not in it read "…".
    """
    parts = []
    for part in filter.trimmed.conditions:
        if isinstance(part, Filter):
            inner = sentence(form, part, titles)
            parts.append(_("({group})", group=inner) if len(part.conditions) > 1 else inner)
        elif isinstance(part, Condition):
            field = form.by_id.get(part.field)
            if field is not None and part.operator in operators_of(field):
                parts += condition_words(form, field, part, titles)
    return reduce(_either if filter.any else _both, [part for part in parts if part] or [""])


def _both(one: str, other: str) -> str:
    return _("{one} and {other}", one=one, other=other)


def _either(one: str, other: str) -> str:
    return _("{one} or {other}", one=one, other=other)


def _listed(one: str, other: str) -> str:
    return _("{one}, {other}", one=one, other=other)


def condition_words(form: Form, field: Field, condition: Condition, titles: Mapping[UUID, str]) -> list[str]:
    """One condition in words; [] where it does not filter, since the other field is gone."""
    if isinstance(condition.value, Other):
        other = form.by_id.get(condition.value.field)
        if other not in others(form, field, condition.operator):
            return []
        said = str(operator_words(field, condition.operator))
        return [str(T("{field} {operator} {value}", field=field.name, operator=said, value=other.name))]
    return [_said(field, condition, titles)]


def _said(field: Field, condition: Condition, titles: Mapping[UUID, str]) -> str:
    said = {"field": field.name, "operator": str(operator_words(field, condition.operator))}
    if condition.operator in WITHOUT_VALUE:
        return str(T("{field} {operator}", **said))
    value = value_words(field, condition.operator, condition.value, titles)
    if condition.operator is Operator.BETWEEN:
        upper = value_words(field, condition.operator, condition.upper, titles)
        return str(T("{field} {operator} {value} and {upper}", **said, value=value, upper=upper))
    return str(T("{field} {operator} {value}", **said, value=value))


def value_words(field: Field, operator: Operator, value: Any, titles: Mapping[UUID, str]) -> str:
    """A value of a condition in words."""
    if isinstance(value, tuple):
        named = [value_words(field, Operator.IS, each, titles) for each in value[:MOST_NAMED]]
        if len(value) > MOST_NAMED:
            named.append(_("{n} more", n=len(value) - MOST_NAMED))
        return reduce(_listed, named)
    if isinstance(value, Span):
        return str(value.words)
    if isinstance(value, UUID):
        return titles.get(value) or "…"
    if operator in LENGTHS:
        return str(TN("{n} character", "{n} characters", value))
    if operator in AS_TEXT or field.kind.value_type in {"text", "record"}:
        return _("“{text}”", text=value)
    if isinstance(value, datetime):
        return show_date(value.astimezone(local_zone()).date())
    return field.format((value,) if field.kind.value_type == "list" else value)
