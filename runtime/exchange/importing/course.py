"""`Course`: how far an import is, kept with each of its commits, so that one that was killed goes on from there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from hashlib import blake2b
from typing import Any
from uuid import UUID

import msgspec

from runtime.changes import AnyChange, PersonalChange, uuids_of
from runtime.exchange.importing.report import LeftOut
from runtime.store.unfinished import PART, Marking, Unfinished

KEPT = 500_000
"""Bytes of rows that were left out, kept in one entry: half of what one may hold."""
LONGEST_TEXT = 200
_ROWS, _SHEETS = 24, 16
"""Bits of a record's id that count the rows of a sheet, and the sheets."""
_COUNTED = (1 << _ROWS + _SHEETS) - 1
_RANDOM = (0xFFF << 64 | (1 << 62) - 1) & ~_COUNTED
"""Bits of a UUIDv7 that are neither time, version and variant nor counted."""


class Counts(msgspec.Struct):
    """What the rows of a sheet did."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    refused: int = 0


class Position(msgspec.Struct, frozen=True):
    """How far an import is.

    Attributes:
        stage: index of the part that is under way: a sheet, or a column of late relations.
        first: first row of the chunk that was written last, -1 before the first.
        rounds: commits that this chunk has taken so far.
        done: rows of the files that are through.
        counts: sheet -> what its rows did.
    """

    stage: int = -1
    first: int = -1
    rounds: int = 0
    done: int = 0
    counts: dict[str, Counts] = msgspec.field(default_factory=dict)


class Course(Marking):
    """The marks of one import.

    Args:
        mark: as it is begun; one of a former session holds where that came to.
        sheets: names of the sheets that are imported, in the order of the plan.
        begun: whether it is of a former session.

    Attributes:
        past: where the former session came to.
        left: rows that it left out.
        counts: sheet -> what its rows did so far.
        done: rows of the files that are through.
    """

    def __init__(self, mark: Unfinished, sheets: Sequence[str], *, begun: bool = False) -> None:
        super().__init__(mark, begun=begun)
        self._sheets = {sheet: at for at, sheet in enumerate(sheets)}
        self.past = msgspec.convert(mark.at, Position) if mark.at is not None else Position()
        self.left = [msgspec.convert(each, LeftOut) for part in mark.parts for each in part]
        self.counts = {sheet: msgspec.structs.replace(counts) for sheet, counts in self.past.counts.items()}
        self.done = 0
        self._now = self.past
        self._stage = -1
        self._parts = len(mark.parts)
        self._told = len(self.left)

    # Where it is

    def enter(self) -> None:
        """The next part begins; the parts of an import come in the same order each time."""
        self._stage += 1

    def rounds(self, first: int) -> int | None:
        """How many commits of the chunk that begins with row `first` are there from before; None = all."""
        past = self.past
        if self._stage != past.stage:
            return 0 if self._stage > past.stage else None
        if first != past.first:
            return 0 if first > past.first else None
        return past.rounds

    def counts_of(self, sheet: str) -> Counts:
        """What the rows of a sheet did so far; to be counted up."""
        return self.counts.setdefault(sheet, Counts())

    def ids(self, sheet: str, first: int, count: int) -> list[UUID]:
        """Ids of the records that rows make, the same whenever they are asked for: UUIDv7 of the batch, then counted.

        Batches of one millisecond differ in a counter only: what is random comes from a digest of all their bits.

        Args:
            first: index of the first row in the table.
        """
        batch = self.mark.id
        drawn = int.from_bytes(blake2b(batch.bytes, digest_size=16).digest(), "big")
        start = batch.int & ~(_RANDOM | _COUNTED) | drawn & _RANDOM | self._sheets[sheet] << _ROWS | first
        return uuids_of(range(start, start + count))

    # Marks

    def beside(self) -> list[AnyChange]:
        """What goes into a commit that makes something else than rows."""
        return [*([] if self.begun else [self.mark.begun()]), self._reached(self._now)]

    def with_rows(
        self, first: int, rounds: int, height: int, counts: Mapping[str, Counts], left: Sequence[LeftOut]
    ) -> list[AnyChange]:
        """What goes into a commit of rows.

        Args:
            first: first row of the chunk.
            rounds: commits that it will have taken.
            height: its rows.
            counts: as they are after it.
            left: rows that were left out so far, those of the former session too.
        """
        self._now = Position(self._stage, first, rounds, self.done + height, dict(counts))
        fresh = [asdict(each) | {"text": each.text[:LONGEST_TEXT]} for each in left[self._told :]]
        kept = [self.mark.part(self._parts + at, part) for at, part in enumerate(_in_parts(fresh))]
        return [*self.beside(), *kept]

    def written(self, marks: Sequence[AnyChange], left: int = 0) -> None:
        """Take notice that a commit with these marks is on the disk, after which so many rows are kept as left out."""
        self.applied(marks)
        if left > self._told:
            begin = self.mark.key + PART
            self._parts += sum(isinstance(mark, PersonalChange) and mark.key.startswith(begin) for mark in marks)
            self._told = left

    def _reached(self, now: Position) -> AnyChange:
        return self.mark.reached(now.done, msgspec.to_builtins(now))


def _in_parts(rows: Sequence[Any]) -> list[list[Any]]:
    """The rows, as many together as fit into an entry."""
    parts: list[list[Any]] = []
    size = KEPT
    for row in rows:
        length = len(msgspec.json.encode(row)) + 1
        if size + length > KEPT:
            parts.append([])
            size = 0
        parts[-1].append(row)
        size += length
    return parts
