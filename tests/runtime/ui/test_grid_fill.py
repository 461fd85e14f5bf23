"""Filling cells: Ctrl+D, Ctrl+R and the handle at the corner of what is chosen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from runtime.exchange.editing.pasting import Area
from runtime.store.query import Group
from runtime.ui.fill_handle import FillHandle, stretched
from tests.runtime.ui.record_desk import CONTROL, Desk, office_with_records
from tests.support.workspaces import Office

KEY = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with office_with_records(tmp_path) as made:
        made.new("订单", {"编号": "A-4"})
        yield made


def handle(desk: Desk) -> FillHandle:
    return desk.view.work.fill.handle


def drag(desk: Desk, row: int, field: str, *, drop: bool = True, modifiers: Any = None) -> None:
    grip = handle(desk)
    keys = modifiers or Qt.KeyboardModifier.NoModifier
    QTest.mousePress(grip, LEFT, keys, grip.rect().center())
    target = desk.grid.visualRect(desk.index(row, field)).center()
    QTest.mouseMove(grip, grip.mapFrom(desk.grid.viewport(), target))
    if drop:
        QTest.mouseRelease(grip, LEFT, keys, grip.mapFrom(desk.grid.viewport(), target))
        desk.settle()


def choose(desk: Desk, field: str, first: int, last: int) -> None:
    desk.at(first, field)
    for _ in range(last - first):
        desk.key(KEY.Key_Down, SHIFT)


def test_control_d_copies_the_first_row_down(orders):
    choose(orders, "单价", 0, 3)
    orders.key(KEY.Key_D, CONTROL)
    orders.settle()
    assert orders.column("单价") == ["¥10.50"] * 4 + [""]
    assert orders.messages() == ["3 records filled"]
    orders.key(KEY.Key_Z, CONTROL)
    orders.settle()
    assert orders.column("单价")[1] == "¥99.00"


def test_control_d_in_one_cell_takes_what_is_above(orders):
    orders.at(3, "客户").key(KEY.Key_D, CONTROL)
    orders.settle()
    assert orders.column("客户")[3] == "福州海峡"


def test_control_r_copies_to_the_right_and_lists_what_does_not_fit(orders):
    orders.at(0, "数量")
    orders.key(KEY.Key_Right, SHIFT)
    orders.key(KEY.Key_R, CONTROL)
    orders.settle()
    assert orders.column("单价")[0] == "¥3.00"
    orders.at(1, "编号")
    orders.key(KEY.Key_Right, SHIFT)
    orders.key(KEY.Key_R, CONTROL)
    orders.settle()
    panel = orders.view.work.bad
    assert panel.isVisible()
    assert "There is no record called “A-1”." in panel.cells.index(0, 3).data()
    orders.view.work.writing.drop()


def test_the_handle_stands_at_the_corner_of_what_is_chosen(orders):
    choose(orders, "数量", 0, 1)
    corner = orders.grid.visualRect(orders.index(1, "数量")).bottomRight()
    assert handle(orders).isVisible()
    assert (handle(orders).geometry().center() - corner).manhattanLength() <= 4
    orders.at(0, "金额")
    assert not handle(orders).isVisible(), "nothing can be filled into a computed field"


def test_dragging_the_handle_goes_on_with_the_series(orders):
    orders.office.set("订单", orders.row(0).id, {"数量": 10})
    orders.office.set("订单", orders.row(1).id, {"数量": 20})
    orders.settle()
    choose(orders, "数量", 0, 1)
    drag(orders, 4, "数量")
    assert orders.column("数量") == ["10", "20", "30", "40", "50"]
    part = orders.grid.parts()[0]
    assert (part.top(), part.bottom()) == (0, 4)
    orders.key(KEY.Key_Z, CONTROL)
    orders.settle()
    assert orders.column("数量") == ["10", "20", "7", "", ""]


def test_with_control_it_copies_instead(orders):
    choose(orders, "数量", 0, 1)
    drag(orders, 3, "数量", modifiers=CONTROL)
    assert orders.column("数量")[:4] == ["3", "1", "3", "1"]


def test_texts_with_a_number_and_dates_go_on_from_one_cell(orders):
    orders.at(0, "编号")
    drag(orders, 2, "编号")
    assert orders.column("编号")[:3] == ["A-0", "A-1", "A-2"]
    orders.at(0, "日期")
    drag(orders, 4, "日期")
    assert [row["日期"].day for row in read(orders)] == [27, 28, 29, 1, 2]


def read(desk: Desk) -> list[dict[str, Any]]:
    return [desk.office.read("订单", desk.row(at).id) for at in range(desk.model.listed)]


def test_upwards_and_to_the_right(orders):
    choose(orders, "数量", 1, 2)
    drag(orders, 0, "数量")
    panel = orders.view.work.bad
    assert [panel.cells.index(0, column).data() for column in range(4)] == ["1", "数量", "-5", "At least 0."]
    orders.view.work.writing.drop()
    orders.at(1, "数量")
    drag(orders, 1, "单价")
    assert orders.column("单价")[1] == "¥1.00"


def group_by_customer(orders: Desk) -> None:
    """Rows: group, A-0, A-2, group, A-1, group (none), A-3, A-4."""
    state, customer = orders.page.state, orders.page.form.called("客户")
    assert customer is not None
    state.put(replace(state.spec, groups=(Group(customer.id),)))
    orders.settle()
    heads = [at for at in range(orders.model.listed) if orders.model.group(at) is not None]
    assert heads == [0, 3, 5]


def numbers(desk: Desk, field: str) -> list[Any]:
    found = (desk.model.record(at) for at in range(desk.model.listed))
    return [desk.office.read("订单", row.id).get(field) for row in found if row is not None]


def test_a_row_of_a_group_has_no_handle_and_the_handle_stands_at_the_last_record(orders):
    group_by_customer(orders)
    orders.at(0, "数量")
    assert not handle(orders).isVisible()
    choose(orders, "数量", 1, 3)
    corner = orders.grid.visualRect(orders.index(2, "数量")).bottomRight()
    assert handle(orders).isVisible()
    assert (handle(orders).geometry().center() - corner).manhattanLength() <= 4


def test_a_series_goes_on_from_record_to_record_over_the_rows_of_groups(orders):
    group_by_customer(orders)
    for at, number in ((1, 10), (2, 20)):
        orders.office.set("订单", orders.row(at).id, {"数量": number})
    orders.settle()
    choose(orders, "数量", 1, 2)
    drag(orders, 6, "数量")
    assert numbers(orders, "数量") == [10, 20, 30, 40, None]
    assert orders.messages() == ["2 records filled"]
    part = orders.grid.parts()[0]
    assert (part.top(), part.bottom()) == (1, 6)


def test_a_drag_that_ends_on_a_row_of_a_group_ends_at_the_record_before_it(orders):
    group_by_customer(orders)
    choose(orders, "数量", 1, 1)
    drag(orders, 3, "数量", modifiers=CONTROL)
    assert numbers(orders, "数量")[:3] == [3, 3, 1]
    part = orders.grid.parts()[0]
    assert (part.top(), part.bottom()) == (1, 2)


def test_upwards_a_series_goes_over_the_rows_of_groups_too(orders):
    group_by_customer(orders)
    choose(orders, "编号", 4, 4)
    drag(orders, 0, "编号", modifiers=CONTROL)
    assert numbers(orders, "编号")[:3] == ["A-1", "A-1", "A-1"]


def test_a_double_click_fills_to_the_end_of_the_group(orders):
    group_by_customer(orders)
    orders.at(1, "折扣")
    QTest.mouseDClick(handle(orders), LEFT)
    orders.settle()
    assert numbers(orders, "折扣")[:3] == [Decimal("0.1"), Decimal("0.1"), Decimal(0)]


def test_control_d_takes_the_first_record_or_the_one_above_over_the_row_of_a_group(orders):
    group_by_customer(orders)
    choose(orders, "数量", 0, 4)
    orders.key(KEY.Key_D, CONTROL)
    orders.settle()
    assert numbers(orders, "数量")[:3] == [3, 3, 3]
    assert orders.messages() == ["2 records filled"]
    orders.at(4, "单价").key(KEY.Key_D, CONTROL)
    orders.settle()
    assert numbers(orders, "单价")[2] == numbers(orders, "单价")[1]


def test_copying_a_row_of_a_group_leaves_the_clipboard_as_it_is(orders):
    group_by_customer(orders)
    QGuiApplication.clipboard().setText("before")
    orders.at(0, "数量").key(KEY.Key_C, CONTROL)
    orders.settle()
    assert QGuiApplication.clipboard().text() == "before"


def test_escape_gives_up(orders):
    before = orders.office.commits()
    choose(orders, "数量", 0, 1)
    drag(orders, 4, "数量", drop=False)
    assert handle(orders).outline.isVisible()
    QTest.keyClick(orders.grid, KEY.Key_Escape)
    assert not handle(orders).outline.isVisible()
    QTest.mouseRelease(handle(orders), LEFT)
    orders.settle()
    assert orders.office.commits() == before


def test_a_double_click_fills_as_far_as_there_is_data_beside(orders):
    orders.at(0, "折扣")
    QTest.mouseDClick(handle(orders), LEFT)
    orders.settle()
    assert orders.column("折扣") == ["10%", "10%", "10%", "", ""], "单价 beside it ends there"


def test_a_rectangle_is_stretched_in_one_direction_only():
    source = Area(2, 2, 3, 3)
    assert stretched(source, 9, 4) == Area(2, 2, 9, 3)
    assert stretched(source, 0, 3) == Area(0, 2, 3, 3)
    assert stretched(source, 3, 7) == Area(2, 2, 3, 7)
    assert stretched(source, 2, 0) == Area(2, 0, 3, 3)
    assert stretched(source, 3, 2) == source


def test_the_handle_is_named_for_screen_readers(orders):
    assert handle(orders).accessibleName() == "Fill handle"


def click(desk: Desk, row: int, field: str, modifiers: Any = None) -> None:
    keys = modifiers or Qt.KeyboardModifier.NoModifier
    QTest.mouseClick(desk.grid.viewport(), LEFT, keys, desk.grid.visualRect(desk.index(row, field)).center())


def test_delete_empties_the_cell_that_is_chosen_not_the_one_beside_it_that_was_taken_back(orders):
    click(orders, 0, "数量")
    click(orders, 2, "数量", CONTROL)
    click(orders, 2, "数量", CONTROL)
    orders.key(KEY.Key_Delete)
    orders.settle()
    assert orders.column("数量") == ["", "1", "7", "", ""]


@pytest.mark.parametrize("rows", [(1,), (1, 2)])
def test_delete_empties_no_column_in_which_only_the_row_of_a_group_is_chosen(orders, rows):
    group_by_customer(orders)
    click(orders, 1, "数量")
    for row in rows[1:]:
        click(orders, row, "数量", CONTROL)
    click(orders, 3, "单价", CONTROL)
    before = numbers(orders, "单价")
    orders.key(KEY.Key_Delete)
    orders.settle()
    assert numbers(orders, "单价") == before
    assert numbers(orders, "数量")[: len(rows)] == [None] * len(rows)
