"""Letter case and composition as Python has them, whatever the locale of the server: from Python's own tables.

Texts of ASCII, and of characters without letter case and composition such as Chinese ones, take a short way.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import cache

from runtime.expression.postgres.writing import Routine

_SURROGATES = range(0xD800, 0xE000)
_LOOKED_AT = (range(1, 0x20000), range(0x2F800, 0x2FA20), range(0xE0000, 0xE0200))
_IDEOGRAPHS = "\\U00020000-\\U0002F7FF\\U00030000-\\U0003FFFF"
"""Characters that need no look: neither letter case nor composition."""
_LEAST_RANGE = 100
"""Shorter runs of plain characters are not worth a place in the pattern: they only take the longer way."""
_TOGETHER = 6
"""Groups of letters that are looked for together first."""
_FARTHEST = 64
"""Letters farther apart are translated apart."""

_LAST_SPACE = 0x3000
_HANGUL = (*range(0x1161, 0x1176), *range(0x11A8, 0x11C3))
"""Vowels and final consonants that compose with what stands before them."""


@cache
def _characters() -> tuple[str, ...]:
    return tuple(chr(code) for part in _LOOKED_AT for code in part if code not in _SURROGATES)


def written(text: str) -> str:
    """A literal of SQL in ASCII letters only."""
    parts = [each if " " <= each <= "~" and each not in "'\\?%@!" else f"\\+{ord(each):06X}" for each in text]
    return f"U&'{''.join(parts)}'"


def class_of(characters: Iterable[str], least: int = 1) -> str:
    """The inside of the brackets of a regular expression for these, in order; runs shorter than `least` left out."""
    runs: list[list[int]] = []
    for each in characters:
        if runs and runs[-1][1] == ord(each) - 1:
            runs[-1][1] += 1
        else:
            runs.append([ord(each), ord(each)])
    kept = [(first, last) for first, last in runs if last - first + 1 >= least]
    return "".join(f"\\U{first:08X}-\\U{last:08X}" if last > first else f"\\U{first:08X}" for first, last in kept)


def spaces() -> str:
    """The characters that `str.strip` takes away."""
    return "".join(each for each in map(chr, range(1, _LAST_SPACE + 1)) if each.isspace())


def digits() -> tuple[str, str]:
    """Characters that are a digit to `int`, and these digits; those of ASCII left out."""
    found = [each for each in _characters() if each.isdecimal() and not each.isascii()]
    return "".join(found), "".join(str(unicodedata.decimal(each)) for each in found)


def _plain() -> str:
    """Characters that `fold` leaves alone wherever they stand, or that are ASCII."""
    seconds = {chr(code) for code in _HANGUL}
    for each in _characters():
        parts = unicodedata.decomposition(each).split()
        if len(parts) == 2 and not parts[0].startswith("<"):
            seconds.add(chr(int(parts[1], 16)))
    return (
        class_of(
            (
                each
                for each in _characters()
                if each.isascii()
                or (
                    each.casefold() == each
                    and unicodedata.normalize("NFC", each) == each
                    and not unicodedata.combining(each)
                    and each not in seconds
                )
            ),
            _LEAST_RANGE,
        )
        + _IDEOGRAPHS
    )


def _translations(change: Callable[[str], str], growing: bool = True) -> str:
    """Statements that change the text ``x`` character by character, those of ASCII left out."""
    changed = [each for each in _characters() if not each.isascii() and change(each) != each]
    grown = [each for each in changed if len(change(each)) > 1]
    lines = []
    if growing:
        lines = [f"IF x ~ '[{class_of(grown)}]' THEN"]
        lines += [f"x := replace(x, {written(each)}, {written(change(each))});" for each in grown]
        lines.append("END IF;")
    groups = _near([each for each in changed if len(change(each)) == 1])
    for first in range(0, len(groups), _TOGETHER):
        some = groups[first : first + _TOGETHER]
        lines.append(f"IF x ~ '[{_bounds(some[0][0], some[-1][-1])}]' THEN")
        for group in some:
            letters, after = written("".join(group)), written("".join(map(change, group)))
            bounds = _bounds(group[0], group[-1])
            lines.append(f"IF x ~ '[{bounds}]' THEN x := translate(x, {letters}, {after}); END IF;")
        lines.append("END IF;")
    return "\n".join(lines)


def _bounds(first: str, last: str) -> str:
    return f"\\U{ord(first):08X}-\\U{ord(last):08X}"


def _untouched(change: Callable[[str], str]) -> str:
    """Characters that `change` leaves alone wherever they stand, or that are ASCII."""
    return (
        class_of((each for each in _characters() if each.isascii() or change(each) == each), _LEAST_RANGE) + _IDEOGRAPHS
    )


def _near(characters: Sequence[str]) -> list[list[str]]:
    groups: list[list[str]] = []
    for each in characters:
        if groups and ord(each) - ord(groups[-1][-1]) <= _FARTHEST:
            groups[-1].append(each)
        else:
            groups.append([each])
    return groups


def _sigma() -> str:
    """A statement that writes a capital sigma at the end of a word as Python does (Unicode's Final_Sigma)."""
    cased = class_of(each for each in _characters() if f"{each}\u03a3".lower().endswith("\u03c2"))
    after = (each for each in _characters() if f"a{each}\u03a3".lower().endswith("\u03c2"))
    ignorable = class_of(each for each in after if not f"{each}\u03a3".lower().endswith("\u03c2"))
    pattern = f"(?<=[{cased}][{ignorable}]*)\\u03a3(?![{ignorable}]*[{cased}])".replace("?", "\x00")
    source = "'" + pattern.replace("\x00", "' || chr(63) || '") + "'"
    return f"IF x ~ '\\u03a3' THEN x := regexp_replace(x, {source}, chr(962), 'g'); END IF;"


def statements() -> list[str]:
    """CREATE FUNCTION of all of them."""
    short = 'IF octet_length(x) = length(x) THEN RETURN {0}(x COLLATE "C"); END IF;'
    fold = f"""
    {short.format("lower")}
    IF x ~ '^[{_plain()}]*$' THEN RETURN lower(x COLLATE "C"); END IF;
    x := lower(normalize(x, NFC) COLLATE "C");
    {_translations(str.casefold)}
    RETURN x;
    """
    in_place = f"""
    x := lower(x COLLATE "C");
    IF octet_length(x) = length(x) THEN RETURN x; END IF;
    {_translations(str.casefold, growing=False)}
    RETURN x;
    """
    lower = f"""
    {short.format("lower")}
    IF x ~ '^[{_untouched(str.lower)}]*$' THEN RETURN lower(x COLLATE "C"); END IF;
    {_sigma()}
    x := lower(x COLLATE "C");
    {_translations(str.lower)}
    RETURN x;
    """
    upper = f"""
    {short.format("upper")}
    IF x ~ '^[{_untouched(str.upper)}]*$' THEN RETURN upper(x COLLATE "C"); END IF;
    x := upper(x COLLATE "C");
    {_translations(str.upper)}
    RETURN x;
    """
    every, decimals = digits()
    number = (
        f"CASE WHEN octet_length(x) = length(x) THEN x ELSE translate(x, {written(every)}, {written(decimals)}) END"
    )
    routines = [
        Routine("fold", "t", "x t", fold),
        Routine("folded_in_place", "=text", "x =text", in_place),
        Routine("lowered", "t", "x t", lower),
        Routine("raised", "t", "x t", upper),
        Routine("stripped", "=text", "x =text", f"btrim(x, {written(spaces())})"),
        Routine("with_ascii_digits", "=text", "x =text", number),
    ]
    return [each.sql for each in routines]
