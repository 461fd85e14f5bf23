"""Days relative to today: formulas and days agree, in both languages they read as sentences."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resources.texts import speaking
from runtime.expression.check import check
from runtime.expression.compile_python import compile_python
from runtime.spans import COUNTED, WORDS, Period, Span
from runtime.value.situation import Situation

ZONE = ZoneInfo("Asia/Shanghai")


class NoFields:
    """A schema without fields."""

    def resolve(self, path: tuple[str, ...]) -> None:
        """Nothing."""
        return

    def labels(self, path: tuple[str, ...]) -> list[str]:
        """Nothing."""
        return []


@given(st.sampled_from(list(Period)), st.integers(1, 400), st.dates(date(1990, 1, 1), date(2090, 12, 31)))
def test_the_formula_gives_the_days_that_the_calendar_gives(period: Period, count: int, today: date) -> None:
    span = Span(period, count if period in COUNTED else 1)
    situation = Situation(datetime.combine(today, time(0, 30), ZONE), ZONE)
    ends = (compile_python(check(source, NoFields())).evaluate({}, situation) for source in (span.first, span.last))
    assert tuple(ends) == span.days(today)


@pytest.mark.parametrize(
    ("span", "first", "last"),
    [
        (Span(Period.THIS_WEEK), "2024-02-26", "2024-03-03"),
        (Span(Period.LAST_MONTH), "2024-01-01", "2024-01-31"),
        (Span(Period.NEXT_QUARTER), "2024-04-01", "2024-06-30"),
        (Span(Period.LAST_YEAR), "2023-01-01", "2023-12-31"),
        (Span(Period.LAST_DAYS, 7), "2024-02-23", "2024-02-29"),
        (Span(Period.NEXT_DAYS, 1), "2024-02-29", "2024-02-29"),
        (Span(Period.LAST_MONTHS, 1), "2024-01-30", "2024-02-29"),
        (Span(Period.DAYS_AGO, 3), "2024-02-26", "2024-02-26"),
    ],
)
def test_weeks_begin_on_monday_and_the_last_days_end_today(span: Span, first: str, last: str) -> None:
    assert [each.isoformat() for each in span.days(date(2024, 2, 29))] == [first, last]


def test_every_period_has_words_in_both_languages() -> None:
    english = {period: (str(WORDS[period]), str(Span(period, 7).words)) for period in Period}
    assert english[Period.LAST_DAYS] == ("in the last … days", "in the last 7 days")
    with speaking("zh_CN"):
        assert all(str(WORDS[period]) != english[period][0] for period in Period)
        assert all(str(Span(period, 7).words) != english[period][1] for period in Period)
