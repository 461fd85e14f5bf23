"""How well words name a record, and which of many records of several forms are shown: a fair share of each form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from runtime.store.search_grams import holds, spellings
from runtime.store.search_pinyin import part_read

WHOLE, BEGUN, WORD, INSIDE, ELSEWHERE = range(5)
"""The words are the whole name, begin it, begin a word in it, stand inside it, or stand in other fields."""

E = TypeVar("E")


def rank(title: str, asked: Sequence[str]) -> int:
    """How well folded words name a folded title, as they are written or in pinyin."""
    written = _written(" ".join(title.split()), asked) if all(holds(title, word) for word in asked) else ELSEWHERE
    return min(written, _read(title, "".join(asked))) if written else WHOLE


def _written(name: str, asked: Sequence[str]) -> int:
    if name == " ".join(asked):
        return WHOLE
    ways = spellings(asked[0])
    if name.startswith(ways):
        return BEGUN
    return WORD if any(_begins_word(name, at) for way in ways for at in _places(name, way)) else INSIDE


def _places(name: str, word: str) -> list[int]:
    return [at for at in range(len(name)) if name.startswith(word, at)]


def _read(title: str, letters: str) -> int:
    begun = part_read(title, letters, begins=True)
    if begun is not None:
        return BEGUN if any(sign.isalnum() for sign in title[begun[1] :]) else WHOLE
    part = part_read(title, letters)
    if part is None:
        return ELSEWHERE
    return WORD if _begins_word(title, part[0]) else INSIDE


def _begins_word(text: str, at: int) -> bool:
    """Whether a word begins here: behind a sign, or where Chinese ends or begins."""
    before, sign = text[at - 1], text[at]
    return not before.isalnum() or before.isascii() != sign.isascii()


def shared(ranked: Sequence[Sequence[tuple[int, E]]], limit: int) -> list[E]:
    """The first of what several forms have, the best first; each form has its share, and what is left goes by rank.

    Args:
        ranked: of each form what was found with its rank, the best first.
        limit: how many there are in all.
    """
    share = max(1, limit // max(1, sum(map(bool, ranked))))
    entries = [
        (at >= share, rank, form, at, found) for form, row in enumerate(ranked) for at, (rank, found) in enumerate(row)
    ]
    entries.sort(key=lambda entry: entry[:4])
    return [entry[4] for entry in sorted(entries[:limit], key=lambda entry: entry[1:4])]
