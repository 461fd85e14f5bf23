"""Text: LEN, LEFT, RIGHT, MID, CONCAT, TEXTJOIN, REPT, EXACT, CONTAINS, TRIM, UPPER, LOWER, SUBSTITUTE, VALUE."""

from __future__ import annotations

import re
from datetime import UTC, tzinfo
from decimal import Decimal

from resources.texts import T
from runtime.functions import Group, Param, function, items_of
from runtime.value.conversions import LONGEST_TEXT, fold, is_blank, to_text
from runtime.value.decimals import CONTEXT, HUNDRED, ONE, ZERO, parse_amount, parse_number
from runtime.value.error_values import WRONG_VALUE, Failure
from runtime.value.lengths import bounded, count_of
from runtime.value.moments import parse_moment
from runtime.value.serials import serial_of
from runtime.value.times import parse_time
from runtime.value.types import BOOL, NUMBER, TEXT

WORD_SIGNS = "[0-9a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02af\u0370-\u1fff\uac00-\ud7a3]"
"""What words are made of that end where something else begins: letters and digits, after folding; Chinese is not."""
_TEXT = Param(T("text"), TEXT)
_COUNT = Param(T("characters"), NUMBER, optional=True)


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
    return text[: count_of(count)]


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
    return text[max(0, len(text) - count_of(count)) :]


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
    first = count_of(start, least=1) - 1
    return text[first : first + count_of(count)]


def _concat(zone: tzinfo | None, *items: object) -> str:
    parts: list[str] = []
    length = 0
    for item in items:
        part = to_text(item, zone)
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
def concat(zone: tzinfo | None, *items: object) -> str:
    """One text of all items."""
    return _concat(zone, *items)


@function(
    "TEXTJOIN",
    Group.TEXT,
    TEXT,
    Param(T("delimiter")),
    Param(T("leave out blank"), BOOL, skipped=True),
    Param(T("text"), spread=True),
    repeats=1,
    zoned=True,
    aliases=("合并文本",),
    help=T("Joins texts, and all items of lists, with a delimiter between them; blank ones can be left out."),
    example='TEXTJOIN(", ", TRUE, "red", "", "blue")',
    shows="red, blue",
)
def textjoin(zone: tzinfo | None, delimiter: object, leave_out: bool, *items: object) -> str:
    """A list of delimiters is used in turn."""
    betweens = items_of([delimiter])
    parts = [to_text(item, zone) for item in items if not (leave_out and is_blank(item))]
    joined: list[object] = []
    for place, part in enumerate(parts):
        if place and betweens:
            joined.append(betweens[(place - 1) % len(betweens)])
        joined.append(part)
    return _concat(zone, *joined)


@function(
    "REPT",
    Group.TEXT,
    TEXT,
    _TEXT,
    Param(T("times"), NUMBER),
    aliases=("重复",),
    help=T("A text so many times in a row."),
    example='REPT("*", 5)',
    shows="*****",
)
def rept(text: str, times: Decimal) -> str:
    """A fraction of the number does not count; the length is checked before the text is made."""
    count = count_of(times)
    if len(text) * count > LONGEST_TEXT or (text and times >= LONGEST_TEXT + 1):
        raise Failure(WRONG_VALUE)
    return text * count


@function(
    "EXACT",
    Group.TEXT,
    BOOL,
    _TEXT,
    _TEXT,
    aliases=("完全相同",),
    help=T("Whether two texts are the same to the letter, capitals and small letters included."),
    example='EXACT("Ltd", "LTD")',
    shows="FALSE",
)
def exact(one: str, other: str) -> bool:
    """Code point by code point."""
    return one == other


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
    "HASWORD",
    Group.TEXT,
    BOOL,
    _TEXT,
    Param(T("word"), TEXT),
    aliases=("包含词",),
    help=T("Whether a text contains a whole word: no other letter or digit beside it. Chinese may stand anywhere."),
    example='HASWORD("an art book", "art")',
    shows="TRUE",
)
def hasword(text: str, word: str) -> bool:
    """Compared as `=` compares; what words are made of is `WORD_SIGNS`."""
    text, word = fold(text), fold(word)
    first, last = (re.match(WORD_SIGNS, sign) is not None for sign in (word[:1], word[-1:]))
    at = text.find(word)
    while at >= 0:
        before, after = text[max(at - 1, 0) : at], text[at + len(word) : at + len(word) + 1]
        joined = (first and re.match(WORD_SIGNS, before)) or (last and re.match(WORD_SIGNS, after))
        if not joined:
            return True
        at = text.find(word, at + 1)
    return False


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


_FRACTION = re.compile(r"([+-]?)(\d{1,15}) +(\d{1,5})/(\d{1,5})", re.ASCII)


def _bookkeeping(text: str) -> Decimal | None:
    """A number in brackets, which is negative, or with a fraction; None where it is neither."""
    if text.startswith("(") and text.endswith(")"):
        number = parse_amount(text[1:-1])
        return None if number is None or text[1:2] in ("-", "+") else -number
    found = _FRACTION.fullmatch(text)
    if found is None or not int(found[4]):
        return None
    size = CONTEXT.add(Decimal(found[2]), CONTEXT.divide(Decimal(found[3]), Decimal(found[4])))
    return -size if found[1] == "-" else size


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
    """Grouping, currency and percent signs, (5) for -5 and 1 1/2 too; of dates and times the number Excel keeps."""
    number = parse_amount(text)
    if number is None:
        number = _bookkeeping(text.strip())
    if number is not None:
        return number
    moment = parse_time(text) or parse_moment(text, UTC)
    if moment is None:
        raise Failure(WRONG_VALUE)
    return serial_of(moment, UTC)


@function(
    "NUMBERVALUE",
    Group.TEXT,
    NUMBER,
    _TEXT,
    Param(T("decimal separator"), TEXT, optional=True),
    Param(T("group separator"), TEXT, optional=True),
    aliases=("文本转数值",),
    help=T("The number that a text shows, with your own signs for decimals and groups; spaces do not count."),
    example='NUMBERVALUE("1.200,50", ",", ".")',
    shows="1200.5",
)
def numbervalue(text: str, point: str = ".", group: str | None = None) -> Decimal:
    """As Excel: only the first character of a separator counts, a blank text is 0, every closing % divides by 100."""
    if group is None:
        group = "," if point[:1] != "," else "."
    if not point or not group or point[0] == group[0]:
        raise Failure(WRONG_VALUE)
    bare = "".join(text.split())
    plain = bare.rstrip("%")
    whole, separator, fraction = plain.partition(point[0])
    if group[0] in fraction or (bare and not plain):
        raise Failure(WRONG_VALUE)
    number = parse_number(whole.replace(group[0], "") + ("." if separator else "") + fraction) if plain else ZERO
    if number is None:
        raise Failure(WRONG_VALUE)
    return CONTEXT.divide(number, HUNDRED ** (len(bare) - len(plain)))
