"""`WrittenOver`: how many records of a form the rows of a sheet would change, counted over all rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from resources.texts import TN, T
from runtime.actor import Actor
from runtime.errors import Sentence
from runtime.exchange.importing.aim import Aim, Blank, Misfit, Mode, Twice
from runtime.exchange.importing.fitting import Fitted, Fitter
from runtime.exchange.importing.likeness import are_there
from runtime.exchange.understanding.plan import CHUNK, ImportPlan
from runtime.form import Form
from runtime.work import Progress


@dataclass(frozen=True, slots=True)
class WrittenOver:
    """Records that rows would change.

    Attributes:
        changed: how many of them.
        records: how many the form has.
        twice: whether most rows are there already, and would be made once more.
    """

    changed: int
    records: int
    twice: bool = False


def written_over(
    session: Actor, plan: ImportPlan, sheet: str, form: Form, aim: Aim, progress: Progress | None = None
) -> WrittenOver:
    """Compare every row of a sheet with the record that its key names; where all are new, some with all records.

    Raises:
        Cancelled: somebody asked to stop.
    """
    if aim.mode is Mode.ADD:
        return WrittenOver(0, 0, are_there(session, plan, sheet, form, aim))
    if not aim.mode.changes or aim.key not in aim.fields.values():
        return WrittenOver(0, 0)
    fitter, height = Fitter(session, plan, sheet, aim), plan.source.tables[sheet].height
    changed: set[UUID] = set()
    seen: set[Any] = set()
    for first in range(0, height, CHUNK):
        if progress is not None:
            progress.step(first, height, T("Comparing with “{form}”", form=form.name))
        fitted = fitter.fit(first, min(CHUNK, height - first))
        changed |= _changed(session, form, aim, fitted, list(_rows(aim, fitted, seen)))
    return WrittenOver(len(changed), session.reader.count(session.query(form.id)) if changed else 0)


def over_words(over: WrittenOver | None, form: str) -> Sentence:
    """How many records of a form of that name would be changed, or that they would be doubled; "" = neither."""
    if over is not None and over.twice:
        return T("Most of the rows are in “{form}” already and would be there twice.", form=form)
    if over is None or not over.changed:
        return ""
    return TN(
        "{n} of the {total} records of “{form}” would be written over.",
        "{n} of the {total} records of “{form}” would be written over.",
        over.changed, total=f"{over.records:,}", form=form,
    )  # fmt: skip


def _rows(aim: Aim, fitted: Fitted, seen: set[Any]) -> Iterator[int]:
    """Places of the rows that are taken: they name a record, their cells fit, and no earlier row counts instead."""
    keys = fitted.columns[aim.key]
    refused = {cell.row - fitted.first for cell in fitted.bad} if aim.misfit is Misfit.REFUSE else set()
    for at, key in enumerate(keys):
        if key is None or at in refused or (key in seen and aim.twice is not Twice.LAST):
            continue
        seen.add(key)
        yield at


def _changed(session: Actor, form: Form, aim: Aim, fitted: Fitted, rows: list[int]) -> set[UUID]:
    """The records of which one of these rows says something else."""
    keys = fitted.columns[aim.key]
    hits = session.reader.find_all(form.id, aim.key, {keys[at] for at in rows}, session.scope)
    ids = {key: found[0] for key, found in hits.items() if len(found) == 1}
    records = {row.id: row.values for row in session.reader.by_id(form.id, list(ids.values()), session.scope)}
    unread = {(cell.row - fitted.first, cell.field.id) for cell in fitted.bad}

    def differs(at: int, values: Mapping[str, Any]) -> bool:
        return any(
            column[at] != values.get(field)
            for field, column in fitted.columns.items()
            if column[at] is not None or (aim.blank is Blank.CLEAR and (at, field) not in unread)
        )

    known = ((at, ids[keys[at]]) for at in rows if keys[at] in ids)
    return {record for at, record in known if record in records and differs(at, records[record])}
