"""Sheets as sales offices, shops and banks make them: groups between rows, closing lines, days in figures."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from runtime.exchange.tables.table import to_tables
from runtime.exchange.understanding.plan import ImportPlan
from tests.runtime.exchange.workbooks import Rows, plan_of, read, sheet_of, types, understood

PRICES: list[list[Any]] = [["编号", "品名", "规格", "单价"]]


def priced(*groups: str) -> list[list[Any]]:
    """A price list whose rows stand in groups."""
    rows = [*PRICES]
    for at, group in enumerate(groups):
        rows.append([group, None, None, None])
        rows += [[f"P{at}{n:02}", f"零件{at}{n}", "个", n + 1.5] for n in range(5)]
    return rows


def codes(plan: ImportPlan) -> set[str]:
    return {doubt.code for doubt in plan.doubts}


def values(plan: ImportPlan, sheet: str, label: str) -> list[Any]:
    """The values of a field."""
    place = next(at for at, column in enumerate(plan.sheet(sheet).columns) if column.label == label)
    return [value for chunk in plan.rows(sheet) for value in chunk.values[chunk.columns.index(place)]]


def test_names_of_groups_that_are_merged_across_the_columns_are_no_records() -> None:
    rows = priced("办公用品", "电脑耗材")
    merged = tuple((at, 0, at, 3) for at, row in enumerate(rows) if row[1] is None)
    (table,) = to_tables(sheet_of(rows, merged=merged))
    assert (table.header_row, table.height) == (1, 10)
    plan = understood(sheet_of(rows, merged=merged))
    doubt = plan.doubt("表//group_titles")
    assert str(doubt.message) == (
        "2 rows between the records look like names of groups and are left out (2: “办公用品”, 8: “电脑耗材”)."
    )
    assert plan.choose(doubt.id, "take").sheet("表").rows == 12


def test_numbered_names_of_groups_are_no_records_though_nothing_is_merged() -> None:
    (table,) = to_tables(sheet_of(priced("一、办公用品", "二、电脑耗材", "三、清洁用品")))
    assert table.height == 15
    (alone,) = to_tables(
        sheet_of([*PRICES, ["一、甲", None, None, None], ["P1", "乙", "个", 2.5], ["P2", "丙", "个", 3]])
    )
    assert alone.height == 3, "one such row may be anything"


def test_texts_that_are_numbered_in_every_row_are_records() -> None:
    (table,) = to_tables(
        sheet_of([["条款", "金额"], *[[f"{sign}、条款", None] for sign in "一二三四"], ["五、条款", 5]])
    )
    assert table.height == 5


def test_what_stands_below_a_line_of_dashes_at_the_end_is_no_record(tmp_path: Path) -> None:
    lines = [
        "支付宝交易记录", "账号:[x@y.com]", "---------交易记录明细列表---------", "交易号,创建时间,金额（元）,收/支",
        *(f"2024{n:04},2024-03-{n + 1:02} 12:00:00,{n + 1}.50,{'支出' if n % 3 else '收入'}" for n in range(12)),
        "------------------------------------", "共12笔记录", "已收入:4笔,40.50元",
    ]  # fmt: skip
    path = tmp_path / "账单.csv"
    path.write_bytes("\r\n".join(lines).encode("gb18030"))
    plan = understood(*read(path).sheets)
    assert plan.sheet("账单").rows == 12
    assert types(plan, "账单")["创建时间"] == "date_time"
    assert "notes" in codes(plan)


def test_records_below_a_line_of_dashes_stay_records() -> None:
    rows: Rows = [["名", "数", "价"], *[["甲", n, n / 2] for n in range(4)], ["------", None, None],
                  *[["乙", n, n / 2] for n in range(4)]]  # fmt: skip
    (table,) = to_tables(sheet_of(rows))
    assert table.height == 8


def test_a_total_that_is_said_in_words_too_is_a_total() -> None:
    rows: Rows = [["序号", "品名", "数量", "金额"], *[[n, f"品{n}", n, n * 2.5] for n in range(1, 7)],
                  ["合计（大写）", "伍拾贰元伍角", 21, 52.5]]  # fmt: skip
    plan = plan_of({"送货单": rows})
    assert (plan.sheet("送货单").rows, types(plan, "送货单")["序号"]) == (6, "integer")
    assert "totals" in codes(plan)


def test_the_days_of_a_month_and_their_weekdays_are_names_of_columns() -> None:
    week = "五六日一二三四五六日"
    rows: Rows = [
        ["2024年3月考勤表"],
        ["姓名", "部门", *range(1, 11), "出勤"],
        [None, None, *week],
        *[[f"员工{n}", "销售", *("√×"[(n + day) % 5 == 0] for day in range(10)), 8] for n in range(8)],
    ]
    (table,) = to_tables(sheet_of(rows, merged=((0, 0, 0, 12),)))
    assert table.headers[:4] == ("姓名", "部门", "1 / 五", "2 / 六")
    assert table.headers[-1] == "出勤"
    assert table.height == 8


def test_figures_that_count_on_by_chance_in_a_record_are_no_names() -> None:
    rows: Rows = [["货号", *[f"第{n}周" for n in range(1, 8)]], ["A", 1, 2, 3, 4, 5, 6, 7], ["B", 9, 4, 4, 8, 1, 0, 2]]
    (table,) = to_tables(sheet_of(rows))
    assert (table.header_row, table.height) == (1, 2)


# Values


def test_days_that_are_figures_are_days_where_the_header_says_so() -> None:
    rows: Rows = [["单号", "日期", "读数"], *[[f"D{n}", 20240305 + n * 2, 20240305 + n * 2] for n in range(9)]]
    plan = plan_of({"S": rows})
    assert types(plan, "S") == {"单号": "text", "日期": "date", "读数": "integer"}
    assert values(plan, "S", "日期")[:2] == [date(2024, 3, 5), date(2024, 3, 7)]
    assert {doubt.id for doubt in plan.doubts} >= {"S/1/compact_days", "S/2/compact_days"}
    assert plan.choose("S/1/compact_days", "integer").sheet("S").columns[1].field_type == "integer"
    wrong = plan_of({"S": [["日期"], [20240305], [20241399], [20240101]]})
    assert types(wrong, "S") == {"日期": "integer"}


def test_amounts_in_several_currencies_are_never_silently_one() -> None:
    plan = plan_of({"S": [["金额"], ["¥1,200.50"], ["$300"], ["500元"], ["1.2万元"]]})
    assert types(plan, "S") == {"金额": "text"}
    doubt = plan.doubt("S/0/currencies")
    assert str(doubt.message).startswith("“金额” mixes currencies ($, ¥), for example “¥1,200.50”")
    assert [choice.id for choice in doubt.choices] == ["text", "money"]
    assert types(plan_of({"S": [["金额"], ["¥1,200.50"], ["300元"], ["RMB 500"]]}), "S") == {"金额": "money"}


def test_a_minus_behind_an_amount_is_read_and_said() -> None:
    plan = plan_of({"S": [["余额"], ["1,234.50-"], ["100.00"], ["20.25-"]]})
    assert [str(value) for value in values(plan, "S", "余额")] == ["-1234.50", "100.00", "-20.25"]
    assert "numbers_as_text" in codes(plan) or "named_money" in codes(plan)
    assert types(plan_of({"S": [["区间"], ["100-"], ["200-"], ["300-"]]}), "S") == {"区间": "text"}


def test_days_without_a_year_are_kept_as_text_and_said() -> None:
    plan = plan_of({"S": [["会议", "日期", "版面"], *[[f"会{n}", f"3月{n + 1}日", f"{n + 1}/9"] for n in range(8)]]})
    assert types(plan, "S") == {"会议": "text", "日期": "text", "版面": "text"}
    assert {doubt.id for doubt in plan.doubts if doubt.code == "no_year"} == {"S/1/no_year"}
    assert types(plan_of({"S": [["发货日期"], ["3/5"], ["12/31"], ["1/9"]]}), "S") == {"发货日期": "text"}


def test_mobile_phones_that_count_on_are_phones() -> None:
    plan = plan_of({"S": [["手机", "流水"], *[[13800001234 + n, 13800001234 + n] for n in range(12)]]})
    assert types(plan, "S") == {"手机": "phone", "流水": "integer"}


def test_identity_cards_of_which_some_end_with_x_are_no_mixture() -> None:
    cards = [f"31010119800101{n:03}{'X' if n % 3 == 0 else '4'}" for n in range(9)]
    plan = plan_of({"S": [["姓名", "证件"], *[[f"甲{at}", card] for at, card in enumerate(cards)]]})
    assert types(plan, "S") == {"姓名": "text", "证件": "text"}
    assert codes(plan) == set()


def test_a_mark_of_utf_8_before_chinese_in_another_encoding_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "客户.csv"
    path.write_bytes(
        b"\xef\xbb\xbf" + "".join(["编号,名称\r\n", *(f"K{n},客户{n}\r\n" for n in range(12))]).encode("gbk")
    )
    plan = understood(*read(path).sheets)
    assert types(plan, "客户") == {"编号": "text", "名称": "text"}
    assert values(plan, "客户", "名称")[0] == "客户0"
    assert "encoding" in codes(plan)
    path.write_bytes(
        b"\xef\xbb\xbf" + "编号,名称\r\nK1,甲\r\n".encode() + b"K2,\xff\xfe\r\n" + "K3,丙\r\n".encode() * 3
    )
    assert read(path).sheets[0].text is not None
    assert read(path).sheets[0].text.encoding == "utf-8", "a line that is broken proves nothing"  # type: ignore[union-attr]


def test_what_stands_above_the_header_on_every_page_is_left_out_with_it() -> None:
    rows: list[list[Any]] = []
    for page in range(3):
        rows += [["物料清单", None, None], [f"第{page + 1}页 共3页", None, None], ["序号", "物料", "数量"]]
        rows += [[page * 6 + n + 1, f"料{page}{n}", n + 1] for n in range(6)]
    plan = plan_of({"清单": rows})
    assert (plan.sheet("清单").rows, types(plan, "清单")["序号"]) == (18, "integer")
    assert str(plan.doubt("清单//repeated_headers").message) == (
        "The header stands 2 more times between the rows and is left out there."
    )


def test_a_cover_and_instructions_beside_lists_are_left_out_and_can_be_taken() -> None:
    sheets: dict[str, Rows] = {
        "封面": [["2024年度销售数据"], ["编制：销售部"]],
        "怎么填": [["填写前请看"], ["1. 请勿修改表头"], ["2. 日期格式为年月日"], ["3. 金额单位为元"]],
        "数据": [["客户", "金额"], *[[f"客户{n}", n * 10.5] for n in range(9)]],
        "城市": [["城市"], ["上海"], ["北京"], ["深圳"]],
    }
    plan = plan_of(sheets)
    assert {sheet.sheet: sheet.include for sheet in plan.sheets} == {
        "封面": False, "怎么填": False, "数据": True, "城市": True,
    }  # fmt: skip
    assert plan.choose("封面//prose_sheet", "take").sheet("封面").include
    alone = plan_of({"说明": [["要求"], ["1. 甲"], ["2. 乙"]]})
    assert alone.sheet("说明").include, "the only sheet is what somebody wants"


def test_stars_that_mark_a_column_as_required_are_no_part_of_its_name() -> None:
    plan = plan_of({"S": [["*客户名称", "手机号 *", "备注"], ["甲", "13800000000", "x"], ["乙", "13800000001", "y"]]})
    assert list(types(plan, "S")) == ["客户名称", "手机号", "备注"]


def test_boxes_that_are_ticked_or_not_are_answers() -> None:
    plan = plan_of({"S": [["任务", "完成"], *[[f"任务{n}", "☐☑"[n % 2]] for n in range(9)]]})
    assert types(plan, "S")["完成"] == "boolean"
    assert values(plan, "S", "完成")[:2] == [False, True]


def test_traditional_chinese_is_told_from_simplified_by_its_characters(tmp_path: Path) -> None:
    path = tmp_path / "客戶.csv"
    path.write_bytes("".join(["編號,名稱,備註\r\n", *(f"K{n},客戶{n},資料說明\r\n" for n in range(12))]).encode("big5"))
    text = read(path).sheets[0].text
    assert text is not None
    assert (text.encoding, text.encoding_doubtful) == ("big5", True)
    assert values(understood(*read(path).sheets), "客戶", "備註")[0] == "資料說明"
    path.write_bytes(
        "".join(["編號,名稱,備註\r\n", *(f"K{n},客戶{n},資料說明\r\n" for n in range(12))]).encode("gb18030")
    )
    text = read(path).sheets[0].text
    assert text is not None
    assert (text.encoding, text.encoding_doubtful) == ("gb18030", False)
