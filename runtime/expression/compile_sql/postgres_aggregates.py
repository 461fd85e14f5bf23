"""Aggregates on PostgreSQL: values and lists of a call become one array, which a function of the schema takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, case, cast, func, literal_column

from resources.texts import T
from runtime.expression.compile_sql.postgres_calls import (
    ARRAYS,
    TYPES,
    array,
    concatenated,
    converted,
    listed,
    physical,
    routine,
    text,
)
from runtime.expression.compile_sql.target import Argument
from runtime.expression.postgres.writing import PHYSICAL
from runtime.expression.problems import NotInSql
from runtime.expression.wire import LETTERS, LIST
from runtime.value.types import Kind

Call = Callable[[str, Sequence[Argument]], ColumnElement[Any]]
"""Time zone and arguments -> the call."""


def _item(argument: Argument) -> str:
    """The letter of the items of an argument."""
    return argument[1].removeprefix(LIST)[0].lower()


def _numeric(arguments: Sequence[Argument], way: Callable[[str], str | None]) -> ColumnElement[Any]:
    """One array of numbers; `way` says of a letter what makes them: a function, or None for the numbers themselves."""
    parts = []
    for argument in arguments:
        made = way(_item(argument))
        items = listed(argument)
        parts.append(items if made is None else routine(made, "numeric[]", items))
    return concatenated(parts, "numeric")


def _numbers(letter: str) -> str | None:
    return None if letter == "n" else "skipped"


def _of_numbers(name: str) -> Call:
    return lambda zone, arguments: routine(name, "numeric", _numeric(arguments, _numbers))


def _count(zone: str, arguments: Sequence[Argument]) -> ColumnElement[Any]:
    items = _numeric(arguments, lambda letter: "present" if letter in "ndm" else "skipped")
    return routine("count_of", "numeric", items)


def _present(name: str) -> Call:
    return lambda zone, arguments: routine(name, "numeric", _numeric(arguments, lambda letter: "present"))


def _odd(zone: str, arguments: Sequence[Argument]) -> ColumnElement[Any]:
    return routine("odd_of", "integer", _numeric(arguments, _judged))


def _judged(letter: str) -> str | None:
    return None if letter == "n" else "as_numbers" if letter == "b" else "skipped"


def _extreme(name: str) -> Call:
    def made(zone: str, arguments: Sequence[Argument]) -> ColumnElement[Any]:
        letter = next((each for each in map(_item, arguments) if each in "dm"), "n")
        if letter == "n":
            return routine(name, "numeric", _numeric(arguments, _numbers))
        wanted = PHYSICAL[letter]
        return routine(name, wanted, concatenated([listed(each) for each in arguments], wanted))

    return made


def _joined(zone: str, arguments: Sequence[Argument]) -> ColumnElement[Any]:
    parts = []
    for argument in arguments:
        letter = _item(argument)
        if letter == "r":
            raise NotInSql(T("Records as texts cannot run in this database."))
        name = "t" if letter == "z" else letter
        parts.append(routine(f"texts_{name}", "text[]", text(zone), listed(argument)))
    return routine("joined", "text", concatenated(parts, "text"))


def _products(zone: str, arguments: Sequence[Argument]) -> ColumnElement[Any]:
    columns = [_numeric([each], _judged) for each in arguments]
    found = columns[0]
    for column in columns[1:]:
        found = routine("times", "numeric[]", found, column)
    return routine("sum_of", "numeric", found)


def _first(argument: Argument) -> Argument:
    """A value, or the first item of a list."""
    if not argument[1].startswith(LIST):
        return argument
    code = argument[1][1:]
    return routine("first_of", physical(code), converted(argument)), code[0]


def _as_number(zone: str, arguments: Sequence[Argument]) -> ColumnElement[Any]:
    """N: numbers, yes/no, times and durations as numbers, dates as Excel counts them, everything else as 0."""
    argument = _first(arguments[0])
    letter = argument[1][0].lower()
    if letter in "nbhs":
        element = converted(argument)
        return func.coalesce(element, 0) if letter == "n" else routine(f"to_number_{letter}", "numeric", element)
    if letter in "dm":
        return routine(f"n_{letter}", "numeric", text(zone), converted(argument))
    return func.coalesce(routine("skipped", "numeric", converted(argument)), 0, type_=TYPES["numeric"])


def _only_text(zone: str, arguments: Sequence[Argument]) -> ColumnElement[Any]:
    """T: texts as they are, everything else as an empty one."""
    argument = _first(arguments[0])
    element = converted(argument)
    if argument[1][0].lower() != "t":
        element = routine("text_error", "text", routine("code", "integer", element))
    return func.coalesce(element, "", type_=TYPES["text"])


# Lists with conditions


def _as_text(argument: Argument) -> ColumnElement[Any]:
    """Items as texts that mean the same to `meets`."""
    items, letter = listed(argument), _item(argument)
    return routine("as_texts", "text[]", items) if letter == "r" else cast(items, ARRAYS["text"])


def _rows(zone: str, pairs: Sequence[Argument]) -> ColumnElement[Any]:
    """For every place whether all conditions are met; NULL where lists or conditions do not fit."""
    found: ColumnElement[Any] | None = None
    for items, condition in zip(pairs[::2], pairs[1::2], strict=True):
        if condition[1].startswith(LIST):
            raise NotInSql(T("A list as a condition cannot run in this database."))
        kind, wanted = _item(items), _item(condition)
        bound = converted(condition)
        if wanted == "r":
            bound = func.encode(bound, "hex")
        asked = [literal_column(f"'{wanted}'"), cast(bound, TYPES["text"]), text(zone)]
        parsed = routine("parse_condition", "text[]", *asked)
        met = routine("meets", "boolean[]", literal_column(f"'{kind}'"), _as_text(items), parsed, text(zone))
        found = met if found is None else routine("both", "boolean[]", found, met)
    assert found is not None
    return found


def _first_error(arguments: Sequence[Argument]) -> ColumnElement[Any]:
    """The number of the first error among arguments, or NULL."""
    found = []
    for argument in arguments:
        element = converted(argument)
        if argument[1].startswith(LIST):
            element = routine("failure", physical(argument[1][1:]), element)
        found.append(routine("code", "integer", element))
    return func.coalesce(*found, literal_column("NULL::integer"))


def _where(name: str, beside: bool) -> Call:
    """An aggregate of the values whose row meets the conditions.

    Args:
        name: of the function that takes the values.
        beside: the values come last, may be left out, and may have another length (SUMIF); else first (SUMIFS).
    """

    def made(zone: str, arguments: Sequence[Argument]) -> ColumnElement[Any]:
        pairs = arguments[:2] if beside else arguments[1:]
        values = (arguments[2] if len(arguments) > 2 else arguments[0]) if beside else arguments[0]
        letter = _item(values)
        wanted = PHYSICAL[letter] if letter in "ndm" and name in ("greatest_of", "least_of") else "numeric"
        items = listed(values) if letter == "n" or wanted != "numeric" else _numeric([values], _numbers)
        exact: ColumnElement[Any] = literal_column("false" if beside else "true")
        chosen = routine("chosen", f"{wanted}[]", items, _rows(zone, pairs), exact)
        found = routine(name, wanted, chosen)
        return routine("unless_failed", wanted, found, _first_error(arguments))

    return made


def _count_where(zone: str, arguments: Sequence[Argument]) -> ColumnElement[Any]:
    found = routine("met_of", "numeric", _rows(zone, arguments))
    return routine("unless_failed", "numeric", found, _first_error(arguments))


def _inside(zone: str, arguments: Sequence[Argument]) -> ColumnElement[Any]:
    """IN: whether the first value is among the items of the others."""
    wanted, letter = arguments[0], _item(arguments[0])
    among = [each for each in arguments[1:] if _item(each) == letter]
    if wanted[1].startswith(LIST) or letter not in _KINDS:
        raise NotInSql(T("A list cannot be compared in the database."))
    subject, kind = converted(wanted), PHYSICAL[letter]
    keys = concatenated([array(kind, []), *map(listed, among)], kind)
    place = routine(f"match_{_KINDS[letter]}", "integer", subject, keys)
    found: ColumnElement[Any] = cast(place <= func.cardinality(keys), TYPES["integer"])
    filled = subject != "" if letter == "t" else subject.is_not(None)
    found = case((func.coalesce(filled, literal_column("false")), found), else_=0)
    return routine("unless_failed", "integer", found, _first_error(arguments))


_KINDS = {letter: kind.value for kind, letter in LETTERS.items() if kind not in (Kind.CHOICE, Kind.BLANK)}

AGGREGATES: dict[str, Call] = {
    "SUM": _of_numbers("sum_of"),
    "AVERAGE": _of_numbers("mean_of"),
    "PRODUCT": _of_numbers("product_of"),
    "SUMPRODUCT": _products,
    "COUNT": _count,
    "COUNTA": _present("count_of"),
    "COUNTBLANK": _present("blanks_of"),
    "IN": _inside,
    "MAX": _extreme("greatest_of"),
    "MIN": _extreme("least_of"),
    "XOR": _odd,
    "N": _as_number,
    "T": _only_text,
    "CONCAT": _joined,
    "SUMIF": _where("sum_of", True),
    "SUMIFS": _where("sum_of", False),
    "AVERAGEIF": _where("mean_of", True),
    "AVERAGEIFS": _where("mean_of", False),
    "COUNTIF": _count_where,
    "COUNTIFS": _count_where,
    "MAXIFS": _where("greatest_of", False),
    "MINIFS": _where("least_of", False),
}
"""Name of a function that takes lists -> its call."""
