"""Sheets as the test files of statistics programs, reporting tools and readers of workbooks have them."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from runtime.exchange.tables.table import to_tables
from runtime.exchange.understanding.plan import ImportPlan
from runtime.exchange.written import read_number
from tests.runtime.exchange.workbooks import Rows, read, sheet_of, types, understood

DAY = date(2024, 3, 5)


def shape(rows: Rows, **more: Any) -> list[tuple[int, int]]:
    """Of each table the row of its header and its number of rows."""
    return [(table.header_row, table.height) for table in to_tables(sheet_of(rows, **more))]


SHAPES: dict[str, tuple[Rows, list[tuple[int, int]]]] = {
    "a table of figures whose second row counts": (
        [[1, "hidden", 3, "Hidden 2", 5, "Hidden 3", 7], ["hidden", 1, 2, 3, 4, 5, 6], [31, 32, 33, 34, 35, 36, 37],
         ["hidden", 1, 2, 3, 4, 5, 6], [61, 62, 63, 64, 65, 66, 67]],
        [(0, 5)],
    ),
    "days of a month over hours": (
        [["姓名", "部门", 1, 2, 3, 4, 5, 6], ["张三", "一部", 8, 8, 8, 0, 8, 4], ["李四", "二部", 8, 0, 8, 8, 8, 8]],
        [(1, 2)],
    ),
    "months without figures under a year": (
        [[None, "1995"], *[[f"{name}月"] for name in "一二三四五六七八九十"], ["十一月", 17], ["十二月", 19]],
        [(1, 12)],
    ),
    "a row that knows no values": (
        [["byte", "int", "long", "text"], [0, 1, 2, "a"], [3, 4, 5, "b"], [6, 7, 8, "c"], [".z", ".z", ".z", "Z"],
         [9, 1, 2, "d"], [3, 4, 5, "e"], [3, 4, 5, "f"]],
        [(1, 7)],
    ),
    "a thing whose name was turned round": (
        [["Nutrient", "Unit", "Value"], ["Water", "g", 51.7], ["Sugars, total", "g", 0.5], ["Fat", "g", 26.6]],
        [(1, 3)],
    ),
    "a thing called total, behind its number": (
        [["Code", "Name", "Said"], *[[57332050 + n, f"CEREAL {n}", f"Cereal {n}"] for n in range(5)],
         [57406100, "TOTAL CEREAL", "Total"], [57406101, "RAISIN BRAN TOTAL", "Raisin Bran"]],
        [(1, 7)],
    ),
    "the total of a group behind its year": (
        [["年", "地区", "金额"], [2023, "华东", 5], [2023, "华北", 6], [2023, "小计", 11], [2024, "华东", 7],
         [2024, "华北", 8], [2024, "小计", 15]],
        [(1, 4)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SHAPES)
def test_rows_are_read_as_a_careful_person_reads_them(case: str) -> None:
    rows, wanted = SHAPES[case]
    assert shape(rows) == wanted


def test_names_over_groups_are_joined_where_the_names_below_return() -> None:
    rows: Rows = [["c1", "foo", None, "bar", None], ["c2", "a", "b", "a", "b"], [1, 2, 3, 4, 5], [2, 3, 4, 5, 6]]
    (table,) = to_tables(sheet_of(rows, merged=((0, 1, 0, 2), (0, 3, 0, 4))))
    assert table.headers == ("c1 / c2", "foo / a", "foo / b", "bar / a", "bar / b")


@pytest.mark.parametrize(
    ("text", "value", "places"),
    [("1.1e+07", "11000000", 0), ("-1.5e-05", "-0.000015", 6), ("1.5E-05", "0.000015", 6), ("0e+00", "0", 0)],
)
def test_a_power_of_ten_is_read_where_it_has_all_digits(text: str, value: str, places: int) -> None:
    number = read_number(text)
    assert number is not None
    assert (number.value, number.decimals) == (Decimal(value), places)


@pytest.mark.parametrize("text", ["1.23457E+11", "6.2E+18", "1.7e+38", "1e-12", "12E+03", "2E3", "1E5"])
def test_a_power_of_ten_that_may_be_something_else_is_no_number(text: str) -> None:
    assert read_number(text) is None


def test_figures_with_powers_of_ten_among_others_are_whole_numbers(tmp_path: Path) -> None:
    path = tmp_path / "codes.csv"
    path.write_text("code,name\n" + "".join(f"{11000001 + n},thing {n}\n" for n in range(9)) + "1.1e+07,last\n")
    plan = understood(*read(path).sheets)
    assert types(plan, "codes")["code"] == "integer"
    assert [value for chunk in plan.rows("codes") for value in chunk.values[0]][-1] == 11_000_000


@pytest.mark.parametrize(
    ("header", "texts", "wanted"),
    [
        ("展位", [f"{row}E-{place:02}" for row in range(1, 5) for place in range(1, 7)], "text"),
        ("货位编号", [*(f"{101 + n}" for n in range(9)), "2E-05"], "text"),
        ("浓度", [*(f"0.00{11 + n}" for n in range(9)), "2E-05"], "decimal"),
        ("浓度", ["1.5E-05", "2.5E-05", "2E-05", "3.1E-04"], "decimal"),
    ],
)
def test_names_of_places_such_as_2e_05_keep_their_signs_and_it_is_asked(
    tmp_path: Path, header: str, texts: list[str], wanted: str
) -> None:
    path = tmp_path / "places.csv"
    path.write_text("".join(f"{text},thing\n" for text in [header, *texts]), encoding="utf-8")
    plan = understood(*read(path).sheets)
    asked = [doubt for doubt in plan.doubts if doubt.code == "powers"]
    assert (types(plan, "places")[header], len(asked)) == (wanted, int(wanted == "text"))
    values = [value for chunk in plan.rows("places") for value in chunk.values[0]]
    assert values == (texts if wanted == "text" else [Decimal(text) for text in texts])
    if asked:
        chosen = plan.choose(asked[0].id, "decimal")
        assert [value for chunk in chosen.rows("places") for value in chunk.values[0]][-1] == Decimal(texts[-1])


def test_names_in_cells_merged_down_and_across_reach_to_the_last_row_of_them() -> None:
    rows: Rows = [
        ["Region", "Share", "Change", None], [], [], [None, None, "from the last", "from the first"],
        [None, "(%)", None, None], ["A", "B", "C", "D"], ["E", "F", "G", "H"],
    ]  # fmt: skip
    merged = ((0, 0, 4, 0), (0, 1, 3, 1), (0, 2, 2, 3), (3, 2, 4, 2), (3, 3, 4, 3))
    (table,) = to_tables(sheet_of(rows, merged=merged))
    assert (table.header_row, table.height) == (5, 2)
    assert table.headers == ("Region", "Share / (%)", "Change / from the last", "Change / from the first")


def test_a_cell_merged_down_over_records_is_no_header_of_several_rows() -> None:
    rows: Rows = [["华东", "上海", "张三"], [None, "杭州", "李四"], ["华北", "北京", "王五"], [None, "天津", "赵六"]]
    (table,) = to_tables(sheet_of(rows, merged=((0, 0, 1, 0), (2, 0, 3, 0))))
    assert table.height >= 3


def text(folder: Path, content: str, name: str = "text.csv") -> Path:
    path = folder / name
    path.write_text(content, "utf-8")
    return path


def test_quotation_marks_behind_a_comma_and_a_blank_enclose_cells(tmp_path: Path) -> None:
    path = text(tmp_path, '"int", "number", "said"\n"1", "2.5", "a, b"\n"2", "4.5", "c"\n')
    plan = understood(*read(path).sheets)
    assert types(plan, "text") == {"int": "integer", "number": "decimal", "said": "text"}
    assert [value for chunk in plan.rows("text") for value in chunk.values[2]] == ["a, b", "c"]


def test_inches_behind_a_blank_stay_what_they_are(tmp_path: Path) -> None:
    path = text(tmp_path, 'thing,size\nscreen, 24"\nbox, "wide\nbag, 5"\n')
    (sheet,) = read(path).sheets
    assert sheet.columns[1].raw() == ["size", '24"', '"wide', '5"']


def test_a_time_parted_by_points_belongs_to_its_day(tmp_path: Path) -> None:
    plan = understood(*read(text(tmp_path, "id;seen\n0;2022-05-25 10.39.15\n1;2022-05-26 11.00.00\n")).sheets)
    assert types(plan, "text")["seen"] == "date_time"


def test_names_of_things_that_are_mostly_figures_stay_text(tmp_path: Path) -> None:
    rows = "".join(f"{n},thing {n}\n" for n in range(100, 140))
    plan = understood(*read(text(tmp_path, f"Identifier,Name\n{rows}IV-01,other\n")).sheets)
    assert types(plan, "text")["Identifier"] == "text"
    assert "mixed" in {doubt.code for doubt in plan.doubts}


def test_numbers_of_things_over_answers_are_names(tmp_path: Path) -> None:
    rows = "".join(f"id{n},TRUE,FALSE,TRUE,TRUE,FALSE,TRUE\n" for n in range(6))
    (table,) = to_tables(read(text(tmp_path, f"id,100022,100025,100047,100065,10011,100131\n{rows}")).sheets[0])
    assert (table.header_row, table.height, table.headers[1]) == (1, 6, "100022")


def test_what_programs_write_for_one_another_is_not_several_options(tmp_path: Path) -> None:
    rows = "".join(f'{n};{{"x":{n % 3},"y":{n % 4}}};{n % 3},{n % 5}\n' for n in range(60))
    plan = understood(*read(text(tmp_path, f"id;place;size\n{rows}")).sheets)
    assert "several_options" not in {doubt.code for doubt in plan.doubts}


def values(plan: ImportPlan, sheet: str, place: int) -> list[Any]:
    return [value for chunk in plan.rows(sheet) for value in chunk.values[chunk.columns.index(place)]]


@pytest.mark.parametrize("written", [False, True])
def test_days_without_a_year_among_others_stay_out_until_a_person_says_the_year(written: bool) -> None:
    days = [date(2024, 9, n) for n in range(1, 7)]
    rows: Rows = [["客户", "日期"], *[[f"客户{day.day}", str(day) if written else day] for day in days],
                  ["客户7", "10月8日"], ["客户8", "2月30日"], ["客户9", "10月9号"]]  # fmt: skip
    plan = understood(sheet_of(rows))
    assert types(plan, "表")["日期"] == "date"
    doubt = plan.doubt("表/1/some_without_year")
    assert [choice.id for choice in doubt.choices] == ["date", "date_2024", "text"]
    assert str(doubt.message).startswith("3 days of “日期” have no year (“10月8日”")
    assert values(plan, "表", 1) == [*days, None, None, None]
    chosen = plan.choose(doubt.id, "date_2024")
    assert values(chosen, "表", 1) == [*days, date(2024, 10, 8), None, date(2024, 10, 9)]
    assert chosen.doubt(doubt.id).chosen == "date_2024"
    assert values(plan.choose(doubt.id, "text"), "表", 1)[-1] == "10月9号"


@pytest.mark.parametrize("blank", [" ", "\u00a0", "\u2009", "\u202f"])
def test_thousands_parted_by_blanks_are_numbers(blank: str) -> None:
    texts = ["1 000", "12 500", "980", "1 250 000.50"]
    rows: Rows = [["地区", "数量"], *[[f"区{n}", text.replace(" ", blank)] for n, text in enumerate(texts)]]
    plan = understood(sheet_of(rows))
    assert values(plan, "表", 1) == [Decimal(text.replace(" ", "")) for text in texts]
    assert "表/1/numbers_as_text" in {doubt.id for doubt in plan.doubts}


def test_decimals_behind_a_comma_are_sure_where_blanks_part_the_thousands() -> None:
    rows: Rows = [["Ville", "Montant"], ["Lyon", "1 234,50"], ["Metz", "12,5"], ["Nice", "2 000"], ["Pau", "-3 100,00"]]
    plan = understood(sheet_of(rows))
    assert values(plan, "表", 1) == [Decimal("1234.5"), Decimal("12.5"), Decimal(2000), Decimal(-3100)]
    assert values(plan.choose("表/1/comma_decimals", "text"), "表", 1)[0] == "1 234,50"


CODES: dict[str, list[str]] = {
    "numbers of firms": ["552 100 554", "732 829 320", "404 833 048"],
    "numbers of phones": ["020 555 123", "010 444 321", "021 333 456"],
}


@pytest.mark.parametrize("case", CODES)
def test_figures_in_groups_of_the_same_length_are_names(case: str) -> None:
    rows: Rows = [["Société", "Siren"], *[[f"S{n}", text] for n, text in enumerate(CODES[case])]]
    assert types(understood(sheet_of(rows)), "表")["Siren"] == "text"


EXAMPLES: dict[str, tuple[list[str], int]] = {
    "a word alone": (["示例", "客户1", "客户2"], 2),
    "a word before the value": (["例：张三", "李四", "王五"], 2),
    "a word behind the value": (["张三（示例）", "李四", "王五"], 2),
    "two of them": (["示例1", "示例2", "李四"], 1),
    "in English": (["Example", "Smith", "Miller"], 2),
    "samples of a laboratory": (["Sample 1", "Sample 2", "Sample 3"], 3),
    "numbered cases": (["例1", "例2", "例3", "例4", "例5"], 5),
    "a name that begins so": (["例行检查", "抽查", "年检"], 3),
    "nothing but an example": (["示例"], 1),
    "a kind of sample": (["示例", "示例", "正式", "正式", "正式", "示例"], 6),
}


@pytest.mark.parametrize("case", EXAMPLES)
def test_a_row_below_the_header_that_is_marked_as_an_example_is_left_out(case: str) -> None:
    first, wanted = EXAMPLES[case]
    rows: Rows = [["客户名称", "金额", "日期"], *[[name, 5 + n, DAY] for n, name in enumerate(first)]]
    assert shape(rows) == [(1, wanted)]


def test_an_example_is_named_and_can_be_taken() -> None:
    plan = understood(sheet_of([["姓名", "年龄"], ["示例", 30], ["张三", 31], ["李四", 32]]))
    doubt = plan.doubt("表//examples")
    assert str(doubt.message) == "1 row below the header is marked as an example and is left out (2: “示例 30”)."
    assert plan.choose(doubt.id, "take").sheet("表").rows == 3


@pytest.mark.parametrize("first", [None, "-", "/"])
@pytest.mark.parametrize("units", [("件", "元"), ("(件)", "(元)")])
def test_units_below_the_names_belong_to_them_where_days_have_none(first: str | None, units: tuple[str, str]) -> None:
    rows: Rows = [["日期", "销量", "金额"], [first, *units], [DAY, 5, 12.5], [DAY, 6, 15], [DAY, 7, 16]]
    (table,) = to_tables(sheet_of(rows))
    assert (table.header_row, table.height) == (2, 3)
    assert table.headers == ("日期" if first is None else table.headers[0], f"销量 / {units[0]}", f"金额 / {units[1]}")
    assert table.headers[0].startswith("日期")


def test_the_best_and_the_worst_below_the_marks_are_no_records() -> None:
    rows: Rows = [["姓名", "语文", "数学"], ["张三", 90, 80], ["李四", 80, 70], ["王五", 70, 60], ["平均分", 80, 70],
                  ["最高分", 90, 80], ["最低分", 70, 60]]  # fmt: skip
    assert shape(rows) == [(1, 3)]
    measures: Rows = [["指标", "长", "宽"], ["最大值", 9, 8], ["最小值", 1, 2], ["平均值", 5, 5]]
    assert shape(measures) == [(1, 3)]


def test_the_day_zero_of_excel_among_days_is_blank_and_named() -> None:
    rows: Rows = [["姓名", "到期日"], ["张三", DAY], ["李四", time()], ["王五", DAY], ["赵六", DAY]]
    plan = understood(sheet_of(rows))
    assert types(plan, "表")["到期日"] == "date"
    assert values(plan, "表", 1) == [DAY, None, DAY, DAY]
    assert str(plan.doubt("表/1/day_zero").message) == "1 cell of “到期日” says “1900-01-00” and is read as blank."
    mixed = understood(sheet_of([["姓名", "到期日"], *[["张三", DAY]] * 9, ["李四", time()], ["王五", "10月8日"]]))
    assert {doubt.code for doubt in mixed.doubts} == {"some_without_year", "day_zero"}
    clocks = understood(sheet_of([["姓名", "上班"], ["张三", time(9)], ["李四", time()], ["王五", time(8)]]))
    assert types(clocks, "表")["上班"] == "text"


def test_places_below_the_names_of_days_belong_to_them() -> None:
    rows: Rows = [["Vessel", "ETD", "ETA"], [None, "SKZ-N", "OSA-N"], ["One", DAY, DAY], ["Two", DAY, DAY]]
    (table,) = to_tables(sheet_of(rows))
    assert table.headers == ("Vessel", "ETD / SKZ-N", "ETA / OSA-N")
