"""The plan of an import: which sheets become forms, which columns become fields, what is in doubt. A frozen value.

Changing the plan gives a new plan. Nothing is written here: the importer takes the plan and goes through the door.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from typing import Any

from runtime.exchange.as_type import column_as
from runtime.exchange.columns import Choice, ColumnPlan, Doubt
from runtime.exchange.conversion import Unfit, convert_column, key_of
from runtime.exchange.facts import ColumnFacts
from runtime.exchange.table import Table

CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """One form that a sheet becomes.

    Attributes:
        sheet: name of the sheet.
        form_label: name of the form.
        include: False where the sheet is left out.
        title_column: index in `columns` of the field that names a record.
        key_column: index of the table column by which other sheets name its rows, or None.
        columns: its fields in order.
        rows: number of records.
    """

    sheet: str
    form_label: str
    include: bool
    title_column: int
    key_column: int | None
    columns: tuple[ColumnPlan, ...]
    rows: int


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some consecutive records of a form, column by column.

    Attributes:
        first: index of the first row in the table.
        height: number of rows.
        columns: indexes in `SheetPlan.columns` of the fields that are included.
        values: for each of them the typed values, None for blank; relations by the key of their record.
        unfit: cells that are no value of their field; their value is None.
    """

    first: int
    height: int
    columns: tuple[int, ...]
    values: tuple[list[Any], ...]
    unfit: tuple[Unfit, ...]

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """The records, each a value per column."""
        return zip(*self.values, strict=True) if self.values else iter([()] * self.height)


@dataclass(frozen=True, slots=True)
class Source:
    """The tables behind a plan and the facts about their columns, by name of the sheet."""

    tables: dict[str, Table]
    facts: dict[str, tuple[ColumnFacts, ...]]


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import would make of a workbook.

    Attributes:
        sheets: one plan per sheet that holds something, in the order of the tabs.
        doubts: what was assumed, in the order of the sheets.
        source: the cells.
    """

    sheets: tuple[SheetPlan, ...]
    doubts: tuple[Doubt, ...]
    source: Source = field(repr=False, compare=False)

    def sheet(self, name: str) -> SheetPlan:
        """The plan of the sheet called `name`.

        Raises:
            KeyError: there is none.
        """
        for sheet in self.sheets:
            if sheet.sheet == name:
                return sheet
        raise KeyError(name)

    def doubt(self, doubt_id: str) -> Doubt:
        """The doubt with that id.

        Raises:
            KeyError: there is none.
        """
        for doubt in self.doubts:
            if doubt.id == doubt_id:
                return doubt
        raise KeyError(doubt_id)

    def choose(self, doubt_id: str, choice_id: str) -> ImportPlan:
        """The plan with a doubt resolved that way.

        Raises:
            KeyError: there is no such doubt or choice.
        """
        doubt = self.doubt(doubt_id)
        choice = next((choice for choice in doubt.choices if choice.id == choice_id), None)
        if choice is None:
            raise KeyError(choice_id)
        if choice.include is not None:
            return self._included(doubt, choice)
        if doubt.column is None or not choice.columns:
            return _marked(self, doubt, choice.id)
        return _marked(self._with_columns(doubt.sheet, doubt.column, choice.columns), doubt, choice.id)

    def retype(self, sheet: str, column: int, field_type: str, order: str = "") -> ImportPlan:
        """The plan with the field `column` (its index in the sheet's plan) as another type; never a relation.

        Args:
            sheet: name of the sheet.
            column: index in `SheetPlan.columns`.
            field_type: name of the type.
            order: "dmy" or "mdy", where dates like 03/04/2025 are read.
        """
        plan = self.sheet(sheet).columns[column]
        facts, table = self.source.facts[sheet][plan.source], self.source.tables[sheet]
        fitted = column_as(field_type, facts, plan, table.formats.get(plan.source, ""))
        changed = self._with_column(sheet, column, replace(fitted, order=order or plan.order, pad=0))
        return _rechosen(changed, sheet, plan.source)

    def rename(self, sheet: str, column: int | None, label: str) -> ImportPlan:
        """The plan with another name for a field, or for the form where `column` is None."""
        if column is None:
            return self._with_sheet(replace(self.sheet(sheet), form_label=label))
        return self._with_column(sheet, column, replace(self.sheet(sheet).columns[column], label=label))

    def include(self, sheet: str, included: bool, column: int | None = None) -> ImportPlan:
        """The plan with a sheet, or one field of it, taken in or left out.

        Relations to a sheet that is left out become what they were without it.
        """
        if column is not None:
            return self._with_column(sheet, column, replace(self.sheet(sheet).columns[column], include=included))
        plan = self._with_sheet(replace(self.sheet(sheet), include=included))
        for doubt in self.doubts:
            if doubt.sheet == sheet and any(c.include is not None and not c.sources for c in doubt.choices):
                plan = _marked(plan, doubt, next(c.id for c in doubt.choices if c.include is included))
        return plan if included else _without_relations_to(plan, sheet)

    def _included(self, doubt: Doubt, choice: Choice) -> ImportPlan:
        if not choice.sources:
            return self.include(doubt.sheet, choice.include is True)
        plan = self.sheet(doubt.sheet)
        columns = (
            replace(column, include=choice.include is True) if column.source in choice.sources else column
            for column in plan.columns
        )
        return _marked(self._with_sheet(replace(plan, columns=tuple(columns))), doubt, choice.id)

    def with_title(self, sheet: str, column: int) -> ImportPlan:
        """The plan with another field (its index) naming the records of a sheet."""
        return self._with_sheet(replace(self.sheet(sheet), title_column=column))

    def rows(self, sheet: str, size: int = CHUNK, zone: tzinfo | None = None) -> Iterator[Chunk]:
        """The records of a sheet in chunks of `size`, typed; moments are local to `zone` (None: the machine's)."""
        plan, table = self.sheet(sheet), self.source.tables[sheet]
        places = tuple(place for place, column in enumerate(plan.columns) if column.include)
        for first in range(0, table.height, size):
            height = min(size, table.height - first)
            values: list[list[Any]] = []
            unfit: list[Unfit] = []
            for place in places:
                column = plan.columns[place]
                part = table.columns[column.source].part(first, first + height)
                converted, misfits = convert_column(part.blocks, column, zone)
                values.append(converted)
                unfit += [_placed(found, first, place, table) for found in misfits]
            yield Chunk(first, height, places, tuple(values), tuple(unfit))

    def keys(self, sheet: str, column: int) -> list[str | None]:
        """For each row of a sheet the key in the table column `column`, as relations to it name it."""
        return [key_of(cell) for cell in self.source.tables[sheet].columns[column].raw()]

    def _with_sheet(self, plan: SheetPlan) -> ImportPlan:
        return replace(self, sheets=tuple(plan if old.sheet == plan.sheet else old for old in self.sheets))

    def _with_column(self, sheet: str, place: int, column: ColumnPlan) -> ImportPlan:
        plan = self.sheet(sheet)
        return self._with_sheet(replace(plan, columns=_replaced(plan.columns, place, 1, (column,))))

    def _with_columns(self, sheet: str, source: int, columns: tuple[ColumnPlan, ...]) -> ImportPlan:
        """The plan with other fields for one table column; the first keeps its name, the title stays the title."""
        plan = self.sheet(sheet)
        places = [place for place, column in enumerate(plan.columns) if column.source == source]
        first, old = places[0], plan.columns[places[0]]
        include = columns[0].include if len(columns) == 1 and not columns[0].include else old.include
        head = replace(columns[0], label=old.label, include=include)
        made = _replaced(plan.columns, first, len(places), (head, *columns[1:]))
        shift = len(columns) - len(places)
        title = plan.title_column if plan.title_column <= first else max(first, plan.title_column + shift)
        return self._with_sheet(replace(plan, columns=made, title_column=title))


def _marked(plan: ImportPlan, chosen: Doubt, choice_id: str) -> ImportPlan:
    if chosen.column is not None:
        plan = _rechosen(plan, chosen.sheet, chosen.column)
    doubts = (replace(doubt, chosen=choice_id) if doubt.id == chosen.id else doubt for doubt in plan.doubts)
    return replace(plan, doubts=tuple(doubts))


def _rechosen(plan: ImportPlan, sheet: str, source: int) -> ImportPlan:
    """The plan with the doubts about a column saying which of their choices is in force, if any."""
    now = tuple(column for column in plan.sheet(sheet).columns if column.source == source)
    doubts = (
        replace(doubt, chosen=_in_force(doubt.choices, now))
        if (doubt.sheet, doubt.column) == (sheet, source) and doubt.choices
        else doubt
        for doubt in plan.doubts
    )
    return replace(plan, doubts=tuple(doubts))


def _without_relations_to(plan: ImportPlan, sheet: str) -> ImportPlan:
    for doubt in plan.doubts:
        for choice in doubt.choices:
            related = any(c.relation is not None and c.relation.sheet == sheet for c in choice.columns)
            if related and doubt.chosen == choice.id:
                plan = plan.choose(doubt.id, next(c.id for c in doubt.choices if c.id != choice.id))
    return plan


def _replaced(
    columns: Sequence[ColumnPlan], first: int, count: int, made: Sequence[ColumnPlan]
) -> tuple[ColumnPlan, ...]:
    return (*columns[:first], *made, *columns[first + count :])


def _in_force(choices: Sequence[Choice], now: tuple[ColumnPlan, ...]) -> str:
    shape = [(column.field_type, column.order, column.relation) for column in now]
    for choice in choices:
        if [(column.field_type, column.order, column.relation) for column in choice.columns] == shape:
            return choice.id
    return ""


def _placed(found: Unfit, first: int, place: int, table: Table) -> Unfit:
    row = first + found.row
    return replace(found, row=row, column=place, row_number=table.row_numbers[row])
