"""What calamine does not tell about an .xlsb: errors, number formats, hidden rows and columns, from its records.

Record numbers are those of [MS-XLSB] 2.3. Runs in the reader process.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

from runtime.exchange.readers.sheet_part import BUILT_IN, FORMAT_HEAD, SheetPart
from runtime.exchange.readers.xls_parts import CODES, MOST_STYLES

ROW, CELL_ERROR, FORMULA_ERROR, COLUMNS, SHEET = 0, 3, 11, 60, 156
FORMAT, STYLE, STYLES_BEGIN, STYLES_END = 44, 47, 617, 618
NUMBERS, TEXTS = frozenset((2, 3, 4, 5, 9, 10, 11)), frozenset((6, 7, 8))
MOST_COLUMNS = 16_384
HIDDEN_ROW = 0x10

_LINK = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
_ID, _TARGET = re.compile(rb'\bId="([^"]*)"'), re.compile(rb'\bTarget="([^"]*)"')


class XlsbParts:
    """The parts of one .xlsb.

    Args:
        content: the whole file.

    Raises:
        KeyError, zipfile.BadZipFile: parts are missing.
    """

    def __init__(self, content: bytes) -> None:
        self._archive = zipfile.ZipFile(io.BytesIO(content))
        links = self._archive.read("xl/_rels/workbook.bin.rels")
        targets: dict[str, str] = {}
        for link in _LINK.findall(links):
            key, place = _ID.search(link), _TARGET.search(link)
            if key is not None and place is not None:
                targets[key[1].decode()] = place[1].decode().lstrip("/")
        self._paths: dict[str, str] = {}
        for number, record in _records(self._archive.read("xl/workbook.bin")):
            if number == SHEET:
                key_text, rest = _wide_text(record[8:])
                target = targets.get(key_text, "")
                self._paths[_wide_text(rest)[0]] = target if target.startswith("xl/") else f"xl/{target}"
        self._codes = self._format_codes() if "xl/styles.bin" in self._archive.namelist() else []

    def sheet(self, name: str) -> SheetPart:
        """Errors, formats and hidden places of the sheet called `name`."""
        part = SheetPart()
        hidden_rows: list[int] = []
        hidden_columns: list[int] = []
        row = 0
        content = self._archive.read(self._paths[name])
        if any(self._codes):
            self._take_formats(content[:FORMAT_HEAD], part)
        for number, record in _records(content):
            if number == ROW and len(record) >= 12:
                row = _number(record, 0)
                if record[11] & HIDDEN_ROW:
                    hidden_rows.append(row)
            elif number in (CELL_ERROR, FORMULA_ERROR) and len(record) >= 9:
                part.errors.setdefault(row, {})[_number(record, 0)] = CODES.get(record[8], "#VALUE!")
            elif number == COLUMNS and len(record) >= 17 and record[16] & 1:
                hidden_columns += range(_number(record, 0), min(_number(record, 4) + 1, MOST_COLUMNS))
        part.hidden_rows, part.hidden_columns = hidden_rows, hidden_columns
        return part

    def _format_codes(self) -> list[str]:
        """Number format by the style number of a cell."""
        own: dict[int, str] = dict(BUILT_IN)
        styles: list[int] = []
        of_cells = False
        for number, record in _records(self._archive.read("xl/styles.bin")):
            if number == FORMAT:
                own[int.from_bytes(record[:2], "little")] = _wide_text(record[2:])[0]
            elif number in (STYLES_BEGIN, STYLES_END):
                of_cells = number == STYLES_BEGIN
            elif number == STYLE and of_cells and len(styles) < MOST_STYLES:
                styles.append(int.from_bytes(record[2:4], "little"))
        return [own.get(style, "") for style in styles]

    def _take_formats(self, head: bytes, part: SheetPart) -> None:
        """Keep the number formats of the first cells of a sheet."""
        row = 0
        for number, record in _records(head):
            if number == ROW:
                row = _number(record, 0)
            elif row and len(record) >= 8 and (number in NUMBERS or number in TEXTS):
                column, style = _number(record, 0), int.from_bytes(record[4:7], "little")
                if column < MOST_COLUMNS and style < len(self._codes):
                    part.take_format(column, self._codes[style], number in TEXTS)
        part.settle_formats()


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and content of each record; numbers and lengths are written in groups of seven bits."""
    place, end = 0, len(stream)
    while place < end:
        number, place = _varied(stream, place, 2)
        length, place = _varied(stream, place, 4)
        yield number, stream[place : place + length]
        place += length


def _varied(stream: bytes, place: int, most: int) -> tuple[int, int]:
    value = 0
    for group in range(most):
        byte = stream[place] if place < len(stream) else 0
        place += 1
        value |= (byte & 0x7F) << (7 * group)
        if not byte & 0x80:
            break
    return value, place


def _number(record: bytes, place: int) -> int:
    return int.from_bytes(record[place : place + 4], "little")


def _wide_text(record: bytes) -> tuple[str, bytes]:
    end = 4 + 2 * _number(record, 0)
    return record[4:end].decode("utf-16-le", "replace"), record[end:]
