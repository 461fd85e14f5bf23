"""`GridDuplicate`: makes copies of the chosen records, as one step of undo."""

from __future__ import annotations

from PySide6.QtCore import QObject

from resources.texts import TN, T, _
from runtime.exchange.editing.duplicating import Copies, copies_of
from runtime.exchange.editing.pasting import Area
from runtime.ui.grid_pasted import Pasted
from runtime.ui.grid_tools import GridTools
from runtime.ui.grid_writing import GridWriting, Step
from runtime.work import Progress

MOST = 1_000
"""Records that are duplicated at once."""


class GridDuplicate(QObject):
    """Duplicates records of one grid; what they are shown by is what shows pasted records."""

    def __init__(self, tools: GridTools, writing: GridWriting, shown: Pasted) -> None:
        super().__init__(tools.grid)
        self._tools = tools
        self._writing = writing
        self._shown = shown

    def chosen(self) -> None:
        """Duplicate the chosen records and choose the copies; what the store refuses in them is listed."""
        tools = self._tools
        spans, session, form = tools.spans(), tools.session, tools.form
        count = tools.model.records_in(spans)
        if count > MOST:
            tools.notices.warning(T("At most 1,000 records can be duplicated at once."), code="too_many")
        if not 0 < count <= MOST:
            return
        read, label = tools.model.reader(spans), TN("Duplicate {n} record", "Duplicate {n} records", count)

        def work(progress: Progress) -> Copies:
            return copies_of(session, form, [row for row in read(progress) if not row.deleted])

        def ready(copies: Copies) -> None:
            end, last = tools.model.listed, len(tools.fields) - 1
            said = TN("{n} record duplicated", "{n} records duplicated", len(copies.made))
            area = Area(end, 0, end, last)
            show = lambda: self._shown.show(copies, area, label)  # noqa: E731 - told when it is written
            self._writing.write(copies, Step(label, lambda: said, _("Duplicate"), show))

        tools.jobs.start(self, work, ready, tools.notices.report, lane="free", label=label, change="long")
