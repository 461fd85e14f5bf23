"""Statements that read are broken off when nobody waits for their answer any more."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
import sqlcipher3.dbapi2 as sqlcipher

from runtime.errors import Cancelled
from runtime.store.dialect import on_server
from runtime.store.engine import StoreFailure
from runtime.work import current


@contextmanager
def breaking_off(connection: sa.Connection) -> Iterator[None]:
    """Inside the block, statements of this connection end when the work that they belong to is cancelled.

    Raises:
        Cancelled: it was.
    """
    progress = current()
    if progress is None:
        yield
        return
    driver = connection.connection.driver_connection
    assert driver is not None
    stop = driver.cancel if on_server(connection) else driver.interrupt
    try:
        with progress.stopping(stop):
            yield
    except (sa.exc.DBAPIError, sqlcipher.Error, StoreFailure) as error:
        if progress.cancelled:
            raise Cancelled from error
        raise
    finally:
        if progress.cancelled and on_server(connection):
            connection.invalidate()  # the server may hear of it only when the next statement runs
