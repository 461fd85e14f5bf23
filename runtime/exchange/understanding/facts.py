"""What is true of all cells of a column, counted in one pass over its blocks; inference decides on these only."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property
from itertools import islice
from operator import lt
from typing import Any

from runtime.exchange.cells import (
    BLANK,
    BOOLS,
    DATES,
    FLOATS,
    MIXED,
    MOMENTS,
    SHARED,
    SIGNIFICANT,
    TEXTS,
    Block,
    CellError,
    Column,
    Raw,
)
from runtime.exchange.understanding.text_tally import SAMPLE, TextTally
from runtime.exchange.written import WrittenDate, read_date

DAY_MICROSECONDS = 86_400_000_000
MOST_PLACES = 9
VANISHING = 0.5e-8
DUST = 1e-13
"""What is smaller than this share of the largest number is left over from binary arithmetic."""

LOSSY = 1e15
"""Numbers from here on have more digits than Excel keeps."""

FIRST_COMPACT, LAST_COMPACT = 19_000_101, 20_991_231
"""Numbers that may be days."""

COUNTED = 5_000
"""Different values that are counted one by one; in a column with more, further ones only add up."""

LOOKED_INTO = 6
"""Blocks that texts are taken from before all are looked at."""

PARTS = 32
"""Sets that the hashes of a column's values are sorted into."""

SKETCH = 63
"""One of so many different texts is kept where they are too many to count."""


@dataclass(slots=True)
class Tally:
    """Counts by kind of cell, and the values that are worth keeping.

    Attributes:
        texts, numbers, days: different values with their cells; not all where there are more than `COUNTED`.
        crowded: kinds of which that is so.
        zero_times: times of day that are midnight, as Excel has the day 0.
    """

    blank: int = 0
    texts: Counter[str] = field(default_factory=Counter)
    numbers: Counter[float] = field(default_factory=Counter)
    days: Counter[int] = field(default_factory=Counter)
    bools: Counter[bool] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    crowded: set[str] = field(default_factory=set)
    number_cells: int = 0
    day_cells: int = 0
    midnights: int = 0
    moments: int = 0
    times: int = 0
    zero_times: int = 0
    lossy: int = 0
    low: float = float("inf")
    high: float = float("-inf")
    whole: bool = True
    places: int = 0
    tiny: set[float] = field(default_factory=set)


class Counting:
    """Counts the blocks of one column, one after the other.

    Args:
        sample: texts that say what the others are read as.

    Attributes:
        tally: counts by kind of cell.
        said: what the texts say.
        rising: whether the values rise from cell to cell.
        repeats: whether one is known to come twice within a block.
    """

    def __init__(self, sample: Sequence[str]) -> None:
        self.tally = Tally()
        self.said = TextTally(sample)
        self.repeats = False
        self.rising = True
        self._last: Any = None
        self._taken: list[Block] = []

    def take(self, block: Block) -> None:
        """Count the next block."""
        self._taken.append(block)
        if block.kind == BLANK:
            self.tally.blank += block.length
            return
        counts = block.counts()
        if counts is None:
            content = block.content
            _COUNT[block.kind](self.tally, self.said, content)
            if block.kind in (MIXED, BOOLS):
                self.rising = False
            else:
                self._follow(content)
        else:
            self._take_shared(counts, block.length)

    def _take_shared(self, counts: dict[Any, int], length: int) -> None:
        """Count a block whose texts come again and again."""
        if None in counts or len(counts) < length:
            self.rising = False
            self.repeats = self.repeats or None not in counts
        else:
            self._follow(list(counts))
        _take_texts(self.tally, self.said, counts)

    def goes_on(self, column: Column, sample: Sequence[str]) -> bool:
        """Whether the column begins with what was counted, and its sample says to read texts as they were read."""
        taken = len(self._taken)
        return list(column.blocks[:taken]) == self._taken and TextTally(sample).reads_as(self.said)

    def rest(self, column: Column) -> Sequence[Block]:
        """The blocks of the column that were not counted."""
        return column.blocks[len(self._taken) :]

    def _follow(self, content: Sequence[Any]) -> None:
        """Whether the values rise from cell to cell, and whether one comes twice within a block."""
        if None in content:
            self.rising = False
            return
        if self.rising and (self._last is None or type(self._last) is type(content[0])):
            first = self._last is None or self._last < content[0]
            self.rising = first and all(map(lt, content, islice(content, 1, None)))
            self._last = content[-1]
        else:
            self.rising = False
        self.repeats = self.repeats or (not self.rising and len(set(content)) < len(content))


class ColumnFacts:
    """Facts about one column.

    Args:
        column: its cells, without the header.
        begun: what was counted of it while the rest was being read; where it was counted otherwise than the whole
            column says, it is counted anew.
    """

    def __init__(self, column: Column, begun: Counting | None = None) -> None:
        self._column = column
        self.total = len(column)
        sample = sample_of(column)
        count = begun if begun is not None and begun.goes_on(column, sample) else Counting(sample)
        for block in count.rest(column):
            count.take(block)
        self.tally, self.said = count.tally, count.said
        self.rising, self.repeats = count.rising, count.repeats
        self.blank = self.tally.blank
        self.numbers = self.tally.number_cells
        self.days = self.tally.day_cells
        self.moments = self.tally.moments
        self.bools = sum(self.tally.bools.values())
        self.errors = sum(self.tally.errors.values())
        self.texts = self.said.cells

    @property
    def filled(self) -> int:
        """Cells with a value, errors not counted."""
        return self.total - self.blank - self.errors

    @cached_property
    def distinct(self) -> int:
        """Different values; about so many where they are more than `COUNTED`."""
        tally = self.tally
        if tally.crowded and self.unique:
            return self.total
        texts = self._sketched() if "texts" in tally.crowded else len(tally.texts)
        numbers = self.numbers if "numbers" in tally.crowded else len(tally.numbers)
        days = self.days + self.moments if "days" in tally.crowded else len(tally.days)
        return min(texts, self.texts) + numbers + days + len(tally.bools) + tally.times

    def _sketched(self) -> int:
        """About how many different texts there are: those whose hash ends in some zeros, times as many."""
        found: set[int] = set()
        for block in self._column.blocks:
            if block.kind in (TEXTS, SHARED, MIXED):
                found.update(code for code in map(hash, block.counts() or set(block.content)) if not code & SKETCH)
        return len(found) * (SKETCH + 1)

    @cached_property
    def unique(self) -> bool:
        """Whether every row has a value that no other row has."""
        if not self.total or self.blank or self.errors or self.repeats:
            return False
        if self.rising:
            return True
        tally = self.tally
        if not tally.crowded:
            return len(tally.texts) + len(tally.numbers) + len(tally.days) + len(tally.bools) == self.total
        return self._without_repeats()

    def _without_repeats(self) -> bool:
        """Whether no value comes twice; by hashes in many small sets, for the window waits while a large one grows."""
        limits: list[int] = []
        seen: list[set[int]] = []
        for block in self._column.blocks:
            codes = sorted(map(hash, block.content))
            if not seen:
                limits = codes[:: len(codes) // PARTS + 1][1:]
                seen = [set() for _ in range(len(limits) + 1)]
            ends = [*(bisect_left(codes, limit) for limit in limits), len(codes)]
            for known, begin, end in zip(seen, [0, *ends], ends, strict=False):
                before = len(known)
                known.update(codes[begin:end])
                if len(known) < before + end - begin:
                    return False
        while seen:
            seen.pop()
        return True

    def counts(self) -> dict[str, int]:
        """Texts and whole numbers as texts, with their cells; all of them, so it may be large."""
        if not self.tally.crowded:
            found = dict(self.tally.texts)
            for number, count in self.tally.numbers.items():
                text = f"{number:.15g}" if abs(number) < LOSSY else f"{int(number)}"
                found[text] = found.get(text, 0) + count
            return found
        cells: Counter[Any] = Counter()
        for block in self._column.blocks:
            cells.update(block.raw())
        cells.pop(None, None)
        return {cell if isinstance(cell, str) else f"{cell:.15g}": count for cell, count in cells.items()}

    @property
    def whole(self) -> bool:
        """Whether all numbers are whole."""
        return self.tally.whole

    @property
    def low(self) -> float:
        """The smallest number, 0 where there is none."""
        return self.tally.low if self.numbers else 0.0

    @property
    def high(self) -> float:
        """The largest number, 0 where there is none."""
        return self.tally.high if self.numbers else 0.0

    @property
    def lossy(self) -> int:
        """Numbers that lost digits, because Excel keeps 15."""
        return self.tally.lossy

    @property
    def widest(self) -> float:
        """The largest number without its sign."""
        return max(abs(self.low), abs(self.high))

    @property
    def places(self) -> int:
        """Most places behind the point, at 15 significant digits; `MOST_PLACES` where a number needs that or more.

        What is smaller still is the dust of binary arithmetic or cannot be kept.
        """
        return max(0, min(self.tally.places, MOST_PLACES, SIGNIFICANT - len(f"{self.widest:.0f}")))

    @cached_property
    def vanishing(self) -> int:
        """Different numbers that are not zero and too small to be kept, but not the dust of much larger ones."""
        least = self.widest * DUST
        return sum(1 for number in self.tally.tiny if least < abs(number))

    @cached_property
    def steady(self) -> bool:
        """Whether the numbers are 1, 2, 3 ... without a gap, in whatever order."""
        if not self.numbers or not self.whole or self.numbers != int(self.high - self.low) + 1:
            return False
        return self.rising or (len(self.tally.numbers) == self.numbers if not self.tally.crowded else self.unique)

    @cached_property
    def compact_days(self) -> list[float]:
        """A number of eight digits such as 20240305, where all are days; empty where one is none."""
        if not self.numbers or not self.whole or not FIRST_COMPACT <= self.low <= self.high <= LAST_COMPACT:
            return []
        days = list(self.tally.numbers)
        return days[:1] if all(read_date(f"{day:.0f}", compact=True) is not None for day in days) else []

    @cached_property
    def years(self) -> Counter[int]:
        """The years of its days, with their cells; every cell is looked at."""
        cells = (cell for block in self._column.blocks for cell in block.raw())
        days = (read_date(cell) if isinstance(cell, str) else cell for cell in cells)
        return Counter(day.year for day in days if isinstance(day, (date, WrittenDate)))

    @property
    def counts_on(self) -> bool:
        """Whether all cells are figures written as texts that count 1, 2, 3 ... without a gap."""
        written = self.said.numbers
        if written.cells != self.total or not written.plain or written.high - written.low + 1 != self.total:
            return False
        return written.shortest < written.longest and self.unique

    @cached_property
    def figures(self) -> tuple[int, int, bool] | None:
        """Where all texts are plain figures: digits of the shortest and the longest, and whether one starts with 0."""
        written = self.said.numbers
        if not self.texts or not written.plain or written.cells + sum(self.said.nothing.values()) < self.texts:
            return None
        return written.shortest, written.longest, bool(written.zeros)

    @property
    def longest(self) -> int:
        """Characters of the longest text."""
        return self.said.longest

    @property
    def multiline(self) -> bool:
        """Whether a text has a line break."""
        return self.said.multiline


def sample_of(column: Column) -> list[str]:
    """Different texts from the whole length of a column."""
    blocks = [block for block in column.blocks if block.kind in (TEXTS, SHARED, MIXED)]
    step = max(1, len(blocks) // LOOKED_INTO)
    chosen = [*blocks[::step][:LOOKED_INTO], *blocks[-1:]]
    found: dict[Any, None] = {}
    for block in chosen:
        content = block.content
        spread = content[:: max(1, len(content) * len(chosen) // (2 * SAMPLE))]
        found.update(dict.fromkeys(cell for cell in spread if isinstance(cell, str)))
    return list(found)[:SAMPLE]


def _count_numbers(tally: Tally, said: TextTally, content: Sequence[float]) -> None:
    _add_numbers(tally, content)


def _add_numbers(tally: Tally, content: Sequence[float]) -> None:
    tally.number_cells += len(content)
    low, high = min(content), max(content)
    tally.low, tally.high = min(tally.low, low), max(tally.high, high)
    widest = max(abs(low), abs(high))
    if widest >= LOSSY:
        tally.lossy += sum(1 for number in content if abs(number) >= LOSSY)
    _add(tally, "numbers", tally.numbers, content)
    if all(map(float.is_integer, content)):
        return
    tally.whole = False
    different = set(content)
    tally.tiny.update(number for number in different if 0 < abs(number) < VANISHING)
    most = max(0, min(MOST_PLACES, SIGNIFICANT - len(f"{widest:.0f}")))
    if most > tally.places:
        shown = map(f"%.{most}f".__mod__, different)
        tally.places = max(tally.places, most - min(len(text) - len(text.rstrip("0")) for text in shown))


def _add(tally: Tally, kind: str, counter: Counter[Any], content: Iterable[Any]) -> None:
    if kind in tally.crowded:
        return
    counter.update(content)
    if len(counter) > COUNTED:
        tally.crowded.add(kind)


def _count_texts(tally: Tally, said: TextTally, content: Sequence[str | None]) -> None:
    counts: Counter[Any] = Counter(content)
    if 2 * len(counts) > len(content) and None not in counts:
        _take_texts(tally, said, counts, content)
    else:
        _take_texts(tally, said, counts)


def _take_texts(tally: Tally, said: TextTally, counts: dict[Any, int], content: Sequence[Any] | None = None) -> None:
    """Count texts, None for blank; `content` are the same as cells, where counting these is quicker."""
    tally.blank += counts.pop(None, 0)
    if not counts:
        return
    _add(tally, "texts", tally.texts, counts if content is None else content)
    said.take(counts)


def _count_days(tally: Tally, said: TextTally, content: Sequence[int]) -> None:
    tally.day_cells += len(content)
    _add(tally, "days", tally.days, content)


def _count_moments(tally: Tally, said: TextTally, content: Sequence[int]) -> None:
    tally.moments += len(content)
    _add(tally, "days", tally.days, content)
    tally.midnights += sum(1 for number in content if not number % DAY_MICROSECONDS)


def _count_bools(tally: Tally, said: TextTally, content: Sequence[bool]) -> None:
    tally.bools.update(map(bool, content))


def _count_mixed(tally: Tally, said: TextTally, content: Sequence[Raw]) -> None:
    kinds: dict[type, list[Any]] = {}
    for cell in content:
        kinds.setdefault(cell.__class__, []).append(cell)
    tally.blank += len(kinds.get(type(None), ()))
    if numbers := [*kinds.get(float, ()), *map(float, kinds.get(int, ()))]:
        _add_numbers(tally, numbers)
    if texts := kinds.get(str):
        _count_texts(tally, said, texts)
    if days := kinds.get(date):
        _count_days(tally, said, [day.toordinal() for day in days])
    if moments := kinds.get(datetime):
        tally.moments += len(moments)
        tally.midnights += sum(1 for moment in moments if moment.time() == time())
        _add(tally, "days", tally.days, map(hash, moments))
    tally.bools.update(kinds.get(bool, ()))
    tally.times += len(kinds.get(time, ()))
    tally.zero_times += kinds.get(time, []).count(time())
    tally.errors.update(error.code for error in kinds.get(CellError, ()))


_COUNT: dict[str, Callable[[Tally, TextTally, Sequence[Any]], None]] = {
    FLOATS: _count_numbers,
    TEXTS: _count_texts,
    SHARED: _count_texts,
    DATES: _count_days,
    MOMENTS: _count_moments,
    BOOLS: _count_bools,
    MIXED: _count_mixed,
}
