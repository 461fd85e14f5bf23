"""What differs between two apps, in words that an admin reads before publishing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from resources.texts import T, Text
from runtime.definition.kind import Kinds
from runtime.definition.labels import label_text
from runtime.definition.node import App, Node


class Difference(StrEnum):
    """How a node differs."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Line:
    """One difference: of which node, and in words."""

    node: str
    difference: Difference
    text: Text


def diff(before: App, after: App, kinds: Kinds) -> list[Line]:
    """Every difference from `before` to `after`: additions first, then changes and moves, then removals.

    A node inside an added or removed node is not named again.
    """
    lines = [_line(node, Difference.ADDED, after, kinds) for node in _tops(after, before)]
    for node in after.walk(after.id):
        old = before.nodes.get(node.id)
        if old is not None and old != node:
            lines.extend(_changes(old, node, after, kinds))
    lines.extend(_line(node, Difference.REMOVED, before, kinds) for node in _tops(before, after))
    return lines


def _tops(has: App, lacks: App) -> Iterator[Node]:
    for node in has.walk(has.id):
        parent_is_new = node.parent is not None and node.parent not in lacks.nodes and node.parent in has.nodes
        if node.id not in lacks.nodes and not parent_is_new:
            yield node


def name_of(node: Node, kinds: Kinds) -> str:
    """What people call a node: its label, else its kind."""
    return label_text(node.props.get("label", {})) or str(kinds.of(node).label)


def _line(node: Node, difference: Difference, app: App, kinds: Kinds) -> Line:
    kind = kinds.of(node).label
    name = name_of(node, kinds)
    parent = app.nodes.get(node.parent or "")
    inside = name_of(parent, kinds) if parent is not None else ""
    if difference is Difference.ADDED:
        text = T(
            "{kind} “{name}” is added to “{parent}”.",
            kind=kind,
            name=name,
            parent=inside,
        )
    else:
        text = T(
            "{kind} “{name}” is removed from “{parent}”.",
            kind=kind,
            name=name,
            parent=inside,
        )
    return Line(node.id, difference, text)


def _changes(old: Node, new: Node, app: App, kinds: Kinds) -> Iterator[Line]:
    kind = kinds.of(new)
    name = name_of(old, kinds)
    if old.kind != new.kind:
        text = T(
            "“{name}” becomes {kind}, was {was}.",
            name=name,
            kind=kind.label,
            was=kinds.of(old).label,
        )
        yield Line(new.id, Difference.CHANGED, text)
    if (old.parent, old.slot, old.order) != (new.parent, new.slot, new.order):
        yield Line(
            new.id,
            Difference.MOVED,
            T("{kind} “{name}” moves to another place.", kind=kind.label, name=name),
        )
    labels = {p.name: p.label for p in kind.properties}
    for key in sorted({*old.props, *new.props}):
        was, now = old.props.get(key), new.props.get(key)
        if was != now:
            text = T(
                "“{name}”: {property} becomes {now}, was {was}.",
                name=name,
                property=labels.get(key, key),
                now=_shown(now),
                was=_shown(was),
            )
            yield Line(new.id, Difference.CHANGED, text)


def _shown(value: Any) -> Text | str:
    if value is None or value in ("", [], {}):
        return T("empty")
    if value is True or value is False:
        return T("yes") if value else T("no")
    if isinstance(value, dict) and all(isinstance(text, str) for text in value.values()):
        return f"“{label_text(value)}”"
    if isinstance(value, (list, tuple)):
        return ", ".join(str(item.get("label", item)) if isinstance(item, dict) else str(item) for item in value)
    return f"“{value}”"
