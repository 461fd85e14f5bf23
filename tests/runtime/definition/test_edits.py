"""Edits make new apps; the old value is the undo."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resources.texts import T
from runtime.definition.edits import AddNode, Batch, Edit, MoveNode, RemoveNode, SetProperty
from runtime.definition.labels import label
from runtime.definition.node import App, Node
from runtime.errors import UserError
from runtime.form import new_app
from tests.support.apps import an_app


def test_removing_a_form_removes_its_fields() -> None:
    build = an_app()
    form = build.form("客户")
    build.field(form, "text", "名称")
    assert list(RemoveNode(form).apply(build.app).nodes) == [build.app.id]


def test_a_node_cannot_be_moved_into_itself_or_below() -> None:
    build = an_app()
    form = build.form("客户")
    field = build.field(form, "text", "名称")
    with pytest.raises(UserError, match="into itself"):
        MoveNode(form, field, "fields").apply(build.app)


def test_a_batch_is_all_or_nothing() -> None:
    app = new_app("A")
    node = Node("nabc", "form", app.id, "forms", "", {"label": label("F")})
    with pytest.raises(UserError):
        Batch((AddNode(node), SetProperty("missing", "x", 1)), T("Both")).apply(app)
    assert "nabc" not in app.nodes


def test_typing_in_one_place_merges_and_in_another_does_not() -> None:
    assert SetProperty("a", "label", 1).merge_key == SetProperty("a", "label", 2).merge_key
    assert SetProperty("a", "label", 1).merge_key != SetProperty("b", "label", 1).merge_key


NAMES = [f"n{i}" for i in range(8)]
_edits = st.one_of(
    st.builds(lambda n, p: ("add", n, p), st.sampled_from(NAMES), st.sampled_from(["root", *NAMES])),
    st.builds(lambda n, p: ("move", n, p), st.sampled_from(NAMES), st.sampled_from(["root", *NAMES])),
    st.builds(lambda n, p: ("remove", n, p), st.sampled_from(NAMES), st.just("")),
    st.builds(lambda n, v: ("set", n, v), st.sampled_from(["root", *NAMES]), st.integers()),
)


def _edit(what: tuple[str, str, Any], app: App) -> Edit:
    kind, node, value = what
    parent = app.id if value == "root" else value
    if kind == "add":
        return AddNode(Node(node, "note", parent, "items"))
    if kind == "move":
        return MoveNode(node, parent, "items")
    if kind == "remove":
        return RemoveNode(node)
    return SetProperty(app.id if node == "root" else node, "number", value)


@given(st.lists(_edits, max_size=40))
def test_every_session_undoes_to_its_start_and_stays_one_tree(session: list[tuple[str, str, Any]]) -> None:
    app = start = new_app("A")
    values = [app]
    for what in session:
        try:
            app = _edit(what, app).apply(app)
        except UserError:
            continue
        values.append(app)
        assert {node.id for node in app.walk(app.id)} == set(app.nodes)
    assert values[0] is start
    assert dict(start.nodes) == dict(new_app_like(start).nodes)


def new_app_like(app: App) -> App:
    """The app as it was made: one root with its label."""
    return App(app.id, {app.id: Node(app.id, "app", props={"label": label("A")})})
