"""What is special about the field type date."""

from datetime import UTC, date, datetime

import pytest

from resources.texts import speaking
from runtime.fields import Unreadable, field_types

KIND = field_types["date"]


@pytest.mark.parametrize("text", ["2024-3-5", "2024/03/05", "2024年3月5日", "2024.3.5", "20240305", "２０２４-03-05"])
def test_it_reads_every_usual_order_of_year_month_day(text: str) -> None:
    assert KIND.parse(text, KIND.read({})) == date(2024, 3, 5)


@pytest.mark.parametrize("text", ["2024-02-30", "2024/13/45", "2024年2月30日", "03/04/2025", "soon"])
def test_it_never_guesses(text: str) -> None:
    with pytest.raises(Unreadable, match="not_a_date"):
        KIND.parse(text, KIND.read({}))


def test_figures_that_may_be_two_days_are_refused_with_both() -> None:
    with pytest.raises(Unreadable) as refused:
        KIND.parse("05/03/2021", KIND.read({}))
    assert str(refused.value.message) == "Is “05/03/2021” 5 Mar 2021 or 3 May 2021? Write it like one of these."
    for way in ("5 Mar 2021", "3 May 2021"):
        assert KIND.parse(way, KIND.read({})) is not None
    with speaking("zh_CN"), pytest.raises(Unreadable) as refused:
        KIND.parse("05/03/2021", KIND.read({}))
    assert "2021年3月5日" in str(refused.value.message)
    assert "2021年5月3日" in str(refused.value.message)


def test_a_moment_is_not_a_date() -> None:
    assert KIND.check(datetime(2024, 3, 5, tzinfo=UTC), KIND.read({})) is not None
