"""Checks of values against the rows that are there: no duplicates, relations that exist."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from resources.texts import T
from runtime.errors import Problem
from runtime.form import Field, Form
from runtime.store.rows import to_columns
from runtime.store.schema import column_name, table_name

BATCH = 500
"""Values per statement."""


def taken_values(
    connection: sa.Connection, form: Form, field: Field, rows: Sequence[UUID], values: Sequence[Any]
) -> list[Problem]:
    """Values of a field without duplicates that another living record has, or that come twice in `values`."""
    raw = to_columns(field, values)
    owners: dict[Any, bytes] = {}
    problems = []
    message = T("Another record has this value, and “{name}” allows no duplicates.", name=field.name)
    for at, value in enumerate(raw):
        if value is not None and owners.setdefault(value, rows[at].bytes) != rows[at].bytes:
            problems.append(Problem(field.id, "duplicate", message, row=rows[at]))
    column = column_name(field.id)
    select = f'SELECT "{column}", _id FROM "{table_name(form.id)}" WHERE _del = 0 AND "{column}" IN'
    own = {row.bytes for row in rows}
    for value, owner in _in_batches(connection, select, list(owners)):
        if bytes(owner) not in own:
            problems.append(Problem(field.id, "duplicate", message, row=UUID(bytes=owners[value])))
    return problems


def missing_targets(
    connection: sa.Connection,
    field: Field,
    target: Form,
    rows: Sequence[UUID],
    values: Sequence[Any],
    *,
    bin_too: bool = False,
) -> list[Problem]:
    """Relations to records that do not exist, or are in the bin; `bin_too` = records in the bin will do."""
    wanted = {value.bytes: at for at, value in enumerate(values) if isinstance(value, UUID)}
    living = "" if bin_too else "_del = 0 AND "
    select = f'SELECT _id FROM "{table_name(target.id)}" WHERE {living}_id IN'
    found = {bytes(row[0]) for row in _in_batches(connection, select, list(wanted))}
    message = T("The record that “{name}” points to does not exist, or is in the bin.", name=field.name)
    return [
        Problem(field.id, "no_such_target", message, row=rows[at]) for raw, at in wanted.items() if raw not in found
    ]


def _in_batches(connection: sa.Connection, select: str, values: Sequence[Any]) -> Iterator[Any]:
    for start in range(0, len(values), BATCH):
        part = values[start : start + BATCH]
        yield from connection.exec_driver_sql(f"{select} ({', '.join('?' * len(part))})", tuple(part))
