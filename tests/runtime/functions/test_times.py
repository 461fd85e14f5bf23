"""The clock: parts, overflow, texts, and times as parts of a day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.functions.times import hour, minute, second, time_
from runtime.value.error_values import ErrorValue
from tests.runtime.expression.sample import result

VALUE, NUM = ErrorValue("#VALUE!"), ErrorValue("#NUM!")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("TIME(3.9,20.7,0.9)", time(3, 20)),
        ("TIME(24,60,1)", time(1, 0, 1)),
        ("TIME(13,-20,-30)", time(12, 39, 30)),
        ("TIME(,23,)", time(0, 23)),
        ("TIME(0,0,-1)", NUM),
        ("TIME(32768,0,0)", NUM),
        ("TIME(1E+300,0,0)", NUM),
        ('TIME("a",0,0)', VALUE),
        ("HOUR({时间})", Decimal(4)),
        ("MINUTE({时间})", Decimal(5)),
        ("SECOND({时间})", Decimal(7)),
        ("HOUR({开始})", Decimal(0)),
        ("HOUR({结束})", None),
        ("HOUR(0.5)", Decimal(12)),
        ("HOUR(45429.75)", Decimal(18)),
        ("HOUR(-0.5)", NUM),
        ("HOUR(0.999999)", Decimal(0)),
        ("MINUTE(0.999999)", Decimal(0)),
        ("SECOND(0.5/86400)", Decimal(1)),
        ('HOUR("2:05 PM")', Decimal(14)),
        ('MINUTE("2024-05-17 14:05")', Decimal(5)),
        ('HOUR("soon")', VALUE),
        ("HOUR({名称})", Decimal(14)),
        ('DATEVALUE("2024-02-29 06:00")', date(2024, 2, 29)),
        ('DATEVALUE("2/29/2008")', date(2008, 2, 29)),
        ('DATEVALUE("1-Mar-1900")', date(1900, 3, 1)),
        ('DATEVALUE("2023-02-29")', VALUE),
        ("DATEVALUE(45429)", VALUE),
        ("YEAR(DATEVALUE({备注}))", Decimal(2024)),
        ('TIMEVALUE("24:00")', time(0)),
        ('TIMEVALUE(" 1:30 ")', time(1, 30)),
        ('TIMEVALUE("12:00 PM")', time(12)),
        ('TIMEVALUE("12:00 AM")', time(0)),
        ('TIMEVALUE("2024-05-17 14:05")', time(14, 5)),
        ('TIMEVALUE("2024-05-17")', time(0)),
        ('TIMEVALUE("2024-05-16T22:05:00Z")', time(6, 5)),
        ('TIMEVALUE("1:75")', VALUE),
    ],
)
def test_the_clock(source: str, expected: object) -> None:
    row = {
        "c_at": datetime(2024, 5, 16, 20, 5, 7, tzinfo=UTC),
        "c_from": date(2024, 5, 17),
        "c_name": "14:05",
        "c_note": "2024年5月17日",
    }
    found = result(source, **row)
    assert found == expected
    assert type(found) is type(expected)


@given(st.integers(0, 23), st.integers(0, 59), st.integers(0, 59))
def test_the_parts_of_a_time_are_those_it_was_made_of(hours: int, minutes: int, seconds: int) -> None:
    clock = time_(Decimal(hours), Decimal(minutes), Decimal(seconds))
    assert (hour(clock), minute(clock), second(clock)) == (hours, minutes, seconds)
    assert result("HOUR(TIME({数量},59,59)*1)", c_count=hours) == hours
