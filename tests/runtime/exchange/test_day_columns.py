"""Columns that are days side by side have one type."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest

from runtime.exchange.columns import Doubt
from runtime.exchange.understanding.plan import ImportPlan
from tests.runtime.exchange.workbooks import Rows, plan_of, sheet_of, types, understood

WORDS = ["√", "√", "休", "迟到", "√", "事假", "√", "√"]
NAMES = ["张伟", "王芳", "李娜", "刘洋", "陈静", "杨帆", "赵磊", "黄敏"]


def attendance(header: list[Any], hours: bool = False) -> ImportPlan:
    """Eight people over some days; the third day says √ only, the fifth is blank."""
    rows: list[list[Any]] = [["姓名", *header]]
    for at, name in enumerate(NAMES):
        cells: list[Any] = [WORDS[(at + day) % len(WORDS)] for day in range(len(header))]
        if hours:
            cells = [8.0 if cell == "√" else cell for cell in cells]
        cells[2], cells[4] = 8.0 if hours else "√", None
        rows.append([name, *cells])
    return understood(sheet_of(rows))


@pytest.mark.parametrize(
    "header",
    [
        list(range(1, 9)),
        [f"{day}日" for day in range(1, 9)],
        [f"3月{day}日" for day in range(1, 9)],
        [date(2024, 3, day) for day in range(1, 9)],
        [27, 28, 29, 1, 2, 3, 4, 5],
    ],
)
def test_days_with_the_same_words_become_one_choice_with_the_same_options(header: list[Any]) -> None:
    plan = attendance(header)
    columns = plan.sheet("表").columns[1:]
    assert {column.field_type for column in columns} == {"choice"}
    assert {tuple(sorted(column.props["options"])) for column in columns} == {("√", "事假", "休", "迟到")}
    assert [str(doubt.message)[:9] for doubt in plan.doubts if doubt.code.startswith("days_")]
    assert not any(chunk.unfit for chunk in plan.rows("表"))


def test_days_with_hours_and_words_become_one_type_that_keeps_both() -> None:
    plan = attendance([f"{day}日" for day in range(1, 9)], hours=True)
    assert {column.field_type for column in plan.sheet("表").columns[1:]} == {"text"}
    (chunk,) = plan.rows("表")
    assert set(chunk.values[3]) == {"8"}
    assert not chunk.unfit


def days_doubt(plan: ImportPlan) -> Doubt:
    (doubt,) = (doubt for doubt in plan.doubts if doubt.code.startswith("days_"))
    return doubt


def test_each_day_can_have_the_type_of_its_own_values_and_all_one_again() -> None:
    plan = attendance([f"{day}日" for day in range(1, 9)], hours=True)
    assert [choice.id for choice in days_doubt(plan).choices] == ["together", "apart"]
    apart = plan.choose(days_doubt(plan).id, "apart")
    assert days_doubt(apart).chosen == "apart"
    assert types(apart, "表")["3日"] == "integer"
    assert types(apart, "表")["1日"] != "integer"
    again = apart.choose(days_doubt(plan).id, "together")
    assert again == plan
    assert apart.replayed(again.steps[-1:]) == plan


def test_a_day_whose_type_somebody_changed_leaves_no_choice_in_force_until_it_fits_one() -> None:
    plan = attendance([f"{day}日" for day in range(1, 9)], hours=True)
    changed = plan.retype("表", 1, "integer")
    assert days_doubt(changed).chosen == ""
    assert days_doubt(changed.retype("表", 1, "text")).chosen == "together"
    assert types(changed.choose(days_doubt(plan).id, "together"), "表")["1日"] == "text"


def test_days_that_are_left_out_stay_out_whatever_their_type() -> None:
    plan = attendance([f"{day}日" for day in range(1, 9)], hours=True).include("表", False, 2)
    included = [column.include for column in plan.choose(days_doubt(plan).id, "apart").sheet("表").columns]
    assert included == [True, True, False, *[True] * 6]


def test_days_that_all_hold_figures_stay_as_they_are() -> None:
    rows: Rows = [["产品", 1, 2, 3, 4, 5], ["a", 1, 2.5, 3, 4, 5], ["b", 1, 2, 3, 4, 5.5]]
    plan = understood(sheet_of(rows))
    assert list(types(plan, "表").values())[1:] == ["integer", "decimal", "integer", "integer", "decimal"]


def test_columns_that_share_no_words_stay_as_they_are() -> None:
    header = [f"{day}日" for day in range(1, 6)]
    rows = [["线路", *header], *[[f"线{n}", n, f"甲{n}", f"乙{n}", "休" if n % 2 else "班", n] for n in range(8)]]
    plan = understood(sheet_of(rows))
    assert len(set(types(plan, "表").values())) > 2
    assert not any(doubt.code.startswith("days_") for doubt in plan.doubts)


def test_a_title_merged_over_nearly_all_columns_is_no_group_of_them() -> None:
    rows: list[list[Any]] = [["三月考勤表"], ["姓名", *range(1, 9), "合计"], ["张伟", *WORDS, 5], ["王芳", *WORDS, 6]]
    plan = understood(sheet_of(rows, merged=((0, 0, 0, 8),)))
    assert list(types(plan, "表"))[:2] == ["姓名", "1"]


@pytest.mark.parametrize("written", [True, False])
def test_days_above_times_are_the_header(written: bool) -> None:
    told: Any = str if written else lambda cell: cell
    rows = [["姓名", "部门", *(told(date(2024, 1, n)) for n in range(1, 5))]]
    rows += [[name, "销售部", *(told(time(8, 50 + n)) for n in range(4))] for name in ("张三", "李四", "王五")]
    (table,) = plan_of({"考勤": rows}).source.tables.values()
    assert (table.header_row, table.height) == (1, 3)
    assert table.headers[2] == "2024-01-01"


def test_records_that_begin_with_a_day_and_a_time_have_no_header() -> None:
    rows = [[date(2024, 1, n), time(8, n), "张三"] for n in range(1, 6)]
    (table,) = plan_of({"考勤": rows}).source.tables.values()
    assert (table.header_row, table.height) == (0, 5)
