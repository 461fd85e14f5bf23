"""What a change passes before it is written: guard, defaults, formulas, field and form checks.

Nothing here writes. The result is a `Draft` of the row after the change, or Problems and nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from resources.texts import T
from runtime.changes import Change, Origin
from runtime.errors import Problem, Sentence
from runtime.form import Field, Form
from runtime.permission.scope import Scope
from runtime.store.logic import FormLogic
from runtime.store.rows import Row
from runtime.value.situation import Situation


@dataclass(slots=True)
class Draft:
    """A row as it will be, and what is new about it.

    Attributes:
        row: what is there now; None for a new record.
        values: field id -> typed value after the change.
        errors: computed field id -> error code after the change.
        changed: ids of the fields to write.
        checked: given field id -> what is wrong with its value, None = nothing; wrong values are not in `values`, for
            no formula can be trusted with them.
    """

    id: UUID
    row: Row | None
    values: dict[str, Any]
    errors: dict[str, str] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)
    checked: dict[str, Sentence | None] = field(default_factory=dict)

    def before(self) -> dict[str, Any]:
        """What the changed fields held."""
        old = self.row.values if self.row is not None else {}
        return {field_id: old.get(field_id) for field_id in sorted(self.changed)}

    def after(self) -> dict[str, Any]:
        """What the changed fields hold now."""
        return {field_id: self.values.get(field_id) for field_id in sorted(self.changed)}


def guard(form: Form, values: Mapping[str, Any], scope: Scope, origin: Origin, row: UUID | None) -> list[Problem]:
    """Whether this person may write these fields at all."""
    problems = []
    for field_id in values:
        target = form.by_id.get(field_id)
        if target is None or not scope.reads(form.id, field_id):
            problems.append(Problem(field_id, "no_such_field", T("This form has no such field."), row=row))
        elif target.computed or not target.known:
            message = T("“{name}” is computed and cannot be typed in.", name=target.name)
            problems.append(Problem(field_id, "computed", message, row=row))
        elif not scope.writes(form.id, field_id) or (origin is Origin.LOCAL and target.props.read_only):
            message = T("You may not change “{name}”.", name=target.name)
            problems.append(Problem(field_id, "forbidden", message, row=row))
    return problems


def draft_new(logic: FormLogic, change: Change, situation: Situation) -> Draft:
    """The row that a NEW change makes, with defaults and computed fields; a field given as blank takes no default."""
    checked = _checked(logic.form, change.values)
    given = {key: value for key, value in change.values.items() if checked.get(key) is None}
    logic.apply_defaults(given, situation)
    values = {key: value for key, value in given.items() if value is not None}
    draft = Draft(change.row, None, values, checked=checked)
    logic.compute(logic.computed, draft.values, draft.errors, situation)
    draft.changed = set(draft.values)
    return draft


def draft_set(logic: FormLogic, change: Change, row: Row, situation: Situation) -> Draft:
    """The row after a SET change; fields that get the value they have are not changed."""
    changed = {key for key, value in change.values.items() if row.values.get(key) != value}
    checked = _checked(logic.form, {key: change.values[key] for key in changed})
    given = {key: value for key, value in change.values.items() if checked.get(key) is None}
    draft = Draft(row.id, row, {**row.values, **given}, dict(row.errors), changed, checked)
    programs = logic.recompute(frozenset(changed))
    logic.compute(programs, draft.values, draft.errors, situation)
    for program in programs:
        field_id = program.field.id
        same_error = draft.errors.get(field_id) == row.errors.get(field_id)
        if draft.values.get(field_id) != row.values.get(field_id) or not same_error:
            draft.changed.add(field_id)
    return draft


def _checked(form: Form, values: Mapping[str, Any]) -> dict[str, Sentence | None]:
    fields = ((key, value, form.by_id[key]) for key, value in values.items() if value is not None)
    return {key: field_.kind.check(value, field_.props) for key, value, field_ in fields}


def check(logic: FormLogic, draft: Draft, situation: Situation) -> list[Problem]:
    """Field checks of what changed (for a new record: of everything), then the form's own checks."""
    problems = list(_field_problems(logic.form, draft))
    changed = frozenset(draft.changed) if draft.row is not None else frozenset(logic.form.by_id)
    if not problems:
        problems = [
            Problem(p.where, p.code, p.message, p.severity, draft.id)
            for p in logic.failed_checks(draft.values, changed, situation)
        ]
    return problems


def _field_problems(form: Form, draft: Draft) -> Iterator[Problem]:
    for target in form.fields:
        if draft.row is not None and target.id not in draft.changed:
            continue
        value = draft.values.get(target.id)
        wrong = draft.checked.get(target.id)
        if wrong is None and value is not None and target.id not in draft.checked and _takes_values(target):
            wrong = target.kind.check(value, target.props)
        if wrong is not None:
            yield Problem(target.id, "illegal_value", wrong, row=draft.id)
        elif value is None and _takes_values(target) and target.props.required:
            message = T("“{name}” is required.", name=target.name)
            yield Problem(target.id, "required", message, row=draft.id)


def _takes_values(target: Field) -> bool:
    return target.known and not target.computed
