"""The key of a workspace and the ways to it: the OS keyring, a passphrase, a recovery code.

The database key is 32 random bytes that are never written anywhere in the clear. Each way wraps it under a key of its
own: 32 random bytes kept in the OS keyring, Argon2id of a passphrase, HKDF of a recovery code.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from resources.texts import T, Text
from runtime.errors import UserError
from runtime.store import passphrase as phrases
from runtime.store import recovery_code
from runtime.store.key_slots import (
    FILES,
    KEYRING,
    PASSPHRASE,
    RECOVERY,
    Slot,
    read_slots,
    to_bytes,
    to_text,
    unwrapped,
    wrapped_slot,
    write_slots,
)
from runtime.store.recovery_code import MistypedCode, RecoveryCode

__all__ = ["FILES", "SERVICE", "SHORTEST_PASSPHRASE", "Slot", "read_slots", "write_slots"]

SERVICE = "formwork"
SHORTEST_PASSPHRASE = phrases.SHORTEST
UNSAFE_BACKENDS = ("keyring.backends.fail", "keyring.backends.null", "keyrings.alt")
KEYRING_NAMES = {
    "keyring.backends.Windows": "Windows Credential Manager",
    "keyring.backends.macOS": "macOS Keychain",
    "keyring.backends.SecretService": "GNOME Keyring",
    "keyring.backends.libsecret": "GNOME Keyring",
    "keyring.backends.kwallet": "KWallet",
}


class PassphraseNeeded(UserError):
    """The workspace opens with a passphrase or a recovery code, and none was given."""

    code = "passphrase_needed"


class WrongPassphrase(UserError):
    """The passphrase does not open the workspace."""

    code = "wrong_passphrase"


class WrongRecoveryCode(UserError):
    """The recovery code is whole and does not open the workspace."""

    code = "wrong_recovery_code"


def keyring_backend() -> str | None:
    """Name of the OS keyring in use; None where there is none that keeps secrets."""
    import keyring
    import keyring.errors

    try:
        backend: Any = keyring.get_keyring()
    except keyring.errors.KeyringError:
        return None
    backend = next(iter(getattr(backend, "backends", [backend])), None)
    name = type(backend).__module__
    return None if backend is None or name.startswith(UNSAFE_BACKENDS) else name


def keyring_name(backend: str) -> str:
    """What people call the keyring of this module."""
    return KEYRING_NAMES.get(backend, backend.rpartition(".")[2])


def new_key() -> bytes:
    """A new database key: 32 random bytes."""
    return secrets.token_bytes(32)


def passphrase_slot(key: bytes, passphrase: str) -> Slot:
    """A slot that opens with `passphrase`.

    Raises:
        UserError: the passphrase is shorter than 8 characters.
    """
    phrases.assert_long_enough(passphrase)
    made = phrases.stretch_new(passphrase)
    return wrapped_slot(PASSPHRASE, made.key, key, salt=to_text(made.salt), params=made.cost, made=_today())


def recovery_slot(key: bytes, code: RecoveryCode) -> Slot:
    """A slot that opens with `code`."""
    salt = secrets.token_bytes(phrases.SALT)
    return wrapped_slot(RECOVERY, _of_code(code, salt), key, salt=to_text(salt), made=_today())


def keyring_slot(key: bytes, backend: str) -> Slot | None:
    """A slot whose wrapping key is put into the OS keyring; None where the keyring is locked or does not keep it."""
    import keyring
    import keyring.errors

    wrapping = secrets.token_bytes(32)
    slot = wrapped_slot(KEYRING, wrapping, key, backend=backend, made=_today())
    try:
        keyring.set_password(SERVICE, slot.id, to_text(wrapping))
        kept = keyring.get_password(SERVICE, slot.id) == to_text(wrapping)
    except keyring.errors.KeyringError:
        return None
    return slot if kept else None


def forget(slots: Sequence[Slot]) -> None:
    """Take the keys of slots that nobody needs any more out of the OS keyring."""
    import keyring
    import keyring.errors

    for slot in slots:
        if slot.type == KEYRING:
            with suppress(keyring.errors.KeyringError):
                keyring.delete_password(SERVICE, slot.id)


def is_here(slot: Slot) -> bool:
    """Whether this computer's keyring opens the slot; asks the keyring."""
    return _from_keyring(slot) is not None


def unlock(slots: Sequence[Slot], secret: str | None) -> bytes:
    """The database key.

    Args:
        slots: of one generation.
        secret: a passphrase or a recovery code; None = the OS keyring.

    Raises:
        PassphraseNeeded: the keyring does not open it, something to be typed would, and nothing was given.
        WrongPassphrase, WrongRecoveryCode: what was given opens no slot.
        MistypedCode: a recovery code with a slip.
        UserError: the key is in the keyring of another computer or person, and there is no other way.
    """
    if secret is None:
        key = _first([slot for slot in slots if slot.type == KEYRING], _from_keyring)
        if key is None:
            raise _locked(slots)
        return key
    if not any(slot.type in {PASSPHRASE, RECOVERY} for slot in slots):
        raise _elsewhere(slots)
    return _typed(slots, secret)


def _typed(slots: Sequence[Slot], secret: str) -> bytes:
    slip: MistypedCode | None = None
    code: RecoveryCode | None = None
    if any(slot.type == RECOVERY for slot in slots):
        try:
            code = recovery_code.read(secret)
        except MistypedCode as error:
            slip = error
    key = None if code is None else _by_code(slots, code)
    key = key if key is not None else _by_passphrase(slots, secret)
    if key is not None:
        return key
    if slip is not None:
        raise slip
    if code is not None:
        raise WrongRecoveryCode(
            T("This recovery code does not open the workspace."),
            T("It is of another workspace, or a newer one took its place."),
        )
    raise WrongPassphrase(T("This passphrase does not open the workspace."), phrases.what_may_be_wrong(secret))


def _by_code(slots: Sequence[Slot], code: RecoveryCode) -> bytes | None:
    return _first(
        [slot for slot in slots if slot.type == RECOVERY],
        lambda slot: unwrapped(slot, _of_code(code, to_bytes(slot.salt))),
    )


def _by_passphrase(slots: Sequence[Slot], passphrase: str) -> bytes | None:
    def opened(slot: Slot) -> bytes | None:
        try:
            return unwrapped(slot, phrases.stretch(passphrase, to_bytes(slot.salt), slot.params))
        except ValueError:  # a slot that was tampered with
            return None

    return _first([slot for slot in slots if slot.type == PASSPHRASE], opened)


def _first(slots: Sequence[Slot], opened: Callable[[Slot], bytes | None]) -> bytes | None:
    return next((key for slot in slots if (key := opened(slot)) is not None), None)


def _from_keyring(slot: Slot) -> bytes | None:
    import keyring
    import keyring.errors

    try:
        wrapping = keyring.get_password(SERVICE, slot.id)
    except keyring.errors.KeyringError:
        return None
    try:
        return unwrapped(slot, to_bytes(wrapping)) if wrapping else None
    except ValueError:  # somebody wrote into the keyring what is no key
        return None


def _of_code(code: RecoveryCode, salt: bytes) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return bytes(HKDF(SHA256(), 32, salt, b"formwork recovery").derive(code.secret))


def _locked(slots: Sequence[Slot]) -> UserError:
    """What is said where the keyring does not open."""
    types = {slot.type for slot in slots}
    if not types & {PASSPHRASE, RECOVERY}:
        return _elsewhere(slots)
    changed = _another_keyring(slots)
    message = changed or T("This workspace is locked.")
    if types >= {PASSPHRASE, RECOVERY}:
        hint = T("Enter your passphrase or recovery code.")
    else:
        hint = T("Enter its passphrase.") if PASSPHRASE in types else T("Enter its recovery code.")
    return PassphraseNeeded(message, hint, "keyring_changed" if changed else None)


def _elsewhere(slots: Sequence[Slot]) -> UserError:
    message = _another_keyring(slots) or T(
        "This workspace has no passphrase, and its key is not in the keyring of this computer."
    )
    return UserError(message, T("Open it on the computer and in the account where it was made."), "key_elsewhere")


def _another_keyring(slots: Sequence[Slot]) -> Text | None:
    """The two keyrings in a sentence, where the key was saved in another one than this session has."""
    saved = [slot.backend for slot in slots if slot.type == KEYRING]
    now = keyring_backend()
    if not saved or now in saved:
        return None
    if now is None:
        return T("The key was saved in {saved}; this session has no keyring.", saved=keyring_name(saved[-1]))
    return T(
        "The key was saved in {saved}; this session uses {now}.",
        saved=keyring_name(saved[-1]),
        now=keyring_name(now),
    )


def _today() -> str:
    return datetime.now(UTC).date().isoformat()
