"""Cells as text for other programs: tab-separated lines, as spreadsheets write them."""

from __future__ import annotations

from collections.abc import Sequence

from runtime.form import Field
from runtime.store.rows import Row

QUOTED = ("\t", "\n", "\r", '"')


def as_tsv(rows: Sequence[Row], fields: Sequence[Field]) -> str:
    """Records as lines, fields as columns; values as they can be pasted again."""
    return "\n".join("\t".join(_quoted(cell_text(row, field)) for field in fields) for row in rows)


def cell_text(row: Row, field: Field) -> str:
    """A value as text: dates as 2026-03-05, relations by title, errors by code."""
    if field.id in row.errors:
        return row.errors[field.id]
    if field.target:
        return row.titles.get(field.id, "")
    return field.format(row.values.get(field.id))


def _quoted(text: str) -> str:
    if not any(sign in text for sign in QUOTED):
        return text
    doubled = text.replace('"', '""')
    return f'"{doubled}"'
