"""An open workspace on a disk that is full or read-only, publishing, and what precedes an import."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlcipher3.dbapi2 as sqlcipher

from runtime.checks import problems_of
from runtime.definition.edits import AddNode, SetProperty
from runtime.errors import UserError
from runtime.form import field_node
from runtime.session import Session, open_workspace
from runtime.store import safety
from runtime.store.backups import IMPORT, PUBLISH
from runtime.store.engine import StoreFailure
from runtime.store.folder import DATABASE
from runtime.store.workspace import Workspace
from runtime.work import Progress
from tests.support import mounts
from tests.support.workspaces import Office

pytestmark = pytest.mark.one_engine

MEGABYTE = 1024**2


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    yield office
    office.session.close()


def names(session: Session) -> list[str]:
    return [record["名称"] for record in session.form("客户").records(limit=10_000)]


# A full disk


def fill_up(office: Office) -> list[str]:
    """Save until the disk is full; what was acknowledged."""
    saved: list[str] = []
    for at in range(10_000):
        try:
            office.new("客户", {"名称": f"客户{at}", "备注": "x" * 30_000})
        except StoreFailure as failure:
            if failure.code != "disk_full":
                raise
            return saved
        saved.append(f"客户{at}")
    raise AssertionError("the disk was never full")


def test_a_full_disk_loses_nothing_lets_one_tidy_up_and_recovers_without_a_restart(tmp_path: Path) -> None:
    with mounts.small_disk(tmp_path, 64) as point:
        office = Office(point)
        kept = office.session.safety
        assert kept.recover(64 * MEGABYTE)
        assert (office.session.folder / "ballast").stat().st_size == 16 * MEGABYTE
        filler = mounts.fill(point, leave=2 * MEGABYTE)
        saved = fill_up(office)
        assert len(saved) > 5
        assert kept.is_full
        assert not (office.session.folder / "ballast").exists()
        assert names(office.session) == saved
        with pytest.raises(StoreFailure, match="What you typed is still here"):
            office.new("客户", {"名称": "新"})
        office.delete("客户", office.session.form("客户").records(limit=1)[0].id)
        assert names(office.session) == saved[1:]
        filler.unlink()
        office.new("客户", {"名称": "新"})
        assert not kept.is_full
        assert (office.session.folder / "ballast").exists()
        assert names(office.session) == [*saved[1:], "新"]
        assert office.session.damage() == []
        office.session.close()


def test_on_a_full_disk_it_closes_cleanly_and_opens_again_with_everything(tmp_path: Path) -> None:
    with mounts.small_disk(tmp_path, 64) as point:
        office = Office(point)
        office.session.safety.recover(64 * MEGABYTE)
        mounts.fill(point, leave=2 * MEGABYTE)
        saved = fill_up(office)
        office.session.close()
        folder = office.session.folder
        assert sorted(path.name for path in folder.iterdir() if path.name.startswith(DATABASE)) == [DATABASE]
        with open_workspace(folder) as session:
            assert not session.safety.opening.unclean
            assert names(session) == saved
            assert session.damage() == []


def test_a_disk_too_full_for_a_backup_keeps_the_older_ones(tmp_path: Path) -> None:
    with mounts.small_disk(tmp_path, 24) as point:
        office = Office(point)
        first = office.session.safety.backup("asked", Progress())
        for at in range(150):
            office.new("客户", {"名称": f"客户{at}", "备注": "x" * 30_000})
        mounts.fill(point, leave=MEGABYTE)
        with pytest.raises(UserError) as refusal:
            office.session.safety.backup("asked", Progress())
        assert refusal.value.code == "disk_full"
        assert office.session.safety.backups.listed() == [first]
        assert len(names(office.session)) == 150
        office.session.close()


def test_a_fault_of_the_disk_at_any_write_says_so_and_the_next_save_goes_on(office: Office) -> None:
    database = office.session.safety.database
    with database.writer.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {int(pages or 0) + 3}")
        connection.rollback()
    saved = fill_up(office)
    assert not office.session.safety.is_full  # there was no ballast to let go: nothing is held back
    assert names(office.session) == saved
    with database.writer.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
        connection.rollback()
    office.new("客户", {"名称": "新"})
    assert names(office.session) == [*saved, "新"]


# A disk that cannot be written


@pytest.mark.parametrize("ended", ["closed", "killed", "killed without its index"])
def test_on_a_read_only_disk_it_can_be_read_and_a_save_is_refused_in_a_sentence(tmp_path: Path, ended: str) -> None:
    with mounts.small_disk(tmp_path, 64) as point:
        office = Office(point)
        for at in range(5):
            office.new("客户", {"名称": f"客户{at}"})
        folder = office.session.folder
        if ended == "closed":
            office.session.close()
        else:
            folder = point / "crashed.formwork"
            subprocess.run(["cp", "-r", str(office.session.folder), str(folder)], check=True)
            office.session.close()
            if "without" in ended:
                (folder / "data.db-shm").unlink()
        mounts.make_read_only(point)
        before = {path.name: path.read_bytes() for path in folder.iterdir()}
        with open_workspace(folder) as session:
            assert session.safety.read_only
            assert names(session) == [f"客户{at}" for at in range(5)]
            with pytest.raises(StoreFailure, match="for reading only") as refusal:
                session.form("客户").create({"名称": "新"})
            assert refusal.value.code == "read_only"
            assert names(session) == [f"客户{at}" for at in range(5)]
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
        mounts.make_read_only(point, False)
        with open_workspace(folder) as session:
            assert not session.safety.read_only
            session.form("客户").create({"名称": "新"})
            assert len(names(session)) == 6


def test_damage_on_a_read_only_disk_is_said_and_nothing_is_restored_there(tmp_path: Path) -> None:
    with mounts.small_disk(tmp_path, 64) as point:
        office = Office(point)
        office.session.safety.backup("asked", Progress())
        office.session.close()
        file = office.session.folder / DATABASE
        file.write_bytes(file.read_bytes()[:20_000])
        mounts.make_read_only(point)
        with pytest.raises(StoreFailure, match="to another folder") as refusal:
            open_workspace(office.session.folder)
        assert refusal.value.code == "damaged"


def test_a_file_that_may_not_be_written_opens_for_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Workspace.create(tmp_path / "a.formwork", problems_of).close()
    monkeypatch.setattr("runtime.store.workspace.can_be_written", lambda _folder: False)
    with open_workspace(tmp_path / "a.formwork") as session:
        assert session.safety.read_only
        assert session.forms == []


# Publishing


def test_only_a_version_that_changes_columns_with_records_is_preceded_by_a_backup(office: Office) -> None:
    def publish(edit: Any) -> None:
        office.session.publish(edit.apply(office.app))

    backups = office.session.safety.backups
    office.new("客户", {"名称": "甲"})
    form = office.form("客户")
    publish(SetProperty(form.id, "label", {"zh_CN": "客人"}))
    assert backups.listed() == []
    publish(AddNode(field_node(form.id, "text", "电话")))
    assert [backup.manifest.reason for backup in backups.listed()] == [PUBLISH]
    assert backups.listed()[0].manifest.head == 3


# Imports


def test_a_large_import_is_preceded_by_a_backup(office: Office) -> None:
    office.new("客户", {"名称": "甲"})
    office.session.before_import(safety.LARGE_IMPORT)
    assert office.session.safety.backups.listed() == []
    office.session.before_import(safety.LARGE_IMPORT + 1)
    assert [backup.manifest.reason for backup in office.session.safety.backups.listed()] == [IMPORT]


def test_an_import_is_refused_where_the_disk_is_nearly_full(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office.session.safety, "_free", lambda _folder: 299 * MEGABYTE)
    with pytest.raises(UserError, match="an import needs"):
        office.session.before_import(1)
    office.new("客户", {"名称": "甲"})


# Closing


def test_a_workspace_that_is_closed_gives_up_the_backup_under_way(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    from runtime.errors import Cancelled
    from runtime.store import backup_file

    started, ended = threading.Event(), []
    monkeypatch.setattr(backup_file, "_PAGES", 1)

    def work() -> None:
        try:
            office.session.safety.backup("asked", Progress(lambda _step: started.set() or None))
        except Cancelled:
            ended.append("cancelled")
        else:
            ended.append("made")

    for at in range(50):
        office.new("客户", {"名称": f"客户{at}", "备注": "x" * 5000})
    thread = threading.Thread(target=work)
    thread.start()
    assert started.wait(30)
    office.session.close()
    thread.join(30)
    assert ended in (["cancelled"], ["made"])
    assert list((office.session.folder / "backups").glob("*.part*")) == []
    assert sqlcipher.sqlite_version_info >= (3, 51, 3)
