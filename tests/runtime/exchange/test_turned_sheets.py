"""Sheets on their side: fields below each other, records side by side."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from runtime.exchange.tables.table import to_tables
from runtime.exchange.understanding.workbooks import understand
from runtime.work import Progress
from tests.runtime.exchange.workbooks import Rows, read, sheet_of, types, understood

PEOPLE: Rows = [
    ["姓名", "张三", "李四", "王五"], ["性别", "男", "女", "男"],
    ["出生日期", date(1990, 3, 5), date(1991, 4, 6), date(1992, 5, 7)], ["工资", 8000, 9000, 8500],
    ["部门", "研发部", "销售部", None],
]  # fmt: skip


def test_a_sheet_on_its_side_is_turned_and_no_record_is_lost() -> None:
    plan = understood(sheet_of(PEOPLE))
    assert plan.sheet("表").rows == 3
    assert list(types(plan, "表").items())[2:4] == [("出生日期", "date"), ("工资", "money")]
    (chunk,) = plan.rows("表")
    assert chunk.values[0] == ["张三", "李四", "王五"]
    assert plan.doubt("表//turned").chosen == "turned"


def test_it_can_be_read_row_by_row_and_turned_again() -> None:
    plan = understood(sheet_of(PEOPLE)).choose("表//turned", "list")
    assert plan.sheet("表").rows == len(PEOPLE) - 1
    assert plan.doubt("表//turned").chosen == "list"
    assert plan.choose("表//turned", "turned").sheet("表").rows == 3


def test_a_title_above_it_is_left_out() -> None:
    plan = understood(sheet_of([["参数对比"], *PEOPLE], merged=((0, 0, 0, 3),)))
    assert list(types(plan, "表"))[:2] == ["姓名", "性别"]


def test_a_csv_on_its_side_is_turned_too(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("型号,X1,X2,X3\n重量,1.2,1.5,2.1\n上市,2022-01-01,2023-02-02,2024-03-03\n颜色,黑,白,银\n", "utf-8")
    plan = understand(read(path), Progress())
    assert types(plan, "a") == {"型号": "text", "重量": "decimal", "上市": "date", "颜色": "text"}
    assert plan.sheet("a").rows == 3


LISTS: dict[str, Rows] = {
    "a list": [["姓名", "性别", "生日"], *[[f"张{n}", "男", date(1990, 1, n)] for n in range(1, 8)]],
    "a matrix": [["地区", "2021年", "2022年"], ["华东", 1, 2], ["华北", 3, 4], ["华南", 5, 6], ["西南", 7, 8]],
    "a statement": [
        ["项目", "本期", "上期"], ["收入", 5, 6], ["成本", 4, 5], ["税金", 1, 1], ["利润", 2, 3], ["意见", "好", "好"],
    ],
    "texts only": [["问题", "甲", "乙"], ["名称", "a", "b"], ["类型", "c", "d"], ["说明", "e", "f"]],
    "days that are not settled": [
        ["任务", "开始", "结束"], ["设计", date(2024, 1, 1), date(2024, 1, 5)],
        ["开发", date(2024, 1, 6), date(2024, 2, 5)],
        ["测试", "待定", "未定"], ["上线", "三月", "四月"],
    ],
    "prices that are not settled": [
        ["品名", "原价", "现价", "会员价"], ["梨", 5, 4, 3], ["桃", 6, 5, 4], ["枣", "面议", "面议", "面议"],
        ["杏", "停售", "停售", "停售"],
    ],
    "groups beside the names": [
        [None, "姓名", "张三", "李四"], ["个人", "生日", date(1990, 3, 5), date(1991, 4, 6)],
        ["个人", "城市", "杭州", "上海"], ["单位", "工资", 8000, 9000], ["单位", "部门", "研发", "销售"],
    ],
    "a short list": [["品名", "数量", "日期"], ["苹果", 3, date(2024, 1, 1)], ["梨", 4, date(2024, 1, 2)]],
}  # fmt: skip


@pytest.mark.parametrize("case", LISTS)
def test_a_list_is_not_turned(case: str) -> None:
    (table,) = to_tables(sheet_of(LISTS[case]))
    assert (table.header_row, table.height) == (1, len(LISTS[case]) - 1)


def test_prices_that_are_not_settled_are_no_reason_to_turn_a_list() -> None:
    rows: Rows = [
        ["产品", "北京", "上海", "广州"], ["A4纸", 10.5, 11, 12], ["笔", 2, 3, 4], ["订书机", "待定", "面议", "缺货"],
        ["胶水", 5, 6, 7], ["墨盒", "询价", None, "待定"],
    ]  # fmt: skip
    (table,) = to_tables(sheet_of(rows))
    assert (table.frame.turned, table.height) == (False, 5)
