"""How the first rows of a sheet will look once they are records: texts, chips, ticks and links; no Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import Any

from runtime.dates import local_zone, show_date, show_moment
from runtime.errors import Sentence
from runtime.exchange.columns import ColumnPlan, RelationTarget
from runtime.exchange.conversion import convert_column
from runtime.exchange.plan import CHUNK, ImportPlan
from runtime.fields import FieldType, field_type
from runtime.work import Progress

SHOWN = 20
"""Rows of a preview."""
HUES = 8
"""Options take so many hues in turn, as the importer gives them."""


class Look(StrEnum):
    """How a cell is drawn."""

    TEXT = "text"
    CHIP = "chip"
    TICK = "tick"
    LINK = "link"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a preview.

    Attributes:
        text: what people read; of a lost cell what the file holds.
        look: how it is drawn.
        hue: of a chip.
        reason: why a lost cell stays blank.
    """

    text: str = ""
    look: Look = Look.TEXT
    hue: int = 0
    reason: Sentence = ""


BLANK = Cell()


@dataclass(frozen=True, slots=True)
class PreviewColumn:
    """One column of a preview: its plan, its type, its cells from the top."""

    plan: ColumnPlan
    kind: FieldType
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows of a sheet.

    Attributes:
        sheet: name of the sheet.
        columns: one for each column plan, left-out ones too.
        height: rows that are shown.
    """

    sheet: str
    columns: tuple[PreviewColumn, ...]
    height: int


def preview(plan: ImportPlan, sheet: str, zone: tzinfo | None = None, most: int = SHOWN) -> Preview:
    """The first `most` rows of a sheet as the importer would store them."""
    table = plan.source.tables[sheet]
    height = min(most, table.height)
    columns = []
    for column in plan.sheet(sheet).columns:
        values, unfit = convert_column(table.columns[column.source].part(0, height).blocks, column, zone)
        draw = _drawing(plan, column, values)
        cells = [BLANK if value is None else draw(value) for value in values]
        for found in unfit:
            cells[found.row] = Cell(found.text, Look.LOST, reason=found.reason)
        columns.append(PreviewColumn(column, field_type(column.field_type), tuple(cells)))
    return Preview(sheet, tuple(columns), height)


def count_misfits(plan: ImportPlan, sheet: str, column: ColumnPlan, progress: Progress) -> int:
    """How many cells of a column are no value of its type and would stay blank.

    Raises:
        Cancelled: somebody asked to stop.
    """
    table, found = plan.source.tables[sheet], 0
    for first in range(0, table.height, CHUNK):
        progress.check()
        part = table.columns[column.source].part(first, min(first + CHUNK, table.height))
        found += len(convert_column(part.blocks, column)[1])
    return found


def _drawing(plan: ImportPlan, column: ColumnPlan, values: Sequence[Any]) -> Callable[[Any], Cell]:
    kind = field_type(column.field_type)
    if column.relation is not None:
        titles = _titles(plan, column.relation, {value for value in values if value is not None})
        return lambda key: Cell(titles[key], Look.LINK) if key in titles else BLANK
    if column.field_type == "choice":
        hues = {label: at % HUES for at, label in enumerate(column.props.get("options", ()))}
        return lambda label: Cell(label, Look.CHIP, hues.get(label, HUES - 1))
    props = kind.read(column.props)
    if column.field_type == "boolean":
        return lambda value: Cell(kind.format(value, props), Look.TICK) if value else BLANK
    today = datetime.now(local_zone()).date()
    if kind.value_type == "date":
        return lambda value: Cell(show_date(value, today))
    if kind.value_type == "datetime":
        return lambda value: Cell(show_moment(value, local_zone(), today))
    return lambda value: Cell(" ".join(kind.format(value, props).split()))


def _titles(plan: ImportPlan, relation: RelationTarget, wanted: Iterable[str]) -> dict[str, str]:
    """Key -> what the record that it names will be called; keys without a record are missing."""
    missing = set(wanted)
    rows: dict[str, int] = {}
    for row, key in enumerate(plan.keys(relation.sheet, relation.source) if missing else ()):
        if key is not None and key in missing:
            rows[key] = row
            missing.discard(key)
            if not missing:
                break
    target, table = plan.sheet(relation.sheet), plan.source.tables[relation.sheet]
    title = target.columns[target.title_column]
    kind = field_type(title.field_type)
    titles = {}
    for key, row in rows.items():
        value = convert_column(table.columns[title.source].part(row, row + 1).blocks, title)[0][0]
        plain = value is None or title.relation is not None or title.field_type == "choice"
        titles[key] = key if value is None else str(value) if plain else kind.format(value, kind.read(title.props))
    return titles
