"""The durable queue of computed values that are out of date, kept with the change that made them so."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa

from runtime.store.system import pending

ID_BYTES = 16
KEYS = ("=",)
"""In place of a route, which it never is: the fields are texts that wait for what they sort by."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Rows of which some fields have to be computed.

    Attributes:
        id: earlier ones come first.
        form: whose rows.
        fields: ids of the computed fields; with `KEYS` of text fields.
        route: the way from the rows to `sources`, as ids of steps; None = every row of the form.
        sources: ids of the records that changed.
        cursor: rows up to this `_n` are done.
    """

    id: int
    form: str
    fields: tuple[str, ...]
    route: tuple[str, ...] | None
    sources: tuple[bytes, ...]
    cursor: int


def add(
    connection: sa.Connection,
    form_id: str,
    fields: Collection[str],
    route: Sequence[str] | None = None,
    sources: Sequence[bytes] = (),
) -> None:
    """Queue the rows from which `route` leads to `sources`, or without a route every row.

    The same again does not stand in the queue twice: it begins anew.
    """
    ordered = sorted(fields)
    if route not in (None, KEYS) and _covered(connection, form_id, ordered):
        return
    line = msgspec.json.encode([form_id, ordered, None if route is None else list(route)])
    blob = b"".join(sorted(sources))
    key = hashlib.sha256(line + blob).hexdigest()
    connection.exec_driver_sql(
        f"INSERT INTO {pending.name} (key, form, fields, route, sources, cursor) VALUES (?, ?, ?, ?, ?, 0) "
        "ON CONFLICT (key) DO UPDATE SET cursor = 0",
        (
            key,
            form_id,
            msgspec.json.encode(ordered).decode(),
            None if route is None else msgspec.json.encode(list(route)).decode(),
            blob,
        ),
    )


def _covered(connection: sa.Connection, form_id: str, fields: Sequence[str]) -> bool:
    """Whether these fields of every row wait already, from the first row on."""
    waiting = entries(connection, form_id)
    return any(each.route is None and not each.cursor and set(fields) <= set(each.fields) for each in waiting)


def entries(connection: sa.Connection, form_id: str) -> list[Entry]:
    """What waits for rows of a form."""
    sql = f"{_SELECT} WHERE form = ? ORDER BY id"
    return [_entry(raw) for raw in connection.exec_driver_sql(sql, (form_id,)).fetchall()]


def unkeyed(connection: sa.Connection, form_id: str) -> frozenset[str]:
    """Ids of the text fields of a form of which some rows wait for what they sort by."""
    return frozenset(field for each in entries(connection, form_id) if each.route == KEYS for field in each.fields)


def first(connection: sa.Connection) -> Entry | None:
    """What is next; None where nothing waits."""
    raw = connection.exec_driver_sql(f"{_SELECT} ORDER BY id LIMIT 1").fetchone()
    return _entry(raw) if raw is not None else None


def advance(connection: sa.Connection, entry: Entry, cursor: int) -> None:
    """Rows of the entry up to this `_n` are done."""
    connection.exec_driver_sql(f"UPDATE {pending.name} SET cursor = ? WHERE id = ?", (cursor, entry.id))


def finish(connection: sa.Connection, entry: Entry) -> None:
    """The entry is done."""
    connection.exec_driver_sql(f"DELETE FROM {pending.name} WHERE id = ?", (entry.id,))


_SELECT = f"SELECT id, form, fields, route, sources, cursor FROM {pending.name}"


def _entry(raw: Any) -> Entry:
    blob = bytes(raw[4])
    sources = tuple(blob[at : at + ID_BYTES] for at in range(0, len(blob), ID_BYTES))
    route = None if raw[3] is None else tuple(msgspec.json.decode(raw[3]))
    return Entry(raw[0], raw[1], tuple(msgspec.json.decode(raw[2])), route, sources, raw[5])
