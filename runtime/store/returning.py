"""Sub-forms that come back into an app: their rows follow what happened to their records while they were away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from runtime.changes import ChangeKind
from runtime.form import Form
from runtime.store.schema import table_name
from runtime.store.system import BLOCK_BITS, block, history


@dataclass(frozen=True, slots=True)
class _Move:
    """Rows that go to the bin or come out of it.

    Attributes:
        kind: DEL or RESTORE.
        which: the condition on the row `x` and its record `r`.
        seq: SQL of the commit that would have moved the row.
        living: how many rows that live each of them adds.
    """

    kind: ChangeKind
    which: str
    seq: str
    living: int


def follow_records(connection: sa.Connection, forms: Iterable[Form], before: Mapping[str, Form]) -> None:
    """Put rows of sub-forms that come back into the bin, or take them out, as if they had been there all the time.

    A row that went to the bin with its record is in it exactly while the record is; one that was put there by hand
    stays. Rows and history get the number of the commit that moved the record, so that a later restore or undo finds
    them as it finds all others. Computed fields are left to the caller: every formula that reads a sub-form that was
    away is new to the app, and is computed for all rows.

    Args:
        connection: inside the transaction that publishes; the tables are brought up.
        forms: of the app as it will be.
        before: every form that was published before, by id.
    """
    for form in forms:
        known = before.get(form.id)
        if form.parent and (known is None or known.parent != form.parent) and _has_rows(connection, form):
            for move in _moves(form):
                _carry_out(connection, form, move)


def _has_rows(connection: sa.Connection, form: Form) -> bool:
    return connection.exec_driver_sql(f'SELECT 1 FROM "{table_name(form.id)}" LIMIT 1').scalar() is not None


def _moves(form: Form) -> tuple[_Move, ...]:
    """What happens to rows; those that one of them moves are none of the later ones' matter."""
    events = f"FROM {history.name} h WHERE h.row = r._id AND h.form = '{form.parent}'"
    last = f"SELECT h.kind {events} AND h.seq = x._seq AND h.kind IN ('del', 'restore') ORDER BY h.h DESC LIMIT 1"
    together = f"x._del = 1 AND ({last}) = 'del'"  # the record went to the bin in the commit that took the row there
    restored = f"(SELECT max(h.seq) {events} AND h.kind = 'restore')"
    return (
        _Move(ChangeKind.RESTORE, f"r._del = 0 AND {together}", restored, 1),
        _Move(ChangeKind.DEL, f"r._del = 1 AND r._seq <> x._seq AND {together}", "r._seq", 0),
        _Move(ChangeKind.DEL, "r._del = 1 AND x._del = 0", "r._seq", -1),
    )


def _carry_out(connection: sa.Connection, form: Form, move: _Move) -> None:
    """Write history, block counts and rows; the rows last, since they no longer meet the condition then."""
    table = f'"{table_name(form.id)}" AS x'
    records = f'"{table_name(form.parent)}" AS r WHERE r._id = x._root AND {move.which}'
    connection.exec_driver_sql(
        f"INSERT INTO {history.name} (seq, form, row, kind, before, after) "
        f"SELECT {move.seq}, '{form.id}', x._id, '{move.kind.value}', '{{}}', '{{}}' FROM {table}, {records}"
    )
    if move.living:
        number = f"x._n >> {BLOCK_BITS}"
        connection.exec_driver_sql(
            f"INSERT INTO {block.name} (form, block, n) "
            f"SELECT '{form.id}', {number}, {move.living} * count(*) FROM {table}, {records} "
            f"GROUP BY {number} ON CONFLICT (form, block) DO UPDATE SET n = {block.name}.n + excluded.n"
        )
    deleted = int(move.kind is ChangeKind.DEL)
    connection.exec_driver_sql(f"UPDATE {table} SET _del = {deleted}, _seq = {move.seq} FROM {records}")
