"""Definition files that somebody made by hand to break the program: refused in words, quickly."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from runtime.definition import codec
from runtime.errors import UserError
from tests.support.apps import customers_and_orders
from tests.support.pace import within

APP, FORM = "aaaaaaaaaaa", "faaaaaaaaaa"


def body(*nodes: dict[str, Any], app: str = APP) -> bytes:
    """A definition file of these nodes."""
    return json.dumps({"format": 1, "id": app, "version": 0, "nodes": nodes}).encode()


def node(id_: str, parent: str | None = None, **more: Any) -> dict[str, Any]:
    """A node of a file."""
    return {"id": id_, "kind": "form" if parent else "app", "parent": parent, "slot": "forms", **more}


def a_chain(length: int) -> list[dict[str, Any]]:
    """Nodes inside each other, the app first."""
    nodes = [node(APP)]
    return nodes + [node(f"n{at}", APP if at == 0 else f"n{at - 1}") for at in range(length)]


REFUSED: dict[str, Callable[[], bytes]] = {
    "the app inside its own form": lambda: body(node(APP, FORM), node(FORM, APP)),
    "the app inside itself": lambda: body(node(APP, APP)),
    "two nodes inside each other": lambda: body(node(APP), node("n1", "n2"), node("n2", "n1")),
    "a node inside itself": lambda: body(node(APP), node(FORM, FORM)),
    "deeper than 64": lambda: body(*a_chain(65)),
    "much deeper": lambda: body(*a_chain(5_000)),
    "two nodes of one id": lambda: body(node(APP), node(FORM, APP), node(FORM, APP)),
    "no app": lambda: body(node(FORM, APP), app=APP),
    "a name that is a number": lambda: body(node(APP, props={"label": {"*": 5}})),
    "a name that is a text": lambda: body(node(APP, props={"label": "x"})),
    "a name that is a list": lambda: body(node(APP), node(FORM, APP, props={"label": ["x"]})),
    "nesting": lambda: b'{"format": 1, "a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "an infinite number": lambda: b'{"format": 1, "id": "a", "version": 1e999, "nodes": []}',
    "not a number": lambda: b'{"format": 1, "id": "a", "version": NaN, "nodes": []}',
    "half of a character": lambda: b'{"format": 1, "id": "\xed\xa0\x80", "version": 0, "nodes": []}',
    "props that are a list": lambda: body({"id": APP, "kind": "app", "props": []}),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_it_is_refused_in_words_and_at_once(kind: str) -> None:
    file = REFUSED[kind]()
    with within(2), pytest.raises(UserError) as refusal:
        codec.decode(file)
    assert refusal.value.code == "definition_unreadable"


def test_sixty_four_levels_are_allowed() -> None:
    app = codec.decode(body(*a_chain(64)))
    assert len(list(app.walk(app.id))) == 65


def test_a_file_cut_anywhere_is_refused() -> None:
    whole = codec.encode(customers_and_orders())
    for length in range(0, len(whole), 97):
        with pytest.raises(UserError):
            codec.decode(whole[:length])
