"""Reads a workbook: a cheap look, then a child process that parses it while this side waits, counts and can cancel."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

import runtime
from resources.texts import T
from runtime.exchange import wire
from runtime.exchange.archive import Format, Limits, look_at
from runtime.exchange.cells import Block, Column, to_columns, unpack
from runtime.exchange.refusals import (
    FileDamaged,
    FileTooLarge,
    FileUnreadable,
    NothingToImport,
    PasswordProtected,
    ReadingTimedOut,
)
from runtime.work import Progress

POLL = 0.05
QUEUED = 32
COMPLAINT = 4000


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet as it is in the file, counted from A1.

    Attributes:
        name: as on its tab.
        visible: False where it is hidden.
        height, width: rows and columns, with everything blank inside.
        columns: one `Column` per column, each `height` long.
        formats: column -> number format of its cells (.xlsx only).
        merged: merged ranges: first row, first column, last row, last column, from 0.
        row_numbers: numbers of the rows in the file where blank rows were left out in reading, else empty.
        dropped_columns: columns beyond the limit.
        cleaned: texts that held control characters.
        readable: False where this sheet is damaged and the rest of the workbook is not.
    """

    name: str
    visible: bool = True
    height: int = 0
    width: int = 0
    columns: tuple[Column, ...] = ()
    formats: dict[int, str] = field(default_factory=dict)
    merged: tuple[tuple[int, int, int, int], ...] = ()
    row_numbers: tuple[int, ...] = ()
    dropped_columns: int = 0
    cleaned: int = 0
    readable: bool = True


@dataclass(frozen=True, slots=True)
class Workbook:
    """What a file holds: its sheets in the order of their tabs."""

    path: Path
    sheets: tuple[Sheet, ...]


def open_workbook(path: Path, progress: Progress, limits: Limits | None = None) -> Workbook:
    """Read all sheets of the .xlsx, .xlsm, .xls, .xlsb or .ods file at `path`.

    Raises:
        CannotRead: one of its subclasses, saying why not.
        Cancelled: somebody asked to stop; the reader process is gone.
    """
    limits = limits or Limits()
    progress.step(0, 0, T("Opening the file"))
    look = look_at(path, limits)
    deadline = time.monotonic() + limits.seconds
    sheets = None if look.giant else _read(path, look.format, False, limits, deadline, progress)
    if sheets is None:
        sheets = _read(path, look.format, True, limits, deadline, progress) if look.format is Format.XLSX else None
    if sheets is None:
        raise FileTooLarge
    if sheets and not any(sheet.readable for sheet in sheets):
        raise FileDamaged
    if not any(sheet.height for sheet in sheets):
        raise NothingToImport
    return Workbook(path, sheets)


def _read(
    path: Path, kind: Format, squeeze: bool, limits: Limits, deadline: float, progress: Progress
) -> tuple[Sheet, ...] | None:
    """The sheets; None where the grid did not fit into the reader's memory."""
    request = wire.Request(str(path.absolute()), kind, squeeze, limits.memory, limits.grid, limits.rows, limits.columns)
    with _reader(request) as reader:
        collector = Collector(progress)
        while True:
            frame = reader.frame(progress, deadline)
            if isinstance(frame, wire.Finished):
                return tuple(collector.sheets)
            if isinstance(frame, wire.Failed):
                _refuse(frame, limits)
                return None
            if frame is None:
                reader.post_mortem()
                return None
            collector.take(frame)


def _refuse(failed: wire.Failed, limits: Limits) -> None:
    """Raise what the reader says, unless the grid was too large for it: squeezing may help then.

    Raises:
        CannotRead: one of its subclasses.
    """
    if failed.reason in ("memory", "giant"):
        return
    if failed.reason == "password":
        raise PasswordProtected
    if failed.reason == "rows":
        raise FileTooLarge(T("The sheet “{sheet}” has more than {n} rows.", sheet=failed.detail, n=f"{limits.rows:,}"))
    raise FileDamaged


class Collector:
    """Puts the frames of a reader together to sheets."""

    def __init__(self, progress: Progress) -> None:
        self.sheets: list[Sheet] = []
        self._progress = progress
        self._found: list[tuple[str, bool]] = []
        self._begun = wire.SheetBegins()
        self._chunks: list[list[Block]] = []
        self._rows = self._cleaned = 0

    def take(self, frame: wire.Frame) -> None:
        """Add one frame."""
        if isinstance(frame, wire.SheetsFound):
            self._found = frame.sheets
            self._say()
        elif isinstance(frame, wire.SheetBegins):
            self._begun, self._chunks, self._rows, self._cleaned = frame, [], 0, 0
        elif isinstance(frame, wire.Rows):
            self._chunks.append([unpack(block) for block in frame.blocks])
            self._rows += frame.height
            self._cleaned += frame.cleaned
            self._say()
        elif isinstance(frame, wire.SheetEnds):
            self.sheets.append(self._sheet())
            self._say()

    def _say(self) -> None:
        if len(self.sheets) < len(self._found):
            name = self._found[len(self.sheets)][0]
            self._progress.step(self._rows, self._begun.height, T("Reading “{sheet}”", sheet=name))

    def _sheet(self) -> Sheet:
        (name, visible), begun = self._found[len(self.sheets)], self._begun
        return Sheet(
            name, visible, self._rows, begun.width, to_columns(self._chunks), begun.formats, tuple(begun.merged),
            tuple(begun.row_numbers), begun.dropped, self._cleaned, begun.readable,
        )  # fmt: skip


class Reader:
    """One child process and the thread that listens to it."""

    def __init__(self, request: wire.Request) -> None:
        root = str(Path(runtime.__file__).parent.parent)
        kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ}
        self.process = subprocess.Popen(
            [sys.executable, "-B", "-m", "runtime.exchange.reader_process"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={**kept, "PYTHONPATH": root, "RUST_BACKTRACE": "0", "PYTHONIOENCODING": "utf-8"},
        )  # fmt: skip
        self._frames: queue.Queue[wire.Frame | None] = queue.Queue(QUEUED)
        self._closing = threading.Event()
        self._complaint = b""
        self._listeners = [
            threading.Thread(target=self._listen, name="workbook-frames", daemon=True),
            threading.Thread(target=self._overhear, name="workbook-errors", daemon=True),
        ]
        for listener in self._listeners:
            listener.start()
        self._ask(request)

    def frame(self, progress: Progress, deadline: float) -> wire.Frame | None:
        """The next frame; None when the child has ended.

        Raises:
            Cancelled: somebody asked to stop.
            ReadingTimedOut: the deadline has passed.
        """
        while True:
            progress.check()
            if time.monotonic() > deadline:
                raise ReadingTimedOut
            try:
                return self._frames.get(timeout=POLL)
            except queue.Empty:
                continue

    def post_mortem(self) -> None:
        """Say why the child ended without a last frame, unless it ran out of memory.

        Raises:
            FileDamaged: the parser gave up.
            RuntimeError: the child has a bug.
        """
        code = self.process.wait()
        for listener in self._listeners:
            listener.join()
        complaint = self._complaint.decode("utf-8", "replace")
        if "memory allocation of" in complaint or "MemoryError" in complaint:
            return
        if code < 0 or "PanicException" in complaint:
            raise FileDamaged
        raise RuntimeError(f"the reader process ended with {code}: {complaint}")

    def close(self) -> None:
        """Kill the child where it still runs, and wait until it is gone."""
        self._closing.set()
        self.process.kill()
        self.process.wait()
        for listener in self._listeners:
            listener.join()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            if pipe is not None and not pipe.closed:
                pipe.close()

    def _ask(self, request: wire.Request) -> None:
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(msgspec.msgpack.encode(request))
            self.process.stdin.close()
        except BrokenPipeError:  # it died at once; post_mortem says why
            return

    def _listen(self) -> None:
        assert self.process.stdout is not None
        frame: wire.Frame | None = wire.SheetEnds()
        while frame is not None and not self._closing.is_set():
            frame = wire.receive(self.process.stdout)  # type: ignore[arg-type]  # a buffered pipe
            self._put(frame)

    def _put(self, frame: wire.Frame | None) -> None:
        while not self._closing.is_set():
            try:
                self._frames.put(frame, timeout=POLL)
                break
            except queue.Full:
                continue

    def _overhear(self) -> None:
        assert self.process.stderr is not None
        while line := self.process.stderr.readline(COMPLAINT):
            self._complaint = (self._complaint + line)[-COMPLAINT:]


@contextmanager
def _reader(request: wire.Request) -> Iterator[Reader]:
    try:
        reader = Reader(request)
    except OSError as error:
        raise FileUnreadable(T("The reader process could not be started.")) from error
    try:
        yield reader
    finally:
        reader.close()
