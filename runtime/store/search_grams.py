"""How texts are compared by the search, and the grams that its index holds: every two neighbouring characters.

A gram is a token of SQLite's FTS5 and a lexeme of PostgreSQL. A text is rows of grams whose places follow each other: a
word is in it where its grams are, next to each other. Blanks end a row, since no word holds one. Names have
grams of how they, and their words, begin and end: those that begin with a word are found without a look at the others.
"""

from __future__ import annotations

import re
from operator import add
from unicodedata import normalize

VERSION = 3
"""Of everything that decides what the index holds; another one makes every index anew."""

LONGEST = 20_000
"""Characters of one record that can be found."""
MOST_WORDS = 12
MOST_CHARACTERS = 200
"""Words of a search that count, and characters of each."""

END = "\ue000"
NAME = "\ue002"
"""Ends a row of grams, and stands between the words of a name; before and behind a name. No folded text holds them."""
MARKS = END + NAME
SIGNS = "".join(chr(code) for code in range(33, 127) if not chr(code).isalnum())
"""The signs of ASCII: parts of grams as letters are."""

_UNWRITABLE = re.compile(f"[\x00-\x1f\x7f{MARKS}\ud800-\udfff]")
_BETWEEN = re.compile(f" {END}.", re.DOTALL)
_GROUPED = re.compile(r"\d{1,3}(,\d{3})+(\.\d*)?")
"""A number with thousands commas; the index holds numbers without."""


def fold(text: str) -> str:
    """The text as it is compared: without case, width and other forms of the same character (NFKC, case folded)."""
    folded = text.lower() if text.isascii() else normalize("NFKC", normalize("NFKC", text).casefold())
    return _UNWRITABLE.sub(" ", folded)


def words(text: str) -> tuple[str, ...]:
    """What a search asks for, folded: a record has to hold every one of them."""
    found = (word[:MOST_CHARACTERS] for word in fold(text).split())
    return tuple(dict.fromkeys(found))[:MOST_WORDS]


def spellings(word: str) -> tuple[str, ...]:
    """A word, and a number with thousands commas also without them."""
    return (word, word.replace(",", "")) if _GROUPED.fullmatch(word) else (word,)


def holds(text: str, word: str) -> bool:
    """Whether a folded text holds a word of `words`."""
    return any(each in text for each in spellings(word))


def grams(text: str) -> str:
    """The grams of a folded text, in order, with blanks between; each row ends with its last character and a mark."""
    row = END.join(text[:LONGEST].split()) + END
    return _BETWEEN.sub("", " ".join(map(add, row, row[1:])))


def name_grams(row: str) -> str:
    """The grams of what `edged` made, all of them."""
    return " ".join(map(add, row, row[1:])) if len(row) > 2 else ""


def edged(text: str, between: str = END) -> str:
    """A folded text with the marks before, between and behind its words: a part of it says where it stands."""
    return NAME + between.join(text[:LONGEST].split()) + NAME


def placed(text: str, word: str) -> str:
    """A text with the marks that stand before and behind a word."""
    asked = bare(word)
    before, _, behind = word.partition(asked)
    return before + text + behind


def bare(word: str) -> str:
    """A word without its marks."""
    return word.strip(MARKS)


def word_grams(word: str) -> list[str]:
    """The grams that stand next to each other where a text holds the word; of one character itself, that begins one."""
    return [word] if len(word) == 1 else list(map(add, word, word[1:]))
