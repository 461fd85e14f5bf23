"""Text functions: edges and limits."""

from __future__ import annotations

from decimal import Decimal

import pytest

from runtime.value.error_values import ErrorValue
from tests.runtime.expression.sample import result

VALUE = ErrorValue("#VALUE!")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('LEN("😂")', Decimal(1)),
        ('LEFT("abc")', "a"),
        ('LEFT("abc",0)', ""),
        ('LEFT("abc",-1)', VALUE),
        ('RIGHT("abc",99)', "abc"),
        ('RIGHT("abc",0)', ""),
        ('MID("abc",0,1)', VALUE),
        ('MID("abc",5,1)', ""),
        ("MID(FALSE,2,6)", "ALSE"),
        ("CONCAT({明细}.{金额},{开始},TRUE)", "12TRUE"),
        ('CONTAINS("Straße","STRASSE")', True),
        ('CONTAINS("abc","")', True),
        ('HASWORD("Straße 5","STRASSE")', True),
        ('HASWORD("start art","art")', True),
        ('HASWORD("start","art")', False),
        ('HASWORD("-art-","-art")', True),
        ('HASWORD("art1","art")', False),
        ('HASWORD("北京art","art")', True),
        ('HASWORD("","")', True),
        ('HASWORD("abc","")', True),
        ('TRIM("\u3000 a\u3000\u3000b ")', "a b"),
        ('SUBSTITUTE("aXa","a","b")', "bXb"),
        ('SUBSTITUTE("aaa","a","b",2.5)', "aba"),
        ('SUBSTITUTE("aaa","a","b",4)', "aaa"),
        ('SUBSTITUTE("aaa","a","b",0)', VALUE),
        ('SUBSTITUTE("aaa","","b")', "aaa"),
        ('VALUE("abc")', VALUE),
        ('VALUE("")', VALUE),
        ('VALUE("2024-05-17")', Decimal(45429)),
        ("VALUE(TRUE)", VALUE),
        ('VALUE("12:00")', Decimal("0.5")),
        ('VALUE("($5.50)")', Decimal("-5.5")),
        ('VALUE("(-5)")', VALUE),
        ('VALUE("-1 1/2")', Decimal("-1.5")),
        ('VALUE("1 1/0")', VALUE),
        ('VALUE("2024-05-17 06:00")', Decimal("45429.25")),
        ('TEXTJOIN("-",TRUE,{明细}.{金额},"",TRUE)', "1-2-TRUE"),
        ('TEXTJOIN("-",FALSE,{明细}.{金额})', "1--2"),
        ('TEXTJOIN("-",,"a","","b")', "a-b"),
        ('TEXTJOIN({备注},TRUE,"a","b")', "ab"),
        ('TEXTJOIN("-",TRUE,1/0)', ErrorValue("#DIV/0!")),
        ('REPT("ab",2.9)', "abab"),
        ('REPT("ab",0)', ""),
        ('REPT("ab",-1)', VALUE),
        ('REPT("",1E+300)', ""),
        ('REPT("a",1E+300)', VALUE),
        ('REPT("a",32767.9)', "a" * 32_767),
        ('REPT("ab",16384)', VALUE),
        ('EXACT("a","A")', False),
        ("EXACT(1,TRUE)", False),
        ('EXACT("TRUE",TRUE)', True),
        ("EXACT({备注},{备注})", True),
        ('NUMBERVALUE("")', Decimal(0)),
        ('NUMBERVALUE(" 1 2.5 ")', Decimal("12.5")),
        ('NUMBERVALUE("9%%")', Decimal("0.0009")),
        ('NUMBERVALUE("1,5",",")', Decimal("1.5")),
        ('NUMBERVALUE("1.5,0")', VALUE),
        ('NUMBERVALUE("1.2.3")', VALUE),
        ('NUMBERVALUE("%")', VALUE),
        ('NUMBERVALUE("1","."," .")', Decimal(1)),
        ('NUMBERVALUE("1",".",".")', VALUE),
    ],
)
def test_text(source: str, expected: object) -> None:
    assert result(source, **{"c_lines.c_amount": [1, None, 2]}) == expected


def test_no_text_grows_beyond_the_limit() -> None:
    row = {"c_note": "x" * 32_767}
    assert len(result('SUBSTITUTE({备注},"x","y")', **row)) == 32_767
    assert result('SUBSTITUTE({备注},"x","yy")', **row) == VALUE
    assert result('SUBSTITUTE({备注},"x","yy",1)', **row) == VALUE
    assert result('{备注}&"x"', **row) == VALUE
    assert result("UPPER({备注})", c_note="ß" * 32_767) == VALUE


def test_a_list_of_delimiters_is_used_in_turn() -> None:
    assert result('TEXTJOIN({任意},TRUE,"a","b","c","d")', c_anything=["-", "/"]) == "a-b/c-d"
    assert result('TEXTJOIN({任意},TRUE,"a","b")', c_anything=[]) == "ab"
