"""The plan is a value: choosing, retyping, renaming and leaving out give a new plan that fits together."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.errors import Cancelled
from runtime.exchange.readers.reading import Workbook
from runtime.exchange.readers.refusals import NothingToImport
from runtime.exchange.understanding.plan import ImportPlan
from runtime.exchange.understanding.workbooks import understand
from runtime.work import Progress
from tests.runtime.exchange.workbooks import Rows, plan_of, sheet_of, types

SHEETS: dict[str, Rows] = {
    "订单": [
        ["订单 ID", "日期", "折扣", "手机", "备注"],
        *([f"D{n // 2}", f"0{n % 9 + 1}/0{n % 7 + 1}/2025", 0.25, 13800000000 + n * 7, "急"] for n in range(30)),
    ],
    "退货": [["订单 ID", "退回"], *([f"D{n}", "是"] for n in range(4))],
}


@pytest.fixture
def plan() -> ImportPlan:
    return plan_of(SHEETS)


def test_choosing_makes_a_new_plan_and_leaves_the_old_one(plan: ImportPlan) -> None:
    chosen = plan.choose("订单/1/day_or_month_first", "date_dmy")
    assert types(plan, "订单")["日期"] == "text"
    assert types(chosen, "订单")["日期"] == "date"
    assert chosen.doubt("订单/1/day_or_month_first").chosen == "date_dmy"
    place = next(p for p, c in enumerate(chosen.sheet("订单").columns) if c.label == "日期")
    (chunk,) = chosen.rows("订单")
    assert chunk.values[place][1] == date(2025, 2, 2)


def test_choosing_what_is_not_offered_is_an_error(plan: ImportPlan) -> None:
    with pytest.raises(KeyError):
        plan.choose("订单/1/day_or_month_first", "nonsense")
    with pytest.raises(KeyError):
        plan.choose("nonsense", "text")


def test_a_choice_keeps_the_name_that_was_given(plan: ImportPlan) -> None:
    renamed = plan.rename("订单", 1, "下单日期")
    assert renamed.sheet("订单").columns[1].label == "下单日期"
    chosen = renamed.choose("订单/1/day_or_month_first", "date_mdy")
    assert chosen.sheet("订单").columns[1].label == "下单日期"


def test_retyping_brings_the_properties_that_the_values_need(plan: ImportPlan) -> None:
    place = next(p for p, c in enumerate(plan.sheet("订单").columns) if c.label == "折扣")
    retyped = plan.retype("订单", place, "decimal")
    assert retyped.sheet("订单").columns[place].props == {"decimals": 2}
    assert retyped.doubt("订单/2/named_percent").chosen == "decimal"
    (chunk,) = retyped.retype("订单", place, "choice").rows("订单")
    assert chunk.values[place][0] == "0.25"


def test_retyping_to_what_no_choice_offers_leaves_the_doubt_decided_by_the_user(plan: ImportPlan) -> None:
    place = next(p for p, c in enumerate(plan.sheet("订单").columns) if c.label == "折扣")
    assert plan.retype("订单", place, "text").doubt("订单/2/named_percent").chosen == ""


def test_a_field_that_is_left_out_is_in_no_row(plan: ImportPlan) -> None:
    without = plan.include("订单", False, 0)
    (chunk,) = without.rows("订单")
    assert 0 not in chunk.columns
    assert len(chunk.values) == len(chunk.columns) == len(plan.sheet("订单").columns) - 1


def test_a_sheet_that_is_left_out_takes_its_relations_with_it(plan: ImportPlan) -> None:
    assert "退货" in types(plan, "订单")
    without = plan.include("退货", False)
    assert "退货" not in types(without, "订单")
    assert not without.sheet("退货").include


def test_renaming_a_form_renames_the_form(plan: ImportPlan) -> None:
    assert plan.rename("退货", None, "退货单").sheet("退货").form_label == "退货单"


def test_the_title_stays_the_title_when_a_relation_comes_or_goes(plan: ImportPlan) -> None:
    plan = plan.with_title("订单", 4)
    for choice in ("leave", "relate", "leave"):
        plan = plan.choose("订单/0/relation_added", choice)
        sheet = plan.sheet("订单")
        assert sheet.columns[sheet.title_column].label == "备注"


def test_a_title_that_was_an_added_field_is_that_of_its_column_when_it_goes(plan: ImportPlan) -> None:
    plan = plan.with_title("订单", 5).choose("订单/0/relation_added", "leave")
    sheet = plan.sheet("订单")
    assert sheet.columns[sheet.title_column].label == "订单 ID"


TWO_ADDED: dict[str, Rows] = {
    "订单": [["单号", "客户编号", "产品编号", "数量"], *([f"D{n}", f"K{n % 9}", f"P{n % 7}", n] for n in range(40))],
    "客户": [["客户编号", "客户名称"], *([f"K{n}", f"公司{n}"] for n in range(4))],
    "产品": [["产品编号", "品名"], *([f"P{n}", f"料{n}"] for n in range(4))],
}


def test_added_fields_come_after_those_of_the_file_whatever_was_chosen_first() -> None:
    plan = plan_of(TWO_ADDED)
    head = ["单号", "客户编号", "产品编号", "数量"]
    assert list(types(plan, "订单")) == [*head, "客户", "产品"]
    without = plan.choose("订单/1/relation_added", "leave")
    assert list(types(without, "订单")) == [*head, "产品"]
    assert list(types(without.choose("订单/1/relation_added", "relate"), "订单")) == [*head, "客户", "产品"]


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 5)), max_size=8))
def test_any_series_of_choices_gives_a_plan_whose_rows_can_be_made(steps: list[tuple[int, int]]) -> None:
    plan = plan_of(SHEETS)
    for which, choice in steps:
        offered = [doubt for doubt in plan.doubts if doubt.choices]
        doubt = offered[which % len(offered)]
        chosen = doubt.choices[choice % len(doubt.choices)].id
        plan = plan.choose(doubt.id, chosen)
        assert plan.doubt(doubt.id).chosen == chosen
    for sheet in plan.sheets:
        assert 0 <= sheet.title_column < len(sheet.columns)
        labels = [column.label for column in sheet.columns]
        assert len(set(labels)) == len(labels)
        assert sum(chunk.height for chunk in plan.rows(sheet.sheet)) == sheet.rows


def test_rows_come_in_chunks_with_misfits_at_their_place() -> None:
    rows = [["名称", "数量"], *([f"N{n}", n] for n in range(100)), [], ["坏", "缺"]]
    plan = plan_of({"表": rows})
    chunks = list(plan.rows("表", size=40))
    assert [(chunk.first, chunk.height) for chunk in chunks] == [(0, 40), (40, 40), (80, 21)]
    assert next(chunks[1].rows()) == ("N40", 40)
    assert list(chunks[2].rows())[-1] == ("坏", None)
    (unfit,) = chunks[2].unfit
    assert (unfit.row, unfit.row_number, unfit.column, unfit.text) == (100, 103, 1, "缺")
    assert str(unfit.reason) == "“缺” is not a number."


def test_nothing_is_lost_between_the_sheet_and_the_rows() -> None:
    rows = [
        ["名称", "金额", "日期", "备注"],
        ["甲", 12.345, date(2024, 1, 1), None],
        ["乙", -3, None, "x\ny"],
        ["丙", None, date(2024, 2, 29), "z"],
    ]
    (chunk,) = plan_of({"表": rows}).rows("表")
    assert list(chunk.rows()) == [
        ("甲", Decimal("12.345"), date(2024, 1, 1), None),
        ("乙", Decimal(-3), None, "x\ny"),
        ("丙", None, date(2024, 2, 29), "z"),
    ]


def test_a_single_sheet_without_a_name_of_its_own_is_called_like_the_file() -> None:
    plan = plan_of({"Sheet1": [["a"], ["b"]]}, name="客户名单.xlsx")
    assert plan.sheet("Sheet1").form_label == "客户名单"


def test_hidden_sheets_stay_out_until_they_are_asked_for() -> None:
    hidden = sheet_of([["a"], ["b"]], "暗", visible=False)
    plan = understand(Workbook(Path("x.xlsx"), (sheet_of([["a"], ["b"]], "明"), hidden)), Progress())
    assert [sheet.include for sheet in plan.sheets] == [True, False]
    taken = plan.choose("暗//hidden_sheet", "take")
    assert taken.sheet("暗").include
    assert taken.doubt("暗//hidden_sheet").chosen == "take"
    assert taken.include("暗", False).doubt("暗//hidden_sheet").chosen == "leave"


def test_columns_without_values_can_be_left_out_at_once() -> None:
    plan = plan_of({"表": [["a", "b", "c"], ["x", None, None], ["y", None, None]]})
    doubt = plan.doubt("表//no_values")
    assert str(doubt.message) == "2 columns have headers but no values: “b”, “c”."
    assert [c.include for c in plan.choose(doubt.id, "leave").sheet("表").columns] == [True, False, False]
    again = plan.choose(doubt.id, "leave").choose(doubt.id, "keep")
    assert [c.include for c in again.sheet("表").columns] == [True, True, True]


def test_blank_and_damaged_sheets_are_named() -> None:
    sheets = (sheet_of([["姓名"], ["b"]], "好"), sheet_of([], "空"), sheet_of([], "坏", readable=False))
    plan = understand(Workbook(Path("x.xlsx"), sheets), Progress())
    assert [sheet.sheet for sheet in plan.sheets] == ["好"]
    assert [doubt.code for doubt in plan.doubts] == ["blank_sheet", "unreadable_sheet"]


def test_nothing_but_blank_sheets_is_refused() -> None:
    with pytest.raises(NothingToImport):
        understand(Workbook(Path("x.xlsx"), (sheet_of([], "空"),)), Progress())


def test_understanding_can_be_cancelled() -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        understand(Workbook(Path("x.xlsx"), (sheet_of([["a"], ["b"]]),)), progress)


def test_a_sheet_of_names_without_records_can_be_left_out() -> None:
    plan = plan_of({"客户": [["姓名", "电话"], ["张三", "13812345678"]], "订单": [["单号", "金额"]]})
    doubt = plan.doubt("订单//no_rows")
    assert (plan.sheet("订单").include, doubt.chosen) == (True, "take")
    assert not plan.choose(doubt.id, "leave").sheet("订单").include
    assert plan.include("订单", False).doubt(doubt.id).chosen == "leave"


def test_a_sheet_of_one_remark_is_left_out_by_both_doubts_about_it() -> None:
    plan = plan_of({"客户": [["姓名", "电话"], ["张三", "13812345678"]], "说明": [["本表每月更新。"]]})
    assert not plan.sheet("说明").include
    assert {doubt.chosen for doubt in plan.doubts if doubt.sheet == "说明"} == {"leave"}
