"""Date and time: WEEKDAY, WEEKNUM, ISOWEEKNUM."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from resources.texts import T
from runtime.functions import Group, Param, function
from runtime.value.decimals import ONE
from runtime.value.error_values import OUT_OF_RANGE, Failure
from runtime.value.types import DATE, NUMBER

_DATE = Param(T("date"), DATE)

_FIRST_DAYS = {1: 6, 2: 0, **{11 + day: day for day in range(7)}}
"""Number of a week -> its first day, Monday is 0."""

_ISO = 21


def _numbered(number: Decimal) -> int:
    """A whole number, cut; 0, which names nothing, where it is beyond all."""
    return int(number) if abs(number) < 100 else 0


def _first_day(number: int) -> int:
    if number not in _FIRST_DAYS:
        raise Failure(OUT_OF_RANGE)
    return _FIRST_DAYS[number]


@function(
    "WEEKDAY",
    Group.DATES,
    NUMBER,
    _DATE,
    Param(T("kind"), NUMBER, optional=True),
    aliases=("星期",),
    help=T("The day of the week. 1 is Sunday; with the kind 2 it is Monday, with 3 Monday is 0."),
    example="WEEKDAY(DATE(2024, 5, 17), 2)",
    shows="5",
)
def weekday(day: date, kind: Decimal = ONE) -> Decimal:
    """Kinds 1 to 3, and 11 to 17 whose weeks begin on Monday to Sunday."""
    number = _numbered(kind)
    if number == 3:
        return Decimal(day.weekday())
    return Decimal((day.weekday() - _first_day(number)) % 7 + 1)


@function(
    "WEEKNUM",
    Group.DATES,
    NUMBER,
    _DATE,
    Param(T("kind"), NUMBER, optional=True, strict=True),
    aliases=("周数",),
    help=T(
        "The week of the year; the first holds January 1. Weeks begin on Sunday, with the kind 2 on Monday; "
        "21 counts as ISOWEEKNUM does."
    ),
    example="WEEKNUM(DATE(2024, 5, 17), 2)",
    shows="20",
)
def weeknum(day: date, kind: Decimal = ONE) -> Decimal:
    """Kinds 1, 2, 11 to 17 (weeks that begin on Monday to Sunday) and 21."""
    number = _numbered(kind)
    if number == _ISO:
        return Decimal(day.isocalendar().week)
    new_year = day.replace(month=1, day=1)
    before = (new_year.weekday() - _first_day(number)) % 7
    return Decimal((day.timetuple().tm_yday - 1 + before) // 7 + 1)


@function(
    "ISOWEEKNUM",
    Group.DATES,
    NUMBER,
    _DATE,
    aliases=("国际周数",),
    help=T("The week of the year by ISO 8601: weeks begin on Monday, the first is the one with January 4."),
    example="ISOWEEKNUM(DATE(2021, 1, 3))",
    shows="53",
)
def isoweeknum(day: date) -> Decimal:
    """1 to 53; the first days of January may belong to the last week of the year before."""
    return Decimal(day.isocalendar().week)
