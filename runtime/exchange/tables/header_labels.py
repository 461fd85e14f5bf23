"""The cells of a header as names of columns: what may be one, how it reads, over which columns it stands."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date, datetime

from runtime.exchange.cells import Raw
from runtime.exchange.tables.sheet_rows import LABEL, VOID, look

Merged = Sequence[tuple[int, int, int, int]]
"""Merged ranges: first row, first column, last row, last column."""

LONGEST_HEADER = 200
SLASH = " / "

_STARRED = re.compile(r"^[*＊※]\s*|\s*[*＊※]$")
"""What marks a column that must be filled: *姓名."""

_SPACE = re.compile(r"\s+")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_WIDE = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_YEARS = range(1900, 2101)


GUIDED = 0.6
"""Share of the cells of a row that say how to fill in their columns."""

LONGEST_MARKED = 60
"""Characters of a name with such a mark."""

_GUIDE = re.compile(
    r"必填|选填|非必填|必须|可不填|可为空|不超过|格式[:：]|下拉选择|请(?:填|选|输)|\b(?:required|optional|mandatory)\b",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"[（(【\[][^（(【\[）)】\]]*[）)】\]]")
_MARK = r"(?:必填|选填|非必填|必须|可不填|可为空|required|optional|mandatory)项?"
_MARK_AT_END = re.compile(rf"{_MARK}\s*[:：*＊|/_-]+\s*|[\s*＊/|_-]+(?:是否|is )?{_MARK}\s*[*＊]?\Z", re.IGNORECASE)
_NO_NAME = re.compile(
    r"(?:文本|文字|字符|数字|数值|整数|小数|金额|日期|时间|格式|text|string|numbers?|integer|decimal|date|time|max)\b|.*[:：,，;；。]",
    re.IGNORECASE,
)
"""What says with which cells a column is filled."""


def tells_how_to_fill_in(cells: Collection[Raw]) -> bool:
    """Whether most cells of a row, the first too, say what may be written below them: 必填, 选填, 格式：2024-01-01."""
    told = list(map(_is_guide, cells))
    return len(told) > 2 and told[0] and sum(told) >= GUIDED * len(told)


def are_guides_not_names(cells: Collection[Raw], named: bool) -> bool:
    """Whether most cells of a row tell how to fill in a column, and are no names with a mark: 姓名（必填）.

    Args:
        named: whether names stand above them already, so that marks belong to what fills a column.
    """
    told = sum(_is_guide(cell) and (named or not _is_marked(cell)) for cell in cells)
    return len(cells) > 2 and told >= GUIDED * len(cells)


def _is_guide(cell: Raw) -> bool:
    return isinstance(cell, str) and _GUIDE.search(cell) is not None


def _is_marked(cell: Raw) -> bool:
    """Whether a text is a name with a mark in brackets, before or behind it: 姓名（必填）, Required: Name."""
    text = header_text(cell)
    rest = _BRACKETED.sub(lambda part: "" if _GUIDE.search(part[0]) else part[0], text)
    if rest == text:
        match = _MARK_AT_END.search(text) if len(text) <= LONGEST_MARKED else None
        whole = match is not None and (match.start() == 0 or match.end() == len(text))
        rest = text[: match.start()] + text[match.end() :] if match is not None and whole else text
    rest = rest.strip(" *＊:：-")
    named = any(map(str.isalpha, rest)) and _NO_NAME.match(rest) is None
    return rest != text.strip(" *＊:：-") and named and _GUIDE.search(rest) is None


def spread(
    row: Sequence[Raw],
    at: int,
    merged: Merged,
    below: Sequence[Raw] | None = None,
) -> list[int | None]:
    """For each column the column whose label in this row stands over it.

    By the merged ranges; in a row without any, a label also covers blank cells to its right that have a label below.
    """
    found: list[int | None] = [column if cell is not None else None for column, cell in enumerate(row)]
    own = [each for each in merged if each[0] <= at <= each[2] and each[1] < each[3]]
    for _, left, _, right in own:
        if row[left] is not None:
            found[left : right + 1] = [left] * (min(right, len(row) - 1) - left + 1)
    if not own and below is not None:
        for column in range(1, len(row)):
            if found[column] is None and below[column] is not None:
                found[column] = found[column - 1]
    return found


def labels_of(header: Sequence[Sequence[Raw]], top: int, joined: bool, merged: Merged) -> list[str]:
    """The label of each column.

    Args:
        header: the rows of the header.
        top: number of the first of them on the sheet.
        joined: whether the labels of all rows are joined.
    """
    width = len(header[0]) if header else 0
    parts: list[list[str]] = [[] for _ in range(width)]
    last = len(header) - 1
    for at, row in enumerate(header):
        below = header[at + 1] if at < last else None
        for column, source in enumerate(spread(row, top + at, merged, below)):
            text = header_text(row[source]) if source is not None else ""
            text = "" if at and look(text) == VOID else text
            text = _STARRED.sub("", text) or text
            if text and (not parts[column] or parts[column][-1] != text):
                parts[column].append(text)
    if joined:
        return [SLASH.join(texts)[:LONGEST_HEADER] for texts in parts]
    return [texts[-1] if texts else "" for texts in parts]


def is_label(cell: Raw) -> bool:
    """Whether a cell can name a column: a text that is no figure, a year or a day."""
    if isinstance(cell, str):
        return look(cell) in (LABEL, VOID) or (cell.isdecimal() and int(cell) in _YEARS)
    return isinstance(cell, float) and cell.is_integer() and int(cell) in _YEARS


def header_text(cell: Raw) -> str:
    """A header cell as the name of a field: one line, single spaces, full-width letters and figures made narrow."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.15g}"
    if isinstance(cell, (date, datetime)):
        return cell.isoformat(sep=" ") if isinstance(cell, datetime) else cell.isoformat()
    text = _UNSEEN.sub("", cell if isinstance(cell, str) else "").translate(_WIDE)
    return _SPACE.sub(" ", text).strip()[:LONGEST_HEADER]
