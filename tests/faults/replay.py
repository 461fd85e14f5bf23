"""A disk that remembers what was made durable, and what a power cut leaves of the rest.

The model of the disk is hard on the program and fair: what was synced stays; of what was written since, any part may
be missing or torn at 512 bytes; names that were made, changed or removed since their folder was synced last arrive in
order up to some point.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

SECTOR = 512
LEAVES_OUT, TEARS = 0.5, 0.15


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log of `disk_log.c`; `path` and `other` are below the watched folder."""

    kind: str
    path: str
    number: int
    bytes: bytes

    @property
    def other(self) -> str:
        """The new name of a file that is renamed."""
        return self.bytes.decode()


def entries(log: Path, root: Path) -> list[Entry]:
    """Every entry of a log, the paths made relative to `root`."""
    raw, at, start = log.read_bytes(), 0, f"{root}/"
    found: list[Entry] = []
    while at < len(raw):
        kind = chr(raw[at])
        (size,) = struct.unpack_from("<Q", raw, at + 1)
        path = raw[at + 9 : at + 9 + size].decode()
        number, length = struct.unpack_from("<QQ", raw, at + 9 + size)
        begin = at + 25 + size
        body = raw[begin : begin + length]
        if kind == "R":
            body = body.decode().removeprefix(start).encode()
        found.append(Entry(kind, path.removeprefix(start), number, body))
        at = begin + length
    return found


@dataclass
class File:
    """A file: what is on the platter, and what was written since.

    Attributes:
        durable: its bytes as of the last sync.
        pending: writes (offset, bytes) and truncations (size, None) since, in order.
    """

    durable: bytearray = field(default_factory=bytearray)
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)

    def sync(self) -> None:
        """Everything written is on the platter."""
        for at, part in self.pending:
            _put(self.durable, at, part)
        self.pending.clear()

    def as_written(self) -> bytes:
        """What a kill leaves: the system goes on with everything that was written."""
        image = bytearray(self.durable)
        for at, part in self.pending:
            _put(image, at, part)
        return bytes(image)

    def after_cut(self, chance: random.Random) -> bytes:
        """What a power cut leaves."""
        image = bytearray(self.durable)
        for at, part in self.pending:
            if chance.random() < LEAVES_OUT:
                continue
            for offset, piece in _torn(at, part, chance):
                _put(image, offset, piece)
        return bytes(image)


def _torn(at: int, part: bytes | None, chance: random.Random) -> Iterator[tuple[int, bytes | None]]:
    if part is None:
        yield at, None
        return
    edge = 0
    while edge < len(part):
        step = SECTOR - (at + edge) % SECTOR
        if chance.random() >= TEARS:
            yield at + edge, part[edge : edge + step]
        edge += step


def _put(image: bytearray, at: int, part: bytes | None) -> None:
    """Write `part` at an offset; None makes the file `at` bytes long."""
    end = at if part is None else at + len(part)
    if len(image) < end:
        image.extend(bytes(end - len(image)))
    if part is None:
        del image[at:]
    else:
        image[at:end] = part


@dataclass(frozen=True, slots=True)
class Naming:
    """A name that is given to a file, or taken away (None); `old` is the name it had before.

    Where `folder` is set, both are folders, and everything in the one is in the other from then on.
    """

    name: str
    file: File | None
    old: str = ""
    folder: bool = False


class Disk:
    """Files by name, as the program sees them and as the platter has them."""

    def __init__(self) -> None:
        self.files: dict[str, File] = {}
        self._names: dict[str, File] = {}
        self._pending: list[Naming] = []

    def play(self, entry: Entry) -> None:
        """One more entry of the log."""
        match entry.kind:
            case "W":
                self._file(entry.path).pending.append((entry.number, entry.bytes))
            case "T":
                self._file(entry.path).pending.append((entry.number, None))
            case "S":
                self._file(entry.path).sync()
                self._settle(lambda naming: naming.name == entry.path)
            case "D":
                self._settle(lambda naming: str(Path(naming.name).parent) in (entry.path, "."))
            case "C":
                known = entry.path in self.files
                file = self._file(entry.path)
                if known and entry.number:
                    file.pending.append((0, None))
            case "R":
                if any(name.startswith(f"{entry.path}/") for name in self.files):
                    self._do(Naming(entry.other, None, entry.path, folder=True))
                else:
                    self._do(Naming(entry.other, self._file(entry.path), entry.path))
            case "U":
                self._do(Naming(entry.path, None))

    def after_cut(self, chance: random.Random) -> dict[str, bytes]:
        """Name -> bytes of what a power cut now would leave."""
        names = dict(self._names)
        for naming in self._pending[: chance.randint(0, len(self._pending))]:
            _name(names, naming)
        return {name: file.after_cut(chance) for name, file in names.items()}

    def _file(self, name: str) -> File:
        if name not in self.files:
            self._do(Naming(name, File()))
        return self.files[name]

    def _do(self, naming: Naming) -> None:
        _name(self.files, naming)
        self._pending.append(naming)

    def _settle(self, which: Callable[[Naming], bool]) -> None:
        for naming in self._pending:
            if which(naming):
                _name(self._names, naming)
        self._pending = [naming for naming in self._pending if not which(naming)]


def _name(names: dict[str, File], naming: Naming) -> None:
    if naming.folder:
        for name in [name for name in names if name.startswith(f"{naming.old}/")]:
            names[f"{naming.name}{name.removeprefix(naming.old)}"] = names.pop(name)
        return
    names.pop(naming.old, None)
    if naming.file is None:
        names.pop(naming.name, None)
    else:
        names[naming.name] = naming.file
