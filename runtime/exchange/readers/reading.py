"""Reads a file: a cheap look, then a child process that parses it while this side waits, counts and can cancel."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import msgspec

from resources.texts import T
from runtime.errors import Sentence
from runtime.exchange.cells import BLANK, Block, Column, to_columns, unpack
from runtime.exchange.child import start_child
from runtime.exchange.readers import wire
from runtime.exchange.readers.archive import Extra, Format, Look, look_at
from runtime.exchange.readers.file_read import FileRead
from runtime.exchange.readers.options import ENCODINGS, MEGABYTE, Limits, Options
from runtime.exchange.readers.refusals import (
    ArchiveLocked,
    CannotRead,
    FileDamaged,
    FileTooLarge,
    FileUnreadable,
    LineTooLong,
    NothingToImport,
    PasswordProtected,
    QuoteNeverCloses,
    ReadingTimedOut,
    TooManyRows,
    UnsafeArchive,
    WrongPassword,
)
from runtime.exchange.readers.telling import notes_about
from runtime.exchange.readers.text_facts import TextFacts
from runtime.work import Progress

POLL = 0.05
QUEUED = 32
COMPLAINT = 4000


class Watcher(Protocol):
    """Looks at what was read while the rest is being read."""

    def rows(self, chunks: Sequence[Sequence[Block]]) -> None:
        """Another chunk of the sheet that is being read has come; `chunks` are all so far, each a block per column."""
        ...


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet as it is in the file, counted from A1.

    Attributes:
        name: as on its tab; of a text file or web page the file's.
        visible: False where it is hidden.
        height, width: rows and columns, with everything blank inside.
        columns: one `Column` per column, each `height` long.
        formats: column -> number format of its cells, where it has one.
        merged: merged ranges: first row, first column, last row, last column, from 0.
        row_numbers: numbers of the rows in the file where blank rows were left out in reading, else empty.
        dropped_columns: columns beyond the limit.
        cleaned: texts that held control characters or halves of characters.
        readable: False where this sheet is damaged and the rest of the workbook is not.
        hidden_rows, hidden_columns: places from 0; None where the reader cannot tell.
        unsaved: column -> formulas without a saved result, whose cells are blank.
        reader: which reader read it: calamine, openpyxl, text, html or spreadsheetml.
        text: encoding, delimiter, ragged rows and bad lines of a text file, the encoding of a web page, else None.
        lists: ranges under a filter or made a table, as `merged` (.xlsx only).
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
    hidden_rows: tuple[int, ...] | None = None
    hidden_columns: tuple[int, ...] | None = None
    unsaved: dict[int, int] = field(default_factory=dict)
    reader: str = ""
    text: TextFacts | None = None
    lists: tuple[tuple[int, int, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Workbook:
    """What a file holds.

    Attributes:
        path: where it lies.
        sheets: in the order of their tabs.
        format: what its bytes are, whatever its name says.
        notes: sentences about what was left alone, and about a name that says something else than the bytes.
        read: which content was read, and how.
    """

    path: Path
    sheets: tuple[Sheet, ...]
    format: Format = Format.XLSX
    notes: tuple[Sentence, ...] = ()
    read: FileRead | None = None


def open_workbook(
    path: Path,
    progress: Progress,
    limits: Limits | None = None,
    options: Options | None = None,
    watcher: Watcher | None = None,
) -> Workbook:
    """Read all sheets of the file at `path`.

    Workbooks of Excel (.xlsx, .xlsm, .xls, .xlsb, XML of 2003), OpenDocument sheets (.ods, .fods), web pages with
    tables, and texts with cells (csv, tsv and the like): the bytes decide which, not the name.

    Raises:
        CannotRead: one of its subclasses, saying why not.
        Cancelled: somebody asked to stop; the reader process is gone.
        ValueError: `options` name an encoding or delimiter that is none.
    """
    limits, options = limits or Limits(), options or Options()
    if (options.encoding and options.encoding not in ENCODINGS) or len(options.delimiter) > 1:
        raise ValueError("no encoding or delimiter that can be chosen")
    progress.step(0, 0, T("Opening the file"))
    look = look_at(path, limits)
    read = FileRead.of(path, options)
    reading = Reading(path, look, limits, options, progress, watcher)
    collector = None if look.giant else reading.collected(squeeze=False)
    if collector is None and look.format in (Format.XLSX, Format.LOCKED):
        collector = reading.collected(squeeze=True)
    if collector is None:
        raise FileTooLarge
    sheets = tuple(collector.sheets)
    if sheets and not any(sheet.readable for sheet in sheets):
        raise FileDamaged
    if not any(block.kind != BLANK for sheet in sheets for column in sheet.columns for block in column.blocks):
        raise NothingToImport
    notes = notes_about(path, look.format, (*look.extras, *collector.extras))
    return Workbook(path, sheets, look.format, notes, read)


def open_workbooks(
    paths: Iterable[Path],
    progress: Progress,
    limits: Limits | None = None,
    options: Options | None = None,
    watcher: Watcher | None = None,
) -> list[Workbook]:
    """Read several files, one after the other, as `open_workbook` does; the first that cannot be read stops it.

    Raises:
        CannotRead: its message names the file.
        Cancelled: somebody asked to stop.
    """
    books = []
    for path in paths:
        try:
            books.append(open_workbook(path, progress, limits, options, watcher))
        except CannotRead as error:
            error.message = T("“{file}”: {reason}", file=path.name, reason=error.message)
            raise
    return books


@dataclass(frozen=True, slots=True)
class Reading:
    """One file that is being read; the time that it may take begins to run when this is made."""

    path: Path
    look: Look
    limits: Limits
    options: Options
    progress: Progress
    watcher: Watcher | None = None
    begun: float = field(default_factory=time.monotonic)

    def collected(self, squeeze: bool) -> Collector | None:
        """What the reader sends; None where the grid did not fit into its memory.

        Raises:
            CannotRead, Cancelled: see `open_workbook`.
        """
        request = wire.Request(str(self.path.absolute()), self.look.format, self.limits, self.options, squeeze)
        with _reader(request) as reader:
            collector = Collector(self.progress, self.watcher)
            while True:
                frame = reader.frame(self.progress, self.begun + self.limits.seconds)
                if isinstance(frame, wire.Finished):
                    return collector
                if isinstance(frame, wire.Failed):
                    self._refuse(frame)
                    return None
                if frame is None:
                    reader.post_mortem()
                    return None
                collector.take(frame)

    def _refuse(self, failed: wire.Failed) -> None:
        """Raise what the reader says, unless the grid was too large for it: squeezing may help then."""
        if failed.reason in ("memory", "giant"):
            return
        plain = REFUSALS.get(failed.reason)
        if plain is not None:
            raise plain
        if failed.reason == "rows":
            most = f"{self.limits.rows:,}"
            raise TooManyRows(T("The sheet “{sheet}” has more than {n} rows.", sheet=failed.detail, n=most))
        if failed.reason == "quote":
            raise QuoteNeverCloses(T("The quotation mark in line {n} is never closed.", n=failed.detail))
        n = self.limits.cell_bytes // MEGABYTE
        raise LineTooLong(T("Line {line} of the file is longer than {n} MB.", line=failed.detail, n=n))


REFUSALS: dict[str, type[CannotRead]] = {
    "password": PasswordProtected,
    "wrong_password": WrongPassword,
    "locked": ArchiveLocked,
    "unsafe": UnsafeArchive,
    "large": FileTooLarge,
    "nothing": NothingToImport,
    "damaged": FileDamaged,
}
"""What a reader says -> what that is called."""


class Collector:
    """Puts the frames of a reader together to sheets."""

    def __init__(self, progress: Progress, watcher: Watcher | None = None) -> None:
        self.sheets: list[Sheet] = []
        self.extras: list[Extra] = []
        self._progress, self._watcher = progress, watcher
        self._found: list[tuple[str, bool]] = []
        self._height = 0
        self._chunks: list[list[Block]] = []
        self._rows = self._cleaned = 0

    def take(self, frame: wire.Frame) -> None:
        """Add one frame."""
        if isinstance(frame, wire.SheetsFound):
            self._found, self.extras = frame.sheets, frame.extras
            self._say()
        elif isinstance(frame, wire.SheetBegins):
            self._height, self._chunks, self._rows, self._cleaned = frame.height, [], 0, 0
        elif isinstance(frame, wire.Rows):
            self._chunks.append([unpack(block) for block in frame.blocks])
            self._rows += frame.height
            self._cleaned += frame.cleaned
            self._say()
            if self._watcher is not None:
                self._watcher.rows(self._chunks)
        elif isinstance(frame, wire.SheetEnds):
            self.sheets.append(self._sheet(frame))
            self._say()

    def _say(self) -> None:
        if len(self.sheets) < len(self._found):
            name = self._found[len(self.sheets)][0]
            total = max(self._height, self._rows) if self._height else 0
            self._progress.step(self._rows, total, T("Reading “{sheet}”", sheet=name))

    def _sheet(self, end: wire.SheetEnds) -> Sheet:
        name, visible = self._found[len(self.sheets)]
        columns = to_columns(self._chunks, end.width)
        self._chunks = []
        return Sheet(
            name, visible, self._rows, end.width, columns, end.formats, tuple(end.merged), tuple(end.row_numbers),
            end.dropped, self._cleaned, end.readable, _places(end.hidden_rows), _places(end.hidden_columns),
            end.unsaved, end.reader, end.text, tuple(end.lists),
        )  # fmt: skip


def _places(found: list[int] | None) -> tuple[int, ...] | None:
    return None if found is None else tuple(found)


class Reader:
    """One child process and the thread that listens to it."""

    def __init__(self, request: wire.Request) -> None:
        self.process = start_child("runtime.exchange.readers.process")
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
        frame: wire.Frame | None = wire.SheetBegins()
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
