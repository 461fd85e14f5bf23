"""`Draft` and `Drafts`: values that a person gave cells and that the store has not confirmed yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from runtime.errors import Problem
from runtime.store.rows import Row

Key = tuple[UUID, str]
"""(record, field)."""


@dataclass(slots=True)
class Draft:
    """A value that a person gave a cell and that the store has not confirmed yet.

    Attributes:
        title: of the related record, where the field is a relation.
        seq: commit that wrote it; None while it is on its way.
        problems: why the store refused it; then the cell keeps it until the person corrects or drops it.
    """

    value: Any
    title: str = ""
    seq: int | None = None
    problems: tuple[Problem, ...] = ()


class Drafts(dict[Key, Draft]):
    """The drafts of one model.

    Args:
        changed: told the record whose cells are to be drawn anew.
    """

    def __init__(self, changed: Callable[[UUID], None]) -> None:
        super().__init__()
        self._changed = changed

    def keep(self, row: UUID, field_id: str, draft: Draft | None) -> None:
        """Keep, or with None drop, what a person gave a cell."""
        if draft is None:
            self.pop((row, field_id), None)
        else:
            self[row, field_id] = draft
        self._changed(row)

    def confirm(self, keys: Sequence[Key], seq: int) -> None:
        """The store wrote these cells in commit `seq`; 0 = there was nothing to write."""
        for key in keys:
            draft = self.get(key)
            if draft is not None and not draft.problems:
                if seq:
                    draft.seq = seq
                else:
                    self.keep(*key, None)

    def landed(self, rows: Iterable[Row | None]) -> None:
        """These records were read anew: what they hold already is a draft no more."""
        seqs = {row.id: row.seq for row in rows if row is not None} if self else {}
        for key, draft in list(self.items()):
            if draft.seq is not None and seqs.get(key[0], -1) >= draft.seq:
                del self[key]
