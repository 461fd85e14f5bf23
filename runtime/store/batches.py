"""Commits as they were applied, read back: what a batch wrote, also in a former session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from runtime.changes import AnyChange, ChangeSet, DefinitionChange, Origin
from runtime.store.dialect import columns_of, on_server
from runtime.store.engine import Engines
from runtime.store.records import Applied
from runtime.store.schema import table_name
from runtime.store.system import commit_log, definition
from runtime.store.writer import Span

_AT_ONCE = 500


def commits_of(database: Engines, batch: UUID, forms: Mapping[str, object]) -> list[Applied]:
    """What the batch wrote, oldest first, as far as undo needs it: records made and versions published.

    Args:
        forms: by id; where its records are looked for.
    """
    return _applied(database, commit_log.c.batch == batch.bytes, forms)


def commits_numbered(database: Engines, seqs: Sequence[int], forms: Mapping[str, object]) -> list[Applied]:
    """The same of the commits with these numbers."""
    found: list[Applied] = []
    for start in range(0, len(seqs), _AT_ONCE):
        found += _applied(database, commit_log.c.seq.in_(seqs[start : start + _AT_ONCE]), forms)
    return found


def numbers_of(database: Engines, batch: UUID) -> list[int]:
    """The numbers of the commits of a batch, ascending."""
    statement = sa.select(commit_log.c.seq).where(commit_log.c.batch == batch.bytes).order_by(commit_log.c.seq)
    with database.reader.connect() as connection:
        return [int(seq) for seq in connection.execute(statement).scalars()]


def _applied(database: Engines, which: sa.ColumnElement[bool], forms: Mapping[str, object]) -> list[Applied]:
    statement = sa.select(commit_log).where(which).order_by(commit_log.c.seq)
    with database.reader.connect() as connection:
        lines: Sequence[Any] = connection.execute(statement).all()
        seqs = [int(line.seq) for line in lines]
        if not seqs:
            return []
        made = _made(connection, forms, set(seqs))
        published = _published(connection, seqs)
    return [
        Applied(
            ChangeSet(
                published.get(line.seq, ()), line.actor, line.label, Origin(line.origin),
                batch=UUID(bytes=bytes(line.batch)) if line.batch else None,
            ),
            line.seq,
            tuple(made.get(line.seq, ())),
        )
        for line in lines
    ]  # fmt: skip


def _made(connection: sa.Connection, forms: Mapping[str, object], seqs: set[int]) -> dict[int, list[Span]]:
    """Commit -> the records that it made; `_c` starts with the number of the commit."""
    found: dict[int, list[Span]] = {}
    place = "strpos" if on_server(connection) else "instr"
    for form in forms:
        if not columns_of(connection, table_name(form)):
            continue
        sql = (
            f"SELECT made, min(_n), max(_n) FROM (SELECT CAST(substr(_c, 2, {place}(_c, ',') - 2) AS BIGINT) AS made, "
            f'_n FROM "{table_name(form)}") AS x WHERE made BETWEEN ? AND ? GROUP BY made'
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
