"""Goes on with a series: numbers by their step, dates by day or month, texts by the number at their end."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from runtime.dates import local_zone

_NUMBERED = re.compile(r"(.*?)([0-9]{1,15})", re.DOTALL)
_QUARTER = re.compile(r"Q[1-4]")


def continued(values: Sequence[Any], count: int, *, backwards: bool = False) -> list[Any]:
    """The `count` values that follow `values` (or that come before them, the nearest first).

    One number or date of a kind that has no step of its own is repeated; one day goes on by days, one text that ends
    in a number by one. What is no series is repeated as it stands.
    """
    given = list(reversed(values)) if backwards else list(values)
    if not given or count <= 0:
        return []
    follow = _rule(given, -1 if backwards else 1)
    try:
        return [follow(at) for at in range(count)] if follow is not None else _repeated(given, count)
    except (OverflowError, ValueError):  # the series leaves the calendar
        return _repeated(given, count)


def _repeated(given: Sequence[Any], count: int) -> list[Any]:
    return [given[at % len(given)] for at in range(count)]


def _rule(given: Sequence[Any], way: int) -> Any:
    """The function at -> the value after `at` others; None where there is no series."""
    kinds = {type(value) for value in given}
    if kinds <= {int, Decimal}:
        return _numbers(given)
    if kinds == {datetime}:
        return _moments(given, way)
    if kinds == {date}:
        return _days(given, way)
    return _texts(given, way) if kinds == {str} else None


def _even(steps: Sequence[Any]) -> bool:
    return len(set(steps)) == 1


def _numbers(given: Sequence[Any]) -> Any:
    steps = [after - before for before, after in pairwise(given)]
    if not _even(steps):
        return None
    last, step = given[-1], steps[0]
    return lambda at: last + step * (at + 1)


def _days(given: Sequence[date], way: int) -> Any:
    last = given[-1]
    if len(given) == 1:
        return lambda at: last + timedelta(days=way * (at + 1))
    steps = [after - before for before, after in pairwise(given)]
    if (months := _months(given)) is not None:
        day = max(each.day for each in given)
        return lambda at: _moved(last, months * (at + 1), day)
    step = steps[0]
    return (lambda at: last + step * (at + 1)) if _even(steps) else None


def _moments(given: Sequence[datetime], way: int) -> Any:
    """As days are, by the clock of this machine: noon stays noon when summer time begins."""
    local = [value.astimezone(local_zone()).replace(tzinfo=None) for value in given]
    clock = {value.time() for value in local}
    if len(clock) == 1:
        rule = _days([value.date() for value in local], way)
        time = clock.pop()
        return None if rule is None else lambda at: _in_utc(datetime.combine(rule(at), time))
    steps = [after - before for before, after in pairwise(given)]
    last, step = given[-1], steps[0]
    return (lambda at: last + step * (at + 1)) if _even(steps) else None


def _in_utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=local_zone()).astimezone(UTC)


def _months(given: Sequence[date]) -> int | None:
    """By how many months the dates go on: on the same day, or on the last one where a month has no such day."""
    numbers = [each.year * 12 + each.month for each in given]
    steps = [after - before for before, after in pairwise(numbers)]
    day = max(each.day for each in given)
    same = all(each.day == min(day, calendar.monthrange(each.year, each.month)[1]) for each in given)
    return steps[0] if _even(steps) and steps[0] and same else None


def _moved(day: date, months: int, wanted: int) -> date:
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    return date(year, month + 1, min(wanted, calendar.monthrange(year, month + 1)[1]))


def _texts(given: Sequence[str], way: int) -> Any:
    parts = [_NUMBERED.fullmatch(text) for text in given]
    found = [match for match in parts if match is not None]
    if len(found) < len(given) or len({match[1] for match in found}) > 1:
        return None
    numbers = [int(match[2]) for match in found]
    steps = [after - before for before, after in pairwise(numbers)] or [way]
    if not _even(steps):
        return None
    head, width = found[-1][1], len(found[-1][2]) if found[-1][2].startswith("0") else 0
    last, step = numbers[-1], steps[0]
    if all(map(_QUARTER.fullmatch, given)):
        return lambda at: f"Q{(last - 1 + step * (at + 1)) % 4 + 1}"
    return lambda at: f"{head}{abs(last + step * (at + 1)):0{width}d}"
