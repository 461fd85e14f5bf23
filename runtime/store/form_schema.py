"""What names mean in the formulas of a form: its fields by label or id, and paths through its relations."""

from __future__ import annotations

from runtime.expression.schema import Reference
from runtime.form import Field, Form, FormLookup
from runtime.permission.scope import EVERYTHING, Scope
from runtime.value.types import Kind, ValueType

MARK = "#"
DEEPEST = 4
"""Most relations in one path."""


class FormSchema:
    """Resolves `{name}`, `{#id}` and `{relation}.{name}` for one form.

    Args:
        form: the form that the formula belongs to.
        lookup: finds the forms that relations point to.
        scope: fields that may not be read do not exist: they cannot be filtered, sorted or computed by.
    """

    def __init__(self, form: Form, lookup: FormLookup, scope: Scope = EVERYTHING) -> None:
        self.form = form
        self._lookup = lookup
        self._scope = scope

    def resolve(self, path: tuple[str, ...]) -> Reference | None:
        """The field at the end of `path`, or None where a step does not exist."""
        form: Form | None = self.form
        fields: list[Field] = []
        if not 0 < len(path) <= DEEPEST:
            return None
        for name in path:
            found = _find(form, name) if form is not None else None
            if form is None or found is None or not self._scope.reads(form.id, found.id):
                return None
            fields.append(found)
            form = self._lookup(found.target) if found.target else None
        return reference(fields)

    def labels(self, path: tuple[str, ...]) -> tuple[str, ...]:
        """The names that may follow `path`, for suggestions; of () the form's own."""
        form: Form | None = self.form
        for name in path:
            found = _find(form, name) if form is not None else None
            form = self._lookup(found.target) if found is not None and found.target else None
        if form is None:
            return ()
        return tuple(field.name for field in form.fields if self._scope.reads(form.id, field.id))


def _find(form: Form, name: str) -> Field | None:
    if name.startswith(MARK):
        return form.by_id.get(name[1:])
    return form.called(name)


def reference(fields: list[Field]) -> Reference:
    """The reference to the last of `fields`, reached through the others."""
    last = fields[-1]
    options = tuple((option.id, option.label) for option in getattr(last.props, "options", ()) or ())
    return Reference(
        key=".".join(field.id for field in fields),
        path=tuple(field.id for field in fields),
        labels=tuple(field.name for field in fields),
        type=ValueType(Kind(last.kind.value_type)),
        scale=last.kind.scale(last.props) if last.known and last.kind.value_type == "number" else None,
        options=options,
    )
