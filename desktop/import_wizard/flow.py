"""`ImportFlow`: one import under way: which step it is at, its plan, its jobs. It outlives the page that draws it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop.import_wizard import steps
from desktop.import_wizard.draft import Draft
from desktop.import_wizard.draft_work import DraftWork
from resources.texts import T
from runtime.errors import Sentence, UserError
from runtime.exchange.importing.importer import import_all, rehearse
from runtime.exchange.importing.kept_aims import keep_aims
from runtime.exchange.importing.report import ImportReport
from runtime.exchange.readers.options import Options
from runtime.exchange.understanding.plan import ImportPlan
from runtime.session import Session
from runtime.store import keys
from runtime.ui.jobs import Job, Jobs
from runtime.work import Progress

TRIES = 5
"""How often a password may be entered before the file is left alone."""


class Phase(StrEnum):
    """Where an import is."""

    READING = "reading"
    REFUSED = "refused"
    REVIEW = "review"
    PLACE = "place"
    CHECKING = "checking"
    CHECKED = "checked"
    IMPORTING = "importing"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Imported:
    """A finished import.

    Attributes:
        session: holds the records.
        new: whether its workspace was made for it.
        name: of the app.
    """

    session: Session
    new: bool
    name: str
    report: ImportReport


class ImportFlow(QObject):
    """Files on their way in.

    Args:
        paths: the files, at least one.
        folder: in which a workspace would be made.
        session: the open workspace, whose forms sheets can go into.
        wanted: id of the form that the import was asked for; "" = none.

    Attributes:
        phase: where it is.
        draft: what would be made of the files; see `DraftWork`.
        refusal: why the file was refused, or why the import was, in that phase.
        tries: how often a password may still be entered.
        options: what the person said about reading; its password is forgotten as soon as the file is read.
        name: of the new app.
        into_new: whether a workspace is made for it; else it goes into the open one.
        app: id of the app in the open one that gets the new forms; "" = a new one; None until a person agreed to one.
        place: the workspace to be made then.
        needs_passphrase: whether this computer keeps no keys.
        rehearsed: what the import would do, once it was tried.
        report: what it did.

    Signals:
        moved(): another phase.
        arrived(): what a person changed is done; see `changing`.
        broken_off(UserError | None): it is not, for it failed or was stopped.
        done(Imported): everything is written.
    """

    moved = Signal()
    arrived = Signal()
    broken_off = Signal(object)
    done = Signal(object)

    def __init__(
        self,
        jobs: Jobs,
        paths: Sequence[Path],
        folder: Path,
        session: Session | None = None,
        wanted: str = "",
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self.paths = tuple(paths)
        self.phase = Phase.READING
        self.refusal: UserError | None = None
        self.tries = TRIES
        self.options = self._read_as = Options()
        self.wanted = wanted
        self.draft = DraftWork(jobs, session, self)
        self.draft.arrived.connect(self._arrived)
        self.draft.broken_off.connect(self.broken_off)
        self.name = self.path.stem
        self.into_new = session is None
        self.app: str | None = None
        self.place = steps.NewPlace(steps.free_name(self.path.stem, folder), str(folder))
        self.needs_passphrase = False
        self.rehearsed: ImportReport | None = None
        self.report: ImportReport | None = None
        self.source: ImportPlan | None = None
        self.job: Job | None = None

    @property
    def path(self) -> Path:
        """The first file."""
        return self.paths[0]

    @property
    def plan(self) -> ImportPlan | None:
        """What the sheets would become; None until they were read."""
        return self.draft.now.plan if self.draft.now is not None else None

    @property
    def title(self) -> str:
        """What the files are called together."""
        return steps.files_words([path.name for path in self.paths])

    @property
    def session(self) -> Session | None:
        """The open workspace, whose forms sheets can go into."""
        return self.draft.session

    # Reading

    def read(self, options: Options | None = None) -> None:
        """Read the files, as a person says where they say something."""
        self.options = options or self.options
        reading, paths, session, wanted = self.options, self.paths, self.session, self.wanted
        former = self.draft.now
        self._move(Phase.READING)

        def work(progress: Progress) -> tuple[Draft, bool]:
            draft = steps.read(paths, progress, reading, session, wanted)
            draft = draft.after(former, session, progress) if former is not None else draft
            return draft, keys.keyring_backend() is None

        label = T("Reading {file}", file=self.title)
        self.job = self._jobs.start(
            self, work, partial(self._read, session), partial(self._refused, session),
            lane="free", label=label, cancelled=self._unread,
        )  # fmt: skip

    def reread(self, options: Options) -> None:
        """Read the files another way while their review is shown; what was changed by hand is kept where it fits."""
        if self.job is not None:
            self.job.cancel()  # a person who says something else meanwhile does not wait for the first
        self.options = options
        paths, session, wanted = self.paths, self.session, self.wanted

        def work(progress: Progress) -> Draft:
            return steps.read(paths, progress, options, session, wanted)

        def read(draft: Draft) -> None:
            if self.options is options:
                former, self._read_as = self._read_as, options
                made = draft if session is self.session else draft.without_forms()
                self.draft.begin_again(made, partial(self._as_before, options, former))

        def refused(error: UserError) -> None:
            if self.options is options:
                self._refused(session, error)

        label = T("Reading {file}", file=self.title)
        self.job = self._jobs.start(
            self,
            work,
            read,
            refused,
            lane="free",
            label=label,
            cancelled=partial(self._not_reread, options),
        )

    def _not_reread(self, options: Options) -> None:
        self._as_before(options, self._read_as)
        if not self.changing:
            self.broken_off.emit(None)

    def _as_before(self, options: Options, former: Options) -> None:
        """Reading that way was stopped; what a person said since stays."""
        self._read_as = former
        if self.options is options:
            self.options = former

    def _read(self, session: Session | None, result: tuple[Draft, bool]) -> None:
        draft, self.needs_passphrase = result
        self.options = self._read_as = steps.without_password(self.options)
        self.draft.begin(draft if session is self.session else draft.without_forms())
        self._move(Phase.REVIEW)

    def _refused(self, session: Session | None, error: UserError) -> None:
        if session is not self.session:  # it was left while the file was compared with its records
            again = self.read if self.draft.now is None else self.reread
            again(self.options)
            return
        self.refusal = error
        if self.options.password:
            self.tries -= 1
            self.options = steps.without_password(self.options)
        self._move(Phase.REFUSED)

    def _unread(self) -> None:
        self.refusal = None
        self.options = steps.without_password(self.options)
        self._move(Phase.REFUSED)

    def cancel(self) -> None:
        """Stop what runs; nothing of it is left."""
        if self.job is not None:
            self.job.cancel()
            self.moved.emit()

    @property
    def changing(self) -> bool:
        """Whether something that a person changed, or another way of reading, is not in the draft yet."""
        return self.draft.changing or self.options is not self._read_as

    def _arrived(self) -> None:
        if not self.changing:
            self.arrived.emit()

    @property
    def running(self) -> bool:
        """Whether records are being written, or that is tried."""
        return self.phase in {Phase.IMPORTING, Phase.CHECKING}

    # On and back

    def go(self, phase: Phase) -> None:
        """To another step that waits for the person."""
        self.refusal = None
        self._move(phase)

    @property
    def makes_forms(self) -> bool:
        """Whether a sheet becomes a new form."""
        now = self.draft.now
        return now is not None and bool(now.new_sheets)

    @property
    def fills_forms(self) -> bool:
        """Whether a sheet goes into a form that is there."""
        now = self.draft.now
        return now is not None and bool(now.aimed)

    def check(self) -> None:
        """Try what the import would do to the forms that are there."""
        now, session, app = self.draft.now, self.session, self.app or ""
        if now is None or session is None or self.running:
            return
        self.refusal = None

        def work(progress: Progress) -> ImportReport:
            return rehearse(session, now.plan, now.aims, progress, app)

        self.job = self._jobs.start(
            self, work, self._checked, self._not_checked, lane="free",
            label=T("Checking {file}", file=self.title), cancelled=lambda: self._move(Phase.REVIEW),
        )  # fmt: skip
        self._move(Phase.CHECKING)

    def _checked(self, report: ImportReport) -> None:
        self.rehearsed = report
        self._move(Phase.CHECKED)

    def _not_checked(self, error: UserError) -> None:
        self.refusal = error
        self.rehearsed = None
        self._move(Phase.CHECKED)

    def run(self, session: Session | None) -> None:
        """Import: into `session`, or where there is none, or it is wanted, into the workspace `place`."""
        now = self.draft.now
        alone = session is None or (self.into_new and not self.fills_forms)
        place, app = (self.place, "") if alone else (None, self.app or "")
        name = self.path.stem if app else self.name.strip() or self.path.stem
        if now is None or self.running:
            return
        self.refusal = None

        def work(progress: Progress) -> Imported:
            if place is not None:
                made, report = steps.import_into_new(place, now.plan, name, progress)
                return Imported(made, True, name, report)
            assert session is not None
            report = import_all(session, now.plan, name, now.aims, progress, app)
            keep_aims(session, now.plan, {sheet.sheet: now.aims[sheet.sheet] for sheet in now.aimed}, report.made)
            return Imported(session, False, name, report)

        self.job = self._jobs.start(
            self, work, self._imported, self._not_imported,
            lane="store" if place is None else "free", label=T("Importing {name}", name=name),
            cancelled=lambda: self._move(self._before),
        )  # fmt: skip
        self._move(Phase.IMPORTING)

    @property
    def _before(self) -> Phase:
        """The step from which the import was started."""
        return Phase.CHECKED if self.fills_forms else Phase.PLACE

    def _imported(self, imported: Imported) -> None:
        self.report = imported.report
        now = self.draft.now
        self.source = now.plan if now is not None and imported.report.refused else None
        self.job = None
        self.draft.end()
        self._move(Phase.DONE)
        self.done.emit(imported)

    def _not_imported(self, error: UserError) -> None:
        self.refusal = error
        self._move(self._before)

    def _move(self, phase: Phase) -> None:
        was_running, self.phase = self.running, phase
        if self.running:
            self.draft.count_later()
        elif was_running and phase is not Phase.DONE:
            self.draft.count_on()
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
