"""PostgreSQL as a target of compiled SQL: calls of the functions in `runtime.expression.postgres`.

Values have the types of `writing.PHYSICAL`. Every call converts its arguments to them, so that PostgreSQL finds the
function; what is converted already carries one of the types below and is left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, TableValuedAlias, cast, collate, func, literal, literal_column, null
from sqlalchemy.dialects.postgresql import JSONB

from resources.texts import T
from runtime.expression.compile_sql.postgres_aggregates import AGGREGATES
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
from runtime.expression.compile_sql.target import Argument, Condition, Many, items_of
from runtime.expression.operators import ZONED_OPERATORS
from runtime.expression.postgres import RESULTS
from runtime.expression.postgres.comparing import RANKS, SIGNS
from runtime.expression.postgres.errors import caught_mask
from runtime.expression.postgres.functions import BODIES, routine_name
from runtime.expression.postgres.writing import CODES, MARK, PHYSICAL
from runtime.expression.problems import NotInSql
from runtime.expression.wire import LETTERS, LIST, raw_value
from runtime.functions import functions
from runtime.value.error_values import ErrorValue
from runtime.value.types import Kind


class PostgresTarget:
    """PostgreSQL, with `postgres_functions` installed in the database."""

    def call(self, operation: str, zone: str, arguments: Sequence[Argument]) -> ColumnElement[Any]:
        """One call of a function of the schema, or two."""
        family, _, name = operation.partition(":")
        if family == "fn":
            return _function(name, zone, arguments)
        if family == "to":
            return _conversion(name, zone, arguments[0])
        if family == "compare":
            return _comparison(name, arguments)
        if family == "op":
            first = [text(zone)] if name in ZONED_OPERATORS else []
            return routine(f"op_{name}", RESULTS[f"op_{name}"], *first, *map(converted, arguments))
        word, _, detail = name.partition(":")
        return _LAZY[word](detail, arguments)

    def constant(self, value: object, code: str) -> ColumnElement[Any]:
        """A literal of the type of `code`; errors are special values of it."""
        wanted = physical(code)
        if code.startswith(LIST):
            raise NotInSql(T("A constant list cannot run in the database."))
        if isinstance(value, ErrorValue):
            return routine(f"{wanted}_error", wanted, literal_column(str(CODES[value.code])))
        raw = null() if value is None else literal(raw_value(value))
        if isinstance(value, str):
            raw = literal(value.replace(chr(MARK), ""))
        return cast(raw, TYPES[wanted])

    def column(self, element: ColumnElement[Any], code: str) -> ColumnElement[Any]:
        """Numbers as they are; texts without the noncharacter that marks errors."""
        if code == "t":
            return func.replace(element, func.chr(MARK), "", type_=TYPES["text"])
        return element if len(code) > 1 else converted((element, code))

    def failing(self, element: ColumnElement[Any], code: str, error: ColumnElement[Any]) -> Argument:
        """The special value of the error in the place of the value."""
        wanted = physical(code)
        failed = routine(f"{wanted}_error", wanted, routine("error_number", "integer", error))
        return func.coalesce(failed, converted((element, code)), type_=TYPES[wanted]), code[0]

    def stored_error(self, errors: ColumnElement[Any], key: str) -> ColumnElement[Any]:
        """By PostgreSQL's own operator."""
        found: ColumnElement[Any] = cast(errors, JSONB)[key].astext
        return found

    def flag(self, condition: Condition) -> ColumnElement[Any]:
        """0 or 1."""
        return cast(condition, TYPES["integer"])

    def gather(self, many: Many, code: str) -> ColumnElement[Any]:
        """An array; a single error where it is longer than a list may be."""
        item = converted((self.column(many.element, code), code))
        if many.error is not None:
            item = self.failing(item, code[0], many.error)[0]
        listed = func.array(many.ordered(item).scalar_subquery(), type_=ARRAYS[physical(code)])
        return routine("bounded", f"{physical(code)}[]", listed)

    def unpacked(self, many: Many) -> Many:
        """By jsonb_array_elements_text."""

        def unfold(raw: ColumnElement[Any]) -> TableValuedAlias:
            made = func.jsonb_array_elements_text(cast(raw, JSONB))
            return made.table_valued("value", with_ordinality="key").render_derived()

        return items_of(many, unfold)

    def total(self, many: Many) -> list[ColumnElement[Any]]:
        """PostgreSQL adds up whole numbers to a number of any size."""
        return [many.rows([func.coalesce(func.sum(many.element), 0)]).scalar_subquery()]

    def sortable(self, element: ColumnElement[Any], code: str) -> ColumnElement[Any]:
        """Texts by code points."""
        return collate(element, "C") if code[0] in "td" else element


def _conversion(kind: str, zone: str, argument: Argument) -> ColumnElement[Any]:
    element, code = argument
    wanted = LETTERS[Kind(kind)]
    have = "t" if code == "z" else code[0].lower()
    if code.startswith(LIST):
        failed = routine("failure", physical(code[1:]), converted(argument))
        error = routine("code", "integer", failed)
        return routine(f"{PHYSICAL[wanted]}_error", PHYSICAL[wanted], func.coalesce(error, CODES["#VALUE!"]))
    if have == wanted:
        keep = wanted in "dmhsr" or code[0].isupper()
        return converted((element, code if keep else code[0].upper() + code[1:]))
    first = [text(zone)] if kind in ("date", "datetime", "time") or (kind, have) == ("text", "m") else []
    return routine(f"to_{kind}_{have}", PHYSICAL[wanted], *first, converted((element, "t" if code == "z" else code)))


def _comparison(name: str, arguments: Sequence[Argument]) -> ColumnElement[Any]:
    operator, _, kind = name.partition(":")
    if kind != Kind.ANY:
        return routine(f"{operator}_{kind}", "integer", *map(converted, arguments))
    sides: list[ColumnElement[Any]] = []
    for argument in arguments:
        have = argument[1][0].lower()
        if have == LIST:
            raise NotInSql(T("A list cannot be compared in the database."))
        ranked = converted(argument)
        sides += [
            literal_column(str(RANKS[have])),
            ranked if have == "z" else routine(f"ranked_{have}", "text", ranked),
        ]
    return routine("compare_mixed", "integer", literal_column(f"'{SIGNS[operator]}'"), *sides)


# Lazy forms


def _as(wanted: str, argument: Argument) -> ColumnElement[Any]:
    """An argument as a value of the type `wanted`; of another type only blank and errors keep their meaning."""
    have = physical(argument[1])
    element = converted(argument)
    if have == wanted:
        return element
    if wanted.endswith("[]"):
        return cast(null(), ARRAYS[wanted[:-2]])
    return routine(f"{wanted}_error", wanted, routine("code", "integer", element))


def _result(arguments: Sequence[Argument]) -> str:
    """The type of the result where it is one of several values: that of the first which is not just blank."""
    return next((physical(code) for _, code in arguments if code != "z"), "text")


def _choose(detail: str, arguments: Sequence[Argument]) -> ColumnElement[Any]:
    values = [*arguments[1::2], arguments[-1]] if len(arguments) % 2 else list(arguments)
    wanted = _result(values)
    found = _as(wanted, arguments[-1])
    for place in range(len(arguments) - 3, -1, -2):
        condition, value = arguments[place], arguments[place + 1]
        found = routine("choose", wanted, converted(condition), _as(wanted, value), found)
    return found


def _match(detail: str, arguments: Sequence[Argument]) -> ColumnElement[Any]:
    keys, values = arguments[1:-1:2], [*arguments[2:-1:2], arguments[-1]]
    if detail not in _MATCHED:
        raise NotInSql(T("A choice between values of different types cannot run in the database."))
    kind = physical(arguments[0][1])
    place = routine(
        f"match_{detail}", "integer", converted(arguments[0]), array(kind, [_as(kind, each) for each in keys])
    )
    wanted = _result(values)
    if wanted.endswith("[]"):
        raise NotInSql(T("A choice between lists cannot run in the database."))
    return routine("pick", wanted, place, array(wanted, [_as(wanted, each) for each in values]))


_MATCHED = frozenset(each.value for each in (*LETTERS,) if each not in (Kind.CHOICE, Kind.BLANK))


def _attempt(detail: str, arguments: Sequence[Argument]) -> ColumnElement[Any]:
    wanted = _result(arguments)
    mask: ColumnElement[Any] = literal_column(str(caught_mask(detail.split(" "))))
    if wanted.endswith("[]"):
        raise NotInSql(T("A choice between lists cannot run in the database."))
    return routine("attempt", wanted, _as(wanted, arguments[0]), _as(wanted, arguments[1]), mask)


def _junction(name: str) -> Callable[[str, Sequence[Argument]], ColumnElement[Any]]:
    def made(detail: str, arguments: Sequence[Argument]) -> ColumnElement[Any]:
        judged = [routine("judged", "integer[]", listed(each)) for each in arguments]
        return routine(name, "integer", concatenated(judged, "integer"))

    return made


def _filled(detail: str, arguments: Sequence[Argument]) -> ColumnElement[Any]:
    wanted = _result(arguments)
    values = [_as(wanted, each) for each in arguments]
    if wanted == "text":
        values = [func.nullif(each, "") for each in values]
    if wanted.endswith("[]"):
        empty = array(wanted[:-2], [])
        values = [func.nullif(each, empty) for each in values]
    return func.coalesce(*values, type_=ARRAYS[wanted[:-2]] if wanted.endswith("[]") else TYPES[wanted])


def _inspect(question: str, arguments: Sequence[Argument]) -> ColumnElement[Any]:
    argument = arguments[0]
    letter = argument[1][0].lower()
    if question == "blank":
        return _blank(argument)
    if question in ("error", "not_available"):
        failed = _failure(argument)
        if question == "error":
            return cast(failed.is_not(None), TYPES["integer"])
        return cast(failed.is_not_distinct_from(CODES["#N/A"]), TYPES["integer"])
    if letter == {"number": "n", "text": "t", "logical": "b"}[question]:
        element = converted(argument)
        return routine("is_value", "integer", element)
    return literal_column("0", TYPES["integer"])


def _blank(argument: Argument) -> ColumnElement[Any]:
    element, letter = converted(argument), argument[1][0].lower()
    if letter == LIST:
        return cast(func.coalesce(func.cardinality(element), 0) == 0, TYPES["integer"])
    if letter == "t":
        return cast(func.coalesce(element, "") == "", TYPES["integer"])
    return cast(element.is_(None), TYPES["integer"])


def _failure(argument: Argument) -> ColumnElement[Any]:
    """The number of the error, or NULL."""
    element = converted(argument)
    if argument[1].startswith(LIST):
        element = routine("failure", physical(argument[1][1:]), element)
    return routine("code", "integer", element)


def _vacant(detail: str, arguments: Sequence[Argument]) -> ColumnElement[Any]:
    return routine("vacant", "integer", converted(arguments[0]))


def _value(detail: str, arguments: Sequence[Argument]) -> ColumnElement[Any]:
    return routine("value_of", physical(arguments[0][1]), converted(arguments[0]))


def _error(detail: str, arguments: Sequence[Argument]) -> ColumnElement[Any]:
    return routine("error_text", "text", _failure(arguments[0]))


def _sum(detail: str, arguments: Sequence[Argument]) -> ColumnElement[Any]:
    return routine("fit", "numeric", converted(arguments[0]))


def _mean(detail: str, arguments: Sequence[Argument]) -> ColumnElement[Any]:
    return routine("divided", "numeric", *map(converted, arguments))


_LAZY: dict[str, Callable[[str, Sequence[Argument]], ColumnElement[Any]]] = {
    "choose": _choose,
    "match": _match,
    "attempt": _attempt,
    "every": _junction("every"),
    "some": _junction("some"),
    "filled": _filled,
    "inspect": _inspect,
    "vacant": _vacant,
    "value": _value,
    "error": _error,
    "sum": _sum,
    "mean": _mean,
}


def _function(name: str, zone: str, arguments: Sequence[Argument]) -> ColumnElement[Any]:
    called = functions[name]
    if name in BODIES:
        first = [text(zone)] if called.zoned else []
        result = RESULTS[f"{routine_name(called)}{'/m' if arguments and arguments[0][1] == 'm' else ''}"]
        return routine(routine_name(called), result, *first, *map(converted, arguments))
    if name in AGGREGATES:
        return AGGREGATES[name](zone, arguments)
    raise NotInSql(T("{name} cannot run in this database.", name=name))
