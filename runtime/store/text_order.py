"""The order of texts: a key beside each text, which sorts as people do, by its bytes, on every engine.

Chinese by pinyin and tone (the usual reading of each character), letters without regard to case and accents, signs and
digits before them; full-width letters, digits and signs as the others. What has the same key sorts by code point.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from unicodedata import combining, normalize

from resources.text_order import chinese
from runtime.form import Field, Form
from runtime.store.prepared import Prepared

VERSION = 1
"""Of the keys. Another table is another version, and that another column, which a migration adds and has filled."""
LONGEST = 32
"""Characters of a text that its key is made of: texts that begin with as many alike need no order of people."""
REPEATED = 3
"""Times that texts occur on average from which on each is folded once only."""
MOST = 300
"""Text fields of a form up to which they have keys: tables have 1,600 columns at most, forms 1,000 fields."""
_BREAK = "\0"
_WIDE, _NARROW = range(0xFF01, 0xFF5F), 0xFF01 - 0x21
_WIDE_SPACE = 0x3000
_LATIN = (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))
_ACCENTS = range(0x300, 0x370)


@lru_cache(maxsize=256)
def ordered(form: Form) -> frozenset[str]:
    """Ids of the fields of a form whose values are texts that have a key; none where they would be too many."""
    found = {field.id for field in form.fields if is_ordered(field)}
    return frozenset(found if len(found) <= MOST else ())


def is_ordered(field: Field) -> bool:
    """Whether the values of a field are texts that people order."""
    return field.kind.value_type == "text" and field.kind.column == "text"


def key(text: str | None) -> str | None:
    """What a text sorts by; None = by itself, as most codes, numbers and addresses do."""
    if text is None:
        return None
    start = text[:LONGEST]
    made = start.lower() if start.isascii() else start.translate(_table())
    return None if made == start else made


def keys(texts: Sequence[Any]) -> list[str | None] | None:
    """`key` of each of many texts, a few tenths of a microsecond each; None where every one is None."""
    if isinstance(texts, Prepared) and texts.keyed:
        return texts.keys
    different = set(texts)
    if len(different) * REPEATED > len(texts):
        return _keys(texts)
    few = list(different)
    made = _keys(few)
    return None if made is None else list(map(dict(zip(few, made, strict=True)).__getitem__, texts))


def _keys(texts: Sequence[Any]) -> list[str | None] | None:
    starts = ["" if text is None else text for text in texts]
    if max(map(len, starts), default=0) > LONGEST:
        starts = [text[:LONGEST] for text in starts]
    joined = _BREAK.join(starts)
    folded = joined.lower() if joined.isascii() else joined.translate(_table())
    if folded == joined:
        return None
    made = folded.split(_BREAK)
    if len(made) != len(starts):  # one of them holds what stands between them
        return [key(text) for text in texts]
    return [None if new == old else new for new, old in zip(made, starts, strict=True)]


def place(text: str) -> tuple[str, str]:
    """What texts are sorted by in Python, in the order of the store."""
    made = key(text)
    return (text if made is None else made), text


@lru_cache(maxsize=1)
def _table() -> list[int | str]:
    """Code point -> what stands for it in a key, up to the last full-width sign."""
    table: list[int | str] = [_one(chr(code).casefold()) for code in range(_WIDE.stop)]
    for code in _LATIN:
        bare = "".join(sign for sign in normalize("NFKD", chr(code)) if not combining(sign))
        table[code] = _one(bare.casefold())
    for code in _ACCENTS:
        table[code] = ""
    table[_WIDE_SPACE] = ord(" ")
    for code in _WIDE:
        table[code] = table[code - _NARROW]
    for sign, stands in chinese():
        table[ord(sign)] = ord(stands)
    return table


def _one(text: str) -> int | str:
    return ord(text) if len(text) == 1 else text
