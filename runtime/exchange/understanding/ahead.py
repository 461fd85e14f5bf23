"""Counts columns while their file is still being read, so that the reader process and this one work at once."""

from __future__ import annotations

from collections.abc import Sequence

from runtime.exchange.cells import Block, Column, blank_block, to_columns
from runtime.exchange.readers.reading import Sheet
from runtime.exchange.tables.table import to_tables
from runtime.exchange.understanding.facts import Counting, sample_of

ENOUGH = 3
"""Chunks of rows from which on a sheet is long enough to be counted ahead."""


class Ahead:
    """What was counted of columns whose end nobody has seen yet.

    Where a table begins is taken from its first rows. That may be wrong: facts go on from here only where the column
    that is found in the end begins with the very blocks that were counted.
    """

    def __init__(self) -> None:
        self._by_block: dict[int, tuple[Block, Counting]] = {}
        self._now: dict[int, Counting] = {}

    def rows(self, chunks: Sequence[Sequence[Block]]) -> None:
        """Another chunk of the sheet that is being read has come; `chunks` are all so far, each a block per column.

        The last one waits, for it may be cut where the table ends.
        """
        if len(chunks) == ENOUGH:
            self._begin(chunks)
        if len(chunks) >= ENOUGH:
            blocks = chunks[-2]
            for place, counting in self._now.items():
                counting.take(blocks[place] if place < len(blocks) else blank_block(blocks[0].length))

    def begun(self, column: Column) -> Counting | None:
        """What was counted of a column; it is given once."""
        block = column.blocks[1] if len(column.blocks) > 1 else None
        found = self._by_block.pop(id(block), None)
        return None if found is None else found[1]

    def forget(self) -> None:
        """Nobody will ask any more."""
        self._by_block.clear()
        self._now = {}

    def _begin(self, chunks: Sequence[Sequence[Block]]) -> None:
        """Find where the table begins; `chunks` are the first ones of a sheet."""
        self._now = {}
        width = len(chunks[0])
        height = sum(blocks[0].length for blocks in chunks) if width else 0
        sheet = Sheet("", height=height, width=width, columns=to_columns(chunks, width))
        tables = to_tables(sheet) if height else []
        if len(tables) != 1:
            return
        for place, column in zip(tables[0].places, tables[0].columns, strict=True):
            second = chunks[1][place] if place < len(chunks[1]) else None
            if second is not None and len(column.blocks) > 1 and column.blocks[1] is second:
                counting = self._now[place] = Counting(sample_of(column))
                counting.take(column.blocks[0])
                self._by_block[id(second)] = second, counting
