"""Reads workbooks by calamine; what that cannot open or does not tell comes from its neighbours.

Runs in the reader process.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import islice
from types import TracebackType

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from runtime.exchange import cells
from runtime.exchange.readers import wire
from runtime.exchange.readers.archive import Extra, Format
from runtime.exchange.readers.cleaning import Cleaner
from runtime.exchange.readers.ods_parts import OdsParts, is_vast, repacked
from runtime.exchange.readers.outlet import Outlet, Refusal, clipped
from runtime.exchange.readers.second import SecondReader
from runtime.exchange.readers.sheet_part import SheetPart
from runtime.exchange.readers.xls_parts import XlsParts, is_encrypted, is_out_of_joint
from runtime.exchange.readers.xlsb_parts import XlsbParts
from runtime.exchange.readers.xlsx_danger import is_spread_out, repeats_too_much
from runtime.exchange.readers.xlsx_parts import BROKEN, Parts, squeeze


def read_workbook(
    content: bytes, kind: Format, squeezed: bool, password: str, outlet: Outlet, extras: Sequence[Extra] = ()
) -> None:
    """Send every sheet of a workbook.

    Args:
        content: the whole file, whose archive was looked at.
        kind: what it is.
        squeezed: whether the gaps between its cells are to be left out.
        password: of an .xls.
        outlet: where the sheets go.
        extras: what was seen in the archive only now.

    Raises:
        Refusal: the workbook cannot be read.
    """
    numbers: dict[str, list[int]] = {}
    if kind is Format.XLSX and repeats_too_much(content):
        raise Refusal("unsafe")
    if kind is Format.XLSX and not squeezed and is_spread_out(content):
        raise Refusal("giant")
    if squeezed:
        content, numbers = squeeze(content)
    book, content = _opened(content, kind, password)
    if book is None:
        if kind is not Format.XLSX:
            raise Refusal("damaged")
        SecondReader(content).send_all(outlet, extras, numbers)
        return
    found = [sheet for sheet in book.sheets_metadata if sheet.typ is SheetTypeEnum.WorkSheet]
    charts = [Extra.CHARTS] if any(sheet.typ is SheetTypeEnum.ChartSheet for sheet in book.sheets_metadata) else []
    outlet.found([(sheet.name, sheet.visible is SheetVisibleEnum.Visible) for sheet in found], [*extras, *charts])
    part = _parts(content, kind, [sheet.name for sheet in book.sheets_metadata])
    for sheet in found:
        if not _send_sheet(book, sheet.name, part, numbers.get(sheet.name, []), outlet, spans=kind is Format.ODS):
            _send_again(content if kind is Format.XLSX else b"", sheet.name, numbers.get(sheet.name, []), outlet)


def _opened(content: bytes, kind: Format, password: str) -> tuple[CalamineWorkbook | None, bytes]:
    """The workbook, None where calamine cannot open it, and its bytes without encryption."""
    if kind is Format.XLS and is_encrypted(content):
        from runtime.exchange.readers.unlocking import unlock

        content = unlock(content, password)
    if kind is Format.XLS and is_out_of_joint(content):
        raise Refusal("damaged")
    book = _by_calamine(content)
    if book is None and kind is Format.ODS:
        with suppress(*BROKEN):
            book = _by_calamine(repacked(content))
            if book is None and is_vast(content):
                raise Refusal("giant")
    return book, content


def _by_calamine(content: bytes) -> CalamineWorkbook | None:
    with Attempt():
        return CalamineWorkbook.from_filelike(io.BytesIO(content))
    return None


class Attempt:
    """Goes on where calamine says that it cannot, its panics among them: their class cannot be imported.

    Raises (in leaving):
        Refusal: the file has a password that calamine cannot use.
    """

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if isinstance(error, PasswordError):
            raise Refusal("locked") from error
        return isinstance(error, (CalamineError, OSError)) or (kind is not None and kind.__name__ == "PanicException")


def _parts(content: bytes, kind: Format, names: list[str]) -> Callable[[str], SheetPart]:
    """What calamine does not tell, by name of the sheet, where the file is sound enough for it."""
    parts: Parts | XlsParts | XlsbParts | OdsParts | None = None
    with suppress(*BROKEN):
        if kind is Format.XLSX:
            parts = Parts(content)
        elif kind is Format.XLS:
            parts = XlsParts(content, names)
        elif kind is Format.XLSB:
            parts = XlsbParts(content)
        elif kind is Format.ODS:
            parts = OdsParts(content)

    def part(name: str) -> SheetPart:
        try:
            return parts.sheet(name) if parts is not None else SheetPart()
        except BROKEN:
            return SheetPart()

    return part


def _send_again(content: bytes, name: str, numbers: list[int], outlet: Outlet) -> None:
    """The sheet by the second reader, where there are bytes of an .xlsx for it; as damaged where it gives up too."""
    try:
        reader = SecondReader(content) if content else None
    except Refusal:
        reader = None
    if reader is None:
        outlet.damaged("calamine")
    else:
        reader.send(name, outlet, numbers)


def _send_sheet(
    book: CalamineWorkbook,
    name: str,
    part_of: Callable[[str], SheetPart],
    numbers: list[int],
    outlet: Outlet,
    spans: bool,
) -> bool:
    """Send one sheet; False where calamine cannot read it. `spans` as in `Cleaner`."""
    with ThreadPoolExecutor(1) as beside:  # calamine lets other threads run while it parses
        looking = beside.submit(part_of, name)
        sheet = None
        with Attempt():
            sheet = book.get_sheet_by_name(name)
    if sheet is None:
        return False
    part, limits = looking.result(), outlet.limits
    height, width = sheet.total_height, sheet.total_width
    if sheet.height and sheet.end is not None:
        height, width = sheet.end[0] + 1, sheet.end[1] + 1
    if height * width > limits.grid:
        raise Refusal("giant", name)
    if height > limits.rows + 1:
        raise Refusal("rows", name)
    kept = min(width, limits.columns)
    outlet.begin(height)
    left = sheet.start[1] if sheet.start is not None else 0
    for chunk in _chunks(sheet, part, left, spans):
        beside_it = [(cells.BLANK, None, chunk.height, chunk.height)] * left
        outlet.rows(chunk.height, [*beside_it, *chunk.blocks], chunk.cleaned)
    told = part.merged or [(*start, *end) for start, end in sheet.merged_cell_ranges or []]
    merged = clipped(told, height, kept)
    outlet.end(
        wire.SheetEnds(
            "calamine", kept, width - kept, part.formats, merged, numbers,
            hidden_rows=_inside(part.hidden_rows, height), hidden_columns=_inside(part.hidden_columns, kept),
            unsaved=part.unsaved, lists=[] if numbers else clipped(part.lists, height, kept),
        )
    )  # fmt: skip
    return True


def _inside(places: list[int] | None, most: int) -> list[int] | None:
    return None if places is None else [place for place in places if place < most]


def _chunks(sheet: CalamineSheet, part: SheetPart, left: int, spans: bool) -> Iterator[wire.Rows]:
    """The rows from the first row on, but from the first filled column (`left`) only, as calamine gives them."""
    rows = iter(sheet.iter_rows())
    first = 0
    while chunk := list(islice(rows, cells.CHUNK)):
        for row in part.errors.keys() & range(first, first + len(chunk)) if part.errors else ():
            for column, code in part.errors[row].items():
                if left <= column < left + len(chunk[row - first]):
                    chunk[row - first][column - left] = cells.CellError(code)  # type: ignore[call-overload]
        cleaner = Cleaner(spans)
        columns = [cells.pack(cleaner.column(column)) for column in zip(*chunk, strict=True)]
        yield wire.Rows(len(chunk), columns, cleaner.cleaned)
        first += len(chunk)
