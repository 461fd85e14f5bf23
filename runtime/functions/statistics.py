"""Statistics: MEDIAN, MODE, LARGE, SMALL, RANK, PERCENTILE, QUARTILE, STDEV, VAR, AVERAGEA, MAXA, MINA."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from resources.texts import T
from runtime.functions import Group, Param, function, items_of
from runtime.value.aggregates import as_list, mean, numbers_of, total
from runtime.value.arithmetic import whole
from runtime.value.conversions import is_blank
from runtime.value.decimals import CONTEXT, ONE, ZERO
from runtime.value.error_values import DIVISION_BY_ZERO, NOT_AVAILABLE, OUT_OF_RANGE, Failure
from runtime.value.types import NUMBER

_NUMBERS = Param(T("number"), NUMBER, spread=True)
_VALUES = Param(T("value"), NUMBER, spread=True)
_LIST = Param(T("list"))
_PLACE = Param(T("place"), NUMBER)
_QUARTERS = 4


def _sorted(items: object) -> list[Decimal]:
    """The numbers of a list or a single value, the least first; #NUM! where there is none."""
    numbers = sorted(numbers_of(as_list(items)))
    if not numbers:
        raise Failure(OUT_OF_RANGE)
    return numbers


@function(
    "MEDIAN",
    Group.STATISTICS,
    NUMBER,
    _NUMBERS,
    repeats=1,
    aliases=("中位数",),
    help=T("The number in the middle: as many are less as are greater. Between two middle ones it is their mean."),
    example="MEDIAN(1, 7, 3)",
    shows="3",
)
def median(*items: object) -> Decimal:
    """#NUM! where there is no number."""
    numbers = _sorted(items)
    middle = len(numbers) // 2
    return numbers[middle] if len(numbers) % 2 else mean(numbers[middle - 1 : middle + 1])


@function(
    "MODE",
    Group.STATISTICS,
    NUMBER,
    _NUMBERS,
    repeats=1,
    aliases=("众数", "MODE.SNGL"),
    help=T("The number that occurs most often; #N/A where none occurs twice."),
    example="MODE(1, 7, 3, 7)",
    shows="7",
)
def mode(*items: object) -> Decimal:
    """Of numbers that occur equally often the one that comes first."""
    counts = Counter(numbers_of(items)).most_common(1)
    if not counts or counts[0][1] < 2:
        raise Failure(NOT_AVAILABLE)
    return counts[0][0]


@function(
    "LARGE",
    Group.STATISTICS,
    NUMBER,
    _LIST,
    _PLACE,
    aliases=("第几大",),
    help=T("The greatest number of a list, or the one at a later place: 2 is the second greatest."),
    example="LARGE(UNIQUE(3, 9, 5), 2)",
    shows="5",
)
def large(items: object, place: Decimal) -> Decimal:
    """#NUM! where the list has no such place; a fraction leads to the next place."""
    return _at(_sorted(items)[::-1], place.to_integral_value(ROUND_CEILING))


@function(
    "SMALL",
    Group.STATISTICS,
    NUMBER,
    _LIST,
    _PLACE,
    aliases=("第几小",),
    help=T("The least number of a list, or the one at a later place: 2 is the second least."),
    example="SMALL(UNIQUE(3, 9, 5), 2)",
    shows="5",
)
def small(items: object, place: Decimal) -> Decimal:
    """#NUM! where the list has no such place; a fraction does not count."""
    return _at(_sorted(items), place.to_integral_value(ROUND_FLOOR))


def _at(numbers: Sequence[Decimal], place: Decimal) -> Decimal:
    if not 1 <= place <= len(numbers):
        raise Failure(OUT_OF_RANGE)
    return numbers[int(place) - 1]


@function(
    "RANK",
    Group.STATISTICS,
    NUMBER,
    Param(T("number"), NUMBER),
    _LIST,
    Param(T("from the least"), NUMBER, optional=True),
    aliases=("排名", "RANK.EQ"),
    help=T("The place of a number among those of a list, the greatest first; with 1 at the end the least first."),
    example="RANK(5, UNIQUE(3, 9, 5))",
    shows="2",
)
def rank(number: Decimal, items: object, ascending: Decimal = ZERO) -> Decimal:
    """Equal numbers share the better place; #N/A where the list does not have the number."""
    numbers = numbers_of(as_list(items))
    if number not in numbers:
        raise Failure(NOT_AVAILABLE)
    better = [each for each in numbers if (each < number if ascending else each > number)]
    return Decimal(len(better) + 1)


def _quantile(items: object, share: Decimal) -> Decimal:
    """The number below which a share of the others lies, between two of them in proportion; #NUM! outside 0 to 1."""
    numbers = _sorted(items)
    if not 0 <= share <= 1:
        raise Failure(OUT_OF_RANGE)
    place = CONTEXT.multiply(share, Decimal(len(numbers) - 1))
    lower = whole(place)
    low, high = numbers[lower], numbers[min(lower + 1, len(numbers) - 1)]
    step = CONTEXT.multiply(CONTEXT.subtract(place, Decimal(lower)), CONTEXT.subtract(high, low))
    return CONTEXT.add(low, step)


@function(
    "PERCENTILE",
    Group.STATISTICS,
    NUMBER,
    _LIST,
    Param(T("share"), NUMBER),
    aliases=("百分位数", "PERCENTILE.INC"),
    help=T("The number below which a share of a list lies: 0.9 for nine tenths."),
    example="PERCENTILE(UNIQUE(1, 2, 3, 4), 0.5)",
    shows="2.5",
)
def percentile(items: object, share: Decimal) -> Decimal:
    """Both ends included: 0 is the least number, 1 the greatest."""
    return _quantile(items, share)


@function(
    "QUARTILE",
    Group.STATISTICS,
    NUMBER,
    _LIST,
    Param(T("quarter"), NUMBER),
    aliases=("四分位数", "QUARTILE.INC"),
    help=T("The number below which so many quarters of a list lie: 1 to 3, or 0 for the least and 4 for the greatest."),
    example="QUARTILE(UNIQUE(1, 2, 3, 4, 5), 1)",
    shows="2",
)
def quartile(items: object, quarter: Decimal) -> Decimal:
    """Both ends included; a fraction does not count."""
    return _quantile(items, CONTEXT.divide(Decimal(whole(quarter)), Decimal(_QUARTERS)))


def _variance(items: Sequence[object], missing: int) -> Decimal:
    """Mean square of the distances to the mean, of `missing` numbers less; #DIV/0! where that leaves none."""
    numbers = numbers_of(items)
    if len(numbers) <= missing:
        raise Failure(DIVISION_BY_ZERO)
    middle = mean(numbers)
    distances = [CONTEXT.subtract(number, middle) for number in numbers]
    squares = total(CONTEXT.multiply(each, each) for each in distances)
    return CONTEXT.divide(squares, Decimal(len(numbers) - missing))


@function(
    "STDEV",
    Group.STATISTICS,
    NUMBER,
    _NUMBERS,
    repeats=1,
    aliases=("标准差", "STDEV.S"),
    help=T("How far numbers lie from their mean: the standard deviation, estimated from a sample."),
    example="STDEV(2, 4, 6)",
    shows="2",
)
def stdev(*items: object) -> Decimal:
    """#DIV/0! for fewer than two numbers."""
    return CONTEXT.sqrt(_variance(items, 1))


@function(
    "STDEV.P",
    Group.STATISTICS,
    NUMBER,
    _NUMBERS,
    repeats=1,
    aliases=("总体标准差", "STDEVP"),
    help=T("How far numbers lie from their mean: the standard deviation where they are all there is."),
    example="STDEV.P(2, 4, 4, 4, 5, 5, 7, 9)",
    shows="2",
)
def stdev_p(*items: object) -> Decimal:
    """#DIV/0! where there is no number."""
    return CONTEXT.sqrt(_variance(items, 0))


@function(
    "VAR",
    Group.STATISTICS,
    NUMBER,
    _NUMBERS,
    repeats=1,
    aliases=("方差", "VAR.S"),
    help=T("The square of the standard deviation, estimated from a sample."),
    example="VAR(2, 4, 6)",
    shows="4",
)
def var(*items: object) -> Decimal:
    """#DIV/0! for fewer than two numbers."""
    return _variance(items, 1)


@function(
    "VAR.P",
    Group.STATISTICS,
    NUMBER,
    _NUMBERS,
    repeats=1,
    aliases=("总体方差", "VARP"),
    help=T("The square of the standard deviation where the numbers are all there is."),
    example="VAR.P(2, 4, 4, 4, 5, 5, 7, 9)",
    shows="4",
)
def var_p(*items: object) -> Decimal:
    """#DIV/0! where there is no number."""
    return _variance(items, 0)


def _measured(items: Sequence[object]) -> list[Decimal]:
    """Numbers, 1 for TRUE and 0 for FALSE and for texts; blank values are left out."""
    filled = [item for item in items_of(items) if not is_blank(item)]
    return [item if isinstance(item, Decimal) else ONE if item is True else ZERO for item in filled]


@function(
    "AVERAGEA",
    Group.STATISTICS,
    NUMBER,
    _VALUES,
    repeats=1,
    aliases=("全值平均",),
    help=T("The mean of all values that are not blank; TRUE counts as 1, FALSE and texts as 0."),
    example="AVERAGEA(1, 5, TRUE, FALSE)",
    shows="1.75",
)
def averagea(*items: object) -> Decimal:
    """#DIV/0! where all are blank."""
    return mean(_measured(items))


@function(
    "MAXA",
    Group.STATISTICS,
    NUMBER,
    _VALUES,
    repeats=1,
    aliases=("全值最大",),
    help=T("The greatest of all values that are not blank; TRUE counts as 1, FALSE and texts as 0."),
    example="MAXA(-1, FALSE)",
    shows="0",
)
def maxa(*items: object) -> Decimal:
    """0 where all are blank."""
    return max(_measured(items), default=ZERO)


@function(
    "MINA",
    Group.STATISTICS,
    NUMBER,
    _VALUES,
    repeats=1,
    aliases=("全值最小",),
    help=T("The least of all values that are not blank; TRUE counts as 1, FALSE and texts as 0."),
    example="MINA(3, TRUE)",
    shows="1",
)
def mina(*items: object) -> Decimal:
    """0 where all are blank."""
    return min(_measured(items), default=ZERO)
