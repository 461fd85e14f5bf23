"""Rows of a sheet across its columns: some as cells, all as filled or blank, and what their cells look like."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from functools import cached_property
from itertools import accumulate

from runtime.exchange.cells import BLANK as NO_CELLS
from runtime.exchange.cells import MIXED, SHARED, TEXTS, Block, Column, Raw
from runtime.exchange.readers.reading import Sheet
from runtime.exchange.written import is_clock, is_nothing, read_date, read_number

LABEL, FIGURE, DAY, ANSWER, VOID, BLANK = "label", "figure", "day", "answer", "void", ""
"""What a cell looks like; void is an error or a sign that stands for no value, such as "-"."""

TYPED = (FIGURE, DAY, ANSWER)
SLICES, SLICE = 6, 12
"""How many slices of how many rows are looked at to know what a column holds."""

MAJORITY = 0.6
BANNER = 0.5
"""Share of the columns that a merged cell covers which says something about all of them."""


_NO_NAME = re.compile(r"\d{17}[Xx]|\([\d,.]+|0\d{2,3}-\d{7,8}", re.ASCII)
"""What is no name though no number: an identity card that ends with ten, (733 before a cell with ), a phone."""


_UNSETTLED = frozenset((
    "待定", "未定", "面议", "询价", "电询", "暂无", "缺货", "停产", "停售", "售罄", "无货", "停业", "装修", "休息",
    "tba", "tbd", "n/a", "sold out", "out of stock", "on request", "closed",
))  # fmt: skip
"""What stands in the place of a price or a time that is not settled."""


def look(cell: Raw) -> str:
    """What a cell looks like: one of the words above, "" for a blank."""
    if cell is None or cell == "":
        return BLANK
    if isinstance(cell, str):
        return _look_of_text(cell)
    if isinstance(cell, bool):
        return ANSWER
    if isinstance(cell, (float, int)):
        return FIGURE
    if isinstance(cell, (date, time)):
        return DAY
    return VOID


def _look_of_text(text: str) -> str:
    if is_nothing(text):
        return VOID
    if len(text) > 40:
        return LABEL
    if read_number(text) is not None or _NO_NAME.fullmatch(text):
        return FIGURE
    if read_date(text) is not None or is_clock(text):
        return DAY
    return LABEL


def is_unsettled(cell: Raw) -> bool:
    """Whether a text says that a price or a time is not settled yet: 待定, sold out."""
    return isinstance(cell, str) and cell.strip().casefold() in _UNSETTLED


class Line:
    """One row: its cells, and what each looks like.

    Args:
        at: number of the row.
        cells: its cells.
    """

    def __init__(self, at: int, cells: tuple[Raw, ...]) -> None:
        self.at, self.cells = at, cells

    @cached_property
    def looks(self) -> tuple[str, ...]:
        """What each cell looks like."""
        return tuple(map(look, self.cells))

    @cached_property
    def filled(self) -> dict[int, Raw]:
        """The cells that hold something, by column."""
        return {column: cell for column, cell in enumerate(self.cells) if cell is not None}


@dataclass(frozen=True, slots=True)
class Kinds:
    """What the columns of some rows mostly hold, by index of the column; only columns that hold something are in it.

    Attributes:
        most: what most cells look like, "" where no look has a clear majority.
        texts: the texts that were seen, as they are spelt.
        share: the share of the rows that is filled.
    """

    most: dict[int, str]
    texts: dict[int, set[str]]
    share: dict[int, float]

    @property
    def typed(self) -> set[int]:
        """Columns of figures, days or answers."""
        return {column for column, kind in self.most.items() if kind in TYPED}


def kinds_of(lines: Sequence[Line]) -> Kinds:
    """What the columns of some rows mostly hold."""
    most: dict[int, str] = {}
    texts: dict[int, set[str]] = {}
    share: dict[int, float] = {}
    for column, cells in enumerate(zip(*(line.cells for line in lines), strict=True)):
        counts = Counter(line.looks[column] for line in lines)
        filled = len(lines) - counts.pop(BLANK, 0)
        if not filled:
            continue
        clear = filled - counts.pop(VOID, 0)
        kind, count = counts.most_common(1)[0] if counts else (BLANK, 0)
        most[column] = kind if clear and count >= MAJORITY * clear else BLANK
        texts[column] = {cell for cell in cells if isinstance(cell, str)}
        share[column] = filled / len(lines)
    return Kinds(most, texts, share)


class SheetRows:
    """The rows of some neighbouring columns of a sheet.

    Args:
        sheet: the sheet.
        left, right: the first column, and the column after the last.
    """

    def __init__(self, sheet: Sheet, left: int, right: int) -> None:
        self.columns = sheet.columns[left:right]
        self.height = sheet.height
        self.lists = [(top, bottom) for top, low, bottom, high in sheet.lists if low < right and high >= left]
        self.width = right - left
        self._banners = [(top, min(high, right - 1) - low + 1) for top, low, bottom, high in sheet.merged
                         if left <= low < right and low < high and top == bottom]  # fmt: skip
        self.blank = blank_rows(self.columns)
        self._lines: dict[int, Line] = {}
        lengths = [block.length for block in self.columns[0].blocks] if self.columns else []
        self._starts = list(accumulate(lengths, initial=0))[:-1]
        self._open: tuple[int, list[Sequence[Raw]]] = (-1, [])

    def is_banner(self, line: Line) -> bool:
        """Whether a row is one text in a cell that is merged across nearly all columns."""
        if len(line.filled) != 1 or not isinstance(next(iter(line.filled.values())), str):
            return False
        return any(top == line.at and across >= max(3, BANNER * self.width) for top, across in self._banners)

    def banners(self, start: int, stop: int) -> list[Line]:
        """The rows of that kind from `start` to before `stop`."""
        places = sorted({top for top, _ in self._banners if start <= top < stop})
        return [line for line in map(self.line, places) if self.is_banner(line)]

    @property
    def last(self) -> int:
        """The last row that holds something, -1 where none does."""
        return next((row for row in range(self.height - 1, -1, -1) if row not in self.blank), -1)

    def lines(self, start: int, stop: int) -> list[Line]:
        """The rows from `start` to before `stop` that hold something."""
        found = []
        for row in range(max(start, 0), min(stop, self.height)):
            if row in self.blank:
                continue
            if row not in self._lines:
                self._lines[row] = Line(row, self._cells(row))
            found.append(self._lines[row])
        return found

    def _cells(self, row: int) -> tuple[Raw, ...]:
        """The cells of a row; the block that was opened last stays open."""
        number = bisect_right(self._starts, row) - 1
        if number != self._open[0]:
            self._open = number, [column.blocks[number].raw() for column in self.columns]
        return tuple(cells[row - self._starts[number]] for cells in self._open[1])

    def line(self, at: int) -> Line:
        """One row."""
        return next(iter(self.lines(at, at + 1)), Line(at, (None,) * self.width))

    def top(self, start: int, stop: int, count: int) -> list[Line]:
        """The first `count` rows from `start` to before `stop` that hold something."""
        found: list[Line] = []
        while start < stop and len(found) < count:
            found += self.lines(start, min(start + count, stop))
            start += count
        return found[:count]

    def bottom(self, start: int, stop: int, count: int) -> list[Line]:
        """The last `count` rows between `start` and `stop` that hold something, the last first."""
        found: list[Line] = []
        while stop > start and len(found) < count:
            found += reversed(self.lines(max(start, stop - count), stop))
            stop -= count
        return found[:count]

    def segments(self, start: int, stop: int) -> list[tuple[int, int]]:
        """The runs of rows without a blank one between `start` and `stop`, as the first row and the row after."""
        found, low = [], start
        for row in sorted(blank for blank in self.blank if start <= blank < stop):
            if row > low:
                found.append((low, row))
            low = row + 1
        return [*found, (low, stop)] if stop > low else found

    def sample(self, start: int, stop: int) -> list[Line]:
        """Filled rows between `start` and `stop`: all of a few, else slices that are spread evenly."""
        if stop - start <= SLICES * SLICE:
            return self.lines(start, stop)
        step = (stop - start - SLICE) // (SLICES - 1)
        return [line for at in range(SLICES) for line in self.lines(start + at * step, start + at * step + SLICE)]


def blank_rows(columns: Iterable[Column]) -> set[int]:
    """Rows in which no column holds anything."""
    blank: set[int] = set()
    start = 0
    for blocks in zip(*(column.blocks for column in columns), strict=True):
        blank.update(start + place for place in _blank_in_all(blocks))
        start += blocks[0].length
    return blank


def _blank_in_all(blocks: Sequence[Block]) -> set[int]:
    empty: set[int] | None = None
    for block in blocks:
        empty = block.blanks() if empty is None else empty & block.blanks()
        if not empty:
            return set()
    return empty or set()


def is_blank(column: Column) -> bool:
    """Whether no cell of the column holds anything."""
    return all(block.kind == NO_CELLS or len(block.blanks()) == block.length for block in column.blocks)


def rows_with(column: Column, stems: Sequence[str], wanted: Callable[[str], bool]) -> list[int]:
    """The rows in which a column holds a text that is `wanted`.

    Args:
        stems: small letters, of which every wanted text holds some; blocks without any are passed over.
    """
    found: list[int] = []
    start = 0
    for block in column.blocks:
        if block.kind in (TEXTS, SHARED, MIXED):
            cells = block.counts() or block.content
            different = {cell for cell in cells if isinstance(cell, str)} if block.kind == MIXED else set(cells)
            different.discard(None)
            joined = "\x00".join(different).casefold()
            if any(stem in joined for stem in stems):
                hits = set(filter(wanted, different))
                found.extend(
                    start + at for at, cell in enumerate(block.content) if isinstance(cell, str) and cell in hits
                )
        start += block.length
    return found
