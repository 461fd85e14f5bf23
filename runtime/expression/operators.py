"""What the operators do to values: one implementation for generated Python and for the functions SQLite calls.

Arithmetic takes numbers that are not blank; comparisons take two values of one type; dates stay blank where blank.
All raise `Failure` where there is no result, and the exceptions of `decimals.TROUBLE` (#NUM!).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from runtime.value.arithmetic import power
from runtime.value.conversions import LONGEST_TEXT, fold, is_blank, needed, to_number
from runtime.value.decimals import CONTEXT, GUARDED, HUNDRED
from runtime.value.error_values import DIVISION_BY_ZERO, NOT_AVAILABLE, OUT_OF_RANGE, WRONG_VALUE, ErrorValue, Failure
from runtime.value.moments import days_between, local_time, shift_days, shift_moment
from runtime.value.times import duration_of_days, later_on_the_clock, since_midnight
from runtime.value.types import Kind, ValueType

_FAR = 10**7


def divide(dividend: Decimal, divisor: Decimal) -> Decimal:
    """#DIV/0! by zero, also 0/0. With `GUARDED` digits, which the next operation rounds away."""
    if not divisor:
        raise Failure(DIVISION_BY_ZERO)
    return GUARDED.divide(dividend, divisor)


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


def at_time(zone: tzinfo | None, day: date | None, clock: time | None) -> datetime | None:
    """The moment when clocks in `zone` show `clock` on `day`."""
    if day is None or clock is None:
        return None
    try:
        return local_time(datetime.combine(day, clock.replace(fold=0), needed(zone)), UTC)
    except OverflowError:
        raise Failure(OUT_OF_RANGE) from None


def later_time(clock: time | None, days: Decimal) -> time | None:
    """What the clock shows so many days later: a quarter of a day after 20:00 it is 02:00."""
    return None if clock is None else later_on_the_clock(clock, duration_of_days(days))


def earlier_time(clock: time | None, days: Decimal) -> time | None:
    """What the clock shows so many days earlier."""
    return later_time(clock, -days)


def times_apart(end: time | None, start: time | None) -> timedelta | None:
    """From `start` to `end` on one day; negative where the end comes first."""
    return None if end is None or start is None else since_midnight(end) - since_midnight(start)


def add_spans(left: timedelta | None, right: timedelta | None) -> timedelta | None:
    """Both durations together; a blank one counts nothing."""
    if left is None or right is None:
        return right if left is None else left
    try:
        return left + right
    except OverflowError:
        raise Failure(OUT_OF_RANGE) from None


def subtract_spans(left: timedelta | None, right: timedelta | None) -> timedelta | None:
    """`left` without `right`; a blank one counts nothing."""
    return add_spans(left, negate_span(right))


def negate_span(span: timedelta | None) -> timedelta | None:
    """The duration in the other direction."""
    return None if span is None else duration_of_days(-to_number(span))


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
    "at_time": at_time,
    "later_time": later_time,
    "earlier_time": earlier_time,
    "times_apart": times_apart,
    "add_spans": add_spans,
    "subtract_spans": subtract_spans,
    "negate_span": negate_span,
}
"""Name of an `Operation` -> implementation, comparisons aside."""

ZONED_OPERATORS = frozenset(("at_time",))
"""Operators whose first argument is the time zone."""

QUESTIONS: dict[str, Callable[[Any], bool]] = {
    "blank": is_blank,
    "number": lambda value: isinstance(value, Decimal),
    "text": lambda value: isinstance(value, str),
    "logical": lambda value: isinstance(value, bool),
    "not_available": lambda value: value == NOT_AVAILABLE,
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
    """Excel's order of mixed values: numbers (times and durations in days), dates, texts, yes/no, records."""
    if isinstance(value, bool):
        return 3, value
    if isinstance(value, Decimal):
        return 0, value
    if isinstance(value, time | timedelta):
        return 0, to_number(value)
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

    Texts compare without letter case. A blank date, time or record equals only a blank one and is neither before nor
    after.
    """
    test, ordering = _TESTS[operator], operator in _ORDERING
    if kind in (Kind.NUMBER, Kind.BOOL):
        return test
    if kind is Kind.TEXT:
        return lambda left, right: test(fold(left), fold(right))
    if kind in (Kind.DATE, Kind.DATETIME, Kind.TIME, Kind.DURATION, Kind.RECORD):
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
