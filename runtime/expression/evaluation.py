"""One formula on the spot: values by name in, a plain Python value or a `FormulaError` out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from math import isfinite
from typing import Any
from uuid import UUID

from runtime.clock import SystemClock
from runtime.dates import local_zone
from runtime.errors import Sentence
from runtime.expression.blame import place_of_error
from runtime.expression.check import Checked, check
from runtime.expression.compile_python import Evaluate, compile_typed
from runtime.expression.schema import Reference
from runtime.expression.tokens import LONGEST_FORMULA
from runtime.value.decimals import CONTEXT, TROUBLE
from runtime.value.error_values import BROKEN_REFERENCE, ERRORS, OUT_OF_RANGE, UNKNOWN_NAME, WRONG_VALUE, ErrorValue
from runtime.value.situation import Situation
from runtime.value.types import (
    ANY,
    BLANK,
    BOOL,
    DATE,
    DATETIME,
    DURATION,
    NUMBER,
    RECORD,
    TEXT,
    TIME,
    ValueType,
    common_type,
    list_of,
)


@dataclass(frozen=True, slots=True)
class FormulaError:
    """What a formula yields where it yields no value.

    Attributes:
        code: the code of Excel: #DIV/0! #VALUE! #N/A #NUM! #REF! #NAME?; of a text that is no formula #VALUE!.
        message: what is wrong and what to do, in words.
        start, end: the characters of the formula that are to blame, counted from 0; `end` is the one after.
    """

    code: str
    message: Sentence = ""
    start: int = 0
    end: int = 0

    def __str__(self) -> str:
        message = self.message or (ERRORS[self.code].message if self.code in ERRORS else "")
        return f"{self.code} {message}".rstrip()


def evaluate(formula: str, values: Mapping[str, Any] | None = None, situation: Situation | None = None) -> Any:
    """The result of a formula; whatever its text is, nothing is raised for it.

    Args:
        formula: with or without `=` at its start, fields in braces: `{单价}*{数量}`. An empty text yields None.
        values: field name -> value: int, float (meant as its shortest decimal text), Decimal, str, bool, date,
            datetime, time, timedelta, UUID of a record, None (blank), `FormulaError` (the field is in error), a list
            or tuple of those (lists inside lists count as one list). A mapping is a record, a list of mappings a
            sub-form: their fields are read as `{客户}.{等级}`. Types of fields are those of their values. Mappings
            such as `{"date": "2024-05-17"}` (also datetime, time, duration, error) are such values.
        situation: time, zone and person for TODAY, NOW and the like; None: now, and the zone of this machine.

    Returns:
        Decimal, str, bool, date, datetime, time, timedelta, UUID, list, None, or a `FormulaError`. A date-time without
        offset is meant and given back as clocks in the zone show it; if one with an offset is among the values, results
        have the offset of the zone.

    Raises:
        TypeError: `formula` is no text, or a value is nothing a formula can compute with.
    """
    if not isinstance(formula, str):
        raise TypeError(f"a formula is a text, not {type(formula).__name__}")
    now = situation or Situation(SystemClock().now(), local_zone())
    row = _Row(values or {}, now)
    if not formula.strip():
        return None
    prepare = _prepared if len(formula) <= LONGEST_FORMULA else _prepared.__wrapped__
    checked, run = prepare(formula, tuple((name, _type_of(value)) for name, value in row.values.items()))
    if run is None:
        return _first_problem(checked)
    result = run(row.values, now)
    if isinstance(result, ErrorValue):
        return _located(result, checked, row.values, now, len(formula))
    return row.plain(result)


@lru_cache(maxsize=1024)
def _prepared(formula: str, types: tuple[tuple[str, ValueType], ...]) -> tuple[Checked, Evaluate | None]:
    checked = check(formula, _Names(dict(types)))
    node = checked.node or checked.damaged
    return checked, compile_typed(node).evaluate if node is not None else None


def _first_problem(checked: Checked) -> FormulaError:
    problem = next(problem for problem in checked.problems if problem.stops)
    error = UNKNOWN_NAME if problem.code == "brackets_missing" else WRONG_VALUE
    return FormulaError(error.code, problem.message, problem.start, problem.end)


def _located(
    error: ErrorValue, checked: Checked, values: Mapping[str, Any], situation: Situation, length: int
) -> FormulaError:
    """The error with its place, and in the words of the checker where it foresaw it."""
    start, end = place_of_error(checked, values, situation) or (0, length)
    foreseen = (each for each in checked.problems if each.stops and start <= each.start and each.end <= end)
    problem = next(foreseen, None) if error in _FORESEEN else None
    if problem is not None:
        return FormulaError(error.code, problem.message, problem.start, problem.end)
    return FormulaError(error.code, error.message, start, end)


_FORESEEN = (WRONG_VALUE, UNKNOWN_NAME, BROKEN_REFERENCE)


class _Names:
    """The schema that values by name make."""

    def __init__(self, types: Mapping[str, ValueType]) -> None:
        self._types = types
        self._by_name = {name.strip().casefold(): name for name in reversed(list(types))}

    def resolve(self, path: tuple[str, ...]) -> Reference | None:
        """The value called so; of a sub-form without rows every field is an empty list."""
        for length in range(len(path), 0, -1):
            name = ".".join(path[:length])
            key = name if name in self._types else self._by_name.get(name.strip().casefold())
            if key is not None and (length == len(path) or self._types[key] == list_of(BLANK)):
                return Reference(key, (key,), (key,), self._types[key])
        return None

    def labels(self, path: tuple[str, ...]) -> list[str]:
        """The names that may follow `path`."""
        start = "".join(f"{name}." for name in path)
        return [name.removeprefix(start) for name in self._types if name.startswith(start)]


class _Row:
    """Values as evaluations take them, and results as callers get them."""

    def __init__(self, values: Mapping[str, Any], situation: Situation) -> None:
        if not isinstance(values, Mapping):
            raise TypeError(f"values are a mapping from name to value, not {type(values).__name__}")
        self._zone = situation.zone
        self._offsets = False
        self.values: dict[str, Any] = {}
        for name, value in values.items():
            if not isinstance(name, str):
                raise TypeError(f"the name of a value is a text, not {name!r}")
            self._put(name, value)

    def _put(self, name: str, value: Any) -> None:
        if isinstance(value, Mapping) and not _is_tagged(value):
            for below, each in value.items():
                self._put(f"{name}.{below}", each)
        elif isinstance(value, list | tuple) and value and all(map(_is_record, value)):
            for below in dict.fromkeys(key for each in value for key in each):
                self._put(f"{name}.{below}", [each.get(below) for each in value])
        else:
            self.values[name] = self._taken(name, value)

    def _taken(self, name: str, value: Any) -> Any:
        if isinstance(value, list | tuple):
            return tuple(self._items(name, value))
        if isinstance(value, Mapping):
            value = _untagged(name, value)
        if isinstance(value, datetime):
            return self._moment(value)
        return _canonical(name, value)

    def _items(self, name: str, values: Sequence[Any]) -> list[Any]:
        found: list[Any] = []
        for each in values:
            taken = self._taken(name, each)
            found.extend(taken if isinstance(taken, tuple) else (taken,))
        return found

    def _moment(self, moment: datetime) -> Any:
        self._offsets |= moment.tzinfo is not None
        try:
            return (moment if moment.tzinfo is not None else moment.replace(tzinfo=self._zone)).astimezone(UTC)
        except OverflowError:
            return OUT_OF_RANGE

    def plain(self, value: Any) -> Any:
        """A result as the caller gets it."""
        if isinstance(value, datetime):
            try:
                local = value.astimezone(self._zone)
            except OverflowError:
                return FormulaError(OUT_OF_RANGE.code, OUT_OF_RANGE.message)
            return local if self._offsets else local.replace(tzinfo=None)
        if isinstance(value, tuple):
            return [self.plain(each) for each in value]
        if isinstance(value, ErrorValue):
            return FormulaError(value.code, value.message)
        return value


_SIMPLE: dict[type, ValueType] = {
    Decimal: NUMBER,
    str: TEXT,
    bool: BOOL,
    date: DATE,
    datetime: DATETIME,
    time: TIME,
    timedelta: DURATION,
    UUID: RECORD,
}


def _type_of(value: Any) -> ValueType:
    if isinstance(value, tuple):
        classes = {each.__class__ for each in value} - {type(None), ErrorValue}
        return list_of(common_type(*(_SIMPLE[each] for each in classes)) if classes or not value else ANY)
    return _SIMPLE.get(value.__class__, ANY)


def _canonical(name: str, value: Any) -> Any:
    """A single value of one of the classes above."""
    if value is None or value.__class__ in _SIMPLE:
        return _finite(value) if isinstance(value, Decimal) else value
    if isinstance(value, ErrorValue | FormulaError):
        return ERRORS.get(value.code, WRONG_VALUE)
    if isinstance(value, float):
        return _finite(Decimal(repr(float(value)))) if isfinite(value) else OUT_OF_RANGE
    for class_, make in _SUBCLASSES:
        if isinstance(value, class_):
            return make(value)
    raise TypeError(f"“{name}”: a formula cannot compute with {type(value).__name__}")


def _finite(number: Decimal) -> Decimal | ErrorValue:
    try:
        return CONTEXT.create_decimal(number) if number.is_finite() else OUT_OF_RANGE
    except TROUBLE:
        return OUT_OF_RANGE


_SUBCLASSES: tuple[tuple[type, Any], ...] = (
    (int, lambda value: _finite(Decimal(int(value)))),
    (Decimal, lambda value: _finite(Decimal(value))),
    (str, str.__str__),
    (date, lambda value: date(value.year, value.month, value.day)),
    (timedelta, lambda value: timedelta(value.days, value.seconds, value.microseconds)),
    (UUID, lambda value: UUID(int=value.int)),
)

_TAGS: dict[str, Any] = {
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "time": time.fromisoformat,
    "duration": lambda seconds: timedelta(seconds=float(seconds)),
    "error": FormulaError,
}


def _is_tagged(value: Mapping[Any, Any]) -> bool:
    """Whether this is one value, such as {"date": "2024-05-17"}, and no record."""
    return len(value) == 1 and next(iter(value)) in _TAGS


def _is_record(value: object) -> bool:
    return isinstance(value, Mapping) and not _is_tagged(value)


def _untagged(name: str, value: Mapping[Any, Any]) -> Any:
    if not _is_tagged(value):
        raise TypeError(f"“{name}”: a formula cannot compute with a record among other values")
    tag, written = next(iter(value.items()))
    try:
        return _TAGS[tag](written)
    except (ValueError, TypeError, OverflowError):
        raise TypeError(f"“{name}”: {written!r} is no {tag}") from None
