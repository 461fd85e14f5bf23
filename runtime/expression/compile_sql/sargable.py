"""Comparisons and blank tests that an index can serve: plain SQL on raw columns, TRUE or FALSE and never NULL."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, InvalidOperation
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, true

from runtime.expression.operators import MIRRORED, comparison
from runtime.expression.schema import Reference
from runtime.expression.typed import Constant, Field, Typed
from runtime.expression.wire import raw_value
from runtime.value.conversions import fold
from runtime.value.decimals import ZERO
from runtime.value.types import Kind

Column = Callable[[Reference], ColumnElement[Any]]
Condition = ColumnElement[bool]

_LARGEST_INTEGER = 2**63 - 1
_ORDERING: dict[str, Callable[[Any, Any], Condition]] = {
    "less": lambda left, right: left < right,
    "at_most": lambda left, right: left <= right,
    "greater": lambda left, right: left > right,
    "at_least": lambda left, right: left >= right,
}


def compared(operator: str, left: Typed, right: Typed, column: Column) -> Condition | None:
    """The comparison in plain SQL, or None where it needs computing."""
    if isinstance(left, Constant) and isinstance(right, Field):
        left, right, operator = right, left, MIRRORED[operator]
    if not isinstance(left, Field):
        return None
    if isinstance(right, Constant):
        return _with_constant(operator, left.reference, right.value, column)
    if isinstance(right, Field):
        return _of_columns(operator, left.reference, right.reference, column)
    return None


def blank(reference: Reference, column: Column) -> Condition:
    """Whether a column is blank; an empty text is."""
    element = column(reference)
    return or_(element.is_(None), element == "") if reference.type.kind is Kind.TEXT else element.is_(None)


def same(element: ColumnElement[Any], value: object) -> Condition:
    """Whether a column has this value, which is not blank; an index serves it on every engine."""
    return and_(element == value, element.is_not(None))


def different(element: ColumnElement[Any], value: object) -> Condition:
    """Whether a column has another value than this, which is not blank; blank is another one."""
    return or_(element != value, element.is_(None))


def _with_constant(operator: str, reference: Reference, value: object, column: Column) -> Condition | None:
    match reference.type.kind:
        case Kind.NUMBER if reference.scale is not None and isinstance(value, Decimal):
            return _scaled(operator, column(reference), value, reference.scale)
        case Kind.CHOICE if isinstance(value, str) and operator in ("equal", "differs"):
            return _choice(operator, column(reference), reference, value)
        case Kind.BOOL if isinstance(value, bool) and operator in ("equal", "differs"):
            return (same if (operator == "equal") is value else different)(column(reference), 1)
        case Kind.DATE | Kind.DATETIME | Kind.RECORD:
            return _blank_kept(operator, column(reference), raw_value(value))
    return None


def _of_columns(operator: str, left: Reference, right: Reference, column: Column) -> Condition | None:
    kind = left.type.kind
    if kind is not right.type.kind:
        return None
    one, other = column(left), column(right)
    if kind in (Kind.DATE, Kind.DATETIME) or (kind is Kind.RECORD and operator not in _ORDERING):
        if operator in _ORDERING:
            return and_(_ORDERING[operator](one, other), one.is_not(None), other.is_not(None))
        return one.is_not_distinct_from(other) if operator == "equal" else one.is_distinct_from(other)
    if kind is Kind.NUMBER and left.scale is not None and left.scale == right.scale:
        return _plain(operator, func.coalesce(one, 0), func.coalesce(other, 0))
    return None


def _plain(operator: str, left: Any, right: Any) -> Condition:
    if operator in _ORDERING:
        return _ORDERING[operator](left, right)
    result: Condition = left == right if operator == "equal" else left != right
    return result


def _blank_kept(operator: str, element: ColumnElement[Any], value: object) -> Condition | None:
    """Dates and records: blank equals blank and is neither before nor after anything."""
    if operator in _ORDERING:
        return false() if value is None else and_(_ORDERING[operator](element, value), element.is_not(None))
    if value is None:
        return element.is_(None) if operator == "equal" else element.is_not(None)
    return (same if operator == "equal" else different)(element, value)


def _scaled(operator: str, element: ColumnElement[Any], value: Decimal, scale: int) -> Condition:
    """A column of integers (value * 10**scale) against a number; a blank column counts as 0."""
    blank_fits = comparison(operator, Kind.NUMBER)(ZERO, value)
    test = _integer_test(operator, value, scale)
    if test is None:
        return true() if blank_fits else false()
    if operator == "equal" and not blank_fits:
        return same(element, test[1])
    if operator == "differs" and blank_fits:
        return different(element, test[1])
    condition = _plain(test[0], element, test[1])
    return or_(condition, element.is_(None)) if blank_fits else and_(condition, element.is_not(None))


def _integer_test(operator: str, value: Decimal, scale: int) -> tuple[str, int] | None:
    """Operator and integer that say the same of the raw column; None where every integer gives the same answer."""
    try:
        exact = value.scaleb(scale)
        below, above = (exact.to_integral_value(way) for way in (ROUND_FLOOR, ROUND_CEILING))
    except InvalidOperation:
        return None
    if abs(exact) > _LARGEST_INTEGER:
        return None
    if below == above:
        return operator, int(exact)
    if operator in ("equal", "differs"):
        return None
    return ("at_most", int(below)) if operator in ("less", "at_most") else ("at_least", int(above))


def _choice(operator: str, element: ColumnElement[Any], reference: Reference, label: str) -> Condition:
    """A choice by the ids of the options with that label; blank is a label of its own, the empty one."""
    ids = [option for option, each in reference.options if fold(each) == fold(label)]
    if not label:
        inside: Condition = or_(element.is_(None), element.in_(ids)) if ids else element.is_(None)
        outside: Condition = and_(element.is_not(None), element.not_in(ids)) if ids else element.is_not(None)
    elif not ids:
        inside, outside = false(), true()
    elif len(ids) == 1:
        inside, outside = same(element, ids[0]), different(element, ids[0])
    else:
        inside = and_(element.in_(ids), element.is_not(None))
        outside = or_(element.not_in(ids), element.is_(None))
    return inside if operator == "equal" else outside
