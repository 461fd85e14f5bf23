"""Values that records share in a field that is to have no duplicates: looked for when it is published.

Values are alike here as they are when a record is saved: what the column keeps is compared, records in the bin and
blanks do not count.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from resources.texts import TN, T
from runtime.errors import Problem
from runtime.form import Field, Form, FormLookup
from runtime.store.schema import column_name, table_name

EXAMPLES = 3
LONGEST = 40
"""Characters of a value that are shown."""


@dataclass(frozen=True, slots=True)
class Repeated:
    """A value that several records have.

    Attributes:
        raw: as the column keeps it.
        records: how many records have it.
    """

    raw: Any
    records: int


def repeated(connection: sa.Connection, form: Form, field: Field) -> tuple[int, list[Repeated]]:
    """How many values of a field several living records have, and the most frequent of them; one statement."""
    column, table = column_name(field.id), table_name(form.id)
    groups = (
        f'SELECT "{column}" AS value, count(*) AS records, min(_n) AS first FROM "{table}" '
        f'WHERE _del = 0 AND "{column}" IS NOT NULL GROUP BY "{column}" HAVING count(*) > 1'
    )
    sql = (
        f"SELECT value, records, count(*) OVER () FROM ({groups}) AS alike "
        f"ORDER BY records DESC, first LIMIT {EXAMPLES}"
    )
    rows = connection.exec_driver_sql(sql).fetchall()
    return (int(rows[0][2]) if rows else 0), [Repeated(raw, int(records)) for raw, records, _ in rows]


def repeats(
    connection: sa.Connection, form: Form, field: Field, lookup: FormLookup, former: tuple[str, Field] | None = None
) -> Iterator[Problem]:
    """Why a field cannot be published as one without duplicates; nothing where no value repeats.

    Args:
        lookup: finds the forms of relations, for their titles.
        former: where values were converted: the column with the old ones, and the field as it was.
    """
    count, examples = repeated(connection, form, field)
    if not count:
        return
    shown = "; ".join(_shown(connection, form, field, each, lookup, former) for each in examples)
    if former is None:
        message = TN(
            "{n} value of “{name}” is there more than once: {shown}. Change the records first, or publish without "
            "“No duplicates”.",
            "{n} values of “{name}” are there more than once: {shown}. Change the records first, or publish without "
            "“No duplicates”.",
            count,
            name=field.name,
            shown=shown,
        )
    else:
        message = TN(
            "In the new type, {n} value of “{name}” would be there more than once: {shown}. Change the records first, "
            "or publish without “No duplicates”.",
            "In the new type, {n} values of “{name}” would be there more than once: {shown}. Change the records first, "
            "or publish without “No duplicates”.",
            count,
            name=field.name,
            shown=shown,
        )
    yield Problem(field.id, "values_repeat", message)


def _shown(
    connection: sa.Connection,
    form: Form,
    field: Field,
    each: Repeated,
    lookup: FormLookup,
    former: tuple[str, Field] | None,
) -> str:
    value = _text(connection, field, each.raw, lookup)
    olds = _olds(connection, form, field, each.raw, former, lookup) if former is not None else []
    if any(old != value for old in olds):
        was = ", ".join(f"“{old}”" for old in olds)
        return str(T("“{value}” {n} times (was {old})", value=value, n=each.records, old=was))
    return str(T("“{value}” {n} times", value=value, n=each.records))


def _olds(
    connection: sa.Connection, form: Form, field: Field, raw: Any, former: tuple[str, Field], lookup: FormLookup
) -> list[str]:
    """The first few old values that became `raw`."""
    column, was = former
    sql = (
        f'SELECT "{column}" FROM "{table_name(form.id)}" WHERE _del = 0 AND "{column_name(field.id)}" = ? '
        f'AND "{column}" IS NOT NULL GROUP BY "{column}" ORDER BY min(_n) LIMIT {EXAMPLES}'
    )
    return [_text(connection, was, old, lookup) for old in connection.exec_driver_sql(sql, (raw,)).scalars()]


def _text(connection: sa.Connection, field: Field, raw: Any, lookup: FormLookup) -> str:
    """A value as people read it, cut where it is long."""
    value = field.kind.from_column(raw, field.props)
    target = lookup(field.target) if isinstance(value, UUID) else None
    title = target.title if target is not None else None
    text = field.format(value)
    if target is not None and title is not None:
        sql = f'SELECT "{column_name(title.id)}" FROM "{table_name(target.id)}" WHERE _id = ?'
        found = connection.exec_driver_sql(sql, (raw,)).scalar()
        text = text if found is None else title.format(title.kind.from_column(found, title.props))
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
