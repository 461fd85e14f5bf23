"""Finds columns that name records of another sheet, so that text becomes a relation.

A relation needs one unambiguous partner, so its target is a column in which no value appears twice (a key). Two cases:

* every value appears in the key: the column itself becomes the relation, shown by the title of its target
  (orders.region -> salespeople.region);
* only some do, and the other way round nearly every key appears in the column (returns.order -> orders.order, where an
  order has several lines): a relation is added to the column, blank where there is no partner. It points from the
  many to the one, the only direction in which each row has one answer; the one side lists its many.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import permutations

from runtime.exchange.tables.table import Table
from runtime.exchange.understanding.facts import ColumnFacts
from runtime.exchange.understanding.hints import alike, names_sequence, plain
from runtime.exchange.understanding.key_names import speaks_of
from runtime.work import Progress

CONTAINED = 0.95
FEWEST = 2
"""Different values that a key must have; a sheet with one row is no list of things."""

FEWEST_BY_CHANCE = 3
"""The same where the headers differ, or where each row has a partner of its own."""

SAME_SHEET = 0.6
"""Share of the headers from which two sheets are parts of one list (January, February) and do not name each other."""


class Kind(StrEnum):
    """How a relation comes to be."""

    IN_PLACE = "in_place"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class RelationGuess:
    """A column that names records of another sheet.

    Attributes:
        from_sheet, from_column: the many side; columns are indexes in the table.
        to_sheet, to_column: the key on the one side.
        kind: whether the column becomes the relation or one is added to it.
        coverage: share of the filled cells that have a partner, 0 to 1.
        matched, filled: those cells and all filled cells.
        ambiguous: whether the values alone suggest it: the headers differ, or another target fits as well.
    """

    from_sheet: str
    from_column: int
    to_sheet: str
    to_column: int
    kind: Kind
    coverage: float
    matched: int
    filled: int
    ambiguous: bool


class Keyed:
    """A column as a set of keys: its different values as texts, with their number of cells."""

    def __init__(self, header: str, facts: ColumnFacts) -> None:
        self.header, self.facts = header, facts

    @property
    def eligible(self) -> bool:
        """Whether its values can name records: texts and whole numbers can, amounts and dates cannot."""
        facts = self.facts
        return facts.filled > 0 and facts.texts + facts.numbers == facts.filled and facts.whole

    @property
    def key(self) -> bool:
        """Whether it names each row of its sheet with a value of its own."""
        return self.eligible and self.facts.unique and self.facts.distinct >= FEWEST

    @cached_property
    def values(self) -> dict[str, int]:
        """Different values, and in how many cells each is."""
        return self.facts.counts()


def find_relations(
    tables: Sequence[Table], facts: Sequence[Sequence[ColumnFacts]], progress: Progress
) -> tuple[RelationGuess, ...]:
    """At most one relation for each column, the best first choice among its possible targets.

    Raises:
        Cancelled: somebody asked to stop.
    """
    keyed = [[Keyed(h, f) for h, f in zip(table.headers, all_facts, strict=True)]
             for table, all_facts in zip(tables, facts, strict=True)]  # fmt: skip
    best: dict[tuple[int, int], list[RelationGuess]] = {}
    for source, target in _pairs(tables):
        progress.check()
        for place, column in enumerate(keyed[source]):
            for guess in _guesses(tables, keyed, source, place, column, target):
                best.setdefault((source, place), []).append(guess)
    chosen = [_best(guesses) for guesses in best.values()]
    headers = {table.sheet: table.headers for table in tables}
    return tuple(_without_mirrors(chosen, headers))


def _pairs(tables: Sequence[Table]) -> Iterator[tuple[int, int]]:
    headers = [{plain(header) for header in table.headers} for table in tables]
    for source, target in permutations(range(len(tables)), 2):
        shared, together = headers[source] & headers[target], headers[source] | headers[target]
        if len(shared) < max(2, SAME_SHEET * len(together)):
            yield source, target


def _guesses(
    tables: Sequence[Table], keyed: Sequence[Sequence[Keyed]], source: int, place: int, column: Keyed, target: int
) -> Iterator[RelationGuess]:
    if not column.eligible:
        return
    for key_place, key in enumerate(keyed[target]):
        same = alike(column.header, key.header)
        if not key.key or _both_count(column, key):
            continue
        if column.facts.unique and len(column.values) < FEWEST_BY_CHANCE:
            continue
        if not same and not _plausible(column, key, tables[target].sheet, key_place):
            continue
        shared = column.values.keys() & key.values.keys()
        if not shared:
            continue
        matched = sum(map(column.values.__getitem__, shared))
        filled = column.facts.filled
        if matched == filled:
            kind = Kind.IN_PLACE
        elif same and (len(shared) >= CONTAINED * len(key.values) or matched >= CONTAINED * filled):
            kind = Kind.ADDED
        else:
            continue
        yield RelationGuess(
            tables[source].sheet, place, tables[target].sheet, key_place, kind, matched / filled, matched, filled,
            not same,
        )  # fmt: skip


def _both_count(column: Keyed, key: Keyed) -> bool:
    """Whether both are row numbers of their own sheets, which are contained in each other by chance."""
    if names_sequence(column.header) or names_sequence(key.header):
        return True
    return column.facts.steady and key.facts.steady and column.facts.unique and bool(column.facts.numbers)


def _plausible(column: Keyed, key: Keyed, sheet: str, key_place: int) -> bool:
    """Whether unlike headers may mean the same: 负责人 may name a row of 员工 by its 姓名."""
    if column.facts.numbers or key.facts.numbers or column.facts.unique:
        return False
    if min(len(key.values), len(column.values)) < FEWEST_BY_CHANCE:
        return False
    named = plain(sheet) in plain(column.header) or plain(column.header) in plain(sheet)
    return key_place == 0 or named


def _best(guesses: list[RelationGuess]) -> RelationGuess:
    return max(guesses, key=lambda guess: (not guess.ambiguous, guess.coverage, -guess.to_column))


def _without_mirrors(guesses: list[RelationGuess], headers: Mapping[str, Sequence[str]]) -> Iterator[RelationGuess]:
    """Of two sheets that point at each other with the same columns, keep the better direction only."""
    ends = {(g.from_sheet, g.from_column, g.to_sheet, g.to_column): g for g in guesses}
    for guess in guesses:
        mirror = ends.get((guess.to_sheet, guess.to_column, guess.from_sheet, guess.from_column))
        if mirror is None or _rank(guess, headers) > _rank(mirror, headers):
            yield guess


def _rank(guess: RelationGuess, headers: Mapping[str, Sequence[str]]) -> tuple[bool, float, int, bool, int, str]:
    """Where each row has one partner, 客户编号 points to 客户, else to where it comes first."""
    speaks = speaks_of(headers[guess.to_sheet][guess.to_column], guess.to_sheet) >= 0
    return (
        guess.kind is Kind.IN_PLACE, guess.coverage, guess.filled, speaks, guess.from_column - guess.to_column,
        guess.from_sheet,
    )  # fmt: skip
