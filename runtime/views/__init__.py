"""CATALOGUE of shared views as parts of an app: one file per kind. This is the contract and the registry; no Qt.

A shared view is a node in the slot `views` of its form; `look` holds the JSON of `runtime.view.as_json`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from resources.texts import T
from runtime.definition.ids import NODE, new_id
from runtime.definition.kind import LABEL, NodeKind
from runtime.definition.labels import label, label_text
from runtime.definition.node import App, Node
from runtime.definition.property import Property
from runtime.errors import Problem
from runtime.registry import Registry

CATALOGUE = "view"
VIEWS = "views"
"""The slot of a form that holds its shared views."""
LOOK = Property("look", "literal", T("Look"), T("Columns, filter, order, groups and colours."), default=None)


class ViewType(NodeKind):
    """One kind of shared view."""

    icon = "view"
    properties = (LABEL, LOOK)

    def problems(self, node: Node, app: App) -> list[Problem]:
        """A view has a name that no other view of its form has, stands in a form, and its look is an object."""
        return [*self.check_props(node), *_problems(node, app)]


def _problems(node: Node, app: App) -> Iterator[Problem]:
    parent = app.nodes.get(node.parent or "")
    if parent is not None and (parent.kind != "form" or node.slot != VIEWS):
        yield Problem(node.id, "misplaced", T("A view belongs to a form."))
    if not isinstance(node.props.get("look", {}), dict):
        yield Problem(node.id, "property_type", T("{name} has a value of the wrong type.", name=LOOK.label))
    name = _name(node)
    if not name:
        yield Problem(node.id, "unnamed", T("A view has no name."))
        return
    earlier = [each for each in app.children(node.parent or "", VIEWS) if each.catalogue == CATALOGUE]
    if any(_name(each) == name for each in earlier[: earlier.index(node) if node in earlier else 0]):
        message = T("Two views are called “{name}”. Rename one.", name=label_text(node.props.get("label", {})))
        yield Problem(node.id, "same_name", message)


def _name(node: Node) -> str:
    texts = node.props.get("label", {})
    return label_text(texts).strip().casefold() if isinstance(texts, dict) else ""


def view_node(form_id: str, kind: str, name: str, look: dict[str, Any], order: str = "") -> Node:
    """A new shared view for a form; `kind` is a name of this catalogue."""
    return Node(new_id(NODE), f"{CATALOGUE}.{kind}", form_id, VIEWS, order, {"label": label(name), "look": look})


view_types: Registry[ViewType] = Registry("runtime.views")
