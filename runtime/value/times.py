"""Times of day and durations: read from text, written as text, and as the number of days that Excel sees in them."""

from __future__ import annotations

import re
import unicodedata
from datetime import time, timedelta
from decimal import ROUND_HALF_UP, Decimal

from runtime.dates import MICROSECOND
from runtime.value.decimals import CONTEXT, GUARDED, ONE
from runtime.value.error_values import OUT_OF_RANGE, Failure

DAY_MICROSECONDS = 86_400_000_000
_DAY = Decimal(DAY_MICROSECONDS)
_HOUR, _MINUTE, _SECOND = 3_600_000_000, 60_000_000, 1_000_000

_NOON = r"am|pm|a|p|上午|下午|凌晨|早上|中午|晚上"
_CLOCK = re.compile(
    rf"(?P<before>{_NOON})?\s*(?P<hour>\d{{1,4}})\s*"
    rf"(?::\s*(?P<minute>\d{{1,2}})(?:\s*:\s*(?P<second>\d{{1,2}})(?:\.(?P<fraction>\d{{1,9}}))?)?"
    rf"|[点时]\s*(?:(?P<minute2>\d{{1,2}})\s*分?)?(?:\s*(?P<second2>\d{{1,2}})\s*秒)?)\s*(?P<after>{_NOON})?",
    re.ASCII,
)
_FULL_HOUR = re.compile(r"(?P<hour>\d{1,2})(?:\s+|(?=[ap]m))(?P<after>am|pm|a|p)")
_SPAN = re.compile(r"([+-])?\s*(\d{1,9}):(\d{2})(?::(\d{2})(?:\.(\d{1,6})\d*)?)?", re.ASCII)
_AFTERNOON = {"pm", "p", "下午", "晚上", "中午"}


def parse_time(text: str, past_midnight: bool = True) -> time | None:
    """The time of day written in `text`: 6:00, 10:19:19.5, 12:00 PM, 下午2点30分; None where it shows none.

    Hours from 24 on begin again, as in Excel: 24:00 is midnight; without `past_midnight` they are no time.
    """
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    found = _CLOCK.fullmatch(plain) or _FULL_HOUR.fullmatch(plain)
    if found is None:
        return None
    parts = found.groupdict()
    hour, half = int(parts["hour"]), parts.get("before") or parts.get("after")
    minute, second = (int(parts.get(each) or parts.get(f"{each}2") or 0) for each in ("minute", "second"))
    most = 12 if half is not None else 9_999 if past_midnight else 23
    if minute > 59 or second > 59 or hour > most:
        return None
    if half is not None:
        hour = hour % 12 + 12 * (half in _AFTERNOON)
    micros = round(int((parts.get("fraction") or "0").ljust(9, "0")) / 1000)
    return time_of_microseconds(hour * _HOUR + minute * _MINUTE + second * _SECOND + micros)


def parse_duration(text: str) -> timedelta | None:
    """The duration written in `text` as hours, minutes and seconds: 26:30, -1:15:30; None where it shows none."""
    found = _SPAN.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None or int(found[3]) > 59 or int(found[4] or 0) > 59:
        return None
    micros = int(found[2]) * _HOUR + int(found[3]) * _MINUTE + int(found[4] or 0) * _SECOND
    micros += int((found[5] or "0").ljust(6, "0"))
    return timedelta(microseconds=-micros if found[1] == "-" else micros)


def time_text(clock: time) -> str:
    """A time to the second: 09:05:00."""
    return clock.strftime("%H:%M:%S")


def duration_text(span: timedelta) -> str:
    """A duration as hours, minutes and seconds, of which the hours go on past 24: 26:30:00, -0:15:00."""
    seconds = abs(span) // timedelta(seconds=1)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{'-' if span < timedelta() else ''}{hour}:{minute:02d}:{second:02d}"


def since_midnight(clock: time) -> timedelta:
    """How long after midnight a time of day is."""
    return timedelta(microseconds=_micros(clock))


def part_of_day(clock: time) -> Decimal:
    """The fraction of the day, as Excel keeps times: 0.25 is 06:00."""
    return GUARDED.divide(Decimal(_micros(clock)), _DAY)


def days_of(span: timedelta) -> Decimal:
    """A duration as a number of days of 24 hours."""
    return GUARDED.divide(Decimal(span // MICROSECOND), _DAY)


def time_of_part(number: Decimal) -> time:
    """The time of day in the fraction of a number of days: of 1.5 noon, of 0.99999999999 midnight.

    Raises:
        Failure: #NUM! below 0. One of `decimals.TROUBLE`: more than 34 digits.
    """
    if number < 0:
        raise Failure(OUT_OF_RANGE)
    fraction = CONTEXT.remainder(number, ONE)
    return time_of_microseconds(int(CONTEXT.multiply(fraction, _DAY).to_integral_value(ROUND_HALF_UP)))


def duration_of_days(days: Decimal) -> timedelta:
    """A duration of so many days, to the nearest microsecond; raises `Failure` (#NUM!) beyond 999,999,999 days."""
    try:
        return timedelta(microseconds=int(CONTEXT.multiply(days, _DAY).to_integral_value(ROUND_HALF_UP)))
    except OverflowError:
        raise Failure(OUT_OF_RANGE) from None


def later_on_the_clock(clock: time, span: timedelta) -> time:
    """The time that a clock shows so much later; after 24 hours it shows the same again."""
    return time_of_microseconds(_micros(clock) + span // MICROSECOND)


def _micros(clock: time) -> int:
    return clock.hour * _HOUR + clock.minute * _MINUTE + clock.second * _SECOND + clock.microsecond


def time_of_microseconds(micros: int) -> time:
    """What a clock shows so many microseconds after midnight; after 24 hours it begins again."""
    seconds, micro = divmod(micros % DAY_MICROSECONDS, _SECOND)
    return time(seconds // 3600, seconds // 60 % 60, seconds % 60, micro)
