"""Real files of other projects, each judged by opening the original: tables, header rows, types and doubts."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from runtime.exchange.understanding.plan import ImportPlan
from runtime.exchange.understanding.workbooks import understand
from runtime.work import Progress
from tests.runtime.exchange.workbooks import read, shared, types


@dataclass(frozen=True)
class Judged:
    """What a person sees in a file.

    Attributes:
        tables: name -> number of the header row, number of records.
        types: table -> label -> type, for those worth saying.
        doubts: ids that must be there.
    """

    tables: dict[str, tuple[int, int]]
    types: dict[str, dict[str, str]] = field(default_factory=dict)
    doubts: tuple[str, ...] = ()


PEOPLE = {"Name": "text", "Age": "integer", "Has kids": "boolean", "Date of birth": "date", "Date of death": "date"}

FILES: dict[str, Judged] = {
    "calamine_OOM_alloc2.xls": Judged(
        {"Colsale (Aug": (1, 191)},
        {"Colsale (Aug": {"Statement_Date": "date", "Unit_Price": "money", "Seller_Line_1": "choice"}},
        ("Colsale (Aug/2/day_or_month_first",),
    ),
    "calamine_any_sheets.xlsb": Judged({"Visible": (0, 3)}, doubts=("Visible//no_header", "Visible//notes")),
    "calamine_date.xlsx": Judged({"Sheet1": (0, 3)}, {"Sheet1": {"Column A": "text", "Column B": "integer"}}),
    "calamine_date_1904.xlsx": Judged({"Sheet1": (0, 3)}, doubts=("Sheet1/0/mixed",)),
    "calamine_errors.xlsx": Judged({"Feuil1": (0, 7)}, doubts=("Feuil1/0/errors",)),
    "calamine_formula.issue.xlsx": Judged({"Sheet1": (0, 3)}, doubts=("Sheet1//no_header",)),
    "calamine_header-row.xlsx": Judged(
        {"Sheet1": (9, 1)}, {"Sheet1": {"Columns": "text", "Column C": "integer"}}, ("Sheet1//rows_above",)
    ),
    "calamine_hyperlinks.xlsx": Judged({"Links": (1, 7), "Sheet2": (5, 0)}, doubts=("Links//weak_header",)),
    "calamine_issue_174.xlsx": Judged({"Sheet1": (1, 1)}, {"Sheet1": {"Weight": "decimal", "Material Cost": "money"}}),
    "calamine_merge_cells.xlsx": Judged({"Sheet1": (1, 1)}),
    "calamine_merged_range.xls": Judged({"Sheet1": (1, 2), "Sheet2": (1, 2)}, doubts=("Sheet2//merged_cells",)),
    "calamine_pivots.xlsx": Judged(
        {
            "PivotSheet1": (3, 1), "PivotSheet2": (4, 6), "PivotSheet3": (3, 3), "PivotSheet4": (1, 2),
            "PivotSheet4 (2)": (6, 2), "DataSheet": (1, 10), "DataSheet2": (1, 10),
        },
        {"DataSheet": {"Date": "date", "IsBlue": "boolean", "Misc": "text", "Category": "choice"}},
        ("PivotSheet2//totals", "PivotSheet4//several_tables", "DataSheet/6/errors", "DataSheet/9/mixed"),
    ),
    "calamine_rph.xlsx": Judged({"Sheet1": (1, 0)}, doubts=("Sheet1//no_rows",)),
    "calamine_table-multiple.xlsx": Judged(
        {"Sheet1": (1, 4), "Sheet2": (1, 4), "Sheet3": (1, 4), "Sheet3 (2)": (7, 4)},
        doubts=("Sheet3//several_tables",),
    ),
    "calamine_whitespace_trim.xlsx": Judged({"inlineStr": (1, 2), "SharedStrings": (1, 2)}),
    "csvkit_FY09_EDU_Recipients_by_State.csv": Judged(
        {"csvkit_FY09_EDU_Recipients_by_State": (1, 52)},
        {"csvkit_FY09_EDU_Recipients_by_State": {"State Name": "text", "Code": "text", "TOTAL": "integer"}},
        ("csvkit_FY09_EDU_Recipients_by_State/2/leading_zeros",),
    ),
    "csvkit_bad.csv": Judged({"csvkit_bad": (1, 3)}, doubts=("csvkit_bad//ragged_rows",)),
    "csvkit_blanks.csv": Judged({"csvkit_blanks": (1, 1)}),
    "csvkit_ks_1033_data.csv": Judged(
        {"csvkit_ks_1033_data": (1, 1575)},
        {"csvkit_ks_1033_data": {"fips": "integer", "nsn": "text", "quantity": "integer", "ship_date": "date"}},
        ("csvkit_ks_1033_data/9/day_or_month_first",),
    ),
    "csvkit_test_utf16_big.csv": Judged({"csvkit_test_utf16_big": (1, 2)}),
    "pyexcel_hidden.xlsx": Judged({"Sheet1": (0, 3)}, doubts=("Sheet1//hidden_rows", "Sheet1//hidden_columns")),
    "readxl_deaths.xlsx": Judged(
        {"arts": (5, 10), "other": (5, 10)}, {"arts": PEOPLE, "other": PEOPLE},
        ("arts//rows_above", "arts//notes", "other//notes"),
    ),
    "readxl_type-me.xlsx": Judged(
        {"logical_coercion": (1, 10), "numeric_coercion": (1, 7), "date_coercion": (1, 7), "text_coercion": (1, 6)},
        doubts=("logical_coercion/0/mixed", "date_coercion/0/mixed"),
    ),
    "superstore_cn_3000_gb18030.csv": Judged(
        {"superstore_cn_3000_gb18030": (1, 3000)},
        {"superstore_cn_3000_gb18030": {"行 ID": "integer", "订单日期": "date", "折扣": "percent", "利润": "money"}},
    ),
    "xlsx2csv_skip_empty_lines.xlsx": Judged({"Реестр": (1, 2)}, {"Реестр": {"№": "integer", "Вер.": "decimal"}}),
}  # fmt: skip


def plan_for(name: str) -> ImportPlan:
    return understand(read(shared(f"messy/{name}")), Progress())


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_understood_as_a_person_reads_it(name: str) -> None:
    judged, plan = FILES[name], plan_for(name)
    tables = plan.source.tables
    assert {sheet.sheet: (tables[sheet.sheet].header_row, sheet.rows) for sheet in plan.sheets} == judged.tables
    for sheet, wanted in judged.types.items():
        found = types(plan, sheet)
        assert {label: found[label] for label in wanted} == wanted
    assert set(judged.doubts) <= {doubt.id for doubt in plan.doubts}


@pytest.mark.parametrize("name", FILES)
def test_every_choice_for_a_file_gives_a_plan_whose_rows_can_be_made(name: str) -> None:
    plan = plan_for(name)
    for doubt in plan.doubts:
        assert str(doubt.message)
        for choice in doubt.choices:
            assert str(choice.label)
            chosen = plan.choose(doubt.id, choice.id)
            for sheet in chosen.sheets:
                assert sum(chunk.height for chunk in chosen.rows(sheet.sheet)) == sheet.rows
