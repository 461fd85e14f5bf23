"""From a raw sheet to a table: where the header is, what columns are called, which rows and columns are blank."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from resources.texts import TN, T
from runtime.exchange.archive import column_letters
from runtime.exchange.cells import Block, Column, Raw
from runtime.exchange.columns import Doubt
from runtime.exchange.reading import Sheet

LOOKED_AT = 50
"""Rows that are looked at to find the header."""

HEADER_SHARE = 0.6
TEXT_SHARE = 0.8
LONGEST_HEADER = 200
_SPACE = re.compile(r"\s+")
ERROR_TEXTS = frozenset(
    ("#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#GETTING_DATA", "#SPILL!", "#CALC!")
)


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one sheet under their headers.

    Attributes:
        sheet: name of the sheet.
        visible: False where the sheet is hidden.
        headers: one per column, no two alike, none empty.
        columns: as long as the table has rows.
        formats: column -> number format (.xlsx only).
        row_numbers: for each row its number in the file, from 1.
        doubts: what was left out or renamed.
    """

    sheet: str
    visible: bool
    headers: tuple[str, ...]
    columns: tuple[Column, ...]
    formats: dict[int, str] = field(default_factory=dict)
    row_numbers: Sequence[int] = ()
    doubts: tuple[Doubt, ...] = ()

    @property
    def height(self) -> int:
        """Number of rows."""
        return len(self.row_numbers)


def to_table(sheet: Sheet) -> Table:
    """The table in `sheet`: the header is the first row that is nearly all text and nearly as wide as the widest."""
    head = [column.raw(0, LOOKED_AT) for column in sheet.columns]
    top, found = find_header(list(zip(*head, strict=True)))
    doubts = _doubts_of_reading(sheet)
    above = sum(1 for row in zip(*(column[:top] for column in head), strict=True) if any(_filled(row)))
    if above:
        doubts.append(
            Doubt(
                sheet.name, None, "rows_above",
                TN("{n} row above the header is left out.", "{n} rows above the header are left out.", above),
            )
        )  # fmt: skip
    first = top + 1 if found else top
    columns = [column.part(first) for column in sheet.columns]
    rows, columns = _without_blank_rows(columns, sheet.height - first)
    raw_headers = [column[top] if found and top < len(column) else None for column in head]
    kept, headers = _named(sheet, raw_headers, columns, found, doubts)
    inner = _inner_blanks(rows, sheet.height - first)
    if inner:
        doubts.append(
            Doubt(sheet.name, None, "blank_rows",
                  TN("{n} blank row is left out.", "{n} blank rows are left out.", inner))
        )  # fmt: skip
    numbers = sheet.row_numbers
    return Table(
        sheet.name, sheet.visible, headers, tuple(columns[place] for place in kept),
        {new: sheet.formats[old] for new, old in enumerate(kept) if old in sheet.formats},
        _row_numbers(rows, first, numbers), tuple(doubts),
    )  # fmt: skip


def find_header(rows: Sequence[Sequence[Raw]]) -> tuple[int, bool]:
    """Index of the header row and True; where no row looks like one, index of the first row of data and False."""
    widest = max((sum(_filled(row)) for row in rows), default=0)
    needed = max(1, min(widest, 2), HEADER_SHARE * widest)
    for place, row in enumerate(rows):
        cells = [cell for cell in row if cell is not None]
        if len(cells) < needed:
            continue
        texts = sum(isinstance(cell, str) for cell in cells)
        years = sum(isinstance(cell, float) and 1900 <= cell <= 2100 and cell.is_integer() for cell in cells)
        if texts and texts + years >= TEXT_SHARE * len(cells):
            return place, True
        return place, False
    return 0, False


def _filled(row: Sequence[Raw]) -> list[bool]:
    return [cell is not None for cell in row]


def _doubts_of_reading(sheet: Sheet) -> list[Doubt]:
    doubts = []
    if sheet.dropped_columns:
        message = TN(
            "{n} column beyond the {most}th is left out.", "{n} columns beyond the {most}th are left out.",
            sheet.dropped_columns, most=sheet.width,
        )  # fmt: skip
        doubts.append(Doubt(sheet.name, None, "columns_left_out", message))
    if sheet.cleaned:
        message = TN(
            "Control characters were taken out of {n} text.", "Control characters were taken out of {n} texts.",
            sheet.cleaned,
        )  # fmt: skip
        doubts.append(Doubt(sheet.name, None, "control_characters", message))
    return doubts


def _without_blank_rows(columns: list[Column], height: int) -> tuple[Sequence[int], list[Column]]:
    """Places of the rows that hold something, and the columns cut down to them."""
    blank: list[int] = []
    start = 0
    for blocks in zip(*(column.blocks for column in columns), strict=True):
        empty = _blank_in_all(blocks)
        blank.extend(start + place for place in sorted(empty))
        start += blocks[0].length
    if not blank:
        return range(height), columns
    gone = set(blank)
    rows = [row for row in range(height) if row not in gone]
    if rows and rows[-1] == len(rows) - 1:
        return range(len(rows)), [column.part(0, len(rows)) for column in columns]
    return rows, [_picked(column, gone) for column in columns]


def _blank_in_all(blocks: Sequence[Block]) -> set[int]:
    empty: set[int] | None = None
    for block in blocks:
        empty = block.blanks() if empty is None else empty & block.blanks()
        if not empty:
            return set()
    return empty or set()


def _picked(column: Column, gone: set[int]) -> Column:
    kept, start = [], 0
    for block in column.blocks:
        places = [place for place in range(block.length) if start + place not in gone]
        start += block.length
        if places:
            kept.append(block if len(places) == block.length else block.picked(places))
    return Column(tuple(kept))


def _inner_blanks(rows: Sequence[int], height: int) -> int:
    """Blank rows that have a filled row below them."""
    return rows[-1] + 1 - len(rows) if rows else 0


def _row_numbers(rows: Sequence[int], first: int, numbers: tuple[int, ...]) -> Sequence[int]:
    if numbers:
        return [numbers[first + row] for row in rows]
    if isinstance(rows, range):
        return range(first + 1, first + 1 + len(rows))
    return [first + 1 + row for row in rows]


def _named(
    sheet: Sheet, raw: Sequence[Raw], columns: Sequence[Column], found: bool, doubts: list[Doubt]
) -> tuple[list[int], tuple[str, ...]]:
    """Places of the columns that stay, and their headers; says what was named, renamed or left out."""
    kept: list[int] = []
    headers: list[str] = []
    taken: set[str] = set()
    skipped = 0
    for place, (cell, column) in enumerate(zip(raw, columns, strict=True)):
        header = header_text(cell)
        if not header and all(len(block.blanks()) == block.length for block in column.blocks):
            skipped += 1
            continue
        letters = column_letters(place + 1)
        name = header or str(T("Column {letters}", letters=letters))
        unique = unlike(name, taken)
        taken.add(unique.casefold())
        if found and not header:
            message = T("Column {letters} has no header and is called “{name}”.", letters=letters, name=unique)
            doubts.append(Doubt(sheet.name, len(kept), "no_name", message))
        elif unique != name:
            message = T("“{name}” appears twice; the second is called “{unique}”.", name=name, unique=unique)
            doubts.append(Doubt(sheet.name, len(kept), "same_name", message))
        kept.append(place)
        headers.append(unique)
    if not found and kept:
        unnamed = T("No header row was found; the columns are named after their letters.")
        doubts.append(Doubt(sheet.name, None, "no_header", unnamed))
    if skipped:
        left_out = TN("{n} blank column is left out.", "{n} blank columns are left out.", skipped)
        doubts.append(Doubt(sheet.name, None, "blank_columns", left_out))
    return kept, tuple(headers)


def header_text(cell: Raw) -> str:
    """A header cell as the name of a field: one line, single spaces."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.15g}"
    if isinstance(cell, (date, datetime)):
        return cell.isoformat(sep=" ") if isinstance(cell, datetime) else cell.isoformat()
    return _SPACE.sub(" ", cell if isinstance(cell, str) else "").strip()[:LONGEST_HEADER]


def unlike(name: str, taken: set[str]) -> str:
    """`name`, with " (2)" and so on where `taken`, a set of casefolded names, has it already."""
    unique, count = name, 1
    while unique.casefold() in taken:
        count += 1
        unique = f"{name} ({count})"
    return unique
