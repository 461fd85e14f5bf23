"""What calamine does not tell about an .xls: errors, number formats, hidden rows and columns, from its records.

Record numbers are those of [MS-XLS] 2.3. Runs in the reader process.
"""

from __future__ import annotations

import io
import struct
from bisect import bisect_left
from collections.abc import Iterator

from runtime.exchange.readers.sheet_part import BUILT_IN, FORMAT_HEAD, SheetPart

BOF, EOF, BOUND_SHEET, FILE_PASS = 0x0809, 0x000A, 0x0085, 0x002F
FORMAT, STYLE = 0x041E, 0x00E0
FORMULAS = frozenset((0x0006, 0x0206, 0x0406))
BOOL_OR_ERROR, ROW, COLUMNS = 0x0205, 0x0208, 0x007D
TOLD = FORMULAS | {BOF, EOF, BOOL_OR_ERROR, ROW, COLUMNS}
CELLS = FORMULAS | {0x0201, 0x0203, 0x0204, 0x0205, 0x027E, 0x00BD, 0x00BE, 0x00D6, 0x00FD}
NUMBERS = FORMULAS | {0x0203, BOOL_OR_ERROR, 0x027E}
TEXTS = frozenset((0x0204, 0x00D6, 0x00FD))
MANY_NUMBERS = 0x00BD
STYLED = NUMBERS | TEXTS | {MANY_NUMBERS}
MOST_COLUMN = 255
MOST_STYLES = 1 << 16
BIFF8 = 0x0600
HIDDEN_ROW = 0x20
ERRORS_KEPT = 200_000
MOST_READ = 4
"""How often the bytes of a workbook are read as sheets at most."""

CODES = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}  # fmt: skip

_HEAD = struct.Struct("<HH")
_FAR = struct.Struct("<HHHH")
_CELL = struct.Struct("<HH")
_STYLED = struct.Struct("<HHH")


class XlsParts:
    """The records of one .xls.

    Args:
        content: the whole file.
        names: of its sheets, in their order.

    Raises:
        OSError or ValueError: the container is damaged.
    """

    def __init__(self, content: bytes, names: list[str]) -> None:
        self._stream = _workbook_stream(content)
        starts, self._codes = self._overview()
        self._starts = dict(zip(names, starts, strict=False))

    def sheet(self, name: str) -> SheetPart:
        """Errors, formats and hidden places of the sheet called `name`."""
        part = SheetPart(hidden_rows=[], hidden_columns=[])
        if any(self._codes):
            self._take_formats(self._starts[name], part)
        depth = 0
        for number, start, length in _records(self._stream, self._starts[name]):
            if number == BOF:
                depth += 1
            elif number == EOF:
                depth -= 1
                if not depth:
                    break
            elif depth == 1:
                self._look_at(number, self._stream[start : start + length], part)
        return part

    def _overview(self) -> tuple[list[int], list[str]]:
        """Where the sheets start, and the number formats by the style number of a cell."""
        starts: list[int] = []
        own: dict[int, str] = dict(BUILT_IN)
        styles: list[int] = []
        wide = True
        for number, start, length in _records(self._stream, 0, FORMAT, STYLE):
            if number == BOUND_SHEET and length >= 6:
                starts.append(int.from_bytes(self._stream[start : start + 4], "little"))
            elif number == BOF and start == _HEAD.size:
                wide = int.from_bytes(self._stream[start : start + 2], "little") >= BIFF8
            elif number == FORMAT:
                record = self._stream[start : start + length]
                own[int.from_bytes(record[:2], "little")] = _code(record[2:], wide)
            elif number == STYLE and len(styles) < MOST_STYLES:
                styles.append(int.from_bytes(self._stream[start + 2 : start + 4], "little"))
            elif number == EOF:
                break
        return starts, [own.get(style, "") for style in styles]

    def _take_formats(self, start: int, part: SheetPart) -> None:
        """Keep the number formats of the first cells of the sheet at `start`."""
        head, begun = self._stream[start : start + FORMAT_HEAD], False
        for number, place, length in _records(head, 0, *STYLED):
            if number == EOF or (number == BOF and begun):  # a chart has records of cells too
                break
            begun = begun or number == BOF
            if number not in STYLED or length < _STYLED.size or place + length > len(head):
                continue
            row, column, style = _STYLED.unpack_from(head, place)
            if not row:
                continue
            if number == MANY_NUMBERS:
                for at in range(min((length - 6) // 6, MOST_COLUMN + 1)):
                    style = int.from_bytes(head[place + 4 + 6 * at : place + 6 + 6 * at], "little")
                    part.take_format(column + at, self._code_of(style), is_text=False)
            else:
                text = number in TEXTS or (number in FORMULAS and _gives_text(head[place : place + length]))
                part.take_format(column, self._code_of(style), text)
        part.settle_formats()

    def _code_of(self, style: int) -> str:
        return self._codes[style] if style < len(self._codes) else ""

    def _look_at(self, number: int, record: bytes, part: SheetPart) -> None:
        if number == BOOL_OR_ERROR and len(record) >= 8 and record[7] == 1:
            _add_error(part, record, record[6])
        elif number in FORMULAS and record[12:14] == b"\xff\xff" and record[6] == 2:
            _add_error(part, record, record[8])
        elif number == ROW and len(record) >= 14 and record[12] & HIDDEN_ROW:
            assert part.hidden_rows is not None
            part.hidden_rows.append(int.from_bytes(record[:2], "little"))
        elif number == COLUMNS and len(record) >= 9 and record[8] & 1:
            assert part.hidden_columns is not None
            first, last = _CELL.unpack_from(record)
            part.hidden_columns += range(first, min(last, 255) + 1)


def is_encrypted(content: bytes) -> bool:
    """Whether an .xls has a password; False where its container is damaged."""
    try:
        numbers = (number for number, _, _ in _records(_workbook_stream(content), 0, FILE_PASS))
        return next((number for number in numbers if number in (FILE_PASS, EOF)), EOF) == FILE_PASS
    except (OSError, ValueError, IndexError, struct.error):
        return False


def is_out_of_joint(content: bytes) -> bool:
    """Whether an .xls is damaged in a way on which calamine takes gigabytes.

    That is a container in which no workbook is found, cells in columns that no sheet has, and sheets that are the same
    bytes again and again.
    """
    try:
        stream = _workbook_stream(content)
    except (OSError, ValueError, IndexError, struct.error):
        return True
    place, end, skip = 0, len(stream) - 8, _HEAD.size
    unpack = _FAR.unpack_from
    starts: list[int] = []
    ends: list[int] = []
    while place <= end:
        number, length, low, column = unpack(stream, place)
        if column > MOST_COLUMN and number in CELLS:
            return True
        if number == BOUND_SHEET:
            starts.append(low | column << 16)
        elif number == EOF:
            ends.append(place)
        place += skip + length
    return _read_often(starts, ends, len(stream))


def _read_often(starts: list[int], ends: list[int], length: int) -> bool:
    """Whether sheets that start at some places, each up to the next end, are much more than there is.

    The end of a sheet may be the last record, which is too short to be seen; it counts up to the end of the stream.
    """
    places = [*ends, length]
    stretches = (max(0, places[min(bisect_left(ends, start), len(ends))] - start) for start in starts)
    return sum(stretches) > MOST_READ * length


def _workbook_stream(content: bytes) -> bytes:
    import olefile

    with olefile.OleFileIO(io.BytesIO(content)) as container:
        name = next((name for name in ("Workbook", "Book") if container.exists(name)), None)
        if name is None:
            raise ValueError("no workbook in the container")
        return bytes(container.openstream(name).read())


def _records(stream: bytes, place: int, *more: int) -> Iterator[tuple[int, int, int]]:
    """Number, start and length of each record that is told, and of `more`."""
    told = TOLD | {BOUND_SHEET, *more}
    end = len(stream) - _HEAD.size
    while place <= end:
        number, length = _HEAD.unpack_from(stream, place)
        place += _HEAD.size
        if number in told:
            yield number, place, length
        place += length


def _code(record: bytes, wide: bool) -> str:
    """A number format: its length and its characters; `wide` = of BIFF8, others have one byte each."""
    if not wide:
        return record[1 : 1 + record[0]].decode("ascii", "replace") if record else ""
    if len(record) < 3:
        return ""
    length = int.from_bytes(record[:2], "little")
    if record[2] & 1:
        return record[3 : 3 + 2 * length].decode("utf-16-le", "replace")
    return record[3 : 3 + length].decode("latin-1")


def _gives_text(record: bytes) -> bool:
    """Whether the result of a formula is a text."""
    return record[12:14] == b"\xff\xff" and record[6] in (0, 3)


def _add_error(part: SheetPart, record: bytes, code: int) -> None:
    row, column = _CELL.unpack_from(record)
    if len(part.errors) < ERRORS_KEPT:
        part.errors.setdefault(row, {})[column] = CODES.get(code, "#VALUE!")
