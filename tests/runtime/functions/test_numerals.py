"""Number systems: texts that show numbers."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.functions.numerals import arabic, base, bin2dec, dec2bin, dec2hex, decimal, hex2dec, roman
from runtime.value.error_values import ErrorValue
from tests.runtime.expression.sample import result


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("BASE(12.567,2)", "1100"),
        ("BASE(16,4,8)", "00000100"),
        ("BASE(12345678,16,2)", "BC614E"),
        ("BASE(0,2)", "0"),
        ("DEC2BIN(-100)", "1110011100"),
        ("DEC2BIN(511.9)", "111111111"),
        ("DEC2BIN({单价},7)", "0000000"),
        ("DEC2BIN(-1,3)", "1111111111"),
        ("DEC2OCT(-1)", "7777777777"),
        ("DEC2HEX(-512.8)", "FFFFFFFE00"),
        ('DEC2HEX("9")', "9"),
        ("ROMAN(499)", "CDXCIX"),
        ("ROMAN(499,1)", "LDVLIV"),
        ("ROMAN(499,2)", "XDIX"),
        ("ROMAN(499,3)", "VDIV"),
        ("ROMAN(499,4)", "ID"),
        ("ROMAN(499,FALSE)", "ID"),
        ("ROMAN(499,TRUE)", "CDXCIX"),
        ("ROMAN(0)", ""),
        ("ROMAN(3523)", "MMMDXXIII"),
    ],
)
def test_numbers_are_written(source: str, expected: str) -> None:
    assert result(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('DECIMAL("zz",36)', "1295"),
        ('DECIMAL("",10)', "0"),
        ("BIN2DEC(11111011)", "251"),
        ('BIN2DEC("1110011100")', "-100"),
        ("BIN2DEC({名称})", "0"),
        ('OCT2DEC("7777777777")', "-1"),
        ('HEX2DEC("7FFFFFFFFF")', "549755813887"),
        ('HEX2DEC("8000000000")', "-549755813888"),
        ('ARABIC("CVLII")', "147"),
        ('ARABIC(" -mmxxiv ")', "-2024"),
        ('ARABIC("")', "0"),
    ],
)
def test_numbers_are_read(source: str, expected: str) -> None:
    assert result(source) == Decimal(expected)


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("BASE(-1,2)", "#NUM!"),
        ("BASE(9007199254740992,2)", "#NUM!"),
        ("BASE(17,1)", "#NUM!"),
        ("BASE(17,37)", "#NUM!"),
        ("BASE(17,2,256)", "#NUM!"),
        ('DECIMAL("aa",3)', "#NUM!"),
        ('DECIMAL("1_0",10)', "#NUM!"),
        ('DECIMAL("-1",10)', "#NUM!"),
        ('DECIMAL(REPT("z",255),36)', "#NUM!"),
        ('DECIMAL(REPT("1",256),2)', "#VALUE!"),
        ("DEC2BIN(512)", "#NUM!"),
        ("DEC2BIN(12,2)", "#NUM!"),
        ("DEC2BIN(12,{单价})", "#NUM!"),
        ("DEC2BIN(12,11)", "#NUM!"),
        ("DEC2BIN(TRUE)", "#VALUE!"),
        ("HEX2DEC(-1)", "#NUM!"),
        ('BIN2DEC("2")', "#NUM!"),
        ('BIN2DEC("00000000001")', "#NUM!"),
        ("BIN2DEC(FALSE)", "#VALUE!"),
        ("ROMAN(4000)", "#VALUE!"),
        ("ROMAN(-1)", "#VALUE!"),
        ("ROMAN(1,5)", "#VALUE!"),
        ('ARABIC("MIA")', "#VALUE!"),
        ('ARABIC(REPT("M",256))', "#VALUE!"),
    ],
)
def test_what_is_no_number_of_the_system_is_an_error(source: str, error: str) -> None:
    assert result(source) == ErrorValue(error)


@given(st.integers(0, 2**53 - 1), st.integers(2, 36))
def test_what_is_written_is_read_again(number: int, radix: int) -> None:
    assert decimal(base(Decimal(number), Decimal(radix)), Decimal(radix)) == number


@given(st.integers(-512, 511))
def test_signed_numbers_are_read_again(number: int) -> None:
    assert bin2dec(dec2bin(Decimal(number))) == number
    assert hex2dec(dec2hex(Decimal(number))) == number


@given(st.integers(0, 3999), st.integers(0, 4))
def test_every_roman_form_shows_its_number(number: int, form: int) -> None:
    numeral = roman(Decimal(number), Decimal(form))
    assert arabic(numeral) == number
    assert len(numeral) <= len(roman(Decimal(number)))
