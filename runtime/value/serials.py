"""Dates and times as Excel counts them: days from 1900 and parts of a day."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal

from runtime.value.conversions import needed
from runtime.value.decimals import CONTEXT
from runtime.value.moments import local_time, to_serial
from runtime.value.times import days_of, part_of_day


def serial_of(value: date | time | timedelta, zone: tzinfo | None) -> Decimal:
    """The number Excel keeps for `value`: 45429.25 for 06:00 on 2024-05-17, 0.25 for 06:00, 1.5 for 36 hours.

    Args:
        zone: the zone in which a date-time is read.
    """
    if isinstance(value, datetime):
        local = local_time(value, needed(zone))
        return CONTEXT.add(to_serial(local.date()), part_of_day(local.time()))
    if isinstance(value, date):
        return to_serial(value)
    return part_of_day(value) if isinstance(value, time) else days_of(value)
