"""Takes records away for good that work made which was given up: they go to the bin first, then leave no trace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from runtime.changes import ChangeKind
from runtime.form import Form
from runtime.store.rows import Row
from runtime.store.schema import column_name, table_name
from runtime.store.system import history, indexed
from runtime.store.writer import stretches

_AT_ONCE = 400


def erase(connection: sa.Connection, forms: Mapping[str, Form], binned: Mapping[str, Sequence[Row]], seq: int) -> None:
    """Delete records that commit `seq` put into the bin; those that others point to stay there.

    The search index goes back behind the last record that is left, since numbers behind it are given again; by one
    record at least, so that what is being indexed at this moment is thrown away.

    Args:
        binned: form id -> records; they are in the bin already, and everything that follows is computed.
    """
    for form_id, rows in binned.items():
        table, numbers = table_name(form_id), {row.id.bytes: row.n for row in rows}
        kept = _pointed_to(connection, forms, form_id, list(numbers))
        gone = [(row, n) for row, n in numbers.items() if row not in kept]
        if not gone:
            continue
        if len(gone) == len(rows):
            connection.exec_driver_sql(
                f"DELETE FROM {history.name} WHERE seq = ? AND form = ? AND kind = ?",
                (seq, form_id, ChangeKind.DEL.value),
            )
        else:
            connection.exec_driver_sql(
                f"DELETE FROM {history.name} WHERE seq = ? AND row = ?", [(seq, row) for row, _n in gone]
            )
        spans = stretches(n for _row, n in gone)
        connection.exec_driver_sql(f'DELETE FROM "{table}" WHERE _n BETWEEN ? AND ?', spans)
        last = connection.exec_driver_sql(f'SELECT max(_n) FROM "{table}"').scalar() or 0
        connection.exec_driver_sql(
            f"UPDATE {indexed.name} SET n = (CASE WHEN n > ? THEN ? ELSE n END) - 1 WHERE form = ?",
            (last, last, form_id),
        )


def _pointed_to(connection: sa.Connection, forms: Mapping[str, Form], form_id: str, ids: Sequence[bytes]) -> set[bytes]:
    """Which of these records others point to that are not among them."""
    own, found = set(ids), set[bytes]()
    for form in forms.values():
        for field in form.fields:
            if field.target != form_id or field.computed:
                continue
            column = column_name(field.id)
            for start in range(0, len(ids), _AT_ONCE):
                part = tuple(ids[start : start + _AT_ONCE])
                places = ", ".join("?" * len(part))
                sql = f'SELECT _id, "{column}" FROM "{table_name(form.id)}" WHERE "{column}" IN ({places})'
                pairs = connection.exec_driver_sql(sql, part).fetchall()
                found |= {bytes(target) for row, target in pairs if bytes(row) not in own}
    return found
