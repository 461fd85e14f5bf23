"""Finds the header of a table: the row of labels that covers the columns and stands above cells of another kind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import time

from runtime.exchange.cells import Raw
from runtime.exchange.tables.header_labels import Merged, are_guides_not_names, header_text, is_label
from runtime.exchange.tables.header_reach import LONG_RUN, LONGEST_LABEL, Header, names_groups, with_neighbours
from runtime.exchange.tables.sheet_rows import (
    ANSWER,
    DAY,
    FIGURE,
    LABEL,
    TYPED,
    Kinds,
    Line,
    SheetRows,
    kinds_of,
)
from runtime.exchange.written import is_clock

LOOKED_AT = 40
"""Filled rows that are looked at to find the header."""

NEXT = 20
"""Rows below a candidate that say what its columns hold, besides slices of all."""

LABELS = 0.75
"""Share of a header's cells that are labels."""

COVERED = 0.5
"""Share of the filled columns that a header names at least."""

REPEATED = 0.34
"""Share of the labels that stand among the values too, from which a row of texts is no header."""

AGAIN = 0.1
"""Share of the rows below that say the same as a row of texts, from which it is no header."""

RARE, FEW = 0.1, 10
"""A column that fewer cells fill need not be named, unless there are few rows."""

WIDE = 0.6
"""Share of the columns that a row fills which may be a record."""

LONE = 3
"""Texts alone in their rows, one below the other, from which the next is no header either, but one of them."""

_VALUE = re.compile(r"\d{4}|@|://|www\.|.{25}|[.。!！:：]$")
"""What stands in values rather than in the names of columns."""

_NUMBERED = re.compile(r"\D{0,20}[^\W\d]\D{0,20}(?=\d)")
"""What stands before the first figure of names that are counted: test of test1, Cell_A of Cell_A2."""


def find_header(rows: SheetRows, start: int, stop: int, merged: Merged) -> Header:
    """The header of the table that lies in the rows from `start` to before `stop`.

    Args:
        merged: merged ranges inside the columns of `rows`.
    """
    lines = rows.top(start, stop, LOOKED_AT)
    if not lines:
        return Header(start, 0)
    widest = max(len(line.filled) for line in lines)
    body = rows.sample(lines[0].at, stop)
    scores = [_score(at, lines, rows, stop, body, widest, merged) for at in range(len(lines))]
    best = scores.index(max(scores))
    if scores[best] <= 0:
        return Header(_first_wide(lines).at, 0)
    below = _below(rows, lines[best].at + 1, stop, body)
    kinds = kinds_of(below)
    found = with_neighbours(lines[best], rows, start, stop, kinds, merged, scores[best])
    return replace(found, weak=found.rows == 1 and _is_weak(lines[best], kinds, below))


def _is_weak(header: Line, kinds: Kinds, below: Sequence[Line]) -> bool:
    """Whether nothing tells the header from the records: no figures below it, no texts that come again there."""
    if any(column in kinds.typed for column in header.filled) or not kinds.most:
        return False
    alone = any(column not in kinds.most for column in header.filled)
    if alone or any(_VALUE.search(header_text(cell)) for cell in header.filled.values()):
        return True
    filled = {column: sum(column in line.filled for line in below) for column in header.filled}
    return not any(len(kinds.texts[column]) < cells for column, cells in filled.items() if column in kinds.texts)


def _score(
    at: int, lines: Sequence[Line], rows: SheetRows, stop: int, body: Sequence[Line], widest: int, merged: Merged
) -> float:
    """How much a row looks like the header; 0 where it cannot be it."""
    own = lines[at]
    labels = own.filled
    plain = {column for column, cell in labels.items() if is_label(cell)}
    if plain and (days_of_month := _counted(own)) and not any(map(_counted, lines[at + 1 :])):
        plain |= days_of_month
    numbered = _numbered(own)
    days = {column for column in labels if own.looks[column] == DAY} | numbered
    if len(plain | days) < LABELS * len(labels) or not plain or _is_drawn(own):
        return 0.0
    named = any(
        len(line.filled) >= WIDE * len(labels) and all(map(is_label, line.filled.values())) for line in lines[:at]
    )
    if are_guides_not_names(labels.values(), named):
        return 0.0
    if _stand_above(lines[:at], len(labels)):
        return 0.0
    below = _below(rows, own.at + 1, stop, body)
    under = [line for line in below if line.cells != own.cells]
    kinds = kinds_of(under)
    if days and not under:
        return 0.0
    clocks = _over_clocks(own, under)
    told = clocks | {column for column in days if _differs(own.looks[column], kinds.most.get(column))}
    if days and len(plain | told) < LABELS * len(labels):
        return 0.0
    needed = {column for column, share in kinds.share.items() if share >= RARE or len(under) < FEW}
    if not needed and not _is_last(at, lines, widest, merged):
        return 0.0
    cover = len(needed & labels.keys()) / len(needed) if needed else 1.0
    if cover < COVERED:
        return 0.0
    names = {column: header_text(cell) for column, cell in labels.items()}
    against = {column for column in labels if column in kinds.typed and own.looks[column] == LABEL}
    contrast = len(against | (numbered & told)) / len(labels)
    alike = any(look == DAY == kinds.most.get(at) and at not in clocks for at, look in enumerate(own.looks))
    if alike and not contrast:
        return 0.0
    repeated = sum(name in kinds.texts.get(column, ()) for column, name in names.items()) / len(labels)
    sparse = bool(below) and all(2 * len(line.filled) <= len(labels) for line in below)
    if not contrast and ((repeated > REPEATED and not sparse) or _is_record(own, lines[:at], below, under, merged)):
        return 0.0
    long = sum(len(name) > LONGEST_LABEL for name in names.values()) / len(labels)
    records = _records(lines[:at], kinds, len(needed))
    follows = _agrees(lines[at + 1], kinds) if at + 1 < len(lines) else 0.5
    unique = len({name.casefold() for name in names.values()}) / len(labels)
    score = 2 * cover + 1.5 * contrast + 0.5 * unique + 0.5 * follows - 1.5 * repeated - 2 * records - long
    return max(0.01, score)


def _is_drawn(line: Line) -> bool:
    """Whether a row, or most of its cells, says nothing in letters or figures: a line of dashes."""
    told = sum(any(map(str.isalnum, header_text(cell))) for cell in line.filled.values())
    return 2 * told < len(line.filled)


def _numbered(line: Line) -> set[int]:
    """Columns side by side whose names are the numbers of things: whole figures that are all different."""
    found = {column for column, cell in line.filled.items() if line.looks[column] == FIGURE and not is_label(cell)}
    texts = {header_text(line.filled[column]) for column in found}
    return found if len(found) >= LONG_RUN and len(texts) == len(found) and all(map(str.isdecimal, texts)) else set()


def _differs(look: str, kind: str | None) -> bool:
    """Whether a figure or a day may be the name of cells of that kind: another one than its own."""
    return kind in (DAY, ANSWER, LABEL) if look == FIGURE else kind != DAY


def _over_clocks(line: Line, under: Sequence[Line]) -> set[int]:
    """Columns that are called as a day and hold times, as a list of when people came."""
    named = [column for column, cell in line.filled.items() if line.looks[column] == DAY and not _is_clock(cell)]
    found = set()
    for column in named:
        days = [cell for below in under if below.looks[column] == DAY and (cell := below.cells[column]) is not None]
        if days and all(map(_is_clock, days)):
            found.add(column)
    return found


def _is_clock(cell: Raw) -> bool:
    return isinstance(cell, time) or (isinstance(cell, str) and is_clock(cell))


def _counted(line: Line) -> set[int]:
    """Columns side by side whose figures count on, as the days of a month over a list of who was there."""
    runs: list[list[int]] = [[]]
    for column, cell in line.filled.items():
        before = line.filled.get(column - 1)
        goes_on = isinstance(cell, float) and isinstance(before, float) and cell == before + 1
        if not goes_on:
            runs.append([])
        if isinstance(cell, float):
            runs[-1].append(column)
    return {column for run in runs if len(run) >= LONG_RUN for column in run}


def _stand_above(above: Sequence[Line], width: int) -> bool:
    """Whether a row above a candidate is a record, in about as many columns.

    It holds nothing but figures, days or answers, or mostly those below another row of labels.
    """
    named = False
    for line in above:
        if len(line.filled) < WIDE * width:
            continue
        labels = sum(map(is_label, line.filled.values()))
        typed = sum(kind in TYPED for kind in line.looks)
        if (typed and not labels) or (named and 2 * typed > len(line.filled)):
            return True
        named = named or labels == len(line.filled)
    return False


def _is_last(at: int, lines: Sequence[Line], widest: int, merged: Merged) -> bool:
    """Whether a row without any row below may be a header all the same: it is as wide as any, and none above is."""
    own = lines[at]
    above = lines[:at]
    if above and above[-1].at == own.at - 1 and names_groups(above[-1], own, merged):
        above = above[:-1]
    return len(own.filled) == widest and not any(len(line.filled) >= WIDE * widest for line in above)


def _is_record(own: Line, above: Sequence[Line], below: Sequence[Line], under: Sequence[Line], merged: Merged) -> bool:
    """Whether a row of texts above rows of texts is one of them.

    It comes again, says one thing only as all do, says nothing in letters, ends as all do, or counts on; in a lone
    column it stands below another text, and alone in its row below several. Merged cells there tell a header.
    """
    names = {column: header_text(cell) for column, cell in own.filled.items()}
    again, rows_of_one = len(below) - len(under), len(own.cells) == 1
    if again > AGAIN * len(below) or (again and len(names) == 1) or any(line.cells == own.cells for line in above):
        return True
    if len(names) > 1 and below and all(map(_says_one_thing, (own, *below))):
        return True
    if not any(map(str.isalnum, "".join(names.values()))) or _ends_alike(under, names):
        return True
    if rows_of_one and above and above[-1].at == own.at - 1:
        return True
    if len(names) == 1 and sum(line.filled.keys() == names.keys() for line in above) >= LONE and under:
        return True
    return not any(top == own.at for top, _, _, _ in merged) and _counts_on(under, names)


def _says_one_thing(line: Line) -> bool:
    """Whether a row holds the same text several times."""
    return len(line.filled) > 1 and len(set(line.filled.values())) == 1


def _ends_alike(under: Sequence[Line], names: dict[int, str]) -> bool:
    """Whether all texts of a column, that of the header too, end with the same word behind another: Thai language."""
    for column, name in names.items():
        texts = [cell for line in under if isinstance(cell := line.filled.get(column), str)]
        _, space, word = name.rpartition(" ")
        told = len(texts) > 2 and space and len(word) > 3 and word.isalpha()
        if told and all(text.endswith(space + word) for text in texts):
            return True
    return False


def _counts_on(under: Sequence[Line], names: dict[int, str]) -> bool:
    """Whether every column goes on as it begins: test1, test2, test3."""
    told = False
    for column, name in names.items():
        texts = [cell for line in under if isinstance(cell := line.filled.get(column), str)]
        stem = _NUMBERED.match(name)
        if texts and (stem is None or not all(_begins_so(text, stem[0]) for text in texts)):
            return False
        told = told or bool(texts)
    return told


def _begins_so(text: str, stem: str) -> bool:
    """Whether a text is that stem and a figure."""
    return text[: len(stem)] == stem and text[len(stem) : len(stem) + 1].isdigit()


def _below(rows: SheetRows, first: int, stop: int, body: Sequence[Line]) -> list[Line]:
    """The next rows below a candidate, with some of all rows."""
    near = rows.lines(first, min(first + NEXT, stop))
    return [*near, *(line for line in body if line.at >= first + NEXT)]


def _agrees(line: Line, kinds: Kinds) -> float:
    """The share of a row's cells in typed columns that are of that type; a half where there are none."""
    cells = [(line.looks[column], kinds.most[column]) for column in kinds.typed if column in line.filled]
    return sum(own == kind for own, kind in cells) / len(cells) if cells else 0.5


def _records(above: Sequence[Line], kinds: Kinds, width: int) -> float:
    """How much the rows above look like records of the table below, 0 to 1; two are enough."""
    wide = [line for line in above if len(line.filled) >= WIDE * width]
    alike = [line for line in wide if not kinds.typed or _agrees(line, kinds) > 0.5]
    return min(1.0, len(alike) / 2 + 0.2 * (len(wide) - len(alike)))


def _first_wide(lines: Sequence[Line]) -> Line:
    """The first row that is about as wide as the others, or holds more than labels; what is above it is a title."""
    usual = sorted(len(line.filled) for line in lines)[len(lines) // 2]
    return next(
        line for line in lines if len(line.filled) >= WIDE * usual or not all(map(is_label, line.filled.values()))
    )
