"""Writes the rows that an import refused into a workbook: as they are in the file, with the reason, to correct them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from resources.texts import T
from runtime.errors import UserError
from runtime.exchange.cells import CellError
from runtime.exchange.export.place import taking_the_place_of
from runtime.exchange.importing.report import LeftOut
from runtime.exchange.tables.table import Table, unlike
from runtime.exchange.understanding.plan import ImportPlan

REASON = T("Why the row was left out")
WIDEST, NARROWEST = 60, 8
"""Widths of columns in characters."""

EXACT = 10**15
"""Whole numbers from here on lose digits in Excel and are written as text."""

OPTIONS = {
    "strings_to_numbers": False,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "nan_inf_to_errors": True,
    "default_date_format": "yyyy-mm-dd",
}
_NAME = str.maketrans(dict.fromkeys("[]:*?/\\", "_"))
_LONGEST_NAME = 31


def refused_rows(left: Iterable[LeftOut]) -> dict[str, dict[int, list[str]]]:
    """Sheet -> number of the row in the file -> why it was left out."""
    found: dict[str, dict[int, list[str]]] = {}
    for each in left:
        if each.whole_row and each.row:
            reason = f"{each.column}: {each.reason}" if each.column else each.reason
            found.setdefault(each.sheet, {}).setdefault(each.row, []).append(reason)
    return found


def write_rejected(path: Path, plan: ImportPlan, left: Iterable[LeftOut]) -> int:
    """Write the rows that were left out into the .xlsx file `path`, which may be there already; how many.

    The columns are those of the file and one for the reason, which no field takes when the file comes again.

    Raises:
        UserError: the file cannot be written.
    """
    rows = refused_rows(left)
    taken: set[str] = set()
    try:
        with (
            taking_the_place_of(path, replace=True) as place,
            xlsxwriter.Workbook(str(place), {**OPTIONS, "tmpdir": str(place.parent)}) as book,
        ):
            formats = {
                "head": book.add_format({"bold": True, "bottom": 1}),
                "reason": book.add_format({"font_color": "#B54708"}),
                datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
                time: book.add_format({"num_format": "hh:mm:ss"}),
            }
            for name, reasons in rows.items():
                sheet = book.add_worksheet(_sheet_name(name, taken))
                _write(sheet, plan.source.tables[name], reasons, formats)
            if not rows:
                book.add_worksheet()
    except xlsxwriter.exceptions.XlsxWriterException as error:
        raise UserError(T("“{name}” cannot be written.", name=path.name), str(error), "file_unwritable") from error
    return sum(map(len, rows.values()))


def _write(sheet: Worksheet, table: Table, reasons: dict[int, list[str]], formats: dict[Any, Any]) -> None:
    last = len(table.headers)
    headers = [*table.headers, unlike(str(REASON), {header.casefold() for header in table.headers})]
    sheet.write_row(0, 0, headers, formats["head"])
    sheet.freeze_panes(1, 0)
    places = {number: at for at, number in enumerate(table.row_numbers)}
    wide = [len(header) for header in headers]
    for line, (number, why) in enumerate(sorted(reasons.items()), 1):
        at = places[number]
        for column in range(last):
            cell = table.columns[column].values(at, at + 1)[0]
            wide[column] = max(wide[column], _write_cell(sheet, line, column, cell, formats))
        sheet.write_string(line, last, " ".join(why), formats["reason"])
        wide[last] = max(wide[last], *map(len, why))
    for column, width in enumerate(wide):
        sheet.set_column(column, column, min(WIDEST, max(NARROWEST, width * 1.3)))
    sheet.autofilter(0, 0, len(reasons), last)


def _write_cell(sheet: Worksheet, line: int, column: int, cell: Any, formats: dict[Any, Any]) -> int:
    """Write a cell as what it is; how many characters it takes."""
    if cell is None or cell == "":
        return 0
    if isinstance(cell, CellError):
        sheet.write_string(line, column, cell.code)
    elif isinstance(cell, bool):
        sheet.write_boolean(line, column, cell)
    elif isinstance(cell, datetime):
        sheet.write_datetime(line, column, cell.replace(tzinfo=None), formats[datetime])
        return 19
    elif isinstance(cell, date):
        sheet.write_datetime(line, column, cell)
        return 10
    elif isinstance(cell, time):
        sheet.write_datetime(line, column, cell, formats[time])
    elif isinstance(cell, str) or abs(cell) >= EXACT or not math.isfinite(cell):
        sheet.write_string(line, column, str(cell))
    else:
        sheet.write_number(line, column, float(cell))
    return sum(2 if ord(sign) > 0x2E80 else 1 for sign in str(cell))


def _sheet_name(name: str, taken: set[str]) -> str:
    plain = name.translate(_NAME).strip("'") or "1"
    made, count = plain[:_LONGEST_NAME], 1
    while made.casefold() in taken:
        count += 1
        tail = f" {count}"
        made = plain[: _LONGEST_NAME - len(tail)] + tail
    taken.add(made.casefold())
    return made
