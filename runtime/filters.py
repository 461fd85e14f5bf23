"""Filters as values: conditions that people pick, written as a formula over field ids for `Query.where`.

Only ids, operators of this table and quoted constants enter the formula, so nothing that a person types can change
what it means. A blank is not a number here: "< 5" does not find blanks, though a formula reads them as 0. Days relative
to today stay relative: the formula asks for TODAY().
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from resources.texts import T, Text
from runtime.expression.tokens import UNSEEN
from runtime.form import Field, Form
from runtime.spans import Span

MOST = 40
"""Conditions of one filter, those of its groups too."""
DEEPEST = 3
"""Levels of groups inside each other, the whole filter is the first."""
MOST_VALUES = 200
"""Values of "is any of"."""


class Operator(StrEnum):
    """What a condition asks of a field."""

    IS = "is"
    IS_NOT = "is_not"
    CONTAINS = "contains"
    WORD = "word"
    LACKS = "lacks"
    STARTS = "starts"
    ENDS = "ends"
    ANY_OF = "any_of"
    NONE_OF = "none_of"
    ALL_OF = "all_of"
    LONGER = "longer"
    SHORTER = "shorter"
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
AS_TEXT = frozenset({Operator.CONTAINS, Operator.WORD, Operator.LACKS, Operator.STARTS, Operator.ENDS})
"""Operators whose value is a piece of text, whatever the field holds."""
LENGTHS = frozenset({Operator.LONGER, Operator.SHORTER})
"""Operators whose value is a number of characters."""
AGAINST = frozenset(
    {Operator.IS, Operator.IS_NOT, Operator.LESS, Operator.AT_MOST, Operator.GREATER, Operator.AT_LEAST}
)
"""Operators whose value may be an `Other` field; of texts, numbers, dates and moments."""
NEGATIVE = frozenset({Operator.IS_NOT, Operator.NONE_OF, Operator.LACKS, Operator.NO, Operator.FILLED})
"""Operators that say what a value is not: what is in error is not that either."""
OF_MANY = frozenset({Operator.ANY_OF, Operator.NONE_OF, Operator.ALL_OF})
"""Operators whose value is a tuple of values."""

_WORDS = {
    Operator.IS: T("is"),
    Operator.IS_NOT: T("is not"),
    Operator.CONTAINS: T("contains"),
    Operator.WORD: T("contains the word"),
    Operator.LACKS: T("does not contain"),
    Operator.STARTS: T("starts with"),
    Operator.ENDS: T("ends with"),
    Operator.ANY_OF: T("is any of"),
    Operator.NONE_OF: T("is none of"),
    Operator.ALL_OF: T("holds all of"),
    Operator.LONGER: T("is longer than"),
    Operator.SHORTER: T("is shorter than"),
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
_LIST_WORDS = {Operator.ANY_OF: T("holds any of"), Operator.NONE_OF: T("holds none of")}
_DATE_WORDS = {
    Operator.LESS: T("is before"),
    Operator.AT_MOST: T("is on or before"),
    Operator.GREATER: T("is after"),
    Operator.AT_LEAST: T("is on or after"),
}
_TEXT = (
    Operator.CONTAINS,
    Operator.LACKS,
    Operator.IS,
    Operator.IS_NOT,
    Operator.STARTS,
    Operator.ENDS,
    Operator.WORD,
    Operator.LONGER,
    Operator.SHORTER,
    Operator.EMPTY,
    Operator.FILLED,
)
_PICKED = (Operator.IS, Operator.IS_NOT, Operator.ANY_OF, Operator.NONE_OF)
_BLANK = (Operator.EMPTY, Operator.FILLED)
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
    Operator.IS_NOT,
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
    "choice": (*_PICKED, *_BLANK),
    "list": (Operator.ANY_OF, Operator.ALL_OF, Operator.NONE_OF, *_BLANK),
    "record": (*_PICKED, Operator.CONTAINS, Operator.LACKS, Operator.STARTS, Operator.ENDS, Operator.WORD, *_BLANK),
}
_COMPARED = {Operator.LESS: "<", Operator.AT_MOST: "<=", Operator.GREATER: ">", Operator.AT_LEAST: ">="}
_COMPARABLE = frozenset({"text", "number", "date", "datetime"})


@dataclass(frozen=True, slots=True)
class Other:
    """Another field of the record, in the place of a value.

    Attributes:
        field: its id.
    """

    field: str


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition.

    Attributes:
        field: id of the field.
        value: typed value of the field; text for `AS_TEXT`; a tuple for `OF_MANY`; a whole number for `LENGTHS`; of a
            relation the id of a record, or a text that its title is; of a date also a `Span`; of a date-time any moment
            of the day that is meant; for `AGAINST` also an `Other` field.
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
        if self.operator in OF_MANY:
            return bool(self.value)
        return self.value is not None and (self.operator is not Operator.BETWEEN or self.upper is not None)


@dataclass(frozen=True, slots=True)
class Unread:
    """A condition that this program cannot read: it does not filter and is kept.

    Attributes:
        told: its JSON.
    """

    told: str


@dataclass(frozen=True, slots=True)
class Filter:
    """Conditions and groups of conditions, of which all must hold, or any."""

    conditions: tuple[Condition | Filter | Unread, ...] = ()
    any: bool = False

    @property
    def every(self) -> Iterator[Condition]:
        """The conditions of all levels."""
        for part in self.conditions:
            if isinstance(part, Filter):
                yield from part.every
            elif isinstance(part, Condition):
                yield part

    @property
    def active(self) -> tuple[Condition, ...]:
        """The conditions that filter, of all levels."""
        return tuple(condition for condition in self.every if condition.complete)

    @property
    def trimmed(self) -> Filter:
        """The filter without conditions that lack a value; what this program cannot read stays."""
        parts: list[Condition | Filter | Unread] = []
        for part in self.conditions:
            if isinstance(part, Filter):
                inner = part.trimmed
                parts += [inner] if inner.conditions else []
            elif isinstance(part, Unread) or part.complete:
                parts.append(part)
        return Filter(tuple(parts), self.any)


def operators_of(field: Field) -> tuple[Operator, ...]:
    """The operators for a field, the likeliest first."""
    return _OPERATORS.get(field.kind.value_type, ()) if field.known else ()


def others(form: Form, field: Field, operator: Operator) -> tuple[Field, ...]:
    """The fields that a field can be compared with by this operator: those of its kind of values."""
    kind = field.kind.value_type
    if operator not in AGAINST or kind not in _COMPARABLE:
        return ()
    return tuple(each for each in form.fields if each.known and each.kind.value_type == kind and each.id != field.id)


def operator_words(field: Field, operator: Operator) -> Text:
    """An operator as people say it of this field."""
    if field.kind.value_type in {"date", "datetime"} and operator in _DATE_WORDS:
        return _DATE_WORDS[operator]
    if field.kind.value_type == "list" and operator in _LIST_WORDS:
        return _LIST_WORDS[operator]
    return _WORDS[operator]


def formula(form: Form, filter: Filter, zone: tzinfo) -> str:
    """The formula of a filter; "" = every record. Conditions on fields that are gone, or incomplete, do not filter.

    Args:
        zone: in which a date-time is on a day.
    """
    parts = []
    for part in filter.conditions:
        if isinstance(part, Filter):
            parts.append(formula(form, part, zone))
        elif isinstance(part, Condition):
            field = form.by_id.get(part.field)
            if field is None or not part.complete or part.operator not in operators_of(field):
                continue
            if isinstance(part.value, Other):
                other = form.by_id.get(part.value.field)
                if other in others(form, field, part.operator):
                    parts.append(_kept(_against(field, part.operator, other), part.operator, field, other))
            else:
                parts.append(_kept(_condition(field, part, zone), part.operator, field))
    return joined(parts, any=filter.any)


def _kept(condition: str, operator: Operator, *fields: Field) -> str:
    """What says that something is not so holds of a cell in error too: it is not that value, whatever it is."""
    fails = operator in NEGATIVE and any(field.computed for field in fields)
    return f"IFERROR({condition},TRUE)" if fails else condition


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
    if operator in _BY_FUNCTION:
        call = f"{_BY_FUNCTION[operator]}({here},{quoted(str(condition.value))})"
        return f"NOT({call})" if operator is Operator.LACKS else call
    if operator in LENGTHS:
        sign = ">" if operator is Operator.LONGER else "<"
        return f"AND(NOT(ISBLANK({here})),LEN({here}){sign}{_number(condition.value)})"
    match operator:
        case Operator.EMPTY:
            return _blank(field)
        case Operator.FILLED:
            return f"NOT({_blank(field)})"
        case Operator.YES:
            return f"{here}=TRUE"
        case Operator.NO:
            return f"NOT({here}=TRUE)"
        case Operator.ANY_OF | Operator.NONE_OF | Operator.ALL_OF:
            tests = [_equal(field, value) for value in condition.value[:MOST_VALUES]]
            found = joined(tests, any=operator is not Operator.ALL_OF)
            return f"NOT({found})" if operator is Operator.NONE_OF else found
    return _WRITERS.get(field.kind.value_type, _writes_equal)(field, condition, zone)


def _blank(field: Field) -> str:
    """That a field holds nothing; of a list that it has no item, for AND and OR would ask each item of it alone."""
    here = name(field)
    return f"COUNTA({here})=0" if field.kind.value_type == "list" else f"ISBLANK({here})"


_BY_FUNCTION = {
    Operator.CONTAINS: "CONTAINS",
    Operator.WORD: "HASWORD",
    Operator.LACKS: "CONTAINS",
    Operator.STARTS: "STARTSWITH",
    Operator.ENDS: "ENDSWITH",
}


def _against(field: Field, operator: Operator, other: Field) -> str:
    """Two fields compared, date-times to the moment; blanks are alike, and neither before nor after anything."""
    here, there = name(field), name(other)
    filled = f"NOT(ISBLANK({here})),NOT(ISBLANK({there}))"
    alike = f"OR(AND(ISBLANK({here}),ISBLANK({there})),AND({filled},{here}={there}))"
    match operator:
        case Operator.IS:
            return alike
        case Operator.IS_NOT:
            return f"NOT({alike})"
    return f"AND({filled},{here}{_COMPARED[operator]}{there})"


def _writes_equal(field: Field, condition: Condition, zone: tzinfo) -> str:
    equal = _equal(field, condition.value)
    return equal if condition.operator is Operator.IS else f"NOT({equal})"


def _equal(field: Field, value: Any) -> str:
    """That a field has this value, or holds it in its list; a value that no longer exists is never had."""
    if isinstance(value, UUID):
        return f"{name(field)}={{#{value}}}"
    if field.kind.value_type == "list":
        known = field.kind.check((value,), field.props) is None
        return f"IN({quoted(field.format((value,)))},{name(field)})" if known else "FALSE"
    if field.kind.value_type == "choice":
        if field.kind.check(value, field.props) is not None:
            return "FALSE"
        value = field.format(value)
    return f"{name(field)}={quoted(str(value))}"


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
    """By whole days: "before this week" holds until Sunday, "after the last 7 days" from tomorrow on."""
    here = name(field)
    first, last = _days(condition.value)
    match condition.operator:
        case Operator.IS:
            return _within(here, first, last)
        case Operator.IS_NOT:
            return f"NOT({_within(here, first, last)})"
        case Operator.BETWEEN:
            return _within(here, first, _days(condition.upper)[1])
        case Operator.LESS:
            return f"{here}<{first}"
        case Operator.AT_MOST:
            return f"{here}<={last}"
        case Operator.GREATER:
            return f"{here}>{last}"
    return f"{here}>={first}"


def _within(here: str, first: str, last: str) -> str:
    return f"{here}={first}" if first == last else f"AND({here}>={first},{here}<={last})"


def _days(value: date | Span) -> tuple[str, str]:
    """The first and the last day that are meant."""
    if isinstance(value, Span):
        return f"({value.first})", f"({value.last})"
    return f'"{value.isoformat()}"', f'"{value.isoformat()}"'


def _writes_moment(field: Field, condition: Condition, zone: tzinfo) -> str:
    """By whole days in `zone`: "on or before the 5th" holds until the 5th ends."""
    here = name(field)
    first, after = _moments(condition.value, zone)
    match condition.operator:
        case Operator.IS:
            return f"AND({here}>={first},{here}<{after})"
        case Operator.IS_NOT:
            return f"NOT(AND({here}>={first},{here}<{after}))"
        case Operator.BETWEEN:
            return f"AND({here}>={first},{here}<{_moments(condition.upper, zone)[1]})"
        case Operator.LESS:
            return f"{here}<{first}"
        case Operator.AT_MOST:
            return f"{here}<{after}"
        case Operator.GREATER:
            return f"{here}>={after}"
    return f"{here}>={first}"


def _moments(value: datetime | Span, zone: tzinfo) -> tuple[str, str]:
    """The first moment that is meant, and the first after it; a day beside a moment is where the day begins."""
    if isinstance(value, Span):
        return f"({value.first})", f"({value.last}+1)"
    day = value.astimezone(zone).date()
    return _midnight(day, zone), _midnight(day + timedelta(days=1), zone)


def _midnight(day: date, zone: tzinfo) -> str:
    return f'"{datetime.combine(day, time(), zone).astimezone(UTC).isoformat()}"'


_WRITERS: dict[str, Callable[[Field, Condition, tzinfo], str]] = {
    "number": _writes_number,
    "date": _writes_date,
    "datetime": _writes_moment,
}
