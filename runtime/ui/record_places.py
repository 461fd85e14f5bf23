"""`RecordPlaces`: which record stands in which row of a grid at one moment, for work on other threads."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy

from runtime.store.listing import Listing
from runtime.store.rows import Row
from runtime.ui.group_rows import NO_RECORD, GroupRows
from runtime.ui.record_window import Reading
from runtime.work import Progress


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
