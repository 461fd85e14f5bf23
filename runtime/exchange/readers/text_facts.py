"""What is told about a text file beside its cells: how it was read, and which of its lines are doubtful."""

from __future__ import annotations

from dataclasses import dataclass

KEPT = 10_000
"""Rows that are named; beyond them, rows are only counted."""


@dataclass(frozen=True, slots=True)
class TextFacts:
    """How a text file was read.

    Attributes:
        encoding: name of the codec.
        encoding_doubtful: True where the bytes did not decide it.
        delimiter: between the cells; "" where each line is one cell.
        quotes: whether quotation marks enclosed cells.
        columns: cells of a usual row.
        ragged: rows with more or fewer filled cells than that: row from 0, cells; the first `KEPT`.
        ragged_rows: how many there are.
        bad_lines: rows with bytes that are no text in `encoding`: row from 0, offset of the line in the file in
            bytes; the first `KEPT`. Each such byte has become U+FFFD.
        bad_line_rows: how many there are.
    """

    encoding: str
    encoding_doubtful: bool = False
    delimiter: str = ""
    quotes: bool = True
    columns: int = 0
    ragged: tuple[tuple[int, int], ...] = ()
    ragged_rows: int = 0
    bad_lines: tuple[tuple[int, int], ...] = ()
    bad_line_rows: int = 0
