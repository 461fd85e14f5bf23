"""The lock: one holder, given back by the system however the holder ends."""

from __future__ import annotations

import os
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


def test_who_is_refused_is_told_who_holds_it(tmp_path: Path) -> None:
    lock = WorkspaceLock(tmp_path)
    with pytest.raises(WorkspaceBusy, match=f"process {os.getpid()}"):
        WorkspaceLock(tmp_path)
    lock.release()


def test_who_is_refused_is_told_which_other_computer_holds_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = WorkspaceLock(tmp_path)
    monkeypatch.setattr("platform.node", lambda: "another")
    with pytest.raises(WorkspaceBusy, match="on the computer"):
        WorkspaceLock(tmp_path)
    lock.release()


def test_a_holder_that_gives_it_back_leaves_nothing_to_look_at(tmp_path: Path) -> None:
    lock = WorkspaceLock(tmp_path)
    lock.note(7)
    lock.release()
    again = WorkspaceLock(tmp_path)
    assert (again.unclean, again.acknowledged) == (False, None)
    again.release()


def test_a_killed_holder_leaves_word_of_what_it_had_acknowledged(tmp_path: Path) -> None:
    script = "import sys; from pathlib import Path; from runtime.store.lock import WorkspaceLock\n"
    script += "lock = WorkspaceLock(Path(sys.argv[1]))\nfor head in range(1, 42): lock.note(head)\n"
    script += "print('held', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", script, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        process.kill()
    lock = WorkspaceLock(tmp_path)
    assert (lock.unclean, lock.acknowledged) == (True, 41)
    lock.release(clean=False)
    again = WorkspaceLock(tmp_path)
    assert (again.unclean, again.acknowledged) == (True, 41)
    again.release()


@pytest.mark.parametrize("content", [b"x", b"\0" * 900, b"{" * 600, bytes(range(256)) * 4, b'{"pid":"no"}'])
def test_whatever_stands_in_the_file_it_can_be_taken(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "lock").write_bytes(content)
    lock = WorkspaceLock(tmp_path)
    lock.note(3)
    with pytest.raises(WorkspaceBusy):
        WorkspaceLock(tmp_path)
    lock.release()


def test_many_starts_at_once_have_one_winner(tmp_path: Path) -> None:
    script = "import sys; from pathlib import Path; from runtime.store.lock import *\n"
    script += "sys.stdin.readline()\ntry: lock = WorkspaceLock(Path(sys.argv[1]))\n"
    script += "except WorkspaceBusy: print('busy', flush=True)\nelse: print('mine', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", script, str(tmp_path)]
    started = [
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(8)
    ]
    for process in started:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    said = [process.stdout.readline().strip() for process in started if process.stdout is not None]
    for process in started:
        process.communicate()
    assert sorted(said) == ["busy"] * 7 + ["mine"]
