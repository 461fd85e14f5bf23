"""The SQL of writing rows: inserts, updates, the bin, block counts, history. Called by the door only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from runtime.changes import ChangeKind
from runtime.form import Form
from runtime.store import text_order
from runtime.store.dialect import merged, on_server
from runtime.store.pipeline import Draft
from runtime.store.rows import Row, Stamp, to_columns, to_json, written
from runtime.store.schema import column_name, columns_written, key_name, table_name
from runtime.store.system import BLOCK_BITS, block, history

MOST_PLACES = 8_000
"""Values of one statement: the engine keeps about 1 MB for each form that so many were written to at once."""


@dataclass(frozen=True, slots=True)
class Span:
    """Rows that one commit created in one form: `_n` from `first` to `last`, both included."""

    form: str
    first: int
    last: int


class RecordExists(Exception):
    """A record with this id is there already; nothing was written, and the transaction can go on."""


def stretches(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Numbers, each there once, as ranges of consecutive ones, both ends included, ascending."""
    found: list[tuple[int, int]] = []
    for n in sorted(numbers):
        if found and found[-1][1] == n - 1:
            found[-1] = (found[-1][0], n)
        else:
            found.append((n, n))
    return found


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
        """Write a new record; creation leaves no history row, its stamp says when and where.

        Raises:
            RecordExists: there is one with this id.
        """
        fields = [field for field in self._form.fields if draft.values.get(field.id) is not None]
        cells = [cell for field in fields for cell in written(self._form, field, draft.values[field.id])]
        errors = msgspec.json.encode(draft.errors).decode() if draft.errors else None
        names = [
            "_id",
            "_root",
            "_seq",
            "_c",
            "_err",
            *(name for field in fields for name in columns_written(self._form, field)),
        ]
        root = None if draft.root is None else draft.root.bytes
        columns, places = ", ".join(f'"{name}"' for name in names), ", ".join("?" * len(names))
        n = self._connection.exec_driver_sql(
            f'INSERT INTO "{self._table}" (_n, {columns}) '
            f'VALUES ((SELECT coalesce(max(_n), 0) + 1 FROM "{self._table}"), {places}) '
            "ON CONFLICT (_id) DO NOTHING RETURNING _n",
            (draft.id.bytes, root, self._seq, self._stamp_json(), errors, *cells),
        ).scalar()
        if n is None:
            raise RecordExists
        self._count(Counter({n >> BLOCK_BITS: 1}))
        return Span(self._form.id, n, n)

    def insert_many(
        self,
        rows: Sequence[UUID],
        columns: dict[str, Sequence[Any]],
        errors: Sequence[Any],
        roots: Sequence[UUID] = (),
    ) -> Span:
        """Write many new records, or rows of the records `roots`, given by column; `_n` is consecutive.

        Raises:
            RecordExists: there is one with the id of one of them, or two have the same.
        """
        first = self._next_n()
        numbers = range(first, first + len(rows))
        stamp = self._stamp_json()
        count = len(rows)
        fields = [field for field in self._form.fields if field.id in columns]
        names = ["_n", "_id", "_seq", "_c", "_err", *(column_name(field.id) for field in fields)]
        cells: list[Sequence[Any]] = [
            numbers,
            [row.bytes for row in rows],
            [self._seq] * count,
            [stamp] * count,
            errors or [None] * count,
            *(to_columns(field, columns[field.id]) for field in fields),
        ]
        for field, column in zip(fields, cells[-len(fields) :] if fields else (), strict=True):
            keys = text_order.keys(column) if field.id in text_order.ordered(self._form) else None
            if keys is not None:
                names.append(key_name(field.id))
                cells.append(keys)
        if roots:
            names.append("_root")
            cells.append([root.bytes for root in roots])
        if count:
            try:
                self._insert_rows(names, zip(*cells, strict=True))
            except sa.exc.IntegrityError as error:
                raise RecordExists from error
            self._count(Counter(n >> BLOCK_BITS for n in numbers))
        return Span(self._form.id, first, first + count - 1)

    def update(self, drafts: Sequence[Draft]) -> None:
        """Write the changed fields of records, their stamps and a history row each; one statement per set of fields."""
        by_id = self._form.by_id
        alike: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
        entries = []
        for draft in drafts:
            row, changed = draft.row, tuple(sorted(draft.changed))
            if row is None or not changed:
                continue
            errors = msgspec.json.encode(draft.errors).decode() if draft.errors else None
            cells = [cell for each in changed for cell in written(self._form, by_id[each], draft.values.get(each))]
            alike.setdefault(changed, []).append((self._seq, errors, self._stamps_of(changed), *cells, row.n))
            entries.append((row.id, to_json(by_id, draft.before()), to_json(by_id, draft.after())))
        fv = merged(self._connection, "_fv")
        for changed, rows in alike.items():
            names = [name for field_id in changed for name in columns_written(self._form, by_id[field_id])]
            places = ", ".join(f'"{name}" = ?' for name in names)
            self._connection.exec_driver_sql(
                f'UPDATE "{self._table}" SET _seq = ?, _err = ?, _fv = {fv}, {places} WHERE _n = ?', rows
            )
        if entries:
            self._remember(ChangeKind.SET, entries)

    def bin(self, rows: Sequence[Row], kind: ChangeKind) -> None:
        """Put records into the bin (DEL) or take them out of it (RESTORE)."""
        deleted = int(kind is ChangeKind.DEL)
        moved = [row.n for row in rows if row.deleted != bool(deleted)]
        if not moved:
            return
        spans = stretches(moved)
        self._connection.exec_driver_sql(
            f'UPDATE "{self._table}" SET _del = ?, _seq = ? WHERE _n BETWEEN ? AND ?',
            [(deleted, self._seq, *span) for span in spans],
        )
        step = -1 if deleted else 1
        counts = Counter(n >> BLOCK_BITS for n in moved)
        self._count(Counter({number: step * count for number, count in counts.items()}))
        self._connection.exec_driver_sql(
            f"INSERT INTO {history.name} (seq, form, row, kind, before, after) "
            f"SELECT ?, ?, _id, ?, '{{}}', '{{}}' FROM \"{self._table}\" WHERE _n BETWEEN ? AND ? ORDER BY _n",
            [(self._seq, self._form.id, kind.value, *span) for span in spans],
        )

    def _insert_rows(self, names: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
        """One statement run many times, or COPY: what is quickest. A broken rule leaves the transaction usable."""
        columns = ", ".join(f'"{name}"' for name in names)
        if on_server(self._connection):
            from runtime.store.postgres import copy_rows

            with self._connection.begin_nested():
                copy_rows(self._connection, f'COPY "{self._table}" ({columns}) FROM STDIN', rows)
        else:
            insert, places = f'INSERT INTO "{self._table}" ({columns}) VALUES ', f"({', '.join('?' * len(names))})"
            at_once = max(1, MOST_PLACES // len(names))
            rest = iter(rows)
            while part := list(islice(rest, at_once)):
                if len(part) == at_once:
                    cells = tuple(chain.from_iterable(part))
                    self._connection.exec_driver_sql(insert + ", ".join([places] * at_once), cells)
                else:
                    self._connection.exec_driver_sql(insert + places, part)

    def _stamps_of(self, fields: Sequence[str]) -> str:
        return msgspec.json.encode(dict.fromkeys(fields, self._stamp)).decode()

    def _stamp_json(self) -> str:
        return msgspec.json.encode(self._stamp).decode()

    def _next_n(self) -> int:
        last = self._connection.exec_driver_sql(f'SELECT max(_n) FROM "{self._table}"').scalar()
        return int(last or 0) + 1

    def _count(self, counts: Counter[int]) -> None:
        self._connection.exec_driver_sql(
            f"INSERT INTO {block.name} (form, block, n) VALUES (?, ?, ?) "
            f"ON CONFLICT (form, block) DO UPDATE SET n = {block.name}.n + excluded.n",
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
