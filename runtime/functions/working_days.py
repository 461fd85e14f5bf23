"""Date and time: working days. WORKDAY, NETWORKDAYS, both with .INTL for other weekends, ISWORKDAY."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, tzinfo
from decimal import Decimal

from resources.texts import T
from runtime.functions import Group, Param, function, items_of
from runtime.value.conversions import to_date
from runtime.value.decimals import ONE, ZERO
from runtime.value.error_values import OUT_OF_RANGE, WRONG_VALUE, Failure
from runtime.value.moments import calendar_number, shift_days
from runtime.value.types import BOOL, DATE, NUMBER

_START = Param(T("start"), DATE)
_END = Param(T("end"), DATE)
_DAYS = Param(T("working days"), NUMBER, strict=True)
_WEEKEND = Param(T("weekend"), optional=True, skipped=ONE)
_HOLIDAYS = Param(T("holidays"), optional=True)

_WEEK = 7

Weekend = frozenset[int]
"""The days of the week that are off, Monday is 0."""

_SATURDAY_AND_SUNDAY: Weekend = frozenset((5, 6))


def weekend_of(code: object) -> Weekend:
    """The weekend that a code names: 1 Saturday and Sunday to 7 Friday and Saturday, 11 Sunday to 17 Saturday.

    A text of seven signs from Monday on has 1 for a day off: "0000011".

    Raises:
        Failure: #NUM! for another number, #VALUE! for anything else.
    """
    if isinstance(code, str):
        if len(code) != _WEEK or not set(code) <= {"0", "1"}:
            raise Failure(WRONG_VALUE)
        return frozenset(day for day, sign in enumerate(code) if sign == "1")
    if not isinstance(code, Decimal):
        raise Failure(WRONG_VALUE)
    number = int(code) if abs(code) < 100 else 0
    if 1 <= number <= 7:
        return frozenset(((number + 4) % _WEEK, (number + 5) % _WEEK))
    if 11 <= number <= 17:
        return frozenset(((number - 12) % _WEEK,))
    raise Failure(OUT_OF_RANGE)


def _holidays(value: object, zone: tzinfo | None, weekend: Weekend) -> list[date]:
    """The holidays that are no weekend, each once, in order: of one date or a list; texts and numbers are converted."""
    days = {to_date(item, zone) for item in items_of([value])}
    return sorted(day for day in days if day is not None and day.weekday() not in weekend)


def _open_days(weekend: Weekend) -> list[int]:
    """How many days are open among the first 0, 1, ... 7 of a week that begins on Monday."""
    counts = [0]
    for day in range(_WEEK):
        counts.append(counts[-1] + (day not in weekend))
    return counts


def _before(day: date, counts: list[int]) -> int:
    """Open days from the first Monday of the calendar to the day before `day`, holidays not regarded."""
    weeks, rest = divmod(day.toordinal() - 1, _WEEK)
    return weeks * counts[_WEEK] + counts[rest]


def _numbered(number: int, counts: list[int]) -> date:
    """The open day before which there are `number` others."""
    weeks, rest = divmod(number, counts[_WEEK])
    ordinal = weeks * _WEEK + next(day for day in range(_WEEK) if counts[day + 1] > rest) + 1
    return shift_days(date.min, ordinal - 1)


def shift_working_days(start: date, days: int, weekend: Weekend, holidays: Collection[date]) -> date:
    """The working day so many working days after `start`, or before it; `start` itself for 0.

    Args:
        holidays: in order, none on a weekend.

    Raises:
        Failure: #VALUE! where every day is off, #NUM! beyond the calendar.
    """
    counts = _open_days(weekend)
    if not counts[_WEEK]:
        raise Failure(WRONG_VALUE)
    if not days:
        return start
    before = _before(start, counts)
    if days > 0:
        number = before + (start.weekday() not in weekend) + days - 1
        for day in holidays:
            number += start < day <= _numbered(number, counts)
    else:
        number = before + days
        for day in sorted(holidays, reverse=True):
            number -= _numbered(number, counts) <= day < start
    return _numbered(number, counts)


def count_working_days(start: date, end: date, weekend: Weekend, holidays: Collection[date]) -> int:
    """Working days from `start` to `end`, both counted; negative where the end comes first."""
    if end < start:
        return -count_working_days(end, start, weekend, holidays)
    counts = _open_days(weekend)
    open_days = _before(end, counts) - _before(start, counts) + (end.weekday() not in weekend)
    return open_days - sum(start <= day <= end for day in holidays)


@function(
    "WORKDAY",
    Group.DATES,
    DATE,
    _START,
    _DAYS,
    _HOLIDAYS,
    zoned=True,
    aliases=("工作日",),
    help=T("The day so many working days after a date, or before it; Saturdays, Sundays and holidays do not count."),
    example="WORKDAY(DATE(2024, 5, 17), 1)",
    shows="2024-05-20",
)
def workday(zone: tzinfo | None, start: date, days: Decimal, holidays: object = None) -> date:
    """A fraction of the days does not count."""
    off = _SATURDAY_AND_SUNDAY
    return shift_working_days(start, calendar_number(days), off, _holidays(holidays, zone, off))


@function(
    "WORKDAY.INTL",
    Group.DATES,
    DATE,
    _START,
    _DAYS,
    _WEEKEND,
    _HOLIDAYS,
    zoned=True,
    aliases=("自定义工作日",),
    help=T(
        "As WORKDAY with your own weekend: 1 is Saturday and Sunday, 2 Sunday and Monday, 11 only Sunday; or seven "
        'signs from Monday on, 1 for a day off, such as "0000011".'
    ),
    example='WORKDAY.INTL(DATE(2024, 5, 17), 1, "0000001")',
    shows="2024-05-18",
)
def workday_intl(
    zone: tzinfo | None, start: date, days: Decimal, weekend: object = ONE, holidays: object = None
) -> date:
    """#VALUE! where every day of the week is off."""
    off = weekend_of(weekend)
    return shift_working_days(start, calendar_number(days), off, _holidays(holidays, zone, off))


@function(
    "NETWORKDAYS",
    Group.DATES,
    NUMBER,
    _START,
    _END,
    _HOLIDAYS,
    zoned=True,
    aliases=("工作日数",),
    help=T("Working days from one date to another, both counted; Saturdays, Sundays and holidays do not count."),
    example="NETWORKDAYS(DATE(2024, 5, 17), DATE(2024, 5, 20))",
    shows="2",
)
def networkdays(zone: tzinfo | None, start: date, end: date, holidays: object = None) -> Decimal:
    """Negative where the end comes first."""
    off = _SATURDAY_AND_SUNDAY
    return Decimal(count_working_days(start, end, off, _holidays(holidays, zone, off)))


@function(
    "NETWORKDAYS.INTL",
    Group.DATES,
    NUMBER,
    _START,
    _END,
    _WEEKEND,
    _HOLIDAYS,
    zoned=True,
    aliases=("自定义工作日数",),
    help=T(
        "As NETWORKDAYS with your own weekend: 1 is Saturday and Sunday, 2 Sunday and Monday, 11 only Sunday; or seven "
        'signs from Monday on, 1 for a day off, such as "0000011".'
    ),
    example='NETWORKDAYS.INTL(DATE(2024, 5, 17), DATE(2024, 5, 20), "0000001")',
    shows="3",
)
def networkdays_intl(
    zone: tzinfo | None, start: date, end: date, weekend: object = ONE, holidays: object = None
) -> Decimal:
    """0 where every day of the week is off."""
    off = weekend_of(weekend)
    return Decimal(count_working_days(start, end, off, _holidays(holidays, zone, off)))


@function(
    "ISWORKDAY",
    Group.DATES,
    BOOL,
    Param(T("date"), DATE),
    _HOLIDAYS,
    zoned=True,
    aliases=("是工作日",),
    help=T("Whether a date is a working day: no Saturday, no Sunday and none of the holidays."),
    example="ISWORKDAY(DATE(2024, 5, 18))",
    shows="FALSE",
)
def isworkday(zone: tzinfo | None, day: date, holidays: object = None) -> bool:
    """A blank date stays blank."""
    return bool(networkdays(zone, day, day, holidays) != ZERO)
