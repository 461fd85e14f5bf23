"""What calamine does not tell about an .ods: errors, shares and amounts, hidden places, merged cells.

Runs in the reader process.
"""

from __future__ import annotations

import html
import io
import re
import zipfile

from runtime.exchange.readers.sheet_part import SheetPart

MOST = 1_048_576
LARGEST = 200 << 20
MOST_CELLS = 100_000_000

_TAG = re.compile(
    rb"<table:(table|table-row|table-column|table-cell|covered-table-cell)(\s[^>]*?)?(/?)>|</table:table(-row)?>"
)
_ROWS = re.compile(rb'table:number-rows-repeated="(\d{1,7})"')
_COLUMNS = re.compile(rb'table:number-columns-repeated="(\d{1,7})"')
_SPANNED = re.compile(rb'table:number-(columns|rows)-spanned="(\d{1,7})"')
_NAME = re.compile(rb'table:name="([^"]*)"')
_HIDDEN = re.compile(rb'table:visibility="(?:collapse|filter)"')
_ERROR = re.compile(rb'calcext:value-type="error"')
_KIND = re.compile(rb'office:value-type="(percentage|currency)"')
_CURRENCY = re.compile(rb'office:currency="([A-Z]{3})"')
_PRETTY = re.compile(rb">\s*\n\s*<")
_TEXT = re.compile(rb"<text:p>([^<]*)<")


class OdsParts:
    """The content of one .ods.

    Args:
        content: the whole file.

    Raises:
        KeyError, zipfile.BadZipFile: it has none.
    """

    def __init__(self, content: bytes) -> None:
        self._parts: dict[str, SheetPart] = {}
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            text = archive.read("content.xml")
        if len(text) < LARGEST:
            self._look_over(text, any(sign.search(text) for sign in (_HIDDEN, _ERROR, _KIND, _SPANNED)))

    def sheet(self, name: str) -> SheetPart:
        """Errors, formats, hidden places and merged ranges of the sheet called `name`."""
        return self._parts.get(name, SheetPart())

    def _look_over(self, text: bytes, anything: bool) -> None:
        part, row, column, rows = SheetPart(), 0, 0, 1
        for tag in _TAG.finditer(text) if anything else _tables(text):
            kind, attributes = tag[1], tag[2] or b""
            if kind == b"table":
                part, row, column = SheetPart(hidden_rows=[], hidden_columns=[]), 0, 0
                named = _NAME.search(attributes)
                self._parts[html.unescape(named[1].decode("utf-8", "replace")) if named else ""] = part
            elif kind == b"table-column":
                times = _times(_COLUMNS, attributes)
                if _HIDDEN.search(attributes) and part.hidden_columns is not None:
                    part.hidden_columns += range(column, min(column + times, 16_384))
                column += times
            elif kind == b"table-row":
                column, rows = 0, _times(_ROWS, attributes)
                if _HIDDEN.search(attributes) and part.hidden_rows is not None:
                    part.hidden_rows += range(row, min(row + rows, MOST))
                row += rows if tag[3] else 0
            elif kind is None and tag[4]:
                row += rows
            elif kind is not None:
                column += _take_cell(part, row, column, tag, text)


def _take_cell(part: SheetPart, row: int, column: int, tag: re.Match[bytes], text: bytes) -> int:
    """Keep what a cell says; how many columns it is there for."""
    attributes = tag[2] or b""
    if _ERROR.search(attributes):
        shown = _TEXT.search(text, tag.end(), tag.end() + 200)
        code = shown[1].decode("utf-8", "replace") if shown else "#VALUE!"
        part.errors.setdefault(row, {})[column] = code if code.startswith("#") else "#VALUE!"
    times = _times(_COLUMNS, attributes)
    across, down = _spanned(attributes)
    if across > 1 or down > 1:
        part.merged.append((row, column, row + down - 1, column + across - 1))
    if found := _KIND.search(attributes):
        code = _format(found[1], attributes)
        for place in range(column, min(column + times, 16_384)):
            part.formats.setdefault(place, code)
    return times


def _format(kind: bytes, attributes: bytes) -> str:
    """The number format of a share or an amount, as Excel would write it."""
    currency = _CURRENCY.search(attributes)
    return "0%" if kind == b"percentage" else f"[${currency[1].decode()}]0.00" if currency else "General"


def _spanned(attributes: bytes) -> tuple[int, int]:
    """How many columns and rows a cell covers."""
    found = {kind: min(int(count), MOST) for kind, count in _SPANNED.findall(attributes)}
    return found.get(b"columns", 1), found.get(b"rows", 1)


def is_vast(content: bytes) -> bool:
    """Whether cells of an .ods lie so far apart that the grid between them is more than calamine holds.

    Raises:
        KeyError, zipfile.BadZipFile: it has no content.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        text = archive.read("content.xml")
    row = column = rows = bottom = right = 0
    for tag in _TAG.finditer(text):
        kind, attributes = tag[1], tag[2] or b""
        if kind == b"table":
            row = bottom = right = 0
        elif kind == b"table-row":
            column, rows = 0, _times(_ROWS, attributes)
            row += rows
        elif kind is not None and kind != b"table-column":
            column += _times(_COLUMNS, attributes)
            if b"office:value-type" in attributes:
                bottom, right = max(bottom, row), max(right, column)
        if bottom * right > MOST_CELLS:
            return True
    return False


def packed(content: bytes) -> bytes:
    """The XML of an OpenDocument sheet as the archive that readers expect, without the blanks of pretty printing.

    Calamine gives up on blanks behind a cell.
    """
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", _PRETTY.sub(b"><", content))
        archive.writestr(
            "META-INF/manifest.xml", '<manifest xmlns="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
        )
    return made.getvalue()


def repacked(content: bytes) -> bytes:
    """An .ods as `packed` makes one.

    Raises:
        KeyError, zipfile.BadZipFile: it has no content.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return packed(archive.read("content.xml"))


def _tables(text: bytes) -> list[re.Match[bytes]]:
    return list(re.finditer(rb"<table:(table)(\s[^>]*?)?(/?)>", text))


def _times(repeated: re.Pattern[bytes], attributes: bytes) -> int:
    found = repeated.search(attributes)
    return min(int(found[1]), MOST) if found is not None else 1
