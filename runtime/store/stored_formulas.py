"""Formulas of an app as they are kept: with ids of fields in the place of labels, so that labels may change."""

from __future__ import annotations

from runtime.definition.node import App, Node
from runtime.expression.rewrite import stored_form
from runtime.form import Field, FormLookup, forms_of
from runtime.store.form_schema import FormSchema


def with_ids(app: App, lookup: FormLookup) -> App:
    """The app with every formula in its stored form; what cannot be understood stays as it is."""
    changed: dict[str, Node | None] = {}
    for form in forms_of(app):
        schema = FormSchema(form, lookup)
        for field in form.fields:
            props = {name: stored for name in _formulas(field) if (stored := _stored(field, name, schema))}
            if props:
                changed[field.id] = field.node.with_props(**props)
    return app.replacing(changed) if changed else app


def _formulas(field: Field) -> list[str]:
    """Names of the properties that hold formulas."""
    return [declared.name for declared in field.kind.properties if declared.type == "expression"] if field.known else []


def _stored(field: Field, name: str, schema: FormSchema) -> str | None:
    """The stored form of one property; None where it is that already."""
    source = getattr(field.props, name) or ""
    stored = stored_form(source, schema) if source else source
    return stored if stored != source else None
