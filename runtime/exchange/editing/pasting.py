"""Lays a block of cells over records and reads it; what cannot be read is named, and nothing is written here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from resources.texts import TN, T
from runtime.actor import Actor
from runtime.changes import new_uuid
from runtime.errors import Sentence
from runtime.exchange.clipboard.clip import Clip
from runtime.exchange.editing.cell_texts import CellReader, order_of, own_values
from runtime.exchange.editing.cell_writes import BadCell, CellWrites
from runtime.form import Field, Form
from runtime.store.rows import Row
from runtime.work import Progress

MOST_ROWS = 100_000
"""Rows that are pasted at once."""

STEP = 500
NAMED = 5
"""Columns that are named where many have no place."""


@dataclass(frozen=True, slots=True)
class Area:
    """Cells from one corner to the other; both belong to it."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def height(self) -> int:
        """How many rows."""
        return self.bottom - self.top + 1

    @property
    def width(self) -> int:
        """How many columns."""
        return self.right - self.left + 1


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a block goes.

    Attributes:
        areas: the cells that are filled; several where one value goes into all that is chosen.
        left_out: columns of the block for which there is no column.
    """

    areas: tuple[Area, ...]
    left_out: int = 0


def lay(clip: Clip, chosen: Sequence[Area], columns: int) -> Layout:
    """Where the block goes: one value into everything that is chosen; a block at its upper left corner, repeated where
    what is chosen is a multiple of it.

    Args:
        chosen: what is chosen in the grid; not empty.
        columns: how many columns there are.
    """
    high, wide = clip.height, clip.width
    if (high, wide) == (1, 1):
        return Layout(tuple(chosen))
    area = min(chosen, key=lambda each: (each.top, each.left))
    rows = area.height if len(chosen) == 1 and area.height % high == 0 else high
    across = area.width if len(chosen) == 1 and area.width % wide == 0 else wide
    left_out = max(0, area.left + across - columns)
    return Layout((Area(area.top, area.left, area.top + rows - 1, min(columns, area.left + across) - 1),), left_out)


def without_names(clip: Clip, fields: Sequence[Field]) -> Clip:
    """The block without its first line where that says the names of these fields, its columns in their order."""
    if clip.height < 2 or not clip.rows[0]:
        return clip
    names = [field.name.strip().casefold() for field in fields[: clip.width]]
    said = [text.strip().casefold() for text in clip.rows[0]]
    if said[: len(names)] == names:
        order = list(range(len(said)))
    elif len(said) == len(names) == len(set(said)) and sorted(said) == sorted(names):
        order = [said.index(name) for name in names]
    else:
        return clip
    moved = {source: to for to, source in enumerate(order)}
    numbers = {(row - 1, moved.get(column, column)): each for (row, column), each in clip.numbers.items() if row}
    rows = clip.rows[1:]
    if order != sorted(order):
        rows = [[row[source] if source < len(row) else "" for source in order] for row in rows]
    return Clip(rows, numbers, (), clip.sheet)


class Paste:
    """Reads a block for the cells that it is laid over.

    Args:
        fields: the columns as they are shown.
        placed: (position, record) for every position of the layout that holds one.
        customary: order of dates in texts of this machine's spreadsheets, "dmy", "mdy" or "".
    """

    def __init__(
        self,
        session: Actor,
        form: Form,
        fields: Sequence[Field],
        placed: Mapping[int, Row],
        count: int,
        customary: str = "",
    ) -> None:
        self._session = session
        self._fields = fields
        self._placed = placed
        self._count = count
        self._customary = customary
        self._closed: dict[str, Sentence] = {}
        self.writes = CellWrites(form)

    def read(
        self, clip: Clip, layout: Layout, progress: Progress, along: Callable[[int, int], Sequence[int]] | None = None
    ) -> CellWrites:
        """The values, and the cells that have none.

        Args:
            along: (first row, how many) -> the rows of that many records from there on; None = one after the other.

        Raises:
            Cancelled: somebody asked to stop.
        """
        whole = clip.width == 1 and clip.height == 1
        for area in layout.areas:
            progress.step(0, area.height, T("Reading the clipboard"))
            columns = [self._column(clip, area, column, progress) for column in range(area.left, area.right + 1)]
            open_ = [column for column in columns if column is not None]
            rows = range(area.top, area.bottom + 1)
            for at, position in enumerate(rows if whole or along is None else along(area.top, area.height)):
                if at % STEP == 0:
                    progress.step(at, area.height, T("Reading the clipboard"))
                self._row(clip, at % clip.height, position, open_, grows=not whole or area.top >= self._count)
        self.writes.notes += self._closed.values()
        if layout.left_out:
            self.writes.notes.append(_left_out(clip, layout))
        self.writes.asks = bool(self.writes.notes) and not (clip.own and not layout.left_out)
        return self.writes

    def _column(self, clip: Clip, area: Area, column: int, progress: Progress) -> _Column | None:
        """What the block holds for a column; None for one that is closed."""
        progress.check()
        field, place = self._fields[column], (column - area.left) % clip.width
        texts = [row[place] if place < len(row) else "" for row in clip.rows]
        missing = {at for at, row in enumerate(clip.rows) if place >= len(row)}
        if not field.editable or not self._session.scope.writes(self.writes.form.id, field.id):
            if any(map(str.strip, texts)):
                self._closed.setdefault(field.id, _closed(field))
            return None
        own = own_values(clip.own[place], field) if clip.own else None
        values, lost = own if own is not None else ([None] * len(texts), set(range(len(texts))))
        read, bad = self._read(clip, field, place, texts, lost) if lost else ([], {})
        for at, value in zip(sorted(lost), read, strict=True):
            values[at] = value
        if field.target:
            self.writes.titles |= {value: texts[at].strip() for at, value in enumerate(values) if value is not None}
        return _Column(field, values, bad, missing, texts)

    def _read(
        self, clip: Clip, field: Field, place: int, texts: Sequence[str], wanted: Collection[int]
    ) -> tuple[list[Any], dict[int, Sentence]]:
        """The texts at these places, in their order, and place -> what is wrong."""
        order = ""
        if field.kind.value_type in {"date", "datetime"}:
            order = order_of(texts, self._customary if clip.sheet else "")
        places = sorted(wanted)
        numbers = {at: clip.numbers[row, place] for at, row in enumerate(places) if (row, place) in clip.numbers}
        reader = CellReader(self._session, field, set(texts), order)
        values, bad = reader.column([texts[at] for at in places], numbers)
        return values, {places[at]: reason for at, reason in bad.items()}

    def _row(self, clip: Clip, source: int, position: int, columns: Sequence[_Column], *, grows: bool) -> None:
        row = self._placed.get(position)
        if row is None and (position < self._count or not grows or not any(map(str.strip, clip.rows[source]))):
            return
        writes, record = self.writes, new_uuid() if row is None else row.id
        if row is None:
            values = writes.made[record] = {}
            writes.rows[record] = source + 1
        else:
            writes.places[record] = position
            values = writes.changed.setdefault(record, {})
        for column in columns:
            if source in column.bad:
                reason = column.bad[source]
                writes.bad.append(BadCell(record, column.field.id, column.texts[source], reason))
            elif source not in column.missing:
                values[column.field.id] = column.values[source]


@dataclass(frozen=True, slots=True)
class _Column:
    """What a block holds for one field: values by its rows, what is wrong with some, and where it says nothing."""

    field: Field
    values: Sequence[Any]
    bad: Mapping[int, Sentence]
    missing: Collection[int]
    texts: Sequence[str]


def _left_out(clip: Clip, layout: Layout) -> Sentence:
    """The columns for which there is no column, by what their first cell says."""
    first = [text.strip() for text in clip.rows[0][-layout.left_out :]]
    shown = ", ".join(filter(None, first[:NAMED])) + (" …" if len(first) > NAMED else "")
    return TN(
        "{n} column has no place here: {names}.",
        "{n} columns have no place here: {names}.",
        layout.left_out,
        names=shown,
    )


def _closed(field: Field) -> Sentence:
    if field.computed:
        return T("“{name}” is computed and cannot be typed in.", name=field.name)
    return T("You may not change “{name}”.", name=field.name)
