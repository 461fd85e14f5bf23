"""Kills in the middle of an import, a paste and an undo of several commits: none is half done without being told of.

After each kill the workspace holds what was there before, or what would be there at the end; or it says what is
unfinished, and going on brings it to the end, taking back to the beginning.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from resources.texts import TN
from runtime.changes import AnyChange, BulkChange, ChangeKind, new_uuid
from runtime.exchange.importing.course import Course
from runtime.exchange.importing.importer import import_plan, resume
from runtime.exchange.readers.reading import open_workbook
from runtime.exchange.understanding.plan import ImportPlan
from runtime.exchange.understanding.workbooks import understand
from runtime.session import Session, open_workspace
from runtime.store.unfinished import Marking
from runtime.ui.record_saving import _in_steps
from runtime.work import Progress
from tests.faults.kills import LONGEST, Report, Work, killed, made, opened, timed
from tests.faults.kinds import ROWS, a_workbook
from tests.support.apps import field_called

FORM, NEW_FORM = "客户", "流水"
PASTED, PART = 1_200, 200
UNMARKED = "nothing marked"
"""The positive control."""
LABEL = TN("Paste {n} row", "Paste {n} rows", PASTED)

State = tuple[int, int]
"""Records of `FORM`, and of the form that the import makes (-1 = it is not there)."""

ENDS: dict[str, tuple[State, State]] = {
    "import": ((0, -1), (0, ROWS)),
    "paste": ((0, -1), (PASTED, -1)),
    "undo": ((PASTED, -1), (0, -1)),
}
"""What is there before and after each kind of work."""


def while_unfinished(rounds: int, seed: int = 7, control: str = "") -> Report:
    """Imports, pastes and undos in turn, each killed; every other one is taken back, the others go on.

    `control` = UNMARKED makes the program mark nothing, which must turn the report red.
    """
    report = Report(f"unfinished{control and f' with {control}'}")
    chance = random.Random(seed)
    with timed(report), tempfile.TemporaryDirectory(prefix="formwork-kills-") as name:
        plan = understand(open_workbook(a_workbook(Path(name) / "orders.xlsx"), Progress()), Progress())
        for turn in range(rounds):
            folder = made(Path(name) / f"u{turn}.formwork")
            kind = ("import", "paste", "undo")[turn % 3]
            said = killed(_working(folder, kind, plan, control), chance.randrange(1, 5), chance.random() * LONGEST)
            report.kills += 1
            report.acknowledged += sum(number > 0 for number in said)
            _look(folder, kind, turn % 2 == 0, report)
    return report


def _working(folder: Path, kind: str, plan: ImportPlan, control: str) -> Work:
    def work(say: Callable[[int], None]) -> None:
        if control:
            _mark_nothing()
        session = open_workspace(folder)
        if kind == "undo":
            _paste(session)
        session.listen(lambda applied: say(applied.seq))
        say(0)
        if kind == "import":
            import_plan(session, plan, NEW_FORM, Progress())
        elif kind == "paste":
            _paste(session)
        else:
            session.undo()

    return work


def _paste(session: Session) -> None:
    form = session.find_form(FORM)
    name = field_called(form, "名称").id
    steps = []
    for part in range(0, PASTED, PART):
        names = [f"x{part + at}" for at in range(PART)]
        steps.append([BulkChange(ChangeKind.NEW, form.id, [new_uuid() for _ in names], {name: names})])
    assert _in_steps(session, steps, LABEL, Progress()) == ()


def _mark_nothing() -> None:
    """The positive control: commits without marks."""

    def nothing(*_: Any, **__: Any) -> list[AnyChange]:
        return []

    Marking.along = Course.beside = Course.with_rows = nothing  # type: ignore[method-assign]


def _state(session: Session) -> State:
    there = any(form.name == NEW_FORM for form in session.forms)
    return session.form(FORM).count(), session.form(NEW_FORM).count() if there else -1


def _look(folder: Path, kind: str, back: bool, report: Report) -> None:
    """Whether nothing is half done unseen, and what is unfinished can be brought to either end."""
    beginning, end = ENDS[kind]
    with opened(folder, report) as session:
        if session is None:
            return
        right = {beginning, end}
        for work in session.unfinished:
            if kind == "import" and not back:
                resume(session, work, Progress())
            else:
                session.long_work.take_back(work)
            right = {end if kind == "undo" or (kind == "import" and not back) else beginning}
        found = _state(session)
        if session.unfinished:
            report.fail("broken", f"{kind}: it is still unfinished")
        if found not in right:
            report.fail("lost", f"{kind}: {found} is half done, and nobody was told or could mend it")
