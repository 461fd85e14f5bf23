"""`Staying`: when the list changes under a grid, place, current record and selection stay with the records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from PySide6.QtCore import QItemSelection, QItemSelectionModel

from runtime.store.grouping import Path
from runtime.ui.entry_model import EntryModel
from runtime.ui.grid_table import GridTable
from runtime.ui.group_rows import NO_RECORD
from runtime.ui.record_places import runs_of

MOST = 500
"""Selected records that keep their selection; one that is larger, or not read as a whole, stays by position."""
FLAG = QItemSelectionModel.SelectionFlag


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a person saw.

    Attributes:
        top: `_n` of the uppermost record and how many pixels of it are above the edge.
        current: `_n` of the current record.
        group: the values of the group whose row is the current one.
        chosen: (`_n`, first column, last column) of each selected record.
    """

    top: tuple[int, int] | None
    current: int | None
    group: Path | None
    chosen: tuple[tuple[int, int, int], ...]


class Staying:
    """Remembers before the model takes another listing, and restores after it."""

    def __init__(self, grid: GridTable, model: EntryModel) -> None:
        self._grid = grid
        self._model = model
        self._seen: Remembered | None = None

    @property
    def busy(self) -> bool:
        """Whether the list is changing now: what Qt moves by itself was not moved by the person."""
        return self._seen is not None

    def anchors(self) -> Sequence[int]:
        """`_n` of the records whose new positions will be wanted."""
        seen = self._look()
        found = [seen.top[0]] if seen.top is not None else []
        if seen.current is not None:
            found.append(seen.current)
        return list(dict.fromkeys(found + [n for n, _, _ in seen.chosen]))

    def remember(self) -> None:
        """Just before the model takes another listing."""
        self._seen = self._look()

    def restore(self, new: bool, places: dict[int, int | None]) -> None:
        """Just after it; `new` = another question: the grid shows its answer from the top."""
        seen, self._seen = self._seen, None
        if seen is None:
            return
        if not new and seen.top is not None:
            position = self._place(seen.top[0], places)
            if position is not None:
                self._grid.verticalScrollBar().setValue(position * self._grid.row_height + seen.top[1])
        self._restore_current(seen, new, places)

    def _selection(self, seen: Remembered, places: dict[int, int | None]) -> QItemSelection:
        """What was chosen, at its new place: rows that stand together are one rectangle."""
        rows = ((left, right, self._place(n, places)) for n, left, right in seen.chosen)
        listed = sorted((left, right, at) for left, right, at in rows if at is not None)
        selection = QItemSelection()
        for (left, right), places_of in groupby(listed, lambda row: row[:2]):
            for top, bottom in runs_of((at for _, _, at in places_of), self._is_group):
                selection.select(self._model.index(top, left), self._model.index(bottom, right))
        return selection

    def _is_group(self, row: int) -> bool:
        return self._model.index_of(row) == NO_RECORD

    def _look(self) -> Remembered:
        grid, model = self._grid, self._model
        at = max(0, grid.rowAt(0))
        top, current, group = model.record(at), grid.current_row(), model.group(grid.currentIndex().row())
        parts = grid.parts()
        few = sum(part.height() for part in parts) <= MOST
        places = [(at, part) for part in (parts if few else ()) for at in range(part.top(), part.bottom() + 1)]
        rows = [(model.record(at), part) for at, part in places if model.group(at) is None]
        known = all(row is not None for row, _ in rows)
        chosen = tuple((row.n, part.left(), part.right()) for row, part in rows if known and row is not None)
        return Remembered(
            (top.n, grid.verticalScrollBar().value() - at * self._grid.row_height) if top is not None else None,
            current.n if current is not None else None,
            group.path if group is not None else None,
            chosen,
        )

    def _place(self, number: int, places: dict[int, int | None]) -> int | None:
        found = places.get(number)
        return found if found is not None else self._model.position(number)

    def _restore_current(self, seen: Remembered, new: bool, places: dict[int, int | None]) -> None:
        selected = self._grid.selectionModel()
        where = self._place(seen.current, places) if seen.current is not None else None
        if seen.group is not None:
            where = self._model.place_of(seen.group)
        selection = self._selection(seen, places)
        if where is None and not new and not selection.isEmpty():
            where = selection.first().top()
        if where is None:
            if new:
                selected.clear()
            elif self._grid.currentIndex().row() == self._model.entry >= 0:  # Qt took it along with the empty row
                self._grid.show_current(self._model.entry, self._grid.currentIndex().column())
            return
        column = max(0, self._grid.currentIndex().column())
        blocked = selected.blockSignals(True)
        selected.setCurrentIndex(self._model.index(where, column), FLAG.NoUpdate)
        if seen.chosen:
            selected.select(selection, FLAG.ClearAndSelect)
        selected.blockSignals(blocked)
        self._grid.show_current(where, column)
