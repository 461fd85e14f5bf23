"""Where tables lie on sheets as people make them: titles, headers of several rows, remarks, totals, several tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.exchange.readers.refusals import NothingToImport
from runtime.exchange.tables.header_labels import is_label
from runtime.exchange.tables.table import Table, to_tables
from runtime.exchange.understanding.plan import ImportPlan
from tests.runtime.exchange.workbooks import Rows, plan_of, sheet_of, understood

DAY = date(2024, 3, 5)


def tables(rows: Rows, **more: Any) -> list[Table]:
    return to_tables(sheet_of(rows, **more))


def one(rows: Rows, **more: Any) -> Table:
    (found,) = tables(rows, **more)
    return found


def codes(found: Table) -> list[str]:
    return [doubt.code for doubt in found.doubts]


def rows_of(found: Table) -> list[tuple[Any, ...]]:
    return list(zip(*(column.values() for column in found.columns), strict=True))


PEOPLE: list[list[Any]] = [["张三", "销售", 31, DAY], ["李四", "财务", 28, DAY], ["王五", "销售", 45, DAY]]
STAFF = ["姓名", "部门", "年龄", "入职日期"]

PREAMBLES: dict[str, list[list[Any]]] = {
    "a title": [["员工名册"]],
    "a title and a blank row": [["员工名册"], []],
    "an export block of three rows": [["报表导出"], ["导出时间：", "2024-03-05 10:00"], ["操作人：", "管理员"]],
    "a block of pairs beside each other": [["单位：", "某某公司", "日期：", DAY], []],
    "a wide note nearly like a header": [["at", "the", None, "top"], ["or", "merging", None, None]],
    "thirteen rows of title": [[f"说明第 {n} 行"] for n in range(13)],
}


@pytest.mark.parametrize("case", PREAMBLES)
def test_the_header_is_found_below(case: str) -> None:
    found = one([*PREAMBLES[case], STAFF, *PEOPLE])
    assert found.headers == tuple(STAFF)
    assert rows_of(found) == [tuple(row) for row in PEOPLE]
    assert codes(found) == ["rows_above"]
    assert found.header_row == len(PREAMBLES[case]) + 1


def test_all_texts_have_their_header_in_the_first_wide_row() -> None:
    found = one([["通讯录"], [], ["姓名", "城市"], ["张三", "上海"], ["李四", "北京"]])
    assert (found.headers, found.height) == (("姓名", "城市"), 2)


def test_rows_of_texts_that_repeat_have_no_header_and_a_choice() -> None:
    found = one([["上海", "是"], ["北京", "否"], ["上海", "是"], ["上海", "否"]])
    assert found.headers == ("Column A", "Column B")
    (doubt,) = found.doubts
    assert (doubt.code, [choice.id for choice in doubt.choices], doubt.chosen) == (
        "no_header", ["letters", "first"], "letters",
    )  # fmt: skip


def test_a_first_row_that_may_be_a_record_is_asked_about() -> None:
    found = one([["www.example.com/a", "甲"], ["www.example.com/b", "乙"], ["www.example.com/c", "丙"]])
    assert codes(found) == ["weak_header"]


def test_a_header_of_two_rows_is_joined_where_the_lower_one_repeats_itself() -> None:
    top = ["产品", "2023", None, "2024", None]
    low = [None, "一月", "二月", "一月", "二月"]
    found = one([top, low, ["苹果", 1, 2, 3, 4], ["梨", 5, 6, 7, 8]])
    assert found.headers == ("产品", "2023 / 一月", "2023 / 二月", "2024 / 一月", "2024 / 二月")
    assert codes(found) == ["header_rows"]
    assert found.height == 2


def test_merged_cells_say_how_far_the_upper_header_goes() -> None:
    top = ["姓名", "联系方式", None, "金额"]
    low = [None, "电话", "邮箱", None]
    merged = ((0, 0, 1, 0), (0, 1, 0, 2), (0, 3, 1, 3))
    found = one([top, low, ["张三", "138", "a@b.cn", 5], ["李四", "139", "c@d.cn", 6]], merged=merged)
    assert found.headers == ("姓名", "联系方式 / 电话", "联系方式 / 邮箱", "金额")


def test_groups_above_a_header_that_says_enough_are_offered_only() -> None:
    top = ["基本信息", None, "工作", None]
    found = one([top, STAFF, *PEOPLE], merged=((0, 0, 0, 1), (0, 2, 0, 3)))
    assert found.headers == tuple(STAFF)
    (doubt,) = found.doubts
    assert (doubt.code, doubt.chosen) == ("header_rows", "lowest")


def test_pairs_above_a_header_are_no_groups() -> None:
    found = one([["部门：人事部", None, "日期：三月", None], STAFF, *PEOPLE])
    assert (found.headers, codes(found)) == (tuple(STAFF), ["rows_above"])


def test_days_can_be_headers_over_figures() -> None:
    found = one([["姓名", date(2024, 1, 1), date(2024, 2, 1)], ["张三", 1, 2], ["李四", 3, 4], ["王五", 5, 6]])
    assert found.headers == ("姓名", "2024-01-01", "2024-02-01")


def test_a_form_of_names_and_values_is_asked_about() -> None:
    found = one([["客户名称：", "甲公司"], ["联系人：", "张三"], ["电话：", "138"], ["日期：", DAY]])
    assert codes(found) == ["filled_form"]
    assert found.headers == ("客户名称", "联系人", "电话", "日期")


def test_a_name_that_stands_below_itself_in_other_letters_is_still_a_name() -> None:
    found = one([["name", "value"], ["Name", "Clippy"], ["Species", "paperclip"], ["Died", DAY], ["Weight", 0.9]])
    assert (found.headers, found.height) == (("name", "value"), 4)


def test_a_row_of_units_in_brackets_belongs_to_the_names_above_it() -> None:
    units = ["（公司内）", None, "（岁）", "(first day)"]
    found = one([STAFF, units, *PEOPLE])
    assert found.headers == ("姓名 / （公司内）", "部门", "年龄 / （岁）", "入职日期 / (first day)")
    assert (found.height, codes(found)) == (3, ["header_rows"])
    texts = one([["品名", "重量"], ["(中文)", "(kg)"], ["甲", "轻"], ["乙", "重"], ["丙", "轻"]])
    assert (texts.headers, texts.height) == (("品名 / (中文)", "重量 / (kg)"), 3)


def test_names_in_brackets_all_over_are_no_units() -> None:
    found = one([["[甲]", "[乙]"], ["[丙]", "[丁]"], ["[戊]", "[己]"]])
    assert (found.headers, found.height) == (("[甲]", "[乙]"), 2)


def test_the_only_row_is_a_record_where_it_holds_days() -> None:
    found = one([[DAY, "甲", "乙", "丙"]])
    assert (found.height, codes(found)) == (1, ["no_header"])


def test_a_sentence_above_a_part_of_the_header_is_no_group() -> None:
    said = "Where fewer than five people are meant, this list says so by a sign"
    found = one([[said, None, None], ["城市", "人数", "说明"], ["上海", 5, "x"], ["北京", 7, "y"], ["广州", 9, "z"]],
                merged=((0, 0, 0, 1),))  # fmt: skip
    assert (found.headers, codes(found)) == (("城市", "人数", "说明"), ["rows_above"])


def test_narrow_rows_of_figures_are_records_where_there_is_no_header() -> None:
    rows = [[float(n) for n in range(1, last)] for last in (2, 3, 4, 6, 6, 6)]
    found = one(rows)
    assert (found.height, codes(found)) == (6, ["no_header"])


def test_a_title_above_records_without_a_header_is_said_and_can_be_taken() -> None:
    rows: list[list[Any]] = [["a;b;c"], [1, 2, 3], [2, 3, 4], [3, 4, 5]]
    plan = plan_of({"表": rows})
    assert [doubt.code for doubt in plan.doubts] == ["no_header", "rows_above_records"]
    assert plan.sheet("表").rows == 3
    assert plan.choose("表//rows_above_records", "take").sheet("表").rows == 4


def header_doubt(plan: ImportPlan, code: str) -> tuple[list[tuple[str, str]], str]:
    (doubt,) = [doubt for doubt in plan.doubts if doubt.code == code]
    return [(choice.id, str(choice.label)) for choice in doubt.choices], doubt.chosen


def test_the_row_of_names_that_was_found_can_be_taken_again_whatever_was_chosen_since() -> None:
    plan = found = plan_of({"表": [["员工名册"], [], STAFF, *PEOPLE]})
    every = [
        ("header", "Row 3 holds the names"),
        ("letters", "No row holds the names"),
        ("first", "Row 1 holds the names"),
    ]
    assert header_doubt(plan, "rows_above") == (every[:2], "header")
    for chosen, rows in (("letters", 4), ("first", 3), ("letters", 4)):
        plan = plan.choose("表//rows_above", chosen)
        assert header_doubt(plan, "rows_above") == (every, chosen)
        assert plan.sheet("表").rows == rows + len(PEOPLE) - 2
        assert "as you chose" in str(plan.doubt("表//rows_above").message)
    plan = plan.choose("表//rows_above", "header")
    assert header_doubt(plan, "rows_above") == (every[:2], "header")
    assert [column.header for column in plan.sheet("表").columns] == STAFF
    assert plan.sheet("表").rows == found.sheet("表").rows


def test_a_first_row_that_is_no_record_after_all_can_hold_the_names_again() -> None:
    plan = plan_of({"表": [["www.example.com/a", "甲"], ["www.example.com/b", "乙"], ["www.example.com/c", "丙"]]})
    ways = [("header", "Row 1 holds the names"), ("letters", "No row holds the names")]
    assert header_doubt(plan, "weak_header") == (ways, "header")
    plan = plan.choose("表//weak_header", "letters")
    assert header_doubt(plan, "weak_header") == (ways, "letters")
    assert header_doubt(plan.choose("表//weak_header", "header"), "weak_header") == (ways, "header")


def test_a_first_row_that_a_person_took_for_names_can_be_a_record_again() -> None:
    plan = plan_of({"表": [["上海", "是"], ["北京", "否"], ["上海", "是"], ["上海", "否"]]})
    ways = [("letters", "Name the columns after their letters"), ("first", "Row 1 holds the names")]
    assert header_doubt(plan, "no_header") == (ways, "letters")
    plan = plan.choose("表//no_header", "first")
    assert header_doubt(plan, "no_header") == (ways, "first")
    assert plan.sheet("表").rows == 3
    plan = plan.choose("表//no_header", "letters")
    assert (header_doubt(plan, "no_header"), plan.sheet("表").rows) == ((ways, "letters"), 4)


def test_names_in_a_row_below_a_title_without_them_can_be_taken_back() -> None:
    plan = plan_of({"表": [["a;b;c"], [1, 2, 3], [2, 3, 4], [3, 4, 5]]})
    plan = plan.choose("表//rows_above_records", "take").choose("表//no_header", "first")
    assert header_doubt(plan, "no_header")[1] == "here"
    plan = plan.choose("表//no_header", "letters")
    assert (header_doubt(plan, "no_header")[1], plan.sheet("表").rows) == ("letters", 3)


def test_a_title_merged_over_all_columns_is_no_group() -> None:
    found = one([["员工名册", None, None, None], STAFF, *PEOPLE], merged=((0, 0, 0, 3),))
    assert (found.headers, codes(found)) == (tuple(STAFF), ["rows_above"])


def test_a_block_of_titles_over_a_header_of_two_rows_with_suppressed_values() -> None:
    titles = [[f"Table {n}: something about it"] for n in range(13)]
    top = ["Code", "Area", "2019", None, "2020", None]
    low = [None, None, "Count", "Rate", "Count", "Rate"]
    rows = [[f"E{n:04}", f"Area {n}", n, n / 7, "*" if n % 5 == 0 else n + 1, "*" if n % 5 == 0 else n / 3]
            for n in range(40)]  # fmt: skip
    found = one([*titles, [], top, low, *rows])
    assert found.headers == ("Code", "Area", "2019 / Count", "2019 / Rate", "2020 / Count", "2020 / Rate")
    assert found.height == 40


REMARKS: dict[str, list[list[Any]]] = {
    "a note after a blank row": [[], ["注：以上数据截至月底"]],
    "a note without a blank row": [["备注：含税"]],
    "who made it": [["制表：张三", None, "审核：李四", None]],
    "words all over the place": [["Some"], [None, "also like to write stuff"], [None, None, "at the", "bottom,"]],
}


@pytest.mark.parametrize("case", REMARKS)
def test_remarks_below_are_left_out_and_can_be_taken(case: str) -> None:
    rows = [STAFF, *PEOPLE, *REMARKS[case]]
    found = one(rows)
    assert (found.height, codes(found)) == (3, ["notes"])
    plan = plan_of({"表": rows}).choose("表//notes", "take")
    assert plan.sheet("表").rows == 3 + len([row for row in REMARKS[case] if row])
    assert plan.doubt("表//notes").chosen == "take"
    assert plan.choose("表//notes", "leave").sheet("表").rows == 3


def test_a_sparse_record_is_no_remark() -> None:
    assert (
        one([["编号", "名称", "数量", "日期"], [1, "甲", 5, DAY], [2, "乙", 6, DAY], [3, None, None, None]]).height == 3
    )


@pytest.mark.parametrize("name", ["打印机", "注射器", "说明书", "审核员张三", "来源不明", "Notebook", "Source code"])
def test_a_sparse_record_that_begins_like_a_remark_is_none(name: str) -> None:
    assert one([["编号", "名称", "数量"], [1, "甲", 5], [2, "乙", 6], [None, name, None]]).height == 3


@pytest.mark.parametrize("text", ["注：含税", "备注1：含税", "数据来源: 统计局", "打印时间：3月", "Printed by Li", "*"])
def test_a_sparse_row_that_says_what_it_is_is_a_remark(text: str) -> None:
    found = one([["编号", "名称", "数量"], [1, "甲", 5], [2, "乙", 6], [None, text, None]])
    assert (found.height, codes(found)) == (2, ["notes"])


def test_a_row_under_a_filter_or_in_a_table_of_excel_is_no_remark() -> None:
    rows: list[list[Any]] = [["编号", "名称", "数量"], [1, "甲", 5], [2, "乙", 6], ["注：见下", None, None], ["注：完"]]
    assert one(rows).height == 2
    assert one(rows, lists=((0, 0, 3, 2),)).height == 3
    assert one(rows, lists=((0, 7, 3, 9),)).height == 2, "that of another table"


def test_a_last_record_of_texts_only_is_no_remark() -> None:
    rows = [
        ["编号", "邮箱", "标签", "数量", "日期", "金额"],
        *([f"N{n}", f"u{n}@b.cn", "甲", n, DAY, 1.5] for n in range(5)),
    ]
    assert one([*rows, ["N9", "u9@b.cn", None, None, None, None]]).height == 6


SALES: list[list[Any]] = [
    ["地区", "产品", "数量", "金额"],
    ["华东", "苹果", 3, 30.5],
    ["华东", "梨", 4, 8],
    ["华北", "苹果", 5, 50],
]

TOTALS: dict[str, tuple[list[list[Any]], int]] = {
    "合计": ([*SALES, ["合计", None, 12, 88.5]], 1),
    "总 计：": ([*SALES, ["总 计：", None, 12, 88.5]], 1),
    "Grand Total": ([*SALES, ["Grand Total", None, 12, 88.5]], 1),
    "合计 in the second column": ([*SALES, [None, "合计", 12, 88.5]], 1),
    "小计 between the rows": ([*SALES[:3], ["华东小计", None, 7, 38.5], SALES[3], ["合计", None, 12, 88.5]], 2),
    "a last row that is the sum": ([*SALES, [None, None, 12, 88.5]], 1),
    "a sum as text": ([*SALES[:1], *([a, b, str(c), str(d)] for a, b, c, d in SALES[1:]),
                       [None, None, "12", "88.5"]], 1),
    "a word alone, its formulas without results": ([*SALES, ["合计", None, None, None]], 1),
    "a last row that is no sum": ([*SALES, [None, None, 13, 88.5]], 0),
    "a product called 合计纸": ([*SALES, ["华东", "合计纸", 12, 88.5]], 0),
}  # fmt: skip


@pytest.mark.parametrize("case", TOTALS)
def test_totals_are_left_out_and_can_be_taken(case: str) -> None:
    rows, totals = TOTALS[case]
    plan = plan_of({"表": rows})
    assert plan.sheet("表").rows == len(rows) - 1 - totals
    if totals:
        assert plan.choose("表//totals", "take").sheet("表").rows == len(rows) - 1
    else:
        assert "totals" not in {doubt.code for doubt in plan.doubts}


def test_totals_and_remarks_together() -> None:
    found = one([*SALES, ["合计", None, 12, 88.5], [], ["注：不含退货"]])
    assert (found.height, codes(found)) == (3, ["notes", "totals"])


def test_headers_on_every_page_are_left_out() -> None:
    page = [["甲", 1], ["乙", 2]]
    found = one([["名称", "数量"], *page, ["名称", "数量"], *page, ["名称", "数量"], *page])
    assert (found.height, codes(found)) == (6, ["repeated_headers"])


def test_two_tables_below_each_other_become_two() -> None:
    rows = [
        ["产品", "数量"],
        ["甲", 1],
        ["乙", 2],
        [],
        ["员工", "工资", "日期"],
        ["张三", 5000, DAY],
        ["李四", 6000, DAY],
    ]
    first, second = tables(rows)
    assert (first.headers, first.height) == (("产品", "数量"), 2)
    assert (second.headers, second.height, second.sheet) == (("员工", "工资", "日期"), 2, "表 (2)")
    assert list(second.row_numbers) == [6, 7]


def test_tables_are_called_after_their_titles_and_can_be_put_together() -> None:
    block = [["产品", "数量"], ["甲", 1], ["乙", 2]]
    plan = plan_of({"销量": [["一月"], *block, [], ["二月"], *block]})
    assert [sheet.form_label for sheet in plan.sheets] == ["一月", "二月"]
    together = plan.choose("销量//several_tables", "together")
    (sheet,) = together.sheets
    assert sheet.form_label == "销量"
    assert [choice.id for choice in together.doubt("销量//several_tables").choices] == ["apart", "together"]
    assert together.doubt("销量//several_tables").chosen == "together"
    again = together.choose("销量//several_tables", "apart")
    assert [sheet.rows for sheet in again.sheets] == [2, 2]


def test_blank_rows_inside_a_table_do_not_part_it() -> None:
    found = one([STAFF, *PEOPLE[:1], [], *PEOPLE[1:], [], [], ["赵六", "销售", 30, DAY]])
    assert (found.height, codes(found)) == (4, ["blank_rows"])


def test_two_tables_beside_each_other_become_two() -> None:
    left: list[list[Any]] = [["产品", "数量"], ["甲", 1], ["乙", 2], ["丙", 3], ["丁", 4], ["戊", 5]]
    right: list[list[Any]] = [["员工", "工资"], ["张三", 5000], ["李四", 6000]]
    rows = [[*row, None, *(right[at] if at < len(right) else [None, None])] for at, row in enumerate(left)]
    first, second = tables(rows)
    assert (first.headers, first.height) == (("产品", "数量"), 5)
    assert (second.headers, second.height) == (("员工", "工资"), 2)


def test_a_blank_column_inside_a_table_does_not_part_it_but_it_may() -> None:
    rows = [["姓名", "部门", None, "年龄", "日期"], ["张三", "销售", None, 30, DAY], ["李四", "财务", None, 31, DAY]]
    plan = plan_of({"表": rows})
    assert [column.label for column in plan.sheet("表").columns] == ["姓名", "部门", "年龄", "日期"]
    assert len(plan.choose("表//several_tables", "apart").sheets) == 2


def hidden_plan() -> ImportPlan:
    sheet = sheet_of([STAFF, *PEOPLE], hidden_rows=(2,), hidden_columns=(1,))
    return understood(sheet)


def test_what_is_hidden_is_taken_and_said_and_can_be_left_out() -> None:
    plan = hidden_plan()
    assert plan.sheet("表").rows == 3
    assert str(plan.doubt("表//hidden_rows").message) == "1 row is hidden in Excel or filtered out."
    plan = plan.choose("表//hidden_rows", "leave").choose("表//hidden_columns", "leave")
    assert plan.sheet("表").rows == 2
    assert [column.label for column in plan.sheet("表").columns] == ["姓名", "年龄", "入职日期"]
    assert list(plan.source.tables["表"].row_numbers) == [2, 4]


def test_merged_data_cells_have_their_value_once_and_can_be_filled_down() -> None:
    rows = [["地区", "城市", "数量"], ["华东", "上海", 1], [None, "杭州", 2], [None, "南京", 3], ["华北", "北京", 4]]
    plan = understood(sheet_of(rows, merged=((1, 0, 3, 0),)))
    assert str(plan.doubt("表//merged_cells").message) == (
        "1 merged cell covers several rows; only the first of them has its value."
    )
    down = plan.choose("表//merged_cells", "down")
    assert [row[0] for row in rows_of(down.source.tables["表"])] == ["华东", "华东", "华东", "华北"]


def test_merged_headers_name_every_column_they_cover() -> None:
    found = one([["电话", None, "数量"], ["138", "139", 1], ["137", "136", 2]], merged=((0, 0, 0, 1),))
    assert found.headers == ("电话", "电话 (2)", "数量")


def test_headers_lose_line_breaks_hard_spaces_and_width() -> None:
    found = one([["客户\r\n名称", "金\u00a0额", "Ａ１\u3000区", "\ufeff备注\u200b"], ["甲", 5, 1, "x"]])
    assert found.headers == ("客户 名称", "金 额", "A1 区", "备注")


def test_a_wide_sheet_is_understood() -> None:
    rows = [[f"列{n}" for n in range(500)], *([row * n for n in range(500)] for row in range(1, 6))]
    assert len(one(rows).headers) == 500


def test_a_person_can_put_the_header_into_another_row() -> None:
    plan = plan_of({"表": [["甲", "乙"], ["姓名", "年龄"], ["张三", 30], ["李四", 31]]})
    frame = plan.source.tables["表"].frame
    other = plan.rename("表", None, "人员").cut("表", replace(frame, top=0, header_rows=1))
    assert [column.label for column in other.sheet("表").columns] == ["甲", "乙"]
    assert other.sheet("表").form_label == "人员"


def test_decisions_are_kept_when_a_sheet_is_cut_anew() -> None:
    plan = plan_of({"表": [*SALES, ["合计", None, 12, 88.5]]}).rename("表", 0, "大区").retype("表", 2, "text")
    again = plan.choose("表//totals", "take")
    assert again.sheet("表").columns[0].label == "大区"
    assert again.sheet("表").columns[2].field_type == "text"
    assert plan_of({"表": SALES}).replayed(plan.steps).sheet("表").columns[0].label == "大区"


CELL = st.one_of(
    st.none(), st.none(), st.sampled_from(["姓名", "合计", "注：", "甲", "-", "2024", "12", "3/4/2025", "a@b.cn"]),
    st.integers(0, 50).map(float), st.just(DAY), st.booleans(),
)  # fmt: skip


@given(st.lists(st.lists(CELL, min_size=4, max_size=4), min_size=1, max_size=14), st.booleans())
def test_every_filled_row_of_any_sheet_is_a_record_or_said_to_be_left_out(rows: list[list[Any]], merge: bool) -> None:
    merged = ((0, 0, 0, 1), (1, 2, 3, 2)) if merge else ()
    filled = {at for at, row in enumerate(rows) if any(cell is not None for cell in row)}
    for found in tables(rows, merged=merged, hidden_rows=(2,), hidden_columns=(1,)):
        frame, numbers = found.frame, {number - 1 for number in found.row_numbers}
        assert all(len(column) == found.height for column in found.columns)
        assert len(set(map(str.casefold, found.headers))) == len(found.headers)
        assert not numbers & frame.left_out
        own = {row for row in filled if frame.first <= row < frame.bottom} - frame.left_out
        inside = {row for row in own if any(cell is not None for cell in rows[row][frame.left : frame.right])}
        assert numbers == inside
        filled -= set(range(frame.start, frame.bottom))
    assert not filled


@given(st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=10))
def test_any_choice_about_any_sheet_gives_a_plan_whose_rows_can_be_made(rows: list[list[Any]]) -> None:
    try:
        plan = plan_of({"表": rows})
    except NothingToImport:
        return
    for doubt in plan.doubts:
        for choice in doubt.choices:
            chosen = plan.choose(doubt.id, choice.id)
            for sheet in chosen.sheets:
                assert sum(chunk.height for chunk in chosen.rows(sheet.sheet)) == sheet.rows


def test_a_raised_figure_is_no_year_and_no_error() -> None:
    assert not is_label("8¹")
    assert is_label("2024")
    assert is_label("２０２４")
