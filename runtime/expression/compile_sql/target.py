"""What an engine must be able to do for compiled SQL, and SQLite, which does all of it in one function."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import (
    ColumnElement,
    Float,
    LargeBinary,
    Select,
    TableValuedAlias,
    Text,
    case,
    cast,
    func,
    literal,
    null,
    select,
    true,
)

from runtime.expression.sqlite import key
from runtime.expression.wire import raw_value
from runtime.value.conversions import LONGEST_LIST

Argument = tuple[ColumnElement[Any], str]
"""An element and the code that says how to read it, see `wire`."""

Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Failing:
    """The stored result of a formula, which may be an error.

    Attributes:
        element: the raw column; blank where it is an error.
        error: the code of the error as text, or NULL.
    """

    element: ColumnElement[Any]
    error: ColumnElement[Any]


@dataclass(frozen=True, slots=True)
class Many:
    """The values that a list reference reads.

    Attributes:
        element: the raw column of one of them, as of a scalar reference.
        rows: makes the SELECT of some columns over their rows, correlated to the row that is computed for.
        order: the order of the items.
        error: the code of the error that stands in the place of `element`, or NULL; None: they cannot be errors.
    """

    element: ColumnElement[Any]
    rows: Callable[[Sequence[ColumnElement[Any]]], Select[Any]]
    order: tuple[ColumnElement[Any], ...]
    error: ColumnElement[Any] | None = None

    @property
    def first_error(self) -> ColumnElement[Any] | None:
        """The code of the first error among the items, or NULL; None: they cannot be errors."""
        if self.error is None:
            return None
        failed = self.rows([self.error]).where(self.error.is_not(None))
        return failed.order_by(*self.order).limit(1).scalar_subquery()

    def ordered(self, element: ColumnElement[Any]) -> Select[Any]:
        """One column ``item`` in order; one more than a list may have, so that what is too long is seen as such."""
        return self.rows([element.label("item")]).order_by(*self.order).limit(LONGEST_LIST + 1)


class Target(Protocol):
    """How an engine computes what plain SQL does not say."""

    def call(self, operation: str, zone: str, arguments: Sequence[Argument]) -> ColumnElement[Any]:
        """`operation` on (element, code) pairs, with the error in the value; see `wire` for the codes.

        Operations: ``op:add`` and the other operators, ``compare:less:number``, ``to:text``, ``fn:ROUND``,
        ``lazy:choose`` (condition, value, ..., otherwise), ``lazy:match:number`` (subject, key, value, ..., otherwise),
        ``lazy:attempt:#N/A``, ``lazy:every``, ``lazy:some``, ``lazy:filled``, ``lazy:inspect:blank``, ``lazy:vacant``,
        ``lazy:value`` (NULL for an error), ``lazy:error`` (its code or NULL), ``lazy:sum`` (of the parts
        of a sum, see `total`) and ``lazy:mean`` (sum, count).

        Raises:
            NotInSql: this engine cannot.
        """
        ...

    def constant(self, value: object, code: str) -> ColumnElement[Any]:
        """A Python value, an error or None as a value of `code`."""
        ...

    def column(self, element: ColumnElement[Any], code: str) -> ColumnElement[Any]:
        """A raw column as a value of `code`."""
        ...

    def failing(self, element: ColumnElement[Any], code: str, error: ColumnElement[Any]) -> Argument:
        """A value, or the error whose code `error` is where that is not NULL."""
        ...

    def stored_error(self, errors: ColumnElement[Any], key: str) -> ColumnElement[Any]:
        """The text under `key` of a JSON object in a column, or NULL."""
        ...

    def flag(self, condition: Condition) -> ColumnElement[Any]:
        """A condition as a value of the code ``b``."""
        ...

    def gather(self, many: Many, code: str) -> ColumnElement[Any]:
        """A list whose items are `many.element` with `code`, at most one longer than a list may be."""
        ...

    def unpacked(self, many: Many) -> Many:
        """The items, as texts, of values that are JSON texts of lists; an error stands once in the place of a list."""
        ...

    def total(self, many: Many) -> list[ColumnElement[Any]]:
        """The sum of a column of whole numbers as whole numbers, each 10**9 times as large as the one after it."""
        ...

    def sortable(self, element: ColumnElement[Any], code: str) -> ColumnElement[Any]:
        """What sorts as the values do."""
        ...


def items_of(many: Many, unfold: Callable[[ColumnElement[Any]], TableValuedAlias]) -> Many:
    """The items of lists.

    Args:
        unfold: makes rows (value, key) of a JSON text of a list.
    """
    raw = many.element
    if many.error is not None:
        raw = case((many.error.is_not(None), literal("[null]")), else_=raw)
    error = many.error if many.error is not None else null()
    order = [each.label(f"place{at}") for at, each in enumerate(many.order)]
    lists = many.rows([raw.label("raw"), error.label("error"), *order]).subquery()
    items = unfold(lists.c.raw)

    def rows(columns: Sequence[ColumnElement[Any]]) -> Select[Any]:
        return select(*columns).select_from(lists.join(items, true()))

    places = (*(lists.c[each.name] for each in order), items.c.key)
    return Many(items.c.value, rows, places, lists.c.error if many.error is not None else None)


class SqliteTarget:
    """SQLite, with the functions of `sqlite.sqlite_functions` registered on the connection."""

    def call(self, operation: str, zone: str, arguments: Sequence[Argument]) -> ColumnElement[Any]:
        """One call of ``formula``."""
        name = key(operation, [code for _, code in arguments], zone)
        return func.formula(name, *(element for element, _ in arguments))

    def constant(self, value: object, code: str) -> ColumnElement[Any]:
        """A literal; an error is a blob."""
        return null() if value is None else literal(raw_value(value))

    def column(self, element: ColumnElement[Any], code: str) -> ColumnElement[Any]:
        """As it is."""
        return element

    def failing(self, element: ColumnElement[Any], code: str, error: ColumnElement[Any]) -> Argument:
        """A blob of the code in the place of the value."""
        return case((error.is_(None), element), else_=cast(error, LargeBinary)), code

    def stored_error(self, errors: ColumnElement[Any], key: str) -> ColumnElement[Any]:
        """By SQLite's own function."""
        return func.json_extract(errors, f'$."{key}"', type_=Text())

    def flag(self, condition: Condition) -> ColumnElement[Any]:
        """Conditions are 0 and 1."""
        return condition

    def gather(self, many: Many, code: str) -> ColumnElement[Any]:
        """JSON text; an error is an object."""
        item = func.nullif(func.hex(many.element), "") if code == "r" else many.element
        if many.error is None:
            items = many.ordered(item).subquery()
            return select(func.json_group_array(items.c.item)).select_from(items).scalar_subquery()
        failed = func.json_object("error", many.error)
        items = many.ordered(case((many.error.is_(None), func.json_quote(item)), else_=failed)).subquery()
        listed = literal("[").concat(func.coalesce(func.group_concat(items.c.item), "")).concat("]")
        return select(listed).select_from(items).scalar_subquery()

    def unpacked(self, many: Many) -> Many:
        """By json_each."""
        return items_of(many, lambda raw: func.json_each(raw).table_valued("value", "key"))

    def total(self, many: Many) -> list[ColumnElement[Any]]:
        """Two sums, since one of 64 bits may be too small."""
        parts = [many.element // 10**9, many.element % 10**9]
        return [many.rows([func.coalesce(func.sum(part), 0)]).scalar_subquery() for part in parts]

    def sortable(self, element: ColumnElement[Any], code: str) -> ColumnElement[Any]:
        """Numbers to 15 digits."""
        return cast(element, Float) if code == "n" else element
