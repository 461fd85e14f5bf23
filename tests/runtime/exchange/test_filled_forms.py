"""Sheets that are forms filled in: one record, whose names stand before its values."""

from __future__ import annotations

from datetime import date

import pytest

from runtime.exchange.tables.table import to_tables
from tests.runtime.exchange.workbooks import Rows, sheet_of, types, understood

DAY = date(1990, 3, 5)
WIDE: Rows = [
    ["员工登记表"], ["姓名", "张三", "性别", "男"], ["出生日期", DAY, "民族", "汉"],
    ["学历", "本科", "电话", "13800138000"], ["住址", "北京市海淀区", None, None], ["备注", None, None, None],
]  # fmt: skip
NARROW: Rows = [["姓名：", "张三"], ["性别：", "男"], ["电话：", "13800138000"], ["入职日期：", DAY], ["工资：", 8000]]

LISTS: dict[str, Rows] = {
    "a wide list of one record": [
        ["姓名", "性别", "电话", "出生日期", "住址", "民族", "学历"],
        ["张三", "男", "13800138000", DAY, "北京", "汉", "本科"],
    ],
    "a list of firms": [
        ["客户名称", "联系电话"],
        ["甲公司", "0571-88886666"],
        ["乙公司", 13800138000],
        ["丙公司", 139],
    ],
    "a list of fields": [["字段", "类型"], ["姓名", "文本"], ["电话", "数字"], ["性别", "选项"], ["出生日期", "日期"]],
    "a list of people": [["姓名", "年龄"], *[[f"张{name}", n] for n, name in enumerate("一二三四五六")]],
    "kinds of values": [["Type", "Value"], ["text", "abc"], ["date", DAY], ["number", 5], ["url", "www.a.cn"]],
}


@pytest.mark.parametrize("rows", [WIDE, NARROW])
def test_a_form_filled_in_is_one_record(rows: Rows) -> None:
    plan = understood(sheet_of(rows))
    found = types(plan, "表")
    assert plan.sheet("表").rows == 1
    assert list(found)[:2] == ["姓名", "性别"]
    assert found["电话"] == "phone"
    assert "date" in found.values()


def test_a_form_filled_in_is_named_and_can_be_read_as_a_list_and_back() -> None:
    plan = understood(sheet_of(WIDE))
    as_list = plan.choose("表//filled_form", "list")
    assert as_list.sheet("表").rows != 1
    assert as_list.doubt("表//filled_form").chosen == "list"
    assert as_list.choose("表//filled_form", "record").sheet("表").rows == 1


@pytest.mark.parametrize("case", LISTS)
def test_a_list_is_no_form(case: str) -> None:
    rows = LISTS[case]
    (table,) = to_tables(sheet_of(rows))
    assert (table.header_row, table.height) == (1, len(rows) - 1)
