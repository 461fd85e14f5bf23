"""What is special about the field type date."""

from datetime import UTC, date, datetime

import pytest

from runtime.fields import Unreadable, field_types

KIND = field_types["date"]


@pytest.mark.parametrize("text", ["2024-3-5", "2024/03/05", "2024年3月5日", "2024.3.5", "20240305", "２０２４-03-05"])
def test_it_reads_every_usual_order_of_year_month_day(text: str) -> None:
    assert KIND.parse(text, KIND.read({})) == date(2024, 3, 5)


@pytest.mark.parametrize("text", ["2024-02-30", "2024/13/45", "2024年2月30日", "03/04/2025", "soon"])
def test_it_never_guesses(text: str) -> None:
    with pytest.raises(Unreadable, match="not_a_date"):
        KIND.parse(text, KIND.read({}))


def test_a_moment_is_not_a_date() -> None:
    assert KIND.check(datetime(2024, 3, 5, tzinfo=UTC), KIND.read({})) is not None
