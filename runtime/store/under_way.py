"""`UnderWay`: which work of several commits goes on at this moment; on a server also in other programs.

A mark (`runtime.store.unfinished`) says that work began and did not end. Whether it was interrupted or goes on just now
is said by a lock that ends with the program: see `runtime.store.server_locks`.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from uuid import UUID

import sqlalchemy as sa

from resources.texts import T
from runtime.errors import UserError


class UnderWay:
    """The work that goes on in this program: all there is for a workspace in a file, which one program has open."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._held: dict[UUID, list[int]] = {}
        """Batch -> the thread at work on it, once for each block that it is in."""

    @contextmanager
    def held(self, batch: UUID) -> Iterator[None]:
        """Inside the block the work with this batch id goes on here; on one thread blocks may stand in each other.

        Raises:
            UserError: it goes on elsewhere, in this program or another.
        """
        own = threading.get_ident()
        with self._guard:
            blocks = self._held.setdefault(batch, [])
            if any(thread != own for thread in blocks):
                raise elsewhere()
            blocks.append(own)
        try:
            self._take(batch)
            yield
        finally:
            if len(blocks) == 1:
                self._give_back(batch)
            with self._guard:
                blocks.pop()
                if not blocks:
                    del self._held[batch]

    def among(self, batches: Iterable[UUID]) -> set[UUID]:
        """Those of these batches that somebody is at work on."""
        with self._guard:
            return {batch for batch in batches if batch in self._held}

    def assert_held(self, connection: sa.Connection, batch: UUID) -> None:
        """Inside the transaction of a commit of a batch: nobody else can have taken the work over.

        Raises:
            StoreFailure: somebody can.
        """

    def _take(self, batch: UUID) -> None:
        """The block begins; maybe inside another one of the same work.

        Raises:
            UserError: another program does it.
        """

    def _give_back(self, batch: UUID) -> None:
        """The last block of this work has ended."""


def elsewhere() -> UserError:
    """What is told of work that somebody else is at."""
    hint = T("Wait until it is done, or cancel it.")
    return UserError(T("This goes on in another place just now."), hint, "under_way")
