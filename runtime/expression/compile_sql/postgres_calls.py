"""Calls of the functions of `runtime.expression.postgres`, and their arguments in the types that these expect."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Integer,
    LargeBinary,
    Numeric,
    Text,
    cast,
    func,
    literal,
    literal_column,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import array as array_of
from sqlalchemy.types import TypeEngine

from runtime.expression.compile_sql.target import Argument
from runtime.expression.postgres.writing import PHYSICAL, SCHEMA
from runtime.expression.wire import LIST

TYPES: dict[str, TypeEngine[Any]] = {
    "numeric": Numeric(),
    "text": Text(),
    "integer": Integer(),
    "bigint": BigInteger(),
    "bytea": LargeBinary(),
    "boolean": Boolean(),
}
"""Types of PostgreSQL; what already has one of these very objects needs no cast."""
ARRAYS: dict[str, TypeEngine[Any]] = {name: ARRAY(type_) for name, type_ in TYPES.items()}

_BLANKS = {"n": "0", "t": "''", "b": "0"}
_FAMILY = getattr(func, SCHEMA)


def routine(name: str, result: str, *arguments: ColumnElement[Any]) -> ColumnElement[Any]:
    """A call of a function of the schema; `result` is a type of PostgreSQL, ``[]`` after it for an array."""
    type_ = ARRAYS[result[:-2]] if result.endswith("[]") else TYPES.get(result)
    found: ColumnElement[Any] = getattr(_FAMILY, name)(*arguments, type_=type_)
    return found


def physical(code: str) -> str:
    """The type in PostgreSQL of values of a code."""
    return physical(code[1:]) + "[]" if code.startswith(LIST) else PHYSICAL[code[0].lower()]


def converted(argument: Argument) -> ColumnElement[Any]:
    """An argument in the type of its code, blank read as 0, "" or FALSE where the code is a capital."""
    element, code = argument
    wanted = physical(code)
    type_ = ARRAYS[wanted[:-2]] if wanted.endswith("[]") else TYPES[wanted]
    if code[0] in "nN" and len(code) > 1:
        element = (cast(element, TYPES["numeric"]) * literal_column(f"1e-{code[1:]}")).self_group()
    elif element.type is not type_:
        element = cast(element, type_)
    if code[0].isupper():
        blank: ColumnElement[Any] = literal_column(_BLANKS[code[0].lower()])
        element = func.coalesce(element, blank, type_=type_)
    return element


def text(value: str) -> ColumnElement[Any]:
    return cast(literal(value), TYPES["text"])


def array(wanted: str, elements: Sequence[ColumnElement[Any]]) -> ColumnElement[Any]:
    """An array of elements of the type `wanted`."""
    return cast(array_of(list(elements)), ARRAYS[wanted])


def listed(argument: Argument) -> ColumnElement[Any]:
    """A value as an array of one, a list as it is."""
    if argument[1].startswith(LIST):
        return func.coalesce(converted(argument), array(physical(argument[1][1:]), []))
    return array(physical(argument[1]), [converted(argument)])


def concatenated(parts: Sequence[ColumnElement[Any]], wanted: str) -> ColumnElement[Any]:
    """Arrays one after another."""
    found = parts[0]
    for part in parts[1:]:
        found = func.array_cat(found, part, type_=ARRAYS[wanted])
    return found
