"""What a value is: blanks, errors, lists."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from runtime.value.error_values import ErrorValue
from tests.runtime.expression.sample import result

NA, DIV = ErrorValue("#N/A"), ErrorValue("#DIV/0!")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("ISTEXT({名称})", True),
        ("ISTEXT({备注})", False),
        ('ISTEXT("")', True),
        ("ISTEXT({等级})", True),
        ("ISTEXT({单价})", False),
        ("ISTEXT(1/0)", False),
        ("ISNONTEXT({备注})", True),
        ("ISNONTEXT(1/0)", True),
        ("ISNONTEXT({名称})", False),
        ("ISLOGICAL({启用})", True),
        ('ISLOGICAL("TRUE")', False),
        ("ISLOGICAL(1)", False),
        ("ISLOGICAL(1/0)", False),
        ("ISNA(IFS(FALSE,1))", True),
        ("ISNA(1/0)", False),
        ("ISERR(1/0)", True),
        ("ISERR(IFS(FALSE,1))", False),
        ('ISERR("#N/A")', False),
        ("N({名称})", Decimal(0)),
        ("N({启用})", Decimal(1)),
        ("N({单价})", Decimal("2.5")),
        ("N({备注})", Decimal(0)),
        ("N({开始})", Decimal(45_429)),
        ("N({时间})", Decimal("45429.25")),
        ("N(TIME(6,0,0))", Decimal("0.25")),
        ("N(1/0)", DIV),
        ("N({明细}.{金额})", Decimal(3)),
        ("T({名称})&T(5)&T({启用})", "abc"),
        ("T(IFS(FALSE,1))", NA),
    ],
)
def test_what_a_value_is(source: str, expected: object) -> None:
    row = {
        "c_name": "abc",
        "c_price": Decimal("2.5"),
        "c_open": True,
        "c_level": "高",
        "c_from": date(2024, 5, 17),
        "c_at": datetime(2024, 5, 16, 22, 0, tzinfo=UTC),
        "c_lines.c_amount": [3, 4],
    }
    assert result(source, **row) == expected
