"""Operators on times and durations: types, results and what is refused."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from runtime.expression import evaluate
from runtime.expression.check import check
from runtime.value.situation import Situation
from runtime.value.types import BOOL, DATE, DATETIME, DURATION, NUMBER, TEXT, TIME, ValueType
from tests.runtime.expression.sample import SITUATION, SampleSchema, field

SCHEMA = SampleSchema(
    [
        field("c_day", "日", DATE),
        field("c_at", "时刻", DATETIME),
        field("c_time", "时", TIME),
        field("c_span", "工时", DURATION),
        field("c_count", "数", NUMBER),
        field("c_name", "名", TEXT),
    ]
)
VALUES: dict[str, Any] = {
    "日": date(2024, 5, 17),
    "时刻": datetime(2024, 5, 17, 20, 0),
    "时": time(9, 30),
    "工时": timedelta(hours=36),
    "数": Decimal("0.25"),
    "名": "x",
    "空": None,
}

HOURS = timedelta(hours=1)


@pytest.mark.parametrize(
    ("formula", "type_", "expected"),
    [
        ("{日}+{时}", DATETIME, datetime(2024, 5, 17, 9, 30)),
        ("{时}+{日}", DATETIME, datetime(2024, 5, 17, 9, 30)),
        ("{日}-{时}", DATETIME, datetime(2024, 5, 16, 14, 30)),
        ("{日}+{工时}", DATETIME, datetime(2024, 5, 18, 12, 0)),
        ("{时刻}-{工时}", DATETIME, datetime(2024, 5, 16, 8, 0)),
        ("{时刻}+{时}", DATETIME, datetime(2024, 5, 18, 5, 30)),
        ("{时刻}-{时刻}", NUMBER, Decimal(0)),
        ("{时}+{数}", TIME, time(15, 30)),
        ("{数}+{时}", TIME, time(15, 30)),
        ("{时}-{工时}", TIME, time(21, 30)),
        ("{工时}+{时}", TIME, time(21, 30)),
        ("{时}-{时}", DURATION, timedelta()),
        ("{时}+{时}", DURATION, 19 * HOURS),
        ('{时}-"08:00"', TIME, None),
        ("{工时}+{工时}", DURATION, 72 * HOURS),
        ("{工时}-{数}", DURATION, 30 * HOURS),
        ("{数}-{工时}", DURATION, -30 * HOURS),
        ("-{工时}", DURATION, -36 * HOURS),
        ("{工时}*24", NUMBER, Decimal(36)),
        ("{工时}/{数}", NUMBER, Decimal(6)),
        ("{时}*24", NUMBER, Decimal("9.5")),
        ("({时}-TIME(8,0,0))*24", NUMBER, Decimal("1.5")),
        ('{时}&"|"&{工时}', TEXT, "09:30:00|36:00:00"),
        ("{时}>TIME(9,0,0)", BOOL, True),
        ('{时}>"9:00"', BOOL, True),
        ("{工时}>1", BOOL, True),
        ("{工时}>{时}", BOOL, True),
        ('{工时}="36:00"', BOOL, True),
        ("{时}={时刻}-{日}", BOOL, False),
        ("IF(TRUE,{时},{工时})", DURATION, timedelta(hours=9, minutes=30)),
        ("IF(TRUE,{时},)", TIME, time(9, 30)),
    ],
)
def test_times_and_durations_meet(formula: str, type_: ValueType, expected: object) -> None:
    found = check(formula, SCHEMA)
    assert found.type == type_
    if expected is not None:
        assert found.problems == ()
        got = evaluate(formula, VALUES, SITUATION)
        assert got == expected
        assert type(got) is type(expected)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("{时}+1", None),
        ("{时}-{时}", None),
        ("{日}+{时}", None),
        ("{工时}+{工时}", None),
        ("{工时}+TIME(6,0,0)*1", timedelta(hours=6)),
        ("{时}={时}", True),
        ("{时}>TIME(0,0,0)", False),
        ("{工时}*2", Decimal(0)),
        ("ISBLANK({时})", True),
    ],
)
def test_blank_times_stay_blank_and_blank_durations_count_nothing(formula: str, expected: object) -> None:
    from runtime.expression.compile_python import compile_python

    row = dict.fromkeys(each.key for each in SCHEMA.fields)
    assert compile_python(check(formula, SCHEMA)).evaluate(row, SITUATION) == expected


@pytest.mark.parametrize(
    ("formula", "code"),
    [
        ("{时}>{时刻}", "cannot_compare"),
        ("{时}>{名}", "cannot_compare"),
        ('{时}>"soon"', "cannot_compare"),
        ("{时}+{名}", "wrong_type"),
        ("{名}+{工时}", "wrong_type"),
        ("YEAR({时})", "wrong_type"),
        ("{工时}-{日}", "date_subtracted"),
    ],
)
def test_what_does_not_fit_is_refused(formula: str, code: str) -> None:
    assert [problem.code for problem in check(formula, SCHEMA).problems] == [code]


@pytest.mark.parametrize("formula", ["{工时}+1E+20", "{工时}*1E+300+{工时}", "-({工时}+999999998)-2", "{日}+{时}"])
def test_beyond_the_calendar_is_an_error_value(formula: str) -> None:
    values = {**VALUES, "日": date(1, 1, 1), "时": time()}
    assert evaluate(formula, values, SITUATION).code == "#NUM!"


def test_a_time_on_a_day_is_what_the_clock_shows_also_when_the_clock_is_changed() -> None:
    berlin = Situation(SITUATION.now, ZoneInfo("Europe/Berlin"))
    values = {"日": date(2024, 3, 31), "时": time(8)}
    assert evaluate("{日}+{时}", values, berlin) == datetime(2024, 3, 31, 8)
    assert evaluate("{日}+{时}*1", values, berlin) == date(2024, 3, 31)
