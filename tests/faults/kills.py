"""`kill -9` in the middle of saving, importing, publishing and backing up; then the workspace is looked at.

Each round forks a process that opens the workspace, works, and says over a pipe what it has been told is done. It is
killed at a random moment. What it said must be there; at most one operation more may be, whole.
"""

from __future__ import annotations

import os
import random
import select
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from runtime.session import Session, open_workspace
from tests.faults.model import Model, perform, seen
from tests.support.apps import customers_and_orders

LONGEST = 0.03
"""Seconds between the last thing heard and the kill, at most."""
ROUNDS_PER_WORKSPACE = 60
HASTY = "saying so early"
"""The positive control."""


@dataclass
class Report:
    """What some rounds did and found.

    Attributes:
        name: of the kind of work.
        kills: processes killed.
        acknowledged: operations they said were done.
        lost: rounds after which something acknowledged was missing or changed.
        broken: rounds after which the workspace did not open, or its books or pages were wrong.
        examples: the first few failures in words.
        seconds: how long it took.
    """

    name: str
    kills: int = 0
    acknowledged: int = 0
    lost: int = 0
    broken: int = 0
    examples: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def sound(self) -> bool:
        """Whether nothing was lost or broken."""
        return not (self.lost or self.broken)

    def fail(self, kind: str, said: str) -> None:
        """Note a failure."""
        if kind == "lost":
            self.lost += 1
        else:
            self.broken += 1
        self.examples = [*self.examples, said][:5]


Work = Callable[[Callable[[int], None]], None]
"""What the process does; it calls back with a number after each thing that is done."""


def killed(work: Work, wait: int, pause: float) -> list[int]:
    """Fork, let the child work until it has said `wait` numbers and `pause` seconds more, kill it; all it said."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _as_child(work, writing)
    os.close(writing)
    said = b""
    while said.count(b"\n") < wait:
        part = os.read(reading, 65536)
        if not part:
            break
        said += part
    select.select([], [], [], pause)
    os.kill(child, signal.SIGKILL)
    while part := os.read(reading, 65536):
        said += part
    os.close(reading)
    os.waitpid(child, 0)
    if b"!" in said:
        raise AssertionError(said.decode(errors="replace"))
    return [int(line) for line in said.split(b"\n")[:-1]]


def _as_child(work: Work, writing: int) -> None:
    try:
        work(lambda number: _say(writing, f"{number}\n".encode()))
        select.select([], [], [])  # done: wait for the kill
    except BaseException as error:
        _say(writing, f"! {type(error).__name__}: {error}".encode())
    finally:
        os._exit(1)


def _say(writing: int, text: bytes) -> None:
    os.write(writing, text)


@contextmanager
def timed(report: Report) -> Iterator[None]:
    """Adds the time that passes to the report."""
    started = time.perf_counter()
    yield
    report.seconds += time.perf_counter() - started


def while_saving(rounds: int, seed: int = 1, control: str = "") -> Report:
    """Single saves, pastes, fills, the bin and back, one after the other.

    `control` = HASTY makes the process say that a thing is done before it is, which must turn the report red.
    """
    report = Report(f"save{control and f' with {control}'}")
    chance = random.Random(seed)
    with timed(report), tempfile.TemporaryDirectory(prefix="formwork-kills-") as name:
        folder, model, failures = Path(), Model(0), 0
        for turn in range(rounds):
            if turn % ROUNDS_PER_WORKSPACE == 0 or report.lost > failures:
                failures = report.lost
                folder = made(Path(name) / f"w{turn}.formwork")
                model = Model(seed * 1000 + turn)
            said = killed(
                _saving(folder, model, hasty=bool(control)), chance.randrange(2, 14), chance.random() * LONGEST
            )
            report.kills += 1
            report.acknowledged += sum(number >= 0 for number in said)
            _look(folder, model, max(said, default=-1), report, thorough=turn % 20 == 19)
    return report


def made(folder: Path) -> Path:
    """A new workspace with the sample app."""
    with open_workspace(folder) as session:
        session.publish(customers_and_orders())
    return folder


def _saving(folder: Path, model: Model, hasty: bool) -> Work:
    def work(say: Callable[[int], None]) -> None:
        session = open_workspace(folder)
        say(-1)
        while True:
            if hasty:
                say(model.done + 2)
            perform(session, model.next())
            model.go_on()
            if not hasty:
                say(model.done)

    return work


def _look(folder: Path, model: Model, done: int, report: Report, thorough: bool) -> None:
    """Compare the workspace with the model after `done` operations, or one more, and bring the model up to it."""
    try:
        with open_workspace(folder) as session:
            state = seen(session)
            wrong = [str(problem.message) for problem in session.damage()] if thorough else []
    except Exception as error:
        report.fail("broken", f"{type(error).__name__}: {error}")
        return
    if wrong:
        report.fail("broken", "; ".join(wrong))
    while model.done < done:
        model.go_on()
    if state != model.state:
        model.go_on()
    if state != model.state:
        different = {key for key in state.keys() | model.state.keys() if state.get(key) != model.state.get(key)}
        report.fail("lost", f"after operation {done}: {len(different)} records differ, for example {min(different)}")


@contextmanager
def opened(folder: Path, report: Report) -> Iterator[Session | None]:
    """The workspace after a kill; None, noted as broken, where it does not open or is not whole."""
    try:
        session = open_workspace(folder)
    except Exception as error:
        report.fail("broken", f"{type(error).__name__}: {error}")
        yield None
        return
    with session:
        for problem in session.damage():
            report.fail("broken", str(problem.message))
        yield session
