"""`Titles`: the titles of records that filters name, looked up in the background."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from resources.texts import _
from runtime.filters import Filter
from runtime.form import Form
from runtime.ui.editors import EditorContext
from runtime.work import Progress


class Titles(QObject):
    """Record id -> title, as far as it is known.

    Signals:
        arrived(): more titles are known.
    """

    arrived = Signal()

    def __init__(self, context: EditorContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._asked: set[UUID] = set()
        self.known: dict[UUID, str] = {}

    def learn(self, found: Mapping[UUID, str]) -> None:
        """Take titles that somebody else looked up."""
        self.known.update(found)

    def want(self, target: str, records: Iterable[UUID]) -> None:
        """Look up what is not known of these records of the form `target`."""
        jobs, lookup = self._context.jobs, self._context.records
        missing = [record for record in records if record not in self.known and record not in self._asked]
        if not missing or jobs is None or lookup is None:
            return
        self._asked.update(missing)

        def work(progress: Progress) -> dict[UUID, str]:
            found = {}
            for record in missing:
                progress.check()
                found[record] = lookup.title(target, record)
            return found

        jobs.start(self, work, self._found, lane="free")

    def want_all(self, form: Form, filter: Filter) -> None:
        """Look up what the relations of a filter name."""
        for condition in filter.every:
            field = form.by_id.get(condition.field)
            if field is not None and field.target:
                values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
                self.want(field.target, [value for value in values if isinstance(value, UUID)])

    def _found(self, found: dict[UUID, str]) -> None:
        self.known.update({record: title or _("(no longer there)") for record, title in found.items()})
        self.arrived.emit()
