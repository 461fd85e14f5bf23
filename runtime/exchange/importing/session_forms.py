"""The forms of an open workspace as an import sees them: their names, and whether texts name their records."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from runtime.actor import Actor
from runtime.exchange.importing.kept_aims import KeptAims
from runtime.exchange.understanding.hints import plain
from runtime.fields import Unreadable
from runtime.form import Field, Form

SAME = 0.8
"""Share of the names of columns and fields together that are both, from which a sheet holds rows of the form."""


class SessionForm:
    """A form of a workspace that is open.

    Args:
        session: who looks; only records that they see count.
        form: the form.
        kept: what they keep about where sheets go.
    """

    def __init__(self, session: Actor, form: Form, kept: KeptAims) -> None:
        self._session, self._form, self._kept = session, form, kept
        self._by = [field for field in dict.fromkeys((form.key, form.title)) if _is_naming(field)]

    @property
    def id(self) -> str:
        """Its id."""
        return self._form.id

    @property
    def name(self) -> str:
        """What people call it."""
        return self._form.name

    @property
    def labels(self) -> Collection[str]:
        """The names of the fields that name a record."""
        return [field.name for field in self._by if field is not None]

    def is_of(self, headers: Collection[str]) -> bool:
        """Whether rows under these headers would be records of this form: they are its fields, or went there before."""
        own, names = {*map(plain, headers)}, {plain(field.name) for field in self._form.fields}
        if len(own) < 2:
            return False
        return own <= names or len(own & names) >= SAME * len(own | names) or self._kept.went(self.id, headers)

    def named(self, texts: Collection[str]) -> Mapping[str, Sequence[UUID]]:
        """Text -> the records that have it as key, or else as title."""
        found: dict[str, Sequence[UUID]] = {}
        for field in self._by:
            if field is None:
                continue
            typed = {text: value for text in texts if text not in found and (value := _typed(field, text)) is not None}
            hits = self._session.reader.find_all(self.id, field.id, typed.values(), self._session.scope)
            found.update({text: hits[value] for text, value in typed.items() if hits.get(value)})
        return found


def known_forms(session: Actor, forms: Iterable[Form]) -> list[SessionForm]:
    """Forms as an import sees them, those that nothing names left out."""
    kept = KeptAims(session)
    return [known for form in forms if (known := SessionForm(session, form, kept)).labels]


def _is_naming(field: Field | None) -> bool:
    return field is not None and not field.target and not field.computed and field.known


def _typed(field: Field, text: str) -> object:
    try:
        value = field.kind.parse(text, field.props)
    except Unreadable:
        return None
    return value if value is None or field.kind.check(value, field.props) is None else None
