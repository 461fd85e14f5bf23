"""Reads the tables of a web page, which programs like to save under an Excel name; scripts and links are left alone.

Runs in the reader process. A page inside a mail (.mht) is unwrapped first.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

from runtime.exchange.readers import wire
from runtime.exchange.readers.archive import Format
from runtime.exchange.readers.outlet import MERGED_KEPT, Outlet, Refusal, SparseRow, clipped
from runtime.exchange.readers.text_encoding import find_encoding, of_mark
from runtime.exchange.readers.text_facts import TextFacts

MOST_TABLES = 200
DEEPEST = 20
MOST_ROWS_SPANNED = 65_536
MOST_COLUMNS_SPANNED = 16_384
STRETCH = 1 << 20

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f]+")
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_MUTE = frozenset(("script", "style", "template", "noscript", "select", "title"))
_LINES = frozenset(("br", "p", "div", "li"))
_VOID = frozenset(("br", "hr", "img", "input", "wbr", "col"))
"""Elements that never end."""


class PageTable:
    """One table while it is parsed."""

    def __init__(self) -> None:
        self.rows: list[SparseRow] = []
        self.hidden: list[int] = []
        self.merged: list[tuple[int, int, int, int]] = []
        self.cell: list[str] | None = None
        self.number: float | None = None
        self._row = -1
        self._between = False
        self._at = 0
        self._place = (0, 0)
        self._taken: dict[int, int] = {}
        self._cells: dict[int, str | float] = {}

    @property
    def filled(self) -> bool:
        """Whether a cell holds something."""
        return any(row.cells for row in self.rows)

    def begin_row(self, hidden: bool) -> None:
        """<tr>"""
        self.end_row()
        self._between = False
        self._row += 1
        self._at = 0
        if hidden:
            self.hidden.append(self._row)

    def begin_cell(self, across: int, down: int, number: float | None) -> None:
        """<td> that spans `across` columns and `down` rows; it begins a row itself where </tr> is before it."""
        self.end_cell()
        if self._between or self._row < 0:
            self.begin_row(hidden=False)
        while self._taken.get(self._at, 0) > self._row:
            self._at += 1
        self._place, self.cell, self.number = (self._row, self._at), [], number
        if across > 1 or down > 1:
            if len(self.merged) < MERGED_KEPT:
                self.merged.append((self._row, self._at, self._row + down - 1, self._at + across - 1))
            for column in range(self._at, self._at + across if down > 1 else self._at):
                self._taken[column] = self._row + down
        self._at += across

    def end_cell(self) -> None:
        """</td>"""
        if self.cell is None:
            return
        lines = (_SPACE.sub(" ", line).strip() for line in "".join(self.cell).split("\v"))
        text = "\n".join(line for line in lines if line)
        if text and self.number is not None:
            self._cells[self._place[1]] = self.number
        elif text:
            self._cells[self._place[1]] = text
        self.cell = None

    def end_row(self) -> None:
        """</tr>"""
        self.end_cell()
        self._between = True
        if self._cells:
            self.rows.append(SparseRow(self._row, self._cells))
            self._cells = {}


class Page(HTMLParser):
    """Collects the tables of a page; a table inside a cell is a table of its own.

    Attributes:
        tables: in the order in which they begin.

    Raises (in feeding):
        Refusal: more cells than the grid may have.
    """

    def __init__(self, most_cells: int) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[PageTable] = []
        self._open: list[PageTable] = []
        self._mute = 0
        self._veil, self._veils = "", 0
        self._left = most_cells

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            if len(self.tables) < MOST_TABLES and len(self._open) < DEEPEST:
                self.tables.append(PageTable())
                self._open.append(self.tables[-1])
        elif tag in _MUTE:
            self._mute += 1
        elif self._open:
            self._inside(tag, dict(attrs))

    def _inside(self, tag: str, attrs: dict[str, str | None]) -> None:
        table = self._open[-1]
        if tag in ("tr", "td", "th"):
            self._veil = ""
        if tag == "tr":
            table.begin_row(bool(_HIDDEN.search(attrs.get("style") or "")) or "hidden" in attrs)
        elif tag in ("td", "th"):
            across = _number(attrs.get("colspan"), MOST_COLUMNS_SPANNED)
            down = _number(attrs.get("rowspan"), MOST_ROWS_SPANNED)
            self._left -= across
            if self._left < 0:
                raise Refusal("large")
            table.begin_cell(across, down, _excel_number(attrs.get("x:num")))
        elif table.cell is not None:
            if tag in _LINES:
                table.cell.append("\v")
            self._cover(tag, attrs.get("style") or "")

    def _cover(self, tag: str, style: str) -> None:
        """An element begins inside a cell: what is in it is not seen where it, or one around it, is hidden."""
        if tag == self._veil:
            self._veils += 1
        elif not self._veil and tag not in _VOID and _HIDDEN.search(style):
            self._veil, self._veils = tag, 1

    def handle_endtag(self, tag: str) -> None:
        if tag in _MUTE:
            self._mute = max(0, self._mute - 1)
        elif not self._open:
            return
        elif tag == self._veil:
            self._veils -= 1
            self._veil = tag if self._veils else ""
        elif tag == "table":
            self._open.pop().end_row()
        elif tag == "tr":
            self._open[-1].end_row()
        elif tag in ("td", "th"):
            self._open[-1].end_cell()

    def handle_data(self, data: str) -> None:
        if self._open and not (self._mute or self._veil) and self._open[-1].cell is not None:
            self._open[-1].cell.append(data.replace("\xa0", " ").replace("\v", " "))

    def close(self) -> None:
        """The page ends, whatever is still open."""
        super().close()
        while self._open:
            self._open.pop().end_row()


def read_html(request: wire.Request, outlet: Outlet) -> None:
    """Send each table with a filled cell as a sheet, called like the file.

    Raises:
        Refusal: there is no table, or one that is too large.
    """
    content = Path(request.path).read_bytes()
    if request.format is Format.MHTML:
        content = _unwrapped(content)
    encoding, doubtful = _encoding(content, request.options.encoding)
    page = Page(request.limits.grid)
    text = content.decode(encoding, "replace").lstrip("\ufeff")
    for start in range(0, len(text), STRETCH):
        page.feed(text[start : start + STRETCH])
    page.close()
    tables = [table for table in page.tables if table.filled]
    if not tables:
        raise Refusal("nothing")
    stem = Path(request.path).stem
    names = [stem] if len(tables) == 1 else [f"{stem} {number}" for number in range(1, len(tables) + 1)]
    outlet.found([(name, True) for name in names])
    for name, table in zip(names, tables, strict=True):
        _send(name, table, outlet, TextFacts(encoding, doubtful))


def _send(name: str, table: PageTable, outlet: Outlet, facts: TextFacts) -> None:
    width, numbers = outlet.sparse(name, table.rows)
    kept = min(width, outlet.limits.columns)
    merged = [] if numbers else clipped(table.merged, table.rows[-1].number + 1, kept)
    outlet.end(
        wire.SheetEnds(
            "html", kept, width - kept, merged=merged, row_numbers=numbers,
            hidden_rows=[] if numbers else table.hidden, hidden_columns=[], text=facts,
        )
    )  # fmt: skip


def _encoding(content: bytes, chosen: str) -> tuple[str, bool]:
    """What the person says, the mark, what the page declares where it is true, or what the bytes look like."""
    marked = of_mark(content[:4])
    if chosen or marked is not None:
        return chosen or (marked.name if marked is not None else ""), False
    declared = _CHARSET.search(content[:4096])
    name = declared[1].decode("ascii", "replace").lower() if declared is not None else ""
    name = "gb18030" if name in ("gb2312", "gbk", "x-gbk") else name
    with suppress(UnicodeDecodeError, LookupError):
        if name and not name.startswith(("iso-8859", "windows-125", "utf-16")):
            content.decode(name)
            return name, False
    found = find_encoding(BytesIO(content))
    return found.name, found.doubtful


def _unwrapped(content: bytes) -> bytes:
    """The parts of a mail that are web pages, as UTF-8."""
    parts = _pages(email.message_from_bytes(content, policy=email.policy.default).walk())
    pages = [page for page in parts if "<table" in page.lower()]
    if not pages:
        raise Refusal("nothing")
    return "\n".join(pages).encode("utf-8-sig", "replace")


def _pages(parts: Iterator[email.message.Message]) -> Sequence[str]:
    found = []
    for part in parts:
        if part.get_content_type() == "text/html":
            body = part.get_payload(decode=True)
            if isinstance(body, bytes):
                found.append(body.decode(_encoding(body, "")[0], "replace"))
    return found


def _number(text: str | None, most: int) -> int:
    """A span: at least 1, at most `most`."""
    digits = (text or "").strip()[:9]
    return max(1, min(int(digits), most)) if digits.isdecimal() else 1


def _excel_number(text: str | None) -> float | None:
    """The number that Excel writes beside what a cell shows."""
    try:
        return float(text) if text else None
    except ValueError:
        return None
