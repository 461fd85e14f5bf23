"""A table cut out of a sheet by its frame: headers, rows without those left out, and what was done to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from resources.texts import T
from runtime.exchange.cells import Column
from runtime.exchange.columns import Doubt
from runtime.exchange.frame import Frame
from runtime.exchange.readers.archive import column_letters
from runtime.exchange.readers.reading import Sheet
from runtime.exchange.tables.card import as_list
from runtime.exchange.tables.cutting import Cut
from runtime.exchange.tables.layout import Layout, find_layout
from runtime.exchange.tables.sheet_rows import is_blank
from runtime.exchange.tables.table_doubts import blank_columns, doubts_of_layout, doubts_of_rows
from runtime.exchange.tables.turned import turned

NO_FRAME = Frame(0, 0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one table under their headers.

    Attributes:
        sheet: name of the table: that of its sheet, with " (2)" and so on where a sheet holds several.
        visible: False where the sheet is hidden.
        headers: one per column, no two alike, none empty.
        columns: as long as the table has rows.
        formats: column -> number format.
        row_numbers: for each row its number in the file, from 1.
        doubts: what was left out or renamed.
        frame: where it lies on its sheet.
        title: what is written above it, "" where that is not one short text.
        places: for each column its index on the sheet.
        header_row: number in the file of the last row of its header, from 1; 0 where it has none.
        home: name of the sheet.
        alone: whether it is the only table there.
        untyped: whether the file has texts only, as csv.
    """

    sheet: str
    visible: bool
    headers: tuple[str, ...]
    columns: tuple[Column, ...]
    formats: dict[int, str] = field(default_factory=dict)
    row_numbers: Sequence[int] = ()
    doubts: tuple[Doubt, ...] = ()
    frame: Frame = NO_FRAME
    title: str = ""
    places: tuple[int, ...] = ()
    header_row: int = 0
    home: str = ""
    alone: bool = True
    untyped: bool = False

    @property
    def height(self) -> int:
        """Number of rows."""
        return len(self.row_numbers)


def to_tables(sheet: Sheet, frames: Sequence[Frame] = ()) -> list[Table]:
    """The tables on a sheet.

    Args:
        frames: where they lie; found by the cells where it is empty.
    """
    layout = found = find_layout(sheet)
    if frames:
        others = (way for way in (found.frames, found.others) if _is_another(way, frames))
        layout = Layout(tuple(frames), next(others, ()))
    tables = [
        cut(sheet, frame, sheet.name if at == 0 else f"{sheet.name} ({at + 1})", _found_there(found, frame))
        for at, frame in enumerate(layout.frames)
    ]
    tables = [
        replace(table, home=sheet.name, alone=len(tables) == 1, untyped=sheet.text is not None) for table in tables
    ]
    about = doubts_of_layout(sheet, layout, apart=len(found.frames) > 1)
    return [replace(tables[0], doubts=(*about, *tables[0].doubts)), *tables[1:]] if tables else []


def _found_there(found: Layout, frame: Frame) -> Frame | None:
    """The frame that was found at the place of one that a person changed."""
    return next((each for each in (*found.frames, *found.others) if _part(each) == _part(frame)), None)


def _part(frame: Frame) -> tuple[int, int, int, bool, bool]:
    return frame.start, frame.left, frame.right, frame.form, frame.turned


def _is_another(way: Sequence[Frame], frames: Sequence[Frame]) -> bool:
    """Whether a sheet is cut otherwise: into more tables or fewer, or not as a form or turned."""
    return (len(way) > 1) != (len(frames) > 1) or bool(way and _way_up(way[0]) != _way_up(frames[0]))


def _way_up(frame: Frame) -> tuple[bool, bool]:
    return frame.form, frame.turned


def to_table(sheet: Sheet) -> Table:
    """The first table on a sheet that holds something."""
    return to_tables(sheet)[0]


def cut(sheet: Sheet, frame: Frame, name: str, found: Frame | None = None) -> Table:
    """The table that a frame shows.

    Args:
        found: the frame that was found there at first.
    """
    rows = Cut(as_list(sheet) if frame.form else turned(sheet) if frame.turned else sheet, frame)
    doubts = doubts_of_rows(rows, name, found)
    kept, headers = _named(rows, name, doubts)
    formats = {
        new: rows.sheet.formats[rows.places[old]]
        for new, old in enumerate(kept)
        if rows.places[old] in rows.sheet.formats
    }
    return Table(
        name, sheet.visible, headers, tuple(rows.columns[place] for place in kept), formats, rows.numbers(),
        tuple(doubts), frame, rows.title(), tuple(rows.places[place] for place in kept),
        rows.number_of(frame.first - 1) if frame.header_rows else 0,
    )  # fmt: skip


def _named(rows: Cut, name: str, doubts: list[Doubt]) -> tuple[list[int], tuple[str, ...]]:
    """Places of the columns that stay, and their headers; says what was named, renamed or left out."""
    kept: list[int] = []
    headers: list[str] = []
    taken: set[str] = set()
    skipped = 0
    own = _own_labels(rows)
    said = {label.casefold() for label in rows.labels}
    for place, (label, column) in enumerate(zip(rows.labels, rows.columns, strict=True)):
        if not own[place] and is_blank(column):
            skipped += 1
            continue
        letters = column_letters(rows.places[place] + 1)
        wanted = label or str(T("Column {letters}", letters=letters))
        unique = unlike(wanted, taken if label else taken | said)
        taken.add(unique.casefold())
        if rows.frame.header_rows and not label:
            message = T("Column {letters} has no header and is called “{name}”.", letters=letters, name=unique)
            doubts.append(Doubt(name, len(kept), "no_name", message))
        elif unique != wanted:
            message = T("“{name}” is there before; this one is called “{unique}”.", name=wanted, unique=unique)
            doubts.append(Doubt(name, len(kept), "same_name", message))
        kept.append(place)
        headers.append(unique)
    if skipped:
        doubts.append(blank_columns(name, skipped))
    return kept, tuple(headers)


def _own_labels(rows: Cut) -> list[bool]:
    """Which columns have a label of their own, and not only the one of a merged cell that begins further left."""
    frame = rows.frame
    if not frame.header_rows:
        return [False] * len(rows.places)
    cells = (rows.sheet.columns[place].raw(frame.top, frame.first) for place in rows.places)
    return [any(cell is not None for cell in found) for found in cells]


def unlike(name: str, taken: set[str]) -> str:
    """`name`, with " (2)" and so on where `taken`, a set of casefolded names, has it already."""
    unique, count = name, 1
    while unique.casefold() in taken:
        count += 1
        unique = f"{name} ({count})"
    return unique
