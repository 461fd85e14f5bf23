"""Copies of records, with the rows of their sub-forms: new records that have the same values where they may."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from resources.texts import TN, T
from runtime.actor import Actor
from runtime.changes import BulkChange, ChangeKind, new_uuid
from runtime.errors import UserError
from runtime.exchange.editing.cell_writes import CellWrites
from runtime.form import Field, Form
from runtime.store.rows import Row

MOST_WRITTEN = 10_000
"""Records and rows of sub-forms that are made at once."""
AT_ONCE = 100
"""Records whose rows are read at a time."""


@dataclass
class Copies(CellWrites):
    """What duplicating writes.

    Attributes:
        sources: new record -> the one that it is a copy of.
        below: (sub-form, the record that its rows belong to, the values of one row) of every row that is copied.
    """

    sources: dict[UUID, UUID] = field(default_factory=dict)
    below: list[tuple[Form, UUID, dict[str, Any]]] = field(default_factory=list)

    def steps(self) -> list[list[BulkChange]]:
        """As of any cells; in the last commit the rows of sub-forms, which are no records of their own."""
        before = list(self.made)
        steps = super().steps()
        self.sources = {now: self.sources[was] for was, now in zip(before, self.made, strict=True)}
        if steps:
            steps[-1].extend(self._rows_below())
        return steps

    def _rows_below(self) -> list[BulkChange]:
        copies = {was: now for now, was in self.sources.items()}
        changes = []
        for form in {each.id: each for each, _, _ in self.below}.values():
            rows = [(copies[of], values) for each, of, values in self.below if each.id == form.id and of in copies]
            if rows:
                columns = {key: [values[key] for _, values in rows] for key in rows[0][1]}
                ids, roots = [new_uuid() for _ in rows], [root for root, _ in rows]
                changes.append(BulkChange(ChangeKind.NEW, form.id, ids, columns, roots=roots))
        return changes


def copies_of(actor: Actor, form: Form, records: Sequence[Row]) -> Copies:
    """Copies of these records as this person may make them, in their order.

    Fields without duplicates stay empty, or get their default; so do those that people do not fill, or this one may
    not.

    Raises:
        UserError: with the rows of sub-forms these are too many.
    """
    found, fields = Copies(form), copied_fields(actor, form)
    for record in records:
        new = new_uuid()
        found.sources[new] = record.id
        found.made[new] = {each.id: record.values.get(each.id) for each in fields}
        found.titles |= {record.values[key]: title for key, title in record.titles.items() if key in record.values}
    for below in form.subforms:
        if actor.scope.sees(below.id):
            _copy_below(actor, found, below, records)
    return found


def _copy_below(actor: Actor, found: Copies, below: Form, records: Sequence[Row]) -> None:
    """The rows of a sub-form; none where they would be blank, or lack what they need: that is said first."""
    rows, copied = _rows_of(actor, found, below, records), copied_fields(actor, below)
    lost = [each for each in below.fields if each.editable and each not in copied]
    lacking = [each for each in lost if each.props.required or not copied]
    if rows and lacking:
        found.notes.append(
            T("The rows of “{form}” are not copied: “{field}” cannot be.", form=below.name, field=lacking[0].name)
        )
        found.asks = True
        return
    gone = {each: _not_there(actor, each, rows) for each in copied if each.target}
    for each, ids in gone.items():
        _say_gone(found, below, each, sum(row.values.get(each.id) in ids for row in rows))
    needed = [each for each in gone if each.props.required]
    for row in rows:
        values = {each.id: row.values.get(each.id) for each in copied}
        if row.root is not None and not any(values[each.id] in gone[each] for each in needed):
            values |= {each.id: None for each, ids in gone.items() if values[each.id] in ids}
            found.below.append((below, row.root, values))


def _rows_of(actor: Actor, found: Copies, below: Form, records: Sequence[Row]) -> list[Row]:
    """The rows of a sub-form, read until they are too many."""
    rows: list[Row] = []
    for start in range(0, len(records), AT_ONCE):
        part = [record.id for record in records[start : start + AT_ONCE]]
        rows += actor.reader.below_all(below.id, part, actor.scope)
        if len(records) + len(found.below) + len(rows) > MOST_WRITTEN:
            raise UserError(
                T("With the rows of their sub-forms these are too many records to duplicate at once."),
                T("At most 10,000 records and rows can be made at once. Choose fewer records."),
                "too_many",
            )
    return rows


def _not_there(actor: Actor, relation: Field, rows: Sequence[Row]) -> set[Any]:
    """What rows point to that is in the bin, or nowhere: nothing new may point there."""
    named = {value for row in rows if (value := row.values.get(relation.id)) is not None}
    return named - {row.id for row in actor.reader.by_id(relation.target, list(named)) if not row.deleted}


def _say_gone(found: Copies, below: Form, relation: Field, count: int) -> None:
    if not count:
        return
    names = {"form": below.name, "field": relation.name}
    found.asks = True
    if relation.props.required:
        said = TN(
            "{n} row of “{form}” is not copied: its “{field}” is in the bin.",
            "{n} rows of “{form}” are not copied: their “{field}” is in the bin.",
            count,
            **names,
        )
    else:
        said = TN(
            "“{field}” stays empty in {n} row of “{form}”: it is in the bin.",
            "“{field}” stays empty in {n} rows of “{form}”: it is in the bin.",
            count,
            **names,
        )
    found.notes.append(said)


def copied_fields(actor: Actor, form: Form) -> list[Field]:
    """The fields whose values a copy has too."""
    return [
        each
        for each in form.fields
        if each.editable
        and not each.props.unique
        and actor.scope.reads(form.id, each.id)
        and actor.scope.writes(form.id, each.id)
    ]
