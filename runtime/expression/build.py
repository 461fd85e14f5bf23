"""Builds the lazy forms of the typed tree; the `Builder` that special functions are handed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal

from runtime.expression.nodes import Span
from runtime.expression.schema import Reference
from runtime.expression.typed import (
    Attempt,
    Choose,
    Constant,
    Convert,
    Fail,
    Field,
    FirstFilled,
    ForEach,
    Inspect,
    Invoke,
    Junction,
    Match,
    Operation,
    Typed,
    references,
)
from runtime.functions import functions
from runtime.value.error_values import ErrorValue
from runtime.value.types import ANY, BLANK, BOOL, DATETIME, DURATION, NUMBER, TEXT, ValueType, common_type, list_of

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

    def call(self, name: str, operands: Sequence[Typed]) -> Typed:
        """A call of an eager function."""
        called = functions[name]
        return Invoke(called, tuple(operands), called.result_type([operand.type for operand in operands]))


def for_each_item(operands: Sequence[Typed], make: Callable[[Sequence[Typed]], Typed]) -> Typed:
    """A list of what `make` builds of the items of those operands that are lists, the others beside them."""
    items: list[Typed] = []
    sources: dict[str, Typed] = {}
    for index, each in enumerate(operands):
        key = f"item{index}"
        if isinstance(each, Constant) and not each.type.is_list:
            items.append(each)
            continue
        items.append(Field(Reference(key, (key,), (key,), each.type.item or each.type)))
        sources[key] = each
        if isinstance(each, Field):
            sources[f"{key}.title"] = Field(each.reference.title)
    template = make(items)
    keys = tuple(each.key for each in references(template))
    return ForEach(template, keys, tuple(sources[key] for key in keys), list_of(template.type))


def _alike(values: Sequence[Typed]) -> tuple[list[Typed], ValueType]:
    """The values with one type where they have one; dates beside date-times become midnights, times durations."""
    type_ = common_type(*(value.type for value in values))
    return [_as(value, type_) for value in values], type_


def _as(value: Typed, type_: ValueType) -> Typed:
    if value.type == BLANK and isinstance(value, Constant | Fail):
        return replace(value, type=type_)
    if type_ in (DATETIME, DURATION) and value.type != type_:
        return Convert(value, type_)
    return value
