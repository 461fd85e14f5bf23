"""How values of a field stand in a spreadsheet: their number format there, and their text in CSV."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any

from runtime.form import Field
from runtime.numbers import round_to
from runtime.store.rows import Row

TEXT = "@"
DATE = "yyyy-mm-dd"
MOMENT = "yyyy-mm-dd hh:mm:ss"

DIGITS = 15
"""Digits of a number that a spreadsheet keeps."""

SURE = 10**DIGITS


def number_format(field: Field) -> str:
    """The number format of a field's cells in Excel; "" where none is needed."""
    kind, props = field.kind, field.props
    match kind.value_type:
        case "date":
            return DATE
        case "datetime":
            return MOMENT
        case "bool":
            return ""
        case "number":
            return _figure(kind.name, props)
    return TEXT


def _figure(kind: str, props: Any) -> str:
    places = int(getattr(props, "decimals", 0) or 0)
    grouped = bool(getattr(props, "grouped", True))
    figure = ("#,##0" if grouped and kind != "percent" else "0") + ("." + "0" * places if places else "")
    symbol = str(getattr(props, "symbol", "") or "").replace("\\", "\\\\").replace('"', '"\\""')
    return (f'"{symbol}"' if symbol else "") + figure + ("%" if kind == "percent" else "")


def fits(number: int | Decimal) -> bool:
    """Whether a spreadsheet keeps every digit of the number."""
    if isinstance(number, int):
        return bool(-SURE < number < SURE)
    digits = number.as_tuple().digits
    return len(digits) <= DIGITS or len("".join(map(str, digits)).strip("0")) <= DIGITS


def plain(field: Field, zone: tzinfo) -> Callable[[Any], str]:
    """What writes the values of a field for other programs: 1234.50, 12.5%, 2026-03-05, 2026-03-05 14:30:00, TRUE.

    Args:
        zone: the time zone of moments.
    """
    kind, props = field.kind, field.props
    match kind.value_type:
        case "bool":
            return lambda value: "TRUE" if value else "FALSE"
        case "number" if kind.name == "percent":
            return lambda value: f"{round_to(value * 100, props.decimals):f}%"
        case "number":
            return lambda value: f"{value:f}" if isinstance(value, Decimal) else str(value)
        case "datetime":
            return lambda value: local(value, zone).isoformat(sep=" ")
        case "date":
            return date.isoformat
        case "record":
            return str
    return lambda value: kind.format(value, props)


def reading(field: Field, text: Callable[[Any], str]) -> Callable[[Row], str]:
    """What reads the text of a field's cell; "" for blank, the code of an error, the title of a relation's record.

    Args:
        text: what writes values that are not blank, and titles.
    """
    key = field.id
    if field.target:
        return lambda row: text(row.titles[key]) if key in row.titles else ""

    def read(row: Row) -> str:
        value = row.values.get(key)
        return row.errors.get(key, "") if value is None else text(value)

    return read


def local(moment: datetime, zone: tzinfo) -> datetime:
    """The moment as clocks of the zone show it, without the zone."""
    return moment.astimezone(zone).replace(tzinfo=None)
