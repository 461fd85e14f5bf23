"""The lexer: text to tokens with places. Full-width characters are understood as their half-width twins."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from resources.texts import T
from runtime.expression.problems import FormulaSyntaxError
from runtime.functions import find_function
from runtime.value.decimals import parse_number

LONGEST_FORMULA = 10_000


class TokenKind(StrEnum):
    """What a token is."""

    NUMBER = "number"
    TEXT = "text"
    NAME = "name"
    FIELD = "field"
    OPERATOR = "operator"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """A token.

    Attributes:
        text: the operator, the canonical name of a function (or the name as typed), the text or label inside.
        number: the value of a NUMBER.
        start, end: its characters in the formula as typed.
    """

    kind: TokenKind
    text: str
    start: int
    end: int
    number: Decimal | None = None


_OPERATORS = frozenset("^%*/+-&=<>(),.")
_TWO_CHARACTERS = {"<>": "<>", "<=": "<=", ">=": ">=", "!=": "<>", "==": "="}
_MEANT = {
    "≥": ">=", "≤": "<=", "≠": "<>", "×": "*", "÷": "/", "−": "-", "–": "-",
    "；": ",", ";": ",", "、": ",", "。": ".",
}  # fmt: skip
_QUOTES = {'"': '"', "“": '“”"＂', "”": '“”"＂', "＂": '“”"＂'}
UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""Control characters, marks that turn the direction of reading, and halves of surrogate pairs: also not in texts."""
_NUMBER = re.compile(r"(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_NAME_INSIDE = re.compile(r"[\w.]")


def tokenize(source: str) -> list[Token]:
    """The tokens of a formula, END last.

    Raises:
        FormulaSyntaxError: too long, a character that means nothing, a text or field name that does not end.
    """
    if len(source) > LONGEST_FORMULA:
        raise FormulaSyntaxError(
            T("This formula is too long: {n} characters, 10,000 are allowed.", n=f"{len(source):,}"),
            LONGEST_FORMULA,
            len(source),
            "formula_too_long",
        )
    hidden = UNSEEN.search(source)
    if hidden is not None:
        raise _invisible(hidden[0], hidden.start())
    plain = "".join(map(_half_width, source))
    tokens = list(_tokens(source, plain))
    tokens.append(Token(TokenKind.END, "", len(source), len(source)))
    return tokens


def _invisible(character: str, at: int) -> FormulaSyntaxError:
    code = f"{ord(character):04X}"
    message = T("There is an invisible character here (U+{code}). Delete it.", code=code)
    return FormulaSyntaxError(message, at, at + 1, "invisible_character")


def _half_width(character: str) -> str:
    """The one ASCII character that is meant, or the character itself: lengths and so places never change."""
    if character.isascii():
        return character
    folded = unicodedata.normalize("NFKC", character)
    return folded if len(folded) == 1 else character


def _tokens(source: str, plain: str) -> Iterator[Token]:
    at = 0
    while at < len(plain):
        if plain[at].isspace():
            at += 1
            continue
        token = _token(source, plain, at)
        yield token
        at = token.end


def _token(source: str, plain: str, at: int) -> Token:
    character = plain[at]
    if source[at] in _QUOTES:
        return _text(source, at)
    if character == "{":
        return _field(source, plain, at)
    if character.isascii() and (character.isdigit() or (character == "." and plain[at + 1 : at + 2].isdigit())):
        return _number(plain, at)
    if character.isalpha() or character == "_":
        return _name(plain, at)
    return _operator(source, plain, at)


def _text(source: str, at: int) -> Token:
    closing = _QUOTES[source[at]]
    parts: list[str] = []
    place = at + 1
    while place < len(source):
        character = source[place]
        if character not in closing:
            parts.append(character)
            place += 1
        elif source[place + 1 : place + 2] == character:
            parts.append(character)
            place += 2
        else:
            return Token(TokenKind.TEXT, "".join(parts), at, place + 1)
    raise FormulaSyntaxError(T('This text has no closing quote (").'), at, len(source), "text_not_closed")


def _field(source: str, plain: str, at: int) -> Token:
    parts: list[str] = []
    place = at + 1
    while place < len(source):
        if plain[place] != "}":
            parts.append(source[place])
            place += 1
        elif plain[place + 1 : place + 2] == "}":
            parts.append("}")
            place += 2
        else:
            label = "".join(parts).strip()
            if not label:
                raise FormulaSyntaxError(T("Put the name of a field between the braces."), at, place + 1, "field_empty")
            return Token(TokenKind.FIELD, label, at, place + 1)
    raise FormulaSyntaxError(
        T("This field name has no closing brace ({brace}).", brace="}"), at, len(source), "field_open"
    )


def _number(plain: str, at: int) -> Token:
    found = _NUMBER.match(plain, at)
    assert found is not None, "the caller saw a digit"
    value = parse_number(found[0])
    end = found.end()
    if value is None:
        raise FormulaSyntaxError(T("This number is too large."), at, end, "number_too_large")
    if end < len(plain) and (plain[end].isalpha() or plain[end] == "_"):
        raise FormulaSyntaxError(
            T("There is no operator between a number and what follows it."), at, end + 1, "operator_missing"
        )
    return Token(TokenKind.NUMBER, found[0], at, end, value)


def _name(plain: str, at: int) -> Token:
    end = at + 1
    while end < len(plain) and _NAME_INSIDE.match(plain[end]):
        end += 1
    name = plain[at:end]
    known = find_function(name)
    return Token(TokenKind.NAME, known.name if known else name, at, end)


def _operator(source: str, plain: str, at: int) -> Token:
    two = plain[at : at + 2]
    if two in _TWO_CHARACTERS:
        return Token(TokenKind.OPERATOR, _TWO_CHARACTERS[two], at, at + 2)
    meant = _MEANT.get(source[at]) or _MEANT.get(plain[at]) or plain[at]
    if meant in _OPERATORS or meant in _TWO_CHARACTERS:
        return Token(TokenKind.OPERATOR, meant, at, at + 1)
    if unicodedata.category(source[at]) == "Cf":
        raise _invisible(source[at], at)
    message = T("“{character}” means nothing in a formula.", character=source[at])
    if source[at] in "[]":
        message = T("Fields stand in braces: {example}.", example="{单价}")
    elif source[at] in "'‘’":
        message = T("Texts stand in double quotes: {example}.", example='"A"')
    raise FormulaSyntaxError(message, at, at + 1, "unknown_character")
