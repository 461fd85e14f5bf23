"""The sample superstore workbook as a user would want it read: every column judged."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from runtime.exchange.columns import RelationTarget
from runtime.exchange.understanding.plan import ImportPlan
from runtime.exchange.understanding.workbooks import understand
from runtime.work import Progress
from tests.runtime.exchange.workbooks import read, shared, types


@pytest.fixture(scope="module")
def plan() -> ImportPlan:
    return understand(read(shared("superstore_cn.xls")), Progress())


def test_there_are_three_sheets_with_all_their_rows(plan: ImportPlan) -> None:
    assert [(sheet.sheet, sheet.rows) for sheet in plan.sheets] == [("订单", 10_000), ("退货", 296), ("销售人员", 6)]
    assert [sum(chunk.height for chunk in plan.rows(sheet.sheet)) for sheet in plan.sheets] == [10_000, 296, 6]


def test_every_column_of_the_orders_has_the_type_a_user_expects(plan: ImportPlan) -> None:
    assert types(plan, "订单") == {
        "行 ID": "integer", "订单 ID": "text", "退货": "relation", "订单日期": "date", "发货日期": "date",
        "邮寄方式": "choice", "客户 ID": "text", "客户名称": "text", "细分": "choice", "城市": "text",
        "省/自治区": "choice", "国家": "choice", "地区": "relation", "产品 ID": "text", "类别": "choice",
        "子类别": "choice", "产品名称": "text", "销售额": "money", "数量": "integer", "折扣": "percent",
        "利润": "money",
    }  # fmt: skip


def test_the_fields_of_the_orders_stand_as_in_the_file_and_the_added_relation_is_the_last(plan: ImportPlan) -> None:
    labels = [column.label for column in plan.sheet("订单").columns]
    assert labels == [*plan.source.tables["订单"].headers, "退货"]


def test_the_other_sheets_too(plan: ImportPlan) -> None:
    assert types(plan, "退货") == {"订单 ID": "text", "退回": "boolean"}
    assert types(plan, "销售人员") == {"地区": "text", "地区经理": "text"}


def test_orders_are_related_to_returns_and_to_salespeople(plan: ImportPlan) -> None:
    columns = {column.label: column for column in plan.sheet("订单").columns}
    assert columns["退货"].relation == RelationTarget("退货", 0, optional=True)
    assert columns["地区"].relation == RelationTarget("销售人员", 0)


def test_each_return_is_found_by_all_lines_of_its_order(plan: ImportPlan) -> None:
    returned = set(plan.keys("退货", 0))
    orders = plan.sheet("订单")
    own, related = ([c.label for c in orders.columns].index(label) for label in ("订单 ID", "退货"))
    found: Counter[str] = Counter()
    for chunk in plan.rows("订单"):
        for order, key in zip(chunk.values[own], chunk.values[related], strict=True):
            assert key == order
            found[key] += key in returned
    assert {order for order, lines in found.items() if lines} == returned
    assert sum(found.values()) == 1163


def test_records_are_called_by_what_tells_them_apart(plan: ImportPlan) -> None:
    titles = {sheet.sheet: sheet.columns[sheet.title_column].label for sheet in plan.sheets}
    assert titles == {"订单": "订单 ID", "退货": "订单 ID", "销售人员": "地区"}


def test_figures_keep_every_digit_that_excel_shows(plan: ImportPlan) -> None:
    (first, *_) = plan.rows("订单")
    row = dict(zip((c.label for c in plan.sheet("订单").columns), next(first.rows()), strict=True))
    assert row["销售额"] == Decimal("129.696")
    assert row["利润"] == Decimal("-60.704")
    assert row["折扣"] == Decimal("0.4")
    assert (row["行 ID"], row["数量"], row["订单日期"]) == (1, 2, date(2017, 4, 27))
    assert not any(chunk.unfit for sheet in plan.sheets for chunk in plan.rows(sheet.sheet))


def test_what_was_assumed_is_said(plan: ImportPlan) -> None:
    assert [doubt.id for doubt in plan.doubts] == [
        "订单/1/relation_added", "订单/11/relation_in_place", "订单/16/named_money", "订单/18/named_percent",
        "订单/19/named_money", "退货/1/words_for_yes",
    ]  # fmt: skip
