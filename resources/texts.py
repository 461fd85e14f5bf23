"""Sentences people read: marked in English, translated by gettext at the moment they are shown.

`T("...")` makes a value that is translated when it is turned into `str`; declarations and problems hold those.
`_("...")` translates at once; windows use it. The language belongs to the context (a `ContextVar`), so that one
server process can speak to two people in two languages.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import resources

LANGUAGES: dict[str, str] = {"en": "English", "zh_CN": "简体中文"}
"""Language code -> its name in itself."""

_language: ContextVar[str] = ContextVar("formwork_language", default="en")


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    folder = resources.path("translations")
    return gettext.translation("formwork", folder, languages=[language], fallback=True)


def language() -> str:
    """The language code of the current context."""
    return _language.get()


def speak(code: str) -> None:
    """Make `code` the language of the current context.

    Raises:
        ValueError: Formwork does not know that language.
    """
    if code not in LANGUAGES:
        raise ValueError(code)
    _language.set(code)


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak `code` inside the block, and the former language after it."""
    former = _language.get()
    speak(code)
    try:
        yield
    finally:
        _language.set(former)


def _(message: str, /, **params: Any) -> str:
    """`message` in the current language, with `{name}` places filled from `params`."""
    text = _catalogue(_language.get()).gettext(message)
    return text.format(**params) if params else text


def plural(one: str, many: str, n: int, /, **params: Any) -> str:
    """`one` or `many` by the count `n`, in the current language; `{n}` is filled with `n` and thousands commas."""
    text = _catalogue(_language.get()).ngettext(one, many, n)
    return text.format(n=f"{n:,}", **params)


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence that is translated when it is read; equal when source and parameters are equal."""

    message: str
    params: dict[str, Any] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return _(self.message, **self.params) if self.message else ""


@dataclass(frozen=True, slots=True)
class PluralText:
    """A counted sentence that is translated when it is read."""

    one: str
    many: str
    n: int
    params: dict[str, Any] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return plural(self.one, self.many, self.n, **self.params)


def T(message: str, /, **params: Any) -> Text:  # noqa: N802 - reads as a mark, not as a call
    """Mark `message` for translation and keep it as a value."""
    return Text(message, params)


def TN(one: str, many: str, n: int, /, **params: Any) -> PluralText:  # noqa: N802 - as T
    """Mark a counted sentence for translation and keep it as a value."""
    return PluralText(one, many, n, params)
