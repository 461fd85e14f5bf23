"""Logic functions: what their examples do not show."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.runtime.expression.sample import result


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("IF(3>2)", True),
        ("IF(3<2,1)", False),
        ("IF(FALSE,,2)", Decimal(2)),
        ("IF({单价},1,2)", Decimal(1)),
        ('SWITCH("wednesday","Monday",1,"WEDNESDAY",3)', Decimal(3)),
        ('SWITCH(5,1,"a","other")', "other"),
        ('SWITCH({开始},"2024-05-17","today","later")', "later"),
        ("XOR(TRUE,TRUE,TRUE)", True),
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
    assert result(source, c_price=Decimal(2), c_name="abc") == expected
