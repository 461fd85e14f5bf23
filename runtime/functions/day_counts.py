"""Date and time: spans in years of banks. DAYS360, YEARFRAC."""

from __future__ import annotations

from calendar import isleap, monthrange
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from resources.texts import T
from runtime.functions import Group, Param, function
from runtime.value.decimals import CONTEXT, ZERO
from runtime.value.error_values import OUT_OF_RANGE, Failure
from runtime.value.types import BOOL, DATE, NUMBER

_START = Param(T("start"), DATE)
_END = Param(T("end"), DATE)

_YEAR = 360
_MONTH = 30


def _ends_month(day: date) -> bool:
    return day.day == monthrange(day.year, day.month)[1]


def _ends_february(day: date) -> bool:
    return day.month == 2 and _ends_month(day)


def _apart(start: date, first: int, end: date, last: int) -> int:
    """Days of months of 30 days; `first` and `last` are the days of the months taken for start and end."""
    return (end.year - start.year) * _YEAR + (end.month - start.month) * _MONTH + last - first


def _european(start: date, end: date) -> int:
    return _apart(start, min(start.day, _MONTH), end, min(end.day, _MONTH))


def _american(start: date, end: date) -> int:
    """The start becomes the 30th where it ends its month; an end on the 31st does so too, or becomes the 1st."""
    first = _MONTH if _ends_month(start) else start.day
    last = end.day
    if last > _MONTH:
        last = _MONTH if first == _MONTH else last
    return _apart(start, first, end, last)


@function(
    "DAYS360",
    Group.DATES,
    NUMBER,
    _START,
    _END,
    Param(T("European"), BOOL, optional=True),
    aliases=("天数360",),
    help=T("Days from the start to the end in a year of twelve months with 30 days; TRUE counts in the European way."),
    example="DAYS360(DATE(2024, 1, 31), DATE(2024, 3, 31))",
    shows="60",
)
def days360(start: date, end: date, european: bool = False) -> Decimal:
    """Negative where the end comes first."""
    return Decimal(_european(start, end) if european else _american(start, end))


def _nasd_year(start: date, end: date) -> Decimal:
    """The end moves before the start does: one on the 31st stays there where February ends with the start."""
    first, last = min(start.day, _MONTH), end.day
    if last > _MONTH and first == _MONTH:
        last = _MONTH
    if _ends_february(start):
        first = _MONTH
        last = _MONTH if _ends_february(end) else last
    return CONTEXT.divide(Decimal(_apart(start, first, end, last)), Decimal(_YEAR))


def _actual_year(start: date, end: date) -> Decimal:
    """Days by the length of the year, or by the mean length of all years touched where it is more than one."""
    days = Decimal((end - start).days)
    if _within_a_year(start, end):
        return CONTEXT.divide(days, Decimal(366 if _holds_leap_day(start, end) else 365))
    years = end.year - start.year + 1
    length = 365 * years + sum(map(isleap, range(start.year, end.year + 1)))
    return CONTEXT.divide(CONTEXT.multiply(days, Decimal(years)), Decimal(length))


def _within_a_year(start: date, end: date) -> bool:
    next_year = end.year == start.year + 1
    return start.year == end.year or (next_year and (end.month, end.day) <= (start.month, start.day))


def _holds_leap_day(start: date, end: date) -> bool:
    """Whether a leap day lies between, or the one year of both has one."""
    if start.year == end.year:
        return isleap(start.year)
    return any(isleap(year) and start <= date(year, 2, 29) <= end for year in (start.year, end.year))


def _by(length: int) -> Callable[[date, date], Decimal]:
    return lambda start, end: CONTEXT.divide(Decimal((end - start).days), Decimal(length))


_BASES: dict[int, Callable[[date, date], Decimal]] = {
    0: _nasd_year,
    1: _actual_year,
    2: _by(360),
    3: _by(365),
    4: lambda start, end: CONTEXT.divide(Decimal(_european(start, end)), Decimal(_YEAR)),
}


@function(
    "YEARFRAC",
    Group.DATES,
    NUMBER,
    _START,
    _END,
    Param(T("basis"), NUMBER, optional=True, strict=True),
    aliases=("年数",),
    help=T(
        "The part of a year between two dates. The basis says how: 0 months of 30 days, 1 real days, "
        "2 real days by 360, 3 real days by 365, 4 European months of 30 days."
    ),
    example="YEARFRAC(DATE(2024, 1, 1), DATE(2024, 7, 1))",
    shows="0.5",
)
def yearfrac(start: date, end: date, basis: Decimal = ZERO) -> Decimal:
    """The order of the dates does not count; #NUM! for another basis.

    Source: D. Wheeler, "YEARFRAC Incompatibilities between Excel 2007 and OOXML", and what Microsoft confirmed of it
    (D. Mahugh, office-formula list of OASIS, July 2008).
    """
    number = int(basis) if 0 <= basis < 5 else -1
    if number not in _BASES:
        raise Failure(OUT_OF_RANGE)
    return _BASES[number](min(start, end), max(start, end))
