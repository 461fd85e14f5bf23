"""Lists and sub-forms: SUM, AVERAGE, PRODUCT, SUMPRODUCT, COUNT, COUNTA, COUNTBLANK, UNIQUE, IN, FIRST, LAST.

Blank items never count; texts and yes/no do not add up.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from resources.texts import T
from runtime.functions import Group, Param, function, items_of
from runtime.value import aggregates
from runtime.value.aggregates import as_list, mean, numbers_of
from runtime.value.conversions import fold, is_blank
from runtime.value.decimals import CONTEXT, ONE, ZERO
from runtime.value.error_values import WRONG_VALUE, Failure
from runtime.value.types import ANY, BOOL, NUMBER, ValueType, common_type, list_of

_NUMBERS = Param(T("number"), NUMBER, spread=True)
_VALUES = Param(T("value"), ANY, spread=True)
_LIST = Param(T("list"))


@function(
    "SUM",
    Group.LISTS,
    NUMBER,
    _NUMBERS,
    repeats=1,
    aliases=("求和", "合计"),
    help=T("The sum of numbers and of all numbers in lists. Blank values and texts do not count."),
    example="SUM(1, 2, 3)",
    shows="6",
)
def sum_(*items: object) -> Decimal:
    """0 where there is no number."""
    return aggregates.total(numbers_of(items))


@function(
    "AVERAGE",
    Group.LISTS,
    NUMBER,
    _NUMBERS,
    repeats=1,
    aliases=("平均", "平均值"),
    help=T("The mean of the numbers; #DIV/0! where there is none. Blank values and texts do not count."),
    example="AVERAGE(1, 2, 6)",
    shows="3",
)
def average(*items: object) -> Decimal:
    """Sum by count of the numbers."""
    return mean(numbers_of(items))


def _product(numbers: Sequence[Decimal]) -> Decimal:
    result = ONE
    for number in numbers:
        result = CONTEXT.multiply(result, number)
    return result


@function(
    "PRODUCT",
    Group.LISTS,
    NUMBER,
    _NUMBERS,
    repeats=1,
    aliases=("乘积", "求积"),
    help=T("All numbers multiplied; 0 where there is none. Blank values and texts do not count."),
    example="PRODUCT(2, 3, 4)",
    shows="24",
)
def product(*items: object) -> Decimal:
    """Of values and lists."""
    numbers = numbers_of(items)
    return _product(numbers) if numbers else ZERO


def _counted(item: object) -> object:
    return item if not isinstance(item, bool) else ONE if item else ZERO


@function(
    "SUMPRODUCT",
    Group.LISTS,
    NUMBER,
    _LIST,
    repeats=1,
    aliases=("乘积和",),
    help=T("Multiplies the items of lists that stand in one place, row by row, and adds up the results."),
    example="SUMPRODUCT(3, 4)",
    shows="12",
)
def sumproduct(*lists: object) -> Decimal:
    """Yes is 1, no and all else that is no number 0; #VALUE! for lists of different lengths."""
    columns = [[_counted(item) for item in items_of(as_list(each))] for each in lists]
    if len({len(column) for column in columns}) > 1:
        raise Failure(WRONG_VALUE)
    rows = [numbers_of(row) for row in zip(*columns, strict=True)]
    return aggregates.total(_product(row) for row in rows if len(row) == len(columns))


@function(
    "COUNT",
    Group.LISTS,
    NUMBER,
    Param(T("value"), ANY, spread=True, reads=True),
    repeats=1,
    aliases=("计数", "数字个数"),
    help=T("How many of the values are numbers or dates."),
    example='COUNT(1, "a", 3)',
    shows="2",
)
def count(*items: object) -> Decimal:
    """Numbers, dates and date-times."""
    return Decimal(sum(isinstance(item, Decimal | date) for item in items))


@function(
    "COUNTA",
    Group.LISTS,
    NUMBER,
    _VALUES,
    repeats=1,
    aliases=("非空计数", "非空个数"),
    help=T("How many of the values are not blank."),
    example='COUNTA(1, "a", "")',
    shows="2",
)
def counta(*items: object) -> Decimal:
    """An empty text is blank."""
    return Decimal(sum(not is_blank(item) for item in items))


@function(
    "COUNTBLANK",
    Group.LISTS,
    NUMBER,
    _VALUES,
    repeats=1,
    aliases=("空值计数", "空值个数"),
    help=T("How many of the values are blank."),
    example='COUNTBLANK(1, "a", "")',
    shows="1",
)
def countblank(*items: object) -> Decimal:
    """An empty text is blank."""
    return Decimal(sum(is_blank(item) for item in items))


def _item_type(types: Sequence[ValueType]) -> ValueType:
    return common_type(*(each.item if each.item is not None else each for each in types))


def _identity(item: object) -> object:
    return fold(item) if isinstance(item, str) else (type(item), item)


@function(
    "UNIQUE",
    Group.LISTS,
    lambda types: list_of(_item_type(types)),
    _VALUES,
    repeats=1,
    aliases=("去重",),
    help=T("The different values of a list, each once, in the order of their first places. Blank values are left out."),
    example="COUNT(UNIQUE(3, 5, 3))",
    shows="2",
)
def unique(*items: object) -> tuple[object, ...]:
    """Texts are one where only letter case differs; the first spelling stays."""
    first: dict[object, object] = {}
    for item in items:
        if not is_blank(item):
            first.setdefault(_identity(item), item)
    return tuple(first.values())


@function(
    "IN",
    Group.LISTS,
    BOOL,
    Param(T("wanted"), ANY),
    _VALUES,
    repeats=1,
    aliases=("属于", "在列表中"),
    help=T("Whether a value is one of the others, or in a list; letter case does not count."),
    example='IN("b", SPLIT("a,b", ","))',
    shows="TRUE",
)
def in_(wanted: object, *items: object) -> bool:
    """Compared as UNIQUE does; a blank value is in no list."""
    return not is_blank(wanted) and _identity(wanted) in map(_identity, items)


@function(
    "FIRST",
    Group.LISTS,
    _item_type,
    _LIST,
    aliases=("首个",),
    help=T("The first value of a list that is not blank."),
    example="FIRST(UNIQUE(3, 5, 4))",
    shows="3",
)
def first(items: object) -> object:
    """Blank where all are."""
    return next((item for item in items_of(as_list(items)) if not is_blank(item)), None)


@function(
    "LAST",
    Group.LISTS,
    _item_type,
    _LIST,
    aliases=("末个", "最后一个"),
    help=T("The last value of a list that is not blank."),
    example="LAST(UNIQUE(3, 5, 4))",
    shows="4",
)
def last(items: object) -> object:
    """Blank where all are."""
    return first(as_list(items)[::-1])
