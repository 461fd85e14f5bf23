"""What a file is, its bytes say: workbooks under other names, web pages and XML under the name of a workbook."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from runtime.exchange.cells import CellError
from runtime.exchange.readers.archive import Format
from runtime.exchange.readers.options import Limits
from runtime.exchange.readers.reading import Sheet, Workbook, open_workbook, open_workbooks
from runtime.exchange.readers.refusals import CannotRead, FileDamaged, FileTooLarge, NothingToImport, UnsafeArchive
from runtime.work import Progress
from tests.runtime.exchange.workbooks import Rows, read, rezip, xls, xlsx

ROWS: Rows = [["姓名", "金额"], ["张三", 12.5], ["李四", 3]]


def page(tmp_path: Path, body: str, name: str = "报表.xls", encoding: str = "utf-8") -> Workbook:
    path = tmp_path / name
    path.write_bytes(body.encode(encoding))
    return read(path)


def rows_in(sheet: Sheet) -> list[list[Any]]:
    return [list(row) for row in zip(*(column.values() for column in sheet.columns), strict=True)]


def said(book: Workbook) -> str:
    return " ".join(map(str, book.notes))


def test_an_xls_called_xlsx_is_read_and_said(tmp_path: Path) -> None:
    """XLS-02."""
    book = read(xls(tmp_path / "a.xlsx", {"表": ROWS}))
    assert book.format is Format.XLS
    assert rows_in(book.sheets[0])[0] == ["姓名", "金额"]
    assert "old Excel workbook" in said(book)
    assert ".xlsx" in said(book)


def test_a_text_called_xlsx_is_read_and_said(tmp_path: Path) -> None:
    """XLS-04."""
    book = page(tmp_path, "姓名,金额\n张三,1\n", "a.xlsx", "gb18030")
    assert rows_in(book.sheets[0]) == [["姓名", "金额"], ["张三", "1"]]
    assert "text with cells" in said(book)


def test_a_workbook_called_csv_is_read_and_said(tmp_path: Path) -> None:
    """XLS-05."""
    book = read(xlsx(tmp_path / "a.xlsx", {"表": ROWS}).rename(tmp_path / "a.csv"))
    assert (book.format, book.sheets[0].height) == (Format.XLSX, 3)
    assert "Excel workbook" in said(book)


@pytest.mark.parametrize("name", ["a.csv", "a.txt", "A.TSV", "a"])
def test_a_text_under_its_own_name_needs_no_word(tmp_path: Path, name: str) -> None:
    assert page(tmp_path, "a,b\n1,2\n", name).notes == ()


def test_macros_are_not_run_and_that_is_said(tmp_path: Path) -> None:
    """XLS-07."""
    plain = xlsx(tmp_path / "a.xlsx", {"表": ROWS})
    book = read(rezip(plain, tmp_path / "a.xlsm", lambda _, content: content, {"xl/vbaProject.bin": b"x"}))
    assert said(book) == "The workbook has macros; they were not run."


def test_links_and_connections_are_named_and_never_fetched(tmp_path: Path) -> None:
    """XLS-16."""
    plain = xlsx(tmp_path / "a.xlsx", {"表": ROWS})
    parts = {"xl/externalLinks/externalLink1.xml": b"<externalLink/>", "xl/connections.xml": b"<connections/>"}
    book = read(rezip(plain, tmp_path / "b.xlsx", lambda _, content: content, parts))
    assert said(book).count("nothing was fetched") == 2


PAGE = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset="{charset}"><title>t</title>
<style>td {{color: red}}</style><script>document.write("<table><tr><td>evil</td></tr></table>")</script></head><body>
<table><tr><td>报表导出</td></tr></table>
<TABLE border=1><thead><tr><th>编号<th>名称<th colspan=2>金额&nbsp;(元)</thead>
<tr><td>001<td rowspan="2">甲<br>乙<td x:num="1234.5">1,234.50</td><td>&lt;b&gt; <b>粗</b>体</td></tr>
<tr style="display:none"><td>002<td>5<td>#N/A</tr>
<tr><td></td></tr>
<tr><td>003<td>丙<td>6<td>7
</TABLE></body></html>"""


@pytest.mark.parametrize(("charset", "encoding"), [("utf-8", "utf-8"), ("gb2312", "gb18030"), ("x", "gb18030")])
def test_a_web_page_of_an_erp_is_read_as_its_tables(tmp_path: Path, charset: str, encoding: str) -> None:
    """XLS-03."""
    book = page(tmp_path, PAGE.format(charset=charset), encoding=encoding)
    title, table = book.sheets
    assert rows_in(title) == [["报表导出"]]
    assert (title.name, table.name, table.reader) == ("报表 1", "报表 2", "html")
    assert rows_in(table) == [
        ["编号", "名称", "金额 (元)", None],
        ["001", "甲\n乙", 1234.5, "<b> 粗体"],
        ["002", None, "5", "#N/A"],
        [None, None, None, None],
        ["003", "丙", "6", "7"],
    ]
    assert table.merged == ((0, 2, 0, 3), (1, 1, 2, 1))
    assert table.hidden_rows == (2,)
    assert table.text is not None
    assert table.text.encoding == encoding
    assert "web page" in said(book)


def test_a_page_with_one_table_is_called_like_the_file(tmp_path: Path) -> None:
    book = page(tmp_path, "<table><tr><td>a<td>b<tr><td>1<td>2</table>")
    assert [(sheet.name, rows_in(sheet)) for sheet in book.sheets] == [("报表", [["a", "b"], ["1", "2"]])]


def test_a_table_inside_a_table_is_one_of_its_own(tmp_path: Path) -> None:
    book = page(tmp_path, "<table><tr><td>out<table><tr><td>in</table>er<tr><td>2</table>")
    assert [rows_in(sheet) for sheet in book.sheets] == [[["outer"], ["2"]], [["in"]]]


def test_a_page_without_tables_says_so(tmp_path: Path) -> None:
    with pytest.raises(NothingToImport):
        page(tmp_path, "<html><body>Please log in</body></html>")


def test_spans_without_measure_are_cut_and_deep_nesting_ends(tmp_path: Path) -> None:
    wide = '<table><tr><td rowspan="99999999999" colspan="999999999">a</td><td>b</td></tr></table>'
    book = page(tmp_path, wide)
    assert (book.sheets[0].width, book.sheets[0].dropped_columns) == (500, 15_885)
    deep = "<table><tr><td>" * 5000 + "x"
    assert len(page(tmp_path, deep, "b.xls").sheets) <= 20
    with pytest.raises(FileTooLarge):
        page(tmp_path, "<table>" + '<tr><td colspan="16000">a' * 4000, "c.xls")


def test_a_page_inside_a_mail_is_unwrapped(tmp_path: Path) -> None:
    mail = (
        'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="b"\n\n--b\nContent-Type: text/html; '
        "charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
        "<table><tr><td>=E5=A7=93<td>x=3Dy</table>\n--b--\n"
    )
    book = page(tmp_path, mail, "a.mht")
    assert rows_in(book.sheets[0]) == [["姓", "x=y"]]
    assert book.notes == ()


XML = """<?xml version="1.0" encoding="{encoding}"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:x="urn:schemas-microsoft-com:office:excel">
 <Worksheet ss:Name="订单"><Table><Column/><Column ss:Hidden="1"/>
  <Row ss:Index="2"><Cell ss:MergeAcross="1"><Data ss:Type="String">名称</Data></Cell>
   <Cell><Data ss:Type="String">日期</Data></Cell></Row>
  <Row ss:Hidden="1"><Cell ss:Index="2"><Data ss:Type="Number">12.5</Data></Cell>
   <Cell><Data ss:Type="DateTime">2024-02-29T00:00:00.000</Data></Cell>
   <Cell><Data ss:Type="DateTime">2024-02-29T14:30:00.000</Data></Cell>
   <Cell><Data ss:Type="Boolean">1</Data></Cell><Cell><Data ss:Type="Error">#N/A</Data></Cell>
   <Cell ss:Formula="=1+1"/><Cell><Data ss:Type="DateTime">1899-12-31T08:15:00.000</Data></Cell></Row>
 </Table></Worksheet>
 <Worksheet ss:Name="暗"><Table><Row><Cell><Data ss:Type="String">x</Data></Cell></Row></Table>
  <WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel"><Visible>SheetHidden</Visible></WorksheetOptions>
 </Worksheet></Workbook>"""


@pytest.mark.parametrize("encoding", ["utf-8", "gb2312", "utf-16"])
def test_an_xml_workbook_of_excel_2003_is_read(tmp_path: Path, encoding: str) -> None:
    book = page(tmp_path, XML.format(encoding=encoding), encoding=encoding)
    sheet, hidden = book.sheets
    assert (sheet.name, sheet.reader, hidden.name, hidden.visible) == ("订单", "spreadsheetml", "暗", False)
    assert rows_in(sheet) == [
        [None] * 8,
        ["名称", None, "日期", *[None] * 5],
        [None, 12.5, date(2024, 2, 29), datetime(2024, 2, 29, 14, 30), True, CellError("#N/A"), None, time(8, 15)],
    ]
    assert (sheet.merged, sheet.hidden_rows, sheet.hidden_columns) == (((1, 0, 1, 1),), (2,), (1,))
    assert sheet.unsaved == {6: 1}
    assert "Excel 2003" in said(book)


def test_an_xml_workbook_with_a_document_type_is_refused(tmp_path: Path) -> None:
    start, rest = XML.format(encoding="utf-8").split("?>", 1)
    with pytest.raises(UnsafeArchive):
        page(tmp_path, f'{start}?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>{rest}')


def test_a_cut_off_xml_workbook_is_damaged(tmp_path: Path) -> None:
    with pytest.raises(FileDamaged):
        page(tmp_path, XML.format(encoding="utf-8")[:900])


FLAT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:version="1.2"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 office:mimetype="application/vnd.oasis.opendocument.spreadsheet"><office:body><office:spreadsheet>
<table:table table:name="表"><table:table-row><table:table-cell office:value-type="string"><text:p>名</text:p>
</table:table-cell><table:table-cell office:value-type="date" office:date-value="2024-02-29"><text:p>x</text:p>
</table:table-cell>
   </table:table-row>
  </table:table></office:spreadsheet></office:body></office:document>"""


def test_a_flat_opendocument_sheet_is_read(tmp_path: Path) -> None:
    book = page(tmp_path, FLAT, "a.fods")
    assert rows_in(book.sheets[0]) == [["名", date(2024, 2, 29)]]
    assert book.notes == ()
    with pytest.raises(UnsafeArchive):
        page(tmp_path, FLAT.replace("?>\n", "?>\n<!DOCTYPE a>\n", 1), "a.fods")


def test_several_files_become_a_list_and_a_bad_one_is_named(tmp_path: Path) -> None:
    good = xlsx(tmp_path / "a.xlsx", {"表": ROWS})
    text = tmp_path / "b.csv"
    text.write_text("a,b\n1,2\n")
    assert [book.path.name for book in open_workbooks([good, text], Progress())] == ["a.xlsx", "b.csv"]
    bad = tmp_path / "c.xlsx"
    bad.touch()
    with pytest.raises(CannotRead, match=r"“c.xlsx”.*empty"):
        open_workbooks([good, bad], Progress())


def test_a_workbook_may_be_smaller_than_a_text(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1,2\n")
    limits = Limits(file_bytes=4)
    assert open_workbook(path, Progress(), limits).sheets[0].height == 2
