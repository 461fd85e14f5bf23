"""Lists and sub-forms: SUM, AVERAGE, COUNT, COUNTA. Blank items never count; texts and yes/no do not add up."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from resources.texts import T
from runtime.functions import Group, Param, function
from runtime.value.conversions import is_blank
from runtime.value.decimals import CONTEXT, ZERO
from runtime.value.error_values import DIVISION_BY_ZERO, Failure
from runtime.value.types import ANY, NUMBER

_NUMBERS = Param(T("number"), NUMBER, spread=True)
_VALUES = Param(T("value"), ANY, spread=True)


def total(numbers: list[Decimal]) -> Decimal:
    """The exact sum to 34 digits."""
    add, result = CONTEXT.add, ZERO
    for number in numbers:
        result = add(result, number)
    return result


def _numbers(items: tuple[object, ...]) -> list[Decimal]:
    return [item for item in items if isinstance(item, Decimal)]


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
    return total(_numbers(items))


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
    numbers = _numbers(items)
    if not numbers:
        raise Failure(DIVISION_BY_ZERO)
    return CONTEXT.divide(total(numbers), Decimal(len(numbers)))


@function(
    "COUNT",
    Group.LISTS,
    NUMBER,
    _VALUES,
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
