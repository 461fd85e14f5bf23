"""What differs between SQLite and PostgreSQL in the statements of the store; everything else is written once.

Values are the same on both: whole numbers, text that sorts by code point, bytes.
"""

from __future__ import annotations

import sqlalchemy as sa

from runtime.expression.compile_sql.target import Target

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""A whole number of 64 bits; on SQLite the name that makes a primary key the number of the row."""

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
"""Text that compares and sorts by its UTF-8 bytes, whatever the language of the server."""

_COLUMNS = {
    "sqlite": "SELECT name FROM pragma_table_info(?)",
    "postgresql": "SELECT attname FROM pg_catalog.pg_attribute "
    "WHERE attrelid = to_regclass(?) AND attnum > 0 AND NOT attisdropped",
}
_MERGED = {
    "sqlite": "json_patch(coalesce({column}, '{{}}'), ?)",
    "postgresql": "replace((coalesce({column}, '{{}}')::jsonb || ?::jsonb)::text, ' ', '')",
}


def on_server(connection: sa.Connection | sa.Engine) -> bool:
    """Whether the workspace is in a PostgreSQL database and not in a file."""
    return connection.dialect.name == "postgresql"


def formula_target(connection: sa.Connection | sa.Engine) -> Target | None:
    """How formulas are computed there; None is SQLite."""
    if not on_server(connection):
        return None
    from runtime.expression.compile_sql.postgres import PostgresTarget

    return PostgresTarget()


def columns_of(connection: sa.Connection, table: str) -> frozenset[str]:
    """Names of the columns of a table of this workspace; none where there is no such table."""
    return frozenset(connection.exec_driver_sql(_COLUMNS[connection.dialect.name], (table,)).scalars())


def merged(connection: sa.Connection, column: str) -> str:
    """SQL: the JSON object in `column` with the entries of the next parameter; neither may have blanks inside."""
    return _MERGED[connection.dialect.name].format(column=column)


def index_method(connection: sa.Connection, text: bool) -> str:
    """SQL between table and columns of an index for lookups: PostgreSQL's trees refuse texts over 2,700 bytes."""
    return "USING hash " if text and on_server(connection) else ""
