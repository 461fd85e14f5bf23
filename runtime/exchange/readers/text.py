"""Reads csv, tsv and other texts with cells: stretch by stretch, so that a file of any length needs little memory.

Runs in the reader process. Stretches without quotation marks are cut by the delimiter alone.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, repeat
from pathlib import Path

from runtime.exchange.cells import CHUNK
from runtime.exchange.guard import QUOTED, all_unguarded
from runtime.exchange.readers import wire
from runtime.exchange.readers.cleaning import is_clean
from runtime.exchange.readers.delimiters import BLANKS, Dialect, sniff
from runtime.exchange.readers.outlet import Outlet, Refusal
from runtime.exchange.readers.text_encoding import Encoding, find_encoding, of_mark
from runtime.exchange.readers.text_facts import KEPT, TextFacts
from runtime.exchange.readers.text_lines import TextLines

SAMPLE = 256 * 1024


def read_text(request: wire.Request, outlet: Outlet) -> None:
    """Send the one sheet of a text file, which is called like the file.

    Raises:
        Refusal: a quotation mark never closes, a line is too long, or there are too many rows.
    """
    path, options = Path(request.path), request.options
    csv.field_size_limit(request.limits.cell_bytes)
    with path.open("rb") as file:
        encoding = find_encoding(file)
        if options.encoding:
            mark = of_mark(file.read(4))
            file.seek(0)
            encoding = Encoding(options.encoding, mark.mark if mark and mark.name == options.encoding else 0)
        lines = TextLines(file, encoding, request.limits.cell_bytes)
        texts = iter(lines)
        first = next(texts, "")
        sample = first if len(first) <= SAMPLE else first[: first.rfind("\n", 0, SAMPLE) + 1] or first
        ahead = next(texts, None)
        whole = ahead is None and len(sample) == len(first)
        dialect = sniff(sample, whole, options.delimiter, options.quotes)
        outlet.found([(path.stem, True)])
        outlet.begin(_estimated_height(path.stat().st_size, first))
        table = TextTable(outlet, lines, dialect, path.stem)
        table.send(chain([first] if ahead is None else [first, ahead], texts))
        outlet.end(wire.SheetEnds("text", table.width, table.dropped, text=table.facts(encoding)))


def _estimated_height(size: int, first: str) -> int:
    lines = first.count("\n")
    return size * lines // len(first.encode("utf-8", "replace")) if lines else 0


class Feed:
    """Lines for the csv module, which takes more of them than one text has while a quoted cell is open.

    Attributes:
        row: the lines taken since it was cleared.
        ran_out: whether a line was asked for behind the last one.
    """

    def __init__(self, text: str, further: Iterator[str]) -> None:
        self.row: list[str] = []
        self.ran_out = False
        self._further = further
        self._begin(text)

    def _begin(self, text: str) -> None:
        self._lines = list(io.StringIO(text, newline="\n"))
        self._place = 0

    @property
    def at_end(self) -> bool:
        """Whether all lines of the text in hand are taken."""
        return self._place == len(self._lines)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        while self._place == len(self._lines):
            text = next(self._further, None)
            if text is None:
                self.ran_out = True
                raise StopIteration
            self._begin(text)
        line = self._lines[self._place]
        self._place += 1
        self.row.append(line)
        return line


class TextTable:
    """Cuts texts into rows and sends them.

    Attributes:
        width: columns sent so far.
        dropped: columns beyond the limit.
    """

    def __init__(self, outlet: Outlet, lines: TextLines, dialect: Dialect, name: str) -> None:
        self.width = self.dropped = 0
        self._outlet, self._lines, self._dialect, self._name = outlet, lines, dialect, name
        self._rows = self._line = 0
        self._usual = 0
        self._ragged: list[tuple[int, int]] = []
        self._ragged_rows = 0
        self._bad: list[tuple[int, int]] = []
        self._bad_rows = 0

    def facts(self, encoding: Encoding) -> TextFacts:
        """What was found."""
        return TextFacts(
            encoding.name, encoding.doubtful, self._dialect.delimiter, self._dialect.quotes, max(self._usual, 1),
            tuple(self._ragged), self._ragged_rows, tuple(self._bad), self._bad_rows,
        )  # fmt: skip

    def send(self, texts: Iterator[str]) -> None:
        """Send all rows.

        Raises:
            Refusal: see `read_text`.
        """
        for _ in range(self._dialect.skip):
            texts = _without_first_line(texts)
            self._line += 1
        for text in texts:
            if self._dialect.delimiter == BLANKS:
                self._plain("\n".join(BLANKS.join(line.split()) for line in text.split("\n")))
            elif self._dialect.quotes and '"' in text:
                self._quoted(text, texts)
            else:
                self._plain(text)

    def _plain(self, text: str) -> None:
        lines = text.split("\n")
        if not lines[-1]:
            lines.pop()
        for start in range(0, len(lines), CHUNK):
            self._plain_chunk(lines[start : start + CHUNK])

    def _plain_chunk(self, lines: list[str]) -> None:
        delimiter, height = self._dialect.delimiter, len(lines)
        if self._lines.bad:
            for place in range(height):
                self._note_bad(self._line + place, self._line + place + 1, self._rows + place)
        self._line += height
        if not delimiter:
            self._send_columns(height, [lines])
            return
        cuts = list(map(str.count, lines, repeat(delimiter)))
        if min(cuts) == max(cuts) and (not self._usual or self._usual == cuts[0] + 1):
            joined, width = delimiter.join(lines), cuts[0] + 1
            cells = joined.split(delimiter)
            self._usual = width
            clean = "'" not in joined and QUOTED not in joined and is_clean(joined, delimiter)
            self._send_columns(height, [cells[place::width] for place in range(width)], clean)
        else:
            self._send_rows([line.split(delimiter) if line else [] for line in lines])

    def _quoted(self, text: str, texts: Iterator[str]) -> None:
        feed, rows = Feed(text, texts), []
        reader = self._dialect.reader(feed)
        while not feed.at_end:
            rows.append(self._row(reader, feed))
            if self._lines.bad:
                self._note_bad(self._line, self._line + len(feed.row), self._rows + len(rows) - 1)
            self._line += len(feed.row)
            feed.row.clear()
            if len(rows) == CHUNK:
                self._send_rows(rows)
                rows = []
        if rows:
            self._send_rows(rows)

    def _row(self, reader: Iterator[list[str]], feed: Feed) -> list[str]:
        try:
            row = next(reader)
        except csv.Error as error:  # a cell longer than the limit
            raise self._open_quote(feed) from error
        if feed.ran_out:
            raise self._open_quote(feed)
        return row

    def _open_quote(self, feed: Feed) -> Refusal:
        """Names the last line of the row whose quotation marks are no pairs."""
        odd = [place for place, line in enumerate(feed.row) if line.count('"') % 2]
        return Refusal("quote", str(self._line + (odd[-1] if odd else 0) + 1))

    def _send_rows(self, rows: list[list[str]]) -> None:
        widths = list(map(len, rows))
        width = max(widths, default=0)
        if min(widths, default=0) != width or width != self._usual:
            self._note_ragged(rows, widths)
        if min(widths, default=0) != width:
            rows = [row + [""] * (width - len(row)) for row in rows]
        self._send_columns(len(rows), list(zip(*rows, strict=True)) if width else [[""] * len(rows)])

    def _send_columns(self, height: int, columns: Sequence[Sequence[str]], clean: bool = False) -> None:
        """Send a chunk; `clean` = no cell has an apostrophe or anything that is cleaned away."""
        if self._rows + height > self._outlet.limits.rows + 1:
            raise Refusal("rows", self._name)
        if clean:
            self._outlet.clean_texts(height, columns)
        else:
            self._outlet.texts(height, map(all_unguarded, columns))
        self._rows += height
        most = self._outlet.limits.columns
        self.width = max(self.width, min(len(columns), most))
        self.dropped = max(self.dropped, len(columns) - most)

    def _note_ragged(self, rows: list[list[str]], widths: list[int]) -> None:
        if not self._usual:
            filled = Counter(width for row, width in zip(rows, widths, strict=True) if any(row))
            self._usual = filled.most_common(1)[0][0] if filled else 0
        for place, row in enumerate(rows):
            if len(row) != self._usual and any(row) and (len(row) < self._usual or any(row[self._usual :])):
                self._ragged_rows += 1
                if len(self._ragged) < KEPT:
                    self._ragged.append((self._rows + place, len(row)))

    def _note_bad(self, start: int, stop: int, row: int) -> None:
        offset = self._lines.bad_between(start, stop)
        if offset is not None:
            self._bad_rows += 1
            if len(self._bad) < KEPT:
                self._bad.append((row, offset))


def _without_first_line(texts: Iterator[str]) -> Iterator[str]:
    first = next(texts, "")
    return chain([first[first.find("\n") + 1 :]] if "\n" in first else [], texts)
