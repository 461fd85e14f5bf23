"""Figures as other countries, other programs and stock lists write them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from runtime.exchange.written import read_comma_number, read_number
from tests.runtime.exchange.workbooks import sheet_of, types, understood

NUMBERS = {
    "USD 1,200,000.00": ("1200000.00", "$"), "89.90 €": ("89.90", "€"), "HK$ 12.5": ("12.5", "HK$"),
    "100 EUR": ("100", "€"), "JPY 3000": ("3000", "JPY"), "-US$5.00": ("-5.00", "$"), "￥3,000元": ("3000", "¥"),
    "1.2万亿": ("1200000000000", ""), "2.14万亿元": ("2140000000000", "¥"), "3,400亿": ("340000000000", ""),
}  # fmt: skip
COMMAS = {
    "89,90 €": ("89.90", "€"), "€ 1.234,50": ("1234.50", "€"), "1\u202f234,50\u00a0€": ("1234.50", "€"),
    "40,50-": ("-40.50", ""), "-12,5": ("-12.5", ""), "1.234,50": ("1234.50", ""),
}  # fmt: skip


@pytest.mark.parametrize("text", NUMBERS)
def test_amounts_with_a_currency_before_or_behind_them_and_trillions_are_numbers(text: str) -> None:
    found = read_number(text)
    assert found is not None
    assert (found.value, found.currency) == (Decimal(NUMBERS[text][0]), NUMBERS[text][1])


@pytest.mark.parametrize("text", COMMAS)
def test_decimals_behind_a_comma_may_have_a_currency_or_the_minus_behind_them(text: str) -> None:
    found = read_comma_number(text)
    assert found is not None
    assert (found.value, found.currency) == (Decimal(COMMAS[text][0]), COMMAS[text][1])


@pytest.mark.parametrize("text", ["USD", "US", "EUR 5 USD", "$5$", "A4", "C3", "SKU 5", "US 5", "5 USDT", "-5-", "15-"])
def test_what_only_begins_so_is_no_number(text: str) -> None:
    assert read_number(text) is None
    assert read_comma_number(text) is None


def test_french_prices_are_money() -> None:
    rows = [["Article", "Prix"], *[[f"n° {n}", f"{n}\u202f234,50\u00a0€"] for n in range(1, 8)]]
    plan = understood(sheet_of(rows))
    assert types(plan, "表")["Prix"] == "money"
    (chunk,) = plan.rows("表")
    assert chunk.values[1][0] == Decimal("1234.50")
    assert plan.sheet("表").columns[1].props["symbol"] == "€"


def test_codes_with_a_point_keep_their_zeros() -> None:
    rows = [["科目代码", "余额"], ["1002.01", 5.5], ["1002.10", 6.5], ["2202.02", 7.5]]
    plan = understood(sheet_of(rows))
    assert types(plan, "表") == {"科目代码": "text", "余额": "money"}
    assert plan.doubt("表/0/codes_with_points").chosen == "text"


def test_codes_that_begin_or_end_as_a_currency_keep_their_letters() -> None:
    rows = [["型号", "编码", "单价"], ["SGD100", "100TWD", "USD100"], ["SGD200", "200TWD", "USD200"]]
    assert types(understood(sheet_of(rows)), "表") == {"型号": "text", "编码": "text", "单价": "money"}


@pytest.mark.parametrize("name", ["社保号", "公积金账号", "补贴人数", "租金编码"])
def test_numbers_and_counts_beside_money_are_no_money(name: str) -> None:
    plan = understood(sheet_of([["姓名", "社保", name], ["张三", 120.5, 123], ["李四", 130.5, 457]]))
    assert types(plan, "表") == {"姓名": "text", "社保": "money", name: "integer"}


@pytest.mark.parametrize(("yes", "no"), [("ja", "nein"), ("Oui", "Non"), ("да", "нет"), ("はい", "いいえ")])
def test_yes_and_no_of_other_languages_are_answers(yes: str, no: str) -> None:
    plan = understood(sheet_of([["a", "b"], [yes, 1], [no, 2], [yes, 3]]))
    assert types(plan, "表")["a"] == "boolean"


def test_da_alone_is_a_word() -> None:
    plan = understood(sheet_of([["a", "b"], ["ja", 1], ["ja", 2], ["ja", 3]]))
    assert types(plan, "表")["a"] != "boolean"


def test_options_of_a_survey_are_parted_by_its_sign() -> None:
    rows = [["序号", "用过哪些"], *[[n, ["A┋B", "A", "B┋C", "A┋C", "C"][n % 5]] for n in range(15)]]
    assert types(understood(sheet_of(rows)), "表")["用过哪些"] == "choices"
