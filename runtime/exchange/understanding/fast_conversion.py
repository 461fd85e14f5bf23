"""Whole blocks to values at once; where a block needs a closer look at its cells, these give None."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from runtime.exchange.cells import BOOLS, DATES, FLOATS, MOMENTS, SHARED, SIGNIFICANT, TEXTS
from runtime.exchange.columns import ColumnPlan
from runtime.exchange.understanding.as_type import LINE
from runtime.exchange.understanding.facts import LOSSY
from runtime.fields import field_types
from runtime.numbers import LARGEST

LONGEST_TEXT = 32_767
DAY = 86_400_000_000
UTC_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH = UTC_EPOCH.replace(tzinfo=None)
_FIGURES = "0123456789.-\x00"
_SAFE_DIGITS = 15
_ISO_DAYS = re.compile(r"(?:\d{4}-\d\d-\d\d(?:\x00|\Z))+")
_ISO_MOMENTS = re.compile(r"(?:\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d)?(?:\x00|\Z))+")
Way = Callable[[Sequence[Any]], list[Any] | None]
"""Converts a block without blanks."""


def ways(column: ColumnPlan, zone: tzinfo | None) -> dict[str, Way]:
    """Ways to convert a whole block by its kind."""
    field_type = column.field_type
    if field_type == "date":
        return {DATES: lambda days: list(map(date.fromordinal, days)), **_texts(_days_of)}
    if field_type == "boolean":
        return {BOOLS: lambda cells: list(map(bool, cells))}
    if field_type in ("decimal", "money", "percent"):
        return {
            FLOATS: lambda numbers: exact_all(numbers, places_of(column)),
            **({} if column.comma else _texts(lambda texts: _exact_of(texts, places_of(column)))),
        }
    if field_type == "integer":
        return {FLOATS: whole_all, **({} if column.comma else _texts(_whole_of))}
    if field_type == "date_time":
        offsets = Offsets(zone)
        return {
            MOMENTS: lambda numbers: _moments_all(numbers, offsets),
            **_texts(lambda texts: _moments_of(texts, offsets)),
        }
    if field_type == "choice":
        options = set(column.props.get("options", ()))
        return {SHARED: lambda texts: list(texts) if options.issuperset(texts) else None}
    if field_type == "relation":
        return _texts(list)
    if field_type in ("text", "long_text"):
        return _as_texts(column)
    return _texts(_written(field_type)) if field_type in ("email", "phone", "url") else {}


def _texts(way: Way) -> dict[str, Way]:
    return dict.fromkeys((TEXTS, SHARED), way)


def _written(name: str) -> Way:
    """Texts that are written already as the field keeps them."""
    kind = field_types[name]
    props = kind.read({})
    return lambda texts: list(texts) if kind.surely_legal(texts, props) else None


def _as_texts(column: ColumnPlan) -> dict[str, Way]:
    line = column.field_type == "text"
    most = column.props.get("max_length", LINE) if line else LONGEST_TEXT
    return {
        **_texts(lambda texts: _texts_all(texts, most, line)),
        FLOATS: lambda numbers: _figures_all(numbers, column.pad),
    }


def _figures_all(numbers: Sequence[float], pad: int) -> list[Any] | None:
    whole = whole_all(numbers)
    if whole is None or not pad:
        return whole and list(map(str, whole))
    return [str(number).rjust(pad, "0") for number in whole]


def _texts_all(texts: Sequence[str], most: int, line: bool) -> list[Any] | None:
    if max(map(len, texts), default=0) > most or (line and "\n" in "\x00".join(texts)):
        return None
    return list(texts)


def _whole_of(texts: Sequence[str]) -> list[Any] | None:
    """Texts of digits only."""
    joined = "".join(texts)
    if not (joined.isdigit() and joined.isascii()) or max(map(len, texts)) > _SAFE_DIGITS:
        return None
    return list(map(int, texts))


def _exact_of(texts: Sequence[str], places: int) -> list[Any] | None:
    """Texts of digits, point and sign."""
    different = set(texts)
    joined = "\x00".join(different)
    if joined.strip(_FIGURES) or ".\x00" in f"{joined}\x00" or max(map(len, different)) > _SAFE_DIGITS - places:
        return None
    try:
        quantum = Decimal(1).scaleb(-places)
        if 2 * len(different) > len(texts):
            return [Decimal(text).quantize(quantum, ROUND_HALF_UP) for text in texts]
        found = {text: Decimal(text).quantize(quantum, ROUND_HALF_UP) for text in different}
    except ArithmeticError:
        return None
    return list(map(found.__getitem__, texts))


def _days_of(texts: Sequence[str]) -> list[Any] | None:
    """Texts such as 2024-03-05."""
    different = set(texts)
    if not _ISO_DAYS.fullmatch("\x00".join(different)):
        return None
    try:
        found = {text: date.fromisoformat(text) for text in different}
    except ValueError:
        return None
    return list(map(found.__getitem__, texts))


def _moments_of(texts: Sequence[str], offsets: Offsets) -> list[Any] | None:
    """Texts such as 2024-03-05 14:30:59."""
    if not _ISO_MOMENTS.fullmatch("\x00".join(texts)):
        return None
    read = datetime.fromisoformat
    try:
        return [read(f"{text}+00:00") - offsets.at(text[:10], text[11:16]) for text in texts]
    except (ValueError, OverflowError, OSError):
        return None


class Offsets:
    """How far local moments are ahead of UTC, looked up once a day, or once each half hour of a day that changes it.

    Args:
        zone: None is the machine's.
    """

    def __init__(self, zone: tzinfo | None) -> None:
        self._zone = zone
        self._known: dict[str, timedelta | None] = {}
        self._days: dict[int, timedelta | None] = {}

    def of(self, number: int) -> timedelta:
        """The offset of a moment in microseconds since 1970."""
        day = number // DAY
        found = self._days.get(day)
        if found is None:
            text = str(EPOCH + timedelta(0, 0, number))
            found = self.at(text[:10], text[11:16])
            self._days[day] = self._known[text[:10]]
        return found

    def at(self, day: str, clock: str) -> timedelta:
        """The offset of a moment: 2024-03-05, 14:30."""
        if day not in self._known:
            first, last = self._look_up(f"{day} 00:00"), self._look_up(f"{day} 23:59")
            self._known[day] = first if first == last else None
        found = self._known[day]
        if found is not None:
            return found
        half_hour = f"{day} {clock[:3]}{'00' if clock[3:] < '30' else '30'}"
        found = self._known.get(half_hour)
        if found is None:
            found = self._known[half_hour] = self._look_up(half_hour)
        return found

    def _look_up(self, moment: str) -> timedelta:
        local = datetime.fromisoformat(moment)
        zoned = local.replace(tzinfo=self._zone) if self._zone else local
        return local - zoned.astimezone(UTC).replace(tzinfo=None)


def _moments_all(moments: Sequence[int], offsets: Offsets) -> list[Any] | None:
    """Moments in UTC."""
    try:
        return [UTC_EPOCH + timedelta(0, 0, number) - offsets.of(number) for number in moments]
    except (ValueError, OverflowError, OSError):
        return None


def places_of(column: ColumnPlan) -> int:
    """Places behind the point that values of the column keep; a percentage has two more than its figure."""
    return int(column.props.get("decimals", 0)) + (2 if column.field_type == "percent" else 0)


def whole_all(numbers: Sequence[float]) -> list[Any] | None:
    """Whole numbers that Excel keeps exactly."""
    if not all(map(float.is_integer, numbers)) or max(map(abs, numbers), default=0) >= LOSSY:
        return None
    return list(map(int, numbers))


def exact_all(numbers: Sequence[float], places: int) -> list[Any] | None:
    """Numbers as Excel shows them, with so many places; each different one is worked out once."""
    if max(map(abs, numbers), default=0) >= LARGEST // 10**places:
        return None
    quantum = Decimal(1).scaleb(-places)
    shown = f"{{:.{SIGNIFICANT}g}}".format
    different = set(numbers)
    if 2 * len(different) > len(numbers):
        return [Decimal(shown(number)).quantize(quantum, ROUND_HALF_UP) for number in numbers]
    found = {number: Decimal(shown(number)).quantize(quantum, ROUND_HALF_UP) for number in different}
    return list(map(found.__getitem__, numbers))
