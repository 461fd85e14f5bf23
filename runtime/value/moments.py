"""Dates and date-times: read from text, counted in days, moved by months; days begin in a time zone."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from runtime.dates import EPOCH, MICROSECOND
from runtime.value.decimals import CONTEXT, GUARDED
from runtime.value.error_values import OUT_OF_RANGE, Failure
from runtime.value.times import parse_time

DAY_MICROSECONDS = Decimal(86_400_000_000)
_SERIAL_ZERO = date(1899, 12, 30).toordinal()
_LARGEST_SERIAL = 2_958_465
_FALSE_LEAP_DAY = 60

_DATE = re.compile(r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.\s])(\d{1,2}|[A-Za-z]{3,9})\2(\d{4}|\d{2})(?!\d)")
_MONTH_FIRST = re.compile(r"([A-Za-z]{3,9})\s+(\d{1,2}),?\s+(\d{4})")
_MONTH_NAMES = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_OFFSET = re.compile(r"(.*?)\s*(Z|[+-]\d{2}:?\d{2})", re.DOTALL)


def parse_moment(text: str, zone: tzinfo) -> date | datetime | None:
    """The date or date-time written in `text`, year first (2024-03-01, 2024/3/1, 2024年3月1日, with 09:30), or None.

    With the year last the month comes first, as in Excel, where that is possible: 5/6/2024 is the 6th of May,
    13/5/2024 the 13th, but 5.6.2024 nothing; 2-Feb-2024 and March 1, 2024 are read too. Years of two digits are 1930
    to 2029.
    A time without an offset is meant in `zone`. A date stays a date, a date-time comes back in UTC.
    """
    bare = text.strip()
    for pattern, meaning in _SPELLINGS:
        found = pattern.match(bare)
        if found is None:
            continue
        rest = bare[found.end() :]
        try:
            day = meaning(found)
            return _with_time(day, rest.lstrip("T \t"), zone) if rest else day
        except (ValueError, OverflowError):
            return None
    return None


def _year_first(found: re.Match[str]) -> date:
    return date(int(found[1]), int(found[2]), int(found[3]))


def _year_last(found: re.Match[str]) -> date:
    """Month and day where both are possible, else day and month; raises `ValueError` where there is no such day."""
    first, between, second, year_text = found.groups()
    year = int(year_text)
    if len(year_text) == 2:
        year += 2000 if year < 30 else 1900
    if second.isalpha():
        return date(year, _month(second), int(first))
    low, high = int(first), int(second)
    if between not in "/-" and low != high and max(low, high) <= 12:
        raise ValueError("with dots or spaces, day and month may be mistaken for each other")
    return date(year, low, high) if low <= 12 else date(year, high, low)


def _month_first(found: re.Match[str]) -> date:
    return date(int(found[3]), _month(found[1]), int(found[2]))


def _month(name: str) -> int:
    """The number of an English month, in full or by its first three letters; 0 for other words."""
    plain = name.lower()
    return next((n for n, full in enumerate(_MONTH_NAMES, 1) if plain in (full, full[:3])), 0)


_SPELLINGS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], date]], ...] = (
    (_DATE, _year_first),
    (_YEAR_LAST, _year_last),
    (_MONTH_FIRST, _month_first),
)


def _with_time(day: date, text: str, zone: tzinfo) -> datetime | None:
    offset = _OFFSET.fullmatch(text)
    clock = parse_time(offset[1] if offset else text, past_midnight=False)
    if clock is None:
        return None
    return datetime.combine(day, clock, _offset(offset[2], zone) if offset else zone).astimezone(UTC)


def _offset(text: str, zone: tzinfo) -> tzinfo:
    """The zone of "+08:00", "-0330" or "Z"."""
    if text == "Z":
        return UTC
    digits = text[1:].replace(":", "")
    shift = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(shift if text[0] == "+" else -shift)


def midnight(day: date, zone: tzinfo) -> datetime:
    """The moment `day` begins in `zone`, in UTC; raises `Failure` (#NUM!) at the ends of the calendar."""
    try:
        return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
    except OverflowError:
        raise Failure(OUT_OF_RANGE) from None


def local_time(moment: datetime, zone: tzinfo) -> datetime:
    """`moment` in `zone`; raises `Failure` (#NUM!) at the ends of the calendar."""
    try:
        return moment.astimezone(zone)
    except OverflowError:
        raise Failure(OUT_OF_RANGE) from None


def microseconds(moment: datetime) -> int:
    """Microseconds from 1970-01-01 UTC: how a date-time is stored."""
    return (moment - EPOCH) // MICROSECOND


def from_microseconds(count: int) -> datetime:
    """The moment `count` microseconds after 1970-01-01, in UTC."""
    return EPOCH + timedelta(microseconds=count)


def to_serial(day: date) -> Decimal:
    """The Excel serial number of a date: 1 for 1900-01-01, right from 1900-03-01 on."""
    return Decimal(day.toordinal() - _SERIAL_ZERO)


def from_serial(serial: Decimal) -> date:
    """The date of an Excel serial number (1 = 1900-01-01; its false 1900-02-29, 60, reads as 1900-02-28).

    Raises:
        Failure: #NUM! below 0, which is 1899-12-31, and after 9999-12-31.
    """
    days = int(serial.to_integral_value(ROUND_FLOOR))
    if not 0 <= days <= _LARGEST_SERIAL:
        raise Failure(OUT_OF_RANGE)
    return date.fromordinal(_SERIAL_ZERO + days + (days < _FALSE_LEAP_DAY))


def shift_days(day: date, days: int) -> date:
    """`day` moved by `days`; raises `Failure` (#NUM!) outside the years 1 to 9999."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        raise Failure(OUT_OF_RANGE) from None


def shift_moment(moment: datetime, days: Decimal) -> datetime:
    """`moment` moved by `days` of 24 hours, to the nearest microsecond; raises `Failure` (#NUM!) off the calendar."""
    count = CONTEXT.multiply(days, DAY_MICROSECONDS).to_integral_value(ROUND_HALF_UP)
    try:
        return moment + timedelta(microseconds=int(count))
    except OverflowError:
        raise Failure(OUT_OF_RANGE) from None


def shift_months(day: date, months: int) -> date:
    """`day` moved by `months`; the 31st becomes the last day of a shorter month (2024-01-31 + 1 = 2024-02-29).

    Raises:
        Failure: #NUM! outside the years 1 to 9999.
    """
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise Failure(OUT_OF_RANGE)
    return date(year, month0 + 1, min(day.day, monthrange(year, month0 + 1)[1]))


def days_between(start: datetime, end: datetime) -> Decimal:
    """Days of 24 hours from `start` to `end`, with fraction."""
    return GUARDED.divide(Decimal((end - start) // MICROSECOND), DAY_MICROSECONDS)


_FARTHEST = Decimal(10**7)
"""Days, months or years from anywhere in the calendar to beyond it."""


def calendar_number(number: Decimal) -> int:
    """`number` cut to a whole number of days, months or years; #NUM! where it is beyond every calendar."""
    if abs(number) > _FARTHEST:
        raise Failure(OUT_OF_RANGE)
    return int(number)
