"""Days relative to today: this month, the last 7 days, 3 days ago; as words, as days and as formulas with TODAY().

Weeks begin on Monday. "The last n" ends today and "the next n" begins today, so both hold today.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from resources.texts import TN, PluralText, T, Text

MOST = 9999
"""The largest count of a span."""


class Period(StrEnum):
    """What a span is; those in `COUNTED` need a number."""

    TODAY = "today"
    YESTERDAY = "yesterday"
    TOMORROW = "tomorrow"
    THIS_WEEK = "this_week"
    LAST_WEEK = "last_week"
    NEXT_WEEK = "next_week"
    THIS_MONTH = "this_month"
    LAST_MONTH = "last_month"
    NEXT_MONTH = "next_month"
    THIS_QUARTER = "this_quarter"
    LAST_QUARTER = "last_quarter"
    NEXT_QUARTER = "next_quarter"
    THIS_YEAR = "this_year"
    LAST_YEAR = "last_year"
    NEXT_YEAR = "next_year"
    LAST_DAYS = "last_days"
    LAST_WEEKS = "last_weeks"
    LAST_MONTHS = "last_months"
    NEXT_DAYS = "next_days"
    NEXT_WEEKS = "next_weeks"
    NEXT_MONTHS = "next_months"
    DAYS_AGO = "days_ago"
    DAYS_AHEAD = "days_ahead"


COUNTED = frozenset(
    (
        Period.LAST_DAYS,
        Period.LAST_WEEKS,
        Period.LAST_MONTHS,
        Period.NEXT_DAYS,
        Period.NEXT_WEEKS,
        Period.NEXT_MONTHS,
        Period.DAYS_AGO,
        Period.DAYS_AHEAD,
    )
)


@dataclass(frozen=True, slots=True)
class Span:
    """Days relative to today.

    Attributes:
        count: how many days, weeks or months; 1 where the period is not in `COUNTED`.
    """

    period: Period
    count: int = 1

    @property
    def words(self) -> Text | PluralText:
        """As people say it."""
        return _COUNTED_WORDS[self.period](self.count) if self.period in COUNTED else WORDS[self.period]

    @property
    def first(self) -> str:
        """The formula of its first day."""
        return _FORMULAS[self.period](self.count)[0]

    @property
    def last(self) -> str:
        """The formula of its last day."""
        return _FORMULAS[self.period](self.count)[1]

    def days(self, today: date) -> tuple[date, date]:
        """Its first and its last day."""
        return _DAYS[self.period](today, self.count)


WORDS = {
    Period.TODAY: T("today"),
    Period.YESTERDAY: T("yesterday"),
    Period.TOMORROW: T("tomorrow"),
    Period.THIS_WEEK: T("this week"),
    Period.LAST_WEEK: T("last week"),
    Period.NEXT_WEEK: T("next week"),
    Period.THIS_MONTH: T("this month"),
    Period.LAST_MONTH: T("last month"),
    Period.NEXT_MONTH: T("next month"),
    Period.THIS_QUARTER: T("this quarter"),
    Period.LAST_QUARTER: T("last quarter"),
    Period.NEXT_QUARTER: T("next quarter"),
    Period.THIS_YEAR: T("this year"),
    Period.LAST_YEAR: T("last year"),
    Period.NEXT_YEAR: T("next year"),
    Period.LAST_DAYS: T("in the last … days"),
    Period.LAST_WEEKS: T("in the last … weeks"),
    Period.LAST_MONTHS: T("in the last … months"),
    Period.NEXT_DAYS: T("in the next … days"),
    Period.NEXT_WEEKS: T("in the next … weeks"),
    Period.NEXT_MONTHS: T("in the next … months"),
    Period.DAYS_AGO: T("… days ago"),
    Period.DAYS_AHEAD: T("in … days"),
}
"""What a list of periods shows; "…" is where the number goes."""

_COUNTED_WORDS: dict[Period, Callable[[int], PluralText]] = {
    Period.LAST_DAYS: lambda n: TN("in the last {n} day", "in the last {n} days", n),
    Period.LAST_WEEKS: lambda n: TN("in the last {n} week", "in the last {n} weeks", n),
    Period.LAST_MONTHS: lambda n: TN("in the last {n} month", "in the last {n} months", n),
    Period.NEXT_DAYS: lambda n: TN("in the next {n} day", "in the next {n} days", n),
    Period.NEXT_WEEKS: lambda n: TN("in the next {n} week", "in the next {n} weeks", n),
    Period.NEXT_MONTHS: lambda n: TN("in the next {n} month", "in the next {n} months", n),
    Period.DAYS_AGO: lambda n: TN("{n} day ago", "{n} days ago", n),
    Period.DAYS_AHEAD: lambda n: TN("in {n} day", "in {n} days", n),
}


def _week(by: int) -> tuple[str, str]:
    monday = f"TODAY()-WEEKDAY(TODAY(),3)+({7 * by})"
    return monday, f"{monday}+6"


def _month(by: int) -> tuple[str, str]:
    return f"EOMONTH(TODAY(),{by - 1})+1", f"EOMONTH(TODAY(),{by})"


def _quarter(by: int) -> tuple[str, str]:
    first = f"DATE(YEAR(TODAY()),QUARTER(TODAY())*3-2+({3 * by}),1)"
    return first, f"EOMONTH({first},2)"


def _year(by: int) -> tuple[str, str]:
    return f"DATE(YEAR(TODAY())+({by}),1,1)", f"DATE(YEAR(TODAY())+({by}),12,31)"


def _day(by: int) -> tuple[str, str]:
    return f"TODAY()+({by})", f"TODAY()+({by})"


_FORMULAS: dict[Period, Callable[[int], tuple[str, str]]] = {
    Period.TODAY: lambda n: _day(0),
    Period.YESTERDAY: lambda n: _day(-1),
    Period.TOMORROW: lambda n: _day(1),
    Period.THIS_WEEK: lambda n: _week(0),
    Period.LAST_WEEK: lambda n: _week(-1),
    Period.NEXT_WEEK: lambda n: _week(1),
    Period.THIS_MONTH: lambda n: _month(0),
    Period.LAST_MONTH: lambda n: _month(-1),
    Period.NEXT_MONTH: lambda n: _month(1),
    Period.THIS_QUARTER: lambda n: _quarter(0),
    Period.LAST_QUARTER: lambda n: _quarter(-1),
    Period.NEXT_QUARTER: lambda n: _quarter(1),
    Period.THIS_YEAR: lambda n: _year(0),
    Period.LAST_YEAR: lambda n: _year(-1),
    Period.NEXT_YEAR: lambda n: _year(1),
    Period.LAST_DAYS: lambda n: (f"TODAY()-{n - 1}", "TODAY()"),
    Period.LAST_WEEKS: lambda n: (f"TODAY()-{7 * n - 1}", "TODAY()"),
    Period.LAST_MONTHS: lambda n: (f"EDATE(TODAY(),-{n})+1", "TODAY()"),
    Period.NEXT_DAYS: lambda n: ("TODAY()", f"TODAY()+{n - 1}"),
    Period.NEXT_WEEKS: lambda n: ("TODAY()", f"TODAY()+{7 * n - 1}"),
    Period.NEXT_MONTHS: lambda n: ("TODAY()", f"EDATE(TODAY(),{n})-1"),
    Period.DAYS_AGO: lambda n: _day(-n),
    Period.DAYS_AHEAD: _day,
}


def _months_on(day: date, by: int) -> date:
    """The same day so many months on; the 31st becomes the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + by, 12)
    later = date(year, month + 1, 1)
    return later.replace(day=min(day.day, (_next_month(later) - timedelta(1)).day))


def _next_month(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def _whole_months(day: date, by: int, months: int) -> tuple[date, date]:
    """The span of so many months that holds `day`, moved by so many of them."""
    first = _months_on(day.replace(month=(day.month - 1) // months * months + 1, day=1), by * months)
    return first, _months_on(first, months) - timedelta(1)


def _whole_week(day: date, by: int) -> tuple[date, date]:
    monday = day + timedelta(7 * by - day.weekday())
    return monday, monday + timedelta(6)


def _one(day: date, by: int) -> tuple[date, date]:
    there = day + timedelta(by)
    return there, there


_DAYS: dict[Period, Callable[[date, int], tuple[date, date]]] = {
    Period.TODAY: lambda day, n: _one(day, 0),
    Period.YESTERDAY: lambda day, n: _one(day, -1),
    Period.TOMORROW: lambda day, n: _one(day, 1),
    Period.THIS_WEEK: lambda day, n: _whole_week(day, 0),
    Period.LAST_WEEK: lambda day, n: _whole_week(day, -1),
    Period.NEXT_WEEK: lambda day, n: _whole_week(day, 1),
    Period.THIS_MONTH: lambda day, n: _whole_months(day, 0, 1),
    Period.LAST_MONTH: lambda day, n: _whole_months(day, -1, 1),
    Period.NEXT_MONTH: lambda day, n: _whole_months(day, 1, 1),
    Period.THIS_QUARTER: lambda day, n: _whole_months(day, 0, 3),
    Period.LAST_QUARTER: lambda day, n: _whole_months(day, -1, 3),
    Period.NEXT_QUARTER: lambda day, n: _whole_months(day, 1, 3),
    Period.THIS_YEAR: lambda day, n: _whole_months(day, 0, 12),
    Period.LAST_YEAR: lambda day, n: _whole_months(day, -1, 12),
    Period.NEXT_YEAR: lambda day, n: _whole_months(day, 1, 12),
    Period.LAST_DAYS: lambda day, n: (day - timedelta(n - 1), day),
    Period.LAST_WEEKS: lambda day, n: (day - timedelta(7 * n - 1), day),
    Period.LAST_MONTHS: lambda day, n: (_months_on(day, -n) + timedelta(1), day),
    Period.NEXT_DAYS: lambda day, n: (day, day + timedelta(n - 1)),
    Period.NEXT_WEEKS: lambda day, n: (day, day + timedelta(7 * n - 1)),
    Period.NEXT_MONTHS: lambda day, n: (day, _months_on(day, n) - timedelta(1)),
    Period.DAYS_AGO: lambda day, n: _one(day, -n),
    Period.DAYS_AHEAD: _one,
}
