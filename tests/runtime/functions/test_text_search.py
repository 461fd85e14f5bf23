"""Finding and cutting: places, wildcards, delimiters, and how the pieces fit together again."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.functions.text import left, right
from runtime.functions.text_search import replace, split, textafter, textbefore
from runtime.value.error_values import ErrorValue
from tests.runtime.expression.sample import result
from tests.support.pace import within

VALUE, NA = ErrorValue("#VALUE!"), ErrorValue("#N/A")
TEXTS = st.text("ab-中😂", max_size=12)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('FIND("a","banana")', 2),
        ('FIND("a","banana",3.9)', 4),
        ('FIND("A","banana")', VALUE),
        ('FIND("","abc")', 1),
        ('FIND("","abc",4)', 4),
        ('FIND("","abc",5)', VALUE),
        ('FIND("a","abc",0)', VALUE),
        ('FIND("a","abc",1E+300)', VALUE),
        ('FIND("c","😂bc")', 3),
        ("FIND(1,210)", 2),
        ('FIND("*","a*c")', 2),
        ('SEARCH("A","banana",3)', 4),
        ('SEARCH("*","abc")', 1),
        ('SEARCH("b*d","abcd")', 2),
        ('SEARCH("?d","abcd")', 3),
        ('SEARCH("~?","ab?")', 3),
        ('SEARCH("~","abc")', 1),
        ('SEARCH("ß","STRASSE ß")', 9),
        ('SEARCH("c","İİc")', 3),
        ('SEARCH("x","abc")', VALUE),
        ("SEARCH({备注}&{备注},{名称})", VALUE),
    ],
)
def test_places(source: str, expected: object) -> None:
    assert result(source, c_name="x", c_note="?a" * 100) == (
        Decimal(expected) if isinstance(expected, int) else expected
    )


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('REPLACE("abc",2,1,"")', "ac"),
        ('REPLACE("abc",2,0,"x")', "axbc"),
        ('REPLACE("abc",9,1,"x")', "abcx"),
        ('REPLACE("abc",0,1,"x")', VALUE),
        ('REPLACE("abc",1,-1,"x")', VALUE),
        ('REPLACE("a😂c",2,1,"x")', "axc"),
        ('STARTSWITH("Abc","aB")', True),
        ('STARTSWITH("abc","")', True),
        ('ENDSWITH("abC","Bc")', True),
        ('ENDSWITH("abc","x")', False),
        ('TEXTBEFORE("a-b-c","-",2)', "a-b"),
        ('TEXTBEFORE("a-b-c","-",-1)', "a-b"),
        ('TEXTAFTER("a-b-c","-",-2)', "b-c"),
        ('TEXTBEFORE("a-b","-",,1)', "a"),
        ('TEXTBEFORE("a-b","-",0)', VALUE),
        ('TEXTBEFORE("a-b","-",4)', VALUE),
        ('TEXTBEFORE("a-b","-",3)', NA),
        ('TEXTBEFORE("a-b","x",1,0,0,"none")', "none"),
        ('TEXTBEFORE("a-b","x",1,0,1)', "a-b"),
        ('TEXTAFTER("a-b","x",1,0,1)', ""),
        ('TEXTAFTER("a-b","x",-1,0,1)', "a-b"),
        ('TEXTAFTER("aXb","x")', NA),
        ('TEXTAFTER("aXb","x",1,1)', "b"),
        ('TEXTAFTER("aXb","x",1,2)', VALUE),
        ('TEXTBEFORE("abc","")', ""),
        ('TEXTAFTER("abc","")', "abc"),
        ('TEXTBEFORE("abc","",-1)', "abc"),
        ('TEXTAFTER("aaab","aa")', "ab"),
        ("TEXTAFTER(1/0,1)", ErrorValue("#DIV/0!")),
        ('TEXTBEFORE("a;b,c",{任意})', "a"),
        ('TEXTAFTER("a;b,c",{任意},-1)', "c"),
        ('TEXTAFTER("a;;b",{任意},1)', "b"),
        ('TEXTJOIN("/",FALSE,SPLIT("a,,b",","))', "a//b"),
        ('COUNTA(SPLIT("",","))', Decimal(0)),
        ('COUNTA(SPLIT("a",""))', VALUE),
        ('COUNTA(SPLIT({备注},"x"))', VALUE),
    ],
)
def test_pieces(source: str, expected: object) -> None:
    assert result(source, c_anything=[",", ";", ";;"], c_note="x" * 10_000) == expected


def test_no_search_is_slow_whatever_the_pattern() -> None:
    row = {"c_note": "a" * 32_767}
    with within(1):
        assert result('SEARCH("*a?a*a?a*a?a*ab",{备注})', **row) == VALUE
        assert result('SEARCH(REPT("a?",100)&"b",{备注})', **row) == VALUE
        assert result('SEARCH(REPT("*a",100)&"b",{备注})', **row) == VALUE


@given(TEXTS, st.integers(1, 15), st.integers(0, 15), TEXTS)
def test_replacing_is_left_new_and_right(text: str, start: int, count: int, new: str) -> None:
    kept = max(0, len(text) - start - count + 1)
    pieces = left(text, Decimal(start - 1)) + new + right(text, Decimal(kept))
    assert replace(text, Decimal(start), Decimal(count), new) == pieces


@given(TEXTS, st.sampled_from(["-", "a", "ab", "中", "😂"]))
def test_what_is_split_is_joined_again(text: str, delimiter: str) -> None:
    parts = split(text, delimiter)
    assert delimiter.join(parts) == text
    if len(parts) > 1:
        assert textbefore(None, text, delimiter) + delimiter + textafter(None, text, delimiter) == text
        assert textbefore(None, text, delimiter) == parts[0]
        assert textafter(None, text, delimiter, Decimal(len(parts) - 1)) == parts[-1]
