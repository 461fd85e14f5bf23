"""`Form` and `Field`: an app's nodes read as what they mean, with typed properties; made new for every App value."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from runtime.definition.ids import FIELD, FORM, new_id
from runtime.definition.kind import FormKind, Kinds
from runtime.definition.labels import label, label_text
from runtime.definition.node import App, Node
from runtime.fields import CATALOGUE, FieldType, field_type, field_types

FIELDS = "fields"
"""The slot of a form that holds its fields."""

KINDS = Kinds({CATALOGUE: field_types})
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

    def format(self, value: Any) -> str:
        """The value as people read it; "" for blank."""
        return "" if value is None else self.kind.format(value, self.props)


@dataclass(frozen=True, eq=False)
class Form:
    """One form of an app.

    Attributes:
        id: definition id; table `f_<id>`.
        app: id of the app.
        fields: in the order people see.
    """

    id: str
    app: str
    node: Node
    fields: tuple[Field, ...]

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
        wanted = name.strip().casefold()
        for field_ in self.fields:
            if wanted in {text.strip().casefold() for text in field_.node.props.get("label", {}).values()}:
                return field_
        return None

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
    """The form with this id.

    Raises:
        KeyError: the app has no such form.
    """
    node = app.nodes[form_id]
    fields = tuple(_field(child) for child in app.children(form_id, FIELDS) if child.catalogue == CATALOGUE)
    return Form(form_id, app.id, node, fields)


def forms_of(app: App) -> tuple[Form, ...]:
    """Every form of the app, in its order."""
    return tuple(form_of(app, node.id) for node in app.of_kind("form"))


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


def field_node(form_id: str, type_name: str, name: str, order: str = "", **props: Any) -> Node:
    """A new field node for a form; `props` are JSON values."""
    return Node(new_id(FIELD), f"{CATALOGUE}.{type_name}", form_id, FIELDS, order, {"label": label(name), **props})


FormLookup = Callable[[str], Form | None]
"""Finds a form of any app in the workspace by its id."""


def lookup(apps: Iterable[App]) -> FormLookup:
    """A look-up over the forms of `apps`."""
    forms = {form.id: form for app in apps for form in forms_of(app)}
    return forms.get
