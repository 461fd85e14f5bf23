"""Long work off the GUI thread: three lanes, results on the GUI thread, silence when the asker is gone.

`store` has one worker, so writes are serial without locks; `free` is for files, network and reading; `quiet` is for
what nobody waits for and lets everything else go first. Widgets never see a thread, and nothing here waits except
`close`. While lanes can run, garbage is collected on the GUI thread only.
"""

from __future__ import annotations

import contextvars
import itertools
import time
import weakref
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any, Literal, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from resources.texts import T
from runtime.errors import Cancelled, Sentence, UserError
from runtime.ui.collector import Collector
from runtime.work import Progress, Step, under

Lane = Literal["store", "free", "quiet"]
Change = Literal["", "short", "long"]
R = TypeVar("R")

PATIENCE = 0.5
"""Seconds after which a job is shown to the person."""
TICK = 100
"""Milliseconds between two looks at the progress of what runs."""
FREE_WORKERS = 3


class Job:
    """One piece of work under way.

    Attributes:
        label: what it does, in words; "" is never shown.
        step: how far it is, or `None` before its first step.
        change: what a person made that is on its way; see `Jobs.start`.
    """

    def __init__(self, number: int, lane: Lane, label: Sentence, work: Callable[[Progress], Any]) -> None:
        self.change: Change = ""
        self.number = number
        self.lane = lane
        self.label = label
        self.step: Step | None = None
        self.started = time.monotonic()
        self.progress = Progress(self._stepped)
        self.work: Callable[[Progress], Any] | None = work
        self.then: Callable[[Any], None] | None = None
        self.failed: Callable[[UserError], None] | None = None
        self.cancelled: Callable[[], None] | None = None
        self.owner: weakref.ref[QObject] | None = None
        self.result: Any = None
        self.error: BaseException | None = None
        self.future: Future[None] | None = None

    def cancel(self) -> None:
        """Ask the work to stop at its next step."""
        self.progress.cancel()

    @property
    def cancelling(self) -> bool:
        """Whether it was asked to stop and has not stopped yet."""
        return self.progress.cancelled

    def _stepped(self, step: Step) -> None:
        self.step = step

    def forget(self) -> None:
        """Drop everything that may hold a widget; called on the GUI thread only."""
        self.work = self.then = self.failed = self.cancelled = self.owner = None
        self.result = self.error = None


class Jobs(QObject):
    """Runs work in lanes.

    Args:
        report: shown what a job without `failed` raised, and every bug: the boundary of the notices.
        patience: seconds after which a job is shown.

    Signals:
        changed(): the list of shown jobs or their progress is another one.
    """

    changed = Signal()
    _ended = Signal(int)

    def __init__(
        self, report: Callable[[BaseException], None], patience: float = PATIENCE, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._report = report
        self._patience = patience
        self._numbers = itertools.count(1)
        self._jobs: dict[int, Job] = {}
        self._owned: dict[int, set[int]] = {}
        self._lanes: dict[Lane, ThreadPoolExecutor] = {
            "store": ThreadPoolExecutor(1, thread_name_prefix="formwork-store"),
            "free": ThreadPoolExecutor(FREE_WORKERS, thread_name_prefix="formwork-free"),
            "quiet": ThreadPoolExecutor(1, thread_name_prefix="formwork-quiet"),
        }
        self._closed = False
        self._collector = Collector(lambda: not self.busy, self)
        self._ended.connect(self._arrived, Qt.ConnectionType.QueuedConnection)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK)
        self._timer.timeout.connect(self._tick)

    def start(
        self,
        owner: QObject,
        work: Callable[[Progress], R],
        then: Callable[[R], None] | None = None,
        failed: Callable[[UserError], None] | None = None,
        *,
        lane: Lane = "store",
        label: Sentence = "",
        cancelled: Callable[[], None] | None = None,
        change: Change = "",
    ) -> Job:
        """Run `work` in a lane; exactly one of `then`, `failed`, `cancelled` is called, on the GUI thread.

        When `owner` is destroyed the job is cancelled and nobody is called; for one that is gone already nothing is
        done: a button of a notice outlives the page that made it. What `work` raises: `UserError` goes to
        `failed` (without one: to the notices); `Cancelled` to `cancelled` (without one: silence); anything else is a
        bug, goes to the crash dialog, and `failed` gets a `UserError` of code "bug" so that the asker can settle.

        Args:
            change: what the work brings that a person made. "short" = it is taken for done: neither the end of `owner`
                nor `close` stops it, and what goes wrong after the end of `owner` goes to the notices. "long" = it
                can be stopped as any work, and `writing` tells of it so that somebody can ask before.
        """
        job = Job(next(self._numbers), lane, label, work)
        job.change = change
        job.then, job.failed, job.cancelled = then, failed, cancelled
        job.owner = weakref.ref(owner)
        if self._closed or not shiboken6.isValid(owner):
            job.forget()
            return job
        self._watch(owner, job.number)
        self._jobs[job.number] = job
        context = contextvars.copy_context()
        job.future = self._lanes[lane].submit(context.run, self._run, job)
        if not self._timer.isActive():
            self._timer.start()
        return job

    def shown(self) -> list[Job]:
        """The jobs that have run longer than `patience`, oldest first."""
        now = time.monotonic()
        return [job for job in self._jobs.values() if job.label and now - job.started >= self._patience]

    @property
    def busy(self) -> bool:
        """Whether anything is under way that somebody waits for: the quiet lane does not count. From any thread."""
        return any(job.lane != "quiet" for job in list(self._jobs.values()))

    def under_way(self, label: Sentence) -> bool:
        """Whether a job of this label is under way, or waits for its turn."""
        return any(job.label is label for job in self._jobs.values())

    def writing(self, under: QObject | None = None) -> bool:
        """Whether a long change that a person made is on its way and would be lost by an end now.

        Args:
            under: look only at what this object, or one that it holds, asked for.
        """
        return any(job.change == "long" and (under is None or _within(job.owner, under)) for job in self._jobs.values())

    @property
    def idle(self) -> bool:
        """Whether nothing is under way, not even what nobody waits for."""
        return not self._jobs

    def close(self) -> None:
        """Cancel what runs, let what is to be kept end, wait until the lanes are empty; nobody is called any more."""
        self._closed = True
        self._timer.stop()
        for job in self._jobs.values():
            if job.change != "short":
                job.cancel()
        for lane in self._lanes.values():
            lane.shutdown(wait=True)
        for job in self._jobs.values():
            job.forget()
        self._jobs.clear()
        self._owned.clear()
        self._collector.close()

    def _watch(self, owner: QObject, number: int) -> None:
        pointer = int(shiboken6.getCppPointer(owner)[0])
        if pointer not in self._owned:
            self._owned[pointer] = set()
            owner.destroyed.connect(partial(self._owner_gone, pointer))
        self._owned[pointer].add(number)

    def _owner_gone(self, pointer: int, *_: object) -> None:
        for number in self._owned.pop(pointer, set()):
            job = self._jobs.get(number)
            if job is not None:
                job.then = job.failed = job.cancelled = None
                if job.change != "short":
                    job.cancel()

    def _run(self, job: Job) -> None:
        """On the worker's thread: keeps no reference to what may hold a widget once it has told the GUI thread."""
        try:
            work = job.work
            job.progress.check()
            if work is not None:
                with under(job.progress):
                    job.result = work(job.progress)
        except BaseException as error:  # noqa: BLE001 - the job runner: everything is handed to the GUI thread
            job.error = error
        work = None
        if shiboken6.isValid(self):
            self._ended.emit(job.number)

    @Slot(int)
    def _arrived(self, number: int) -> None:
        job = self._jobs.pop(number, None)
        if job is None:
            return
        owner = job.owner() if job.owner is not None else None
        alive = owner is not None and shiboken6.isValid(owner)
        if owner is not None and alive:
            self._owned.get(int(shiboken6.getCppPointer(owner)[0]), set()).discard(number)
        if not self._jobs:
            self._timer.stop()
        self.changed.emit()
        try:
            if alive:
                self._tell(job)
            elif job.change == "short" and job.error is not None and not isinstance(job.error, Cancelled):
                self._report(job.error)
        finally:
            job.forget()

    def _tell(self, job: Job) -> None:
        if job.error is None:
            if job.then is not None:
                job.then(job.result)
        elif isinstance(job.error, Cancelled):
            if job.cancelled is not None:
                job.cancelled()
        elif isinstance(job.error, UserError) and job.failed is not None:
            job.failed(job.error)
        else:
            self._report(job.error)
            if job.failed is not None:
                job.failed(UserError(T("Something went wrong in Formwork."), T("What you saved is safe."), "bug"))

    @Slot()
    def _tick(self) -> None:
        self._collector.look()
        if self.shown():
            self.changed.emit()


def _within(owner: weakref.ref[QObject] | None, under: QObject) -> bool:
    """Whether an object is `under` or is held by it."""
    each = owner() if owner is not None else None
    while each is not None and shiboken6.isValid(each):
        if each is under:
            return True
        each = each.parent()
    return False
