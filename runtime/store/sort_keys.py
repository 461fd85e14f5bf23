"""Makes the keys of texts that were there before their column of keys was, some thousand records a transaction."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from runtime.form import Form
from runtime.store import pending, schema, text_order
from runtime.store.dialect import columns_of
from runtime.store.schema import column_name, key_name, table_name

CHUNK = 5_000
"""Records whose keys are made in one transaction."""


def bring_up(connection: sa.Connection, form: Form, was: Form | None) -> None:
    """`schema.bring_up`, and the keys that are missing then are queued."""
    unkeyed = schema.bring_up(connection, form, was)
    if unkeyed:
        pending.add(connection, form.id, unkeyed, pending.KEYS)


def make_some(connection: sa.Connection, entry: pending.Entry) -> int | None:
    """Make the keys of the next records of an entry of the queue, and move its cursor; how many, None = it is done.

    Fields that the form has no more are filled too: they may come back. Stamps and commit numbers stay as they are.
    """
    table = table_name(entry.form)
    present = columns_of(connection, table)
    pairs = [(column_name(field), key_name(field)) for field in entry.fields]
    pairs = [pair for pair in pairs if present.issuperset(pair)]
    rows = (
        _next(connection, table, [*(text for text, _ in pairs), *(key for _, key in pairs)], entry.cursor)
        if pairs
        else []
    )
    for at, (_, name) in enumerate(pairs, 1):
        keys = text_order.keys([row[at] for row in rows]) or [None] * len(rows)
        made = [(key, row[0]) for key, row in zip(keys, rows, strict=True) if key != row[at + len(pairs)]]
        if made:
            connection.exec_driver_sql(f'UPDATE "{table}" SET "{name}" = ? WHERE _n = ?', made)
    if len(rows) < CHUNK:
        pending.finish(connection, entry)
        return None
    pending.advance(connection, entry, rows[-1][0])
    return len(rows)


def _next(connection: sa.Connection, table: str, names: list[str], cursor: int) -> list[Any]:
    columns = ", ".join(f'"{name}"' for name in names)
    sql = f'SELECT _n, {columns} FROM "{table}" WHERE _n > ? ORDER BY _n LIMIT {CHUNK}'
    return list(connection.exec_driver_sql(sql, (cursor,)))
