"""The folder of rolling backups: names, order, what a crash left, what is foreign."""

from __future__ import annotations

import select
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.session import open_workspace
from runtime.store.backup_file import SUFFIX, DamagedBackup, check
from runtime.store.backups import ASKED, CHANGE, IMPORT, KEY, PUBLISH, REASONS, RESTORE, UPGRADE, reason_of
from runtime.work import Progress
from tests.support.clock import FakeClock
from tests.support.memory_keyring import FILE_VARIABLE
from tests.support.profile import ROOT
from tests.support.workspaces import Office

pytestmark = pytest.mark.one_engine


@pytest.fixture
def office(tmp_path: Path, clock: FakeClock) -> Iterator[Office]:
    office = Office(tmp_path, clock=clock)
    yield office
    office.session.close()


def test_backups_are_named_after_the_moment_and_listed_newest_first(office: Office, clock: FakeClock) -> None:
    kept = office.session.safety
    first = kept.backup(ASKED, Progress())
    office.new("客户", {"名称": "甲"})
    second = kept.backup(ASKED, Progress())  # in the same second
    clock.advance(days=-3652)
    office.new("客户", {"名称": "乙"})
    third = kept.backup(ASKED, Progress())
    names = [each.path.name for each in (first, second, third)]
    assert names == [f"2026-01-05T080000Z{SUFFIX}", f"2026-01-05T080000Z-2{SUFFIX}", f"2016-01-06T080000Z{SUFFIX}"]
    assert kept.backups.listed() == [third, second, first]
    assert [each.manifest.number for each in (first, second, third)] == [1, 2, 3]


def test_what_nobody_changed_is_not_backed_up_again_unless_the_backup_is_damaged(office: Office) -> None:
    kept = office.session.safety
    made = kept.backup(CHANGE, Progress())
    assert kept.backup(ASKED, Progress()) == made
    content = bytearray(made.path.read_bytes())
    content[5000] ^= 1
    made.path.write_bytes(content)
    again = kept.backup(ASKED, Progress())
    assert again.path != made.path
    check(again, kept._key, Progress())


def test_files_that_are_no_backups_are_left_alone_and_left_out(office: Office) -> None:
    kept = office.session.safety
    made = kept.backup(ASKED, Progress())
    for name, content in (("x.fwbackup", b"no"), ("notes.txt", b"mine")):
        (kept.backups.folder / name).write_bytes(content)
    assert kept.backups.listed() == [made]
    office.new("客户", {"名称": "甲"})
    kept.backup(ASKED, Progress())
    assert (kept.backups.folder / "x.fwbackup").read_bytes() == b"no"
    assert (kept.backups.folder / "notes.txt").read_bytes() == b"mine"


def test_an_older_backup_goes_only_when_a_newer_one_was_verified(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = office.session.safety
    first = kept.backup(CHANGE, Progress())
    office.new("客户", {"名称": "甲"})
    with monkeypatch.context() as broken:

        def refuse(*_anything: object) -> None:
            raise DamagedBackup("damaged")

        broken.setattr("runtime.store.backup_file._check_pages", refuse)
        with pytest.raises(DamagedBackup):
            kept.backup(CHANGE, Progress())
    assert kept.backups.listed() == [first]
    second = kept.backup(CHANGE, Progress())
    assert kept.backups.listed() == [second]  # one ten-minute slot


def test_every_reason_has_words(office: Office) -> None:
    assert set(REASONS) == {CHANGE, UPGRADE, PUBLISH, IMPORT, RESTORE, KEY, ASKED}
    assert str(reason_of(office.session.safety.backup(IMPORT, Progress()))) == "before an import"


BACKER = """
import sys
from runtime.session import open_workspace
from runtime.store import backup_file
from runtime.work import Progress
session = open_workspace(sys.argv[1])
def stop(*these):
    print("here", flush=True)
    sys.stdin.read()
if sys.argv[2] == "copying":
    backup_file._PAGES = 1
    session.safety.backup("change", Progress(stop))
setattr(backup_file, sys.argv[2], stop)
session.safety.backup("change", Progress())
"""


@pytest.mark.parametrize("step", ["copying", "_check_pages", "_hash", "_finish", "sync_folder"])
def test_a_backup_that_is_killed_leaves_the_workspace_whole_and_nothing_that_looks_sound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    monkeypatch.setenv(FILE_VARIABLE, str(tmp_path / "keyring.json"))
    office = Office(tmp_path)
    for at in range(20):
        office.new("客户", {"名称": f"客户{at}", "备注": "x" * 5000})
    folder = office.session.folder
    office.session.close()
    command = [sys.executable, "-c", BACKER, str(folder), step]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert select.select([process.stdout], [], [], 250)[0]
        assert process.stdout.readline() == b"here\n"
        process.kill()
    with open_workspace(folder) as session:
        assert session.damage() == []
        assert session.form("客户").count() == 20
        for backup in session.safety.backups.listed():
            check(backup, session.safety._key, Progress())
        session.form("客户").create({"名称": "新"})
        made = session.safety.backup("asked", Progress())
        assert {path.name for path in session.safety.backups.folder.iterdir()} <= {
            backup.path.name for backup in session.safety.backups.listed()
        }
        assert session.safety.backups.listed()[0] == made
