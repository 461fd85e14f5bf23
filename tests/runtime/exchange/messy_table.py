"""The table of the messy files: file, outcome, seconds, highest memory of the reader, and what was understood.

    python -m tests.runtime.exchange.messy_table [FILE OR FOLDER ...]

Without arguments it reads `messy/` of the team's data. A file either opens or is refused in one polite sentence.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from runtime.exchange.readers.reading import Sheet, open_workbook
from runtime.exchange.readers.refusals import CannotRead, NothingToImport
from runtime.exchange.understanding.plan import ImportPlan
from runtime.exchange.understanding.workbooks import understand
from runtime.work import Progress
from tests.runtime.exchange.child_watch import watched

MESSY = Path(__file__).parents[4] / "shared" / "data" / "messy"
SHOWN = 6


@dataclass(frozen=True)
class Outcome:
    """What came of one file."""

    file: str
    said: str
    seconds: float
    peak: int
    refused: bool
    understood: str = ""

    def line(self) -> str:
        return f"| {self.file} | {self.said} | {self.seconds:.2f} s | {self.peak >> 20} MB | {self.understood} |"


def outcome(path: Path) -> Outcome:
    """Read one file."""
    refused, understood = False, ""
    with watched() as (peak, seconds):
        try:
            book = open_workbook(path, Progress())
        except CannotRead as error:
            refused, said = True, f"{error.code}: {error}"
        else:
            said = "; ".join([*map(describe, book.sheets[:SHOWN]), *map(str, book.notes)])
            try:
                understood = lines_about(understand(book, Progress()))
            except NothingToImport as error:
                refused, said = True, f"{error.code}: {error}"
    return Outcome(path.name, said, seconds[0], peak.bytes, refused, understood)


def lines_about(plan: ImportPlan) -> str:
    """Each table with its rows, the row of its header and the types of its columns; then what is doubtful."""
    lines = []
    for sheet in plan.sheets:
        header = plan.source.tables[sheet.sheet].header_row
        types = ", ".join(f"{column.label}: {column.field_type}" for column in sheet.columns)
        lines.append(f"**{sheet.sheet}** {sheet.rows:,} rows, header {header or 'none'}; {types}")
    for doubt in plan.doubts:
        ways = " / ".join(f"*{c.label}*" if c.id == doubt.chosen else str(c.label) for c in doubt.choices)
        lines.append(f"? {doubt.message}" + (f" [{ways}]" if ways else ""))
    return "<br>".join(lines)


def describe(sheet: Sheet) -> str:
    """A sheet in a few words: what the reader found."""
    words = [f"{sheet.name}{'' if sheet.visible else ' (hidden)'} {sheet.height}×{sheet.width} by {sheet.reader}"]
    if not sheet.readable:
        words.append("damaged")
    if sheet.text is not None:
        facts = sheet.text
        words.append(f"{facts.encoding}{'?' if facts.encoding_doubtful else ''} {facts.delimiter!r}")
        words += [f"{facts.ragged_rows} ragged"] if facts.ragged_rows else []
        words += [f"{facts.bad_line_rows} bad lines"] if facts.bad_line_rows else []
    words += [f"{len(sheet.merged)} merged"] if sheet.merged else []
    words += [f"{len(sheet.hidden_rows)} hidden rows"] if sheet.hidden_rows else []
    words += [f"{len(sheet.hidden_columns)} hidden columns"] if sheet.hidden_columns else []
    words += [f"{sum(sheet.unsaved.values())} formulas without result"] if sheet.unsaved else []
    words += [f"{sheet.cleaned} cleaned"] if sheet.cleaned else []
    words += [f"{sheet.dropped_columns} columns dropped"] if sheet.dropped_columns else []
    return ", ".join(words)


def files(places: Iterable[Path]) -> list[Path]:
    """All files at `places`, folders opened."""
    found = [inner for place in places for inner in (sorted(place.rglob("*")) if place.is_dir() else [place])]
    return [path for path in found if path.is_file()]


def main(arguments: Sequence[str]) -> None:
    """Print the table."""
    print("| file | outcome | time | reader's peak | understood |\n|---|---|---|---|---|")
    for path in files([Path(argument) for argument in arguments] or [MESSY]):
        print(outcome(path).line(), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
