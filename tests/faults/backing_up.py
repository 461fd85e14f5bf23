"""Kills while backups are made: the workspace and every backup that is listed afterwards must be sound."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable
from pathlib import Path

from runtime.errors import UserError
from runtime.session import Session, open_workspace
from runtime.store import backup_file
from runtime.work import Progress
from tests.faults.kills import LONGEST, Report, Work, killed, made, opened, timed
from tests.faults.model import Model, perform, seen

OPERATIONS = 3
"""Between one backup and the next."""


def while_backing_up(rounds: int, seed: int = 5) -> Report:
    """Some operations, a backup, and so on; what is said is the number of operations that the backup has to hold."""
    report = Report("backup")
    chance = random.Random(seed)
    with timed(report), tempfile.TemporaryDirectory(prefix="formwork-kills-") as name:
        folder, model = Path(), Model(0)
        for turn in range(rounds):
            if turn % 25 == 0:
                folder, model = made(Path(name) / f"b{turn}.formwork"), Model(seed * 1000 + turn)
            said = killed(_backing_up(folder, model), chance.randrange(1, 4), chance.random() * LONGEST * 2)
            report.kills += 1
            report.acknowledged += max(len(said) - 1, 0)
            _sound(folder, model, max(said, default=0), len(said) - 1, report)
    return report


def _backing_up(folder: Path, model: Model) -> Work:
    def work(say: Callable[[int], None]) -> None:
        session = open_workspace(folder)
        say(model.done)
        while True:
            for _ in range(OPERATIONS):
                perform(session, model.next())
                model.go_on()
            session.safety.backup("kill", Progress())
            say(model.done)

    return work


def _sound(folder: Path, model: Model, done: int, backups: int, report: Report) -> None:
    with opened(folder, report) as session:
        if session is None:
            return
        state = seen(session)
        while model.done < done:
            model.go_on()
        for _ in range(OPERATIONS + 1):
            if state == model.state:
                break
            model.go_on()
        else:
            report.fail("lost", f"after operation {done}: the records are not those of then")
        _check_backups(session, backups, report)


def _check_backups(session: Session, acknowledged: int, report: Report) -> None:
    listed = session.safety.backups.listed()
    if len(listed) < min(acknowledged, 1):
        report.fail("lost", "a backup was acknowledged, none is there")
    for backup in listed[:3]:
        try:
            backup_file.check(backup, session.safety._key, Progress())
        except UserError as error:
            report.fail("broken", f"{backup.path.name}: {error}")
