"""Edits: small frozen values that make a new `App`; none contains undo code, because the old value is still there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from resources.texts import T, Text
from runtime.definition.labels import label_text
from runtime.definition.node import App, Node
from runtime.errors import UserError


class Edit(Protocol):
    """One change of an app.

    `touched` are the ids to repaint; `text` says what it did; equal `merge_key`s (not None) make one undo step.
    """

    @property
    def touched(self) -> frozenset[str]: ...

    @property
    def text(self) -> Text: ...

    @property
    def merge_key(self) -> tuple[str, ...] | None: ...

    def apply(self, app: App) -> App:
        """The app after the edit.

        Raises:
            UserError: the edit does not fit this app (a node is gone, a parent is missing).
        """
        ...


def _node(app: App, node_id: str) -> Node:
    node = app.nodes.get(node_id)
    if node is None:
        raise UserError(
            T("That part of the app no longer exists."),
            T("Undo, or choose another part."),
            "node_gone",
        )
    return node


@dataclass(frozen=True, slots=True)
class AddNode:
    """Puts a new node into the app; an empty order key means the end of its slot."""

    node: Node
    merge_key: tuple[str, ...] | None = None

    @property
    def touched(self) -> frozenset[str]:
        return frozenset({self.node.id, self.node.parent or self.node.id})

    @property
    def text(self) -> Text:
        return T("Add {name}", name=label_text(self.node.props.get("label", {})))

    def apply(self, app: App) -> App:
        node = self.node
        if node.id in app.nodes:
            raise UserError(T("That part of the app exists already."), code="node_exists")
        if node.parent is not None:
            _node(app, node.parent)
            if not node.order:
                node = replace(node, order=app.next_order(node.parent, node.slot))
        return app.replacing({node.id: node})


@dataclass(frozen=True, slots=True)
class RemoveNode:
    """Takes a node and everything below it out of the app."""

    node: str
    merge_key: tuple[str, ...] | None = None

    @property
    def touched(self) -> frozenset[str]:
        return frozenset({self.node})

    @property
    def text(self) -> Text:
        return T("Remove")

    def apply(self, app: App) -> App:
        if self.node == app.id:
            raise UserError(T("An app cannot be removed from itself."), code="root")
        _node(app, self.node)
        return app.replacing({node.id: None for node in app.walk(self.node)})


@dataclass(frozen=True, slots=True)
class SetProperty:
    """Sets one property of one node; None goes back to the default. Typing in one place is one undo step."""

    node: str
    name: str
    value: Any

    @property
    def touched(self) -> frozenset[str]:
        return frozenset({self.node})

    @property
    def text(self) -> Text:
        return T("Change {name}", name=self.name)

    @property
    def merge_key(self) -> tuple[str, ...] | None:
        return (self.node, self.name)

    def apply(self, app: App) -> App:
        node = _node(app, self.node)
        return app.replacing({self.node: node.with_props(**{self.name: self.value})})


@dataclass(frozen=True, slots=True)
class SetKind:
    """Makes a node another kind, for example a field another type; properties that both kinds have stay.

    Attributes:
        kind: `catalogue.name`.
        props: properties of the new kind to set with it.
    """

    node: str
    kind: str
    props: Mapping[str, Any] = field(default_factory=dict)
    merge_key: tuple[str, ...] | None = None

    @property
    def touched(self) -> frozenset[str]:
        return frozenset({self.node})

    @property
    def text(self) -> Text:
        return T("Change the type")

    def apply(self, app: App) -> App:
        node = _node(app, self.node)
        return app.replacing({self.node: replace(node, kind=self.kind).with_props(**self.props)})


@dataclass(frozen=True, slots=True)
class MoveNode:
    """Moves a node to another place: parent, slot and order key ("" = the end)."""

    node: str
    parent: str
    slot: str
    order: str = ""
    merge_key: tuple[str, ...] | None = None

    @property
    def touched(self) -> frozenset[str]:
        return frozenset({self.node, self.parent})

    @property
    def text(self) -> Text:
        return T("Move")

    def apply(self, app: App) -> App:
        node = _node(app, self.node)
        _node(app, self.parent)
        if any(below.id == self.parent for below in app.walk(self.node)):
            raise UserError(T("A part cannot be moved into itself."), code="move_into_itself")
        order = self.order or app.next_order(self.parent, self.slot)
        return app.replacing({self.node: replace(node, parent=self.parent, slot=self.slot, order=order)})


@dataclass(frozen=True, slots=True)
class Batch:
    """Several edits as one: all of them or none."""

    edits: tuple[Edit, ...]
    text: Text
    merge_key: tuple[str, ...] | None = None

    @property
    def touched(self) -> frozenset[str]:
        return frozenset().union(*(edit.touched for edit in self.edits))

    def apply(self, app: App) -> App:
        for edit in self.edits:
            app = edit.apply(app)
        return app
