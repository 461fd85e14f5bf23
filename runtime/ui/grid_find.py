"""`GridFind`: finds text in every record that a grid lists, goes from place to place, replaces it."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right

from PySide6.QtCore import QObject, QRect, QTimer
from PySide6.QtGui import QColor, QPainter

from resources.styles.tokens import SIZES
from resources.texts import TN, T, _
from runtime.exchange.editing.cell_search import Hits, Search, Wanted, can_replace, replacing
from runtime.exchange.editing.cell_writes import CellWrites
from runtime.form import Field
from runtime.store.rows import Row
from runtime.ui.find_bar import FindBar
from runtime.ui.grid_range import ChosenRange, Columns
from runtime.ui.grid_tools import GridTools
from runtime.ui.grid_writing import GridWriting, Step
from runtime.ui.jobs import Job
from runtime.ui.theme import colour
from runtime.value.error_values import shown_error
from runtime.work import Progress

LOOK = 5_000
"""Records that are read at a time."""
REST = 300
"""Milliseconds after a change of the records until they are searched again."""
VEIL = 36
"""How much of the colour of a place is seen inside its frame, of 255."""


class GridFind(QObject):
    """Find and replace in one grid."""

    def __init__(self, tools: GridTools, writing: GridWriting, bar: FindBar) -> None:
        super().__init__(tools.grid)
        self._tools = tools
        self._writing = writing
        self._bar = bar
        self._job: Job | None = None
        self._hits = Hits(array("q"), 1)
        self._searched = Wanted("")
        self._columns: list[str] = []
        self._range: ChosenRange | None = None
        self._looked: ChosenRange | None = None
        self._within: Columns | None = None
        self._matches = self._searched.matcher()
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(REST)
        self._again.timeout.connect(self._search)
        bar.changed.connect(self._wanted)
        bar.stepped.connect(self._step)
        bar.replace_asked.connect(self._replace_one)
        bar.all_asked.connect(self._replace_all)
        bar.closed.connect(self.close)
        tools.model.opened.connect(self._changed)
        tools.model.modelReset.connect(self._columns_changed)
        tools.grid.painted.connect(self._paint)

    @property
    def active(self) -> bool:
        """Whether the bar is there."""
        return not self._bar.isHidden()

    @property
    def hits(self) -> Hits:
        """Where it was found."""
        return self._hits

    def open(self, *, replace: bool = False) -> None:
        """Show the bar; where several cells are chosen, only these are looked at until the person wants it otherwise.

        While the bar is there one cell is what was found last, and takes nothing back of that.
        """
        chosen = ChosenRange(self._tools)
        if chosen.cells > 1 or not self.active:
            self._range = chosen if chosen.cells > 1 else None
            self._bar.offer_selection(self._range is not None)
        self._bar.start(replace=replace)
        if self._bar.text.text():
            self._search()

    def close(self) -> None:
        """Hide the bar and go back to the grid."""
        self._again.stop()
        self._stop()
        self._bar.hide()
        self._show_hits(Hits(array("q"), 1))
        self._tools.grid.setFocus()

    def next(self) -> None:
        """Go to the next place."""
        self._step(1) if self.active else self.open()

    def previous(self) -> None:
        """Go to the place before."""
        self._step(-1) if self.active else self.open()

    # Searching

    def _wanted(self) -> None:
        self._search(jump=True)

    def _changed(self, new: bool = False, *_: object) -> None:
        if new:  # in another order: what was found stands elsewhere
            self._show_hits(Hits(array("q"), 1))
        if self.active and self._bar.text.text():
            self._again.start()

    def _columns_changed(self) -> None:
        """What was found stands in columns that are others now: nothing can be replaced there."""
        if self._columns != [field.id for field in self._tools.fields] and (len(self._hits) or self._job is not None):
            self._stop()
            self._show_hits(Hits(array("q"), 1))
            self._changed()

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def _search(self, *, jump: bool = False) -> None:
        tools, wanted = self._tools, self._bar.wanted
        self._stop()
        problem = wanted.problem()
        if not wanted.text or problem is not None:
            self._show_hits(Hits(array("q"), 1))
            if wanted.text and problem is not None:
                self._bar.show_wrong(str(problem.message))
            return
        if wanted != self._searched:
            self._bar.show_busy()
        fields, count, place = list(tools.fields), tools.model.listed, tools.model.places()
        usable = frozenset(at for at, each in enumerate(fields) if can_replace(tools.session, tools.form, each))
        chosen = self._range if self._bar.selection.isChecked() else None
        if chosen is not self._looked:  # what was found may be outside of it
            self._looked = chosen
            self._show_hits(Hits(array("q"), 1))
        if chosen is not None:
            chosen.still(tools.model.query)
        self._searched, self._matches, self._columns = wanted, wanted.matcher(), [field.id for field in fields]

        def work(progress: Progress) -> tuple[Hits, Columns | None]:
            spans = [(0, count - 1)] if chosen is None else chosen.spans(place, count, progress)
            within = chosen.columns(fields, progress) if chosen is not None else None
            search = Search(wanted, fields, self._shown, usable, within)
            for first, last in spans:
                for start in range(first, last + 1, LOOK):
                    progress.step(start, count, T("Searching"))
                    search.look(place([(start, min(start + LOOK - 1, last))], progress))
            return search.hits(), within

        def found(answer: tuple[Hits, Columns | None]) -> None:
            self._job = None
            hits, self._within = answer
            self._show_hits(hits)
            if jump and len(hits):
                self._go(self._nearest())

        self._job = tools.jobs.start(self, work, found, tools.notices.report, lane="free", label=T("Searching"))

    def _shown(self, row: Row, field: Field) -> str:
        """A cell as the grid shows it; called on worker threads."""
        if field.id in row.errors:
            return shown_error(row.errors[field.id])
        if field.target:
            return row.titles.get(field.id, "")
        return self._tools.model.words(field, row.values.get(field.id))

    def _show_hits(self, hits: Hits) -> None:
        self._hits = hits
        if not len(hits):
            self._matches = Wanted("").matcher() if not self._bar.text.text() else self._matches
        self._say()
        self._tools.grid.viewport().update()

    def _say(self) -> None:
        at = self._at()
        hits = self._hits
        here = bisect_left(hits.cells, at)
        exact = here < len(hits) and hits.cells[here] == at
        self._bar.show_count(here + 1 if exact else 0, len(hits), hits.replaceable)

    # Going from place to place

    def _at(self) -> int:
        index = self._tools.grid.currentIndex()
        return index.row() * self._hits.width + index.column() if index.isValid() else -1

    def _nearest(self) -> int:
        found = bisect_left(self._hits.cells, self._at())
        return found if found < len(self._hits) else 0

    def _step(self, way: int) -> None:
        count = len(self._hits)
        if not count:
            return
        at = self._at()
        found = bisect_right(self._hits.cells, at) if way > 0 else bisect_left(self._hits.cells, at) - 1
        self._go(found % count)

    def _go(self, hit: int) -> None:
        position, column = self._hits.cell(hit)
        self._tools.grid.go_to(position, column)
        self._say()

    def _paint(self, painter: QPainter, clip: QRect) -> None:
        """A veil of colour over the places that are seen."""
        if not len(self._hits) or not self.active:
            return
        grid, model = self._tools.grid, self._tools.model
        frame, now = QColor(colour("warning")), (grid.currentIndex().row(), grid.currentIndex().column())
        veil = QColor(frame)
        veil.setAlpha(VEIL)
        for position, _top in grid.rows_in(clip):
            row = model.record(position)
            inside = self._within(row) if row is not None and self._within is not None else range(len(model.fields))
            for column, field in enumerate(model.fields):
                if row is not None and column in inside and self._matches(self._shown(row, field)):
                    place = grid.visualRect(model.index(position, column))
                    if place.intersects(clip) and grid.column_under(place.center().x()) == column:
                        self._mark(painter, place, frame, None if (position, column) == now else veil)

    @staticmethod
    def _mark(painter: QPainter, place: QRect, frame: QColor, veil: QColor | None) -> None:
        """A place; the current one, without a veil, has the wider frame."""
        wide = SIZES.hair if veil is not None else SIZES.focus
        if veil is not None:
            painter.fillRect(place, veil)
        for edge in (
            QRect(place.left(), place.top(), place.width(), wide),
            QRect(place.left(), place.bottom() - wide + 1, place.width(), wide),
            QRect(place.left(), place.top(), wide, place.height()),
            QRect(place.right() - wide + 1, place.top(), wide, place.height()),
        ):
            painter.fillRect(edge, frame)

    # Replacing

    def _replace_one(self) -> None:
        """In the current place; then on to the next."""
        hits, at = self._hits, self._at()
        here = bisect_left(hits.cells, at)
        if here >= len(hits) or hits.cells[here] != at:
            self._step(1)
            return
        after = hits.cell((here + 1) % len(hits))
        self._replace([hits.cell(here)], lambda: self._tools.grid.go_to(*after))

    def _replace_all(self) -> None:
        hits = self._hits
        self._replace([hits.cell(at) for at in range(len(hits))])

    def _replace(self, cells: list[tuple[int, int]], then: object = None) -> None:
        tools, wanted, new = self._tools, self._searched, self._bar.new.text()
        session, form, fields, place = tools.session, tools.form, list(tools.fields), tools.model.places()
        usable = [cell for cell in cells if can_replace(session, form, fields[cell[1]])]
        if not usable:
            self._step(1)
            return
        positions, within = sorted({position for position, _ in usable}), self._within

        def work(progress: Progress) -> CellWrites:
            placed = place(_runs(positions), progress)
            inside = [
                (at, column) for at, column in usable if at in placed and (not within or column in within(placed[at]))
            ]
            return replacing(session, form, fields, placed, inside, wanted, new)

        def ready(writes: CellWrites) -> None:
            label = TN("Replace in {n} cell", "Replace in {n} cells", writes.cells)
            said = TN("Replaced in {n} cell", "Replaced in {n} cells", writes.cells)
            self._writing.write(writes, Step(label, lambda: said, _("Replace"), then if callable(then) else None))

        tools.jobs.start(self, work, ready, tools.notices.report, lane="free", label=T("Replacing"), change="long")


def _runs(positions: list[int]) -> list[tuple[int, int]]:
    """Positions as (first, last) of runs without gaps."""
    runs: list[tuple[int, int]] = []
    for position in positions:
        if runs and position == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], position)
        else:
            runs.append((position, position))
    return runs
