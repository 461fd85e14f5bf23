"""Lists below each other of which the lower one has the clearer header."""

from __future__ import annotations

from datetime import date

from runtime.exchange.tables.table import to_tables
from tests.runtime.exchange.workbooks import Rows, sheet_of, types, understood

SALES: Rows = [["一季度销售"], ["门店", "销售额"], ["A店", 100], ["B店", 200]]
STAFF: Rows = [
    ["员工名单"],
    ["姓名", "岗位", "入职"],
    ["张伟", "店长", date(2020, 1, 1)],
    ["王芳", "店员", date(2021, 1, 1)],
]


def test_both_are_taken_and_it_can_be_undone() -> None:
    plan = understood(sheet_of([*SALES, [], *STAFF]))
    assert [(sheet.form_label, sheet.rows) for sheet in plan.sheets] == [("一季度销售", 2), ("员工名单", 2)]
    assert list(types(plan, "表")) == ["门店", "销售额"]
    assert plan.doubt("表//several_tables").chosen == "apart"
    assert len(plan.choose("表//several_tables", "together").sheets) == 1


def test_pairs_above_a_list_describe_it() -> None:
    pairs: Rows = [["项目：", "甲"], ["金额：", 100], ["数量：", 5], []]
    plan = understood(sheet_of([*pairs, ["姓名", "岗位", "入职"], *STAFF[2:]]))
    (sheet,) = plan.sheets
    assert sheet.rows == 2


def test_a_short_summary_above_a_long_list_describes_it() -> None:
    rows = [["指标", "值"], ["总数", 20], ["金额", 10.5], [], ["姓名", "岗位", "入职"], *([list(STAFF[2])] * 20)]
    (sheet,) = understood(sheet_of(rows)).sheets
    assert sheet.rows == 20


def test_what_is_said_about_a_quotation_above_its_items_is_no_list() -> None:
    rows: Rows = [
        ["Quotation"], ["Quote no", "Q-12"], ["Valid days", 30], ["Discount", 0.1], [None], ["Item", "Qty", "Price"],
        ["Pen", 2, 3], ["Paper", 1, 5], ["Ink", 1, 9],
    ]  # fmt: skip
    (table,) = to_tables(sheet_of(rows))
    assert (table.headers, table.height) == (("Item", "Qty", "Price"), 3)
    assert [doubt.code for doubt in table.doubts] == ["rows_above"]


def test_a_short_list_of_a_quarter_above_a_wider_list_is_taken_too() -> None:
    rows: Rows = [
        ["Shop", "Q1"], ["North", 30], ["South", 40], ["West", 20], [None], ["Item", "Qty", "Price"], ["Pen", 2, 3],
        ["Paper", 1, 5], ["Ink", 1, 9],
    ]  # fmt: skip
    assert [table.height for table in to_tables(sheet_of(rows))] == [3, 3]
