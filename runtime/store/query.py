"""`Query`, `Sort` and `Group`: which records somebody asks for, in which order and together with which, as values."""

from __future__ import annotations

from dataclasses import dataclass

from runtime.permission.scope import EVERYTHING, Scope


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort key: a field, ascending or descending. Blanks come last either way."""

    field: str
    descending: bool = False


UNITS = ("day", "week", "month", "quarter", "year")
"""Spans of time by which dates stand together; weeks begin on Monday."""


@dataclass(frozen=True, slots=True)
class Group:
    """One field by which records stand together, in the order of its values.

    Attributes:
        unit: of dates, one of `UNITS`; "" = each value by itself, of moments each day.
    """

    field: str
    descending: bool = False
    unit: str = ""

    @property
    def sort(self) -> Sort:
        """The sort key that brings them together."""
        return Sort(self.field, self.descending)


@dataclass(frozen=True, slots=True)
class Query:
    """Which records of a form, in which order.

    Attributes:
        form: id of the form.
        where: a formula over the record; "" = every record.
        sort: by importance; ties, and no key at all, follow the order of creation.
        scope: of who asks.
        deleted: the records in the bin instead of the living ones.
        search: words that the record holds somewhere, each of them; see `runtime.store.search_query`.
        groups: the fields by which records stand together, the outermost first; inside a group `sort` holds.
    """

    form: str
    where: str = ""
    sort: tuple[Sort, ...] = ()
    scope: Scope = EVERYTHING
    deleted: bool = False
    groups: tuple[Group, ...] = ()
    search: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether this is every record in order of creation: answered from block counts."""
        limited = self.scope.row_rule(self.form) or not self.scope.sees(self.form)
        return not (self.where or self.search.strip() or self.sort or self.groups or self.deleted or limited)
