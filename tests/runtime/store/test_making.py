"""Making the folder of a workspace: whole or not at all, for its owner alone, and again after a crash."""

from __future__ import annotations

import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from runtime.errors import UserError
from runtime.session import open_workspace
from runtime.store import keys, making, system
from runtime.store.lock import WorkspaceBusy, WorkspaceLock
from tests.support.memory_keyring import MemoryKeyring

pytestmark = pytest.mark.one_engine


class Killed(BaseException):
    """The process is gone: what tidies up does not run."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "office.formwork"


@pytest.mark.skipif(sys.platform == "win32", reason="rights of files")
def test_only_its_owner_can_read_any_file_of_it(folder: Path) -> None:
    with open_workspace(folder):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        for each in folder.rglob("*"):
            assert stat.S_IMODE(each.stat().st_mode) & 0o077 == 0, each


@pytest.mark.skipif(sys.platform == "win32", reason="rights of files")
def test_a_workspace_that_others_could_read_is_closed_to_them_when_it_is_opened(folder: Path) -> None:
    open_workspace(folder).close()
    (folder / "backups").mkdir(exist_ok=True)
    (folder / "backups" / "older").touch()
    for each in (folder, *folder.rglob("*")):
        each.chmod(0o777 if each.is_dir() else 0o666)
    with open_workspace(folder):
        for each in (folder, *folder.rglob("*")):
            assert stat.S_IMODE(each.stat().st_mode) == (0o700 if each.is_dir() else 0o600), each


@pytest.mark.parametrize("step", ["write_slots", "touch", "create", "rename"])
def test_a_kill_at_any_step_leaves_no_half_made_workspace_and_it_can_be_made_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch, memory_keyring: MemoryKeyring, step: str
) -> None:
    def killed(*_: Any, **_more: Any) -> None:
        raise Killed

    owner: Any = {"write_slots": keys, "create": system}.get(step, Path)
    with monkeypatch.context() as patched:
        patched.setattr(owner, step, killed)
        patched.setattr("shutil.rmtree", lambda *_args, **_more: None)
        patched.setattr(keys, "forget", lambda _slots: None)
        with pytest.raises(Killed):
            open_workspace(folder)
    assert not folder.exists()
    assert len(list(folder.parent.iterdir())) == 1
    open_workspace(folder).close()
    open_workspace(folder).close()
    assert [each.name for each in folder.parent.iterdir()] == ["office.formwork"]
    left = 2 if step == "write_slots" else 1  # an entry whose name was never written down
    assert len(memory_keyring._memory) == left


def test_two_programs_do_not_make_the_same_one(folder: Path) -> None:
    draft = making._draft(folder)
    draft.mkdir()
    held = WorkspaceLock(draft)
    with pytest.raises(WorkspaceBusy):
        open_workspace(folder)
    held.release()
    assert not folder.exists()


def test_a_longest_name_can_be_made(tmp_path: Path) -> None:
    folder = tmp_path / f"{'库' * 82}.formwork"
    open_workspace(folder).close()
    assert folder.is_dir()


def test_what_appears_meanwhile_is_not_made_over(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = making._fill

    def slow(draft: Path, *rest: Any) -> None:
        made(draft, *rest)
        folder.mkdir()
        (folder / "mine.txt").write_text("x")

    monkeypatch.setattr(making, "_fill", slow)
    with pytest.raises(UserError, match="cannot be made"):
        open_workspace(folder)
    assert [each.name for each in folder.parent.rglob("*")] == ["office.formwork", "mine.txt"]
