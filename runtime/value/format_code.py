"""Reads Excel's codes for numbers and dates, such as ``#,##0.00;[Red]-0`` or ``yyyy-mm-dd``, into sections."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from runtime.value.chinese_numerals import EVERYDAY, FORMAL, WIDE, Numerals
from runtime.value.error_values import WRONG_VALUE, Failure

LONGEST_CODE = 255
MOST_SECTIONS = 4


class TokenKind(StrEnum):
    """What a token of a format is."""

    LITERAL = "literal"
    DIGIT = "digit"
    POINT = "point"
    COMMA = "comma"
    PERCENT = "percent"
    EXPONENT = "exponent"
    SLASH = "slash"
    TEXT = "text"
    GENERAL = "general"
    DATE = "date"
    HALF_DAY = "half day"
    ELAPSED = "elapsed"
    FRACTION = "fraction"


@dataclass(frozen=True, slots=True)
class Token:
    """A token; `text` is the literal, the placeholder, or the letters of a date code in lower case."""

    kind: TokenKind
    text: str


_CLOCK = (TokenKind.DATE, TokenKind.HALF_DAY, TokenKind.ELAPSED)
_COMPARE: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "<>": operator.ne,
}


@dataclass(frozen=True, slots=True)
class Condition:
    """Which numbers a section is for."""

    sign: str
    limit: Decimal

    def holds(self, number: Decimal) -> bool:
        """Whether the section is for `number`."""
        return _COMPARE[self.sign](number, self.limit)

    @property
    def only_negative(self) -> bool:
        """Whether it holds for numbers below zero only."""
        if self.sign == "<":
            return self.limit <= 0
        return self.sign in ("<=", "=") and self.limit < 0

    @property
    def leaves_only_negative(self) -> bool:
        """Whether it holds for all numbers above zero, so that others are below."""
        return self.sign in (">", ">=") and self.limit <= 0


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a format between semicolons.

    Attributes:
        condition: in brackets, where there is one.
        numerals: the signs that take the place of digits; None = 0 to 9.
    """

    tokens: tuple[Token, ...]
    condition: Condition | None = None
    numerals: Numerals | None = None

    def has(self, *kinds: TokenKind) -> bool:
        """Whether a token is one of these."""
        return any(token.kind in kinds for token in self.tokens)

    @property
    def for_dates(self) -> bool:
        """Whether it shows a date or time."""
        return self.has(*_CLOCK)


@dataclass(frozen=True, slots=True)
class FormatCode:
    """A format: up to three sections for numbers, and one for texts where it has one."""

    numbers: tuple[Section, ...]
    text: Section | None

    @property
    def single(self) -> bool:
        """Whether it is one section for all: then a number that is rounded to zero has no minus."""
        return len(self.numbers) == 1 and self.text is None

    def section(self, number: Decimal) -> tuple[Section, bool]:
        """The section for `number`, and whether it says itself that numbers are negative, so that no minus is written.

        Raises:
            Failure: #VALUE!, no section is for it.
        """
        sections = self.numbers
        if not any(section.condition for section in sections):
            place = _place(number, len(sections))
            return sections[place], place == 1
        conditions = _conditions(sections)
        for place, condition in enumerate(conditions):
            if condition is None:
                before = [earlier for earlier in conditions[:place] if earlier is not None]
                return sections[place], any(earlier.leaves_only_negative for earlier in before)
            if condition.holds(number):
                return sections[place], condition.only_negative
        raise Failure(WRONG_VALUE)


def _place(number: Decimal, count: int) -> int:
    if number < 0:
        return min(1, count - 1)
    return 2 if not number and count > 2 else 0


def _conditions(sections: Sequence[Section]) -> list[Condition | None]:
    """The conditions of all sections, those of sections without one added; None = all other numbers."""
    conditions = [section.condition for section in sections]
    if len(conditions) > 1 and conditions[0] is None:
        conditions[0] = Condition(">" if len(conditions) > 2 else ">=", Decimal(0))
    if len(conditions) > 2 and conditions[1] is None:
        conditions[1] = Condition("<", Decimal(0))
    return conditions


@lru_cache(maxsize=512)
def format_code(code: str) -> FormatCode:
    """The meaning of a format.

    Raises:
        Failure: #VALUE!, it is too long, has too many sections or letters and brackets that mean nothing.
    """
    if len(code) > LONGEST_CODE:
        raise Failure(WRONG_VALUE)
    sections = [_finished(section) for section in _Reader(code).sections()]
    if len(sections) > MOST_SECTIONS:
        raise Failure(WRONG_VALUE)
    text = None
    if len(sections) == MOST_SECTIONS or sections[-1].has(TokenKind.TEXT):
        text = sections.pop()
    return FormatCode(tuple(sections), text)


_GENERAL = re.compile(r"general|G/通用格式", re.IGNORECASE)
_HALF_DAY = re.compile(r"am/pm|a/p|上午/下午", re.IGNORECASE)
_EXPONENT = re.compile(r"e[+-](?=[0#?])", re.IGNORECASE)
_LETTERS = re.compile(r"([ymdhsebg])\1*|aaa+", re.IGNORECASE)
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*([+-]?\d+(?:\.\d+)?(?:E[+-]?\d{1,3})?)", re.IGNORECASE | re.ASCII)
_COLOUR = re.compile(
    r"black|blue|cyan|green|magenta|red|white|yellow|colou?r ?\d{1,2}|[黑蓝青绿红白黄]色?|洋红色?|颜色 ?\d{1,2}",
    re.IGNORECASE,
)
_PATTERNS: tuple[tuple[re.Pattern[str], TokenKind], ...] = (
    (_GENERAL, TokenKind.GENERAL),
    (_HALF_DAY, TokenKind.HALF_DAY),
    (_EXPONENT, TokenKind.EXPONENT),
    (_LETTERS, TokenKind.DATE),
)
_SINGLE = {
    "0": TokenKind.DIGIT,
    "#": TokenKind.DIGIT,
    "?": TokenKind.DIGIT,
    ".": TokenKind.POINT,
    ",": TokenKind.COMMA,
    "%": TokenKind.PERCENT,
    "/": TokenKind.SLASH,
    "@": TokenKind.TEXT,
}
_PLAIN = frozenset("$-+():!^&'~{}<>= 123456789acfijklopqrtuvwxzP\n\t")
_NUMERALS = {"dbnum1": EVERYDAY, "dbnum2": FORMAL, "dbnum3": WIDE}


class _Reader:
    def __init__(self, code: str) -> None:
        self._code = code
        self._at = 0
        self._section = Section(())
        self._tokens: list[Token] = []

    def sections(self) -> list[Section]:
        found: list[Section] = []
        while self._at < len(self._code):
            if self._code[self._at] == ";":
                self._at += 1
                found.append(self._close())
            else:
                self._token()
        found.append(self._close())
        return found

    def _close(self) -> Section:
        section = replace(self._section, tokens=tuple(self._tokens))
        self._section, self._tokens = Section(()), []
        return section

    def _add(self, kind: TokenKind, text: str) -> None:
        self._tokens.append(Token(kind, text))

    def _token(self) -> None:
        sign = self._code[self._at]
        if sign in '"[':
            self._enclosed(sign)
        elif sign in "\\_*":
            after = self._code[self._at + 1 : self._at + 2]
            self._add(TokenKind.LITERAL, {"\\": after, "_": " ", "*": ""}[sign])
            self._at += 2
        else:
            self._bare(sign)

    def _enclosed(self, sign: str) -> None:
        end = self._code.find('"' if sign == '"' else "]", self._at + 1)
        if end < 0:
            if sign == "[":
                raise Failure(WRONG_VALUE)
            end = len(self._code)
        inside = self._code[self._at + 1 : end]
        self._at = end + 1
        if sign == '"':
            self._add(TokenKind.LITERAL, inside)
        else:
            self._bracket(inside)

    def _bracket(self, inside: str) -> None:
        condition = _CONDITION.fullmatch(inside.strip())
        if condition is not None:
            self._section = replace(self._section, condition=Condition(condition[1], Decimal(condition[2])))
        elif _ELAPSED.fullmatch(inside):
            self._add(TokenKind.ELAPSED, inside.lower())
        elif inside.startswith("$"):
            self._add(TokenKind.LITERAL, inside[1:].partition("-")[0])
        elif inside.lower() in _NUMERALS:
            self._section = replace(self._section, numerals=_NUMERALS[inside.lower()])
        elif not _COLOUR.fullmatch(inside):
            raise Failure(WRONG_VALUE)

    def _bare(self, sign: str) -> None:
        for pattern, kind in _PATTERNS:
            found = pattern.match(self._code, self._at)
            if found is not None:
                self._add(kind, found[0] if kind is TokenKind.HALF_DAY else found[0].lower())
                self._at = found.end()
                return
        kind = _SINGLE.get(sign, TokenKind.LITERAL)
        if kind is TokenKind.LITERAL and sign.isascii() and sign not in _PLAIN:
            raise Failure(WRONG_VALUE)
        self._add(kind, sign)
        self._at += 1


def _finished(section: Section) -> Section:
    """Of a section for dates: m beside hours and seconds becomes minutes (n), .000 a fraction of seconds."""
    if not section.for_dates:
        return section
    tokens = _with_fractions(section.tokens)
    counted = (TokenKind.DATE, TokenKind.ELAPSED)
    codes = [(place, token.text[0]) for place, token in enumerate(tokens) if token.kind in counted]
    for index, (place, letter) in enumerate(codes):
        token = tokens[place]
        if letter != "m" or token.kind is TokenKind.ELAPSED or len(token.text) > 2:
            continue
        before = codes[index - 1][1] if index else ""
        after = codes[index + 1][1] if index + 1 < len(codes) else ""
        if before == "h" or after == "s":
            tokens[place] = replace(token, text=token.text.replace("m", "n"))
    return replace(section, tokens=tuple(tokens))


def _with_fractions(tokens: Sequence[Token]) -> list[Token]:
    found: list[Token] = []
    seconds = False
    for token in tokens:
        last = found[-1] if found else None
        if token.kind is TokenKind.POINT and seconds:
            found.append(Token(TokenKind.FRACTION, "."))
        elif token.text == "0" and last is not None and last.kind is TokenKind.FRACTION:
            found[-1] = Token(TokenKind.FRACTION, last.text + "0")
        elif token.kind in _CLOCK or token.kind in (TokenKind.LITERAL, TokenKind.TEXT):
            found.append(token)
        else:
            found.append(Token(TokenKind.LITERAL, token.text))
        seconds = token.text[:1] == "s" and token.kind in _CLOCK
    return found
