"""`Form` and `Field`: an app's nodes read as what they mean, with typed properties; made new for every App value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import Any

from resources.texts import T
from runtime import views
from runtime.definition.ids import FIELD, FORM, new_id
from runtime.definition.kind import FormKind, Kinds
from runtime.definition.labels import label, label_text
from runtime.definition.node import App, Node
from runtime.errors import UserError
from runtime.fields import CATALOGUE, FieldType, field_type, field_types

FIELDS = "fields"
"""The slot of a form that holds its fields."""

SUBFORMS = "subforms"
"""The slot of a form that holds its sub-forms."""

KINDS = Kinds({CATALOGUE: field_types, views.CATALOGUE: views.view_types})
_FORM = FormKind()


@dataclass(frozen=True, eq=False)
class Field:
    """One field of a form.

    Attributes:
        id: definition id; column `c_<id>`.
        kind: its type.
        props: typed properties of that type.
        label: what people call it, by language.
    """

    id: str
    kind: FieldType
    props: Any
    node: Node

    @property
    def name(self) -> str:
        """What people call it, in the current language."""
        return label_text(self.node.props.get("label", {})) or self.id

    @property
    def computed(self) -> bool:
        """Whether a formula gives its value."""
        return bool(self.props.formula) if self.known else False

    @property
    def known(self) -> bool:
        """Whether this program knows the type."""
        return self.kind.name in field_types

    @property
    def editable(self) -> bool:
        """Whether people may change it: known, not computed, not read-only."""
        return self.known and not self.computed and not self.props.read_only

    @property
    def target(self) -> str:
        """Id of the form that a relation points to; "" for other types."""
        return str(getattr(self.props, "form", "") or "")

    @property
    def reverse(self) -> str:
        """What formulas of the target form call the list of records that point there by this relation; "" = nothing."""
        return str(getattr(self.props, "reverse", "") or "").strip() if self.known else ""

    def format(self, value: Any) -> str:
        """The value as people read it; "" for blank."""
        return "" if value is None else self.kind.format(value, self.props)


@dataclass(frozen=True, eq=False)
class Form:
    """One form of an app, or a sub-form of one.

    Attributes:
        id: definition id; table `f_<id>`.
        app: id of the app.
        fields: in the order people see.
        parent: id of the form that it is a sub-form of; "" for forms that stand alone.
        subforms: its sub-forms, in the order people see.
    """

    id: str
    app: str
    node: Node
    fields: tuple[Field, ...]
    parent: str = ""
    subforms: tuple[Form, ...] = ()

    @property
    def name(self) -> str:
        """What people call it, in the current language."""
        return label_text(self.node.props.get("label", {})) or self.id

    @cached_property
    def by_id(self) -> dict[str, Field]:
        """Fields by id."""
        return {field_.id: field_ for field_ in self.fields}

    def called(self, name: str) -> Field | None:
        """The field with this label in any language, or with this id."""
        if name in self.by_id:
            return self.by_id[name]
        return next((field_ for field_ in self.fields if _is_called(field_.node, name)), None)

    def subform(self, name: str) -> Form | None:
        """The sub-form with this label in any language, or with this id."""
        return next((each for each in self.subforms if each.id == name or _is_called(each.node, name)), None)

    @cached_property
    def title(self) -> Field | None:
        """The field that names a record: the declared one, else the first text field, else the first."""
        declared = self.by_id.get(_FORM.read(self.node.props).title_field or "")
        if declared is not None:
            return declared
        texts = (field_ for field_ in self.fields if field_.kind.value_type == "text")
        return next(texts, self.fields[0] if self.fields else None)

    @property
    def key(self) -> Field | None:
        """The field whose value finds a record again in an import; None where none is declared."""
        return self.by_id.get(_FORM.read(self.node.props).key_field or "")


def form_of(app: App, form_id: str) -> Form:
    """The form or sub-form with this id, with its sub-forms.

    Raises:
        KeyError: the app has no such form.
    """
    node = app.nodes[form_id]
    fields = tuple(_field(child) for child in app.children(form_id, FIELDS) if child.catalogue == CATALOGUE)
    below = tuple(form_of(app, child.id) for child in app.children(form_id, SUBFORMS) if child.kind == "form")
    over = app.nodes.get(node.parent or "")
    parent = over.id if over is not None and over.kind == "form" else ""
    return Form(form_id, app.id, node, fields, parent, below)


def forms_of(app: App) -> tuple[Form, ...]:
    """Every form of the app in its order, each followed by its sub-forms."""
    made: dict[str, Form] = {}
    for node in app.of_kind("form"):
        if node.id not in made:
            made.update({form.id: form for form in _family(form_of(app, node.id))})
    return tuple(made.values())


def _family(form: Form) -> Iterator[Form]:
    yield form
    for below in form.subforms:
        yield from _family(below)


def _is_called(node: Node, name: str) -> bool:
    wanted = name.strip().casefold()
    return wanted in {text.strip().casefold() for text in node.props.get("label", {}).values()}


def _field(node: Node) -> Field:
    kind = field_type(node.kind.partition(".")[2])
    return Field(node.id, kind, kind.read(node.props), node)


def new_app(name: str) -> App:
    """An app without forms."""
    node = Node(new_id("a"), "app", props={"label": label(name)})
    return App(node.id, {node.id: node})


def form_node(app_id: str, name: str, order: str = "", **props: Any) -> Node:
    """A new form node for an app."""
    return Node(new_id(FORM), "form", app_id, "forms", order, {"label": label(name), **props})


def subform_node(form_id: str, name: str, order: str = "", **props: Any) -> Node:
    """A new sub-form node for a form."""
    return Node(new_id(FORM), "form", form_id, SUBFORMS, order, {"label": label(name), **props})


def field_node(form_id: str, type_name: str, name: str, order: str = "", **props: Any) -> Node:
    """A new field node for a form; `props` are JSON values."""
    return Node(new_id(FIELD), f"{CATALOGUE}.{type_name}", form_id, FIELDS, order, {"label": label(name), **props})


class FormLookup:
    """Finds the forms of a workspace: call it with an id; it also knows which relations point where.

    Args:
        forms: every form, sub-forms too.
    """

    def __init__(self, forms: Mapping[str, Form]) -> None:
        self._forms = forms

    def __call__(self, form_id: str) -> Form | None:
        """The form with this id, or None."""
        return self._forms.get(form_id)

    def pointing(self, form_id: str) -> tuple[tuple[Form, Field], ...]:
        """The relations that point to records of this form, each with the form that has it."""
        return self._pointing.get(form_id, ())

    def relation(self, field_id: str) -> tuple[Form, Field] | None:
        """The relation with this id and the form that has it."""
        return self._relations.get(field_id)

    def computed(self) -> Iterator[tuple[Form, Field]]:
        """Every computed field with its form."""
        yield from ((form, field_) for form in self._forms.values() for field_ in form.fields if field_.computed)

    @cached_property
    def _relations(self) -> dict[str, tuple[Form, Field]]:
        return {field_.id: (form, field_) for form in self._forms.values() for field_ in form.fields if field_.target}

    @cached_property
    def _pointing(self) -> dict[str, tuple[tuple[Form, Field], ...]]:
        found: dict[str, tuple[tuple[Form, Field], ...]] = {}
        for form, field_ in self._relations.values():
            found[field_.target] = (*found.get(field_.target, ()), (form, field_))
        return found


def lookup(apps: Iterable[App]) -> FormLookup:
    """A look-up over the forms of `apps`."""
    return FormLookup({form.id: form for app in apps for form in forms_of(app)})


def form_named(forms: Sequence[Form], name: str) -> Form:
    """The one of these forms that people call so.

    Raises:
        UserError: none is called so, or several are.
    """
    found = [form for form in forms if form.name == name]
    if not found:
        names = [form.name for form in forms]
        near = get_close_matches(str(name), names, 1, 0.5)
        message = T("There is no form “{name}”.", name=name)
        if near:
            message = T("There is no form “{name}”. Did you mean “{near}”?", name=name, near=near[0])
        raise UserError(message, T("The forms are: {names}.", names=", ".join(names) or "–"), "no_such_form")
    if len(found) > 1:
        raise UserError(
            T("Several forms are called “{name}”.", name=name),
            T("Use the id of the form instead: {ids}.", ids=", ".join(form.id for form in found)),
            "ambiguous",
        )
    return found[0]
