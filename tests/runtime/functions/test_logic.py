"""Logic functions: what their examples do not show."""

from __future__ import annotations

from decimal import Decimal

import pytest

from runtime.value.error_values import ErrorValue
from tests.runtime.expression.sample import result

VALUE = ErrorValue("#VALUE!")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("IF(3<2,1)", False),
        ("IF(FALSE,,2)", Decimal(2)),
        ("IF({单价},1,2)", Decimal(1)),
        ('SWITCH("wednesday","Monday",1,"WEDNESDAY",3)', Decimal(3)),
        ('SWITCH(5,1,"a","other")', "other"),
        ('SWITCH({开始},"2024-05-17","today","later")', "later"),
        ("XOR(TRUE,TRUE,TRUE)", True),
        ("XOR({明细}.{完成},TRUE)", False),
        ('XOR("",TRUE)', True),
        ('XOR("","")', VALUE),
        ('CHOOSE(2.9,"a","b","c")', "b"),
        ('CHOOSE("1","a","b")', "a"),
        ('CHOOSE(0.9,"a","b")', VALUE),
        ('CHOOSE(3,"a","b")', VALUE),
        ('CHOOSE(-1,"a","b")', VALUE),
        ('CHOOSE(1E+300,"a","b")', VALUE),
        ("CHOOSE(1,7,1/0)", Decimal(7)),
        ("CHOOSE(2,7,1/0)", ErrorValue("#DIV/0!")),
        ("SUM(CHOOSE(2,{单价},{明细}.{金额}))", Decimal(7)),
        ("AND(TRUE,1,{单价})", True),
        ('AND("",TRUE)', True),
        ("ISNUMBER(1/0)", False),
        ("ISNUMBER({单价})", True),
        ("ISERROR({名称}*2)", True),
        ("COALESCE({备注},{名称})", "abc"),
        ("ISBLANK(IF(FALSE,1,))", True),
    ],
)
def test_logic(source: str, expected: object) -> None:
    row = {"c_price": Decimal(2), "c_name": "abc", "c_lines.c_amount": [3, 4], "c_lines.c_done": [True, None, False]}
    assert result(source, **row) == expected
