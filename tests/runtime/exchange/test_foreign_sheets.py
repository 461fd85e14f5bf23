"""Sheets as other programs and their tests leave them: lists without a header, blocks below each other, odd endings."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from runtime.exchange.readers.cleaning import Cleaner
from runtime.exchange.readers.refusals import FileTooLarge
from runtime.exchange.tables.table import to_tables
from tests.runtime.exchange.workbooks import Rows, archive, plan_of, read, sheet_of, types, understood, xls, xlsx

DAY = date(2024, 3, 5)


def shape(rows: Rows, **more: Any) -> list[tuple[int, int]]:
    """Of each table the row of its header and its number of rows."""
    return [(table.header_row, table.height) for table in to_tables(sheet_of(rows, **more))]


RECORDS: dict[str, Rows] = {
    "figures, a text and an answer in one column": [[1], [2], ["ab"], [False]],
    "figures, then texts, then a day": [[1], [1.5], ["ab"], [False], ["test"], [DAY]],
    "a row of each kind": [[1, 2, 3], [True, False, None, "x"], ["foo", "bar", DAY, "0.3"], ["baz", None, "q", 3.5]],
    "a list that counts": [["test1"], ["test2 other"], ["test3 aaa"], ["test4"]],
    "cells that say where they are": [["B3", "C3"], ["B4", "C4"], ["B5", "C5"]],
    "texts that return": [["aa"], ["bb"], ["aa"], ["bb"]],
    "a row that returns at once": [["A", "B", "C"], ["A", "B", "C"], [None, None, "C"]],
    "rows that say one thing each": [["a", "a"], ["b", "b"], ["c", "c"]],
    "signs only": [["&"], ["<"], [">"], ["aaa ' aaa"], ['"'], ["é"]],
    "one last word in every row": [["Thai language"], ["Hindi language"], ["Arabic language"], ["Irish language"]],
    "a length of time": [["288:00:00"]],
}


@pytest.mark.parametrize("case", RECORDS)
def test_the_first_record_is_no_header(case: str) -> None:
    assert shape(RECORDS[case]) == [(0, len(RECORDS[case]))]


HEADERS: dict[str, tuple[Rows, tuple[int, int]]] = {
    "equal names over different texts": ([["电话", "电话"], ["a-1", "b-1"], ["a-2", "b-2"]], (1, 2)),
    "texts below that fill little": ([["a", "b", "c"], ["a", None, None], [None, None, "c"]], (1, 2)),
    "a header that returns on every page": (
        [["姓名", "年龄"], *[[f"甲{n}", n] for n in range(9)], ["姓名", "年龄"], ["乙", 3]], (1, 10),
    ),
    "a list of texts that return": ([["Status"], ["ok"], ["bad"], ["ok"]], (1, 3)),
    "years over groups": ([["Name", 2016, None, 2015, None], [None, "Rank", "Count", "Rank", "Count"],
                           ["A", 1, 9, 2, 5], ["B", 2, 7, 1, 6]], (2, 2)),
    "a row of units": ([["Name", "Mass", "Length"], [None, "kg", "m"], ["a", 1, 2], ["b", 3, 4]], (2, 2)),
    "a first record without a name": ([["Name", "Mass", "Length"], [None, "kg", 5], ["a", 1, 2], ["b", 3, 4]], (1, 3)),
    "two rows of names and nothing below": (
        [["Case:", None, "SW-1"], [], ["Level", "Data", "PHAL", None, None, "CTB", None, None],
         [None, None, "Contra", "Ipsi", "Notes", "Contra", "Ipsi", "Notes"]],
        (4, 0),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", HEADERS)
def test_the_names_of_columns_are_still_found(case: str) -> None:
    rows, found = HEADERS[case]
    assert shape(rows) == [found]


def test_whole_numbers_of_an_old_workbook_are_figures_and_years_there_are_names(tmp_path: Path) -> None:
    rows = [["Name", 2016, None, 2015, None], [None, "Rank", "Count", "Rank", "Count"], ["A", 1, 9, 2, 5],
            ["B", 2, 7, 1, 6]]  # fmt: skip
    plan = understood(*read(xls(tmp_path / "names.xls", {"Boys": rows})).sheets)
    assert types(plan, "Boys") == {"Name": "text", "2016 / Rank": "integer", "2016 / Count": "integer",
                                   "2015 / Rank": "integer", "2015 / Count": "integer"}  # fmt: skip


def test_a_row_that_is_filled_as_the_records_above_it_is_no_remark() -> None:
    rows = [["№", "Step", "Text"], ["1", "a", "x"], ["2", "b", None], ["2.1", "c", None], ["2.х", "d", None]]
    assert shape(rows) == [(1, 4)]
    assert shape([*rows, [], ["as of May", None, None]]) == [(1, 4)]


def test_a_name_that_means_total_elsewhere_is_a_record_among_texts() -> None:
    assert shape([["Company", "City"], ["Total", "Paris"], ["Shell", "London"], ["BP", "London"]]) == [(1, 3)]
    assert shape([["Company", "Sales"], ["Shell", 1], ["BP", 2], ["Total", 3]]) == [(1, 2)]
    assert shape([["姓名", "语文"], ["甲", 90], ["乙", 70], ["平均分", 80]]) == [(1, 2)]


def test_narrow_parts_above_the_part_that_holds_nearly_all_rows_are_a_description() -> None:
    about = [["title", "Coffs Harbour"], ["depth", 0], [], ["Row name", "Units"], ["Depth", "m"], [], ["DATA"]]
    data = [["Wavelength", "ag", "ad", "aph", "sum"], *[[800 - n, n / 7, n / 8, n / 9, n / 3] for n in range(30)]]
    assert shape([*about, *data]) == [(8, 30)]


def test_one_text_merged_across_the_columns_is_a_remark_even_where_it_is_the_only_row() -> None:
    rows = [["Date", "Agency", "Clicks", "Price"], ["No data for the report", None, None, None]]
    assert shape(rows, merged=((1, 0, 1, 3),)) == [(1, 0)]
    assert shape(rows) == [(1, 1)]


BLOCKS: dict[str, tuple[Rows, list[tuple[int, int]]]] = {
    "names with another number": (
        [["label", "value"], ["a", 1], ["b", 2], ["label2", "value2"], ["c", 3], ["d", 4]], [(1, 2), (4, 2)],
    ),
    "other names over figures": (
        [["Region", "Q1", "Q2"], ["N", 1, 2], ["S", 3, 4], ["Product", "Jan", "Feb"], ["P", 5, 6], ["I", 7, 8]],
        [(1, 2), (4, 2)],
    ),
    "a title above the same names": (
        [["Sales"], ["Region", "Q1"], ["N", 1], ["S", 3], ["Costs"], ["Region", "Q1"], ["N", 5], ["S", 7]],
        [(2, 2), (6, 2)],
    ),
    "days below figures": (
        [["Item", "Price", "Count"], ["a", 1, 2], ["b", 2, 3], ["Name", "Born", "Died"], ["c", DAY, DAY],
         ["d", DAY, DAY]],
        [(1, 2), (4, 2)],
    ),
    "a text among figures is a record": ([["a", "b"], ["x", 1], ["bogus", "unknown"], ["y", 2], ["z", 3]], [(1, 4)]),
    "a sheet that lies on its side is one table": (
        [["Name", "Alice", "Bob"], ["Age", 31, 42], ["City", "Rome", "Oslo"], ["Joined", DAY, DAY]], [(1, 2)],
    ),
    "two equal texts among figures are a record": (
        [["姓名", "语文", "数学"], ["甲", 90, 80], ["乙", "缺考", "缺考"], ["丙", 70, 60]], [(1, 3)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BLOCKS)
def test_tables_below_each_other_need_no_blank_row_between_them(case: str) -> None:
    rows, found = BLOCKS[case]
    assert shape(rows) == found


def test_tables_that_are_made_in_excel_stay_apart(tmp_path: Path) -> None:
    path = tmp_path / "tables.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("S")
        sheet.add_table("A1:B3", {"columns": [{"header": "k"}, {"header": "v"}], "data": [["a", 1], ["b", 2]]})
        sheet.add_table("D1:E3", {"columns": [{"header": "w"}, {"header": "z"}], "data": [["c", 3], ["d", 4]]})
    assert [(table.headers, table.height) for table in to_tables(read(path).sheets[0])] == [
        (("k", "v"), 2), (("w", "z"), 2),
    ]  # fmt: skip


def test_neighbours_whose_names_differ_by_a_number_are_two_tables() -> None:
    rows = [["label", "value", None, "label2", "value2"], ["a", 1, None, "c", 3], ["b", 2, None, "d", 4]]
    assert len(shape(rows)) == 2


def test_a_column_without_a_name_never_takes_the_name_of_another() -> None:
    (table,) = to_tables(sheet_of([[None, "Column A"], ["Row 1", 1]]))
    assert table.headers == ("Column A (2)", "Column A")


def test_a_header_of_texts_over_texts_is_doubtful_unless_its_names_are_known() -> None:
    doubtful = plan_of({"S": [["this", "it"], ["is an xlsx file", "cannot be read"]]})
    assert "S//weak_header" in {doubt.id for doubt in doubtful.doubts}
    known = plan_of({"S": [["姓名", "部门"], ["张三", "销售"]], "T": [["zone", "chief"], ["华东", "甲"]],
                     "U": [["zone", "chief", "sum"], ["华东", "甲", 5]]})  # fmt: skip
    assert not [doubt for doubt in known.doubts if doubt.code == "weak_header"]


def test_columns_that_are_named_after_letters_make_no_relations() -> None:
    plan = plan_of({"a": [[1], [2], [3], [4]], "b": [[1, "x"], [2, "y"], [2, "z"], [1, "u"]]})
    assert types(plan, "b") == {"Column A": "integer", "Column B": "text"}


def test_chart_sheets_are_named(tmp_path: Path) -> None:
    path = tmp_path / "chart.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("S").write_column(0, 0, ["n", 1, 2])
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=S!$A$2:$A$3"})
        book.add_chartsheet("C").set_chart(chart)
    assert [str(note) for note in read(path).notes] == ["Sheets that hold a chart and no cells are left out."]
    assert read(xlsx(tmp_path / "plain.xlsx", {"S": [["n"], [1]]})).notes == ()


@pytest.mark.parametrize(
    ("cell", "clean"),
    [
        ("PT27H17M54S", "27:17:54"),
        ("PT288H00M00S", "288:00:00"),
        ("PT255H10M10.000000001S", "255:10:10"),
        ("-PT1H30M", "-1:30:00"),
        ("PT10H10M10.5S", "10:10:10.5"),
        ("PTA meeting", "PTA meeting"),
        ("PT", "PT"),
    ],
)
def test_lengths_of_time_of_opendocument_are_readable(cell: str, clean: str) -> None:
    assert Cleaner(spans=True).column([cell, "x"])[0] == clean
    assert Cleaner().column([cell, "x"])[0] == cell


def test_lengths_of_time_keep_their_thousandths() -> None:
    spans = [timedelta(hours=27), timedelta(hours=10, minutes=10, seconds=10, milliseconds=100)]
    assert Cleaner().column(spans) == ["27:00:00", "10:10:10.1"]


def test_whole_numbers_become_floats_while_they_stay_the_same() -> None:
    assert [type(cell) for cell in Cleaner().column([1, True, 2**60, 1.5])] == [float, bool, int, float]


def test_times_are_kept_as_text_and_said() -> None:
    plan = plan_of({"S": [["n", "Time", "spent"], [1, time(8, 15), "27:00:00"], [2, time(14, 40), "3:05:00"]]})
    assert types(plan, "S") == {"n": "integer", "Time": "text", "spent": "text"}
    assert {doubt.code for doubt in plan.doubts} == {"times"}


def test_a_length_of_time_among_days_is_counted_as_a_time() -> None:
    plan = plan_of({"S": [[datetime(2021, 1, 1), 15], [datetime(2021, 1, 2), 16], ["255:10:10", 17]]})
    (doubt,) = [doubt for doubt in plan.doubts if doubt.code == "mixed"]
    assert str(doubt.message) == "“Column A” mixes kinds of values (2 dates, 1 time) and becomes text."


def test_dates_in_open_order_follow_the_others_of_the_file() -> None:
    sure, unsure = [["入职"], ["03/04/2025"], ["13/05/2025"]], [["离职"], ["03/04/2025"], ["05/06/2025"]]
    plan = plan_of({"a": sure, "b": unsure})
    assert plan.sheet("b").columns[0].order == "dmy"
    doubt = plan.doubt("b/0/day_or_month_first")
    assert (doubt.chosen, doubt.choices[0].id, len(doubt.choices)) == ("date_dmy", "date_dmy", 3)
    assert "as the other dates" in str(doubt.message)
    assert plan_of({"b": unsure}).sheet("b").columns[0].field_type == "text"


CONTENT = """<?xml version="1.0"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">
<office:body><office:spreadsheet><table:table table:name="S">{rows}</table:table></office:spreadsheet></office:body>
</office:document-content>"""


def ods(path: Path, rows: str) -> Path:
    """An .ods file with these rows."""
    entries = {
        "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": CONTENT.format(rows=rows).replace("\n", "").encode(),
        "META-INF/manifest.xml": b'<manifest xmlns="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
    }
    path.write_bytes(archive(entries))
    return path


def cell(text: str, more: str = "") -> str:
    return f'<table:table-cell office:value-type="string" {more}><text:p>{text}</text:p></table:table-cell>'


def test_merged_cells_of_opendocument_are_told(tmp_path: Path) -> None:
    rows = [f"{cell('a')}{cell('b')}", cell("x", 'table:number-rows-spanned="2"') + cell("y"),
            f"<table:covered-table-cell/>{cell('z')}"]  # fmt: skip
    book = read(ods(tmp_path / "m.ods", "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)))
    assert book.sheets[0].merged == ((1, 0, 2, 0),)


def test_a_grid_of_opendocument_that_is_too_large_is_not_called_damaged(tmp_path: Path) -> None:
    rows = (
        f'<table:table-row table:number-rows-repeated="1048576">{cell("x", "table:number-columns-repeated=&quot;")}'
        "</table:table-row>"
    ).replace("&quot;", '"16384"')
    with pytest.raises(FileTooLarge):
        read(ods(tmp_path / "vast.ods", rows))


def test_small_shares_keep_eight_decimals() -> None:
    plan = plan_of({"S": [["a", "b"], [0.00001121105412, 1 / 3], [0.00000033671756, 4 / 3]]})
    assert [column.props["decimals"] for column in plan.sheet("S").columns] == [8, 6]
