"""Series that go on by themselves."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.exchange.editing.series import continued


def day(month: int, number: int, year: int = 2024) -> date:
    return date(year, month, number)


@pytest.mark.parametrize(
    ("values", "after"),
    [
        ([1, 2], [3, 4, 5]),
        ([10, 7], [4, 1, -2]),
        ([Decimal("0.5"), Decimal("1.0")], [Decimal("1.5"), Decimal("2.0"), Decimal("2.5")]),
        ([7], [7, 7, 7]),
        ([1, 2, 4], [1, 2, 4]),
        ([day(2, 28)], [day(2, 29), day(3, 1), day(3, 2)]),
        ([day(1, 1), day(1, 8)], [day(1, 15), day(1, 22), day(1, 29)]),
        ([day(1, 15), day(2, 15)], [day(3, 15), day(4, 15), day(5, 15)]),
        ([day(1, 31), day(2, 29)], [day(3, 31), day(4, 30), day(5, 31)]),
        ([day(5, 1, 2022), day(5, 1, 2023)], [day(5, 1), day(5, 1, 2025), day(5, 1, 2026)]),
        (["第1"], ["第2", "第3", "第4"]),
        (["第1", "第3"], ["第5", "第7", "第9"]),
        (["HT-008"], ["HT-009", "HT-010", "HT-011"]),
        (["Q3"], ["Q4", "Q1", "Q2"]),
        (["A", "B"], ["A", "B", "A"]),
        (["A1", "B2"], ["A1", "B2", "A1"]),
        ([True, False], [True, False, True]),
        ([None, 5], [None, 5, None]),
        ([date(9999, 12, 31)], [date(9999, 12, 31)] * 3),
    ],
)
def test_what_follows(values, after):
    assert continued(values, 3) == after


def test_a_series_also_runs_backwards():
    assert continued([3, 4], 3, backwards=True) == [2, 1, 0]
    assert continued([day(1, 1)], 2, backwards=True) == [date(2023, 12, 31), date(2023, 12, 30)]
    assert continued(["第5"], 2, backwards=True) == ["第4", "第3"]
    assert continued(["A", "B"], 3, backwards=True) == ["B", "A", "B"]


def test_moments_keep_the_clock_when_summer_time_begins(monkeypatch):
    monkeypatch.setattr("runtime.exchange.editing.series.local_zone", lambda: ZoneInfo("Europe/Berlin"))
    noon = datetime(2024, 3, 30, 12, tzinfo=ZoneInfo("Europe/Berlin")).astimezone(UTC)
    found = continued([noon], 2)
    assert [each.astimezone(ZoneInfo("Europe/Berlin")).hour for each in found] == [12, 12]
    assert [each.hour for each in found] == [10, 10]


@given(st.integers(-(10**9), 10**9), st.integers(-1000, 1000), st.integers(2, 5), st.integers(0, 20))
def test_numbers_go_on_by_their_step(first, step, known, count):
    values = [first + step * at for at in range(known)]
    assert continued(values, count) == [first + step * (known + at) for at in range(count)]


@given(st.lists(st.sampled_from(["x", "y", None, True, 1]), min_size=1, max_size=4), st.integers(0, 9))
def test_there_are_always_as_many_as_asked_for(values, count):
    assert len(continued(values, count)) == count
    assert len(continued(values, count, backwards=True)) == count
