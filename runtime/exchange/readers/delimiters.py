"""What stands between the cells of a text file: the delimiter that makes the most rows equally wide. Our own sniffing.

Excel's line `sep=;` decides where there is one. Quotation marks are honoured; where they only do harm, they are not.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from runtime.exchange.readers.options import DELIMITERS

ROWS = 200
ENOUGH = 0.5
MOST = 0.9
STEADY = 0.95
RUN = 3
BLOCK = 5
"""Cells of rows that are a table between a long description and remarks, though they are not the most."""

BLANKS = " "
NO_DELIMITER = "\x1f"
"""Stands in for the delimiter of the csv module where each line is one cell."""

_WHOLE_LINE = re.compile(r'"[^"]*(?:""[^"]*)*"')
_YEAR = re.compile(r"(?:19|20)\d\d")
_SEPARATOR_LINE = re.compile(r'\s*"?sep=(.)"?\r?\n?', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a line is cut into cells.

    Attributes:
        delimiter: one character; "" where each line is one cell; a space stands for any run of them.
        quotes: whether a quotation mark at the start of a cell encloses it.
        skip: lines at the start that only say this.
        spaced: whether one behind blanks does so too: a, "b".
        wrapped: whether lines stand in quotation marks as a whole: "1,""b, c"",2".
    """

    delimiter: str
    quotes: bool = True
    skip: int = 0
    spaced: bool = False
    wrapped: bool = False

    def reader(self, lines: Iterable[str]) -> Iterator[list[str]]:
        """The rows of `lines`, which end in line feeds."""
        delimiter = self.delimiter or NO_DELIMITER
        if self.wrapped:
            return (_unwrapped(row, delimiter) for row in csv.reader(lines, delimiter=NO_DELIMITER))
        if self.quotes:
            return csv.reader(lines, delimiter=delimiter, skipinitialspace=self.spaced)
        return csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)


def _unwrapped(row: Sequence[str], delimiter: str) -> list[str]:
    line = NO_DELIMITER.join(row)
    if '"' not in line:
        return line.split(delimiter) if line else []
    inner = csv.reader(io.StringIO(line, newline="\n"), delimiter=delimiter)
    return [cell for cells in inner for cell in cells]


def sniff(sample: str, whole: bool, delimiter: str = "", quotes: bool = True) -> Dialect:
    """The dialect of the text that begins with `sample`, whose line ends are line feeds.

    Args:
        sample: the first lines, whole ones.
        whole: whether that is all there is.
        delimiter: what the person says, "" to find it.
        quotes: False where the person says that quotation marks are characters like others.
    """
    first = sample[: sample.find("\n") + 1] or sample
    said = _SEPARATOR_LINE.fullmatch(first)
    skip = 1 if said else 0
    rest = sample[len(first) :] if said else sample
    if delimiter or said:
        chosen = delimiter or (said[1] if said else "")
        if quotes and _is_wrapped(rest, chosen, whole):
            return Dialect(chosen, skip=skip, wrapped=True)
        return Dialect(chosen, quotes and not _only_harmful(rest, chosen, whole), skip)
    if _in_columns(sample):
        return Dialect(BLANKS, False)
    wrapped = [candidate for candidate in DELIMITERS if quotes and _is_wrapped(rest, candidate, whole)]
    if wrapped:
        return Dialect(wrapped[0], wrapped=True)
    best = max(DELIMITERS, key=lambda candidate: _score(rest, candidate, quotes, whole))
    if not _score(rest, best, quotes, whole)[0] and quotes:  # perhaps a quotation mark that means inches
        plain = max(DELIMITERS, key=lambda candidate: _score(rest, candidate, False, whole))
        if _score(rest, plain, False, whole)[0] >= STEADY and not _encloses_lines(rest, plain):
            return Dialect(plain, False)
    if not _score(rest, best, quotes, whole)[0]:
        return Dialect("", quotes and not _only_harmful(rest, "", whole))
    quoted = quotes and not _only_harmful(rest, best, whole)
    return Dialect(best, quoted, spaced=quoted and _is_spaced(rest, best))


def _is_wrapped(sample: str, delimiter: str, whole: bool) -> bool:
    """Whether lines stand in quotation marks as a whole, and without them are a table with a header.

    Names such as "Smith, Ann" in a list of their own are no such lines, nor are figures such as "1,200".
    """
    if not delimiter or '"' not in sample:
        return False
    if not _encloses_lines(sample, delimiter):
        return False
    rows = _rows(sample, Dialect(delimiter, wrapped=True), whole)
    width = len(rows[0]) if rows else 0
    return (
        width > 1
        and sum(len(row) == width for row in rows) >= STEADY * len(rows)
        and any(map(str.isalpha, rows[0][0]))
        and all(any(map(str.isalpha, cell)) or _YEAR.fullmatch(cell) for cell in rows[0])
        and not any(cell.startswith(" ") for row in rows for cell in row)
    )


def _encloses_lines(sample: str, delimiter: str) -> bool:
    """Whether quotation marks enclose most lines as a whole, with delimiters in them."""
    lines = [line for line in sample.split("\n", ROWS)[:ROWS] if line]
    whole = sum(delimiter in line and _WHOLE_LINE.fullmatch(line) is not None for line in lines)
    return len(lines) >= RUN and 2 * whole >= len(lines)


def _is_spaced(sample: str, delimiter: str) -> bool:
    """Whether every quotation mark behind a delimiter and blanks encloses a cell."""
    sign = re.escape(delimiter)
    begun = sum(1 for _ in re.finditer(f'{sign} +"', sample))
    return begun > 0 and begun == sum(1 for _ in re.finditer(f'{sign} +"[^"\n]*" *(?={sign}|\n|\\Z)', sample))


def _in_columns(sample: str) -> bool:
    """Whether the lines are columns of figures set apart by blanks, and by nothing else."""
    rows = [line.split() for line in sample.split("\n")[:ROWS] if line.strip()]
    width = len(rows[0]) if rows else 0
    even = sum(len(row) == width for row in rows)
    figures = sum(any(char.isdecimal() for char in cell) for row in rows for cell in row)
    return (
        width >= RUN
        and len(rows) >= RUN
        and even >= STEADY * len(rows)
        and 2 * figures >= sum(map(len, rows))
        and not any(delimiter in sample for delimiter in DELIMITERS)
    )


def _widths(sample: str, delimiter: str, quotes: bool, whole: bool) -> list[int]:
    """Number of cells of the first rows that are not blank."""
    return [len(row) for row in _rows(sample, Dialect(delimiter, quotes), whole)] if delimiter in sample else []


def _rows(sample: str, dialect: Dialect, whole: bool) -> list[list[str]]:
    """The first rows that are not blank."""
    reader = dialect.reader(io.StringIO(sample, newline="\n"))
    try:
        rows = list(islice(reader, ROWS + 1))
    except csv.Error:
        return []
    if not whole or len(rows) > ROWS:
        rows = rows[:-1] or rows
    return [row for row in rows if any(row)]


def _score(sample: str, delimiter: str, quotes: bool, whole: bool) -> tuple[float, int, float]:
    """Share of the rows that are equally wide, about, that width, and the share; 0 where it cuts nothing well."""
    widths = _widths(sample, delimiter, quotes, whole)
    cut = Counter(width for width in widths if width > 1)
    if not cut:
        return 0.0, 0, 0.0
    width, rows = max(cut.items(), key=lambda found: (found[1] * min(found[0], 4), found[0]))
    share = rows / len(widths)
    table_below = rows >= RUN and width >= RUN and widths[-rows:].count(width) >= rows * ENOUGH
    ragged = width >= RUN and sum(cut.values()) >= MOST * len(widths)
    well = share >= ENOUGH or table_below or ragged or _is_block(widths, width)
    return (round(share, 1), width, share) if well else (0.0, 0, 0.0)


def _is_block(widths: Sequence[int], width: int) -> bool:
    """Whether rows of that width follow each other, and what is above and below them is not half as wide."""
    places = [place for place, cells in enumerate(widths) if cells == width]
    block = places[-1] - places[0] + 1 == len(places)
    others = max((cells for cells in widths if cells != width), default=0)
    return block and len(places) >= RUN and width >= BLOCK and 2 * others < width


def _only_harmful(sample: str, delimiter: str, whole: bool) -> bool:
    """Whether quotation marks swallow the end of the file, and without them the rows are equally wide."""
    if '"' not in sample or not _swallows(sample, delimiter, whole):
        return False
    widths = _widths(sample, delimiter, False, whole) if delimiter else [1]
    return bool(widths) and Counter(widths).most_common(1)[0][1] >= STEADY * len(widths)


def _swallows(sample: str, delimiter: str, whole: bool) -> bool:
    """Whether a quotation mark is open at the end of all there is."""
    end = "\x02end\n"
    last: list[str] = []
    if not whole:
        return False
    for row in Dialect(delimiter).reader(io.StringIO(sample + ("" if sample.endswith("\n") else "\n") + end)):
        last = row
    return last[:1] != ["\x02end"]
