"""Templates that people filled in: what must be filled in is said behind the names or below them."""

from __future__ import annotations

import pytest

from runtime.exchange.columns import Doubt
from runtime.exchange.tables.table import Table, to_tables
from tests.runtime.exchange.workbooks import Rows, sheet_of

STAFF: Rows = [
    ["张三", "销售部", 5000, "2024-01-02"],
    ["李四", "技术部", 6000, "2024-02-02"],
    ["王五", "人事部", 7000, ""],
]

MARKED: dict[str, tuple[str, ...]] = {
    "in wide brackets": ("姓名（必填）", "部门（必填）", "工资（选填）", "入职日期（选填）"),
    "in brackets, with more": ("姓名(必填项)", "部门(必填)", "工资(非必填)", "入职日期(可不填)"),
    "behind a blank": ("姓名 必填", "部门 必填", "工资 选填", "入职日期 选填"),
    "in a line of their own": ("姓名\n必填", "部门\n必填", "工资\n选填", "入职日期\n（选填）"),
    "behind a star": ("姓名*必填", "部门*必填", "工资*选填", "入职日期*选填"),
    "in English": ("Name (required)", "Team (required)", "Salary - optional", "Start [Optional]"),
    "with more in the brackets": (
        "姓名（必填，不超过20字）",
        "部门（必填，请选择）",
        "工资（选填）",
        "日期（选填，格式：2024-01-01）",
    ),
    "before the name": ("【必填】姓名", "【必填】部门", "【选填】工资", "选填-入职日期"),
    "before the name in English": ("Required: Name", "Required: Team", "Optional: Salary", "(Optional) Start"),
    "one question": ("请填写姓名", "部门（必填）", "工资（选填）", "入职日期（选填）"),
}


def one(rows: Rows) -> Table:
    (table,) = to_tables(sheet_of(rows))
    return table


def doubt(table: Table, code: str) -> Doubt | None:
    return next((found for found in table.doubts if found.code == code), None)


@pytest.mark.parametrize("case", MARKED)
def test_names_that_say_whether_they_must_be_filled_in_are_the_header(case: str) -> None:
    table = one([MARKED[case], *STAFF])
    assert (table.header_row, table.height) == (1, 3)
    assert doubt(table, "no_header") is None


def test_names_of_texts_that_must_be_filled_in_are_the_header_below_a_title() -> None:
    rows = [["员工导入模板"], ["姓名（必填）", "部门（必填）", "职务（必填）"], ["张三", "销售部", "经理"],
            ["李四", "技术部", "员工"], ["王五", "销售部", "员工"]]  # fmt: skip
    table = one(rows)
    assert (table.header_row, table.height) == (2, 3)


@pytest.mark.parametrize(
    "guide",
    [
        ["必填", "必填", "选填", "格式：2024-01-01"],
        ["文本 必填", "文本 必填", "数字 选填", "日期 选填"],
        ["Text, required", "Text, required", "Number, optional", "Date, optional"],
        ["不超过20字，必填", "从下拉选择", "选填", "请填写入职的日期"],
    ],
)
def test_what_may_be_filled_in_below_the_names_is_no_record(guide: list[str]) -> None:
    table = one([["姓名", "部门", "工资", "入职日期"], guide, *STAFF])
    assert (table.header_row, table.height) == (1, 3)
    assert doubt(table, "examples") is not None


def test_two_rows_of_what_may_be_filled_in_are_no_records() -> None:
    guides = [["必填", "必填", "选填", "选填"], ["不超过20字", "从下拉选择", "数字", "格式：2024-01-01"]]
    table = one([["姓名", "部门", "工资", "入职日期"], *guides, *STAFF])
    assert (table.header_row, table.height) == (1, 3)


def test_what_may_be_filled_in_above_the_names_is_no_header() -> None:
    table = one([["必填", "必填", "选填", "选填"], ["姓名", "部门", "工资", "入职日期"], *STAFF])
    assert (table.header_row, table.height) == (2, 3)


@pytest.mark.parametrize(
    "rows",
    [
        [["字段", "必填", "说明"], ["姓名", "必填", "不超过20字"], ["手机", "选填", "11位"], ["年龄", "选填", "岁"]],
        [["Field", "Type", "Mandatory"], ["Name", "Required text", "Mandatory"], ["Age", "int", "no"], ["A", "", "no"]],
        [["编号", "要求", "级别"], ["R1", "用户名必须唯一", "必须"], ["R2", "密码加密", "可选"], ["R3", "", "可选"]],
        [["字段", "类型", "是否必填", "格式", "说明"], ["姓名", "文本", "必填", "格式：中文", "不超过20字"],
         ["手机", "文本", "是", "数字", "11位"], ["年龄", "整数", "否", "数字", "岁"]],
    ],
)  # fmt: skip
def test_the_first_of_many_rules_about_fields_stays_a_record(rows: Rows) -> None:
    table = one(rows)
    assert table.height == 3
    assert doubt(table, "examples") is None
