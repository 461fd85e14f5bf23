"""Numbers as people write them: exact, or not a number; never guessed."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.numbers import from_scaled, grouped, parse_number, round_to, to_scaled


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", "0"),
        ("1234", "1234"),
        ("-5", "-5"),
        ("+5", "5"),
        ("−5", "-5"),
        (".5", "0.5"),
        ("5.", "5"),
        ("1,234,567.89", "1234567.89"),
        ("1，234", "1234"),
        ("1,0000", "10000"),
        ("12 345", "12345"),
        ("1'234", "1234"),
        ("１２３．４", "123.4"),
        ("¥1,234.50", "1234.50"),
        ("￥99", "99"),
        ("$5", "5"),
        ("-¥5", "-5"),
        ("1,234元", "1234"),
        ("CNY 12", "12"),
        ("(1,200)", "-1200"),
        ("（12）", "-12"),
        ("12.5%", "0.125"),
        ("50％", "0.50"),
        ("1.2万", "12000.0"),
        ("1.2万元", "12000.0"),
        ("3亿", "300000000"),
        (" 7 ", "7"),
        ("0.1234567890123456789012345", "0.1234567890123456789012345"),
    ],
)
def test_what_people_write_is_read(text: str, number: str) -> None:
    assert parse_number(text) == Decimal(number)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "-",
            ".",
            "+",
            "%",
            "¥",
            "()",
            "万",
            "abc",
            "1a",
            "1e5",
            "6.2E+18",
            "1..2",
            "--5",
            "+-5",
            "5-",
            "1-2",
        ),
        *("nan", "inf", "Infinity", "1/2", "½", "٣", "0x1F", "(-5)", "(+5)", "1\n2", "1;2", "12%5"),
    ],
)
def test_what_is_no_number_is_none(text: str) -> None:
    assert parse_number(text) is None


@pytest.mark.parametrize("text", ["12,5", "1,23", "12,34", "1,2,3", ",5", "5,", "1,234,5", "12345,678", "1,234.5,6"])
def test_a_comma_that_separates_no_thousands_is_not_guessed_away(text: str) -> None:
    assert parse_number(text) is None


numbers = st.decimals(-(10**16), 10**16, allow_nan=False, allow_infinity=False, places=4)


@given(number=numbers)
def test_a_number_shown_with_thousands_is_read_again(number: Decimal) -> None:
    assert parse_number(grouped(number, 4)) == number


@given(number=numbers, decimals=st.integers(0, 8))
def test_a_column_keeps_every_place_it_declares(number: Decimal, decimals: int) -> None:
    kept = from_scaled(to_scaled(number, decimals), decimals)
    assert kept == round_to(number, decimals)
    assert abs(kept - number) <= Decimal(1).scaleb(-decimals) / 2
    assert -kept.as_tuple().exponent == decimals  # type: ignore[operator]


@pytest.mark.parametrize(
    ("text", "shown"), [("0.125", "0.13"), ("-0.125", "-0.13"), ("2.675", "2.68"), ("0.5", "0.50")]
)
def test_half_a_place_goes_away_from_zero_as_in_excel(text: str, shown: str) -> None:
    assert str(round_to(Decimal(text), 2)) == shown
    assert to_scaled(Decimal(text), 2) == int(Decimal(shown).scaleb(2))


def test_what_has_too_many_digits_is_refused_and_not_rounded() -> None:
    with pytest.raises(InvalidOperation):
        round_to(Decimal("1E+40"), 2)


@given(text=st.text(alphabet="0123456789.,-+()%万亿元¥ ", max_size=12))
def test_no_text_makes_it_fail(text: str) -> None:
    number = parse_number(text)
    assert number is None or number.is_finite()
