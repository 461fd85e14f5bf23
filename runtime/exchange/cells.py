"""Cells in compact blocks: how a chunk of one column travels from the reader and is kept until it is imported.

Floats, dates and times stay in arrays, repeated texts are held once. Import-light: the reader process needs it.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

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

Packed = tuple[str, Any]
"""A block as msgpack carries it: kind, content."""


@dataclass(frozen=True, slots=True)
class Block:
    """Some consecutive cells of one column.

    Attributes:
        kind: one of the letters above.
        content: a sequence of `length` cells; for arrays the packed numbers (ordinals, microseconds since 1970).
        length: number of cells.
    """

    kind: str
    content: Sequence[Any]
    length: int

    def raw(self) -> Sequence[Raw]:
        """The cells, numbers still binary."""
        return _RAW[self.kind](self)

    def values(self) -> Sequence[Value]:
        """The cells."""
        if self.kind == FLOATS:
            return [to_number(cell) for cell in self.content]
        if self.kind == MIXED:
            return [to_number(cell) if type(cell) is float else cell for cell in self.content]
        return self.raw()  # type: ignore[return-value]  # no floats in the other kinds

    def blanks(self) -> set[int]:
        """Places of the blank cells."""
        if self.kind in (FLOATS, DATES, MOMENTS, BOOLS):
            return set()
        if self.kind == BLANK:
            return set(range(self.length))
        return {place for place, cell in enumerate(self.content) if cell is None}

    def part(self, start: int, stop: int) -> Block:
        """The cells from `start` to before `stop`."""
        content = self.content if self.kind == BLANK else self.content[start:stop]
        return Block(self.kind, content, max(0, min(stop, self.length) - start))

    def picked(self, places: Sequence[int]) -> Block:
        """The cells at `places`."""
        if self.kind == BLANK:
            return Block(BLANK, (), len(places))
        chosen = [self.content[place] for place in places]
        code = getattr(self.content, "typecode", None)
        return Block(self.kind, array(code, chosen) if code else chosen, len(places))


_RAW: dict[str, Callable[[Block], Sequence[Raw]]] = {
    BLANK: lambda block: [None] * block.length,
    FLOATS: lambda block: block.content,
    TEXTS: lambda block: block.content,
    SHARED: lambda block: block.content,
    DATES: lambda block: [date.fromordinal(number) for number in block.content],
    MOMENTS: lambda block: [_EPOCH + timedelta(microseconds=number) for number in block.content],
    BOOLS: lambda block: [bool(cell) for cell in block.content],
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
    return MIXED, [_tagged(cell) for cell in cells]


def _pack_texts(cells: Sequence[str]) -> Packed:
    different = list(dict.fromkeys(cells))
    if different == [""]:
        return BLANK, len(cells)
    if len(different) * 2 > len(cells):
        return TEXTS, list(cells)
    places = {text: place for place, text in enumerate(different)}
    return SHARED, [different, array("H", map(places.__getitem__, cells)).tobytes()]


_PACKERS: dict[type, Callable[[Sequence[Any]], Packed]] = {
    float: lambda cells: (FLOATS, array("d", cells).tobytes()),
    str: _pack_texts,
    date: lambda cells: (DATES, array("i", [cell.toordinal() for cell in cells]).tobytes()),
    datetime: lambda cells: (MOMENTS, array("q", [_micros(cell) for cell in cells]).tobytes()),
    bool: lambda cells: (BOOLS, bytes(cells)),
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


def unpack(packed: Packed) -> Block:
    """The block that `pack` made."""
    kind, content = packed
    if kind == BLANK:
        return Block(BLANK, (), content)
    if kind == SHARED:
        texts = [text or None for text in content[0]]
        return _block(kind, [texts[place] for place in array("H", content[1])])
    if kind == TEXTS:
        return _block(kind, [text or None for text in content])
    if kind == MIXED:
        return _block(kind, [_UNTAG[cell[0]](cell[1]) if isinstance(cell, list) else cell for cell in content])
    return _block(kind, content if kind == BOOLS else array({FLOATS: "d", DATES: "i", MOMENTS: "q"}[kind], content))


def _block(kind: str, content: Sequence[Any]) -> Block:
    return Block(kind, content, len(content))


def to_columns(chunks: Iterable[Sequence[Block]]) -> tuple[Column, ...]:
    """Columns out of chunks of rows, each a block per column."""
    return tuple(Column(blocks) for blocks in zip(*chunks, strict=True))
