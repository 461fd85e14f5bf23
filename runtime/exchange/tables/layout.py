"""Finds the tables on a sheet: one, or several side by side or below each other where that is clear."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from runtime.exchange.frame import Frame
from runtime.exchange.readers.reading import Sheet
from runtime.exchange.tables.below_table import (
    examples_of,
    is_same,
    notes_of,
    numbered_of,
    repeats_of,
    rules_of,
    titles_of,
    totals_of,
    unfilled_of,
)
from runtime.exchange.tables.card import frame_of_form, pairs_of
from runtime.exchange.tables.header_labels import Merged, header_text, is_label
from runtime.exchange.tables.header_reach import Header
from runtime.exchange.tables.header_rows import find_header
from runtime.exchange.tables.sheet_rows import LABEL, Kinds, Line, SheetRows, is_blank, is_unsettled, kinds_of
from runtime.exchange.tables.turned import frame_of_turned, part_on_its_side

MOST_SEGMENTS = 500
"""Runs of rows that are asked whether a new table begins there."""

MAIN = 0.8
"""Share of the rows from which a part of a sheet is its table, and what is above it a description."""

PART = 0.25
"""Height of a list, measured by the one below it, from which it is one and no description."""

MOST_TABLES = 20
MOST_BESIDE = 6
LONGEST_PARTED = 2_000
"""Rows up to which headers are sought between rows that no blank one parts."""

NEXT = 12
"""Rows above and below such a header that say what is there."""

WIDEST = 12
"""Columns that a merged cell covers which is no title."""

SHORTER = 0.8
"""Height of one of two neighbours, measured by the other, from which they are two tables."""

ALIKE = 0.5
"""Share of equal headers from which neighbours are two tables."""


_CODE = re.compile(r"(?!FY|CY)[A-Z#]{1,5}[-_/ ]?\d{2,}[\w/-]*|\d{5,}[\w/-]*", re.IGNORECASE)
"""The number of a quotation or an order, which names no column; Q1 and FY24 do."""

_NUMBER_BEHIND = re.compile(r"[\s_-]*[(（]?\d+[)）]?\Z")


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
    pairs = pairs_of(sheet)
    found = _as_lists(sheet, columns)
    if pairs:
        return Layout((frame_of_form(pairs),), found.frames)
    part = part_on_its_side(sheet) if len(found.frames) == 1 else None
    return Layout((frame_of_turned(part),), found.frames) if part else found


def _as_lists(sheet: Sheet, columns: Sequence[int]) -> Layout:
    """The lists on a sheet with these columns."""
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
    if all(any(frame.left <= low <= high < frame.right for _, low, _, high in sheet.lists) for frame in frames):
        return True
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
    names = [header_text(cell).casefold() for (cell,) in cells if cell is not None]
    stems = {_NUMBER_BEHIND.sub("", name) for name in names}
    return stems if len(stems) > 1 else set(names)


def _stacked(sheet: Sheet, left: int, right: int) -> tuple[tuple[Frame, ...], tuple[Frame, ...]]:
    """The columns as one table, and as several below each other where new headers are found."""
    rows = SheetRows(sheet, left, right)
    merged = merged_in(sheet.merged, left, right)
    bottom = rows.last + 1
    header = find_header(rows, 0, bottom, merged)
    if not header.rows:
        header = _of_main_part(rows, bottom, merged) or header
    header = _below_pairs(rows, header, bottom, merged) or header
    upper = _of_upper_part(rows, header, bottom, merged)
    if upper is not None and any(True for _ in _starts(rows, upper, bottom, merged)):
        header = upper
    one = frame_of(rows, header, 0, bottom, left)
    starts = sorted({**dict(_inner_starts(rows, header, bottom, merged)), **dict(_starts(rows, header, bottom, merged))}
                    .items())[:MOST_TABLES]  # fmt: skip
    if not starts:
        return (one,), ()
    ends = [start for start, _ in starts[1:]] + [bottom]
    first = frame_of(rows, find_header(rows, 0, starts[0][0], merged), 0, starts[0][0], left)
    more = [frame_of(rows, found, start, end, left) for (start, found), end in zip(starts, ends, strict=True)]
    return (one,), (first, *more)


def _of_main_part(rows: SheetRows, bottom: int, merged: Merged) -> Header | None:
    """The header of the part between blank rows that holds nearly all rows, below others that are much narrower."""
    parts = rows.segments(0, bottom)
    if not 1 < len(parts) <= MOST_SEGMENTS:
        return None
    low, high = max(parts, key=lambda part: part[1] - part[0])
    above = rows.lines(0, low)
    if not above or high - low < MAIN * (bottom - len(rows.blank)):
        return None
    found = find_header(rows, low, high, merged)
    width = len(rows.line(found.top + found.rows - 1).filled)
    narrow = all(2 * len(line.filled) < width for line in above)
    return found if found.rows and narrow else None


def _of_upper_part(rows: SheetRows, header: Header, bottom: int, merged: Merged) -> Header | None:
    """The header of a list that ends with a blank row above the header that was found, and is about as long."""
    if not header.rows:
        return None
    below = bottom - header.top - header.rows
    for low, high in rows.segments(0, header.top)[:MOST_BESIDE]:
        found = find_header(rows, low, high, merged)
        body = rows.lines(found.top + found.rows, high)
        line = rows.line(found.top + found.rows - 1)
        if high == header.top or not found.rows or len(body) < max(2, PART * below):
            continue
        kinds = kinds_of(body)
        told = any(column in kinds.typed and line.looks[column] == LABEL for column in line.filled)
        pairs = any(header_text(cell).endswith((":", "：")) for row in (line, *body) for cell in row.filled.values())
        if told and not pairs and len(line.filled) > 1 and _is_all_labels(line) and not _is_pair(line):
            return found
    return None


def _below_pairs(rows: SheetRows, header: Header, bottom: int, merged: Merged) -> Header | None:
    """The header of the list behind the first blank row, where what was found is a name and what it is, as more below.

    Such are the number, the day and the discount of a quotation above what it offers.
    """
    if not header.rows or not _is_pair(rows.line(header.top + header.rows - 1)):
        return None
    start, found = next(_starts(rows, header, bottom, merged), (0, header))
    wide = len(rows.line(found.top + found.rows - 1).filled) > 2
    pairs = all(len(line.filled) <= 2 for line in rows.lines(header.top, start))
    return found if wide and pairs and start else None


def _is_pair(line: Line) -> bool:
    """Whether a row is a name and what it is, such as a number of a quotation, rather than two names."""
    *_, last = line.filled.values()
    return len(line.filled) == 2 and _CODE.fullmatch(header_text(last)) is not None


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


def _inner_starts(rows: SheetRows, header: Header, bottom: int, merged: Merged) -> Iterator[tuple[int, Header]]:
    """Where another table begins though no blank row is above it: a row of labels among figures with reasons to be one.

    The file has a table of its own there, a title stands above, the names are those of the header but for a number, or
    what is below is of another kind.
    """
    first = header.top + header.rows
    if not header.rows or bottom - first > LONGEST_PARTED:
        return
    lines, begun, own = rows.lines(first, bottom), 0, rows.line(first - 1)
    tops = {top for top, _ in rows.lists}
    titles = {_title_of(line) for line in rows.lines(0, header.top)}
    for at in range(1, len(lines) - 1):
        line = lines[at]
        if at == begun or len(line.filled) < 2 or not _is_all_labels(line) or _repeats_itself(line):
            continue
        before, after = kinds_of(lines[max(begun, at - NEXT) : at]), kinds_of(lines[at + 1 : at + 1 + NEXT])
        if not _breaks(line, before) or not any(column in after.typed for column in line.filled):
            continue
        titled = at - 1 > begun and _is_title(lines[at - 1], before, titles)
        told = titled or line.at in tops
        if not is_same(line.cells, own.cells):
            told = told or _named_alike(line, own)
            told = told or (min(at - begun, len(lines) - at - 1) > 1 and _is_other(line, before, after))
        if not told:
            continue
        titles.add(_title_of(lines[at - 1]))
        low = lines[at - 1].at if titled else line.at
        found = find_header(rows, low, bottom, merged)
        if found.rows and found.top + found.rows == line.at + 1:
            yield low, found
            begun, own = at + 1, line


def _breaks(line: Line, kinds: Kinds) -> bool:
    """Whether a row has labels where figures or days are, one at least, and none of those columns fits."""
    typed = [column for column in line.filled if column in kinds.typed]
    return bool(typed) and all(line.looks[column] == LABEL and not is_unsettled(line.cells[column]) for column in typed)


def _is_title(line: Line, kinds: Kinds, titles: set[str]) -> bool:
    """Whether a lone text may be the title of what follows, unlike those before, which return on every page."""
    return len(line.filled) == 1 and _is_all_labels(line) and len(kinds.most) > 1 and _title_of(line) not in titles


def _title_of(line: Line) -> str:
    """What stands in a row, without figures."""
    return "".join(sign for cell in line.filled.values() for sign in header_text(cell) if not sign.isdigit())


def _is_all_labels(line: Line) -> bool:
    return all(map(is_label, line.filled.values()))


def _repeats_itself(line: Line) -> bool:
    """Whether a row says one thing in several cells, as records do that know no values."""
    return 2 * len({header_text(cell) for cell in line.filled.values()}) <= len(line.filled) > 2


def _named_alike(line: Line, header: Line) -> bool:
    """Whether most names are those of the header with another number behind them."""
    pairs = [(header_text(cell), header_text(header.filled.get(column))) for column, cell in line.filled.items()]
    stems = [(_NUMBER_BEHIND.sub("", name), _NUMBER_BEHIND.sub("", other)) for name, other in pairs]
    return sum(name == other != "" for name, other in stems) > ALIKE * len(stems)


def _is_other(line: Line, before: Kinds, after: Kinds) -> bool:
    """Whether three names or more stand over columns of other kinds than those above them, or break several columns."""
    if len(line.filled) < 3:
        return False
    changed = [column for column in line.filled if before.most.get(column) != after.most.get(column)]
    broken = {line.filled[column] for column in before.typed & after.typed & line.filled.keys()}
    return 2 * len(changed) >= len(line.filled) or (len(broken) > 1 and line.filled.keys() >= after.most.keys())


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
    rules = rules_of(rows, first, bottom)
    unfilled = unfilled_of(rows, first, bottom)
    notes = tuple(sorted({*notes_of(rows, first, bottom, kinds, named)} - {*rules}))
    above = header.top - header.groups
    repeats = repeats_of(rows, first, bottom, rows.line(first - 1).cells, start, above) if header.rows else ()
    titles = titles_of(rows, first, bottom, kinds, (*notes, *repeats, *rules))
    examples = examples_of(rows, first, bottom) if header.rows else ()
    numbered = numbered_of(rows, first, bottom, named) if header.rows else ()
    totals = totals_of(rows, first, bottom, kinds, (*notes, *repeats, *titles, *examples, *numbered, *rules, *unfilled))
    return replace(
        frame,
        notes=notes,
        totals=totals,
        repeats=repeats,
        titles=titles,
        examples=examples,
        numbered=numbered,
        rules=rules,
        unfilled=unfilled,
    )


def merged_in(merged: Merged, left: int, right: int) -> list[tuple[int, int, int, int]]:
    """The merged ranges inside some columns, their columns counted from `left`."""
    return [
        (top, low - left, bottom, min(high, right - 1) - left)
        for top, low, bottom, high in merged
        if left <= low < right
    ]
