"""Date and time: TODAY, NOW, DATE, YEAR, QUARTER, MONTH, DAY, DATEADD, DATEDIF, DAYS, EDATE, EOMONTH."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal

from resources.texts import T
from runtime.functions import Group, Param, function
from runtime.value.decimals import CONTEXT
from runtime.value.error_values import OUT_OF_RANGE, WRONG_VALUE, Failure
from runtime.value.moments import calendar_number, local_time, shift_days, shift_moment, shift_months
from runtime.value.situation import Situation
from runtime.value.types import DATE, DATETIME, NUMBER, TEXT, ValueType

_DATE = Param(T("date"), DATE)
_MONTHS_ON = Param(T("months"), NUMBER, strict=True)

_STEPS = {
    "day": "day", "days": "day", "d": "day", "天": "day", "日": "day",
    "week": "week", "weeks": "week", "w": "week", "周": "week",
    "month": "month", "months": "month", "m": "month", "月": "month",
    "quarter": "quarter", "quarters": "quarter", "q": "quarter", "季": "quarter",
    "year": "year", "years": "year", "y": "year", "年": "year",
    "hour": "hour", "hours": "hour", "h": "hour", "小时": "hour",
    "minute": "minute", "minutes": "minute", "分钟": "minute",
}  # fmt: skip

_SPANS = {
    "d": "d", "day": "d", "days": "d", "天": "d", "日": "d",
    "m": "m", "month": "m", "months": "m", "月": "m",
    "y": "y", "year": "y", "years": "y", "年": "y",
    "md": "md", "ym": "ym", "yd": "yd",
}  # fmt: skip

_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_DAYS = {"day": 1, "week": 7}
_PARTS_OF_DAY = {"hour": Decimal(24), "minute": Decimal(1440)}


@function(
    "TODAY",
    Group.DATES,
    DATE,
    volatile=True,
    aliases=("今天",),
    help=T("The date of today."),
    example="TODAY()",
    shows="2024-05-17",
)
def today(situation: Situation) -> date:
    """The day in the zone of the situation."""
    return local_time(situation.now, situation.zone).date()


@function(
    "NOW",
    Group.DATES,
    DATETIME,
    volatile=True,
    aliases=("现在", "当前时间"),
    help=T("The date and time of this moment."),
    example="NOW()",
    shows="2024-05-17 09:30:00",
)
def now(situation: Situation) -> datetime:
    """The moment, in UTC."""
    return situation.now.astimezone(UTC)


@function(
    "DATE",
    Group.DATES,
    DATE,
    Param(T("year"), NUMBER),
    Param(T("month"), NUMBER),
    Param(T("day"), NUMBER),
    aliases=("日期",),
    help=T("The date of a year, month and day. Months and days beyond the end count on: month 13 is January."),
    example="DATE(2024, 2, 30)",
    shows="2024-03-01",
)
def date_(year: Decimal, month: Decimal, day: Decimal) -> date:
    """As Excel: years 0 to 1899 have 1900 added, months and days roll over."""
    whole_year = calendar_number(year)
    if whole_year < 0:
        raise Failure(OUT_OF_RANGE)
    january = date(1, 1, 1)
    years = whole_year + 1900 if whole_year < 1900 else whole_year
    first = shift_months(january, (years - 1) * 12 + calendar_number(month) - 1)
    return shift_days(first, calendar_number(day) - 1)


@function(
    "YEAR",
    Group.DATES,
    NUMBER,
    _DATE,
    aliases=("年", "年份"),
    help=T("The year of a date."),
    example="YEAR(DATE(2024, 5, 17))",
    shows="2024",
)
def year(day: date) -> Decimal:
    """1 to 9999."""
    return Decimal(day.year)


@function(
    "QUARTER",
    Group.DATES,
    NUMBER,
    _DATE,
    aliases=("季度",),
    help=T("The quarter of a date, 1 to 4."),
    example="QUARTER(DATE(2024, 5, 17))",
    shows="2",
)
def quarter(day: date) -> Decimal:
    """The first begins in January."""
    return Decimal((day.month + 2) // 3)


@function(
    "MONTH",
    Group.DATES,
    NUMBER,
    _DATE,
    aliases=("月", "月份"),
    help=T("The month of a date, 1 to 12."),
    example="MONTH(DATE(2024, 5, 17))",
    shows="5",
)
def month(day: date) -> Decimal:
    """1 to 12."""
    return Decimal(day.month)


@function(
    "DAY",
    Group.DATES,
    NUMBER,
    _DATE,
    aliases=("日",),
    help=T("The day of the month of a date, 1 to 31."),
    example="DAY(DATE(2024, 5, 17))",
    shows="17",
)
def day(when: date) -> Decimal:
    """1 to 31."""
    return Decimal(when.day)


def _like_first(types: Sequence[ValueType]) -> ValueType:
    return types[0] if types[0].temporal else DATE


@function(
    "DATEADD",
    Group.DATES,
    _like_first,
    Param(T("date"), DATE, moment=True),
    Param(T("count"), NUMBER),
    Param(T("unit"), TEXT, options=_STEPS),
    zoned=True,
    aliases=("日期加",),
    help=T(
        "Moves a date by so many days, weeks, months, quarters or years, a time also by hours or minutes. "
        "The 31st becomes the last day of a shorter month."
    ),
    example='DATEADD(DATE(2024, 1, 31), 1, "month")',
    shows="2024-02-29",
)
def dateadd(zone: tzinfo, when: date | datetime, count: Decimal, unit: str) -> date | datetime:
    """Days and longer units keep the time of day in `zone`; hours and minutes are exact spans."""
    if unit in _PARTS_OF_DAY:
        if not isinstance(when, datetime):
            raise Failure(WRONG_VALUE)
        return shift_moment(when, CONTEXT.divide(count, _PARTS_OF_DAY[unit]))
    if not isinstance(when, datetime):
        return _moved(when, calendar_number(count), unit)
    local = local_time(when, zone)
    moved = datetime.combine(_moved(local.date(), calendar_number(count), unit), local.timetz())
    return local_time(moved, UTC)


def _moved(day: date, count: int, unit: str) -> date:
    if unit in _DAYS:
        return shift_days(day, count * _DAYS[unit])
    return shift_months(day, count * _MONTHS[unit])


def _months_apart(start: date, end: date) -> int:
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


def _days_past_month(start: date, end: date) -> int:
    return (end - shift_months(start, _months_apart(start, end))).days


def _days_past_year(start: date, end: date) -> int:
    anniversary = shift_months(start, _months_apart(start, end) // 12 * 12)
    return (end - anniversary).days


_SPAN: dict[str, Callable[[date, date], int]] = {
    "d": lambda start, end: (end - start).days,
    "m": _months_apart,
    "y": lambda start, end: _months_apart(start, end) // 12,
    "ym": lambda start, end: _months_apart(start, end) % 12,
    "md": _days_past_month,
    "yd": _days_past_year,
}


@function(
    "DATEDIF",
    Group.DATES,
    NUMBER,
    Param(T("start"), DATE),
    Param(T("end"), DATE),
    Param(T("unit"), TEXT, options=_SPANS),
    aliases=("日期差",),
    help=T(
        'Whole days ("D"), months ("M") or years ("Y") from one date to another; '
        '"YM", "MD" and "YD" count what is left after whole years or months.'
    ),
    example='DATEDIF(DATE(2023, 5, 17), DATE(2024, 6, 1), "M")',
    shows="12",
)
def datedif(start: date, end: date, unit: str) -> Decimal:
    """#NUM! where the end lies before the start, as Excel."""
    if end < start:
        raise Failure(OUT_OF_RANGE)
    return Decimal(_SPAN[unit](start, end))


@function(
    "DAYS",
    Group.DATES,
    NUMBER,
    Param(T("end"), DATE),
    Param(T("start"), DATE),
    aliases=("天数",),
    help=T("Days from the start to the end; negative where the end comes first. Mind the order: the end is first."),
    example="DAYS(DATE(2024, 3, 1), DATE(2024, 2, 1))",
    shows="29",
)
def days(end: date, start: date) -> Decimal:
    """Calendar days."""
    return Decimal((end - start).days)


@function(
    "EDATE",
    Group.DATES,
    DATE,
    _DATE,
    _MONTHS_ON,
    aliases=("推移月份",),
    help=T("The same day so many months later, or earlier where the number is negative."),
    example="EDATE(DATE(2024, 1, 31), 1)",
    shows="2024-02-29",
)
def edate(when: date, months: Decimal) -> date:
    """A fraction of months does not count."""
    return shift_months(when, calendar_number(months))


@function(
    "EOMONTH",
    Group.DATES,
    DATE,
    _DATE,
    _MONTHS_ON,
    aliases=("月末",),
    help=T("The last day of the month so many months later, or earlier; of this month where the number is 0."),
    example="EOMONTH(DATE(2024, 1, 15), 1)",
    shows="2024-02-29",
)
def eomonth(when: date, months: Decimal) -> date:
    """A fraction of months does not count."""
    moved = shift_months(when, calendar_number(months))
    return moved.replace(day=monthrange(moved.year, moved.month)[1])
