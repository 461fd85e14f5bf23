"""What is special about the field type date_time."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from runtime.fields import Unreadable, field_types

KIND = field_types["date_time"]


def test_it_reads_local_time_and_keeps_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runtime.fields.date_time.local_zone", lambda: ZoneInfo("Asia/Shanghai"))
    value = KIND.parse("2024-03-05 14:30", KIND.read({}))
    assert value == datetime(2024, 3, 5, 6, 30, tzinfo=UTC)
    assert KIND.format(value, KIND.read({})) == "2024-03-05 14:30"


def test_a_day_that_may_be_two_is_refused_with_both() -> None:
    with pytest.raises(Unreadable, match="not_a_moment") as refused:
        KIND.parse("05/03/2021 14:30", KIND.read({}))
    assert "5 Mar 2021 or 3 May 2021" in str(refused.value.message)


def test_microseconds_are_kept() -> None:
    value = datetime(2024, 3, 5, 6, 30, 1, 123456, tzinfo=UTC)
    assert KIND.from_column(KIND.to_column(value, None), None) == value


def test_a_moment_without_zone_is_refused() -> None:
    assert KIND.check(datetime(2024, 3, 5), KIND.read({})) is not None
