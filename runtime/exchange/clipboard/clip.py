"""`Clip`: a block of cells that a program put on the clipboard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class OwnColumn:
    """A column that Formwork itself copied.

    Attributes:
        field: id of the field.
        kind: name of its type.
        target: id of the form that a relation points to.
        values: JSON values, one for each row.
    """

    field: str
    kind: str
    target: str
    values: Sequence[Any]


@dataclass(slots=True)
class Clip:
    """A block of cells.

    Attributes:
        rows: texts; a row may be shorter than others, then its last cells are missing, not blank.
        numbers: (row, column) -> what the other program computes with, where it says so; dates are days since 1900.
        own: columns as Formwork wrote them; empty for what comes from elsewhere.
        sheet: whether a spreadsheet wrote it, in the customs of this machine.
        width: how many columns the longest row has.
    """

    rows: list[list[str]]
    numbers: dict[tuple[int, int], Decimal] = field(default_factory=dict)
    own: tuple[OwnColumn, ...] = ()
    sheet: bool = False
    width: int = 0

    def __post_init__(self) -> None:
        self.width = max(map(len, self.rows), default=0)

    @property
    def height(self) -> int:
        """How many rows there are."""
        return len(self.rows)
