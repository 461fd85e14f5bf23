"""THE door: `Records.apply` is the only code that writes records or definitions, on every machine.

One ChangeSet, one transaction: locks, pipeline, rows, stamps, history, commit; then the listeners are told.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import groupby

import sqlalchemy as sa

from resources.texts import T
from runtime.changes import BulkChange, Change, ChangeSet, DefinitionChange
from runtime.clock import Clock, HybridClock
from runtime.errors import Problem, Refused
from runtime.form import Form
from runtime.permission.scope import EVERYTHING, Scope
from runtime.store.apps import Apps
from runtime.store.commit import Commit
from runtime.store.engine import Database
from runtime.store.system import commit_log, read_meta, write_meta
from runtime.store.writer import Span
from runtime.value.decimals import exact_arithmetic


@dataclass(frozen=True, slots=True)
class Applied:
    """A ChangeSet that is in the database, durably.

    Attributes:
        changes: what was applied.
        seq: its commit number; 0 where nothing had to be written.
        created: the records it made.
    """

    changes: ChangeSet
    seq: int
    created: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """A ChangeSet of which nothing was written, and why."""

    changes: ChangeSet
    problems: tuple[Problem, ...]


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
    """

    database: Database
    apps: Apps
    clock: Clock
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _listeners: list[Listener] = field(default_factory=list)

    def __post_init__(self) -> None:
        with self.database.reader.connect() as connection:
            self._stamps = HybridClock(self.clock, int(read_meta(connection)["hlc"]))

    @property
    def lock(self) -> threading.RLock:
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
        with self._lock:
            try:
                with self.database.writer.begin() as connection:
                    applied = self._apply(connection, changes, scope)
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

    def _apply(self, connection: sa.Connection, changes: ChangeSet, scope: Scope) -> Applied:
        select = f"SELECT seq FROM {commit_log.name} WHERE id = ?"
        known = connection.exec_driver_sql(select, (changes.id.bytes,)).scalar()
        if known is not None:
            return Applied(changes, known)
        meta = read_meta(connection)
        seq, n, stamp = int(meta["head"]) + 1, int(meta["n"]) + 1, self._stamps.tick()
        now = self.clock.now()
        commit = Commit(connection, self.apps, changes, scope, (seq, 1, n, stamp), now)
        with exact_arithmetic():
            problems = self._run(commit, changes)
        if problems:
            raise _Refusal(problems)
        if not commit.wrote:
            return Applied(changes, 0)
        commit.log()
        write_meta(connection, head=seq, n=n, hlc=stamp)
        return Applied(changes, seq, tuple(commit.created))

    def _run(self, commit: Commit, changes: ChangeSet) -> list[Problem]:
        problems: list[Problem] = []
        for form_id, group in groupby(changes.changes, key=lambda change: getattr(change, "form", None)):
            if form_id is None:
                for change in group:
                    assert isinstance(change, DefinitionChange)
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
