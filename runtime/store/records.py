"""THE door: `Records.apply` is the only code that writes records or definitions, on every machine.

One ChangeSet, one transaction: locks, pipeline, rows, stamps, history, commit; then the listeners are told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from uuid import UUID

import sqlalchemy as sa

from resources.texts import T
from runtime.changes import BulkChange, Change, ChangeSet, DefinitionChange, Origin, PersonalChange
from runtime.clock import Clock, HybridClock
from runtime.dates import local_zone
from runtime.errors import Problem, Refused
from runtime.form import Form
from runtime.permission.scope import EVERYTHING, Scope
from runtime.store import pending
from runtime.store.apps import Apps
from runtime.store.commit import Commit
from runtime.store.engine import Engines
from runtime.store.system import COMPUTED_ON, DEFINITIONS, commit_log, read_meta, write_meta
from runtime.store.turns import Turns
from runtime.store.under_way import UnderWay
from runtime.store.writer import Span
from runtime.value.decimals import exact_arithmetic
from runtime.work import Progress


@dataclass(frozen=True, slots=True)
class Applied:
    """A ChangeSet that is in the database, durably.

    Attributes:
        changes: what was applied.
        seq: its commit number; 0 where nothing had to be written.
        created: the records it made.
        also: form -> records beside the named ones that look different now: computed fields, rows of a sub-form.
        queued: whether computed fields of many more records wait in the queue.
    """

    changes: ChangeSet
    seq: int
    created: tuple[Span, ...] = ()
    also: Mapping[str, frozenset[UUID]] = field(default_factory=dict)
    queued: bool = False

    @property
    def touched_forms(self) -> frozenset[str]:
        """Ids of the forms whose records look different now."""
        return self.changes.touched_forms | self.also.keys()

    @property
    def touched_rows(self) -> frozenset[UUID]:
        """Ids of the records that look different now."""
        return self.changes.touched_rows.union(*self.also.values())

    @property
    def touches_definitions(self) -> bool:
        """Whether an app is published."""
        return self.changes.touches_definitions

    def slim(self) -> Applied:
        """The same without values and ids of records: all that taking it back needs, however many they were."""
        kept = tuple(change for change in self.changes.changes if isinstance(change, DefinitionChange))
        return replace(self, changes=replace(self.changes, changes=kept), also={})


@dataclass(frozen=True, slots=True)
class Rejected:
    """A ChangeSet of which nothing was written, and why."""

    changes: ChangeSet
    problems: tuple[Problem, ...]


UPDATING = T("Updating computed fields")

Outcome = Applied | Rejected
Listener = Callable[[Applied], None]


class _Refusal(Exception):
    def __init__(self, problems: list[Problem]) -> None:
        super().__init__()
        self.problems = problems


@dataclass
class Records:
    """The door of one workspace.

    Args:
        database: the engines.
        apps: the published definitions.
        clock: wall clock, for stamps and for formulas that ask for the time.
        under_way: which work of several commits goes on.
        before: called with every ChangeSet on the thread that applies it; refuses by raising `UserError`.
    """

    database: Engines
    apps: Apps
    clock: Clock
    under_way: UnderWay = field(default_factory=UnderWay)
    before: list[Callable[[ChangeSet], None]] = field(default_factory=list)
    _lock: Turns = field(default_factory=Turns)
    _listeners: list[Listener] = field(default_factory=list)

    def __post_init__(self) -> None:
        with self.database.reader.connect() as connection:
            self._stamps = HybridClock(self.clock, int(read_meta(connection)["hlc"]))

    @property
    def lock(self) -> Turns:
        """Held while a ChangeSet is applied; hold it to read and then write without a change in between."""
        return self._lock

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Tell `listener` of every applied ChangeSet, on the thread that applied it; the result stops that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def apply(self, changes: ChangeSet, scope: Scope = EVERYTHING) -> Outcome:
        """Write the ChangeSet whole, durably, or not at all.

        The same ChangeSet id applied again changes nothing and gives its first commit number.

        Returns:
            `Applied`, or `Rejected` with every problem found; then nothing was written.
        """
        return self._transact(changes, scope, lambda commit: self._run(commit, changes))

    def settle(self, progress: Progress | None = None) -> None:
        """Compute everything that waits in the queue; what is done stays done when this is cancelled or killed.

        Raises:
            Cancelled: `progress` was cancelled; the rest goes on waiting.
        """
        done = 0
        while (count := self.settle_some()) is not None:
            done += count
            if progress is not None:
                progress.step(done, 0, UPDATING)

    def settle_some(self) -> int | None:
        """Compute one chunk of what waits in the queue, as one commit: how many records; None where nothing waits."""
        if not self.waiting:
            return None
        done: list[int] = []

        def work(commit: Commit) -> list[Problem]:
            entry = pending.first(commit.connection)
            done.append(0 if entry is None else commit.work_off(entry))
            return []

        self._transact(ChangeSet((), label=UPDATING, origin=Origin.RULE), EVERYTHING, work)
        return done[0]

    @property
    def waiting(self) -> bool:
        """Whether computed fields wait in the queue."""
        with self.database.reader.connect() as connection:
            return pending.first(connection) is not None

    def new_day(self) -> bool:
        """Queue the stored fields that depend on today, once a day; whether that was to be done."""
        today = self.clock.now().astimezone(local_zone()).date().isoformat()
        volatile = self.apps.now.dependents.volatile
        if not volatile:
            return False
        with self.database.reader.connect() as connection:
            if read_meta(connection).get(COMPUTED_ON) == today:
                return False

        def work(commit: Commit) -> list[Problem]:
            for form_id, fields in volatile.items():
                pending.add(commit.connection, form_id, fields)
            commit.recomputation.queued.update(volatile)
            write_meta(commit.connection, **{COMPUTED_ON: today})
            return []

        self._transact(ChangeSet((), label=UPDATING, origin=Origin.RULE), EVERYTHING, work)
        return True

    def _transact(self, changes: ChangeSet, scope: Scope, work: Callable[[Commit], list[Problem]]) -> Outcome:
        for each in list(self.before):
            each(changes)
        with self._lock:
            try:
                with self.database.writer.begin() as connection:
                    applied = self._apply(connection, changes, scope, work)
            except _Refusal as refusal:
                return Rejected(changes, tuple(refusal.problems))
            if applied.changes.touches_definitions:
                self.apps.reload(self.database)
        for listener in list(self._listeners):
            listener(applied)
        return applied

    def demand(self, changes: ChangeSet, scope: Scope = EVERYTHING) -> Applied:
        """`apply` for callers that cannot show problems at their places.

        Raises:
            Refused: the change was rejected.
        """
        outcome = self.apply(changes, scope)
        if isinstance(outcome, Rejected):
            raise Refused(outcome.problems)
        return outcome

    def _apply(
        self, connection: sa.Connection, changes: ChangeSet, scope: Scope, work: Callable[[Commit], list[Problem]]
    ) -> Applied:
        select = f"SELECT seq FROM {commit_log.name} WHERE id = ?"
        known = connection.exec_driver_sql(select, (changes.id.bytes,)).scalar()
        if known is not None:
            return Applied(changes, known)
        if changes.batch is not None:
            self.under_way.assert_held(connection, changes.batch)
        meta = read_meta(connection)
        self.apps.catch_up(connection, int(meta.get(DEFINITIONS, 0)))
        self._stamps.see(int(meta["hlc"]))
        seq, n, stamp = int(meta["head"]) + 1, int(meta["n"]) + 1, self._stamps.tick()
        now = self.clock.now()
        commit = Commit(connection, self.apps, changes, scope, (seq, 1, n, stamp), now)
        with exact_arithmetic():
            problems = work(commit) or commit.finish()
        if problems:
            raise _Refusal(problems)
        queued = bool(commit.recomputation.queued)
        if not commit.wrote:
            return Applied(changes, 0, (), commit.also, queued)
        commit.log()
        published = {DEFINITIONS: seq} if changes.touches_definitions else {}
        write_meta(connection, head=seq, n=n, hlc=stamp, **published)
        queued = queued or (bool(published) and pending.first(connection) is not None)
        return Applied(changes, seq, tuple(commit.created), commit.also, queued)

    def _run(self, commit: Commit, changes: ChangeSet) -> list[Problem]:
        problems: list[Problem] = []
        for form_id, group in groupby(changes.changes, key=lambda change: getattr(change, "form", None)):
            if form_id is None:
                for change in group:
                    assert isinstance(change, (DefinitionChange, PersonalChange))
                    if isinstance(change, PersonalChange):
                        problems += commit.keep(change)
                    else:
                        problems += commit.publish(change)
                continue
            form = self._form(form_id, commit.scope)
            if form is None:
                return [Problem(form_id, "no_such_form", T("This form no longer exists."))]
            for change in group:
                assert isinstance(change, (Change, BulkChange))
                found = commit.bulk(form, change) if isinstance(change, BulkChange) else commit.single(form, change)
                problems += found
        return problems

    def _form(self, form_id: str, scope: Scope) -> Form | None:
        return self.apps.form(form_id) if scope.sees(form_id) else None
