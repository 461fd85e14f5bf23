"""The second reader gives what the first gives, and what neither tells comes from the bytes: errors, hidden places."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
import xlwt

from runtime.exchange.cells import CellError
from runtime.exchange.readers import wire
from runtime.exchange.readers.options import Limits
from runtime.exchange.readers.outlet import Outlet
from runtime.exchange.readers.reading import Collector, Sheet
from runtime.exchange.readers.second import SecondReader
from runtime.work import Progress
from tests.runtime.exchange.workbooks import Rows, archive, read, rezip, shared, types, understood, xlsx

ROWS: Rows = [
    ["名称", "整数", "小数", "日期", "时间", "是否", "错误"],
    ["甲", 12, 0.1 + 0.2, date(2024, 2, 29), datetime(2024, 2, 29, 14, 30), True, "#N/A"],
    [],
    ["乙", -3, 125.43999999999998, date(1999, 12, 31), None, False, None],
]


def by_second(content: bytes) -> list[Sheet]:
    """The sheets of an .xlsx as the second reader sends them."""
    out = io.BytesIO()
    SecondReader(content).send_all(Outlet(out, Limits()), (), {})
    out.seek(0)
    collector = Collector(Progress())
    while (frame := wire.receive(out)) is not None:
        collector.take(frame)
    return collector.sheets


def rows_in(sheet: Sheet) -> list[list[Any]]:
    """The rows without blank ones at the end; readers differ in what they count as a row."""
    rows = [list(row) for row in zip(*(column.values() for column in sheet.columns), strict=True)]
    while rows and not any(cell is not None for cell in rows[-1]):
        rows.pop()
    return rows


def test_both_readers_give_the_same_cells(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", {"表": ROWS, "空": []})
    first, second = read(path).sheets, by_second(path.read_bytes())
    assert [sheet.name for sheet in second] == ["表", "空"]
    assert rows_in(second[0]) == rows_in(first[0])
    assert {sheet.reader for sheet in second} == {"openpyxl"}


@pytest.mark.parametrize("name", ["errors", "header-row", "hyperlinks", "merge_cells", "table-multiple", "rph"])
def test_both_readers_agree_on_real_workbooks(name: str) -> None:
    path = shared(f"messy/calamine_{name}.xlsx")
    assert [rows_in(sheet) for sheet in by_second(path.read_bytes())] == [rows_in(s) for s in read(path).sheets]


@pytest.mark.parametrize("name", ["docProps/core.xml", "docProps/app.xml", "xl/theme/theme1.xml"])
def test_damaged_parts_that_decide_nothing_do_not_matter(tmp_path: Path, name: str) -> None:
    path = xlsx(tmp_path / "a.xlsx", {"表": ROWS})
    broken = rezip(path, tmp_path / "b.xlsx", lambda part, old: b"<broken" if part == name else old, {})
    assert rows_in(by_second(broken.read_bytes())[0]) == rows_in(read(path).sheets[0])


def test_hidden_rows_and_columns_of_an_xlsx_are_told(tmp_path: Path) -> None:
    """XLS-29."""
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("表")
        for row in range(6):
            sheet.write_row(row, 0, [row] * 5)
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_row(4, None, None, {"hidden": True})
        sheet.set_column(1, 2, None, None, {"hidden": True})
        sheet.set_column(9, 16_383, None, None, {"hidden": True})
    (found,) = read(path).sheets
    assert (found.hidden_rows, found.hidden_columns) == ((2, 4), (1, 2))
    assert by_second(path.read_bytes())[0].hidden_rows == (2, 4)


def test_a_hidden_row_at_the_border_of_two_stretches_is_told_once(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("表")
        for row in range(40_000):
            sheet.write_row(row, 0, [f"{row}" * 3, row])
            if row % 3 == 0:
                sheet.set_row(row, None, None, {"hidden": True})
    assert read(path).sheets[0].hidden_rows == tuple(range(0, 40_000, 3))


def test_formulas_without_a_saved_result_are_counted(tmp_path: Path) -> None:
    """XLS-31; XLS-30: those with one are values."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [["数", "和"], [1, "=A2*2"], [2, "=A3*2"], ["x", '=""']]:
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    assert read(tmp_path / "a.xlsx").sheets[0].unsaved == {1: 3}

    def calculated(name: str, old: bytes) -> bytes:
        old = old.replace(b"<f>A2*2</f><v></v>", b"<f>A2*2</f><v>2</v>").replace(b"<f>A2*2</f><v />", b"<f/><v>2</v>")
        return old.replace(b'<c r="B4">', b'<c r="B4" t="str">')

    (found,) = read(rezip(tmp_path / "a.xlsx", tmp_path / "b.xlsx", calculated, {})).sheets
    assert found.unsaved == {1: 1}
    assert found.columns[1].values(1, 2) == [2]


def test_error_cells_and_hidden_places_of_an_xls_are_told(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    for name in ("一", "二"):
        sheet = book.add_sheet(name)
        sheet.write(0, 0, "值")
        for row, code in enumerate((0x00, 0x07, 0x0F, 0x17, 0x1D, 0x24, 0x2A), 1):
            sheet.row(row).set_cell_error(1 if name == "二" else 0, code)
        sheet.row(3).hidden = True
        sheet.col(2).hidden = True
        sheet.write(9, 3, 5)
    book.save(str(tmp_path / "a.xls"))
    first, second = read(tmp_path / "a.xls").sheets
    codes = ["#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"]
    assert first.columns[0].values(0, 8) == ["值", *map(CellError, codes)]
    assert second.columns[1].values(1, 8) == list(map(CellError, codes))
    assert (first.hidden_rows, first.hidden_columns) == ((3,), (2,))


def test_a_plain_xlsb_hides_nothing() -> None:
    path = shared("messy/calamine_any_sheets.xlsb")
    plain = read(path).sheets[0]
    assert plain.columns[0].values(0, 3) == [1, 3, 5]
    assert (plain.hidden_rows, plain.hidden_columns) == ((), ())


def _patched(content: bytes) -> bytes:
    """The first cell of the first sheet of an .xlsb as #DIV/0!, its first row and column hidden."""
    made, place = bytearray(), 0
    while place < len(content):
        start = place
        number, place = (
            content[place] & 0x7F | (content[place + 1] << 7 if content[place] & 0x80 else 0),
            place + (2 if content[place] & 0x80 else 1),
        )
        length = shift = 0
        while True:
            byte = content[place]
            place += 1
            length |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        record = bytearray(content[place : place + length])
        place += length
        if number == 0 and record[:4] == bytes(4):
            record[11] |= 0x10
        if number in (2, 5) and record[:4] == bytes(4) and b"\x03\x09" not in made:
            made += b"\x03\x09" + record[:8] + b"\x07"
        else:
            made += content[start : place - length] + record
    return bytes(made)


def test_errors_and_hidden_rows_of_an_xlsb_are_told(tmp_path: Path) -> None:
    source = shared("messy/calamine_any_sheets.xlsb")
    path = rezip(source, tmp_path / "a.xlsb", lambda name, old: _patched(old) if "sheet1.bin" in name else old, {})
    (sheet, *_) = read(path).sheets
    assert sheet.columns[0].values(0, 1) == [CellError("#DIV/0!")]
    assert sheet.columns[0].values(1, 2) == read(source).sheets[0].columns[0].values(1, 2)
    assert sheet.hidden_rows == (0,)


ODS = """<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x" xmlns:calcext="c"><office:body>
<office:spreadsheet><table:table table:name="表"><table:table-column/><table:table-column table:visibility="collapse"/>
<table:table-row table:number-rows-repeated="2"><table:table-cell office:value-type="string"><text:p>a</text:p>
</table:table-cell></table:table-row><table:table-row table:visibility="filter"><table:table-cell
 table:number-columns-repeated="2" office:value-type="float" office:value="1"><text:p>1</text:p></table:table-cell>
<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value=""
 calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell></table:table-row></table:table>
</office:spreadsheet></office:body></office:document-content>"""


def test_errors_and_hidden_places_of_an_ods_are_told(tmp_path: Path) -> None:
    parts = {
        "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": ODS.encode(),
        "META-INF/manifest.xml": b"<manifest/>",
    }
    path = tmp_path / "a.ods"
    path.write_bytes(archive(parts))
    assert zipfile.is_zipfile(path)
    (sheet,) = read(path).sheets
    assert rows_in(sheet) == [["a", None, None], ["a", None, None], [1, 1, CellError("#DIV/0!")]]
    assert (sheet.hidden_rows, sheet.hidden_columns) == ((2,), (1,))


def test_shares_and_amounts_of_an_ods_have_their_formats(tmp_path: Path) -> None:
    text = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    row = (
        '<table:table-row><table:table-cell office:value-type="percentage" office:value="0.25"/>'
        '<table:table-cell office:value-type="currency" office:currency="CNY" office:value="12.5"/>'
        '<table:table-cell office:value-type="float" office:value="3"/></table:table-row>'
    )
    head = "".join(map(text.format, ("甲", "乙", "丙")))
    content = ODS[: ODS.index("<table:table ")] + (
        f'<table:table table:name="表"><table:table-row>{head}</table:table-row>{row * 2}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    parts = {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": content.encode(),
             "META-INF/manifest.xml": b"<manifest/>"}  # fmt: skip
    path = tmp_path / "a.ods"
    path.write_bytes(archive(parts))
    (sheet,) = read(path).sheets
    assert sheet.formats == {0: "0%", 1: "[$CNY]0.00"}
    assert types(understood(sheet), "表") == {"甲": "percent", "乙": "money", "丙": "integer"}


def test_a_sheet_that_no_reader_can_read_does_not_take_the_others_with_it(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", {"好": [["a"], [1]], "坏": [["b"], [2]]})
    half = rezip(path, tmp_path / "b.xlsx", lambda name, old: old[:400] if "sheet2" in name else old, {})
    good, bad = read(half).sheets
    assert (good.readable, good.height, bad.readable) == (True, 2, False)
