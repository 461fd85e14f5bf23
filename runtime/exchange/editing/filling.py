"""Fills cells from cells beside them: copies a value on, or goes on with the series that they begin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from runtime.actor import Actor
from runtime.exchange.clipboard.mime import cell_text
from runtime.exchange.editing.cell_texts import CellReader, Unfit
from runtime.exchange.editing.cell_writes import BadCell, CellWrites
from runtime.exchange.editing.pasting import Area
from runtime.exchange.editing.series import continued
from runtime.form import Field, Form
from runtime.store.rows import Row

SERIES = frozenset({"text", "number", "date", "datetime"})
"""Formula types whose values can be a series; options and records are repeated."""

Placed = Mapping[int, Row]


class Filling:
    """Makes the values of one fill.

    Args:
        fields: the columns as they are shown; ones that are closed to this person are passed over.
        placed: position -> record, of every position that is read or written.
    """

    def __init__(self, session: Actor, form: Form, fields: Sequence[Field], placed: Placed) -> None:
        self._session = session
        self._fields = fields
        self._placed = placed
        self._readers: dict[str, CellReader] = {}
        self.writes = CellWrites(form)

    def down(self, area: Area, source: int) -> None:
        """Give the cells of `area` what stands in the row `source` above them."""
        row = self._placed.get(source)
        if row is not None:
            for column in range(area.left, area.right + 1):
                for position in range(area.top, area.bottom + 1):
                    if position != source:
                        self._copy(row, self._fields[column], position, self._fields[column])

    def right(self, area: Area, source: int) -> None:
        """Give the cells of `area` what stands in the column `source` before them."""
        for position in range(area.top, area.bottom + 1):
            row = self._placed.get(position)
            for column in range(area.left, area.right + 1):
                if row is not None and column != source:
                    self._copy(row, self._fields[source], position, self._fields[column])

    def spread(self, areas: Sequence[Area], field: Field, value: Any, title: str) -> None:
        """Give all cells of `areas` the value that was typed in `field`."""
        text = title if field.target else "" if value is None else field.format(value)
        for area in areas:
            for position in range(area.top, area.bottom + 1):
                for column in range(area.left, area.right + 1):
                    self._give(position, self._fields[column], field, value, text)

    def series_down(self, source: Area, to: int, *, copy: bool = False) -> None:
        """Go on below (or above, where `to` is less than the top) with each column of `source`, record by record."""
        backwards = to < source.top
        along = range(source.top - 1, to - 1, -1) if backwards else range(source.bottom + 1, to + 1)
        places = [at for at in along if at in self._placed]
        for column in range(source.left, source.right + 1):
            field = self._fields[column]
            rows = [self._placed[at] for at in range(source.top, source.bottom + 1) if at in self._placed]
            values = [row.values.get(field.id) for row in rows]
            found = self._continued(values, field.kind.value_type, len(places), backwards=backwards, copy=copy)
            for position, value in zip(places, found, strict=True):
                self._give(position, field, field, value, "")

    def series_right(self, source: Area, to: int, *, copy: bool = False) -> None:
        """Go on to the right (or to the left) with each row of `source`."""
        backwards = to < source.left
        places = list(range(source.left - 1, to - 1, -1)) if backwards else list(range(source.right + 1, to + 1))
        fields = self._fields[source.left : source.right + 1]
        kinds = {field.kind.value_type for field in fields}
        for position in range(source.top, source.bottom + 1):
            row = self._placed.get(position)
            if row is None:
                continue
            values = [row.values.get(field.id) for field in fields]
            if len(kinds) == 1 and not copy and self._series(values, next(iter(kinds))):
                found = continued(values, len(places), backwards=backwards)
                for column, value in zip(places, found, strict=True):
                    self._give(position, self._fields[column], fields[-1], value, fields[-1].format(value))
                continue
            order = list(reversed(fields)) if backwards else fields
            for at, column in enumerate(places):
                self._copy(row, order[at % len(order)], position, self._fields[column])

    def _continued(self, values: list[Any], kind: str, count: int, *, backwards: bool, copy: bool) -> list[Any]:
        if not values:
            return [None] * count
        if not copy and self._series(values, kind):
            return continued(values, count, backwards=backwards)
        given = list(reversed(values)) if backwards else values
        return [given[at % len(given)] for at in range(count)]

    @staticmethod
    def _series(values: Sequence[Any], kind: str) -> bool:
        return kind in SERIES and None not in values

    def _copy(self, row: Row, source: Field, position: int, target: Field) -> None:
        text = cell_text(row, source)
        self._give(position, target, source, row.values.get(source.id), text)

    def _give(self, position: int, target: Field, source: Field, value: Any, text: str) -> None:
        row = self._placed.get(position)
        scope = self._session.scope
        if row is None or not target.editable or not scope.writes(self.writes.form.id, target.id):
            return
        self.writes.places[row.id] = position
        if target.target and value is not None and text:
            self.writes.titles[value] = text
        alike = target.kind.name == source.kind.name and target.target == source.target
        if target.id == source.id or value is None or (alike and target.kind.check(value, target.props) is None):
            self.writes.give(row.id, target.id, value)
            return
        try:
            self.writes.give(row.id, target.id, self._reader(target, text).read(text))
        except Unfit as unfit:
            self.writes.bad.append(BadCell(row.id, target.id, text, unfit.reason))

    def _reader(self, field: Field, text: str) -> CellReader:
        if field.target:
            return CellReader(self._session, field, [text])
        if field.id not in self._readers:
            self._readers[field.id] = CellReader(self._session, field)
        return self._readers[field.id]


def emptied(form: Form, fields: Sequence[Field | None], areas: Sequence[Area], placed: Placed) -> CellWrites:
    """Every cell of `areas` blank; `fields` are the columns, None in place of one that stays."""
    writes = CellWrites(form)
    for area in areas:
        for position in range(area.top, area.bottom + 1):
            row = placed.get(position)
            for column in range(area.left, area.right + 1):
                field = fields[column]
                if row is not None and field is not None and field.editable and row.values.get(field.id) is not None:
                    writes.places[row.id] = position
                    writes.give(row.id, field.id, None)
    return writes
