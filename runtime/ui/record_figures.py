"""`RecordFigures`: the summaries of a record model's footers and groups, found on a worker."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject

from runtime.errors import UserError
from runtime.store.grouping import Figures, Path
from runtime.store.query import Query
from runtime.ui.jobs import Jobs
from runtime.ui.record_window import Reading

Footers = Mapping[str, str]


class RecordFigures:
    """What is known of the summaries of one question.

    Args:
        owner: the model; when it is gone nobody is told.
        changed: called when figures are new.
    """

    def __init__(self, owner: QObject, jobs: Jobs, reading: Reading, changed: Callable[[], None]) -> None:
        self._owner = owner
        self._jobs = jobs
        self._reading = reading
        self._changed = changed
        self._query: Query | None = None
        self._footers: Footers = {}
        self._known: Figures | None = None
        self._known_of: Query | None = None
        self._busy = False
        self._again = False

    @property
    def busy(self) -> bool:
        """Whether figures are on their way."""
        return self._busy

    def get(self, field_id: str, path: Path) -> tuple[bool, Any]:
        """Whether the summary of a column is known, of all records () or of a group; and what it is."""
        found = self._known.get(path) if self._known is not None else None
        return (False, None) if found is None or field_id not in found else (True, found[field_id])

    def ask(self, query: Query, footers: Footers) -> None:
        """Find the figures anew; what is known of the same records stays until they are here."""
        if footers != self._footers or query != self._known_of:
            self._known = None
        self._query, self._footers = query, dict(footers)
        if self._busy:
            self._again = True
        elif footers:
            self._start(query, self._footers)

    def take(self, query: Query, footers: Footers, figures: Figures) -> None:
        """The figures came with the records."""
        self._query, self._footers = query, dict(footers)
        self._known, self._known_of = figures, query
        self._changed()

    def _start(self, query: Query, footers: Footers) -> None:
        self._busy, self._again = True, False
        reading = self._reading

        def found(figures: Figures) -> None:
            self._busy = False
            if query == self._query and footers == self._footers:
                self._known, self._known_of = figures, query
                self._changed()
            self._once_more()

        def failed(error: UserError) -> None:
            self._busy = False
            self._once_more()

        self._jobs.start(self._owner, lambda _progress: reading.figures(query, footers), found, failed, lane="free")

    def _once_more(self) -> None:
        if self._again and self._query is not None and self._footers:
            self._start(self._query, self._footers)
