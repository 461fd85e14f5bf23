"""Reads the XML workbooks of Excel 2003 (SpreadsheetML), which old programs save as .xls or .xml.

Runs in the reader process; parsed by defusedxml, without document types or entities.
"""

from __future__ import annotations

import io
from datetime import datetime, time
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from runtime.exchange.cells import CellError
from runtime.exchange.readers import wire
from runtime.exchange.readers.outlet import Outlet, Refusal, SparseRow, clipped
from runtime.exchange.readers.plain_xml import plain_xml

SS = "{urn:schemas-microsoft-com:office:spreadsheet}"
EXCEL = "{urn:schemas-microsoft-com:office:excel}"
MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
MIDNIGHT = time()


class XmlSheet:
    """One worksheet while it is parsed."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.visible = True
        self.rows: list[SparseRow] = []
        self.merged: list[tuple[int, int, int, int]] = []
        self.hidden_rows: list[int] = []
        self.hidden_columns: list[int] = []
        self.unsaved: dict[int, int] = {}
        self._row = self._column = 0

    def add_column(self, element: ET.Element) -> None:
        """<Column>"""
        first = _place(element, "Index", self._column + 1, MOST_COLUMNS) - 1
        last = first + _place(element, "Span", 0, MOST_COLUMNS)
        if element.get(f"{SS}Hidden") == "1":
            self.hidden_columns += range(first, min(last + 1, MOST_COLUMNS))
        self._column = last + 1

    def add_row(self, element: ET.Element) -> None:
        """<Row> with its cells."""
        row = _place(element, "Index", self._row + 1, MOST_ROWS) - 1
        last = row + _place(element, "Span", 0, MOST_ROWS)
        if element.get(f"{SS}Hidden") == "1":
            self.hidden_rows += range(row, last + 1)
        cells: dict[int, Any] = {}
        column = 0
        for cell in element.iter(f"{SS}Cell"):
            column = _place(cell, "Index", column + 1, MOST_COLUMNS) - 1
            across = _place(cell, "MergeAcross", 0, MOST_COLUMNS)
            down = _place(cell, "MergeDown", 0, MOST_ROWS)
            if across or down:
                self.merged.append((row, column, row + down, column + across))
            value = self._value(cell, column)
            if value is not None:
                cells[column] = value
            column += across + 1
        if cells:
            self.rows.append(SparseRow(row, cells))
        self._row = last + 1

    def _value(self, cell: ET.Element, column: int) -> Any:
        found = cell.find(f"{SS}Data")
        text = "".join(found.itertext()) if found is not None else ""
        if found is None or not text:
            if cell.get(f"{SS}Formula"):
                self.unsaved[column] = self.unsaved.get(column, 0) + 1
            return None
        return _typed(text, found.get(f"{SS}Type", "String"))


def read_spreadsheetml(request: wire.Request, outlet: Outlet) -> None:
    """Send every worksheet.

    Raises:
        Refusal: the XML is damaged, or has a document type.
    """
    from defusedxml.common import DefusedXmlException

    content = plain_xml(Path(request.path).read_bytes())
    try:
        sheets = _parsed(content)
    except DefusedXmlException as error:
        raise Refusal("unsafe") from error
    outlet.found([(sheet.name, sheet.visible) for sheet in sheets])
    for sheet in sheets:
        width, numbers = outlet.sparse(sheet.name, sheet.rows)
        kept = min(width, outlet.limits.columns)
        height = sheet.rows[-1].number + 1 if sheet.rows else 0
        merged = [] if numbers else clipped(sheet.merged, height, kept)
        outlet.end(
            wire.SheetEnds(
                "spreadsheetml", kept, width - kept, merged=merged, row_numbers=numbers,
                hidden_rows=[] if numbers else sheet.hidden_rows,
                hidden_columns=[column for column in sheet.hidden_columns if column < kept], unsaved=sheet.unsaved,
            )
        )  # fmt: skip


def _parsed(content: bytes) -> list[XmlSheet]:
    from defusedxml.ElementTree import iterparse

    sheets: list[XmlSheet] = []
    for event, element in iterparse(io.BytesIO(content), ("start", "end"), forbid_dtd=True):
        if event == "start":
            if element.tag == f"{SS}Worksheet":
                sheets.append(XmlSheet(element.get(f"{SS}Name", str(len(sheets) + 1))))
        elif not sheets:
            continue
        elif element.tag == f"{SS}Row":
            sheets[-1].add_row(element)
            element.clear()
        elif element.tag == f"{SS}Column":
            sheets[-1].add_column(element)
        elif element.tag == f"{EXCEL}Visible":
            sheets[-1].visible = element.text not in ("SheetHidden", "SheetVeryHidden")
    return sheets


def _place(element: ET.Element, name: str, otherwise: int, most: int) -> int:
    text = element.get(f"{SS}{name}", "")
    return min(int(text[:9]), most) if text.isdecimal() else otherwise


def _typed(text: str, kind: str) -> Any:
    """A cell by its type; what does not fit its type stays text."""
    try:
        if kind == "Number":
            return float(text)
        if kind == "DateTime":
            moment = datetime.fromisoformat(text)
            if moment.year < 1900:  # a time of day counts from the day before the first
                return moment.time()
            return moment.date() if moment.time() == MIDNIGHT else moment
    except ValueError:
        return text
    if kind == "Boolean":
        return text.strip() == "1"
    return CellError(text) if kind == "Error" else text
