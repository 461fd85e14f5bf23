"""How much the rows of a sheet are like the records of a form: which cells fit, which records are there already."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from runtime.actor import Actor
from runtime.exchange.importing.aim import Aim, Mode
from runtime.exchange.importing.fitting import Fitted, Fitter
from runtime.exchange.understanding.hints import names_sequence
from runtime.exchange.understanding.plan import ImportPlan
from runtime.form import Field, Form

SAMPLE = 30
"""Rows at the top, and as many at the end, that are looked at."""

FITTING = 0.9
"""Share of the cells that must be values of their field."""

MOST_ALIKE = 100
"""Rows with the same value, on average, up to which that value is looked for; and so many records, the oldest."""

LISTED = 0.5
"""The same for options and for records that are named: new ones come with new rows."""


@dataclass(slots=True)
class Likeness:
    """What some rows say beside the records of a form.

    Attributes:
        looked: rows that name a record by the key.
        found: those whose record is there.
        same: those of which the record says mostly the same.
        other: those of which a filled field of the record says something else.
        fits: whether the cells are values of their fields.
        bad, filled: index of the column -> cells that are none, and that are.
    """

    looked: int = 0
    found: int = 0
    same: int = 0
    other: int = 0
    fits: bool = True
    bad: Counter[int] = field(default_factory=Counter)
    filled: Counter[int] = field(default_factory=Counter)


def likeness(session: Actor, plan: ImportPlan, sheet: str, form: Form, aim: Aim) -> Likeness:
    """Compare the first and the last rows of a sheet with the records that they name by the key, or by the title."""
    made, fitter = Likeness(), Fitter(session, plan, sheet, aim)
    named = (form.by_id.get(aim.key), form.key, form.title)
    key = next((by for by in named if by is not None and aim.source_of(by.id) is not None), None)
    for part in _parts(fitter, plan.source.tables[sheet].height):
        made.bad.update(cell.source for cell in part.bad)
        for source, target in fitter.fields.items():
            made.filled[source] += part.height - part.columns[target.id].count(None)
        if key is not None and not key.target:
            _compare(session, form, key, part, made)
    made.fits = all(_fits(target, made.filled[source], made.bad[source]) for source, target in fitter.fields.items())
    return made


def are_there(session: Actor, plan: ImportPlan, sheet: str, form: Form, aim: Aim) -> bool:
    """Whether most of the first and the last rows are records already, field by field, whatever their key."""
    fitter, facts = Fitter(session, plan, sheet, aim), plan.source.facts[sheet]
    plain = [source for source, target in fitter.fields.items() if not target.target and not _options(target)]
    source = max(plain, key=lambda at: facts[at].distinct, default=None)
    if source is None or facts[source].filled > MOST_ALIKE * facts[source].distinct:
        return False
    looked = there = 0
    for part in _parts(fitter, plan.source.tables[sheet].height):
        looked += part.height
        there += _there(session, form, fitter.fields[source], part)
    return 2 * there > looked


def _there(session: Actor, form: Form, by: Field, part: Fitted) -> int:
    """How many rows of a part some record repeats in every field; cells that do not fit count for nothing."""
    keys, unread = part.columns[by.id], {cell.row - part.first for cell in part.bad}
    wanted = {key for key in keys if key is not None}
    hits = session.reader.find_all(form.id, by.id, wanted, session.scope, MOST_ALIKE * len(wanted))
    ids = [row for rows in hits.values() for row in rows]
    records = {row.id: row.values for row in session.reader.by_id(form.id, ids, session.scope)}

    def repeats(at: int) -> bool:
        said = {field_id: cells[at] for field_id, cells in part.columns.items()}
        found = (records[row] for row in hits.get(keys[at], ()) if row in records)
        return any(all(record.get(field_id) == cell for field_id, cell in said.items()) for record in found)

    return sum(repeats(at) for at in range(part.height) if at not in unread and keys[at] is not None)


def unless_counted(session: Actor, plan: ImportPlan, sheet: str, form: Form, aim: Aim) -> Aim:
    """The aim; rows are new where the key only counts them, and would write over the records of other rows."""
    counted = aim.mode.changes and _counts_rows(session, plan, sheet, form, aim)
    return replace(aim, mode=Mode.ADD, key="") if counted else aim


def _counts_rows(session: Actor, plan: ImportPlan, sheet: str, form: Form, aim: Aim) -> bool:
    """Whether the key of an aim is but the number of a row: it names records that say something else."""
    source = aim.source_of(aim.key)
    if source is None:
        return False
    header, facts = plan.source.tables[sheet].headers[source], plan.source.facts[sheet][source]
    if not (names_sequence(header) or facts.steady):
        return False
    found = likeness(session, plan, sheet, form, aim)
    return 2 * found.same < found.found


def _parts(fitter: Fitter, height: int) -> Iterator[Fitted]:
    yield fitter.fit(0, min(SAMPLE, height))
    if height > SAMPLE:
        rest = min(SAMPLE, height - SAMPLE)
        yield fitter.fit(height - rest, rest)


def _fits(target: Field, filled: int, bad: int) -> bool:
    listed = bool(target.target or _options(target))
    return filled >= (LISTED if listed else FITTING) * (filled + bad)


def _options(target: Field) -> bool:
    return bool(getattr(target.props, "options", ()))


def _compare(session: Actor, form: Form, key: Field, part: Fitted, made: Likeness) -> None:
    keys = part.columns[key.id]
    hits = session.reader.find_all(form.id, key.id, {value for value in keys if value is not None}, session.scope)
    ids = {value: rows[0] for value, rows in hits.items() if rows}
    records = {row.id: row.values for row in session.reader.by_id(form.id, list(ids.values()), session.scope)}
    for at, value in enumerate(keys):
        if value is None:
            continue
        made.looked += 1
        record = records.get(ids[value]) if value in ids else None
        if record is None:
            continue
        made.found += 1
        said = {field_id: cells[at] for field_id, cells in part.columns.items() if field_id != key.id}
        both = [field_id for field_id, cell in said.items() if cell is not None and record.get(field_id) is not None]
        alike = sum(said[field_id] == record[field_id] for field_id in both)
        made.same += 2 * alike >= len(both)
        made.other += alike < len(both)
