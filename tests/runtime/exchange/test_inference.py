"""Which type a column gets, and what is said about it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from runtime.exchange.cells import CellError
from runtime.exchange.understanding.conversion import convert
from runtime.exchange.understanding.facts import ColumnFacts
from runtime.exchange.understanding.inference import Verdict, infer
from tests.runtime.exchange.workbooks import sheet_of


def judge(header: str, cells: list[Any], number_format: str = "", untyped: bool = False) -> Verdict:
    (column,) = sheet_of([[cell] for cell in cells]).columns
    return infer("表", 0, header, ColumnFacts(column), number_format, untyped)


def names(verdict: Verdict) -> list[str]:
    return [doubt.code for doubt in verdict.doubts]


NAMES = ["张三", "李四", "王五", "赵六", "陈七"]
DAY = date(2024, 3, 5)
MOMENT = datetime(2024, 3, 5, 14, 30)

CASES: dict[str, tuple[str, list[Any], str, list[str]]] = {
    "names are text": ("姓名", NAMES, "text", []),
    "few repeated words are a choice": ("状态", ["进行中", "完成"] * 5, "choice", []),
    "many different words are text": ("城市", [f"城市{n}" for n in range(60)] * 4, "text", []),
    "remarks are no choice though they repeat": ("备注", ["急", "缓"] * 5, "text", []),
    "codes are no choice though they repeat": ("产品编码", ["P-1", "P-2"] * 5, "text", []),
    "lines make long text": ("备注", ["一\n二", "三"], "long_text", []),
    "very long texts are long text": ("正文", ["长" * 201, "短"], "long_text", []),
    "whole numbers are whole numbers": ("数量", [1, 2, 2, 30], "integer", []),
    "fractions are numbers": ("重量", [1.5, 2, 2.25], "decimal", []),
    "amounts by name are money, with a doubt": ("销售额", [100, 20.5], "money", ["named_money"]),
    "amounts by English name too": ("UnitPrice", [100, 20.5], "money", ["named_money"]),
    "a rate of profit is no money": ("毛利率", [0.2, 0.35], "percent", ["named_percent"]),
    "a count of orders is no money": ("价格数量", [3, 4], "integer", []),
    "discounts are percent, with a doubt": ("折扣", [0, 0.2, 0.4], "percent", ["named_percent"]),
    "discounts over one are no percent": ("折扣", [8.5, 9], "decimal", []),
    "percent signs are percent": ("占比", ["12%", "7.5%"], "percent", ["numbers_as_text"]),
    "currency signs are money": ("数", ["¥12", "¥7.50"], "money", ["numbers_as_text"]),
    "texts that are numbers are numbers": ("数量", ["1,234", "12"], "integer", ["numbers_as_text"]),
    "ten thousands are said": ("规模", ["1.2万", "3万"], "integer", ["numbers_as_text"]),
    "leading zeros stay text": ("邮编", ["001234", "100080"], "text", ["leading_zeros"]),
    "identity numbers stay text without a word": ("身份证号", ["110101199001011234"] * 2, "text", []),
    "phone numbers become phones": ("手机号", [13800000001, 13900000002], "phone", ["long_numbers"]),
    "long numbers of equal length become text": ("客户", [1234567890123, 2234567890123], "text", ["long_numbers"]),
    "order numbers become text": ("订单编号", [20240001, 20240007], "text", ["long_numbers"]),
    "row numbers stay whole numbers": ("行 ID", list(range(1, 200)), "integer", []),
    "small ids stay whole numbers": ("客户 ID", [1, 2, 5], "integer", []),
    "large amounts stay amounts": ("金额", [12345678901, 22345678901], "money", ["named_money"]),
    "bank cards that lost digits are said": ("卡号", [6.22202e18, 6.22203e18], "text", ["digits_lost"]),
    "dates are dates": ("日期", [DAY, date(2024, 3, 6)], "date", []),
    "moments are moments": ("时间", [MOMENT, datetime(2024, 3, 6)], "date_time", []),
    "moments at midnight are dates": ("时间", [datetime(2024, 3, 6), datetime(2024, 3, 7)], "date", []),
    "dates as text are dates": ("日期", ["2024-03-05", "2024/3/6"], "date", ["dates_as_text"]),
    "dates with times as text are moments": (
        "日期",
        ["2024-03-05 14:30", "2024-03-06"],
        "date_time",
        ["dates_as_text"],
    ),
    "eight figures under a date are dates": ("出生日期", ["19900305", "19851231"], "date", ["dates_as_text"]),
    "eight figures elsewhere are no dates": ("数量", ["19900305", "19851231"], "integer", ["numbers_as_text"]),
    "yes and no are yes and no": ("启用", [True, False], "boolean", []),
    "yes alone is yes / no": ("退回", ["是", "是"], "boolean", ["words_for_yes"]),
    "Y and N are yes / no": ("Flag", ["Y", "N", "y"], "boolean", ["words_for_yes"]),
    "Y alone is no answer": ("级别", ["Y", "Y"], "text", []),
    "none alone is no answer": ("备注", ["无", "无"], "text", []),
    "yes, no and maybe are a choice": ("同意", ["是", "否", "也许"] * 4, "choice", []),
    "1 and 0 under a question are yes / no": ("是否会员", [1, 0, 1], "boolean", ["words_for_yes"]),
    "1 and 0 elsewhere are numbers": ("数量", [1, 0, 1], "integer", []),
    "a few misfits are named": ("数量", [*range(30), "缺"], "integer", ["misfits"]),
    "a misfit among dates is named": ("日期", [DAY] * 20 + ["待定"], "date", ["misfits"]),
    "many misfits make text": ("数量", [1, 2, 3, "缺", "待定"], "text", ["mixed"]),
    "a formula that failed is counted": ("数量", [1, CellError("#N/A"), 2], "integer", ["errors"]),
    "endless decimals are rounded and said": ("比值", [1 / 3, 2 / 3], "decimal", ["rounded"]),
    "numbers too small for a field stay text": ("浓度", [1.5e-12, 3e-11], "text", ["too_small"]),
    "attack texts stay text": ("备注", ["=cmd|'/c calc'!A1", "+1+1", "@SUM(A1)"], "text", []),
    "e-mail addresses are e-mail": ("联系", ["a@b.cn", "c.d@e.com", "f@g.org"], "email", []),
    "web addresses are web addresses": ("主页", ["https://a.cn/x", "http://b.com", "www.c.org"], "url", []),
    "phones as texts are phones": ("手机", ["13800000001", "139 0000 0002", "010-88886666"], "phone", []),
    "amounts of eleven figures are no phones": ("编码", ["13800000001", "13900000002"], "phone", []),
    "a few others among addresses are named": (
        "邮箱",
        [*(f"u{n}@b.cn" for n in range(20)), "没有"],
        "email",
        ["misfits"],
    ),
    "several options in a cell": (
        "标签",
        ["甲、乙", "乙、丙", "甲", "丙、甲", "甲、乙、丙"] * 4,
        "choices",
        ["several_options"],
    ),
    "several options behind semicolons of both widths": (
        "爱好",
        ["读书;音乐", "音乐；运动", "运动;读书", "读书"] * 4,
        "choices",
        ["several_options"],
    ),
    "sentences with commas are no options": ("评语", ["他来了，我走了", "好，很好", "一般，还行"] * 3, "choice", []),
    "dashes among figures are blanks": ("数量", [5, "-", 7, "-", 9, 8], "integer", ["nothing"]),
    "stars for suppressed figures are blanks": ("人数", [5, "*", 7, "*", 9], "integer", ["nothing"]),
    "more dashes than figures are text": ("数量", [5, "-", "-", "-"], "text", ["mixed"]),
    "N/A among days is blank": ("日期", [DAY, "N/A", DAY], "date", ["nothing"]),
    "N/A is said beside what does not fit": ("日期", [*[DAY] * 40, "n/a", "TBC"], "date", ["misfits", "nothing"]),
    "dashes are said beside what does not fit": ("数量", [*range(40), "-", "TBC"], "integer", ["misfits", "nothing"]),
    "N/A is said beside the order of days": (
        "日期",
        ["13/04/2025", "05/03/2025", "n/a", "30/06/2025"],
        "date",
        ["day_or_month_first", "nothing"],
    ),
    "maybe among answers is a misfit": ("已付", ["是", "否"] * 10 + ["maybe"], "boolean", ["misfits"]),
    "amounts of ten thousands with fractions": ("规模", ["1.25万", "0.00005万"], "decimal", ["numbers_as_text"]),
    "yuan signs and full-width figures": ("款", ["￥3,000元", "￥１２.5"], "money", ["numbers_as_text"]),
    "brackets are negative": ("差额", ["(1,200)", "300"], "integer", ["numbers_as_text"]),
    "exponents have lost their digits": ("卡号", ["6.22202E+18", "6.22203E+18"], "text", ["digits_lost"]),
    "identity numbers with an X": ("证件", ["11010119900101123X", "110101199001011234"], "text", []),
    "postcodes of different length may have lost zeros": ("邮编", [10020, 100080, 1234], "text", ["zeros_lost"]),
    "numbers that count days": ("到货日期", [45356, 45360, 45300], "integer", ["day_numbers"]),
    "days and months in words": ("Date", ["05-Mar-24", "6-Apr-24", "17-May-99"], "date", ["dates_as_text"]),
    "afternoons": ("时间", ["2024/3/5 下午2:30", "2024/3/6 上午9:05"], "date_time", ["dates_as_text"]),
    "real times stay text and are no mixture": ("时间", [time(8, 15), time(14, 40), time(0, 1)], "text", ["times"]),
    "times as text stay text": ("时长", ["25:51", "13:30"], "text", ["times"]),
    "what only looks like times is text": ("比分", ["25:61", "13:70"], "text", []),
    "texts and answers mixed": ("x", [True, False, "随便", "又一个"], "text", ["mixed"]),
    "European decimals stay text, with a doubt": ("数量", ["1.234,50", "2.345,60"], "text", ["comma_decimals"]),
}


@pytest.mark.parametrize("case", CASES)
def test_types(case: str) -> None:
    header, cells, field_type, doubts = CASES[case]
    verdict = judge(header, cells)
    assert (verdict.column.field_type, names(verdict)) == (field_type, doubts)


@pytest.mark.parametrize(
    ("header", "cells", "code", "sentence"),
    [
        ("数量", ["1,234", "12"], "numbers_as_text",
         "“数量” holds numbers written as text (“1,234”) and is read as whole number."),
        ("规模", ["1.2万", "3万"], "numbers_as_text",
         "“规模” holds numbers written as text (“1.2万”, “3万”) and is read as whole number."),
        ("折扣", [0.4, 0.2], "named_percent", "“折扣” is read as percent because of its name: 0.4 is 40%."),
        ("数量", [*range(30), "缺"], "misfits",
         "1 value of “数量” does not fit “whole number” (“缺”); it is listed and its field stays blank."),
        ("卡号", [6.22202e18, 6.22203e18], "digits_lost",
         "“卡号”: 2 numbers have more than 15 digits, of which Excel keeps 15. The column becomes text."),
        ("数量", [1, CellError("#N/A"), 2], "errors", "1 cell of “数量” holds an error (#N/A) and becomes blank."),
        ("邮编", ["001234", "100080"], "leading_zeros",
         "“邮编” holds figures that begin with 0 (“001234”) and stays text."),
        ("数", [1, 2, 3, "缺", "待定"], "mixed",
         "“数” mixes kinds of values (2 texts, 3 numbers) and becomes text."),
    ],
)  # fmt: skip
def test_doubts_say_what_was_assumed(header: str, cells: list[Any], code: str, sentence: str) -> None:
    doubt = next(doubt for doubt in judge(header, cells).doubts if doubt.code == code)
    assert str(doubt.message) == sentence


def test_every_doubt_with_an_alternative_has_its_assumption_in_force() -> None:
    for header, cells, field_type, _ in CASES.values():
        verdict = judge(header, cells)
        for doubt in verdict.doubts:
            assert doubt.choices or doubt.code == "times" or "E+" in str(doubt.message)
            if doubt.choices:
                assert doubt.chosen == doubt.choices[0].id
                assert len(doubt.choices) > 1
                assert doubt.choices[0].columns[0].field_type == field_type


ORDERS = {
    "neither is certain": (["03/04/2025", "05/06/2025"], "text", "", "text"),
    "a thirteenth comes second": (["03/04/2025", "05/13/2025"], "date", "mdy", "date_mdy"),
    "a thirteenth comes first": (["03/04/2025", "13/05/2025"], "date", "dmy", "date_dmy"),
    "both are certain and contradict": (["13/05/2025", "05/13/2025"], "text", "", "text"),
}


@pytest.mark.parametrize("case", ORDERS)
def test_day_and_month_are_never_swapped_silently(case: str) -> None:
    cells, field_type, order, chosen = ORDERS[case]
    verdict = judge("日期", cells)
    assert (verdict.column.field_type, verdict.column.order) == (field_type, order)
    (doubt,) = verdict.doubts
    assert (doubt.code, doubt.chosen) == ("day_or_month_first", chosen)
    assert {choice.id for choice in doubt.choices} == {"text", "date_dmy", "date_mdy"}


SHORT_YEARS = {
    "nothing is certain": (["03/04/25", "05/06/25"], "text", "", ["text", "date_dmy", "date_mdy", "date_ymd"]),
    "the year cannot come first": (["03/04/99", "05/06/98"], "text", "", ["text", "date_dmy", "date_mdy"]),
    "month, day, year": (["5/19/06", "12/31/07"], "date", "mdy", ["date_mdy", "date_dmy", "text"]),
    "day, month, year": (["31/12/99", "01/02/98"], "date", "dmy", ["date_dmy", "date_mdy", "text"]),
    "year, month, day": (["99/12/31", "98/02/28"], "date", "ymd", ["date_ymd", "date_dmy", "date_mdy", "text"]),
    "codes with dashes": (["99-12-31", "98-02-28"], "text", "", ["text", "date_dmy", "date_mdy", "date_ymd"]),
}


@pytest.mark.parametrize("case", SHORT_YEARS)
def test_years_of_two_figures_are_asked_about_where_two_orders_fit(case: str) -> None:
    cells, field_type, order, choices = SHORT_YEARS[case]
    verdict = judge("d", cells)
    assert (verdict.column.field_type, verdict.column.order) == (field_type, order)
    (doubt,) = verdict.doubts
    assert [choice.id for choice in doubt.choices] == choices
    for choice in doubt.choices:
        if choice.columns[0].order:
            assert choice.columns[0].field_type == "date"


def test_moments_with_a_time_zone_are_moments_and_said() -> None:
    verdict = judge("when", ["2024-01-02T10:00:00Z", "2024-01-03T10:00:00+08:00"])
    assert verdict.column.field_type == "date_time"
    assert [doubt.code for doubt in verdict.doubts] == ["zoned"]
    assert convert("2024-01-03T10:00:00+08:00", verdict.column) == datetime(2024, 1, 3, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cells", "field_type"),
    [
        (["x", "y", "x"], "text"),
        (["y", "n", "y"], "boolean"),
        (["√", "×", "√"], "boolean"),
        (["√", "x", "√"], "boolean"),
        (["x", None, "x"], "text"),
        (["t", "n", "t"], "text"),
        (["yes", "n", "no"], "boolean"),
    ],
)
def test_signs_are_answers_beside_their_contrary_only(cells: list[Any], field_type: str) -> None:
    assert judge("标记", cells).column.field_type == field_type


def test_long_figures_of_different_length_are_numbers() -> None:
    areas = judge("ALAND10", ["71546663636", "320220379", "82410267758"], untyped=True)
    assert (areas.column.field_type, areas.doubts) == ("integer", ())
    names = judge("ref", ["71546663636", "32022037900", "82410267758"], untyped=True)
    assert (names.column.field_type, [doubt.code for doubt in names.doubts]) == ("text", ["long_numbers"])


def test_figures_that_may_be_days_are_said() -> None:
    verdict = judge("a", ["20140102", "20121231"], untyped=True)
    assert (verdict.column.field_type, [doubt.code for doubt in verdict.doubts]) == ("integer", ["compact_days"])
    assert [choice.id for choice in verdict.doubts[0].choices] == ["integer", "date"]
    assert judge("a", ["20140102", "20129931"], untyped=True).doubts == ()


def test_figures_of_other_scripts_are_no_amounts() -> None:
    assert judge("a", ["\u0bee", "\u0be7"]).doubts == ()


CSV: dict[str, tuple[str, list[Any], str, list[str]]] = {
    "figures": ("数量", ["1", "20", "300"], "integer", []),
    "decimals": ("重量", ["1.50", "2.25", "-3.00"], "decimal", []),
    "groups that are kept everywhere": ("人口", ["1,234", "12,345", "999"], "integer", []),
    "groups that are not kept everywhere": ("人口", ["1,234", "12345", "999"], "integer", ["numbers_as_text"]),
    "ISO days": ("日期", ["2024-03-05", "2024-03-06"], "date", []),
    "other days": ("日期", ["2024/3/5", "2024/3/6"], "date", ["dates_as_text"]),
    "row numbers": ("编号", [str(n) for n in range(1, 2_000_00, 1)][:1200], "integer", []),
    "codes": ("编号", ["100234", "100236", "204455"], "text", []),
    "figures with NaN": ("value", ["1.5", "NaN", "2.25", "NaN", "3.0"], "decimal", ["nothing"]),
    "mostly figures": ("值", ["1", "2", "3", "甲"], "text", ["mixed"]),
    "units": ("规模", ["1.2万", "3万"], "integer", ["numbers_as_text"]),
}  # fmt: skip


@pytest.mark.parametrize("case", CSV)
def test_in_a_file_of_texts_only_what_is_unusual_is_said(case: str) -> None:
    header, cells, field_type, doubts = CSV[case]
    verdict = judge(header, cells, untyped=True)
    assert (verdict.column.field_type, names(verdict)) == (field_type, doubts)


def test_errors_can_be_kept_as_text() -> None:
    (doubt,) = judge("数量", [1, CellError("#N/A"), 2]).doubts
    assert [choice.id for choice in doubt.choices] == ["blank", "text"]
    kept = doubt.choices[1].columns[0]
    assert (kept.field_type, kept.errors) == ("text", True)


def test_zeros_that_may_be_lost_can_be_filled_up() -> None:
    (doubt,) = judge("邮编", [10020, 100080, 1234]).doubts
    assert [(choice.id, choice.columns[0].pad) for choice in doubt.choices] == [
        ("text", 0), ("padded", 6), ("integer", 0),
    ]  # fmt: skip


def test_figures_with_decimal_commas_are_read_where_a_person_says_so() -> None:
    (doubt,) = judge("数量", ["1.234,50", "2.345,60"]).doubts
    read = doubt.choices[1].columns[0]
    assert (doubt.chosen, read.field_type, read.comma, read.props) == ("text", "decimal", True, {"decimals": 2})


def test_decimals_stay_as_they_are_written() -> None:
    assert judge("版本", ["1.0", "2.10"]).column.props == {"decimals": 2}


def test_several_options_are_counted_one_by_one() -> None:
    column = judge("标签", ["甲、乙", "乙、丙", "甲", "丙、甲", "甲、乙、丙"] * 4).column
    assert (column.split, column.props["options"][0]) == ("、", "甲")
    assert set(column.props["options"]) == {"甲", "乙", "丙"}


def test_facts_of_a_long_column_need_no_room_for_its_values() -> None:
    facts = ColumnFacts(sheet_of([[f"K-{n * 7919 % 100_003:06}"] for n in range(100_003)]).columns[0])
    assert facts.unique
    assert facts.distinct == 100_003
    assert len(facts.tally.texts) < 10_000


def test_a_repeat_far_away_is_seen() -> None:
    texts = [f"K-{n * 7919 % 100_003:06}" for n in range(100_003)]
    assert not ColumnFacts(sheet_of([[text] for text in [*texts, texts[5]]]).columns[0]).unique


def test_a_number_format_of_excel_decides_without_a_doubt() -> None:
    percent, money = judge("完成", [0.125, 1.5], "0.0%"), judge("数", [12.5, 3], '"¥"#,##0.00')
    assert (percent.column.field_type, percent.column.props, percent.doubts) == ("percent", {"decimals": 1}, ())
    assert (money.column.field_type, money.column.props) == ("money", {"decimals": 2, "symbol": "¥"})
    assert money.doubts == ()


def test_a_format_with_leading_zeros_keeps_them() -> None:
    verdict = judge("编号", [7, 123], "00000")
    assert (verdict.column.field_type, verdict.column.pad, names(verdict)) == ("text", 5, ["leading_zeros"])


def test_decimals_are_the_most_that_were_seen() -> None:
    assert judge("重量", [1.5, 2.125]).column.props == {"decimals": 3}
    assert judge("利润", [-60.70400000000001, 4.199999999999999]).column.props["decimals"] == 3
    assert judge("利润", [10.5, 2.8e-15]).column.props["decimals"] == 2


def test_options_come_by_frequency_and_ranks_by_their_order() -> None:
    assert judge("状态", ["缓", "急", "急", "急", "缓"]).column.props["options"] == ("急", "缓")
    assert judge("等级", ["C", "B", "C", "A", "C", "A"] * 2).column.props["options"] == ("A", "B", "C")


def test_options_that_differ_in_case_only_are_one() -> None:
    assert judge("级别", ["VIP", "vip", "VIP", "普通"] * 3).column.props["options"] == ("VIP", "普通")


def test_text_that_is_longer_than_a_line_field_allows_is_long_text() -> None:
    assert judge("说明", ["x" * 600, "y"]).column.field_type == "long_text"


def test_the_dust_of_binary_arithmetic_in_a_text_file_makes_no_decimals() -> None:
    amounts = ["129.696", "125.43999999999998", "31.919999999999998", "-60.70400000000001", "-0.33600000000001273"]
    assert judge("销售额", amounts).column.props == {"decimals": 3, "symbol": "¥"}


def test_long_figures_of_a_text_file_that_are_no_dust_keep_their_decimals() -> None:
    assert judge("重量", ["12345678901234.5678", "0.25"]).column.props == {"decimals": 4}
    assert judge("重量", ["12345.67890123456", "0.25"]).column.props == {"decimals": 8}
