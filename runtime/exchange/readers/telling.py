"""Sentences about a file that was read: what was left alone, and a name that promises something else."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from resources.texts import T
from runtime.errors import Sentence
from runtime.exchange.readers.archive import Extra, Format

SUFFIXES: dict[Format, frozenset[str]] = {
    Format.XLSX: frozenset((".xlsx", ".xlsm", ".xltx", ".xltm", ".xlam")),
    Format.XLSB: frozenset((".xlsb",)),
    Format.XLS: frozenset((".xls", ".xlt", ".et", ".xla")),
    Format.ODS: frozenset((".ods", ".ots")),
    Format.FLAT_ODS: frozenset((".fods",)),
    Format.SPREADSHEETML: frozenset((".xml",)),
    Format.HTML: frozenset((".html", ".htm", ".xhtml")),
    Format.MHTML: frozenset((".mht", ".mhtml")),
    Format.TEXT: frozenset((".csv", ".tsv", ".txt", ".tab", ".psv", ".dat", ".prn", ".log", ".asc", ".md", ".sql", "")),
}
"""How files of a format are usually called. An encrypted workbook may be called like any of Excel."""


def notes_about(path: Path, format: Format, extras: Iterable[Extra]) -> tuple[Sentence, ...]:
    """What the person should know about the file at `path`, a sentence each."""
    suffix = path.suffix.lower()
    notes: list[Sentence] = []
    if suffix and suffix not in SUFFIXES.get(format, (suffix,)):
        notes.append(_misnamed(format, suffix))
    found = set(extras)
    if Extra.MACROS in found:
        notes.append(T("The workbook has macros; they were not run."))
    if Extra.LINKS in found:
        notes.append(
            T("The workbook has links to other workbooks; their saved values were taken, nothing was fetched.")
        )
    if Extra.CONNECTIONS in found:
        notes.append(T("The workbook has queries or connections; their saved values were taken, nothing was fetched."))
    if Extra.PICTURES in found:
        notes.append(T("The workbook refers to pictures or files elsewhere; nothing was fetched."))
    if Extra.CHARTS in found:
        notes.append(T("Sheets that hold a chart and no cells are left out."))
    return tuple(notes)


def _misnamed(format: Format, suffix: str) -> Sentence:
    if format is Format.TEXT:
        return T(
            "The file is a text with cells, whatever its name “{suffix}” says, and was read as such.", suffix=suffix
        )
    if format in (Format.HTML, Format.MHTML):
        return T("The file is a web page, whatever its name “{suffix}” says; its tables were read.", suffix=suffix)
    if format is Format.SPREADSHEETML:
        return T("The file is an XML workbook of Excel 2003, whatever its name “{suffix}” says.", suffix=suffix)
    if format in (Format.ODS, Format.FLAT_ODS):
        return T("The file is an OpenDocument sheet, whatever its name “{suffix}” says.", suffix=suffix)
    if format is Format.XLS:
        return T("The file is an old Excel workbook (.xls), whatever its name “{suffix}” says.", suffix=suffix)
    return T("The file is an Excel workbook, whatever its name “{suffix}” says.", suffix=suffix)
