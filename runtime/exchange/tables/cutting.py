"""Cuts the rows and columns of a frame out of its sheet."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from runtime.exchange.cells import Column, Raw, pack, unpack
from runtime.exchange.frame import Frame
from runtime.exchange.readers.reading import Sheet
from runtime.exchange.tables.header_labels import header_text, labels_of
from runtime.exchange.tables.layout import merged_in
from runtime.exchange.tables.sheet_rows import blank_rows, is_blank

LONGEST_TITLE = 40


class Cut:
    """The rows below a header without those that are left out.

    Attributes:
        sheet, frame: what is cut how.
        places: the columns of the sheet that are taken.
        labels: the header of each of them, "" where it has none.
        columns: their cells below the header.
        rows: the rows of the sheet that are taken.
        blank: blank rows that have a filled one below them.
        merged: merged ranges in the columns, columns counted from the first of the frame.
        hidden_rows, hidden_columns: how many of what the frame covers Excel hides.
    """

    def __init__(self, sheet: Sheet, frame: Frame) -> None:
        self.sheet, self.frame = sheet, frame
        self.merged = merged_in(sheet.merged, frame.left, frame.right)
        hidden = set(sheet.hidden_columns or ()) & set(range(frame.left, frame.right))
        hidden = {column for column in hidden if not is_blank(sheet.columns[column])}
        self.hidden_columns = len(hidden)
        gone = set() if frame.take_hidden_columns else hidden
        self.places = [column for column in range(frame.left, frame.right) if column not in gone]
        self.labels = self._labels()
        below = [sheet.columns[place].part(frame.first, frame.bottom) for place in self.places]
        height = frame.bottom - frame.first
        blank = {row for row in blank_rows(below) if row < height}
        hidden_rows = {row - frame.first for row in sheet.hidden_rows or () if frame.first <= row < frame.bottom}
        out = {row - frame.first for row in frame.left_out}
        self.hidden_rows = len(hidden_rows - blank - out)
        out |= set() if frame.take_hidden_rows else hidden_rows
        self.rows: Sequence[int] = range(frame.first, frame.bottom)
        if blank or out:
            self.rows = [frame.first + row for row in range(height) if row not in blank and row not in out]
        last = self.rows[-1] if self.rows else frame.first
        self.blank = sum(1 for row in blank if frame.first + row < last and not self._in_header(frame.first + row))
        self.columns = [self._filled_down(place, column) for place, column in zip(self.places, below, strict=True)]
        if blank or out:
            self.columns = [_without(column, blank | out) for column in self.columns]

    def _labels(self) -> list[str]:
        frame = self.frame
        if not frame.header_rows:
            return [""] * len(self.places)
        cells = [column.raw(frame.top, frame.first) for column in self.sheet.columns[frame.left : frame.right]]
        header: list[tuple[Raw, ...]] = list(zip(*cells, strict=True))
        labels = labels_of(header, frame.top, frame.joined, self.merged)
        return [labels[place - frame.left] for place in self.places]

    def _in_header(self, row: int) -> bool:
        """Whether a cell of the header is merged down to a row."""
        first = self.frame.first
        return any(top < first <= row <= bottom for top, _, bottom, _ in self.merged)

    def _filled_down(self, place: int, column: Column) -> Column:
        first = self.frame.first
        ranges = [(top, bottom) for top, left, bottom, _ in self.merged
                  if left + self.frame.left == place and first <= top < bottom]  # fmt: skip
        if not self.frame.fill_down or not ranges:
            return column
        cells = list(column.raw())
        for top, bottom in ranges:
            stop = min(bottom + 1 - first, len(cells))
            if top - first < stop:
                cells[top - first : stop] = [cells[top - first]] * (stop - top + first)
        blocks, start = [], 0
        for block in column.blocks:
            part = cells[start : start + block.length]
            blocks.append(unpack(pack(["" if cell is None else cell for cell in part])))
            start += block.length
        return Column(tuple(blocks))

    def merged_down(self) -> int:
        """Merged cells among the records that cover more than one row."""
        return sum(1 for top, _, bottom, _ in self.merged if self.frame.first <= top < bottom)

    def numbers(self) -> Sequence[int]:
        """For each row that is taken its number in the file."""
        if self.sheet.row_numbers:
            return [self.sheet.row_numbers[row] for row in self.rows]
        if isinstance(self.rows, range):
            return range(self.rows.start + 1, self.rows.stop + 1)
        return [row + 1 for row in self.rows]

    def number_of(self, row: int) -> int:
        """The number of a row in the file."""
        return self.sheet.row_numbers[row] if self.sheet.row_numbers else row + 1

    def shown(self, row: int) -> str:
        """What stands in a row, for a sentence."""
        cells = [column.raw(row, row + 1) for column in self.sheet.columns[self.frame.left : self.frame.right]]
        return " ".join(filter(None, (header_text(cell) for found in cells for cell in found)))[:LONGEST_TITLE]

    def alike(self, row: int, others: Sequence[int]) -> int:
        """How many of other rows, which are in order, say the same as a row."""
        columns = self.sheet.columns[self.frame.left : self.frame.right]
        wanted = tuple(header_text(column.raw(row, row + 1)[0]) for column in columns)
        cells = (map(header_text, _cells_at(column, others)) for column in columns)
        return sum(found == wanted for found in zip(*cells, strict=True))

    def above(self, frame: Frame | None = None) -> list[int]:
        """The filled rows above the header, or above that of another frame over the same columns."""
        frame = frame or self.frame
        start, top = frame.start, frame.top - frame.groups
        columns = [column.part(start, top) for column in self.sheet.columns[self.frame.left : self.frame.right]]
        blank = blank_rows(columns)
        return [row for row in range(start, top) if row - start not in blank]

    def title(self) -> str:
        """The one short text above the header, "" where there is none."""
        above = self.above()
        if not above or above[-1] < self.frame.top - self.frame.groups - 2:
            return ""
        columns = self.sheet.columns[self.frame.left : self.frame.right]
        cells = [cell for column in columns for cell in column.raw(above[-1], above[-1] + 1) if cell is not None]
        if len(cells) != 1 or not isinstance(cells[0], str) or len(cells[0]) > LONGEST_TITLE:
            return ""
        return header_text(cells[0])


def _cells_at(column: Column, rows: Sequence[int]) -> list[Raw]:
    """The cells in rows that are in order; each block is opened once."""
    found: list[Raw] = []
    start = 0
    for block in column.blocks:
        inside = rows[bisect_left(rows, start) : bisect_left(rows, start + block.length)]
        cells = block.raw() if inside else ()
        found += [cells[row - start] for row in inside]
        start += block.length
    return found


def _without(column: Column, gone: set[int]) -> Column:
    kept, start = [], 0
    for block in column.blocks:
        places = [place for place in range(block.length) if start + place not in gone]
        start += block.length
        if places:
            kept.append(block if len(places) == block.length else block.picked(places))
    return Column(tuple(kept))
