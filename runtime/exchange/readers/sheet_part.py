"""What the first reader does not tell about a sheet."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class SheetPart:
    """What the bytes of one sheet add.

    Attributes:
        errors: row -> column -> error code, both counted from 0.
        formats: column -> number format of its first styled cells below the first row.
        hidden_rows, hidden_columns: counted from 0; None where nobody looked.
        unsaved: column -> formulas without a saved result.
        lists: ranges under a filter or made a table: first row, first column, last row, last column.
        merged: merged ranges that calamine does not tell, as `lists`.
    """

    errors: dict[int, dict[int, str]] = field(default_factory=dict)
    formats: dict[int, str] = field(default_factory=dict)
    hidden_rows: list[int] | None = None
    hidden_columns: list[int] | None = None
    unsaved: dict[int, int] = field(default_factory=dict)
    lists: list[tuple[int, int, int, int]] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
