"""What a formula may speak about: the fields that are in reach, handed in by the caller."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Protocol

from runtime.value.types import TEXT, ValueType, list_of

TITLE = "#title"
"""Last item of the path of a record's title."""

SYSTEM_NAMES = {"当前用户": "CURRENTUSER", "current user": "CURRENTUSER"}
"""Names, folded, that mean a function without arguments where no field is called so."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A field in reach.

    Attributes:
        key: under which the caller hands in its value; unique in the schema.
        path: ids of the fields along the path, without "#"; an item may also be the id of a sub-form, `~` and the id of
            a relation (the records that point here by it), `^` (the record of a sub-form row) or, last, `TITLE`.
        labels: their labels, as many.
        type: of its values; fields of sub-forms and of to-many relations are lists.
        scale: of a number that the database keeps as an integer: value * 10**scale. None = not stored that way.
        options: of a choice: (option id, label).
        listed: whether each value is a list of its own in the column: several options.
    """

    key: str
    path: tuple[str, ...]
    labels: tuple[str, ...]
    type: ValueType
    scale: int | None = None
    options: tuple[tuple[str, str], ...] = ()
    listed: bool = False

    @property
    def title(self) -> Reference:
        """The title of the record this relation points to, or of each record of a list: what a record is as a text."""
        type_ = list_of(TEXT) if self.type.is_list else TEXT
        return replace(self, key=f"{self.key}.title", path=(*self.path, TITLE), type=type_, scale=None, listed=False)

    @property
    def is_title(self) -> bool:
        """Whether this is the title of a record, made by `title`."""
        return self.path[-1:] == (TITLE,)


class Schema(Protocol):
    """Finds fields by name."""

    def resolve(self, path: tuple[str, ...]) -> Reference | None:
        """The field at `path`, whose items are labels or "#" and a field id; None where there is none."""
        ...

    def labels(self, path: tuple[str, ...]) -> Collection[str]:
        """The labels that may follow `path`; of () all labels of the form. For suggestions."""
        ...
