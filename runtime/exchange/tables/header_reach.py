"""How far a header reaches from the row that was found: groups of columns above it, units and parts below it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from runtime.exchange.cells import Raw
from runtime.exchange.tables.header_labels import Merged, header_text, is_label, spread
from runtime.exchange.tables.sheet_rows import FIGURE, LABEL, VOID, Kinds, Line, SheetRows

LONG_RUN = 5
"""Columns side by side from which figures that count on are names."""

LOOKED_BELOW = 200
"""Rows below a header that are asked whether they are filled as the one right below it."""

TITLE = 0.8
"""Share of the columns that a lone cell is merged over, from the first one on, which is the title of all."""

LONGEST_LABEL = 60
LONGEST_UNIT = 8

_BRACKETS = re.compile(r"[(（\[【](?!\d{1,3}[)）]).+[)）\]】]")
"""What a column is counted in, or a remark about it: (kg)."""

_PAIR = re.compile(r"[:：]")
"""部门：人事部 says something about the whole table."""

_WEEKDAY = re.compile(
    r"(?:周|星期|礼拜)?[一二三四五六日天]|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?|[mtwfs]", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Header:
    """Where a header is.

    Attributes:
        top: its first row; the first row of data where `rows` is 0.
        rows: how many rows it takes; 0 where no row looks like one.
        joined: whether its rows say something only together.
        groups: 1 where the row above it names groups of columns, else 0.
        score: how good the evidence is; 0 without a header.
        weak: whether nothing below differs from it, and what it says may be values.
    """

    top: int
    rows: int
    joined: bool = False
    groups: int = 0
    score: float = 0.0
    weak: bool = False


def with_neighbours(
    best: Line, rows: SheetRows, start: int, stop: int, kinds: Kinds, merged: Merged, score: float
) -> Header:
    """The header with the rows next to it that belong to it."""
    top, bottom, joined = best.at, best.at + 1, False
    if top > start and _explains(best, rows.line(top - 1)):
        top, joined = top - 1, True
    elif bottom + 1 < stop and _goes_with(rows.line(bottom), best, kinds):
        bottom, joined = bottom + 1, True
    while bottom + 1 < stop and _refines(rows.line(bottom), rows.line(bottom - 1), kinds, merged):
        bottom, joined = bottom + 1, True
    reach = max((low for first, _, low, _ in merged if top <= first < bottom <= low), default=0) + 1
    if bottom < reach < stop and all(_is_under_merged(line, merged) for line in rows.lines(bottom, reach)):
        joined = joined or bool(rows.lines(bottom, reach))
        bottom = reach if joined else bottom
    if _names_the_rest(rows, top, bottom, stop):
        bottom, joined = bottom + 1, True
    while top > start and names_groups(rows.line(top - 1), rows.line(top), merged):
        over, own = spread(rows.line(top - 1).cells, top - 1, merged), rows.line(top)
        gaps = any(source is not None and column not in own.filled for column, source in enumerate(over))
        names = [header_text(cell) for cell in own.filled.values()]
        if not (joined or gaps or len(set(names)) < len(names)):
            if not _is_merged(set(range(rows.width)), top - 1, merged):
                break
            return Header(top, bottom - top, False, 1, score)
        top, joined = top - 1, True
    return Header(top, bottom - top, joined, 0, score)


def _names_the_rest(rows: SheetRows, top: int, bottom: int, stop: int) -> bool:
    """Whether the row below a header names the first columns, which have no name in it, and says nothing else.

    So programs write the names of an index. Where another row below fills those columns only, it names a group.
    """
    line = rows.line(bottom)
    named = {column for above in rows.lines(top, bottom) for column in above.filled}
    rest = set(range(min(named, default=0)))
    if bottom + 1 >= stop or line.filled.keys() != rest or not all(map(is_label, line.filled.values())):
        return False
    below = rows.lines(bottom + 1, min(stop, bottom + 1 + LOOKED_BELOW))
    return bool(rest and below) and all(other.filled.keys() & named for other in below)


def _is_under_merged(line: Line, merged: Merged) -> bool:
    """Whether every label of a row stands right below a merged cell, or says in brackets what is counted."""
    over = {column for top, left, bottom, right in merged if bottom == line.at - 1 for column in range(left, right + 1)}
    texts = {column: header_text(cell) for column, cell in line.filled.items()}
    return all(map(is_label, line.filled.values())) and all(
        column in over or _BRACKETS.fullmatch(text) for column, text in texts.items()
    )


def _refines(line: Line, above: Line, kinds: Kinds, merged: Merged) -> bool:
    """Whether a row names parts of the columns that the row above it names: 2024 over 一月 and 二月."""
    own = line.filled
    if not own or not all(map(is_label, own.values())):
        return False
    wide = _spans(above, line, merged)
    fits = all(column not in above.filled or column in wide for column in own)
    typed = any(column in kinds.typed and line.looks[column] == LABEL for column in own)
    return fits and bool(own.keys() & wide) and (typed or _is_merged(wide, above.at, merged))


def _explains(line: Line, above: Line) -> bool:
    """Whether a row says in brackets what the names above it are counted in."""
    told = _told(line)
    own = [header_text(cell) for cell in told.values()]
    if not own or not told.keys() <= above.filled.keys() or not all(map(is_label, above.filled.values())):
        return False
    return all(map(_BRACKETS.fullmatch, own)) and not any(
        _BRACKETS.fullmatch(header_text(cell)) for cell in above.filled.values()
    )


def _told(line: Line) -> dict[int, Raw]:
    """The cells of a row that say something: no dash."""
    return {column: cell for column, cell in line.filled.items() if line.looks[column] != VOID}


def _goes_with(line: Line, above: Line, kinds: Kinds) -> bool:
    """Whether a row says something about the names above it: units, or the weekdays of days."""
    weekdays = [bool(_WEEKDAY.fullmatch(header_text(cell))) for cell in line.filled.values()]
    if len(weekdays) >= LONG_RUN and all(weekdays):
        return line.filled.keys() <= above.filled.keys()
    return _explains(line, above) or _names_units(line, above, kinds)


def _names_units(line: Line, above: Line, kinds: Kinds) -> bool:
    """Whether a row says kg and m under all names of figures, or of figures and days, and nothing under the others."""
    own, typed = _told(line), kinds.typed & above.filled.keys()
    figures = {column for column in typed if kinds.most[column] == FIGURE}
    short = all(isinstance(cell, str) and len(cell) <= LONGEST_UNIT and cell.strip(":-") for cell in own.values())
    return (
        len(own) > 1
        and own.keys() in (typed, figures)
        and own.keys() != above.filled.keys()
        and short
        and all(map(is_label, own.values()))
    )


def names_groups(line: Line, below: Line, merged: Merged) -> bool:
    """Whether a row names groups of the columns that the row below it names."""
    own = line.filled
    if not own or not all(map(is_label, own.values())) or any(map(_is_remark, own.values())):
        return False
    wide = _spans(line, below, merged)
    names = [header_text(cell) for cell in below.filled.values()]
    told = len(set(names)) < len(names) and _is_merged(wide, line.at, merged)
    alone = told or all(column in wide or column not in below.filled for column in own)
    over_first = wide and min(wide) <= min(below.filled) and len(wide) >= TITLE * len(below.filled)
    title = len(own) == 1 and (bool(over_first) or not _is_merged(wide, line.at, merged))
    return alone and bool(wide) and not title


def _is_remark(cell: Raw) -> bool:
    """Whether a label says something about the whole table, or too much for the name of a group."""
    return _PAIR.search(str(cell)) is not None or len(header_text(cell)) > LONGEST_LABEL


def _spans(line: Line, below: Line, merged: Merged) -> set[int]:
    """Columns under labels that stand over two columns or more."""
    counts: dict[int, list[int]] = {}
    for column, source in enumerate(spread(line.cells, line.at, merged, below.cells)):
        if source is not None:
            counts.setdefault(source, []).append(column)
    return {column for columns in counts.values() if len(columns) > 1 for column in columns}


def _is_merged(columns: set[int], row: int, merged: Merged) -> bool:
    return any(top <= row <= bottom and left < right and left in columns for top, left, bottom, right in merged)
