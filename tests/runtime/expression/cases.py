"""The published cases: formulas with results that were mostly calculated by Excel itself, run through `evaluate`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from runtime.expression import FormulaError, evaluate
from runtime.value.times import days_of, part_of_day, since_midnight
from tests.runtime.expression.sample import SITUATION

FILE = Path(__file__).parents[4] / "shared" / "data" / "formula_cases.json"
FORMS = ("formula", "inline")
"""How a case is written: with its arguments as fields, and with constants."""

_SERIAL_ZERO = date(1899, 12, 30)


@dataclass(frozen=True)
class Run:
    """A case in one of its forms, computed.

    Attributes:
        case: as the file has it.
        form: `formula` or `inline`.
        got: what `evaluate` returned.
        agrees: whether that is what the file expects.
    """

    case: Mapping[str, Any]
    form: str
    got: Any
    agrees: bool

    @property
    def id(self) -> str:
        """Its id in the file."""
        return str(self.case["id"])

    @property
    def expects_error(self) -> bool:
        """Whether the file tags it as one whose result is an error."""
        return "expect_error" in self.case["tags"]


@cache
def core_cases() -> tuple[Mapping[str, Any], ...]:
    """Every case whose functions are all on the list of the first release.

    Raises:
        FileNotFoundError: the file is not on this machine.
    """
    found = json.loads(FILE.read_text(encoding="utf-8"), parse_float=Decimal)["cases"]
    return tuple(case for case in found if case["core"])


def runs(form: str) -> Iterator[Run]:
    """Every core case that is written in this form, computed."""
    for case in core_cases():
        if form in case:
            values = {name: python_value(raw) for name, raw in case["args"].items()} if form == "formula" else {}
            got = evaluate(case[form], values, SITUATION)
            yield Run(case, form, got, agrees(case["expected"], got, case.get("tol")))


def python_value(raw: Any) -> Any:
    """A value of the file as a script would hand it over: floats, naive date-times, lists in lists."""
    if isinstance(raw, dict):
        (tag, written), *_ = raw.items()
        return _TAGS[tag](written)
    if isinstance(raw, list):
        return [python_value(each) for each in raw]
    return float(raw) if isinstance(raw, Decimal) else raw


_TAGS: dict[str, Any] = {
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "time": time.fromisoformat,
    "error": FormulaError,
}


def agrees(raw: Any, got: Any, tolerance: Decimal | None = None) -> bool:
    """Whether a result is the expected one: numbers to 1e-9, dates and times as their serial number where one is asked.

    Args:
        raw: the expected value as the file has it.
        got: what `evaluate` returned.
        tolerance: how far numbers may lie apart, where the file says so.
    """
    if isinstance(raw, dict) and "error" in raw:
        return isinstance(got, FormulaError) and raw["error"] in ("*", got.code)
    if isinstance(raw, int | Decimal) and not isinstance(raw, bool):
        number = serial(got)
        if number is None:
            return False
        far = tolerance if tolerance is not None else Decimal("1e-9") * max(abs(Decimal(raw)), abs(number))
        return abs(Decimal(raw) - number) <= far
    expected = _unescaped(raw) if isinstance(raw, str) else python_value(raw)
    if isinstance(expected, bool) and isinstance(got, Decimal):
        return bool(got) == expected
    return bool(expected == got and type(expected) is type(got)) or (expected is None and got == "")


def _unescaped(text: str) -> str:
    """A text of a workbook file, in which control characters stand as _x000D_ (ECMA-376, ST_Xstring)."""
    return re.sub(r"_x([0-9A-F]{4})_", lambda found: chr(int(found[1], 16)), text)


def serial(value: Any) -> Decimal | None:
    """A result as the number that Excel keeps for it; None where it is none."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, datetime):
        return Decimal((value.date() - _SERIAL_ZERO).days) + part_of_day(value.time())
    if isinstance(value, date):
        return Decimal((value - _SERIAL_ZERO).days)
    if isinstance(value, time):
        return days_of(since_midnight(value))
    return days_of(value) if isinstance(value, timedelta) else None
