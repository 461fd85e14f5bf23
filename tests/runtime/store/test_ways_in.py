"""The ways into a workspace: listed, added, changed, taken away, and never the last one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import keyring
import keyring.backends.fail
import pytest

from runtime.errors import UserError
from runtime.store import backup_file, keys
from runtime.store.folder import BACKUPS
from runtime.store.key_slots import FILES, Slot, read_slots, write_slots
from runtime.store.recovery_code import RecoveryCode
from runtime.store.ways_in import Ways
from tests.support.cheap_passphrases import cheap_passphrases
from tests.support.memory_keyring import MemoryKeyring

pytestmark = pytest.mark.one_engine

KEY = bytes(range(32))
OLD, NEW = "the former passphrase", "the new passphrase"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2id of 1 MiB."""
    cheap_passphrases(monkeypatch)


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Ways]:
    """`make("keyring", "passphrase", "recovery")`: the ways of a folder that has these."""

    def made(*types: str, code: RecoveryCode | None = None) -> Ways:
        slots: list[Slot] = []
        if "keyring" in types:
            kept = keys.keyring_slot(KEY, MemoryKeyring.__module__)
            assert kept is not None
            slots.append(kept)
        if "passphrase" in types:
            slots.append(keys.passphrase_slot(KEY, OLD))
        if "recovery" in types:
            slots.append(keys.recovery_slot(KEY, code or RecoveryCode.new()))
        write_slots(tmp_path, tuple(slots))
        return Ways(tmp_path)

    return made


def opens(folder: Path, secret: str | None) -> bool:
    """Whether `secret` opens what is on the disk."""
    try:
        return keys.unlock(read_slots(folder), secret) == KEY
    except UserError:
        return False


def test_the_ways_are_listed_keyring_first(make: Callable[..., Ways]) -> None:
    ways = make("recovery", "passphrase", "keyring")
    assert [(way.type, way.here) for way in ways.list()] == [
        ("keyring", True),
        ("passphrase", False),
        ("recovery", False),
    ]
    assert all(len(way.made) == 10 for way in ways.list())
    assert ways.has_passphrase
    assert ways.count == 3


def test_a_new_passphrase_opens_and_the_former_one_no_longer_does(make: Callable[..., Ways], tmp_path: Path) -> None:
    ways = make("keyring", "passphrase")
    ways.set_passphrase(OLD, NEW)
    assert (opens(tmp_path, NEW), opens(tmp_path, OLD), opens(tmp_path, None)) == (True, False, True)
    assert OLD.encode() not in (tmp_path / FILES[0]).read_bytes()
    ways.set_passphrase(NEW, OLD)
    assert (opens(tmp_path, NEW), opens(tmp_path, OLD)) == (False, True)


def test_a_workspace_without_a_passphrase_gets_one(make: Callable[..., Ways], tmp_path: Path) -> None:
    make("keyring").set_passphrase(None, NEW)
    assert (opens(tmp_path, NEW), opens(tmp_path, None)) == (True, True)


def test_a_forgotten_passphrase_is_replaced_with_the_recovery_code(make: Callable[..., Ways], tmp_path: Path) -> None:
    code = RecoveryCode.new()
    make("passphrase", "recovery", code=code).set_passphrase(str(code), NEW)
    assert (opens(tmp_path, NEW), opens(tmp_path, OLD), opens(tmp_path, str(code))) == (True, False, True)


@pytest.mark.parametrize("secret", ["a wrong passphrase", None])
def test_nothing_changes_without_a_way_that_works(
    make: Callable[..., Ways], tmp_path: Path, secret: str | None
) -> None:
    ways = make("passphrase", "recovery")
    before = (tmp_path / FILES[0]).read_bytes()
    for change in (
        lambda: ways.set_passphrase(secret, NEW),
        lambda: ways.add_keyring(secret),
        lambda: ways.remove_code(secret),
        lambda: ways.offer_code(secret),
        lambda: ways.assert_opens(secret),
    ):
        with pytest.raises((keys.WrongPassphrase, keys.PassphraseNeeded)):
            change()
    assert (tmp_path / FILES[0]).read_bytes() == before


def test_a_short_passphrase_is_refused_before_anything_is_tried(make: Callable[..., Ways]) -> None:
    with pytest.raises(UserError, match="too short"):
        make("passphrase").set_passphrase("wrong anyway", "short")


@pytest.mark.parametrize(
    ("types", "change"),
    [
        (["passphrase"], lambda ways: ways.remove_passphrase(OLD)),
        (["passphrase", "recovery"], lambda ways: ways.remove_passphrase(OLD)),
        (["keyring"], lambda ways: ways.remove_keyring(None)),
        (["keyring", "recovery"], lambda ways: ways.remove_keyring(None)),
    ],
)
def test_the_last_way_for_every_day_is_never_taken_away(
    make: Callable[..., Ways], tmp_path: Path, types: list[str], change: Callable[[Ways], None]
) -> None:
    ways = make(*types)
    before = read_slots(tmp_path)
    with pytest.raises(UserError, match="last way into the workspace") as refusal:
        change(ways)
    assert refusal.value.code == "last_way"
    assert read_slots(tmp_path) == before


def test_a_keyring_of_another_computer_is_no_reason_to_take_the_passphrase_away(
    make: Callable[..., Ways], memory_keyring: MemoryKeyring
) -> None:
    ways = make("keyring", "passphrase")
    memory_keyring._memory.clear()
    with pytest.raises(UserError, match="last way"):
        ways.remove_passphrase(OLD)


def test_without_the_keyring_the_passphrase_is_asked_for(
    make: Callable[..., Ways], tmp_path: Path, memory_keyring: MemoryKeyring
) -> None:
    ways = make("keyring", "passphrase")
    ways.remove_keyring(OLD)
    assert memory_keyring._memory == {}
    with pytest.raises(keys.PassphraseNeeded):
        keys.unlock(read_slots(tmp_path), None)
    ways.add_keyring(OLD)
    assert opens(tmp_path, None)
    assert len(memory_keyring._memory) == 1
    ways.add_keyring(OLD)
    assert len(memory_keyring._memory) == len([each for each in ways.list() if each.type == "keyring"]) == 1


def test_a_passphrase_can_be_done_without_where_the_keyring_opens(make: Callable[..., Ways], tmp_path: Path) -> None:
    ways = make("keyring", "passphrase")
    ways.remove_passphrase(OLD)
    assert (opens(tmp_path, None), opens(tmp_path, OLD)) == (True, False)


def test_without_a_keyring_that_keeps_it_no_key_is_added(make: Callable[..., Ways]) -> None:
    ways = make("passphrase")
    keyring.set_keyring(keyring.backends.fail.Keyring())
    with pytest.raises(UserError, match="no keyring that keeps the key") as refusal:
        ways.add_keyring(OLD)
    assert refusal.value.code == "no_keyring"


def test_a_recovery_code_holds_when_it_was_kept_and_the_one_before_no_longer_does(
    make: Callable[..., Ways], tmp_path: Path
) -> None:
    ways = make("keyring")
    first = ways.offer_code(None)
    assert not opens(tmp_path, str(first.code))
    ways.accept(first)
    assert opens(tmp_path, str(first.code))
    second = ways.offer_code(None)
    assert (opens(tmp_path, str(first.code)), opens(tmp_path, str(second.code))) == (True, False)
    ways.accept(second)
    assert (opens(tmp_path, str(first.code)), opens(tmp_path, str(second.code))) == (False, True)
    ways.remove_code(None)
    assert not opens(tmp_path, str(second.code))
    assert opens(tmp_path, None)


def test_a_folder_that_cannot_be_written_is_said_and_leaves_no_key_in_the_keyring(
    make: Callable[..., Ways], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, memory_keyring: MemoryKeyring
) -> None:
    ways = make("passphrase")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr("os.fsync", full)
        for change in (lambda: ways.set_passphrase(OLD, NEW), lambda: ways.add_keyring(OLD)):
            with pytest.raises(UserError, match=r"cannot be written.*The disk is full") as refusal:
                change()
            assert refusal.value.code == "keys_unwritable"
    assert memory_keyring._memory == {}
    assert (opens(tmp_path, OLD), opens(tmp_path, NEW)) == (True, False)


def test_an_entry_that_a_backup_needs_stays_in_the_keyring(
    make: Callable[..., Ways], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, memory_keyring: MemoryKeyring
) -> None:
    ways = make("keyring", "passphrase")
    (tmp_path / BACKUPS).mkdir()
    (tmp_path / BACKUPS / f"1{backup_file.SUFFIX}").touch()
    slots = read_slots(tmp_path)
    monkeypatch.setattr(backup_file, "read", lambda _path: type("Backup", (), {"slots": slots}))
    ways.remove_keyring(OLD)
    assert len(memory_keyring._memory) == 1
    assert not opens(tmp_path, None)


def test_a_backup_that_cannot_be_read_keeps_every_entry(
    make: Callable[..., Ways], tmp_path: Path, memory_keyring: MemoryKeyring
) -> None:
    ways = make("keyring", "passphrase")
    (tmp_path / BACKUPS).mkdir()
    (tmp_path / BACKUPS / f"1{backup_file.SUFFIX}").write_bytes(b"?")
    ways.remove_keyring(OLD)
    assert len(memory_keyring._memory) == 1


def test_ways_are_not_changed_while_the_key_is(make: Callable[..., Ways], tmp_path: Path) -> None:
    make("passphrase")
    (slot,) = read_slots(tmp_path)
    write_slots(
        tmp_path, (slot, Slot("1", "passphrase", slot.nonce, slot.wrapped, slot.salt, slot.params, generation=1))
    )
    with pytest.raises(UserError, match="not finished"):
        Ways(tmp_path).set_passphrase(OLD, NEW)
