"""Tables of forms, made from definitions: every form is a real table with typed columns.

Adding a field adds a column; a removed field keeps its column and values, so that it can come back.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from runtime.definition.ids import FIELD, FORM, is_id
from runtime.form import Field, Form
from runtime.store import text_order
from runtime.store.dialect import TEXT, WHOLE, columns_of, index_method

COLUMN_TYPES: dict[str, sa.types.TypeEngine[Any]] = {
    "integer": sa.BigInteger(),
    "text": TEXT,
    "blob": sa.LargeBinary(),
}


def table_name(form_id: str) -> str:
    """Name of a form's table; only ids become part of SQL.

    Raises:
        ValueError: that is no id of a definition.
    """
    if not is_id(form_id, FORM):
        raise ValueError(form_id)
    return f"f_{form_id}"


def column_name(field_id: str) -> str:
    """Name of a field's column; only ids become part of SQL.

    Raises:
        ValueError: that is no id of a definition.
    """
    if not is_id(field_id, FIELD):
        raise ValueError(field_id)
    return f"c_{field_id}"


def key_name(field_id: str) -> str:
    """Name of the column beside a text field that holds what its texts sort by, see `runtime.store.text_order`.

    Raises:
        ValueError: that is no id of a definition.
    """
    return f"k{text_order.VERSION}{column_name(field_id)[1:]}"


def columns_written(form: Form, field: Field) -> tuple[str, ...]:
    """Names of the columns that a value of the field goes to, see `runtime.store.rows.written`."""
    name = column_name(field.id)
    return (name, key_name(field.id)) if field.id in text_order.ordered(form) else (name,)


@lru_cache(maxsize=256)
def table_of(form: Form) -> sa.Table:
    """The table of a form.

    `_n` is the local number of a row, never sent; `_id` its UUIDv7; `_root` the record of a sub-form row (NULL: the
    row itself); `_seq` the commit that last wrote it; `_c` and `_fv` the stamps `[seq, device, n, hlc]` of creation
    and, by field, of later writes; `_del` 1 = in the bin; `_err` error codes of computed fields.
    """
    return sa.Table(
        table_name(form.id),
        sa.MetaData(),
        sa.Column("_n", WHOLE, primary_key=True, autoincrement=False),
        sa.Column("_id", sa.LargeBinary, nullable=False, unique=True),
        sa.Column("_root", sa.LargeBinary),
        sa.Column("_seq", WHOLE, nullable=False),
        sa.Column("_c", TEXT, nullable=False),
        sa.Column("_fv", TEXT),
        sa.Column("_del", WHOLE, nullable=False, server_default="0"),
        sa.Column("_err", TEXT),
        *(sa.Column(column_name(field.id), COLUMN_TYPES[field.kind.column]) for field in form.fields),
        *(sa.Column(key_name(field.id), TEXT) for field in form.fields if field.id in text_order.ordered(form)),
    )


def bring_up(connection: sa.Connection, form: Form, was: Form | None) -> list[str]:
    """Make the form's table, or add the columns and indexes that its new version needs; values are never touched.

    Runs inside the transaction that publishes the definition.

    Args:
        was: the form in the version before; None where there is none, or none that is known.

    Returns:
        ids of the fields whose texts may be there without their keys: all but those that had keys in that version.
    """
    table = table_of(form)
    present = columns_of(connection, table.name)
    if not present:
        table.create(connection)
    if form.parent:
        connection.exec_driver_sql(f'CREATE INDEX IF NOT EXISTS "r_{form.id}" ON "{table.name}" (_root)')
    unkeyed, keyed = [], text_order.ordered(form)
    kept = text_order.ordered(was) if was is not None else frozenset()
    for field in form.fields:
        name = column_name(field.id)
        for each in columns_written(form, field) if present else ():
            if each not in present:
                kind = table.c[each].type.compile(connection.dialect)
                connection.exec_driver_sql(f'ALTER TABLE "{table.name}" ADD COLUMN "{each}" {kind}')
        if field.id in keyed and name in present and not (field.id in kept and key_name(field.id) in present):
            unkeyed.append(field.id)
        if _indexed(field, form):
            method = index_method(connection, field.kind.column == "text")
            connection.exec_driver_sql(
                f'CREATE INDEX IF NOT EXISTS "i_{field.id}" ON "{table.name}" {method}("{name}")'
            )
    return unkeyed


def has_column(connection: sa.Connection, form: Form, field: Field) -> bool:
    """Whether the form's table has a column for the field, from this version or an older one."""
    return column_name(field.id) in columns_of(connection, table_name(form.id))


def _indexed(field: Field, form: Form) -> bool:
    is_key = form.key is not None and form.key.id == field.id
    return field.known and (bool(field.props.unique) or bool(field.target) or is_key)
