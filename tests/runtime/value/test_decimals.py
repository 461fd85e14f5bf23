"""Exact numbers and their texts."""

from __future__ import annotations

from decimal import Decimal, getcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.value.decimals import CONTEXT, exact_arithmetic, number_text, parse_amount, parse_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", "12"),
        (" -3.14 ", "-3.14"),
        (".5", "0.5"),
        ("１２．５", "12.5"),
        ("1e-5", "0.00001"),
        ("1" * 40, "1.111111111111111111111111111111111E+39"),
    ],
)
def test_a_text_that_shows_a_number_is_read(text: str, number: str) -> None:
    assert parse_number(text) == Decimal(number)


@pytest.mark.parametrize(
    "text", ["", "abc", "1,000", "1 2", "١٢", "0x10", "1e999999", "Infinity", "NaN", "1_000", "--1"]
)
def test_other_texts_are_no_number(text: str) -> None:
    assert parse_number(text) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,210,000.5", "1210000.5"),
        ("¥1,200", "1200"),
        ("$-5", "-5"),
        ("-$5", "-5"),
        ("12€", "12"),
        ("40%", "0.4"),
        ("%12", "0.12"),
        ("11 000", "11000"),
    ],
)
def test_amounts_may_have_grouping_currency_and_percent(text: str, number: str) -> None:
    assert parse_amount(text) == Decimal(number)


@pytest.mark.parametrize("text", ["", "%", "¥", "1,2,3", "12,34", "3%22", "¥¥1", "-$-5", "1,000 000"])
def test_other_texts_are_no_amount(text: str) -> None:
    assert parse_amount(text) is None


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("1.50", "1.5"),
        ("-0.00", "0"),
        ("1E+3", "1000"),
        ("100000000000000000000", "100000000000000000000"),
        ("1E+21", "1E+21"),
        ("1.5E-12", "1.5E-12"),
        ("12345678901234567.89", "12345678901234567.89"),
        ("0.3333333333333333333333333333333333", "0.333333333333333"),
    ],
)
def test_a_number_is_written_without_closing_zeros(number: str, text: str) -> None:
    assert number_text(Decimal(number)) == text


@given(st.decimals(-(10**15), 10**15, places=4))
def test_what_is_written_is_read_back(number: Decimal) -> None:
    assert parse_number(number_text(number)) == number


def test_the_context_is_entered_and_left() -> None:
    before = getcontext()
    with exact_arithmetic():
        assert getcontext() is CONTEXT
        assert Decimal(2) / 3 == Decimal("0.6666666666666666666666666666666667")
    assert getcontext() is before
