"""Database connections: `open_keyed` is the one way to open a workspace file; the engines of readers and writer.

Nothing else in the process may open the file, its -wal or its -shm: closing any descriptor of them drops SQLite's
POSIX locks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa
import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy.pool import QueuePool

from resources.texts import T
from runtime.errors import UserError

OLDEST_SQLITE = (3, 51, 3)
"""Older versions can corrupt a database in WAL mode when two connections write and checkpoint at once."""

KEY_BYTES = 32
NOT_A_DATABASE = 26
"""SQLite's result code where nothing can be decrypted: a wrong key, or a file that is none of ours."""
READERS = 4
FULL = 2
"""`PRAGMA synchronous`: a commit is on the disk when it returns."""
LOG = 4_000
"""Pages of the log from which on a commit folds them into the file; mostly the search index does so before, beside."""

# The module looks for an adapter of each value that is no number or text, 1.4 us where there is none, 0.2 us with one.
sqlcipher.register_adapter(type(None), lambda blank: blank)
sqlcipher.register_adapter(bytes, bytes)


class How(StrEnum):
    """How a file is opened; the value is what SQLite's file names say of it.

    LIVE is the file of a workspace. TRIAL is a copy of one to try something in, which no kill need spare.
    DISK_READ_ONLY is a workspace where nothing can be written: the log and its index must be there. FROZEN is a file
    without a log that nobody writes to while it is open. DRAFT is a copy in the making.
    """

    LIVE = ""
    TRIAL = "mode=rw"
    DISK_READ_ONLY = "mode=ro"
    FROZEN = "mode=ro&immutable=1"
    DRAFT = "mode=rwc"


_WRITABLE = (How.LIVE, How.TRIAL)


class Keyed(sqlcipher.Connection):  # type: ignore[misc]
    """A connection that ends no transaction on pages that could not be authenticated.

    SQLCipher (4.19) fills a page whose code does not fit with zeros and goes on; where that page is the end of a long
    record, SQLite notices nothing and the record would be shown, or copied, with zeros in it. Only the status of the
    cipher says so, and it stays as it is until the connection is closed.
    """

    def assert_whole(self) -> None:
        """Refuse what was read since the connection was opened, where a page of it was damaged.

        Raises:
            sqlcipher3.DatabaseError: as SQLite itself has it for damage that it notices.
        """
        if self.execute("PRAGMA cipher_status").fetchone()[0] != "1":
            raise sqlcipher.DatabaseError("database disk image is malformed")

    def commit(self) -> None:
        """Commit, unless what was read was damaged."""
        self.assert_whole()
        super().commit()

    def rollback(self) -> None:
        """End a read or take back a write; what was read is refused where it was damaged."""
        super().rollback()
        self.assert_whole()


class WrongKey(UserError):
    """The key does not open the file, or the file is no workspace database."""

    code = "wrong_key"


class StoreFailure(UserError):
    """The file or its disk says no: damaged, full, read-only, in use; `code` says which."""

    code = "store_failure"


_DAMAGED = ("damaged", T("The workspace file is damaged."), T("Restore the workspace from a backup."))
_UNWRITABLE = ("read_only", T("The workspace file cannot be written."), T("Check the rights of its folder and file."))
_DISK = ("disk_error", T("The disk failed to read or write."), T("Check the disk, then try again."))
_BUSY = ("workspace_busy", T("Another program is using the workspace file."), T("Close it, then try again."))
_FULL = ("disk_full", T("The disk is full."), T("Free some space, then try again."))
_FAILURES = {3: _UNWRITABLE, 5: _BUSY, 8: _UNWRITABLE, 10: _DISK, 11: _DAMAGED, 13: _FULL, 14: _DISK, 26: _DAMAGED}
"""SQLite's primary result code -> code, message and hint; every other error is a bug."""


_BY_WORDS = (("malformed", 11), ("disk is full", 13), ("readonly database", 8))
"""What an error without a code says -> its code: copying a database gives none."""


def failure_in(error: object) -> StoreFailure | None:
    """What people are told of an error of the database; None where it is a bug of ours."""
    code, message, hint = _FAILURES.get(_result_code(error), ("", T(""), T("")))
    return StoreFailure(message, hint, code) if code else None


def _result_code(error: object) -> int:
    for words, code in _BY_WORDS:
        if words in str(error):
            return code
    return int(getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF


@contextmanager
def failures_told() -> Iterator[None]:
    """Turn errors of a cursor that is read without SQLAlchemy into `StoreFailure`, where they are the world's."""
    try:
        yield
    except sqlcipher.Error as error:
        failure = failure_in(error)
        if failure is None:
            raise
        raise failure from error


Function = tuple[str, int, Callable[..., Any], bool]
"""A SQL function that every connection gets: name, number of arguments (-1 = any), function, deterministic."""


def assert_version() -> None:
    """Refuse to start on a SQLite that can lose data.

    Raises:
        UserError: the library is too old.
    """
    if sqlcipher.sqlite_version_info < OLDEST_SQLITE:
        raise UserError(
            T("The database library {version} is too old to keep data safe.", version=sqlcipher.sqlite_version),
            T("Install Formwork again, with its own libraries."),
            "sqlite_too_old",
        )


def open_keyed(
    path: Path, key: bytes, *, read_only: bool = False, functions: Iterable[Function] = (), how: How = How.LIVE
) -> Any:
    """A DB-API connection to the encrypted database at `path`, which is made where it does not exist.

    Commits are durable when they return (WAL, synchronous FULL). Transactions are begun explicitly.

    Args:
        path: the database file.
        key: 32 bytes, given to the cipher raw.
        read_only: the connection refuses to write.
        functions: SQL functions to register.
        how: what kind of file it is.

    Raises:
        WrongKey: the key does not open the file, or it is not one of ours.
        StoreFailure: the file cannot be opened, is damaged, or is in use; or its disk cannot keep a commit.
    """
    if len(key) != KEY_BYTES:
        raise ValueError("the key of a workspace has 32 bytes")
    name = f"{path.absolute().as_uri()}?{how}" if how else str(path)
    try:
        connection = sqlcipher.connect(
            name,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=512,
            uri=bool(how),
            factory=Keyed,
        )
    except sqlcipher.OperationalError as error:
        raise StoreFailure(
            T("The workspace file {path} cannot be opened.", path=path.name), str(error), "cannot_open"
        ) from error
    try:
        _configure(connection, key, read_only, how)
    except StoreFailure:
        connection.close()
        raise
    except sqlcipher.DatabaseError as error:
        connection.close()
        failure = failure_in(error)
        if failure is not None and _result_code(error) != NOT_A_DATABASE:
            raise failure from error
        raise WrongKey(
            T("This key does not open the workspace, or the file is damaged."),
            T("Check the passphrase, or open a backup."),
        ) from error
    for name, arguments, function, deterministic in functions:
        connection.create_function(name, arguments, function, deterministic=deterministic)
    return connection


def _configure(connection: Any, key: bytes, read_only: bool, how: How) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA cipher_log_level = NONE")
    cursor.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    cursor.execute("SELECT count(*) FROM sqlite_master").fetchone()
    cursor.execute("PRAGMA busy_timeout = 10000")
    if how is How.LIVE:
        _make_durable(cursor)
    elif how is How.TRIAL and not read_only:
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = OFF")
    cursor.execute("PRAGMA temp_store = MEMORY")
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.execute("PRAGMA cache_size = -24000")
    cursor.execute(f"PRAGMA query_only = {'ON' if read_only else 'OFF'}")
    cursor.close()


def _make_durable(cursor: Any) -> None:
    """WAL and FULL, read back: a disk that cannot share memory silently stays without."""
    journal = cursor.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    cursor.execute(f"PRAGMA synchronous = {FULL}")
    cursor.execute(f"PRAGMA wal_autocheckpoint = {LOG}")
    if journal != "wal" or cursor.execute("PRAGMA synchronous").fetchone()[0] != FULL:
        raise StoreFailure(
            T("This disk cannot keep a workspace safe."),
            T("Move the workspace to a disk of this computer."),
            "unsafe_disk",
        )


class Engines(Protocol):
    """The engines of one workspace, in a file or on a server.

    Attributes:
        writer: for the door alone; its transactions wait for each other.
        reader: many at a time, each sees one moment; cannot write.
    """

    writer: sa.Engine
    reader: sa.Engine

    def close(self) -> None:
        """Give the connections back."""
        ...


class Database:
    """The engines of one workspace file: one writer connection and a few readers.

    Args:
        path: the database file.
        key: 32 bytes.
        functions: SQL functions that every connection gets.
        how: LIVE, TRIAL, or the way a file is opened that cannot be written.
    """

    def __init__(self, path: Path, key: bytes, functions: Iterable[Function] = (), how: How = How.LIVE) -> None:
        assert_version()
        functions = tuple(functions)
        self._closed = False

        def connect(read_only: bool) -> Any:
            if self._closed:
                raise StoreFailure(T("This workspace is closed."), T("Open it again."), "workspace_closed")
            return open_keyed(path, key, read_only=read_only or how not in _WRITABLE, functions=functions, how=how)

        self.writer = _engine(lambda: connect(False), "BEGIN IMMEDIATE", 1)
        self.reader = _engine(lambda: connect(True), "BEGIN DEFERRED", READERS)

    def close(self) -> None:
        """Close every connection; SQLite folds the write-ahead log into the file as the last one goes."""
        self._closed = True
        self.reader.dispose()
        self.writer.dispose()


def _engine(creator: Any, begin: str, size: int) -> sa.Engine:
    engine = sa.create_engine(
        "sqlite://", module=sqlcipher, creator=creator, poolclass=QueuePool, pool_size=size, max_overflow=0,
        hide_parameters=True,
    )  # fmt: skip

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql(begin)

    @sa.event.listens_for(engine, "handle_error")
    def _tell(context: sa.engine.ExceptionContext) -> BaseException | None:
        failure = failure_in(context.original_exception)
        if failure is not None and failure.code == "damaged":
            context.is_disconnect = True  # the connection never reads again; the pool makes another one
            context.invalidate_pool_on_disconnect = False
        return failure

    return engine
