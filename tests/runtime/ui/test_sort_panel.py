"""Choosing the order by hand."""

from __future__ import annotations

from runtime.store.query import Sort
from tests.support.drivers import press


def test_several_keys_are_added_turned_and_taken_away(orders):
    panel, form = orders.page.sort_panel, orders.page.form
    code, customer = form.called("编号"), form.called("客户")
    orders.page.open_sort()
    press(panel, "Add key")
    press(panel.rows[0], "Descending")
    orders.settle()
    assert orders.column("编号") == ["A-3", "A-2", "A-1", "A-0"]
    press(panel, "Add key")
    panel.rows[1].fields._picked(customer.id)
    assert orders.page.sorts == (Sort(code.id, descending=True), Sort(customer.id))
    assert orders.page.toolbar.sort.text() == "Sort · 2"
    press(panel.rows[0], "Remove this key")
    assert orders.page.sorts == (Sort(customer.id),)
    press(panel, "Clear all")
    orders.settle()
    assert orders.column("编号") == ["A-0", "A-1", "A-2", "A-3"]
    panel.close()


def test_an_order_from_the_header_is_shown_in_the_rows(orders):
    count = orders.page.form.called("数量")
    orders.view._sort(count.id, False)
    orders.view._sort(orders.page.form.called("编号").id, True)
    assert [row.value() for row in orders.page.sort_panel.rows] == list(orders.page.sorts)
    assert len(orders.page.sorts) == 2


def test_a_field_counts_once(orders):
    panel = orders.page.sort_panel
    code = orders.page.form.called("编号")
    panel.show_values((Sort(code.id), Sort(code.id, descending=True)))
    assert panel.values == (Sort(code.id),)
