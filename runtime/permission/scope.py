"""`Scope`: what one person may see and change; every read and write of the store takes one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scope:
    """What one person may do in the workspace.

    Attributes:
        rows: form id -> formula over the record that must be true; a form without one shows every row. A hidden row
            is not counted, not found and not changed.
        readable: form id -> ids of the fields that may be read; a form without an entry shows all.
        writable: form id -> ids of the fields that may be changed; a form without an entry allows all.
        masked: form ids that are not to be seen at all.
    """

    rows: tuple[tuple[str, str], ...] = ()
    readable: tuple[tuple[str, frozenset[str]], ...] = ()
    writable: tuple[tuple[str, frozenset[str]], ...] = ()
    masked: frozenset[str] = frozenset()

    def row_rule(self, form: str) -> str | None:
        """The formula that a visible record of `form` meets; None = every record."""
        return dict(self.rows).get(form)

    def reads(self, form: str, field: str) -> bool:
        """Whether a field may be read: then also filtered, sorted and searched by."""
        allowed = dict(self.readable).get(form)
        return form not in self.masked and (allowed is None or field in allowed)

    def writes(self, form: str, field: str) -> bool:
        """Whether a field may be changed."""
        allowed = dict(self.writable).get(form)
        return self.reads(form, field) and (allowed is None or field in allowed)

    def sees(self, form: str) -> bool:
        """Whether the form exists for this person."""
        return form not in self.masked


EVERYTHING = Scope()
"""The scope of a local workspace's owner."""
