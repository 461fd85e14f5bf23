"""Turns cells into typed values of a field; what does not fit comes back as an `Unfit`, never as something else.

Values per field type: text, email, phone, url and choice give str (a choice its label), choices a tuple of labels,
integer int, decimal, money and percent Decimal, date `datetime.date`, date_time an aware UTC `datetime`, boolean bool,
relation the key of the other record as str.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from resources.texts import T
from runtime.errors import Sentence
from runtime.exchange.cells import (
    BLANK,
    BOOLS,
    DATES,
    FLOATS,
    MIXED,
    SHARED,
    TEXTS,
    Block,
    CellError,
    Raw,
    Value,
    to_number,
)
from runtime.exchange.columns import ColumnPlan
from runtime.exchange.understanding.as_type import LINE
from runtime.exchange.understanding.fast_conversion import LONGEST_TEXT, places_of, ways
from runtime.exchange.understanding.text_tally import split_options
from runtime.exchange.written import YES_NO, read_comma_number, read_date, read_day_of_month, read_number
from runtime.fields import Unreadable, WrittenText, field_type
from runtime.numbers import LARGEST

__all__ = ["LONGEST_TEXT", "Conversion", "Unfit", "as_text", "convert", "convert_column", "key_of"]


@dataclass(frozen=True, slots=True)
class Unfit:
    """A cell that is no value of its field.

    Attributes:
        text: what the cell holds.
        reason: why it does not fit, in words.
        row: index of the row in the table, from 0; -1 for a lone value.
        column: index of the `ColumnPlan` in its sheet; -1 for a lone value.
        row_number: number of the row in the file, from 1; 0 where unknown.
    """

    text: str
    reason: Sentence
    row: int = -1
    column: int = -1
    row_number: int = 0


class _Misfit(Exception):
    """One cell does not fit."""

    def __init__(self, reason: Sentence) -> None:
        super().__init__(reason)
        self.reason = reason


Converter = Callable[[Any], Any]
"""Takes a cell that is neither blank nor an error; raises `_Misfit`."""


class Conversion:
    """How the cells of one column become values.

    Args:
        column: what the column becomes.
        zone: the time zone of moments in the file; None is the machine's.
    """

    def __init__(self, column: ColumnPlan, zone: tzinfo | None = None) -> None:
        self._convert = _converter(column, zone)
        self._ways = ways(column, zone)
        self._nothing = frozenset(column.nothing)
        self._errors = column.errors

    def value(self, cell: Raw | Value) -> Any:
        """The value of one cell: typed, None for a blank, an error or what stands for no value, or an `Unfit`."""
        if cell is None or cell == "" or (isinstance(cell, CellError) and not self._errors):
            return None
        if self._nothing and isinstance(cell, str) and cell.casefold() in self._nothing:
            return None
        try:
            return self._convert(cell)
        except _Misfit as misfit:
            return Unfit(as_text(cell), misfit.reason)

    def block(self, block: Block) -> list[Any]:
        """The values of a block, `Unfit`s among them."""
        return self.converted(block)[0]

    def converted(self, block: Block) -> tuple[list[Any], bool]:
        """The values of a block, and whether `Unfit`s may be among them."""
        if block.kind == BLANK:
            return [None] * block.length, False
        content = block.content
        values = self._at_once(block.kind, content)
        if values is not None:
            return values, False
        if block.kind in (TEXTS, SHARED):
            known = {text: self.value(text) for text in dict.fromkeys(content)}
            return list(map(known.__getitem__, content)), True
        if block.kind in (FLOATS, DATES, BOOLS):
            return [self.value(cell) for cell in block.raw()], True
        memo: dict[Any, Any] = {}
        cells = content if block.kind == MIXED else block.raw()
        return [_remembered(memo, cell, self.value) for cell in cells], True

    def column(self, blocks: Sequence[Block]) -> tuple[list[Any], list[Unfit]]:
        """The values of all cells, None in place of each that does not fit, and those cells with their rows."""
        values: list[Any] = []
        unfit: list[Unfit] = []
        for block in blocks:
            found, doubtful = self.converted(block)
            if doubtful:
                first = len(values)
                for row, value in enumerate(found):
                    if value.__class__ is Unfit:
                        unfit.append(replace(value, row=first + row))
                        found[row] = None
            values += found
        return values, unfit

    def _at_once(self, kind: str, content: Sequence[Any]) -> list[Any] | None:
        """The values of a whole block, where all cells but the blank ones are of one kind; else None."""
        if kind in (TEXTS, SHARED) and None in content:
            return self._between_blanks(kind, content)
        if kind != MIXED:
            way = self._ways.get(kind)
            return way(content) if way is not None else None
        kinds = set(map(type, content)) - {type(None)}
        alone = _KINDS.get(kinds.pop()) if len(kinds) == 1 else None
        return self._between_blanks(alone, content) if alone is not None else None

    def _between_blanks(self, kind: str, content: Sequence[Any]) -> list[Any] | None:
        filled = [cell for cell in content if cell is not None]
        way = self._ways.get(kind)
        values = way(filled) if way is not None and filled else None
        if values is None:
            return None
        following = iter(values)
        return [None if cell is None else next(following) for cell in content]


_KINDS: dict[type, str] = {float: FLOATS, str: TEXTS, bool: BOOLS}


def _remembered(memo: dict[Any, Any], cell: Any, convert: Callable[[Any], Any]) -> Any:
    key = (cell.__class__, cell)
    if key not in memo:
        memo[key] = convert(cell)
    return memo[key]


def convert(value: Raw | Value, column: ColumnPlan, zone: tzinfo | None = None) -> Any:
    """The typed value of one cell, None for a blank or an error, or an `Unfit`."""
    return Conversion(column, zone).value(value)


def convert_column(
    blocks: Sequence[Block], column: ColumnPlan, zone: tzinfo | None = None
) -> tuple[list[Any], list[Unfit]]:
    """The values of all cells, None in place of each cell that does not fit, and those cells with their rows."""
    return Conversion(column, zone).column(blocks)


def as_text(cell: Raw | Value) -> str:
    """What a cell says, in letters: numbers with 15 significant digits and without an exponent, dates as ISO."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        cell = to_number(cell)
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    if isinstance(cell, datetime):
        shown = cell.isoformat(sep=" ", timespec="auto")
        return shown.removesuffix(":00") if shown.count(":") == 2 else shown
    if isinstance(cell, (date, time)):
        shown = cell.isoformat()
        return shown.removesuffix(":00") if shown.count(":") == 2 else shown
    if isinstance(cell, CellError):
        return cell.code
    return "" if cell is None else str(cell)


def key_of(cell: Raw | Value) -> str | None:
    """The text by which a relation finds its record: equal for 12, 12.0 and "12"."""
    return as_text(cell).strip() or None if cell is not None and not isinstance(cell, CellError) else None


def _converter(column: ColumnPlan, zone: tzinfo | None) -> Converter:
    match column.field_type:
        case "integer":
            return lambda cell: _whole(cell, column.comma)
        case "decimal" | "money" | "percent":
            return lambda cell: _exact(cell, places_of(column), column.comma)
        case "date":
            return lambda cell: _day(_of_year(cell, column.year), column.order)
        case "date_time":
            return lambda cell: _moment(_of_year(cell, column.year), column.order, zone)
        case "boolean":
            return _yes
        case "choice":
            return _labels(column.props.get("options", ()))
        case "email" | "phone" | "url":
            return _written_as(column.field_type)
        case "choices":
            return _several(column.props.get("options", ()), column.split)
        case "relation":
            return key_of
        case "long_text":
            return lambda cell: _text(cell, 0)
        case _:
            return lambda cell: _line(cell, column.props.get("max_length", LINE), column.pad)


def _text(cell: Any, pad: int) -> str | None:
    if pad and not isinstance(cell, str):
        return as_text(cell).rjust(pad, "0")
    text = as_text(cell)
    if len(text) > LONGEST_TEXT:
        raise _Misfit(T("The text is longer than {n} characters.", n=LONGEST_TEXT))
    return text


def _line(cell: Any, most: int, pad: int) -> str | None:
    text = _text(cell, pad) or ""
    if "\n" in text:
        text = " ".join(text.splitlines())
    if len(text) > most:
        raise _Misfit(T("The text is longer than {n} characters.", n=most))
    return text or None


def _number(cell: Any, comma: bool) -> int | Decimal:
    if isinstance(cell, str):
        written = read_comma_number(cell) if comma else read_number(cell)
        if written is not None:
            return written.value
    elif isinstance(cell, float):
        return to_number(cell)
    elif isinstance(cell, (int, Decimal)) and not isinstance(cell, bool):
        return cell
    raise _Misfit(T("“{text}” is not a number.", text=as_text(cell)))


def _whole(cell: Any, comma: bool) -> int:
    number = Decimal(_number(cell, comma))
    if abs(number) > LARGEST:
        raise _Misfit(T("This number is too large."))
    if number != int(number):
        raise _Misfit(T("“{text}” is not a whole number.", text=as_text(cell)))
    return int(number)


def _exact(cell: Any, decimals: int, comma: bool) -> Decimal:
    number = Decimal(_number(cell, comma))
    if abs(number) > LARGEST // 10**decimals:
        raise _Misfit(T("This number is too large."))
    return number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def _read_day(cell: Any, order: str) -> Any:
    """The cell itself, or the date that its text says; None where it says none."""
    if isinstance(cell, (float, int)) and not isinstance(cell, bool) and cell == int(cell):
        cell = f"{cell:.0f}"
    if not isinstance(cell, str):
        return cell
    written = read_date(cell, compact=True)
    return None if written is None else written.value(order)


def _of_year(cell: Any, year: int) -> Any:
    """The cell itself, or the day of that year that a text such as 10月8日 says."""
    found = read_day_of_month(cell, year) if year and isinstance(cell, str) else None
    return cell if found is None else found


def _day(cell: Any, order: str) -> date | None:
    day = _read_day(cell, order)
    if day == time():  # the day 0 of Excel
        return None
    if isinstance(day, datetime):
        if day.time() != time():
            raise _Misfit(T("“{text}” has a time of day.", text=as_text(cell)))
        return day.date()
    if isinstance(day, date):
        return day
    raise _Misfit(T("“{text}” is not a date.", text=as_text(cell)))


def _moment(cell: Any, order: str, zone: tzinfo | None) -> datetime | None:
    moment = _read_day(cell, order)
    if moment == time():  # the day 0 of Excel
        return None
    if isinstance(moment, date) and not isinstance(moment, datetime):
        moment = datetime.combine(moment, time())
    if not isinstance(moment, datetime):
        raise _Misfit(T("“{text}” is not a date and time.", text=as_text(cell)))
    if moment.tzinfo is None and zone is not None:
        moment = moment.replace(tzinfo=zone)
    try:
        return moment.astimezone(UTC)
    except (OverflowError, OSError):
        raise _Misfit(T("“{text}” is not a date and time.", text=as_text(cell))) from None


def _yes(cell: Any) -> bool:
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, (int, float)) and cell in (0, 1):
        return cell == 1
    said = YES_NO.get(cell.casefold()) if isinstance(cell, str) else None
    if said is None:
        said = {"1": True, "0": False}.get(as_text(cell))
    if said is None:
        raise _Misfit(T("“{text}” is neither yes nor no.", text=as_text(cell)))
    return said


def _labels(options: Sequence[str]) -> Converter:
    known = {option.strip().casefold(): option for option in options}

    def label(cell: Any) -> str:
        found = known.get(as_text(cell).strip().casefold())
        if found is None:
            raise _Misfit(T("“{text}” is not one of the options.", text=as_text(cell)))
        return found

    return label


def _written_as(name: str) -> Converter:
    kind = field_type(name)

    def normal(cell: Any) -> str:
        try:
            return kind.normal(as_text(cell)) if isinstance(kind, WrittenText) else as_text(cell)
        except Unreadable as wrong:
            raise _Misfit(wrong.message) from None

    return normal


def _several(options: Sequence[str], sign: str) -> Converter:
    one = _labels(options)

    def labels(cell: Any) -> tuple[str, ...]:
        text = as_text(cell)
        parts = split_options(text, sign) if sign else [text]
        return tuple(dict.fromkeys(one(part) for part in parts))

    return labels
