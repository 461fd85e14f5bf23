"""`ImportFlow`: one import under way: which step it is at, its plan, its jobs. It outlives the page that draws it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.import_wizard import steps
from desktop.import_wizard.preview import Preview, count_misfits, preview
from resources.texts import T, language
from runtime.errors import Sentence, UserError
from runtime.exchange.columns import ColumnPlan
from runtime.exchange.importer import import_plan
from runtime.exchange.plan import ImportPlan
from runtime.exchange.report import ImportReport
from runtime.session import Session
from runtime.store import keys
from runtime.ui.jobs import Job, Jobs
from runtime.work import Progress

REST = 300
"""Milliseconds without a change after which cells that do not fit are counted; the preview is drawn first."""

Edit = Callable[[ImportPlan], ImportPlan]


class Phase(StrEnum):
    """Where an import is."""

    READING = "reading"
    REFUSED = "refused"
    REVIEW = "review"
    PLACE = "place"
    IMPORTING = "importing"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Imported:
    """A finished import.

    Attributes:
        session: holds the new app.
        new: whether its workspace was made for it.
        name: of the app.
    """

    session: Session
    new: bool
    name: str
    report: ImportReport


class ImportFlow(QObject):
    """One file on its way in.

    Attributes:
        path: the file.
        phase: where it is.
        plan: None until the file was read.
        refusal: why the file was refused, or why the import was, in that phase.
        sheet: name of the sheet in front.
        name: of the new app.
        into_new: whether a workspace is made for it; else it goes into the open one.
        place: the workspace to be made then.
        needs_passphrase: whether this computer keeps no keys.

    Signals:
        moved(): another phase.
        planned(): another plan.
        previewed(): the preview of the sheet in front is there.
        counted(): cells that do not fit were counted.
        done(Imported): everything is written.
    """

    moved = Signal()
    planned = Signal()
    previewed = Signal()
    counted = Signal()
    done = Signal(object)

    def __init__(self, jobs: Jobs, path: Path, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self.path = path
        self.phase = Phase.READING
        self.plan: ImportPlan | None = None
        self.refusal: UserError | None = None
        self.sheet = ""
        self.name = path.stem
        self.into_new = True
        self.place = steps.NewPlace(steps.free_name(path.stem, folder), str(folder))
        self.needs_passphrase = False
        self.preview: Preview | None = None
        self._language = ""
        self.report: ImportReport | None = None
        self.job: Job | None = None
        self._edits: list[Edit] = []
        self._busy = False
        self._misfits: dict[tuple[str, str], int] = {}
        self._counting: Job | None = None
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(REST)
        self._later.timeout.connect(self._count)

    # Reading

    def read(self) -> None:
        """Read the file."""
        self._move(Phase.READING)
        path = self.path

        def work(progress: Progress) -> tuple[ImportPlan, bool]:
            return steps.read(path, progress), keys.keyring_backend() is None

        label = T("Reading {file}", file=path.name)
        self.job = self._jobs.start(
            self, work, self._read, self._refused, lane="free", label=label, cancelled=self._unread
        )

    def _read(self, result: tuple[ImportPlan, bool]) -> None:
        self.plan, self.needs_passphrase = result
        self.sheet = next((s.sheet for s in self.plan.sheets if s.include), self.plan.sheets[0].sheet)
        self._show()
        self.planned.emit()
        self._move(Phase.REVIEW)

    def _refused(self, error: UserError) -> None:
        self.refusal = error
        self._move(Phase.REFUSED)

    def _unread(self) -> None:
        self.refusal = None
        self._move(Phase.REFUSED)

    def cancel(self) -> None:
        """Stop what runs; nothing of it is left."""
        if self.job is not None:
            self.job.cancel()
            self.moved.emit()

    @property
    def running(self) -> bool:
        """Whether records are being written."""
        return self.phase is Phase.IMPORTING

    # The plan

    def change(self, edit: Edit) -> None:
        """Change the plan; the new one and its preview arrive a moment later, in the order of the calls."""
        self._edits.append(edit)
        self._work()

    def show_sheet(self, sheet: str) -> None:
        """Bring a sheet to the front."""
        if sheet != self.sheet:
            self.sheet = sheet
            self.preview = None
            self.planned.emit()
            self._show()

    def _show(self) -> None:
        self.change(lambda plan: plan)

    def translate(self) -> None:
        """The preview speaks another language now, where it does: dates are words."""
        if self.preview is not None and self._language != language():
            self._show()

    def _work(self) -> None:
        if self._busy or self.plan is None or not self._edits:
            return
        edits, self._edits = self._edits, []
        plan, sheet = self.plan, self.sheet
        self._busy = True

        def work(_progress: Progress) -> tuple[ImportPlan, Preview]:
            made = plan
            for edit in edits:
                made = edit(made)
            return made, preview(made, sheet)

        self._jobs.start(self, work, self._worked, self._unworked, lane="free")

    def _worked(self, result: tuple[ImportPlan, Preview]) -> None:
        self._language = language()
        self._busy = False
        if self.plan is None:
            return
        former, (self.plan, found) = self.plan, result
        if former != self.plan:
            self.planned.emit()
        if found.sheet == self.sheet:
            self.preview = found
            self.previewed.emit()
        self._work()
        if not self._busy:
            self._later.start()

    def _unworked(self, error: UserError) -> None:
        self._busy = False
        self._work()

    def misfits(self, column: ColumnPlan) -> int:
        """Cells of a column of the sheet in front that are no value of its type; 0 until they were counted."""
        return self._misfits.get((self.sheet, _shape(column)), 0)

    def _count(self) -> None:
        if self._counting is not None:
            self._counting.cancel()
        if self.plan is None:
            return
        plan, sheet, known = self.plan, self.sheet, dict(self._misfits)

        def work(progress: Progress) -> dict[tuple[str, str], int]:
            for column in plan.sheet(sheet).columns:
                key = (sheet, _shape(column))
                if column.include and key not in known:
                    known[key] = count_misfits(plan, sheet, column, progress)
            return known

        def counted(found: dict[tuple[str, str], int]) -> None:
            self._misfits |= found
            self.counted.emit()

        self._counting = self._jobs.start(self, work, counted, lane="free")

    # On and back

    def go(self, phase: Phase) -> None:
        """To the review or to the place."""
        self.refusal = None
        self._move(phase)

    def run(self, session: Session | None) -> None:
        """Import: into `session`, or where there is none, or it is wanted, into the workspace `place`."""
        plan, name = self.plan, self.name.strip() or self.path.stem
        place = self.place if self.into_new or session is None else None
        if plan is None or self.running:
            return
        self.refusal = None

        def work(progress: Progress) -> Imported:
            if place is not None:
                made, report = steps.import_into_new(place, plan, name, progress)
                return Imported(made, True, name, report)
            assert session is not None
            return Imported(session, False, name, import_plan(session, plan, name, progress))

        self.job = self._jobs.start(
            self, work, self._imported, self._not_imported,
            lane="store" if place is None else "free", label=T("Importing {name}", name=name),
            cancelled=self._stopped,
        )  # fmt: skip
        self._move(Phase.IMPORTING)

    def _imported(self, imported: Imported) -> None:
        self.report = imported.report
        self.job = self.plan = self.preview = None
        self._move(Phase.DONE)
        self.done.emit(imported)

    def _not_imported(self, error: UserError) -> None:
        self.refusal = error
        self._move(Phase.PLACE)

    def _stopped(self) -> None:
        self._move(Phase.PLACE)

    def _move(self, phase: Phase) -> None:
        self.phase = phase
        self.moved.emit()

    # How far it is

    @property
    def progress(self) -> tuple[int, int, Sentence]:
        """Done, total (0 = unknown), what it does."""
        step = self.job.step if self.job is not None else None
        if step is None:
            return 0, 0, self.job.label if self.job is not None else ""
        return step.done, step.total, step.label

    @property
    def stopping(self) -> bool:
        """Whether it was asked to stop and has not stopped yet."""
        return self.job is not None and self.job.cancelling


def _shape(column: ColumnPlan) -> str:
    """What decides which cells fit."""
    return repr((column.source, column.field_type, column.props, column.relation, column.order, column.pad))
