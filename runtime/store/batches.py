"""The commits of a batch as they were applied, read back: what an import of a former session wrote."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import sqlalchemy as sa

from runtime.changes import AnyChange, ChangeSet, DefinitionChange, Origin
from runtime.store.dialect import columns_of
from runtime.store.engine import Engines
from runtime.store.records import Applied
from runtime.store.schema import table_name
from runtime.store.system import commit_log, definition
from runtime.store.writer import Span


def commits_of(database: Engines, batch: UUID, forms: Mapping[str, object]) -> list[Applied]:
    """What the batch wrote, oldest first, as far as undo needs it: records made and versions published.

    Args:
        forms: by id; where its records are looked for.
    """
    statement = sa.select(commit_log).where(commit_log.c.batch == batch.bytes).order_by(commit_log.c.seq)
    with database.reader.connect() as connection:
        lines = connection.execute(statement).all()
        seqs = [int(line.seq) for line in lines]
        if not seqs:
            return []
        made = _made(connection, forms, set(seqs))
        published = _published(connection, seqs)
    return [
        Applied(
            ChangeSet(published.get(line.seq, ()), line.actor, line.label, Origin(line.origin), batch=batch),
            line.seq,
            tuple(made.get(line.seq, ())),
        )
        for line in lines
    ]


def _made(connection: sa.Connection, forms: Mapping[str, object], seqs: set[int]) -> dict[int, list[Span]]:
    """Commit -> the records that it made; `_c` starts with the number of the commit."""
    found: dict[int, list[Span]] = {}
    for form in forms:
        if not columns_of(connection, table_name(form)):
            continue
        sql = (
            "SELECT CAST(substr(_c, 2, instr(_c, ',') - 2) AS INTEGER) AS made, min(_n), max(_n) "
            f'FROM "{table_name(form)}" GROUP BY made HAVING made BETWEEN ? AND ?'
        )
        for seq, first, last in connection.exec_driver_sql(sql, (min(seqs), max(seqs))):
            if seq in seqs:
                found.setdefault(seq, []).append(Span(form, first, last))
    return found


def _published(connection: sa.Connection, seqs: list[int]) -> dict[int, tuple[AnyChange, ...]]:
    """Commit -> the versions of apps that it published."""
    statement = sa.select(definition).where(definition.c.seq.between(seqs[0], seqs[-1]))
    found: dict[int, tuple[AnyChange, ...]] = {}
    for line in connection.execute(statement):
        if line.seq in seqs:
            change = DefinitionChange(line.app, line.version - 1, bytes(line.body))
            found[line.seq] = (*found.get(line.seq, ()), change)
    return found
