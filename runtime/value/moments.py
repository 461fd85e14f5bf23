"""Dates and date-times: read from text, counted in days, moved by months; days begin in a time zone."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from runtime.dates import EPOCH, MICROSECOND
from runtime.value.decimals import CONTEXT
from runtime.value.error_values import OUT_OF_RANGE, Failure

DAY_MICROSECONDS = Decimal(86_400_000_000)
_SERIAL_ZERO = date(1899, 12, 30).toordinal()
_LARGEST_SERIAL = 2_958_465
_FALSE_LEAP_DAY = 60

_DATE = re.compile(r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?")
_YEAR_LAST = re.compile(r"(\d{1,2})(?:-|/|\.|\s)(\d{1,2}|[A-Za-z]{3})(?:-|/|\.|\s)(\d{4})")
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6})\d*)?)?\s*(Z|[+-]\d{2}:?\d{2})?")


def parse_moment(text: str, zone: tzinfo) -> date | datetime | None:
    """The date or date-time written in `text`, year first (2024-03-01, 2024/3/1, 2024年3月1日, with 09:30), or None.

    With the year last only where day and month cannot be mistaken for each other: 13/5/2024, 5/5/2024, 2-Feb-2024.
    A time without an offset is meant in `zone`. A date stays a date, a date-time comes back in UTC.
    """
    bare = text.strip()
    first = _DATE.match(bare)
    found = first or _YEAR_LAST.match(bare)
    if found is None:
        return None
    rest = bare[found.end() :].lstrip("T \t")
    try:
        day = date(*map(int, found.groups())) if first else _year_last(*found.groups())
        return _with_time(day, rest, zone) if rest else day
    except (ValueError, OverflowError):
        return None


def _year_last(first: str, second: str, year: str) -> date:
    """Day and month in the order that is possible, and the year.

    Raises:
        ValueError: there is no such day, or day and month may be mistaken for each other.
    """
    if second.isalpha():
        return date(int(year), _MONTH_NAMES.index(second.lower()) + 1, int(first))
    low, high = sorted((int(first), int(second)))
    if low != high and high <= 12:
        raise ValueError("day and month may be mistaken for each other")
    return date(int(year), low, high)


def _with_time(day: date, text: str, zone: tzinfo) -> datetime | None:
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    fraction = int((found[4] or "0").ljust(6, "0"))
    clock = time(int(found[1]), int(found[2]), int(found[3] or 0), fraction)
    return datetime.combine(day, clock, _offset(found[5], zone)).astimezone(UTC)


def _offset(text: str | None, zone: tzinfo) -> tzinfo:
    """The zone of "+08:00", "-0330" or "Z"; `zone` where none is written."""
    if text is None:
        return zone
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
        Failure: #NUM! below 1 and after 9999-12-31.
    """
    days = int(serial.to_integral_value(ROUND_FLOOR))
    if not 1 <= days <= _LARGEST_SERIAL:
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
    return CONTEXT.divide(Decimal((end - start) // MICROSECOND), DAY_MICROSECONDS)
