"""`App` and `Node`: an app is a frozen flat map of nodes that refer to each other by id."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any

from runtime.definition.order import between

FORMAT = 1
"""Version of the file format; `upgrades/` holds the way from every older one."""


@dataclass(frozen=True, slots=True)
class Node:
    """One thing of an app: the app itself, a form, a field, later a flow, a view, a component.

    Attributes:
        id: unique in the workspace (`ids.new_id`).
        kind: `catalogue.name`, for example `field.text`; structural kinds have no dot (`app`, `form`).
        parent: id of the node that holds this one; None for the app.
        slot: which list of the parent, for example `fields`.
        order: fractional key inside the slot (`order.between`).
        props: JSON values by property name; names that the kind does not know are kept untouched.
    """

    id: str
    kind: str
    parent: str | None = None
    slot: str = ""
    order: str = ""
    props: Mapping[str, Any] = field(default_factory=dict)

    @property
    def catalogue(self) -> str:
        """The catalogue part of the kind; "" for structural kinds."""
        head, dot, _ = self.kind.partition(".")
        return head if dot else ""

    def with_props(self, **changes: Any) -> Node:
        """This node with some properties set; None removes one."""
        props = {**self.props, **changes}
        return replace(self, props={k: v for k, v in props.items() if v is not None})


@dataclass(frozen=True)
class App:
    """An immutable app. Every change is a new value; unchanged nodes are shared.

    Attributes:
        id: id of the root node, of kind `app`.
        nodes: every node by id, the root included.
        version: number of the published version this value was read from; 0 = never published.
    """

    id: str
    nodes: Mapping[str, Node]
    version: int = 0

    def __post_init__(self) -> None:
        if not isinstance(self.nodes, MappingProxyType):
            object.__setattr__(self, "nodes", MappingProxyType(dict(self.nodes)))

    @property
    def root(self) -> Node:
        """The node of the app itself."""
        return self.nodes[self.id]

    @cached_property
    def _children(self) -> dict[str, list[Node]]:
        found: dict[str, list[Node]] = {}
        for node in self.nodes.values():
            if node.parent is not None:
                found.setdefault(node.parent, []).append(node)
        for nodes in found.values():
            nodes.sort(key=lambda node: (node.order, node.id))
        return found

    def children(self, parent: str, slot: str | None = None) -> list[Node]:
        """The nodes held by `parent` in their order, of one slot or of all."""
        nodes = self._children.get(parent, [])
        return [node for node in nodes if slot is None or node.slot == slot]

    def of_kind(self, kind: str) -> list[Node]:
        """Every node of one kind, in the order of their parents' lists."""
        return [node for node in self.walk(self.id) if node.kind == kind]

    def walk(self, start: str) -> Iterator[Node]:
        """`start` and everything below it, parents before children."""
        node = self.nodes.get(start)
        if node is None:
            return
        yield node
        for child in self._children.get(start, []):
            yield from self.walk(child.id)

    def next_order(self, parent: str, slot: str) -> str:
        """The order key that puts a new node at the end of a slot."""
        last = self.children(parent, slot)
        return between(last[-1].order if last else "", "")

    def replacing(self, changed: Mapping[str, Node | None]) -> App:
        """This app with some nodes put in (or, where None, taken out)."""
        nodes = dict(self.nodes)
        for node_id, node in changed.items():
            if node is None:
                nodes.pop(node_id, None)
            else:
                nodes[node_id] = node
        return App(self.id, nodes, self.version)
