"""Labels that people give: `{locale: text}` with fallback, so that one app can speak several languages."""

import re
from collections.abc import Mapping

from resources.texts import language

ANY = "*"
"""The key of a label that is shown in every language that has none of its own."""


def label(text: str, code: str = ANY) -> dict[str, str]:
    """A label with one text."""
    return {code: text}


_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Characters that nobody sees and that make a label look like another one: controls, direction and width."""


def has_unseen(text: str) -> bool:
    """Whether a label has characters that nobody sees."""
    return _UNSEEN.search(text) is not None


def visible(text: str) -> str:
    """The text with its unseen characters written out: U+202E turns the reading direction, ⟨202E⟩ does not."""
    return _UNSEEN.sub(lambda found: f"⟨{ord(found[0]):04X}⟩", text)


def label_text(value: Mapping[str, str], code: str | None = None) -> str:
    """The text of a label in the language `code` (default: the current one), else any text it has, else ""."""
    if not value:
        return ""
    return visible(value.get(code or language()) or value.get(ANY) or next(iter(value.values())))
