"""Numbers, dates, yes and no in text cells: read where they are certain, left alone where they are not."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.exchange.written import ORDERS, read_date, read_number, read_yes_no


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234", "1234"),
        ("1,234.50", "1234.50"),
        ("-12.5", "-12.5"),
        ("(1,200)", "-1200"),
        ("（1,200）", "-1200"),
        ("１２３４", "1234"),
        ("￥3,000元", "3000"),
        ("¥ 3000", "3000"),
        ("$12.30", "12.30"),
        ("12%", "0.12"),
        ("12.5％", "0.125"),
        ("1.2万", "12000"),
        ("3亿", "300000000"),
        (".5", "0.5"),
    ],
)
def test_numbers_as_people_write_them(text: str, value: str) -> None:
    found = read_number(text)
    assert found is not None
    assert found.value == Decimal(value)


@pytest.mark.parametrize(
    "text",
    ["", "-", "abc", "1.234,50", "1,2,3", "12,34", "1.2.3", "12 箱", "=1+1", "+1+1", "6.2E+18", "1 2", "(12", "12)",
     "%", "CN-2017", "13:30", "1/2", "--5", "@SUM(A1)"],
)  # fmt: skip
def test_what_is_no_number_for_certain_stays_text(text: str) -> None:
    assert read_number(text) is None


def test_a_number_says_how_it_was_written() -> None:
    code, units, money = read_number("00123"), read_number("1.2万元"), read_number("$1,200.50")
    assert code is not None and code.zeros and code.digits == 5
    assert units is not None and units.unit and units.currency == "¥" and units.decimals == 0
    assert money is not None and money.grouped and money.currency == "$" and money.decimals == 2


@given(st.decimals(-(10**12), 10**12, places=3))
def test_any_decimal_is_read_back(number: Decimal) -> None:
    for text in (f"{number}", f"{number:,}", f"¥{number:,}" if number >= 0 else f"-¥{-number:,}"):
        found = read_number(text)
        assert found is not None
        assert found.value == number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2024-03-05", date(2024, 3, 5)),
        ("2024/3/5", date(2024, 3, 5)),
        ("2024.03.05", date(2024, 3, 5)),
        ("2024年3月5日", date(2024, 3, 5)),
        ("２０２４－０３－０５", date(2024, 3, 5)),
        ("2024-03-05 14:30", datetime(2024, 3, 5, 14, 30)),
        ("2024/3/5 14:30:59", datetime(2024, 3, 5, 14, 30, 59)),
        ("2024-03-05T14:30:59.123", datetime(2024, 3, 5, 14, 30, 59)),
        ("5 Mar 2024", date(2024, 3, 5)),
        ("05-March-2024", date(2024, 3, 5)),
        ("Mar 5, 2024", date(2024, 3, 5)),
        ("Sept 5, 2024", date(2024, 9, 5)),
        ("2024-03-05T14:30:59Z", datetime(2024, 3, 5, 14, 30, 59, tzinfo=UTC)),
        ("2024-03-05 14:30:59.250+08:00", datetime(2024, 3, 5, 6, 30, 59, tzinfo=UTC)),
        ("2024-03-05T14:30-0330", datetime(2024, 3, 5, 18, 0, tzinfo=UTC)),
    ],
)
def test_dates_that_can_be_read_in_one_way_only(text: str, value: date) -> None:
    found = read_date(text)
    assert found is not None
    assert found.ordered
    assert found.value("") == value


@pytest.mark.parametrize(
    "text",
    ["2024/13/45", "2024年2月30日", "2023-02-29", "25:61", "2024-3", "20240305", "31/31/2024", "99/99/25", "1.2.10",
     "Foo 5, 2024", "2024-03-05 25:00", "1月"],
)  # fmt: skip
def test_what_is_no_date_stays_text(text: str) -> None:
    assert read_date(text) is None


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("03/04/25", {"dmy": date(2025, 4, 3), "mdy": date(2025, 3, 4), "ymd": date(2003, 4, 25)}),
        ("31/12/99", {"dmy": date(1999, 12, 31)}),
        ("12/31/99", {"mdy": date(1999, 12, 31)}),
        ("99-12-31", {"ymd": date(1999, 12, 31)}),
        ("03.04.25", {"dmy": date(2025, 4, 3), "mdy": date(2025, 3, 4), "ymd": date(2003, 4, 25)}),
        ("5/19/06 14:30", {"mdy": datetime(2006, 5, 19, 14, 30)}),
    ],
)
def test_a_year_of_two_figures_may_stand_at_either_end(text: str, values: dict[str, date]) -> None:
    found = read_date(text)
    assert found is not None
    assert found.value("") is None
    assert {order: value for order in ORDERS if (value := found.value(order)) is not None} == values


def test_a_date_in_doubtful_order_has_no_value_until_the_order_is_given() -> None:
    found = read_date("03/04/2025")
    assert found is not None
    assert not found.ordered
    assert found.value("") is None
    assert found.value("dmy") == date(2025, 4, 3)
    assert found.value("mdy") == date(2025, 3, 4)


def test_a_day_beyond_the_twelfth_is_never_swapped_into_a_month() -> None:
    found = read_date("13/04/2025")
    assert found is not None
    assert found.value("mdy") is None
    assert found.value("dmy") == date(2025, 4, 13)


def test_eight_figures_are_a_date_only_where_dates_are_expected() -> None:
    assert read_date("20240305") is None
    found = read_date("20240305", compact=True)
    assert found is not None and found.value("") == date(2024, 3, 5)
    assert read_date("20241305", compact=True) is None


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_any_date_is_read_back_in_every_shape(day: date) -> None:
    for text in (day.isoformat(), f"{day.year}/{day.month}/{day.day}", f"{day.year}年{day.month}月{day.day}日"):
        found = read_date(text)
        assert found is not None and found.value("") == day
    found = read_date(f"{day:%d/%m/%Y}")
    assert found is not None and found.value("dmy") == day


@pytest.mark.parametrize(("text", "says"), [("是", True), ("否", False), ("Y", True), ("TRUE", True), ("√", True),
                                            ("无", False), ("maybe", None), ("1", None), ("", None)])  # fmt: skip
def test_words_for_yes_and_no(text: str, says: bool | None) -> None:
    assert read_yes_no(text) is says
