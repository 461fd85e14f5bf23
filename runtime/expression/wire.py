"""How values stand in SQL expressions: codes that say how to read them, and on SQLite errors in their midst.

A code is a letter and, for scaled integers, the scale: ``n`` exact decimal text (or an integer), ``n2`` an integer of
hundredths, ``t`` text, ``b`` 0/1, ``d`` ISO date, ``m`` integer microseconds UTC, ``h`` a time of day in integer
microseconds, ``s`` a duration in microseconds (text beyond 64 bits), ``r`` 16 bytes of a record id, ``z`` blank. A
capital means that blank is read as 0, "" or FALSE. ``[`` before the code of an item is a list: on SQLite the JSON text
of an array, in which record ids are hexadecimal, blank is null and an error is an object with its code.

On SQLite an error stands as a blob of its code, such as ``b"#DIV/0!"``: no other type but the 16 bytes of a record is
a blob. How PostgreSQL says it is told in `runtime.expression.postgres`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from runtime.dates import MICROSECOND
from runtime.value.conversions import LONGEST_LIST
from runtime.value.decimals import CONTEXT, ZERO
from runtime.value.error_values import ERRORS, OUT_OF_RANGE, ErrorValue, Failure
from runtime.value.moments import from_microseconds, microseconds
from runtime.value.times import later_on_the_clock, since_midnight
from runtime.value.types import Kind, ValueType

LIST = "["
LETTERS = {
    Kind.NUMBER: "n",
    Kind.TEXT: "t",
    Kind.CHOICE: "t",
    Kind.BOOL: "b",
    Kind.DATE: "d",
    Kind.DATETIME: "m",
    Kind.TIME: "h",
    Kind.DURATION: "s",
    Kind.RECORD: "r",
    Kind.BLANK: "z",
}
"""Kinds that can stand in SQL."""

_RECORD_BYTES = 16
_LARGEST = 2**63 - 1
_BLANKS: dict[str, object] = {"N": ZERO, "T": "", "B": False}

Reader = Callable[[Any], Any]


def letter(type_: ValueType) -> str | None:
    """The letter of a type; None where it cannot stand in SQL."""
    if type_.item is not None:
        item = LETTERS.get(type_.item.kind)
        return LIST + item if item is not None else None
    return LETTERS.get(type_.kind)


def error_in(raw: object) -> ErrorValue | None:
    """The error that `raw` is, if it is one."""
    if isinstance(raw, bytes) and len(raw) != _RECORD_BYTES:
        return ERRORS[raw.decode("ascii")]
    return None


def error_raw(error: ErrorValue) -> bytes:
    """An error as it stands in SQL."""
    return error.code.encode("ascii")


def reader(code: str) -> Reader:
    """A function from the value in SQL to the value in Python; it raises `Failure` for an error."""
    if code.startswith(LIST):
        return _list_reader(code[1:])
    blank = _BLANKS.get(code[0])
    read = _number_reader(code) if code[0] in "nN" else _READ[code[0].lower()]

    def value(raw: Any) -> Any:
        if raw is None:
            return blank
        if raw.__class__ is bytes and len(raw) != _RECORD_BYTES:
            raise Failure(ERRORS[raw.decode("ascii")])
        return read(raw)

    return value


def _number_reader(code: str) -> Reader:
    scale = int(code[1:] or 0)
    if not scale:
        return Decimal
    scaleb, shift = CONTEXT.scaleb, Decimal(-scale)
    return lambda raw: scaleb(Decimal(raw), shift)


def _list_reader(code: str) -> Reader:
    """A reader of lists; one that is too long raises `Failure` (#NUM!)."""
    read = _READ["x"] if code == "r" else reader(code)

    def item(raw: Any) -> Any:
        if isinstance(raw, dict):
            return ERRORS[raw["error"]]
        return None if raw is None else read(raw)

    def value(raw: Any) -> Any:
        if raw is None:
            return ()
        if isinstance(raw, bytes):
            raise Failure(ERRORS[raw.decode("ascii")])
        found = tuple(item(each) for each in (json.loads(raw) if isinstance(raw, str) else raw))
        if len(found) > LONGEST_LIST:
            raise Failure(OUT_OF_RANGE)
        return found

    return value


_READ: dict[str, Reader] = {
    "t": str,
    "b": bool,
    "d": date.fromisoformat,
    "m": from_microseconds,
    "h": lambda raw: later_on_the_clock(time(), timedelta(microseconds=raw)),
    "s": lambda raw: timedelta(microseconds=int(raw)),
    "r": lambda raw: UUID(bytes=bytes(raw)),
    "x": lambda raw: UUID(hex=raw) if isinstance(raw, str) else UUID(bytes=bytes(raw)),
    "z": lambda raw: None,
}


def raw_value(value: object) -> object:
    """A Python value as it stands in SQL: numbers as decimal text."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, tuple):
        return json.dumps([_raw_item(each) for each in value], ensure_ascii=False)
    to_raw = next((_RAW[each] for each in type(value).__mro__ if each in _RAW), None)
    if to_raw is None:
        raise TypeError(f"{type(value).__name__} has no place in SQL")
    return to_raw(value)


def _raw_item(value: object) -> object:
    if isinstance(value, ErrorValue):
        return {"error": value.code}
    return value.hex if isinstance(value, UUID) else raw_value(value)


def _raw_span(span: timedelta) -> object:
    count = span // MICROSECOND
    return count if abs(count) <= _LARGEST else str(count)


_RAW: dict[type, Callable[[Any], object]] = {
    Decimal: str,
    datetime: microseconds,
    date: date.isoformat,
    time: lambda clock: since_midnight(clock) // MICROSECOND,
    timedelta: _raw_span,
    UUID: lambda record: record.bytes,
    ErrorValue: error_raw,
}
