"""`RecordPlaces`: which record stands in which row of a grid at one moment, for work on other threads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from copy import copy
from dataclasses import dataclass
from uuid import UUID

from runtime.store.grouping import Path
from runtime.store.listing import Listing
from runtime.store.rows import Row
from runtime.ui.group_rows import NO_RECORD, GroupRows
from runtime.ui.record_window import Reading
from runtime.work import Progress


@dataclass(frozen=True, slots=True)
class Found:
    """Where some records stand.

    Attributes:
        runs: rows (first, last) of those that are shown, as `runs_of` puts them together.
        folded: the folded groups that others of them are in.
        hidden: how many the filter or the search leaves out.
        late: whether the rows were listed before some of the records were as they are now.
    """

    runs: Sequence[tuple[int, int]] = ()
    folded: AbstractSet[Path] = frozenset()
    hidden: int = 0
    late: bool = False


def runs_of(rows: Iterable[int], is_group: Callable[[int], bool]) -> list[tuple[int, int]]:
    """Ascending rows as (first, last) of those that stand together; rows of groups between them part nothing."""
    found: list[tuple[int, int]] = []
    for row in rows:
        if found and (row == found[-1][1] + 1 or all(map(is_group, range(row - 1, found[-1][1], -1)))):
            found[-1] = (found[-1][0], row)
        else:
            found.append((row, row))
    return found


class RecordPlaces:
    """The rows as the person sees them now; it does not change when the grid does. Call it on worker threads.

    Args:
        rows: where groups stand between the records; None where there are none.
    """

    def __init__(self, listing: Listing | None, reading: Reading, rows: GroupRows | None) -> None:
        self._listing = listing
        self._reading = reading
        self._rows = copy(rows)

    def __call__(self, spans: Sequence[tuple[int, int]], progress: Progress) -> dict[int, Row]:
        """Row -> record, of these rows (first, last) as far as they hold one that is still there."""
        listing, rows = self._listing, self._rows
        if listing is None:
            return {}
        if rows is None:
            return self._reading.placed(listing, spans, progress)
        found: dict[int, Row] = {}
        for first, last in spans:
            for low, high in rows.spans(first, last):
                row = rows.position(low)
                if row is not None:
                    part = self._reading.placed(listing, [(low, high)], progress)
                    found.update({row + index - low: record for index, record in part.items()})
        return found

    @property
    def folded(self) -> AbstractSet[Path]:
        """The groups that show no records."""
        return self._rows.folded if self._rows is not None else frozenset()

    def of(self, records: Sequence[UUID], progress: Progress) -> Found:
        """Where these records stand."""
        listing, rows = self._listing, self._rows
        if listing is None:
            return Found(late=True)
        indexes, hidden, late = self._reading.found(listing, records)
        if rows is None:
            return Found(runs_of(indexes, lambda _row: False), hidden=hidden, late=late)
        folded = {path[: depth + 1] for path in map(rows.path_of, indexes) if path for depth in range(len(path))}
        shown = (row for row in map(rows.position, indexes) if row is not None)
        return Found(runs_of(shown, lambda row: rows.index(row) == NO_RECORD), folded & self.folded, hidden, late)

    def along(self, top: int, count: int) -> Sequence[int]:
        """`count` rows from `top` on that are not rows of groups, also beyond the last one."""
        rows = self._rows
        if rows is None:
            return range(top, top + count)
        found: list[int] = []
        at = top
        while len(found) < count:
            if at >= len(rows) or rows.index(at) != NO_RECORD:
                found.append(at)
            at += 1
        return found
