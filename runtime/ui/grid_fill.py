"""`GridFill`: copies values on and goes on with series: Ctrl+D, Ctrl+R, Ctrl+Enter, the handle; and empties cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time
from typing import Any

from PySide6.QtCore import QObject, Signal

from resources.texts import TN, T, _
from runtime.dates import local_zone
from runtime.exchange.editing.cell_writes import CellWrites
from runtime.exchange.editing.filling import Filling, emptied
from runtime.exchange.editing.pasting import Area
from runtime.form import Field
from runtime.store.rows import Row
from runtime.ui.fill_handle import FillHandle
from runtime.ui.grid_tools import GridTools, spans_of
from runtime.ui.grid_writing import GridWriting, Step
from runtime.ui.record_places import RecordPlaces
from runtime.work import Progress, without_collector

MOST = 100_000
"""Records that are filled at once."""
LOOK = 5_000
"""Records that are read at a time to find the end of the data beside a column."""


class GridFill(QObject):
    """Fills cells of one grid.

    Signals:
        cell_given(Row, Field, value, str): one cell gets a value; of a relation with its title.
    """

    cell_given = Signal(object, object, object, str)

    def __init__(self, tools: GridTools, writing: GridWriting) -> None:
        super().__init__(tools.grid)
        self._tools = tools
        self._writing = writing
        self.handle = FillHandle(tools)
        self.handle.dragged.connect(self._dragged)
        self.handle.double_clicked.connect(self._to_the_end)

    def _areas(self) -> list[Area]:
        """The rectangles that are chosen, without rows of groups at their ends."""
        return [area for chosen in self._tools.areas() if (area := self._tools.of_records(chosen)) is not None]

    def down(self) -> None:
        """Ctrl+D: the first record of what is chosen into the rest; of one record, the one above into it."""
        tools, areas = self._tools, self._areas()
        sources = [area.top if area.height > 1 else tools.above(area.top) for area in areas]

        def fill(filling: Filling) -> None:
            for area, source in zip(areas, sources, strict=True):
                filling.down(area, source)

        if min(sources, default=-1) >= 0:
            self._fill([*areas, *(Area(at, 0, at, 0) for at in sources)], fill)

    def right(self) -> None:
        """Ctrl+R: the first column of what is chosen into the rest; of one column, the column before into it."""
        areas = self._areas()
        sources = [area.left if area.width > 1 else area.left - 1 for area in areas]

        def fill(filling: Filling) -> None:
            for area, source in zip(areas, sources, strict=True):
                filling.right(area, source)

        if min(sources, default=-1) >= 0:
            self._fill(areas, fill)

    def spread(self, field: Field, value: Any, title: str) -> None:
        """Ctrl+Enter: what was typed into everything that is chosen."""
        areas, row = self._areas(), self._tools.grid.edited_row()
        if sum(area.height * area.width for area in areas) <= 1 and row is not None:
            self.cell_given.emit(row, field, value, title)
            return
        self._fill(areas, lambda filling: filling.spread(areas, field, value, title))

    def from_above(self) -> None:
        """Ctrl+': the value of the record above."""
        tools, index = self._tools, self._tools.grid.currentIndex()
        row, above = tools.grid.edited_row(), tools.model.record(tools.above(index.row()))
        field = tools.fields[index.column()] if index.isValid() else None
        if row is not None and above is not None and field is not None and tools.may_write(field):
            self.cell_given.emit(row, field, tools.model.value(above, field), above.titles.get(field.id, ""))

    def now(self, *, day: bool) -> None:
        """Ctrl+; and Ctrl+Shift+;: today or now, as the field writes it."""
        tools, index, row = self._tools, self._tools.grid.currentIndex(), self._tools.grid.edited_row()
        field = tools.fields[index.column()] if index.isValid() else None
        if row is None or field is None or not tools.may_write(field):
            return
        moment = tools.session.reader.situation().now.astimezone(local_zone()).replace(second=0, microsecond=0)
        value: Any = None
        if field.kind.value_type == "date":
            value = moment.date()
        elif field.kind.value_type == "datetime":
            value = (datetime.combine(moment.date(), time(), local_zone()) if day else moment).astimezone(UTC)
        elif field.kind.value_type == "text":
            value = moment.date().isoformat() if day else f"{moment:%Y-%m-%d %H:%M}"
        if value is not None:
            self.cell_given.emit(row, field, value, "")

    def clear(self) -> None:
        """Delete: every chosen cell is emptied."""
        tools = self._tools
        if tools.grid.currentIndex().row() == tools.model.entry >= 0:
            for field in tools.chosen_fields():
                self.cell_given.emit(tools.model.blank, field, None, "")
        self.clearing()()

    def clearing(self) -> Callable[[], None]:
        """Empties every cell that is chosen now, also when others are chosen by the time it is called."""
        tools, areas = self._tools, self._areas()
        chosen = sorted({column for area in areas for column in range(area.left, area.right + 1)})
        fields = [field for column in chosen if tools.may_write(field := tools.fields[column])]
        count = tools.model.records_in(tools.spans())
        if not fields or not count:
            return lambda: None
        row = tools.model.record(areas[0].top)
        if sum(area.height * area.width for area in areas) == 1 and row is not None:
            filled = tools.model.value(row, fields[0]) is not None
            return lambda: self.cell_given.emit(row, fields[0], None, "") if filled else None
        if len({(area.left, area.right) for area in areas}) == 1:
            ids, read = [field.id for field in fields], tools.model.reader(tools.spans())
            return lambda: tools.saving.clear(tools.form, count, read, ids, tools.model.refresh)
        form, columns = tools.form, [each if tools.may_write(each) else None for each in tools.fields]
        said = TN("Cells of {n} record emptied", "Cells of {n} records emptied", count)
        step = Step(
            TN("Empty cells of {n} record", "Empty cells of {n} records", count), lambda: said, _("Empty cells")
        )
        place = tools.model.places()
        return lambda: self._prepare(areas, lambda placed: emptied(form, columns, areas, placed), step, place)

    # The handle

    def _dragged(self, source: Area, to: Area, copy: bool) -> None:
        """The handle was let go: `to` is what is chosen then."""
        tools = self._tools
        if to == source:
            return

        def fill(filling: Filling) -> None:
            if to.top < source.top:
                filling.series_down(source, to.top, copy=copy)
            elif to.bottom > source.bottom:
                filling.series_down(source, to.bottom, copy=copy)
            elif to.left < source.left:
                filling.series_right(source, to.left, copy=copy)
            else:
                filling.series_right(source, to.right, copy=copy)

        self._fill([to], fill, lambda: tools.choose(to))

    def _to_the_end(self, source: Area) -> None:
        """A double click on the handle: fill down as far as the column beside it holds something, or the group goes."""
        tools = self._tools
        beside = source.left - 1 if source.left else source.right + 1
        if beside >= len(tools.fields):
            return
        field, place, count = tools.fields[beside], tools.model.places(), tools.model.listed

        def look(progress: Progress) -> int:
            for start in range(source.bottom + 1, min(count, source.bottom + MOST), LOOK):
                placed = place([(start, min(start + LOOK, count) - 1)], progress)
                for position in range(start, min(start + LOOK, count)):
                    row = placed.get(position)
                    if row is None or (row.values.get(field.id) is None and field.id not in row.errors):
                        return position - 1
            return min(count, source.bottom + MOST) - 1

        def found(last: int) -> None:
            if last > source.bottom:
                self._dragged(source, Area(source.top, source.left, last, source.right), False)

        tools.jobs.start(self, look, found, tools.notices.report, lane="free")

    # Making values off this thread

    def _fill(
        self, areas: Sequence[Area], fill: Callable[[Filling], None], then: Callable[[], None] | None = None
    ) -> None:
        tools = self._tools
        session, form, fields = tools.session, tools.form, list(tools.fields)
        if not areas:
            return
        most = max(tools.model.records_in([(area.top, area.bottom)]) for area in areas)
        count = max(most, tools.model.records_in(tools.spans()))

        def make(placed: dict[int, Row]) -> CellWrites:
            filling = Filling(session, form, fields, placed)
            fill(filling)
            return filling.writes

        label = TN("Fill {n} record", "Fill {n} records", count)
        self._prepare(areas, make, Step(label, lambda: label, _("Fill"), then))

    def _prepare(
        self,
        areas: Sequence[Area],
        make: Callable[[dict[int, Row]], CellWrites],
        step: Step,
        place: RecordPlaces | None = None,
    ) -> None:
        tools, spans = self._tools, spans_of(areas)
        if tools.model.records_in(spans) > MOST:
            tools.notices.warning(T("At most 100,000 records can be filled at once."), code="too_many")
            return
        reads = place or tools.model.places()

        def work(progress: Progress) -> CellWrites:
            with without_collector():
                return make(reads(spans, progress))

        def ready(writes: CellWrites) -> None:
            filled = TN("{n} record filled", "{n} records filled", writes.records)
            said = step.said if step.doing != _("Fill") else lambda: filled
            self._writing.write(writes, Step(step.label, said, step.doing, step.then))

        tools.jobs.start(self, work, ready, tools.notices.report, lane="free", label=step.label, change="long")
