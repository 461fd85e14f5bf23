"""The ways to the key: the keyring of the system, a passphrase, and two copies of the file that says so."""

from __future__ import annotations

import base64
import json
import stat
import sys
import unicodedata
from pathlib import Path
from typing import Any

import keyring
import keyring.backends.fail
import keyring.backends.null
import keyring.errors
import pytest

from runtime.errors import UserError
from runtime.store import keys
from tests.support.memory_keyring import MemoryKeyring

KEY = bytes(range(32))
PASSPHRASE = "十二只鸭子过河 2026"


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2id of 1 MiB: the same code in a thousandth of the time."""
    monkeypatch.setattr(keys, "ARGON_MEMORY_KIB", 1024)
    monkeypatch.setattr(keys, "ARGON_TIME", 1)


def keyring_slot() -> keys.Slot:
    """A slot in the keyring of the test."""
    slot = keys.keyring_slot(KEY, "memory")
    assert slot is not None
    return slot


def test_the_keyring_opens_without_a_question_and_holds_no_key_of_the_database(memory_keyring: MemoryKeyring) -> None:
    slot = keyring_slot()
    assert keys.unlock((slot,), None) == KEY
    kept = memory_keyring.get_password(keys.SERVICE, slot.id)
    assert kept is not None
    assert base64.b64decode(kept) != KEY
    assert len(base64.b64decode(kept)) == 32


def test_a_passphrase_opens_and_another_does_not(cheap: None) -> None:
    slot = keys.passphrase_slot(KEY, PASSPHRASE)
    assert keys.unlock((slot,), PASSPHRASE) == KEY
    for wrong in ("", " ", PASSPHRASE + " ", PASSPHRASE.upper() + "x", "十二只鸭子过河 2025", "a" * 10_000):
        with pytest.raises(keys.WrongPassphrase):
            keys.unlock((slot,), wrong)


def test_a_passphrase_is_the_same_however_the_system_composes_its_letters(cheap: None) -> None:
    composed = unicodedata.normalize("NFC", "café déjà vu")
    split = unicodedata.normalize("NFD", composed)
    assert composed != split
    assert keys.unlock((keys.passphrase_slot(KEY, composed),), split) == KEY


@pytest.mark.parametrize("short", ["", "1234567", "密码"])
def test_a_short_passphrase_is_refused_with_the_length_it_needs(short: str) -> None:
    with pytest.raises(UserError, match="at least 8") as refusal:
        keys.passphrase_slot(KEY, short)
    assert refusal.value.code == "passphrase_short"


def test_without_the_keyring_entry_the_passphrase_still_opens(memory_keyring: MemoryKeyring, cheap: None) -> None:
    slot = keyring_slot()
    slots = (slot, keys.passphrase_slot(KEY, PASSPHRASE))
    memory_keyring.delete_password(keys.SERVICE, slot.id)
    with pytest.raises(keys.PassphraseNeeded):
        keys.unlock(slots, None)
    assert keys.unlock(slots, PASSPHRASE) == KEY


def test_a_wrong_entry_in_the_keyring_is_as_none(memory_keyring: MemoryKeyring, cheap: None) -> None:
    slot = keyring_slot()
    memory_keyring.set_password(keys.SERVICE, slot.id, base64.b64encode(bytes(32)).decode())
    with pytest.raises(keys.PassphraseNeeded):
        keys.unlock((slot, keys.passphrase_slot(KEY, PASSPHRASE)), None)


@pytest.mark.parametrize("passphrase", [None, PASSPHRASE])
def test_a_key_in_the_keyring_of_another_computer_is_said_and_no_passphrase_asked_for(
    memory_keyring: MemoryKeyring, passphrase: str | None
) -> None:
    slot = keyring_slot()
    memory_keyring.delete_password(keys.SERVICE, slot.id)
    with pytest.raises(UserError, match="not in the keyring of this computer") as refusal:
        keys.unlock((slot,), passphrase)
    assert refusal.value.code == "key_elsewhere"


class _Locked(MemoryKeyring):
    def set_password(self, service: str, username: str, password: str) -> None:
        raise keyring.errors.KeyringLocked

    def get_password(self, service: str, username: str) -> str | None:
        raise keyring.errors.KeyringLocked


class _Forgetful(MemoryKeyring):
    def set_password(self, service: str, username: str, password: str) -> None:
        """Keeps nothing and does not say so."""


@pytest.mark.parametrize("backend", [_Locked, _Forgetful])
def test_a_keyring_that_does_not_keep_the_key_makes_no_slot(backend: type[MemoryKeyring]) -> None:
    keyring.set_keyring(backend())
    assert keys.keyring_slot(KEY, "x") is None


def test_a_locked_keyring_asks_for_the_passphrase(cheap: None) -> None:
    slots = (keyring_slot(), keys.passphrase_slot(KEY, PASSPHRASE))
    keyring.set_keyring(_Locked())
    with pytest.raises(keys.PassphraseNeeded):
        keys.unlock(slots, None)
    assert keys.unlock(slots, PASSPHRASE) == KEY


@pytest.mark.parametrize("backend", [keyring.backends.fail.Keyring, keyring.backends.null.Keyring])
def test_a_keyring_that_keeps_nothing_is_no_keyring(backend: Any) -> None:
    keyring.set_keyring(backend())
    assert keys.keyring_backend() is None


def test_the_keyring_of_the_system_is_named() -> None:
    assert keys.keyring_backend() == MemoryKeyring.__module__


def test_a_workspace_that_was_not_made_leaves_nothing_in_the_keyring(memory_keyring: MemoryKeyring) -> None:
    slot = keyring_slot()
    keys.forget((slot,))
    keys.forget((slot,))
    assert memory_keyring.get_password(keys.SERVICE, slot.id) is None


def test_a_passphrase_costs_what_the_standard_recommends() -> None:
    slot = keys.passphrase_slot(KEY, PASSPHRASE)
    assert slot.params == (64 * 1024, 3, 4)
    assert len(base64.b64decode(slot.salt)) == 16
    assert len(base64.b64decode(slot.nonce)) == 12
    assert keys.unlock((slot,), PASSPHRASE) == KEY


def test_a_slot_opens_with_the_cost_it_was_made_with(cheap: None, monkeypatch: pytest.MonkeyPatch) -> None:
    slot = keys.passphrase_slot(KEY, PASSPHRASE)
    assert slot.params == (1024, 1, 4)
    monkeypatch.setattr(keys, "ARGON_MEMORY_KIB", 2048)
    assert keys.unlock((slot,), PASSPHRASE) == KEY


def test_two_slots_of_one_passphrase_have_nothing_in_common(cheap: None) -> None:
    first, second = (keys.passphrase_slot(KEY, PASSPHRASE) for _ in range(2))
    assert first.id != second.id
    assert len({first.salt, second.salt, first.nonce, second.nonce, first.wrapped, second.wrapped}) == 6


def test_the_slots_come_back_and_only_the_owner_may_read_the_file(tmp_path: Path, cheap: None) -> None:
    slots = (keyring_slot(), keys.passphrase_slot(KEY, PASSPHRASE))
    keys.write_slots(tmp_path, slots)
    assert keys.read_slots(tmp_path) == slots
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(keys.FILES)
    if sys.platform != "win32":
        assert {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in keys.FILES} == {0o600}


def test_the_file_holds_no_key_and_no_passphrase(tmp_path: Path, memory_keyring: MemoryKeyring, cheap: None) -> None:
    slot = keyring_slot()
    keys.write_slots(tmp_path, (slot, keys.passphrase_slot(KEY, PASSPHRASE)))
    body = (tmp_path / keys.FILES[0]).read_bytes()
    wrapping = memory_keyring.get_password(keys.SERVICE, slot.id)
    assert wrapping is not None
    for secret in (KEY, base64.b64encode(KEY), KEY.hex().encode(), PASSPHRASE.encode(), wrapping.encode()):
        assert secret not in body


@pytest.mark.parametrize("damaged", [0, 1])
@pytest.mark.parametrize("body", [b"", b"{", b"null", b'{"slots": [], "check": "x"}', b"\xff\xfe\x00", None])
def test_a_damaged_copy_is_repaired_from_the_other(tmp_path: Path, damaged: int, body: bytes | None) -> None:
    slots = (keyring_slot(),)
    keys.write_slots(tmp_path, slots)
    sound = (tmp_path / keys.FILES[0]).read_bytes()
    if body is None:
        (tmp_path / keys.FILES[damaged]).unlink()
    else:
        (tmp_path / keys.FILES[damaged]).write_bytes(body)
    assert keys.read_slots(tmp_path) == slots
    assert [(tmp_path / name).read_bytes() for name in keys.FILES] == [sound, sound]


def test_with_both_copies_damaged_it_is_said(tmp_path: Path) -> None:
    keys.write_slots(tmp_path, (keyring_slot(),))
    for name in keys.FILES:
        (tmp_path / name).write_bytes(b"{}")
    with pytest.raises(UserError, match="missing or damaged"):
        keys.read_slots(tmp_path)


def test_any_flipped_byte_in_one_copy_changes_nothing(tmp_path: Path) -> None:
    slots = (keyring_slot(),)
    keys.write_slots(tmp_path, slots)
    first = tmp_path / keys.FILES[0]
    sound = first.read_bytes()
    for at in range(len(sound)):
        damaged = bytearray(sound)
        damaged[at] ^= 0x80 if at % 2 else 0x01
        first.write_bytes(damaged)
        assert keys.read_slots(tmp_path) == slots, at


def test_a_slot_that_was_tampered_with_does_not_open(tmp_path: Path, cheap: None) -> None:
    slot = keys.passphrase_slot(KEY, PASSPHRASE)
    keys.write_slots(tmp_path, (slot,))
    body = json.loads((tmp_path / keys.FILES[0]).read_bytes())
    wrapped = bytearray(base64.b64decode(body["slots"][0]["wrapped"]))
    wrapped[3] ^= 1
    tampered = keys.Slot(**{**body["slots"][0], "wrapped": base64.b64encode(wrapped).decode()})
    with pytest.raises(keys.WrongPassphrase):
        keys.unlock((tampered,), PASSPHRASE)
