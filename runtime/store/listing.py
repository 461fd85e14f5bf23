"""`Listing`: the records of a query by position, for a window that shows a screenful of a million.

Every record in order of creation is answered from block counts: nothing grows with the table, however far the jump.
A filter or a sort needs the whole list of ids once (8 bytes a record); its first page is there before that.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate
from types import MappingProxyType

from runtime.store.grouping import Groups
from runtime.store.query import Query
from runtime.store.reader import Reader
from runtime.store.rows import Row
from runtime.store.system import BLOCK_BITS

KEPT_BLOCKS = 16
NOTHING: Mapping[str, str] = MappingProxyType({})


class Listing:
    """The records of one query at one moment. Make it and ask it on worker threads; it never changes by itself.

    Args:
        reader: of the workspace.
        query: what is listed.
        complete: False makes it hold only the first `FIRST` records of a filter or sort, at once; True all of them.
        footers: field -> name of the summary of each group, where the query has groups.

    Attributes:
        groups: how the records stand together; None where they do not.
    """

    FIRST = 200

    def __init__(
        self, reader: Reader, query: Query, complete: bool = True, footers: Mapping[str, str] = NOTHING
    ) -> None:
        self.query = query
        self._reader = reader
        self._ids: array[int] | None = None
        self._blocks: list[int] = []
        self._ends: list[int] = []
        self._loaded: dict[int, array[int]] = {}
        self.groups: Groups | None = None
        if query.is_plain:
            counts = reader.blocks(query.form)
            self._blocks = [number for number, _ in counts]
            self._ends = list(accumulate(n for _, n in counts))
            self.complete = True
        else:
            limit = None if complete else self.FIRST
            if query.groups:
                self._ids, self.groups = reader.grouped_ids(query, footers, limit)
            else:
                self._ids = reader.ids(query, limit)
            self.complete = complete or len(self._ids) == len(self) < self.FIRST

    def __len__(self) -> int:
        """How many records it lists; the first `FIRST` only where it is not `complete` and has no groups."""
        if self.groups is not None:
            return self.groups.total
        if self._ids is not None:
            return len(self._ids)
        return self._ends[-1] if self._ends else 0

    @property
    def ready(self) -> int:
        """How many records from the first on can be read: all where it is `complete`."""
        return len(self) if self._ids is None else len(self._ids)

    def numbers(self, first: int, count: int) -> Sequence[int]:
        """`_n` of the records at the positions from `first` on; fewer at the end."""
        if self._ids is not None:
            return self._ids[first : first + count]
        found = array("q")
        while len(found) < count and first + len(found) < len(self):
            at = bisect_right(self._ends, first + len(found))
            start = self._ends[at - 1] if at else 0
            inside = first + len(found) - start
            part = self._block(self._blocks[at])[inside : inside + count - len(found)]
            if not part:
                break
            found.extend(part)
        return found

    def rows(self, first: int, count: int) -> list[Row]:
        """The records at the positions from `first` on, with the titles of their relations."""
        return self._reader.rows(self.query.form, self.numbers(first, count), self.query.scope)

    def position(self, number: int) -> int | None:
        """Where the record with this `_n` stands; None where it is not listed."""
        if self._ids is not None:
            try:
                return self._ids.index(number)
            except ValueError:
                return None
        block = number >> BLOCK_BITS
        if block not in self._blocks:
            return None
        at = self._blocks.index(block)
        ids = self._block(block)
        inside = bisect_right(ids, number) - 1
        if inside < 0 or ids[inside] != number:
            return None
        return (self._ends[at - 1] if at else 0) + inside

    def _block(self, number: int) -> array[int]:
        if number not in self._loaded:
            if len(self._loaded) >= KEPT_BLOCKS:
                self._loaded.pop(next(iter(self._loaded)))
            low, at = number << BLOCK_BITS, self._blocks.index(number)
            count = self._ends[at] - (self._ends[at - 1] if at else 0)
            if count == 1 << BLOCK_BITS:  # nobody is missing
                self._loaded[number] = array("q", range(low, low + count))
            else:
                self._loaded[number] = self._reader.block_ids(self.query.form, number)
        return self._loaded[number]
