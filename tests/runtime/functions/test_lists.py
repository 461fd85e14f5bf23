"""Aggregates: what counts and what does not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from runtime.value.error_values import ErrorValue
from tests.runtime.expression.sample import result


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("SUM({明细}.{金额},10)", Decimal("13.5")),
        ("SUM({任意})", Decimal(4)),
        ("AVERAGE({明细}.{金额})", Decimal("1.75")),
        ("AVERAGE({任意})", Decimal(4)),
        ("COUNT({任意},{开始},{单价})", Decimal(2)),
        ("COUNTA({任意},{开始},{单价})", Decimal(4)),
        ('SUM(1,"2",TRUE)', Decimal(4)),
        ("COUNT({明细}.{金额})", Decimal(2)),
    ],
)
def test_aggregates_skip_blanks_and_what_is_no_number(source: str, expected: object) -> None:
    row = {
        "c_lines.c_amount": [1, None, Decimal("2.5")],
        "c_anything": ["7", None, 4, True],
        "c_from": date(2024, 1, 1),
    }
    assert result(source, **row) == expected


def test_an_error_in_a_list_is_the_result() -> None:
    broken = ErrorValue("#REF!")
    assert result("SUM({明细}.{金额})", **{"c_lines.c_amount": [1, broken]}) == broken


def test_cents_add_up_exactly() -> None:
    assert result("SUM({明细}.{金额})", **{"c_lines.c_amount": [Decimal("0.1")] * 10_000}) == 1000
