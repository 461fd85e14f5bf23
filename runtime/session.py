"""`Session`: who + apps + store: what pages, scripts and later engines and the server are handed.

from runtime.session import open_workspace

with open_workspace("sales.formwork") as session:
    session.import_file("orders.xlsx")
    orders = session.form("订单")
    large = orders.records(where="{销售额} > 10000", sort=["-销售额"], limit=5)
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from resources.texts import T
from runtime.actor import Label
from runtime.changes import AnyChange, ChangeSet, DefinitionChange, Origin, PersonalChange
from runtime.checks import problems_of
from runtime.clock import Clock
from runtime.definition import codec
from runtime.definition.node import App, Node
from runtime.errors import Problem, Refused, UserError
from runtime.form import Form, form_named
from runtime.permission.scope import EVERYTHING, Scope
from runtime.record import FormHandle, Record
from runtime.saved_views import SavedViews
from runtime.store import integrity, personal
from runtime.store.backup_file import Backup
from runtime.store.folder import SUFFIX
from runtime.store.history import Entry, of_record
from runtime.store.long_work import LongWork
from runtime.store.query import Query
from runtime.store.reader import Reader
from runtime.store.records import Applied, Outcome, Rejected
from runtime.store.retype import Losses
from runtime.store.safety import Safety
from runtime.store.search_hits import Hit, find
from runtime.store.undo import UndoStack
from runtime.store.unfinished import Unfinished
from runtime.store.ways_in import Ways
from runtime.store.workspace import Workspace
from runtime.work import Progress

if TYPE_CHECKING:
    from runtime.exchange.importing.report import ImportReport
    from runtime.store.server_workspace import ServerWorkspace
    from runtime.store.trial_copy import TrialCopy


class Session:
    """One person at work in one workspace.

    Args:
        workspace: open; the session closes it.
        actor: who; "" is the owner of a local workspace.
        scope: what they may do.

    Attributes:
        views: the views of forms that this person sees.
        long_work: their work of several commits.
        settles: whether a write waits for the computed fields of many records that follow from it; a window clears it
            and calls `settle_some` in the background.
    """

    def __init__(
        self, workspace: Workspace | ServerWorkspace | TrialCopy, actor: str = "", scope: Scope = EVERYTHING
    ) -> None:
        self._workspace = workspace
        self._actor = actor
        self._scope = scope
        self.settles = True
        self.views = SavedViews(self)
        self._begin()

    def _begin(self) -> None:
        """What belongs to the workspace as it is open now."""
        place = self._workspace
        self.reader: Reader = place.reader
        self._undo = UndoStack(place.records, place.database, place.apps, self._scope, self._actor)
        self.long_work = LongWork(self._undo, self._settle_now)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the workspace; everything acknowledged is on the disk already."""
        self.views.write()
        with self._workspace.records.lock:  # what goes on in the background ends a chunk first
            self._workspace.close()

    # What there is

    @property
    def folder(self) -> Path:
        """Where the workspace is."""
        return self._workspace.folder

    @property
    def name(self) -> str:
        """What people call the workspace."""
        return self._workspace.name

    @property
    def ways(self) -> Ways | None:
        """The ways into the workspace; None on a server, where there are no keys."""
        return getattr(self._workspace, "ways", None)

    @property
    def scope(self) -> Scope:
        """What this person may do."""
        return self._scope

    @property
    def designs(self) -> bool:
        """Whether this person may publish apps: who may do everything; the owner of a local workspace does."""
        return self._scope == EVERYTHING

    @property
    def apps(self) -> Mapping[str, App]:
        """The published apps, by id."""
        return self._workspace.apps.now.apps

    @property
    def forms(self) -> list[Form]:
        """Every form that this person may see; sub-forms are part of theirs."""
        forms = self._workspace.apps.now.forms.values()
        return [form for form in forms if not form.parent and self._scope.sees(form.id)]

    def form_of_id(self, form_id: str) -> Form | None:
        """The form with this id, or None."""
        form = self._workspace.apps.form(form_id)
        return form if form is not None and self._scope.sees(form_id) else None

    def form(self, name: str) -> FormHandle:
        """The records of the form with this name or id.

        Raises:
            UserError: there is none, or several apps have one of that name.
        """
        return FormHandle(self, self.find_form(name).id)

    def find_form(self, name: str) -> Form:
        """The form with this name or id.

        Raises:
            UserError: there is none, or several apps have one of that name.
        """
        return self.form_of_id(name) or form_named(self.forms, name)

    # Reading

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
        return Query(form_id, where, tuple(sort), self._scope, deleted, tuple(groups), search)

    def search(
        self, text: str, limit: int = 50, forms: Iterable[str] | None = None, progress: Progress | None = None
    ) -> list[Hit]:
        """The records that hold every word of `text`, the ones whose name does first; pinyin finds names too.

        Args:
            forms: names or ids of the forms to look into; None = every form.
            progress: cancels it.

        Raises:
            UserError: there is no such form.
        """
        if self.settles:
            with suppress(UserError):  # nothing can be written now: the newest records are looked through one by one
                while self.index_some() is not None:
                    pass
        among = self.forms if forms is None else [self.find_form(name) for name in forms]
        return find(self.reader, among, text, limit, self._scope, progress)

    def history(self, record: Record) -> list[Entry]:
        """Every event of a record, newest first; the last is its creation."""
        form = self.form_of_id(record.form_id)
        if form is None or not self.reader.by_id(form.id, [record.id], self._scope):
            return []
        return of_record(self._workspace.database, form, record.id, self._scope)

    def damage(self) -> list[Problem]:
        """What is wrong with the file and the published apps; reads everything."""
        apps = self._workspace.apps
        found = integrity.problems_of(self._workspace.database, apps)
        for app in self.apps.values():
            found += problems_of(app, apps.now.lookup)
        return found

    # Changing

    def save(self, changes: Sequence[AnyChange], label: Label, origin: Origin = Origin.LOCAL) -> Outcome:
        """Apply changes as one step that can be undone; a rejection says why and writes nothing."""
        outcome = self.apply(changes, label, origin)
        if isinstance(outcome, Applied):
            self._undo.push(label, [outcome])
        return outcome

    def apply(
        self, changes: Sequence[AnyChange], label: Label, origin: Origin = Origin.LOCAL, batch: UUID | None = None
    ) -> Outcome:
        """Apply changes without a place in the undo stack: for long work that pushes one step at its end."""
        changeset = ChangeSet(tuple(changes), self._actor, label, origin, batch=batch)
        outcome = self._workspace.records.apply(changeset, self._scope)
        if self.settles and isinstance(outcome, Applied) and outcome.queued:
            self.settle()
        return outcome

    @contextmanager
    def rehearsal(self, progress: Progress) -> Iterator[Session]:
        """This person at work in a copy of the workspace, which is gone at the end of the block; nobody waits for it.

        Raises:
            UserError: the disk has no room for it, or says no.
            Cancelled: somebody asked to stop.
        """
        with self._workspace.copied(progress) as copy:
            yield _Rehearsal(copy, self._actor, self._scope)

    def remember(self, label: Label, commits: list[Applied]) -> None:
        """Make several commits one step of undo."""
        self._undo.push(label, commits)

    def abandon(self, commits: list[Applied], batch: UUID | None = None) -> None:
        """Take back commits of work that was cancelled or failed half-way, so that they leave no trace.

        Args:
            batch: of the work, where that was marked as begun.
        """
        self._undo.abandon(commits, batch)
        self._settle_now()

    def publish(
        self, app: App, lossy: Iterable[str] = (), batch: UUID | None = None, marks: Sequence[AnyChange] = ()
    ) -> Applied:
        """Publish a new version of an app.

        Args:
            app: the new version.
            lossy: ids of fields whose values need not all survive a change of type; see `losses`.
            batch: the import that it is part of.
            marks: of that import, for the same commit.

        Raises:
            Refused: the app has errors, values of a field do not fit its new type, or somebody published since.
        """
        change = DefinitionChange(app.id, app.version, codec.encode(app), frozenset(lossy))
        outcome = self.apply([change, *marks], T("Publish"), batch=batch)
        if isinstance(outcome, Rejected):
            raise Refused(outcome.problems)
        return outcome

    def losses(self, app: App) -> list[Losses]:
        """What publishing `app` would do to the values of fields that change their type; reads all of them."""
        return self._workspace.apps.losses(self._workspace.database, app)

    def removed(self, app_id: str) -> list[Node]:
        """Parts that older versions of an app had, as they were last; add one again and its values are back."""
        return self._workspace.apps.removed(self._workspace.database, app_id)

    def kept(self, prefix: str) -> dict[str, Any]:
        """What this person keeps for themself under keys that begin with `prefix`: key -> JSON values."""
        return personal.read(self._workspace.database, self._actor, prefix)

    def keep(self, key: str, body: Any) -> None:
        """Keep JSON values for this person; None drops them. No step of undo.

        Raises:
            Refused: it is too large.
        """
        outcome = self.apply([PersonalChange(key, body)], T("Keep"))
        if isinstance(outcome, Rejected):
            raise Refused(outcome.problems)

    @property
    def undo_label(self) -> Label | None:
        """What `undo` would take back; None when there is nothing."""
        return self._undo.undo_label

    @property
    def redo_label(self) -> Label | None:
        """What `redo` would do again; None when there is nothing."""
        return self._undo.redo_label

    @property
    def undo_forms(self) -> frozenset[str]:
        """Ids of the forms whose records `undo` would change."""
        return self._undo.undo_forms

    @property
    def redo_forms(self) -> frozenset[str]:
        """Ids of the forms whose records `redo` would change."""
        return self._undo.redo_forms

    @property
    def undo_large(self) -> bool:
        """Whether `undo` would take back an import, or change many records: nothing to do by holding a key down."""
        return self._undo.undo_large

    @property
    def redo_large(self) -> bool:
        """Whether `redo` would do an import again, or change many records."""
        return self._undo.redo_large

    def undo(self) -> bool:
        """Take back the last thing done in this session; fields that changed since stay. False = nothing to undo.

        Raises:
            Refused: what was there before is no longer allowed.
        """
        return self._turned(self._undo.undo())

    @property
    def undo_stayed(self) -> list[Form]:
        """The forms that the last undo left, without the records that it took, for their app was changed since."""
        return [form for form_id in self._undo.stayed if (form := self.form_of_id(form_id)) is not None]

    def redo(self) -> bool:
        """Do the last undone thing again. False = nothing to redo.

        Raises:
            Refused: it is no longer allowed.
        """
        return self._turned(self._undo.redo())

    def _turned(self, outcome: Outcome | None) -> bool:
        if self.settles and outcome is not None:
            self.settle()
        if isinstance(outcome, Rejected):
            raise Refused(outcome.problems)
        return outcome is not None

    # Computed fields of many records

    def _settle_now(self) -> None:
        if self.settles:
            self.settle()

    @property
    def waiting(self) -> bool:
        """Whether computed fields of many records wait to be brought up to date; their cells say so."""
        return self._workspace.records.waiting

    def settle(self, progress: Progress | None = None) -> None:
        """Bring every computed field up to date that waits; what is done stays done when this is stopped.

        Raises:
            Cancelled: `progress` was cancelled; the rest goes on waiting.
        """
        self._workspace.records.settle(progress)

    def settle_some(self) -> int | None:
        """Bring up to 5,000 records up to date: how many; None when nothing waits."""
        return self._workspace.records.settle_some()

    def index_some(self) -> int | None:
        """Bring the search index up to some more records: how many; None when nothing waits.

        Raises:
            StoreFailure: nothing can be written now.
        """
        return self._workspace.index.advance()

    def new_day(self) -> bool:
        """Have stored fields computed anew that depend on today; whether there is anything to do, once a day."""
        stale = self._workspace.records.new_day()
        if stale and self.settles:
            self.settle()
        return stale

    def listen(self, listener: Callable[[Applied], None]) -> Callable[[], None]:
        """Tell `listener` of every applied ChangeSet, on the thread that applied it; the result stops that."""
        return self._workspace.records.listen(listener)

    # Safety

    @property
    def safety(self) -> Safety:
        """The backups of the workspace, and what was found when it was opened."""
        return self._workspace.safety

    def restore(self, backup: Backup, secret: str | None = None, progress: Progress | None = None) -> None:
        """Go back to a backup; what is there now is backed up first. Pages must read everything anew.

        Raises:
            UserError: the backup is not sound, its key is not at hand, or the disk says no; nothing changed.
        """
        try:
            self._workspace.restore(backup, secret, progress or Progress())
        finally:
            self._begin()
        if self.settles:
            self.new_day()
            self.settle()

    @property
    def unfinished(self) -> list[Unfinished]:
        """Work of several commits that was interrupted, the newest first; `long_work` takes it back or leaves it."""
        return self.long_work.interrupted

    # Exchange

    def before_import(self, rows: int) -> None:
        """An import of so many rows begins: there must be room for it, and a backup before a large one.

        Raises:
            UserError: the disk is nearly full, or the backup did not succeed.
        """
        if isinstance(self._workspace, Workspace):
            self._workspace.safety.before_import(rows)

    def import_file(self, path: str | Path, progress: Progress | None = None) -> ImportReport:
        """Make an app of a workbook, one form per sheet, taking every doubt as it was understood.

        Raises:
            UserError: the file cannot be read.
        """
        from runtime.exchange.importing.importer import import_file

        return import_file(self, Path(path), progress or Progress())


class _Rehearsal(Session):
    """At work in a copy that goes away at the end."""

    def abandon(self, commits: list[Applied], batch: UUID | None = None) -> None:
        """Whatever was begun goes with the copy."""


def open_workspace(
    path: str | Path, passphrase: str | None = None, clock: Clock | None = None, *, settle: bool = True
) -> Session:
    """Open the workspace in the folder `path`; make it where there is none.

    Args:
        path: a folder; `.formwork` is added to its name where it is missing.
        passphrase: opens a workspace without the OS keyring; needed to make one on a machine that has none.
        settle: whether computed fields that wait are brought up to date now; a window does that in the background.

    Raises:
        UserError: the workspace cannot be opened or made; the message says why and what to do.
    """
    if not str(path).strip():
        raise UserError(T("The workspace has no name."), T("Name a folder."), "no_folder")
    folder = Path(path).absolute()
    if folder.suffix != SUFFIX:
        folder = Path(f"{folder}{SUFFIX}")
    make = Workspace.open if os.path.lexists(folder) else Workspace.create
    session = Session(make(folder, problems_of, passphrase, clock))
    session.settles = settle
    if settle:
        _settled(session)
    return session


def _settled(session: Session) -> None:
    """Computed fields that a former session left behind, or that the night has made wrong."""
    try:
        with suppress(UserError):  # nothing can be written now: they go on waiting, and what is there can be read
            session.new_day()
            session.settle()
    except BaseException:
        session.close()
        raise
