"""`GridWriting`: writes the values of many cells as one step, after the person has decided over those that are bad."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from resources.texts import PluralText
from runtime.errors import Problem, Sentence
from runtime.exchange.editing.adding_options import take_options, with_new_options
from runtime.exchange.editing.cell_texts import CellReader, Unfit
from runtime.exchange.editing.cell_writes import BadCell, CellWrites
from runtime.ui.bad_cells import BadCellsPanel
from runtime.ui.grid_tools import GridTools
from runtime.work import Progress


@dataclass(frozen=True, slots=True)
class Step:
    """How a step is spoken of.

    Attributes:
        label: for the undo menu.
        said: what was done, for the notice; None = it is seen without one.
        doing: what goes on with the rest, for the button of the list of bad cells.
        then: what follows when it is written.
        dropped: what follows when nothing is written, because the person wants that or the store cannot.
    """

    label: PluralText
    said: Callable[[], Sentence] | None
    doing: str
    then: Callable[[], None] | None = None
    dropped: Callable[[], None] | None = None


class GridWriting(QObject):
    """Between values that are ready and the store.

    Args:
        place: puts the list of bad cells into the view, when it is first needed.

    Signals:
        shown(bool): the list of bad cells is there, or went away.
    """

    shown = Signal(bool)

    def __init__(self, tools: GridTools, place: Callable[[BadCellsPanel], None]) -> None:
        super().__init__(tools.grid)
        self._tools = tools
        self._place = place
        self._panel: BadCellsPanel | None = None
        self._writes: CellWrites | None = None
        self._step: Step | None = None
        self._later: list[tuple[CellWrites, Step]] = []

    @property
    def panel(self) -> BadCellsPanel:
        """The list of bad cells."""
        if self._panel is None:
            panel = self._panel = BadCellsPanel(designs=self._tools.session.designs)
            self._place(panel)
            panel.went_on.connect(self._go_on)
            panel.dropped.connect(self.drop)
            panel.cell_asked.connect(self._show_cell)
            panel.corrected.connect(self._correct)
            panel.options_wanted.connect(self._add_options)
        return self._panel

    @property
    def waiting(self) -> bool:
        """Whether the person has to decide over bad cells."""
        return self._writes is not None

    def write(self, writes: CellWrites, step: Step, *, beside: bool = False) -> None:
        """Write at once, or list first what is bad.

        Args:
            beside: what waits in the list stays there, for the person did not turn to something else.
        """
        if not beside:
            self.drop()
        if writes.bad or writes.asks:
            self._list(writes, step)
        elif not writes.empty:
            self._store(writes, step)

    def drop(self) -> None:
        """Write nothing."""
        step = self._step
        self._close()
        if step is not None and step.dropped is not None:
            step.dropped()

    def _close(self) -> None:
        if self._writes is not None:
            self._writes = self._step = None
            self.panel.hide()
            self.shown.emit(False)
            self._tools.grid.setFocus()
        if self._later:
            self._list(*self._later.pop(0))

    def _list(self, writes: CellWrites, step: Step) -> None:
        if self.waiting:
            self._later.append((writes, step))
            return
        self._writes, self._step = writes, step
        self.panel.show_bad(writes, step.doing)
        self.shown.emit(True)

    def _go_on(self) -> None:
        writes, step = self._writes, self._step
        if writes is None or step is None:
            return
        writes.without_bad()
        self._close()
        if not writes.empty:
            self._store(writes, step)
        elif step.dropped is not None:
            step.dropped()

    def _store(self, writes: CellWrites, step: Step) -> None:
        tools = self._tools

        def done() -> None:
            if step.said is not None:
                tools.saving.succeeded(step.said(), step.label)
            tools.model.refresh()
            if step.then is not None:
                step.then()

        def lost() -> None:
            if step.dropped is not None:
                step.dropped()

        def refused(problems: tuple[Problem, ...]) -> None:
            if writes.mark(problems):
                self._list(writes, step)
            else:
                tools.saving.say_refused(problems, step.label)
                lost()

        tools.saving.write(
            writes.steps, step.label, done, refused, lambda: with_new_options(writes, tools.session.apps), lost
        )

    # Bad cells

    def _add_options(self) -> None:
        """Cells name options that their fields are to have too: go on where nothing else is bad."""
        if self._writes is not None:
            take_options(self._writes)
            self.panel.refresh()
            if not self._writes.bad and not self._writes.asks:
                self._go_on()

    def _show_cell(self, bad: BadCell) -> None:
        writes, tools = self._writes, self._tools
        position = writes.places.get(bad.record) if writes is not None else None
        if position is not None:
            columns = [field.id for field in tools.fields]
            tools.grid.go_to(position, columns.index(bad.field) if bad.field in columns else None)

    def _correct(self, bad: BadCell, text: str) -> None:
        """Read what the person wrote instead; titles of records are looked up, so never on this thread."""
        writes = self._writes
        field = writes.form.by_id.get(bad.field) if writes is not None else None
        if writes is None or field is None:
            return
        session = self._tools.session

        def read(_progress: Progress) -> tuple[bool, object]:
            try:
                return True, CellReader(session, field, [text]).read(text)
            except Unfit as unfit:
                return False, unfit.reason

        def answered(answer: tuple[bool, object]) -> None:
            good, value = answer
            if self._writes is not writes or bad not in writes.bad:
                return
            bad.text = text
            if good:
                writes.correct(bad, value)
            else:
                bad.reason = value  # type: ignore[assignment]  # the reason
            self.panel.refresh()

        self._tools.jobs.start(self, read, answered, lane="free")
