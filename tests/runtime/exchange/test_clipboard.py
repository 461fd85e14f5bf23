"""Cells on the clipboard, as other programs write and read them."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from runtime.exchange.clipboard import mime as clipboard
from runtime.exchange.clipboard.clip import Clip
from runtime.exchange.clipboard.html import read_table
from runtime.exchange.clipboard.mime import read, read_lines
from runtime.exchange.editing.pasting import Area, lay, without_names
from runtime.form import Form
from runtime.store.rows import Row
from runtime.work import Progress
from tests.runtime.exchange.clip_samples import EXCEL, EXCEL_TEXT, LIBREOFFICE, LIBREOFFICE_TEXT
from tests.support.workspaces import Office


def test_lines_of_text_are_read_with_quotes_tabs_and_line_breaks_inside():
    assert read_lines('a\tb\r\n"c\nd"\t"say ""hi"""\r\n') == [["a", "b"], ["c\nd", 'say "hi"']]


def test_a_quotation_mark_that_nothing_closes_is_part_of_the_text():
    assert read_lines('"abc\tx') == [['"abc', "x"]]
    assert read_lines('"x"y\tz') == [['"x"y', "z"]]
    assert read_lines('5" pipe\t1') == [['5" pipe', "1"]]


def test_blank_lines_in_the_middle_stay_and_the_last_line_break_is_none():
    assert read_lines("a\n\nb\n") == [["a"], [""], ["b"]]
    assert read_lines("") == []


@given(st.lists(st.lists(st.text(alphabet='ab"\t\n,中', max_size=6), min_size=2, max_size=3), min_size=1, max_size=4))
def test_what_is_written_as_lines_is_read_as_it_was(rows):
    width = len(rows[0])
    rows = [[*row, "", ""][:width] for row in rows]
    text = "\n".join("\t".join(clipboard._quoted(cell) for cell in row) for row in rows)
    assert read_lines(text + "\n") == rows


def test_the_table_of_excel_is_read_with_line_breaks_and_without_its_hidden_row():
    clip = read(EXCEL_TEXT, EXCEL)
    assert clip.rows[0] == ["A-10", "1,234.50", "2024/3/5", "12%", 'first line\nsecond "line"']
    assert clip.rows[1][4] == "a <b> & a very long text that Excel breaks in the source"
    assert (clip.height, clip.width) == (2, 5)
    assert clip.sheet


def test_the_table_of_libreoffice_brings_exact_numbers():
    clip = read(LIBREOFFICE_TEXT, LIBREOFFICE)
    assert clip.numbers[0, 3] == Decimal("0.123456")
    assert clip.numbers[0, 2] == 45356
    assert clip.rows[1] == ["A-11", "0.10", "12/31/24", "5%", ""]


def test_text_is_taken_where_the_table_has_another_shape():
    clip = read("one\ttwo\tthree", "<p>before</p><table><tr><td>one</td></tr></table>")
    assert clip.rows == [["one", "two", "three"]]
    assert read("a\tb", "<b>a</b> b").rows == [["a", "b"]]


def test_merged_cells_leave_blank_cells_behind():
    table = read_table("<table><tr><td rowspan=2>a</td><td colspan=2>b</td></tr><tr><td>c</td><td>d</td></tr></table>")
    assert table is not None
    assert table.rows == [["a", "b", ""], ["", "c", "d"]]


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<table>",
        "<table></table><table></table>",
        "<td>lost</td>",
        "<table><tr><td colspan=99999999>x" * 3,
        "<table>" + "<tr><td colspan=16384>x</td></tr>" * 400 + "</table>",
        "<!--" * 5000,
    ],
)
def test_html_that_is_no_table_or_claims_too_much_is_left_alone(html):
    found = read_table(html)
    assert found is None or found.width <= 16_384


def test_what_formwork_wrote_is_believed_only_where_it_is_about_the_same_cells():
    own = b'{"version": 1, "columns": [{"field": "f", "kind": "text", "target": "", "values": ["a"]}]}'
    assert len(read("a", own=own).own) == 1
    assert read("a\tb", own=own).own == ()
    assert read("a\nb", own=own).own == ()
    for broken in (b"{", b"[]", b'{"columns": 1}', b'{"version": 1, "columns": [{"field": "f"}]}', b"\xff\xfe"):
        assert read("a", own=broken).own == ()


# Writing


@pytest.fixture
def orders(tmp_path: Path):
    office = Office(tmp_path)
    customer = office.new("客户", {"名称": "=1+1"})
    values = {"编号": "00123", "客户": customer, "数量": 1200, "单价": Decimal("1234.5"), "折扣": Decimal("0.12")}
    row = office.row("订单", office.new("订单", {**values, "日期": date(2024, 3, 5), "重量": Decimal("0.1")}))
    yield office.form("订单"), row
    office.session.close()


def written(orders: tuple[Form, Row], names: bool = False) -> clipboard.Written:
    form, row = orders
    return clipboard.write([row], form.fields, names, Progress())


def test_numbers_are_written_without_separators_and_dates_year_first(orders):
    assert written(orders).text == "00123\t=1+1\t1200\t1234.50\t12%\t1303632.00\t2024-03-05\t\t0.100"


def test_the_table_tells_excel_and_libreoffice_what_is_text_and_what_is_a_number(orders):
    html = written(orders).html
    assert '.c0{mso-number-format:"\\@"}' in html
    assert '<td class="c0" sdnum="1033;0;@">00123</td>' in html
    assert '<td class="c1" sdnum="1033;0;@">=1+1</td>' in html, "a title is no formula either"
    assert 'sdval="1234.50" sdnum="1033;0;0.00"' in html
    assert 'sdval="45356" sdnum="1033;0;YYYY-MM-DD">2024-03-05' in html
    assert html.count("<!--StartFragment-->") == html.count("<!--EndFragment-->") == 1


def test_the_names_of_the_fields_stand_above_where_they_are_wanted(orders):
    found = written(orders, names=True)
    assert found.text.startswith("编号\t客户\t数量")
    assert '<th sdnum="1033;0;@">客户</th>' in found.html
    clip = without_names(read(found.text, found.html), orders[0].fields)
    assert clip.rows[0][0] == "00123"


def test_columns_in_another_order_go_by_the_names_above_them(orders):
    fields = orders[0].fields[:2]
    clip = without_names(read("客户\t编号\n张伟\t00123\n李娜\n", "", b""), fields)
    assert clip.rows == [["00123", "张伟"], ["", "李娜"]]
    other = read("客户\t别的\n张伟\t00123\n", "", b"")
    assert without_names(other, fields) is other


def test_libreoffice_reads_the_table_with_types_and_finds_no_formula(orders, tmp_path):
    office_program = shutil.which("soffice") or shutil.which("libreoffice")
    if office_program is None:
        pytest.skip("LibreOffice is not installed")
    page = tmp_path / "clip.html"
    page.write_text(written(orders).html, encoding="utf-8")
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(
        [office_program, profile, "--headless", "--infilter=HTML (StarCalc)", "--convert-to", "xlsx",
         "--outdir", str(tmp_path), str(page)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    cells = [cell.value for cell in load_workbook(tmp_path / "clip.xlsx").worksheets[0][1]]
    assert cells[:3] == ["00123", "=1+1", 1200]
    assert cells[3:5] == [1234.5, 0.12]
    assert cells[6] == datetime(2024, 3, 5)
    assert cells[8] == 0.1
    kinds = [cell.data_type for cell in load_workbook(tmp_path / "clip.xlsx").worksheets[0][1]]
    assert "f" not in kinds


# Where a block goes


def block(high: int, wide: int) -> Clip:
    return Clip([["x"] * wide for _ in range(high)])


def test_one_value_fills_everything_that_is_chosen():
    chosen = [Area(0, 0, 4, 2), Area(7, 1, 7, 1)]
    assert lay(block(1, 1), chosen, 5).areas == tuple(chosen)


def test_a_block_goes_to_the_upper_left_and_repeats_in_a_multiple_of_itself():
    assert lay(block(2, 2), [Area(3, 1, 3, 1)], 9).areas == (Area(3, 1, 4, 2),)
    assert lay(block(2, 2), [Area(0, 0, 3, 5)], 9).areas == (Area(0, 0, 3, 5),)
    assert lay(block(2, 2), [Area(0, 0, 4, 2)], 9).areas == (Area(0, 0, 1, 1),)


def test_columns_beyond_the_last_one_are_counted():
    layout = lay(block(1, 4), [Area(0, 3, 0, 3)], 5)
    assert layout.areas == (Area(0, 3, 0, 4),)
    assert layout.left_out == 2
