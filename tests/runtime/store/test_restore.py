"""Going back to a backup: in place, with the present backed up first, or as a workspace beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from runtime.checks import problems_of
from runtime.errors import UserError
from runtime.session import Session, open_workspace
from runtime.store import backup_file, keys, restore
from runtime.store.backup_file import Backup, DamagedBackup
from runtime.store.backups import ASKED, RESTORE
from runtime.store.folder import DATABASE
from runtime.store.lock import WorkspaceBusy
from runtime.store.restore import restore_to
from runtime.store.workspace import Workspace
from runtime.work import Progress
from tests.support.apps import an_app
from tests.support.clock import FakeClock
from tests.support.workspaces import Office

pytestmark = pytest.mark.one_engine


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    office.new("客户", {"名称": "甲"})
    yield office
    office.session.close()


@pytest.fixture
def backup(office: Office) -> Backup:
    """Of one customer; there are two now."""
    made = office.session.safety.backup(ASKED, Progress())
    office.new("客户", {"名称": "乙"})
    return made


def names(session: Session) -> list[str]:
    return [record["名称"] for record in session.form("客户").records()]


def test_going_back_shows_what_was_and_the_present_is_backed_up_first(office: Office, backup: Backup) -> None:
    session = office.session
    assert names(session) == ["甲", "乙"]
    session.restore(backup)
    assert names(session) == ["甲"]
    assert session.undo_label is None
    assert [each.manifest.reason for each in session.safety.backups.listed()] == [RESTORE, ASKED]
    office.new("客户", {"名称": "丙"})
    assert names(session) == ["甲", "丙"]
    assert session.damage() == []


def test_after_going_back_what_depends_on_today_is_of_today(tmp_path: Path, clock: FakeClock) -> None:
    build = an_app()
    build.field(build.form("项"), "text", "今天", formula='TEXT(TODAY(),"yyyy-mm-dd")')
    office = Office(tmp_path, build.app, clock)
    row = office.new("项", {})
    backup = office.session.safety.backup(ASKED, Progress())
    clock.advance(days=3)
    office.session.restore(backup)
    assert office.read("项", row)["今天"] == clock.now().date().isoformat()
    office.session.close()


def test_going_back_can_be_gone_back_on(office: Office, backup: Backup) -> None:
    office.session.restore(backup)
    newest = office.session.safety.backups.listed()[0]
    office.session.restore(newest)
    assert names(office.session) == ["甲", "乙"]


def test_after_going_back_changes_are_backed_up_again(office: Office, backup: Backup) -> None:
    office.session.restore(backup)
    office.new("客户", {"名称": "丙"})  # the same commit number as 乙 had
    again = office.session.safety.backup(ASKED, Progress())
    office.session.restore(again)
    assert names(office.session) == ["甲", "丙"]


def test_nobody_gets_the_lock_while_a_workspace_goes_back(
    office: Office, backup: Backup, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, tried = backup_file.extract, []

    def watched(*these: Any) -> None:
        with pytest.raises(WorkspaceBusy):
            open_workspace(office.session.folder)
        tried.append(1)
        real(*these)

    monkeypatch.setattr(backup_file, "extract", watched)
    office.session.restore(backup)
    assert tried == [1]


def test_a_damaged_backup_changes_nothing(office: Office, backup: Backup) -> None:
    content = bytearray(backup.path.read_bytes())
    content[9000] ^= 1
    backup.path.write_bytes(content)
    with pytest.raises(DamagedBackup):
        office.session.restore(backup)
    assert names(office.session) == ["甲", "乙"]
    office.new("客户", {"名称": "丙"})
    assert names(office.session) == ["甲", "乙", "丙"]


@pytest.mark.parametrize("step", ["extract", "_into_place"])
def test_a_disk_that_fails_while_going_back_leaves_the_present(
    office: Office, backup: Backup, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def fail(*_anything: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(backup_file if step == "extract" else restore, step, fail)
        with pytest.raises(UserError, match=r"could not be restored.*The disk is full"):
            office.session.restore(backup)
    assert names(office.session) == ["甲", "乙"]
    office.new("客户", {"名称": "丙"})
    assert not (office.session.folder / restore.DRAFT).exists()


def test_the_backup_that_is_gone_back_to_outlives_the_one_that_is_made(
    office: Office, backup: Backup, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runtime.store.retention.ROOM_ALWAYS", 1)
    monkeypatch.setattr("runtime.store.retention.TIMES_THE_DATABASE", 1)
    office.session.restore(backup)
    assert names(office.session) == ["甲"]


def test_a_backup_becomes_a_workspace_of_its_own_that_the_same_keyring_opens(
    office: Office, backup: Backup, tmp_path: Path
) -> None:
    key = office.session.safety._key
    folder = restore_to(backup, key, tmp_path / "deep" / "copy", Progress())
    assert folder == tmp_path / "deep" / "copy.formwork"
    with open_workspace(folder) as session:
        assert names(session) == ["甲"]
    with pytest.raises(UserError, match="exists already"):
        restore_to(backup, key, tmp_path / "deep" / "copy", Progress())


def test_a_failure_on_the_way_to_a_new_workspace_leaves_no_folder(
    office: Office, backup: Backup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_anything: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup_file, "extract", fail)
    with pytest.raises(UserError, match="The disk is full"):
        restore_to(backup, office.session.safety._key, tmp_path / "deep" / "copy", Progress())
    assert not (tmp_path / "deep").exists()


def test_a_backup_made_under_another_key_brings_its_key_slots_along(tmp_path: Path, memory_keyring: Any) -> None:
    former = Workspace.create(tmp_path / "a.formwork", problems_of)
    made = former.safety.backup(ASKED, Progress())
    former.close()
    now = Workspace.create(tmp_path / "b.formwork", problems_of)
    other_key = now._key
    now.restore(made, None, Progress())
    assert now._key != other_key
    assert keys.read_slots(now.folder) == made.slots
    now.close()
    with open_workspace(tmp_path / "b.formwork") as session:
        assert session.name == "a"
        assert session.damage() == []
    assert (tmp_path / "b.formwork" / DATABASE).exists()
