"""Texts with cells: encodings, delimiters, quotation marks, rows that do not fit, and what is told about them."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.exchange.readers.options import Limits, Options
from runtime.exchange.readers.outlet import Refusal
from runtime.exchange.readers.reading import Sheet, open_workbook
from runtime.exchange.readers.refusals import (
    FileTooLarge,
    LineTooLong,
    NothingToImport,
    QuoteNeverCloses,
    TooManyRows,
)
from runtime.exchange.readers.text_encoding import find_encoding
from runtime.exchange.readers.text_facts import TextFacts
from runtime.exchange.readers.text_lines import TextLines
from runtime.work import Progress
from tests.runtime.exchange.workbooks import shared

ROWS = [["姓名", "城市", "金额"], ["张三", "北京", "12.50"], ["李四", "上海", "3"]]
TEXT = "".join(",".join(row) + "\r\n" for row in ROWS)


def written(tmp_path: Path, content: bytes | str, name: str = "a.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def sheet_in(path: Path, **options: Any) -> Sheet:
    (sheet,) = open_workbook(path, Progress(), options=Options(**options)).sheets
    return sheet


def rows_in(sheet: Sheet) -> list[list[Any]]:
    return [list(row) for row in zip(*(column.values() for column in sheet.columns), strict=True)]


def facts_of(sheet: Sheet) -> TextFacts:
    assert sheet.text is not None
    return sheet.text


ENCODED = {
    "utf-8 with a mark": (TEXT.encode("utf-8-sig"), "utf-8"),
    "utf-8": (TEXT.encode(), "utf-8"),
    "gb18030": (TEXT.encode("gb18030"), "gb18030"),
    "gb18030, four bytes": ((TEXT + "㐀,𠀀,1\r\n").encode("gb18030"), "gb18030"),
    "utf-16 with a mark": (TEXT.encode("utf-16"), "utf-16-le"),
    "utf-16-be with a mark": (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16-be"),
    "utf-16-le": (TEXT.encode("utf-16-le"), "utf-16-le"),
    "utf-16-be": (TEXT.encode("utf-16-be"), "utf-16-be"),
    "utf-32 with a mark": (TEXT.encode("utf-32"), "utf-32-le"),
}


@pytest.mark.parametrize("kind", ENCODED)
def test_the_bytes_decide_the_encoding(tmp_path: Path, kind: str) -> None:
    content, name = ENCODED[kind]
    sheet = sheet_in(written(tmp_path, content))
    assert rows_in(sheet)[:3] == ROWS
    assert (facts_of(sheet).encoding, facts_of(sheet).encoding_doubtful) == (name, False)


@pytest.mark.parametrize("word", ["城市", "张三,李四", "编号,客户,日期\n1,王,2"])
def test_a_short_gbk_text_is_not_taken_for_utf16(word: str) -> None:
    assert find_encoding(io.BytesIO(word.encode("gbk"))).name == "gb18030"


@pytest.mark.parametrize("text", ["nom,ville\nRené,Málaga\nÅsa,Göteborg\n", "a,b,c\n1,2,3\n4,5,©"])
def test_western_letters_are_only_a_doubt(tmp_path: Path, text: str) -> None:
    sheet = sheet_in(written(tmp_path, text.encode("latin-1")))
    assert (facts_of(sheet).encoding, facts_of(sheet).encoding_doubtful) == ("cp1252", True)
    assert rows_in(sheet) == [line.split(",") for line in text.split()]


def test_a_person_chooses_another_encoding(tmp_path: Path) -> None:
    path = written(tmp_path, "姓名,備註\n王,測試\n".encode("big5"))
    assert rows_in(sheet_in(path, encoding="big5")) == [["姓名", "備註"], ["王", "測試"]]


def test_an_encoding_that_does_not_exist_is_a_bug(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="encoding"):
        sheet_in(written(tmp_path, TEXT), encoding="rot13")


def test_lines_in_another_encoding_are_named_with_their_offset_and_the_others_go_on(tmp_path: Path) -> None:
    """XLS-57."""
    good = "编号,名称\n1,苹果\n".encode()
    bad = "2,香蕉\n".encode("gbk")
    sheet = sheet_in(written(tmp_path, good + bad + '3,"樱\n桃"\n'.encode() + bad))
    assert facts_of(sheet).encoding == "utf-8"
    assert facts_of(sheet).bad_lines == ((2, len(good)), (4, len(good + bad + '3,"樱\n桃"\n'.encode())))
    assert facts_of(sheet).bad_line_rows == 2
    assert [row[0] for row in rows_in(sheet)] == ["编号", "1", "2", "3", "2"]
    assert "\ufffd" in rows_in(sheet)[2][1]


def test_a_file_cut_in_a_character_has_one_bad_line(tmp_path: Path) -> None:
    content = TEXT.encode().rstrip() + "。".encode()[:2]
    sheet = sheet_in(written(tmp_path, content))
    assert facts_of(sheet).bad_lines == ((2, len("".join(TEXT.splitlines(True)[:2]).encode())),)


def test_half_a_character_of_utf16_is_replaced_and_named(tmp_path: Path) -> None:
    content = "a,b\r\n1,x".encode("utf-16-le") + b"\x00\xd8" + "y\r\n2,z\r\n".encode("utf-16-le")
    sheet = sheet_in(written(tmp_path, b"\xff\xfe" + content))
    assert rows_in(sheet) == [["a", "b"], ["1", "x\ufffdy"], ["2", "z"]]
    assert facts_of(sheet).bad_lines == ((1, 2 + 2 * len("a,b\r\n")),)


DELIMITED = {
    ",": "a,b,c\n1,2,3\n4,5,6\n",
    ";": "name;price;note\nA;1,50;x\nB;2,75;y, z\n",
    "\t": "a\tb\n1,5\t2\n3,5\t4\n",
    "|": "a|b|c\n1|2|3\n",
    "，": "姓名，城市，金额\n张三，北京，1\n李四，上海，2\n",
    "；": "姓名；城市\n张三；北京\n李四；上海\n",
    " ": " 00004 0001 19970101  2   29.33\n 00004 0001 19970118  2   29.73\n 00021 0002 19970101  3   63.34\n",
}


@pytest.mark.parametrize("delimiter", DELIMITED)
def test_the_delimiter_is_found_and_told(tmp_path: Path, delimiter: str) -> None:
    sheet = sheet_in(written(tmp_path, DELIMITED[delimiter], "a.txt"))
    assert facts_of(sheet).delimiter == delimiter
    assert rows_in(sheet) == [line.split(delimiter if delimiter != " " else None) for line in
                              DELIMITED[delimiter].strip("\n").split("\n")]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "客户名称\n北京分公司\n上海分公司\n",
        "note\nHello, world\nNothing here\nGood morning to you\nYes\n",
        "12\n13\n14\n",
    ],
)
def test_a_file_of_one_column_stays_one(tmp_path: Path, text: str) -> None:
    sheet = sheet_in(written(tmp_path, text))
    assert facts_of(sheet).delimiter == ""
    assert rows_in(sheet) == [[line] for line in text.splitlines()]


def test_the_line_with_which_excel_names_the_delimiter_is_obeyed_and_left_out(tmp_path: Path) -> None:
    sheet = sheet_in(written(tmp_path, "sep=;\r\na,b;c\r\n1;2\r\n"))
    assert rows_in(sheet) == [["a,b", "c"], ["1", "2"]]


def test_a_person_chooses_another_delimiter(tmp_path: Path) -> None:
    path = written(tmp_path, "a,b;c\n1,2;3\n")
    assert rows_in(sheet_in(path, delimiter=";")) == [["a,b", "c"], ["1,2", "3"]]


def test_a_title_above_the_table_does_not_hide_the_delimiter(tmp_path: Path) -> None:
    text = "销售报表\n2024年, 一月\n\n编号;名称;金额\n1;甲;1,5\n2;乙;2,5\n3;丙;3,5\n合计;;7,5\n"
    assert facts_of(sheet_in(written(tmp_path, text))).delimiter == ";"


def test_ragged_rows_are_told_with_their_numbers(tmp_path: Path) -> None:
    """XLS-59."""
    sheet = sheet_in(written(tmp_path, "a;b;c\n1;2;3\n4;5\n\n6;7;8;9\n10;11;12;;\n"))
    facts = facts_of(sheet)
    assert (facts.delimiter, facts.columns, facts.ragged, facts.ragged_rows) == (";", 3, ((2, 2), (4, 4)), 2)
    assert rows_in(sheet)[2] == ["4", "5", None, None, None]
    assert sheet.height == 6


def test_a_row_wider_than_all_before_widens_the_sheet(tmp_path: Path) -> None:
    sheet = sheet_in(written(tmp_path, "a,b\n" + "1,2\n" * 9000 + "1,2,3\n"))
    assert (sheet.width, sheet.height) == (3, 9002)
    assert sheet.columns[2].values(8999) == [None, None, "3"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n"])
def test_every_kind_of_line_end_ends_a_line(tmp_path: Path, end: str) -> None:
    sheet = sheet_in(written(tmp_path, end.join(["a,b", '"x', 'y",2', "3,4", ""])))
    assert [row for row in rows_in(sheet) if any(row)] in (
        [["a", "b"], ["x\ny", "2"], ["3", "4"]], [["a", "b"], ["x\n\ny", "2"], ["3", "4"]],
    )  # fmt: skip


def test_nul_and_control_characters_are_taken_out_and_counted(tmp_path: Path) -> None:
    """XLS-48 and XLS-49."""
    sheet = sheet_in(written(tmp_path, "a,b\nx\0y,\x07z\nclean,\ufdd0\n"))
    assert rows_in(sheet) == [["a", "b"], ["xy", "z"], ["clean", "\ufffd"]]
    assert sheet.cleaned == 3


def test_quotes_inside_cells_and_delimiters_inside_quotes_are_text(tmp_path: Path) -> None:
    sheet = sheet_in(written(tmp_path, 'a,b\n"1,5","say ""hi"""\n5" pipe,x\n'))
    assert rows_in(sheet) == [["a", "b"], ["1,5", 'say "hi"'], ['5" pipe', "x"]]


def _quoted_whole(rows: list[list[str]], delimiter: str = ",") -> str:
    """A csv whose lines were taken for single cells and written as csv again."""
    made, again = io.StringIO(), io.StringIO()
    csv.writer(made, delimiter=delimiter, lineterminator="\n").writerows(rows)
    lines = list(csv.reader([f"{line}\n" for line in made.getvalue().split("\n")[:-1]], delimiter="\x1f", quoting=3))
    csv.writer(again, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(lines)
    return again.getvalue()


PEOPLE = [["编号", "姓名", "备注"], ["1", "张三", "好，很好"], ["2", "Lee, Ann", 'a 5" nail'], ["3", "王五", "无"]]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_lines_in_quotation_marks_as_a_whole_are_cut_all_the_same(tmp_path: Path, delimiter: str) -> None:
    sheet = sheet_in(written(tmp_path, _quoted_whole(PEOPLE, delimiter)))
    assert rows_in(sheet) == PEOPLE
    assert (facts_of(sheet).delimiter, facts_of(sheet).ragged_rows) == (delimiter, 0)
    assert rows_in(sheet_in(sheet_path := tmp_path / "a.csv", delimiter=delimiter)) == PEOPLE
    assert rows_in(sheet_in(sheet_path, quotes=False)) != PEOPLE


def test_only_the_lines_that_needed_it_may_stand_in_quotation_marks(tmp_path: Path) -> None:
    text = 'id,name,amount\n"1,""Lee, Ann"",10.5"\n"2,""Ng, Bob"",20"\n3,Cid,30\n\n"4,""Two\nlines"",40"\n'
    text += '"5,""Oh, Dan"",50"\n' * 3
    found = rows_in(sheet_in(written(tmp_path, text)))
    assert found[1:4] == [["1", "Lee, Ann", "10.5"], ["2", "Ng, Bob", "20"], ["3", "Cid", "30"]]
    assert found[5] == ["4", "Two\nlines", "40"]


def test_lines_in_quotation_marks_as_a_whole_may_be_called_after_years(tmp_path: Path) -> None:
    rows = [["产品", "2023", "2024"], ["笔", "4", "5"], ["纸", "5", "6"], ["墨", "6", "7"]]
    assert rows_in(sheet_in(written(tmp_path, _quoted_whole(rows)))) == rows


LISTS = {
    "names under a header": 'name\n"Smith, Ann"\n"Lee, Bob"\n"Ng, Cid"\n',
    "figures": 'amount\n"1,200"\n"3,400"\n"5,600"\n',
    "names under a header with a delimiter": '"Last, First"\n"Smith, Ann"\n"Lee, Bob"\n"Ng, Cid"\n',
    "sentences": 'text\n"Yes, of course"\n"No, never, not at all"\n"Well, perhaps"\n',
}


@pytest.mark.parametrize("text", LISTS.values(), ids=LISTS)
def test_a_list_of_quoted_cells_is_not_cut(tmp_path: Path, text: str) -> None:
    assert rows_in(sheet_in(written(tmp_path, text))) == list(csv.reader(io.StringIO(text)))


def test_a_quote_that_swallows_ten_megabytes_is_refused_with_its_line(tmp_path: Path) -> None:
    """XLS-58."""
    before = "".join(f'{n},"fine",{n}\n' for n in range(1, 3000))
    path = written(tmp_path, before + '3000,"open,3\n' + "1,plain,2\n" * 1_200_000)
    with pytest.raises(QuoteNeverCloses, match="line 3000"):
        sheet_in(path)


def test_a_quote_that_is_open_at_the_end_is_refused_with_its_line(tmp_path: Path) -> None:
    body = 'a,b\n"x\ny",1\n"never,2\n' + "1,2,3\n" * 300_000
    with pytest.raises(QuoteNeverCloses, match="line 4"):
        sheet_in(written(tmp_path, body))


def test_inch_marks_that_would_swallow_a_small_file_are_characters(tmp_path: Path) -> None:
    sheet = sheet_in(written(tmp_path, 'size,price\n"5 inch,1\n7 inch,2\n'))
    assert rows_in(sheet) == [["size", "price"], ['"5 inch', "1"], ["7 inch", "2"]]
    assert facts_of(sheet).quotes is False


def test_a_file_without_line_ends_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LineTooLong, match="Line 1"):
        sheet_in(written(tmp_path, "x" * (12 << 20)))


def test_more_rows_than_the_limit_are_refused_and_splitting_is_offered(tmp_path: Path) -> None:
    """XLS-19."""
    path = written(tmp_path, "a,b\n" + "1,2\n" * 30)
    with pytest.raises(TooManyRows, match=r"more than 20 rows.*Split it"):
        open_workbook(path, Progress(), Limits(rows=20))
    assert open_workbook(path, Progress(), Limits(rows=30)).sheets[0].height == 31


def test_columns_beyond_the_limit_are_left_out_and_counted(tmp_path: Path) -> None:
    """XLS-20."""
    line = ",".join(f"c{n}" for n in range(1, 601))
    sheet = sheet_in(written(tmp_path, f"{line}\n{line}\n"))
    assert (sheet.width, sheet.dropped_columns) == (500, 100)


def test_a_text_over_the_limit_is_refused_with_the_limit(tmp_path: Path) -> None:
    with pytest.raises(FileTooLarge, match="larger than 1 MB"):
        open_workbook(written(tmp_path, "a,b\n" * 400_000), Progress(), Limits(text_bytes=1 << 20))


@pytest.mark.parametrize("content", [b"\n\n\n", b"\xef\xbb\xbf", b" ,,\n,,\n"])
def test_a_text_of_blanks_holds_nothing_to_import(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(NothingToImport):
        sheet_in(written(tmp_path, content))


def test_a_real_export_in_gb18030_is_read_whole() -> None:
    sheet = sheet_in(shared("messy/superstore_cn_3000_gb18030.csv"))
    assert (sheet.height, sheet.width, facts_of(sheet).ragged_rows) == (3001, 20, 0)
    assert sheet.columns[2].values(1, 2) == ["2017-04-27"]


def test_lines_across_stretches_come_whole_and_in_order() -> None:
    content = b"".join(b"%d,%s\r\n" % (n, b"x" * (n % 300)) for n in range(20_000))
    lines = TextLines(io.BytesIO(content), find_encoding(io.BytesIO(content)), 10 << 20)
    assert "".join(lines) == content.decode().replace("\r\n", "\n")
    with pytest.raises(Refusal):
        list(TextLines(io.BytesIO(b"x" * (3 << 20)), find_encoding(io.BytesIO(b"x")), 1 << 20))


CELL = st.text(st.sampled_from('ab,;"\n 1中'), max_size=6).map(str.strip)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=2, max_size=8), st.sampled_from(["utf-8", "gb18030"]))
def test_what_the_csv_module_writes_is_read_back_equal(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], encoding: str
) -> None:
    made = io.StringIO()
    csv.writer(made, quoting=csv.QUOTE_ALL).writerows([["甲甲甲", "乙乙乙", "丙丙丙"], *rows])
    path = written(tmp_path_factory.mktemp("csv"), made.getvalue().encode(encoding))
    sheet = sheet_in(path, delimiter=",", encoding=encoding)
    lines = "\n".join
    assert rows_in(sheet)[1:] == [[lines(cell.split("\n")) or None for cell in row] for row in rows]
