"""Rows between the database and typed values: one `Codec` per form, made once per version."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from itertools import repeat
from typing import Any
from uuid import UUID

import msgspec

from runtime.changes import uuid_of
from runtime.fields import FieldType
from runtime.form import Field, Form
from runtime.store import text_order
from runtime.store.prepared import Prepared
from runtime.store.schema import column_name, table_name

Stamp = tuple[int, int, int, int]
"""`[seq, device, n, hlc]`: commit, device number, the device's operation number, hybrid logical clock."""

SYSTEM_COLUMNS = ("_n", "_id", "_seq", "_del", "_err", "_root")


class Row(msgspec.Struct, frozen=True):
    """One record as the store holds it.

    Attributes:
        n: local number; pages and lists use it, nothing outside this workspace does.
        id: the record's id.
        seq: commit that last wrote it.
        deleted: in the bin.
        values: field id -> typed value; blanks are left out.
        errors: computed field id -> Excel error code.
        titles: relation field id -> title of the related record.
        root: the record that a row of a sub-form belongs to; None for records.
        updating: ids of computed fields whose value is out of date and will be computed soon.
    """

    n: int
    id: UUID
    seq: int
    deleted: bool
    values: Mapping[str, Any]
    errors: Mapping[str, str] = {}
    titles: Mapping[str, str] = {}
    root: UUID | None = None
    updating: frozenset[str] = frozenset()


def _is_plain(kind: FieldType, method: str) -> bool:
    return getattr(type(kind), method) is getattr(FieldType, method)


class Codec:
    """Reads and writes the rows of one form.

    Args:
        form: the form, at one version.
        fields: the fields to read; default all of them.
    """

    def __init__(self, form: Form, fields: Sequence[Field] | None = None) -> None:
        self.form = form
        self.fields = tuple(form.fields if fields is None else fields)
        self._table = table_name(form.id)
        self._columns = [f'"{column_name(f.id)}"' for f in self.fields]
        self._computed = frozenset(f.id for f in form.fields if f.computed)
        self._ids = [f.id for f in self.fields]
        self._readers = [_reader(f) for f in self.fields]

    @property
    def select(self) -> str:
        """`SELECT columns FROM table`, in the order that `rows` expects."""
        return f'SELECT {", ".join([*SYSTEM_COLUMNS, *self._columns])} FROM "{self._table}"'

    def rows(self, raws: Iterable[Sequence[Any]]) -> list[Row]:
        """The records in result rows of `select`, read column by column."""
        columns = list(zip(*raws, strict=True))
        if not columns:
            return []
        start = len(SYSTEM_COLUMNS)
        read = [
            column if read is None else [None if value is None else read(value) for value in column]
            for read, column in zip(self._readers, columns[start:], strict=True)
        ]
        ids = self._ids
        values = (
            {field_id: value for field_id, value in zip(ids, row, strict=True) if value is not None}
            for row in (zip(*read, strict=True) if read else repeat((), len(columns[0])))
        )
        return [
            Row(n, uuid_of(row), seq, bool(deleted), held, self._errors(errors) if errors else {}, root=_root(root))
            for (n, row, seq, deleted, errors, root), held in zip(
                zip(*columns[:start], strict=True), values, strict=True
            )
        ]

    def _errors(self, raw: str) -> dict[str, str]:
        """Error codes of fields that are still computed: one that people fill in since has left its error behind."""
        errors: dict[str, str] = msgspec.json.decode(raw)
        return {field_id: code for field_id, code in errors.items() if field_id in self._computed}


def _root(raw: bytes | None) -> UUID | None:
    return None if raw is None else uuid_of(raw)


def _reader(field_: Field) -> Callable[[Any], Any] | None:
    kind, props = field_.kind, field_.props
    if _is_plain(kind, "from_column"):
        return None
    return kind.reading(props)


def to_column(field_: Field, value: Any) -> Any:
    """One value as its column keeps it."""
    return None if value is None else field_.kind.to_column(value, field_.props)


def written(form: Form, field_: Field, value: Any) -> tuple[Any, ...]:
    """One value as the columns of `schema.columns_written` keep it: a text has its key beside it."""
    raw = to_column(field_, value)
    return (raw, text_order.key(raw)) if field_.id in text_order.ordered(form) else (raw,)


def to_columns(field_: Field, values: Sequence[Any]) -> Sequence[Any]:
    """Many values of one field as its column keeps them."""
    if isinstance(values, Prepared) and (stored := values.stored(field_)) is not None:
        return stored
    return field_.kind.to_columns(values, field_.props)


def to_json(fields: Mapping[str, Field], values: Mapping[str, Any]) -> bytes:
    """Values by field id as JSON, for history."""
    plain = {
        field_id: None if value is None else fields[field_id].kind.to_json(value, fields[field_id].props)
        for field_id, value in values.items()
    }
    return msgspec.json.encode(plain)


def from_json(fields: Mapping[str, Field], raw: str | bytes) -> dict[str, Any]:
    """Values by field id from history.

    Left out: fields that the form no longer has, and values from before a change of type that the new one cannot hold.
    """
    plain: dict[str, Any] = msgspec.json.decode(raw)
    found = {}
    for field_id, value in plain.items():
        if field_id in fields:
            with suppress(ValueError, TypeError, ArithmeticError, AttributeError):
                found[field_id] = None if value is None else _from_json(fields[field_id], value)
    return found


_CLASSES: dict[str, type | tuple[type, ...]] = {
    "number": (int, Decimal),
    "text": str,
    "choice": str,
    "bool": bool,
    "date": date,
    "datetime": datetime,
    "record": UUID,
    "list": tuple,
}
"""Formula type of a field -> what its values are in Python."""


def _from_json(field_: Field, value: Any) -> Any:
    """The value that `to_json` gave; one of another type is read as if somebody typed it.

    Raises:
        ValueError, TypeError, ArithmeticError, AttributeError: the field cannot hold it.
    """
    kind, props = field_.kind, field_.props
    with suppress(ValueError, TypeError, ArithmeticError, AttributeError):
        read = kind.from_json(value, props)
        if isinstance(read, _CLASSES.get(kind.value_type, object)) and not _is_stray(kind, read):
            return read
    return kind.parse(str(value), props)


def _is_stray(kind: FieldType, read: Any) -> bool:
    """Whether Python takes for this type what is none: yes/no for numbers, parts for whole numbers."""
    if kind.value_type != "number":
        return False
    return isinstance(read, bool) or (kind.name == "integer" and not isinstance(read, int))
