"""`KnownForm`: a form that is there already, as an import sees it."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import Protocol


class KnownForm(Protocol):
    """A form to which a column of a new sheet may point."""

    @property
    def id(self) -> str:
        """Its id."""
        ...

    @property
    def name(self) -> str:
        """What people call it."""
        ...

    @property
    def labels(self) -> Collection[str]:
        """The names of the fields that name a record: key and title, the title last."""
        ...

    def is_of(self, headers: Collection[str]) -> bool:
        """Whether rows under these headers would be records of this form, whatever it is called."""
        ...

    def named(self, texts: Collection[str]) -> Mapping[str, Sequence[Hashable]]:
        """Text -> the records that have it as key, or else as title; texts that name none are missing."""
        ...
