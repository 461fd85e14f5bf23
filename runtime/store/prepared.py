"""`Prepared`: values of one field with what the store makes of them, which was made ahead by the same functions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from runtime.form import Field


class Prepared(list[Any]):
    """The values of a column of a bulk change; nobody changes them.

    The store takes what comes along only where the field still is what it was made for.

    Args:
        values: typed values, None for blank.
        field: what they were made for.
        stored: each as the column keeps it; None where that is the value itself.
        keys: each text's key of order, None where no text has one; not looked at unless `keyed`.
        keyed: whether the keys were made.
    """

    __slots__ = ("_field", "_stored", "keyed", "keys")

    def __init__(
        self,
        values: Iterable[Any],
        field: Field,
        stored: list[Any] | None,
        keys: list[str | None] | None,
        *,
        keyed: bool,
    ) -> None:
        super().__init__(values)
        self._field, self._stored = field, stored
        self.keys, self.keyed = keys, keyed

    def stored(self, field: Field) -> Sequence[Any] | None:
        """The values as the column of a field keeps them; None where they were made for another one."""
        made_for = self._field
        if made_for is not field and (made_for.kind is not field.kind or made_for.props != field.props):
            return None
        return self if self._stored is None else self._stored
