"""What happened to one record, newest first, in words that people read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from runtime.changes import ChangeKind, Origin
from runtime.dates import from_micros
from runtime.form import Form
from runtime.permission.scope import EVERYTHING, Scope
from runtime.store.engine import Engines
from runtime.store.rows import from_json
from runtime.store.schema import table_name
from runtime.store.system import commit_log, history


@dataclass(frozen=True, slots=True)
class Entry:
    """One event in the life of a record.

    Attributes:
        seq: its commit.
        at: when, UTC.
        actor: who; "" is the owner of a local workspace.
        origin: a person, an import, a rule, a flow, another device.
        kind: NEW, SET, DEL or RESTORE.
        label: what the change was called.
        before, after: typed values by field id; blank is None. Empty for NEW, DEL and RESTORE.
    """

    seq: int
    at: datetime
    actor: str
    origin: Origin
    kind: ChangeKind
    label: str
    before: dict[str, Any]
    after: dict[str, Any]


def of_record(database: Engines, form: Form, row: UUID, scope: Scope = EVERYTHING) -> list[Entry]:
    """Every event of a record, newest first; the last is its creation. Unreadable fields are left out."""
    statement = (
        sa.select(history, commit_log)
        .join(commit_log, history.c.seq == commit_log.c.seq)
        .where(history.c.row == row.bytes, history.c.form == form.id)
        .order_by(history.c.h.desc())
    )
    allowed = {key: field for key, field in form.by_id.items() if scope.reads(form.id, key)}
    with database.reader.connect() as connection:
        entries = [
            Entry(
                line.seq,
                from_micros(line.at),
                line.actor,
                Origin(line.origin),
                ChangeKind(line.kind),
                line.label,
                from_json(allowed, line.before),
                from_json(allowed, line.after),
            )
            for line in connection.execute(statement)
        ]
        created = _creation(connection, form, row)
    return [*entries, *created]


def _creation(connection: sa.Connection, form: Form, row: UUID) -> list[Entry]:
    stamp = connection.exec_driver_sql(f'SELECT _c FROM "{table_name(form.id)}" WHERE _id = ?', (row.bytes,)).scalar()
    if stamp is None:
        return []
    seq = msgspec.json.decode(stamp)[0]
    line = connection.execute(sa.select(commit_log).where(commit_log.c.seq == seq)).one()
    origin = Origin(line.origin)
    return [Entry(seq, from_micros(line.at), line.actor, origin, ChangeKind.NEW, line.label, {}, {})]
