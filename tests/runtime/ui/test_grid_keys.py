"""The keys of the grid, as people know them from Excel, and input methods."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from runtime.changes import BulkChange, ChangeKind, new_uuid
from runtime.dates import local_zone
from runtime.ui.editors.choice import ChoiceEditor
from runtime.ui.kit.calendar import Calendar
from runtime.ui.kit.picker import PickList
from tests.runtime.ui.record_desk import CONTROL, LEFT, Desk, a_desk
from tests.support.apps import an_app
from tests.support.workspaces import Office

KEY = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier


def at(desk: Desk) -> tuple[int, int]:
    index = desk.grid.currentIndex()
    return index.row(), index.column()


def chosen(desk: Desk) -> list[tuple[int, int, int, int]]:
    return [(part.top(), part.left(), part.bottom(), part.right()) for part in desk.grid.parts()]


def test_arrows_move_and_with_shift_they_choose(desk):
    desk.at(0, "名称")
    desk.key(KEY.Key_Down)
    desk.key(KEY.Key_Right)
    assert at(desk) == (1, 1)
    desk.key(KEY.Key_Down, SHIFT)
    desk.key(KEY.Key_Right, SHIFT)
    assert chosen(desk) == [(1, 1, 2, 2)]
    desk.key(KEY.Key_Left, SHIFT)
    desk.key(KEY.Key_Up, SHIFT)
    desk.key(KEY.Key_Up, SHIFT)
    assert chosen(desk) == [(0, 1, 1, 1)]
    desk.key(KEY.Key_Up)
    assert chosen(desk) == [(0, 1, 0, 1)]


def test_control_with_arrows_goes_to_the_edge_of_the_data(orders):
    columns = [field.name for field in orders.model.fields]
    orders.at(0, "单价")
    orders.key(KEY.Key_Down, CONTROL)
    assert at(orders)[0] == 2, "the last filled one before a blank"
    orders.key(KEY.Key_Down, CONTROL)
    assert at(orders)[0] == 3, "nothing more: the end"
    orders.key(KEY.Key_Up, CONTROL)
    assert at(orders)[0] == 2
    orders.key(KEY.Key_Up, CONTROL | SHIFT)
    assert chosen(orders) == [(0, columns.index("单价"), 2, columns.index("单价"))]
    orders.at(0, "编号")
    orders.key(KEY.Key_Right, CONTROL)
    assert columns[at(orders)[1]] == "日期"


def test_the_edge_of_data_is_found_beyond_the_records_that_are_here(tmp_path, qtbot, jobs):
    build = an_app()
    form = build.form("长")
    name = build.field(form, "text", "名")
    office = Office(tmp_path, build.app)
    ids = [new_uuid() for _ in range(15_000)]
    values = [None if at == 12_345 else str(at) for at in range(15_000)]
    office.session.save([BulkChange(ChangeKind.NEW, form, ids, {name: values})], "fill")
    with a_desk(qtbot, office, jobs, "长") as desk:
        desk.at(0, "名").key(KEY.Key_Down, CONTROL)
        desk.settle()
        assert at(desk) == (12_344, 0)
        desk.key(KEY.Key_Down, CONTROL)
        desk.settle()
        assert at(desk) == (12_346, 0)
        desk.key(KEY.Key_Down, CONTROL | SHIFT)
        desk.settle()
        assert chosen(desk) == [(12_346, 0, 14_999, 0)]
    office.session.close()


def test_home_and_end_go_along_the_row_and_with_control_to_the_corners(orders):
    last = len(orders.model.fields) - 1
    orders.at(1, "数量")
    orders.key(KEY.Key_End)
    assert at(orders) == (1, last)
    orders.key(KEY.Key_Home)
    assert at(orders) == (1, 0)
    orders.key(KEY.Key_End, CONTROL)
    assert at(orders) == (3, last)
    orders.key(KEY.Key_Home, CONTROL | SHIFT)
    assert chosen(orders) == [(0, 0, 3, last)]


def test_tab_and_enter_go_round_inside_what_is_chosen(desk):
    desk.at(0, "名称")
    desk.key(KEY.Key_Down, SHIFT)
    desk.key(KEY.Key_Right, SHIFT)
    assert at(desk) == (0, 0)
    places = []
    for _ in range(4):
        desk.key(KEY.Key_Tab)
        places.append(at(desk))
    assert places == [(0, 1), (1, 0), (1, 1), (0, 0)]
    places = []
    for _ in range(3):
        desk.key(KEY.Key_Return)
        places.append(at(desk))
    assert places == [(1, 0), (0, 1), (1, 1)]
    assert chosen(desk) == [(0, 0, 1, 1)]
    desk.type("x")
    desk.key(KEY.Key_Escape)


def test_enter_after_tabs_goes_back_to_where_they_began(desk):
    desk.at(0, "名称").type("一")
    desk.key(KEY.Key_Tab)
    desk.key(KEY.Key_Tab)
    desk.type("note")
    desk.key(KEY.Key_Tab)
    assert at(desk) == (0, 3)
    desk.key(KEY.Key_Return)
    assert at(desk) == (1, 0)
    desk.settle()


def test_rows_columns_and_everything_can_be_chosen(desk):
    last = len(desk.model.fields) - 1
    desk.at(1, "等级").key(KEY.Key_Space, SHIFT)
    assert chosen(desk) == [(1, 0, 1, last)]
    desk.at(1, "等级").key(KEY.Key_Space, CONTROL)
    assert chosen(desk) == [(0, 1, 2, 1)]
    desk.key(KEY.Key_A, CONTROL)
    assert desk.view.chosen() == 3


def test_f2_puts_the_cursor_at_the_end_and_typing_replaces(desk):
    desk.at(0, "名称").key(KEY.Key_F2)
    desk.type("x")
    assert desk.editor().text() == "福州海峡x"
    desk.key(KEY.Key_Escape)
    desk.type("y")
    assert desk.editor().text() == "y"
    desk.key(KEY.Key_Escape)


def test_an_arrow_ends_typing_and_goes_on_but_not_while_editing(orders):
    orders.at(0, "数量").type("5")
    orders.key(KEY.Key_Down)
    assert at(orders)[0] == 1 and not orders.grid.editing.active
    orders.key(KEY.Key_F2)
    orders.key(KEY.Key_Left)
    assert orders.grid.editing.active
    orders.key(KEY.Key_Escape)
    orders.settle()
    assert orders.column("数量")[0] == "5"


def test_alt_down_opens_the_options_and_the_calendar(desk, orders):
    desk.at(0, "等级").key(KEY.Key_Down, ALT)
    assert isinstance(desk.grid.editing.editor.list, PickList)
    QTest.keyClick(desk.grid.editing.editor.list.search, KEY.Key_Escape)
    desk.grid.editing.cancel()
    orders.window.activateWindow()
    orders.at(0, "日期").key(KEY.Key_Down, ALT)
    opened = orders.grid.editing.editor.findChild(Calendar)
    assert opened is not None and opened.isVisible()
    opened.close()
    orders.grid.editing.cancel()


def test_today_now_and_the_value_above(orders):
    before = orders.office.session.reader.situation().now.replace(second=0, microsecond=0)
    orders.at(3, "日期").key(KEY.Key_Semicolon, CONTROL)
    orders.at(3, "发货时间").key(KEY.Key_Colon, CONTROL | SHIFT)
    orders.at(3, "数量").key(KEY.Key_Apostrophe, CONTROL)
    orders.at(3, "客户").key(KEY.Key_Apostrophe, CONTROL)
    orders.settle()
    found = orders.office.read("订单", orders.row(3).id)
    now = orders.office.session.reader.situation().now
    assert found["日期"] in {each.astimezone(local_zone()).date() for each in (before, now)}
    assert before <= found["发货时间"] <= now
    assert found["发货时间"].second == 0
    assert found["数量"] == 7
    assert orders.column("客户")[3] == "福州海峡"


def test_control_enter_writes_into_everything_that_is_chosen(orders):
    orders.at(0, "数量")
    for _ in range(2):
        orders.key(KEY.Key_Down, SHIFT)
    orders.type("9")
    orders.key(KEY.Key_Return, CONTROL)
    orders.settle()
    assert orders.column("数量") == ["9", "9", "9", ""]
    assert orders.messages() == ["3 records filled"]
    orders.key(KEY.Key_Z, CONTROL)
    orders.settle()
    assert orders.column("数量") == ["3", "1", "7", ""]


def test_control_minus_deletes_and_control_plus_begins_a_record(desk):
    desk.at(2, "名称").key(KEY.Key_Minus, CONTROL)
    desk.settle()
    assert desk.column("名称") == ["福州海峡", "厦门港务"]
    desk.grid.setFocus()
    desk.key(KEY.Key_Plus, CONTROL)
    desk.settle()
    assert desk.page.panel.drafting


def test_separate_cells_are_emptied_and_no_others(desk):
    desk.at(0, "等级")
    for row, field in ((1, "备注"),):
        place = desk.grid.visualRect(desk.index(row, field)).center()
        QTest.mouseClick(desk.grid.viewport(), Qt.MouseButton.LeftButton, CONTROL, place)
    desk.key(KEY.Key_Delete)
    desk.settle()
    assert desk.column("等级") == ["", "中", ""]
    assert desk.column("备注") == ["", "", ""]
    desk.key(KEY.Key_Z, CONTROL)
    desk.settle()
    assert desk.column("等级") == ["高", "中", ""]


def test_undo_leaves_the_person_where_they_are(orders):
    orders.at(0, "数量").type("5")
    orders.key(KEY.Key_Return)
    orders.settle()
    orders.at(3, "日期")
    orders.key(KEY.Key_Z, CONTROL)
    orders.settle()
    assert orders.grid.currentIndex() == orders.index(3, "日期")


def test_shift_and_a_click_choose_from_where_the_person_is(desk):
    desk.at(0, "名称")
    desk.key(KEY.Key_Down)
    place = desk.grid.visualRect(desk.index(2, "等级")).center()
    QTest.mouseClick(desk.grid.viewport(), Qt.MouseButton.LeftButton, SHIFT, place)
    assert chosen(desk) == [(1, 0, 2, 1)] and at(desk) == (1, 0)
    place = desk.grid.visualRect(desk.index(0, "等级")).center()
    QTest.mouseClick(desk.grid.viewport(), Qt.MouseButton.LeftButton, SHIFT, place)
    assert chosen(desk) == [(0, 0, 1, 1)] and at(desk) == (1, 0)
    desk.key(KEY.Key_Up)
    assert chosen(desk) == [(0, 0, 0, 0)]


def test_what_is_typed_into_a_range_goes_into_the_cell_at_which_it_began(desk):
    grid = desk.grid
    desk.at(0, "名称")
    desk.key(KEY.Key_Down, SHIFT)
    assert (at(desk), chosen(desk)) == ((0, 0), [(0, 0, 1, 0)])
    start, end = (grid.visualRect(desk.index(*cell)).center() for cell in ((1, "名称"), (2, "等级")))
    QTest.mousePress(grid.viewport(), Qt.MouseButton.LeftButton, pos=start)
    for step in (0.3, 0.6, 1.0):
        QTest.mouseMove(grid.viewport(), start + (end - start) * step)
    assert grid.painter.current == (1, 0), "the ring stays where the range began"
    QTest.mouseRelease(grid.viewport(), Qt.MouseButton.LeftButton, pos=end)
    assert (at(desk), chosen(desk)) == ((1, 0), [(1, 0, 2, 1)])
    desk.type("甲")
    desk.key(KEY.Key_Return)
    desk.settle()
    assert desk.column("名称") == ["福州海峡", "甲", "泉州茶业"]


def test_shift_and_a_click_on_a_number_choose_the_records_from_the_current_one_on(desk):
    view, last = desk.grid.numbers.viewport(), len(desk.model.fields) - 1
    desk.at(1, "等级")
    for row, rows in ((2, (1, 2)), (0, (0, 1))):
        place = QPoint(8, desk.grid.rowViewportPosition(row) + 6)
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, SHIFT, place)
        assert chosen(desk) == [(rows[0], 0, rows[1], last)] and at(desk) == (1, 1)


# Input methods


def compose(desk: Desk, making: str, text: str = "") -> None:
    event = QInputMethodEvent(making, [])
    event.setCommitString(text)
    QApplication.sendEvent(desk.target(), event)


def test_the_first_key_of_an_input_method_opens_the_cell_and_nothing_of_it_is_lost(desk):
    desk.at(0, "名称")
    compose(desk, "f")
    assert desk.grid.editing.active
    assert desk.grid.hasFocus(), "the composition goes on where it began"
    compose(desk, "fu'zhou")
    assert desk.editor().text() == ""
    compose(desk, "", "福州")
    assert desk.editor().text() == "福州"
    assert desk.editor().hasFocus()
    compose(desk, "h")
    compose(desk, "", "海")
    desk.key(KEY.Key_Return)
    desk.settle()
    assert desk.column("名称")[0] == "福州海"


def test_giving_up_a_composition_leaves_the_cell_as_it_was(desk):
    desk.at(0, "名称")
    compose(desk, "f")
    compose(desk, "")
    assert not desk.grid.editing.active
    desk.settle()
    assert desk.column("名称")[0] == "福州海峡"


def test_long_text_takes_a_composition_too(desk):
    desk.at(0, "备注")
    compose(desk, "ni")
    compose(desk, "", "你好")
    assert desk.editor().toPlainText() == "你好"
    desk.grid.editing.leave()
    desk.settle()
    assert desk.column("备注")[0] == "你好"


def test_a_composition_over_a_choice_searches_its_options(desk):
    desk.at(2, "等级")
    compose(desk, "zhong")
    compose(desk, "", "中")
    opened = desk.grid.editing.editor.list
    assert isinstance(opened, PickList)
    assert opened.search.text() == "中"
    desk.qtbot.waitUntil(lambda: opened._model.rowCount() == 1)
    QTest.keyClick(opened.search, KEY.Key_Return)
    desk.settle()
    assert desk.column("等级")[2] == "中"


def test_a_computed_cell_takes_no_composition(orders):
    orders.at(0, "金额")
    compose(orders, "a")
    compose(orders, "", "啊")
    assert not orders.grid.editing.active


def test_a_range_drawn_with_the_mouse_goes_on_where_the_mouse_is_below_the_cells(tmp_path, qtbot, jobs):
    office = Office(tmp_path)
    for number in range(40):
        office.new("客户", {"名称": f"客户 {number}"})
    with a_desk(qtbot, office, jobs) as desk:
        view, start = desk.grid.viewport(), desk.grid.visualRect(desk.index(3, "等级")).center()
        QTest.mousePress(view, LEFT, pos=start)
        QTest.mouseMove(view, start + QPoint(0, 40))
        QTest.mouseMove(view, QPoint(start.x(), view.height() + 60))
        desk.qtbot.waitUntil(lambda: chosen(desk) == [(3, 1, 39, 1)])
        QTest.mouseRelease(view, LEFT, pos=QPoint(start.x(), view.height() + 60))
        desk.grid.go_to(30, 1)
        start = desk.grid.visualRect(desk.index(30, "等级")).center()
        QTest.mousePress(view, LEFT, pos=start)
        QTest.mouseMove(view, start - QPoint(0, 40))
        QTest.mouseMove(view, QPoint(start.x(), -10))
        desk.qtbot.waitUntil(lambda: chosen(desk) == [(0, 1, 30, 1)])
        QTest.mouseRelease(view, LEFT, pos=QPoint(start.x(), -10))
        desk.key(KEY.Key_Home, CONTROL)
        desk.settle()
        assert chosen(desk) == [(0, 0, 0, 0)]
    office.session.close()


def options_open(desk: Desk) -> PickList:
    editor = desk.grid.editing.editor
    assert isinstance(editor, ChoiceEditor) and editor.list is not None and editor.list.isVisible()
    return editor.list


def test_tab_takes_the_option_that_was_typed_for_and_goes_on(desk):
    desk.at(2, "等级").type("低")
    desk.qtbot.waitUntil(lambda: options_open(desk).list.model().rowCount() == 1)
    QTest.keyClick(options_open(desk).search, KEY.Key_Tab)
    desk.settle()
    assert desk.column("等级")[2] == "低"
    assert at(desk) == (2, desk.index(2, "等级").column() + 1)
    assert not desk.grid.editing.active and desk.grid.hasFocus()


def test_enter_takes_the_option_and_goes_down_so_that_a_column_is_typed_in_one_go(desk):
    desk.at(0, "等级")
    for text in ("低", "高", "中"):
        desk.key(KEY.Key_F2)
        options_open(desk).search.setText(text)
        QTest.keyClick(options_open(desk).search, KEY.Key_Return)
        desk.settle()
    assert desk.column("等级") == ["低", "高", "中"]
    assert at(desk) == (3, 1), "the empty row below the last one"


def test_tab_and_shift_tab_leave_a_list_in_which_nothing_was_typed_with_the_value_as_it_was(desk):
    before = desk.column("等级")
    for key, by in ((KEY.Key_Tab, 1), (KEY.Key_Backtab, -1)):
        desk.at(1, "等级").key(KEY.Key_F2)
        QTest.keyClick(options_open(desk).search, key)
        desk.settle()
        assert at(desk) == (1, desk.index(1, "等级").column() + by)
    assert desk.column("等级") == before


def test_what_is_no_option_is_not_left_by_tab_and_empties_nothing(desk):
    before = desk.column("等级")
    desk.grid.editing._context = replace(desk.view.work.tools.editors, designs=False)
    desk.at(1, "等级").key(KEY.Key_F2)
    options_open(desk).search.setText("no option")
    for key in (KEY.Key_Tab, KEY.Key_Return, KEY.Key_Backtab):
        QTest.keyClick(options_open(desk).search, key)
        desk.settle()
    assert options_open(desk).search.hasFocus()
    options_open(desk).close()
    desk.settle()
    assert desk.column("等级") == before


def test_escape_in_the_list_leaves_the_cell_too(desk):
    desk.at(1, "等级").key(KEY.Key_F2)
    QTest.keyClick(options_open(desk).search, KEY.Key_Escape)
    assert not desk.grid.editing.active and desk.grid.hasFocus()
    desk.key(KEY.Key_Down)
    assert at(desk)[0] == 2


@pytest.mark.parametrize("key", [KEY.Key_Return, KEY.Key_Tab])
def test_a_person_who_types_faster_than_records_are_found_gets_what_was_typed(orders, key):
    orders.at(0, "客户").type("厦")
    opened = orders.grid.editing.editor.list
    orders.qtbot.waitUntil(lambda: opened.list.model().rowCount() == 1)
    orders.at(0, "客户")
    orders.grid.editing.cancel()
    orders.at(0, "客户").type("福")
    opened = orders.grid.editing.editor.list
    opened.search.setText("厦门")
    QTest.keyClick(opened.search, key)
    orders.settle()
    orders.qtbot.waitUntil(lambda: orders.column("客户")[0] == "厦门港务")


def test_an_arrow_without_a_current_cell_begins_at_the_first(desk):
    desk.grid.setFocus()
    desk.grid.selectionModel().clear()
    desk.key(KEY.Key_Down)
    assert at(desk) == (0, 0)


def test_the_fill_handle_is_away_while_a_cell_is_edited(desk):
    handle = desk.view.work.fill.handle
    desk.at(1, "等级")
    assert handle.isVisible()
    desk.key(KEY.Key_F2)
    assert not handle.isVisible()
    QTest.keyClick(options_open(desk).search, KEY.Key_Escape)
    assert handle.isVisible()


def test_what_is_typed_while_the_mouse_still_draws_goes_into_the_cell_with_the_ring(orders):
    view, grid = orders.grid.viewport(), orders.grid
    first, last = (grid.visualRect(orders.index(row, "数量")).center() for row in (0, 2))
    QTest.mousePress(view, LEFT, pos=first)
    for part in (0.3, 0.6, 1.0):
        QTest.mouseMove(view, first + (last - first) * part)
    ring = grid.painter.current
    assert ring == (0, orders.index(0, "数量").column()) and len(orders.view.work.tools.spans()) == 1
    orders.type("9")
    QTest.mouseRelease(view, LEFT, pos=last)
    orders.key(KEY.Key_Return)
    orders.settle()
    assert orders.column("数量")[:3] == ["9", "1", "7"]
