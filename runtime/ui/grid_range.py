"""`ChosenRange`: the cells that were chosen at one moment, wherever their records stand later."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from uuid import UUID

from runtime.exchange.editing.pasting import Area
from runtime.form import Field
from runtime.store.query import Query
from runtime.store.rows import Row
from runtime.ui.grid_tools import GridTools, spans_of
from runtime.ui.record_places import RecordPlaces
from runtime.work import Progress

LOOK = 5_000
"""Records that are read at a time."""
Columns = Callable[[Row], Collection[int]]
"""Record -> the columns in which its cells are chosen."""


class ChosenRange:
    """What is chosen in a grid when this is made; the rest is asked on worker threads."""

    def __init__(self, tools: GridTools) -> None:
        model = tools.model
        areas = [area for each in tools.areas() if (area := tools.of_records(each)) is not None]
        self._asked = _records_of(model.query)
        self._place = model.places()
        self._parts = [(area, [field.id for field in tools.fields[area.left : area.right + 1]]) for area in areas]
        self._whole = [(area.top, area.bottom) == (0, model.listed - 1) for area in areas]
        self._records: tuple[list[bool], list[set[UUID]]] | None = None
        self.cells = sum(area.width * model.records_in([(area.top, area.bottom)]) for area in areas)

    def still(self, query: Query) -> None:
        """Where other records are asked for now, every record is no longer what was chosen."""
        if _records_of(query) != self._asked and any(self._whole):
            self._whole = [False] * len(self._parts)

    def spans(self, place: RecordPlaces, count: int, progress: Progress) -> Sequence[tuple[int, int]]:
        """The rows (first, last) in which its records stand now, of `count` rows."""
        found: list[tuple[int, int]] = []
        for whole, records in self._read(progress):
            found += [(0, count - 1)] if whole else place.of(list(records), progress).runs
        return spans_of([Area(first, 0, last, 0) for first, last in found])

    def columns(self, fields: Sequence[Field], progress: Progress) -> Columns:
        """Where its cells are among the columns that are shown now."""
        at = {field.id: column for column, field in enumerate(fields)}
        parts = [
            (whole, records, {at[field] for field in ids if field in at})
            for (whole, records), (_area, ids) in zip(self._read(progress), self._parts, strict=True)
        ]

        def of(row: Row) -> Collection[int]:
            return {column for whole, ids, columns in parts if whole or row.id in ids for column in columns}

        return of

    def _read(self, progress: Progress) -> list[tuple[bool, set[UUID]]]:
        """Of each part whether it is every record, else which; read once, and anew where `still` says otherwise."""
        whole, known = self._whole, self._records
        if known is None or known[0] is not whole:
            records = [
                set() if all_ else self._ids(area, progress)
                for all_, (area, _ids) in zip(whole, self._parts, strict=True)
            ]
            known = self._records = whole, records
        return list(zip(*known, strict=True))

    def _ids(self, area: Area, progress: Progress) -> set[UUID]:
        found: set[UUID] = set()
        for start in range(area.top, area.bottom + 1, LOOK):
            progress.check()
            placed = self._place([(start, min(start + LOOK - 1, area.bottom))], progress)
            found |= {row.id for row in placed.values()}
        return found


def _records_of(query: Query) -> tuple[str, str]:
    """What decides which records are listed; in which order and in which groups does not matter."""
    return query.where, query.search.strip()
