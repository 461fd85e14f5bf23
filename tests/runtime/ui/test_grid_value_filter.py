"""Filter by this value, exclude this value: by the menu of a cell and by the finder."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from runtime import filter_json
from runtime.dates import local_zone
from runtime.filters import Condition, Filter, Operator, operators_of
from runtime.ui.filter_moves import narrowed
from runtime.ui.grid_value_filter import value_filter
from tests.runtime.ui.record_desk import CONTROL, LEFT, Desk, a_desk
from tests.support.apps import an_app, customers_and_orders, form_called
from tests.support.workspaces import Office

KEY = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier
APP = customers_and_orders()
ORDERS, CUSTOMERS = form_called(APP, "订单"), form_called(APP, "客户")


def menu(desk: Desk, words: str) -> None:
    """Choose in the menu of the current cell."""
    place = desk.grid.visualRect(desk.grid.currentIndex()).center()
    desk.view._record_menu(desk.grid.viewport().mapToGlobal(place))
    opened = QApplication.activePopupWidget()
    assert isinstance(opened, QMenu)
    action = next(each for each in opened.actions() if each.text().split("\t")[0] == words)
    action.trigger()
    opened.close()
    desk.settle()


def command(desk: Desk, name: str) -> None:
    """Do what the finder lists."""
    found = next(each for each in desk.page.commands() if each.name == name)
    assert found.why_not is None
    found.run()
    desk.settle()


def test_only_the_records_with_the_value_of_the_cell_are_shown_and_again_all(desk):
    desk.at(1, "等级")
    menu(desk, "Filter by this value")
    assert desk.column("名称") == ["厦门港务"]
    assert desk.page.filter.active[0].operator is Operator.IS
    desk.page.clear_filter()
    desk.settle()
    assert desk.model.listed == 3


def test_the_finder_excludes_a_value_and_blanks_are_a_value_too(desk):
    desk.at(0, "等级")
    command(desk, "exclude_value")
    assert desk.column("名称") == ["厦门港务", "泉州茶业"]
    desk.at(1, "等级")
    command(desk, "exclude_value")
    assert desk.column("名称") == ["厦门港务"]
    assert len(desk.page.filter.conditions) == 2


def test_several_cells_of_a_column_are_any_of_their_values(orders):
    orders.at(0, "数量")
    orders.key(KEY.Key_Down, SHIFT)
    menu(orders, "Filter by this value")
    assert orders.column("编号") == ["A-0", "A-1"]
    orders.page.clear_filter()
    orders.settle()
    first, third = (orders.grid.visualRect(orders.index(row, "客户")).center() for row in (0, 3))
    QTest.mouseClick(orders.grid.viewport(), LEFT, pos=third)
    QTest.mouseClick(orders.grid.viewport(), LEFT, CONTROL, first)
    menu(orders, "Filter by this value")
    assert orders.column("编号") == ["A-0", "A-2", "A-3"]
    menu(orders, "Exclude this value")
    assert orders.model.listed < 3


def test_without_a_chosen_cell_the_finder_says_what_comes_first(desk):
    desk.grid.selectionModel().clear()
    found = {each.name: each.why_not for each in desk.page.commands()}
    assert found["filter_value"] and found["exclude_value"] and found["duplicate"]
    desk.view.do("filter_value")
    desk.settle()
    assert not desk.page.filter.active


VALUES: dict[str, list[Any]] = {
    "text": ["a", "b"],
    "number": [1, 2],
    "date": [date(2024, 1, 1), date(2024, 1, 2)],
    "datetime": [datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 1, 2, tzinfo=UTC)],
    "bool": [True, False],
    "choice": ["x", "y"],
    "list": [("x",), ("x", "y")],
    "record": [uuid4(), uuid4()],
}


@pytest.mark.parametrize("exclude", [False, True])
@pytest.mark.parametrize("field", [*ORDERS.fields, *CUSTOMERS.fields], ids=lambda field: field.name)
def test_the_filter_of_any_field_is_one_that_the_panel_can_show_and_a_view_can_hold(field, exclude):
    values = VALUES[field.kind.value_type]
    if field.kind.name not in {"integer", "text"} and field.kind.value_type == "number":
        values = [Decimal("1.5"), Decimal(2)]
    for chosen in (values[:1], values, [*values, None], [None]):
        made = value_filter(field, chosen, exclude=exclude)
        assert made is not None and made.active
        assert {each.operator for each in made.every} <= {*operators_of(field)}
        form = ORDERS if field in ORDERS.fields else CUSTOMERS
        told = filter_json.from_json(form, filter_json.as_json(made))
        assert told == made


def test_many_texts_are_too_many_for_a_filter():
    field = next(each for each in CUSTOMERS.fields if each.kind.value_type == "text")
    assert value_filter(field, [str(at) for at in range(21)]) is None
    assert value_filter(field, ["x" * 3000]) is None


def test_moments_of_one_day_are_one_value():
    field = next(each for each in ORDERS.fields if each.kind.value_type == "datetime")
    noon = datetime(2024, 1, 1, 12, tzinfo=local_zone())
    made = value_filter(field, [noon + timedelta(minutes=at) for at in range(60)])
    assert made is not None and len(made.active) == 1


def test_an_error_is_no_value_to_filter_by_and_not_a_blank_either(qtbot, tmp_path, jobs):
    build = an_app()
    form = build.form("账单")
    build.field(form, "integer", "数量")
    build.field(form, "integer", "每件", formula="12/{数量}")
    office = Office(tmp_path, build.app)
    for count in (0, 3, 4, 3):
        office.new("账单", {"数量": count})
    with a_desk(qtbot, office, jobs, "账单") as desk:
        desk.at(0, "每件")
        command(desk, "filter_value")
        assert not desk.page.filter.active and desk.model.listed == 4
        assert desk.messages() == ["Errors are no values to filter by."]
        desk.key(KEY.Key_Down, SHIFT)
        command(desk, "filter_value")
        assert desk.column("每件") == ["4", "4"]
    office.session.close()


def test_a_record_in_error_is_not_the_value_that_is_excluded(qtbot, tmp_path, jobs):
    build = an_app()
    form = build.form("账单")
    build.field(form, "integer", "数量")
    build.field(form, "integer", "每件", formula="12/{数量}")
    office = Office(tmp_path, build.app)
    for count in (0, 3, 4, 3):
        office.new("账单", {"数量": count})
    office.new("账单", {})
    with a_desk(qtbot, office, jobs, "账单") as desk:
        desk.at(1, "每件")
        command(desk, "exclude_value")
        assert desk.column("数量") == ["0", "4", ""], "the ones in error stay"
        desk.at(1, "每件")
        command(desk, "exclude_value")
        assert desk.column("数量") == ["0", ""]
        desk.page.clear_filter()
        desk.settle()
        desk.at(1, "每件").key(KEY.Key_Down, SHIFT)
        command(desk, "exclude_value")
        assert desk.column("数量") == ["0", ""]
    office.session.close()


def test_a_filter_of_which_any_condition_may_hold_is_kept_whole_beside_the_value():
    field = CUSTOMERS.fields[0]
    one, two, new = (Condition(field.id, Operator.IS, text) for text in "abc")
    either = Filter((one, two), any=True)
    assert narrowed(either, Filter((new,))) == Filter((either, new))
    assert narrowed(Filter((one,)), Filter((one,))) == Filter((one,)), "said once"
    deep = Filter((Filter((either, new), any=True), new))
    assert narrowed(Filter((deep, one), any=True), Filter((new,))) is None
    assert (
        narrowed(Filter((one,) * 1), Filter(tuple(Condition(field.id, Operator.IS, str(n)) for n in range(40)))) is None
    )
