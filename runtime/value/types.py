"""The types of values in formulas."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from resources.texts import T, Text


class Kind(StrEnum):
    """What a value is, before lists."""

    NUMBER = "number"
    TEXT = "text"
    BOOL = "bool"
    DATE = "date"
    DATETIME = "datetime"
    TIME = "time"
    DURATION = "duration"
    CHOICE = "choice"
    RECORD = "record"
    LIST = "list"
    BLANK = "blank"
    ANY = "any"


_LABELS = {
    Kind.NUMBER: T("number"),
    Kind.TEXT: T("text"),
    Kind.BOOL: T("yes/no"),
    Kind.DATE: T("date"),
    Kind.DATETIME: T("date and time"),
    Kind.TIME: T("time"),
    Kind.DURATION: T("duration"),
    Kind.CHOICE: T("choice"),
    Kind.RECORD: T("record"),
    Kind.BLANK: T("blank"),
    Kind.ANY: T("any value"),
}


@dataclass(frozen=True, slots=True)
class ValueType:
    """A type; `item` is the type of the items where `kind` is a list, else None."""

    kind: Kind
    item: ValueType | None = None

    @property
    def label(self) -> Text:
        """The type in the user's words."""
        if self.item is not None:
            return T("list of {item}", item=self.item.label)
        return _LABELS[self.kind]

    @property
    def is_list(self) -> bool:
        """Whether values of this type are lists."""
        return self.kind is Kind.LIST

    @property
    def textual(self) -> bool:
        """Whether the value is a text in Python: texts and choices (by their label)."""
        return self.kind in (Kind.TEXT, Kind.CHOICE)

    @property
    def temporal(self) -> bool:
        """Whether the value is a date or a date-time."""
        return self.kind in (Kind.DATE, Kind.DATETIME)

    @property
    def lasting(self) -> bool:
        """Whether the value is a time of day or a duration: a number of days, for arithmetic."""
        return self.kind in (Kind.TIME, Kind.DURATION)

    def __str__(self) -> str:
        return f"list<{self.item}>" if self.item is not None else self.kind.value


NUMBER = ValueType(Kind.NUMBER)
TEXT = ValueType(Kind.TEXT)
BOOL = ValueType(Kind.BOOL)
DATE = ValueType(Kind.DATE)
DATETIME = ValueType(Kind.DATETIME)
TIME = ValueType(Kind.TIME)
DURATION = ValueType(Kind.DURATION)
CHOICE = ValueType(Kind.CHOICE)
RECORD = ValueType(Kind.RECORD)
BLANK = ValueType(Kind.BLANK)
ANY = ValueType(Kind.ANY)


def list_of(item: ValueType) -> ValueType:
    """The type of lists whose items are `item`."""
    return ValueType(Kind.LIST, item)


def common_type(*types: ValueType) -> ValueType:
    """The type that holds values of all `types`.

    Blank fits all, choice and text make text, date and date-time make date-time, time and duration make duration; lists
    make a list of the common type of their items; other mixtures are ANY.
    """
    found = {kind for kind in types if kind != BLANK}
    if not found:
        return BLANK
    if len(found) == 1:
        return found.pop()
    if all(each.textual for each in found):
        return TEXT
    if all(each.temporal for each in found):
        return DATETIME
    if all(each.lasting for each in found):
        return DURATION
    items = [each.item for each in found if each.item is not None]
    return list_of(common_type(*items)) if len(items) == len(found) else ANY
