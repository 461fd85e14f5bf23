"""Differences between two apps, in words."""

from runtime.definition.diff import Difference, diff
from runtime.definition.edits import AddNode, MoveNode, RemoveNode, SetProperty
from runtime.form import KINDS, field_node
from tests.support.apps import customers_and_orders, field_called, form_called


def test_what_publishing_will_change_is_said_in_words() -> None:
    before = customers_and_orders()
    orders = form_called(before, "订单")
    after = AddNode(field_node(orders.id, "text", "备注")).apply(before)
    after = SetProperty(field_called(orders, "编号").id, "required", False).apply(after)
    after = RemoveNode(field_called(orders, "重量").id).apply(after)
    lines = [str(line.text) for line in diff(before, after, KINDS)]
    assert lines == [
        "Text “备注” is added to “订单”.",
        "“编号”: Required becomes no, was yes.",
        "Number “重量” is removed from “订单”.",
    ]


def test_a_new_form_is_one_line_however_many_fields_it_has() -> None:
    app = customers_and_orders()
    orders = form_called(app, "订单")
    lines = diff(RemoveNode(orders.id).apply(app), app, KINDS)
    assert [line.difference for line in lines] == [Difference.ADDED]


def test_a_move_is_named() -> None:
    app = customers_and_orders()
    orders = form_called(app, "订单")
    moved = MoveNode(orders.fields[0].id, orders.id, "fields").apply(app)
    assert [line.difference for line in diff(app, moved, KINDS)] == [Difference.MOVED]


def test_equal_apps_differ_in_nothing() -> None:
    app = customers_and_orders()
    assert diff(app, app, KINDS) == []
