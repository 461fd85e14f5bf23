"""A new key for the database: everything is there under it, nothing under the old one, and trouble changes nothing."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keyring
import keyring.backends.fail
import pytest

from runtime.errors import Cancelled, UserError
from runtime.session import open_workspace
from runtime.store import keys, rekey
from runtime.store.engine import WrongKey, open_keyed
from runtime.store.folder import DATABASE
from runtime.store.key_slots import read_slots, write_slots
from runtime.store.lock import WorkspaceLock
from runtime.store.recovery_code import RecoveryCode
from runtime.store.ways_in import Ways
from runtime.work import Progress, Step
from tests.support.apps import customers_and_orders
from tests.support.cheap_passphrases import cheap_passphrases
from tests.support.memory_keyring import MemoryKeyring

pytestmark = pytest.mark.one_engine

PASSPHRASE = "correct horse battery"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2id of 1 MiB."""
    cheap_passphrases(monkeypatch)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace with a record, closed; it opens with a passphrase and with the keyring."""
    folder = tmp_path / "office.formwork"
    with open_workspace(folder, PASSPHRASE) as session:
        session.publish(customers_and_orders())
        session.form("客户").create({"名称": "张伟", "等级": "高"})
    return folder


@pytest.fixture
def lock(folder: Path) -> Iterator[None]:
    """The lock of the workspace."""
    held = WorkspaceLock(folder)
    yield
    held.release()


def renew(folder: Path, secret: str | None = PASSPHRASE, progress: Progress | None = None) -> rekey.Rekeyed:
    """Change the key under the lock."""
    held = WorkspaceLock(folder)
    try:
        return rekey.rekey(folder, secret, progress or Progress())
    finally:
        held.release()


def names(folder: Path, secret: str | None) -> list[Any]:
    """The customers, where everything is whole."""
    with open_workspace(folder, secret) as session:
        assert session.damage() == []
        return [record["名称"] for record in session.form("客户").records()]


def test_everything_is_there_under_the_new_key_and_the_old_one_opens_nothing(folder: Path) -> None:
    old = keys.unlock(read_slots(folder), PASSPHRASE)
    done = renew(folder)
    assert done.key != old
    assert keys.unlock(read_slots(folder), PASSPHRASE) == keys.unlock(read_slots(folder), None) == done.key
    with pytest.raises(WrongKey):
        open_keyed(folder / DATABASE, old)
    assert names(folder, PASSPHRASE) == names(folder, None) == ["张伟"]
    assert {slot.generation for slot in read_slots(folder)} == {1}
    assert sorted(each.name for each in folder.iterdir() if "backup" not in each.name and each.name != "ballast") == [
        "data.db", "keyslots.copy.json", "keyslots.json", "lock",
    ]  # fmt: skip
    if sys.platform != "win32":
        assert stat.S_IMODE((folder / DATABASE).stat().st_mode) == 0o600


def test_schema_settings_and_marks_of_the_file_are_the_same(folder: Path) -> None:
    key = keys.unlock(read_slots(folder), PASSPHRASE)
    connection = open_keyed(folder / DATABASE, key)
    connection.execute("PRAGMA user_version = 7")
    connection.execute("PRAGMA application_id = 1234")
    schema = connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY name").fetchall()
    connection.close()
    connection = open_keyed(folder / DATABASE, renew(folder).key)
    assert connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY name").fetchall() == schema
    assert connection.execute("PRAGMA user_version").fetchone() == (7,)
    assert connection.execute("PRAGMA application_id").fetchone() == (1234,)
    connection.close()


def test_the_key_can_be_changed_again_and_again(folder: Path, memory_keyring: MemoryKeyring) -> None:
    for turn in range(1, 4):
        renew(folder)
        assert {slot.generation for slot in read_slots(folder)} == {turn}
        assert len(memory_keyring._memory) == 1
    assert names(folder, PASSPHRASE) == ["张伟"]


def test_a_recovery_code_of_the_old_key_no_longer_opens_and_a_new_one_is_due(folder: Path) -> None:
    ways = Ways(folder)
    assert not renew(folder).code_gone
    ways = Ways(folder)
    offer = ways.offer_code(PASSPHRASE)
    ways.accept(offer)
    assert keys.unlock(read_slots(folder), str(offer.code))
    assert renew(folder).code_gone
    with pytest.raises(UserError):
        keys.unlock(read_slots(folder), str(offer.code))


def test_a_workspace_that_asks_for_the_passphrase_goes_on_asking(folder: Path, memory_keyring: MemoryKeyring) -> None:
    Ways(folder).remove_keyring(PASSPHRASE)
    renew(folder)
    assert memory_keyring._memory == {}
    assert [slot.type for slot in read_slots(folder)] == ["passphrase"]


@pytest.mark.parametrize("secret", [None, "a wrong passphrase"])
def test_without_the_passphrase_the_key_stays(folder: Path, secret: str | None) -> None:
    before = read_slots(folder)
    with pytest.raises((keys.PassphraseNeeded, keys.WrongPassphrase)):
        renew(folder, secret)
    assert read_slots(folder) == before


def test_a_recovery_code_alone_does_not_renew_a_key_that_has_a_passphrase(folder: Path) -> None:
    ways = Ways(folder)
    offer = ways.offer_code(PASSPHRASE)
    ways.accept(offer)
    with pytest.raises(keys.WrongPassphrase):
        renew(folder, str(offer.code))
    assert names(folder, PASSPHRASE) == ["张伟"]


def test_without_keyring_and_passphrase_no_key_is_made_that_nothing_opens(folder: Path) -> None:
    code = RecoveryCode.new()
    key = keys.unlock(read_slots(folder), None)
    write_slots(folder, (keys.recovery_slot(key, code),))
    keyring.set_keyring(keyring.backends.fail.Keyring())
    with pytest.raises(UserError, match="Set a passphrase first"):
        renew(folder, str(code))
    assert keys.unlock(read_slots(folder), str(code)) == key


def test_a_workspace_that_is_open_elsewhere_is_left_alone(folder: Path) -> None:
    before = read_slots(folder)
    stranger = open_keyed(folder / DATABASE, keys.unlock(before, PASSPHRASE))
    stranger.execute("SELECT * FROM meta").fetchone()
    with pytest.raises(UserError, match="Another program is using"):
        renew(folder)
    stranger.close()
    assert read_slots(folder) == before
    assert names(folder, PASSPHRASE) == ["张伟"]


@pytest.mark.parametrize("at", range(3))
def test_it_can_be_cancelled_until_it_is_put_in_place(folder: Path, at: int) -> None:
    before = read_slots(folder)

    def stop(step: Step) -> None:
        seen.append(step)
        if len(seen) > at:
            progress.cancel()

    seen: list[Step] = []
    progress = Progress(stop)
    try:
        renew(folder, PASSPHRASE, progress)
        cancelled = False
    except Cancelled:
        cancelled = True
    assert cancelled == (at < 2)
    assert (read_slots(folder) == before) == cancelled
    assert not (folder / rekey.DRAFT).exists()
    assert names(folder, PASSPHRASE) == ["张伟"]


@pytest.mark.parametrize("failing", range(1, 40))
def test_a_disk_that_fails_at_any_call_leaves_the_old_key_or_the_new_and_everything_in_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    count = 0

    def before(real: Any) -> Any:
        def call(*arguments: Any, **more: Any) -> Any:
            nonlocal count
            count += 1
            if count == failing:
                raise OSError(5, "Input/output error")
            return real(*arguments, **more)

        return call

    refusals: list[str] = []
    held = WorkspaceLock(folder)
    with monkeypatch.context() as patched:
        for name in ("open", "fsync", "replace", "unlink"):
            patched.setattr(f"os.{name}", before(getattr(os, name)))
        try:
            rekey.rekey(folder, PASSPHRASE, Progress())
        except UserError as error:
            refusals.append(error.code)
    held.release()
    assert set(refusals) <= {"rekey_failed", "keys_unwritable"}
    assert names(folder, PASSPHRASE) == names(folder, None) == ["张伟"]
    assert not (folder / rekey.DRAFT).exists()
    assert len({slot.generation for slot in read_slots(folder)}) == 1


def test_a_copy_that_is_not_what_was_read_is_never_put_in_place(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = read_slots(folder)
    written = rekey._write_anew

    def forgetful(place: Path, old: bytes, new: bytes, progress: Progress) -> None:
        written(place, old, new, progress)
        connection = open_keyed(place / rekey.DRAFT, new)
        connection.execute("DELETE FROM history")
        connection.execute("DELETE FROM commit_log")
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.close()

    monkeypatch.setattr(rekey, "_write_anew", forgetful)
    with pytest.raises(UserError, match="is not what was read"):
        renew(folder)
    assert read_slots(folder) == before
    assert not (folder / rekey.DRAFT).exists()
    assert names(folder, PASSPHRASE) == ["张伟"]


def test_what_a_killed_change_left_is_settled_at_the_next_opening(folder: Path, lock: None) -> None:
    key = keys.unlock(read_slots(folder), PASSPHRASE)
    before = read_slots(folder)
    other = rekey._slots_of(keys.new_key(), before, PASSPHRASE)
    write_slots(folder, (*before, *other))
    (folder / rekey.DRAFT).write_bytes(b"half")
    assert rekey.key_of(folder, PASSPHRASE) == key
    assert read_slots(folder) == before
    assert not (folder / rekey.DRAFT).exists()


def test_a_file_that_no_key_opens_is_the_business_of_who_opens_it(folder: Path, lock: None) -> None:
    key = keys.unlock(read_slots(folder), PASSPHRASE)
    before = read_slots(folder)
    write_slots(folder, (*before, *rekey._slots_of(keys.new_key(), before, PASSPHRASE)))
    (folder / DATABASE).write_bytes(bytes(8192))
    assert rekey.key_of(folder, PASSPHRASE) == key
    with pytest.raises(keys.WrongPassphrase):
        rekey.key_of(folder, "a wrong passphrase")
