"""The system tables of an older workspace brought to this version: Alembic steps, all in one transaction.

A step is `versions/to_N.py`; its revision is the number that `meta` holds afterwards. Tables of forms are made and
changed by `runtime.store.schema`; a step may have it bring them up.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from runtime.store import system
from runtime.store.engine import Database

if TYPE_CHECKING:
    from alembic.script import Script

FOLDER = Path(__file__).parent


def migrate(path: Path, key: bytes, version: int) -> None:
    """Bring the database at `path`, which nobody has open, from `version` to this one, whole or not at all.

    Raises:
        StoreFailure: the disk says no; the database is as it was.
    """
    database = Database(path, key)
    try:
        with database.writer.begin() as connection:
            bring_up(connection, version)
    finally:
        database.close()


def bring_up(connection: sa.Connection, version: int) -> None:
    """Run the steps above `version` inside the transaction of `connection`, on either engine."""
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    context = MigrationContext.configure(connection, opts={"transactional_ddl": False})
    for step in steps_above(version):
        with Operations.context(context):
            step.module.upgrade()
        system.write_meta(connection, system=step.revision)


def steps_above(version: int) -> Iterator[Any]:
    """The steps that a workspace of `version` needs, in order."""
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory(str(FOLDER))
    steps: list[Script] = sorted(scripts.walk_revisions(), key=lambda step: int(step.revision))
    return (step for step in steps if int(step.revision) > version)
