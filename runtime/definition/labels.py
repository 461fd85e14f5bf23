"""Labels that people give: `{locale: text}` with fallback, so that one app can speak several languages."""

from collections.abc import Mapping

from resources.texts import language

ANY = "*"
"""The key of a label that is shown in every language that has none of its own."""


def label(text: str, code: str = ANY) -> dict[str, str]:
    """A label with one text."""
    return {code: text}


def label_text(value: Mapping[str, str], code: str | None = None) -> str:
    """The text of a label in the language `code` (default: the current one), else any text it has, else ""."""
    if not value:
        return ""
    return value.get(code or language()) or value.get(ANY) or next(iter(value.values()))
