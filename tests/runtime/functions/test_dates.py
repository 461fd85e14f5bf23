"""Date functions: zones, edges, units."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.functions.dates import datedif, edate
from runtime.value.error_values import ErrorValue
from tests.runtime.expression.sample import result

NUM = ErrorValue("#NUM!")
DAYS = st.dates(date(1900, 1, 1), date(2200, 1, 1))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("DATE(2023,2,29)", date(2023, 3, 1)),
        ("DATE(2024,0,0)", date(2023, 11, 30)),
        ("DATE(-1,1,1)", NUM),
        ("DATE(10000,1,1)", NUM),
        ("YEAR(2958466)", NUM),
        ("DAY({时间})", Decimal(17)),
        ('DATEADD({时间},1,"month")', datetime(2024, 6, 16, 20, 0, tzinfo=UTC)),
        ('DATEADD({时间},90,"分钟")', datetime(2024, 5, 16, 21, 30, tzinfo=UTC)),
        ('DATEADD({开始},2,"周")', date(2024, 2, 14)),
        ('DATEADD({开始},1,"quarter")', date(2024, 4, 30)),
        ('DATEADD({开始},1,"hour")', ErrorValue("#VALUE!")),
        ("DATEADD({开始},1,{名称})", date(2024, 2, 1)),
        ('DATEADD({开始},8000,"year")', NUM),
        ('DATEADD({结束},1,"day")', None),
        ('DATEDIF({结束},{开始},"D")', None),
        ('DATEDIF(DATE(2024,2,1),DATE(2024,1,1),"D")', NUM),
        ('DATEDIF("2011-02-28","2012-02-29","YD")', Decimal(1)),
        ("DAYS({时间},{开始})", Decimal(107)),
        ("EDATE({开始},1.9)", date(2024, 2, 29)),
        ("EDATE({开始},-1)", date(2023, 12, 31)),
        ("EDATE({开始},TRUE)", ErrorValue("#VALUE!")),
        ("EOMONTH({开始},1)", date(2024, 2, 29)),
        ("EOMONTH({开始},-1.9)", date(2023, 12, 31)),
        ("EOMONTH({开始},1E+300)", NUM),
        ("EOMONTH({结束},1)", None),
        ("QUARTER({开始})", Decimal(1)),
        ("QUARTER(DATE(2024,10,1))", Decimal(4)),
    ],
)
def test_dates(source: str, expected: object) -> None:
    row = {"c_from": date(2024, 1, 31), "c_at": datetime(2024, 5, 16, 20, 0, tzinfo=UTC), "c_name": "D"}
    assert result(source, **row) == expected


@given(DAYS, DAYS)
def test_whole_months_and_the_days_left_make_the_whole_span(one: date, other: date) -> None:
    start, end = min(one, other), max(one, other)
    months = datedif(start, end, "m")
    assert datedif(start, end, "y") * 12 + datedif(start, end, "ym") == months
    assert edate(start, months) <= end
    assert (end - edate(start, months)).days == datedif(start, end, "md")
