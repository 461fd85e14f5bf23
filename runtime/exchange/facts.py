"""What is true of all cells of a column, counted in one pass over its blocks; inference decides on these only."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property
from itertools import islice
from typing import Any, TypeVar

from runtime.exchange.cells import BLANK, BOOLS, DATES, FLOATS, MIXED, MOMENTS, SIGNIFICANT, CellError, Column
from runtime.exchange.written import WrittenDate, WrittenNumber, read_date, read_number, read_yes_no

R = TypeVar("R")

DAY_MICROSECONDS = 86_400_000_000
MOST_PLACES = 9
VANISHING = 0.5e-8
DUST = 1e-13
"""What is smaller than this share of the largest number is left over from binary arithmetic."""

SAMPLE = 400
"""Different texts that are looked at before all of them are."""

LOSSY = 1e15
"""Numbers from here on have more digits than Excel keeps."""


@dataclass(slots=True)
class Tally:
    """Counts by kind of cell, and the cells that are worth keeping."""

    blank: int = 0
    numbers: array[float] = field(default_factory=lambda: array("d"))
    texts: Counter[str] = field(default_factory=Counter)
    days: Counter[int] = field(default_factory=Counter)
    midnights: int = 0
    moments: int = 0
    distinct_moments: set[Any] = field(default_factory=set)
    bools: Counter[bool] = field(default_factory=Counter)
    times: int = 0
    errors: Counter[str] = field(default_factory=Counter)


class ColumnFacts:
    """Facts about one column.

    Args:
        column: its cells, without the header.
    """

    def __init__(self, column: Column) -> None:
        self.total = len(column)
        self.tally = Tally()
        for block in column.blocks:
            _COUNT.get(block.kind, _count_texts)(self.tally, block.content, block.length)
        self.blank = self.tally.blank
        self.numbers = len(self.tally.numbers)
        self.days = sum(self.tally.days.values())
        self.moments = self.tally.moments
        self.bools = sum(self.tally.bools.values())
        self.errors = sum(self.tally.errors.values())
        self.texts = sum(self.tally.texts.values())

    @property
    def filled(self) -> int:
        """Cells with a value, errors not counted."""
        return self.total - self.blank - self.errors

    @cached_property
    def distinct(self) -> int:
        """Different values."""
        tally = self.tally
        kinds = (self._distinct_numbers, tally.texts, tally.days, tally.distinct_moments, tally.bools)
        return sum(map(len, kinds)) + tally.times

    @property
    def unique(self) -> bool:
        """Whether every row has a value that no other row has."""
        return self.total > 0 and self.blank == self.errors == 0 and self.distinct == self.total

    @cached_property
    def _distinct_numbers(self) -> set[float]:
        return set(self.tally.numbers)

    @cached_property
    def whole(self) -> bool:
        """Whether all numbers are whole."""
        return all(map(float.is_integer, self._distinct_numbers))

    @cached_property
    def low(self) -> float:
        """The smallest number, 0 where there is none."""
        return min(self._distinct_numbers, default=0.0)

    @cached_property
    def high(self) -> float:
        """The largest number, 0 where there is none."""
        return max(self._distinct_numbers, default=0.0)

    @cached_property
    def lossy(self) -> int:
        """Numbers that lost digits, because Excel keeps 15."""
        return sum(1 for number in self.tally.numbers if abs(number) >= LOSSY) if self.widest >= LOSSY else 0

    @property
    def widest(self) -> float:
        """The largest number without its sign."""
        return max(abs(self.low), abs(self.high))

    @cached_property
    def places(self) -> int:
        """Most places behind the point, at 15 significant digits; `MOST_PLACES` where a number needs that or more.

        What is smaller still is the dust of binary arithmetic or cannot be kept.
        """
        most = max(0, min(MOST_PLACES, SIGNIFICANT - len(f"{self.widest:.0f}")))
        if self.whole or not most:
            return 0
        shown = map(f"%.{most}f".__mod__, self._distinct_numbers)
        return most - min(len(text) - len(text.rstrip("0")) for text in shown)

    @cached_property
    def vanishing(self) -> int:
        """Different numbers that are not zero and too small to be kept, but not the dust of much larger ones."""
        least = self.widest * DUST
        return sum(1 for number in self._distinct_numbers if least < abs(number) < VANISHING)

    @cached_property
    def steady(self) -> bool:
        """Whether the numbers are 1, 2, 3 ... without a gap, in whatever order."""
        return self.whole and self.numbers == len(self._distinct_numbers) == int(self.high - self.low) + 1

    @cached_property
    def figures(self) -> tuple[int, int, bool] | None:
        """Where all texts are plain figures: digits of the shortest and the longest, and whether one starts with 0."""
        texts = self.tally.texts
        if not texts or not all(text.isdigit() and text.isascii() for text in texts):
            return None
        return min(map(len, texts)), self.longest, any(len(text) > 1 and text[0] == "0" for text in texts)

    @cached_property
    def written_numbers(self) -> dict[str, WrittenNumber]:
        """Texts that are numbers; empty where only a minority is, which decides nothing."""
        return self._readable(read_number)

    @cached_property
    def written_dates(self) -> dict[str, WrittenDate]:
        """Texts that are dates; empty where only a minority is."""
        return self._readable(read_date)

    @cached_property
    def compact_dates(self) -> dict[str, WrittenDate]:
        """Texts that are dates where 20240305 is one."""
        return self._readable(lambda text: read_date(text, compact=True))

    @cached_property
    def words(self) -> dict[str, bool]:
        """Texts that say yes or no; empty where only a minority does."""
        return self._readable(read_yes_no)

    def _readable(self, read: Callable[[str], R | None]) -> dict[str, R]:
        texts = self.tally.texts
        sample = list(islice(texts, SAMPLE))
        if 2 * sum(read(text) is not None for text in sample) < len(sample):
            return {}
        return {text: found for text in texts if (found := read(text)) is not None}

    def cells(self, texts: Iterable[str]) -> int:
        """How many cells hold one of `texts`."""
        return sum(map(self.tally.texts.__getitem__, texts))

    @cached_property
    def longest(self) -> int:
        """Characters of the longest text."""
        return max(map(len, self.tally.texts), default=0)

    @cached_property
    def multiline(self) -> bool:
        """Whether a text has a line break."""
        return any("\n" in text for text in self.tally.texts)


def _count_blank(tally: Tally, content: Sequence[Any], length: int) -> None:
    tally.blank += length


def _count_numbers(tally: Tally, content: Sequence[float], length: int) -> None:
    tally.numbers.extend(content)


def _count_texts(tally: Tally, content: Sequence[str | None], length: int) -> None:
    counts: Counter[Any] = tally.texts
    counts.update(content)
    tally.blank += counts.pop(None, 0)


def _count_days(tally: Tally, content: Sequence[int], length: int) -> None:
    tally.days.update(content)


def _count_moments(tally: Tally, content: Sequence[int], length: int) -> None:
    tally.moments += length
    tally.distinct_moments.update(content)
    tally.midnights += sum(1 for number in content if not number % DAY_MICROSECONDS)


def _count_bools(tally: Tally, content: Sequence[bool], length: int) -> None:
    tally.bools.update(map(bool, content))


def _count_mixed(tally: Tally, content: Sequence[Any], length: int) -> None:
    texts: list[str | None] = []
    for cell in content:
        if cell is None or isinstance(cell, str):
            texts.append(cell)
        elif isinstance(cell, bool):
            tally.bools[cell] += 1
        elif isinstance(cell, (int, float)):
            tally.numbers.append(cell)
        elif isinstance(cell, datetime):
            tally.moments += 1
            tally.distinct_moments.add(cell)
        elif isinstance(cell, date):
            tally.days[cell.toordinal()] += 1
        elif isinstance(cell, time):
            tally.times += 1
        elif isinstance(cell, CellError):
            tally.errors[cell.code] += 1
    _count_texts(tally, texts, len(texts))


_COUNT = {
    BLANK: _count_blank,
    FLOATS: _count_numbers,
    DATES: _count_days,
    MOMENTS: _count_moments,
    BOOLS: _count_bools,
    MIXED: _count_mixed,
}
