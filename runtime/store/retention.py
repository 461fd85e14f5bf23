"""Which backups are kept: a ladder of 10 minutes, hours, days and weeks, thinned where they take too much room.

Nothing here asks what time it is now: slots are counted from the newest copy back, in the order in which copies were
made. A clock that jumps by years neither ages what is there nor keeps more than the ladder has rungs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

LADDER = (
    (timedelta(minutes=10), 12),
    (timedelta(hours=1), 24),
    (timedelta(days=1), 14),
    (timedelta(days=7), 8),
)
"""Length of a slot -> how many slots; of each slot the newest copy stays."""

BEFORE = 6
"""Copies that stay because they were made before something big: an upgrade, an import, a restore."""

TIMES_THE_DATABASE = 3
"""Room of all copies, in sizes of the database ..."""
ROOM_ALWAYS = 64 * 1024**2
"""... but never less than this, so that a small workspace has its whole ladder."""


@dataclass(frozen=True, slots=True)
class Copy:
    """What the choice depends on.

    Attributes:
        number: grows with every copy of a workspace, whatever the clock says.
        made: what the clock said.
        size: bytes.
        before: made before something big.
    """

    number: int
    made: datetime
    size: int
    before: bool = False


def room(database: int) -> int:
    """Bytes that all copies of a database of so many bytes may take."""
    return max(TIMES_THE_DATABASE * database, ROOM_ALWAYS)


def kept(copies: Sequence[Copy], most: int) -> frozenset[int]:
    """Numbers of the copies that stay; the newest always does.

    Args:
        most: bytes that they may take together.
    """
    newest_first = sorted(copies, key=lambda copy: -copy.number)
    chosen = {copy.number for copy in [each for each in newest_first if each.before][:BEFORE]}
    for slot, most_slots in LADDER:
        chosen |= _rung(newest_first, slot, most_slots)
    return _thinned([copy for copy in newest_first if copy.number in chosen], most)


def _rung(newest_first: Sequence[Copy], slot: timedelta, most: int) -> set[int]:
    found: dict[int, int] = {}
    for copy in newest_first:
        at = int(copy.made.timestamp() // slot.total_seconds())
        if at not in found and len(found) == most:
            break
        found.setdefault(at, copy.number)
    return set(found.values())


def _thinned(newest_first: list[Copy], most: int) -> frozenset[int]:
    """Leave out, one by one, the copy whose neighbours are nearest to each other, until the rest fits.

    Near is meant in proportion to age: an hour is much today and nothing a month ago.
    """
    staying = list(newest_first)
    while len(staying) > 1 and sum(copy.size for copy in staying) > most:
        ages = [abs((staying[0].made - copy.made).total_seconds()) + 1 for copy in staying]
        inner = range(1, len(staying) - 1)
        spare = min(inner, key=lambda at: ages[at + 1] / ages[at - 1], default=len(staying) - 1)
        del staying[spare]
    return frozenset(copy.number for copy in staying)
