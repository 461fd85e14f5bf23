"""Amounts in words, checked by reading them back."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.value.chinese_numerals import EVERYDAY, FORMAL, money_in_words
from runtime.value.error_values import Failure


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "零元整"),
        ("-0.004", "零元整"),
        ("0.005", "壹分"),
        ("0.05", "伍分"),
        ("0.5", "伍角"),
        ("1", "壹元整"),
        ("10", "壹拾元整"),
        ("1234.5", "壹仟贰佰叁拾肆元伍角"),
        ("1409.50", "壹仟肆佰零玖元伍角"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("100500", "壹拾万零伍佰元整"),
        ("10010001", "壹仟零壹万零壹元整"),
        ("100000000", "壹亿元整"),
        ("100000001", "壹亿零壹元整"),
        ("100010000", "壹亿零壹万元整"),
        ("20000000000000", "贰拾万亿元整"),
        ("1234567890123456", "壹仟贰佰叁拾肆万伍仟陆佰柒拾捌亿玖仟零壹拾贰万叁仟肆佰伍拾陆元整"),
        ("-3.2", "负叁元贰角"),
    ],
)
def test_amounts_in_words(amount: str, words: str) -> None:
    assert money_in_words(Decimal(amount)) == words


@pytest.mark.parametrize("amount", ["1E16", "-1E16", "9999999999999999.995", "1E+308"])
def test_more_than_sixteen_digits_are_refused(amount: str) -> None:
    with pytest.raises(Failure):
        money_in_words(Decimal(amount))


def _read(words: str) -> Decimal:
    """The amount that words say."""
    sign = -1 if words.startswith("负") else 1
    yuan, _, change = words.removeprefix("负").rpartition("元")
    fen = 0
    for digit, unit in zip(
        change.replace("零", "").removesuffix("整")[::2], change.replace("零", "")[1::2], strict=False
    ):
        fen += FORMAL.digits.index(digit) * (10 if unit == "角" else 1)
    return sign * (Decimal(_whole(yuan)) + Decimal(fen) / 100)


def _whole(words: str) -> int:
    for unit, size in (("亿", 10**8), ("万", 10**4)):
        if unit in words:
            high, _, low = words.rpartition(unit)
            return _whole(high) * size + _whole(low)
    total, digit = 0, 0
    for sign in words:
        if sign in FORMAL.digits:
            digit = FORMAL.digits.index(sign)
        else:
            total += digit * 10 ** (FORMAL.units.index(sign) + 1)
            digit = 0
    return total + digit


@given(st.integers(-(10**18) + 1, 10**18 - 1) | st.integers(-(10**6), 10**6))
def test_what_is_written_in_words_reads_as_the_same_amount(fen: int) -> None:
    amount = Decimal(fen) / 100
    words = money_in_words(amount)
    assert _read(words) == amount
    assert "零零" not in words
    assert "零元" not in words or not fen


def test_everyday_numerals() -> None:
    assert EVERYDAY.number(107_000) == "一十万七千"
    assert EVERYDAY.spelled("2024") == "二〇二四"
