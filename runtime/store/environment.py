"""What formulas read beyond their own row: values at the end of paths, for many rows in a handful of statements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any, Protocol
from uuid import UUID

import msgspec
import sqlalchemy as sa

from runtime.expression.schema import Reference
from runtime.form import Field, Form, FormLookup
from runtime.store.form_schema import PARENT, Step, steps
from runtime.store.list_paths import ListPath, nothing
from runtime.store.schema import column_name, table_name
from runtime.value.conversions import LONGEST_LIST, to_text
from runtime.value.error_values import OUT_OF_RANGE, ErrorValue

BATCH = 500
"""Ids per statement."""


@dataclass(frozen=True, slots=True, eq=False)
class Need:
    """One value beyond the row that a formula reads.

    Attributes:
        key: under which the formula takes it.
        route: the steps to the records that have it, at least one.
        leaf: the field of those records; None = the records themselves.
        titled: the value is wanted as the title of a record: as text.
        function: name of the aggregate function whose result over the list is wanted; "" = the value or list itself.
    """

    key: str
    route: tuple[Step, ...]
    leaf: Field | None
    titled: bool = False
    function: str = ""

    @property
    def many(self) -> bool:
        """Whether the value is a list."""
        return any(step.many for step in self.route)

    @property
    def blank(self) -> Any:
        """What stands where there is no value."""
        return () if self.leaf is not None and self.leaf.kind.item_type and not self.titled else None


def need_of(reference: Reference, form: Form, lookup: FormLookup, function: str = "") -> Need:
    """What a reference of a formula of `form` needs; of a reference that leaves its row."""
    route = steps(form, reference.path, lookup)
    if reference.is_title:
        end = route[-1].form
        return Need(reference.key, tuple(route), end.title if end is not None else None, titled=True)
    last = route[-1]
    if last.field is not None and not last.many:
        return Need(reference.key, tuple(route[:-1]), last.field, function=function)
    return Need(reference.key, tuple(route), None, function=function)


class Start(Protocol):
    """A row at which paths begin."""

    @property
    def id(self) -> UUID:
        """Its id."""
        ...

    @property
    def root(self) -> UUID | None:
        """The record of a sub-form row."""
        ...

    @property
    def values(self) -> Mapping[str, Any]:
        """Typed values by field id."""
        ...

    @property
    def there(self) -> bool:
        """Whether it is in the database: nothing can point to one that is not."""
        ...


class Paths:
    """Reads the needs of formulas inside one transaction.

    Args:
        connection: of the transaction.
        zone: in which date-times become the text of a title.
    """

    def __init__(self, connection: sa.Connection, zone: tzinfo) -> None:
        self._connection = connection
        self._zone = zone

    def read(self, form: Form, rows: Sequence[Start], needs: Sequence[Need]) -> list[dict[str, Any]]:
        """`Need.key` -> value of every need, for each row of `form`; records in the bin are not there.

        A path to one record gives its value or None, one to many a tuple in the order in which their rows were made;
        the error of a computed field is an `ErrorValue`; so is a list of more than 10,000 items.
        """
        found: list[dict[str, Any]] = [{} for _ in rows]
        if needs and rows:
            there = [row.id.bytes if row.there else None for row in rows]
            self._lists(there, needs, 0, found)
            for item, below in _by_step(needs, 0):
                if item.id == PARENT:
                    ends = [None if row.root is None else row.root.bytes for row in rows]
                else:
                    ends = [_raw(row.values.get(item.id)) for row in rows]
                self._reach(item.form, ends, below, 1, found)
        return found

    def _reach(
        self, form: Form | None, here: list[bytes | None], needs: list[Need], at: int, found: list[dict[str, Any]]
    ) -> None:
        """Go on with `needs`, of whose routes `at` steps have led to the records `here` of `form`."""
        ones = _by_step(needs, at)
        leaves = [need for need in needs if len(need.route) == at]
        columns = [column_name(item.id) if item.id != PARENT else "_root" for item, _ in ones]
        columns += [column_name(need.leaf.id) for need in leaves if need.leaf is not None]
        rows = {} if form is None else self._fetch(form, here, columns)
        living = [each if each in rows else None for each in here]
        for need in leaves:
            values = self._leaves(need, rows)
            for at_row, each in enumerate(living):
                found[at_row][need.key] = need.blank if each is None else values[each]
        self._lists(living, needs, at, found)
        for number, (item, below) in enumerate(ones):
            ends = [None if each is None else rows[each][columns[number]] for each in living]
            self._reach(item.form, ends, below, at + 1, found)

    def _leaves(self, need: Need, rows: Mapping[bytes, Mapping[str, Any]]) -> dict[bytes, Any]:
        if need.leaf is None:
            return {row: None if need.titled else UUID(bytes=row) for row in rows}
        column = column_name(need.leaf.id)
        return {row: self._value(need, cells[column], cells["_err"]) for row, cells in rows.items()}

    def _value(self, need: Need, raw: Any, errors: str | None) -> Any:
        """One value as formulas see it."""
        leaf = need.leaf
        if leaf is None:
            return None if raw is None or need.titled else UUID(bytes=bytes(raw))
        if raw is None:
            code = error_in(errors, leaf)
            return ErrorValue(code) if code else need.blank
        value = leaf.kind.to_formula(leaf.kind.from_column(raw, leaf.props), leaf.props)
        if need.titled:
            return None if isinstance(value, UUID | tuple) else to_text(value, self._zone)
        return value

    def _fetch(self, form: Form, here: Iterable[bytes | None], columns: Sequence[str]) -> dict[bytes, dict[str, Any]]:
        """The living records of `form` among `here`, with some columns and their errors."""
        names = list(dict.fromkeys(["_id", "_err", *columns]))
        select = ", ".join(f'"{name}"' for name in names)
        wanted = [each for each in dict.fromkeys(here) if each is not None]
        found: dict[bytes, dict[str, Any]] = {}
        for part, places in batches(wanted):
            sql = f'SELECT {select} FROM "{table_name(form.id)}" WHERE _del = 0 AND _id IN ({places})'
            for raw in self._connection.exec_driver_sql(sql, part):
                row = dict(zip(names, raw, strict=True))
                found[bytes(row["_id"])] = row
        for row in found.values():
            for name in names[1:]:
                if isinstance(row[name], memoryview):
                    row[name] = bytes(row[name])
        return found

    # Lists

    def _lists(self, anchors: list[bytes | None], needs: Sequence[Need], at: int, found: list[dict[str, Any]]) -> None:
        """The needs whose next step leads to many records."""
        grouped: dict[tuple[str, ...], list[Need]] = {}
        for need in needs:
            if len(need.route) > at and need.route[at].many:
                grouped.setdefault(_list_key(need, at), []).append(need)
        for alike in grouped.values():
            path = ListPath(alike[0].route[at:], alike[0].leaf)
            wanted = [each for each in dict.fromkeys(anchors) if each is not None]
            functions = {need.function for need in alike if need.function}
            totals = self._totals(path, wanted, functions) if functions else {}
            for need in alike:
                values = totals[need.function] if need.function else self._items(path, wanted, need)
                empty = nothing(need.function)
                for row, anchor in zip(found, anchors, strict=True):
                    row[need.key] = empty if anchor is None else values.get(anchor, empty)

    def _items(self, path: ListPath, anchors: list[bytes], need: Need) -> dict[bytes, Any]:
        found: dict[bytes, Any] = {}
        for part, places in batches(anchors):
            long = self._too_long(path, part, places) if len(part) > 1 else set()
            found.update(dict.fromkeys(long, OUT_OF_RANGE))
            short = tuple(each for each in part if each not in long)
            sql = path.items(", ".join("?" * len(short))) + (f" LIMIT {LONGEST_LIST + 1}" if len(part) == 1 else "")
            lists: dict[bytes, list[Any]] = {}
            for anchor, raw, errors in self._connection.exec_driver_sql(sql, short) if short else ():
                value = self._value(need, raw, errors)
                lists.setdefault(bytes(anchor), []).extend(value if isinstance(value, tuple) else (value,))
            for anchor, items in lists.items():
                found[anchor] = tuple(items) if len(items) <= LONGEST_LIST else OUT_OF_RANGE
        return found

    def _too_long(self, path: ListPath, anchors: tuple[bytes, ...], places: str) -> set[bytes]:
        counted = self._connection.exec_driver_sql(path.counts(places), (*anchors, LONGEST_LIST))
        return {bytes(anchor) for (anchor,) in counted}

    def _totals(self, path: ListPath, anchors: list[bytes], functions: set[str]) -> dict[str, dict[bytes, Any]]:
        found: dict[str, dict[bytes, Any]] = {function: {} for function in functions}
        wanted = sorted(functions)
        for part, places in batches(anchors):
            failed = []
            for anchor, errors, *cells in self._connection.exec_driver_sql(path.totals(wanted, places), part):
                if errors:
                    failed.append(bytes(anchor))
                for function, result in path.results(wanted, cells):
                    found[function][bytes(anchor)] = result
            for anchor, error in self._first_errors(path, failed):
                for function in functions:
                    found[function][anchor] = error
        return found

    def _first_errors(self, path: ListPath, anchors: list[bytes]) -> Iterator[tuple[bytes, ErrorValue]]:
        seen = set()
        for part, places in batches(anchors):
            for anchor, errors in self._connection.exec_driver_sql(path.errors(places), part):
                if bytes(anchor) not in seen and path.leaf is not None:
                    seen.add(bytes(anchor))
                    yield bytes(anchor), ErrorValue(error_in(errors, path.leaf))


def batches(values: Sequence[Any], size: int = BATCH) -> Iterator[tuple[tuple[Any, ...], str]]:
    """The values in parts for an `IN`, each with its places."""
    for start in range(0, len(values), size):
        part = tuple(values[start : start + size])
        yield part, ", ".join("?" * len(part))


def error_in(errors: str | None, field: Field) -> str:
    """The error code of a computed field in the errors of its row; "" = none."""
    if not errors or not field.computed:
        return ""
    found: dict[str, str] = msgspec.json.decode(errors)
    return found.get(field.id, "")


def _raw(value: Any) -> bytes | None:
    return value.bytes if isinstance(value, UUID) else None


def _by_step(needs: Iterable[Need], at: int) -> list[tuple[Step, list[Need]]]:
    """The needs whose next step leads to one record, by that step."""
    found: dict[str, tuple[Step, list[Need]]] = {}
    for need in needs:
        if len(need.route) > at and not need.route[at].many:
            found.setdefault(need.route[at].id, (need.route[at], []))[1].append(need)
    return list(found.values())


def _list_key(need: Need, at: int) -> tuple[str, ...]:
    return (*(step.id for step in need.route[at:]), need.leaf.id if need.leaf is not None else "", str(need.titled))
