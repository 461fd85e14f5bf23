"""Undo: a new ChangeSet that puts back what another one changed; what somebody changed since stays as it is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from resources.texts import PluralText, T, Text
from runtime.changes import AnyChange, BulkChange, ChangeKind, ChangeSet, DefinitionChange, Origin, new_uuid, uuid_of
from runtime.definition import codec
from runtime.errors import Refused
from runtime.form import forms_of
from runtime.permission.scope import EVERYTHING, Scope
from runtime.store.apps import Apps
from runtime.store.batches import commits_numbered, commits_of, numbers_of
from runtime.store.engine import Engines
from runtime.store.records import Applied, Outcome, Records, Rejected
from runtime.store.retype import holds_option, options_of
from runtime.store.rows import from_json
from runtime.store.schema import table_name
from runtime.store.system import history
from runtime.store.unfinished import Marking, Unfinished, ended
from runtime.store.writer import Span

CHUNK = 5_000
"""Rows per commit when many records are taken back."""

_STRETCHES = 50
"""Stretches of commits that are named in a statement."""

LARGE = 1_000
"""A step that changed more records is large."""

BINNED = "_del"
"""Stands among changed fields for a record that went to the bin or came back."""


@dataclass
class Step:
    """What one undo takes back: the commits of one thing that a person did.

    Attributes:
        marking: the marks of the undo, where one was begun and refused half-way.
        forms: ids of the forms whose records it changed.
        large: whether it is an import, or changed more than `LARGE` records.
    """

    label: Text | PluralText | str
    commits: list[Applied]
    marking: Marking | None = None
    forms: frozenset[str] = frozenset()
    large: bool = False


@dataclass(frozen=True, slots=True)
class _TakenBack:
    """The commits that took something back, and what stopped it, if anything did."""

    done: list[Applied]
    refusal: Rejected | None


@dataclass(frozen=True, slots=True)
class _Inverse:
    """One commit that takes something back.

    Attributes:
        changes: gives its changes when its turn comes.
        unmakes: whether it takes away records that were made.
    """

    changes: Callable[[], Sequence[AnyChange]]
    unmakes: bool = False


@dataclass
class UndoStack:
    """The steps of this session that can be undone and done again.

    Args:
        records: the door.
        database, apps: to read what a commit changed.
        scope: of who undoes.
        actor: who undoes.
    """

    records: Records
    database: Engines
    apps: Apps
    scope: Scope = EVERYTHING
    actor: str = ""
    _done: list[Step] = field(default_factory=list)
    _undone: list[Step] = field(default_factory=list)
    _cancelled: set[int] = field(default_factory=set)
    _stayed: dict[str, None] = field(default_factory=dict)

    def push(self, label: Text | PluralText | str, commits: list[Applied]) -> None:
        """Remember what was just done; what had been undone before can no longer be done again."""
        written = [commit.slim() for commit in commits if commit.seq]
        if written:
            forms = frozenset[str]().union(*(commit.changes.touched_forms for commit in commits))
            self._done.append(Step(label, written, forms=forms, large=_is_large(commits)))
            self._undone.clear()

    def abandon(self, commits: list[Applied], batch: UUID | None = None) -> None:
        """Take back commits that were never pushed, so that they leave no trace; they cannot be done again.

        Args:
            batch: whose mark goes; the taking back has one of its own. Its commits that are not in the list are taken
                back too: what came right after one failed before anybody learned of it.

        Raises:
            UserError: somebody else is at work on it, or the door refused; the mark stays.
        """
        with self.records.under_way.held(batch) if batch is not None else nullcontext():
            known = {commit.seq for commit in commits}
            missed = [seq for seq in numbers_of(self.database, batch) if seq not in known] if batch is not None else []
            if missed:
                found = [*commits, *commits_numbered(self.database, missed, self.apps.now.forms)]
                commits = sorted(found, key=lambda commit: commit.seq)
            label = commits[-1].changes.label if commits else ""
            self._all(T("Undo: {what}", what=label), commits, None, replaces=batch, erases=True)

    def go_on(self, mark: Unfinished) -> None:
        """Take back the rest of what a former session began to take back.

        Raises:
            Refused: the door refused; the mark stays.
        """
        forms = self.apps.now.forms
        begun = commits_of(self.database, mark.id, forms)
        self._cancelled |= {*mark.back, *(commit.seq for commit in begun)}
        commits = commits_numbered(self.database, mark.back, forms)
        self._all(mark.label, commits, Marking(mark, begun=True), erases=mark.erases)

    def _all(
        self,
        text: Text | PluralText | str,
        commits: list[Applied],
        marking: Marking | None,
        replaces: UUID | None = None,
        *,
        erases: bool = False,
    ) -> None:
        step = Step(text, [commit for commit in commits if commit.seq], marking)
        outcome = self._back(step, text, replaces, erases=erases)
        if outcome.refusal is not None:
            raise Refused(outcome.refusal.problems)

    @property
    def undo_label(self) -> Text | PluralText | str | None:
        """What would be undone; None when nothing can be."""
        return self._done[-1].label if self._done else None

    @property
    def redo_label(self) -> Text | PluralText | str | None:
        """What would be done again; None when nothing can be."""
        return self._undone[-1].label if self._undone else None

    @property
    def undo_forms(self) -> frozenset[str]:
        """Ids of the forms whose records would be changed by `undo`."""
        return self._done[-1].forms if self._done else frozenset()

    @property
    def redo_forms(self) -> frozenset[str]:
        """Ids of the forms whose records would be changed by `redo`."""
        return self._undone[-1].forms if self._undone else frozenset()

    @property
    def undo_large(self) -> bool:
        """Whether `undo` would take back an import, or change many records."""
        return bool(self._done) and self._done[-1].large

    @property
    def redo_large(self) -> bool:
        """Whether `redo` would do an import again, or change many records."""
        return bool(self._undone) and self._undone[-1].large

    @property
    def stayed(self) -> tuple[str, ...]:
        """Ids of the forms that the last `undo` should have taken away, and that stay: their app was changed since."""
        return tuple(self._stayed)

    def undo(self) -> Outcome | None:
        """Take back the last step; None when there is none. A refusal leaves the rest of the step where it is."""
        return self._turn(self._done, self._undone, T("Undo: {what}"))

    def redo(self) -> Outcome | None:
        """Do the last undone step again."""
        return self._turn(self._undone, self._done, T("Redo: {what}"))

    def _turn(self, source: list[Step], target: list[Step], label: Text) -> Outcome | None:
        if not source:
            return None
        self._stayed.clear()
        step = source[-1]
        outcome = self._back(step, Text(label.message, {"what": step.label}))
        if outcome.refusal is not None:
            return outcome.refusal
        source.pop()
        if outcome.done:
            target.append(Step(step.label, outcome.done, forms=step.forms, large=step.large))
        return outcome.done[-1] if outcome.done else Applied(ChangeSet(()), 0)

    def _back(
        self, step: Step, text: Text | PluralText | str, replaces: UUID | None = None, *, erases: bool = False
    ) -> _TakenBack:
        """Take back the commits of a step, newest first; where that takes several commits, they are marked.

        Args:
            replaces: a batch whose mark the first of them ends.
        """
        if step.marking is None:
            seqs = tuple(commit.seq for commit in step.commits)
            step.marking = Marking(Unfinished(str(text), new_uuid().hex, len(seqs), seqs, erases))
        marking, done, marked = step.marking, list[Applied](), False
        with ExitStack() as at_work, self.records.lock:
            ending = ended(self.database, self.actor, replaces)
            while step.commits:
                commit, so_far = step.commits[-1], marking.mark.total - len(step.commits)
                for inverse, last in _with_last(self._inverse(commit)):
                    changes = [*inverse.changes(), *ending]
                    if not changes:
                        continue
                    marks = marking.along(so_far, last=last and len(step.commits) == 1)
                    if marks and not marked:
                        at_work.enter_context(self.records.under_way.held(marking.mark.id))
                    changes, marked = [*changes, *marks], marked or bool(marks)
                    outcome = self._applied(changes, commit.changes.origin, text, marking, unmakes=inverse.unmakes)
                    if isinstance(outcome, Rejected):
                        return _TakenBack(done, outcome)
                    ending = []
                    done += [outcome.slim()] if outcome.seq else []
                self._cancelled |= {commit.seq, *(applied.seq for applied in done)}
                step.commits.pop()
            if closing := [*ending, *marking.along(0, last=True)]:
                self._applied(closing, Origin.LOCAL, text, marking)
        return _TakenBack(done, None)

    def _applied(
        self,
        changes: Sequence[AnyChange],
        origin: Origin,
        text: Text | PluralText | str,
        marking: Marking,
        *,
        unmakes: bool = False,
    ) -> Outcome:
        mark = marking.mark
        erases = mark.erases and unmakes  # what the work took out of the bin was there before it
        back = ChangeSet(tuple(changes), self.actor, text, origin, batch=mark.id, takes_back=True, erases=erases)
        outcome = self.records.apply(back, self.scope)
        if isinstance(outcome, Applied):
            marking.applied(back.changes)
        return outcome

    def _inverse(self, commit: Applied) -> Iterator[_Inverse]:
        """The commits that take this one back; what comes next is looked up before the one before is applied."""
        made = [span for span in commit.created if self.apps.form(span.form)] or commit.created
        gone: set[UUID] = set()
        for span in made:
            ids = self._untouched(span, commit.seq)
            gone |= set(ids)
            for start in range(0, len(ids), CHUNK):
                yield _Inverse(partial(_binning, span.form, ids[start : start + CHUNK]), unmakes=True)
        changes = tuple(self._unchange(commit.seq, gone))
        if changes:
            yield _Inverse(lambda: changes)
        for change in commit.changes.changes:
            if isinstance(change, DefinitionChange):
                yield _Inverse(partial(self._unpublish, change))

    def _unpublish(self, change: DefinitionChange) -> tuple[AnyChange, ...]:
        """The version before the one that was published, unless somebody published something else since."""
        now = self.apps.version_of(self.database, change.app)
        if not self._same(change.app, change.base + 1, now):
            self._stayed.update(dict.fromkeys(self._made_by(change)))
            return ()
        body = self.apps.body_of(self.database, change.app, change.base)
        return (DefinitionChange(change.app, now, body, self._only_binned(body)),)

    def _made_by(self, change: DefinitionChange) -> Iterator[str]:
        """Ids of the forms that came with a version and are still there; sub-forms come and go with theirs."""
        versions = (self.apps.body_of(self.database, change.app, change.base + more) for more in (0, 1))
        before, made = (forms_of(codec.decode(body)) if body else () for body in versions)
        known = {form.id for form in before}
        yield from (form.id for form in made if form.id not in known and not form.parent and self.apps.form(form.id))

    def _same(self, app: str, made: int, now: int) -> bool:
        """Whether two versions say the same: what was published between them was taken back."""
        if made == now:
            return True
        bodies = [self.apps.body_of(self.database, app, version) for version in (made, now)]
        return all(bodies) and len({codec.encode(replace(codec.decode(body), version=0)) for body in bodies}) == 1

    def _only_binned(self, body: bytes) -> frozenset[str]:
        """Choices that lose options which records in the bin alone hold; those get them back when they come back."""
        found = set()
        with self.database.reader.connect() as connection:
            for form in forms_of(codec.decode(body)) if body else ():
                now = self.apps.form(form.id)
                for was in form.fields:
                    held = now.by_id.get(was.id) if now is not None else None
                    gone = options_of(held) - options_of(was) if held is not None else frozenset()
                    if held is not None and gone and not holds_option(connection, form.id, held, gone, living=True):
                        found.add(was.id)
        return frozenset(found)

    def _untouched(self, span: Span, seq: int) -> list[UUID]:
        """The records that a commit made and nobody touched since."""
        sql = f'SELECT _id FROM "{table_name(span.form)}" WHERE _n BETWEEN ? AND ? AND _del = 0'
        with self.database.reader.connect() as connection:
            made = [uuid_of(row) for (row,) in connection.exec_driver_sql(sql, (span.first, span.last)).fetchall()]
            touched = self._changed_since(connection, span.form, seq).keys() | self._grown(connection, span, seq)
        return [row for row in made if row not in touched] if touched else made

    def _grown(self, connection: sa.Connection, span: Span, seq: int) -> set[UUID]:
        """The records of a span of which rows of sub-forms were made or changed since."""
        form = self.apps.form(span.form)
        found: set[UUID] = set()
        for below in form.subforms if form is not None else ():
            changed = self._changed_since(connection, below.id, seq)
            sql = (
                f'SELECT _id, _root, _c FROM "{table_name(below.id)}" WHERE _root IN '
                f'(SELECT _id FROM "{table_name(span.form)}" WHERE _n BETWEEN ? AND ?)'
            )
            for row, root, stamp in connection.exec_driver_sql(sql, (span.first, span.last)):
                made = msgspec.json.decode(stamp)[0]
                if UUID(bytes=bytes(row)) in changed or (made > seq and made not in self._cancelled):
                    found.add(UUID(bytes=bytes(root)))
        return found

    def _is_subform(self, form_id: str) -> bool:
        form = self.apps.form(form_id)
        return form is not None and bool(form.parent)

    def _unchange(self, seq: int, gone: Collection[UUID]) -> Iterator[AnyChange]:
        """First what went to the bin comes back, so that it can be written and pointed to again.

        Rows of a sub-form that is away now are left out: they follow their record when it comes back.

        Args:
            gone: records that the same commit made and that are taken away.
        """
        restored: dict[str, list[UUID]] = {}
        binned: dict[str, list[UUID]] = {}
        unset: dict[str, dict[UUID, dict[str, Any]]] = {}
        sql = f"SELECT form, row, kind, before FROM {history.name} WHERE seq = ? ORDER BY h DESC"
        with self.database.reader.connect() as connection:
            lines = connection.exec_driver_sql(sql, (seq,)).fetchall()
            there = {form for form in {line[0] for line in lines} if self.apps.form(form)}
            lines = [line for line in lines if line[0] in there] if there else lines
            touched = {form: self._changed_since(connection, form, seq) for form in {line[0] for line in lines}}
        for form_id, raw, kind, before in lines:
            row, others = uuid_of(raw), touched[form_id]
            if row in gone:
                continue
            since = others.get(row, frozenset()) if others else frozenset()
            if kind == ChangeKind.SET:
                values = self._before(form_id, before, since)
                unset.setdefault(form_id, {}).setdefault(row, {}).update(values)  # of several the first one's
            elif not since:
                (restored if kind == ChangeKind.DEL else binned).setdefault(form_id, []).append(row)
        for form_id in sorted(restored, key=self._is_subform):
            yield BulkChange(ChangeKind.RESTORE, form_id, restored[form_id])
        for form_id, rows in unset.items():
            yield from _alike(form_id, rows)
        yield from (BulkChange(ChangeKind.DEL, form, rows) for form, rows in binned.items())

    def _before(self, form_id: str, before: str, since: frozenset[str]) -> dict[str, Any]:
        """The old values of the fields that nobody changed since; computed fields follow by themselves."""
        form = self.apps.form(form_id)
        if form is None or BINNED in since:
            return {}
        return {
            key: value
            for key, value in from_json(form.by_id, before).items()
            if key not in since and not form.by_id[key].computed
        }

    def _changed_since(self, connection: sa.Connection, form: str, seq: int) -> dict[UUID, frozenset[str]]:
        """Record -> what changed after commit `seq`: field ids, or `BINNED`; what this stack took back is no change."""
        statement = sa.select(history.c.seq, history.c.row, history.c.kind, history.c.after).where(
            _of_others(seq, self._cancelled), history.c.form == form
        )
        found: dict[UUID, frozenset[str]] = {}
        for line in connection.execute(statement):
            if line.seq not in self._cancelled:
                row = uuid_of(line.row)
                fields = msgspec.json.decode(line.after) if line.kind == ChangeKind.SET else (BINNED,)
                found[row] = found.get(row, frozenset()) | frozenset(fields)
        return found


def _is_large(commits: Sequence[Applied]) -> bool:
    if any(commit.changes.origin is Origin.IMPORT for commit in commits):
        return True
    changes = [change for commit in commits for change in commit.changes.changes]
    return sum(len(change.rows) if isinstance(change, BulkChange) else 1 for change in changes) > LARGE


def _of_others(seq: int, cancelled: Collection[int]) -> sa.ColumnElement[bool]:
    """The lines of the commits behind `seq`, as far as possible without the ones that were cancelled."""
    stretches, first = [], seq + 1
    for each in sorted(number for number in cancelled if number > seq):
        if each > first:
            stretches.append((first, each - 1))
        first = each + 1
    if len(stretches) > _STRETCHES:
        return history.c.seq > seq
    return sa.or_(*(history.c.seq.between(*each) for each in stretches), history.c.seq >= first)


def _binning(form: str, rows: Sequence[UUID]) -> tuple[AnyChange, ...]:
    return (BulkChange(ChangeKind.DEL, form, rows),)


def _with_last(each: Iterator[_Inverse]) -> Iterator[tuple[_Inverse, bool]]:
    """Each of them, and whether it is the last one."""
    now = next(each, None)
    while now is not None:
        following = next(each, None)
        yield now, following is None
        now = following


def _alike(form: str, rows: Mapping[UUID, Mapping[str, Any]]) -> Iterator[BulkChange]:
    """The values that rows get, as one change for all rows that get values in the same fields."""
    alike: dict[tuple[str, ...], list[UUID]] = {}
    for row, values in rows.items():
        alike.setdefault(tuple(sorted(values)), []).append(row)
    for fields, ids in alike.items():
        if fields:
            columns = {key: [rows[row][key] for row in ids] for key in fields}
            yield BulkChange(ChangeKind.SET, form, ids, columns)
