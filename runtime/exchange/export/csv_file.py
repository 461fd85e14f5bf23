"""Records as CSV: RFC 4180, one line for each record, the names of the fields in the first."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from runtime.dates import local_zone
from runtime.exchange.export.subtotals import Subtotal
from runtime.exchange.export.values import plain, reading
from runtime.exchange.guard import guarded
from runtime.form import Field
from runtime.store.rows import Row

ENCODINGS = ("utf-8-sig", "gb18030")
"""UTF-8 with the mark that Excel needs, and what older Chinese programs read."""

DELIMITERS = (",", ";", "\t", "|")

_SAFE = frozenset({"number", "bool", "date", "datetime"})
"""Formula types whose texts are figures and words of ours."""


class CsvBook:
    """A file with one table.

    Args:
        place: of the file.
        raw: whether texts that look like formulas stay as they are; else an apostrophe stands before them.
    """

    def __init__(self, place: Path, delimiter: str, encoding: str, *, raw: bool) -> None:
        self._file = place.open("w", encoding=encoding, newline="")
        self._lines = csv.writer(self._file, delimiter=delimiter, lineterminator="\r\n")
        self._guard: Callable[[str], str] = str if raw else guarded

    def sheet(self, name: str, fields: Sequence[Field], leads: Sequence[str] = (), level: int = 0) -> CsvSheet:
        """Begin the table; it has no outline."""
        self._lines.writerow(map(self._guard, (*leads, *(each.name for each in fields))))
        return CsvSheet(self._lines.writerows, [reading(each, self._text(each)) for each in fields], self._guard)

    def _text(self, field: Field) -> Callable[[Any], str]:
        write, guard = plain(field, local_zone()), self._guard
        return write if field.kind.value_type in _SAFE else lambda value: guard(write(value))

    def finish(self, about: Sequence[tuple[str, str]]) -> None:
        """Write what is left; there is no room for more than the table."""
        self._file.close()

    def abandon(self) -> None:
        """Let the file go."""
        self._file.close()


class CsvSheet:
    """The lines of the file."""

    def __init__(
        self, write: Callable[[Any], Any], reads: Sequence[Callable[[Row], str]], guard: Callable[[str], str]
    ) -> None:
        self._write, self._reads, self._guard = write, reads, guard

    def add(self, rows: Sequence[Row], leads: Sequence[Sequence[str]] = ()) -> None:
        """Append lines."""
        named = leads or [()] * len(rows)
        lines = (
            [*map(self._guard, lead), *(read(row) for read in self._reads)]
            for row, lead in zip(rows, named, strict=True)
        )
        self._write(lines)

    def subtotal(self, row: Subtotal) -> None:
        """Nothing: every line is a record."""
