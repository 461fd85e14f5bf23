"""Builds workbooks for the tests of reading and understanding."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
import xlwt

from runtime.exchange.cells import CHUNK, Column, pack, unpack
from runtime.exchange.readers.reading import Sheet, Workbook, open_workbook
from runtime.exchange.understanding.plan import ImportPlan
from runtime.exchange.understanding.workbooks import understand
from runtime.work import Progress

DATA = Path(__file__).parents[4] / "shared" / "data"

Rows = Sequence[Any]
"""Rows of cells; a row may be shorter than the others."""


def shared(name: str) -> Path:
    """A file of the team's data folder; skips the test where it is not there."""
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{path} is not on this machine")
    return path


def xlsx(
    path: Path, sheets: Mapping[str, Rows], formats: Mapping[int, str] | None = None, hidden: Sequence[str] = ()
) -> Path:
    """An .xlsx file; `formats` are number formats by column, used below the first row."""
    with xlsxwriter.Workbook(path) as book:
        day, moment, clock = (book.add_format({"num_format": f}) for f in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm", "hh:mm"))
        styles = {column: book.add_format({"num_format": code}) for column, code in (formats or {}).items()}
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            if name in hidden:
                sheet.hide()
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if isinstance(cell, datetime):
                        sheet.write_datetime(row, column, cell, moment)
                    elif isinstance(cell, date):
                        sheet.write_datetime(row, column, cell, day)
                    elif isinstance(cell, time):
                        sheet.write_datetime(row, column, cell, clock)
                    elif isinstance(cell, str) and cell.startswith("#") and cell.endswith(("!", "?", "/A")):
                        sheet.write_formula(row, column, "=NA()", None, cell)
                    elif isinstance(cell, str):
                        sheet.write_string(row, column, cell)
                    elif cell is not None:
                        sheet.write(row, column, cell, styles.get(column) if row else None)
    return path


def xls(path: Path, sheets: Mapping[str, Rows], formats: Mapping[int, str] | None = None) -> Path:
    """An .xls file; `formats` as in `xlsx`."""
    book = xlwt.Workbook(encoding="utf-8")
    day = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    styles = {column: xlwt.easyxf(num_format_str=code) for column, code in (formats or {}).items()}
    for name, rows in sheets.items():
        sheet = book.add_sheet(name)
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if cell is not None:
                    style = day if isinstance(cell, date) else styles.get(column) if row else None
                    sheet.write(row, column, cell, *([style] if style else []))
    book.save(str(path))
    return path


def rezip(source: Path, target: Path, change: Callable[[str, bytes], bytes | None], extra: Mapping[str, bytes]) -> Path:
    """A copy of an archive with changed parts (None leaves one out) and further ones."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = change(entry.filename, old.read(entry))
            if content is not None:
                new.writestr(entry.filename, content)
        for name, content in extra.items():
            new.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return target


def read(path: Path) -> Workbook:
    """The workbook at `path`."""
    return open_workbook(path, Progress())


def sheet_of(rows: Rows, name: str = "表", **more: Any) -> Sheet:
    """A sheet as the reader would give it, without a file; Decimals become floats as in Excel."""
    width = max(map(len, rows), default=0)
    columns = []
    for place in range(width):
        cells = [row[place] if place < len(row) else None for row in rows]
        raw = [_as_read(cell) for cell in cells]
        parts = (raw[first : first + CHUNK] for first in range(0, len(raw), CHUNK))
        columns.append(Column(tuple(unpack(pack(part)) for part in parts)))
    return Sheet(name, height=len(rows), width=width, columns=tuple(columns), **more)


def _as_read(cell: Any) -> Any:
    if cell is None:
        return ""
    if isinstance(cell, (int, Decimal)) and not isinstance(cell, bool):
        return float(cell)
    return cell


def plan_of(sheets: Mapping[str, Rows], name: str = "book.xlsx") -> ImportPlan:
    """The plan for sheets without a file."""
    found = tuple(sheet_of(rows, sheet) for sheet, rows in sheets.items())
    return understand(Workbook(Path(name), found), Progress())


def understood(*sheets: Sheet) -> ImportPlan:
    """The plan for sheets as the reader gives them."""
    return understand(Workbook(Path("book.xlsx"), sheets), Progress())


def types(plan: ImportPlan, sheet: str) -> dict[str, str]:
    """Label -> field type."""
    return {column.label: column.field_type for column in plan.sheet(sheet).columns}


def archive(entries: Mapping[str, bytes]) -> bytes:
    """A zip archive."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in entries.items():
            target.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()
