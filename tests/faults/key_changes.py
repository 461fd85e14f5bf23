"""Making a workspace and changing its key, killed at every single change on the disk, and with the power cut there.

The work is done once while `disk_log.c` writes down what it does to the disk. Every beginning of that log is a disk
that a kill could have left; each of them must open, with the passphrase and with the keyring, and hold every record.
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
from typing import Any

import keyring

from runtime.changes import Change, ChangeKind, new_uuid
from runtime.session import Session, open_workspace
from runtime.store import keys, passphrase, rekey, ways_in
from runtime.store.folder import DATABASE
from runtime.store.lock import WorkspaceLock
from runtime.work import Progress
from tests.faults.kills import Report, timed
from tests.faults.power import NOT_PART, SOURCE, NoCompiler
from tests.faults.replay import Disk, Entry, entries
from tests.support.apps import customers_and_orders, field_called
from tests.support.memory_keyring import MemoryKeyring
from tests.support.profile import ROOT

WORKSPACE, MARK, PASSPHRASE = "w.formwork", "mark", "correct horse battery"
RECORDS = 60
ONE_SET = "one set of slots"
"""The positive control: the slots of the old key are gone before the new file is in its place."""
EVERY_PAGE = 25
"""Of the pages written into the draft, which nobody opens, one in so many is a moment to be killed at."""


class Remembering(MemoryKeyring):
    """Forgets nothing, so that it is at each moment of the replay what it was then, and more."""

    def delete_password(self, service: str, username: str) -> None:
        """Not now."""


def while_making(cuts: int = 0, seed: int = 5) -> Report:
    """Making the folder of a workspace; afterwards it is there whole, or not at all and can be made."""
    report = Report("make")
    with timed(report), tempfile.TemporaryDirectory(prefix="formwork-make-") as name:
        for folder, _cut in _disks(Path(name).resolve(), "make", "", cuts, seed, report):
            _must_open(folder, 0, report, PASSPHRASE, None)
    return report


def while_rekeying(cuts: int = 0, seed: int = 6, control: str = "") -> Report:
    """A new key; afterwards the workspace opens with the old one or the new one, and everything is there."""
    report = Report(f"key{control and f' with {control}'}")
    with timed(report), tempfile.TemporaryDirectory(prefix="formwork-key-") as name:
        for folder, _cut in _disks(Path(name).resolve(), "rekey", control, cuts, seed, report):
            _must_open(folder, RECORDS, report, PASSPHRASE, None)
    return report


def _disks(root: Path, work: str, control: str, cuts: int, seed: int, report: Report) -> Iterator[tuple[Path, bool]]:
    """The folder after a kill at each moment, and after `cuts` power cuts at random ones."""
    keyring.set_keyring(Remembering())
    log = _watched(root, work, control)
    chance = random.Random(seed)
    moments = list(_moments(log))
    cut_at = sorted(chance.choices(moments, k=cuts))
    disk = Disk()
    for at, entry in enumerate(log):
        disk.play(entry)
        for cut in [False] * (at in moments) + [True] * cut_at.count(at):
            files = disk.after_cut(chance) if cut else _as_written(disk)
            folder = root / "after"
            shutil.rmtree(folder, ignore_errors=True)
            for name, body in files.items():
                if name != MARK and not name.endswith(NOT_PART):
                    (folder / name).parent.mkdir(parents=True, exist_ok=True)
                    (folder / name).write_bytes(body)
            report.kills += 1
            yield folder / WORKSPACE, cut


def _moments(log: list[Entry]) -> Iterator[int]:
    """Every change after the mark."""
    begin = next(at for at, entry in enumerate(log) if entry.path == MARK and entry.kind == "W")
    for at, entry in enumerate(log):
        page_of_draft = entry.kind == "W" and entry.path.endswith((rekey.DRAFT, DATABASE))
        if at >= begin and (not page_of_draft or at % EVERY_PAGE == 0):
            yield at


def _as_written(disk: Disk) -> dict[str, bytes]:
    """What a kill leaves: the system has everything that was written."""
    return {name: file.as_written() for name, file in disk.files.items()}


def _must_open(folder: Path, records: int, report: Report, *secrets: str | None) -> None:
    for secret in secrets:
        try:
            with open_workspace(folder, secret) as session:
                count = session.form("客户").count() if session.apps else 0
                wrong = [str(problem.message) for problem in session.damage()]
        except Exception as error:
            report.fail("broken", f"step {report.kills}: {type(error).__name__}: {error}")
            continue
        report.acknowledged += count
        if wrong:
            report.fail("broken", f"step {report.kills}: {'; '.join(wrong)}")
        if count != records:
            report.fail("lost", f"step {report.kills}: {count} of {records} records")


def _watched(root: Path, work: str, control: str) -> list[Entry]:
    """Do the work in a process whose changes on the disk are written down."""
    library, watched = root / "disk_log.so", root / "watched"
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        raise NoCompiler
    subprocess.run([compiler, "-shared", "-fPIC", "-O2", "-o", library, SOURCE, "-ldl", "-lpthread"], check=True)
    watched.mkdir()
    log = root / "disk.log"
    environment = {"LD_PRELOAD": str(library), "FAULT_ROOT": str(watched), "FAULT_LOG": str(log)}
    subprocess.run(
        [sys.executable, "-m", "tests.faults.key_changes", str(watched), work, control],
        cwd=ROOT, check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHON_KEYRING_BACKEND": f"{__name__}.Remembering", **environment},
    )  # fmt: skip
    return entries(log, watched)


def main(folder: Path, work: str, control: str) -> None:
    """The work that is watched."""
    passphrase.LEAST, passphrase.SECONDS = (1024, 1, 4), 0.0
    keyring.set_keyring(Remembering())
    if work == "make":
        _say(folder)
        open_workspace(folder / WORKSPACE, PASSPHRASE).close()
        return
    with open_workspace(folder / WORKSPACE, PASSPHRASE) as session:
        _fill(session)
    if control:
        _careless()
    _say(folder)
    lock = WorkspaceLock(folder / WORKSPACE)
    rekey.rekey(folder / WORKSPACE, PASSPHRASE, Progress())
    lock.release()


def _fill(session: Session) -> None:
    session.publish(customers_and_orders())
    form = session.form("客户").form
    name = field_called(form, "名称").id
    rows = [Change(ChangeKind.NEW, form.id, new_uuid(), {name: f"客户 {at}"}) for at in range(RECORDS)]
    session.save(rows, "Add")


def _say(folder: Path) -> None:
    descriptor = os.open(folder / MARK, os.O_WRONLY | os.O_CREAT, 0o600)
    os.write(descriptor, b"now\n")
    os.close(descriptor)


def _careless() -> None:
    careful = ways_in.write

    def careless(folder: Path, slots: tuple[keys.Slot, ...]) -> None:
        newest = max(slot.generation for slot in slots)
        careful(folder, tuple(slot for slot in slots if slot.generation == newest))

    setattr(rekey, "write", careless)  # noqa: B010 - the name that `rekey` took over


if __name__ == "__main__":
    given: Any = sys.argv[1:]
    main(Path(given[0]), given[1], given[2])
