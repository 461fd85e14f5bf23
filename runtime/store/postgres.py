"""PostgreSQL: a `Server` is a pool of connections to one database, a `ServerDatabase` one workspace in it.

A workspace is a schema. Nothing is kept in a connection between transactions, so that a pooler such as PgBouncer may
give every transaction another one: each begins with the schema it looks into, in the same message.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import psycopg
import sqlalchemy as sa

from resources.texts import T
from runtime.errors import UserError
from runtime.expression.postgres import install
from runtime.store.engine import StoreFailure
from runtime.store.system import DEFINITIONS, HEAD, meta

POOL = 10
"""Connections that a server keeps open; as many again are made for a while when they are needed."""

PREPARE_AFTER = 5
"""A statement that runs more often on one connection is prepared there."""

PATIENCE = "30s"
"""How long a writer waits for the others."""

_SCHEMA = re.compile(r"[a-z_][a-z0-9_]{0,62}")
_BEGIN = "formwork_begin"

_WRITE = (
    "BEGIN ISOLATION LEVEL READ COMMITTED; "
    "SET LOCAL search_path TO {schema}; SET LOCAL client_min_messages TO warning; "
    "SET LOCAL lock_timeout TO '{patience}'; SET LOCAL idle_in_transaction_session_timeout TO '10min'; "
    f"SELECT v FROM {meta.name} WHERE k = '{HEAD}' FOR UPDATE"
)
"""The row of the last commit is the lock of the workspace: whoever writes holds it until the commit, so that commit
numbers have no gaps and no two processes check against a state that the other is changing."""

_READ = (
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL search_path TO {schema}; "
    f"SELECT v FROM {meta.name} WHERE k = '{DEFINITIONS}'"
)

_BARE = "BEGIN; SET LOCAL search_path TO {schema}; SET LOCAL client_min_messages TO warning"


# What the server says


_LOST = (
    "connection_lost",
    T("The connection to the server is lost."),
    T("Check the network and try again. If you were saving, look whether it was saved."),
)
_STARTING = ("server_starting", T("The server is starting or shutting down."), T("Try again in a moment."))
_SIGN_IN = ("sign_in", T("The database server refuses the name or the password."), T("Check the server's address."))
_FULL = ("disk_full", T("The disk of the server is full."), T("Nothing was saved. Tell whoever runs the server."))
_BUSY = ("workspace_busy", T("Somebody else is changing this workspace."), T("Try again in a moment."))
_CROWDED = ("server_busy", T("The server has too much to do."), T("Try again in a moment."))
_READ_ONLY = ("read_only", T("The server takes no changes now."), T("Try again later, or tell whoever runs it."))
_FORBIDDEN = (
    "read_only",
    T("The server does not let this program do that."),
    T("Tell whoever runs the server to give its account the right."),
)
_DAMAGED = ("damaged", T("The data on the server is damaged."), T("Tell whoever runs the server; it needs a backup."))
_DISK = ("disk_error", T("The disk of the server failed to read or write."), T("Tell whoever runs the server."))
_SLOW = ("too_slow", T("This took too long and was stopped."), T("Ask for less at once, then try again."))
_TOO_LARGE = ("too_large", T("This is more than one record can hold on the server."), T("Use fewer or shorter values."))
_NOT_THERE = ("no_workspace", T("There is no such workspace on the server."), T("Check its name."))

_FAILURES = {
    "08": _LOST,
    "25006": _READ_ONLY,
    "25P03": _LOST,
    "28": _SIGN_IN,
    "3D": _NOT_THERE,
    "40": _BUSY,
    "42501": _FORBIDDEN,
    "53100": _FULL,
    "53": _CROWDED,
    "54": _TOO_LARGE,
    "55P03": _BUSY,
    "57014": _SLOW,
    "57P01": _LOST,
    "57P02": _LOST,
    "57P03": _STARTING,
    "57P05": _LOST,
    "58": _DISK,
    "F0": _DISK,
    "XX001": _DAMAGED,
    "XX002": _DAMAGED,
}
"""SQLSTATE or its class (PostgreSQL manual, appendix A) -> code, message and hint; every other error is a bug."""


def connection_lost() -> StoreFailure:
    """What people are told where a connection ended that something depends on."""
    code, message, hint = _LOST
    return StoreFailure(message, hint, code)


def failure_in(error: object) -> StoreFailure | None:
    """What people are told of an error of the server; None where it is a bug of ours."""
    if not isinstance(error, psycopg.Error):
        return None
    state = error.sqlstate or ("08" if isinstance(error, psycopg.OperationalError) else "")
    code, message, hint = _FAILURES.get(state) or _FAILURES.get(state[:2]) or ("", T(""), T(""))
    return StoreFailure(message, hint, code) if code else None


@contextmanager
def _raw_cursor(connection: sa.Connection) -> Iterator[Any]:
    """A cursor without SQLAlchemy. Errors that are the world's become `StoreFailure`; a dead connection is let go."""
    pooled = connection.connection
    try:
        with pooled.cursor() as cursor:  # type: ignore[attr-defined]
            yield cursor
    except psycopg.Error as error:
        if pooled.driver_connection.closed:  # type: ignore[union-attr]
            pooled.invalidate(error)
        failure = failure_in(error)
        if failure is None:
            raise
        raise failure from error


# Connections


class Server:
    """A database on a PostgreSQL server and the pool of connections to it; the workspaces in it share them.

    Args:
        dsn: libpq's: a URL ``postgresql://...`` or ``host=... dbname=...``.
        prepare: False behind a pooler that does not know prepared statements (PgBouncer before 1.21).
        pool: connections to keep.
    """

    def __init__(self, dsn: str, *, prepare: bool = True, pool: int = POOL) -> None:
        self.dsn = dsn
        self._installed = False
        self._prepare = prepare
        self.engine = sa.create_engine(
            "postgresql+psycopg://",
            creator=self.connect,
            pool_size=pool,
            max_overflow=pool,
            pool_pre_ping=True,
            use_native_hstore=False,
            hide_parameters=True,
        )
        sa.event.listen(self.engine, "begin", _begin)
        sa.event.listen(self.engine, "before_cursor_execute", _in_words_of_psycopg, retval=True)
        sa.event.listen(self.engine, "handle_error", _tell)

    def install(self) -> None:
        """Give the database the functions that formulas call, where they are missing or old; looks once.

        Raises:
            StoreFailure: the server says no.
        """
        if not self._installed:
            with self.engine.begin() as connection, _raw_cursor(connection) as cursor:
                install(cursor)
            self._installed = True

    def engine_for(self, begin: str, schema: str) -> sa.Engine:
        """The engine whose transactions begin with the statements `begin` in the workspace `schema`."""
        if not _SCHEMA.fullmatch(schema):
            raise UserError(
                T("“{name}” cannot be the name of a workspace on a server.", name=schema),
                T("Use small letters, digits and _, 63 at most."),
                "bad_name",
            )
        return self.engine.execution_options(**{_BEGIN: begin.format(schema=f'"{schema}"', patience=PATIENCE)})

    def bare(self, schema: str) -> sa.Engine:
        """The engine for making and dropping a workspace: nothing need be there yet, and nothing is locked."""
        return self.engine_for(_BARE, schema)

    def connect(self) -> psycopg.Connection[Any]:
        """A connection beside the pool, without transactions of its own; the caller closes it.

        Raises:
            psycopg.Error: the server says no.
        """
        threshold = PREPARE_AFTER if self._prepare else None
        return psycopg.connect(self.dsn, autocommit=True, prepare_threshold=threshold, connect_timeout=10)

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


class ServerDatabase:
    """The engines of one workspace on a server.

    Transactions of `writer` wait for each other, in this process and in others; those of `reader` see one moment.

    Args:
        server: where it is.
        schema: its name there.
    """

    def __init__(self, server: Server, schema: str) -> None:
        self.writer = server.engine_for(_WRITE, schema)
        self.reader = server.engine_for(_READ, schema)

    def close(self) -> None:
        """Nothing to close: the connections are the server's."""


def _begin(connection: sa.Connection) -> None:
    begin = connection.get_execution_options().get(_BEGIN, "BEGIN")
    with _raw_cursor(connection) as cursor:
        try:
            cursor.execute(begin, prepare=False)
        except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName) as error:
            code, message, hint = _NOT_THERE
            raise StoreFailure(message, hint, code) from error
        while cursor.nextset():
            pass
        found = cursor.fetchone() if cursor.description else None
    connection.info[DEFINITIONS] = int(found[0]) if found and begin.endswith(f"'{DEFINITIONS}'") else 0


@lru_cache(maxsize=2048)
def _with_places(statement: str) -> str:
    return statement.replace("%", "%%").replace("?", "%s")


def _in_words_of_psycopg(
    connection: sa.Connection, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool
) -> tuple[str, Any]:
    """Statements of our own write ``?`` for a parameter, as SQLite does; they have no other ``?``."""
    if context is not None and context.compiled is None:
        statement = _with_places(statement)
    return statement, parameters


def _tell(context: sa.engine.ExceptionContext) -> BaseException | None:
    return None if context.is_pre_ping else failure_in(context.original_exception)


def copy_rows(connection: sa.Connection, statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Run ``COPY ... FROM STDIN`` with these rows.

    Raises:
        IntegrityError: a row breaks a rule of the table.
    """
    try:
        with _raw_cursor(connection) as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except psycopg.IntegrityError as error:
        raise sa.exc.IntegrityError(statement, None, error) from error
