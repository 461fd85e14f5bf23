"""The plan of an import: which sheets become forms, which columns become fields, what is in doubt. A frozen value.

Changing the plan gives a new plan. Nothing is written here: the importer takes the plan and goes through the door.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from itertools import zip_longest
from typing import Any

from runtime.exchange.cells import Block
from runtime.exchange.columns import Choice, ColumnPlan, Doubt
from runtime.exchange.frame import Frame
from runtime.exchange.readers.file_read import FileRead
from runtime.exchange.tables.table import Table
from runtime.exchange.understanding.as_type import column_as
from runtime.exchange.understanding.conversion import Conversion, Unfit, key_of
from runtime.exchange.understanding.facts import ColumnFacts
from runtime.work import Progress

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
        columns: its fields in order: one of each table column as in the file, then those that were added to one.
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
class Cells:
    """Some consecutive rows of a table before they are values, column by column.

    Attributes:
        first: index of the first row in the table.
        height: number of rows.
        columns: indexes in `SheetPlan.columns` of the fields that are included.
        blocks: the cells of each of them.
    """

    first: int
    height: int
    columns: tuple[int, ...]
    blocks: tuple[tuple[Block, ...], ...]


Step = tuple[str, ...]
"""What a person did to a plan: the name of a method, then words; JSON can keep it."""

Again = Callable[["ImportPlan", Mapping[str, tuple[Frame, ...]], Progress | None], "ImportPlan"]
"""Makes a fresh plan in which sheets are cut by other frames: the old plan, sheet -> frames."""


@dataclass(frozen=True, slots=True)
class Source:
    """What is behind a plan, by name of the table.

    Attributes:
        tables: the cells.
        facts: what is true of each column.
        again: looks at the sheets anew where a person cuts one differently.
        files: which content was read, and how; empty where the cells come from no file.
    """

    tables: dict[str, Table]
    facts: dict[str, tuple[ColumnFacts, ...]]
    again: Again | None = None
    files: tuple[FileRead, ...] = ()


class SheetConversion:
    """Turns the rows of one sheet into records.

    Args:
        plan: of the sheet.
        table: its cells.
        zone: the time zone of moments in the file; None is the machine's.
    """

    def __init__(self, plan: SheetPlan, table: Table, zone: tzinfo | None = None) -> None:
        self._table = table
        self._columns = {place: Conversion(column, zone) for place, column in enumerate(plan.columns) if column.include}

    def chunk(self, cells: Cells, ready: Sequence[list[Any] | None] = ()) -> Chunk:
        """The records that rows become.

        Args:
            ready: for each column its values where they are there already and every cell is one, else None.
        """
        values: list[list[Any]] = []
        unfit: list[Unfit] = []
        for place, blocks, known in zip_longest(cells.columns, cells.blocks, ready):
            converted, misfits = (known, ()) if known is not None else self._columns[place].column(blocks)
            values.append(converted)
            unfit += [_placed(found, cells.first, place, self._table) for found in misfits]
        return Chunk(cells.first, cells.height, cells.columns, tuple(values), tuple(unfit))


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import would make of a workbook.

    Attributes:
        sheets: one plan per sheet that holds something, in the order of the tabs.
        doubts: what was assumed, in the order of the sheets.
        source: the cells.
        steps: what a person changed, in order; `replayed` does it to another plan.
    """

    sheets: tuple[SheetPlan, ...]
    doubts: tuple[Doubt, ...]
    source: Source = field(repr=False, compare=False)
    steps: tuple[Step, ...] = field(default=(), compare=False)

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

    def choose(self, doubt_id: str, choice_id: str, progress: Progress | None = None) -> ImportPlan:
        """The plan with a doubt resolved that way; a choice that is `slow` looks at its sheet anew.

        Raises:
            KeyError: there is no such doubt or choice.
            Cancelled: somebody asked to stop.
        """
        doubt = self.doubt(doubt_id)
        choice = next((choice for choice in doubt.choices if choice.id == choice_id), None)
        if choice is None:
            raise KeyError(choice_id)
        if choice.slow:
            return self._cut(doubt, choice, progress)
        return _after(self._chosen(doubt, choice), "choose", doubt_id, choice_id)

    def cut(self, sheet: str, frame: Frame, progress: Progress | None = None) -> ImportPlan:
        """The plan with a table cut by another frame, such as one whose header is in another row.

        What a person decided before is done again where it still means something.

        Raises:
            Cancelled: somebody asked to stop.
        """
        home = self.source.tables[sheet].home
        tables = [table for table in self.source.tables.values() if table.home == home]
        frames = tuple(frame if table.sheet == sheet else table.frame for table in tables)
        return self._again(home, frames, progress)

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
        step = ("retype", sheet, self._word(sheet, column), field_type, order)
        return _after(_rechosen(changed, sheet, plan.source), *step)

    def rename(self, sheet: str, column: int | None, label: str) -> ImportPlan:
        """The plan with another name for a field, or for the form where `column` is None."""
        step = ("rename", sheet, self._word(sheet, column), label)
        if column is None:
            return _after(self._with_sheet(replace(self.sheet(sheet), form_label=label)), *step)
        return _after(self._with_column(sheet, column, replace(self.sheet(sheet).columns[column], label=label)), *step)

    def include(self, sheet: str, included: bool, column: int | None = None) -> ImportPlan:
        """The plan with a sheet, or one field of it, taken in or left out.

        Relations to a sheet that is left out become what they were without it.
        """
        step = ("include", sheet, self._word(sheet, column), "yes" if included else "")
        if column is not None:
            changed = replace(self.sheet(sheet).columns[column], include=included)
            return _after(self._with_column(sheet, column, changed), *step)
        return _after(self._including(sheet, included), *step)

    def with_title(self, sheet: str, column: int) -> ImportPlan:
        """The plan with another field (its index) naming the records of a sheet."""
        changed = self._with_sheet(replace(self.sheet(sheet), title_column=column))
        return _after(changed, "title", sheet, self._word(sheet, column))

    def replayed(self, steps: Iterable[Step], progress: Progress | None = None) -> ImportPlan:
        """The plan with the same changes as another one; a step that means nothing here is left out.

        Raises:
            Cancelled: somebody asked to stop.
        """
        plan = self
        for step in steps:
            with suppress(KeyError, IndexError, ValueError):
                plan = _redone(plan, progress, *step)
        return plan

    def _word(self, sheet: str, column: int | None) -> str:
        """How a step names a field: its place among those of its column, and the header of that; "" is the form."""
        if column is None:
            return ""
        columns = self.sheet(sheet).columns
        same = [place for place, other in enumerate(columns) if other.source == columns[column].source]
        return f"{same.index(column)} {columns[column].header}"

    def _cut(self, doubt: Doubt, choice: Choice, progress: Progress | None) -> ImportPlan:
        if choice.frames:
            return self._again(doubt.sheet, choice.frames, progress)
        return self.cut(doubt.sheet, replace(self.source.tables[doubt.sheet].frame, **choice.layout), progress)

    def _again(self, home: str, frames: tuple[Frame, ...], progress: Progress | None) -> ImportPlan:
        if self.source.again is None:
            return self
        return self.source.again(self, {home: frames}, progress).replayed(self.steps, progress)

    def _chosen(self, doubt: Doubt, choice: Choice) -> ImportPlan:
        if choice.include is not None:
            return self._included(doubt, choice)
        plan = self
        for source in dict.fromkeys(column.source for column in choice.columns):
            made = tuple(column for column in choice.columns if column.source == source)
            plan = plan._with_columns(doubt.sheet, source, made)
        return _marked(plan, doubt, choice.id)

    def _including(self, sheet: str, included: bool) -> ImportPlan:
        plan = self._with_sheet(replace(self.sheet(sheet), include=included))
        for doubt in self.doubts:
            if doubt.sheet == sheet and any(c.include is not None and not c.sources for c in doubt.choices):
                plan = _marked(plan, doubt, next(c.id for c in doubt.choices if c.include is included))
        return plan if included else _without_relations_to(plan, sheet)

    def _included(self, doubt: Doubt, choice: Choice) -> ImportPlan:
        if not choice.sources:
            return self._including(doubt.sheet, choice.include is True)
        plan = self.sheet(doubt.sheet)
        columns = (
            replace(column, include=choice.include is True) if column.source in choice.sources else column
            for column in plan.columns
        )
        return _marked(self._with_sheet(replace(plan, columns=tuple(columns))), doubt, choice.id)

    def rows(self, sheet: str, size: int = 0, zone: tzinfo | None = None) -> Iterator[Chunk]:
        """The records of a sheet in chunks, typed; moments are local to `zone` (None: the machine's).

        Args:
            size: rows of a chunk; 0 takes them as they were read, so that each block is opened once.
        """
        conversion = self.conversion(sheet, zone)
        for cells in self.cells(sheet, size):
            yield conversion.chunk(cells)

    def cells(self, sheet: str, size: int = 0) -> Iterator[Cells]:
        """The rows of a sheet in the chunks in which `rows` gives them, not converted."""
        plan, table = self.sheet(sheet), self.source.tables[sheet]
        places = tuple(place for place, column in enumerate(plan.columns) if column.include)
        columns = [table.columns[plan.columns[place].source] for place in places]
        if not size and columns and len({tuple(block.length for block in column.blocks) for column in columns}) == 1:
            first = 0
            for blocks in zip(*(column.blocks for column in columns), strict=True):
                yield Cells(first, blocks[0].length, places, tuple((block,) for block in blocks))
                first += blocks[0].length
            return
        for first, height in _parts(table, size):
            parts = (column.part(first, first + height).blocks for column in columns)
            yield Cells(first, height, places, tuple(parts))

    def conversion(self, sheet: str, zone: tzinfo | None = None) -> SheetConversion:
        """How the rows of a sheet become records; moments are local to `zone` (None: the machine's)."""
        return SheetConversion(self.sheet(sheet), self.source.tables[sheet], zone)

    def keys(self, sheet: str, column: int) -> list[str | None]:
        """For each row of a sheet the key in the table column `column`, as relations to it name it."""
        return [key_of(cell) for cell in self.source.tables[sheet].columns[column].raw()]

    def _with_sheet(self, plan: SheetPlan) -> ImportPlan:
        return replace(self, sheets=tuple(plan if old.sheet == plan.sheet else old for old in self.sheets))

    def _with_column(self, sheet: str, place: int, column: ColumnPlan) -> ImportPlan:
        plan = self.sheet(sheet)
        return self._with_sheet(replace(plan, columns=_replaced(plan.columns, place, 1, (column,))))

    def _with_columns(self, sheet: str, source: int, columns: tuple[ColumnPlan, ...]) -> ImportPlan:
        """The plan with other fields for one table column; the first keeps its name, the title stays the title.

        The others come after the fields of all columns, so that those stand as in the file.
        """
        plan = self.sheet(sheet)
        place, old = next((at, column) for at, column in enumerate(plan.columns) if column.source == source)
        include = columns[0].include if len(columns) == 1 and not columns[0].include else old.include
        own, added = _own_and_added(plan.columns)
        own[place] = replace(columns[0], label=old.label, include=include)
        added = [*(column for column in added if column.source != source), *columns[1:]]
        made = (*own, *sorted(added, key=lambda column: column.source))
        title = plan.title_column
        if title >= len(own):
            title = next((at for at, column in enumerate(made) if column is plan.columns[title]), place)
        return self._with_sheet(replace(plan, columns=made, title_column=title))


def _own_and_added(columns: Sequence[ColumnPlan]) -> tuple[list[ColumnPlan], list[ColumnPlan]]:
    """The first field of each table column, and those that were added to it."""
    own = {column.source: column for column in reversed(columns)}
    return (
        [column for column in columns if own[column.source] is column],
        [column for column in columns if own[column.source] is not column],
    )


def _marked(plan: ImportPlan, chosen: Doubt, choice_id: str) -> ImportPlan:
    for source in _sources(chosen):
        plan = _rechosen(plan, chosen.sheet, source)
    doubts = (replace(doubt, chosen=choice_id) if doubt.id == chosen.id else doubt for doubt in plan.doubts)
    return replace(plan, doubts=tuple(doubts))


def _rechosen(plan: ImportPlan, sheet: str, source: int) -> ImportPlan:
    """The plan with the doubts about a column saying which of their choices is in force, if any."""
    columns = plan.sheet(sheet).columns
    doubts = (
        replace(doubt, chosen=_in_force(doubt.choices, [c for c in columns if c.source in about]))
        if doubt.sheet == sheet and doubt.choices and source in (about := _sources(doubt))
        else doubt
        for doubt in plan.doubts
    )
    return replace(plan, doubts=tuple(doubts))


def _sources(doubt: Doubt) -> set[int]:
    """The table columns that a doubt is about; its choices say what several of them become."""
    if doubt.column is not None:
        return {doubt.column}
    return {column.source for choice in doubt.choices for column in choice.columns}


def _after(plan: ImportPlan, *step: str) -> ImportPlan:
    return replace(plan, steps=(*plan.steps, step))


def _redone(plan: ImportPlan, progress: Progress | None, what: str, *words: str) -> ImportPlan:
    """The plan after one step of another one."""
    if what == "choose":
        return plan.choose(words[0], words[1], progress)
    sheet, place = words[0], _place(plan, words[0], words[1])
    if what == "rename":
        return plan.rename(sheet, place, words[2])
    if what == "include":
        return plan.include(sheet, bool(words[2]), place)
    if place is not None and what == "retype":
        return plan.retype(sheet, place, words[2], words[3])
    return plan.with_title(sheet, place) if place is not None and what == "title" else plan


def _place(plan: ImportPlan, sheet: str, word: str) -> int | None:
    """Index of the field that a step names.

    Raises:
        IndexError: there is none.
    """
    if not word:
        return None
    at, _, header = word.partition(" ")
    return [place for place, other in enumerate(plan.sheet(sheet).columns) if other.header == header][int(at)]


def _without_relations_to(plan: ImportPlan, sheet: str) -> ImportPlan:
    """The plan with columns that point to a sheet as they are without it."""
    steps = plan.steps
    for doubt in plan.doubts:
        for choice in doubt.choices:
            related = any(c.relation is not None and c.relation.sheet == sheet for c in choice.columns)
            if related and doubt.chosen == choice.id:
                plan = plan.choose(doubt.id, next(c.id for c in doubt.choices if c.id != choice.id))
    return replace(plan, steps=steps)


def _parts(table: Table, size: int) -> Iterator[tuple[int, int]]:
    """First row and height of the parts in which a table is read."""
    if size or not table.columns:
        size = size or CHUNK
        for first in range(0, table.height, size):
            yield first, min(size, table.height - first)
        return
    first = 0
    for block in table.columns[0].blocks:
        yield first, block.length
        first += block.length


def _replaced(
    columns: Sequence[ColumnPlan], first: int, count: int, made: Sequence[ColumnPlan]
) -> tuple[ColumnPlan, ...]:
    return (*columns[:first], *made, *columns[first + count :])


def _in_force(choices: Sequence[Choice], now: Sequence[ColumnPlan]) -> str:
    shape = [_shape(column) for column in now]
    return next((choice.id for choice in choices if [_shape(column) for column in choice.columns] == shape), "")


def _shape(column: ColumnPlan) -> tuple[object, ...]:
    """What makes two plans for a column the same to a person who chooses between them."""
    return (
        column.field_type, column.order, column.relation, column.errors, column.comma, column.pad, column.year,
    )  # fmt: skip


def _placed(found: Unfit, first: int, place: int, table: Table) -> Unfit:
    row = first + found.row
    return replace(found, row=row, column=place, row_number=table.row_numbers[row])
