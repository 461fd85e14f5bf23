"""The SQL of writing rows: inserts, updates, the bin, block counts, history. Called by the door only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from runtime.changes import ChangeKind
from runtime.form import Form
from runtime.store.pipeline import Draft
from runtime.store.rows import Row, Stamp, to_column, to_columns, to_json
from runtime.store.schema import column_name, table_name
from runtime.store.system import BLOCK_BITS, block, history


@dataclass(frozen=True, slots=True)
class Span:
    """Rows that one commit created in one form: `_n` from `first` to `last`, both included."""

    form: str
    first: int
    last: int


class RowWriter:
    """Writes the rows of one form inside one commit.

    Args:
        connection: in the transaction of the commit.
        form: the form.
        stamp: of this commit; goes onto every row and field it writes.
    """

    def __init__(self, connection: sa.Connection, form: Form, stamp: Stamp) -> None:
        self._connection = connection
        self._form = form
        self._stamp = stamp
        self._seq = stamp[0]
        self._table = table_name(form.id)

    def insert(self, draft: Draft) -> Span:
        """Write a new record; creation leaves no history row, its stamp says when and where."""
        fields = [field for field in self._form.fields if draft.values.get(field.id) is not None]
        cells = [to_column(field, draft.values[field.id]) for field in fields]
        errors = msgspec.json.encode(draft.errors).decode() if draft.errors else None
        names = ["_id", "_seq", "_c", "_err", *(column_name(field.id) for field in fields)]
        statement = self._insert_sql(names)
        result = self._connection.exec_driver_sql(
            statement, (draft.id.bytes, self._seq, self._stamp_json(), errors, *cells)
        )
        n = int(result.lastrowid)
        self._count(Counter({n >> BLOCK_BITS: 1}))
        return Span(self._form.id, n, n)

    def insert_many(self, rows: Sequence[UUID], columns: dict[str, Sequence[Any]], errors: Sequence[Any]) -> Span:
        """Write many new records, given by column; `_n` is consecutive."""
        first = self._next_n()
        numbers = range(first, first + len(rows))
        stamp = self._stamp_json()
        count = len(rows)
        fields = [field for field in self._form.fields if field.id in columns]
        names = ["_n", "_id", "_seq", "_c", "_err", *(column_name(field.id) for field in fields)]
        cells = [
            numbers,
            [row.bytes for row in rows],
            [self._seq] * count,
            [stamp] * count,
            errors or [None] * count,
            *(to_columns(field, columns[field.id]) for field in fields),
        ]
        if count:
            self._connection.exec_driver_sql(self._insert_sql(names), list(zip(*cells, strict=True)))
            self._count(Counter(n >> BLOCK_BITS for n in numbers))
        return Span(self._form.id, first, first + count - 1)

    def update(self, draft: Draft) -> None:
        """Write the changed fields of a record, their stamps and one history row."""
        row = draft.row
        if row is None or not draft.changed:
            return
        by_id = self._form.by_id
        fields = [by_id[field_id] for field_id in sorted(draft.changed)]
        errors = msgspec.json.encode(draft.errors).decode() if draft.errors else None
        patch = msgspec.json.encode({field.id: self._stamp for field in fields}).decode()
        places = ", ".join(f'"{column_name(field.id)}" = ?' for field in fields)
        self._connection.exec_driver_sql(
            f"UPDATE \"{self._table}\" SET _seq = ?, _err = ?, _fv = json_patch(coalesce(_fv, '{{}}'), ?), {places} "
            "WHERE _n = ?",
            (
                self._seq,
                errors,
                patch,
                *(to_column(field, draft.values.get(field.id)) for field in fields),
                row.n,
            ),
        )
        before, after = to_json(by_id, draft.before()), to_json(by_id, draft.after())
        self._remember(ChangeKind.SET, [(row.id, before, after)])

    def bin(self, rows: Sequence[Row], kind: ChangeKind) -> None:
        """Put records into the bin (DEL) or take them out of it (RESTORE)."""
        deleted = int(kind is ChangeKind.DEL)
        moved = [row for row in rows if row.deleted != bool(deleted)]
        if not moved:
            return
        self._connection.exec_driver_sql(
            f'UPDATE "{self._table}" SET _del = ?, _seq = ? WHERE _n = ?',
            [(deleted, self._seq, row.n) for row in moved],
        )
        step = -1 if deleted else 1
        counts = Counter(row.n >> BLOCK_BITS for row in moved)
        self._count(Counter({number: step * count for number, count in counts.items()}))
        self._remember(kind, [(row.id, b"{}", b"{}") for row in moved])

    def _insert_sql(self, names: Sequence[str]) -> str:
        columns = ", ".join(f'"{name}"' for name in names)
        return f'INSERT INTO "{self._table}" ({columns}) VALUES ({", ".join("?" * len(names))})'

    def _stamp_json(self) -> str:
        return msgspec.json.encode(self._stamp).decode()

    def _next_n(self) -> int:
        last = self._connection.exec_driver_sql(f'SELECT max(_n) FROM "{self._table}"').scalar()
        return int(last or 0) + 1

    def _count(self, counts: Counter[int]) -> None:
        self._connection.exec_driver_sql(
            f"INSERT INTO {block.name} (form, block, n) VALUES (?, ?, ?) "
            "ON CONFLICT (form, block) DO UPDATE SET n = n + excluded.n",
            [(self._form.id, number, count) for number, count in counts.items()],
        )

    def _remember(self, kind: ChangeKind, entries: Sequence[tuple[UUID, bytes, bytes]]) -> None:
        self._connection.exec_driver_sql(
            f"INSERT INTO {history.name} (seq, form, row, kind, before, after) VALUES (?, ?, ?, ?, ?, ?)",
            [
                (self._seq, self._form.id, row.bytes, kind.value, before.decode(), after.decode())
                for row, before, after in entries
            ],
        )
