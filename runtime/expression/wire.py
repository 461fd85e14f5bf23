"""How values stand in SQL expressions on SQLite: codes that say how to read them, and errors in their midst.

A code is a letter and, for scaled integers, the scale: ``n`` exact decimal text (or an integer), ``n2`` an integer of
hundredths, ``t`` text, ``b`` 0/1, ``d`` ISO date, ``m`` integer microseconds UTC, ``r`` 16 bytes of a record id,
``z`` blank. A capital means that blank is read as 0, "" or FALSE. An error stands as a blob of its code, such as
``b"#DIV/0!"``: no other type but the 16 bytes of a record is a blob.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from runtime.value.decimals import CONTEXT, ZERO
from runtime.value.error_values import ERRORS, ErrorValue, Failure
from runtime.value.moments import from_microseconds, microseconds
from runtime.value.types import Kind, ValueType

LETTERS = {
    Kind.NUMBER: "n",
    Kind.TEXT: "t",
    Kind.CHOICE: "t",
    Kind.BOOL: "b",
    Kind.DATE: "d",
    Kind.DATETIME: "m",
    Kind.RECORD: "r",
    Kind.BLANK: "z",
}
"""Kinds that can stand in SQL."""

_RECORD_BYTES = 16
_BLANKS: dict[str, object] = {"N": ZERO, "T": "", "B": False}

Reader = Callable[[Any], Any]


def letter(type_: ValueType) -> str | None:
    """The letter of a type; None where it cannot stand in SQL."""
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


_READ: dict[str, Reader] = {
    "t": str,
    "b": bool,
    "d": date.fromisoformat,
    "m": from_microseconds,
    "r": lambda raw: UUID(bytes=raw),
    "z": lambda raw: None,
}


def raw_value(value: object) -> object:
    """A Python value as it stands in SQL: numbers as decimal text."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime):
        return microseconds(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return value.bytes
    if isinstance(value, ErrorValue):
        return error_raw(value)
    raise TypeError(f"{type(value).__name__} has no place in SQL")
