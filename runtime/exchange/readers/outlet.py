"""What a reader hands its rows to: they are cut into chunks, cleaned, packed and sent. Runs in the reader process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, BinaryIO, NamedTuple

from runtime.exchange import cells
from runtime.exchange.readers import wire
from runtime.exchange.readers.archive import Extra
from runtime.exchange.readers.cleaning import Cleaner
from runtime.exchange.readers.options import Limits

MERGED_KEPT = 10_000

Range = tuple[int, int, int, int]
"""First row, first column, last row, last column, from 0."""


class Refusal(Exception):
    """Reading stops; the parent turns `reason` into a sentence."""

    def __init__(self, reason: wire.Reason, detail: str = "") -> None:
        super().__init__(reason)
        self.reason, self.detail = reason, detail


class SparseRow(NamedTuple):
    """The filled cells of a row: its number from 0, and column -> cell."""

    number: int
    cells: dict[int, Any]


class Outlet:
    """Sends the sheets of one file.

    Args:
        out: where the frames go.
        limits: rows and columns that are sent, and the grid that is.
    """

    def __init__(self, out: BinaryIO, limits: Limits) -> None:
        self.limits = limits
        self._out = out

    def found(self, sheets: list[tuple[str, bool]], extras: Sequence[Extra] = ()) -> None:
        """Say which sheets follow: name and visibility."""
        wire.send(self._out, wire.SheetsFound(sheets, list(extras)))

    def begin(self, height: int = 0) -> None:
        """The next sheet follows; `height` is the number of its rows, 0 where unknown."""
        wire.send(self._out, wire.SheetBegins(height))

    def rows(self, height: int, blocks: list[cells.Packed], cleaned: int) -> None:
        """Send packed columns; those beyond the limit are left out."""
        wire.send(self._out, wire.Rows(height, blocks[: self.limits.columns], cleaned))

    def columns(self, height: int, columns: Iterable[Sequence[Any]]) -> None:
        """Clean, pack and send the columns of a chunk; "" is blank."""
        cleaner = Cleaner()
        self.rows(height, [cells.pack(cleaner.column(column)) for column in columns], cleaner.cleaned)

    def texts(self, height: int, columns: Iterable[Sequence[str]]) -> None:
        """As `columns`, where all cells are texts."""
        cleaner = Cleaner()
        kept = islice(columns, self.limits.columns)
        self.rows(height, [cells.pack_texts(cleaner.texts(column)) for column in kept], cleaner.cleaned)

    def clean_texts(self, height: int, columns: Iterable[Sequence[str]]) -> None:
        """As `texts`, where nothing is to be cleaned."""
        self.rows(height, [cells.pack_texts(column) for column in islice(columns, self.limits.columns)], 0)

    def end(self, facts: wire.SheetEnds) -> None:
        """All rows of the sheet were sent."""
        wire.send(self._out, facts)

    def damaged(self, reader: str) -> None:
        """The next sheet cannot be read."""
        self.begin()
        self.end(wire.SheetEnds(reader, readable=False))

    def sparse(self, name: str, rows: Sequence[SparseRow]) -> tuple[int, list[int]]:
        """Begin a sheet and send all its rows, which are given in order.

        Gaps are filled where the rectangle stays inside `Limits.grid`, and left out where not.

        Returns:
            Its width, and the old row numbers, counted from 1, where gaps were left out.

        Raises:
            Refusal: the sheet has more rows than the limit.
        """
        width = max((max(row.cells) + 1 for row in rows if row.cells), default=0)
        height = rows[-1].number + 1 if rows else 0
        gappy = height > self.limits.rows + 1 or height * width > self.limits.grid
        numbers = [row.number + 1 for row in rows] if gappy else []
        height = len(rows) if gappy else height
        if height > self.limits.rows + 1:
            raise Refusal("rows", name)
        kept = min(width, self.limits.columns)
        self.begin(height)
        dense = _dense(rows, kept, gappy)
        while chunk := list(islice(dense, cells.CHUNK)):
            self.columns(len(chunk), zip(*chunk, strict=True) if kept else [])
        return width, numbers


def clipped(merged: Iterable[Range], height: int, width: int) -> list[Range]:
    """The merged ranges inside a sheet of that size, cut off at its borders; the first `MERGED_KEPT`."""
    found = (
        (top, left, min(bottom, height - 1), min(right, width - 1))
        for top, left, bottom, right in merged
        if top < height and left < width
    )
    return list(islice((place for place in found if place[:2] != place[2:]), MERGED_KEPT))


def _dense(rows: Sequence[SparseRow], width: int, gappy: bool) -> Iterator[list[Any]]:
    place = 0
    for row in rows:
        while place < row.number and not gappy:
            yield [""] * width
            place += 1
        yield [row.cells.get(column, "") for column in range(width)]
        place += 1
