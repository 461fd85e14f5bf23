"""What of a record can be found: its texts, choices, numbers and dates as people write them; title and rest apart.

Numbers stand without thousands commas. Yes/no and moments are not searched (a moment is another day elsewhere); titles
of other records and rows of sub-forms are found where they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import msgspec
import sqlalchemy as sa

from runtime.form import Field, Form
from runtime.permission.scope import EVERYTHING, Scope
from runtime.store import search_grams
from runtime.store.schema import column_name, table_name

SEARCHED = frozenset({"text", "choice", "number", "date"})
"""Formula types of the fields that are searched."""

_NO_MATTER = frozenset(
    {"label", "help", "required", "unique", "read_only", "hidden", "default", "formula", "check", "check_message"}
)
"""Properties that do not change how a value is written."""


@dataclass(frozen=True, slots=True)
class Found:
    """The texts of one record, folded.

    Attributes:
        n: its number.
        title, rest: of its title field and of the others; blanks end each field.
    """

    n: int
    title: str
    rest: str

    @property
    def indexed(self) -> Found:
        """The same as far as the index holds it."""
        most = search_grams.LONGEST
        if len(self.title) <= most and len(self.rest) <= most:
            return self
        return Found(self.n, self.title[:most], self.rest[:most])

    def holds(self, word: str) -> bool:
        """Whether it holds a word."""
        return search_grams.holds(self.title, word) or search_grams.holds(self.rest, word)


class Texts:
    """Reads the searched texts of one form.

    Args:
        form: the form.
        scope: of whoever searches; fields they may not read are not read.
    """

    def __init__(self, form: Form, scope: Scope = EVERYTHING) -> None:
        title = form.title
        fields = [field for field in searched_fields(form) if scope.reads(form.id, field.id)]
        self._title = [field for field in fields if title is not None and field.id == title.id]
        self._rest = [field for field in fields if field not in self._title]
        fields = self._title + self._rest
        self._columns = [_writer(field) for field in fields]
        names = ", ".join(["_n", *(f'"{column_name(field.id)}"' for field in fields)])
        self._select = f'SELECT {names} FROM "{table_name(form.id)}"'

    def after(self, connection: sa.Connection, n: int, count: int) -> list[Found]:
        """The first records behind `_n`, the bin included."""
        sql = f"{self._select} WHERE _n > ? ORDER BY _n LIMIT ?"
        return list(self._read(connection.exec_driver_sql(sql, (n, count))))

    def last(self, connection: sa.Connection, n: int, count: int) -> list[Found]:
        """The last records behind `_n`."""
        sql = f"{self._select} WHERE _n > ? ORDER BY _n DESC LIMIT ?"
        return list(self._read(connection.exec_driver_sql(sql, (n, count))))

    def of(self, connection: sa.Connection, numbers: Collection[int]) -> list[Found]:
        """The records with these `_n`, ascending."""
        found: list[Found] = []
        ordered = sorted(numbers)
        for start in range(0, len(ordered), 500):
            part = tuple(ordered[start : start + 500])
            sql = f"{self._select} WHERE _n IN ({', '.join('?' * len(part))}) ORDER BY _n"
            found += self._read(connection.exec_driver_sql(sql, part))
        return found

    def _read(self, raws: Any) -> Iterator[Found]:
        """Column by column, which is several times as quick as record by record."""
        rows = raws.fetchall()
        if not rows:
            return
        columns = list(zip(*rows, strict=True))
        texts = [write(column) for write, column in zip(self._columns, columns[1:], strict=True)]
        titles = texts[0] if self._title else [""] * len(rows)
        rests = map(" ".join, zip(*texts[len(self._title) :], strict=True)) if self._rest else [""] * len(rows)
        fold = search_grams.fold
        for n, title, rest in zip(columns[0], titles, rests, strict=True):
            yield Found(n, fold(title), fold(rest))


def searched_fields(form: Form) -> list[Field]:
    """The fields of a form that are searched."""
    return [field for field in form.fields if field.known and field.kind.value_type in SEARCHED]


@lru_cache(maxsize=1024)
def signature(form: Form) -> str:
    """Of everything that decides what the index holds of the form's records."""
    title = form.title
    fields = [
        (field.id, field.node.kind, {key: value for key, value in field.node.props.items() if key not in _NO_MATTER})
        for field in searched_fields(form)
    ]
    plain = [search_grams.VERSION, title.id if title is not None else "", fields]
    return hashlib.sha256(msgspec.json.encode(plain, order="deterministic")).hexdigest()[:32]


def text_of(field: Field, value: Any) -> str:
    """A value as the search reads it; "" for blank."""
    if value is None:
        return ""
    if field.kind.value_type == "number":
        return field.format(value).replace(",", "")
    return field.format(value)


def _writer(field: Field) -> Callable[[Sequence[Any]], list[str]]:
    """What makes the texts of a column as the store keeps it; values that repeat are written once."""
    kind, props = field.kind, field.props
    if kind.value_type == "text":
        return lambda column: ["" if raw is None else raw for raw in column]

    def write(column: Sequence[Any]) -> list[str]:
        known = {raw: text_of(field, kind.from_column(raw, props)) for raw in set(column) if raw is not None}
        known[None] = ""
        return [known[raw] for raw in column]

    return write
