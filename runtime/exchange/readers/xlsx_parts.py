"""What calamine does not tell about an .xlsx: error cells, number formats, hidden rows, grids larger than their cells.

Runs in the reader process, on bytes whose archive was looked at before.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from contextlib import suppress
from posixpath import normpath
from xml.etree import ElementTree as ET

from runtime.exchange.readers.archive import column_letters, column_number
from runtime.exchange.readers.sheet_part import BUILT_IN, FORMAT_HEAD, SheetPart

Range = tuple[int, int, int, int]
"""First row, first column, last row, last column."""

BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, ET.ParseError, NotImplementedError, OSError)
"""What looking at a damaged archive raises."""

STRETCH = 1 << 20
TAIL = 4096
ERRORS_KEPT = 200_000
SQUEEZABLE = 64 << 20
MOST_COLUMNS = 16_384

_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*)>")
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_STYLE = re.compile(rb'\bs="(\d+)"')
_TEXT_CELL = re.compile(rb'\bt="(?:s|str|inlineStr)"')
_ERROR_CELL = re.compile(rb'<(?:\w+:)?c\s([^>]*\bt="e"[^>]*)>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)<', re.DOTALL)
_ROW = re.compile(rb'(<(?:\w+:)?row\s[^>]*?\br=")(\d+)(")')
_PLACE = re.compile(rb'(<(?:\w+:)?c\s[^>]*?\br=")([A-Z]{1,3})(\d{1,7})(")')
_HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\s(?=[^>]*\bhidden="(?:1|true)")[^>]*?\br="(\d+)"[^>]*>')
_HIDDEN_COLUMN = re.compile(rb'<(?:\w+:)?col\s[^>]*\bhidden="(?:1|true)"[^>]*>')
_FILTER = re.compile(rb'<(?:\w+:)?autoFilter\s[^>]*?\bref="([^"]+)"')
_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})")
_MIN, _MAX = re.compile(rb'\bmin="(\d+)"'), re.compile(rb'\bmax="(\d+)"')
_UNSAVED = re.compile(
    rb"<(?:\w+:)?c\s([^>]*)>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_STALE = re.compile(
    rb"<(?:\w+:)?dimension\s[^>]*>|<(?:\w+:)?mergeCells\b.*?</(?:\w+:)?mergeCells>|\sspans=\"[^\"]*\"", re.DOTALL
)


class Parts:
    """The parts of one .xlsx archive.

    Args:
        content: the whole file.

    Raises:
        one of `BROKEN`: the archive is damaged.
    """

    def __init__(self, content: bytes) -> None:
        self._archive = zipfile.ZipFile(io.BytesIO(content))
        self._names = {name.replace("\\", "/").lower(): name for name in self._archive.namelist()}
        self.paths = self._sheet_paths()
        """Name of a sheet -> name of its part."""
        self._codes = self._format_codes()

    def sheet(self, name: str) -> SheetPart:
        """Errors and formats of the sheet called `name`; nothing where the archive does not say where it is."""
        part = SheetPart()
        path = self.paths.get(name)
        if path is None:
            return part
        part.hidden_rows, part.hidden_columns = [], []
        with self._archive.open(path) as stream:
            rest = b""
            while stretch := stream.read(STRETCH):
                if not rest:
                    self._take_formats(stretch[:FORMAT_HEAD], part)
                _look_over(rest + stretch, len(rest), part)
                rest = (rest + stretch)[-TAIL:]
        with suppress(*BROKEN):
            part.lists += self._tables_of(path)
        return part

    def _tables_of(self, path: str) -> list[Range]:
        """The ranges that were made tables on the sheet in the part `path`."""
        folder, _, file = path.replace("\\", "/").lower().rpartition("/")
        links = self._read(f"{folder}/_rels/{file}.rels")
        found: list[Range] = []
        for link in links if links is not None else ():
            if link.get("Type", "").endswith("/table"):
                target = link.get("Target", "").replace("\\", "/").lower()
                table = self._read(target.lstrip("/") if target.startswith("/") else normpath(f"{folder}/{target}"))
                found += _range(table.get("ref", "")) if table is not None else []
        return found

    def _read(self, name: str) -> ET.Element | None:
        found = self._names.get(name)
        return None if found is None else ET.fromstring(self._archive.read(found))  # noqa: S314 - no document type: looked at before

    def _sheet_paths(self) -> dict[str, str]:
        book, links = self._read("xl/workbook.xml"), self._read("xl/_rels/workbook.xml.rels")
        if book is None or links is None:
            return {}
        targets = {link.get("Id"): link.get("Target", "") for link in links}
        found = {}
        for sheet in (node for node in book.iter() if node.tag.endswith("}sheet") or node.tag == "sheet"):
            key = next((value for name, value in sheet.attrib.items() if name.endswith("}id")), None)
            target = targets.get(key, "").replace("\\", "/").lower()
            path = self._names.get(target.lstrip("/") if target.startswith("/") else f"xl/{target}")
            if path is not None:
                found[sheet.get("name", "")] = path
        return found

    def _format_codes(self) -> list[str]:
        """Number format by the style number of a cell."""
        styles = self._read("xl/styles.xml")
        if styles is None:
            return []
        own: dict[int, str] = dict(BUILT_IN)
        codes: list[str] = []
        for node in styles.iter():
            if node.tag.endswith("numFmt"):
                own[int(node.get("numFmtId", "0"))] = node.get("formatCode", "")
            if node.tag.endswith("cellXfs"):
                codes = [own.get(int(style.get("numFmtId", "0")), "") for style in node]
        return codes

    def _take_formats(self, head: bytes, part: SheetPart) -> None:
        for cell in _CELL.finditer(head):
            place, style = _REFERENCE.search(cell[1]), _STYLE.search(cell[1])
            if place is None or int(place[2]) == 1 or cell[1].endswith(b"/"):
                continue
            number = int(style[1]) if style is not None else 0
            code = self._codes[number] if number < len(self._codes) else ""
            part.take_format(column_number(place[1].decode()) - 1, code, _TEXT_CELL.search(cell[1]) is not None)
        part.settle_formats()


def _look_over(stretch: bytes, seen: int, part: SheetPart) -> None:
    """Add what a stretch of a sheet holds; its first `seen` bytes were the end of the stretch before."""
    assert part.hidden_rows is not None
    assert part.hidden_columns is not None
    if b't="e"' in stretch and len(part.errors) < ERRORS_KEPT:
        _find_errors(stretch, part.errors)
    if b"hidden=" in stretch:
        part.hidden_rows += [int(row[1]) - 1 for row in _HIDDEN_ROW.finditer(stretch) if row.end() > seen]
        for column in _HIDDEN_COLUMN.finditer(stretch):
            first, last = _MIN.search(column[0]), _MAX.search(column[0])
            if first is not None and last is not None and column.end() > seen:
                part.hidden_columns += range(int(first[1]) - 1, min(int(last[1]), MOST_COLUMNS))
    if b"autoFilter" in stretch:
        for ref in _FILTER.finditer(stretch):
            part.lists += _range(ref[1].decode("ascii", "replace")) if ref.end() > seen else []
    if b"<f" in stretch or b":f" in stretch:
        for cell in _UNSAVED.finditer(stretch):
            place = _REFERENCE.search(cell[1])
            if cell.end() > seen and place is not None and b't="str"' not in cell[1]:
                at = column_number(place[1].decode()) - 1
                part.unsaved[at] = part.unsaved.get(at, 0) + 1


def _range(reference: str) -> list[Range]:
    """A range such as A1:F120, counted from 0; nothing where it is none."""
    found = _RANGE.fullmatch(reference)
    if found is None:
        return []
    return [(int(found[2]) - 1, column_number(found[1]) - 1, int(found[4]) - 1, column_number(found[3]) - 1)]


def _find_errors(stretch: bytes, errors: dict[int, dict[int, str]]) -> None:
    for cell in _ERROR_CELL.finditer(stretch):
        place = _REFERENCE.search(cell[1])
        if place is not None:
            column = column_number(place[1].decode()) - 1
            errors.setdefault(int(place[2]) - 1, {})[column] = cell[2].decode("utf-8", "replace").strip()


def squeeze(content: bytes) -> tuple[bytes, dict[str, list[int]]]:
    """The same .xlsx with the filled rows and columns of each sheet moved together, so that no reader fills the gaps.

    Returns:
        The new file, and for each sheet the old numbers of its rows, counted from 1.

    Raises:
        MemoryError: a sheet is too large to be moved.
    """
    source = Parts(content)
    names = {path: name for name, path in source.paths.items()}
    made = io.BytesIO()
    rows: dict[str, list[int]] = {}
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as new:
        for entry in old.infolist():
            if entry.file_size > SQUEEZABLE:
                raise MemoryError
            part = old.read(entry)
            if entry.filename in names:
                part, rows[names[entry.filename]] = _squeeze_sheet(part)
            new.writestr(entry.filename, part)
    return made.getvalue(), rows


def _squeeze_sheet(part: bytes) -> tuple[bytes, list[int]]:
    places = [(int(place[3]), column_number(place[2].decode())) for place in _PLACE.finditer(part)]
    rows = sorted({row for row, _ in places} | {int(row[2]) for row in _ROW.finditer(part)})
    columns = sorted({column for _, column in places})
    new_row = {old: str(new).encode() for new, old in enumerate(rows, 1)}
    new_column = {old: column_letters(new).encode() for new, old in enumerate(columns, 1)}
    part = _STALE.sub(b"", part)
    part = _ROW.sub(lambda row: row[1] + new_row[int(row[2])] + row[3], part)
    part = _PLACE.sub(
        lambda cell: cell[1] + new_column[column_number(cell[2].decode())] + new_row[int(cell[3])] + cell[4], part
    )
    return part, rows
