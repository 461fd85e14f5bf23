"""Filters as JSON, for saved views: dates as ISO 8601, decimals and record ids as texts, relative days as such.

What this program cannot read is kept as it was told and filters nothing: a field that is gone may come back, an
operator may be one of a newer program.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from runtime.filters import (
    AS_TEXT,
    DEEPEST,
    LENGTHS,
    MOST,
    MOST_VALUES,
    OF_MANY,
    Condition,
    Filter,
    Operator,
    Other,
    Unread,
    others,
)
from runtime.filters import operators_of as operators_for
from runtime.form import Field, Form
from runtime.spans import COUNTED, Period, Span
from runtime.spans import MOST as MOST_COUNTED

LONGEST_TEXT = 1_000_000
"""Most characters that the length of a text can be compared with."""
LONGEST = 2_000
"""Characters of a text of a condition."""


def as_json(filter: Filter) -> dict[str, Any]:
    """The filter as JSON values."""
    return {"any": filter.any, "of": [_part_as_json(part) for part in filter.conditions]}


def from_json(form: Form, told: object) -> Filter:
    """The filter that `as_json` wrote; an empty one where `told` is none.

    Groups that are too deep and conditions that are too many are left out.
    """
    return _filter(form, told, 1, iter(range(MOST)))


def _filter(form: Form, told: object, level: int, room: Iterator[int]) -> Filter:
    if not isinstance(told, Mapping) or not isinstance(told.get("of"), list):
        return Filter()
    parts: list[Condition | Filter | Unread] = []
    for part in told["of"][:MOST]:
        if not isinstance(part, Mapping):
            continue
        if "of" in part:
            if level < DEEPEST:
                parts.append(_filter(form, part, level + 1, room))
        elif next(room, None) is not None:
            parts.append(_condition(form, part) or Unread(json.dumps(part, ensure_ascii=False, sort_keys=True)))
    return Filter(tuple(parts), told.get("any") is True)


def _part_as_json(part: Condition | Filter | Unread) -> dict[str, Any]:
    if isinstance(part, Filter):
        return as_json(part)
    if isinstance(part, Unread):
        told: dict[str, Any] = json.loads(part.told)
        return told
    made: dict[str, Any] = {"field": part.field, "is": part.operator.value}
    if part.value is not None:
        made["value"] = _value_as_json(part.value)
    if part.upper is not None:
        made["upper"] = _value_as_json(part.upper)
    return made


def _value_as_json(value: Any) -> Any:
    match value:
        case tuple():
            return [_value_as_json(each) for each in value]
        case Span():
            counted = {"count": value.count} if value.period in COUNTED else {}
            return {"span": value.period.value, **counted}
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case Decimal():
            return f"{value:f}"
        case UUID():
            return {"record": str(value)}
        case Other():
            return {"field": value.field}
    return value


def _condition(form: Form, told: Mapping[str, Any]) -> Condition | None:
    """The condition, or None where its field is gone, or it says what is not understood."""
    field = form.by_id.get(told.get("field", ""))
    try:
        operator = Operator(told.get("is", ""))
        if field is None or operator not in operators_for(field) or set(told) - {"field", "is", "value", "upper"}:
            return None
        read = [_value(form, field, operator, told[key]) if key in told else None for key in ("value", "upper")]
    except (ValueError, TypeError, InvalidOperation, OverflowError):
        return None
    return Condition(field.id, operator, *read)


def _value(form: Form, field: Field, operator: Operator, told: Any) -> Any:
    """The typed value.

    Raises:
        ValueError: it is none of this field; so do TypeError, InvalidOperation and OverflowError.
    """
    if operator in OF_MANY:
        if not isinstance(told, list) or len(told) > MOST_VALUES:
            raise ValueError("a list is needed")
        return tuple(_single(field, each) for each in told)
    if isinstance(told, Mapping) and "field" in told:
        if set(told) != {"field"} or told["field"] not in {each.id for each in others(form, field, operator)}:
            raise ValueError("a field is needed that can be compared")
        return Other(told["field"])
    if operator in LENGTHS:
        return _length(told)
    return _text(told) if operator in AS_TEXT else _single(field, told)


def _single(field: Field, told: Any) -> Any:
    kind = field.kind.value_type
    if kind == "number":
        return _whole(told) if field.kind.name == "integer" else _number(told)
    if kind in {"date", "datetime"}:
        if isinstance(told, Mapping):
            return _span(told)
        return date.fromisoformat(_text(told)) if kind == "date" else _moment(told)
    if kind == "record" and isinstance(told, Mapping):
        return UUID(_text(told["record"]) if set(told) == {"record"} else "")
    return _text(told)


def _text(told: Any) -> str:
    if isinstance(told, str) and len(told) <= LONGEST:
        return told
    raise ValueError("a text is needed")


def _whole(told: Any) -> int:
    if isinstance(told, int) and not isinstance(told, bool):
        return told
    raise ValueError("a whole number is needed")


def _length(told: Any) -> int:
    length = _whole(told)
    if not 0 <= length <= LONGEST_TEXT:
        raise ValueError("a number of characters is needed")
    return length


def _number(told: Any) -> Decimal:
    number = Decimal(_text(told))
    if not number.is_finite() or abs(number.adjusted()) > LONGEST:
        raise ValueError("a number is needed")
    return number


def _moment(told: Any) -> datetime:
    moment = datetime.fromisoformat(_text(told))
    if moment.tzinfo is None:
        raise ValueError("a time zone is needed")
    return moment.astimezone(UTC)


def _span(told: Mapping[str, Any]) -> Span:
    period = Period(told.get("span", ""))
    count = _whole(told.get("count")) if period in COUNTED else 1
    if set(told) - {"span", "count"} or not 1 <= count <= MOST_COUNTED:
        raise ValueError("a span is needed")
    return Span(period, count)
