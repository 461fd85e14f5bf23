"""Words of many frequent grams, found by a part of them that few records have: those are looked at one by one.

FTS5 goes through the entries of every gram of a phrase, in the order of the records, until it has found enough. Where
few records hold a number, an address or a code whose grams are in most of them, that is all entries of all its grams,
once more for its letters. Four grams in a row tell most records apart, and are looked up but once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from runtime.store.dialect import on_server
from runtime.store.search_docs import LETTERS, FileDocs, meanings
from runtime.store.search_grams import bare, spellings, word_grams

LARGE = 50_000
"""Records of a form; of fewer everything is found soon."""
BEHIND = 0.618034
"""Where, of all records, those begin by which grams are counted: what the numbers there have in common is no matter."""
SEEN = 32
"""Records with a gram from which it follows how frequent it is."""
RARE = 0.005
"""The share of records that have a gram below which FTS5 leaps over the entries of the others."""
PART, SHORTEST = 4, 3
"""Grams of a part, and of one of a shorter word that is looked up in several ways."""
LONGEST = 12
"""Grams of a word among which a part is chosen."""
LESS = 2.0
"""A part is looked up where the words take so many times as many entries."""
MOST = 150
"""Records that are looked at; where more have the part, the whole words are looked up, which finds some soon."""


class Parts:
    """Looks words of one query up by their parts.

    Args:
        connection: in the transaction that reads.
    """

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._docs = FileDocs()
        self._having: dict[tuple[int, int, str], list[int] | None] = {}

    def candidates(self, form: int, upto: int, words: Sequence[str], where: Sequence[str]) -> list[int] | None:
        """`_n` of entries among which are all that hold the words: those that have a part that all of these must have.

        Args:
            form: the number of the form in the index.
            upto: entries up to this `_n`.
            words, where: see `Docs.conditions`.

        Returns:
            At most `MOST`; None where it is better to ask for the words themselves.
        """
        if upto < LARGE or on_server(self._connection):
            return None
        asked = [found for found in (_asked(word, where) for word in words) if found.parts]
        if not asked:
            return None
        key = form, upto, self._rarest(form, upto, asked)
        if key[2] and key not in self._having:
            found = list(self._connection.execute(self._docs.having(*key).limit(MOST + 1)).scalars())
            self._having[key] = found if len(found) <= MOST else None
        return self._having.get(key)

    def _rarest(self, form: int, upto: int, asked: Sequence[_Asked]) -> str:
        """The part that takes the fewest entries; "" where that is not much less than the words do."""
        shares = self._shares(form, upto, dict.fromkeys(gram for each in asked for gram in each.grams))
        if min(shares.values()) < RARE:
            return ""

        def taken(row: Iterable[str]) -> float:
            return sum(shares[gram] for gram in row)

        best = min((part for each in asked for part in each.parts), key=lambda part: taken(word_grams(part)))
        whole = sum(each.ways * taken(each.grams) for each in asked)
        return best if whole >= LESS * taken(word_grams(best)) else ""

    def _shares(self, form: int, upto: int, wanted: Iterable[str]) -> dict[str, float]:
        """Gram -> in which share of the entries it is, as the first behind `BEHIND` have it."""
        behind, grams = int(upto * BEHIND), list(wanted)
        seen = (self._docs.having(form, upto, gram, behind).limit(1).offset(SEEN - 1) for gram in grams)
        found = self._connection.execute(sa.select(*(each.scalar_subquery() for each in seen))).one()
        return {gram: SEEN / ((n or upto) - behind) for gram, n in zip(grams, found, strict=True)}


@dataclass(frozen=True, slots=True)
class _Asked:
    """The grams of the shortest way to look up a word, how many ways there are, and its parts that all of them have."""

    grams: tuple[str, ...]
    ways: int
    parts: tuple[str, ...]


def _asked(word: str, where: Sequence[str]) -> _Asked:
    ways = list(spellings(bare(word))) if any(name not in LETTERS for name in where) else []
    ways += [each.letters if each.by_letters else "" for each in meanings(word, where)]
    shortest = min(ways, key=len, default="")[: LONGEST + 1]
    length = 1 + (PART if len(shortest) > PART + 1 or len(ways) < 2 else SHORTEST)
    if len(shortest) <= length:
        return _Asked((), len(ways), ())
    parts = (shortest[at : at + length] for at in range(len(shortest) - length + 1))
    return _Asked(
        tuple(word_grams(shortest)), len(ways), tuple(part for part in parts if all(part in way for way in ways))
    )
