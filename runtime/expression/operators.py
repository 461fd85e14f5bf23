"""What the operators do to values: one implementation for generated Python and for the functions SQLite calls.

Arithmetic takes numbers that are not blank; comparisons take two values of one type; dates stay blank where blank.
All raise `Failure` where there is no result, and the exceptions of `decimals.TROUBLE` (#NUM!).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from runtime.value.conversions import LONGEST_TEXT, fold, is_blank
from runtime.value.decimals import CONTEXT, HUNDRED
from runtime.value.error_values import DIVISION_BY_ZERO, OUT_OF_RANGE, WRONG_VALUE, ErrorValue, Failure
from runtime.value.moments import days_between, shift_days, shift_moment
from runtime.value.types import Kind, ValueType

_FAR = 10**7


def divide(dividend: Decimal, divisor: Decimal) -> Decimal:
    """#DIV/0! by zero, also 0/0."""
    if not divisor:
        raise Failure(DIVISION_BY_ZERO)
    return CONTEXT.divide(dividend, divisor)


def power(base: Decimal, exponent: Decimal) -> Decimal:
    """#NUM! for 0^0 and roots of negative numbers, #DIV/0! for 0^-1, as Excel."""
    if not base:
        if exponent <= 0:
            raise Failure(DIVISION_BY_ZERO if exponent else OUT_OF_RANGE)
        return base
    return CONTEXT.power(base, exponent)


def percent(number: Decimal) -> Decimal:
    """A hundredth."""
    return CONTEXT.divide(number, HUNDRED)


def join(left: str, right: str) -> str:
    """Both texts; #VALUE! where that is longer than a text may be."""
    if len(left) + len(right) > LONGEST_TEXT:
        raise Failure(WRONG_VALUE)
    return left + right


def later_date(day: date | None, days: Decimal) -> date | None:
    """The date so many whole days later."""
    if day is None:
        return None
    if abs(days) > _FAR:
        raise Failure(OUT_OF_RANGE)
    return shift_days(day, int(days.to_integral_value(ROUND_FLOOR)))


def earlier_date(day: date | None, days: Decimal) -> date | None:
    """The date so many whole days earlier."""
    return later_date(day, -days)


def later_moment(moment: datetime | None, days: Decimal) -> datetime | None:
    """The moment so many days of 24 hours later."""
    if moment is None:
        return None
    if abs(days) > _FAR:
        raise Failure(OUT_OF_RANGE)
    return shift_moment(moment, days)


def earlier_moment(moment: datetime | None, days: Decimal) -> datetime | None:
    """The moment so many days of 24 hours earlier."""
    return later_moment(moment, -days)


def dates_apart(end: date | None, start: date | None) -> Decimal | None:
    """Days from `start` to `end`."""
    return None if end is None or start is None else Decimal((end - start).days)


def moments_apart(end: datetime | None, start: datetime | None) -> Decimal | None:
    """Days of 24 hours from `start` to `end`, with fraction."""
    return None if end is None or start is None else days_between(start, end)


OPERATORS: dict[str, Callable[..., Any]] = {
    "add": CONTEXT.add,
    "subtract": CONTEXT.subtract,
    "multiply": CONTEXT.multiply,
    "divide": divide,
    "power": power,
    "negate": CONTEXT.minus,
    "percent": percent,
    "join": join,
    "not": lambda value: not value,
    "vacant": is_blank,
    "later_date": later_date,
    "earlier_date": earlier_date,
    "later_moment": later_moment,
    "earlier_moment": earlier_moment,
    "dates_apart": dates_apart,
    "moments_apart": moments_apart,
}
"""Name of an `Operation` -> implementation, comparisons aside."""

QUESTIONS: dict[str, Callable[[Any], bool]] = {
    "blank": is_blank,
    "number": lambda value: isinstance(value, Decimal),
    "text": lambda value: isinstance(value, str),
    "error": lambda value: isinstance(value, ErrorValue),
}
"""What can be asked about any value, errors included."""

COMPARISONS = ("equal", "differs", "less", "at_most", "greater", "at_least")

MIRRORED = {
    "equal": "equal",
    "differs": "differs",
    "less": "greater",
    "at_most": "at_least",
    "greater": "less",
    "at_least": "at_most",
}
"""The comparison that holds when both sides change places."""

_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "equal": lambda left, right: left == right,
    "differs": lambda left, right: left != right,
    "less": lambda left, right: left < right,
    "at_most": lambda left, right: left <= right,
    "greater": lambda left, right: left > right,
    "at_least": lambda left, right: left >= right,
}
_ORDERING = frozenset(COMPARISONS) - {"equal", "differs"}


def _rank(value: object) -> tuple[int, Any]:
    """Excel's order of mixed values: numbers, dates, texts, yes/no, records; lists and blanks are handled before."""
    if isinstance(value, bool):
        return 3, value
    if isinstance(value, Decimal):
        return 0, value
    if isinstance(value, str):
        return 2, fold(value)
    if isinstance(value, datetime):
        return 1, (1, value)
    if isinstance(value, date):
        return 1, (0, value)
    if isinstance(value, tuple):
        raise Failure(WRONG_VALUE)
    return 4, str(value)


def _default_like(other: object) -> object:
    """What a blank is beside `other`."""
    if isinstance(other, bool):
        return False
    if isinstance(other, Decimal):
        return Decimal(0)
    return "" if isinstance(other, str) else None


def _compare_mixed(test: Callable[[Any, Any], bool], ordering: bool, left: object, right: object) -> bool:
    if left is None:
        left = _default_like(right)
    if right is None:
        right = _default_like(left)
    if left is None or right is None:
        return not ordering and test(left, right)
    return test(_rank(left), _rank(right))


def comparison(operator: str, kind: Kind) -> Callable[[Any, Any], bool]:
    """The implementation of a comparison of two values of one kind.

    Texts compare without letter case. A blank date or record equals only a blank one and is neither before nor after.
    """
    test, ordering = _TESTS[operator], operator in _ORDERING
    if kind in (Kind.NUMBER, Kind.BOOL):
        return test
    if kind is Kind.TEXT:
        return lambda left, right: test(fold(left), fold(right))
    if kind in (Kind.DATE, Kind.DATETIME, Kind.RECORD):
        if not ordering:
            return test
        return lambda left, right: left is not None and right is not None and test(left, right)
    return lambda left, right: _compare_mixed(test, ordering, left, right)


def compared_kind(operands: Sequence[ValueType]) -> Kind:
    """As what the operands of a comparison are compared: their kind, or ANY where they differ."""
    kinds = {Kind.TEXT if each.textual else each.kind for each in operands}
    return kinds.pop() if len(kinds) == 1 else Kind.ANY


def implementation(operator: str, operands: Sequence[ValueType]) -> Callable[..., Any]:
    """What an `Operation` of this name does to operands of these types."""
    return comparison(operator, compared_kind(operands)) if operator in _TESTS else OPERATORS[operator]
