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
