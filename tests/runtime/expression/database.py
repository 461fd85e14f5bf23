"""The sample form as a table in an encrypted SQLite in memory, with the functions compiled SQL calls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlcipher3.dbapi2
from sqlalchemy import BLOB, Column, Connection, Index, Integer, MetaData, Table, Text, create_engine, event, select
from sqlalchemy.pool import StaticPool
from sqlalchemy.sql import ColumnElement

from runtime.expression.compile_sql import SqlExpression, compile_sql, where
from runtime.expression.schema import Reference
from runtime.expression.sqlite import sqlite_functions
from runtime.value.moments import microseconds
from runtime.value.types import BOOL, CHOICE, DATETIME, NUMBER, RECORD
from tests.runtime.expression.sample import FIELDS, LEVELS, SITUATION, checked

_STORED = [each for each in FIELDS if len(each.path) == 1 and each.key != "c_anything"]
_SQL_TYPES: dict[Any, Any] = {NUMBER: Integer, BOOL: Integer, DATETIME: Integer, RECORD: BLOB}

TABLE = Table(
    "t_sample",
    MetaData(),
    Column("_n", Integer, primary_key=True),
    *(Column(each.key, _SQL_TYPES.get(each.type, Text)) for each in _STORED),
    Column("title_of_customer", Text),
)
INDEXES = [Index(f"i_{each.key}", TABLE.c[each.key]) for each in _STORED]

LABEL_TO_OPTION = {label: id_ for id_, label in LEVELS}


def column(reference: Reference) -> ColumnElement[Any]:
    """The raw column of a reference."""
    return TABLE.c["title_of_customer" if reference.is_title else reference.key]


def raw(reference: Reference, value: Any) -> Any:
    """A value as the store keeps it."""
    if value is None:
        return None
    if reference.type == NUMBER:
        return int(Decimal(value).scaleb(reference.scale or 0))
    if reference.type == CHOICE:
        return LABEL_TO_OPTION[value]
    if isinstance(value, datetime):
        return microseconds(value)
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, UUID):
        return value.bytes
    return value.isoformat() if hasattr(value, "isoformat") else value


@contextmanager
def connected() -> Iterator[Connection]:
    """A connection to a fresh database with the empty table."""
    engine = create_engine("sqlite://", module=sqlcipher3.dbapi2, poolclass=StaticPool)

    @event.listens_for(engine, "connect")
    def register(connection: Any, record: Any) -> None:
        for name, count, function, deterministic in sqlite_functions():
            connection.create_function(name, count, function, deterministic=deterministic)

    try:
        with engine.connect() as connection:
            TABLE.metadata.create_all(connection)
            yield connection
    finally:
        engine.dispose()


def insert(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Put rows of Python values in, numbered from 1."""
    stored = [
        {"_n": n, "title_of_customer": row.get("c_customer.title")}
        | {each.key: raw(each, row.get(each.key)) for each in _STORED}
        for n, row in enumerate(rows, 1)
    ]
    if stored:
        connection.execute(TABLE.insert(), stored)


def compiled(source: str) -> SqlExpression:
    """The formula compiled for the sample table."""
    return compile_sql(checked(source), column, SITUATION)


def values(connection: Connection, source: str) -> list[Any]:
    """What the database computes for each row: a value, or the code of an error."""
    expression = compiled(source)
    error = expression.error if expression.error is not None else None
    columns = [expression.value] if error is None else [expression.value, error]
    found = connection.execute(select(*columns).select_from(TABLE).order_by(TABLE.c["_n"]))
    return [row[1] if len(row) > 1 and row[1] else expression.read(row[0]) for row in found]


def matching(connection: Connection, source: str) -> set[int]:
    """Numbers of the rows that pass the formula as a filter."""
    return set(connection.execute(select(TABLE.c["_n"]).where(where(compiled(source)))).scalars())


def plan(connection: Connection, source: str) -> str:
    """How SQLite finds the rows of a filter."""
    sql = select(TABLE.c["_n"]).where(where(compiled(source))).compile(connection.engine)
    parameters = tuple(sql.params[name] for name in sql.positiontup or ())
    return "\n".join(row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", parameters))
