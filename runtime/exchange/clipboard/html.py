"""Reads the table in the HTML that Excel, LibreOffice, browsers and Google Sheets put on the clipboard."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from html import unescape

from runtime.exchange.clipboard.clip import Clip

LARGEST = 64 * 1024 * 1024
"""Characters of HTML that are read; the text beside it says the same."""
WIDEST = 16_384
"""Columns of a table."""
MOST_CELLS = 5_000_000
"""Cells of a table; one that claims more by its spans is not read."""

_TAG = re.compile(r"""<(/?)(!--|[!?a-z][^\s/>]*)((?:[^>"']++|"[^"]*+"|'[^']*+'|["'])*+)>?""", re.IGNORECASE)
_GIVEN = re.compile(r"""([a-z][\w:-]*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_NUMBER = re.compile(r"""(?:sdval|x:num)\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
_TELLING = re.compile("span|data-sheets-value", re.IGNORECASE)
_SPACES = re.compile("[ \t\r\n\f]+")
_SHEETS = ("excel", "libreoffice", "openoffice", "wps", "google-sheets")
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_BREAKS = frozenset({"br", "p", "div", "li"})
_SKIPPED = {name: re.compile(f"</{name}[^>]*>", re.IGNORECASE) for name in ("style", "script", "title", "template")}
_COMMENT_END = re.compile("-->")


def read_table(html: str) -> Clip | None:
    """The only table of `html`; None where there is none or more than one."""
    if len(html) > LARGEST:
        return None
    reader = _Tables()
    try:
        reader.read(html)
    except _TooLarge:
        return None
    if reader.tables != 1 or not reader.rows:
        return None
    head = html[:4000].casefold()
    sheet = bool(reader.numbers) or any(name in head for name in _SHEETS)
    return Clip(reader.rows, reader.numbers, sheet=sheet)


class _TooLarge(Exception):
    """More cells than a table may have."""


class _Tables:
    """Collects rows of texts; spans leave blank cells behind.

    It looks at the few tags that matter and takes a fifth of the time of `html.parser`.
    """

    def __init__(self) -> None:
        self.tables = 0
        self.rows: list[list[str]] = []
        self.numbers: dict[tuple[int, int], Decimal] = {}
        self._depth = 0
        self._hidden = False
        self._row: list[str] | None = None
        self._cell: list[str] | None = None
        self._span = (1, 1)
        self._number: Decimal | None = None
        self._below: dict[int, int] = {}
        self._cells = 0

    def read(self, html: str) -> None:
        """Go through the tags, and what stands between them inside cells."""
        at = 0
        while (match := _TAG.search(html, at)) is not None:
            if self._cell is not None and match.start() > at:
                self._cell.append(_SPACES.sub(" ", html[at : match.start()]))
            at = match.end()
            end, name = match[1], match[2].lower()
            if name == "!--":
                at = _behind(_COMMENT_END, html, match.start())
            elif name in _SKIPPED and not end:
                at = _behind(_SKIPPED[name], html, at)
            elif end:
                self._ended(name)
            elif name == "td" and self._depth == 1:
                at = self._whole_cell(html, at, match[3])
            else:
                self._begun(name, match[3])
        self._end_row()

    def _whole_cell(self, html: str, at: int, given: str) -> int:
        """Take a cell; where it holds no tags, as nearly all do, up to its end at once. The place to go on from."""
        self._begin_cell(given)
        end = html.find("<", at)
        if end < 0 or html[end : end + 5].lower() != "</td>":
            return at
        if end > at:
            self._cell = [_SPACES.sub(" ", html[at:end])]
        self._end_cell()
        return end + 5

    def _begun(self, name: str, given: str) -> None:
        if name == "table":
            self._depth += 1
            self.tables += self._depth == 1
        elif self._depth == 1 and name == "tr":
            self._end_row()
            self._row, self._hidden = [], _HIDDEN.search(given) is not None
        elif self._depth == 1 and name in {"td", "th"}:
            self._begin_cell(given)
        elif name in _BREAKS and self._cell is not None and (name == "br" or "".join(self._cell).strip()):
            self._cell.append("\n")

    def _ended(self, name: str) -> None:
        if name == "table":
            if self._depth == 1:
                self._end_row()
            self._depth = max(0, self._depth - 1)
        elif self._depth == 1 and name in {"td", "th"}:
            self._end_cell()
        elif self._depth == 1 and name == "tr":
            self._end_row()

    def _begin_cell(self, given: str) -> None:
        self._end_cell()
        if self._row is None:
            self._row, self._hidden = [], False
        if self._below:
            self._under_spans()
        self._cell, self._number, self._span = [], None, (1, 1)
        number = _NUMBER.search(given)
        if number is not None:
            self._number = _decimal(number[1])
        if _TELLING.search(given) is not None:
            told = {name.lower(): unescape(a or b or c) for name, a, b, c in _GIVEN.findall(given)}
            self._number = self._number or _decimal(_google(told.get("data-sheets-value")))
            self._span = (_count(told.get("colspan"), WIDEST), _count(told.get("rowspan"), 1_048_576))

    def _under_spans(self) -> None:
        """Cells that a cell of an upper row reaches into are blank."""
        assert self._row is not None
        while self._below.get(len(self._row), 0) > 0 and len(self._row) < WIDEST:
            self._below[len(self._row)] -= 1
            self._row.append("")

    def _end_cell(self) -> None:
        if self._cell is None or self._row is None:
            return
        text = "".join(self._cell)
        if "&" in text:
            text = unescape(text)
        text = text.replace("\u00a0", " ")
        text = "\n".join(map(str.strip, text.split("\n"))).strip("\n") if "\n" in text else text.strip()
        wide, high = self._span
        if self._number is not None and not self._hidden:
            self.numbers[len(self.rows), len(self._row)] = self._number
        first = len(self._row)
        self._row.append(text)
        if wide > 1:
            self._row += [""] * min(wide - 1, WIDEST - first)
        if high > 1:
            self._below.update(dict.fromkeys(range(first, len(self._row)), high - 1))
        self._cell = None

    def _end_row(self) -> None:
        self._end_cell()
        if self._row is None:
            return
        self._under_spans()
        self._cells += len(self._row)
        if self._cells > MOST_CELLS:
            raise _TooLarge
        if self._row and not self._hidden:
            self.rows.append(self._row)
        self._row = None


def _behind(end: re.Pattern[str], html: str, at: int) -> int:
    """The place behind the next `end`; the end of the text where there is none."""
    found = end.search(html, at)
    return len(html) if found is None else found.end()


def _count(text: str | None, most: int) -> int:
    return min(most, int(text)) if text and text.isascii() and text.isdigit() and len(text) < 10 and int(text) else 1


def _decimal(text: str | None) -> Decimal | None:
    """The number behind a cell, as programs write it."""
    if not text:
        return None
    with suppress(InvalidOperation):
        number = Decimal(text)
        if number.is_finite() and abs(number.adjusted()) < 30:
            return number
    return None


def _google(text: str | None) -> str | None:
    if not text:
        return None
    with suppress(ValueError, RecursionError):
        found = json.loads(text, parse_float=str, parse_int=str)
        if isinstance(found, dict) and found.get("1") == "3":
            return str(found.get("3", ""))
    return None
