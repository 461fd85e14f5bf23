"""Text: LEN, LEFT, RIGHT, MID, CONCAT, CONCATENATE, CONTAINS, TRIM, UPPER, LOWER, SUBSTITUTE, VALUE."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from resources.texts import T
from runtime.functions import Group, Param, function
from runtime.value.conversions import LONGEST_TEXT, fold, to_text
from runtime.value.decimals import ONE, parse_amount
from runtime.value.error_values import WRONG_VALUE, Failure
from runtime.value.moments import parse_moment, to_serial
from runtime.value.types import BOOL, NUMBER, TEXT

_TEXT = Param(T("text"), TEXT)
_COUNT = Param(T("characters"), NUMBER, optional=True)


def _count(number: Decimal, least: int = 0) -> int:
    """A number of characters, cut to a whole number; #VALUE! below `least`."""
    if number < least:
        raise Failure(WRONG_VALUE)
    return int(number) if number < LONGEST_TEXT else LONGEST_TEXT


def bounded(text: str) -> str:
    """`text`, or #VALUE! where it is longer than a text may be."""
    if len(text) > LONGEST_TEXT:
        raise Failure(WRONG_VALUE)
    return text


@function(
    "LEN",
    Group.TEXT,
    NUMBER,
    _TEXT,
    aliases=("长度",),
    help=T("How many characters a text has."),
    example='LEN("合同-001")',
    shows="6",
)
def len_(text: str) -> Decimal:
    """Code points, so that one emoji counts once."""
    return Decimal(len(text))


@function(
    "LEFT",
    Group.TEXT,
    TEXT,
    _TEXT,
    _COUNT,
    aliases=("左侧文本",),
    help=T("The first characters of a text; one where no number is given."),
    example='LEFT("HT-2024-001", 2)',
    shows="HT",
)
def left(text: str, count: Decimal = ONE) -> str:
    """From the start."""
    return text[: _count(count)]


@function(
    "RIGHT",
    Group.TEXT,
    TEXT,
    _TEXT,
    _COUNT,
    aliases=("右侧文本",),
    help=T("The last characters of a text; one where no number is given."),
    example='RIGHT("HT-2024-001", 3)',
    shows="001",
)
def right(text: str, count: Decimal = ONE) -> str:
    """From the end."""
    return text[max(0, len(text) - _count(count)) :]


@function(
    "MID",
    Group.TEXT,
    TEXT,
    _TEXT,
    Param(T("start"), NUMBER),
    Param(T("characters"), NUMBER),
    aliases=("中间文本",),
    help=T("So many characters of a text from a place on; the first place is 1."),
    example='MID("HT-2024-001", 4, 4)',
    shows="2024",
)
def mid(text: str, start: Decimal, count: Decimal) -> str:
    """From the middle; past the end there is nothing."""
    first = _count(start, least=1) - 1
    return text[first : first + _count(count)]


def _concat(zone: object, *items: object) -> str:
    parts: list[str] = []
    length = 0
    for item in items:
        part = to_text(item, zone)  # type: ignore[arg-type]
        length += len(part)
        if length > LONGEST_TEXT:
            raise Failure(WRONG_VALUE)
        parts.append(part)
    return "".join(parts)


@function(
    "CONCAT",
    Group.TEXT,
    TEXT,
    Param(T("text"), spread=True),
    repeats=1,
    zoned=True,
    aliases=("连接", "CONCATENATE"),
    help=T("Joins texts, and all items of lists, to one text."),
    example='CONCAT("No. ", 12)',
    shows="No. 12",
)
def concat(zone: object, *items: object) -> str:
    """One text of all items."""
    return _concat(zone, *items)


@function(
    "CONTAINS",
    Group.TEXT,
    BOOL,
    _TEXT,
    Param(T("part"), TEXT),
    aliases=("包含",),
    help=T("Whether a text contains another one; letter case does not count."),
    example='CONTAINS("Formwork Ltd", "ltd")',
    shows="TRUE",
)
def contains(text: str, part: str) -> bool:
    """Compared as `=` compares."""
    return fold(part) in fold(text)


@function(
    "TRIM",
    Group.TEXT,
    TEXT,
    _TEXT,
    aliases=("去空格",),
    help=T("Without spaces at both ends, and with one where there were several."),
    example='TRIM("  a   b ")',
    shows="a b",
)
def trim(text: str) -> str:
    """Only the space character (U+0020) and the full-width one (U+3000) count, as in Excel and as people type."""
    return " ".join(part for part in text.replace("\u3000", " ").split(" ") if part)


@function(
    "UPPER",
    Group.TEXT,
    TEXT,
    _TEXT,
    aliases=("大写",),
    help=T("In capital letters."),
    example='UPPER("ab1")',
    shows="AB1",
)
def upper(text: str) -> str:
    """Unicode capitals."""
    return bounded(text.upper())


@function(
    "LOWER",
    Group.TEXT,
    TEXT,
    _TEXT,
    aliases=("小写",),
    help=T("In small letters."),
    example='LOWER("AB1")',
    shows="ab1",
)
def lower(text: str) -> str:
    """Unicode small letters."""
    return bounded(text.lower())


@function(
    "SUBSTITUTE",
    Group.TEXT,
    TEXT,
    _TEXT,
    Param(T("old"), TEXT),
    Param(T("new"), TEXT),
    Param(T("occurrence"), NUMBER, optional=True),
    aliases=("替换文本",),
    help=T("Replaces a part of a text by another one: everywhere, or only the occurrence with that number."),
    example='SUBSTITUTE("a-b-c", "-", "/", 2)',
    shows="a-b/c",
)
def substitute(text: str, old: str, new: str, occurrence: Decimal | None = None) -> str:
    """Letter case counts. The length of the result is checked before it is made."""
    if occurrence is not None and occurrence < 1:
        raise Failure(WRONG_VALUE)
    found = text.count(old) if old else 0
    if not found:
        return text
    if occurrence is None:
        if len(text) + found * (len(new) - len(old)) > LONGEST_TEXT:
            raise Failure(WRONG_VALUE)
        return text.replace(old, new)
    if occurrence >= found + 1:
        return text
    parts = text.split(old)
    number = int(occurrence)
    return bounded(old.join(parts[:number]) + new + old.join(parts[number:]))


@function(
    "VALUE",
    Group.TEXT,
    NUMBER,
    _TEXT,
    aliases=("转数字",),
    help=T("The number that a text shows, such as 1,200.50, ¥35 or 12%."),
    example='VALUE("1,200.50")',
    shows="1200.5",
)
def value(text: str) -> Decimal:
    """Grouping, a currency sign and a percent sign are understood; of a date its Excel serial number."""
    number = parse_amount(text)
    if number is not None:
        return number
    day = parse_moment(text, UTC)
    if day is None or isinstance(day, datetime):
        raise Failure(WRONG_VALUE)
    return to_serial(day)
