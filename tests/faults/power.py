"""Power cuts: a working day is written down at the disk, then the power is cut at random moments and the rest replayed.

What the program had acknowledged before the cut must be there afterwards, and the workspace must open and be whole.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from runtime.session import open_workspace
from tests.faults.kills import Report, timed
from tests.faults.model import Model, State, seen
from tests.faults.replay import Disk, Entry, entries
from tests.faults.worker import ACKS, WORKSPACE
from tests.support.profile import ROOT

CARELESS = "synchronous=OFF"
"""The positive control: with this setting power cuts must do harm."""
OPERATIONS = 250
CUTS_PER_DAY = 100
SOURCE = Path(__file__).with_name("disk_log.c")
NOT_PART = ("-shm", "lock", "ballast")
"""Files that hold nothing: shared memory dies with the machine, the others are made anew."""


class NoCompiler(Exception):
    """This machine cannot build the library that watches the disk."""


def power_cuts(cuts: int, seed: int = 4, control: str = "") -> Report:
    """Cut the power `cuts` times; `control` is the setting that must turn this red.

    Raises:
        NoCompiler: there is no C compiler.
    """
    report = Report(f"power cut{control and f' with {control}'}")
    with timed(report), tempfile.TemporaryDirectory(prefix="formwork-power-") as name:
        folder = Path(name).resolve()
        library = _built(folder)
        for day in range(0, cuts, CUTS_PER_DAY):
            root = folder / f"day{day}"
            _day(root, library, seed + day, control)
            chance = random.Random(seed + day)
            log = entries(folder / f"{root.name}.log", root)
            moments = sorted(chance.randrange(_begin(log), len(log)) for _ in range(min(CUTS_PER_DAY, cuts - day)))
            for disk, done in _played(log, moments):
                _after(disk, done, Model(seed + day), folder / "after", chance, report)
            shutil.rmtree(root)
    return report


def _built(folder: Path) -> Path:
    library = folder / "disk_log.so"
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        raise NoCompiler
    command = [compiler, "-shared", "-fPIC", "-O2", "-o", str(library), str(SOURCE), "-ldl", "-lpthread"]
    subprocess.run(command, check=True)
    return library


def _day(root: Path, library: Path, seed: int, control: str) -> None:
    root.mkdir()
    watched = {"LD_PRELOAD": str(library), "FAULT_ROOT": str(root), "FAULT_LOG": f"{root}.log"}
    command = [sys.executable, "-m", "tests.faults.worker", str(root), str(seed), str(OPERATIONS), control]
    subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT), **watched}, check=True)


def _begin(log: list[Entry]) -> int:
    """Where the day's work begins: the first thing acknowledged."""
    return next(at for at, entry in enumerate(log) if entry.path == ACKS and entry.kind == "W")


def _played(log: list[Entry], moments: list[int]) -> Iterator[tuple[Disk, int]]:
    """The disk at each of the moments, and the last operation acknowledged before it."""
    disk, done, at = Disk(), 0, 0
    for moment in moments:
        for entry in log[at:moment]:
            if entry.path == ACKS and entry.kind == "W":
                done = int(entry.bytes)
            disk.play(entry)
        at = moment
        yield disk, done


def _after(disk: Disk, done: int, model: Model, folder: Path, chance: random.Random, report: Report) -> None:
    """Write what the cut left, open it, and look."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, body in disk.after_cut(chance).items():
        if name == ACKS or name.endswith(NOT_PART):
            continue
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    report.kills += 1
    report.acknowledged += done
    try:
        with open_workspace(folder / WORKSPACE) as session:
            state, wrong = seen(session), [str(problem.message) for problem in session.damage()]
    except Exception as error:
        report.fail("broken", f"after operation {done}: {type(error).__name__}: {error}")
        return
    if wrong:
        report.fail("broken", f"after operation {done}: {'; '.join(wrong)}")
    elif not _holds(state, model, done):
        report.fail("lost", f"after operation {done}: the records are not those of then")


def _holds(state: State, model: Model, done: int) -> bool:
    """Whether the records are those after `done` operations, or after one more."""
    for _ in range(done):
        model.go_on()
    if state == model.state:
        return True
    model.go_on()
    return state == model.state
