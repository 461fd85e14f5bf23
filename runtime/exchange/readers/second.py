"""The second reader: openpyxl on an .xlsx that calamine cannot open. It walks real cells, never a declared grid.

Runs in the reader process.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time
from typing import Any

from runtime.exchange.cells import CellError
from runtime.exchange.readers import wire
from runtime.exchange.readers.archive import Extra
from runtime.exchange.readers.outlet import Outlet, Refusal, SparseRow
from runtime.exchange.readers.xlsx_parts import BROKEN

GIVES_UP = (*BROKEN, TypeError, AttributeError, IndexError)
"""What openpyxl raises on what it does not understand."""

MIDNIGHT = time()

UNREADABLE = "#UNREADABLE"
"""Error code of a cell whose value is missing from the file, so that the others can go on."""


class SecondReader:
    """An .xlsx opened by openpyxl.

    Args:
        content: the whole file, whose archive was looked at.

    Raises:
        Refusal: this reader cannot open it either.
    """

    def __init__(self, content: bytes) -> None:
        import openpyxl

        if not openpyxl.DEFUSEDXML:
            raise Refusal("damaged", "openpyxl without defusedxml")
        warnings.simplefilter("ignore")
        try:
            self._book = _book(content)
        except GIVES_UP as error:
            raise Refusal("damaged", str(error)) from error

    def send_all(self, outlet: Outlet, extras: Sequence[Extra], numbers: Mapping[str, Sequence[int]]) -> None:
        """Send every sheet; `numbers` are old numbers of rows by sheet where gaps were left out before."""
        sheets = self._book.worksheets
        outlet.found([(sheet.title, sheet.sheet_state == "visible") for sheet in sheets], extras)
        for sheet in sheets:
            self.send(sheet.title, outlet, numbers.get(sheet.title, ()))

    def send(self, name: str, outlet: Outlet, numbers: Sequence[int] = ()) -> None:
        """Send the sheet called `name`; as damaged where it is.

        Args:
            name: on its tab.
            outlet: where it goes.
            numbers: old numbers of its rows where its gaps were left out before.

        Raises:
            Refusal: it has too many rows.
        """
        try:
            rows, hidden = self._rows(name, outlet.limits.rows + 1)
        except GIVES_UP:
            outlet.damaged("openpyxl")
            return
        if len(rows) > outlet.limits.rows + 1:
            raise Refusal("rows", name)
        width, gappy = outlet.sparse(name, rows)
        numbers = list(numbers) or gappy
        kept = min(width, outlet.limits.columns)
        outlet.end(
            wire.SheetEnds(
                "openpyxl", kept, width - kept, row_numbers=numbers, hidden_rows=[] if numbers else hidden
            )
        )  # fmt: skip

    def _rows(self, name: str, most: int) -> tuple[list[SparseRow], list[int]]:
        from openpyxl.worksheet import _reader as openpyxl_reader

        class Parser(openpyxl_reader.WorkSheetParser):  # type: ignore[misc]
            """Goes on behind a cell that it cannot read."""

            def parse_cell(self, element: Any) -> dict[str, Any]:
                try:
                    return super().parse_cell(element)  # type: ignore[no-any-return]
                except (ValueError, IndexError, TypeError, OverflowError):
                    return {
                        "row": self.row_counter, "column": self.col_counter, "value": UNREADABLE, "data_type": "e",
                    }  # fmt: skip

        sheet, book = self._book[name], self._book
        rows: list[SparseRow] = []
        with sheet._get_source() as source:  # noqa: SLF001 - in public, openpyxl only walks the declared grid
            parser = Parser(
                source,
                sheet._shared_strings,  # noqa: SLF001
                data_only=True,
                epoch=book.epoch,
                date_formats=book._date_formats,  # noqa: SLF001
                timedelta_formats=book._timedelta_formats,  # noqa: SLF001
            )
            for number, cells in _elements(openpyxl_reader, parser, source):
                filled = {cell["column"] - 1: _cell(cell) for cell in cells if cell["value"] is not None}
                if filled:
                    rows.append(SparseRow(number - 1, filled))
                if len(rows) > most:
                    break
        rows.sort(key=lambda row: row.number)
        hidden = [int(row) - 1 for row, told in parser.row_dimensions.items() if told.get("hidden") in ("1", "true")]
        return rows, sorted(hidden)


def _book(content: bytes) -> Any:
    """The workbook, without the parts that decide nothing here and may be damaged or missing."""
    from openpyxl.reader.excel import ExcelReader

    class Reader(ExcelReader):  # type: ignore[misc]
        """Reads strings, styles and sheets."""

        def read_strings(self) -> None:
            try:
                super().read_strings()
            except GIVES_UP:
                self.shared_strings: list[str] = []

        def read_properties(self) -> None:
            """Not needed."""

        read_custom = read_theme = read_properties

    reader = Reader(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    reader.read()
    return reader.wb


def _elements(module: Any, parser: Any, source: Any) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """The rows up to the end of the cells; what follows them decides nothing and may be damaged."""
    for _, element in module.iterparse(source):
        if element.tag == module.ROW_TAG:
            yield parser.parse_row(element)
            element.clear()
        elif element.tag.endswith("}sheetData"):
            return


def _cell(cell: dict[str, Any]) -> Any:
    value = cell["value"]
    if cell["data_type"] == "e":
        return CellError(str(value))
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, datetime) and value.time() == MIDNIGHT:  # as the first reader gives days
        return value.date()
    return value
