"""The child that parses workbooks: `python -m runtime.exchange.reader_process`, limited in memory, never near a store.

It takes a `Request` on stdin and answers with frames on stdout. It is killed when nobody wants the answer any more.
"""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from runtime.exchange import cells, wire
from runtime.exchange.xlsx_parts import BROKEN, Parts, SheetPart, squeeze

MERGED_KEPT = 10_000
PATIENCE = timedelta(microseconds=1500)
CPU_SECONDS = 600

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


class Refusal(Exception):
    """Reading stops; the parent turns `reason` into a sentence."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason, self.detail = reason, detail


def confine(memory: int) -> None:
    """Limit this process: address space, processor time, no files written, no core dump (where the system can)."""
    if sys.platform == "win32":
        return
    import resource

    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def read(request: wire.Request, out: BinaryIO) -> None:
    """Send every sheet of the workbook.

    Raises:
        Refusal: the workbook cannot be read.
    """
    content = Path(request.path).read_bytes()
    numbers: dict[str, list[int]] = {}
    if request.squeeze:
        content, numbers = squeeze(content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    except PasswordError as error:
        raise Refusal("password") from error
    except (CalamineError, OSError) as error:
        raise Refusal("damaged", str(error)) from error
    found = [sheet for sheet in book.sheets_metadata if sheet.typ is SheetTypeEnum.WorkSheet]
    wire.send(out, wire.SheetsFound([(sheet.name, sheet.visible is SheetVisibleEnum.Visible) for sheet in found]))
    parts = _parts(content) if request.format == "xlsx" else None
    del content
    for sheet in found:
        _send_sheet(book, sheet.name, parts, numbers.get(sheet.name, []), request, out)
    wire.send(out, wire.Finished())


def _parts(content: bytes) -> Parts | None:
    """What calamine does not tell, where the archive is sound enough for it."""
    try:
        return Parts(content)
    except BROKEN:
        return None


def _part(parts: Parts | None, name: str) -> SheetPart:
    try:
        return parts.sheet(name) if parts is not None else SheetPart()
    except BROKEN:
        return SheetPart()


def _send_sheet(
    book: CalamineWorkbook, name: str, parts: Parts | None, numbers: list[int], request: wire.Request, out: BinaryIO
) -> None:
    with ThreadPoolExecutor(1) as beside:  # calamine lets other threads run while it parses
        looking = beside.submit(_part, parts, name)
        try:
            sheet = book.get_sheet_by_name(name)
        except (CalamineError, OSError):
            wire.send(out, wire.SheetBegins(readable=False))
            wire.send(out, wire.SheetEnds())
            return
    part = looking.result()
    height, width = sheet.total_height, sheet.total_width
    if sheet.height and sheet.end is not None:
        height, width = sheet.end[0] + 1, sheet.end[1] + 1
    if height * width > request.grid:
        raise Refusal("giant", name)
    if height > request.rows + 1:
        raise Refusal("rows", name)
    kept = min(width, request.columns)
    merged = [(*start, *end) for start, end in (sheet.merged_cell_ranges or [])[:MERGED_KEPT]]
    begins = wire.SheetBegins(height, kept, width - kept, part.formats, merged, numbers)
    wire.send(out, begins)
    left = sheet.start[1] if sheet.start is not None else 0
    for chunk in _chunks(sheet, part, left):
        blocks = [(cells.BLANK, chunk.height)] * left + chunk.blocks
        wire.send(out, wire.Rows(chunk.height, blocks[:kept], chunk.cleaned))
    wire.send(out, wire.SheetEnds())


def _chunks(sheet: CalamineSheet, part: SheetPart, left: int) -> Iterator[wire.Rows]:
    """The rows from the first row on, but from the first filled column (`left`) only, as calamine gives them."""
    rows = iter(sheet.iter_rows())
    first = 0
    while chunk := list(islice(rows, cells.CHUNK)):
        for row in part.errors.keys() & range(first, first + len(chunk)) if part.errors else ():
            for column, code in part.errors[row].items():
                if left <= column < left + len(chunk[row - first]):
                    chunk[row - first][column - left] = cells.CellError(code)  # type: ignore[call-overload]
        cleaner = Cleaner()
        columns = [cells.pack(cleaner.column(column)) for column in zip(*chunk, strict=True)]
        yield wire.Rows(len(chunk), columns, cleaner.cleaned)
        first += len(chunk)


class Cleaner:
    """Trims texts, takes out control characters and rounds the dust of binary times.

    Attributes:
        cleaned: texts that held control characters.
    """

    def __init__(self) -> None:
        self.cleaned = 0

    def column(self, column: tuple[Any, ...]) -> list[Any] | tuple[Any, ...]:
        """The cells of one column of a chunk, clean."""
        kinds = set(map(type, column))
        if not kinds & _DIRTY:
            return column
        if kinds == {str}:
            texts = list(map(str.strip, column))
            return texts if "".join(texts).isprintable() else list(map(self.text, texts))
        if kinds == {date, datetime}:  # midnight looks like a date to calamine
            return [self.cell(cell) if isinstance(cell, datetime) else _midnight(cell) for cell in column]
        return [self.cell(cell) for cell in column]

    def cell(self, cell: Any) -> Any:
        """One cell, clean."""
        if isinstance(cell, str):
            return self.text(cell)
        if isinstance(cell, datetime):
            return to_second(cell)
        return _span(cell) if isinstance(cell, timedelta) else cell

    def text(self, text: str) -> str:
        """A text without spaces around it and without control characters; line ends are line feeds."""
        text = text.strip()
        if text.isprintable():
            return text
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        if _CONTROL.search(text):
            self.cleaned += 1
            text = _CONTROL.sub("", text).strip()
        return text


_DIRTY = {str, datetime, timedelta}


def to_second(moment: datetime) -> datetime:
    """The whole second next to `moment` where only the dust of a binary fraction separates them."""
    if not moment.microsecond:
        return moment
    near = (moment + timedelta(milliseconds=500)).replace(microsecond=0)
    return near if abs(near - moment) <= PATIENCE else moment


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def _span(span: timedelta) -> str:
    """A length of time as Excel writes it under [h]:mm:ss."""
    seconds = round(span.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def main() -> None:
    """Answer one request; stdout carries frames only, whatever a library prints goes to stderr."""
    out = os.fdopen(os.dup(1), "wb", buffering=1 << 16)
    os.dup2(2, 1)
    request = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=wire.Request)
    confine(request.memory)
    try:
        read(request, out)
    except Refusal as refusal:
        wire.send(out, wire.Failed(refusal.reason, refusal.detail))
    except MemoryError:
        wire.send(out, wire.Failed("memory"))
    except BROKEN as error:
        wire.send(out, wire.Failed("damaged", str(error)))
    out.close()


if __name__ == "__main__":
    main()
