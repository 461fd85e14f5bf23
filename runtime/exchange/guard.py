"""Texts of CSV that a spreadsheet would take for formulas or long figures: an apostrophe before them, and its way back.

What already has apostrophes before such a sign gets one more, so every text comes back, whatever it is: a reader takes
one apostrophe away where such a sign follows, and files of Formwork need no mark. Shops write figures that must
stay texts as '13800138000 or ="0012"; the first is treated in the same way, the second never begins a text that was
guarded. Import-light: the reader process needs it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import repeat

_FORMULA = re.compile("'*(?:[\t\r\n\0]|\\s*[=+\\-@＝＋－＠])|'+(?:[0-9]{6,}[Xx]?|0[0-9]+)\\Z")
"""The signs that begin a formula, in full width too, and what spreadsheets drop before them; figures behind one."""

QUOTED = '="'


def guarded(text: str) -> str:
    """`text` so that no spreadsheet takes it for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """The text that `guarded` was given, or that ="0012" means."""
    if text[:2] == QUOTED and text[-1] == '"' and text.count('"') == 2:
        return text[2:-1]
    return text[1:] if text[:1] == "'" and _FORMULA.match(text) else text


def all_unguarded(texts: Sequence[str]) -> Sequence[str]:
    """`unguarded` of the cells of a column."""
    return list(map(unguarded, texts)) if any(map(str.startswith, texts, repeat(("'", QUOTED)))) else texts
