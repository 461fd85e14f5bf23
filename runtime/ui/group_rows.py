"""`GroupRows`: which group or record stands in each row of a grid with groups; no object for any record.

Positions count rows, groups included; indexes count records in the order of the listing.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from runtime.store.grouping import Groups, Path
from runtime.store.query import Group

NO_RECORD = -1


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group as it stands in a row.

    Attributes:
        path: its values, from the outermost level to its own.
        by: what groups on its level.
        count: records in it.
        folded: whether only its own row is shown.
    """

    path: Path
    by: Group
    count: int
    folded: bool

    @property
    def level(self) -> int:
        """0 is the outermost."""
        return len(self.path) - 1


class GroupRows:
    """The rows of one grouped listing.

    Args:
        groups: of the listing.
        folded: paths of the groups that show no more than their own row.
    """

    def __init__(self, groups: Groups, folded: AbstractSet[Path] = frozenset()) -> None:
        self.groups = groups
        self._levels = len(groups.by)
        self._paths: list[Path] = []
        self._firsts = array("q")
        self._counts = array("q")
        self._nodes()
        self._node_of: dict[Path, int] = {path: node for node, path in enumerate(self._paths)}
        self.folded: AbstractSet[Path] = frozenset()
        self._starts = array("q")
        self._shown = array("q")
        self._leaf_firsts = array("q", (self._firsts[n] for n, path in enumerate(self._paths) if self._is_leaf(path)))
        self._leaves = array("q", (n for n, path in enumerate(self._paths) if self._is_leaf(path)))
        self._rows = 0
        self.fold(folded)

    def _is_leaf(self, path: Path) -> bool:
        return len(path) == self._levels

    def _nodes(self) -> None:
        """Every group of every level in the order of the rows, with its first record and how many it has."""
        open_: list[int] = []
        before: Path = ()
        first = 0
        for path, count in zip(self.groups.keys, self.groups.counts, strict=True):
            common = 0
            while common < len(before) and before[common] == path[common]:
                common += 1
            del open_[common:]
            for depth in range(common, self._levels):
                open_.append(len(self._paths))
                self._paths.append(path[: depth + 1])
                self._firsts.append(first)
                self._counts.append(0)
            for node in open_:
                self._counts[node] += count
            first += count
            before = path

    def fold(self, folded: AbstractSet[Path]) -> None:
        """Show the groups of these paths as one row each, all others open."""
        self.folded = frozenset(folded)
        starts, shown, row, closed = array("q"), array("q"), 0, 0
        for node, path in enumerate(self._paths):
            if closed and len(path) > closed:
                continue
            closed = len(path) if path in self.folded else 0
            starts.append(row)
            shown.append(node)
            row += 1 + (self._counts[node] if self._is_leaf(path) and not closed else 0)
        self._starts, self._shown, self._rows = starts, shown, row

    def __len__(self) -> int:
        """Rows that are shown."""
        return self._rows

    @property
    def paths(self) -> list[Path]:
        """Every group, on every level, in order."""
        return self._paths

    def index(self, position: int) -> int:
        """The record in a row; `NO_RECORD` for the row of a group."""
        at = bisect_right(self._starts, position) - 1
        if at < 0 or position >= self._rows or position == self._starts[at]:
            return NO_RECORD
        return self._firsts[self._shown[at]] + position - self._starts[at] - 1

    def group(self, position: int) -> GroupRow | None:
        """The group that a row is of; None for records."""
        at = bisect_right(self._starts, position) - 1
        if at < 0 or position != self._starts[at]:
            return None
        node = self._shown[at]
        path = self._paths[node]
        return GroupRow(path, self.groups.by[len(path) - 1], self._counts[node], path in self.folded)

    def position(self, index: int) -> int | None:
        """The row of a record; None where its group is folded."""
        path = self.path_of(index)
        if path is None or any(path[: depth + 1] in self.folded for depth in range(len(path))):
            return None
        at = self._place(path)
        return None if at is None else self._starts[at] + 1 + index - self._firsts[self._node_of[path]]

    def place_of(self, path: Path) -> int | None:
        """The row of a group; None where it is not shown."""
        at = self._place(path)
        return None if at is None else self._starts[at]

    def _place(self, path: Path) -> int | None:
        node = self._node_of.get(path)
        if node is None:
            return None
        at = bisect_right(self._shown, node) - 1
        return at if at >= 0 and self._shown[at] == node else None

    def path_of(self, index: int) -> Path | None:
        """The innermost group that a record is in."""
        at = bisect_right(self._leaf_firsts, index) - 1
        return self._paths[self._leaves[at]] if at >= 0 and index < self.groups.total else None

    def spans(self, first: int, last: int) -> Iterator[tuple[int, int]]:
        """The records in the rows `first` to `last` as (first, last) indexes."""
        at = max(0, bisect_right(self._starts, first) - 1)
        while at < len(self._starts) and self._starts[at] <= last:
            end = self._starts[at + 1] if at + 1 < len(self._starts) else self._rows
            low, high = max(first, self._starts[at] + 1), min(last, end - 1)
            if low <= high:
                start = self._firsts[self._shown[at]] - self._starts[at] - 1
                yield start + low, start + high
            at += 1
