"""What calamine does not tell about an .xls: error cells, hidden rows and columns, from the records of its sheets.

Record numbers are those of [MS-XLS] 2.3. Runs in the reader process.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator

from runtime.exchange.readers.sheet_part import SheetPart

BOF, EOF, BOUND_SHEET, FILE_PASS = 0x0809, 0x000A, 0x0085, 0x002F
FORMULAS = frozenset((0x0006, 0x0206, 0x0406))
BOOL_OR_ERROR, ROW, COLUMNS = 0x0205, 0x0208, 0x007D
TOLD = FORMULAS | {BOF, EOF, BOOL_OR_ERROR, ROW, COLUMNS}
CELLS = FORMULAS | {0x0201, 0x0203, 0x0204, 0x0205, 0x027E, 0x00BD, 0x00BE, 0x00D6, 0x00FD}
MOST_COLUMN = 255
HIDDEN_ROW = 0x20
ERRORS_KEPT = 200_000

CODES = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}  # fmt: skip

_HEAD = struct.Struct("<HH")
_FAR = struct.Struct("<HHHH")
_CELL = struct.Struct("<HH")


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
        self._starts = dict(zip(names, self._sheet_starts(), strict=False))

    def sheet(self, name: str) -> SheetPart:
        """Errors and hidden places of the sheet called `name`."""
        part = SheetPart(hidden_rows=[], hidden_columns=[])
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

    def _sheet_starts(self) -> list[int]:
        starts = []
        for number, start, length in _records(self._stream, 0):
            if number == BOUND_SHEET and length >= 6:
                starts.append(int.from_bytes(self._stream[start : start + 4], "little"))
            elif number == EOF:
                break
        return starts

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

    That is a container in which no workbook is found, and cells in columns that no sheet has.
    """
    try:
        stream = _workbook_stream(content)
    except (OSError, ValueError, IndexError, struct.error):
        return True
    place, end, skip = 0, len(stream) - 8, _HEAD.size
    unpack = _FAR.unpack_from
    while place <= end:
        number, length, _, column = unpack(stream, place)
        if column > MOST_COLUMN and number in CELLS:
            return True
        place += skip + length
    return False


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


def _add_error(part: SheetPart, record: bytes, code: int) -> None:
    row, column = _CELL.unpack_from(record)
    if len(part.errors) < ERRORS_KEPT:
        part.errors.setdefault(row, {})[column] = CODES.get(code, "#VALUE!")
