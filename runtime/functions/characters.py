"""Text: single characters and their numbers. CHAR, CODE, UNICHAR, UNICODE, CLEAN, PROPER."""

from __future__ import annotations

from decimal import Decimal

from resources.texts import T
from runtime.functions import Group, Param, function
from runtime.value.error_values import NOT_AVAILABLE, WRONG_VALUE, Failure
from runtime.value.lengths import bounded
from runtime.value.types import NUMBER, TEXT

_TEXT = Param(T("text"), TEXT)
_NUMBER = Param(T("number"), NUMBER)

_WESTERN = {
    number: bytes([number]).decode("cp1252") for number in range(128, 160) if number not in (129, 141, 143, 144, 157)
}
_WESTERN_NUMBERS = {character: number for number, character in _WESTERN.items()}
_LAST_CHAR = 255
_LAST_UNICHAR = 0x10FFFF
_CONTROLS = dict.fromkeys(range(32))


def _first(text: str) -> str:
    if not text:
        raise Failure(WRONG_VALUE)
    return text[0]


def _numbered(number: Decimal, last: int) -> int:
    if not 1 <= number < last + 1:
        raise Failure(WRONG_VALUE)
    return int(number)


@function(
    "CHAR",
    Group.TEXT,
    TEXT,
    _NUMBER,
    aliases=("字符",),
    help=T("The character with that number from 1 to 255 in the Western table of Windows; 10 is a new line."),
    example="CHAR(65)",
    shows="A",
)
def char(number: Decimal) -> str:
    """Code page 1252; the five numbers it leaves out are the control characters of Unicode, as in Excel."""
    code = _numbered(number, _LAST_CHAR)
    return _WESTERN.get(code) or chr(code)


@function(
    "CODE",
    Group.TEXT,
    NUMBER,
    _TEXT,
    aliases=("字符代码",),
    help=T("The number of the first character of a text: the opposite of CHAR."),
    example='CODE("A")',
    shows="65",
)
def code(text: str) -> Decimal:
    """Characters outside of the table of CHAR have their Unicode number; Excel's answer differs between computers."""
    first = _first(text)
    return Decimal(_WESTERN_NUMBERS.get(first) or ord(first))


@function(
    "UNICHAR",
    Group.TEXT,
    TEXT,
    _NUMBER,
    aliases=("统一码字符",),
    help=T("The character with that Unicode number."),
    example="UNICHAR(20013)",
    shows="中",
)
def unichar(number: Decimal) -> str:
    """#N/A for halves of surrogate pairs and the two numbers that are no characters, as in Excel."""
    point = _numbered(number, _LAST_UNICHAR)
    if 0xD800 <= point <= 0xDFFF or point in (0xFFFE, 0xFFFF):
        raise Failure(NOT_AVAILABLE)
    return chr(point)


@function(
    "UNICODE",
    Group.TEXT,
    NUMBER,
    _TEXT,
    aliases=("统一码",),
    help=T("The Unicode number of the first character of a text."),
    example='UNICODE("中")',
    shows="20013",
)
def unicode(text: str) -> Decimal:
    """A code point; an emoji is one."""
    return Decimal(ord(_first(text)))


@function(
    "CLEAN",
    Group.TEXT,
    TEXT,
    _TEXT,
    aliases=("清除控制符",),
    help=T("Without characters that cannot be seen, such as new lines and tabs."),
    example='CLEAN("a" & CHAR(10) & "b")',
    shows="ab",
)
def clean(text: str) -> str:
    """The control characters 0 to 31, as in Excel."""
    return text.translate(_CONTROLS)


@function(
    "PROPER",
    Group.TEXT,
    TEXT,
    _TEXT,
    aliases=("首字母大写",),
    help=T("With a capital at the start of each word and small letters elsewhere."),
    example='PROPER("anna-maria SMITH")',
    shows="Anna-Maria Smith",
)
def proper(text: str) -> str:
    """A word begins after everything that is no letter, so that "o'neil" becomes "O'Neil" as in Excel."""
    parts: list[str] = []
    inside = False
    for character in text:
        parts.append(character.lower() if inside else character.title())
        inside = character.isalpha()
    return bounded("".join(parts))
