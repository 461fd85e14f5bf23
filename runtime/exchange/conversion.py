"""Turns cells into typed values of a field; what does not fit comes back as an `Unfit`, never as something else.

Values per field type: text and choice give str (a choice its label), integer int, decimal, money and percent Decimal,
date `datetime.date`, date_time an aware UTC `datetime`, boolean bool, relation the key of the other record as str.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from resources.texts import T
from runtime.errors import Sentence
from runtime.exchange.as_type import LINE
from runtime.exchange.cells import (
    BLANK,
    BOOLS,
    DATES,
    FLOATS,
    MOMENTS,
    SHARED,
    SIGNIFICANT,
    TEXTS,
    Block,
    CellError,
    Raw,
    Value,
    to_number,
)
from runtime.exchange.columns import ColumnPlan
from runtime.exchange.facts import LOSSY
from runtime.exchange.written import YES_NO, read_date, read_number
from runtime.numbers import LARGEST

LONGEST_TEXT = 32_767
HALF_HOUR = 1_800_000_000
UTC_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH = UTC_EPOCH.replace(tzinfo=None)


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
        self._fast = _fast(column, zone)

    def value(self, cell: Raw | Value) -> Any:
        """The value of one cell: typed, None for a blank or an error, or an `Unfit`."""
        if cell is None or cell == "" or isinstance(cell, CellError):
            return None
        try:
            return self._convert(cell)
        except _Misfit as misfit:
            return Unfit(as_text(cell), misfit.reason)

    def block(self, block: Block) -> list[Any]:
        """The values of a block, `Unfit`s among them."""
        if block.kind == BLANK:
            return [None] * block.length
        fast = self._fast.get(block.kind)
        values = fast(block.content) if fast is not None else None
        if values is not None:
            return values
        cells = block.raw()
        if block.kind in (FLOATS, DATES, BOOLS):
            return [self.value(cell) for cell in cells]
        memo: dict[Any, Any] = {}
        return [_remembered(memo, cell, self.value) for cell in cells]


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
    conversion = Conversion(column, zone)
    values = [value for block in blocks for value in conversion.block(block)]
    unfit = [Unfit(value.text, value.reason, row) for row, value in enumerate(values) if value.__class__ is Unfit]
    for found in unfit:
        values[found.row] = None
    return values, unfit


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
            return _whole
        case "decimal" | "money" | "percent":
            return lambda cell: _exact(cell, _places(column))
        case "date":
            return lambda cell: _day(cell, column.order)
        case "date_time":
            return lambda cell: _moment(cell, column.order, zone)
        case "boolean":
            return _yes
        case "choice":
            return _labels(column.props.get("options", ()))
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


def _number(cell: Any) -> int | Decimal:
    if isinstance(cell, str):
        written = read_number(cell)
        if written is not None:
            return written.value
    elif isinstance(cell, float):
        return to_number(cell)
    elif isinstance(cell, (int, Decimal)) and not isinstance(cell, bool):
        return cell
    raise _Misfit(T("“{text}” is not a number.", text=as_text(cell)))


def _whole(cell: Any) -> int:
    number = Decimal(_number(cell))
    if abs(number) > LARGEST:
        raise _Misfit(T("This number is too large."))
    if number != int(number):
        raise _Misfit(T("“{text}” is not a whole number.", text=as_text(cell)))
    return int(number)


def _exact(cell: Any, decimals: int) -> Decimal:
    number = Decimal(_number(cell))
    if abs(number) > LARGEST // 10**decimals:
        raise _Misfit(T("This number is too large."))
    return number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def _read_day(cell: Any, order: str) -> Any:
    """The cell itself, or the date that its text says; None where it says none."""
    if not isinstance(cell, str):
        return cell
    written = read_date(cell, compact=True)
    return None if written is None else written.value(order)


def _day(cell: Any, order: str) -> date:
    day = _read_day(cell, order)
    if isinstance(day, datetime):
        if day.time() != time():
            raise _Misfit(T("“{text}” has a time of day.", text=as_text(cell)))
        return day.date()
    if isinstance(day, date):
        return day
    raise _Misfit(T("“{text}” is not a date.", text=as_text(cell)))


def _moment(cell: Any, order: str, zone: tzinfo | None) -> datetime:
    moment = _read_day(cell, order)
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


def _fast(column: ColumnPlan, zone: tzinfo | None) -> dict[str, Callable[[Sequence[Any]], list[Any] | None]]:
    """Ways to convert a whole block by its kind; they give None where each cell must be looked at."""
    if column.field_type == "date":
        return {DATES: lambda days: list(map(date.fromordinal, days))}
    if column.field_type == "boolean":
        return {BOOLS: lambda cells: list(map(bool, cells))}
    if column.field_type in ("decimal", "money", "percent"):
        return {FLOATS: lambda numbers: _exact_all(numbers, _places(column))}
    if column.field_type == "integer":
        return {FLOATS: _whole_all}
    if column.field_type == "date_time":
        return {MOMENTS: lambda moments: _moments_all(moments, zone)}
    if column.field_type == "choice":
        options = {None, *column.props.get("options", ())}
        return {SHARED: lambda texts: list(texts) if options.issuperset(texts) else None}
    if column.field_type == "relation":
        return dict.fromkeys((TEXTS, SHARED), list)
    if column.field_type in ("text", "long_text"):
        line = column.field_type == "text"
        most = column.props.get("max_length", LINE) if line else LONGEST_TEXT
        ways = dict.fromkeys((TEXTS, SHARED), lambda texts: _texts_all(texts, most, line))
        return {**ways, FLOATS: lambda numbers: _figures_all(numbers, column.pad)}
    return {}


def _figures_all(numbers: Sequence[float], pad: int) -> list[Any] | None:
    whole = _whole_all(numbers)
    if whole is None or not pad:
        return whole and list(map(str, whole))
    return [str(number).rjust(pad, "0") for number in whole]


def _texts_all(texts: Sequence[str | None], most: int, line: bool) -> list[Any] | None:
    filled = set(texts) - {None}
    long = max(map(len, filled), default=0) > most  # type: ignore[arg-type]  # no None among them
    if long or (line and any("\n" in text for text in filled)):  # type: ignore[operator]
        return None
    return list(texts)


def _moments_all(moments: Sequence[int], zone: tzinfo | None) -> list[Any] | None:
    """Moments in UTC; the offset of the zone is looked up once for each half hour, where it can change."""
    offsets: dict[int, timedelta] = {}
    found = []
    for number in moments:
        half_hour = number // HALF_HOUR
        offset = offsets.get(half_hour)
        if offset is None:
            local = EPOCH + timedelta(microseconds=half_hour * HALF_HOUR)
            try:
                offset = local - (local.replace(tzinfo=zone) if zone else local).astimezone(UTC).replace(tzinfo=None)
            except (OverflowError, OSError):
                return None
            offsets[half_hour] = offset
        found.append(UTC_EPOCH + (timedelta(microseconds=number) - offset))
    return found


def _places(column: ColumnPlan) -> int:
    """Places behind the point that values of the column keep; a percentage has two more than its figure."""
    return int(column.props.get("decimals", 0)) + (2 if column.field_type == "percent" else 0)


def _whole_all(numbers: Sequence[float]) -> list[Any] | None:
    if not all(map(float.is_integer, numbers)) or max(map(abs, numbers), default=0) >= LOSSY:
        return None
    return list(map(int, numbers))


def _exact_all(numbers: Sequence[float], places: int) -> list[Any] | None:
    if max(map(abs, numbers), default=0) >= LARGEST // 10**places:
        return None
    quantum = Decimal(1).scaleb(-places)
    shown = f"{{:.{SIGNIFICANT}g}}".format
    return [Decimal(shown(number)).quantize(quantum, ROUND_HALF_UP) for number in numbers]
