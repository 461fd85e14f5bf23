"""Cells on the clipboard: as tab-separated lines, as a table of HTML with types, and exactly, for Formwork itself."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from html import escape
from typing import Any

from runtime.dates import local_zone
from runtime.exchange.clipboard.clip import Clip, OwnColumn
from runtime.exchange.clipboard.html import read_table
from runtime.form import Field
from runtime.store.rows import Row
from runtime.work import Progress

OWN_TYPE = "application/x-formwork-cells"
"""The MIME type of what Formwork writes for itself."""

MOST_OWN = 20_000
"""Records up to which the exact copy is written beside the texts."""

MOST_MARKED = 600_000
"""Cells up to which a table of HTML is written; with more, spreadsheets take the text much sooner."""

COUNTED = frozenset({"date", "datetime", "bool"})
"""Formula types that spreadsheets keep as numbers, beside numbers."""

_QUOTED = re.compile('[\t\n\r"]')
_ENDS = re.compile("[\t\r\n]")
_EPOCH = date(1899, 12, 30)
_DAY = 86_400
_FIRST = date(1900, 3, 1)
"""Before it the day numbers of Excel and LibreOffice differ."""


@dataclass(frozen=True, slots=True)
class Written:
    """What is put on the clipboard; `html` and `own` are empty where there is too much for them."""

    text: str
    html: str
    own: bytes
    records: int


def write(rows: Sequence[Row], fields: Sequence[Field], names: bool, progress: Progress) -> Written:
    """Records as lines and fields as columns, in every form that other programs read.

    Args:
        names: whether the first line names the fields.

    Raises:
        Cancelled: somebody asked to stop.
    """
    texts: list[list[str]] = []
    cells: list[list[str]] = []
    marked = len(rows) * len(fields) <= MOST_MARKED
    for place, each in enumerate(fields):
        progress.check()
        texts.append([cell_text(row, each) for row in rows])
        if marked:
            cells.append(_cells(place, each, rows, texts[-1]))
    head = [[each.name for each in fields]] if names else []
    lines = ["\t".join(map(_quoted, line)) for line in (*head, *zip(*texts, strict=True))]
    progress.check()
    own = _own(rows, fields) if len(rows) <= MOST_OWN and not names else b""
    return Written("\n".join(lines), _html(fields, head, cells) if marked else "", own, len(rows))


def cell_text(row: Row, field: Field) -> str:
    """A value as text that can be pasted again: 1234.5, 12%, 2026-03-05, relations by title, errors by code."""
    if field.id in row.errors:
        return row.errors[field.id]
    if field.target:
        return row.titles.get(field.id, "")
    value = row.values.get(field.id)
    return "" if value is None else plain(field, value)


def plain(field: Field, value: Any) -> str:
    """A value that is not blank as text without thousands separators and currency."""
    if isinstance(value, Decimal) and field.kind.name != "percent":
        return f"{value:f}"
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return field.format(value)


def _quoted(text: str) -> str:
    if _QUOTED.search(text) is None:
        return text
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def _own(rows: Sequence[Row], fields: Sequence[Field]) -> bytes:
    columns = []
    for each in fields:
        values = [row.values.get(each.id) for row in rows]
        found = [None if value is None else each.kind.to_json(value, each.props) for value in values]
        columns.append({"field": each.id, "kind": each.kind.name, "target": each.target, "values": found})
    return json.dumps({"version": 1, "columns": columns}, ensure_ascii=False).encode()


# HTML: Excel reads mso-number-format, LibreOffice sdval and sdnum


def _html(fields: Sequence[Field], head: Sequence[Sequence[str]], cells: Sequence[Sequence[str]]) -> str:
    styles = "".join(f'.c{at}{{mso-number-format:"{_look(each).excel}"}}' for at, each in enumerate(fields))
    parts = ['<html><head><meta charset="utf-8"><style>', styles]
    parts.append(r'th{mso-number-format:"\@"}br{mso-data-placement:same-cell}</style></head>')
    parts.append("<body><!--StartFragment--><table>")
    parts += ("<tr>" + "".join(_as_text("th", text) for text in line) + "</tr>" for line in head)
    parts += ("<tr>" + "".join(line) + "</tr>" for line in zip(*cells, strict=True))
    parts.append("</table><!--EndFragment--></body></html>")
    return "".join(parts)


@dataclass(frozen=True, slots=True)
class _Look:
    """How Excel and LibreOffice are told what a column holds; the latter takes only formats that it has already."""

    excel: str
    office: str


def _look(field: Field) -> _Look:
    kind = field.kind
    if kind.value_type == "date":
        return _Look(r"yyyy\\-mm\\-dd", "YYYY-MM-DD")
    if kind.value_type == "datetime":
        return _Look(r"yyyy\\-mm\\-dd\\ hh\:mm", "YYYY-MM-DD HH:MM:SS")
    if kind.value_type == "bool":
        return _Look("General", "BOOLEAN")
    if not kind.numeric:
        return _Look(r"\@", "@")
    places = int(getattr(field.props, "decimals", 0) or 0)
    shape = "0" + ("." + "0" * places if places else "") + ("%" if kind.name == "percent" else "")
    return _Look(shape.replace(".", r"\."), shape)


def _cells(place: int, field: Field, rows: Sequence[Row], texts: Sequence[str]) -> list[str]:
    """The cells of one column, each marked as text or with its number."""
    more, known = f' class="c{place}"', {"": _as_text("td", "", "")}
    if field.target or not (field.kind.numeric or field.kind.value_type in COUNTED):
        for text in texts:
            if text not in known:
                known[text] = _as_text("td", text, more)
        return list(map(known.__getitem__, texts))
    office = _look(field).office
    return [_cell(more, office, row, field, text) for row, text in zip(rows, texts, strict=True)]


def _cell(more: str, office: str, row: Row, field: Field, text: str) -> str:
    value = None if field.id in row.errors else row.values.get(field.id)
    number = None if value is None else _number(field, value)
    if number is None:
        return _as_text("td", text, more)
    shown = str(value).upper() if isinstance(value, bool) else text
    return f'<td{more} sdval="{number}" sdnum="1033;0;{office}">{shown}</td>'


def _as_text(tag: str, text: str, more: str = "") -> str:
    """A cell that stays text: =1+1 is no formula, 00123 no number."""
    return f'<{tag}{more} sdnum="1033;0;@">{_marked(text)}</{tag}>' if text else f"<{tag}></{tag}>"


def _number(field: Field, value: Any) -> str | None:
    """What a spreadsheet computes with: dates as days since 1900."""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, (int, Decimal)) and field.kind.numeric:
        return f"{Decimal(value):f}"
    if isinstance(value, datetime):
        local = value.astimezone(local_zone())
        if local.date() < _FIRST:
            return None
        seconds = local.hour * 3600 + local.minute * 60 + local.second
        return f"{(local.date() - _EPOCH).days + Decimal(seconds) / _DAY:.10f}"
    if isinstance(value, date) and value >= _FIRST:
        return str((value - _EPOCH).days)
    return None


def _marked(text: str) -> str:
    escaped = escape(text, quote=False)
    return "<br>".join(escaped.splitlines()) if "\n" in escaped else escaped


# Reading


def read(text: str, html: str = "", own: bytes = b"") -> Clip:
    """The block of cells that a program put on the clipboard.

    What Formwork wrote itself is exact. A table of HTML is taken where it has the shape of the lines of text; it knows
    exact numbers and merged cells.
    """
    lines = read_lines(text)
    copied = _read_own(own, Clip(lines))
    if copied:
        return Clip(lines, own=copied)
    table = read_table(html) if html else None
    return table if table is not None and (not text or _alike(table.rows, lines)) else Clip(lines)


def _alike(rows: Sequence[Sequence[str]], lines: Sequence[Sequence[str]]) -> bool:
    if len(rows) != len(lines):
        return False
    return max(map(len, rows), default=0) == max(map(len, lines), default=0)


def read_lines(text: str) -> list[list[str]]:
    """Tab-separated lines; a cell in quotation marks may hold tabs and line breaks, as spreadsheets write them."""
    if not text:
        return []
    if '"' not in text:
        plain = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
        return [line.split("\t") for line in plain.split("\n")]
    rows: list[list[str]] = [[]]
    at, end = 0, len(text)
    while at <= end:
        cell, at = _quoted_cell(text, at) if text[at : at + 1] == '"' else _bare_cell(text, at)
        rows[-1].append(cell)
        if at >= end:
            break
        if text[at] != "\t":
            at += 2 if text[at : at + 2] == "\r\n" else 1
            if at >= end:
                break
            rows.append([])
        else:
            at += 1
    return rows


def _bare_cell(text: str, at: int) -> tuple[str, int]:
    found = _ENDS.search(text, at)
    stop = found.start() if found is not None else len(text)
    return text[at:stop], stop


def _quoted_cell(text: str, at: int) -> tuple[str, int]:
    """What stands between quotation marks; a mark that nothing closes is part of the text."""
    parts, start = [], at + 1
    while (stop := text.find('"', start)) >= 0:
        parts.append(text[start:stop])
        following = text[stop + 1 : stop + 2]
        if following != '"':
            if following in {"", "\t", "\r", "\n"}:
                return "".join(parts).replace("\r\n", "\n"), stop + 1
            break
        parts.append('"')
        start = stop + 2
    return _bare_cell(text, at)


def _read_own(own: bytes, clip: Clip) -> tuple[OwnColumn, ...]:
    """What Formwork wrote, where it is about the same cells; anything else under its name is nothing."""
    if not own:
        return ()
    try:
        found = json.loads(own)
        columns = tuple(OwnColumn(e["field"], e["kind"], e["target"], list(e["values"])) for e in found["columns"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return ()
    fits = found.get("version") == 1 and len(columns) == clip.width and _all_as_high(columns, clip.height)
    return columns if fits else ()


def _all_as_high(columns: Iterable[OwnColumn], height: int) -> bool:
    return all(len(column.values) == height for column in columns)
