"""One commit in the making: runs each change of a ChangeSet through the pipeline and writes what comes out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from resources.texts import T
from runtime.changes import BulkChange, Change, ChangeKind, ChangeSet, DefinitionChange, PersonalChange
from runtime.dates import local_zone, to_micros
from runtime.errors import Problem
from runtime.form import Field, Form
from runtime.permission.scope import Scope
from runtime.store import pending, personal, pipeline, sort_keys
from runtime.store.apps import Apps
from runtime.store.constraints import missing_targets, taken_values
from runtime.store.environment import Paths
from runtime.store.erasing import erase
from runtime.store.logic import FormLogic
from runtime.store.pending import Entry
from runtime.store.pipeline import Draft
from runtime.store.reader import fetch_below, fetch_by_id
from runtime.store.recompute import Recomputation, work_off
from runtime.store.remote_checks import RemoteChecks
from runtime.store.rows import Row, Stamp
from runtime.store.system import commit_log
from runtime.store.writer import RecordExists, RowWriter, Span
from runtime.value.situation import Situation


class Commit:
    """Collects what one transaction writes.

    Args:
        connection: the open transaction.
        apps: published definitions.
        changes: the ChangeSet.
        scope: of who asks.
        stamp: of this commit.
        now: wall clock time of the commit, UTC.
    """

    def __init__(
        self, connection: sa.Connection, apps: Apps, changes: ChangeSet, scope: Scope, stamp: Stamp, now: datetime
    ) -> None:
        self.connection = connection
        self._apps = apps
        self._changes = changes
        self.scope = scope
        self._stamp = stamp
        self._now = now
        self._situation = Situation(now=now, zone=local_zone())
        self._rows = 0
        self._definitions = self._kept = 0
        self._paths = Paths(connection, self._situation.zone)
        self.recomputation = Recomputation(connection, apps.now, self._situation, stamp[0])
        self._checks = RemoteChecks(connection, apps.now, self._situation)
        self._roots: dict[str, set[UUID]] = {}
        self._binned: dict[str, list[Row]] = {}
        self.created: list[Span] = []

    @property
    def wrote(self) -> bool:
        """Whether anything was written."""
        return bool(self._rows or self._definitions or self._kept or self.recomputation.touched)

    def single(self, form: Form, change: Change) -> list[Problem]:
        """Apply one row change."""
        logic = self._apps.logic(form.id)
        if change.kind is ChangeKind.NEW:
            return self._new(form, logic, change)
        found = fetch_by_id(self.connection, form, [change.row], self._apps, self.scope, self._situation)
        if not found:
            return [Problem("", "no_such_record", T("This record no longer exists."), row=change.row)]
        if change.kind is ChangeKind.SET:
            return self._set(form, logic, [(change, found[0])])
        if change.kind in (ChangeKind.DEL, ChangeKind.RESTORE):
            return self._bin(form, found, change.kind)
        return [Problem("", "unknown_change", T("This kind of change needs a newer version of Formwork."))]

    def bulk(self, form: Form, change: BulkChange) -> list[Problem]:
        """Apply one change to many rows."""
        if change.kind is ChangeKind.NEW:
            return self._bulk_new(form, change)
        if change.kind in (ChangeKind.DEL, ChangeKind.RESTORE):
            wanted = _unique(form) if change.kind is ChangeKind.RESTORE else ()
            rows = fetch_by_id(self.connection, form, change.rows, self._apps, self.scope, self._situation, wanted)
            kept = [row for row in rows if change.base is None or row.seq <= change.base]
            return self._bin(form, kept, change.kind)
        return self._bulk_set(form, change)

    def _bulk_set(self, form: Form, change: BulkChange) -> list[Problem]:
        found = fetch_by_id(self.connection, form, change.rows, self._apps, self.scope, self._situation)
        unread = {row.id: row for row in found}
        fresh: list[tuple[Change, Row]] = []
        again: list[Change] = []
        for at, row_id in enumerate(change.rows):
            values = {field_id: column[at] for field_id, column in change.columns.items()}
            single = Change(ChangeKind.SET, form.id, row_id, values)
            row = unread.pop(row_id, None)  # a second change of one row must see the first: it is read again
            if row is None:
                again.append(single)
            else:
                fresh.append((single, row))
        problems = self._set(form, self._apps.logic(form.id), fresh)
        for single in again:
            problems += self.single(form, single)
        return problems

    def work_off(self, entry: Entry) -> int:
        """Compute the next rows that an entry of the queue waits for; how many."""
        if entry.route == pending.KEYS:
            made = sort_keys.make_some(self.connection, entry)
            if made is None:
                self._roots.setdefault(entry.form, set())  # from now on its records stand in another order
            return made or 0
        rows = work_off(self.connection, self._apps.now, entry, self.recomputation)
        self._roots.setdefault(entry.form, set()).update(rows)
        return len(rows)

    @property
    def also(self) -> dict[str, frozenset[UUID]]:
        """Form -> records beside the named ones that look different now."""
        found = {form: frozenset(rows) for form, rows in self.recomputation.touched.items()}
        for form, rows in self._roots.items():
            found[form] = found.get(form, frozenset()) | rows
        return {form: frozenset() for form in self.recomputation.queued} | found

    def finish(self) -> list[Problem]:
        """Compute what follows in other rows, then make the checks that look at them."""
        self.recomputation.run()
        problems = self._checks.problems(self.recomputation.changed)
        if self._changes.erases and not problems:
            erase(self.connection, self._apps.now.forms, self._binned, self._stamp[0])
        return problems

    def publish(self, change: DefinitionChange) -> list[Problem]:
        """Write a new version of an app and bring its tables up to it."""
        problems = self._apps.publish(self.connection, change, self._stamp[0], self._situation)
        self._definitions += not problems
        return problems

    def keep(self, change: PersonalChange) -> list[Problem]:
        """Write what the person keeps for themself."""
        problems = personal.write(self.connection, self._changes.actor, change, self._stamp[0])
        self._kept += not problems
        return problems

    def log(self) -> None:
        """Write the commit's own row."""
        seq, device, _, _ = self._stamp
        values = {
            "seq": seq,
            "id": self._changes.id.bytes,
            "at": to_micros(self._now),
            "actor": self._changes.actor,
            "device": device,
            "origin": self._changes.origin.value,
            "label": str(self._changes.label),
            "batch": self._changes.batch.bytes if self._changes.batch else None,
            "rows": self._rows,
        }
        names = ", ".join(values)
        statement = f"INSERT INTO {commit_log.name} ({names}) VALUES ({', '.join('?' * len(values))})"
        self.connection.exec_driver_sql(statement, tuple(values.values()))

    def _writer(self, form: Form) -> RowWriter:
        return RowWriter(self.connection, form, self._stamp)

    def _bin(self, form: Form, rows: Sequence[Row], kind: ChangeKind) -> list[Problem]:
        """Into the bin, or out of it where no living record has taken a value that allows no duplicates.

        The rows of sub-forms go with their record and come back with it.
        """
        deleted = kind is ChangeKind.DEL
        moved = [row for row in rows if row.deleted != deleted]
        problems: list[Problem] = []
        if moved and not deleted:
            problems = self._rootless(form, moved)
            for field in _unique(form):
                values = [row.values.get(field.id) for row in moved]
                problems += taken_values(self.connection, form, field, [row.id for row in moved], values)
        for below in form.subforms if moved and not problems else ():
            left_with = {row.id: row.seq for row in moved}
            part = fetch_below(self.connection, below, list(left_with), self._apps, deleted=not deleted, fields=())
            part = [row for row in part if row.root is not None and (deleted or row.seq == left_with[row.root])]
            problems += self._moved(below, part, kind)
        return problems or self._moved(form, moved, kind)

    def _moved(self, form: Form, rows: Sequence[Row], kind: ChangeKind) -> list[Problem]:
        if rows:
            self._writer(form).bin(rows, kind)
            if kind is ChangeKind.DEL:
                self._binned.setdefault(form.id, []).extend(rows)
            self._rows += len(rows)
            self.recomputation.moved(form.id, [row.id for row in rows], restored=kind is ChangeKind.RESTORE)
            self._below(form, [row.root for row in rows])
        return []

    def _below(self, form: Form, roots: Iterable[UUID | None]) -> None:
        """Rows of a sub-form changed: so did the records `roots`."""
        if form.parent:
            known = [root for root in roots if root is not None]
            self._roots.setdefault(form.parent, set()).update(known)
            self._checks.below(form, known)

    def _rootless(self, form: Form, rows: Sequence[Row]) -> list[Problem]:
        """Rows of a sub-form that cannot come back, since their record is in the bin."""
        roots = [row.root for row in rows if row.root is not None]
        living = self._living_roots(form, roots) if form.parent else set(roots)
        message = T("The record of this row is in the bin. Restore the record.")
        return [Problem("", "no_such_root", message, row=row.id) for row in rows if row.root and row.root not in living]

    def _living_roots(self, form: Form, roots: Iterable[UUID]) -> set[UUID]:
        parent = self._apps.form(form.parent)
        if parent is None:
            return set()
        wanted = list(dict.fromkeys(roots))
        found = fetch_by_id(self.connection, parent, wanted, self._apps, self.scope, self._situation)
        return {row.id for row in found if not row.deleted}

    def _unrooted(self, form: Form, rows: Sequence[UUID], roots: Sequence[UUID | None]) -> list[Problem]:
        """New rows of a sub-form without a record that is there."""
        if not form.parent:
            return []
        living = self._living_roots(form, (root for root in roots if root is not None))
        message = T("The record that this row belongs to is not there.")
        given = [*roots, *[None] * (len(rows) - len(roots))]
        return [
            Problem("", "no_such_root", message, row=row)
            for row, root in zip(rows, given, strict=False)
            if root not in living
        ]

    def _new(self, form: Form, logic: FormLogic, change: Change) -> list[Problem]:
        problems = pipeline.guard(form, change.values, self.scope, self._changes.origin, change.row)
        problems = problems or self._unrooted(form, [change.row], [change.root])
        if problems:
            return problems
        drafts = pipeline.drafts_new(logic, [change], self._situation, self._paths.read)
        problems = pipeline.check(logic, drafts, self._situation, self._paths.read)
        problems = problems or self._constraints(form, drafts)
        if not problems:
            problems = self._created(form, lambda: self._writer(form).insert(drafts[0]), [change.row], [change.root])
        return problems

    def _created(
        self, form: Form, insert: Callable[[], Span], rows: Sequence[UUID], roots: Sequence[UUID | None]
    ) -> list[Problem]:
        try:
            span = insert()
        except RecordExists:
            return [Problem("", "record_exists", T("A record with this id exists already."))]
        last = self.created[-1] if self.created else None
        if last is not None and (last.form, last.last + 1) == (span.form, span.first):
            self.created[-1] = Span(span.form, last.first, span.last)
        else:
            self.created.append(span)
        self._rows += len(rows)
        self.recomputation.created(form.id, rows)
        self._checks.created(form, rows)
        self._below(form, roots)
        return []

    def _set(self, form: Form, logic: FormLogic, changes: Sequence[tuple[Change, Row]]) -> list[Problem]:
        problems: list[Problem] = []
        allowed = []
        for change, row in changes:
            if row.deleted:
                message = T("This record is in the bin. Restore it before you change it.")
                problems.append(Problem("", "deleted", message, row=row.id))
                continue
            guarded = pipeline.guard(form, change.values, self.scope, self._changes.origin, change.row)
            problems += guarded
            if not guarded:
                allowed.append((change, row))
        drafts = pipeline.drafts_set(logic, allowed, self._situation, self._paths.read)
        blank_too = self._changes.takes_back
        problems += pipeline.check(logic, drafts, self._situation, self._paths.read, blank_too=blank_too)
        wrong = {problem.row for problem in problems}
        found = self._constraints(form, [draft for draft in drafts if draft.id not in wrong])
        if not (found or problems):
            self._write(form, [draft for draft in drafts if draft.changed])
        return problems + found

    def _write(self, form: Form, drafts: Sequence[Draft]) -> None:
        self._writer(form).update(drafts)
        self._rows += len(drafts)
        for draft in drafts:
            assert draft.row is not None
            self.recomputation.written(form, draft.id, draft.row.values, draft.changed)
            self._checks.written(form, draft)
        self._below(form, [draft.root for draft in drafts])

    def _constraints(self, form: Form, drafts: Sequence[Draft]) -> list[Problem]:
        problems: list[Problem] = []
        for field_id in sorted({field_id for draft in drafts for field_id in draft.changed}):
            changed = [draft for draft in drafts if field_id in draft.changed]
            values = [draft.values.get(field_id) for draft in changed]
            problems += self._column_problems(form, [draft.id for draft in changed], {field_id: values})
        return problems

    def _column_problems(self, form: Form, rows: Sequence[UUID], columns: dict[str, Sequence[Any]]) -> list[Problem]:
        problems: list[Problem] = []
        for field_id, values in columns.items():
            field = form.by_id[field_id]
            if field.known and field.props.unique:
                problems += taken_values(self.connection, form, field, rows, values)
            target = self._apps.form(field.target) if field.target else None
            if target is not None:
                bin_too = self._changes.takes_back
                problems += missing_targets(self.connection, field, target, rows, values, bin_too=bin_too)
        return problems

    def _bulk_new(self, form: Form, change: BulkChange) -> list[Problem]:
        logic = self._apps.logic(form.id)
        problems = pipeline.guard(form, dict.fromkeys(change.columns), self.scope, self._changes.origin, None)
        problems = problems or self._unrooted(form, change.rows, change.roots)
        if problems:
            return problems
        roots = change.roots if form.parent else ()
        columns: dict[str, Sequence[Any]] = dict(change.columns)
        errors: list[str | None] = []
        if not logic.is_plain:
            problems, columns, errors = self._row_by_row(form, logic, change, roots)
        else:
            problems = _check_columns(form, change.rows, columns)
        problems = problems or self._column_problems(form, change.rows, columns)
        if not problems and change.rows:
            writer = self._writer(form)
            problems = self._created(
                form, lambda: writer.insert_many(change.rows, columns, errors, roots), change.rows, roots
            )
        return problems

    def _row_by_row(
        self, form: Form, logic: FormLogic, change: BulkChange, roots: Sequence[UUID]
    ) -> tuple[list[Problem], dict[str, Sequence[Any]], list[str | None]]:
        changes = [
            Change(
                ChangeKind.NEW,
                form.id,
                row,
                {field_id: column[at] for field_id, column in change.columns.items()},
                roots[at] if roots else None,
            )
            for at, row in enumerate(change.rows)
        ]
        drafts = pipeline.drafts_new(logic, changes, self._situation, self._paths.read)
        problems = pipeline.check(logic, drafts, self._situation, self._paths.read)
        filled = {field_id for draft in drafts for field_id in draft.values}
        columns: dict[str, Sequence[Any]] = {
            field_id: [draft.values.get(field_id) for draft in drafts] for field_id in sorted(filled)
        }
        errors = [msgspec.json.encode(draft.errors).decode() if draft.errors else None for draft in drafts]
        return problems, columns, errors


def _unique(form: Form) -> list[Field]:
    """The fields that allow no duplicates."""
    return [field for field in form.fields if field.known and field.props.unique]


def _check_columns(form: Form, rows: Sequence[UUID], columns: dict[str, Sequence[Any]]) -> list[Problem]:
    problems = []
    for field in form.fields:
        if not field.known or field.computed:
            continue
        values = columns.get(field.id)
        for at, wrong in (field.kind.check_column(values, field.props) if values is not None else {}).items():
            problems.append(Problem(field.id, "illegal_value", wrong, row=rows[at]))
        if field.props.required:
            problems += _required(field, rows, values)
    return problems


def _required(field: Field, rows: Sequence[UUID], values: Sequence[Any] | None) -> list[Problem]:
    message = T("“{name}” is required.", name=field.name)
    return [
        Problem(field.id, "required", message, row=row)
        for at, row in enumerate(rows)
        if values is None or values[at] is None
    ]
