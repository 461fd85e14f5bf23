"""The conditions of SUMIF and its kin: a value, or a text such as ">5", "<>x", "a*" or "=", tested against items."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from operator import ge, gt, le, lt
from typing import Any

from runtime.value.conversions import fold, is_blank, needed
from runtime.value.decimals import ZERO, parse_amount, parse_number
from runtime.value.error_values import ERRORS, WRONG_VALUE, ErrorValue, Failure
from runtime.value.moments import midnight, parse_moment
from runtime.value.wildcards import LONGEST_PATTERN, whole_wildcard

Criterion = Callable[[object], bool]
"""Whether an item meets the condition; an error as an item is an answer here, no failure."""

_MEANT = str.maketrans({"＝": "=", "＜": "<", "＞": ">", "≤": "<=", "≥": ">=", "≠": "<>"})
_OPERATORS = ("<=", ">=", "<>", "<", ">", "=")
_ORDERS: dict[str, Callable[[Any, Any], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}


def criterion(condition: object, zone: tzinfo | None) -> Criterion:
    """The test that `condition` stands for, as in Excel.

    A number equals numbers and texts that show it; a text fits with wildcards and without letter case; "=" and ""
    find blanks, "<>" what is filled; with <, <=, > and >= only items of the kind of the value can meet the condition.
    A blank condition means 0. Moments in texts are meant in `zone`. Unlike in Excel "*" alone is met by every item,
    not by texts only: a column has one type, and the condition means that anything will do.

    Raises:
        Failure: #VALUE! for a list and for a text of more than 255 characters.
    """
    if isinstance(condition, tuple) or (isinstance(condition, str) and len(condition) > LONGEST_PATTERN):
        raise Failure(WRONG_VALUE)
    if not isinstance(condition, str):
        return _equal(ZERO if condition is None else condition, zone)
    operator, rest = _split(condition)
    value = _value(rest, zone)
    if operator in _ORDERS:
        return _ordered(_ORDERS[operator], value, zone)
    test = _equal(value, zone)
    return (lambda item: not test(item)) if operator == "<>" else test


def _split(condition: str) -> tuple[str, str]:
    head = condition[:2].translate(_MEANT)
    for operator in _OPERATORS:
        if head.startswith(operator):
            taken = 1 if len(operator) == 1 or condition[0] in "≤≥≠" else 2
            return operator, condition[taken:]
    return "=", condition


def _value(text: str, zone: tzinfo | None) -> object:
    """What a text in a condition shows: a number, yes/no, a date, an error, or the text itself."""
    if text.strip().upper() in ("TRUE", "FALSE"):
        return text.strip().upper() == "TRUE"
    for found in (parse_amount(text), parse_moment(text, zone or UTC), ERRORS.get(text.strip().upper())):
        if found is not None:
            return found
    return text


def _equal(value: object, zone: tzinfo | None) -> Criterion:
    if isinstance(value, str):
        return _texts(value) if value else is_blank
    if isinstance(value, Decimal):
        return lambda item: (parse_number(item) if isinstance(item, str) else item) == value and type(item) is not bool
    if isinstance(value, date):
        return lambda item: isinstance(item, date) and _moments_alike(item, value, zone)
    return lambda item: type(item) is type(value) and item == value


def _texts(pattern: str) -> Criterion:
    if pattern == "*":
        return lambda item: True
    fits = whole_wildcard(pattern)
    return lambda item: isinstance(item, str) and fits(item)


def _ordered(order: Callable[[Any, Any], bool], value: object, zone: tzinfo | None) -> Criterion:
    if isinstance(value, str):
        bound = fold(value)
        return lambda item: bool(bound) and isinstance(item, str) and bool(item) and order(fold(item), bound)
    if isinstance(value, date):
        return lambda item: isinstance(item, date) and order(*_moments(item, value, zone))
    if isinstance(value, ErrorValue):
        return lambda item: False
    return lambda item: type(item) is type(value) and order(item, value)


def _moments(item: date, value: date, zone: tzinfo | None) -> tuple[date, date]:
    """Both as dates, or both as date-times: a date beside a date-time is its midnight."""
    if isinstance(item, datetime) is isinstance(value, datetime):
        return item, value
    if isinstance(item, datetime):
        return item, midnight(value, needed(zone))
    return midnight(item, needed(zone)), value


def _moments_alike(item: date, value: date, zone: tzinfo | None) -> bool:
    left, right = _moments(item, value, zone)
    return left == right
