"""The sample form and its sub-form as tables in SQLite and in PostgreSQL, with what compiled SQL calls there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
import sqlalchemy as sa
import sqlcipher3.dbapi2
from sqlalchemy.pool import StaticPool

from runtime.dates import MICROSECOND
from runtime.expression.check import Checked, check
from runtime.expression.compile_sql import Many, SqlExpression, compile_sql, target_of, where
from runtime.expression.postgres import install
from runtime.expression.schema import Reference
from runtime.expression.sqlite import sqlite_functions
from runtime.value.moments import microseconds
from runtime.value.times import since_midnight
from runtime.value.types import (
    BOOL,
    CHOICE,
    DATE,
    DATETIME,
    DURATION,
    NUMBER,
    RECORD,
    TEXT,
    TIME,
    ValueType,
    list_of,
)
from tests.runtime.expression.sample import BLANK_ROW, FIELDS, LEVELS, SITUATION, SampleSchema, field
from tests.support import postgres

LINE = "c_lines"
_LINES = (
    Reference("c_lines.c_amount", (LINE, "c_amount"), ("明细", "金额"), list_of(NUMBER), scale=2),
    Reference("c_lines.c_piece", (LINE, "c_piece"), ("明细", "件数"), list_of(NUMBER), scale=0),
    Reference("c_lines.c_done", (LINE, "c_done"), ("明细", "完成"), list_of(BOOL)),
    Reference("c_lines.c_what", (LINE, "c_what"), ("明细", "品名"), list_of(TEXT)),
    Reference("c_lines.c_grade", (LINE, "c_grade"), ("明细", "级别"), list_of(CHOICE), options=LEVELS),
    Reference("c_lines.c_day", (LINE, "c_day"), ("明细", "日期"), list_of(DATE)),
    Reference("c_lines.c_when", (LINE, "c_when"), ("明细", "时刻"), list_of(DATETIME)),
    Reference("c_lines.c_who", (LINE, "c_who"), ("明细", "负责人"), list_of(RECORD)),
)
_MORE = (field("c_clock", "钟点", TIME), field("c_span", "时长", DURATION))
SCHEMA = SampleSchema((*(each for each in FIELDS if each.path[0] != LINE), *_MORE, *_LINES))
BLANKS: dict[str, Any] = {**BLANK_ROW, **{each.key: None for each in _MORE}, **{each.key: () for each in _LINES}}

_STORED = [each for each in SCHEMA.fields if len(each.path) == 1 and each.key != "c_anything"]
_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_SQL_TYPES: dict[ValueType, Any] = {
    NUMBER: _BIG,
    BOOL: _BIG,
    DATETIME: _BIG,
    TIME: _BIG,
    DURATION: _BIG,
    RECORD: sa.LargeBinary,
}

_METADATA = sa.MetaData()
TABLE = sa.Table(
    "t_sample",
    _METADATA,
    sa.Column("_n", _BIG, primary_key=True, autoincrement=False),
    *(sa.Column(each.key, _SQL_TYPES.get(each.type, _TEXT)) for each in _STORED),
    sa.Column("title_of_customer", _TEXT),
)
INDEXES = [sa.Index(f"i_{each.key}", TABLE.c[each.key]) for each in _STORED]
LINES = sa.Table(
    "t_lines",
    _METADATA,
    sa.Column("_n", _BIG, primary_key=True, autoincrement=False),
    sa.Column("_root", _BIG, index=True),
    *(sa.Column(each.path[1], _SQL_TYPES.get(each.type.item or TEXT, _TEXT)) for each in _LINES),
)

LABEL_TO_OPTION = {label: id_ for id_, label in LEVELS}


def checked(source: str) -> Checked:
    """The formula checked against the sample form and its sub-form."""
    return check(source, SCHEMA)


def column(reference: Reference) -> sa.ColumnElement[Any] | Many:
    """The raw column of a reference; of the sub-form the rows."""
    if reference.path[0] == LINE:
        lines = LINES.alias()

        def rows(columns: Sequence[sa.ColumnElement[Any]]) -> sa.Select[Any]:
            return sa.select(*columns).where(lines.c["_root"] == TABLE.c["_n"]).correlate(TABLE)

        return Many(lines.c[reference.path[1]], rows, (lines.c["_n"],))
    return TABLE.c["title_of_customer" if reference.is_title else reference.key]


def raw(type_: ValueType, scale: int | None, value: Any) -> Any:
    """A value as the store keeps it."""
    if value is None:
        return None
    if type_ == NUMBER:
        return int(Decimal(value).scaleb(scale or 0))
    if type_ == CHOICE:
        return LABEL_TO_OPTION[value]
    if isinstance(value, datetime):
        return microseconds(value)
    if isinstance(value, time):
        return since_midnight(value) // MICROSECOND
    if isinstance(value, timedelta):
        return value // MICROSECOND
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, UUID):
        return value.bytes
    return value.isoformat() if hasattr(value, "isoformat") else value


def in_python(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as an evaluation in Python takes it; its ``lines`` become a list for each column."""
    lines = row.get("lines") or []
    lists = {each.key: tuple(line.get(each.path[1]) for line in lines) for each in _LINES}
    return {**BLANKS, **{key: value for key, value in row.items() if key != "lines"}, **lists}


def compiled(source: str, engine: str) -> SqlExpression:
    """The formula compiled for the tables on an engine."""
    return compile_sql(checked(source), column, SITUATION, target_of(engine))


@dataclass(frozen=True)
class Bench:
    """A database with the two tables."""

    connection: sa.Connection

    @property
    def engine(self) -> str:
        """The name of the dialect."""
        return self.connection.dialect.name

    def refill(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Replace the rows by these, numbered from 1; ``lines`` are those of the sub-form."""
        self.connection.execute(LINES.delete())
        self.connection.execute(TABLE.delete())
        self.add(rows)

    def add(self, rows: Sequence[Mapping[str, Any]], first: int = 1) -> None:
        """Put rows of Python values in."""
        stored = [
            {"_n": n, "title_of_customer": row.get("c_customer.title")}
            | {each.key: raw(each.type, each.scale, row.get(each.key)) for each in _STORED}
            for n, row in enumerate(rows, first)
        ]
        if stored:
            self.connection.execute(TABLE.insert(), stored)
        lines = [(n, line) for n, row in enumerate(rows, first) for line in row.get("lines") or ()]
        below = [
            {"_n": first * 1000 + n, "_root": root}
            | {each.path[1]: raw(each.type.item or TEXT, each.scale, line.get(each.path[1])) for each in _LINES}
            for n, (root, line) in enumerate(lines)
        ]
        if below:
            self.connection.execute(LINES.insert(), below)

    def compiled(self, source: str) -> SqlExpression:
        """The formula compiled for the tables."""
        return compiled(source, self.engine)

    def values(self, source: str) -> list[Any]:
        """What the database computes for each row: a value, or the code of an error."""
        expression = self.compiled(source)
        error = expression.error if expression.error is not None else None
        columns = [expression.value] if error is None else [expression.value, error]
        found = self.connection.execute(sa.select(*columns).select_from(TABLE).order_by(TABLE.c["_n"]))
        return [row[1] if len(row) > 1 and row[1] else expression.read(row[0]) for row in found]

    def matching(self, source: str) -> set[int]:
        """Numbers of the rows that pass the formula as a filter."""
        return set(self.connection.execute(sa.select(TABLE.c["_n"]).where(where(self.compiled(source)))).scalars())

    def plan(self, source: str) -> str:
        """How the database finds the rows of a filter."""
        sql = sa.select(TABLE.c["_n"]).where(where(self.compiled(source))).compile(self.connection.engine)
        word = "EXPLAIN QUERY PLAN" if self.engine == "sqlite" else "EXPLAIN"
        if self.engine == "sqlite":
            parameters: Any = tuple(sql.params[name] for name in sql.positiontup or ())
        else:
            parameters = sql.params
        return "\n".join(str(row[-1]) for row in self.connection.exec_driver_sql(f"{word} {sql}", parameters))


@contextmanager
def in_sqlite() -> Iterator[Bench]:
    """A fresh encrypted SQLite in memory."""
    engine = sa.create_engine("sqlite://", module=sqlcipher3.dbapi2, poolclass=StaticPool)

    @sa.event.listens_for(engine, "connect")
    def register(connection: Any, record: Any) -> None:
        for name, count, function, deterministic in sqlite_functions():
            connection.create_function(name, count, function, deterministic=deterministic)

    with _made(engine) as bench:
        yield bench


@contextmanager
def in_postgres(server: str) -> Iterator[Bench]:
    """A fresh database on a PostgreSQL server with the functions of formulas."""
    with postgres.fresh_database(server) as url:
        with psycopg.connect(url) as connection:
            install(connection.cursor())
        engine = sa.create_engine(
            "postgresql+psycopg://", creator=lambda: psycopg.connect(url), poolclass=StaticPool, use_native_hstore=False
        )
        with _made(engine) as bench:
            yield bench


@contextmanager
def _made(engine: sa.Engine) -> Iterator[Bench]:
    try:
        with engine.connect() as connection:
            _METADATA.create_all(connection)
            yield Bench(connection)
    finally:
        engine.dispose()
