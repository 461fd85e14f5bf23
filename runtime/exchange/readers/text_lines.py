"""The lines of a text file in blocks, decoded; lines whose bytes are no text are remembered with their offset.

Runs in the reader process.
"""

from __future__ import annotations

import codecs
import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import BinaryIO

from runtime.exchange.readers.outlet import Refusal
from runtime.exchange.readers.text_encoding import Encoding

STRETCH = 1 << 20

_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)?")


class TextLines:
    """Iterates over texts that hold whole lines; every line end is a line feed.

    Args:
        file: at its start.
        encoding: how its bytes are text.
        longest: characters that a line may have.

    Attributes:
        bad: numbers of the lines with bytes that are no text, from 0, in order.
        offsets: for each of them its offset in the file, bytes.

    Raises (in iterating):
        Refusal: a line is longer than that.
    """

    def __init__(self, file: BinaryIO, encoding: Encoding, longest: int) -> None:
        self.bad: list[int] = []
        self.offsets: list[int] = []
        self._file, self._encoding, self._longest = file, encoding, longest
        self._line = 0
        self._offset = encoding.mark
        file.seek(encoding.mark)

    def __iter__(self) -> Iterator[str]:
        for text in self._wide() if self._encoding.wide else self._narrow():
            self._line += text.count("\n")
            yield text

    def bad_between(self, start: int, stop: int) -> int | None:
        """Offset of the first bad line from line `start` to before `stop`."""
        place = bisect_left(self.bad, start)
        return self.offsets[place] if place < len(self.bad) and self.bad[place] < stop else None

    def _narrow(self) -> Iterator[str]:
        rest = b""
        while stretch := self._file.read(STRETCH):
            rest += stretch
            cut = max(rest.rfind(b"\n"), rest.rfind(b"\r", 0, -1)) + 1
            if cut:
                yield self._text(rest[:cut])
                rest = rest[cut:]
            elif len(rest) > self._longest:
                raise Refusal("line", str(self._line + 1))
        if rest:
            yield self._text(rest)

    def _text(self, block: bytes) -> str:
        try:
            text = block.decode(self._encoding.name)
        except UnicodeDecodeError:
            text = "".join(self._by_line(block))
        self._offset += len(block)
        return _with_line_feeds(text)

    def _by_line(self, block: bytes) -> Iterator[str]:
        for number, line in enumerate(_LINE.finditer(block)):
            try:
                yield line[0].decode(self._encoding.name)
            except UnicodeDecodeError:
                self.bad.append(self._line + number)
                self.offsets.append(self._offset + line.start())
                yield line[0].decode(self._encoding.name, "replace")

    def _wide(self) -> Iterator[str]:
        """UTF-16 and UTF-32, whose line ends cannot be looked for in bytes."""
        decoder = codecs.getincrementaldecoder(self._encoding.name)("replace")
        rest = ""
        while True:
            stretch = self._file.read(STRETCH)
            rest += decoder.decode(stretch, final=not stretch)
            cut = max(rest.rfind("\n"), rest.rfind("\r", 0, -1)) + 1 if stretch else len(rest)
            if cut:
                yield self._found_bad(_with_line_feeds(rest[:cut]), rest[:cut])
                rest = rest[cut:]
            elif len(rest) > self._longest:
                raise Refusal("line", str(self._line + 1))
            if not stretch:
                return

    def _found_bad(self, text: str, as_read: str) -> str:
        """`text`; its lines with a replaced character are remembered with their offset."""
        if "\ufffd" in text:
            offset = self._offset
            for number, line in enumerate(_lines_as_read(as_read)):
                if "\ufffd" in line:
                    self.bad.append(self._line + number)
                    self.offsets.append(offset)
                offset += len(line.encode(self._encoding.name))
        self._offset += len(as_read.encode(self._encoding.name))
        return text


def _with_line_feeds(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _lines_as_read(text: str) -> list[str]:
    return re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$", text)
