"""Is the workspace whole? Asks SQLite about its pages and the store about its own books."""

from __future__ import annotations

from contextlib import closing

import sqlalchemy as sa

from resources.texts import T
from runtime.errors import Problem
from runtime.form import Form
from runtime.store.apps import Apps
from runtime.store.dialect import on_server
from runtime.store.engine import Engines, StoreFailure
from runtime.store.schema import table_name
from runtime.store.system import block, commit_log, read_meta


def problems_of(database: Engines, apps: Apps) -> list[Problem]:
    """Everything that is wrong; reads the whole file, so it is a job for a worker.

    Checks the authentication code of every page, SQLite's own structure, that the commits have no gap, and that the
    block counts are the rows. The pages are read as they are on the disk: first the write-ahead log is folded in, for
    a power cut leaves torn pages in the file whose right version is still in the log. The pages of a server are its
    own matter (data checksums, pg_amcheck).

    Raises:
        StoreFailure: the server cannot be asked.
    """
    found: list[Problem] = []
    server = on_server(database.reader)
    try:
        if not server:
            found += _page_problems(database)
        with database.reader.connect() as connection:
            found += _commit_problems(connection)
            for form in apps.now.forms.values():
                found += _count_problems(connection, form)
    except StoreFailure as failure:
        if server and failure.code != "damaged":
            raise
        found.append(_damaged(str(failure)))
    return found


def _page_problems(database: Engines) -> list[Problem]:
    _fold_in(database)
    with database.reader.connect() as connection:
        lines = [
            line
            for pragma in ("cipher_integrity_check", "integrity_check")
            for (line,) in connection.exec_driver_sql(f"PRAGMA {pragma}")
        ]
    return [_damaged(line) for line in lines if line != "ok"]


def _fold_in(database: Engines) -> None:
    """Bring the file up to its write-ahead log; outside of a transaction, which the pragma needs."""
    with closing(database.writer.raw_connection()) as connection, closing(connection.cursor()) as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _damaged(detail: str) -> Problem:
    return Problem("", "damaged_page", T("The file is damaged: {detail}", detail=detail))


def _commit_problems(connection: sa.Connection) -> list[Problem]:
    head = int(read_meta(connection)["head"])
    last, count = connection.execute(sa.select(sa.func.max(commit_log.c.seq), sa.func.count())).one()
    if (last or 0) == head == count:
        return []
    message = T("The list of commits has a gap: {count} of {head}.", count=count, head=head)
    return [Problem("", "commit_gap", message)]


def _count_problems(connection: sa.Connection, form: Form) -> list[Problem]:
    rows = connection.exec_driver_sql(f'SELECT count(*) FROM "{table_name(form.id)}" WHERE _del = 0').scalar()
    statement = sa.select(sa.func.coalesce(sa.func.sum(block.c.n), 0)).where(block.c.form == form.id)
    counted = int(connection.execute(statement).scalar_one())
    if rows == counted:
        return []
    message = T("“{form}” has {rows} records, its books say {counted}.", form=form.name, rows=rows, counted=counted)
    return [Problem(form.id, "count_differs", message)]
