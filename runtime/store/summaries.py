"""Summaries of a column over many records (sum, average, filled ...): what a field has, and how its figure is found.

SQL returns whole numbers that can be added up over groups (`parts`); Python makes the figure of them (`finish`).
Summaries that cannot be added up, such as the median, are asked of every group by a statement of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import sqlalchemy as sa

from resources.texts import T, Text
from runtime.form import Field
from runtime.numbers import from_scaled
from runtime.value.decimals import CONTEXT

BILLION = 10**9
"""Sums are taken of a column in two parts, so that no sum of 64-bit numbers runs over."""

Combine = Literal["add", "least", "most"]
Column = sa.ColumnElement[Any]
States = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Summary:
    """One summary.

    Attributes:
        name: unique; kept in views.
        label: what people choose.
        kinds: formula types of the fields that have it; empty = all.
        parts: SQL aggregates of a column.
        combine: how each part of two groups becomes the part of both.
        finish: the figure from the parts: an int for counts, a Decimal for shares, else a value of the field.
        counts: whether the figure is a count of records.
        share: whether it is a share of the records, 0 to 1.
        alone: "" or what only a statement of its own finds: `unique` or `median`.
    """

    name: str
    label: Text
    kinds: frozenset[str]
    parts: Callable[[Column], list[Column]]
    combine: tuple[Combine, ...]
    finish: Callable[[Field, States], Any]
    counts: bool = False
    share: bool = False
    alone: str = ""

    def fits(self, field: Field) -> bool:
        """Whether the field has this summary."""
        return field.known and (not self.kinds or field.kind.value_type in self.kinds)

    def joined(self, one: States, other: States) -> list[Any]:
        """The parts of two groups as the parts of both."""
        return [_JOIN[how](a, b) for how, a, b in zip(self.combine, one, other, strict=True)]

    def words(self, field: Field, value: Any) -> str:
        """A figure as people read it; "" where there is none."""
        if value is None:
            return ""
        if self.counts:
            return f"{value:,}"
        if self.share:
            return f"{CONTEXT.multiply(value, Decimal(100)).quantize(Decimal('0.1')):f}%"
        if isinstance(value, Decimal) and field.kind.name == "integer":
            return f"{CONTEXT.plus(round(value, 2)):,f}" if value != value.to_integral_value() else f"{int(value):,}"
        return field.format(value)


def _add(one: Any, other: Any) -> Any:
    return (one or 0) + (other or 0)


def _least(one: Any, other: Any) -> Any:
    return one if other is None else other if one is None else min(one, other)


def _most(one: Any, other: Any) -> Any:
    return one if other is None else other if one is None else max(one, other)


_JOIN: dict[Combine, Callable[[Any, Any], Any]] = {"add": _add, "least": _least, "most": _most}

_ROWS = sa.func.count()


def _sums(column: Column) -> list[Column]:
    """Sum of the billions and sum of the rest, and how many values there are."""
    whole: Column = sa.literal_column(str(BILLION), sa.Integer)
    return [sa.func.sum(column // whole), sa.func.sum(column % whole), sa.func.count(column)]


def _total(states: States) -> int:
    return int(states[0] or 0) * BILLION + int(states[1] or 0)


def _sum(field: Field, states: States) -> Any:
    return _number(field, _total(states)) if states[2] else None


def _average(field: Field, states: States) -> Any:
    """The mean as the formula AVERAGE finds it: sum by count in 34 digits."""
    if not states[2]:
        return None
    total = from_scaled(_total(states), field.kind.scale(field.props))
    return CONTEXT.divide(CONTEXT.plus(total), Decimal(int(states[2])))


def _number(field: Field, raw: int) -> Any:
    scale = field.kind.scale(field.props)
    return from_scaled(raw, scale) if field.kind.name != "integer" else raw


def _value(field: Field, states: States) -> Any:
    return None if states[0] is None else field.kind.from_column(states[0], field.props)


def _middle(field: Field, states: States) -> Any:
    """The mean of the two middle values, which are one where the count is odd."""
    if states[0] is None:
        return None
    scale = field.kind.scale(field.props)
    low, high = from_scaled(int(states[0]), scale), from_scaled(int(states[1]), scale)
    return low if low == high else CONTEXT.divide(CONTEXT.add(low, high), Decimal(2))


def _first(field: Field, states: States) -> Any:
    return int(states[0] or 0)


def _missing(field: Field, states: States) -> Any:
    return int(states[0]) - int(states[1])


def _share(field: Field, states: States) -> Any:
    return CONTEXT.divide(Decimal(int(states[1] or 0)), Decimal(int(states[0]))) if states[0] else None


def _unchecked(field: Field, states: States) -> Any:
    return int(states[0]) - int(states[1] or 0)


_ANY: frozenset[str] = frozenset()
_NUMBER, _DATES, _BOOL = frozenset({"number"}), frozenset({"date", "datetime"}), frozenset({"bool"})
_NOT_BOOL = frozenset({"text", "number", "date", "datetime", "choice", "record"})

ALL: tuple[Summary, ...] = (
    Summary("sum", T("Sum"), _NUMBER, _sums, ("add", "add", "add"), _sum),
    Summary("average", T("Average"), _NUMBER, _sums, ("add", "add", "add"), _average),
    Summary("median", T("Median"), _NUMBER, lambda column: [], (), _middle, alone="median"),
    Summary("min", T("Smallest"), _NUMBER, lambda column: [sa.func.min(column)], ("least",), _value),
    Summary("max", T("Largest"), _NUMBER, lambda column: [sa.func.max(column)], ("most",), _value),
    Summary("earliest", T("Earliest"), _DATES, lambda column: [sa.func.min(column)], ("least",), _value),
    Summary("latest", T("Latest"), _DATES, lambda column: [sa.func.max(column)], ("most",), _value),
    Summary("checked", T("Checked"), _BOOL, lambda column: [sa.func.sum(column)], ("add",), _first, counts=True),
    Summary(
        "unchecked",
        T("Not checked"),
        _BOOL,
        lambda column: [_ROWS, sa.func.sum(column)],
        ("add", "add"),
        _unchecked,
        counts=True,
    ),
    Summary(
        "percent_checked",
        T("Percent checked"),
        _BOOL,
        lambda column: [_ROWS, sa.func.sum(column)],
        ("add", "add"),
        _share,
        share=True,
    ),
    Summary("filled", T("Filled"), _NOT_BOOL, lambda column: [sa.func.count(column)], ("add",), _first, counts=True),
    Summary(
        "empty",
        T("Empty"),
        _NOT_BOOL,
        lambda column: [_ROWS, sa.func.count(column)],
        ("add", "add"),
        _missing,
        counts=True,
    ),
    Summary(
        "percent_filled",
        T("Percent filled"),
        _NOT_BOOL,
        lambda column: [_ROWS, sa.func.count(column)],
        ("add", "add"),
        _share,
        share=True,
    ),
    Summary("unique", T("Different values"), _NOT_BOOL, lambda column: [], (), _first, counts=True, alone="unique"),
)
"""Every summary, in the order that menus offer them."""

BY_NAME = {summary.name: summary for summary in ALL}


def summaries_of(field: Field) -> list[Summary]:
    """The summaries that a field has."""
    return [summary for summary in ALL if summary.fits(field)]


def summary_called(field: Field, name: str) -> Summary | None:
    """The summary of this name, where the field has it."""
    found = BY_NAME.get(name)
    return found if found is not None and found.fits(field) else None
