"""The child that turns cells into values: `python -m runtime.exchange.importing.preparing`, never near a store.

It takes what the columns become, then rows, and answers each with their values and what the store will make of them.
A column in which a cell is no value of its field is answered with None: the parent knows the words for that.
"""

from __future__ import annotations

import os
import sys
from array import array
from collections.abc import Sequence
from typing import Any, BinaryIO

import msgspec

from runtime.exchange.cells import Block
from runtime.exchange.columns import ColumnPlan
from runtime.exchange.readers.options import Limits
from runtime.exchange.readers.process import confine
from runtime.exchange.readers.wire import receive_body, send_body
from runtime.exchange.understanding.conversion import Conversion
from runtime.fields import FieldType, field_types
from runtime.store.text_order import keys

SHARED_UP_TO = 1 << 16
"""Rows of a chunk up to which repeated values are sent once."""

_encode = msgspec.msgpack.Encoder().encode


class Become(msgspec.Struct, frozen=True, array_like=True):
    """What a column becomes.

    Attributes:
        column: how its cells are read.
        kind, props: name and properties of the field whose store form is wanted; "" where it is not.
        keyed: whether its texts have keys of order.
    """

    column: ColumnPlan
    kind: str = ""
    props: dict[str, Any] = {}
    keyed: bool = False


class Made(msgspec.Struct, frozen=True, array_like=True):
    """The values of a column in one chunk.

    Attributes:
        values: the encoded list of them, each different one once where `places` is not empty.
        places: where each row's value is in the lists, unsigned 16 bits each; b"" where there is one for each row.
        stored: each value as the store keeps it; None where that is the value itself.
        keys: the key of each text; None where there is none.
    """

    values: bytes
    places: bytes
    stored: list[Any] | None
    keys: list[str | None] | None


Sent = tuple[str, bytes, int, int, int]
"""A block on its way: kind, content, number of cells, number of blank ones, place of the first one."""

_CODES = {"f": "d", "d": "i", "t": "q"}
_requests = msgspec.msgpack.Decoder(list[list[Sent]])
_columns = msgspec.msgpack.Decoder(list[Become])


def sent(block: Block) -> Sent:
    """A block as it goes to the child."""
    kept = block.kept
    raw = kept.tobytes() if isinstance(kept, array) else bytes(kept)
    return block.kind, raw, block.length, block.blank, block.start


def _block(parts: Sent) -> Block:
    kind, raw, length, blank, start = parts
    kept: Any = array(_CODES[kind], raw) if kind in _CODES else raw
    return Block(kind, kept, length, blank, start)


class Column:
    """Makes the values of one column."""

    def __init__(self, become: Become) -> None:
        self._conversion = Conversion(become.column)
        self._kind: FieldType | None = field_types[become.kind] if become.kind else None
        self._props = self._kind.read(become.props) if self._kind is not None else None
        self._keyed = become.keyed

    def made(self, parts: Sequence[Sent]) -> Made | None:
        """The values of the cells; None where one of them does not fit."""
        values, unfit = self._conversion.column([_block(part) for part in parts])
        if unfit:
            return None
        different = list(dict.fromkeys(values))
        places = b""
        if 2 * len(different) <= len(values) <= SHARED_UP_TO:
            number = {value: at for at, value in enumerate(different)}
            places, values = array("H", map(number.__getitem__, values)).tobytes(), different
        return Made(_encode(values), places, self._stored(values), keys(values) if self._keyed else None)

    def _stored(self, values: list[Any]) -> list[Any] | None:
        kind, props = self._kind, self._props
        if kind is None or props is None or type(kind).to_column is FieldType.to_column:
            return None
        return kind.to_columns(values, props)


def answer(source: BinaryIO, out: BinaryIO) -> None:
    """Answer until nothing more is asked."""
    columns = [Column(become) for become in _columns.decode(receive_body(source) or b"\x90")]
    while (body := receive_body(source)) is not None:
        asked = _requests.decode(body)
        send_body(out, _encode([column.made(parts) for column, parts in zip(columns, asked, strict=True)]))


def main() -> None:
    """Answer on stdout, which carries frames only; whatever is printed goes to stderr."""
    out = os.fdopen(os.dup(1), "wb", buffering=1 << 16)
    os.dup2(2, 1)
    confine(Limits().memory)
    answer(sys.stdin.buffer, out)
    out.close()


if __name__ == "__main__":
    main()
