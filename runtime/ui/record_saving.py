"""What pages ask of the store: save, empty, delete, undo, redo; in the store lane, the answer said to the person."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from functools import partial
from typing import Any
from uuid import UUID

import shiboken6
from PySide6.QtCore import QObject

from resources.texts import TN, PluralText, T, Text
from runtime.changes import BulkChange, Change, ChangeKind
from runtime.definition.node import App
from runtime.errors import Problem, Sentence, UserError
from runtime.form import Form
from runtime.session import Session
from runtime.store.records import Applied, Outcome, Rejected
from runtime.store.rows import Row
from runtime.store.unfinished import Marking
from runtime.ui.jobs import Jobs
from runtime.ui.notices import Notices
from runtime.work import Progress, without_collector

CHUNK = 5_000
"""Records of one commit."""

Rows = Callable[[Progress], Sequence[Row]]
"""Reads the chosen records on a worker thread."""


class Saving(QObject):
    """Writes for one page.

    What waits for its turn, behind an import for instance, is written after the page is closed too. Then what was
    refused is said in a notice, and nobody else is called.
    """

    def __init__(self, session: Session, jobs: Jobs, notices: Notices, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._jobs = jobs
        self._notices = notices

    def set_values(
        self,
        form: Form,
        row: UUID,
        values: Mapping[str, Any],
        applied: Callable[[Applied], None],
        refused: Callable[[tuple[Problem, ...]], None],
    ) -> None:
        """Change fields of a record; one step of undo."""
        change = Change(ChangeKind.SET, form.id, row, dict(values))
        self._save([change], T("Change a record of {form}", form=form.name), applied, refused)

    def create(
        self,
        form: Form,
        row: UUID,
        values: Mapping[str, Any],
        applied: Callable[[Applied], None],
        refused: Callable[[tuple[Problem, ...]], None],
    ) -> None:
        """Make a record with the id `row`."""
        change = Change(ChangeKind.NEW, form.id, row, dict(values))
        self._save([change], T("Add a record to {form}", form=form.name), applied, refused)

    def delete(self, form: Form, count: int, read: Rows, then: Callable[[], None]) -> None:
        """Put records into the bin, without asking: the notice offers Undo."""
        label = TN("Delete {n} record", "Delete {n} records", count)
        work = partial(_in_chunks, self._session, ChangeKind.DEL, form.id, (), read, label)

        def done(problems: tuple[Problem, ...]) -> None:
            if problems:
                self._say_refused(problems, label)
                return
            said = TN("{n} record deleted", "{n} records deleted", count)
            self._notices.success(said, partial(self._undo_if_last, label))
            if self._asked:
                then()

        self._jobs.start(self._notices, work, done, self._notices.report, label=label, change="long")

    def clear(self, form: Form, count: int, read: Rows, fields: Sequence[str], then: Callable[[], None]) -> None:
        """Empty fields of records."""
        label = TN("Empty cells of {n} record", "Empty cells of {n} records", count)
        work = partial(_in_chunks, self._session, ChangeKind.SET, form.id, fields, read, label)

        def done(problems: tuple[Problem, ...]) -> None:
            if problems:
                self._say_refused(problems, label)
            else:
                said = TN("Cells of {n} record emptied", "Cells of {n} records emptied", count)
                self._notices.success(said, partial(self._undo_if_last, label))
            if self._asked:
                then()

        self._jobs.start(self._notices, work, done, self._notices.report, label=label, change="long")

    def write(
        self,
        steps: Callable[[], Sequence[Sequence[BulkChange]]],
        label: PluralText,
        done: Callable[[], None],
        refused: Callable[[tuple[Problem, ...]], None],
        app: Callable[[], App | None] = lambda: None,
        lost: Callable[[], None] = lambda: None,
    ) -> None:
        """Change many records as one step of undo; of what is refused nothing is left.

        Args:
            steps: gives the changes of each commit; called on a worker thread.
            app: gives what is published first, as part of the same step, if anything; called there too, before `steps`.
            lost: told where it could not be tried, or was stopped.
        """

        def answered(problems: tuple[Problem, ...]) -> None:
            if not self._asked:
                self._say_refused(problems, label)
            elif problems:
                refused(problems)
            else:
                done()

        def failed(error: UserError) -> None:
            self._notices.report(error)
            stopped()

        def stopped() -> None:
            if self._asked:
                lost()

        def work(progress: Progress) -> tuple[Problem, ...]:
            with without_collector():
                first = app()
                return _in_steps(self._session, steps(), label, progress, first)

        self._jobs.start(self._notices, work, answered, failed, label=label, cancelled=stopped, change="long")

    def succeeded(self, said: Sentence, label: PluralText) -> None:
        """Say what was done, with a button that takes it back."""
        self._notices.success(said, partial(self._undo_if_last, label))

    def say_refused(self, problems: tuple[Problem, ...], label: Sentence) -> None:
        """Say why nothing was changed."""
        self._say_refused(problems, label)

    def undo(self) -> None:
        """Take back the last thing, also where the page is closed meanwhile."""
        self._jobs.start(self._notices, lambda _progress: self._session.undo(), lane="store")

    def redo(self) -> None:
        """Do the last undone thing again."""
        self._jobs.start(self._notices, lambda _progress: self._session.redo(), lane="store")

    def undo_of_last(self) -> Callable[[], None]:
        """Takes back what was done last now; later, when something else was done since, it says so instead."""
        return partial(self._undo_if_last, self._session.undo_label)

    def _undo_if_last(self, label: object) -> None:
        if self._session.undo_label is label:
            self.undo()
        else:
            self._notices.info(
                T("Something else was done since."), T("Undo step by step with Ctrl+Z."), code="undo_late"
            )

    def _save(
        self,
        changes: list[Change],
        label: Text,
        applied: Callable[[Applied], None],
        refused: Callable[[tuple[Problem, ...]], None],
    ) -> None:
        def answered(outcome: Outcome) -> None:
            if isinstance(outcome, Applied):
                if self._asked:
                    applied(outcome)
            elif self._asked:
                refused(outcome.problems)
            else:
                self._say_refused(outcome.problems, label)

        def failed(error: UserError) -> None:
            if error.code != "bug":
                self._notices.report(error)
            if self._asked:
                refused((Problem("", error.code, error.message),))

        def work(_progress: Progress) -> Outcome:
            return self._session.save(changes, label)

        self._jobs.start(self._notices, work, answered, failed, label=label, change="short")

    @property
    def _asked(self) -> bool:
        """Whether the page is still there."""
        return shiboken6.isValid(self)

    def _say_refused(self, problems: tuple[Problem, ...], label: Sentence) -> None:
        if problems:
            said = T("“{step}” could not be done: {reason}", step=label, reason=problems[0].message)
            self._notices.danger(said, T("Nothing was changed."), code="refused")


def _in_chunks(
    session: Session,
    kind: ChangeKind,
    form: str,
    fields: Sequence[str],
    read: Rows,
    label: PluralText,
    progress: Progress,
) -> tuple[Problem, ...]:
    """Change many records alike as one step of undo."""
    rows = [row.id for row in read(progress)]
    steps = []
    for start in range(0, len(rows), CHUNK):
        part = rows[start : start + CHUNK]
        steps.append([BulkChange(kind, form, part, {field: [None] * len(part) for field in fields})])
    return _in_steps(session, steps, label, progress)


def _in_steps(
    session: Session,
    steps: Sequence[Sequence[BulkChange]],
    label: PluralText,
    progress: Progress,
    app: App | None = None,
) -> tuple[Problem, ...]:
    """Write commit by commit, as one step of undo; what was written is taken back where a later one is refused.

    Args:
        app: is published first.
    """
    total = sum(len(change.rows) for step in steps for change in step)
    marking = Marking.of(label, total)
    long = len(steps) > 1 or app is not None
    with session.long_work.going_on(marking.mark.id) if long else nullcontext():
        return _step_by_step(session, steps, label, progress, marking, app)


def _step_by_step(
    session: Session,
    steps: Sequence[Sequence[BulkChange]],
    label: PluralText,
    progress: Progress,
    marking: Marking,
    app: App | None,
) -> tuple[Problem, ...]:
    commits: list[Applied] = []
    batch, total, written = marking.mark.id, marking.mark.total, 0
    try:
        if app is not None:
            marks = marking.along(0)
            commits.append(session.publish(app, batch=batch, marks=marks))
            marking.applied(marks)
        for step in steps:
            progress.step(written, total, label)
            written += sum(len(change.rows) for change in step)
            changes = [*step, *marking.along(written, last=step is steps[-1])]
            outcome = session.apply(changes, label, batch=batch)
            if isinstance(outcome, Rejected):
                session.abandon(commits, batch)
                return outcome.problems
            marking.applied(changes)
            commits.append(outcome)
    except BaseException:
        session.abandon(commits, batch)
        raise
    session.remember(label, commits)
    return ()
