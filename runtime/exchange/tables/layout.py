"""Finds the tables on a sheet: one, or several side by side or below each other where that is clear."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from runtime.exchange.frame import Frame
from runtime.exchange.readers.reading import Sheet
from runtime.exchange.tables.below_table import is_same, notes_of, repeats_of, totals_of
from runtime.exchange.tables.header_rows import Header, Merged, find_header, header_text, is_label
from runtime.exchange.tables.sheet_rows import LABEL, SheetRows, is_blank, kinds_of

MOST_SEGMENTS = 500
"""Runs of rows that are asked whether a new table begins there."""

MOST_TABLES = 20
MOST_BESIDE = 6
WIDEST = 12
"""Columns that a merged cell covers which is no title."""

SHORTER = 0.8
"""Height of one of two neighbours, measured by the other, from which they are two tables."""

ALIKE = 0.5
"""Share of equal headers from which neighbours are two tables."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a sheet is cut into tables.

    Attributes:
        frames: the tables as they are taken.
        others: another way that is possible too: all in one, or apart; empty where there is none.
    """

    frames: tuple[Frame, ...]
    others: tuple[Frame, ...] = ()


def find_layout(sheet: Sheet) -> Layout:
    """The tables on a sheet, none where it is blank."""
    covered = {
        column for _, left, _, right in sheet.merged for column in range(left, right + 1) if right - left < WIDEST
    }
    columns = [column for column in range(sheet.width) if column in covered or not is_blank(sheet.columns[column])]
    if all(is_blank(column) for column in sheet.columns):
        return Layout(())
    whole = (columns[0], columns[-1] + 1)
    together, below = _stacked(sheet, *whole)
    beside = _beside(columns)
    if len(beside) == 1:
        return _chosen(together, below)
    apart = tuple(frame for left, right in beside for frame in _cut(sheet, left, right))
    if _are_apart(sheet, apart):
        return Layout(apart, together)
    if len(below) > 1:
        return Layout(below, together)
    named = all(frame.header_rows and frame.bottom > frame.first for frame in apart)
    return Layout(together, apart if named else ())


def _chosen(together: tuple[Frame, ...], below: tuple[Frame, ...]) -> Layout:
    return Layout(below, together) if len(below) > 1 else Layout(together)


def _cut(sheet: Sheet, left: int, right: int) -> tuple[Frame, ...]:
    together, below = _stacked(sheet, left, right)
    return below if len(below) > 1 else together


def _beside(columns: Sequence[int]) -> list[tuple[int, int]]:
    """Runs of at least two columns between blank ones; a lone column belongs to the run before it."""
    runs: list[tuple[int, int]] = []
    for column in columns:
        if runs and column == runs[-1][1]:
            runs[-1] = (runs[-1][0], column + 1)
        else:
            runs.append((column, column + 1))
    joined: list[tuple[int, int]] = []
    for run in runs:
        if joined and (run[1] - run[0] < 2 or joined[-1][1] - joined[-1][0] < 2):
            joined[-1] = (joined[-1][0], run[1])
        else:
            joined.append(run)
    return joined if len(joined) <= MOST_BESIDE else [(joined[0][0], joined[-1][1])]


def _are_apart(sheet: Sheet, frames: Sequence[Frame]) -> bool:
    """Whether neighbours are surely two tables: the same headers, or one is much shorter and full to its end."""
    if not all(frame.header_rows and frame.bottom > frame.first for frame in frames):
        return False
    names = [_names(sheet, frame) for frame in frames]
    for (one, own), (other, others) in zip(
        zip(frames, names, strict=True), list(zip(frames, names, strict=True))[1:], strict=False
    ):
        alike = len(own & others) >= ALIKE * min(len(own), len(others))
        heights = sorted((one.bottom - one.first, other.bottom - other.first))
        if not alike and heights[0] > SHORTER * heights[1] and one.top == other.top:
            return False
    return True


def _names(sheet: Sheet, frame: Frame) -> set[str]:
    row = frame.first - 1
    cells = (column.raw(row, row + 1) for column in sheet.columns[frame.left : frame.right])
    return {header_text(cell).casefold() for (cell,) in cells if cell is not None}


def _stacked(sheet: Sheet, left: int, right: int) -> tuple[tuple[Frame, ...], tuple[Frame, ...]]:
    """The columns as one table, and as several below each other where new headers are found."""
    rows = SheetRows(sheet, left, right)
    merged = merged_in(sheet.merged, left, right)
    bottom = rows.last + 1
    header = find_header(rows, 0, bottom, merged)
    one = frame_of(rows, header, 0, bottom, left)
    starts = list(_starts(rows, header, bottom, merged))[:MOST_TABLES]
    if not starts:
        return (one,), ()
    ends = [start for start, _ in starts[1:]] + [bottom]
    first = frame_of(rows, find_header(rows, 0, starts[0][0], merged), 0, starts[0][0], left)
    more = [frame_of(rows, found, start, end, left) for (start, found), end in zip(starts, ends, strict=True)]
    return (one,), (first, *more)


def _starts(rows: SheetRows, header: Header, bottom: int, merged: Merged) -> Iterator[tuple[int, Header]]:
    """Where, after a blank row, another table begins: a header of its own over cells of another kind, or the same."""
    if not header.rows:
        return
    own = rows.line(header.top + header.rows - 1)
    for low, high in rows.segments(header.top + header.rows, bottom)[:MOST_SEGMENTS]:
        if low <= header.top + header.rows or low - 1 not in rows.blank:
            continue
        found = find_header(rows, low, high, merged)
        if not found.rows or found.top - low > 2 or found.top + found.rows >= high:
            continue
        line = rows.line(found.top + found.rows - 1)
        kinds = kinds_of(rows.lines(found.top + found.rows, min(high, found.top + 40)))
        contrast = sum(column in kinds.typed and line.looks[column] == LABEL for column in line.filled)
        again = is_same(line.cells, own.cells)
        before = kinds_of(rows.lines(header.top + header.rows, min(low, header.top + 40)))
        against = any(column in before.typed and line.looks[column] == LABEL for column in line.filled)
        other = line.filled.keys() != own.filled.keys()
        if again or (
            contrast and (against or other) and len(line.filled) > 1 and all(map(is_label, line.filled.values()))
        ):
            yield low, found


def frame_of(rows: SheetRows, header: Header, start: int, bottom: int, left: int) -> Frame:
    """The frame of the table under a header, with the rows in it that are no records."""
    first = header.top + header.rows
    frame = Frame(
        start,
        header.top,
        header.rows,
        bottom,
        left,
        left + rows.width,
        joined=header.joined,
        weak=header.weak,
        groups=header.groups,
    )
    if first >= bottom:
        return frame
    named = rows.line(first - 1).filled if header.rows else range(rows.width)
    kinds = kinds_of(rows.sample(first, bottom))
    notes = notes_of(rows, first, bottom, kinds, named)
    repeats = repeats_of(rows, first, bottom, rows.line(first - 1).cells) if header.rows else ()
    totals = totals_of(rows, first, bottom, kinds, (*notes, *repeats))
    return replace(frame, notes=notes, totals=totals, repeats=repeats)


def merged_in(merged: Merged, left: int, right: int) -> list[tuple[int, int, int, int]]:
    """The merged ranges inside some columns, their columns counted from `left`."""
    return [
        (top, low - left, bottom, min(high, right - 1) - left)
        for top, low, bottom, high in merged
        if left <= low < right
    ]
