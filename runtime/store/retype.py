"""Fields whose stored values would be misread after a publication: their values are converted, the old ones are kept.

The old column is renamed to `o_<field id>_<version>` and stays, with every value as it was; a new column takes its
place. A field that goes back to what it was takes the old values back, where nobody changed the record's field since.
All of it happens inside the transaction that publishes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from resources.texts import TN
from runtime.definition.node import App
from runtime.errors import Problem
from runtime.form import Field, Form, FormLookup, forms_of
from runtime.store import text_order
from runtime.store.conversion import Convert, Titles, converter, text_of
from runtime.store.dialect import columns_of
from runtime.store.schema import column_name, columns_written, key_name, table_name
from runtime.store.versions import Versions

BATCH = 2_000
EXAMPLES = 20
REMEMBERED = 200_000
"""Distinct values whose conversion is kept between looking and doing."""


@dataclass(frozen=True, slots=True)
class Retyped:
    """A field that changes its meaning.

    Attributes:
        form: as it will be.
        was, now: the field before and after.
        version: number of the version that changes it.
        kept: columns that hold values from before an earlier change, newest first: (column, the field as it was then,
            number of the commit that set them aside).
    """

    form: Form
    was: Field
    now: Field
    version: int
    kept: tuple[tuple[str, Field, int], ...] = ()

    @property
    def aside(self) -> str:
        """Column that the old values go to."""
        return f"o_{self.now.id}_{self.version}"


@dataclass(frozen=True, slots=True)
class Losses:
    """What a change of type would lose.

    Attributes:
        field: the field as it will be.
        values: how many records have a value.
        lost: how many of them lose it, or a part of it.
        examples: the first few: record, old value as text, what is lost.
    """

    field: Field
    values: int
    lost: int
    examples: tuple[tuple[UUID, str, str], ...]

    def problem(self) -> Problem:
        """Why this is not published without a word from the person."""
        shown = "; ".join(said for _, _, said in self.examples[:3])
        message = TN(
            "{lost} value of “{name}” does not fit the new type: {shown}",
            "{lost} values of “{name}” do not fit the new type: {shown}",
            self.lost,
            lost=self.lost,
            name=self.field.name,
            shown=shown,
        )
        return Problem(self.field.id, "values_lost", message)


def meaning(field: Field) -> tuple[str, int, str]:
    """What makes the raw values of a column mean something else when it changes."""
    return field.kind.name, field.kind.scale(field.props), field.target


def options_of(field: Field) -> frozenset[str]:
    """Ids of the options of a choice; those of other types are none."""
    return frozenset(option.id for option in getattr(field.props, "options", ()) or ())


def changes_meaning(connection: sa.Connection, form: Form, was: Field, now: Field) -> bool:
    """Whether values stored for `was` would be misread, refused or overwritten as values of `now`."""
    if not (was.known and now.known):
        return False
    if meaning(was) != meaning(now):
        return True
    if now.computed or was.computed:
        return now.computed and not was.computed
    return holds_option(connection, form.id, was, options_of(was) - options_of(now))


def holds_option(
    connection: sa.Connection, form_id: str, field: Field, options: Collection[str], *, living: bool = False
) -> bool:
    """Whether a record has one of these options in a choice, or among several; `living` = the bin left out."""
    wanted = sorted(options)
    if not wanted:
        return False
    column = f'"{column_name(field.id)}"'
    held = f"{column} IN ({', '.join('?' * len(wanted))})"
    if field.kind.item_type:
        held = "(" + " OR ".join([f"{column} LIKE ? ESCAPE '!'"] * len(wanted)) + ")"
        wanted = [f'%"{each.replace("_", "!_")}"%' for each in wanted]
    sql = f'SELECT 1 FROM "{table_name(form_id)}" WHERE {"_del = 0 AND " if living else ""}{held} LIMIT 1'
    return connection.exec_driver_sql(sql, tuple(wanted)).first() is not None


def reorder(connection: sa.Connection, form: Form, was: Field, now: Field) -> None:
    """Bring values of several options, which stand in the order of the options, to another order of these."""
    if not (was.known and now.known and now.kind.item_type) or meaning(was) != meaning(now):
        return
    before, after = ([option.id for option in field.props.options] for field in (was, now))
    if [each for each in before if each in after] == [each for each in after if each in before]:
        return
    table, column = table_name(form.id), column_name(now.id)
    found = connection.exec_driver_sql(f'SELECT DISTINCT "{column}" FROM "{table}" WHERE "{column}" IS NOT NULL')
    for (raw,) in found.fetchall():
        ordered = now.kind.to_column(now.kind.from_column(raw, now.props), now.props)
        if ordered != raw:
            connection.exec_driver_sql(f'UPDATE "{table}" SET "{column}" = ? WHERE "{column}" = ?', (ordered, raw))


def retyped(connection: sa.Connection, app: App, version: int) -> list[Retyped]:
    """The fields whose stored values `app`, as version `version`, would misread, in its order."""
    versions = Versions(connection, app.id)
    columns = {form.id: columns_of(connection, table_name(form.id)) for form in forms_of(app)}
    stored = {
        field.id: (form, field)
        for form in forms_of(app)
        for field in form.fields
        if column_name(field.id) in columns[form.id]
    }
    found = []
    before = versions.newest_with(stored.keys())
    for field_id, (form, now) in stored.items():
        was = before.get(field_id)
        if was is None:
            continue
        kept = tuple(_kept(versions, field_id, columns[form.id]))
        if changes_meaning(connection, form, was, now) or _regains(was, now, kept):
            found.append(Retyped(form, was, now, version, kept))
    return found


def _regains(was: Field, now: Field, kept: Collection[tuple[str, Field, int]]) -> bool:
    """Whether options come back whose values were set aside when they went."""
    back = options_of(now) - options_of(was) if was.known and now.known and not (was.computed or now.computed) else ()
    return bool(back) and any(
        meaning(field) == meaning(was)
        and options_of(field) <= options_of(now)
        and not options_of(field).isdisjoint(back)
        for _, field, _ in kept
    )


def _kept(versions: Versions, field_id: str, columns: Collection[str]) -> Iterator[tuple[str, Field, int]]:
    start = f"o_{field_id}_"
    for version in sorted((int(name.removeprefix(start)) for name in columns if name.startswith(start)), reverse=True):
        field = versions.field(field_id, below=version)
        if field is not None:
            yield f"{start}{version}", field, versions.seq(version)


@dataclass(frozen=True, slots=True)
class _Value:
    """What one record holds in the column; `former` from before an earlier change, `changed` the last commit on it."""

    n: int
    row: UUID
    raw: Any
    former: Any
    changed: int


class Conversion:
    """The conversion of one field's values, in one transaction: look first, then do it.

    Args:
        connection: of the publishing transaction, or of a read that only looks.
        change: what changes.
        lookup: finds forms as they will be.
    """

    def __init__(self, connection: sa.Connection, change: Retyped, lookup: FormLookup) -> None:
        self.change = change
        self._connection = connection
        self._table = table_name(change.form.id)
        self._lookup = lookup

    @cached_property
    def _convert(self) -> Convert:
        titles = _titles(self._connection, self.change, self._lookup)
        return lru_cache(REMEMBERED)(converter(self.change.was, self.change.now, titles))

    def losses(self) -> Losses:
        """What converting every value would lose; nothing is written."""
        was, now = self.change.was, self.change.now
        if now.computed:
            return Losses(now, 0, 0, ())
        values = lost = 0
        examples: list[tuple[UUID, str, str]] = []
        for value in self._values(column_name(now.id)):
            values += 1
            made = self._convert(value.raw)
            if made.lost is not None:
                lost += 1
                if len(examples) < EXAMPLES:
                    old = was.format(was.kind.from_column(value.raw, was.props))
                    examples.append((value.row, old, str(made.lost)))
        return Losses(now, values, lost, tuple(examples))

    def set_aside(self) -> None:
        """Give the old column, and that of its keys, a new name; the caller then makes the new ones."""
        field = self.change.now.id
        self._connection.exec_driver_sql(f'DROP INDEX IF EXISTS "i_{field}"')
        asides = {column_name(field): self.change.aside, key_name(field): f"k{self.change.aside}"}
        present = columns_of(self._connection, self._table)
        for column, aside in asides.items():
            if column in present:
                self._connection.exec_driver_sql(f'ALTER TABLE "{self._table}" RENAME COLUMN "{column}" TO "{aside}"')

    def fill(self) -> int:
        """Convert every value of the column that was set aside into the new one; how many records have one now."""
        if self.change.now.computed:
            return 0
        former, until = self._former()
        places = ", ".join(f'"{name}" = ?' for name in columns_written(self.change.form, self.change.now))
        update = f'UPDATE "{self._table}" SET {places} WHERE _n = ?'
        values, count = self._values(self.change.aside, former), 0
        while batch := list(islice(values, BATCH)):
            made = [(self._made(value, until), value.n) for value in batch]
            written = [(*self._cells(raw), n) for raw, n in made if raw is not None]
            if written:
                self._connection.exec_driver_sql(update, written)
            count += len(written)
        return count

    def _cells(self, raw: Any) -> tuple[Any, ...]:
        return (raw, text_order.key(raw)) if self.change.now.id in text_order.ordered(self.change.form) else (raw,)

    def _made(self, value: _Value, until: int) -> Any:
        """The value from before an earlier change of type, where nobody changed the field since; else the converted."""
        if value.former is not None and value.changed <= until:
            return value.former
        return None if value.raw is None else self._convert(value.raw).raw

    def _former(self) -> tuple[str, int]:
        """Column with the values from when the field had its new meaning before, and the commit that set it aside."""
        now = self.change.now
        for column, field, seq in self.change.kept:
            if meaning(field) == meaning(now) and options_of(field) <= options_of(now):
                return column, seq
        return "", -1

    def _values(self, column: str, former: str = "") -> Iterator[_Value]:
        """Every record that has a value in one of the two columns, the bin included."""
        columns = f'"{column}", "{former}"' if former else f'"{column}", NULL'
        filled = f'("{column}" IS NOT NULL OR "{former}" IS NOT NULL)' if former else f'"{column}" IS NOT NULL'
        select = f'SELECT _n, _id, {columns}, _fv, _c FROM "{self._table}"'
        sql = f"{select} WHERE _n > ? AND {filled} ORDER BY _n LIMIT {BATCH}"
        last = 0
        while rows := self._connection.exec_driver_sql(sql, (last,)).fetchall():
            for n, row, raw, old, stamps, created in rows:
                changed = _changed(self.change.now.id, stamps, created) if former else 0
                yield _Value(n, UUID(bytes=bytes(row)), raw, old, changed)
            last = rows[-1][0]


def _titles(connection: sa.Connection, change: Retyped, lookup: FormLookup) -> Titles:
    old, new = lookup(change.was.target), lookup(change.now.target)
    by_record = dict(_titled(connection, old)) if old is not None else {}
    by_title: dict[str, UUID] = {}
    shared: set[str] = set()
    for row, title in _titled(connection, new) if new is not None else ():
        if by_title.setdefault(title, row) != row:
            shared.add(title)
    return Titles(by_record, {title: row for title, row in by_title.items() if title not in shared})


def _titled(connection: sa.Connection, form: Form) -> Iterator[tuple[UUID, str]]:
    """(record, title) of the living records that have a title."""
    title = form.title
    if title is None:
        return
    column = column_name(title.id)
    sql = f'SELECT _id, "{column}" FROM "{table_name(form.id)}" WHERE _del = 0 AND "{column}" IS NOT NULL ORDER BY _n'
    for row, raw in connection.exec_driver_sql(sql):
        value = title.kind.from_column(raw, title.props)
        yield UUID(bytes=bytes(row)), text_of(title, value, Titles())


def _changed(field_id: str, stamps: str | None, created: str) -> int:
    stamp = msgspec.json.decode(stamps).get(field_id) if stamps else None
    return int((stamp or msgspec.json.decode(created))[0])
