"""`RangeSums`: count, sum and average of the chosen cells, as a spreadsheet says them in its status line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import QObject, QTimer, Signal

from resources.texts import _
from runtime.form import Field
from runtime.numbers import grouped, round_to
from runtime.store.rows import Row
from runtime.ui.grid_table import GridTable
from runtime.ui.jobs import Job, Jobs
from runtime.ui.record_model import RecordModel
from runtime.value.decimals import CONTEXT
from runtime.work import Progress

PAUSE = 80
"""Milliseconds after the last move before anything is summed up."""
AT_ONCE = 4_000
"""Cells that are summed up in the window; more on a worker."""
MOST = 200_000
"""Records that are read for their sum at most."""
Part = tuple[Sequence[tuple[int, int]], Sequence[Field]]
"""Rows (first, last) and the columns that are chosen in them."""


@dataclass(slots=True)
class Sums:
    """What was found in cells.

    Attributes:
        filled: cells that are not blank.
        numbers: of them the ones that hold a number.
        total: of those.
    """

    filled: int = 0
    numbers: int = 0
    total: Decimal = Decimal(0)

    def add(self, row: Row, fields: Iterable[Field]) -> None:
        """Take the cells of a record in."""
        for field in fields:
            value = row.values.get(field.id)
            if value is not None:
                self.filled += 1
                if field.kind.numeric:
                    self.numbers += 1
                    self.total = CONTEXT.add(self.total, Decimal(value))


class RangeSums(QObject):
    """Follows what is chosen in a grid.

    Signals:
        changed(): there are other words.

    Attributes:
        words: "6 filled · Sum 1,234.50 · Average 205.75"; "" for a single cell.
    """

    changed = Signal()

    def __init__(self, grid: GridTable, jobs: Jobs) -> None:
        super().__init__(grid)
        self._grid = grid
        self._jobs = jobs
        self._job: Job | None = None
        self.words = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE)
        self._timer.timeout.connect(self._look)
        grid.selectionModel().selectionChanged.connect(self._moved)
        grid.records.dataChanged.connect(self._moved)

    def _moved(self, *_what: object) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job = None
        model, parts = self._grid.records, self._grid.parts()
        if sum(part.width() * model.records_in([(part.top(), part.bottom())]) for part in parts) > 1:
            self._timer.start()
        else:
            self._timer.stop()
            self._say("")

    def _say(self, words: str) -> None:
        if words != self.words:
            self.words = words
            self.changed.emit()

    def _parts(self) -> list[Part]:
        fields = self._grid.records.fields
        return [([(part.top(), part.bottom())], fields[part.left() : part.right() + 1]) for part in self._grid.parts()]

    def _look(self) -> None:
        model, parts = self._grid.records, self._parts()
        fields = list(dict.fromkeys(field for _spans, each in parts for field in each))
        cells = sum(model.records_in(spans) * len(each) for spans, each in parts)
        at_once = _loaded(model, parts) if cells <= AT_ONCE else None
        if at_once is not None:
            self._found(at_once, fields)
            return
        if sum(model.records_in(spans) for spans, _fields in parts) > MOST:
            self._say("")
            return
        self._say("…")
        readers = [(model.reader(spans), each) for spans, each in parts]

        def work(progress: Progress) -> Sums:
            sums = Sums()
            for read, each in readers:
                for row in read(progress):
                    sums.add(row, each)
            return sums

        self._job = self._jobs.start(self, work, lambda sums: self._found(sums, fields), lane="free")

    def _found(self, sums: Sums, fields: Sequence[Field]) -> None:
        self._job = None
        words = [_("{n} filled", n=f"{sums.filled:,}")]
        if sums.numbers:
            average = CONTEXT.divide(sums.total, Decimal(sums.numbers))
            words.append(_("Sum {n}", n=_number(sums.total, fields)))
            words.append(_("Average {n}", n=_number(average, fields)))
        self._say(" · ".join(words))


def _loaded(model: RecordModel, parts: Sequence[Part]) -> Sums | None:
    """The sums of cells that are here; None where one is not."""
    sums = Sums()
    for spans, fields in parts:
        for first, last in spans:
            for position in range(first, last + 1):
                row = model.record(position)
                if row is not None:
                    sums.add(row, fields)
                elif model.group(position) is None:
                    return None
    return sums


def _number(value: Decimal, fields: Sequence[Field]) -> str:
    """A number as the only numeric field among these says it, else plainly, with at most two decimals."""
    numeric = [field for field in fields if field.kind.numeric]
    if len(numeric) == 1 and numeric[0].kind.name != "integer":
        return numeric[0].format(value)
    whole = value == value.to_integral_value()
    return grouped(int(value)) if whole else grouped(round_to(value, 2))
