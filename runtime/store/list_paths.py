"""The SQL of a path to many records: its items, and what SUM, COUNT, AVERAGE, MAX, MIN and COUNTA make of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, get_args

from runtime.expression.schema import Reference
from runtime.expression.typed import Constant, Fail, Invoke, Typed
from runtime.expression.typed import Field as Read
from runtime.form import Field
from runtime.numbers import from_scaled
from runtime.store.form_schema import PARENT, Step
from runtime.store.schema import column_name, table_name
from runtime.value.decimals import CONTEXT, ZERO
from runtime.value.error_values import DIVISION_BY_ZERO
from runtime.value.types import Kind

HALF = 1_000_000_000
"""Sums are taken of the upper and lower half of each number, so that no sum leaves 64 bits."""

_NUMBERS = frozenset({Kind.NUMBER})
_SORTED = frozenset({Kind.NUMBER, Kind.DATE, Kind.DATETIME})
_COUNTED: dict[str, frozenset[Kind]] = {
    "SUM": _NUMBERS,
    "AVERAGE": _NUMBERS,
    "MAX": _SORTED,
    "MIN": _SORTED,
    "COUNT": _SORTED,
    "COUNTA": frozenset(Kind),
}
"""Aggregate function -> kinds of items of which the database makes the same as the function does."""


class ListPath:
    """A path of which the first step leads to many records, as SQL over `?` anchors: the records it starts from.

    Args:
        route: its steps.
        leaf: the field at its end; None = the records.
    """

    def __init__(self, route: Sequence[Step], leaf: Field | None) -> None:
        self.leaf = leaf
        self._from: list[str] = []
        self._order: list[str] = []
        self._anchor = ""
        for step in route:
            self._join(step)
        last = f"t{len(self._from) - 1}"
        self._value = f"{last}._id" if leaf is None else f'{last}."{column_name(leaf.id)}"'
        self._error = f"{last}._err" if leaf is not None and leaf.computed else "NULL"
        self._failed = f"""{self._error} LIKE '%"{leaf.id}"%'""" if leaf is not None and leaf.computed else ""

    def _join(self, step: Step) -> None:
        assert step.form is not None
        here, there = f"t{len(self._from) - 1}", f"t{len(self._from)}"
        table = f'"{table_name(step.form.id)}" {there}'
        if not step.many:
            link = f"{here}._root" if step.id == PARENT else f'{here}."{column_name(step.id)}"'
            self._from.append(f"LEFT JOIN {table} ON {there}._id = {link} AND {there}._del = 0")
            return
        link = f'{there}."{column_name(step.field.id)}"' if step.field is not None else f"{there}._root"
        self._order.append(f"{there}._n")
        if self._from:
            self._from.append(f"JOIN {table} ON {link} = {here}._id AND {there}._del = 0")
        else:
            self._anchor = link
            self._from.append(table)

    def _select(self, columns: str, places: str, more: str = "") -> str:
        return f"SELECT {columns} FROM {' '.join(self._from)} WHERE t0._del = 0 AND {self._anchor} IN ({places}){more}"

    def items(self, places: str) -> str:
        """(anchor, value, errors of the row) of every item, in order."""
        columns = f"{self._anchor}, {self._value}, {self._error}"
        return self._select(columns, places, f" ORDER BY {', '.join(self._order)}")

    def counts(self, places: str) -> str:
        """The anchors that have more items than the last parameter."""
        return self._select(self._anchor, places, f" GROUP BY {self._anchor} HAVING count(*) > ?")

    def errors(self, places: str) -> str:
        """(anchor, errors of the row) of every item in error, in order."""
        more = f" AND {self._failed} ORDER BY {', '.join(self._order)}"
        return self._select(f"{self._anchor}, {self._error}", places, more)

    def totals(self, functions: Sequence[str], places: str) -> str:
        """(anchor, number of items in error, columns of the functions in turn); no row where there is no item."""
        errors = f"sum(CASE WHEN {self._failed} THEN 1 ELSE 0 END)" if self._failed else "0"
        columns = [self._anchor, errors]
        for function in functions:
            columns += self._columns(function)
        return self._select(", ".join(columns), places, f" GROUP BY {self._anchor}")

    def _columns(self, function: str) -> list[str]:
        value = self._value
        if function in ("MAX", "MIN"):
            return [f"{function.lower()}({value})"]
        if function == "COUNTA" and self.leaf is not None and self.leaf.kind.column == "text":
            return [f"count(nullif({value}, ''))"]
        if function in ("COUNT", "COUNTA"):
            return [f"count({value})"]
        return [f"count({value})", f"sum({value} / {HALF})", f"sum({value} % {HALF})"]

    def results(self, functions: Sequence[str], cells: Sequence[Any]) -> Iterator[tuple[str, Any]]:
        """(function, result) of the columns of `functions` in one row of `totals`."""
        at = 0
        for function in functions:
            count = len(self._columns(function))
            yield function, self._result(function, cells[at : at + count])
            at += count

    def _result(self, function: str, cells: Sequence[Any]) -> Any:
        if function in ("COUNT", "COUNTA"):
            return Decimal(int(cells[0]))
        leaf = self.leaf
        assert leaf is not None
        if function in ("MAX", "MIN"):
            raw = cells[0]
            return None if raw is None else leaf.kind.to_formula(leaf.kind.from_column(raw, leaf.props), leaf.props)
        total = from_scaled(int(cells[1] or 0) * HALF + int(cells[2] or 0), leaf.kind.scale(leaf.props))
        if function == "SUM":
            return total
        return CONTEXT.divide(total, Decimal(int(cells[0]))) if cells[0] else DIVISION_BY_ZERO


def nothing(function: str) -> Any:
    """What a function makes of an empty list; the empty list itself for ""."""
    return {"": (), "MAX": None, "MIN": None, "AVERAGE": DIVISION_BY_ZERO}.get(function, ZERO)


def with_totals(node: Typed) -> tuple[Typed, dict[str, tuple[str, Reference]]]:
    """The formula with every aggregate of one list that the database can make read as if it were a field.

    Returns:
        The tree, and for the keys of those fields the function and the reference of the list.
    """
    found: dict[str, tuple[str, Reference]] = {}

    def change(part: Any) -> Any:
        if isinstance(part, tuple):
            return tuple(change(each) for each in part)
        if not isinstance(part, _NODES) or isinstance(part, Constant | Fail | Read):
            return part
        listed = _listed(part)
        if listed is not None:
            function, reference = listed
            key = f"{function}:{reference.key}"
            found[key] = listed
            return Read(replace(reference, key=key, type=part.type, scale=None))
        return replace(part, **{name: change(getattr(part, name)) for name in part.__slots__})

    return change(node), found


_NODES = get_args(Typed)


def _listed(node: Any) -> tuple[str, Reference] | None:
    """(function, list) of an aggregate of one list that the database can make."""
    if not isinstance(node, Invoke) or len(node.arguments) != 1 or not isinstance(node.arguments[0], Read):
        return None
    reference, function = node.arguments[0].reference, node.function.name
    item = reference.type.item
    if item is None or reference.is_title or reference.listed or item.kind not in _COUNTED.get(function, ()):
        return None
    return function, reference
