"""`LongWork`: one person's work of several commits: what goes on here, and what becomes of what was interrupted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from resources.texts import T
from runtime.changes import AnyChange, ChangeSet
from runtime.errors import Refused
from runtime.store import unfinished
from runtime.store.batches import commits_of
from runtime.store.records import Applied, Rejected
from runtime.store.system import DEFINITIONS
from runtime.store.undo import UndoStack
from runtime.store.unfinished import Unfinished


class LongWork:
    """The work that a person marks as begun, and its marks.

    Args:
        undo: of the person; takes it back.
        after: called when something was taken back.
    """

    def __init__(self, undo: UndoStack, after: Callable[[], None]) -> None:
        self._undo = undo
        self._after = after

    @contextmanager
    def going_on(self, batch: UUID) -> Iterator[None]:
        """Inside the block the work with this batch id goes on here: nobody takes it for interrupted.

        Raises:
            UserError: it goes on elsewhere.
        """
        with self._undo.records.under_way.held(batch):
            self._catch_up()
            yield

    @property
    def interrupted(self) -> list[Unfinished]:
        """What began, has not ended and is done by nobody now, the newest first; reads."""
        marked = {work.id for work in self._marked()}
        left = marked - self._undo.records.under_way.among(marked)
        if not left:
            return []
        self._catch_up()
        return [work for work in self._marked() if work.id in left]  # what ended meanwhile has lost its mark

    def _marked(self) -> list[Unfinished]:
        return unfinished.read(self._undo.database, self._undo.actor)

    def _catch_up(self) -> None:
        """Take notice of what another process published as part of its work."""
        with self._undo.database.reader.connect() as connection:
            connection.begin()
            self._undo.apps.catch_up(connection, connection.info.get(DEFINITIONS, 0))

    def commits(self, work: Unfinished) -> list[Applied]:
        """What interrupted work wrote, oldest first."""
        return commits_of(self._undo.database, work.id, self._undo.apps.now.forms)

    def ending(self, batch: UUID) -> list[AnyChange]:
        """The changes that say that the work of this batch is done; none where it is not marked."""
        return unfinished.ended(self._undo.database, self._undo.actor, batch)

    def take_back(self, work: Unfinished) -> int:
        """Take back what interrupted work wrote, an interrupted undo to its end; what was changed since stays.

        Returns:
            how many records it had made; 0 for an undo, and where it is no longer unfinished.

        Raises:
            UserError: somebody is at work on it, or the door refused.
        """
        with self.going_on(work.id):
            if not self.ending(work.id):
                return 0
            commits = [] if work.takes_back else self.commits(work)
            if work.takes_back:
                self._undo.go_on(work)
            else:
                self._undo.abandon(commits, work.id)
        self._after()
        return sum(span.last - span.first + 1 for commit in commits for span in commit.created)

    def leave(self, work: Unfinished) -> None:
        """Leave interrupted work as it is; nobody is told of it again.

        Raises:
            UserError: somebody is at work on it, or the door refused.
        """
        with self.going_on(work.id):
            changes = tuple(self.ending(work.id))
            outcome = self._undo.records.apply(ChangeSet(changes, self._undo.actor, T("Keep")), self._undo.scope)
            if isinstance(outcome, Rejected):
                raise Refused(outcome.problems)
