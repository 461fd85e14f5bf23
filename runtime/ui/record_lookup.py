"""`StoreLookup`: finds records by title in the workspace, for editors of relations."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from runtime.record import Record
from runtime.session import Session


class StoreLookup:
    """A `RecordLookup` over a session; called on worker threads."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def search(self, form: str, text: str, limit: int) -> Sequence[tuple[UUID, str]]:
        """The first records whose title holds `text`."""
        if self._session.form_of_id(form) is None:
            return []
        return self._session.reader.search_titles(form, text, limit, self._session.scope)

    def title(self, form: str, record: UUID) -> str:
        """The title of one record; "" where it is gone or hidden."""
        target = self._session.form_of_id(form)
        if target is None:
            return ""
        rows = self._session.reader.by_id(form, [record], self._session.scope)
        return Record(target, rows[0]).title if rows and not rows[0].deleted else ""
