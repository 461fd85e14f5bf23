"""One backup in one file: whole when it is there, refused when any byte of it is another."""

from __future__ import annotations

import os
import random
import secrets
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from runtime.errors import Cancelled, UserError
from runtime.store import backup_file, key_slots
from runtime.store.backup_file import PART, SUFFIX, Backup, DamagedBackup, Source
from runtime.store.engine import StoreFailure, WrongKey, open_keyed
from runtime.store.folder import DATABASE
from runtime.work import Progress, Step
from tests.support.clock import START
from tests.support.workspaces import Office

pytestmark = pytest.mark.one_engine


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    for at in range(40):
        office.new("客户", {"名称": f"客户{at}", "备注": "长文" * (at * 97)})
    yield office
    office.session.close()


def source(office: Office) -> Source:
    folder = office.session.folder
    return Source(folder / DATABASE, office.session.safety._key, key_slots.read_slots(folder))


def back_up(office: Office, target: Path, progress: Progress | None = None) -> Backup:
    return backup_file.write(source(office), target, 7, START, "asked", progress or Progress())


@pytest.fixture
def backup(office: Office, tmp_path: Path) -> Backup:
    return back_up(office, tmp_path / f"one{SUFFIX}")


def contents(path: Path, key: bytes) -> list[Any]:
    connection = open_keyed(path, key)
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    found = [(name, connection.execute(f'SELECT * FROM "{name}"').fetchall()) for (name,) in tables]
    connection.close()
    return found


def test_a_backup_says_what_it_holds_and_holds_everything(office: Office, backup: Backup, tmp_path: Path) -> None:
    read = backup_file.read(backup.path)
    assert read == backup
    manifest = read.manifest
    assert (manifest.number, manifest.name, manifest.made, manifest.reason) == (7, "office", START, "asked")
    assert manifest.head == 41
    assert sorted(manifest.counts.values()) == [0, 40]
    assert read.slots == key_slots.read_slots(office.session.folder)
    key = source(office).key
    backup_file.check(read, key, Progress())
    backup_file.extract(read, tmp_path / "copy.db", Progress())
    assert contents(tmp_path / "copy.db", key) == contents(office.session.folder / DATABASE, key)
    assert list(tmp_path.glob(f"*{PART}*")) == []
    assert oct(backup.path.stat().st_mode)[-3:] == "600"


def test_nothing_in_a_backup_can_be_read_without_the_key(backup: Backup) -> None:
    content = backup.path.read_bytes()
    for word in ("客户", "长文", "重量不能为负"):
        assert word.encode() not in content
        assert word.encode("utf-16-le") not in content


def test_a_backup_is_checked_with_its_own_key_only(backup: Backup) -> None:
    with pytest.raises(WrongKey):
        backup_file.check(backup, secrets.token_bytes(32), Progress())
    assert not backup_file.opens_with(backup, secrets.token_bytes(32))


@pytest.mark.parametrize("seed", range(60))
def test_a_backup_with_any_byte_changed_is_refused(backup: Backup, office: Office, seed: int) -> None:
    chance = random.Random(seed)
    content = bytearray(backup.path.read_bytes())
    at = chance.randrange(len(content)) if seed % 3 else chance.randrange(backup.database, len(content))
    how = ("flip", "zero", "cut", "grow")[seed % 4]
    if how == "flip":
        content[at] ^= 1 << chance.randrange(8)
    elif how == "zero":
        at = min(at, backup.database - 4096) // 4096 * 4096
        content[at : at + 4096] = bytes(4096)
    elif how == "cut":
        del content[at:]
    else:
        content[at:at] = secrets.token_bytes(chance.randrange(1, 9000))
    backup.path.write_bytes(content)
    with pytest.raises(DamagedBackup, match="no sound backup"):
        backup_file.check(backup_file.read(backup.path), source(office).key, Progress())


def test_a_damaged_backup_is_not_extracted(backup: Backup, tmp_path: Path) -> None:
    content = bytearray(backup.path.read_bytes())
    content[5000] ^= 1
    backup.path.write_bytes(content)
    with pytest.raises(DamagedBackup):
        backup_file.extract(backup, tmp_path / "copy.db", Progress())


@pytest.mark.parametrize("content", [b"", b"x", b"once upon a time" * 50, b"PK\x03\x04" + bytes(5000), bytes(100_000)])
def test_a_file_of_something_else_is_no_backup(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / f"other{SUFFIX}"
    path.write_bytes(content)
    with pytest.raises(DamagedBackup, match="no sound backup"):
        backup_file.read(path)
    with pytest.raises(UserError, match="cannot be read") as refusal:
        backup_file.read(tmp_path / "nothing.fwbackup")
    assert refusal.value.code == "no_backup"


def test_a_backup_of_a_newer_program_is_said_to_be_one(backup: Backup, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backup_file, "FORMAT", 0)
    with pytest.raises(UserError, match="newer Formwork"):
        backup_file.read(backup.path)


def test_a_backup_that_is_stopped_leaves_nothing_and_the_former_file(office: Office, tmp_path: Path) -> None:
    target = tmp_path / f"one{SUFFIX}"
    target.write_bytes(b"former")
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        back_up(office, target, progress)
    assert target.read_bytes() == b"former"
    assert list(tmp_path.glob(f"*{PART}*")) == []


def test_a_damaged_workspace_makes_no_backup(office: Office, tmp_path: Path) -> None:
    folder = office.session.folder
    from_key = source(office)
    office.session.close()
    content = bytearray((folder / DATABASE).read_bytes())
    content[len(content) // 2 // 4096 * 4096 + 77] ^= 1
    (folder / DATABASE).write_bytes(content)
    with pytest.raises(StoreFailure) as refusal:
        backup_file.write(from_key, tmp_path / f"one{SUFFIX}", 1, START, "asked", Progress())
    assert refusal.value.code == "damaged"
    assert list(tmp_path.glob(f"*{SUFFIX}*")) == []


def test_a_copy_that_differs_from_what_was_read_is_thrown_away(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = backup_file._copy

    def lossy(from_: Source, part: Path, progress: Progress) -> backup_file.Books:
        books = real(from_, part, progress)
        with part.open("r+b") as stream:  # a disk that forgot a page
            stream.seek(8 * 4096)
            stream.write(bytes(4096))
        return books

    monkeypatch.setattr(backup_file, "_copy", lossy)
    with pytest.raises(DamagedBackup):
        back_up(office, tmp_path / f"one{SUFFIX}")
    assert list(tmp_path.glob(f"*{SUFFIX}*")) == []


def test_what_is_saved_while_a_backup_is_made_neither_waits_nor_gets_half_in(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup_file, "_PAGES", 4)
    saved, waits = [], []

    def step(_step: Step) -> None:
        if len(saved) < 30:
            started = time.monotonic()
            saved.append(office.new("客户", {"名称": f"新{len(saved)}"}))
            waits.append(time.monotonic() - started)

    backup = back_up(office, tmp_path / f"one{SUFFIX}", Progress(step))
    assert len(saved) == 30
    assert max(waits) < 2
    assert backup.manifest.head == 41
    backup_file.check(backup, source(office).key, Progress())


def test_two_threads_can_make_backups_of_one_workspace_at_once(office: Office, tmp_path: Path) -> None:
    made: list[Backup] = []

    def work(number: int) -> None:
        made.append(back_up(office, tmp_path / f"{number}{SUFFIX}"))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 3
    for backup in made:
        backup_file.check(backup, source(office).key, Progress())


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_a_disk_that_fails_at_the_end_leaves_no_file_that_looks_like_a_backup(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    def fail(*_anything: Any, **_more: Any) -> None:
        raise OSError(5, "Input/output error")

    target = os if failing == "fsync" else Path
    with monkeypatch.context() as broken:
        broken.setattr(target, failing, fail)
        with pytest.raises(OSError, match="Input/output"):
            back_up(office, tmp_path / f"one{SUFFIX}")
    assert list(tmp_path.glob(f"*{SUFFIX}*")) == []
