"""One backup in one file: a copy of the database, the key slots, and what is needed to trust and to describe them.

The file starts with the database, encrypted with the key of the workspace, so that it can be opened and checked where
it lies; after it come the slots, the manifest (both JSON) and a footer of fixed length that says where each begins.
"""

from __future__ import annotations

import hashlib
import os
import struct
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from resources.texts import T
from runtime.errors import UserError, reason_of_system
from runtime.store.engine import How, Keyed, StoreFailure, WrongKey, failures_told, open_keyed
from runtime.store.folder import sync_folder
from runtime.store.key_slots import Slot
from runtime.work import Progress

SUFFIX = ".fwbackup"
PART = ".part"
FORMAT = 1

_MAGIC = b"FWBACKUP"
_FOOTER = struct.Struct(">QII32s8s")
"""Bytes of the database, of the slots, of the manifest; SHA-256 over slots and manifest; magic."""
_LARGEST_TAIL = 16 * 1024**2
_PAGES = 2_000
"""Pages copied between two looks at the progress: 8 MB."""
_BLOCK = 4 * 1024**2
_LOOKS, _BETWEEN_LOOKS = 4, 0.05


class Manifest(msgspec.Struct, frozen=True):
    """What a backup holds.

    Attributes:
        number: grows with every backup of the workspace, whatever the clock says.
        name: what people call the workspace.
        made: when, UTC.
        reason: why: `change`, `upgrade`, `publish`, `import`, `restore`, `key`, `asked`.
        system: version of the system tables.
        head: number of the last commit in it.
        commit: its id; after going back, numbers are given a second time.
        counts: table of a form -> rows, the bin included.
        sha256: of the database.
    """

    number: int
    name: str
    made: datetime
    reason: str
    system: int
    head: int
    commit: str
    counts: dict[str, int]
    sha256: str
    format: int = FORMAT


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup on the disk.

    Attributes:
        path: the file.
        manifest: what it holds.
        slots: the ways to its key.
        database: bytes of the database at the start of the file.
    """

    path: Path
    manifest: Manifest
    slots: tuple[Slot, ...]
    database: int


class DamagedBackup(UserError):
    """The file is no backup, or not all of it is as it was written."""

    code = "damaged_backup"


@dataclass(frozen=True, slots=True)
class Books:
    """What a copy is compared with: name, version, last commit and its id, and rows of every form."""

    name: str
    system: int
    head: int
    commit: str
    counts: dict[str, int]


@dataclass(frozen=True, slots=True, repr=False)
class Source:
    """What is backed up: the file of the database, its key, and the ways to the key."""

    database: Path
    key: bytes
    slots: tuple[Slot, ...]


def write(source: Source, target: Path, number: int, made: datetime, reason: str, progress: Progress) -> Backup:
    """Copy the database as it is at this moment, check the copy, and put it at `target`; whole or not at all.

    The copy is read on a connection of its own: the workspace is read and written meanwhile.

    Raises:
        StoreFailure: the database cannot be read to its end, or the disk is full.
        DamagedBackup: the copy differs from what was copied; nothing is left of it.
        Cancelled: somebody asked to stop; nothing is left of it.
        OSError: the file cannot be written.
    """
    part = target.with_name(target.name + PART)
    try:
        part.unlink(missing_ok=True)
        books = _copy(source, part, progress)
        _check_pages(part, source.key, books, progress)
        digest = _hash(part, None, progress)
        manifest = Manifest(
            number, books.name, made, reason, books.system, books.head, books.commit, books.counts, digest
        )
        size = _finish(part, source.slots, manifest)
        part.replace(target)
        sync_folder(target.parent)
    except BaseException:
        for left in (part, part.with_name(f"{part.name}-journal")):
            left.unlink(missing_ok=True)
        raise
    return Backup(target, manifest, source.slots, size)


def read(path: Path) -> Backup:
    """What a backup file says of itself; does not look into the database.

    Raises:
        DamagedBackup: it is none, or its end is damaged.
        UserError: it cannot be read, or a newer program made it.
    """
    try:
        with path.open("rb") as stream:
            size, body, manifest_at = _tail(stream, path.name)
    except OSError as error:
        raise UserError(
            T("The backup {name} cannot be read.", name=path.name), reason_of_system(error), "no_backup"
        ) from error
    try:
        manifest = msgspec.json.decode(body[manifest_at:], type=Manifest)
        slots = msgspec.json.decode(body[:manifest_at], type=tuple[Slot, ...])
    except msgspec.DecodeError as error:
        raise _damaged(path.name) from error
    if manifest.format > FORMAT:
        raise UserError(
            T("The backup {name} was made by a newer Formwork.", name=path.name),
            T("Nothing was changed. Install a newer Formwork."),
            "newer_backup",
        )
    return Backup(path, manifest, slots, size)


def check(backup: Backup, key: bytes, progress: Progress) -> None:
    """Read all of a backup and compare it with what was written.

    Raises:
        DamagedBackup: a byte differs, or the books do.
        WrongKey: the key is of another workspace.
    """
    if _hash(backup.path, backup.database, progress) != backup.manifest.sha256:
        raise _damaged(backup.path.name)
    with _of_the_copy(backup.path), closing(open_keyed(backup.path, key, how=How.FROZEN)) as connection:
        books = books_of(connection)
    expected = backup.manifest
    if books != Books(expected.name, expected.system, expected.head, expected.commit, expected.counts):
        raise _damaged(backup.path.name)


def opens_with(backup: Backup, key: bytes) -> bool:
    """Whether `key` is the key of the backup; reads its first page."""
    try:
        open_keyed(backup.path, key, how=How.FROZEN).close()
    except (WrongKey, StoreFailure):
        return False
    return True


def extract(backup: Backup, target: Path, progress: Progress) -> None:
    """Write the database of a backup to `target`, durably.

    Raises:
        DamagedBackup: a byte differs from what was written.
        OSError: the file cannot be written.
    """
    digest, left = hashlib.sha256(), backup.database
    with backup.path.open("rb") as source, target.open("wb") as stream:
        while left:
            block = source.read(min(_BLOCK, left))
            if not block:
                raise _damaged(backup.path.name)
            left -= len(block)
            digest.update(block)
            stream.write(block)
            progress.step(backup.database - left, backup.database, T("Restoring the backup"))
        stream.flush()
        os.fsync(stream.fileno())
    if digest.hexdigest() != backup.manifest.sha256:
        raise _damaged(backup.path.name)


def books_of(connection: Any) -> Books:
    """The books of the database that a DB-API connection has open."""
    meta = dict(connection.execute("SELECT k, v FROM meta").fetchall())
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB 'f_*' ORDER BY name")
    names = [name for (name,) in tables.fetchall()]
    counts = {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}
    commit = connection.execute("SELECT lower(hex(id)) FROM commit_log ORDER BY seq DESC LIMIT 1").fetchone()
    return Books(meta["name"], int(meta["system"]), int(meta["head"]), commit[0] if commit else "", counts)


def _copy(source: Source, part: Path, progress: Progress) -> Books:
    """Copy page by page out of one snapshot; its books."""

    def stepped(_status: int, remaining: int, total: int) -> None:
        progress.step(total - remaining, 2 * total, T("Backing up"))

    with failures_told(), closing(open_keyed(source.database, source.key, read_only=True)) as live:
        live.execute("BEGIN")  # one snapshot: what is saved meanwhile does not start the copy anew
        books = books_of(live)
        with closing(open_keyed(part, source.key, how=How.DRAFT)) as copy:
            live.backup(copy, pages=_PAGES, progress=stepped, sleep=0)
        live.rollback()
        _assert_pages(live)
    return books


def _assert_pages(live: Keyed) -> None:
    """Every page of the file that was copied has its code; SQLCipher copies one that was wiped as if it were empty.

    A page that is being written back from the log at this moment may look damaged; it does not look so again and again.
    """
    for attempt in range(_LOOKS):
        time.sleep(_BETWEEN_LOOKS * attempt)
        if not live.execute("PRAGMA cipher_integrity_check").fetchall():
            return
    raise StoreFailure(T("The workspace file is damaged."), T("Restore the workspace from a backup."), "damaged")


def _check_pages(part: Path, key: bytes, books: Books, progress: Progress) -> None:
    """Every page of the copy, its structure and its books."""
    with _of_the_copy(part), closing(open_keyed(part, key, how=How.FROZEN)) as connection:
        for pragma in ("cipher_integrity_check", "integrity_check"):
            progress.check()
            if [line for (line,) in connection.execute(f"PRAGMA {pragma}").fetchall() if line != "ok"]:
                raise _damaged(part.name)
        if books_of(connection) != books:
            raise _damaged(part.name)


@contextmanager
def _of_the_copy(path: Path) -> Iterator[None]:
    """What is damaged inside the block is the copy, not the workspace."""
    try:
        with failures_told():
            yield
    except StoreFailure as failure:
        if failure.code != "damaged":
            raise
        raise _damaged(path.name) from failure


def _finish(part: Path, slots: tuple[Slot, ...], manifest: Manifest) -> int:
    """Put slots, manifest and footer behind the database, durably; bytes of the database."""
    first, second = msgspec.json.encode(slots), msgspec.json.encode(manifest)
    size = part.stat().st_size
    footer = _FOOTER.pack(size, len(first), len(second), hashlib.sha256(first + second).digest(), _MAGIC)
    with part.open("ab") as stream:
        stream.write(first + second + footer)
        stream.flush()
        os.fsync(stream.fileno())
    part.chmod(0o600)
    return size


def _tail(stream: BinaryIO, name: str) -> tuple[int, bytes, int]:
    """Bytes of the database, slots and manifest together, and where the manifest begins in them."""
    whole = stream.seek(0, os.SEEK_END)
    if whole < _FOOTER.size:
        raise _damaged(name)
    stream.seek(whole - _FOOTER.size)
    size, slots, manifest, digest, magic = _FOOTER.unpack(stream.read(_FOOTER.size))
    if magic != _MAGIC or slots + manifest > _LARGEST_TAIL or size + slots + manifest + _FOOTER.size != whole:
        raise _damaged(name)
    stream.seek(size)
    body = stream.read(slots + manifest)
    if hashlib.sha256(body).digest() != digest:
        raise _damaged(name)
    return size, body, slots


def _hash(path: Path, size: int | None, progress: Progress) -> str:
    """SHA-256 of the first `size` bytes of a file that no connection has open; None = all."""
    digest = hashlib.sha256()
    left = path.stat().st_size if size is None else size
    with path.open("rb") as stream:
        while left and (block := stream.read(min(_BLOCK, left))):
            left -= len(block)
            digest.update(block)
            progress.check()
    return digest.hexdigest()


def _damaged(name: str) -> DamagedBackup:
    return DamagedBackup(
        T("The file {name} is no sound backup.", name=name.removesuffix(PART)), T("Choose another backup.")
    )
