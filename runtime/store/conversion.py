"""What a stored value becomes when its field gets another type: as much as can be kept, and whether all of it was.

Numbers stay numbers, days and moments turn into each other, options are found by id or label, related records by
title; everything else goes the way of a person who reads the old value aloud and types it into the new field.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from resources.texts import T
from runtime.dates import local_zone
from runtime.errors import Sentence
from runtime.fields import Unreadable
from runtime.form import Field
from runtime.store.rows import to_column


@dataclass(frozen=True, slots=True)
class Converted:
    """One value in its new type.

    Attributes:
        raw: as the new column keeps it; None where nothing could be made of it.
        lost: what is lost by that, in words; None where everything was kept.
    """

    raw: Any
    lost: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Titles:
    """Titles of the records that relations point to, for relations that become texts and texts that become relations.

    Attributes:
        old: record -> title, of the old field's form.
        new: title -> record, of the new field's form; titles that several records share are left out.
    """

    old: Mapping[UUID, str] = field(default_factory=dict)
    new: Mapping[str, UUID] = field(default_factory=dict)


Convert = Callable[[Any], Converted]
"""From the old column's value, never None, to the new one's."""


def converter(was: Field, now: Field, titles: Titles) -> Convert:
    """How values of `was` become values of `now`."""
    become = _becoming(was, now, titles)

    def convert(raw: Any) -> Converted:
        value = was.kind.from_column(raw, was.props)
        try:
            made = become(value)
            if made is None:
                return Converted(None)
            stored = to_column(now, made)
        except Unreadable as unreadable:
            return Converted(None, unreadable.message)
        return Converted(stored, _shortened(was, value, now, made))

    return convert


def _becoming(was: Field, now: Field, titles: Titles) -> Callable[[Any], Any]:
    old, new = was.kind.value_type, now.kind.value_type
    if new == "record":
        return lambda value: _record(text_of(was, value, titles), titles)
    if (old, new) == ("bool", "number"):
        return lambda value: now.kind.from_formula(Decimal(int(value)), now.props)
    if (old, new) == ("number", "bool"):
        return bool
    if (old, new) in _SAME:
        return lambda value: now.kind.from_formula(was.kind.to_formula(value, was.props), now.props)
    if old == new == "choice":
        return lambda value: _option(was, now, value)
    if new == old == "list":
        return lambda value: _offered(was, now, value)
    if new == "list" and old == "choice":
        return lambda value: now.kind.from_formula(_labels(was, now, value), now.props)
    return lambda value: now.kind.parse(text_of(was, value, titles), now.props)


_SAME = {("number", "number"), ("date", "date"), ("date", "datetime"), ("datetime", "datetime"), ("datetime", "date")}
"""Old and new formula types between which the value itself goes over."""


def _option(was: Field, now: Field, value: Any) -> Any:
    """The same option, else the one of the same label."""
    if any(option.id == value for option in now.props.options):
        return value
    return now.kind.parse(was.format(value), now.props)


def _labels(was: Field, now: Field, value: Any) -> tuple[str, ...]:
    """The options by their ids where the new field has them, else by their labels."""
    offered = {option.id for option in now.props.options}
    labels: dict[str, str] = {option.id: option.label for option in was.props.options}
    ids: tuple[str, ...] = value if isinstance(value, tuple) else (value,)
    return tuple(each if each in offered else labels.get(each, each) for each in ids)


def _offered(was: Field, now: Field, value: tuple[str, ...]) -> Any:
    """Of several options those that the new field has too; the others are lost.

    Raises:
        Unreadable: it has none of them.
    """
    offered = {each for option in now.props.options for each in (option.id, option.label.strip().casefold())}
    labels = _labels(was, now, value)
    left = [each for each in labels if each in offered or each.strip().casefold() in offered]
    return now.kind.from_formula(left or labels, now.props)


def _record(text: str, titles: Titles) -> UUID:
    found = titles.new.get(text)
    if found is None:
        raise Unreadable("no_such_record", T("There is no record called “{text}”.", text=text))
    return found


def text_of(field_: Field, value: Any, titles: Titles) -> str:
    """A value as plain text that loses nothing: numbers without grouping and symbols, dates in ISO."""
    if isinstance(value, UUID):
        return titles.old.get(value, str(value))
    if field_.kind.name == "percent":
        return f"{(value * 100).normalize():f}%"
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    return field_.format(value)


def _shortened(was: Field, value: Any, now: Field, made: Any) -> Sentence | None:
    """What rounding or cutting took away, or which options."""
    if isinstance(value, tuple) and isinstance(made, tuple) and len(made) < len(value):
        return T("“{old}” becomes “{new}”.", old=text_of(was, value, Titles()), new=text_of(now, made, Titles()))
    if isinstance(value, (int, Decimal)) and isinstance(made, (int, Decimal)) and value != made:
        return T("“{old}” becomes “{new}”.", old=text_of(was, value, Titles()), new=text_of(now, made, Titles()))
    if isinstance(value, datetime) and isinstance(made, date) and not isinstance(made, datetime):
        midnight = value.astimezone(local_zone()).time()
        return (
            T("The time of “{old}” is lost.", old=was.format(value)) if any((midnight.hour, midnight.minute)) else None
        )
    if isinstance(made, str) and now.kind.value_type == "text":
        return now.kind.check(made, now.props)
    return None
