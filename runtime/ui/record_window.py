"""What a record model keeps of a listing: some pages of rows; and the work that reads them on worker threads."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from uuid import UUID

from runtime.store.grouping import Figures, Path
from runtime.store.listing import NOTHING, Listing
from runtime.store.query import Query
from runtime.store.reader import Reader
from runtime.store.rows import Row
from runtime.ui.group_rows import GroupRows
from runtime.work import Progress

PAGE = 200
"""Rows of one page."""
KEPT = 50
"""Pages kept; the ones farthest from what is seen go first."""
CHUNK = 5_000
"""Records read at a time where many are asked for."""
FEW = 8
"""Up to so many records are looked up one by one; more in one pass over the listing."""


@dataclass(frozen=True, slots=True)
class Look:
    """What is shown of a listing beside its records.

    Attributes:
        footers: field -> name of its summary.
        colours: (formula, hue, field or "" for the row) of the rules for colours, the strongest first.
        folded: the groups that show no records.
    """

    footers: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    colours: tuple[tuple[str, int, str], ...] = ()
    folded: AbstractSet[Path] = frozenset()


@dataclass(frozen=True, slots=True)
class Tint:
    """The hues (indexes of chip colours) of one record.

    Attributes:
        row: of the whole row, None for none.
        cells: field id -> hue of its cell.
    """

    row: int | None = None
    cells: Mapping[str, int] = field(default_factory=dict)


NO_TINT = Tint()


@dataclass(slots=True)
class Page:
    """The rows of one page.

    Attributes:
        number: its place; page 0 holds the records 0 to 199 of the listing.
        rows: None where a record is gone since the listing was made.
        listing: what it was read from; an older one's page is shown until the new one landed.
        tints: of the rows that have one, by their place in the page.
        texts: place in the page -> field id -> text, filled as cells are painted.
    """

    number: int
    rows: list[Row | None]
    listing: Listing
    tints: Mapping[int, Tint] = field(default_factory=dict)
    texts: dict[int, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))


@dataclass(frozen=True, slots=True)
class Opened:
    """A listing with what is needed to show it at once.

    Attributes:
        pages: the pages that were asked for.
        places: `_n` -> position of the records that were asked for, None where they are not listed.
        today: the day that dates are written for.
        rows: where groups and records stand; None where there are no groups.
        look: what it was made for.
    """

    listing: Listing
    pages: list[Page]
    places: dict[int, int | None]
    today: date
    rows: GroupRows | None
    look: Look


class Reading:
    """Reads listings; every call belongs on a worker thread. One listing is read by one thread at a time."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._lock = threading.Lock()

    def open(self, query: Query, complete: bool, pages: Iterable[int], anchors: Sequence[int], look: Look) -> Opened:
        """List the records of `query`, read some pages and find the positions of the records `anchors`."""
        listing = Listing(self._reader, query, complete, look.footers)
        rows = GroupRows(listing.groups, look.folded) if listing.groups is not None else None
        last = max(0, listing.ready - 1) // PAGE
        wanted = sorted({min(page, last) for page in pages})
        situation = self._reader.situation()
        today = situation.now.astimezone(situation.zone).date()
        found = places(listing, anchors)
        if rows is not None:
            found = {n: None if at is None else rows.position(at) for n, at in found.items()}
        return Opened(listing, self.pages(listing, wanted, look), found, today, rows, look)

    def pages(self, listing: Listing, numbers: Iterable[int], look: Look) -> list[Page]:
        """Several pages: what is seen is drawn at once, not while the rest of it is read."""
        return [self.page(listing, number, look) for number in numbers]

    def page(self, listing: Listing, number: int, look: Look) -> Page:
        """One page, in its colours."""
        with self._lock:
            numbers = listing.numbers(number * PAGE, PAGE)
        found = {row.n: row for row in self._reader.rows(listing.query.form, numbers, listing.query.scope)}
        tints = self._tints(listing, numbers, look) if look.colours else {}
        return Page(number, [found.get(n) for n in numbers], listing, tints)

    def _tints(self, listing: Listing, numbers: Sequence[int], look: Look) -> dict[int, Tint]:
        met = self._reader.met(listing.query, numbers, [formula for formula, _, _ in look.colours])
        tints = {}
        for place, n in enumerate(numbers):
            hues: dict[str, int] = {}
            for yes, (_, hue, field_id) in zip(met.get(n, ()), look.colours, strict=False):
                if yes:
                    hues.setdefault(field_id, hue)
            if hues:
                tints[place] = Tint(hues.pop("", None), hues)
        return tints

    def figures(self, query: Query, footers: Mapping[str, str]) -> Figures:
        """The summaries of all records and of every group."""
        return self._reader.figures(query, footers)

    def rows(self, listing: Listing, spans: Sequence[tuple[int, int]], progress: Progress) -> list[Row]:
        """The records at these positions (first, last), however many."""
        found: list[Row] = []
        for first, last in spans:
            for start in range(first, last + 1, CHUNK):
                progress.check()
                with self._lock:
                    numbers = listing.numbers(start, min(CHUNK, last + 1 - start))
                found += self._reader.rows(listing.query.form, numbers, listing.query.scope)
        return found

    def placed(self, listing: Listing, spans: Sequence[tuple[int, int]], progress: Progress) -> dict[int, Row]:
        """Position -> record, of these positions (first, last) as far as they hold one that is still there."""
        found: dict[int, Row] = {}
        for first, last in spans:
            for start in range(first, last + 1, CHUNK):
                progress.check()
                with self._lock:
                    numbers = listing.numbers(start, min(CHUNK, last + 1 - start))
                rows = self._reader.rows(listing.query.form, numbers, listing.query.scope)
                by_number = {row.n: row for row in rows}
                found.update({start + at: by_number[n] for at, n in enumerate(numbers) if n in by_number})
        return found

    def found(self, listing: Listing, records: Sequence[UUID]) -> tuple[list[int], int, bool]:
        """Where records stand in a listing, ascending; how many its question leaves out; whether the listing is late.

        A late listing was made before some of the records were as they are now.
        """
        query = listing.query
        numbers = sorted(self._reader.numbers_of(query.form, records, query.scope))
        with self._lock:
            indexes = sorted(at for at in places(listing, numbers).values() if at is not None)
        missing = len(numbers) - len(indexes)
        hidden = missing and sum(at is None for at in places(Listing(self._reader, query), numbers).values())
        return indexes, hidden, hidden != missing

    def place(self, listing: Listing, number: int) -> int | None:
        """Where a record stands."""
        with self._lock:
            return listing.position(number)


def places(listing: Listing, numbers: Sequence[int]) -> dict[int, int | None]:
    """`_n` -> position, None where a record is not listed; one pass over the listing where there are many."""
    if listing.query.is_plain or len(numbers) <= FEW:
        return {n: listing.position(n) for n in numbers}
    wanted = set(numbers)
    found = {n: position for position, n in enumerate(listing.numbers(0, len(listing))) if n in wanted}
    return {n: found.get(n) for n in numbers}


class Pages:
    """The pages that are kept, at most `KEPT`."""

    def __init__(self) -> None:
        self._pages: dict[int, Page] = {}

    def clear(self) -> None:
        """Forget all."""
        self._pages.clear()

    def put(self, page: Page, seen: int) -> None:
        """Keep a page; `seen` is the page that is looked at."""
        self._pages[page.number] = page
        while len(self._pages) > KEPT:
            self._pages.pop(max(self._pages, key=lambda number: abs(number - seen)))

    def drop_from(self, count: int) -> None:
        """Forget the pages behind the end of a listing of `count` records."""
        last = (count - 1) // PAGE
        for number in [number for number in self._pages if number > last]:
            del self._pages[number]

    def get(self, number: int) -> Page | None:
        """The page of this number."""
        return self._pages.get(number)

    def row(self, position: int) -> Row | None:
        """The record at this position, where its page is here."""
        page = self._pages.get(position // PAGE)
        inside = position % PAGE
        return page.rows[inside] if page is not None and inside < len(page.rows) else None

    def rows(self) -> Iterator[Row | None]:
        """Every record that is here."""
        return chain.from_iterable(page.rows for page in self._pages.values())

    def tint(self, index: int) -> Tint:
        """The colours of the record at this index."""
        page = self._pages.get(index // PAGE)
        return NO_TINT if page is None else page.tints.get(index % PAGE, NO_TINT)

    def texts(self, position: int) -> dict[str, str]:
        """Field id -> text of the cells of a record whose page is here, as far as they were made; to be filled."""
        return self._pages[position // PAGE].texts[position % PAGE]

    def forget_texts(self) -> None:
        """Make the texts of cells again."""
        for page in self._pages.values():
            page.texts.clear()

    def missing(self, numbers: Iterable[int], listing: Listing) -> list[int]:
        """Which of these pages are not here as `listing` has them."""
        return [n for n in numbers if (page := self._pages.get(n)) is None or page.listing is not listing]

    def find(self, number: int) -> int | None:
        """The position of the record with this `_n`, where its page is here."""
        for page in self._pages.values():
            for inside, row in enumerate(page.rows):
                if row is not None and row.n == number:
                    return page.number * PAGE + inside
        return None

    def __len__(self) -> int:
        return len(self._pages)
