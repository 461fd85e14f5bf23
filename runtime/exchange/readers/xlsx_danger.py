"""What a small .xlsx can blow up to in a reader, counted before one gets it: texts named too often, cells far apart.

Runs in the reader process, on bytes whose archive was looked at before.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator

from runtime.exchange.readers.archive import column_number
from runtime.exchange.readers.xlsx_parts import BROKEN, STRETCH, TAIL

LONG_TEXT = 4096
HEAVIEST = 400 << 20
"""Bytes from which on a shared text is long, and bytes of text that a sheet may come to."""

WIDE = 5_000_000
FILLED = 0.1
"""Cells of a rectangle from which on it matters how many are filled, and the share that makes it a table."""

SPREADABLE = 20 << 20

WIDTHS = (26, 702, 16_384)
"""Columns with one letter, up to two, up to three."""

_NAMED = re.compile(rb't="s"[^>]*>\s*<(?:\w+:)?v>(\d{1,9})<')
_ROW = re.compile(rb'<(?:\w+:)?row\s[^>]*?\br="(\d{1,7})"')
_TWO, _THREE = re.compile(rb'\sr="[A-Z]{2}'), re.compile(rb'\sr="[A-Z]{3}')
_COLUMN = re.compile(rb'\sr="([A-Z]{1,3})\d')


def is_spread_out(content: bytes) -> bool:
    """Whether a sheet has few cells in a large rectangle, all of which a reader would make.

    Parts beyond `SPREADABLE` have many cells; what is still wrong with them, the reader's memory limit stops.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            sheets = (name for name in _sheets(archive) if archive.getinfo(name).file_size <= SPREADABLE)
            return any(_is_spread_out(archive, name) for name in sheets)
    except BROKEN:
        return False


def _is_spread_out(archive: zipfile.ZipFile, name: str) -> bool:
    rows = cells = letters = 0
    for stretch, seen in _stretches(archive, name):
        if letters < 2 and _TWO.search(stretch):
            letters = 2 if _THREE.search(stretch) else 1
        rows = max(rows, max((int(row[1]) for row in _ROW.finditer(stretch)), default=0))
        cells += stretch.count(b"<c ", seen) + stretch.count(b":c ", seen)
    if not _is_sparse(rows * WIDTHS[letters], cells):
        return False
    widest = 0
    for stretch, _ in _stretches(archive, name):
        widest = max(widest, max((column_number(c.decode()) for c in set(_COLUMN.findall(stretch))), default=0))
    return _is_sparse(rows * widest, cells)


def _is_sparse(area: int, cells: int) -> bool:
    return area > WIDE and cells < FILLED * area


def repeats_too_much(content: bytes) -> bool:
    """Whether cells name long texts so often that the sheet would be far larger than its file.

    The texts of an .xlsx stand in a list, and any number of cells may name the same: a bomb that no ratio shows.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            texts = next((name for name in archive.namelist() if name.lower().endswith("xl/sharedstrings.xml")), None)
            if texts is None:
                return False
            lengths = list(map(len, archive.read(texts).split(b"</si>")))
            if max(lengths) < LONG_TEXT:
                return False
            return any(_weight(archive, name, lengths) > HEAVIEST for name in _sheets(archive))
    except BROKEN:
        return False


def _weight(archive: zipfile.ZipFile, name: str, lengths: list[int]) -> int:
    """Bytes of all texts that the cells of a sheet name."""
    named: Counter[int] = Counter()
    for stretch, seen in _stretches(archive, name):
        named.update(int(place[1]) for place in _NAMED.finditer(stretch) if place.end() > seen)
    return sum(lengths[place] * times for place, times in named.items() if place < len(lengths))


def _sheets(archive: zipfile.ZipFile) -> list[str]:
    return [name for name in archive.namelist() if "worksheets/" in name.lower() and name.lower().endswith(".xml")]


def _stretches(archive: zipfile.ZipFile, name: str) -> Iterator[tuple[bytes, int]]:
    """Stretches of a part, and how many bytes at the start of each are the end of the one before."""
    rest = b""
    with archive.open(name) as stream:
        while stretch := stream.read(STRETCH):
            yield rest + stretch, len(rest)
            rest = (rest + stretch)[-TAIL:]
