"""Date and time: the clock. TIME, HOUR, MINUTE, SECOND, TIMEVALUE, DATEVALUE."""

from __future__ import annotations

from datetime import date, datetime, time, tzinfo
from decimal import Decimal

from resources.texts import T
from runtime.functions import Group, Param, function
from runtime.value.conversions import needed
from runtime.value.error_values import OUT_OF_RANGE, WRONG_VALUE, Failure
from runtime.value.moments import local_time, parse_moment
from runtime.value.times import parse_time
from runtime.value.types import DATE, NUMBER, TEXT, TIME

_TIME = Param(T("time"), TIME)
_TEXT = Param(T("text"), TEXT)

_DAY_SECONDS = 86_400
_LARGEST_PART = 32_767


def _part(number: Decimal) -> int:
    if abs(number) > _LARGEST_PART:
        raise Failure(OUT_OF_RANGE)
    return int(number)


def _seconds(clock: time) -> int:
    """Seconds since midnight to the nearest one, as Excel reads a clock; midnight where that is the next day."""
    exact = clock.hour * 3600 + clock.minute * 60 + clock.second + (clock.microsecond >= 500_000)
    return exact % _DAY_SECONDS


@function(
    "TIME",
    Group.DATES,
    TIME,
    Param(T("hour"), NUMBER),
    Param(T("minute"), NUMBER),
    Param(T("second"), NUMBER),
    aliases=("时间",),
    help=T("The time of an hour, minute and second. What goes beyond counts on: minute 90 is one hour and a half."),
    example="TIME(14, 90, 0)",
    shows="15:30:00",
)
def time_(hour: Decimal, minute: Decimal, second: Decimal) -> time:
    """Fractions do not count, hours from 24 on begin again; #NUM! below midnight and for parts over 32,767."""
    total = _part(hour) * 3600 + _part(minute) * 60 + _part(second)
    if total < 0:
        raise Failure(OUT_OF_RANGE)
    minutes, seconds = divmod(total % _DAY_SECONDS, 60)
    return time(minutes // 60, minutes % 60, seconds)


@function(
    "HOUR",
    Group.DATES,
    NUMBER,
    _TIME,
    aliases=("小时",),
    help=T("The hour of a time, 0 to 23."),
    example="HOUR(TIME(14, 5, 30))",
    shows="14",
)
def hour(clock: time) -> Decimal:
    """After rounding to the second."""
    return Decimal(_seconds(clock) // 3600)


@function(
    "MINUTE",
    Group.DATES,
    NUMBER,
    _TIME,
    aliases=("分钟",),
    help=T("The minute of a time, 0 to 59."),
    example="MINUTE(TIME(14, 5, 30))",
    shows="5",
)
def minute(clock: time) -> Decimal:
    """After rounding to the second."""
    return Decimal(_seconds(clock) // 60 % 60)


@function(
    "SECOND",
    Group.DATES,
    NUMBER,
    _TIME,
    aliases=("秒",),
    help=T("The second of a time, 0 to 59."),
    example="SECOND(TIME(14, 5, 30))",
    shows="30",
)
def second(clock: time) -> Decimal:
    """To the nearest second."""
    return Decimal(_seconds(clock) % 60)


def _read(text: str, zone: tzinfo) -> date | datetime:
    moment = parse_moment(text, zone)
    if moment is None:
        raise Failure(WRONG_VALUE)
    return moment


@function(
    "DATEVALUE",
    Group.DATES,
    DATE,
    _TEXT,
    zoned=True,
    aliases=("转日期",),
    help=T(
        "The date that a text shows, such as 2024-05-17, 2024年5月17日 or 17-May-2024; a time after it does not count."
    ),
    example='DATEVALUE("2024年5月17日")',
    shows="2024-05-17",
)
def datevalue(zone: tzinfo | None, text: str) -> date:
    """Of 5/6/2024 the month comes first, as in Excel."""
    here = needed(zone)
    moment = _read(text, here)
    return local_time(moment, here).date() if isinstance(moment, datetime) else moment


@function(
    "TIMEVALUE",
    Group.DATES,
    TIME,
    _TEXT,
    zoned=True,
    aliases=("转时间",),
    help=T("The time that a text shows, such as 14:05, 2:05 PM or 下午2点05分, without a date before it."),
    example='TIMEVALUE("2:05 PM")',
    shows="14:05:00",
)
def timevalue(zone: tzinfo | None, text: str) -> time:
    """Of a date alone midnight."""
    clock = parse_time(text)
    if clock is not None:
        return clock
    here = needed(zone)
    moment = _read(text, here)
    return local_time(moment, here).time() if isinstance(moment, datetime) else time()
