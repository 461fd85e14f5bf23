"""Chinese by the first letters of its pinyin: `zw`, `zhangw` and `zhangwei` find 张伟, every reading of a character."""

from __future__ import annotations

from functools import lru_cache
from unicodedata import combining, normalize

MOST_READINGS = 4
"""Ways to read one title that the index holds: the usual one, then those where one of its first is read otherwise."""
SURNAME = 2
"""Characters that may be read otherwise than usual: where people's names begin, and those of places."""
LONGEST_TITLE = 40
"""Characters of a title that can be found by their letters."""
FIRST_CHINESE = "\u3400"
_HALVES = frozenset({"zh", "ch", "sh"})
_TONES = "\u0304\u0301\u030c\u0300"
MOST_SPLITS = 24
"""Ways to take letters apart into syllables that are looked up."""


@lru_cache(maxsize=8192)
def _letters(character: str) -> tuple[str, ...]:
    if character < FIRST_CHINESE:
        return (character,) if character.isalnum() else ()
    return tuple(dict.fromkeys(each[0] for each in readings(character)))


@lru_cache(maxsize=8192)
def readings(character: str) -> tuple[str, ...]:
    """The syllables that a character may be read as, without tones, the usual one first; () for others."""
    if character < FIRST_CHINESE:
        return ()
    from pypinyin.constants import PINYIN_DICT

    marked = PINYIN_DICT.get(ord(character), "")
    return tuple(dict.fromkeys(_plain(each) for each in marked.split(",") if each))


def initials(title: str) -> tuple[str, ...]:
    """The letters that stand for a folded title, one for each way to read it; () where it has no Chinese character.

    Letters and digits stand for themselves, other signs for nothing.
    """
    if max(title, default="") < FIRST_CHINESE:
        return ()
    choices = [letters for letters in map(_letters, title[:LONGEST_TITLE]) if letters]
    usual = [letters[0] for letters in choices]
    found = ["".join(usual)]
    for at, letters in enumerate(choices[:SURNAME]):
        found += ["".join((*usual[:at], other, *usual[at + 1 :])) for other in letters[1:]]
    return tuple(found[:MOST_READINGS])


def splits(word: str) -> tuple[str, ...]:
    """The first letters that a typed word may mean: itself, and by every way to take it apart into syllables.

    The last syllable may be begun only. () for words that are not small letters and digits.
    """
    if not (word.isascii() and word.isalnum()) or len(word) > LONGEST_TITLE:
        return ()
    found: dict[str, None] = {word: None}
    _split(word, "", found)
    return tuple(found)[:MOST_SPLITS]


def _split(rest: str, letters: str, found: dict[str, None]) -> None:
    if len(found) >= MOST_SPLITS:
        return
    if not rest:
        found[letters] = None
        return
    begun, whole = _syllables()
    for length in range(min(6, len(rest)), 1, -1):
        part = rest[:length]
        if part in whole or part in _HALVES or (length == len(rest) and part in begun):
            _split(rest[length:], letters + part[0], found)
    _split(rest[1:], letters + rest[0], found)


def reads(title: str, word: str) -> bool:
    """Whether letters name a part of a folded title: each character by its syllable, or by how it begins."""
    signs = [sign for sign in title if sign.isalnum()][:LONGEST_TITLE]
    if not word or not any(readings(sign) for sign in signs):
        return False
    return any(_reads_from(tuple(signs[start:]), word) for start in range(len(signs)))


def _reads_from(signs: tuple[str, ...], word: str) -> bool:
    ends = {0}
    for sign in signs:
        following: set[int] = set()
        for at in ends:
            for reading in readings(sign) or (sign,):
                for length in range(1, len(reading) + 1):
                    if word.startswith(reading[:length], at):
                        following.add(at + length)
        if len(word) in following:
            return True
        ends = following
        if not ends:
            return False
    return False


@lru_cache(maxsize=1)
def _syllables() -> tuple[frozenset[str], frozenset[str]]:
    """The beginnings of all syllables, and the syllables."""
    from pypinyin.constants import PINYIN_DICT

    whole = frozenset(
        _plain(each) for code, marked in PINYIN_DICT.items() if 0x4E00 <= code <= 0x9FFF for each in marked.split(",")
    )
    begun = frozenset(syllable[:length] for syllable in whole for length in range(1, len(syllable) + 1))
    return begun, whole


def _plain(marked: str) -> str:
    apart = normalize("NFC", "".join(sign for sign in normalize("NFD", marked) if sign not in _TONES))
    bare = "".join(sign for sign in normalize("NFD", apart.replace("ü", "v")) if not combining(sign))
    return bare if bare.isascii() else ""
