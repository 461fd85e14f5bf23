"""A shared view as a part of an app: its name, its place, what a newer program made, what publishing says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from runtime.checks import problems_of
from runtime.definition import codec
from runtime.definition.diff import diff
from runtime.definition.edits import AddNode, RemoveNode, SetProperty
from runtime.definition.labels import label
from runtime.definition.node import App, Node
from runtime.form import KINDS, lookup
from runtime.views import VIEWS, view_node, view_types
from tests.support.apps import customers_and_orders, form_called

APP = customers_and_orders()
FORM = form_called(APP, "订单").id


def with_views(*nodes: Node) -> App:
    app = APP
    for node in nodes:
        app = AddNode(node).apply(app)
    return app


def codes(app: App) -> list[tuple[str, bool]]:
    return [(problem.code, problem.stops) for problem in problems_of(app, lookup([app]), KINDS)]


def grid(name: str = "Big", look: Any = None, **changes: Any) -> Node:
    return replace(view_node(FORM, "grid", name, {} if look is None else look), **changes)


def test_a_view_of_a_form_is_no_problem_and_comes_back_from_the_file() -> None:
    app = with_views(grid(look={"row_height": "tall"}), grid("Small"))
    assert codes(app) == []
    assert codec.decode(codec.encode(app)).nodes == app.nodes
    assert [node.props["label"] for node in app.children(FORM, VIEWS)] == [label("Big"), label("Small")]


@pytest.mark.parametrize(
    ("nodes", "code"),
    [
        ([grid("")], "unnamed"),
        ([grid("  ")], "unnamed"),
        ([grid("Big"), grid(" bIG ")], "same_name"),
        ([grid(look="wide")], "property_type"),
        ([grid(parent=APP.id)], "misplaced"),
        ([grid(slot="fields")], "misplaced"),
        ([grid("x" * 201)], "label_long"),
    ],
)
def test_a_view_that_is_wrong_is_said_once_and_stops_publishing(nodes: list[Node], code: str) -> None:
    assert codes(with_views(*nodes)) == [(code, True)]


def test_views_of_two_forms_may_have_one_name() -> None:
    other = form_called(APP, "客户").id
    assert codes(with_views(grid(), replace(grid(), id="nabcdefghij", parent=other))) == []


def test_a_kind_that_a_newer_program_made_is_kept() -> None:
    later = grid(kind="view.hologram", look={"depth": 3})
    app = with_views(later)
    assert codes(app) == []
    assert codec.decode(codec.encode(app)).nodes[later.id].props == later.props


def test_publishing_says_what_happens_to_views() -> None:
    node = grid()
    app = with_views(node)
    renamed = SetProperty(node.id, "label", label("Huge")).apply(app)
    said = [str(line.text) for line in (*diff(APP, app, KINDS), *diff(app, renamed, KINDS), *diff(app, APP, KINDS))]
    assert said == [
        "Grid “Big” is added to “订单”.",
        "“Big”: Name becomes “Huge”, was “Big”.",
        "Grid “Big” is removed from “订单”.",
    ]


def test_a_form_that_is_removed_takes_its_views_with_it() -> None:
    node = grid()
    assert node.id not in RemoveNode(FORM).apply(with_views(node)).nodes


def test_every_kind_of_view_has_a_name_and_an_icon() -> None:
    for kind in view_types:
        assert str(kind.label)
        assert kind.icon
