"""`formwork eval`: one formula with values by name, printed readably or as JSON."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from resources.texts import _
from runtime.errors import UserError
from runtime.expression import FormulaError, evaluate
from runtime.value.conversions import to_text
from runtime.value.decimals import CONTEXT, number_text

OPTIONS = ("--values", "--json", "--help", "-h", "--")
EXAMPLE = '{"单价": 12.5, "日期": "2024-05-17"}'
WIDEST = 72
"""Characters of a formula that are shown above the mark of an error."""

ENDLESS = 30
"""Digits from which on a number is taken for one without end, such as 1/3, and shown with 15 digits."""

_OPTION = re.compile(r"--[a-z]+(-[a-z]+)*(=.*)?", re.DOTALL)
"""What is meant as an option, known or not; a formula such as --{a} is not."""

_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?)?")


def shielded(arguments: Sequence[str]) -> list[str]:
    """`arguments`, of which a formula such as -2^2 gets a `=`, so that it is not taken for an option."""
    found = list(arguments)
    for index, argument in enumerate(found[1:], 1):
        is_value = found[index - 1] == "--values"
        is_option = argument.partition("=")[0] in OPTIONS or _OPTION.fullmatch(argument) is not None
        if argument.startswith("-") and not is_value and not is_option:
            found[index] = f"={argument}"
    return found


def computed(formula: str, values: str | None, as_json: bool) -> tuple[int, str]:
    """The exit code, 0, or 2 where there is an error instead of a value, and what to print.

    Raises:
        UserError: `values` is no JSON object, or holds what a formula cannot compute with.
    """
    given = read_values(values) if values is not None else {}
    try:
        result = evaluate(formula, given)
    except TypeError as error:  # a record where a value belongs, {"date": "soon"}
        raise UserError(_("A value in --values cannot be used. {reason}.", reason=str(error))) from None
    failed = isinstance(result, FormulaError)
    if as_json:
        text = _as_json(result)
    else:
        text = f"formwork: {result}\n{marked(formula, result)}" if failed else shown(result)
    return (2 if failed else 0), text


def read_values(text: str) -> dict[str, Any]:
    """The values of a JSON object; numbers are exact, texts such as 2024-05-17 and 2024-05-17T09:30 are dates.

    Raises:
        UserError: that is no JSON, or no object.
    """
    try:
        found = json.loads(text, parse_float=Decimal, parse_int=Decimal, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        message = _(
            "--values is no JSON: look at character {n}. Write it like {example}.", n=error.pos + 1, example=EXAMPLE
        )
        raise UserError(message) from None
    except (ValueError, RecursionError):
        raise UserError(_("--values is no JSON. Write it like {example}.", example=EXAMPLE)) from None
    if not isinstance(found, dict):
        raise UserError(_("--values must be names with values. Write it like {example}.", example=EXAMPLE))
    return {name: _dated(value) for name, value in found.items()}


def _no_number(word: str) -> Any:
    raise ValueError(word)


def _dated(value: Any) -> Any:
    if isinstance(value, list):
        return [_dated(each) for each in value]
    if isinstance(value, dict) and len(value) > 1:
        return {name: _dated(each) for name, each in value.items()}
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        with suppress(ValueError):
            return date.fromisoformat(value) if len(value) == len("2024-05-17") else datetime.fromisoformat(value)
    return value


def shown(value: Any) -> str:
    """A result in a line, as `&` writes it, but finite numbers with all their digits; items of a list with commas."""
    if value is None:
        return _("(blank)")
    if isinstance(value, list):
        return ", ".join("" if each is None else shown(each) for each in value)
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, Decimal) and len(value.as_tuple().digits) < ENDLESS:
        text = number_text(value)
        return text if Decimal(text) == value else str(value.normalize(CONTEXT))
    return to_text(value, None) if isinstance(value, str | Decimal | date | time | timedelta | bool) else str(value)


def marked(formula: str, error: FormulaError) -> str:
    """The formula, or the part of it around the error, and below it a mark under what is to blame."""
    start = min(error.start, len(formula))
    first = max(0, start - WIDEST // 2)
    line = formula[first : first + WIDEST]
    plain = "".join("�" if unicodedata.category(each) in ("Cc", "Cs", "Cf") else each for each in line)
    before = _columns(plain[: start - first])
    under = _columns(plain[start - first : max(error.end - first, 0)])
    return f"  {plain}\n  {' ' * before}^{'~' * (under - 1)}"


def _columns(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


_TYPES: tuple[tuple[type, str], ...] = (
    (bool, "bool"),
    (Decimal, "number"),
    (str, "text"),
    (datetime, "datetime"),
    (date, "date"),
    (time, "time"),
    (timedelta, "duration"),
    (list, "list"),
    (type(None), "blank"),
)


def _as_json(value: Any) -> str:
    if isinstance(value, FormulaError):
        told = {"code": value.code, "message": str(value.message), "start": value.start, "end": value.end}
        return json.dumps({"error": told}, ensure_ascii=False)
    type_ = next((name for class_, name in _TYPES if isinstance(value, class_)), "record")
    return f'{{"value": {_json_value(value)}, "type": "{type_}"}}'


def _json_value(value: Any) -> str:
    """A value as JSON: numbers with all their digits, dates and times as ISO texts, durations in seconds."""
    if isinstance(value, Decimal):
        return number_text(value) if value == value.to_integral_value() else str(value.normalize(CONTEXT))
    if isinstance(value, list):
        return f"[{', '.join(map(_json_value, value))}]"
    if isinstance(value, timedelta):
        return json.dumps(value.total_seconds())
    if isinstance(value, date | time):
        return json.dumps(value.isoformat())
    if isinstance(value, FormulaError):
        return json.dumps({"error": value.code})
    return json.dumps(value if isinstance(value, str | bool | type(None)) else str(value), ensure_ascii=False)
