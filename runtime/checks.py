"""Walks an app and asks every kind for its Problems; nothing with errors is published."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from resources.texts import T
from runtime.definition.ids import is_id
from runtime.definition.kind import Kinds
from runtime.definition.labels import label_text
from runtime.definition.node import App
from runtime.errors import Problem, Severity
from runtime.expression.check import Checked
from runtime.expression.typed import Constant
from runtime.expression.volatility import random_problems, stored_problems
from runtime.fields import Unreadable
from runtime.form import KINDS, Field, Form, FormLookup, forms_of
from runtime.store.chains import problems_between
from runtime.store.environment import need_of
from runtime.store.field_formulas import checked_formula
from runtime.store.form_schema import FormSchema
from runtime.value.types import Kind

MOST_FIELDS = 1000
MOST_STEPS = 4
"""Most steps from record to record in one path of a formula."""
FORMULAS = ("default", "formula", "check")


def problems_of(app: App, lookup: FormLookup, kinds: Kinds = KINDS) -> list[Problem]:
    """Everything that is wrong with an app, in the order of its nodes.

    Args:
        lookup: finds forms of this and of other apps, for relations.
    """
    found: list[Problem] = []
    for node in app.walk(app.id):
        found += kinds.of(node).problems(node, app)
    strange = [node for node in app.nodes.values() if not is_id(node.id)]
    found += [Problem(node.id, "bad_id", T("The id “{id}” is no id of a part.", id=node.id)) for node in strange]
    lost = [node for node in app.nodes.values() if node.parent is not None and node.parent not in app.nodes]
    found += [Problem(node.id, "orphan", T("This part belongs to nothing. Remove it.")) for node in lost]
    for form in forms_of(app):
        found += _form_problems(form)
        for field in form.fields:
            found += _field_problems(form, field, lookup)
    found += problems_between(app, lookup)
    return found


def _form_problems(form: Form) -> Iterator[Problem]:
    if not label_text(form.node.props.get("label", {})).strip():
        yield Problem(form.id, "unnamed", T("The form has no name."))
    if len(form.fields) > MOST_FIELDS:
        message = T("The form has {has} fields; {n} are allowed.", has=len(form.fields), n=MOST_FIELDS)
        yield Problem(form.id, "too_many_fields", message)
    names: dict[str, Field] = {}
    for field in form.fields:
        if not label_text(field.node.props.get("label", {})).strip():
            yield Problem(field.id, "unnamed", T("A field has no name."))
            continue
        twin = names.setdefault(field.name.strip().casefold(), field)
        if twin is not field:
            message = T("Two fields are called “{name}”. Rename one.", name=field.name)
            yield Problem(field.id, "same_name", message, Severity.WARNING)
    if form.parent and form.subforms:
        yield Problem(form.subforms[0].id, "nested_subform", T("A sub-form cannot have sub-forms of its own."))


def _field_problems(form: Form, field: Field, lookup: FormLookup) -> Iterator[Problem]:
    if not field.known:
        message = T("“{name}” needs a newer version of Formwork.", name=field.name)
        yield Problem(field.id, "unknown_kind", message, Severity.WARNING)
        return
    if "form" in {declared.name for declared in field.kind.properties} and lookup(field.target) is None:
        yield Problem(field.id, "no_target", T("“{name}” points to a form that does not exist.", name=field.name))
    schema = FormSchema(form, lookup)
    for name in FORMULAS:
        if not getattr(field.props, name):
            continue
        checked = checked_formula(field, name, schema)
        for problem in (*checked.problems, *_by_use(checked, name, field)):
            yield replace(problem, where=field.id)
        if name == "default" and checked.correct:
            yield from _default_problems(field, checked)
        if any(len(need_of(each, form, lookup).route) > MOST_STEPS for each in checked.references):
            said = T("“{name}” takes more than {n} steps to a field. Shorten the path.", name=field.name, n=MOST_STEPS)
            yield Problem(field.id, "path_too_long", said)


_DEFAULTS = {
    "number": {Kind.NUMBER},
    "text": {Kind.TEXT, Kind.CHOICE},
    "choice": {Kind.TEXT, Kind.CHOICE},
    "bool": {Kind.BOOL},
    "date": {Kind.DATE, Kind.DATETIME},
    "datetime": {Kind.DATE, Kind.DATETIME},
    "record": {Kind.RECORD},
    "list": {Kind.LIST, Kind.TEXT, Kind.CHOICE},
}
"""Formula type of a field -> the types of a default that it can hold."""


def _default_problems(field: Field, checked: Checked) -> Iterator[Problem]:
    """A default that the field can never take; a constant one is tried."""
    allowed = _DEFAULTS.get(field.kind.value_type)
    if allowed is not None and checked.type.kind not in allowed | {Kind.ANY, Kind.BLANK}:
        message = T("The default of “{name}” is of another type: {type}.", name=field.name, type=checked.type.label)
        yield Problem(field.id, "default_type", message)
        return
    if not isinstance(checked.node, Constant) or checked.node.value is None:
        return
    try:
        value = field.kind.from_formula(checked.node.value, field.props)
    except Unreadable as unreadable:
        yield Problem(field.id, "default_illegal", unreadable.message)
        return
    wrong = field.kind.check(value, field.props) if value is not None else None
    if wrong is not None:
        message = T("The default of “{name}” is not allowed: {reason}", name=field.name, reason=wrong)
        yield Problem(field.id, "default_illegal", message)


def _by_use(checked: Checked, name: str, field: Field) -> Sequence[Problem]:
    """What a formula may not say because of where it stands."""
    if name == "formula":
        return stored_problems(checked)
    return random_problems(checked) if name == "check" or field.props.unique else ()
