"""One commit in the making: runs each change of a ChangeSet through the pipeline and writes what comes out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from resources.texts import T
from runtime.changes import BulkChange, Change, ChangeKind, ChangeSet, DefinitionChange
from runtime.dates import local_zone, to_micros
from runtime.errors import Problem
from runtime.form import Field, Form
from runtime.permission.scope import Scope
from runtime.store import pipeline
from runtime.store.apps import Apps
from runtime.store.constraints import missing_targets, taken_values
from runtime.store.logic import FormLogic
from runtime.store.pipeline import Draft
from runtime.store.reader import fetch_by_id
from runtime.store.rows import Row, Stamp
from runtime.store.system import commit_log
from runtime.store.writer import RowWriter, Span
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
        self._connection = connection
        self._apps = apps
        self._changes = changes
        self.scope = scope
        self._stamp = stamp
        self._now = now
        self._situation = Situation(now=now, zone=local_zone())
        self._rows = 0
        self._definitions = 0
        self.created: list[Span] = []

    @property
    def wrote(self) -> bool:
        """Whether anything was written."""
        return bool(self._rows or self._definitions)

    def single(self, form: Form, change: Change) -> list[Problem]:
        """Apply one row change."""
        logic = self._apps.logic(form.id)
        if change.kind is ChangeKind.NEW:
            return self._new(form, logic, change)
        found = fetch_by_id(self._connection, form, [change.row], self._apps, self.scope, self._situation)
        if not found:
            return [Problem("", "no_such_record", T("This record no longer exists."), row=change.row)]
        if change.kind is ChangeKind.SET:
            return self._set(form, logic, change, found[0])
        if change.kind in (ChangeKind.DEL, ChangeKind.RESTORE):
            return self._bin(form, found, change.kind)
        return [Problem("", "unknown_change", T("This kind of change needs a newer version of Formwork."))]

    def bulk(self, form: Form, change: BulkChange) -> list[Problem]:
        """Apply one change to many rows."""
        if change.kind is ChangeKind.NEW:
            return self._bulk_new(form, change)
        if change.kind in (ChangeKind.DEL, ChangeKind.RESTORE):
            rows = fetch_by_id(self._connection, form, change.rows, self._apps, self.scope, self._situation)
            kept = [row for row in rows if change.base is None or row.seq <= change.base]
            return self._bin(form, kept, change.kind)
        logic = self._apps.logic(form.id)
        found = fetch_by_id(self._connection, form, change.rows, self._apps, self.scope, self._situation)
        unread = {row.id: row for row in found}
        problems: list[Problem] = []
        for at, row_id in enumerate(change.rows):
            values = {field_id: column[at] for field_id, column in change.columns.items()}
            single = Change(ChangeKind.SET, form.id, row_id, values)
            row = unread.pop(row_id, None)  # a second change of one row must see the first: it is read again
            problems += self.single(form, single) if row is None else self._set(form, logic, single, row)
        return problems

    def publish(self, change: DefinitionChange) -> list[Problem]:
        """Write a new version of an app and bring its tables up to it."""
        problems = self._apps.publish(self._connection, change, self._stamp[0], self._situation)
        self._definitions += not problems
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
        self._connection.exec_driver_sql(statement, tuple(values.values()))

    def _writer(self, form: Form) -> RowWriter:
        return RowWriter(self._connection, form, self._stamp)

    def _bin(self, form: Form, rows: Sequence[Row], kind: ChangeKind) -> list[Problem]:
        """Into the bin, or out of it where no living record has taken a value that allows no duplicates."""
        moved = [row for row in rows if row.deleted != (kind is ChangeKind.DEL)]
        problems: list[Problem] = []
        if kind is ChangeKind.RESTORE and moved:
            for field in (field for field in form.fields if field.known and field.props.unique):
                values = [row.values.get(field.id) for row in moved]
                problems += taken_values(self._connection, form, field, [row.id for row in moved], values)
        if not problems:
            self._writer(form).bin(moved, kind)
            self._rows += len(moved)
        return problems

    def _new(self, form: Form, logic: FormLogic, change: Change) -> list[Problem]:
        problems = pipeline.guard(form, change.values, self.scope, self._changes.origin, change.row)
        if problems:
            return problems
        draft = pipeline.draft_new(logic, change, self._situation)
        problems = pipeline.check(logic, draft, self._situation) or self._constraints(form, draft)
        if not problems:
            problems = self._created(lambda: self._writer(form).insert(draft), 1)
        return problems

    def _created(self, insert: Callable[[], Span], rows: int) -> list[Problem]:
        try:
            span = insert()
        except sa.exc.IntegrityError:
            return [Problem("", "record_exists", T("A record with this id exists already."))]
        last = self.created[-1] if self.created else None
        if last is not None and (last.form, last.last + 1) == (span.form, span.first):
            self.created[-1] = Span(span.form, last.first, span.last)
        else:
            self.created.append(span)
        self._rows += rows
        return []

    def _set(self, form: Form, logic: FormLogic, change: Change, row: Row) -> list[Problem]:
        if row.deleted:
            message = T("This record is in the bin. Restore it before you change it.")
            return [Problem("", "deleted", message, row=row.id)]
        problems = pipeline.guard(form, change.values, self.scope, self._changes.origin, change.row)
        if problems:
            return problems
        draft = pipeline.draft_set(logic, change, row, self._situation)
        problems = pipeline.check(logic, draft, self._situation) or self._constraints(form, draft)
        if not problems and draft.changed:
            self._writer(form).update(draft)
            self._rows += 1
        return problems

    def _constraints(self, form: Form, draft: Draft) -> list[Problem]:
        columns: dict[str, Sequence[Any]] = {field_id: [draft.values.get(field_id)] for field_id in draft.changed}
        return self._column_problems(form, [draft.id], columns)

    def _column_problems(self, form: Form, rows: Sequence[UUID], columns: dict[str, Sequence[Any]]) -> list[Problem]:
        problems: list[Problem] = []
        for field_id, values in columns.items():
            field = form.by_id[field_id]
            if field.known and field.props.unique:
                problems += taken_values(self._connection, form, field, rows, values)
            target = self._apps.form(field.target) if field.target else None
            if target is not None:
                problems += missing_targets(self._connection, field, target, rows, values)
        return problems

    def _bulk_new(self, form: Form, change: BulkChange) -> list[Problem]:
        logic = self._apps.logic(form.id)
        problems = pipeline.guard(form, dict.fromkeys(change.columns), self.scope, self._changes.origin, None)
        if problems:
            return problems
        columns: dict[str, Sequence[Any]] = dict(change.columns)
        errors: list[str | None] = []
        if not logic.is_plain:
            problems, columns, errors = self._row_by_row(form, logic, change)
        else:
            problems = _check_columns(form, change.rows, columns)
        problems = problems or self._column_problems(form, change.rows, columns)
        if not problems and change.rows:
            writer = self._writer(form)
            problems = self._created(lambda: writer.insert_many(change.rows, columns, errors), len(change.rows))
        return problems

    def _row_by_row(
        self, form: Form, logic: FormLogic, change: BulkChange
    ) -> tuple[list[Problem], dict[str, Sequence[Any]], list[str | None]]:
        problems: list[Problem] = []
        drafts = []
        for at, row in enumerate(change.rows):
            values = {field_id: column[at] for field_id, column in change.columns.items()}
            draft = pipeline.draft_new(logic, Change(ChangeKind.NEW, form.id, row, values), self._situation)
            problems += pipeline.check(logic, draft, self._situation)
            drafts.append(draft)
        filled = {field_id for draft in drafts for field_id in draft.values}
        columns: dict[str, Sequence[Any]] = {
            field_id: [draft.values.get(field_id) for draft in drafts] for field_id in sorted(filled)
        }
        errors = [msgspec.json.encode(draft.errors).decode() if draft.errors else None for draft in drafts]
        return problems, columns, errors


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
