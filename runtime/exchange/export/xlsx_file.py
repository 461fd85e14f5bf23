"""Records as an Excel workbook, a row at a time: real numbers and dates, texts that stay texts, a header that stays.

What a spreadsheet would lose stays text: numbers of more than 15 digits, days before March 1900, where programs count
differently. Moments are those of the local clock; a spreadsheet keeps them to the millisecond.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date, datetime, tzinfo
from decimal import Decimal
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import CellNumberTuple, CellStringTuple, Worksheet

from resources.texts import T
from runtime.dates import local_zone
from runtime.exchange.export.subtotals import Subtotal
from runtime.exchange.export.values import fits, local, number_format, plain, reading
from runtime.form import Field
from runtime.store.rows import Row
from runtime.work import Progress

MOST_ROWS = 1_048_575
"""Records of one sheet; the header takes a row."""
MOST_SHEET = 31
LONGEST = 32_767
"""Characters of a cell, in UTF-16 units."""
MEASURED = 300
"""Records of each sheet from which widths are taken."""
NARROWEST, WIDEST = 6, 60
"""Widths of columns, in figures."""
FIRST_DAY = date(1900, 3, 1)
"""Excel has a 29th of February 1900; before it programs count days differently."""

_EPOCH = date(1899, 12, 30).toordinal()
_DAY = 86_400
_HEAD = {"bold": True, "bg_color": "#F2F4F7", "bottom": 1, "bottom_color": "#C9CFD8", "valign": "vcenter"}
_SUBTOTAL = {"bold": True, "bg_color": "#F2F4F7"}
_letters = cache(xl_col_to_name)
_SPECIAL = re.compile("[&<>\x00-\x08\x0b-\x1f\ufffe\uffff]|_x[0-9a-fA-F]{4}_|^\\s|\\s$")
"""What XML or Excel want written otherwise."""
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


class XlsxBook:
    """A workbook.

    Args:
        place: of the file; what is needed on the way is kept in its folder.
        shortened: takes (sheet, row, field) of every text that is longer than a cell holds.
        progress: asked on the way whether to stop.
    """

    def __init__(self, place: Path, shortened: list[tuple[str, int, str]], progress: Progress) -> None:
        self._shortened = shortened
        self._file = _Watched(place.open("wb"), progress)
        options = {
            "constant_memory": True, "tmpdir": str(place.parent), "strings_to_formulas": False,
            "strings_to_urls": False, "strings_to_numbers": False, "use_zip64": True,
        }  # fmt: skip
        self.book = Workbook(self._file, options)
        self.head = self.book.add_format(_HEAD)
        self._formats: dict[str, Format | None] = {"": None}
        self._names: set[str] = set()
        self._sheets: list[XlsxSheet] = []

    def sheet(self, name: str, fields: Sequence[Field], leads: Sequence[str] = (), level: int = 0) -> XlsxSheet:
        """Begin a sheet; a table that outgrows it goes on in the next."""
        made = XlsxSheet(self, name, fields, leads, self._shortened, level)
        self._sheets.append(made)
        return made

    def strong(self, code: str) -> Format:
        """The format of a figure of a subtotal."""
        key = f"subtotal {code}"
        found = self._formats.get(key)
        if found is None:
            found = self._formats[key] = self.book.add_format({**_SUBTOTAL, "num_format": code})
        return found

    def format(self, code: str) -> Format | None:
        """The format of cells with this number format."""
        if code not in self._formats:
            self._formats[code] = self.book.add_format({"num_format": code})
        return self._formats[code]

    def new_sheet(self, name: str) -> _Worksheet:
        """A new sheet called like this, as far as Excel allows."""
        clean = sheet_name(name, self._names)
        self._names.add(clean.casefold())
        made: _Worksheet = self.book.add_worksheet(clean, _Worksheet)
        return made

    def finish(self, about: Sequence[tuple[str, str]]) -> None:
        """Write the sheet that says what this is, and the file."""
        for sheet in self._sheets:
            sheet.close()
        if about:
            self._write_about(about)
        try:
            self.book.close()
        except FileCreateError as error:  # it wraps what the system said
            raise error.args[0] from None
        self._file.close()

    def abandon(self) -> None:
        """Let everything go."""
        for sheet in self.book.worksheets():
            sheet.drop()
        self._file.close()

    def _write_about(self, about: Sequence[tuple[str, str]]) -> None:
        sheet, text = self.new_sheet(str(T("About this file"))), self.format("@")
        for at, (name, said) in enumerate(about):
            sheet.write_string(at, 0, name, self.head)
            sheet.write_string(at, 1, said[: LONGEST // 2], text)
        sheet.set_column(0, 0, max((width_of(name) for name, _ in about), default=0) + 2)
        sheet.set_column(1, 1, WIDEST)


class XlsxSheet:
    """One table, on one sheet or more."""

    def __init__(
        self,
        book: XlsxBook,
        name: str,
        fields: Sequence[Field],
        leads: Sequence[str],
        shortened: list[tuple[str, int, str]],
        level: int = 0,
    ) -> None:
        self._book = book
        self._level = level
        self._name = name
        self._fields = fields
        self._leads = leads
        self._shortened = shortened
        self._zone = local_zone()
        self._heads = [*leads, *(each.name for each in fields)]
        self._texts = [reading(each, plain(each, self._zone)) for each in fields]
        self._begin()

    def _begin(self) -> None:
        sheet = self._sheet = self._book.new_sheet(self._name)
        self._at = 0
        self._measured = 0
        self._widths = [width_of(head) + 3 for head in self._heads]  # room for the arrow of the filter
        sheet.set_row(0, 22)
        for column, head in enumerate(self._heads):
            sheet.write_string(0, column, head[:LONGEST], self._book.head)
        sheet.freeze_panes(1, 0)
        lead = len(self._leads)
        self._cells = [
            (each.id, lead + at, self._writer(each, lead + at))
            for at, each in enumerate(self._fields)
            if not each.target
        ]
        self._related = [
            (each.id, lead + at, self._writer(each, lead + at)) for at, each in enumerate(self._fields) if each.target
        ]

    def add(self, rows: Sequence[Row], leads: Sequence[Sequence[str]] = ()) -> None:
        """Append rows."""
        self._measure(rows, leads)
        cells, related = self._cells, self._related
        for place, row in enumerate(rows):
            if self._at >= MOST_ROWS:
                self._go_on()
                cells, related = self._cells, self._related
            self._at += 1
            at = self._at
            if self._level:
                self._sheet.set_row(at, None, None, {"level": self._level})
            values = row.values
            if leads:
                for column, text in enumerate(leads[place]):
                    self._put_text(at, column, text)
            for key, column, write in cells:
                value = values.get(key)
                if value is not None:
                    write(at, column, value)
            for key, column, write in related:
                title = row.titles.get(key)
                if title:
                    write(at, column, title)
            if row.errors:
                self._put_errors(row)

    def _go_on(self) -> None:
        """The sheet is full."""
        self.close()
        self._begin()

    def subtotal(self, row: Subtotal) -> None:
        """Append the row of a subtotal; its name stands in the first column."""
        if self._at >= MOST_ROWS:
            self._go_on()
        self._at += 1
        sheet, at, strong = self._sheet, self._at, self._book.strong
        sheet.set_row(at, None, strong(""), {"level": row.level} if row.level else {})
        self._widths[0] = max(self._widths[0], width_of(row.name) + 2)
        sheet.write_string(at, 0, row.name, strong("@"))
        for place, each in enumerate(self._fields):
            value, code = row.cells.get(each.id, ("", ""))
            if not code:
                continue
            if isinstance(value, str):
                sheet.write_string(at, place, value, strong("@"))
            elif isinstance(value, date):
                sheet.write_number(at, place, value.toordinal() - _EPOCH, strong(code))
            else:
                sheet.write_number(at, place, value, strong(code))

    def close(self) -> None:
        """Nothing more comes: the filter and the widths."""
        sheet, last = self._sheet, len(self._heads) - 1
        sheet.autofilter(0, 0, self._at, last)
        sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{self._at + 1}"})
        for column, width in enumerate(self._widths):
            sheet.set_column(column, column, min(WIDEST, max(NARROWEST, width)))

    def _measure(self, rows: Sequence[Row], leads: Sequence[Sequence[str]]) -> None:
        """Take widths from the first records."""
        for place, row in enumerate(rows[: MEASURED - self._measured]):
            texts = [*(leads[place] if leads else ()), *(read(row) for read in self._texts)]
            widths = (width_of(text) for text in texts)
            self._widths = [max(old, new + 2) for old, new in zip(self._widths, widths, strict=True)]
            self._measured += 1

    def _put_errors(self, row: Row) -> None:
        for at, each in enumerate(self._fields):
            if each.id in row.errors and each.id not in row.values:
                self._sheet.write_string(self._at, len(self._leads) + at, row.errors[each.id])

    def _put_text(self, at: int, column: int, text: str) -> None:
        if self._sheet.write_string(at, column, text, self._book.format("@")) == -2:
            self._shortened.append((self._sheet.get_name(), at + 1, self._heads[column]))

    def _writer(self, field: Field, column: int) -> Callable[[int, int, Any], object]:
        """What writes a value of the field that is not blank."""
        sheet, look = self._sheet, self._book.format(number_format(field))
        text, put_text = plain(field, self._zone), self._put_text
        match field.kind.value_type:
            case "bool":
                write: Put = sheet.write_boolean
                return write
            case "number":
                return _number_writer(sheet, look, put_text, text)
            case "date":
                return _date_writer(sheet, look, put_text)
            case "datetime":
                return _moment_writer(sheet, look, put_text, self._zone)
            case "text" | "record" if field.known:
                return put_text
        return lambda at, column, value: put_text(at, column, text(value))


Put = Callable[[int, int, Any], object]


def _number_writer(sheet: Worksheet, look: Format | None, put_text: Put, text: Callable[[Any], str]) -> Put:
    write = sheet.write_number

    def put(at: int, column: int, value: int | Decimal) -> object:
        return write(at, column, value, look) if fits(value) else put_text(at, column, text(value))

    return put


def _date_writer(sheet: Worksheet, look: Format | None, put_text: Put) -> Put:
    write = sheet.write_number

    def put(at: int, column: int, value: date) -> object:
        if value < FIRST_DAY:
            return put_text(at, column, value.isoformat())
        return write(at, column, value.toordinal() - _EPOCH, look)

    return put


def _moment_writer(sheet: Worksheet, look: Format | None, put_text: Put, zone: tzinfo) -> Put:
    write = sheet.write_number

    def put(at: int, column: int, value: datetime) -> object:
        here = local(value, zone)
        day = here.toordinal() - _EPOCH
        if day <= 60:
            return put_text(at, column, here.isoformat(sep=" "))
        seconds = here.hour * 3600 + here.minute * 60 + here.second + here.microsecond / 1e6
        return write(at, column, day + seconds / _DAY, look)

    return put


class _Worksheet(Worksheet):  # type: ignore[misc]  # the library has no types
    """A sheet that never takes a text for XML: the library writes texts from <r> to </r> as they are.

    Numbers and texts without anything special, nearly all cells, take a short way.
    """

    def __init__(self) -> None:
        super().__init__()
        self._styles: dict[Format | None, str] = {None: ""}

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        kind = type(cell)
        look = cell.format
        if look not in self._styles:
            self._styles[look] = f' s="{look._get_xf_index()}"'  # noqa: SLF001 - as the library does here
        place = f'<c r="{_letters(col)}{row + 1}"{self._styles[look]}'
        if kind is CellNumberTuple:
            self.fh.write(f"{place}><v>{cell.number:.16G}</v></c>")
        elif kind is CellStringTuple and _SPECIAL.search(cell.string) is None:
            self.fh.write(f'{place} t="inlineStr"><is><t>{cell.string}</t></is></c>')
        else:
            super()._write_cell(row, col, cell)

    def drop(self) -> None:
        """Let go the file in which its rows wait."""
        self._opt_close()

    def _xml_rich_inline_string(self, string: str, attributes: Any = ()) -> None:
        self._xml_inline_string(string, True, attributes)


class _Watched:
    """The file that the archive goes into; stops where somebody asked to. Closed, it keeps nothing of what comes.

    An archive that was not finished writes its end when it is collected, long after the file is gone.
    """

    def __init__(self, file: BinaryIO, progress: Progress) -> None:
        self._file = file
        self._progress = progress
        self._at = 0

    def write(self, part: bytes) -> int:
        """Write a part.

        Raises:
            Cancelled: somebody asked to stop.
        """
        if not self._file.closed:
            self._progress.check()
            self._file.write(part)
        self._at += len(part)
        return len(part)

    def seek(self, to: int) -> int:
        """Go to another place, counted from the beginning."""
        if not self._file.closed:
            self._file.seek(to)
        self._at = to
        return to

    def tell(self) -> int:
        """Where it stands."""
        return self._at

    def flush(self) -> None:
        """Hand over what waits."""
        if not self._file.closed:
            self._file.flush()

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def sheet_name(name: str, taken: set[str]) -> str:
    """`name` as Excel takes it: at most 31 characters, no brackets, slashes, : * ?, unlike `taken` (casefolded)."""
    clean = " ".join(name.translate(_FORBIDDEN).split()).strip("' ")
    clean = "".join(each for each in clean if each.isprintable()) or "Sheet"
    if clean.casefold() == "history":  # Excel keeps this name for itself
        clean += "_"
    for number in count(1):
        tail = "" if number == 1 else f" ({number})"
        found = _cut(clean, MOST_SHEET - len(tail)) + tail
        if found.casefold() not in taken:
            return found
    raise AssertionError


def _cut(text: str, most: int) -> str:
    """At most so many UTF-16 units of `text`."""
    while len(text.encode("utf-16-le")) > 2 * most:
        text = text[:-1]
    return text.strip("' ")


def width_of(text: str) -> int:
    """How wide the longest line of `text` is, in figures; Chinese characters are two wide."""
    longest = max(text.split("\n", 1)[0:1], default="")[:WIDEST]
    if longest.isascii():
        return len(longest)
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in longest)
