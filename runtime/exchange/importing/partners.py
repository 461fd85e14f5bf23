"""`Partners`: the records that the cells of a relation name, by the key of the target form or by its title."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from resources.texts import T
from runtime.actor import Actor
from runtime.changes import new_uuids
from runtime.errors import Sentence
from runtime.exchange.importing.proposing import why_closed
from runtime.fields import Unreadable
from runtime.form import Field, Form

CANDIDATES = 3
"""Records that are named where a cell names none or several."""

LOOKED_UP = 60
"""Different texts without a record for which the form is searched; further ones are listed without candidates."""

Make = Callable[[Form, Field, Sequence[UUID], Sequence[Any]], dict[UUID, str]]
"""Makes records: form, the field that names them, their ids and the values of that field; id -> why it was not made."""

PROMISED = UUID(int=0)
"""Stands for a record that the import would make."""


class Partners:
    """What the texts of one relation stand for.

    Args:
        form_id: of the form that the relation points to.
        add: whether a text that names no record makes one.
        coming: texts that name records which are made before they are looked up in earnest.
    """

    def __init__(
        self, session: Actor, form_id: str, *, add: bool = False, coming: Collection[str] = frozenset()
    ) -> None:
        self._session = session
        self.target = session.form_of_id(form_id)
        self._add = add
        self._coming = coming
        self._found: dict[str, UUID] = {}
        self._reasons: dict[str, Sentence] = {}
        self._searched = 0
        self.missing: set[str] = set()

    def values(self, texts: Iterable[str | None]) -> dict[str, UUID]:
        """Text -> record; `reason` says why another text has none."""
        wanted = {text for text in texts if text is not None}
        self._look_up(wanted - self._found.keys() - self._reasons.keys() - self.missing)
        found = {text: self._found[text] for text in wanted & self._found.keys()}
        found |= {text: PROMISED for text in wanted - found.keys() - self._reasons.keys() if text in self._coming}
        if self._add:
            found |= dict.fromkeys(wanted & self.missing, PROMISED)
        return found

    def reason(self, text: str) -> Sentence:
        """Why a text names no record."""
        if text not in self._reasons:
            self._reasons[text] = self._not_there(text)
        return self._reasons[text]

    def make(self, texts: Iterable[str | None], make: Make) -> None:
        """Make the records that the texts name and that are missing; those that cannot be made have a reason then."""
        self.values(texts)
        target, by = self.target, self._by
        if target is None or by is None or not self._add:
            return
        typed = self._typed(by, self.missing)
        texts_of: dict[Any, list[str]] = {}
        for text, value in typed.items():
            texts_of.setdefault(value, []).append(text)
        ids = new_uuids(len(texts_of))
        refused = make(target, by, ids, list(texts_of))
        for row, names in zip(ids, texts_of.values(), strict=True):
            for text in names:
                if row in refused:
                    self._reasons[text] = refused[row]
                else:
                    self._found[text] = row
        self.missing.clear()

    @property
    def _by(self) -> Field | None:
        """The field that a new record gets its name in."""
        if self.target is None:
            return None
        for by in (self.target.key, self.target.title):
            if by is not None and not by.target and why_closed(self.target, by, self._session.scope) is None:
                return by
        return None

    def _look_up(self, wanted: set[str]) -> None:
        target = self.target
        if target is None:
            return
        left = set(wanted)
        for by in dict.fromkeys((target.key, target.title)):
            if by is None or by.target or by.computed or not left:
                continue
            typed = self._typed(by, left)
            hits = self._session.reader.find_all(target.id, by.id, typed.values(), self._session.scope)
            for text, value in typed.items():
                rows = hits.get(value, [])
                if len(rows) == 1:
                    self._found[text] = rows[0]
                elif rows:
                    self._reasons[text] = self._several(text, rows)
            left -= self._found.keys() | self._reasons.keys()
        left = {text for text in left if text not in self._coming}
        can_be_made = self._typed(self._by, left).keys() if self._add and self._by is not None else set()
        self.missing |= can_be_made

    @staticmethod
    def _typed(by: Field, texts: Iterable[str]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for text in texts:
            try:
                value = by.kind.parse(text, by.props)
            except Unreadable:
                continue
            if value is not None and by.kind.check(value, by.props) is None:
                found[text] = value
        return found

    def _several(self, text: str, rows: Sequence[UUID]) -> Sentence:
        assert self.target is not None
        message = T("{n} records of “{form}” are called “{text}”.", n=len(rows), form=self.target.name, text=text)
        names = self._names(rows[:CANDIDATES])
        if not names:
            return message
        return T("{message} They are: {names}.", message=message, names=names)

    def _names(self, rows: Sequence[UUID]) -> str:
        """The records by their keys, where those tell them apart."""
        target = self.target
        key = target.key if target is not None else None
        if target is None or key is None or key == target.title:
            return ""
        found = self._session.reader.by_id(target.id, rows, self._session.scope)
        return ", ".join(key.format(row.values.get(key.id)) for row in found)

    def _not_there(self, text: str) -> Sentence:
        if self.target is None:
            return T("The form of the relation is not there.")
        message = T("There is no such record in “{form}”.", form=self.target.name)
        self._searched += 1
        if self._searched > LOOKED_UP:
            return message
        near = self._near(text)
        return T("{message} Did you mean {names}?", message=message, names=near) if near else message

    def _near(self, text: str) -> str:
        """Titles that hold the text, or most of it."""
        assert self.target is not None
        search = self._session.reader.search_titles
        for part in dict.fromkeys((text, text[: max(2, len(text) * 2 // 3)], text[len(text) // 3 :])):
            hits = search(self.target.id, part, CANDIDATES, self._session.scope) if len(part) > 1 else []
            if hits:
                return ", ".join(f"“{title}”" for _row, title in hits)
        return ""
