"""The key of a workspace and the slots that wrap it: a random key in the OS keyring, or a passphrase.

The database key is 32 random bytes that are never written anywhere in the clear. Each slot of `keyslots.json` holds
it wrapped with AES-256-GCM under a key of its own: 32 random bytes kept in the OS keyring, or Argon2id (RFC 9106,
second recommended option) of a passphrase. The file has two copies; either is enough.
"""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
import sys
import unicodedata
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from resources.texts import T
from runtime.errors import UserError

SERVICE = "formwork"
FILES = ("keyslots.json", "keyslots.copy.json")
ARGON_MEMORY_KIB = 64 * 1024
ARGON_TIME = 3
ARGON_LANES = 4
SHORTEST_PASSPHRASE = 8
UNSAFE_BACKENDS = ("keyring.backends.fail", "keyring.backends.null", "keyrings.alt")


class Slot(msgspec.Struct, frozen=True):
    """One way to the key.

    Attributes:
        id: names the keyring entry.
        type: `keyring` or `passphrase`.
        salt, nonce, wrapped: base64.
        params: Argon2id memory in KiB, passes and lanes.
        backend: the keyring that holds the wrapping key.
    """

    id: str
    type: str
    nonce: str
    wrapped: str
    salt: str = ""
    params: tuple[int, int, int] = (0, 0, 0)
    backend: str = ""


class SlotFile(msgspec.Struct, frozen=True):
    """`keyslots.json`: the slots and a checksum over them."""

    slots: tuple[Slot, ...]
    check: str
    format: int = 1


class PassphraseNeeded(UserError):
    """The workspace opens with a passphrase and none was given."""

    code = "passphrase_needed"


class WrongPassphrase(UserError):
    """The passphrase does not open the workspace."""

    code = "wrong_passphrase"


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


def new_key() -> bytes:
    """A new database key: 32 random bytes."""
    return secrets.token_bytes(32)


def passphrase_slot(key: bytes, passphrase: str) -> Slot:
    """A slot that opens with `passphrase`.

    Raises:
        UserError: the passphrase is shorter than 8 characters.
    """
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise UserError(
            T("The passphrase is too short."),
            T("Use at least {n} characters; a sentence is best.", n=SHORTEST_PASSPHRASE),
            "passphrase_short",
        )
    salt = secrets.token_bytes(16)
    params = (ARGON_MEMORY_KIB, ARGON_TIME, ARGON_LANES)
    nonce, wrapped = _wrap(_argon(passphrase, salt, params), key)
    return Slot(secrets.token_hex(8), "passphrase", nonce, wrapped, _text(salt), params)


def keyring_slot(key: bytes, backend: str) -> Slot | None:
    """A slot whose wrapping key is put into the OS keyring; None where the keyring is locked or does not keep it."""
    import keyring
    import keyring.errors

    slot_id, wrapping = secrets.token_hex(8), secrets.token_bytes(32)
    try:
        keyring.set_password(SERVICE, slot_id, _text(wrapping))
        if keyring.get_password(SERVICE, slot_id) != _text(wrapping):
            return None
    except keyring.errors.KeyringError:
        return None
    nonce, wrapped = _wrap(wrapping, key)
    return Slot(slot_id, "keyring", nonce, wrapped, backend=backend)


def forget(slots: tuple[Slot, ...]) -> None:
    """Take the keys of a workspace that does not exist after all out of the OS keyring."""
    import keyring
    import keyring.errors

    for slot in slots:
        if slot.type == "keyring":
            with suppress(keyring.errors.KeyringError):
                keyring.delete_password(SERVICE, slot.id)


def unlock(slots: tuple[Slot, ...], passphrase: str | None) -> bytes:
    """The database key.

    Raises:
        PassphraseNeeded: only a passphrase opens it, and none was given.
        WrongPassphrase: the passphrase given opens no slot.
        UserError: the key is in the keyring of another computer or person, and there is no passphrase.
    """
    locked = [slot for slot in slots if slot.type == "passphrase"]
    if passphrase is None:
        for slot in slots:
            key = _from_keyring(slot) if slot.type == "keyring" else None
            if key is not None:
                return key
        if locked:
            raise PassphraseNeeded(T("This workspace is locked."), T("Enter its passphrase."))
    for slot in locked:
        key = _unwrap(_argon(passphrase or "", _bytes(slot.salt), slot.params), slot)
        if key is not None:
            return key
    if not locked:
        raise UserError(
            T("This workspace has no passphrase, and its key is not in the keyring of this computer."),
            T("Open it on the computer and in the account where it was made."),
            "key_elsewhere",
        )
    raise WrongPassphrase(T("This passphrase does not open the workspace."), T("Check capital letters and try again."))


def write_slots(folder: Path, slots: tuple[Slot, ...]) -> None:
    """Write both copies, each whole or not at all."""
    body = msgspec.json.encode(SlotFile(slots, _check(slots)))
    for name in FILES:
        _write_whole(folder / name, body)


def read_slots(folder: Path) -> tuple[Slot, ...]:
    """The slots; a damaged copy is replaced from the sound one.

    Raises:
        UserError: neither copy can be read.
    """
    sound = [file for name in FILES if (file := _read_file(folder / name)) is not None]
    if not sound:
        raise UserError(
            T("The key file of this workspace is missing or damaged."), T("Restore the workspace from a backup.")
        )
    if len(sound) < len(FILES):
        write_slots(folder, sound[0].slots)
    return sound[0].slots


def _read_file(path: Path) -> SlotFile | None:
    try:
        file = msgspec.json.decode(path.read_bytes(), type=SlotFile)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None
    return file if file.check == _check(file.slots) else None


def _write_whole(path: Path, body: bytes) -> None:
    draft = path.with_suffix(".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.write(descriptor, body)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    draft.replace(path)
    if sys.platform != "win32":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _from_keyring(slot: Slot) -> bytes | None:
    import keyring
    import keyring.errors

    try:
        wrapping = keyring.get_password(SERVICE, slot.id)
    except keyring.errors.KeyringError:
        return None
    return _unwrap(_bytes(wrapping), slot) if wrapping else None


def _argon(passphrase: str, salt: bytes, params: tuple[int, int, int]) -> bytes:
    from argon2.low_level import Type, hash_secret_raw

    memory, passes, lanes = params
    composed = unicodedata.normalize("NFC", passphrase)  # RFC 8265: typed on another system it is the same passphrase
    return hash_secret_raw(composed.encode(), salt, passes, memory, lanes, 32, Type.ID)


def _wrap(wrapping: bytes, key: bytes) -> tuple[str, str]:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = secrets.token_bytes(12)
    return _text(nonce), _text(AESGCM(wrapping).encrypt(nonce, key, b"formwork key"))


def _unwrap(wrapping: bytes, slot: Slot) -> bytes | None:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return bytes(AESGCM(wrapping).decrypt(_bytes(slot.nonce), _bytes(slot.wrapped), b"formwork key"))
    except InvalidTag:
        return None


def _check(slots: tuple[Slot, ...]) -> str:
    return hashlib.sha256(msgspec.json.encode(slots)).hexdigest()


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _bytes(text: Any) -> bytes:
    return base64.b64decode(text)
