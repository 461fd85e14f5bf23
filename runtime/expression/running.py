"""What generated Python calls while it runs: guards at fields, conversions, and the lazy forms that need code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal, getcontext, setcontext
from typing import Any, NoReturn
from uuid import UUID

from runtime.value.conversions import (
    given,
    is_blank,
    to_bool,
    to_date,
    to_datetime,
    to_duration,
    to_number,
    to_record,
    to_text,
    to_time,
)
from runtime.value.decimals import CONTEXT, TROUBLE
from runtime.value.error_values import OUT_OF_RANGE, WRONG_VALUE, ErrorValue, Failure
from runtime.value.situation import Situation
from runtime.value.types import Kind

PYTHON_CLASSES: dict[Kind, type] = {
    Kind.NUMBER: Decimal,
    Kind.TEXT: str,
    Kind.CHOICE: str,
    Kind.BOOL: bool,
    Kind.DATE: date,
    Kind.DATETIME: datetime,
    Kind.TIME: time,
    Kind.DURATION: timedelta,
    Kind.RECORD: UUID,
    Kind.LIST: tuple,
}
"""The class of filled values of a kind; other kinds have no one class."""

ZONED_CONVERSIONS: dict[Kind, Callable[[Any, tzinfo | None], Any]] = {
    Kind.TEXT: to_text,
    Kind.DATE: to_date,
    Kind.DATETIME: to_datetime,
    Kind.TIME: to_time,
}
CONVERSIONS: dict[Kind, Callable[[Any], Any]] = {
    Kind.NUMBER: to_number,
    Kind.BOOL: to_bool,
    Kind.DURATION: to_duration,
    Kind.RECORD: to_record,
}


def convert(value: Any, kind: Kind, zone: tzinfo | None) -> Any:
    """`value` as `kind`."""
    if kind in CONVERSIONS:
        return CONVERSIONS[kind](value)
    if kind in ZONED_CONVERSIONS:
        return ZONED_CONVERSIONS[kind](value, zone)
    raise Failure(WRONG_VALUE)


def zone_of(situation: Situation | None) -> tzinfo | None:
    """The time zone, where a situation was handed in."""
    return situation.zone if situation is not None else None


def required(situation: Situation | None) -> Situation:
    """The situation of a volatile formula.

    Raises:
        ValueError: none was handed in.
    """
    if situation is None:
        raise ValueError("this formula is volatile: evaluate it with a Situation")
    return situation


def fail(error: ErrorValue) -> NoReturn:
    """Yield `error`."""
    raise Failure(error)


def attempt(body: Callable[[], Any], fallback: Callable[[], Any], caught: Sequence[ErrorValue]) -> Any:
    """`body()`, or `fallback()` where it yields one of `caught`."""
    try:
        return body()
    except Failure as failure:
        error = failure.error
    except TROUBLE:
        error = OUT_OF_RANGE
    if error not in caught:
        raise Failure(error)
    return fallback()


def inspect(question: Callable[[Any], bool], body: Callable[[], Any]) -> bool:
    """The answer to one of `operators.QUESTIONS` about `body()`, which may be an error."""
    try:
        value = body()
    except Failure as failure:
        value = failure.error
    except TROUBLE:
        value = OUT_OF_RANGE
    return question(value)


def first_filled(bodies: Sequence[Callable[[], Any]]) -> Any:
    """The first value that is not blank; blank where all are."""
    for body in bodies:
        value = body()
        if not is_blank(value):
            return value
    return None


def junction(every: bool, bodies: Sequence[Callable[[], Any]]) -> bool:
    """AND or OR where lists are among the operands; #VALUE! where there is nothing to judge at all."""
    judged = False
    for body in bodies:
        value = body()
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, ErrorValue):
                raise Failure(item)
            if not isinstance(item, bool | Decimal):
                continue
            judged = True
            if bool(item) is not every:
                return not every
    if not judged:
        raise Failure(WRONG_VALUE)
    return every


def for_each(evaluate: Callable[..., Any], keys: Sequence[str], wide: Sequence[bool]) -> Callable[..., tuple[Any, ...]]:
    """A function of a situation and operands: the results of `evaluate` for each item of those that are lists (`wide`).

    A list of one item goes with every item of the others; lists of other lengths are #VALUE!.
    """

    def run(situation: Situation | None, *operands: Any) -> tuple[Any, ...]:
        columns = [(each or ()) if is_list else (each,) for each, is_list in zip(operands, wide, strict=True)]
        lengths = {len(column) for column in columns} - {1}
        if len(lengths) > 1:
            raise Failure(WRONG_VALUE)
        count = lengths.pop() if lengths else 1
        rows = zip(*(column * count if len(column) == 1 else column for column in columns), strict=True)
        return tuple(evaluate(dict(zip(keys, row, strict=True)), situation) for row in rows)

    return run


def final(value: Any) -> Any:
    """A result rounded to the digits of `CONTEXT`, without negative zero."""
    return CONTEXT.plus(value) if isinstance(value, Decimal) else value


NAMES: dict[str, Any] = {
    "Decimal": Decimal,
    "given": given,
    "to_number": to_number,
    "to_text": to_text,
    "to_bool": to_bool,
    "to_date": to_date,
    "to_datetime": to_datetime,
    "to_time": to_time,
    "to_duration": to_duration,
    "to_record": to_record,
    "zone_of": zone_of,
    "required": required,
    "fail": fail,
    "attempt": attempt,
    "inspect": inspect,
    "first_filled": first_filled,
    "junction": junction,
    "final": final,
    "getcontext": getcontext,
    "setcontext": setcontext,
    "CONTEXT": CONTEXT,
    "Failure": Failure,
    "TROUBLE": TROUBLE,
    "OUT_OF_RANGE": OUT_OF_RANGE,
}
"""What generated source may name; there are no builtins besides."""
