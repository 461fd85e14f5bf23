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

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_MONTH_NUMBERS = {name.casefold(): at for at, name in enumerate(_MONTHS, 1)}
_MONTH_NUMBERS |= {name[:3]: at for name, at in _MONTH_NUMBERS.items()} | {"sept": 9}
_YMD = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MD = re.compile(r"(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?")
_FIGURES = re.compile(r"(\d{1,2})\s*([-/.])\s*(\d{1,2})(?:\s*\2\s*(\d{4}))?")
"""Day and month in either order, and perhaps the year."""

_NAME = r"(?P<month>[a-z]{3,9})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?\.?"
_BY_NAME = (
    re.compile(rf"{_DAY}[\s,/-]*(?:of\s+)?{_NAME}(?:[\s,/-]*(?P<year>\d{{4}}))?"),
    re.compile(rf"{_NAME}[\s,/-]*{_DAY}(?:[\s,/-]+(?P<year>\d{{4}}))?"),
    re.compile(rf"(?P<year>\d{{4}})[\s,/-]*{_NAME}[\s,/-]*{_DAY}"),
)
_HAN = {sign: str(at) for at, sign in enumerate("〇一二三四五六七八九")} | {"零": "0"}
_HAN_FIGURES = re.compile(r"([〇零一二三四五六七八九十]+)(?=\s*[年月日号]|$)")
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


def parse_date(text: str, today: date, order: str = "") -> date | None:
    """The date that `text` stands for, or None.

    Year, month and day in any usual punctuation; figures with the year behind, where one of them is above 12 or points
    part them (4.5.2025, day first); names of months; today, tomorrow and yesterday in words. Without a year it is this
    year's. Never guesses between day/month and month/day: 5/3 is a date in Chinese alone, where the month comes first.

    Args:
        order: "dmy" or "mdy" where it is known how 05/03/2025 and 5/3 are meant.
    """
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    if plain in _NAMED:
        return _days_after(today, _NAMED[plain])
    plain = _HAN_FIGURES.sub(_in_figures, plain)
    for pattern in (_YMD, _COMPACT):
        match = pattern.fullmatch(plain)
        if match is not None:
            return _date(int(match[1]), int(match[2]), int(match[3]))
    match = _MD.fullmatch(plain)
    if match is not None:
        return _date(today.year, int(match[1]), int(match[2]))
    match = _FIGURES.fullmatch(plain)
    return _of_figures(match, today, order) if match is not None else _by_name(plain, today)


def two_dates(text: str, today: date) -> tuple[date, date] | None:
    """The two days that figures such as 05/03/2025 may be, the one with the day first in front; None for others."""
    if parse_date(text, today) is not None:
        return None
    first, second = parse_date(text, today, "dmy"), parse_date(text, today, "mdy")
    return None if first is None or second is None else (first, second)


def two_moments(text: str, zone: tzinfo, today: date) -> tuple[datetime, datetime] | None:
    """As `two_dates`, for a day and a time."""
    if parse_moment(text, zone, today) is not None:
        return None
    first, second = parse_moment(text, zone, today, "dmy"), parse_moment(text, zone, today, "mdy")
    return None if first is None or second is None else (first, second)


def _of_figures(match: re.Match[str], today: date, order: str) -> date | None:
    """The day of a match of `_FIGURES`."""
    first, sign, second = int(match[1]), match[2], int(match[3])
    year = int(match[4] or today.year)
    if first > 12:
        return _date(year, second, first)
    if second > 12 or first == second:
        return _date(year, first, second)
    if not order and match[4] and sign == ".":
        order = "dmy"
    if not order and not match[4] and language().startswith("zh"):
        order = "mdy"
    if not order:
        return None
    return _date(year, first, second) if order == "mdy" else _date(year, second, first)


def _by_name(plain: str, today: date) -> date | None:
    """The day of a text with the name of a month."""
    for pattern in _BY_NAME:
        match = pattern.fullmatch(plain)
        if match is not None and match["month"] in _MONTH_NUMBERS:
            return _date(int(match["year"] or today.year), _MONTH_NUMBERS[match["month"]], int(match["day"]))
    return None


def _in_figures(match: re.Match[str]) -> str:
    """十二 is 12, 二十 is 20, 二〇二五 is 2025; what is no number stays."""
    tens, ten, ones = match[1].partition("十")
    if not ten:
        return "".join(_HAN[sign] for sign in tens)
    if len(tens) > 1 or len(ones) > 1 or "十" in ones:
        return match[1]
    return _HAN.get(tens, "1") + _HAN.get(ones, "0")


def parse_time(text: str) -> time | None:
    """The time of day that `text` stands for (14:30, 14:30:05, 14点30分), or None."""
    match = _HMS.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if match is None:
        return None
    hour, minute, second = int(match[1]), int(match[2] or 0), int(match[3] or 0)
    return time(hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None


def parse_moment(text: str, zone: tzinfo, today: date, order: str = "") -> datetime | None:
    """The moment that `text` stands for, in UTC, or None: ISO 8601, or a date and a time of day in `zone`.

    Args:
        order: as for `parse_date`.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    try:
        moment = datetime.fromisoformat(plain)
    except ValueError:
        moment = None
    if moment is not None and len(plain) > 10:
        return _in_utc(moment if moment.tzinfo else moment.replace(tzinfo=zone))
    clock: time | None = time()
    day = parse_date(plain, today, order)
    if day is None:
        head, _, tail = plain.rpartition(" ")
        day, clock = parse_date(head.rstrip(" ,"), today, order), parse_time(tail)
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
    near = {
        0: ("Today", "今天"),
        1: ("Tomorrow", "明天"),
        -1: ("Yesterday", "昨天"),
    }.get((day - today).days)
    return written_out(day, today) if near is None else near[language().startswith("zh")]


def written_out(day: date, today: date) -> str:
    """The day with the name of its month (3月5日, 5 Mar), and its year where it is not this one."""
    if language().startswith("zh"):
        return f"{day.month}月{day.day}日" if day.year == today.year else f"{day.year:04}年{day.month}月{day.day}日"
    month = _MONTHS[day.month - 1][:3]
    return f"{day.day} {month}" if day.year == today.year else f"{day.day} {month} {day.year:04}"


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


def _days_after(day: date, days: int) -> date | None:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
