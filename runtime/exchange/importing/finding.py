"""`Finder`: what each row of a file does in a form: it makes a record, changes one, or why it does neither."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from resources.texts import T
from runtime.actor import Actor
from runtime.errors import Sentence
from runtime.exchange.importing.aim import Aim, Mode, Twice
from runtime.form import Field, Form
from runtime.permission.scope import EVERYTHING

CLOSED = T("This row cannot be imported.")
"""Said where the reason would tell of a record that the person may not see."""


@dataclass(slots=True)
class Round:
    """Rows that can be written together, for no record is named twice.

    Attributes:
        new: places of rows that make records.
        known: place -> the record that the row changes.
        skipped: places of rows that are not to do anything, and that is no fault.
        refused: place -> why the row does nothing.
    """

    new: list[int] = field(default_factory=list)
    known: dict[int, UUID] = field(default_factory=dict)
    skipped: list[int] = field(default_factory=list)
    refused: dict[int, Sentence] = field(default_factory=dict)


class Finder:
    """Finds records by a key, chunk by chunk; remembers the keys of the file.

    Args:
        form: where they are.
        aim: says the mode and the key.
    """

    def __init__(self, session: Actor, form: Form, aim: Aim) -> None:
        self._session = session
        self._form = form
        self._aim = aim
        self._key: Field | None = form.by_id.get(aim.key) if aim.mode.keyed else None
        self._made: dict[Any, UUID] = {}
        self._rows: dict[Any, int] = {}

    def rounds(
        self, places: Sequence[int], columns: Mapping[str, Sequence[Any]], numbers: Sequence[int]
    ) -> Iterator[Round]:
        """What the rows at `places` of a chunk do; a round is to be written before the next is asked for.

        Args:
            columns: field id -> a value per row of the chunk.
            numbers: of the rows of the chunk in the file.
        """
        if self._key is None:
            yield Round(new=list(places))
            return
        keys = columns[self._key.id]
        stored, hidden = self._stored({keys[at] for at in places if keys[at] is not None})
        waiting = list(places)
        while waiting:
            made, again, now = Round(), [], set()
            for at in waiting:
                if keys[at] is not None and keys[at] in now:
                    again.append(at)
                else:
                    now.add(keys[at])
                    self._decide(made, at, keys[at], numbers[at], stored, hidden)
            yield made
            waiting = again

    def made(self, key: Any, row: UUID) -> None:
        """A row with this key made that record."""
        self._made[key] = row

    def _stored(self, keys: Collection[Any]) -> tuple[dict[Any, list[UUID]], set[Any]]:
        """Key -> the records with it that the person sees, and the keys of those that they do not see."""
        assert self._key is not None
        find, scope = self._session.reader.find_all, self._session.scope
        seen = find(self._form.id, self._key.id, keys, scope)
        every = seen if scope == EVERYTHING else find(self._form.id, self._key.id, keys)
        return seen, {key for key, rows in every.items() if len(rows) > len(seen.get(key, ()))}

    def _decide(
        self, made: Round, at: int, key: Any, number: int, stored: Mapping[Any, list[UUID]], hidden: Collection[Any]
    ) -> None:
        assert self._key is not None
        mode, twice = self._aim.mode, self._aim.twice
        if key is None:
            made.refused[at] = T("“{name}” is blank, so no record can be found for the row.", name=self._key.name)
            return
        earlier = self._rows.setdefault(key, number)
        if earlier != number and twice is not Twice.LAST:
            if twice is Twice.FIRST:
                made.skipped.append(at)
            else:
                made.refused[at] = T("Row {row} has the same “{name}”.", row=earlier, name=self._key.name)
            return
        own = self._made.get(key)
        rows = [own] if own is not None else stored.get(key, [])
        if key in hidden:
            made.refused[at] = CLOSED
        elif len(rows) > 1:
            made.refused[at] = T("{n} records have this “{name}”.", n=len(rows), name=self._key.name)
        elif not rows and mode is Mode.UPDATE:
            made.refused[at] = T("There is no record with this “{name}”.", name=self._key.name)
        elif not rows:
            made.new.append(at)
        elif mode is Mode.MISSING and own is None:
            made.skipped.append(at)
        else:
            made.known[at] = rows[0]
