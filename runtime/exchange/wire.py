"""What parent and reader process say to each other: one request by stdin, then length-prefixed msgpack frames."""

from __future__ import annotations

import struct
from typing import Any, BinaryIO

import msgspec

LENGTH = struct.Struct(">I")


class Request(msgspec.Struct, frozen=True):
    """Which file to read, and what the reader may use: address space in bytes, cells of a rectangle, rows, columns."""

    path: str
    format: str
    squeeze: bool
    memory: int
    grid: int
    rows: int
    columns: int


class SheetsFound(msgspec.Struct, frozen=True, tag=True):
    """First frame: name and visibility of the sheets that can hold rows."""

    sheets: list[tuple[str, bool]]


class SheetBegins(msgspec.Struct, frozen=True, tag=True):
    """A sheet is parsed and its rows follow.

    Attributes:
        height, width: counted from A1, as sent.
        dropped: columns beyond the limit that are not sent.
        formats: column -> number format.
        merged: merged ranges: first row, first column, last row, last column, from 0.
        row_numbers: old row numbers where the grid was squeezed, else empty.
        readable: False where the sheet alone is damaged.
    """

    height: int = 0
    width: int = 0
    dropped: int = 0
    formats: dict[int, str] = {}
    merged: list[tuple[int, int, int, int]] = []
    row_numbers: list[int] = []
    readable: bool = True


class Rows(msgspec.Struct, frozen=True, tag=True):
    """A chunk of rows: one packed block per column, and how many texts lost control characters."""

    height: int
    blocks: list[tuple[str, Any]]
    cleaned: int = 0


class SheetEnds(msgspec.Struct, frozen=True, tag=True):
    """All rows of the sheet were sent."""


class Finished(msgspec.Struct, frozen=True, tag=True):
    """Last frame."""


class Failed(msgspec.Struct, frozen=True, tag=True):
    """Last frame instead: `reason` is password, damaged, memory, giant or rows."""

    reason: str
    detail: str = ""


Frame = SheetsFound | SheetBegins | Rows | SheetEnds | Finished | Failed

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Frame)


def send(stream: BinaryIO, frame: Frame) -> None:
    """Write one frame."""
    body = _encoder.encode(frame)
    stream.write(LENGTH.pack(len(body)))
    stream.write(body)
    stream.flush()


def receive(stream: BinaryIO) -> Frame | None:
    """Read one frame; None where the stream ended, also in the middle of a frame."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    body = stream.read(length)
    return _decoder.decode(body) if len(body) == length else None
