"""How the first rows of a sheet will look once they are records: texts, chips, ticks and links; no Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import Any
from uuid import UUID

from runtime.dates import local_zone, show_date, show_moment
from runtime.definition.kind import Props
from runtime.errors import Sentence
from runtime.exchange.columns import ColumnPlan, RelationTarget
from runtime.exchange.importing.aim import Aim
from runtime.exchange.importing.fitting import Coming, Fitter, Promised
from runtime.exchange.importing.partners import PROMISED, Partners
from runtime.exchange.understanding.conversion import Conversion, as_text, convert_column
from runtime.exchange.understanding.plan import ImportPlan
from runtime.fields import FieldType, field_type
from runtime.fields.choices import listed
from runtime.form import Field
from runtime.session import Session
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
    BOX = "box"
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
        columns: one for each column plan, left-out ones too; of a sheet that goes into a form that is there, one for
            each column of the file.
        height: rows that are shown.
        form: id of the form that the sheet goes into; "" = a new one.
    """

    sheet: str
    columns: tuple[PreviewColumn, ...]
    height: int
    form: str = ""


def preview(
    plan: ImportPlan, sheet: str, session: Session | None = None, zone: tzinfo | None = None, most: int = SHOWN
) -> Preview:
    """The first `most` rows of a sheet as the importer would store them.

    Args:
        session: the workspace with the forms that relations may point to.
    """
    table = plan.source.tables[sheet]
    height = min(most, table.height)
    columns = []
    for column in plan.sheet(sheet).columns:
        values, unfit = convert_column(table.columns[column.source].part(0, height).blocks, column, zone)
        draw = _drawing(plan, column, values, session)
        cells = [BLANK if value is None else draw(value) for value in values]
        for found in unfit:
            cells[found.row] = Cell(found.text, Look.LOST, reason=found.reason)
        columns.append(PreviewColumn(column, field_type(column.field_type), tuple(cells)))
    return Preview(sheet, tuple(columns), height)


def preview_into(
    session: Session,
    plan: ImportPlan,
    sheet: str,
    aim: Aim,
    zone: tzinfo | None = None,
    most: int = SHOWN,
    coming: Coming | None = None,
) -> Preview:
    """The first `most` rows of a sheet as they would be stored in the form that it goes into; every column is shown.

    Args:
        coming: form -> texts that name records which the same import makes before.
    """
    table = plan.source.tables[sheet]
    fitter = Fitter(session, plan, sheet, aim, zone, coming)
    fitted = fitter.fit(0, min(most, table.height))
    bad = {(cell.row, cell.source): cell for cell in fitted.bad}
    columns = []
    for source, header in enumerate(table.headers):
        field = fitter.fields.get(source)
        if field is None:
            said = [as_text(cell) for cell in table.columns[source].values(0, fitted.height)]
            plan_of = ColumnPlan(source, header, "text", "", include=False)
            columns.append(PreviewColumn(plan_of, field_type("text"), tuple(Cell(" ".join(t.split())) for t in said)))
            continue
        texts = fitter.texts(source, fitted.height) if field.target else []
        draw = _drawing_into(session, field, fitted.columns[field.id], texts)
        cells = [
            Cell(bad[row, source].text, Look.LOST, reason=bad[row, source].reason)
            if (row, source) in bad
            else draw(row)
            for row in range(fitted.height)
        ]
        columns.append(PreviewColumn(replace(fitter.column(source), header=header), field.kind, tuple(cells)))
    return Preview(sheet, tuple(columns), fitted.height, aim.form)


def _drawing_into(
    session: Session, field: Field, values: Sequence[Any], texts: Sequence[str | None]
) -> Callable[[int], Cell]:
    """How the value of a row is drawn."""
    if field.target:
        rows = [value for value in values if value is not None and value != PROMISED]
        titles = _titles_of(session, field.target, rows)
        return lambda row: (
            BLANK if values[row] is None else Cell(titles.get(values[row], "") or texts[row] or "", Look.LINK)
        )
    options = {option.id: option for option in getattr(field.props, "options", ())}

    def draw(row: int) -> Cell:
        value = values[row]
        if value is None:
            return BLANK
        if isinstance(value, Promised):
            return Cell(value.label, Look.CHIP, HUES - 1)
        option = options.get(value) if field.kind.name == "choice" else None
        if option is not None:
            return Cell(option.label, Look.CHIP, option.color)
        return _plain(field.kind, field.props, value)

    return draw


def _plain(kind: FieldType, props: Props, value: Any) -> Cell:
    if kind.value_type == "bool":
        return Cell(kind.format(value, props), Look.TICK if value else Look.BOX)
    today = datetime.now(local_zone()).date()
    if kind.value_type == "date":
        return Cell(show_date(value, today))
    if kind.value_type == "datetime":
        return Cell(show_moment(value, local_zone(), today))
    return Cell(" ".join(kind.format(value, props).split()))


def count_misfits(plan: ImportPlan, sheet: str, column: ColumnPlan, progress: Progress) -> int:
    """How many cells of a column are no value of its type and would stay blank.

    Raises:
        Cancelled: somebody asked to stop.
    """
    conversion, found = Conversion(column), 0
    for block in plan.source.tables[sheet].columns[column.source].blocks:
        progress.check()
        found += len(conversion.column((block,))[1])
    return found


def _drawing(
    plan: ImportPlan, column: ColumnPlan, values: Sequence[Any], session: Session | None
) -> Callable[[Any], Cell]:
    kind = field_type(column.field_type)
    if column.relation is not None:
        wanted = {value for value in values if value is not None}
        if column.relation.form:
            titles = _stored_titles(session, column.relation.form, wanted)
        else:
            titles = _titles(plan, column.relation, wanted)
        return lambda key: Cell(titles[key], Look.LINK) if key in titles else BLANK
    if column.field_type == "choice":
        hues = {label: at % HUES for at, label in enumerate(column.props.get("options", ()))}
        return lambda label: Cell(label, Look.CHIP, hues.get(label, HUES - 1))
    props = kind.read(column.props)
    if column.field_type == "choices":  # options have no ids yet: the values are their labels
        return lambda labels: Cell(listed(labels))
    return lambda value: _plain(kind, props, value)


def _stored_titles(session: Session | None, form_id: str, wanted: Iterable[str]) -> dict[str, str]:
    """Key -> title of the record of a form that is there; keys that name none or several are missing."""
    if session is None or session.form_of_id(form_id) is None:
        return {}
    found = Partners(session, form_id).values(wanted)
    titles = _titles_of(session, form_id, list(found.values()))
    return {key: titles.get(row, "") or key for key, row in found.items()}


def _titles_of(session: Session, form_id: str, rows: Sequence[UUID]) -> dict[UUID, str]:
    target = session.form_of_id(form_id)
    title = target.title if target is not None else None
    if title is None or not rows:
        return {}
    found = session.reader.by_id(form_id, rows, session.scope)
    return {row.id: title.format(row.values.get(title.id)) for row in found}


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
