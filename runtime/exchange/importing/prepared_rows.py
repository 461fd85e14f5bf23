"""The rows of a sheet as values, made ahead: in a process of its own where they are many, else on a thread."""

from __future__ import annotations

import logging
import queue
import subprocess
import threading
from array import array
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import msgspec

from runtime.exchange.child import start_child
from runtime.exchange.columns import ColumnPlan
from runtime.exchange.importing.made_ahead import made_ahead
from runtime.exchange.importing.preparing import Become, Made, sent
from runtime.exchange.readers.wire import receive_body, send_body
from runtime.exchange.understanding.plan import Cells, Chunk, ImportPlan
from runtime.form import Field
from runtime.store.prepared import Prepared
from runtime.store.text_order import is_ordered
from runtime.work import Progress

log = logging.getLogger(__name__)

MANY = 20_000
"""Rows from which on it pays to start a process."""
ASKED = 4
"""Chunks that are with the process at a time."""
POLL = 0.05
COMPLAINT = 4000
READ = ("options", "max_length", "decimals")
"""Properties of a column by which its cells are read."""

_encode = msgspec.msgpack.Encoder().encode
_answers = msgspec.msgpack.Decoder(list[Made | None])
_PLAIN: msgspec.msgpack.Decoder[list[Any]] = msgspec.msgpack.Decoder(list[Any])
_EXACT = msgspec.msgpack.Decoder(list[Decimal | None])
_DECODERS: Mapping[str, msgspec.msgpack.Decoder[Any]] = {
    "decimal": _EXACT,
    "money": _EXACT,
    "percent": _EXACT,
    "date": msgspec.msgpack.Decoder(list[date | None]),
    "date_time": msgspec.msgpack.Decoder(list[datetime | None]),
    "choices": msgspec.msgpack.Decoder(list[tuple[str, ...] | None]),
}
"""For field types whose values msgpack has no word of its own for."""


@contextmanager
def prepared_rows(
    plan: ImportPlan, sheet: str, fields: Mapping[int, Field], progress: Progress
) -> Iterator[Iterator[Chunk]]:
    """The records of a sheet in chunks, as `ImportPlan.rows` gives them; columns may be `Prepared`.

    Args:
        fields: index of a column -> the field that it goes into as it is.
        progress: whoever asks it to stop ends the process too, so that nobody waits for its answer.

    Raises:
        Cancelled: somebody has asked already.
    """
    if plan.sheet(sheet).rows < MANY:
        with made_ahead(plan.rows(sheet)) as chunks:
            yield chunks
        return
    preparer = Preparer(plan, sheet, fields)
    try:
        with progress.stopping(preparer.stop), made_ahead(preparer.chunks()) as chunks:
            try:
                yield chunks
            finally:
                preparer.stop()
    finally:
        preparer.close()


class Preparer:
    """A process that makes values of the rows of one sheet; what it cannot do is done here.

    Attributes:
        made: columns of chunks that came from the process so far.
    """

    def __init__(self, plan: ImportPlan, sheet: str, fields: Mapping[int, Field]) -> None:
        columns = plan.sheet(sheet).columns
        self.made = 0
        self._conversion = plan.conversion(sheet)
        self._ways = [_Way(column, fields.get(place)) for place, column in enumerate(columns) if column.include]
        self._waiting: queue.Queue[Cells | None] = queue.Queue(ASKED)
        self._ended = threading.Event()
        self._stopped = False
        self._process = _started()
        self._alone = self._process is None
        self._asker = ThreadPoolExecutor(1, "import-cells")
        self._asking = self._asker.submit(self._ask, plan.cells(sheet))

    def chunks(self) -> Iterator[Chunk]:
        """The records, in order."""
        while (cells := self._waiting.get()) is not None:
            ready = self._answer()
            self.made += sum(values is not None for values in ready)
            yield self._conversion.chunk(cells, ready)
        self._asking.result()

    def stop(self) -> None:
        """Nobody wants more rows: end the process, so that what waits for its answer goes on; from any thread."""
        self._stopped = True
        if self._process is not None:
            self._process.kill()

    def close(self) -> None:
        """End the process where it still runs, and wait until it is gone."""
        self._ended.set()
        process = self._process
        if process is not None:
            process.kill()
        self._asker.shutdown(wait=True)
        if process is not None:
            process.wait()
            for pipe in (process.stdin, process.stdout, process.stderr):
                if pipe is not None:
                    with suppress(OSError):  # what could not be sent any more
                        pipe.close()

    def _answer(self) -> list[list[Any] | None]:
        """What the process makes of the rows that were sent next; nothing where it is gone."""
        process = self._process
        if process is None or self._alone:
            return []
        body = receive_body(process.stdout)  # type: ignore[arg-type]  # a buffered pipe
        if body is None:
            self._alone = True
            if not self._stopped:
                _bury(process)
            return []
        made = _answers.decode(body)
        return [None if each is None else way.opened(each) for way, each in zip(self._ways, made, strict=True)]

    def _ask(self, rows: Iterator[Cells]) -> None:
        """Send what the columns become and the rows, so many ahead of the answers; runs on a thread of its own."""
        try:
            self._send(_encode([way.become for way in self._ways]))
            for cells in rows:
                if not self._put(cells):
                    return
                self._send(_encode([[sent(block) for block in blocks] for blocks in cells.blocks]))
        finally:
            self._put(None)

    def _put(self, cells: Cells | None) -> bool:
        while not self._ended.is_set():
            with suppress(queue.Full):
                self._waiting.put(cells, timeout=POLL)
                return True
        return False

    def _send(self, body: bytes) -> None:
        process = self._process
        if process is not None and not self._alone:
            with suppress(OSError):  # it is gone: who waits for its answer notices
                send_body(process.stdin, body)  # type: ignore[arg-type]  # a buffered pipe


class _Way:
    """How the values of one column come back."""

    def __init__(self, column: ColumnPlan, field: Field | None) -> None:
        self._field = field
        props = {name: column.props[name] for name in READ if name in column.props}
        keyed = field is not None and is_ordered(field)
        kind, node = (field.kind.name, dict(field.node.props)) if field is not None else ("", {})
        self.become = Become(replace(column, props=props, relation=None), kind, node, keyed)
        self._decode = _DECODERS.get(column.field_type, _PLAIN).decode

    def opened(self, made: Made) -> list[Any]:
        """The values of the rows."""
        values = self._decode(made.values)
        stored, keys, field = made.stored, made.keys, self._field
        if made.places:
            places = array("H", made.places)
            values = [values[place] for place in places]
            stored = stored and [stored[place] for place in places]
            keys = keys and [keys[place] for place in places]
        return values if field is None else Prepared(values, field, stored, keys, keyed=self.become.keyed)


def _started() -> subprocess.Popen[bytes] | None:
    try:
        return start_child("runtime.exchange.importing.preparing", "TZ")
    except OSError as error:
        log.warning("no process could be started that makes values: %s", error)
        return None


def _bury(process: subprocess.Popen[bytes]) -> None:
    """The process ended before its time: this one does its work, and the log says why."""
    assert process.stderr is not None
    process.kill()
    complaint = process.stderr.read()[-COMPLAINT:].decode("utf-8", "replace")
    log.warning("the process that makes values ended with %s: %s", process.wait(), complaint)
