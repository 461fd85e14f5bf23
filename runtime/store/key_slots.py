"""The key slots of a workspace on the disk: `keyslots.json` in two copies, each with a checksum and a number.

Either copy is enough. They are written one after the other, each whole or not at all; after a crash between the two
the one with the higher number holds. Nothing in them is secret without a passphrase, a recovery code or the keyring.
"""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
from contextlib import suppress
from pathlib import Path

import msgspec

from resources.texts import T
from runtime.errors import UserError
from runtime.store.folder import sync_folder

FILES = ("keyslots.json", "keyslots.copy.json")
FORMAT = 2
KEYRING, PASSPHRASE, RECOVERY = "keyring", "passphrase", "recovery"
PURPOSE = b"formwork key"
NONCE = 12


class Slot(msgspec.Struct, frozen=True):
    """One way to the key of the database, which is wrapped with AES-256-GCM under a key of the slot's own.

    Attributes:
        id: names the keyring entry.
        type: `keyring`, `passphrase`, `recovery`, or one that a newer program made and that is left alone.
        salt, nonce, wrapped: base64.
        params: Argon2id memory in KiB, passes and lanes.
        backend: the keyring that holds the wrapping key.
        made: the day it was made, ISO 8601; "" where that is not known.
        generation: of the key it wraps; slots of two generations stand beside each other only while the key changes.
    """

    id: str
    type: str
    nonce: str
    wrapped: str
    salt: str = ""
    params: tuple[int, int, int] = (0, 0, 0)
    backend: str = ""
    made: str = ""
    generation: int = 0


class _File(msgspec.Struct, frozen=True):
    """One copy; `check` is over the slots as they are written, so that no byte of them can change unseen."""

    slots: msgspec.Raw
    check: str
    format: int = 1
    turn: int = 0


class _Copy(msgspec.Struct, frozen=True):
    slots: tuple[Slot, ...]
    turn: int
    body: bytes


def wrapped_slot(kind: str, wrapping: bytes, key: bytes, **more: object) -> Slot:
    """A slot of type `kind` that holds `key` under `wrapping`; `more` are other attributes of the slot."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = secrets.token_bytes(NONCE)
    wrapped = AESGCM(wrapping).encrypt(nonce, key, PURPOSE)
    slot = Slot(secrets.token_hex(8), kind, to_text(nonce), to_text(wrapped))
    return msgspec.structs.replace(slot, **more)


def unwrapped(slot: Slot, wrapping: bytes) -> bytes | None:
    """The key in the slot; None where `wrapping` does not open it."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return bytes(AESGCM(wrapping).decrypt(to_bytes(slot.nonce), to_bytes(slot.wrapped), PURPOSE))
    except (InvalidTag, ValueError):
        return None


def read_slots(folder: Path) -> tuple[Slot, ...]:
    """The slots; a damaged copy, or one that a crash left behind, is replaced from the sound one.

    Raises:
        UserError: neither copy can be read, or a newer program wrote them.
    """
    copies = [_read(folder / name) for name in FILES]
    newest = _newest(copies)
    if newest is None:
        raise UserError(
            T("The key file of this workspace is missing or damaged."), T("Restore the workspace from a backup.")
        )
    for name, copy in zip(FILES, copies, strict=True):
        if copy is None or copy.body != newest.body:
            with suppress(OSError):  # on a disk that cannot be written the sound copy is enough
                write_whole(folder / name, newest.body)
    return newest.slots


def write_slots(folder: Path, slots: tuple[Slot, ...]) -> None:
    """Write both copies, each whole or not at all; the caller holds the lock of the workspace.

    The slots hold as soon as the first copy is there; where the second cannot be written, the next reading mends it.

    Raises:
        OSError: the folder cannot be written, and nothing changed.
    """
    newest = _newest([_read(folder / name) for name in FILES])
    turn = 1 if newest is None else newest.turn + 1
    body = msgspec.json.encode(slots)
    file = msgspec.json.encode(_File(msgspec.Raw(body), _check(FORMAT, turn, body), FORMAT, turn))
    first, *others = (folder / name for name in FILES)
    write_whole(first, file)
    for path in others:
        with suppress(OSError):
            write_whole(path, file)


def write_whole(path: Path, body: bytes) -> None:
    """Put `body` into the file `path`, for its owner alone; a crash leaves the old file or the new one."""
    draft = path.with_suffix(".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(body)
            stream.flush()
            os.fsync(descriptor)
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def to_text(raw: bytes) -> str:
    """Bytes as base64."""
    return base64.b64encode(raw).decode()


def to_bytes(text: str) -> bytes:
    """Bytes out of base64."""
    return base64.b64decode(text)


def _newest(copies: list[_Copy | None]) -> _Copy | None:
    return max((copy for copy in copies if copy is not None), key=lambda copy: copy.turn, default=None)


def _read(path: Path) -> _Copy | None:
    try:
        body = path.read_bytes()
        file = msgspec.json.decode(body, type=_File)
        if file.check != _check(file.format, file.turn, bytes(file.slots)):
            return None
        if file.format > FORMAT:
            raise UserError(
                T("The key file of this workspace is from a newer version of Formwork."),
                T("Nothing was changed. Install a newer Formwork."),
                "newer_workspace",
            )
        return _Copy(msgspec.json.decode(file.slots, type=tuple[Slot, ...]), file.turn, body)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None


def _check(file_format: int, turn: int, slots: bytes) -> str:
    """SHA-256; format 1 knew no turn."""
    head = b"" if file_format == 1 else f"{file_format} {turn} ".encode()
    return hashlib.sha256(head + slots).hexdigest()
