"""Cells in compact blocks: how a chunk of one column travels from the reader and is kept until it is imported.

Floats, dates and times stay in arrays, texts in packed bytes that are opened when they are asked for: a million rows
are a few hundred objects. Import-light: the reader process needs it.
"""

from __future__ import annotations

import zlib
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import msgspec

CHUNK = 4096
"""Rows of a block."""

SIGNIFICANT = 15
"""Digits of a number that Excel keeps and shows."""

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - moments in a workbook have no zone
_MICROSECOND = timedelta(microseconds=1)

BLANK, FLOATS, TEXTS, SHARED, DATES, MOMENTS, BOOLS, MIXED = "n", "f", "s", "u", "d", "t", "b", "m"


@dataclass(frozen=True, slots=True)
class CellError:
    """A formula that failed: `#N/A`, `#REF!` and so on."""

    code: str


Value = str | int | Decimal | bool | date | datetime | time | CellError | None
"""A cell as the rest of the program sees it; whole numbers are int, dates have no time zone, blank is None."""

Raw = str | float | bool | date | datetime | time | CellError | None
"""A cell as it is kept: numbers are still binary."""

Packed = tuple[str, Any, int, int]
"""A block as msgpack carries it: kind, content, number of cells, number of blank cells."""

ZLIB = 0x78
"""First byte of what zlib made; no msgpack array begins with it."""

WORTH_SHUTTING = 1024
PAYS = 0.75
"""Bytes from which on texts are compressed, and the share that must be left for it to be kept so."""

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder().decode


@dataclass(frozen=True, slots=True)
class Block:
    """Some consecutive cells of one column.

    Attributes:
        kind: one of the letters above.
        kept: arrays of numbers (ordinals, microseconds since 1970) as they are, texts and mixed cells as packed bytes.
        length: number of cells.
        blank: number of blank cells in `kept`; 0 says that no cell here is blank.
        start: place of the first cell in `kept` where that is packed.
    """

    kind: str
    kept: Any
    length: int
    blank: int = 0
    start: int = 0

    @property
    def content(self) -> Sequence[Any]:
        """The cells, for arrays the packed numbers. Opened anew each time: ask once and keep the answer."""
        unpacked = _OPEN.get(self.kind)
        if unpacked is None:
            return self.kept  # type: ignore[no-any-return]
        cells = unpacked(_opened(self.kept))
        return cells if self.length == len(cells) else cells[self.start : self.start + self.length]

    def counts(self) -> dict[Any, int] | None:
        """The different cells in the order in which they come, None for blank, and how often; None unless SHARED."""
        if self.kind != SHARED:
            return None
        texts, raw = _opened(self.kept)
        numbers = array("H", raw)
        if self.length != len(numbers):
            numbers = numbers[self.start : self.start + self.length]
        return {texts[number] or None: count for number, count in Counter(numbers).items()}

    def raw(self) -> Sequence[Raw]:
        """The cells, numbers still binary."""
        return _RAW[self.kind](self)

    def values(self) -> Sequence[Value]:
        """The cells."""
        if self.kind == FLOATS:
            return [to_number(cell) for cell in self.kept]
        if self.kind == MIXED:
            return [to_number(cell) if type(cell) is float else cell for cell in self.content]
        return self.raw()  # type: ignore[return-value]  # no floats in the other kinds

    def blanks(self) -> set[int]:
        """Places of the blank cells."""
        if self.kind == BLANK:
            return set(range(self.length))
        if not self.blank:
            return set()
        return {place for place, cell in enumerate(self.content) if cell is None}

    def part(self, start: int, stop: int) -> Block:
        """The cells from `start` to before `stop`."""
        length = max(0, min(stop, self.length) - start)
        if self.kind == BLANK:
            return blank_block(length)
        if self.kind in _OPEN:
            return Block(self.kind, self.kept, length, self.blank, self.start + start)
        return Block(self.kind, self.kept[start:stop], length)

    def picked(self, places: Sequence[int]) -> Block:
        """The cells at `places`."""
        if self.kind == BLANK:
            return blank_block(len(places))
        content = self.content
        chosen = [content[place] for place in places]
        if self.kind in _OPEN:
            return unpack(pack(["" if cell is None else cell for cell in chosen]))
        code = getattr(content, "typecode", None)
        return Block(self.kind, array(code, chosen) if code else bytes(chosen), len(places))


def blank_block(length: int) -> Block:
    """A block of blank cells."""
    return Block(BLANK, (), length, length)


_RAW: dict[str, Callable[[Block], Sequence[Raw]]] = {
    BLANK: lambda block: [None] * block.length,
    FLOATS: lambda block: block.kept,
    TEXTS: lambda block: block.content,
    SHARED: lambda block: block.content,
    DATES: lambda block: [date.fromordinal(number) for number in block.kept],
    MOMENTS: lambda block: [_EPOCH + timedelta(microseconds=number) for number in block.kept],
    BOOLS: lambda block: [bool(cell) for cell in block.kept],
    MIXED: lambda block: block.content,
}


@dataclass(frozen=True, slots=True)
class Column:
    """All cells of one column, as blocks."""

    blocks: tuple[Block, ...]

    def __len__(self) -> int:
        return sum(block.length for block in self.blocks)

    def __iter__(self) -> Iterator[Value]:
        for block in self.blocks:
            yield from block.values()

    def values(self, start: int = 0, stop: int | None = None) -> list[Value]:
        """The cells from `start` to before `stop` (None: to the end)."""
        return [value for block in self.part(start, stop).blocks for value in block.values()]

    def raw(self, start: int = 0, stop: int | None = None) -> list[Raw]:
        """As `values`, numbers still binary."""
        return [cell for block in self.part(start, stop).blocks for cell in block.raw()]

    def part(self, start: int = 0, stop: int | None = None) -> Column:
        """The cells from `start` to before `stop`."""
        end = len(self) if stop is None else min(stop, len(self))
        found, place = [], 0
        for block in self.blocks:
            low, high = max(start - place, 0), min(end - place, block.length)
            if low < high:
                found.append(block if high - low == block.length else block.part(low, high))
            place += block.length
        return Column(tuple(found))


def to_number(cell: float) -> int | Decimal:
    """The number that Excel shows for a binary one: 15 significant digits, whole ones as int."""
    if cell.is_integer() and -1e15 < cell < 1e15:
        return int(cell)
    number = Decimal(f"{cell:.{SIGNIFICANT}g}")
    return int(number) if number == number.to_integral_value() else number


def pack(cells: Sequence[Any]) -> Packed:
    """One chunk of a column for the wire; "" is blank. Runs in the reader process."""
    kinds = set(map(type, cells))
    if len(kinds) == 1:
        simple = _PACKERS.get(kinds.pop())
        if simple is not None:
            return simple(cells)
    tagged = [_tagged(cell) for cell in cells]
    return MIXED, _shut(tagged), len(tagged), tagged.count(None)


def pack_texts(cells: Sequence[str]) -> Packed:
    """As `pack`, where all cells are texts."""
    different = list(dict.fromkeys(cells))
    if different == [""]:
        return BLANK, None, len(cells), len(cells)
    if len(different) * 2 > len(cells):
        return TEXTS, _shut(cells), len(cells), cells.count("")
    places = {text: place for place, text in enumerate(different)}
    numbers = array("H", map(places.__getitem__, cells))
    blank = numbers.count(places[""]) if "" in places else 0
    return SHARED, _shut([different, numbers.tobytes()]), len(cells), blank


def _shut(content: Sequence[Any]) -> bytes:
    made = _encode(content)
    if len(made) < WORTH_SHUTTING:
        return made
    shut = zlib.compress(made, 1)
    return shut if len(shut) < PAYS * len(made) else made


def _opened(kept: bytes) -> Any:
    return _decode(zlib.decompress(kept) if kept[0] == ZLIB else kept)


def _packed(kind: str, content: bytes, cells: Sequence[Any]) -> Packed:
    return kind, content, len(cells), 0


_PACKERS: dict[type, Callable[[Sequence[Any]], Packed]] = {
    float: lambda cells: _packed(FLOATS, array("d", cells).tobytes(), cells),
    str: pack_texts,
    date: lambda cells: _packed(DATES, array("i", [cell.toordinal() for cell in cells]).tobytes(), cells),
    datetime: lambda cells: _packed(MOMENTS, array("q", [_micros(cell) for cell in cells]).tobytes(), cells),
    bool: lambda cells: _packed(BOOLS, bytes(cells), cells),
}


def _micros(moment: datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND


def _tagged(cell: Any) -> Any:
    """A cell of a mixed chunk; what msgpack has no word for travels as a pair of kind and number."""
    if isinstance(cell, str):
        return cell or None
    if isinstance(cell, datetime):
        return [MOMENTS, _micros(cell)]
    if isinstance(cell, date):
        return [DATES, cell.toordinal()]
    if isinstance(cell, time):
        return ["time", cell.isoformat()]
    if isinstance(cell, CellError):
        return ["error", cell.code]
    return cell


_UNTAG: dict[str, Callable[[Any], Raw]] = {
    MOMENTS: lambda number: _EPOCH + timedelta(microseconds=number),
    DATES: date.fromordinal,
    "time": time.fromisoformat,
    "error": CellError,
}


def _open_shared(content: Any) -> list[Any]:
    texts = [text or None for text in content[0]]
    return [texts[place] for place in array("H", content[1])]


_OPEN: dict[str, Callable[[Any], list[Any]]] = {
    TEXTS: lambda content: content if all(content) else [text or None for text in content],
    SHARED: _open_shared,
    MIXED: lambda content: [_UNTAG[cell[0]](cell[1]) if isinstance(cell, list) else cell for cell in content],
}

_CODES = {FLOATS: "d", DATES: "i", MOMENTS: "q"}


def unpack(packed: Packed) -> Block:
    """The block that `pack` made; texts stay packed."""
    kind, content, length, blank = packed
    if kind == BLANK:
        return blank_block(length)
    return Block(kind, array(_CODES[kind], content) if kind in _CODES else content, length, blank)


def to_columns(chunks: Iterable[Sequence[Block]], width: int) -> tuple[Column, ...]:
    """Columns out of chunks of rows, each a block per column; a chunk may have fewer columns than `width`."""
    columns: list[list[Block]] = [[] for _ in range(width)]
    for blocks in chunks:
        for place, column in enumerate(columns):
            column.append(blocks[place] if place < len(blocks) else blank_block(blocks[0].length))
    return tuple(Column(tuple(column)) for column in columns)
