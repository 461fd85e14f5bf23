"""Rows between the database and typed values: one `Codec` per form, made once per version."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import msgspec

from runtime.fields import FieldType
from runtime.form import Field, Form
from runtime.store.schema import column_name, table_name

Stamp = tuple[int, int, int, int]
"""`[seq, device, n, hlc]`: commit, device number, the device's operation number, hybrid logical clock."""

SYSTEM_COLUMNS = ("_n", "_id", "_seq", "_del", "_err")


@dataclass(frozen=True, slots=True)
class Row:
    """One record as the store holds it.

    Attributes:
        n: local number; pages and lists use it, nothing outside this workspace does.
        id: the record's id.
        seq: commit that last wrote it.
        deleted: in the bin.
        values: field id -> typed value; blanks are left out.
        errors: computed field id -> Excel error code.
        titles: relation field id -> title of the related record.
    """

    n: int
    id: UUID
    seq: int
    deleted: bool
    values: Mapping[str, Any]
    errors: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)


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
        self._readers = [(f.id, _reader(f)) for f in self.fields]

    @property
    def select(self) -> str:
        """`SELECT columns FROM table`, in the order that `row` expects."""
        return f'SELECT {", ".join([*SYSTEM_COLUMNS, *self._columns])} FROM "{self._table}"'

    def row(self, raw: Sequence[Any]) -> Row:
        """The record in one result row of `select`."""
        start = len(SYSTEM_COLUMNS)
        values = {}
        for (field_id, read), value in zip(self._readers, raw[start:], strict=True):
            if value is not None:
                values[field_id] = value if read is None else read(value)
        errors = self._errors(raw[4]) if raw[4] else {}
        return Row(raw[0], UUID(bytes=bytes(raw[1])), raw[2], bool(raw[3]), values, errors)

    def _errors(self, raw: str) -> dict[str, str]:
        """Error codes of fields that are still computed: one that people fill in since has left its error behind."""
        errors: dict[str, str] = msgspec.json.decode(raw)
        return {field_id: code for field_id, code in errors.items() if field_id in self._computed}

    def rows(self, raws: Iterable[Sequence[Any]]) -> list[Row]:
        """The records in many result rows."""
        return [self.row(raw) for raw in raws]


def _reader(field_: Field) -> Callable[[Any], Any] | None:
    kind, props = field_.kind, field_.props
    if _is_plain(kind, "from_column"):
        return None
    return lambda raw: kind.from_column(raw, props)


def to_column(field_: Field, value: Any) -> Any:
    """One value as its column keeps it."""
    return None if value is None else field_.kind.to_column(value, field_.props)


def to_columns(field_: Field, values: Sequence[Any]) -> list[Any]:
    """Many values of one field as its column keeps them."""
    return field_.kind.to_columns(values, field_.props)


def to_json(fields: Mapping[str, Field], values: Mapping[str, Any]) -> bytes:
    """Values by field id as JSON, for history."""
    plain = {
        field_id: None if value is None else fields[field_id].kind.to_json(value, fields[field_id].props)
        for field_id, value in values.items()
    }
    return msgspec.json.encode(plain)


def from_json(fields: Mapping[str, Field], raw: str | bytes) -> dict[str, Any]:
    """Values by field id from history; fields that the form no longer has are left out."""
    plain: dict[str, Any] = msgspec.json.decode(raw)
    return {
        field_id: None if value is None else fields[field_id].kind.from_json(value, fields[field_id].props)
        for field_id, value in plain.items()
        if field_id in fields
    }
