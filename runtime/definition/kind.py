"""`NodeKind`: what every catalogue of node kinds declares, and `Kinds`, the look-up across catalogues."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import msgspec

from resources.texts import T, Text
from runtime.definition.labels import has_unseen, visible
from runtime.definition.node import App, Node
from runtime.definition.property import PYTHON_TYPES, Property
from runtime.errors import Problem, Severity
from runtime.registry import Registry

LONGEST_LABEL = 200
"""Characters of a name."""

Props = Any
"""A frozen struct with one attribute per declared property; its class is made by `NodeKind.struct`."""

LABEL = Property("label", "label", T("Name"), T("What people call it."), default={})
ICON = Property("icon", "text", T("Icon"), T("Name of the picture beside it."), default="")


class NodeKind:
    """One kind of node: what it is called and which properties it has.

    Class attributes:
        name: unique in its catalogue.
        label: what people call the kind.
        icon: name of its icon.
        group: the palette's group.
        properties: the settings of a node of this kind.
        offered: whether people can choose it in a palette.
    """

    name: str
    label: Text
    icon: str = ""
    group: Text = T("")
    properties: tuple[Property, ...] = (LABEL,)
    offered: bool = True

    @cached_property
    def struct(self) -> type[msgspec.Struct]:
        """The frozen struct that properties are read into."""
        fields = [(p.name, PYTHON_TYPES[p.type] | None, p.default) for p in self.properties]
        return msgspec.defstruct(f"{self.name}_props", fields, frozen=True, kw_only=True)

    def read(self, props: Mapping[str, Any]) -> Props:
        """Typed properties; an ill-typed one falls back to its default (`check_props` names it)."""
        try:
            return msgspec.convert(dict(props), self.struct, strict=False)
        except msgspec.ValidationError:
            known = {p.name: props[p.name] for p in self.properties if p.name in props}
            return self.struct(**self._legal(known))

    def _legal(self, props: Mapping[str, Any]) -> dict[str, Any]:
        legal = {}
        for declared in self.properties:
            if declared.name in props:
                try:
                    value = msgspec.convert(
                        props[declared.name],
                        PYTHON_TYPES[declared.type] | None,
                        strict=False,
                    )
                except msgspec.ValidationError:
                    continue
                legal[declared.name] = value
        return legal

    def problems(self, node: Node, app: App) -> list[Problem]:
        """What is wrong with a node of this kind inside `app`."""
        return self.check_props(node)

    def check_props(self, node: Node) -> list[Problem]:
        """What is wrong with the properties themselves."""
        legal = self._legal(node.props)
        found = []
        for declared in self.properties:
            if declared.name not in node.props:
                continue
            if declared.name not in legal:
                message = T("{name} has a value of the wrong type.", name=declared.label)
                found.append(Problem(node.id, "property_type", message))
            elif (message_ := declared.problem(legal[declared.name])) is not None:
                found.append(Problem(node.id, "property_value", message_))
        return [*found, *self._label_problems(node), *self._unknown(node)]

    @staticmethod
    def _label_problems(node: Node) -> Iterator[Problem]:
        texts = node.props.get("label", {})
        for text in texts.values() if isinstance(texts, Mapping) else ():
            if isinstance(text, str) and len(text) > LONGEST_LABEL:
                message = T("This name has {has} characters; {n} are allowed.", has=len(text), n=LONGEST_LABEL)
                yield Problem(node.id, "label_long", message)
            elif isinstance(text, str) and has_unseen(text):
                message = T("The name “{name}” has characters that nobody sees.", name=visible(text))
                yield Problem(node.id, "label_unseen", message, Severity.WARNING)

    def _unknown(self, node: Node) -> Iterator[Problem]:
        known = {declared.name for declared in self.properties}
        for name in node.props:
            if name not in known and self.offered:
                message = T("“{name}” means nothing to this version of Formwork; it is kept.", name=name)
                yield Problem(node.id, "unknown_property", message, Severity.WARNING)


class AppKind(NodeKind):
    """The app itself."""

    name = "app"
    label = T("App")
    icon = "app"
    properties = (LABEL, ICON)


class FormKind(NodeKind):
    """A form: what a business user calls a table."""

    name = "form"
    label = T("Form")
    icon = "form"
    properties = (
        LABEL,
        ICON,
        Property(
            "title_field",
            "field",
            T("Title"),
            T("The field that names a record in lists and relations."),
        ),
        Property(
            "key_field",
            "field",
            T("Key"),
            T("The field whose value finds a record again when data is imported."),
        ),
    )


class UnknownKind(NodeKind):
    """A kind that a newer program made; it is shown, read-only, and saved back untouched."""

    label = T("Needs a newer version")
    icon = "unknown"
    properties = ()
    offered = False

    def __init__(self, name: str) -> None:
        self.name = name


class Kinds:
    """Finds the kind of a node across all catalogues.

    Args:
        catalogues: catalogue name (the part before the dot of `Node.kind`) -> its registry.
    """

    def __init__(self, catalogues: Mapping[str, Registry[Any]]) -> None:
        self._catalogues = dict(catalogues)
        self._structure: dict[str, NodeKind] = {"app": AppKind(), "form": FormKind()}

    def of(self, node: Node) -> NodeKind:
        """The kind of a node; an `UnknownKind` where this program does not know it."""
        head, dot, name = node.kind.partition(".")
        if not dot:
            return self._structure.get(node.kind) or UnknownKind(node.kind)
        registry = self._catalogues.get(head)
        kind = registry.get(name) if registry is not None else None
        return kind if isinstance(kind, NodeKind) else UnknownKind(node.kind)
