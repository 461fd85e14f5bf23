"""What a change passes before it is written: guard, defaults, formulas, field and form checks.

Nothing here writes. The result are `Draft`s of the rows after the change, or Problems and nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from resources.texts import T
from runtime.changes import Change, Origin
from runtime.errors import Problem, Sentence
from runtime.form import Field, Form
from runtime.permission.scope import Scope
from runtime.store.logic import FormLogic, Program, Read
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
        root: the record that a row of a sub-form belongs to; None for records.
    """

    id: UUID
    row: Row | None
    values: dict[str, Any]
    errors: dict[str, str] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)
    checked: dict[str, Sentence | None] = field(default_factory=dict)
    root: UUID | None = None

    @property
    def there(self) -> bool:
        """Whether it is in the database."""
        return self.row is not None

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


def drafts_new(logic: FormLogic, changes: Sequence[Change], situation: Situation, read: Read) -> list[Draft]:
    """The rows that NEW changes make, with defaults and computed fields; a field given as blank takes no default."""
    drafts = []
    for change in changes:
        checked = _checked(logic.form, change.values)
        given = {key: value for key, value in change.values.items() if checked.get(key) is None}
        root = change.root if logic.form.parent else None
        drafts.append(Draft(change.row, None, given, checked=checked, root=root))
    logic.apply_defaults(drafts, situation, read)
    for draft in drafts:
        draft.values = {key: value for key, value in draft.values.items() if value is not None}
    logic.compute(logic.computed, drafts, situation, read)
    for draft in drafts:
        draft.changed = set(draft.values)
    return drafts


def drafts_set(
    logic: FormLogic, changes: Sequence[tuple[Change, Row]], situation: Situation, read: Read
) -> list[Draft]:
    """The rows after SET changes; fields that get the value they have are not changed."""
    drafts = []
    alike: dict[frozenset[str], list[Draft]] = {}
    for change, row in changes:
        changed = {key for key, value in change.values.items() if row.values.get(key) != value}
        checked = _checked(logic.form, {key: change.values[key] for key in changed})
        given = {key: value for key, value in change.values.items() if checked.get(key) is None}
        draft = Draft(row.id, row, {**row.values, **given}, dict(row.errors), changed, checked, row.root)
        drafts.append(draft)
        alike.setdefault(frozenset(changed), []).append(draft)
    for fields, group in alike.items():
        programs = logic.recompute(fields)
        logic.compute(programs, group, situation, read)
        for draft in group:
            draft.changed |= {program.field.id for program in programs if _differs(draft, program.field.id)}
    return drafts


def _differs(draft: Draft, field_id: str) -> bool:
    assert draft.row is not None
    same_error = draft.errors.get(field_id) == draft.row.errors.get(field_id)
    return draft.values.get(field_id) != draft.row.values.get(field_id) or not same_error


def _checked(form: Form, values: Mapping[str, Any]) -> dict[str, Sentence | None]:
    fields = ((key, value, form.by_id[key]) for key, value in values.items() if value is not None)
    return {key: field_.kind.check(value, field_.props) for key, value, field_ in fields}


def check(
    logic: FormLogic, drafts: Sequence[Draft], situation: Situation, read: Read, *, blank_too: bool = False
) -> list[Problem]:
    """Field checks of what changed (for a new record: of everything), then the form's own checks of single rows.

    Checks that look at other rows wait until all of them are written: `FormLogic.is_remote`. `blank_too` = a required
    field may become blank.
    """
    problems = [problem for draft in drafts for problem in _field_problems(logic.form, draft, blank_too)]
    checks = [program for program in logic.checks if not logic.is_remote(program)]
    wrong = {problem.row for problem in problems}
    alike: dict[tuple[int, ...], list[Draft]] = {}
    for draft in (each for each in drafts if checks and each.id not in wrong):
        alike.setdefault(tuple(at for at, each in enumerate(checks) if touches(each, draft)), []).append(draft)
    for numbers, group in alike.items():
        problems += logic.failed_checks([checks[at] for at in numbers], group, situation, read)
    return problems


def touches(program: Program, draft: Draft) -> bool:
    """Whether a check has to be made of a draft: of every new row, else where something that it reads changed."""
    return draft.row is None or not draft.changed.isdisjoint(program.inputs | {program.field.id})


def _field_problems(form: Form, draft: Draft, blank_too: bool) -> Iterator[Problem]:
    for target in form.fields:
        if draft.row is not None and target.id not in draft.changed:
            continue
        value = draft.values.get(target.id)
        wrong = draft.checked.get(target.id)
        if wrong is None and value is not None and target.id not in draft.checked and _takes_values(target):
            wrong = target.kind.check(value, target.props)
        if wrong is not None:
            yield Problem(target.id, "illegal_value", wrong, row=draft.id)
        elif value is None and _takes_values(target) and target.props.required and not blank_too:
            message = T("“{name}” is required.", name=target.name)
            yield Problem(target.id, "required", message, row=draft.id)


def _takes_values(target: Field) -> bool:
    return target.known and not target.computed
