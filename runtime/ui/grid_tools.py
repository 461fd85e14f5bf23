"""What the tools of a grid (paste, fill, find, change many) are handed, and what is chosen in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QItemSelection, QItemSelectionModel

from runtime.exchange.editing.pasting import Area
from runtime.form import Field, Form
from runtime.session import Session
from runtime.ui.editors import EditorContext
from runtime.ui.entry_model import EntryModel
from runtime.ui.grid_table import GridTable
from runtime.ui.group_rows import NO_RECORD
from runtime.ui.jobs import Jobs
from runtime.ui.notices import Notices
from runtime.ui.record_saving import Saving

FLAG = QItemSelectionModel.SelectionFlag


@dataclass(frozen=True, slots=True)
class GridTools:
    """A grid and what is around it."""

    grid: GridTable
    session: Session
    jobs: Jobs
    notices: Notices
    saving: Saving
    editors: EditorContext

    @property
    def model(self) -> EntryModel:
        """The records of the grid."""
        return self.grid.records

    @property
    def form(self) -> Form:
        """The form as it is published now."""
        return self.grid.records.form

    @property
    def fields(self) -> list[Field]:
        """The columns as they are shown."""
        return self.grid.records.fields

    def areas(self) -> list[Area]:
        """The rectangles that are chosen."""
        return [Area(part.top(), part.left(), part.bottom(), part.right()) for part in self.grid.parts()]

    def spans(self) -> list[tuple[int, int]]:
        """The chosen positions as (first, last), without overlaps, ascending."""
        return spans_of(self.areas())

    def chosen_fields(self) -> list[Field]:
        """The columns in which something is chosen."""
        columns = {column for area in self.areas() for column in range(area.left, area.right + 1)}
        return [self.fields[column] for column in sorted(columns)]

    def of_records(self, area: Area) -> Area | None:
        """The area without the rows of groups at its upper and lower end; None where it holds no record."""
        model, top, bottom = self.model, area.top, area.bottom
        while top <= bottom and model.index_of(top) == NO_RECORD:
            top += 1
        while bottom > top and model.index_of(bottom) == NO_RECORD:
            bottom -= 1
        return replace(area, top=top, bottom=bottom) if top <= bottom else None

    def above(self, position: int) -> int:
        """The row of the record above a row, over the rows of groups; -1 for none."""
        position -= 1
        while position >= 0 and self.model.index_of(position) == NO_RECORD:
            position -= 1
        return position

    def choose(self, *areas: Area) -> None:
        """Choose these cells; the first one is the current one."""
        model, selected, chosen = self.model, self.grid.selectionModel(), QItemSelection()
        for area in areas:
            chosen.select(model.index(area.top, area.left), model.index(area.bottom, area.right))
        selected.setCurrentIndex(model.index(areas[0].top, areas[0].left), FLAG.NoUpdate)
        selected.select(chosen, FLAG.ClearAndSelect)

    def may_write(self, field: Field) -> bool:
        """Whether this person may change the field."""
        return field.editable and self.session.scope.writes(self.form.id, field.id)


def spans_of(areas: Sequence[Area], lasts: Sequence[int] = ()) -> list[tuple[int, int]]:
    """The positions of areas as (first, last), without overlaps, ascending; `lasts` = where they end, if farther."""
    spans: list[tuple[int, int]] = []
    ends = lasts or [area.bottom for area in areas]
    for first, last in sorted((area.top, max(area.bottom, end)) for area, end in zip(areas, ends, strict=True)):
        if spans and first <= spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], max(last, spans[-1][1]))
        else:
            spans.append((first, last))
    return spans
