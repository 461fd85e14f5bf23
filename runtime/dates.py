"""Dates and times as people write and read them, in both languages."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

import tzlocal

from resources.texts import language

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
FIRST = datetime(1, 1, 2, tzinfo=UTC)
LAST = datetime(9999, 12, 30, tzinfo=UTC)

_YMD = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MD = re.compile(r"(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_HMS = re.compile(r"(\d{1,2})[:时点](\d{1,2})?分?(?::?(\d{1,2})秒?)?")
_NAMED = {
    "今天": 0,
    "today": 0,
    "明天": 1,
    "tomorrow": 1,
    "昨天": -1,
    "yesterday": -1,
    "后天": 2,
    "前天": -2,
}


def local_zone() -> ZoneInfo:
    """The machine's time zone, with its rules for other times of the year."""
    return tzlocal.get_localzone()


def parse_date(text: str, today: date) -> date | None:
    """The date that `text` stands for, or None: year-month-day in any usual punctuation, month-day of this year, or
    today, tomorrow and yesterday in words. Never guesses between day/month and month/day.
    """
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    if plain in _NAMED:
        return today + timedelta(days=_NAMED[plain])
    for pattern in (_YMD, _COMPACT):
        match = pattern.fullmatch(plain)
        if match is not None:
            return _date(int(match[1]), int(match[2]), int(match[3]))
    match = _MD.fullmatch(plain)
    return _date(today.year, int(match[1]), int(match[2])) if match is not None else None


def parse_time(text: str) -> time | None:
    """The time of day that `text` stands for (14:30, 14:30:05, 14点30分), or None."""
    match = _HMS.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if match is None:
        return None
    hour, minute, second = int(match[1]), int(match[2] or 0), int(match[3] or 0)
    return time(hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None


def parse_moment(text: str, zone: tzinfo, today: date) -> datetime | None:
    """The moment that `text` stands for, in UTC, or None: ISO 8601, or a date and a time of day in `zone`."""
    plain = unicodedata.normalize("NFKC", text).strip()
    try:
        moment = datetime.fromisoformat(plain)
    except ValueError:
        moment = None
    if moment is not None and len(plain) > 10:
        return _in_utc(moment if moment.tzinfo else moment.replace(tzinfo=zone))
    head, _, tail = plain.rpartition(" ")
    day, clock = (parse_date(head, today), parse_time(tail)) if head else (parse_date(plain, today), time())
    if day is None or clock is None:
        return None
    return _in_utc(datetime.combine(day, clock, zone))


def has_day_to_spare(moment: datetime) -> bool:
    """Whether the moment exists in every time zone: not on the first or last day of the calendar."""
    return FIRST <= moment <= LAST


def _in_utc(moment: datetime) -> datetime | None:
    try:
        found = moment.astimezone(UTC)
    except OverflowError:
        return None
    return found if has_day_to_spare(found) else None


def show_date(day: date, today: date | None = None) -> str:
    """The date in full (2026-03-05), or as people say it (今天, 3月5日, 5 Mar) where `today` is given."""
    if today is None:
        return day.isoformat()
    chinese = language().startswith("zh")
    near = {
        0: ("Today", "今天"),
        1: ("Tomorrow", "明天"),
        -1: ("Yesterday", "昨天"),
    }.get((day - today).days)
    if near is not None:
        return near[chinese]
    if chinese:
        return f"{day.month}月{day.day}日" if day.year == today.year else f"{day.year}年{day.month}月{day.day}日"
    month = (
        "Jan",
        "Feb",
        "Mar",
        "Apr",
        "May",
        "Jun",
        "Jul",
        "Aug",
        "Sep",
        "Oct",
        "Nov",
        "Dec",
    )[day.month - 1]
    return f"{day.day} {month}" if day.year == today.year else f"{day.day} {month} {day.year}"


def show_moment(moment: datetime, zone: tzinfo, today: date | None = None) -> str:
    """The moment in `zone`: 2026-03-05 14:30 (with seconds where it has them), or 今天 14:30 where `today` is given."""
    local = moment.astimezone(zone)
    shape = "%H:%M:%S" if local.second or local.microsecond else "%H:%M"
    return f"{show_date(local.date(), today)} {local.strftime(shape)}"


def to_micros(moment: datetime) -> int:
    """Microseconds since 1970 UTC."""
    return (moment - EPOCH) // MICROSECOND


def from_micros(micros: int) -> datetime:
    """The moment, with time zone UTC."""
    return EPOCH + timedelta(microseconds=micros)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
