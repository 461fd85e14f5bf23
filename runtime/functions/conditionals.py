"""Lists with conditions: SUMIF, SUMIFS, COUNTIF, COUNTIFS, AVERAGEIF, AVERAGEIFS, MAXIFS, MINIFS."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from decimal import Decimal
from itertools import zip_longest

from resources.texts import T
from runtime.functions import Group, Param, function, items_of
from runtime.value.aggregates import as_list, extreme, extreme_type, mean, numbers_of, total
from runtime.value.criteria import criterion
from runtime.value.error_values import WRONG_VALUE, Failure
from runtime.value.types import NUMBER, ValueType

_LIST = Param(T("list"))
_CONDITION = Param(T("condition"))
_ADDED = Param(T("list of numbers"))
_OPTIONAL = Param(T("list of numbers"), optional=True)
_MEASURED = Param(T("list of values"))


def _rows(zone: tzinfo | None, pairs: Sequence[object]) -> list[bool]:
    """For every place whether all conditions are met; `pairs` are lists and conditions by turns.

    Raises:
        Failure: #VALUE! for lists of different lengths.
    """
    tests = [
        (as_list(items), criterion(condition, zone)) for items, condition in zip(pairs[::2], pairs[1::2], strict=True)
    ]
    length = len(tests[0][0])
    if any(len(items) != length for items, _ in tests):
        raise Failure(WRONG_VALUE)
    return [all(test(items[row]) for items, test in tests) for row in range(length)]


def _chosen(zone: tzinfo | None, values: object, pairs: Sequence[object]) -> list[object]:
    """The values whose row meets all conditions; an error among them raises its `Failure`."""
    items, rows = as_list(values), _rows(zone, pairs)
    if len(items) != len(rows):
        raise Failure(WRONG_VALUE)
    return items_of([item for item, met in zip(items, rows, strict=True) if met])


def _beside(zone: tzinfo | None, items: object, condition: object, values: object) -> list[object]:
    """As `_chosen`, but a list of values that is too short lacks blanks, and what is too long does not count."""
    if values is None:
        values = items
    rows = _rows(zone, (items, condition))
    beside = zip_longest(as_list(values)[: len(rows)], rows)
    return items_of([item for item, met in beside if met])


def _measured_type(types: Sequence[ValueType]) -> ValueType:
    return extreme_type(types[:1])


@function(
    "SUMIF",
    Group.CONDITIONALS,
    NUMBER,
    _LIST,
    _CONDITION,
    _OPTIONAL,
    zoned=True,
    aliases=("条件求和",),
    help=T('Adds the numbers of a list, or of the list beside it, where a condition such as ">5" or "Li*" is met.'),
    example='SUMIF(7, ">5")',
    shows="7",
)
def sumif(zone: tzinfo | None, items: object, condition: object, numbers: object = None) -> Decimal:
    """0 where there is none."""
    return total(numbers_of(_beside(zone, items, condition, numbers)))


@function(
    "SUMIFS",
    Group.CONDITIONALS,
    NUMBER,
    _ADDED,
    _LIST,
    _CONDITION,
    zoned=True,
    repeats=2,
    aliases=("多条件求和",),
    help=T("Adds the numbers of the first list where all conditions on the lists beside it are met."),
    example='SUMIFS(7, "a", "a", 3, "<5")',
    shows="7",
)
def sumifs(zone: tzinfo | None, numbers: object, *pairs: object) -> Decimal:
    """#VALUE! for lists of different lengths."""
    return total(numbers_of(_chosen(zone, numbers, pairs)))


@function(
    "COUNTIF",
    Group.CONDITIONALS,
    NUMBER,
    _LIST,
    _CONDITION,
    zoned=True,
    aliases=("条件计数",),
    help=T('How many items of a list meet a condition such as ">5", "<>done", "Li*" or "=" for blank.'),
    example='COUNTIF(UNIQUE(4, 6, 8), ">5")',
    shows="2",
)
def countif(zone: tzinfo | None, items: object, condition: object) -> Decimal:
    """Errors among the items count where they meet it."""
    return Decimal(sum(_rows(zone, (items, condition))))


@function(
    "COUNTIFS",
    Group.CONDITIONALS,
    NUMBER,
    _LIST,
    _CONDITION,
    zoned=True,
    repeats=2,
    aliases=("多条件计数",),
    help=T("In how many rows of lists all conditions are met."),
    example='COUNTIFS(UNIQUE(4, 6, 8), ">5", UNIQUE("a", "b", "c"), "<>c")',
    shows="1",
)
def countifs(zone: tzinfo | None, *pairs: object) -> Decimal:
    """#VALUE! for lists of different lengths."""
    return Decimal(sum(_rows(zone, pairs)))


@function(
    "AVERAGEIF",
    Group.CONDITIONALS,
    NUMBER,
    _LIST,
    _CONDITION,
    _OPTIONAL,
    zoned=True,
    aliases=("条件平均",),
    help=T("The mean of the numbers of a list, or of the list beside it, where a condition is met."),
    example='AVERAGEIF(UNIQUE(4, 6, 8), ">5")',
    shows="7",
)
def averageif(zone: tzinfo | None, items: object, condition: object, numbers: object = None) -> Decimal:
    """#DIV/0! where there is none."""
    return mean(numbers_of(_beside(zone, items, condition, numbers)))


@function(
    "AVERAGEIFS",
    Group.CONDITIONALS,
    NUMBER,
    _ADDED,
    _LIST,
    _CONDITION,
    zoned=True,
    repeats=2,
    aliases=("多条件平均",),
    help=T("The mean of the numbers of the first list where all conditions on the lists beside it are met."),
    example='AVERAGEIFS(UNIQUE(4, 6, 8), UNIQUE("a", "b", "c"), "<>a")',
    shows="7",
)
def averageifs(zone: tzinfo | None, numbers: object, *pairs: object) -> Decimal:
    """#DIV/0! where there is none; #VALUE! for lists of different lengths."""
    return mean(numbers_of(_chosen(zone, numbers, pairs)))


@function(
    "MAXIFS",
    Group.CONDITIONALS,
    _measured_type,
    _MEASURED,
    _LIST,
    _CONDITION,
    zoned=True,
    repeats=2,
    aliases=("条件最大值",),
    help=T("The greatest number, or the latest date, of the first list where all conditions are met."),
    example='MAXIFS(UNIQUE(4, 6, 8), UNIQUE("a", "b", "c"), "<>c")',
    shows="6",
)
def maxifs(zone: tzinfo | None, values: object, *pairs: object) -> object:
    """None where there is none, which is the number 0; #VALUE! for lists of different lengths."""
    return extreme(max, _chosen(zone, values, pairs))


@function(
    "MINIFS",
    Group.CONDITIONALS,
    _measured_type,
    _MEASURED,
    _LIST,
    _CONDITION,
    zoned=True,
    repeats=2,
    aliases=("条件最小值",),
    help=T("The least number, or the earliest date, of the first list where all conditions are met."),
    example='MINIFS(UNIQUE(4, 6, 8), UNIQUE("a", "b", "c"), "<>a")',
    shows="6",
)
def minifs(zone: tzinfo | None, values: object, *pairs: object) -> object:
    """None where there is none, which is the number 0; #VALUE! for lists of different lengths."""
    return extreme(min, _chosen(zone, values, pairs))
