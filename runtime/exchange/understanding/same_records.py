"""Columns of one sheet that name the same record in each row, as number and name of a customer do in an order."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass

from runtime.exchange.cells import Column
from runtime.exchange.understanding.conversion import key_of
from runtime.work import Progress

NEARLY = 0.95
"""Share of the rows with a record from which two columns name the same ones."""

STRETCHES, STRETCH = 10, 2_000
"""Parts of a long sheet that are looked at, and rows of each."""


@dataclass(frozen=True, slots=True)
class Naming:
    """A column that names records.

    Attributes:
        source: index of the table column.
        keys: of some rows, the same for all columns of the sheet, as `sampled` gives them.
        records: key -> the one record that it names.
    """

    source: int
    keys: Sequence[str | None]
    records: Mapping[str, Hashable]

    def repeats(self, other: Naming) -> bool:
        """Whether nearly every record that this column names is named by the other one too, in other words.

        In the same words two columns say two things that may be the same now and then, as who made and who looks after
        something.
        """
        named = same = 0
        for key, beside in zip(self.keys, other.keys, strict=True):
            record = self.records.get(key) if key is not None else None
            if record is not None:
                named += 1
                same += beside is not None and beside != key and other.records.get(beside) == record
        return named > 0 and same >= NEARLY * named


def repeated(namings: Sequence[Naming]) -> dict[int, int]:
    """Which columns name what a better one names: index of the table column -> index of the better one.

    Args:
        namings: columns that name records of one target, the best first.
    """
    kept: list[Naming] = []
    found: dict[int, int] = {}
    for naming in namings:
        better = next((other for other in kept if naming.repeats(other)), None)
        if better is None:
            kept.append(naming)
        else:
            found[naming.source] = better.source
    return found


def sampled(column: Column) -> list[str | None]:
    """The keys of a column, of a long one those of stretches from its first row to its end."""
    height = len(column)
    if height <= STRETCHES * STRETCH:
        return [key_of(cell) for cell in column.raw()]
    firsts = (at * (height - STRETCH) // (STRETCHES - 1) for at in range(STRETCHES))
    return [key_of(cell) for first in firsts for cell in column.raw(first, first + STRETCH)]


def rows_with(column: Column, keys: Collection[str | None], progress: Progress) -> dict[str, int]:
    """Key -> row of a column that has it.

    Raises:
        Cancelled: somebody asked to stop.
    """
    found: dict[str, int] = {}
    row = 0
    for block in column.blocks:
        progress.check()
        for at, cell in enumerate(block.raw(), row):
            key = key_of(cell)
            if key is not None and key in keys:
                found[key] = at
        row += block.length
    return found
