"""An app as bytes: UTF-8 JSON with a format number; older formats are upgraded, newer ones are refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from resources.texts import T
from runtime.definition.node import FORMAT, App, Node
from runtime.definition.upgrades import CHAIN, Chain
from runtime.errors import UserError

LIMIT = 10 * 1024 * 1024
"""Largest definition file, bytes."""
DEEPEST = 64
"""Levels of nodes inside each other."""


class _NodeFile(msgspec.Struct, omit_defaults=True):
    id: str
    kind: str
    parent: str | None = None
    slot: str = ""
    order: str = ""
    props: dict[str, Any] = {}


class _AppFile(msgspec.Struct):
    format: int
    id: str
    version: int
    nodes: list[_NodeFile]


class DefinitionUnreadable(UserError):
    """Bytes that are not an app this program can read."""

    code = "definition_unreadable"


def encode(app: App) -> bytes:
    """The app as JSON; equal apps give equal bytes."""
    nodes = [
        _NodeFile(n.id, n.kind, n.parent, n.slot, n.order, dict(n.props))
        for n in sorted(app.nodes.values(), key=lambda node: node.id)
    ]
    return msgspec.json.encode(_AppFile(FORMAT, app.id, app.version, nodes), order="sorted")


def decode(body: bytes, chain: Chain = CHAIN) -> App:
    """The app in `body`, upgraded to this program's format.

    Raises:
        DefinitionUnreadable: empty, too large, not UTF-8 JSON, not an app, or made by a newer program.
    """
    raw = chain.upgrade(_parsed(body))
    try:
        file = msgspec.convert(raw, _AppFile)
    except msgspec.ValidationError as error:
        raise DefinitionUnreadable(
            T("This is not an app definition: {reason}.", reason=str(error)),
            T("Choose a file that Formwork exported."),
        ) from error
    _refuse_twins(file)
    nodes = {n.id: Node(n.id, n.kind, n.parent, n.slot, n.order, n.props) for n in file.nodes}
    if not _is_tree(file.id, nodes) or not all(map(_is_labelled, nodes.values())):
        raise DefinitionUnreadable(T("This app definition is damaged: its parts do not fit together."))
    return App(file.id, nodes, file.version)


def _refuse_twins(file: _AppFile) -> None:
    places: dict[str, int] = {}
    for place, node in enumerate(file.nodes):
        first = places.setdefault(node.id, place)
        if first != place:
            one, other = f"/nodes/{first}", f"/nodes/{place}"
            message = T("Two parts have the id “{id}”: {one} and {other}.", id=node.id, one=one, other=other)
            raise DefinitionUnreadable(message, T("Choose a file that Formwork exported."))


def _is_tree(root: str, nodes: Mapping[str, Node]) -> bool:
    """Whether the root stands alone on top and no other node is inside itself or deeper than `DEEPEST`."""
    if root not in nodes or nodes[root].parent is not None:
        return False
    return all(_depth(node, nodes) <= DEEPEST for node in nodes.values())


def _depth(node: Node, nodes: Mapping[str, Node]) -> int:
    """Levels above a node, up to one more than `DEEPEST`: then it is too deep, or inside itself."""
    for level in range(DEEPEST + 1):
        above = nodes.get(node.parent or "")
        if above is None:
            return level
        node = above
    return DEEPEST + 1


def _is_labelled(node: Node) -> bool:
    label = node.props.get("label", {})
    return isinstance(label, dict) and all(isinstance(text, str) for text in label.values())


def _parsed(body: bytes) -> dict[str, Any]:
    if not body.strip():
        raise DefinitionUnreadable(T("The app definition is empty."), T("Choose a file that Formwork exported."))
    if len(body) > LIMIT:
        megabytes = f"{len(body) / 1024 / 1024:.1f}"
        raise DefinitionUnreadable(T("The app definition has {size} MB; 10 MB are allowed.", size=megabytes))
    if body[:2] in (b"\xff\xfe", b"\xfe\xff") or body[:2].strip(b"{[") == b"\x00":
        raise DefinitionUnreadable(T("The app definition must be UTF-8; this looks like UTF-16."))
    body = body.removeprefix(b"\xef\xbb\xbf")
    try:
        raw = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _unreadable(body, error) from error
    if not isinstance(raw, dict):
        raise DefinitionUnreadable(T("This is not an app definition: expected an object."))
    return raw


_BYTE = re.compile(r"\(byte (\d+)\)")


def _unreadable(body: bytes, error: Exception) -> DefinitionUnreadable:
    """What is wrong with bytes that are no JSON, and where: line and column, counted from 1."""
    if isinstance(error, RecursionError):
        return DefinitionUnreadable(
            T("The parts of this app definition are nested too deep: {n} levels at most.", n=DEEPEST)
        )
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as wrong:
        place = wrong.start
        try:
            body.decode("gb18030")
        except UnicodeDecodeError:
            return DefinitionUnreadable(T("The app definition must be UTF-8; byte {place} is not.", place=place))
        message = T("The app definition must be UTF-8; byte {place} looks like GBK.", place=place)
        return DefinitionUnreadable(message, T("Save the file as UTF-8."))
    found = _BYTE.search(str(error))
    at = int(found[1]) if found else len(body)
    before = body[:at].decode("utf-8", errors="replace")
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    return DefinitionUnreadable(
        T("The app definition cannot be read: line {line}, column {column}.", line=line, column=column),
        T("Choose a file that Formwork exported."),
    )
