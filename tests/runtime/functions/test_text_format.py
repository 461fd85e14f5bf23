"""Values written in formats: Excel's codes, FIXED, and money in words."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.functions.rounding import round_
from runtime.functions.text_format import fixed, text_
from runtime.value.conversions import to_text
from runtime.value.error_values import ErrorValue, Failure
from tests.runtime.expression.sample import checked, result

VALUE, NUM = ErrorValue("#VALUE!"), ErrorValue("#NUM!")
SHANGHAI = ZoneInfo("Asia/Shanghai")
AMOUNTS = st.decimals(-(10**12), 10**12, places=6)


def _text(value: object, code: str) -> str:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(text_(SHANGHAI, Decimal(str(value)) if number else value, code))


@pytest.mark.parametrize(
    ("number", "code", "expected"),
    [
        (1234.567, "#,##0.00", "1,234.57"),
        (-1234.567, "$#,##0.00", "-$1,234.57"),
        (1234.5, "#,#", "1,235"),
        (12.5, "0", "13"),
        (-12.5, "0", "-13"),
        (0.285, "0.0%", "28.5%"),
        (1234567, "0.0,,", "1.2"),
        (1234567.891, "#,##0,", "1,235"),
        (0.5, "#.##", ".5"),
        (5, "#.##", "5."),
        (5, "?.??", "5.  "),
        (0, "#", ""),
        (1234, "??,???", " 1,234"),
        (5, "000", "005"),
        (1.5, "0.0#", "1.5"),
        (1234567890, "(###) ###-####", "(123) 456-7890"),
        (123456789, "000-00-0000", "123-45-6789"),
        (-0.001, "0.00", "0.00"),
        (-0.001, "0.0;@", "-0.0"),
        (-0.001, "0.0;-0.0", "-0.0"),
        (-0.001, "-0.0", "-0.0"),
        (-1, "-0.0", "--1.0"),
        (-0.001, '"x"', "-x"),
        (-5, "0;(0)", "(5)"),
        (0, "0;(0);-", "-"),
        (7, '"No. "0', "No. 7"),
        (7, "\\x0", "x7"),
        (7, "0_)", "7 "),
        (7, "* 0", "7"),
        (7, "", ""),
        (50, '[>100]"big";[>10]"mid";"small"', "mid"),
        (5, '[>100]"big";[>10]"mid";"small"', "small"),
        (-5, "[>100]0.0;0.00", "-5.00"),
        (-5, "[<0]0.0;0.00", "5.0"),
        (1234, "[$¥-804]#,##0", "¥1,234"),
        (1234, "[Red]0", "1234"),
        (12345, "0.00E+00", "1.23E+04"),
        (12345, "##0.0E+0", "12.3E+3"),
        (9.999, "0.0E+0", "1.0E+1"),
        (0.00012, "0.0E-0", "1.2E-4"),
        (0, "0.0E+0", "0.0E+0"),
        (2.75, "# ?/?", "2 3/4"),
        (2, "# ?/?", "2    "),
        (0.1, "# ?/8", " 1/8"),
        (1.999, "# ?/?", "2    "),
        (0.34, "?/?", "1/3"),
        (1234.5, "General", "1234.5"),
        (-0.1, "General", "-0.1"),
        (123456789012, "General", "1.23457E+11"),
        (0.00001234, "General", "1.234E-05"),
        (1234.5, "[DBNum2]G/通用格式", "壹仟贰佰叁拾肆.伍"),
        (1234, "[DBNum2]0", "壹贰叁肆"),
        (5, "@", "5"),
    ],
)
def test_numbers_in_formats(number: float, code: str, expected: str) -> None:
    assert _text(number, code) == expected


@pytest.mark.parametrize(
    ("value", "code", "expected"),
    [
        (date(2024, 5, 17), "yyyy-mm-dd", "2024-05-17"),
        (date(2024, 5, 7), "yy/m/d", "24/5/7"),
        (date(2024, 5, 17), "ddd dddd mmm mmmm mmmmm", "Fri Friday May May M"),
        (date(2024, 5, 17), "yyyy年m月d日 aaaa aaa", "2024年5月17日 星期五 五"),
        (date(2024, 5, 17), "[DBNum1]yyyy年m月d日", "二〇二四年五月十七日"),
        (date(2024, 5, 17), "0", "45429"),
        (date(2024, 5, 17), "e", "2024"),
        (datetime(2024, 5, 16, 22, 5, 9, tzinfo=UTC), "yyyy-mm-dd hh:mm:ss", "2024-05-17 06:05:09"),
        (datetime(2024, 5, 16, 22, 5, 9, tzinfo=UTC), "m/d h:m", "5/17 6:5"),
        (time(14, 5, 30), "h:mm AM/PM", "2:05 PM"),
        (time(0, 5), "h:mm a/p", "12:05 A"),
        (time(14, 5), "上午/下午h时mm分", "下午2时05分"),
        (time(14, 5, 30), "mm:ss", "05:30"),
        (time(23, 59, 59, 600_000), "hh:mm:ss", "00:00:00"),
        (time(23, 59, 59, 600_000), "hh:mm:ss.0", "23:59:59.6"),
        (timedelta(hours=36, minutes=5), "[h]:mm", "36:05"),
        (timedelta(minutes=90), "[mm]", "90"),
        (timedelta(minutes=-90), "[h]:mm", "-1:30"),
        ("2024-05-17", "yyyy", "2024"),
        ("12%", "0.00", "0.12"),
        ("3a", "0", "3a"),
        ("abc", '0;0;0;"<"@">"', "<abc>"),
        ("abc", "0;@@", "abcabc"),
        (True, "0", "TRUE"),
        (None, "0.00", "0.00"),
        (None, "yyyy-mm-dd", ""),
    ],
)
def test_other_values_in_formats(value: object, code: str, expected: str) -> None:
    assert _text(value, code) == expected


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (1, "TRUE"),
        (1, "[abc]0"),
        (1, "[0"),
        (1, "0;0;0;0;0"),
        (-1, "yyyy"),
        (2_958_466, "yyyy"),
        (5, "[>9]0"),
        (1, "0" * 256),
    ],
)
def test_a_format_that_means_nothing_or_is_for_other_values_is_an_error(number: int, code: str) -> None:
    with pytest.raises(Failure):
        _text(number, code)


def test_a_wrong_constant_format_is_a_problem_at_its_place() -> None:
    source = 'TEXT({单价},"TRUE")'
    (problem,) = checked(source).problems
    assert source[problem.start : problem.end] == '"TRUE"'
    assert result(source) == VALUE
    assert result("TEXT(1/0,{名称})") == ErrorValue("#DIV/0!")


@given(AMOUNTS)
def test_two_decimals_are_what_round_gives(amount: Decimal) -> None:
    shown = Decimal(_text(amount, "0.00"))
    assert shown == round_(amount, Decimal(2))
    assert _text(amount, "#,##0.00").replace(",", "") == _text(amount, "0.00")
    assert fixed(amount) == _text(amount, "#,##0.00")


@given(st.dates(date(1900, 3, 1), date(9999, 12, 31)))
def test_an_iso_format_writes_what_a_date_is_as_a_text(day: date) -> None:
    assert _text(day, "yyyy-mm-dd") == to_text(day, None)


@given(st.decimals(0, 1, places=5), st.text('0#?.,%/ -:;@"\\_*[]yhmsdEe+>1中', max_size=12))
def test_any_code_gives_a_text_or_an_error(number: Decimal, code: str) -> None:
    shown = result("TEXT({任意},{名称})", c_anything=number, c_name=code)
    assert isinstance(shown, str) or shown == VALUE


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("FIXED(1234.567,-2)", "1,200"),
        ("FIXED(-1234.567,1,TRUE)", "-1234.6"),
        ("FIXED(0.5,0)", "1"),
        ("FIXED(1,128)", VALUE),
        ("FIXED(1E+300,-1E+300)", "0"),
        ("FIXED({单价})", "0.00"),
        ("RMBCAP(1E16)", NUM),
        ("RMBCAP({单价})", "零元整"),
    ],
)
def test_fixed_and_money(source: str, expected: object) -> None:
    assert result(source) == expected
