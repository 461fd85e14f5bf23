"""Building a filter by hand shows what it says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from runtime.filters import Condition, Filter, Operator, Other
from runtime.ui.filter_panel import FilterPanel
from runtime.ui.filter_row import AGAINST_WIDTH, VALUE, FilterRow, _asked_of
from tests.runtime.ui.record_desk import Desk
from tests.support.drivers import press

KEY = Qt.Key


@pytest.fixture
def panel(orders: Desk) -> Iterator[FilterPanel]:
    orders.page.toolbar.filter.click()
    yield orders.page.filter_panel
    orders.page.filter_panel.close()


def choose(row: FilterRow, field: str, operator: Operator) -> None:
    """Pick a field and an operator, as the lists do."""
    found = row._form.called(field)
    assert found is not None
    row.fields._picked(found.id)
    assert row.operators is not None
    row.operators._picked(operator)


def shown(desk: Desk) -> list[str]:
    """The numbers of the orders that are shown."""
    return desk.column("编号")


def test_the_first_click_brings_a_row_for_the_name_of_the_record(panel, orders):
    (row,) = panel.rows
    assert row.field.name == "编号"
    assert row.operators.value is Operator.CONTAINS
    assert shown(orders) == ["A-0", "A-1", "A-2", "A-3"], "a condition without a value does not filter"


def test_what_is_typed_filters_after_a_rest(panel, orders):
    QTest.keyClicks(panel.rows[0]._values[0].line, "-2")
    orders.qtbot.waitUntil(lambda: orders.page.filter.conditions != ())
    orders.settle()
    assert shown(orders) == ["A-2"]
    assert orders.page.toolbar.filter.text() == "Filter · 1"
    assert orders.page.toolbar.count.text() == "1 of 4"


def test_a_number_is_given_in_the_editor_of_its_field(panel, orders):
    choose(panel.rows[0], "折扣", Operator.AT_LEAST)
    editor = panel.rows[0]._values[0].editor
    QTest.keyClicks(editor.line, "10%")
    orders.qtbot.waitUntil(lambda: len(orders.page.filter.conditions) == 1)
    orders.settle()
    assert shown(orders) == ["A-0", "A-2"]
    QTest.keyClicks(editor.line, "x")
    orders.qtbot.waitUntil(lambda: orders.page.filter.conditions == ())
    orders.settle()
    assert len(shown(orders)) == 4


def test_a_computed_field_can_be_asked_for_between_two_values(panel, orders):
    choose(panel.rows[0], "金额", Operator.BETWEEN)
    low, high = (part.editor for part in panel.rows[0]._values)
    QTest.keyClicks(low.line, "0.5")
    QTest.keyClicks(high.line, "50")
    orders.qtbot.waitUntil(lambda: len(orders.page.filter.conditions) == 1)
    orders.settle()
    assert shown(orders) == ["A-0", "A-2"]


def test_a_relation_is_picked_by_its_title(panel, orders):
    choose(panel.rows[0], "客户", Operator.IS)
    editor = panel.rows[0]._values[0].editor
    editor.unfold("厦门")
    orders.qtbot.waitUntil(lambda: editor.list._model.rowCount() == 1)
    QTest.keyClick(editor.list.search, KEY.Key_Return)
    orders.qtbot.waitUntil(lambda: len(orders.page.filter.conditions) == 1)
    orders.settle()
    assert shown(orders) == ["A-1"]


def test_dates_are_before_and_after(panel, orders):
    choose(panel.rows[0], "日期", Operator.LESS)
    QTest.keyClicks(panel.rows[0]._values[0].exact.editor.line, "2024-02-29")
    orders.qtbot.waitUntil(lambda: len(orders.page.filter.conditions) == 1)
    orders.settle()
    assert shown(orders) == ["A-0", "A-1"]


def test_a_field_is_compared_with_another_field_by_clicks(panel, orders):
    row = panel.rows[0]
    choose(row, "数量", Operator.GREATER)
    row.against.unfold("单价")
    orders.qtbot.waitUntil(lambda: row.against.list._model.rowCount() == 1)
    QTest.keyClick(row.against.list.search, KEY.Key_Return)
    orders.qtbot.waitUntil(lambda: len(orders.page.filter.conditions) == 1)
    orders.settle()
    form = orders.office.form("订单")
    assert orders.page.filter.conditions == (
        Condition(form.called("数量").id, Operator.GREATER, Other(form.called("单价").id)),
    )
    assert shown(orders) == ["A-2"]
    assert row._values[0].isHidden()
    row.operators._picked(Operator.BETWEEN)
    orders.qtbot.waitUntil(lambda: orders.page.filter.conditions == ())
    assert row.against is None
    assert [part.isHidden() for part in row._values] == [False, False]


def test_a_value_takes_the_place_of_the_field_again(panel, orders):
    row = panel.rows[0]
    choose(row, "数量", Operator.GREATER)
    row.against._picked(Other(row._form.called("折扣").id))
    row.against._picked(VALUE)
    assert not row._values[0].isHidden()
    QTest.keyClicks(row._values[0].editor.line, "1")
    orders.qtbot.waitUntil(lambda: len(orders.page.filter.conditions) == 1)
    assert orders.page.filter.conditions[0].value == 1


def test_a_length_takes_whole_numbers_only_and_leaves_no_text_behind(panel, orders):
    row = panel.rows[0]
    QTest.keyClicks(row._values[0].line, "A")
    row.operators._picked(Operator.LONGER)
    line = row._values[0].line
    assert line.text() == ""
    QTest.keyClicks(line, "x2")
    assert line.text() == "2"
    orders.qtbot.waitUntil(lambda: len(orders.page.filter.conditions) == 1)
    orders.settle()
    assert shown(orders) == ["A-0", "A-1", "A-2", "A-3"]
    QTest.keyClick(line, KEY.Key_Backspace)
    QTest.keyClicks(line, "3")
    orders.qtbot.waitUntil(lambda: shown(orders) == [])


def test_a_word_is_asked_for(panel, orders):
    row = panel.rows[0]
    row.operators._picked(Operator.WORD)
    QTest.keyClicks(row._values[0].line, "2")
    orders.qtbot.waitUntil(lambda: shown(orders) == ["A-2"])


def test_two_conditions_are_joined_by_all_or_by_any(panel, orders):
    choose(panel.rows[0], "数量", Operator.EMPTY)
    press(panel, "Add condition")
    choose(panel.rows[1], "客户", Operator.EMPTY)
    orders.qtbot.waitUntil(lambda: len(orders.page.filter.conditions) == 2)
    orders.settle()
    assert shown(orders) == ["A-3"]
    choose(panel.rows[1], "数量", Operator.FILLED)
    orders.qtbot.waitUntil(lambda: orders.page.filter.conditions[-1].operator is Operator.FILLED)
    orders.settle()
    assert orders.model.listed == 0
    press(panel, "Any")
    orders.qtbot.waitUntil(lambda: orders.page.filter.any)
    orders.settle()
    assert len(shown(orders)) == 4


def test_changing_the_operator_keeps_the_value_where_it_fits(panel):
    row = panel.rows[0]
    QTest.keyClicks(row._values[0].line, "abc")
    row.operators._picked(Operator.LACKS)
    assert row.condition().value == "abc"
    choose(row, "数量", Operator.LESS)
    assert row.condition().value is None


def test_a_condition_is_taken_away_and_all_are_cleared(panel, orders):
    choose(panel.rows[0], "数量", Operator.EMPTY)
    orders.qtbot.waitUntil(lambda: orders.page.filter.conditions != ())
    press(panel.rows[0], "Remove this condition")
    orders.qtbot.waitUntil(lambda: orders.page.filter.conditions == ())
    press(panel, "Add condition")
    choose(panel.rows[0], "数量", Operator.EMPTY)
    press(panel, "Clear all")
    orders.settle()
    assert panel.rows == []
    assert len(shown(orders)) == 4


def test_a_filter_from_elsewhere_is_shown_in_the_rows(orders):
    code, customer = (orders.page.form.called(name) for name in ("编号", "客户"))
    wanted = Filter(
        (Condition(code.id, Operator.CONTAINS, "A"), Condition(customer.id, Operator.IS, "福州海峡")), any=False
    )
    orders.page.set_filter(wanted)
    orders.settle()
    assert shown(orders) == ["A-0", "A-2"]
    assert orders.page.filter_panel.filter == wanted


def test_the_list_of_fields_is_searched(panel, qtbot):
    row = panel.rows[0]
    row.fields.unfold("")
    row.fields.list.search.setText("重")
    qtbot.waitUntil(lambda: row.fields.list._model.rowCount() == 1)
    QTest.keyClick(row.fields.list.search, KEY.Key_Return)
    assert row.field.name == "重量"


def test_another_field_keeps_the_operator_and_what_fits(panel):
    row = panel.rows[0]
    choose(row, "数量", Operator.GREATER)
    price, share = (row._form.called(name).id for name in ("单价", "折扣"))
    row.against._picked(Other(share))
    row.fields._picked(price)
    assert row.condition() == Condition(price, Operator.GREATER, Other(share))
    row.fields._picked(share)
    assert row.condition() == Condition(share, Operator.GREATER)
    row.fields._picked(row._form.called("编号").id)
    assert row.condition().operator is Operator.CONTAINS


def test_a_value_stays_for_a_field_of_the_same_kind(panel):
    row = panel.rows[0]
    row.operators._picked(Operator.LONGER)
    QTest.keyClicks(row._values[0].line, "2")
    assert _asked_of(row.field, row.field, row.condition()) == Condition(row.field.id, Operator.LONGER, 2)


def test_the_value_has_the_room_until_a_field_is_chosen_instead(panel, qtbot):
    row = panel.rows[0]
    choose(row, "数量", Operator.GREATER)
    qtbot.waitUntil(lambda: row._values[0].width() > 2 * row.against.width())
    row.against._picked(Other(row._form.called("折扣").id))
    qtbot.waitUntil(lambda: row.against.width() > 2 * AGAINST_WIDTH)


def two_conditions(orders: Desk) -> FilterPanel:
    """A filter of two conditions that nobody opened yet."""
    name, count = (orders.index(0, field).column() for field in ("编号", "数量"))
    fields = orders.model.fields
    asked = Condition(fields[name].id, Operator.CONTAINS, "A"), Condition(fields[count].id, Operator.GREATER, 0)
    orders.page.set_filter(Filter(asked))
    orders.settle()
    orders.page.toolbar.filter.click()
    return orders.page.filter_panel


def test_a_filter_opens_at_the_value_of_its_first_condition(orders):
    panel = two_conditions(orders)
    line = panel.rows[0]._values[0].line
    assert QApplication.focusWidget() is line and isinstance(line, QLineEdit)
    assert line.selectedText() == "A", "what is typed takes its place"
    panel.close()


def test_a_filter_opens_again_where_the_person_was(orders):
    panel = two_conditions(orders)
    line = panel.rows[1]._values[0].editor.line
    line.setFocus()
    panel.close()
    orders.grid.setFocus()
    orders.page.toolbar.filter.click()
    assert QApplication.focusWidget() is line
    panel.add.setFocus()
    panel.close()
    orders.page.toolbar.filter.click()
    assert QApplication.focusWidget() is panel.rows[0]._values[0].line, "no condition is the last one"
    panel.close()
