"""Excel's wildcards: `?` is one character, `*` any number of them, `~` takes the next character as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any

import re2

from runtime.value.conversions import fold
from runtime.value.error_values import WRONG_VALUE, Failure

LONGEST_PATTERN = 255
"""Characters a pattern with wildcards may have, as in Excel; more is #VALUE!."""


def find_wildcard(pattern: str, text: str, start: int = 0) -> int | None:
    """The leftmost place from `start` on where `pattern` fits, counted from 0, or None; letter case does not count.

    The time grows with the length of the text only.

    Raises:
        Failure: #VALUE!, the pattern is too long.
    """
    plain = _plain(pattern)
    folded = folded_in_place(text)
    if plain is not None:
        place = folded.find(folded_in_place(plain), start)
        return place if place >= 0 else None
    found = _search(folded_in_place(pattern), folded[start:], whole=False)
    return start + int(found.start()) if found else None


def whole_wildcard(pattern: str) -> Callable[[str], bool]:
    """A function that says whether `pattern` fits the whole of a text; letter case does not count.

    Raises:
        Failure: #VALUE!, the pattern is too long; the function too, for a text with half a character.
    """
    plain = _plain(pattern)
    if plain is not None:
        wanted = fold(plain)
        return lambda text: fold(text) == wanted
    folded = fold(pattern)
    return lambda text: bool(_search(folded, fold(text), whole=True))


def spans_of_any(words: Sequence[str], text: str) -> Iterator[tuple[int, int]]:
    """Where one of `words` begins and ends in `text`, from left to right without overlap, the longest where several do.

    Raises:
        Failure: #VALUE!, there are too many words.
    """
    options = re2.Options()
    options.longest_match = True
    options.log_errors = False
    try:
        compiled = re2.compile("|".join(map(re2.escape, words)), options=options)
        for found in compiled.finditer(text):
            yield found.span()
    except (re2.error, UnicodeEncodeError):
        raise Failure(WRONG_VALUE) from None


def _plain(pattern: str) -> str | None:
    """The text that `pattern` stands for where it has no wildcard, else None."""
    if not any(sign in pattern for sign in "*?~"):
        return pattern
    parts = _parts(pattern)
    return None if any(part is None for part in parts) else "".join(part for part in parts if part)


def _parts(pattern: str) -> list[str | None]:
    """Characters as they are; None, followed by its sign, for a wildcard."""
    parts: list[str | None] = []
    taken = False
    for character in pattern:
        if taken:
            parts.append(character)
            taken = False
        elif character == "~":
            taken = True
        else:
            parts.extend([None, character] if character in "*?" else [character])
    return parts


def _search(pattern: str, text: str, whole: bool) -> Any:
    if len(pattern) > LONGEST_PATTERN:
        raise Failure(WRONG_VALUE)
    try:
        compiled = _compiled(pattern)
        return compiled.fullmatch(text) if whole else compiled.search(text)
    except UnicodeEncodeError:
        raise Failure(WRONG_VALUE) from None


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> Any:
    options = re2.Options()
    options.dot_nl = True
    words: list[str] = []
    wild = False
    for part in _parts(pattern):
        if part is None:
            wild = True
            continue
        words.append((".*" if part == "*" else ".") if wild else re2.escape(part))
        wild = False
    return re2.compile("".join(words), options=options)


def folded_in_place(text: str) -> str:
    """`text` without letter case, every character in its place."""
    if text.isascii():
        return text.lower()
    folded = text.casefold()
    if len(folded) == len(text):
        return folded
    return "".join(each if len(each := character.casefold()) == 1 else character for character in text)
