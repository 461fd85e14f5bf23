"""`FileRead`: which file was read and how, so that the same content can be read the same way once more."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from runtime.exchange.readers.options import Options


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file as it was when it was read.

    Attributes:
        path: where it lay, from the root.
        size: bytes.
        modified: when it was written last, nanoseconds since 1970.
        encoding, delimiter, quotes: as in `Options`.
        locked: whether reading it took a password; that is never kept.
        sha256: of its content, hex digits; "" where it was not worked out.
    """

    path: str
    size: int
    modified: int
    encoding: str = ""
    delimiter: str = ""
    quotes: bool = True
    locked: bool = False
    sha256: str = ""

    @classmethod
    def of(cls, path: Path, options: Options) -> FileRead:
        """The file that is about to be read.

        Raises:
            OSError: it cannot be looked at.
        """
        found = path.stat()
        return cls(
            str(path.absolute()), found.st_size, found.st_mtime_ns, options.encoding, options.delimiter, options.quotes,
            bool(options.password),
        )  # fmt: skip

    def options(self, password: str = "") -> Options:
        """How it is read."""
        return Options(self.encoding, self.delimiter, self.quotes, password)

    def unchanged(self) -> bool:
        """Whether nobody wrote it since, by size and time."""
        try:
            found = Path(self.path).stat()
        except OSError:
            return False
        return (found.st_size, found.st_mtime_ns) == (self.size, self.modified)

    def same(self, path: Path) -> bool:
        """Whether the file at `path` has the content that was read.

        Raises:
            OSError: it cannot be read.
        """
        return path.stat().st_size == self.size and digest(path) == self.sha256


def digest(path: Path) -> str:
    """SHA-256 of a file's content, hex digits.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
