"""Filters as values: conditions that people pick, written as a formula over field ids for `Query.where`.

Only ids, operators of this table and quoted constants enter the formula, so nothing that a person types can change
what it means. A blank is not a number here: "< 5" does not find blanks, though a formula reads them as 0.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from enum import StrEnum
from typing import Any

from resources.texts import T, Text
from runtime.expression.tokens import UNSEEN
from runtime.form import Field, Form

MOST = 40
"""Conditions of one filter."""


class Operator(StrEnum):
    """What a condition asks of a field."""

    IS = "is"
    IS_NOT = "is_not"
    CONTAINS = "contains"
    LACKS = "lacks"
    LESS = "less"
    AT_MOST = "at_most"
    GREATER = "greater"
    AT_LEAST = "at_least"
    BETWEEN = "between"
    YES = "yes"
    NO = "no"
    EMPTY = "empty"
    FILLED = "filled"


WITHOUT_VALUE = frozenset({Operator.YES, Operator.NO, Operator.EMPTY, Operator.FILLED})
AS_TEXT = frozenset({Operator.CONTAINS, Operator.LACKS})
"""Operators whose value is a piece of text, whatever the field holds."""

_WORDS = {
    Operator.IS: T("is"),
    Operator.IS_NOT: T("is not"),
    Operator.CONTAINS: T("contains"),
    Operator.LACKS: T("does not contain"),
    Operator.LESS: T("<"),
    Operator.AT_MOST: T("≤"),
    Operator.GREATER: T(">"),
    Operator.AT_LEAST: T("≥"),
    Operator.BETWEEN: T("is between"),
    Operator.YES: T("is checked"),
    Operator.NO: T("is not checked"),
    Operator.EMPTY: T("is empty"),
    Operator.FILLED: T("is not empty"),
}
_DATE_WORDS = {
    Operator.LESS: T("is before"),
    Operator.AT_MOST: T("is on or before"),
    Operator.GREATER: T("is after"),
    Operator.AT_LEAST: T("is on or after"),
}
_TEXT = (Operator.CONTAINS, Operator.LACKS, Operator.IS, Operator.IS_NOT, Operator.EMPTY, Operator.FILLED)
_ORDERED = (
    Operator.IS,
    Operator.IS_NOT,
    Operator.GREATER,
    Operator.AT_LEAST,
    Operator.LESS,
    Operator.AT_MOST,
    Operator.BETWEEN,
    Operator.EMPTY,
    Operator.FILLED,
)
_DATES = (
    Operator.IS,
    Operator.LESS,
    Operator.GREATER,
    Operator.AT_MOST,
    Operator.AT_LEAST,
    Operator.BETWEEN,
    Operator.EMPTY,
    Operator.FILLED,
)
_OPERATORS: dict[str, tuple[Operator, ...]] = {
    "text": _TEXT,
    "number": _ORDERED,
    "date": _DATES,
    "datetime": _DATES,
    "bool": (Operator.YES, Operator.NO),
    "choice": (Operator.IS, Operator.IS_NOT, Operator.EMPTY, Operator.FILLED),
    "record": (Operator.IS, Operator.IS_NOT, Operator.CONTAINS, Operator.LACKS, Operator.EMPTY, Operator.FILLED),
}
_COMPARED = {Operator.LESS: "<", Operator.AT_MOST: "<=", Operator.GREATER: ">", Operator.AT_LEAST: ">="}


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition.

    Attributes:
        field: id of the field.
        value: typed value of the field, or text for `AS_TEXT`; of a relation the title of the record.
        upper: the other end of BETWEEN, which holds both ends.
    """

    field: str
    operator: Operator
    value: Any = None
    upper: Any = None

    @property
    def complete(self) -> bool:
        """Whether every value that the operator needs is there; others do not filter."""
        if self.operator in WITHOUT_VALUE:
            return True
        return self.value is not None and (self.operator is not Operator.BETWEEN or self.upper is not None)


@dataclass(frozen=True, slots=True)
class Filter:
    """Conditions, of which all must hold, or any."""

    conditions: tuple[Condition, ...] = ()
    any: bool = False

    @property
    def active(self) -> tuple[Condition, ...]:
        """The conditions that filter."""
        return tuple(condition for condition in self.conditions if condition.complete)


def operators_of(field: Field) -> tuple[Operator, ...]:
    """The operators for a field, the likeliest first."""
    return _OPERATORS.get(field.kind.value_type, ()) if field.known else ()


def operator_words(field: Field, operator: Operator) -> Text:
    """An operator as people say it of this field."""
    if field.kind.value_type in {"date", "datetime"} and operator in _DATE_WORDS:
        return _DATE_WORDS[operator]
    return _WORDS[operator]


def formula(form: Form, filter: Filter, zone: tzinfo) -> str:
    """The formula of a filter; "" = every record. Conditions on fields that are gone, or incomplete, do not filter.

    Args:
        zone: in which a date-time is on a day.
    """
    parts = []
    for condition in filter.active[:MOST]:
        field = form.by_id.get(condition.field)
        if field is not None and condition.operator in operators_of(field):
            parts.append(_condition(field, condition, zone))
    return joined(parts, any=filter.any)


def search(form: Form, text: str) -> str:
    """The formula of the records that hold `text` in a text, a choice or the title of a relation; "" for no text."""
    wanted = text.strip()
    searched = [field for field in form.fields if field.known and field.kind.value_type in {"text", "choice", "record"}]
    if not wanted or not searched:
        return ""
    return joined([f"CONTAINS({name(field)},{quoted(wanted)})" for field in searched], any=True)


def joined(parts: Sequence[str], *, any: bool = False) -> str:  # noqa: A002 - as in `Filter`
    """Formulas joined by AND, or by OR; empty ones are left out."""
    filled = [part for part in parts if part]
    if len(filled) < 2:
        return "".join(filled)
    return f"{'OR' if any else 'AND'}({','.join(filled)})"


def name(field: Field) -> str:
    """A field in a formula, by its id."""
    return f"{{#{field.id}}}"


def quoted(text: str) -> str:
    """A text constant: whatever `text` holds, the constant ends where it ends here. NUL, which ends C texts, goes.

    Characters that nobody sees are refused in formulas; records may hold them, so they come in by their number.
    """
    found, last = [], 0
    text = text.replace("\0", "")
    for unseen in UNSEEN.finditer(text):
        found += [_literal(text[last : unseen.start()]), f"UNICHAR({ord(unseen[0])})"]
        last = unseen.end()
    found.append(_literal(text[last:]))
    return found[0] if len(found) == 1 else f"({'&'.join(found)})"


def _literal(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def _condition(field: Field, condition: Condition, zone: tzinfo) -> str:
    here, operator = name(field), condition.operator
    match operator:
        case Operator.EMPTY:
            return f"ISBLANK({here})"
        case Operator.FILLED:
            return f"NOT(ISBLANK({here}))"
        case Operator.YES:
            return f"{here}=TRUE"
        case Operator.NO:
            return f"NOT({here}=TRUE)"
        case Operator.CONTAINS:
            return f"CONTAINS({here},{quoted(str(condition.value))})"
        case Operator.LACKS:
            return f"NOT(CONTAINS({here},{quoted(str(condition.value))}))"
    kind = field.kind.value_type
    write = _WRITERS.get(kind, _writes_text)
    return write(field, condition, zone)


def _writes_text(field: Field, condition: Condition, zone: tzinfo) -> str:
    value = field.format(condition.value) if field.kind.value_type == "choice" else str(condition.value)
    return f"{name(field)}{'=' if condition.operator is Operator.IS else '<>'}{quoted(value)}"


def _writes_number(field: Field, condition: Condition, zone: tzinfo) -> str:
    here, value = name(field), _number(condition.value)
    filled = f"NOT(ISBLANK({here}))"
    match condition.operator:
        case Operator.IS:
            return f"AND({filled},{here}={value})"
        case Operator.IS_NOT:
            return f"OR(ISBLANK({here}),{here}<>{value})"
        case Operator.BETWEEN:
            return f"AND({filled},{here}>={value},{here}<={_number(condition.upper)})"
    return f"AND({filled},{here}{_COMPARED[condition.operator]}{value})"


def _number(value: Decimal | int) -> str:
    return f"({value:f})" if isinstance(value, Decimal) else f"({value})"


def _writes_date(field: Field, condition: Condition, zone: tzinfo) -> str:
    here, value = name(field), _day(condition.value)
    match condition.operator:
        case Operator.IS:
            return f"{here}={value}"
        case Operator.BETWEEN:
            return f"AND({here}>={value},{here}<={_day(condition.upper)})"
    return f"{here}{_COMPARED[condition.operator]}{value}"


def _day(value: date) -> str:
    return f'"{value.isoformat()}"'


def _writes_moment(field: Field, condition: Condition, zone: tzinfo) -> str:
    """By whole days in `zone`: "on or before the 5th" holds until the 5th ends."""
    here = name(field)
    first, after = _ends(condition.value, zone)
    match condition.operator:
        case Operator.IS:
            return f"AND({here}>={first},{here}<{after})"
        case Operator.BETWEEN:
            return f"AND({here}>={first},{here}<{_ends(condition.upper, zone)[1]})"
        case Operator.LESS:
            return f"{here}<{first}"
        case Operator.AT_MOST:
            return f"{here}<{after}"
        case Operator.GREATER:
            return f"{here}>={after}"
    return f"{here}>={first}"


def _ends(value: datetime, zone: tzinfo) -> tuple[str, str]:
    """The first moment of the day that holds `value`, and of the day after."""
    day = value.astimezone(zone).date()
    return _midnight(day, zone), _midnight(day + timedelta(days=1), zone)


def _midnight(day: date, zone: tzinfo) -> str:
    return f'"{datetime.combine(day, time(), zone).astimezone(UTC).isoformat()}"'


_WRITERS: dict[str, Callable[[Field, Condition, tzinfo], str]] = {
    "number": _writes_number,
    "date": _writes_date,
    "datetime": _writes_moment,
}
