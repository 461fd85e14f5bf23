"""What the first reader does not tell about a sheet."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

FORMAT_HEAD = 256 * 1024
"""Bytes of a sheet in which the number formats of its columns are looked for."""

BUILT_IN = {
    5: '"$"#,##0', 6: '"$"#,##0', 7: '"$"#,##0.00', 8: '"$"#,##0.00', 9: "0%", 10: "0.00%",
    42: '"$"#,##0', 44: '"$"#,##0.00', 49: "@",
}  # fmt: skip
"""The number formats without an entry in the styles that matter here (ECMA-376 part 1, 18.8.30)."""


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
    _figures: Counter[int] = field(default_factory=Counter)
    _shares: Counter[int] = field(default_factory=Counter)

    def take_format(self, column: int, code: str, is_text: bool) -> None:
        """Keep the number format of a filled cell below the first row, unless its column has one or it says nothing."""
        if not is_text:
            self._figures[column] += 1
            self._shares[column] += "%" in code
        if code and code != "General" and (code == "@" or not is_text):
            self.formats.setdefault(column, code)

    def settle_formats(self) -> None:
        """Forget that a column is percent where most of its cells are not: a list of 95%, 120 and 3 is numbers."""
        for column, code in list(self.formats.items()):
            if "%" in code and 2 * self._shares[column] <= self._figures[column]:
                del self.formats[column]
