"""`Query` and `Sort`: which records somebody asks for, as values."""

from __future__ import annotations

from dataclasses import dataclass

from runtime.permission.scope import EVERYTHING, Scope


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort key: a field, ascending or descending. Blanks come last either way."""

    field: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """Which records of a form, in which order.

    Attributes:
        form: id of the form.
        where: a formula over the record; "" = every record.
        sort: by importance; ties, and no key at all, follow the order of creation.
        scope: of who asks.
        deleted: the records in the bin instead of the living ones.
    """

    form: str
    where: str = ""
    sort: tuple[Sort, ...] = ()
    scope: Scope = EVERYTHING
    deleted: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether this is every record in order of creation: answered from block counts."""
        limited = self.scope.row_rule(self.form) or not self.scope.sees(self.form)
        return not (self.where or self.sort or self.deleted or limited)
