"""Conversions between values, with the blank rules: blank is 0, "" or FALSE; dates, times and records stay blank.

Each function takes any value, raises `Failure` (#VALUE!, or the error it was given) where it cannot convert, and
`TypeError` for floats and foreign objects, which are bugs of the caller.
"""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from typing import NoReturn
from uuid import UUID

from runtime.value.decimals import CONTEXT, ONE, ZERO, number_text, parse_amount
from runtime.value.error_values import WRONG_VALUE, ErrorValue, Failure
from runtime.value.moments import from_serial, local_time, midnight, parse_moment, shift_moment, to_serial
from runtime.value.times import (
    days_of,
    duration_of_days,
    duration_text,
    parse_duration,
    parse_time,
    part_of_day,
    since_midnight,
    time_of_part,
    time_text,
)

LONGEST_TEXT = 32_767
"""Characters a text may have, as in an Excel cell; more is #VALUE!."""

LONGEST_LIST = 10_000
"""Items a list may have."""


def is_blank(value: object) -> bool:
    """Whether a value is blank: None, an empty text or an empty list."""
    return value is None or value in ("", ())


def given(value: object) -> object:
    """A value as it came from outside, made canonical: `int` becomes `Decimal`, lists become tuples, errors raise."""
    if isinstance(value, ErrorValue):
        raise Failure(value)
    if isinstance(value, bool) or value is None or isinstance(value, Decimal | str | date | time | timedelta | UUID):
        return value
    if isinstance(value, int):
        return CONTEXT.create_decimal(value)
    if isinstance(value, list | tuple):
        if len(value) > LONGEST_LIST:
            raise Failure(WRONG_VALUE)
        return tuple(item if isinstance(item, ErrorValue) else given(item) for item in value)
    raise TypeError(f"{type(value).__name__} is no formula value")


def to_number(value: object) -> Decimal:
    """A number: blank 0, TRUE 1, FALSE 0, texts that show one (12, 1,200, 8%), times and durations in days.

    Of a date, and of a text that shows one, its Excel serial number; the checker refuses a date as a number.
    """
    if isinstance(value, Decimal):
        return value
    if value is None:
        return ZERO
    if isinstance(value, bool):
        return ONE if value else ZERO
    if isinstance(value, int):
        return CONTEXT.create_decimal(value)
    if isinstance(value, str):
        number = parse_amount(value)
        if number is not None:
            return number
        day = parse_moment(value, UTC) if value[-1:].isdigit() else None
        if day is not None and not isinstance(day, datetime):
            return to_serial(day)
    if isinstance(value, date) and not isinstance(value, datetime):
        return to_serial(value)
    if isinstance(value, time):
        return part_of_day(value)
    if isinstance(value, timedelta):
        return days_of(value)
    return _refuse(value)


def to_text(value: object, zone: tzinfo | None) -> str:
    """A text: blank "", numbers without closing zeros, TRUE/FALSE, ISO dates, times to the second, those of `zone`."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, datetime):
        return local_time(value, needed(zone)).strftime("%Y-%m-%d %H:%M:%S").rjust(19, "0")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return time_text(value)
    if isinstance(value, timedelta):
        return duration_text(value)
    if isinstance(value, int):
        return str(value)
    return _refuse(value)


def to_bool(value: object) -> bool:
    """Yes or no: blank FALSE, a number that is not zero TRUE, the texts TRUE and FALSE."""
    if isinstance(value, bool):
        return value
    if value is None:
        return False
    if isinstance(value, Decimal | int):
        return bool(value)
    if isinstance(value, str) and value.strip().upper() in ("TRUE", "FALSE"):
        return value.strip().upper() == "TRUE"
    return _refuse(value)


def to_date(value: object, zone: tzinfo | None) -> date | None:
    """A date or blank: of a date-time the day in `zone`, of a number the Excel serial, of a text year-first dates."""
    if isinstance(value, datetime):
        return local_time(value, needed(zone)).date()
    if value is None or isinstance(value, date):
        return value
    if isinstance(value, Decimal):
        return from_serial(value)
    if isinstance(value, str):
        return to_date(_parsed(value, zone), zone)
    return _refuse(value)


def to_datetime(value: object, zone: tzinfo | None) -> datetime | None:
    """A date-time or blank: of a date its midnight in `zone`, of a text year-first dates with or without a time."""
    if value is None or isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return midnight(value, needed(zone))
    if isinstance(value, Decimal):
        return shift_moment(midnight(from_serial(value), needed(zone)), CONTEXT.remainder(value, ONE))
    if isinstance(value, str):
        return to_datetime(_parsed(value, zone), zone)
    return _refuse(value)


def to_time(value: object, zone: tzinfo | None) -> time | None:
    """A time of day or blank: of a date-time in `zone`, of a number the fraction of the day, of a text 6:00 or 6 PM."""
    if value is None or isinstance(value, time):
        return value
    if isinstance(value, datetime):
        return local_time(value, needed(zone)).time()
    if isinstance(value, date):
        return time()
    if isinstance(value, timedelta):
        return time_of_part(days_of(value))
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        return time_of_part(to_number(value))
    if isinstance(value, str):
        clock = parse_time(value)
        return to_time(_parsed(value, zone or UTC), zone or UTC) if clock is None else clock
    return _refuse(value)


def to_duration(value: object) -> timedelta | None:
    """A duration or blank: of a number so many days, of a time how long after midnight, of a text 26:30."""
    if value is None or isinstance(value, timedelta):
        return value
    if isinstance(value, time):
        return since_midnight(value)
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        return duration_of_days(to_number(value))
    span = parse_duration(value) if isinstance(value, str) else None
    return _refuse(value) if span is None else span


def to_record(value: object) -> UUID | None:
    """A record id or blank."""
    if value is None or isinstance(value, UUID):
        return value
    return _refuse(value)


def fold(text: str) -> str:
    """The form in which texts are compared: letter case and Unicode composition (NFC, NFD) do not count."""
    return text.lower() if text.isascii() else unicodedata.normalize("NFC", text).casefold()


def needed(zone: tzinfo | None) -> tzinfo:
    """`zone`, which the caller must have given.

    Raises:
        ValueError: a formula that depends on the time zone was evaluated without a `Situation`.
    """
    if zone is None:
        raise ValueError("this formula needs a Situation: it depends on the time zone")
    return zone


def _parsed(text: str, zone: tzinfo | None) -> date | datetime:
    moment = parse_moment(text, needed(zone))
    if moment is None:
        raise Failure(WRONG_VALUE)
    return moment


def _refuse(value: object) -> NoReturn:
    if isinstance(value, ErrorValue):
        raise Failure(value)
    if isinstance(value, float):
        raise TypeError("floats never enter formulas")
    raise Failure(WRONG_VALUE)
