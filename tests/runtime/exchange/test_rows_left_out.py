"""Rows below a header that are no records: numbers of columns, names of an index, many subtotals, signatures."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from runtime.exchange.columns import Doubt
from runtime.exchange.tables.table import Table, to_tables
from tests.runtime.exchange.workbooks import Rows, read, sheet_of, understood


def one(rows: Rows, merged: Any = ()) -> Table:
    (table,) = to_tables(sheet_of(rows, merged=merged))
    return table


def doubt(table: Table, code: str) -> Doubt | None:
    return next((found for found in table.doubts if found.code == code), None)


PEOPLE: Rows = [["张三", "销售部", 5000, 800], ["李四", "财务部", 6000, 900], ["王五", "销售部", 7000, 950]]
STAFF = ["姓名", "部门", "基本工资", "奖金"]

NUMBERS: dict[str, list[Any]] = {
    "figures": [1, 2, 3, 4],
    "texts": ["1", "2", "3", "4"],
    "in brackets": ["（1）", "（2）", "（3）", "（4）"],
    "the first is counted otherwise": ["甲", 1, 2, 3],
    "two are counted otherwise": ["甲", "乙", 1, 2],
    "a word before them": ["栏次", 1, 2, 3],
    "with what is reckoned": ["甲", "1", "2", "3=1+2"],
    "nothing in the first column": [None, 1, 2, 3],
}


@pytest.mark.parametrize("case", NUMBERS)
def test_a_row_that_counts_the_columns_is_left_out_and_named(case: str) -> None:
    table = one([STAFF, NUMBERS[case], *PEOPLE])
    assert (table.headers, table.height, table.header_row) == (tuple(STAFF), 3, 1)
    found = doubt(table, "column_numbers")
    assert found is not None and found.chosen == "leave"


def test_a_row_that_counts_the_columns_can_be_taken_as_a_record() -> None:
    plan = understood(sheet_of([STAFF, NUMBERS["figures"], *PEOPLE]))
    assert plan.sheet("表").rows == 3
    assert plan.choose("表//column_numbers", "take").sheet("表").rows == 4


@pytest.mark.parametrize(
    "rows",
    [
        [["a", "b", "c"], [1, 2, 3], [4, 5, 6], [7, 8, 9]],
        [["a", "b", "c"], [1, 2, 3], [4, 5, "x"]],
        [["姓名", "语文", "数学", "英语"], ["张三", 1, 2, 3], ["李四", 4, 5, 6]],
        [["序号", "数量", "单价"], [1, 2, 3], [2, 5, 8], [3, 6, 9]],
    ],
)
def test_a_record_of_figures_that_count_on_stays_one(rows: Rows) -> None:
    assert one(rows).height == len(rows) - 1


@pytest.mark.parametrize("names", [("甲", "乙", "丙"), ("甲", "丙", "丁")])
def test_a_record_called_as_a_column_is_counted_stays_one_where_others_are_called_so(names: tuple[str, ...]) -> None:
    assert one([["组", "胜", "负", "平"], *[[name, 1, 2, 3] for name in names]]).height == 3


def test_names_of_an_index_below_the_header_name_its_columns() -> None:
    table = one([[None, "qty", "price"], ["sku", None, None], ["A1", 3, 1.5], ["A2", 4, 2.5]])
    assert (table.headers, table.height) == (("sku", "qty", "price"), 2)
    assert doubt(table, "header_rows") is not None


def test_names_of_an_index_below_two_rows_of_names_do_so_too() -> None:
    rows: Rows = [
        [None, None, "sales", None, "cost"], [None, None, "2023", "2024", "2024"], ["region", "shop", None, None, None],
        ["North", "A", 10, 12, 5], [None, "B", 20, 22, 8], ["South", "C", 30, 33, 9],
    ]  # fmt: skip
    table = one(rows, merged=((0, 2, 0, 3), (3, 0, 4, 0)))
    assert table.headers == ("region", "shop", "sales / 2023", "sales / 2024", "cost / 2024")
    assert table.height == 3


def test_names_of_groups_below_the_header_are_no_names_of_columns() -> None:
    rows = [[None, "qty", "price"], ["Fruit", None, None], ["Apple", 3, 1.5], ["Nuts", None, None], ["Pecan", 4, 2.5]]
    assert one(rows).header_row == 1


@pytest.mark.parametrize("word", ["{} 小计", "{} Total", "{} (1) subtotal", "{}合计"])
def test_subtotals_of_more_than_half_of_the_rows_are_left_out(word: str) -> None:
    rows: list[list[Any]] = [["地区", "门店", "销售额"]]
    for at, area in enumerate(("华东", "华北", "华南", "西南")):
        rows += [[area, f"{area}店", 100 + at], [word.format(area), None, 100 + at]]
    table = one([*rows, ["总计", None, 406]])
    assert table.height == 4
    found = doubt(table, "totals")
    assert found is not None and found.chosen == "leave"


def test_many_subtotals_of_a_text_file_are_left_out_in_no_time(tmp_path: Path) -> None:
    lines = [f"k{at},a,{at}\nk{at} 小计,,{at}\n" for at in range(15_000)]
    path = tmp_path / "a.csv"
    path.write_text("科目,明细,金额\n" + "".join(lines), "utf-8")
    (sheet,) = read(path).sheets
    begun = time.process_time()
    (table,) = to_tables(sheet)
    assert table.height == len(lines)
    assert time.process_time() - begun < 6


def test_the_header_of_thousands_of_printed_pages_is_left_out_in_no_time(tmp_path: Path) -> None:
    records = [f"2024-01-{at % 28 + 1:02d},客户{at},{at}.5\n" for at in range(100_000)]
    pages = ["日期,客户,金额\n" + "".join(records[at : at + 40]) for at in range(0, len(records), 40)]
    path = tmp_path / "a.csv"
    path.write_text("".join(pages), "utf-8")
    (sheet,) = read(path).sheets
    begun = time.process_time()
    (table,) = to_tables(sheet)
    assert table.height == len(records)
    assert time.process_time() - begun < 6
    found = doubt(table, "repeated_headers")
    assert found is not None and "2,499 more times" in str(found.message)


def test_a_line_of_dashes_below_the_header_of_a_very_long_list_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    lines = "".join(f"客户{at},{at}.5\n" for at in range(60_000))
    path.write_text(f"客户,金额\n----------,----------\n{lines}==========,==========\n", "utf-8")
    (table,) = to_tables(read(path).sheets[0])
    assert table.height == 60_000
    assert doubt(table, "ruled_lines") is not None


def test_subtotals_with_nothing_but_their_name_are_left_out_too() -> None:
    rows: list[list[Any]] = [["客户", "地区", "电话"]]
    for at, area in enumerate(("华东", "华北", "华南", "西南")):
        rows += [[f"客户{at}", area, f"1380013800{at}"], [f"{area} (1) subtotal", None, None]]
    assert one([*rows, ["Grand total", None, None]]).height == 4


def test_a_word_for_totals_that_is_a_value_like_others_stays_one() -> None:
    rows = [["类型", "项目", "金额"], ["小计", "甲", 5], ["合计", "乙", 6], ["小计", "丙", 7], ["合计", "丁", 8]]
    assert one(rows).height == 4


def test_signatures_right_below_a_total_are_a_remark() -> None:
    rows: Rows = [
        ["序号", "物品", "数量", "单价", "备注"], [1, "打印纸", 10, 25.5, None], [2, "签字笔", 50, 1.2, "黑色"],
        ["合计", None, 60, None, None], ["申请人：张伟", None, "审批：", None, None],
    ]  # fmt: skip
    table = one(rows)
    assert table.height == 2
    assert doubt(table, "notes") is not None


def test_lines_drawn_with_signs_are_left_out_and_named() -> None:
    line = "-" * 40
    rows: Rows = [
        ["Material", "Text", "Werk"], [line, None, None], ["A1", "Schraube", 1000], ["A2", "Mutter", 1000],
        ["=" * 20, "=" * 20, "=" * 20], ["A3", "Scheibe", 1000],
    ]  # fmt: skip
    table = one(rows)
    assert table.height == 3
    found = doubt(table, "ruled_lines")
    assert found is not None and found.chosen == "leave"


@pytest.mark.parametrize("mark", ["*****", "******", "#####"])
def test_a_few_stars_are_a_mark_or_a_hidden_word_and_no_line(mark: str) -> None:
    rows = [
        ["评分", "店", "日期"],
        [mark, None, None],
        ["***", "A", "2024-01-01"],
        [mark, None, None],
        ["**", "B", "2024-01-02"],
    ]
    table = one(rows)
    assert (table.height, doubt(table, "ruled_lines")) == (4, None)


def test_hidden_numbers_in_a_lone_column_are_no_lines() -> None:
    table = one([["手机"], ["138****0001"], ["**********"], ["139****0002"]])
    assert (table.height, doubt(table, "notes"), doubt(table, "ruled_lines")) == (3, None, None)


def test_a_record_that_says_dashes_for_its_figures_is_no_header() -> None:
    table = one([["项目", "一月", "二月"], ["A", "--", "--"], ["B", "-----", "-----"], ["C", 5, 6]])
    assert (table.header_row, table.height) == (1, 3)


def test_lone_texts_at_the_end_of_full_records_are_remarks() -> None:
    rows = [
        ["姓名", *range(1, 7)],
        *[[f"张{n}", *"早中晚休早中"] for n in "一二三四五"],
        ["早：8:00-16:00；中：16:00-24:00"],
    ]
    table = one(rows)
    assert table.height == 5
    assert doubt(table, "notes") is not None


def test_a_last_record_that_says_only_its_name_stays_one_in_a_narrow_list() -> None:
    rows = [["姓名", "电话", "城市"], ["张三", "13800138000", "杭州"], ["李四", "13900139000", "上海"], ["王五"]]
    assert one(rows).height == 3


def test_a_last_record_whose_prices_are_not_settled_stays_one() -> None:
    rows: Rows = [
        ["产品", "北京", "上海", "广州"],
        ["A4纸", 10.5, 11, 12],
        ["笔", 2, 3, 4],
        ["墨盒", "询价", None, "待定"],
    ]
    assert one(rows).height == 3
    assert one([*rows[:-1], ["以上价格含税", "如有变动", None, None]]).height == 2


def test_short_names_alone_at_the_end_of_full_records_stay_records() -> None:
    rows = [["text", "date", "a", "b", "c"], *[[f"Row {n}", f"2024-01-0{n}", n, n, n] for n in range(1, 5)], ["Σ row"]]
    assert one(rows).height == 5


def test_rows_that_hold_their_printed_number_only_are_left_out_and_named() -> None:
    rows: list[list[Any]] = [["序号", "姓名", "电话"], *[[n, f"张{n}", f"1380013800{n}"] for n in range(1, 6)]]
    table = one([*rows, *[[n, None, None] for n in range(6, 31)]])
    assert table.height == 5
    found = doubt(table, "unfilled_rows")
    assert found is not None and found.chosen == "leave"


@pytest.mark.parametrize(("name", "from_"), [("房号", 101), ("座位号", 1), ("序号", 101)])
def test_numbers_of_things_that_are_free_stay_records(name: str, from_: int) -> None:
    rows = [[name, "住客", "入住"], *[[from_ + n, f"客{n}", f"2024-01-0{n + 1}"] for n in range(5)]]
    assert one([*rows, *[[from_ + n, None, None] for n in range(5, 9)]]).height == 9


def test_a_last_number_that_does_not_count_on_stays_a_record() -> None:
    rows = [["年份", "名称", "数量"], [2020, "a", 1], [2021, "b", 2], [2025, None, None]]
    assert one(rows).height == 3


def test_an_amount_in_words_below_a_total_is_a_remark() -> None:
    rows: Rows = [
        ["序号", "商品", "数量", "单价", "金额"], [1, "键盘", 10, 99, 990], [2, "鼠标", 20, 9, 80], [3, "屏", 2, 9, 18],
        ["合计", None, 32, None, 3968], ["大写金额：", "叁仟玖佰陆拾捌元整", None, None, None],
        ["制单：李娜", None, "审核：", None, None],
    ]  # fmt: skip
    assert one(rows).height == 3


def test_the_line_below_the_header_of_a_table_in_text_is_left_out() -> None:
    rows = [["名称", "数量", "日期"], ["------", "---:", ":--"], ["苹果", "3", "2024-03-01"], ["梨", "5", "2024-03-02"]]
    table = one(rows)
    assert (table.header_row, table.height) == (1, 2)


def test_a_row_that_says_how_to_fill_in_the_columns_is_left_out() -> None:
    rows = [
        ["商品名称", "售价", "库存", "是否包邮"], ["必填，不超过60字", "必填，数字", "选填", "是/否"],
        *[[f"商品{n}", f"{n}.90", 100, "是"] for n in range(1, 6)],
    ]  # fmt: skip
    table = one(rows)
    assert table.height == 5
    assert doubt(table, "examples") is not None


def test_answers_whether_something_is_required_stay_records() -> None:
    rows = [["字段", "类型", "要求"], *[[f"f{n}", "text", "required" if n % 2 else "optional"] for n in range(6)]]
    assert one(rows).height == 6
    told = [
        ["题目", "类型", "说明"],
        ["姓名", "必填", "不超过10字"],
        ["年龄", "选填", "请填数字"],
        ["性别", "必填", "下拉选择"],
    ]
    assert one(told).height == 3


def test_records_without_a_header_that_begin_with_a_moment_keep_their_first_rows() -> None:
    rows = [
        ["2024-03-01 10:00:01", "INFO", "login", "张伟"], ["2024-03-01 10:00:05", "WARN", "timeout", "王芳"],
        ["2024-03-01 10:01:00", "INFO", "logout", "张伟"], ["2024-03-01 10:02:00", "INFO", "login", "李娜"],
    ]  # fmt: skip
    table = one(rows)
    assert (table.header_row, table.height) == (0, 4)
