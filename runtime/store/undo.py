"""Undo: a new ChangeSet that puts back what another one changed; what somebody changed since stays as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from resources.texts import PluralText, T, Text
from runtime.changes import AnyChange, BulkChange, ChangeKind, ChangeSet, DefinitionChange
from runtime.definition import codec
from runtime.errors import Refused
from runtime.form import forms_of
from runtime.permission.scope import EVERYTHING, Scope
from runtime.store.apps import Apps
from runtime.store.engine import Engines
from runtime.store.records import Applied, Outcome, Records, Rejected
from runtime.store.retype import holds_option, options_of
from runtime.store.rows import from_json
from runtime.store.schema import table_name
from runtime.store.system import history
from runtime.store.writer import Span

CHUNK = 5_000
"""Rows per commit when many records are taken back."""

BINNED = "_del"
"""Stands among changed fields for a record that went to the bin or came back."""


@dataclass
class Step:
    """What one undo takes back: the commits of one thing that a person did."""

    label: Text | PluralText | str
    commits: list[Applied]


@dataclass(frozen=True, slots=True)
class _TakenBack:
    """The commits that took something back, and what stopped it, if anything did."""

    done: list[Applied]
    refusal: Rejected | None


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

    def push(self, label: Text | PluralText | str, commits: list[Applied]) -> None:
        """Remember what was just done; what had been undone before can no longer be done again."""
        written = [commit.slim() for commit in commits if commit.seq]
        if written:
            self._done.append(Step(label, written))
            self._undone.clear()

    def abandon(self, commits: list[Applied]) -> None:
        """Take back commits that were never pushed; they cannot be done again."""
        with self.records.lock:
            for commit in reversed(commits):
                outcome = self._take_back(commit, T("Take back"))
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

    def undo(self) -> Outcome | None:
        """Take back the last step; None when there is none. A refusal leaves the rest of the step where it is."""
        return self._turn(self._done, self._undone, T("Undo: {what}"))

    def redo(self) -> Outcome | None:
        """Do the last undone step again."""
        return self._turn(self._undone, self._done, T("Redo: {what}"))

    def _turn(self, source: list[Step], target: list[Step], label: Text) -> Outcome | None:
        if not source:
            return None
        step = source[-1]
        text = Text(label.message, {"what": step.label})
        taken_back: list[Applied] = []
        with self.records.lock:
            while step.commits:
                outcome = self._take_back(step.commits[-1], text)
                taken_back += outcome.done
                if outcome.refusal is not None:
                    return outcome.refusal
                step.commits.pop()
        source.pop()
        if taken_back:
            target.append(Step(step.label, taken_back))
        return taken_back[-1] if taken_back else Applied(ChangeSet(()), 0)

    def _take_back(self, commit: Applied, text: Text) -> _TakenBack:
        done: list[Applied] = []
        for changes in self._inverse(commit):
            back = ChangeSet(changes, self.actor, text, commit.changes.origin, takes_back=True)
            outcome = self.records.apply(back, self.scope)
            if isinstance(outcome, Rejected):
                return _TakenBack(done, outcome)
            if outcome.seq:
                done.append(outcome.slim())
        self._cancelled |= {commit.seq, *(applied.seq for applied in done)}
        return _TakenBack(done, None)

    def _inverse(self, commit: Applied) -> Iterator[tuple[AnyChange, ...]]:
        made = [span for span in commit.created if self.apps.form(span.form)] or commit.created
        for span in made:
            yield from self._uncreate(span, commit.seq)
        changes = tuple(self._unchange(commit.seq))
        if changes:
            yield changes
        for change in commit.changes.changes:
            if isinstance(change, DefinitionChange):
                yield from self._unpublish(change)

    def _unpublish(self, change: DefinitionChange) -> Iterator[tuple[AnyChange, ...]]:
        """The version before the one that was published, unless somebody published since."""
        made = change.base + 1
        if self.apps.version_of(self.database, change.app) == made:
            body = self.apps.body_of(self.database, change.app, change.base)
            yield (DefinitionChange(change.app, made, body, self._only_binned(body)),)

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

    def _uncreate(self, span: Span, seq: int) -> Iterator[tuple[AnyChange, ...]]:
        """The records that a commit made and nobody touched since go to the bin."""
        sql = f'SELECT _id FROM "{table_name(span.form)}" WHERE _n BETWEEN ? AND ? AND _del = 0'
        with self.database.reader.connect() as connection:
            made = [UUID(bytes=bytes(row[0])) for row in connection.exec_driver_sql(sql, (span.first, span.last))]
            touched = self._changed_since(connection, span.form, seq).keys() | self._grown(connection, span, seq)
        ids = [row for row in made if row not in touched]
        for start in range(0, len(ids), CHUNK):
            yield (BulkChange(ChangeKind.DEL, span.form, ids[start : start + CHUNK]),)

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

    def _unchange(self, seq: int) -> Iterator[AnyChange]:
        """First what went to the bin comes back, so that it can be written and pointed to again.

        Rows of a sub-form that is away now are left out: they follow their record when it comes back.
        """
        statement = sa.select(history).where(history.c.seq == seq).order_by(history.c.h.desc())
        restored: dict[str, list[UUID]] = {}
        binned: dict[str, list[UUID]] = {}
        unset: dict[str, dict[UUID, dict[str, Any]]] = {}
        with self.database.reader.connect() as connection:
            lines = connection.execute(statement).all()
            lines = [line for line in lines if self.apps.form(line.form)] or lines
            touched = {form: self._changed_since(connection, form, seq) for form in {line.form for line in lines}}
        for line in lines:
            row, kind = UUID(bytes=bytes(line.row)), ChangeKind(line.kind)
            since = touched[line.form].get(row, frozenset())
            if kind is ChangeKind.SET:
                values = self._before(line.form, line.before, since)
                unset.setdefault(line.form, {}).setdefault(row, {}).update(values)  # of several the first one's
            elif not since:
                (restored if kind is ChangeKind.DEL else binned).setdefault(line.form, []).append(row)
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
            history.c.seq > seq, history.c.form == form
        )
        found: dict[UUID, frozenset[str]] = {}
        for line in connection.execute(statement):
            if line.seq not in self._cancelled:
                row = UUID(bytes=bytes(line.row))
                fields = msgspec.json.decode(line.after) if line.kind == ChangeKind.SET else (BINNED,)
                found[row] = found.get(row, frozenset()) | frozenset(fields)
        return found


def _alike(form: str, rows: Mapping[UUID, Mapping[str, Any]]) -> Iterator[BulkChange]:
    """The values that rows get, as one change for all rows that get values in the same fields."""
    alike: dict[tuple[str, ...], list[UUID]] = {}
    for row, values in rows.items():
        alike.setdefault(tuple(sorted(values)), []).append(row)
    for fields, ids in alike.items():
        if fields:
            columns = {key: [rows[row][key] for row in ids] for key in fields}
            yield BulkChange(ChangeKind.SET, form, ids, columns)
