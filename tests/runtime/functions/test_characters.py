"""Characters and their numbers."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.functions.characters import char, code, unichar, unicode
from runtime.value.error_values import ErrorValue
from tests.runtime.expression.sample import result

VALUE, NA = ErrorValue("#VALUE!"), ErrorValue("#N/A")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("CHAR(128)", "€"),
        ("CHAR(129)", "\x81"),
        ("CHAR(65.9)", "A"),
        ("CHAR(0)", VALUE),
        ("CHAR(255.9)", "ÿ"),
        ("CHAR(256)", VALUE),
        ('CHAR("abc")', VALUE),
        ('CODE("€uro")', Decimal(128)),
        ('CODE("")', VALUE),
        ("CODE(1)", Decimal(49)),
        ("UNICHAR(128514)", "😂"),
        ("UNICHAR(0)", VALUE),
        ("UNICHAR(-5)", VALUE),
        ("UNICHAR(55296)", NA),
        ("UNICHAR(1114112)", VALUE),
        ("UNICHAR(1E+300)", VALUE),
        ('UNICODE("😂x")', Decimal(128_514)),
        ("UNICODE({备注})", VALUE),
        ('CLEAN("a"&CHAR(9)&"b"&CHAR(31)&CHAR(160))', "ab\xa0"),
        ('PROPER("o\'neil 2nd MC-DONALD 三体")', "O'Neil 2Nd Mc-Donald 三体"),
        ('PROPER("ǆungla ßa")', "ǅungla Ssa"),
        ("PROPER(TRUE)", "True"),
        ("PROPER({备注})", ""),
    ],
)
def test_characters(source: str, expected: object) -> None:
    assert result(source) == expected


@given(st.integers(1, 255))
def test_code_is_the_opposite_of_char(number: int) -> None:
    assert code(char(Decimal(number))) == number


@given(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\ufffe\uffff"))
def test_unichar_is_the_opposite_of_unicode(character: str) -> None:
    assert unichar(unicode(character)) == character
