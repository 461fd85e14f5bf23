"""Which columns name records of another sheet."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from runtime.exchange.columns import RelationTarget
from runtime.exchange.readers.reading import Workbook
from runtime.exchange.understanding.plan import ImportPlan
from runtime.exchange.understanding.workbooks import understand
from runtime.work import Progress
from tests.runtime.exchange.workbooks import Rows, plan_of, sheet_of, types

CUSTOMERS = [["客户编号", "客户名称"], *([f"K{n}", f"公司{n}"] for n in range(8))]


def relations(plan: ImportPlan) -> list[tuple[str, str, RelationTarget]]:
    return [
        (sheet.sheet, column.label, column.relation)
        for sheet in plan.sheets
        for column in sheet.columns
        if column.relation is not None
    ]


def test_a_column_whose_every_value_is_a_key_becomes_the_relation() -> None:
    plan = plan_of({"客户": CUSTOMERS, "订单": [["单号", "客户编号"], *([f"D{n}", f"K{n % 8}"] for n in range(20))]})
    assert relations(plan) == [("订单", "客户编号", RelationTarget("客户", 0))]
    assert plan.doubt("订单/1/relation_in_place").chosen == "relate"


def test_the_title_of_a_related_sheet_is_its_name_and_not_its_number() -> None:
    plan = plan_of({"客户": CUSTOMERS, "订单": [["单号", "客户编号"], *([f"D{n}", f"K{n % 8}"] for n in range(20))]})
    customers = plan.sheet("客户")
    assert (customers.key_column, customers.columns[customers.title_column].label) == (0, "客户名称")


def test_a_column_of_which_some_values_have_a_partner_gets_a_relation_beside_it() -> None:
    lines = [["订单 ID", "产品"], *([f"D{n // 2}", f"P{n}"] for n in range(40))]
    returns = [["订单 ID", "退回"], *([f"D{n}", "是"] for n in range(5))]
    plan = plan_of({"订单": lines, "退货": returns})
    assert relations(plan) == [("订单", "退货", RelationTarget("退货", 0, optional=True))]
    assert types(plan, "订单") == {"订单 ID": "text", "退货": "relation", "产品": "text"}
    doubt = plan.doubt("订单/0/relation_added")
    assert "10 of 40 rows" in str(doubt.message)


def test_a_column_with_a_few_strangers_keeps_its_text_and_gets_a_relation_beside_it() -> None:
    orders = [["单号", "客户编号"], *([f"D{n}", f"K{n % 8}"] for n in range(30)), ["D99", "K-unknown"]]
    plan = plan_of({"客户": CUSTOMERS, "订单": orders})
    assert types(plan, "订单")["客户编号"] == "text"
    assert relations(plan) == [("订单", "客户", RelationTarget("客户", 0, optional=True))]


def test_unlike_headers_relate_where_all_values_are_names_of_rows() -> None:
    staff = [["姓名", "部门"], ["张三", "一部"], ["李四", "二部"], ["王五", "一部"]]
    tasks = [["任务", "负责人"], *([f"T{n}", ["张三", "李四", "王五"][n % 3]] for n in range(9))]
    assert relations(plan_of({"员工": staff, "任务": tasks})) == [("任务", "负责人", RelationTarget("员工", 0))]


def no_relation(**sheets: list[list[Any]]) -> None:
    assert relations(plan_of(sheets)) == []


def test_a_target_with_repeats_is_ambiguous_and_no_target() -> None:
    no_relation(
        客户=[["客户编号", "城市"], ["K1", "沪"], ["K1", "京"], ["K2", "深"]],
        订单=[["单号", "客户编号"], ["D1", "K1"], ["D2", "K2"], ["D3", "K2"]],
    )


def test_row_numbers_of_two_sheets_do_not_relate() -> None:
    no_relation(
        甲=[["编号", "名称"], *([n, f"甲{n}"] for n in range(1, 30))],
        乙=[["编号", "标题"], *([n, f"乙{n}"] for n in range(1, 20))],
    )


def test_quantities_do_not_name_rows() -> None:
    no_relation(
        甲=[["等级", "说明"], [1, "低"], [2, "中"], [3, "高"]],
        乙=[["名称", "数量"], *([f"乙{n}", n % 3 + 1] for n in range(9))],
    )


def test_months_of_one_list_do_not_name_each_other() -> None:
    no_relation(
        一月=[["客户", "金额"], *([f"K{n}", n] for n in range(9))],
        二月=[["客户", "金额"], *([f"K{n}", n + 5] for n in range(6))],
    )


def test_whole_number_keys_relate_under_the_same_header() -> None:
    plan = plan_of(
        {
            "产品": [["产品 ID", "名称"], *([n * 7, f"产品{n}"] for n in range(1, 6))],
            "明细": [["行", "产品 ID"], *([f"L{n}", (n % 5 + 1) * 7] for n in range(12))],
        }
    )
    assert relations(plan) == [("明细", "产品 ID", RelationTarget("产品", 0))]
    (chunk,) = plan.rows("明细")
    assert set(chunk.values[1]) <= set(plan.keys("产品", 0))


def test_a_relation_can_be_declined() -> None:
    plan = plan_of({"客户": CUSTOMERS, "订单": [["单号", "客户编号"], *([f"D{n}", f"K{n % 8}"] for n in range(20))]})
    declined = plan.choose("订单/1/relation_in_place", "leave")
    assert relations(declined) == []
    assert declined.doubt("订单/1/relation_in_place").chosen == "leave"
    assert relations(declined.choose("订单/1/relation_in_place", "relate")) == relations(plan)


@dataclass(frozen=True)
class Known:
    """A form that is there already, with how many records each text names."""

    name: str
    records: Mapping[str, int]
    labels: Collection[str] = ("名称",)
    id: str = "f_known"
    fields: Collection[str] = ()

    def is_of(self, headers: Collection[str]) -> bool:
        return set(headers) == set(self.fields)

    def named(self, texts: Collection[str]) -> Mapping[str, Sequence[str]]:
        return {text: [f"{text} {at}" for at in range(self.records[text])] for text in texts if text in self.records}


def beside_forms(rows: list[list[Any]], *forms: Known) -> ImportPlan:
    return understand(Workbook(Path("x.xlsx"), (sheet_of(rows, "订单"),)), Progress(), forms)


COMPANIES = Known("客户", {f"公司{n}": 1 for n in range(8)})
ORDERS = [["单号", "客户"], *([f"D{n}", f"公司{n % 8}"] for n in range(20))]


def test_a_column_whose_every_value_names_a_record_of_a_form_becomes_a_relation_to_it() -> None:
    plan = beside_forms(ORDERS, COMPANIES)
    assert relations(plan) == [("订单", "客户", RelationTarget("客户", -1, form="f_known"))]
    assert [choice.id for choice in plan.doubt("订单/1/relation_to_form").choices] == ["relate", "beside", "leave"]
    (chunk,) = plan.rows("订单")
    assert chunk.values[1][:2] == ["公司0", "公司1"]


def test_a_file_makes_no_relations_to_the_form_that_it_became_before() -> None:
    assert relations(beside_forms(ORDERS, Known("订单", {f"D{n}": 1 for n in range(20)}, ("单号",)))) == []
    assert relations(beside_forms(ORDERS, Known("旧订单", {f"D{n}": 1 for n in range(20)}, ("单号",)))) != []


def test_where_some_values_name_no_record_the_text_stays_and_a_relation_is_added() -> None:
    plan = beside_forms([*ORDERS, ["D98", "陌生人"], ["D99", "路人"]], COMPANIES)
    assert relations(plan) == [("订单", "客户 (2)", RelationTarget("客户", -1, optional=True, form="f_known"))]
    doubt = plan.doubt("订单/1/relation_to_form")
    assert "20 of 22 rows, not in others (“陌生人”, “路人”)" in str(doubt.message)
    assert [column.field_type for column in plan.choose(doubt.id, "alone").sheet("订单").columns] == [
        "text",
        "relation",
    ]
    assert relations(plan.choose(doubt.id, "leave")) == []


def test_few_matches_make_no_relation_to_a_form() -> None:
    assert relations(beside_forms([["单号", "客户"], *([f"D{n}", f"人{n}"] for n in range(9))], COMPANIES)) == []


def test_a_header_that_does_not_speak_of_the_form_makes_no_relation() -> None:
    assert relations(beside_forms([["单号", "备注"], *ORDERS[1:]], COMPANIES)) == []


def test_a_header_called_like_the_title_of_the_form_is_enough() -> None:
    rows = [["单号", "客户名称"], *ORDERS[1:]]
    assert len(relations(beside_forms(rows, Known("往来单位", COMPANIES.records, ("客户名称",))))) == 1


def test_values_that_name_several_records_are_said_with_their_number() -> None:
    plan = beside_forms(ORDERS, Known("客户", {**COMPANIES.records, "公司0": 2}))
    doubt = plan.doubt("订单/1/found_twice")
    assert str(doubt.message) == (
        "1 value of “客户” names several records of “客户” (“公司0”: 2); its rows get no relation."
    )


def test_sheets_of_several_workbooks_come_into_one_plan_and_find_each_other() -> None:
    first = Workbook(Path("客户表.xlsx"), (sheet_of(CUSTOMERS, "Sheet1"),))
    orders = [["单号", "客户编号"], *([f"D{n}", f"K{n % 8}"] for n in range(20))]
    second = Workbook(Path("订单表.xlsx"), (sheet_of(orders, "Sheet1"), sheet_of([["a"], ["b"]], "其他")))
    plan = understand([first, second], Progress())
    assert [(sheet.sheet, sheet.form_label) for sheet in plan.sheets] == [
        ("客户表 · Sheet1", "客户表"), ("订单表 · Sheet1", "Sheet1 订单表"), ("其他", "其他"),
    ]  # fmt: skip
    assert relations(plan) == [("订单表 · Sheet1", "客户编号", RelationTarget("客户表 · Sheet1", 0))]


@pytest.mark.parametrize("turned", [False, True])
def test_where_each_row_has_one_partner_a_number_points_to_what_it_speaks_of(turned: bool) -> None:
    customers: Rows = [["客户编号", "客户名称"], *([f"C{at}", f"公司{at}"] for at in range(1, 9))]
    contracts: Rows = [["合同号", "客户编号", "合同金额"], *([f"H{at}", f"C{at}", 1000.0 * at] for at in range(1, 9))]
    sheets = {"客户": customers, "合同": contracts}
    plan = plan_of(dict(reversed(sheets.items())) if turned else sheets)
    assert types(plan, "客户") == {"客户编号": "text", "客户名称": "text"}
    assert types(plan, "合同")["客户编号"] == "relation"


def test_where_nothing_is_said_it_points_to_where_it_comes_first() -> None:
    plan = plan_of({
        "B": [["料号", "品名"], *([f"C{at}", f"品{at}"] for at in range(1, 9))],
        "A": [["单号", "料号"], *([f"H{at}", f"C{at}"] for at in range(1, 9))],
    })  # fmt: skip
    assert (types(plan, "A")["料号"], types(plan, "B")["料号"]) == ("relation", "text")
