"""The ways to the key: the keyring of the system, a passphrase, a recovery code."""

from __future__ import annotations

import base64
import unicodedata
from typing import Any

import keyring
import keyring.backends.fail
import keyring.backends.null
import keyring.errors
import msgspec
import pytest

from resources.texts import T
from runtime.errors import UserError
from runtime.store import keys
from runtime.store.recovery_code import MistypedCode, RecoveryCode
from tests.support.cheap_passphrases import cheap_passphrases
from tests.support.memory_keyring import MemoryKeyring

KEY = bytes(range(32))
PASSPHRASE = "十二只鸭子过河 2026"


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2id of 1 MiB: the same code in a thousandth of the time."""
    cheap_passphrases(monkeypatch)


def keyring_slot() -> keys.Slot:
    """A slot in the keyring of the test."""
    slot = keys.keyring_slot(KEY, MemoryKeyring.__module__)
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


def test_a_slot_opens_with_the_cost_it_was_made_with(cheap: None, monkeypatch: pytest.MonkeyPatch) -> None:
    slot = keys.passphrase_slot(KEY, PASSPHRASE)
    assert slot.params == (1024, 1, 4)
    monkeypatch.setattr("runtime.store.passphrase.LEAST", (2048, 2, 2))
    assert keys.unlock((slot,), PASSPHRASE) == KEY


def test_two_slots_of_one_passphrase_have_nothing_in_common(cheap: None) -> None:
    first, second = (keys.passphrase_slot(KEY, PASSPHRASE) for _ in range(2))
    assert first.id != second.id
    assert len({first.salt, second.salt, first.nonce, second.nonce, first.wrapped, second.wrapped}) == 6


def test_a_slot_that_was_tampered_with_does_not_open(cheap: None) -> None:
    slot = keys.passphrase_slot(KEY, PASSPHRASE)
    wrapped = bytearray(base64.b64decode(slot.wrapped))
    wrapped[3] ^= 1
    for changed in (
        {"wrapped": base64.b64encode(wrapped).decode()},
        {"wrapped": "no base64"},
        {"nonce": ""},
        {"params": (1 << 40, 1, 1)},
        {"params": (0, 0, 0)},
        {"salt": ""},
    ):
        with pytest.raises(keys.WrongPassphrase):
            keys.unlock((msgspec.structs.replace(slot, **changed),), PASSPHRASE)


# Recovery codes


def test_a_recovery_code_opens_however_it_is_typed_and_never_stands_in_the_slot(cheap: None) -> None:
    code = RecoveryCode.new()
    slot = keys.recovery_slot(KEY, code)
    slots = (slot, keys.passphrase_slot(KEY, PASSPHRASE))
    for typed in (str(code), str(code).lower(), str(code).replace("-", " "), "".join(code.groups), f" {code}\n"):
        assert keys.unlock(slots, typed) == KEY
    for secret in (str(code), "".join(code.groups), code.secret.hex(), base64.b64encode(code.secret).decode()):
        assert secret not in repr(slot)
    assert str(code) not in repr(code)


def test_the_code_of_another_workspace_a_mistyped_one_and_a_wrong_passphrase_are_told_apart(cheap: None) -> None:
    code = RecoveryCode.new()
    slots = (keys.recovery_slot(KEY, code), keys.passphrase_slot(KEY, PASSPHRASE))
    with pytest.raises(keys.WrongRecoveryCode, match="another workspace"):
        keys.unlock(slots, str(RecoveryCode.new()))
    typed = str(code)
    mistyped = ("2" if typed[0] != "2" else "3") + typed[1:]
    with pytest.raises(MistypedCode, match="slip"):
        keys.unlock(slots, mistyped)
    with pytest.raises(keys.WrongPassphrase):
        keys.unlock(slots, "ein ganz anderer Satz")


def test_a_passphrase_that_looks_like_a_code_is_a_passphrase(cheap: None) -> None:
    phrase = str(RecoveryCode.new())
    mistyped = phrase[:-1] + ("2" if phrase[-1] != "2" else "3")
    other = keys.recovery_slot(KEY, RecoveryCode.new())
    for odd in (phrase, mistyped):
        assert keys.unlock((other, keys.passphrase_slot(KEY, odd)), odd) == KEY


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("CORRECT HORSE", "Caps Lock"),
        (" correct horse", "begins or ends with a space"),
        ("correct　horse", "full-width"),
        ("ｃｏｒｒｅｃｔ", "full-width"),
        ("correct house", "Check capital letters"),
    ],
)
def test_a_wrong_passphrase_says_what_the_keyboard_may_have_done(cheap: None, typed: str, hint: str) -> None:
    with pytest.raises(keys.WrongPassphrase, match=hint) as refusal:
        keys.unlock((keys.passphrase_slot(KEY, PASSPHRASE),), typed)
    assert typed.strip() not in str(refusal.value)


@pytest.mark.parametrize(
    ("ways", "hint"),
    [
        ("passphrase", "Enter its passphrase."),
        ("recovery", "Enter its recovery code."),
        ("both", "Enter your passphrase or recovery code."),
    ],
)
def test_what_can_be_typed_is_asked_for(cheap: None, ways: str, hint: str) -> None:
    slots = [keys.passphrase_slot(KEY, PASSPHRASE)] if ways != "recovery" else []
    slots += [keys.recovery_slot(KEY, RecoveryCode.new())] if ways != "passphrase" else []
    with pytest.raises(keys.PassphraseNeeded) as refusal:
        keys.unlock(slots, None)
    assert refusal.value.hint == T(hint)


# Keyrings


def test_another_keyring_than_the_one_the_key_was_saved_in_is_named_with_it(cheap: None) -> None:
    saved = msgspec.structs.replace(keyring_slot(), id="other", backend="keyring.backends.SecretService")
    slots = (saved, keys.passphrase_slot(KEY, PASSPHRASE), keys.recovery_slot(KEY, RecoveryCode.new()))
    keyring.set_keyring(_Wallet())
    with pytest.raises(keys.PassphraseNeeded) as refusal:
        keys.unlock(slots, None)
    assert str(refusal.value) == (
        "The key was saved in GNOME Keyring; this session uses KWallet. Enter your passphrase or recovery code."
    )
    with pytest.raises(UserError, match="GNOME Keyring; this session uses KWallet") as elsewhere:
        keys.unlock((saved,), None)
    assert elsewhere.value.code == "key_elsewhere"
    keyring.set_keyring(keyring.backends.fail.Keyring())
    with pytest.raises(keys.PassphraseNeeded, match="saved in GNOME Keyring; this session has no keyring"):
        keys.unlock(slots, None)


class _Wallet(MemoryKeyring):
    __module__ = "keyring.backends.kwallet"


def test_what_is_no_key_in_the_keyring_is_as_none(memory_keyring: MemoryKeyring, cheap: None) -> None:
    slot = keyring_slot()
    for nonsense in ("", "?", "aGk=", "密钥"):
        memory_keyring.set_password(keys.SERVICE, slot.id, nonsense)
        assert not keys.is_here(slot)
