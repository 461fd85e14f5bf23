"""`SearchIndex`: brings the search index up to the commits, a little at a time, long after they are on the disk.

What is to be done follows from what is there: records behind the last one that was indexed (`indexed.n` of each form),
history behind `indexed` in `meta`, and records whose fields were computed anew (table `rewritten`). So nothing is lost
when the program is killed, and a commit pays nothing. The index is derived: it is no part of any commit.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from runtime.changes import ChangeKind
from runtime.form import Form
from runtime.store.apps import Apps
from runtime.store.engine import Engines
from runtime.store.schema import table_name
from runtime.store.search_docs import Doc, Entry, docs_of
from runtime.store.search_texts import Found, Texts, signature
from runtime.store.search_waiting import unpacked
from runtime.store.snapshot import Snapshot
from runtime.store.system import DEFINITIONS, history, indexed, read_meta, rewritten, write_meta
from runtime.store.turns import Turns

CURSOR = "indexed"
"""Setting: the last row of the history whose record is indexed as it was then or later."""
HELD = 0.01
"""Seconds for which the writer is held at a time; a slow or busy computer does less in them."""
LEAST, CHUNK = 80, 200
"""Records indexed at a time, the fewest and the most: the fewer, the longer all of them take."""
CHANGES = 200
"""Changed records indexed at a time; each replaces an older entry, which costs more."""


@dataclass(frozen=True, slots=True)
class State:
    """How far the index of one form is.

    Attributes:
        number: of the form in the index.
        n: records up to this `_n` are in it.
        signature: of how the form was when it was indexed.
    """

    number: int
    n: int
    signature: str


@dataclass(frozen=True, slots=True)
class Progressed:
    """How far the index is, and what it has still to look at.

    Attributes:
        forms: form id -> state, of forms whose entries are as the form is now.
        cursor: `CURSOR`, -1 where nothing was ever indexed.
        known: form id -> state, as it is kept.
    """

    forms: Mapping[str, State]
    cursor: int
    known: Mapping[str, State] = field(default_factory=dict)


def progressed(connection: sa.Connection, snapshot: Snapshot) -> Progressed:
    """How far the index is, in a transaction."""
    rows = connection.exec_driver_sql(f"SELECT form, number, n, signature FROM {indexed.name}").fetchall()
    known = {form: State(number, n, sign) for form, number, n, sign in rows}
    cursor = int(read_meta(connection).get(CURSOR, -1))
    current = {
        form_id: state
        for form_id, state in known.items()
        if (form := snapshot.forms.get(form_id)) is not None and state.signature == signature(form)
    }
    return Progressed(current if cursor >= 0 else {}, cursor, known)


def changed_since(connection: sa.Connection, cursor: int, form_id: str, most: int) -> list[bytes]:
    """Ids of records of a form that were changed behind the cursor."""
    sql = f"SELECT DISTINCT row FROM {history.name} WHERE h > ? AND form = ? AND kind = ? LIMIT ?"
    return [bytes(row) for (row,) in connection.exec_driver_sql(sql, (cursor, form_id, ChangeKind.SET.value, most))]


def numbers_of(connection: sa.Connection, form_id: str, ids: Collection[bytes]) -> list[int]:
    """`_n` of the records with these ids."""
    found: list[int] = []
    wanted = list(ids)
    for start in range(0, len(wanted), CHUNK):
        part = tuple(wanted[start : start + CHUNK])
        sql = f'SELECT _n FROM "{table_name(form_id)}" WHERE _id IN ({", ".join("?" * len(part))})'
        found += [n for (n,) in connection.exec_driver_sql(sql, part)]
    return found


class _Measure:
    """How much is done at a time so that the lock is held for `HELD`.

    Args:
        least, most: the fewest and the most.
    """

    def __init__(self, least: int, most: int) -> None:
        self._least, self._most = least, most
        self._now = most

    @property
    def count(self) -> int:
        """How much to do now."""
        return self._now

    def took(self, count: int, seconds: float) -> None:
        """So many took so long: the next come nearer to what fits, by half; fewer than were to be done tell nothing."""
        if count < self._now:
            return
        fitting = min(2.0 * count, count * HELD / max(seconds, 1e-6))
        self._now = int(min(self._most, max(self._least, (self._now + fitting) / 2)))


@dataclass
class _Work:
    """One chunk: records with the numbers of their forms, and how far the index is with them.

    Attributes:
        measure: of how many are looked at in one go, where that is by how long it takes.
    """

    seen: Progressed
    found: list[tuple[int, Found]] = field(default_factory=list)
    states: dict[str, State] = field(default_factory=dict)
    cursor: int | None = None
    done: list[int] = field(default_factory=list)
    anew: bool = False
    measure: _Measure | None = None


class SearchIndex:
    """The index of one workspace; one thread at a time makes it go on.

    Args:
        database, apps: of the workspace.
        lock: held while something is written.
    """

    def __init__(self, database: Engines, apps: Apps, lock: Turns) -> None:
        self._database = database
        self._apps = apps
        self._lock = lock
        self._docs = docs_of(database.reader)
        self._new_ones, self._changed_ones = _Measure(LEAST, CHUNK), _Measure(LEAST, CHANGES)
        self._steps = _Measure(*self._docs.steps[:2])

    def advance(self) -> int | None:
        """Index the next records, as one transaction: how many; None where everything is.

        Reading and cutting into grams holds no lock; where somebody else went on with the index in between, what was
        made is thrown away.

        Raises:
            StoreFailure: nothing can be written now.
        """
        with self._database.reader.connect() as connection:
            connection.begin()
            self._apps.catch_up(connection, connection.info.get(DEFINITIONS, 0))
            snapshot = self._apps.now
            work = self._next(connection, snapshot)
        if work is None:
            return None
        entries = list(self._entries(work.found))
        with self._lock.last():
            started = time.perf_counter()
            with self._database.writer.begin() as connection:
                now = progressed(connection, snapshot)
                if (now.known, now.cursor) != (work.seen.known, work.seen.cursor):
                    return 0
                self._write(connection, work, entries)
            taken = time.perf_counter() - started
        if entries:
            if work.measure is not None:
                work.measure.took(len(entries), taken)
            self._tidy()
        return len(entries)

    def _entries(self, found: Sequence[tuple[int, Found]]) -> Iterator[Entry]:
        """It takes a while, and whoever saves meanwhile needs the interpreter."""
        for number, each in found:
            self._lock.give_way()
            yield self._docs.entry(Doc.of(number, each))

    def _tidy(self) -> None:
        """What was written is brought together in small steps, between which others can save."""
        left = self._docs.steps[2]
        while left > 0:
            self._docs.fold(self._database.reader)
            count = self._steps.count
            left -= count
            with self._lock.last():
                started = time.perf_counter()
                with self._database.writer.begin() as connection:
                    more = self._docs.tidy(connection, count)
                taken = time.perf_counter() - started
            if not more:
                return
            self._steps.took(count, taken)

    @property
    def waiting(self) -> bool:
        """Whether anything is not indexed yet."""
        with self._database.reader.connect() as connection:
            connection.begin()
            return self._next(connection, self._apps.now) is not None

    def _next(self, connection: sa.Connection, snapshot: Snapshot) -> _Work | None:
        seen = progressed(connection, snapshot)
        missing = [form for form_id, form in snapshot.forms.items() if form_id not in seen.forms]
        if missing:
            return self._begun(connection, seen, missing, len(missing) == len(snapshot.forms))
        return (
            self._changed(connection, snapshot, seen)
            or self._computed(connection, snapshot, seen)
            or self._new(connection, snapshot, seen)
        )

    def _begun(self, connection: sa.Connection, seen: Progressed, forms: list[Form], anew: bool) -> _Work:
        """Forms that are new, or other than they were, are indexed from their first record on."""
        work = _Work(seen, anew=anew)
        free = max((state.number for state in seen.known.values()), default=0) + 1
        for form in forms:
            former = seen.known.get(form.id)
            number = former.number if former is not None else free
            free += former is None
            work.states[form.id] = State(number, 0, signature(form))
        if seen.cursor < 0:
            work.cursor = int(connection.exec_driver_sql(f"SELECT max(h) FROM {history.name}").scalar() or 0)
        return work

    def _changed(self, connection: sa.Connection, snapshot: Snapshot, seen: Progressed) -> _Work | None:
        last = int(connection.exec_driver_sql(f"SELECT max(h) FROM {history.name}").scalar() or 0)
        if last <= seen.cursor:
            return None
        count = min(self._changed_ones.count, CHANGES)
        sql = f"SELECT h, form, row FROM {history.name} WHERE h > ? AND kind = ? ORDER BY h LIMIT {count}"
        rows = connection.exec_driver_sql(sql, (seen.cursor, ChangeKind.SET.value)).fetchall()
        work = _Work(seen, cursor=rows[-1][0] if len(rows) == count else last, measure=self._changed_ones)
        wanted: dict[str, set[bytes]] = {}
        for _, form_id, row in rows:
            if form_id in seen.forms:
                wanted.setdefault(form_id, set()).add(bytes(row))
        for form_id, ids in wanted.items():
            self._add(connection, work, snapshot.forms[form_id], numbers_of(connection, form_id, ids))
        return work

    def _computed(self, connection: sa.Connection, snapshot: Snapshot, seen: Progressed) -> _Work | None:
        sql = f"SELECT id, form, numbers FROM {rewritten.name} ORDER BY id LIMIT 20"
        work = _Work(seen)
        wanted: dict[str, set[int]] = {}
        for entry, form_id, raw in connection.exec_driver_sql(sql):
            work.done.append(entry)
            if form_id in seen.forms:
                wanted.setdefault(form_id, set()).update(unpacked(raw))
            if sum(map(len, wanted.values())) >= CHANGES:
                break
        for form_id, numbers in wanted.items():
            self._add(connection, work, snapshot.forms[form_id], numbers)
        return work if work.done else None

    def _add(self, connection: sa.Connection, work: _Work, form: Form, numbers: Collection[int]) -> None:
        """Entries for records that are in the index already; the others come by themselves."""
        state = work.seen.forms[form.id]
        inside = [n for n in numbers if n <= state.n]
        work.found += [(state.number, found) for found in Texts(form).of(connection, inside)]

    def _new(self, connection: sa.Connection, snapshot: Snapshot, seen: Progressed) -> _Work | None:
        for form_id, state in seen.forms.items():
            last = connection.exec_driver_sql(f'SELECT max(_n) FROM "{table_name(form_id)}"').scalar() or 0
            if last <= max(state.n, 0):
                continue
            found = Texts(snapshot.forms[form_id]).after(connection, state.n, min(self._new_ones.count, CHUNK))
            work = _Work(seen, [(state.number, each) for each in found], measure=self._new_ones)
            work.states[form_id] = State(state.number, found[-1].n, state.signature)
            return work
        return None

    def _write(self, connection: sa.Connection, work: _Work, entries: Sequence[Entry]) -> None:
        if work.anew:
            self._docs.clear(connection)
        self._docs.put(connection, entries)
        for form_id, state in work.states.items():
            connection.exec_driver_sql(
                f"INSERT INTO {indexed.name} (form, number, n, signature) VALUES (?, ?, ?, ?) ON CONFLICT (form) "
                "DO UPDATE SET number = excluded.number, n = excluded.n, signature = excluded.signature",
                (form_id, state.number, state.n, state.signature),
            )
        if work.done:
            connection.exec_driver_sql(f"DELETE FROM {rewritten.name} WHERE id = ?", [(each,) for each in work.done])
        if work.cursor is not None:
            write_meta(connection, **{CURSOR: work.cursor})
