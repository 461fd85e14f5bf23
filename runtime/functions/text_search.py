"""Text: finding and cutting. FIND, SEARCH, REPLACE, STARTSWITH, ENDSWITH, TEXTBEFORE, TEXTAFTER, SPLIT."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo
from decimal import Decimal

from resources.texts import T
from runtime.functions import Group, Param, function
from runtime.value.conversions import LONGEST_LIST, fold, to_text
from runtime.value.decimals import ONE, ZERO
from runtime.value.error_values import NOT_AVAILABLE, WRONG_VALUE, ErrorValue, Failure
from runtime.value.lengths import bounded, count_of
from runtime.value.types import BOOL, NUMBER, TEXT, list_of
from runtime.value.wildcards import find_wildcard, folded_in_place, spans_of_any

_TEXT = Param(T("text"), TEXT)
_PART = Param(T("part"), TEXT)
_START = Param(T("start"), NUMBER, optional=True)
_CHARACTERS = Param(T("characters"), NUMBER)
_DELIMITER = Param(T("delimiter"))
_INSTANCE = Param(T("occurrence"), NUMBER, optional=True, skipped=ONE)
_IGNORE_CASE = Param(T("ignore letter case"), NUMBER, optional=True)
_AT_END = Param(T("count the end"), NUMBER, optional=True)
_IF_NONE = Param(T("value if nothing fits"), TEXT, optional=True)


def _from(text: str, start: Decimal) -> int:
    """The place from which a search begins; #VALUE! before the first and behind the last character."""
    if not 1 <= start < len(text) + 2:
        raise Failure(WRONG_VALUE)
    return int(start) - 1


def _place(found: int | None) -> Decimal:
    if found is None or found < 0:
        raise Failure(WRONG_VALUE)
    return Decimal(found + 1)


@function(
    "FIND",
    Group.TEXT,
    NUMBER,
    _PART,
    _TEXT,
    _START,
    aliases=("查找",),
    help=T("The place of a part in a text, the first is 1; #VALUE! where it is not there. Letter case counts."),
    example='FIND("-", "HT-2024-001", 4)',
    shows="8",
)
def find(part: str, text: str, start: Decimal = ONE) -> Decimal:
    """Exactly as written; nothing is found at once."""
    return _place(text.find(part, _from(text, start)))


@function(
    "SEARCH",
    Group.TEXT,
    NUMBER,
    _PART,
    _TEXT,
    _START,
    aliases=("搜索",),
    help=T(
        "The place of a part in a text; letter case does not count. In the part ? is any character and * any text; "
        "~ stands before a real ? or *."
    ),
    example='SEARCH("w?rk", "Formwork")',
    shows="5",
)
def search(part: str, text: str, start: Decimal = ONE) -> Decimal:
    """With Excel's wildcards."""
    return _place(find_wildcard(part, text, _from(text, start)))


@function(
    "REPLACE",
    Group.TEXT,
    TEXT,
    _TEXT,
    Param(T("start"), NUMBER),
    _CHARACTERS,
    Param(T("new"), TEXT),
    aliases=("替换",),
    help=T("Puts another text in the place of so many characters, from a place on; the first place is 1."),
    example='REPLACE("HT-2024-001", 4, 4, "2025")',
    shows="HT-2025-001",
)
def replace(text: str, start: Decimal, count: Decimal, new: str) -> str:
    """Behind the end the new text is added."""
    first = count_of(start, least=1) - 1
    return bounded(text[:first] + new + text[first + count_of(count) :])


@function(
    "STARTSWITH",
    Group.TEXT,
    BOOL,
    _TEXT,
    _PART,
    aliases=("开头是",),
    help=T("Whether a text begins with another one; letter case does not count."),
    example='STARTSWITH("HT-2024", "ht")',
    shows="TRUE",
)
def startswith(text: str, part: str) -> bool:
    """Compared as `=` compares."""
    return fold(text).startswith(fold(part))


@function(
    "ENDSWITH",
    Group.TEXT,
    BOOL,
    _TEXT,
    _PART,
    aliases=("结尾是",),
    help=T("Whether a text ends with another one; letter case does not count."),
    example='ENDSWITH("plan.PDF", ".pdf")',
    shows="TRUE",
)
def endswith(text: str, part: str) -> bool:
    """Compared as `=` compares."""
    return fold(text).endswith(fold(part))


@function(
    "TEXTBEFORE",
    Group.TEXT,
    TEXT,
    _TEXT,
    _DELIMITER,
    _INSTANCE,
    _IGNORE_CASE,
    _AT_END,
    _IF_NONE,
    zoned=True,
    aliases=("之前文本",),
    help=T(
        "The text before a delimiter: before the first, before another occurrence, or counted from the end where the "
        "occurrence is negative; #N/A, or your own value, where it does not occur."
    ),
    example='TEXTBEFORE("HT-2024-001", "-")',
    shows="HT",
)
def textbefore(
    zone: tzinfo | None,
    text: str,
    delimiter: object,
    instance: Decimal = ONE,
    ignore_case: Decimal = ZERO,
    at_end: Decimal = ZERO,
    if_none: str | None = None,
) -> str:
    """A list of delimiters means any of them, an empty one is at the very start or end."""
    place = _delimiter(text, _delimiters(delimiter, zone), instance, ignore_case, at_end)
    return text[: place[0]] if place else _nothing(if_none)


@function(
    "TEXTAFTER",
    Group.TEXT,
    TEXT,
    _TEXT,
    _DELIMITER,
    _INSTANCE,
    _IGNORE_CASE,
    _AT_END,
    _IF_NONE,
    zoned=True,
    aliases=("之后文本",),
    help=T(
        "The text after a delimiter: after the first, after another occurrence, or counted from the end where the "
        "occurrence is negative; #N/A, or your own value, where it does not occur."
    ),
    example='TEXTAFTER("HT-2024-001", "-", -1)',
    shows="001",
)
def textafter(
    zone: tzinfo | None,
    text: str,
    delimiter: object,
    instance: Decimal = ONE,
    ignore_case: Decimal = ZERO,
    at_end: Decimal = ZERO,
    if_none: str | None = None,
) -> str:
    """A list of delimiters means any of them, an empty one is at the very start or end."""
    place = _delimiter(text, _delimiters(delimiter, zone), instance, ignore_case, at_end)
    return text[place[1] :] if place else _nothing(if_none)


def _nothing(if_none: str | None) -> str:
    if if_none is None:
        raise Failure(NOT_AVAILABLE)
    return if_none


def _delimiters(value: object, zone: tzinfo | None) -> list[str]:
    """One delimiter or a list of them as texts; an error among them raises its `Failure`."""
    given = value if isinstance(value, tuple) else (value,)
    for each in given:
        if isinstance(each, ErrorValue):
            raise Failure(each)
    return [to_text(each, zone) for each in given]


def _switch(number: Decimal) -> bool:
    """0 or 1 as FALSE or TRUE; #VALUE! for other numbers."""
    whole = int(number) if abs(number) < 2 else 2
    if whole not in (0, 1):
        raise Failure(WRONG_VALUE)
    return bool(whole)


def _delimiter(
    text: str, delimiters: list[str], instance: Decimal, ignore_case: Decimal, at_end: Decimal
) -> tuple[int, int] | None:
    """Where the delimiter with that number begins and ends; the far end of the text counts where `at_end` says so."""
    folding, with_end = _switch(ignore_case), _switch(at_end)
    number = int(max(min(instance, Decimal(len(text) + 2)), -Decimal(len(text) + 2)))
    if number == 0 or (text and abs(number) > len(text)):
        raise Failure(WRONG_VALUE)
    far = len(text) if number > 0 else 0
    if "" in delimiters:
        near = len(text) - far
        return (near, near) if abs(number) == 1 else (far, far) if with_end else None
    if folding:
        text, delimiters = folded_in_place(text), [folded_in_place(each) for each in delimiters]
    places = list(_occurrences(text, delimiters))
    if number < 0:
        places.reverse()
    if abs(number) <= len(places):
        return places[abs(number) - 1]
    return (far, far) if with_end and abs(number) == len(places) + 1 else None


def _occurrences(text: str, delimiters: list[str]) -> Iterator[tuple[int, int]]:
    """Where delimiters stand, from left to right without overlap; the longest one where several begin together."""
    if len(delimiters) > 1:
        yield from spans_of_any(delimiters, text)
        return
    for delimiter in delimiters:
        place = text.find(delimiter)
        while place >= 0:
            yield place, place + len(delimiter)
            place = text.find(delimiter, place + len(delimiter))


@function(
    "SPLIT",
    Group.TEXT,
    list_of(TEXT),
    _TEXT,
    Param(T("delimiter"), TEXT),
    aliases=("拆分",),
    help=T("The list of the parts of a text between delimiters."),
    example='COUNTA(SPLIT("red,green,blue", ","))',
    shows="3",
)
def split(text: str, delimiter: str) -> tuple[str, ...]:
    """A blank text has no parts; #VALUE! without a delimiter and where there are more parts than a list may have."""
    if not delimiter or text.count(delimiter) >= LONGEST_LIST:
        raise Failure(WRONG_VALUE)
    return tuple(text.split(delimiter)) if text else ()
