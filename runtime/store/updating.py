"""Marks rows of which computed fields wait in the queue, so that cells say so and nobody trusts an old value."""

from __future__ import annotations

import sqlalchemy as sa
from msgspec.structs import replace

from runtime.form import Form
from runtime.store import pending
from runtime.store.environment import batches
from runtime.store.routes import leads_to, route_of
from runtime.store.rows import Row
from runtime.store.schema import table_name
from runtime.store.snapshot import Snapshot


def marked(connection: sa.Connection, snapshot: Snapshot, form: Form, rows: list[Row]) -> list[Row]:
    """The rows with `updating` filled: what waits itself, and what follows from it in the same row."""
    if not rows or not any(field.computed for field in form.fields):
        return rows
    found: dict[bytes, frozenset[str]] = {}
    for entry in pending.entries(connection, form.id):
        fields = frozenset(program.field.id for program in snapshot.logic(form.id).recompute(entry.fields))
        for row in _waiting(connection, snapshot, form, entry, rows):
            found[row] = found.get(row, frozenset()) | fields
    return [replace(row, updating=found[row.id.bytes]) if row.id.bytes in found else row for row in rows]


def _waiting(
    connection: sa.Connection, snapshot: Snapshot, form: Form, entry: pending.Entry, rows: list[Row]
) -> list[bytes]:
    """Which of the rows an entry of the queue has not come to yet."""
    ahead = [row.id.bytes for row in rows if row.n > entry.cursor]
    if entry.route is None:
        return ahead
    route = route_of(form, entry.route, snapshot.lookup)
    if route is None:
        return []
    found: list[bytes] = []
    sources = ", ".join("?" * len(entry.sources))
    for part, places in batches(ahead):
        condition = leads_to(form, route, sources)
        sql = f'SELECT _id FROM "{table_name(form.id)}" WHERE _id IN ({places}) AND {condition}'
        found += [bytes(row) for (row,) in connection.exec_driver_sql(sql, (*part, *entry.sources))]
    return found
