"""Number formats of .xls and .xlsb: the same as those of the same sheet in an .xlsx."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import pytest
import xlsxwriter
import xlwt
from hypothesis import given
from hypothesis import strategies as st
from xlwt.CompoundDoc import XlsDoc

from runtime.exchange.readers.xls_parts import XlsParts, is_out_of_joint
from runtime.exchange.readers.xlsb_parts import XlsbParts
from runtime.exchange.readers.xlsx_parts import BROKEN
from tests.runtime.exchange.workbooks import archive, read, rezip, shared, types, understood, xls, xlsx

FORMATS = {1: "000000", 2: "0%", 3: '"¥"#,##0.00'}
ROWS = [
    ["名称", "编号", "份额", "价格", "备注"],
    *(["甲", number, number / 100, number + 0.5, f"注{number}"] for number in (7, 12, 345)),
]


def _measures(path: Path, shares: int) -> Path:
    """Measures of which some are shares: 95%, 120 and 3 in one column, in both formats."""
    cells = [(0.95, "0.0%") if at < shares else (120.0 + at, None) for at in range(6)]
    if path.suffix == ".xls":
        old = xlwt.Workbook()
        page = old.add_sheet("表")
        styles = {code: xlwt.easyxf(num_format_str=code or "General") for _, code in cells}
        for column, name in enumerate(("指标", "完成值")):
            page.write(0, column, name)
        for at, (value, code) in enumerate(cells):
            page.write(at + 1, 0, f"指标{at}")
            page.write(at + 1, 1, value, styles[code])
        old.save(str(path))
        return path
    with xlsxwriter.Workbook(path) as book:
        sheet, percent = book.add_worksheet("表"), book.add_format({"num_format": "0.0%"})
        sheet.write_row(0, 0, ["指标", "完成值"])
        for at, (value, code) in enumerate(cells):
            sheet.write(at + 1, 0, f"指标{at}")
            sheet.write(at + 1, 1, value, percent if code else None)
    return path


@pytest.mark.parametrize("kind", ["xls", "xlsx"])
def test_measures_of_which_few_are_shares_stay_numbers_and_of_many_shares_it_is_asked(
    tmp_path: Path, kind: str
) -> None:
    few = understood(*read(_measures(tmp_path / f"few.{kind}", 2)).sheets)
    assert types(few, "表") == {"指标": "text", "完成值": "decimal"}
    many = understood(*read(_measures(tmp_path / f"many.{kind}", 5)).sheets)
    assert types(many, "表") == {"指标": "text", "完成值": "percent"}
    doubt = many.doubt("表/1/named_percent")
    assert str(doubt.message) == "“完成值” is shown as percent in Excel and read so: 125 is 12500%."
    assert types(many.choose(doubt.id, "decimal"), "表") == {"指标": "text", "完成值": "decimal"}


@pytest.mark.parametrize("write", [xls, xlsx])
def test_an_xls_has_the_formats_of_the_xlsx(tmp_path: Path, write: object) -> None:
    path = (xls if write is xls else xlsx)(tmp_path / "a", {"表": ROWS, "又": ROWS}, formats=FORMATS)
    assert [sheet.formats for sheet in read(path).sheets] == [FORMATS, FORMATS]


def test_codes_of_an_xls_keep_their_zeros(tmp_path: Path) -> None:
    path = xls(tmp_path / "a.xls", {"表": ROWS}, formats=FORMATS)
    plan = understood(*read(path).sheets)
    assert types(plan, "表") == {"名称": "text", "编号": "text", "份额": "percent", "价格": "money", "备注": "text"}
    assert plan.sheet("表").columns[1].pad == 6


def test_numbers_side_by_side_have_a_format_each(tmp_path: Path) -> None:
    rows = [["甲", "乙", "丙"], [1, 2, 3], [4, 5, 6]]
    (sheet,) = read(xls(tmp_path / "a.xls", {"表": rows}, formats={0: "000", 2: "0.00%"})).sheets
    assert sheet.formats == {0: "000", 2: "0.00%"}


def test_texts_blanks_and_the_first_row_of_an_xls_give_no_format(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet, padded = book.add_sheet("表"), xlwt.easyxf(num_format_str="0000")
    sheet.write(0, 0, 2020, padded)
    sheet.write(1, 0, 1)
    sheet.write(1, 1, "文字", padded)
    sheet.write(1, 2, None, padded)
    sheet.write(1, 3, "00012", xlwt.easyxf(num_format_str="@"))
    book.save(str(tmp_path / "a.xls"))
    assert read(tmp_path / "a.xls").sheets[0].formats == {3: "@"}


def _record(number: int, content: bytes) -> bytes:
    return struct.pack("<HH", number, len(content)) + content


def _xls(version: int, code: bytes, cells: bytes) -> bytes:
    """An .xls with one sheet; `code` is the format 164, which the style 1 has."""
    begin = struct.pack("<HHHHII", version, 5, 0, 0, 0, 0)
    head = _record(0x0809, begin) + _record(0x041E, struct.pack("<H", 164) + code)
    head += _record(0x00E0, bytes(16)) + _record(0x00E0, struct.pack("<HH12x", 0, 164))
    place = len(head) + len(_record(0x0085, bytes(8))) + len(_record(0x000A, b""))
    head += _record(0x0085, struct.pack("<I4x", place)) + _record(0x000A, b"")
    made = io.BytesIO()
    XlsDoc().save(made, head + _record(0x0809, begin) + cells + _record(0x000A, b""))
    return made.getvalue()


NUMBER = _record(0x0203, struct.pack("<HHHd", 1, 2, 1, 12.0))
PLAIN = struct.pack("<HB", 3, 0) + b"000"
WIDE = struct.pack("<HB", 3, 1) + "000".encode("utf-16-le")


@pytest.mark.parametrize(("version", "code"), [(0x0500, b"\x03000"), (0x0600, PLAIN), (0x0600, WIDE)])
def test_formats_of_old_and_new_xls_are_read(version: int, code: bytes) -> None:
    assert XlsParts(_xls(version, code, NUMBER), ["表"]).sheet("表").formats == {2: "000"}


def test_a_formula_has_a_format_where_its_result_is_a_number() -> None:
    text, number = b"\0\0\0\0\0\0\xff\xff", struct.pack("<d", 12)
    cells = [
        _record(0x0006, struct.pack("<HHH", 1, at, 1) + result + bytes(8)) for at, result in ((0, text), (3, number))
    ]
    assert XlsParts(_xls(0x0600, PLAIN, b"".join(cells)), ["表"]).sheet("表").formats == {3: "000"}


def test_a_chart_on_a_sheet_gives_no_format() -> None:
    chart = _record(0x0809, bytes(16)) + NUMBER + _record(0x000A, b"")
    assert XlsParts(_xls(0x0500, b"\x03000", chart), ["表"]).sheet("表").formats == {}


def _sheets_of_the_same_bytes(count: int) -> bytes:
    begin, end = _record(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0)), _record(0x000A, b"")
    bound = [_record(0x0085, struct.pack("<IHBB", 0, 0, 5, 0) + f"S{at:04}".encode()) for at in range(count)]
    place = len(begin) + sum(map(len, bound)) + len(end)
    told = b"".join(each[:4] + struct.pack("<I", place) + each[8:] for each in bound)
    cells = b"".join(_record(0x0203, struct.pack("<HHHd", row, 0, 0, 1.0)) for row in range(1_000))
    made = io.BytesIO()
    XlsDoc().save(made, begin + told + end + begin + cells + end)
    return made.getvalue()


def test_sheets_that_are_the_same_bytes_again_and_again_are_not_read() -> None:
    assert is_out_of_joint(_sheets_of_the_same_bytes(300))
    assert not is_out_of_joint(_sheets_of_the_same_bytes(2))


def test_many_sheets_of_their_own_are_read(tmp_path: Path) -> None:
    path = xls(tmp_path / "a.xls", {f"表{at}": ROWS for at in range(40)})
    assert not is_out_of_joint(path.read_bytes())
    assert len(read(path).sheets) == 40


@pytest.mark.parametrize("write", [xls, xlsx])
def test_formats_that_make_texts_endless_say_nothing(tmp_path: Path, write: object) -> None:
    formats = {1: "0" * 200, 3: "[$" + "A" * 200 + "]0.00"}
    path = (xls if write is xls else xlsx)(tmp_path / "a", {"表": ROWS}, formats=formats)
    plan = understood(*read(path).sheets)
    assert types(plan, "表")["编号"] == "integer"
    assert plan.sheet("表").columns[3].props.get("symbol", "") in ("", "¥")


CELLS = st.sampled_from((0x0203, 0x027E, 0x00BD, 0x0006, 0x0205, 0x00FD, 0x0809, 0x000A))


@given(st.sampled_from((0x0500, 0x0600)), st.binary(max_size=12), st.lists(st.tuples(CELLS, st.binary(max_size=24))))
def test_odd_records_only_cost_their_formats(version: int, code: bytes, cells: list[tuple[int, bytes]]) -> None:
    content = _xls(version, code, b"".join(_record(number, cell) for number, cell in cells))
    try:
        formats = XlsParts(content, ["表"]).sheet("表").formats
    except BROKEN:
        return
    assert all(isinstance(found, str) and len(found) <= len(code) for found in formats.values())


def _binary(number: int, content: bytes) -> bytes:
    """A record of an .xlsb, its number and length in groups of seven bits."""
    head = bytes((number,)) if number < 0x80 else bytes((number & 0x7F | 0x80, number >> 7))
    return head + bytes((len(content),)) + content


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _styles(*codes: int) -> bytes:
    """The styles of an .xlsb; the format 164 is 000000."""
    made = (
        _binary(615, struct.pack("<I", 1)) + _binary(44, struct.pack("<H", 164) + _wide("000000")) + _binary(616, b"")
    )
    made += _binary(626, struct.pack("<I", 1)) + _binary(47, bytes(16)) + _binary(627, b"")
    made += _binary(617, struct.pack("<I", len(codes)))
    return made + b"".join(_binary(47, struct.pack("<HH12x", 0, code)) for code in codes) + _binary(618, b"")


def _xlsb(*cells: tuple[int, int, int, bytes], styles: bytes = _styles(0, 164, 9)) -> bytes:
    """An .xlsb with one sheet; `cells` of its second row: kind, column, style, value."""
    rows = [_binary(0, struct.pack("<I13x", row)) for row in (0, 1)]
    first = _binary(5, struct.pack("<IId", 3, 1, 1.0))
    seconds = [_binary(kind, struct.pack("<II", column, style) + value) for kind, column, style, value in cells]
    link = b'<Relationship Id="r1" Target="worksheets/s.bin"/>'
    return archive(
        {
            "xl/workbook.bin": _binary(156, bytes(8) + _wide("r1") + _wide("S")),
            "xl/_rels/workbook.bin.rels": b"<Relationships>" + link + b"</Relationships>",
            "xl/worksheets/s.bin": rows[0] + first + rows[1] + b"".join(seconds),
            "xl/styles.bin": styles,
        }
    )


def test_formats_of_an_xlsb_are_read() -> None:
    number = struct.pack("<d", 12)
    content = _xlsb((5, 0, 1, number), (5, 1, 0, number), (7, 2, 1, bytes(4)), (9, 4, 2, number), (5, 5, 900, number))
    assert XlsbParts(content).sheet("S").formats == {0: "000000", 4: "0%"}


@given(st.binary(max_size=80), st.lists(st.tuples(st.integers(1, 11), *[st.integers(0, 2**32 - 1)] * 2, st.binary())))
def test_odd_records_of_an_xlsb_only_cost_their_formats(
    styles: bytes, cells: list[tuple[int, int, int, bytes]]
) -> None:
    try:
        part = XlsbParts(_xlsb(*((*cell[:3], cell[3][:90]) for cell in cells), styles=styles)).sheet("S")
    except BROKEN:
        return
    assert all(column < 16_384 for column in part.formats)


def test_codes_of_a_real_xlsb_keep_their_zeros(tmp_path: Path) -> None:
    def padded(name: str, old: bytes) -> bytes:
        return _styles(*[164] * 20) if name == "xl/styles.bin" else old

    source = shared("messy/calamine_any_sheets.xlsb")
    assert read(rezip(source, tmp_path / "a.xlsb", padded, {})).sheets[0].formats[0] == "000000"
