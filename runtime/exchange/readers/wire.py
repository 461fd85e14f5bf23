"""What parent and reader process say to each other: one request by stdin, then length-prefixed msgpack frames."""

from __future__ import annotations

import struct
from typing import BinaryIO, Literal

import msgspec

from runtime.exchange.cells import Packed
from runtime.exchange.readers.archive import Extra, Format
from runtime.exchange.readers.options import Limits, Options
from runtime.exchange.readers.text_facts import TextFacts

LENGTH = struct.Struct(">I")

Reason = Literal[
    "password", "wrong_password", "locked", "damaged", "unsafe", "memory", "giant", "large", "rows", "nothing",
    "quote", "line", "other",
]  # fmt: skip
"""Why a reader stops; `reading.py` has a sentence for each."""


class Request(msgspec.Struct, frozen=True):
    """Which file to read as what, whether its grid is to be squeezed, and what reading may cost."""

    path: str
    format: Format
    limits: Limits
    options: Options = Options()
    squeeze: bool = False


class SheetsFound(msgspec.Struct, frozen=True, tag=True):
    """First frame: name and visibility of the sheets that can hold rows, and what the file holds beside them.

    Attributes:
        sheets: name and visibility.
        extras: what `archive.Extra` names.
    """

    sheets: list[tuple[str, bool]]
    extras: list[Extra] = []


class SheetBegins(msgspec.Struct, frozen=True, tag=True):
    """The rows of the next sheet follow; `height` is their number, an estimate for text files, 0 where unknown."""

    height: int = 0


class Rows(msgspec.Struct, frozen=True, tag=True):
    """A chunk of rows: one packed block per column, and how many texts lost control characters."""

    height: int
    blocks: list[Packed]
    cleaned: int = 0


class SheetEnds(msgspec.Struct, frozen=True, tag=True):
    """All rows of the sheet were sent, and what was found on the way.

    Attributes:
        reader: which reader read it.
        width: columns counted from A, as sent.
        dropped: columns beyond the limit that were not sent.
        formats: column -> number format.
        merged: merged ranges: first row, first column, last row, last column, from 0.
        row_numbers: old row numbers where blank rows were left out, else empty.
        readable: False where the sheet alone is damaged.
        hidden_rows, hidden_columns: from 0; None where the reader cannot tell.
        unsaved: column -> formulas without a saved result.
        text: what only a text file has.
        lists: ranges under a filter or made a table (.xlsx only), as `merged`.
    """

    reader: str
    width: int = 0
    dropped: int = 0
    formats: dict[int, str] = {}
    merged: list[tuple[int, int, int, int]] = []
    row_numbers: list[int] = []
    readable: bool = True
    hidden_rows: list[int] | None = None
    hidden_columns: list[int] | None = None
    unsaved: dict[int, int] = {}
    text: TextFacts | None = None
    lists: list[tuple[int, int, int, int]] = []


class Finished(msgspec.Struct, frozen=True, tag=True):
    """Last frame."""


class Failed(msgspec.Struct, frozen=True, tag=True):
    """Last frame instead: `reason` says why, `detail` is a name or number for the sentence."""

    reason: Reason
    detail: str = ""


Frame = SheetsFound | SheetBegins | Rows | SheetEnds | Finished | Failed

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Frame)


def send(stream: BinaryIO, frame: Frame) -> None:
    """Write one frame."""
    send_body(stream, _encoder.encode(frame))


def receive(stream: BinaryIO) -> Frame | None:
    """Read one frame; None where the stream ended, also in the middle of a frame."""
    body = receive_body(stream)
    return None if body is None else _decoder.decode(body)


def send_body(stream: BinaryIO, body: bytes) -> None:
    """Write the bytes of one frame."""
    stream.write(LENGTH.pack(len(body)))
    stream.write(body)
    stream.flush()


def receive_body(stream: BinaryIO) -> bytes | None:
    """Read the bytes of one frame; None where the stream ended, also in the middle of it."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    body = stream.read(length)
    return body if len(body) == length else None
