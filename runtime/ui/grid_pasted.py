"""`Pasted`: chooses what was pasted, wherever the order, the groups and the filter put it; says what is not shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import shiboken6
from PySide6.QtCore import QObject, Signal

from resources.texts import TN, PluralText, T
from runtime.errors import Sentence
from runtime.exchange.editing.cell_writes import CellWrites
from runtime.exchange.editing.pasting import Area
from runtime.store.query import Query
from runtime.ui.grid_tools import GridTools
from runtime.ui.notices import NoticeAction
from runtime.ui.record_places import Found, RecordPlaces

MOST_RANGES = 500
"""Ranges that are chosen; of records that stand in more places than that, the first ones are."""
HIDDEN = "paste_hidden"


@dataclass(frozen=True, slots=True)
class Awaited:
    """Records that were pasted and are not chosen yet.

    Attributes:
        records: their ids.
        area: where they were laid, of which only the columns count by now; None where what was chosen stays chosen.
        label: of the step that undo takes back.
        hidden: what is said of those that are not shown; None = as of pasted ones.
        stands: where the person was when somebody looked last.
        anew: whether the next answer is of another question because this asked it.
    """

    records: tuple[UUID, ...]
    area: Area | None
    label: PluralText
    stands: object
    anew: bool = False
    hidden: Sentence | None = None


class Pasted(QObject):
    """Shows what was pasted into one grid.

    Signals:
        everything_asked(): the person wants to see what the filter and the search leave out.
    """

    everything_asked = Signal()

    def __init__(self, tools: GridTools) -> None:
        super().__init__(tools.grid)
        self._tools = tools
        self._awaited: Awaited | None = None
        self._told: PluralText | None = None
        self._round = 0
        tools.model.opening.connect(self._opening)
        tools.model.opened.connect(self._opened)

    @property
    def awaits(self) -> bool:
        """Whether records that were pasted are not chosen yet."""
        return self._awaited is not None

    def show(self, writes: CellWrites, area: Area | None, label: PluralText, hidden: Sentence | None = None) -> None:
        """Choose what is written by now; records that the grid does not list yet, as soon as it does."""
        tools = self._tools
        changed = (record for record, values in writes.changed.items() if values)
        bottom = tools.model.listed - 1
        if area is not None and area.top <= bottom:
            tools.choose(replace(area, bottom=min(area.bottom, bottom)))
        self._await(Awaited((*changed, *writes.made), area, label, self._stands(), hidden=hidden))

    def _await(self, awaited: Awaited) -> None:
        self._awaited = awaited
        self._withdraw()

    def _stands(self) -> object:
        """The current record, its column, and how much is chosen."""
        grid = self._tools.grid
        row = grid.current_row()
        sizes = [(area.height, area.width) for area in self._tools.areas()]
        return row and row.n, grid.currentIndex().column(), sizes

    def _opening(self) -> None:
        """Another listing is about to be shown: whoever moved since the last one went on to something else."""
        if self._awaited is not None and self._stands() != self._awaited.stands:
            self._awaited = None

    def _opened(self, new: bool, _places: object) -> None:
        """Another listing is shown."""
        self._round += 1
        awaited = self._awaited
        if new or (self._told is not None and self._tools.session.undo_label is not self._told):
            self._withdraw()
        if awaited is None:
            return
        if new and not awaited.anew:
            self._awaited = None
            return
        self._awaited = replace(awaited, stands=self._stands())
        self._look()

    def _look(self) -> None:
        """Find the records in what is listed now."""
        tools, awaited = self._tools, self._awaited
        if awaited is None or not tools.model.complete:
            return
        place, number = tools.model.places(), self._round
        tools.jobs.start(
            self,
            lambda progress: place.of(awaited.records, progress),
            lambda found: self._found(found, place, number),
            tools.notices.report,
            lane="free",
        )

    def _found(self, found: Found, place: RecordPlaces, number: int) -> None:
        awaited, model = self._awaited, self._tools.model
        if awaited is None:
            return
        if self._stands() != awaited.stands:
            self._awaited = None
        elif number != self._round:
            self._look()
        elif found.folded:
            model.show_folded(place.folded - found.folded)
        elif not found.late:
            self._awaited = None
            if awaited.area is not None:
                self._choose(found.runs, awaited.area)
            if found.hidden:
                self._tell(found.hidden, awaited)

    def _choose(self, runs: Sequence[tuple[int, int]], area: Area) -> None:
        """Choose these rows (first, last) in the columns of `area`, and show the first ones."""
        tools = self._tools
        areas = [Area(first, area.left, last, area.right) for first, last in runs[:MOST_RANGES]]
        if areas:
            tools.choose(*areas)
            for row in (areas[0].bottom, areas[0].top):
                tools.grid.bring(tools.model.index(row, area.left))

    # What is not shown

    def _tell(self, count: int, awaited: Awaited) -> None:
        self._told = awaited.label
        show = NoticeAction(T("Show"), lambda: self._show(awaited))
        hint = TN("It is saved.", "They are saved.", count)
        said = awaited.hidden or hidden_words(self._tools.model.query, count)
        self._tools.notices.info(said, hint, show, code=HIDDEN)

    def _show(self, awaited: Awaited) -> None:
        if not shiboken6.isValid(self):
            return  # the page was closed; the notice is still there
        self._await(replace(awaited, stands=self._stands(), anew=True))
        self.everything_asked.emit()

    def _withdraw(self) -> None:
        """Say no more that something is not shown."""
        if self._told is not None:
            self._told = None
            self._tools.notices.withdraw(HIDDEN)


def hidden_words(query: Query, count: int) -> PluralText:
    """That so many pasted records are not among those that are asked for."""
    if query.where and query.search:
        return TN(
            "{n} of the pasted records does not fit the filter and the search.",
            "{n} of the pasted records do not fit the filter and the search.",
            count,
        )
    if query.search:
        return TN(
            "{n} of the pasted records does not fit the search.",
            "{n} of the pasted records do not fit the search.",
            count,
        )
    return TN(
        "{n} of the pasted records does not fit the filter.",
        "{n} of the pasted records do not fit the filter.",
        count,
    )
