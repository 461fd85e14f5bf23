"""A workspace on disk: made once, opened by one program at a time, whole after any crash."""

from __future__ import annotations

import os
import random
import select
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import keyring
import keyring.backends.fail
import pytest

from runtime.checks import problems_of
from runtime.errors import UserError
from runtime.session import Session, open_workspace
from runtime.store import keys, system
from runtime.store.folder import DATABASE, is_workspace
from runtime.store.lock import WorkspaceBusy
from runtime.store.workspace import Workspace
from tests.support.apps import customers_and_orders
from tests.support.cheap_passphrases import cheap_passphrases
from tests.support.clock import FakeClock
from tests.support.memory_keyring import FILE_VARIABLE, MemoryKeyring
from tests.support.pace import within
from tests.support.profile import ROOT
from tests.support.workspaces import Office

pytestmark = pytest.mark.one_engine

PASSPHRASE = "correct horse battery"


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2id of 1 MiB."""
    cheap_passphrases(monkeypatch)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "office.formwork"


def make(folder: Path, passphrase: str | None = None) -> None:
    """Make a workspace and close it."""
    Workspace.create(folder, problems_of, passphrase).close()


def test_a_workspace_is_a_folder_with_its_file_its_slots_and_its_lock(folder: Path) -> None:
    made = Workspace.create(folder, problems_of)
    assert (made.folder, made.name) == (folder, "office")
    assert is_workspace(folder)
    made.close()
    assert sorted(each.name for each in folder.iterdir()) == [
        "data.db",
        "keyslots.copy.json",
        "keyslots.json",
        "lock",
    ]


def test_the_name_of_the_folder_gets_its_ending(tmp_path: Path) -> None:
    make(tmp_path / "销售")
    assert is_workspace(tmp_path / "销售.formwork")
    with open_workspace(tmp_path / "销售") as session:
        assert session.folder == tmp_path / "销售.formwork"
        assert session.name == "销售"
    with open_workspace(tmp_path / "v1.2") as session:
        assert session.folder.name == "v1.2.formwork"


def test_what_exists_is_never_made_over(folder: Path) -> None:
    make(folder)
    before = {each.name: each.read_bytes() for each in folder.iterdir()}
    with pytest.raises(UserError, match="exists already") as refusal:
        Workspace.create(folder, problems_of)
    assert refusal.value.code == "exists"
    assert {each.name: each.read_bytes() for each in folder.iterdir()} == before


@pytest.mark.parametrize("kind", ["nothing", "empty folder", "file"])
def test_what_is_no_workspace_is_not_opened(folder: Path, kind: str) -> None:
    if kind == "empty folder":
        folder.mkdir()
    elif kind == "file":
        folder.write_text("x")
    with pytest.raises(UserError, match="not a Formwork workspace"):
        Workspace.open(folder, problems_of)
    if kind != "nothing":
        with pytest.raises(UserError, match="not a Formwork workspace"):
            open_workspace(folder)


@pytest.mark.parametrize("name", ["", " ", "x" * 300, "a\0b"])
def test_a_name_that_no_folder_can_have_is_refused_in_words(tmp_path: Path, name: str) -> None:
    with pytest.raises(UserError) as refusal:
        open_workspace(tmp_path / name if name.strip() else name)
    assert refusal.value.code == "no_folder"


def test_a_folder_that_cannot_be_made_is_said_and_leaves_no_key(tmp_path: Path, memory_keyring: MemoryKeyring) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(UserError, match="cannot be made"):
        open_workspace(tmp_path / "file" / "office")
    assert memory_keyring._memory == {}


@pytest.mark.parametrize("step", ["create", "write_slots"])
def test_a_failure_while_it_is_made_leaves_no_folder_and_no_key(
    folder: Path, memory_keyring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def fail(*_anything: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(system if step == "create" else keys, step, fail)
    with pytest.raises(UserError, match="No space"):
        Workspace.create(folder, problems_of)
    assert not folder.exists()
    assert memory_keyring._memory == {}


def test_it_can_be_closed_twice(folder: Path) -> None:
    made = Workspace.create(folder, problems_of)
    made.close()
    made.close()
    with open_workspace(folder) as session:
        session.close()


# Keys


def test_without_a_keyring_a_passphrase_is_needed_and_enough(folder: Path, cheap: None) -> None:
    keyring.set_keyring(keyring.backends.fail.Keyring())
    with pytest.raises(keys.PassphraseNeeded, match="Choose a passphrase"):
        Workspace.create(folder, problems_of)
    assert not folder.exists()
    make(folder, PASSPHRASE)
    with pytest.raises(keys.PassphraseNeeded, match="locked"):
        open_workspace(folder)
    with pytest.raises(keys.WrongPassphrase):
        open_workspace(folder, "correct horse batterie")
    open_workspace(folder, PASSPHRASE).close()


def test_a_short_passphrase_makes_no_workspace(folder: Path, memory_keyring: MemoryKeyring) -> None:
    with pytest.raises(UserError, match="too short"):
        Workspace.create(folder, problems_of, "short")
    assert not folder.exists()
    assert memory_keyring._memory == {}


def test_keyring_and_passphrase_open_the_same_workspace(
    folder: Path, memory_keyring: MemoryKeyring, cheap: None
) -> None:
    make(folder, PASSPHRASE)
    open_workspace(folder).close()
    open_workspace(folder, PASSPHRASE).close()
    memory_keyring._memory.clear()
    with pytest.raises(keys.PassphraseNeeded):
        open_workspace(folder)
    open_workspace(folder, PASSPHRASE).close()


def test_the_slots_of_another_workspace_do_not_open_this_one(tmp_path: Path, folder: Path) -> None:
    make(folder)
    make(tmp_path / "other.formwork")
    for name in keys.FILES:
        shutil.copy(tmp_path / "other.formwork" / name, folder / name)
    with pytest.raises(UserError, match="does not open the workspace"):
        open_workspace(folder)


# Versions and damage


def test_a_workspace_of_a_newer_program_is_refused_with_both_numbers_and_left_alone(folder: Path) -> None:
    made = Workspace.create(folder, problems_of)
    with made.database.writer.begin() as connection:
        system.write_meta(connection, system=system.SYSTEM_VERSION + 6)
    made.close()
    for _again in range(2):
        newer = rf"version {system.SYSTEM_VERSION + 6}; this program is {system.SYSTEM_VERSION}.*Install a newer"
        with pytest.raises(UserError, match=newer) as refusal:
            open_workspace(folder)
        assert refusal.value.code == "newer_workspace"


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_an_opening_that_is_refused_leaves_no_file_open(folder: Path) -> None:
    made = Workspace.create(folder, problems_of)
    with made.database.writer.begin() as connection:
        system.write_meta(connection, system=system.SYSTEM_VERSION + 6)
    made.close()
    with pytest.raises(UserError):
        open_workspace(folder)
    descriptors = [each for each in Path("/proc/self/fd").iterdir() if each.is_symlink()]
    assert [target for each in descriptors if str(folder) in (target := str(each.readlink()))] == []


def test_an_emptied_file_is_damage_and_no_empty_workspace(folder: Path) -> None:
    make(folder)
    (folder / DATABASE).write_bytes(b"")
    for _again in range(2):
        with within(2), pytest.raises(UserError, match="empty") as refusal:
            open_workspace(folder)
        assert refusal.value.code == "damaged"


def test_a_damaged_file_is_refused_and_opens_again_once_it_is_restored(folder: Path) -> None:
    make(folder)
    sound = (folder / DATABASE).read_bytes()
    damaged = bytearray(sound)
    for page in range(1, len(sound) // 4096):
        damaged[page * 4096 + 100] ^= 1
    (folder / DATABASE).write_bytes(damaged)
    with pytest.raises(UserError, match="damaged"):
        open_workspace(folder)
    (folder / DATABASE).write_bytes(sound)
    with open_workspace(folder) as session:
        assert session.damage() == []


# One program at a time


def test_a_second_opening_is_refused_while_the_first_is_open(folder: Path) -> None:
    with open_workspace(folder):
        with pytest.raises(WorkspaceBusy, match="already open"):
            open_workspace(folder)
        with pytest.raises(WorkspaceBusy):
            open_workspace(folder)
    open_workspace(folder).close()


@pytest.fixture
def shared_keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A keyring that programs the test starts share with it."""
    monkeypatch.setenv(FILE_VARIABLE, str(tmp_path / "keyring.json"))


def test_another_program_is_refused_while_the_workspace_is_open(
    folder: Path, shared_keyring: None, run_python: Callable[..., Any]
) -> None:
    script = (
        "import sys\n"
        "from runtime.errors import UserError\n"
        "from runtime.session import open_workspace\n"
        "try:\n"
        "    open_workspace(sys.argv[1]).close()\n"
        "except UserError as error:\n"
        "    print(error.code)\n"
        "else:\n"
        "    print('opened')\n"
    )
    with open_workspace(folder):
        assert run_python("-c", script, str(folder)).stdout == "workspace_busy\n"
    assert run_python("-c", script, str(folder)).stdout == "opened\n"


WRITER = """
import sys
from runtime.session import open_workspace
session = open_workspace(sys.argv[1])
form = session.form("客户")
print("ready", flush=True)
at = 0
while True:
    record = form.create({"名称": f"{sys.argv[2]}-{at}", "备注": "x" * (at % 7) * 300})
    if at % 3 == 0:
        form.update(record.id, {"备注": "second"})
    print(record["名称"], flush=True)
    at += 1
"""


@pytest.mark.timeout(600)
def test_after_a_kill_in_the_middle_of_writing_every_acknowledged_record_is_there(
    tmp_path: Path, shared_keyring: None
) -> None:
    office = Office(tmp_path)
    folder = office.session.folder
    office.session.close()
    chance = random.Random(20260105)
    acknowledged: list[str] = []
    for turn in range(12):
        acknowledged += _killed_while_writing(folder, f"第{turn}轮", chance.randrange(1, 25), chance.random() * 0.01)
        with open_workspace(folder) as session:
            names = {record["名称"] for record in session.form("客户").records()}
            assert set(acknowledged) <= names
            assert len(names) <= len(acknowledged) + turn + 1  # one more a turn may have been under way
            assert session.form("客户").count() == len(names)
            assert session.damage() == []
    assert len(acknowledged) > 50


def _killed_while_writing(folder: Path, name: str, records: int, pause: float) -> list[str]:
    """The records that a writer said it saved before it was killed: after so many, and a pause into the next."""
    command = [sys.executable, "-c", WRITER, str(folder), name]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        said = [process.stdout.readline() for _ in range(records)]
        select.select([], [], [], pause)
        process.kill()
        said += process.stdout.readlines()
    assert process.returncode == -9
    return [line.decode().strip() for line in said if line.endswith(b"\n")]


# Clocks


@pytest.fixture
def timed(tmp_path: Path, clock: FakeClock) -> Iterator[Office]:
    office = Office(tmp_path, clock=clock)
    yield office
    office.session.close()


def test_changes_keep_their_order_when_the_clock_is_set_back_ten_years(timed: Office, clock: FakeClock) -> None:
    row = timed.new("客户", {"名称": "甲"})
    for number, days in enumerate((1, -3650, 0, 7300, -3650, -1)):
        clock.advance(days=days)
        timed.set("客户", row, {"备注": str(number)})
    record = timed.session.form("客户").get(row)
    assert record is not None
    note = timed.form("客户").called("备注")
    assert note is not None
    entries = timed.session.history(record)
    assert [entry.after.get(note.id) for entry in entries] == ["5", "4", "3", "2", "1", "0", None]
    assert [entry.seq for entry in entries] == sorted((entry.seq for entry in entries), reverse=True)
    assert timed.read("客户", row)["备注"] == "5"


def test_stamps_grow_over_a_restart_with_a_clock_that_went_back(timed: Office, clock: FakeClock) -> None:
    stamps = [_last_stamp(timed.session)]
    for _restart in range(3):
        clock.advance(days=-3650)
        timed.session.close()
        timed.session = Session(Workspace.open(timed.session.folder, problems_of, clock=clock))
        timed.new("客户", {"名称": f"客户{len(stamps)}"})
        stamps.append(_last_stamp(timed.session))
    assert stamps == sorted(set(stamps))


def _last_stamp(session: Session) -> int:
    with session._workspace.database.reader.connect() as connection:
        return int(system.read_meta(connection)["hlc"])


def test_the_sample_app_is_there_after_a_restart(folder: Path) -> None:
    with open_workspace(folder) as session:
        session.publish(customers_and_orders())
    with open_workspace(folder) as session:
        assert [form.name for form in session.forms] == ["客户", "订单"]


def test_a_folder_that_cannot_be_written_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(folder)
    real = os.open

    def refuse(path: Any, flags: int, mode: int = 0o777) -> int:
        if str(path).endswith("lock"):
            raise PermissionError(13, "Permission denied")
        return real(path, flags, mode)

    with monkeypatch.context() as locked:
        locked.setattr(os, "open", refuse)
        with pytest.raises(UserError, match="cannot be written") as refusal:
            open_workspace(folder)
    assert refusal.value.code == "read_only"
    assert is_workspace(folder)
