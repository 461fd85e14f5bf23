"""Builds the lazy forms of the typed tree; the `Builder` that special functions are handed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal

from runtime.expression.nodes import Span
from runtime.expression.typed import (
    Attempt,
    Choose,
    Constant,
    Convert,
    Fail,
    FirstFilled,
    Inspect,
    Junction,
    Match,
    Operation,
    Typed,
)
from runtime.value.error_values import ErrorValue
from runtime.value.types import ANY, BLANK, BOOL, DATETIME, NUMBER, TEXT, ValueType, common_type

_CONSTANT_TYPES: dict[type, ValueType] = {bool: BOOL, Decimal: NUMBER, str: TEXT, type(None): BLANK}

Comparer = Callable[[Typed, Typed, Span], tuple[Typed, Typed, ValueType]]
"""Brings two operands of a comparison to one type."""


def constant(value: object) -> Constant:
    """A constant of a Python value: number, text, yes/no or blank."""
    return Constant(value, _CONSTANT_TYPES[type(value)])


class Build:
    """A `runtime.functions.Builder` of typed nodes for one call.

    Args:
        compare: brings subject and key of a match to one type.
        span: place of the call, for problems.
    """

    def __init__(self, compare: Comparer, span: Span) -> None:
        self._compare = compare
        self._span = span

    def constant(self, value: object) -> Typed:
        """A constant value."""
        return constant(value)

    def error(self, error: ErrorValue) -> Typed:
        """Always `error`."""
        return Fail(error, BLANK)

    def choose(self, cases: Sequence[tuple[Typed, Typed]], otherwise: Typed) -> Typed:
        """The first true case."""
        values, type_ = _alike([value for _, value in cases] + [otherwise])
        conditions = [condition for condition, _ in cases]
        return Choose(tuple(zip(conditions, values[:-1], strict=True)), values[-1], type_)

    def match(self, subject: Typed, cases: Sequence[tuple[Typed, Typed]], otherwise: Typed) -> Typed:
        """The first equal case."""
        values, type_ = _alike([value for _, value in cases] + [otherwise])
        fitted = [self._compare(subject, key, self._span) for key, _ in cases]
        subjects = {pair[0] for pair in fitted}
        if len(subjects) == 1:
            compared, keys, subject = fitted[0][2], [pair[1] for pair in fitted], fitted[0][0]
        else:
            compared, keys = ANY, [key for key, _ in cases]
        return Match(subject, tuple(zip(keys, values[:-1], strict=True)), values[-1], compared, type_)

    def attempt(self, body: Typed, fallback: Typed, caught: Sequence[ErrorValue]) -> Typed:
        """`body` or `fallback`."""
        (first, second), type_ = _alike([body, fallback])
        return Attempt(first, second, tuple(caught), type_)

    def every(self, operands: Sequence[Typed]) -> Typed:
        """AND."""
        return Junction(True, tuple(operands))

    def some(self, operands: Sequence[Typed]) -> Typed:
        """OR."""
        return Junction(False, tuple(operands))

    def first_filled(self, operands: Sequence[Typed]) -> Typed:
        """COALESCE."""
        values, type_ = _alike(operands)
        return FirstFilled(tuple(values), type_)

    def inspect(self, question: str, operand: Typed) -> Typed:
        """ISBLANK, ISERROR and the like."""
        return Inspect(question, operand)

    def negated(self, operand: Typed) -> Typed:
        """NOT."""
        return Operation("not", (operand,), BOOL)


def _alike(values: Sequence[Typed]) -> tuple[list[Typed], ValueType]:
    """The values with one type where they have one; a date beside date-times becomes its midnight."""
    type_ = common_type(*(value.type for value in values))
    return [_as(value, type_) for value in values], type_


def _as(value: Typed, type_: ValueType) -> Typed:
    if value.type == BLANK and isinstance(value, Constant | Fail):
        return replace(value, type=type_)
    if type_ == DATETIME and value.type != DATETIME:
        return Convert(value, type_)
    return value
