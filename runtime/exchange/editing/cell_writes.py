"""`CellWrites`: values for many cells of one form, some of them not good, and the changes that write the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any
from uuid import UUID

from runtime.changes import BulkChange, ChangeKind, new_uuid
from runtime.errors import Problem, Sentence
from runtime.form import Form

WHOLE_STEP = 10_000
"""Records that are changed as one commit; more go in parts that are taken back together where one is refused."""

PART = 5_000
"""Records of one of several commits."""


@dataclass(slots=True)
class BadCell:
    """A cell that cannot be written, and why.

    Attributes:
        record: id of the record; of one that is made by this step too.
        field: id of the field; "" where the record as a whole is refused.
        text: what was to be written, as the person has it.
        reason: why not, in words.
    """

    record: UUID
    field: str
    text: str
    reason: Sentence


@dataclass(slots=True)
class CellWrites:
    """What one step writes; nothing is written by making it.

    Attributes:
        form: of the records.
        changed: record -> field id -> value, of records that are there.
        made: the same of records that are made; every one of them, in order.
        bad: the cells that cannot be written; they are not in `changed` and `made`.
        places: record -> position where the person sees it, of records that are there.
        rows: new record -> row of what was pasted, from 1.
        titles: related record -> what the person calls it.
        notes: what else is not written, in words.
        options: choice -> label -> id of the options that the step adds to it.
        asks: whether the person must decide over the notes before anything is written.
    """

    form: Form
    changed: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    made: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    bad: list[BadCell] = field(default_factory=list)
    places: dict[UUID, int] = field(default_factory=dict)
    rows: dict[UUID, int] = field(default_factory=dict)
    titles: dict[UUID, str] = field(default_factory=dict)
    notes: list[Sentence] = field(default_factory=list)
    options: dict[str, dict[str, str]] = field(default_factory=dict)
    asks: bool = False
    _given: bool = False

    def give(self, record: UUID, field_id: str, value: Any) -> None:
        """Write this value too."""
        rows = self.made if record in self.made else self.changed
        rows.setdefault(record, {})[field_id] = value

    def take(self, record: UUID, field_id: str) -> Any:
        """Do not write this cell after all; the value that it would have got."""
        rows = self.made if record in self.made else self.changed
        return rows.get(record, {}).pop(field_id, None)

    def leave_out(self, record: UUID) -> None:
        """Do not write this record after all."""
        self.made.pop(record, None)
        self.changed.pop(record, None)

    @property
    def cells(self) -> int:
        """How many cells are written."""
        return sum(map(len, self.changed.values())) + sum(map(len, self.made.values()))

    @property
    def empty(self) -> bool:
        """Whether there is nothing to write."""
        return not self.made and not any(self.changed.values())

    @property
    def records(self) -> int:
        """How many records are changed or made."""
        return len(self.made) + sum(1 for values in self.changed.values() if values)

    def steps(self) -> list[list[BulkChange]]:
        """The changes, in commits of their own.

        Asked again, after a refusal, records are made under other ids: those of what was taken back may be in use.
        """
        if self._given:
            fresh = {record: new_uuid() for record in self.made}
            self.made = {fresh[record]: values for record, values in self.made.items()}
            self.rows = {fresh[record]: row for record, row in self.rows.items() if record in fresh}
        self._given = True
        changed = [(row, values) for row, values in self.changed.items() if values]
        made = list(self.made.items())
        if len(changed) + len(made) <= WHOLE_STEP:
            return [[*self._set(changed), *self._new(made)]]
        parts = [self._set(changed[at : at + PART]) for at in range(0, len(changed), PART)]
        return parts + [self._new(made[at : at + PART]) for at in range(0, len(made), PART)]

    def _set(self, rows: Sequence[tuple[UUID, Mapping[str, Any]]]) -> list[BulkChange]:
        """Records that get values of the same fields make one change, in the order of the first of them."""
        alike: dict[tuple[str, ...], list[tuple[UUID, Mapping[str, Any]]]] = {}
        for record, values in rows:
            alike.setdefault(tuple(values), []).append((record, values))
        return [self._bulk(ChangeKind.SET, fields, group) for fields, group in alike.items()]

    def _new(self, rows: Sequence[tuple[UUID, Mapping[str, Any]]]) -> list[BulkChange]:
        """Records get their numbers in the order of the rows: what a record has no value for is blank in its change.

        A field that is not given may get its default, one that is given as blank does not: where other fields with
        defaults are given than in the record before, another change begins.
        """
        filled = frozenset(each.id for each in self.form.fields if getattr(each.props, "default", ""))
        changes = []
        for _given, found in groupby(rows, lambda row: filled.intersection(row[1])):
            group = list(found)
            fields = tuple(dict.fromkeys(key for _, values in group for key in values))
            changes.append(self._bulk(ChangeKind.NEW, fields, group))
        return changes

    def _bulk(
        self, kind: ChangeKind, fields: Sequence[str], rows: Sequence[tuple[UUID, Mapping[str, Any]]]
    ) -> BulkChange:
        columns = {key: [values.get(key) for _, values in rows] for key in fields}
        return BulkChange(kind, self.form.id, [record for record, _ in rows], columns)

    def mark(self, problems: Iterable[Problem]) -> int:
        """Put cells that the store refused on the list of bad ones; how many problems are about single records."""
        marked = 0
        listed = {(bad.record, bad.field) for bad in self.bad}
        for problem in problems:
            record = problem.row
            if record is None or (record not in self.made and record not in self.changed):
                continue
            marked += 1
            if listed.isdisjoint({(record, problem.where), (record, "")}):
                bad = self._refused(record, problem)
                self.bad.append(bad)
                listed.add((record, bad.field))
        return marked

    def without_bad(self) -> None:
        """Go on without the bad cells; a new record goes with a cell that it needs."""
        for bad in self.bad:
            target = self.form.by_id.get(bad.field)
            if target is None or (bad.record in self.made and target.props.required):
                self.leave_out(bad.record)
        self.bad.clear()

    def _refused(self, record: UUID, problem: Problem) -> BadCell:
        target = self.form.by_id.get(problem.where)
        values = self.made.get(record) or self.changed.get(record) or {}
        if target is None or (target.id not in values and record not in self.made):
            return BadCell(record, "", "", problem.message)
        value = self.take(record, target.id)
        text = self.titles.get(value, "") if target.target else target.format(value)
        return BadCell(record, target.id, text, problem.message)

    def correct(self, bad: BadCell, value: Any) -> None:
        """The person gave a bad cell a value that can be read."""
        self.bad.remove(bad)
        self.give(bad.record, bad.field, value)
