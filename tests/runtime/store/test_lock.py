"""The lock: one holder, given back by the system however the holder ends."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from runtime.store.lock import WorkspaceBusy, WorkspaceLock
from tests.support.profile import ROOT

HOLDER = """
import sys
from pathlib import Path
from runtime.store.lock import WorkspaceLock
lock = WorkspaceLock(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def test_a_lock_has_one_holder(tmp_path: Path) -> None:
    lock = WorkspaceLock(tmp_path)
    for _again in range(3):
        with pytest.raises(WorkspaceBusy) as refusal:
            WorkspaceLock(tmp_path)
        assert refusal.value.code == "workspace_busy"
    lock.release()
    WorkspaceLock(tmp_path).release()


def test_giving_it_back_twice_takes_it_from_nobody(tmp_path: Path) -> None:
    first = WorkspaceLock(tmp_path)
    first.release()
    second = WorkspaceLock(tmp_path)
    first.release()
    with pytest.raises(WorkspaceBusy):
        WorkspaceLock(tmp_path)
    second.release()


def test_locks_of_two_workspaces_are_two(tmp_path: Path) -> None:
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        folder.mkdir()
    locks = [WorkspaceLock(folder) for folder in folders]
    for lock in locks:
        lock.release()


def test_a_killed_holder_holds_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        with pytest.raises(WorkspaceBusy):
            WorkspaceLock(tmp_path)
        process.kill()
        process.wait()
    WorkspaceLock(tmp_path).release()


def test_a_lock_file_left_behind_is_no_lock(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text("4711")
    WorkspaceLock(tmp_path).release()
