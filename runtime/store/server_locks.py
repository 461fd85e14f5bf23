"""What a program on a server is at: locks that end with it, for work of several commits and copies to try things in.

Each is an advisory lock of a transaction that stays open as long as the work goes on. A pooler such as PgBouncer keeps
a connection for an open transaction, which it does not for locks of a session. The transaction has no snapshot, so that
it holds up no vacuum.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from hashlib import blake2b
from typing import Any
from uuid import UUID

import psycopg
import sqlalchemy as sa

from runtime.store.postgres import Server, ServerDatabase, connection_lost, failure_in
from runtime.store.under_way import UnderWay, elsewhere

_KEY = "(classid::bigint << 32 | objid::bigint)"
_ADVISORY = (
    "FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1 AND granted "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


_OPEN = (
    "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL idle_in_transaction_session_timeout TO 0; "
    "SET LOCAL tcp_keepalives_idle TO 30; SET LOCAL tcp_keepalives_interval TO 10; SET LOCAL tcp_keepalives_count TO 3"
)
"""The server lets go of it a minute after the machine of the program is gone, at once where only the program is."""


def key_of(name: str) -> int:
    """The number under which something is locked: 64 bits of a digest of its name, with sign."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big", signed=True)


class ServerLock:
    """A lock of this program, on a connection of its own: it ends with `release`, and when the connection is lost.

    Args:
        server: where.
        name: of what is locked, see `key_of`.
    """

    def __init__(self, server: Server, name: str) -> None:
        self._server = server
        self.key = key_of(name)
        self._connection: psycopg.Connection[Any] | None = None
        self.backend = 0

    def take(self) -> bool:
        """Take it; False = somebody else has it.

        Raises:
            StoreFailure: the server says no.
        """
        try:
            connection = self._server.connect()
            try:
                connection.execute(_OPEN)
                sql = f"SELECT pg_try_advisory_xact_lock({self.key}), pg_backend_pid()"
                got, self.backend = connection.execute(sql.encode()).fetchone() or (False, 0)
            except BaseException:
                connection.close()
                raise
        except psycopg.Error as error:
            failure = failure_in(error)
            if failure is None:
                raise
            raise failure from error
        if got:
            self._connection = connection
        else:
            connection.close()
        return bool(got)

    @property
    def alive(self) -> bool:
        """Whether it is still ours."""
        if self._connection is None:
            return False
        try:
            self._connection.execute("SELECT 1", prepare=False)
        except psycopg.Error:
            return False
        return True

    def release(self) -> None:
        """Give it back, where it is still there."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(psycopg.Error):
                connection.execute("ROLLBACK")
            connection.close()


def taken(connection: sa.Connection, keys: Iterable[int]) -> set[int]:
    """Those of these numbers that somebody has locked."""
    sql = f"SELECT {_KEY} {_ADVISORY} AND {_KEY} = ANY(?)"
    return {int(key) for key in connection.exec_driver_sql(sql, (list(keys),)).scalars()}


class ServerUnderWay(UnderWay):
    """The work that goes on in any program that has the workspace open.

    Args:
        server, database: where.
    """

    def __init__(self, server: Server, database: ServerDatabase) -> None:
        super().__init__()
        self._server = server
        self._database = database
        self._locks: dict[UUID, ServerLock] = {}

    def among(self, batches: Iterable[UUID]) -> set[UUID]:
        """Those of these batches that somebody is at work on."""
        keys: Mapping[int, UUID] = {key_of(batch.hex): batch for batch in batches}
        if not keys:
            return set()
        with self._database.reader.connect() as connection:
            return {keys[key] for key in taken(connection, keys)}

    def assert_held(self, connection: sa.Connection, batch: UUID) -> None:
        """Inside the transaction of a commit of a batch: nobody else can have taken the work over.

        Whoever takes it over waits for this transaction first, so that nothing is written that they do not see.

        Raises:
            StoreFailure: the connection that holds the lock was lost; nothing may be written any more.
        """
        lock = self._locks.get(batch)
        if lock is not None:
            sql = f"SELECT 1 {_ADVISORY} AND {_KEY} = ? AND pid = ?"
            if not connection.exec_driver_sql(sql, (lock.key, lock.backend)).scalar():
                raise connection_lost()

    def _take(self, batch: UUID) -> None:
        lock = self._locks.get(batch)
        if lock is not None:
            if lock.alive:
                return
            lock.release()
            del self._locks[batch]
        lock = ServerLock(self._server, batch.hex)
        if not lock.take():
            raise elsewhere()
        self._locks[batch] = lock
        with self._database.writer.begin():  # a commit of somebody who lost the lock has ended
            pass

    def _give_back(self, batch: UUID) -> None:
        lock = self._locks.pop(batch, None)
        if lock is not None:
            lock.release()
