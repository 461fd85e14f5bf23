"""A sheet on its side, its fields down the first column and its records beside each other, turned into a list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from runtime.exchange.cells import Column, Raw, pack, unpack
from runtime.exchange.frame import Frame
from runtime.exchange.readers.reading import Sheet
from runtime.exchange.tables.header_labels import header_text, is_label
from runtime.exchange.tables.sheet_rows import DAY, FIGURE, LABEL, TYPED, VOID, Line, SheetRows, is_unsettled

MOST_FIELDS, MOST_RECORDS = 200, 60
LEAST_FIELDS, LEAST_RECORDS = 4, 2
MANY_KINDS = 3
"""Kinds of rows from which one row of each is enough; else two are of another kind, and more records are needed."""

LONGEST = 24
"""Characters of the name of a field."""

FILLED = 0.7
"""Share of the cells that are filled."""

ONE_KIND = 0.75
"""Share of one kind of cells in a record from which it is a column like those of other lists."""


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of a sheet that are fields: the first, the row after the last, and the columns in the same way."""

    top: int
    bottom: int
    left: int
    right: int


def part_on_its_side(sheet: Sheet) -> Part | None:
    """The rows of a sheet that are fields, below a title; None where it is something else.

    Every row holds one kind of cells behind its name, every column several, and some of them are figures or days.
    """
    if sheet.height > MOST_FIELDS + 1 or not LEAST_RECORDS < sheet.width <= MOST_RECORDS + 1:
        return None
    rows = SheetRows(sheet, 0, sheet.width)
    lines = rows.lines(0, sheet.height)
    while lines and len(lines[0].filled) == 1:
        lines = lines[1:]
    if len(lines) < LEAST_FIELDS or lines[-1].at - lines[0].at + 1 != len(lines):
        return None
    left, right = min(min(line.filled) for line in lines), max(max(line.filled) for line in lines) + 1
    if right - left <= LEAST_RECORDS or not _names_fields(lines, left):
        return None
    return Part(lines[0].at, lines[-1].at + 1, left, right) if _is_on_its_side(lines, left + 1, right) else None


def _names_fields(lines: Sequence[Line], left: int) -> bool:
    """Whether the first column says short texts that are all different."""
    names = [line.cells[left] for line in lines]
    texts = {header_text(name) for name in names if isinstance(name, str) and is_label(name)}
    return len(texts) == len(lines) and all(0 < len(text) <= LONGEST for text in texts)


def _is_on_its_side(lines: Sequence[Line], left: int, right: int) -> bool:
    kinds = [_kind(line, left, right) for line in lines]
    filled = sum(len(line.filled) - 1 for line in lines)
    if None in kinds[1:] or filled < FILLED * len(lines) * (right - left):
        return False
    told = Counter(kind for kind in kinds[1:] if kind)
    most = max(told.values(), default=0)
    few = len(told) < MANY_KINDS
    if not told.keys() & {FIGURE, DAY} or not told[LABEL] or (few and told.total() - most < 2):
        return False
    if few and right - left <= LEAST_RECORDS:
        return False
    first = {header_text(cell) for cell in lines[0].cells[left:right]}
    return len(first) == right - left and most <= ONE_KIND * told.total()


def _kind(line: Line, left: int, right: int) -> str | None:
    """What all cells of a row behind its name look like: "" where they say one thing or none, None if they differ."""
    looks = {look for look in line.looks[left:right] if look and look != VOID}
    if len(looks) > 1:
        return None
    kind = next(iter(looks), "")
    said = {header_text(cell).casefold() for cell in line.cells[left:right]}
    if kind == LABEL and (len(said) < 2 or all(map(is_unsettled, said - {""}))):
        return ""
    return kind if kind in (*TYPED, LABEL) else ""


def frame_of_turned(part: Part) -> Frame:
    """The frame of the records, on the sheet that `turned` makes."""
    return Frame(0, 0, 1, part.right - part.left, 0, part.bottom - part.top, turned=True)


def turned(sheet: Sheet) -> Sheet:
    """The sheet with the rows of its fields as columns."""
    part = part_on_its_side(sheet) or Part(0, sheet.height, 0, sheet.width)
    cells = [column.raw(part.top, part.bottom) for column in sheet.columns[part.left : part.right]]
    columns = tuple(_column(list(row)) for row in zip(*cells, strict=True))
    height = part.right - part.left
    return replace(
        sheet, height=height, width=len(columns), columns=columns, formats={}, merged=(),
        row_numbers=tuple(range(part.left + 1, part.right + 1)), hidden_rows=(), hidden_columns=(), lists=(),
    )  # fmt: skip


def _column(cells: list[Raw]) -> Column:
    return Column((unpack(pack(["" if cell is None else cell for cell in cells])),))
