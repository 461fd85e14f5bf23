"""What aggregates have in common: the numbers among items, their sum and mean, and the extreme of numbers or dates."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from runtime.value.decimals import CONTEXT, ZERO
from runtime.value.error_values import DIVISION_BY_ZERO, ErrorValue, Failure
from runtime.value.types import NUMBER, ValueType


def as_list(argument: object) -> tuple[object, ...]:
    """A list as it is, a single value as a list of one."""
    return argument if isinstance(argument, tuple) else (argument,)


def numbers_of(items: Iterable[object]) -> list[Decimal]:
    """The numbers among `items`; blanks, texts, dates and yes/no are left out, an error raises its `Failure`."""
    found: list[Decimal] = []
    for item in items:
        if isinstance(item, Decimal):
            found.append(item)
        elif isinstance(item, ErrorValue):
            raise Failure(item)
    return found


def total(numbers: Iterable[Decimal]) -> Decimal:
    """The exact sum to 34 digits."""
    add, result = CONTEXT.add, ZERO
    for number in numbers:
        result = add(result, number)
    return result


def mean(numbers: Sequence[Decimal]) -> Decimal:
    """Sum by count; #DIV/0! where there is no number."""
    if not numbers:
        raise Failure(DIVISION_BY_ZERO)
    return CONTEXT.divide(total(numbers), Decimal(len(numbers)))


def extreme(pick: Callable[..., Any], items: Iterable[object]) -> object:
    """The greatest or least number, else date, else date-time; None where there is none (the number 0, as in Excel)."""
    filled = [item for item in items if item is not None]
    numbers = numbers_of(filled)
    if numbers:
        return pick(numbers)
    kinds = {type(item) for item in filled} & {date, datetime}
    return pick(item for item in filled if type(item) in kinds) if len(kinds) == 1 else None


def extreme_type(types: Sequence[ValueType]) -> ValueType:
    """The type of the extreme of arguments of these types: a date or date-time where all are, else a number."""
    items = {each.item if each.item is not None else each for each in types}
    only = items.pop() if len(items) == 1 else NUMBER
    return only if only.temporal else NUMBER
