"""Walks an app and asks every kind for its Problems; nothing with errors is published."""

from __future__ import annotations

from collections.abc import Iterator

from resources.texts import T
from runtime.definition.ids import is_id
from runtime.definition.kind import Kinds
from runtime.definition.labels import label_text
from runtime.definition.node import App
from runtime.errors import Problem, Severity
from runtime.expression.check import check
from runtime.expression.graph import Cycle, evaluation_order
from runtime.form import KINDS, Field, Form, FormLookup, forms_of
from runtime.store.form_schema import FormSchema

MOST_FIELDS = 1000
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
        found += _cycles(form, lookup)
    return found


def _form_problems(form: Form) -> Iterator[Problem]:
    if not label_text(form.node.props.get("label", {})):
        yield Problem(form.id, "unnamed", T("The form has no name."))
    if len(form.fields) > MOST_FIELDS:
        yield Problem(form.id, "too_many_fields", T("A form can have {n} fields.", n=MOST_FIELDS))
    names: dict[str, Field] = {}
    for field in form.fields:
        if not label_text(field.node.props.get("label", {})):
            yield Problem(field.id, "unnamed", T("A field has no name."))
            continue
        twin = names.setdefault(field.name.strip().casefold(), field)
        if twin is not field:
            message = T("Two fields are called “{name}”. Rename one.", name=field.name)
            yield Problem(field.id, "same_name", message)


def _field_problems(form: Form, field: Field, lookup: FormLookup) -> Iterator[Problem]:
    if not field.known:
        message = T("“{name}” needs a newer version of Formwork.", name=field.name)
        yield Problem(field.id, "unknown_kind", message, Severity.WARNING)
        return
    if "form" in {declared.name for declared in field.kind.properties} and lookup(field.target) is None:
        yield Problem(field.id, "no_target", T("“{name}” points to a form that does not exist.", name=field.name))
    schema = FormSchema(form, lookup)
    for name in FORMULAS:
        source = getattr(field.props, name)
        if not source:
            continue
        checked = check(source, schema)
        for problem in checked.problems:
            yield Problem(field.id, problem.code, problem.message, problem.severity)
        if any(len(reference.path) > 1 for reference in checked.references):
            message = T("The formula of “{name}” can use the fields of its own form only.", name=field.name)
            yield Problem(field.id, "foreign_field", message)


def _cycles(form: Form, lookup: FormLookup) -> Iterator[Problem]:
    schema = FormSchema(form, lookup)
    computed = {field.id: field for field in form.fields if field.computed}
    dependencies = {}
    for field in computed.values():
        references = check(field.props.formula, schema).references
        dependencies[field.id] = {reference.path[0] for reference in references} & computed.keys()
    try:
        evaluation_order(dependencies)
    except Cycle as cycle:
        path = " → ".join(computed[field_id].name for field_id in cycle.path)
        yield Problem(cycle.path[0], "cycle", T("These formulas need each other: {path}.", path=path))
