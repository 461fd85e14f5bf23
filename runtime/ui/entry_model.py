"""`EntryModel`: a `RecordModel` with one empty row below its records, in which a new one is begun.

What is typed there are drafts of a record that is nowhere else yet; `grid_entry.py` writes them when the row is left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt

from resources.texts import _
from runtime.changes import new_uuid
from runtime.form import Field
from runtime.store.rows import Row
from runtime.ui.group_rows import NO_RECORD
from runtime.ui.record_drafts import Draft
from runtime.ui.record_model import NO_PARENT, READ, RecordModel

NOWHERE = -1
"""Number of the record that is begun, and position of its row where there is none."""


class EntryModel(RecordModel):
    """Records, and below the last one the row of a new one.

    Only where every record is listed, no groups are shown and somebody offered it; it is no record: it is not counted,
    read, found, summed up or copied.

    Attributes:
        blank: the record that is begun in the row; without values, those are drafts.
    """

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._offered = self._there = False
        self.renew()
        self.opened.connect(self._appear)

    @property
    def entry(self) -> int:
        """The position of the empty row; -1 where there is none."""
        return self.listed if self._there else NOWHERE

    @property
    def begun(self) -> Mapping[str, Draft]:
        """Field -> what was typed in the row."""
        return {field: draft for (row, field), draft in self.drafts.items() if row == self.blank.id}

    def offer(self, on: bool) -> None:
        """Show the row, or not: for people who may make records."""
        self._offered = on
        self._appear()

    def renew(self) -> None:
        """The row is of another record now, in which nothing was typed."""
        self.blank = Row(NOWHERE, new_uuid(), 0, False, {})
        if self.entry >= 0:
            self._repaint(self.blank.id)

    def _appear(self, *_: object) -> None:
        there = self._offered and self.complete and not self.grouped and self.listed > 0
        if there and not self._there:
            self.beginInsertRows(QModelIndex(), self.listed, self.listed)
            self._there = True
            self.endInsertRows()
        elif self._there and not there:
            self.beginRemoveRows(QModelIndex(), self.listed, self.listed)
            self._there = False
            self.endRemoveRows()

    def row_at(self, position: int) -> Row | None:
        """The record at this position, or the one that is begun in the empty row."""
        return self.blank if position == self.entry >= 0 else self.record(position)

    # What a `RecordModel` says, without the row

    def position(self, number: int) -> int | None:
        return (self.entry if self._there else None) if number == NOWHERE else super().position(number)

    def index_of(self, position: int) -> int:
        return NO_RECORD if position == self.entry >= 0 else super().index_of(position)

    def spans_of(self, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        if self._there:
            spans = [(first, min(last, self.listed - 1)) for first, last in spans if first < self.listed]
        return super().spans_of(spans)

    def text(self, position: int, field: Field) -> str:
        if position != self.entry or position < 0:
            return super().text(position, field)
        draft = self.draft(self.blank, field)
        return "" if draft is None else draft.title or self.words(field, draft.value)

    def _repaint(self, row_id: UUID) -> None:
        if row_id == self.blank.id and self._there:
            self.dataChanged.emit(self.index(self.entry, 0), self.index(self.entry, len(self.fields) - 1))
        else:
            super()._repaint(row_id)

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = NO_PARENT) -> int:
        """How many rows there are: records, groups and the empty row."""
        return 0 if parent.isValid() else self.listed + self._there

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """As of any row; of the empty one what was typed, for who cannot see it that it is empty."""
        if index.isValid() and index.row() == self.entry and role in READ:
            said = self.text(index.row(), self.fields[index.column()])
            return said or (_("New record") if role == Qt.ItemDataRole.AccessibleTextRole else "")
        return super().data(index, role)
