"""`Actor`: somebody at work in a workspace, as handles and imports need them; `runtime.session.Session` is one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol
from uuid import UUID

from resources.texts import PluralText, Text
from runtime.changes import AnyChange, Origin
from runtime.definition.node import App
from runtime.form import Form
from runtime.permission.scope import Scope
from runtime.store.long_work import LongWork
from runtime.store.query import Query
from runtime.store.reader import Reader
from runtime.store.records import Applied, Outcome
from runtime.work import Progress

Label = Text | PluralText | str


class Actor(Protocol):
    """What `Session` promises to the floors below it."""

    long_work: LongWork

    @property
    def reader(self) -> Reader:
        """Answers queries."""
        ...

    @property
    def scope(self) -> Scope:
        """What this person may do."""
        ...

    def form_of_id(self, form_id: str) -> Form | None:
        """The form with this id, or None."""
        ...

    def find_form(self, name: str) -> Form:
        """The form with this name or id.

        Raises:
            UserError: there is none, or several have that name.
        """
        ...

    def query(
        self,
        form_id: str,
        where: str = "",
        sort: Sequence[Any] = (),
        deleted: bool = False,
        groups: Sequence[Any] = (),
        search: str = "",
    ) -> Query:
        """A query as this person."""
        ...

    def save(self, changes: Sequence[AnyChange], label: Label, origin: Origin = Origin.LOCAL) -> Outcome:
        """Apply changes as one step that can be undone."""
        ...

    def apply(
        self, changes: Sequence[AnyChange], label: Label, origin: Origin = Origin.LOCAL, batch: UUID | None = None
    ) -> Outcome:
        """Apply changes without a place in the undo stack."""
        ...

    def rehearsal(self, progress: Progress) -> AbstractContextManager[Actor]:
        """Somebody like this at work in a copy of the workspace, which is gone at the end of the block.

        Raises:
            UserError: the disk has no room for it, or says no.
            Cancelled: somebody asked to stop.
        """
        ...

    def remember(self, label: Label, commits: list[Applied]) -> None:
        """Make several commits one step of undo."""
        ...

    def abandon(self, commits: list[Applied], batch: UUID | None = None) -> None:
        """Take back commits of work that was cancelled or failed half-way, and end the mark of its batch."""
        ...

    def before_import(self, rows: int) -> None:
        """An import of so many rows begins.

        Raises:
            UserError: there is no room for it.
        """
        ...

    def kept(self, prefix: str) -> dict[str, Any]:
        """What this person keeps for themself under keys that begin with `prefix`: key -> JSON values."""
        ...

    def keep(self, key: str, body: Any) -> None:
        """Keep JSON values for this person; None drops them.

        Raises:
            Refused: it is too large.
        """
        ...

    @property
    def apps(self) -> Mapping[str, App]:
        """The published apps, by id."""
        ...

    def publish(self, app: App, *, batch: UUID | None = None, marks: Sequence[AnyChange] = ()) -> Applied:
        """Publish a new version of an app, as part of a batch where one is given, its marks in the same commit.

        Raises:
            Refused: the app has errors, or somebody published since.
        """
        ...
