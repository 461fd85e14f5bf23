"""A workspace on a PostgreSQL server: a schema with the same tables as a file; making, opening, dropping.

There are no keys and no lock on the whole: whoever may connect to the database may read it, and any number of processes
may have it open at once. What one of them is at, the others see by its locks (`runtime.store.server_locks`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from resources.texts import T
from runtime.changes import new_uuid
from runtime.clock import Clock, SystemClock
from runtime.errors import UserError
from runtime.store import migrations, system
from runtime.store.apps import Apps, DefinitionCheck
from runtime.store.backup_file import Backup
from runtime.store.postgres import Server, ServerDatabase
from runtime.store.reader import Reader
from runtime.store.records import Records
from runtime.store.search_index import SearchIndex
from runtime.store.server_locks import ServerLock, ServerUnderWay, key_of
from runtime.work import Progress

_MAKING = 0x466F726D776F726B
"""Advisory lock of the database that is held while a workspace is made."""


_TRIAL = "Formwork: a copy of {schema} to try something in"
"""Comment on the schema of such a copy, by which it is found."""


class ServerWorkspace:
    """An open workspace on a server; made by `create` or `open`.

    Args:
        server: where it is; the address of one is connected to, and closed with the workspace.
        schema: its name there: small letters, digits and _.
        check: says what is wrong with an app before it is published.

    Attributes:
        schema: its name in the database.
        name: what people call it.
        apps, records, reader, database: the store.
        index: of the search.
    """

    def __init__(self, server: Server | str, schema: str, check: DefinitionCheck, clock: Clock | None = None) -> None:
        self._server = server if isinstance(server, Server) else Server(server)
        self._owns_server = isinstance(server, str)
        self.schema = schema
        self._check = check
        self.clock = clock or SystemClock()
        self.apps = Apps(check)
        try:
            self.database = ServerDatabase(self._server, schema)
            self.name = _made_ready(self.database)["name"]
            self._server.install()
            clear(self._server, schema)
            self.apps.reload(self.database)
            self.records = Records(self.database, self.apps, self.clock, ServerUnderWay(self._server, self.database))
            self.reader = Reader(self.database, self.apps, self.clock)
            self.index = SearchIndex(self.database, self.apps, self.records.lock)
        except BaseException:
            self.close()
            raise

    @classmethod
    def create(
        cls, server: Server | str, schema: str, name: str, check: DefinitionCheck, clock: Clock | None = None
    ) -> ServerWorkspace:
        """Make a workspace and open it; the schema may be there already if it is empty.

        Raises:
            UserError: there is one of that name, the name cannot be one, or the server says no.
        """
        made = server if isinstance(server, Server) else Server(server)
        try:
            with made.bare(schema).begin() as connection:
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MAKING})")
                if system.is_there(connection):
                    raise UserError(T("“{name}” exists already.", name=schema), T("Choose another name."), "exists")
                connection.exec_driver_sql(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')
                system.create(connection, name, str(new_uuid()))
        finally:
            if made is not server:
                made.close()
        return cls(server, schema, check, clock)

    @classmethod
    def open(
        cls, server: Server | str, schema: str, check: DefinitionCheck, clock: Clock | None = None
    ) -> ServerWorkspace:
        """Open a workspace that exists.

        Raises:
            UserError: there is none, it was made by a newer program, or the server says no.
        """
        return cls(server, schema, check, clock)

    @property
    def folder(self) -> NoReturn:
        """It has none.

        Raises:
            UserError: always.
        """
        raise UserError(T("This workspace is on a server and has no folder."), code="on_server")

    @property
    def safety(self) -> NoReturn:
        """Backups are the server's matter.

        Raises:
            UserError: always.
        """
        raise _kept_by_the_server()

    def restore(self, backup: Backup, secret: str | None, progress: Progress) -> NoReturn:
        """Backups are the server's matter.

        Raises:
            UserError: always.
        """
        raise _kept_by_the_server()

    def refresh(self) -> None:
        """Take notice of what other processes have published; reading and writing records do it by themselves."""
        self.reader.catch_up()

    @contextmanager
    def copied(self, progress: Progress) -> Iterator[ServerWorkspace]:
        """A copy to try something in, gone at the end of the block; others read and write here meanwhile.

        Raises:
            StoreFailure: the server says no.
            Cancelled: somebody asked to stop.
        """
        clear(self._server, self.schema)
        with _schema_copied(self._server, self.schema, progress) as schema:
            yield ServerWorkspace(self._server, schema, self._check, self.clock)

    def drop(self) -> None:
        """Delete the workspace with everything in it, for good, and close it."""
        with self._server.bare(self.schema).begin() as connection:
            connection.exec_driver_sql(f'DROP SCHEMA IF EXISTS "{self.schema}" CASCADE')
        self.close()

    def close(self) -> None:
        """Give the connections back; those of a server that was handed over stay open."""
        if self._owns_server:
            self._server.close()


def _kept_by_the_server() -> UserError:
    return UserError(
        T("The backups of this workspace are kept by its server."), T("Tell whoever runs the server."), "on_server"
    )


def _made_ready(database: ServerDatabase) -> dict[str, str]:
    """The settings of the workspace, whose system tables are of this version afterwards."""
    with database.reader.connect() as connection:
        meta = system.read_meta(connection)
    system.assert_readable(meta)
    if int(meta["system"]) < system.SYSTEM_VERSION:
        with database.writer.begin() as connection:
            meta = system.read_meta(connection)
            migrations.bring_up(connection, int(meta["system"]))
    return meta


@contextmanager
def _schema_copied(server: Server, schema: str, progress: Progress) -> Iterator[str]:
    """A copy of a workspace on a server, as it is at this moment, under another name: that name.

    It is locked as long as it is in use, so that `clear` finds one that a killed program left.

    Raises:
        StoreFailure: the server says no.
        Cancelled: somebody asked to stop.
    """
    made = f"{schema[:40]}_try_{new_uuid().hex[-12:]}"
    engine, lock = server.bare(made), ServerLock(server, made)
    lock.take()
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            connection.exec_driver_sql(f'CREATE SCHEMA "{made}"')
            connection.exec_driver_sql(f"COMMENT ON SCHEMA \"{made}\" IS '{_TRIAL.format(schema=schema)}'")
            tables = connection.exec_driver_sql(
                "SELECT tablename FROM pg_tables WHERE schemaname = ? ORDER BY tablename", (schema,)
            ).scalars()
            for table in list(tables):
                progress.check()
                here, there = f'"{schema}"."{table}"', f'"{made}"."{table}"'
                connection.exec_driver_sql(f"CREATE TABLE {there} (LIKE {here} INCLUDING ALL)")
                connection.exec_driver_sql(f"INSERT INTO {there} SELECT * FROM {here}")
        yield made
    finally:
        try:
            with engine.begin() as connection:
                connection.exec_driver_sql(f'DROP SCHEMA IF EXISTS "{made}" CASCADE')
        finally:
            lock.release()


def clear(server: Server, schema: str) -> None:
    """Take away the copies of a workspace that programs left which are gone; those in use stay.

    Raises:
        StoreFailure: the server says no.
    """
    sql = (
        "SELECT nspname FROM pg_namespace WHERE obj_description(oid, 'pg_namespace') = ? "
        "AND pg_has_role(nspowner, 'USAGE') ORDER BY nspname"
    )
    with server.bare(schema).connect() as connection:
        left = list(connection.exec_driver_sql(sql, (_TRIAL.format(schema=schema),)).scalars())
    for name in left:
        with server.bare(name).begin() as connection:
            if connection.exec_driver_sql("SELECT pg_try_advisory_xact_lock(?)", (key_of(name),)).scalar():
                connection.exec_driver_sql(f'DROP SCHEMA IF EXISTS "{name}" CASCADE')
