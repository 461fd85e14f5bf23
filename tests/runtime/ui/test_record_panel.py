"""The record beside the grid: fields, history, what points to it, and input that meets the changes of others."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from tests.runtime.ui.record_desk import CONTROL, Desk, a_desk, office_with_records
from tests.support.drivers import button_called, press

KEY = Qt.Key
ALT = Qt.KeyboardModifier.AltModifier


def opened(desk: Desk, row: int = 0) -> Desk:
    """With the record in this row beside the grid."""
    name = desk.model.fields[0].name
    desk.at(row, name).key(KEY.Key_Space)
    desk.settle()
    return desk


def fill(desk: Desk, field: str, text: str) -> None:
    """Type into a field and leave it with Enter."""
    line = desk.panel_editor(field).line
    line.setFocus()
    line.selectAll()
    desk.type(text)
    QTest.keyClick(line, KEY.Key_Return)


def test_space_opens_the_record_and_escape_closes_it(desk):
    opened(desk, 1)
    assert desk.page.panel.isVisible()
    assert desk.page.panel.title.text() == "厦门港务"
    assert desk.panel_editor("备注").value() == "first line\nsecond line"
    desk.page.panel.fields.start()
    desk.key(KEY.Key_Escape)
    assert not desk.page.panel.isVisible()
    assert desk.grid.hasFocus()


def test_a_field_is_saved_when_it_is_left_and_each_is_one_step_of_undo(desk):
    opened(desk)
    fill(desk, "名称", "福建海峡")
    desk.settle()
    desk.panel_editor("备注").box.setFocus()
    desk.type("new")
    QTest.keyClick(desk.panel_editor("备注").box, KEY.Key_Return, CONTROL)
    desk.settle()
    assert desk.column("名称")[0] == "福建海峡"
    assert desk.column("备注")[0] == "new"
    desk.page.undo()
    desk.settle()
    assert (desk.column("名称")[0], desk.column("备注")[0]) == ("福建海峡", "")
    assert desk.panel_editor("备注").value() is None
    desk.page.undo()
    desk.settle()
    assert desk.page.panel.title.text() == "福州海峡"


def test_a_refused_value_stays_with_the_reason_under_its_field(desk):
    opened(desk)
    fill(desk, "名称", "厦门港务")
    desk.settle()
    assert desk.panel_error("名称")
    assert desk.panel_editor("名称").value() == "厦门港务"
    assert desk.page.unsaved
    assert desk.column("名称")[0] == "福州海峡"
    fill(desk, "名称", "莆田")
    desk.settle()
    assert desk.panel_error("名称") == ""
    assert not desk.page.unsaved
    assert desk.column("名称")[0] == "莆田"


def test_what_cannot_be_read_is_not_saved_and_not_lost(orders):
    opened(orders)
    fill(orders, "数量", "many")
    orders.settle()
    assert "is not a number" in orders.panel_error("数量")
    orders.page.beside.show_record(orders.row(1))
    assert orders.page.panel.row.id == orders.row(0).id
    assert orders.panel_editor("数量").line.text() == "many"
    assert orders.messages() == ["The record beside is not saved yet."]


def test_a_computed_field_follows_and_cannot_be_changed(orders):
    opened(orders)
    assert orders.panel_editor("金额").line.isReadOnly()
    fill(orders, "数量", "10")
    orders.settle()
    assert orders.panel_editor("金额").line.text() == "¥94.50"
    marks = [each.toolTip() for each in orders.page.panel.findChildren(QLabel) if each.text() == "fx"]
    assert marks == ["Computed by a formula"]


def test_the_panel_follows_the_grid_and_its_arrows_move_the_grid(desk):
    opened(desk)
    desk.grid.setFocus()
    desk.key(KEY.Key_Down)
    assert desk.page.panel.title.text() == "厦门港务"
    desk.page.panel.after.click()
    assert desk.page.panel.title.text() == "泉州茶业"
    assert desk.grid.currentIndex().row() == 2
    QTest.keyClick(desk.page.panel, KEY.Key_Up, ALT)
    assert desk.page.panel.title.text() == "厦门港务"
    desk.settle()


def test_a_change_by_others_is_shown_where_nothing_was_typed(desk, office):
    opened(desk)
    row = desk.row(0).id
    desk.panel_editor("名称").line.setFocus()
    desk.type("x")
    office.set("客户", row, {"备注": "from elsewhere", "等级": "低"})
    desk.settle()
    assert desk.panel_editor("备注").value() == "from elsewhere"
    assert "x" in desk.panel_editor("名称").line.text()
    assert not desk.page.panel.banner.isVisible()


def test_input_is_not_reloaded_when_the_same_field_changed_meanwhile(desk, office):
    opened(desk)
    row = desk.row(0).id
    line = desk.panel_editor("名称").line
    line.setFocus()
    line.selectAll()
    desk.type("mine")
    office.set("客户", row, {"名称": "theirs"})
    desk.settle()
    assert line.text() == "mine"
    assert desk.page.panel.banner.isVisible()
    press(desk.page.panel, "Compare")
    assert desk.panel_error("名称") == "Meanwhile: theirs"
    press(desk.page.panel, "Reload")
    desk.settle()
    assert line.text() == "theirs"
    assert not desk.page.panel.banner.isVisible()
    assert not desk.page.unsaved


def test_keeping_ones_own_input_overwrites_knowingly(desk, office):
    opened(desk)
    line = desk.panel_editor("名称").line
    line.setFocus()
    line.selectAll()
    desk.type("mine")
    office.set("客户", desk.row(0).id, {"名称": "theirs"})
    desk.settle()
    QTest.keyClick(line, KEY.Key_Return)
    desk.settle()
    assert desk.column("名称")[0] == "mine"
    assert not desk.page.panel.banner.isVisible()


def test_a_record_that_was_deleted_elsewhere_closes_its_panel(desk, office):
    opened(desk, 2)
    office.delete("客户", desk.row(2).id)
    desk.settle()
    assert not desk.page.panel.isVisible()


def test_a_new_record_is_made_with_ctrl_n_and_ctrl_s(desk):
    desk.grid.setFocus()
    desk.key(KEY.Key_N, CONTROL)
    assert desk.page.panel.drafting
    assert desk.panel_editor("名称").line.hasFocus()
    desk.type("漳州水仙")
    assert desk.page.unsaved
    desk.key(KEY.Key_S, CONTROL)
    desk.settle()
    assert desk.column("名称")[3] == "漳州水仙"
    assert not desk.page.panel.drafting
    assert desk.page.panel.title.text() == "漳州水仙"
    assert desk.grid.currentIndex().row() == 3
    assert desk.messages() == ["Record added"]
    desk.said[0].actions[0].run()
    desk.settle()
    assert len(desk.column("名称")) == 3


def test_a_new_record_without_its_required_field_says_so_there(desk):
    desk.page.new_record()
    desk.key(KEY.Key_Return, CONTROL)
    desk.settle()
    assert desk.page.panel.drafting
    assert desk.panel_error("名称")
    assert desk.model.listed == 3


def test_a_check_that_fails_is_said_at_its_field_and_corrected_there(orders):
    orders.page.new_record()
    fill(orders, "编号", "A-9")
    fill(orders, "重量", "-1")
    orders.page.save()
    orders.settle()
    assert orders.panel_error("重量") == "重量不能为负。"
    fill(orders, "重量", "1")
    orders.page.save()
    orders.settle()
    assert orders.column("重量")[4] == "1.000"


def test_a_new_record_is_not_thrown_away_by_a_click_in_the_grid(desk):
    desk.page.new_record()
    desk.type("half")
    desk.at(1, "名称")
    assert desk.page.panel.drafting
    assert desk.panel_editor("名称").line.text() == "half"
    desk.key(KEY.Key_Space)
    assert desk.page.panel.drafting
    press(desk.page.panel, "Cancel")
    assert not desk.page.panel.isVisible()
    assert not desk.page.unsaved


def test_a_relation_is_searched_in_the_background_and_can_be_opened(orders):
    opened(orders, 1)
    editor = orders.panel_editor("客户")
    assert editor.button.shown == "厦门港务"
    editor.unfold("泉")
    orders.qtbot.waitUntil(lambda: editor.list._model.rowCount() == 1)
    QTest.keyClick(editor.list.search, KEY.Key_Return)
    orders.settle()
    assert orders.column("客户")[1] == "泉州茶业"
    asked = []
    orders.page.record_opened.connect(lambda *what: asked.append(what))
    button_called(orders.page.panel, "Open this record").click()
    assert asked == [(orders.office.form("客户").id, editor.value())]


def test_what_points_to_a_record_is_counted_and_opens(desk):
    opened(desk, 0)
    (related,) = desk.page.panel.related.shown
    assert (related.form.name, related.count) == ("订单", 2)
    assert [title for _, title in related.first] == ["A-0", "A-2"]
    asked = []
    desk.page.record_opened.connect(lambda *what: asked.append(what))
    press(desk.page.panel, "A-2")
    assert asked == [(related.form.id, related.first[1][0])]


def test_a_long_list_of_related_records_is_opened_as_a_filter(desk, office):
    for at in range(8):
        office.new("订单", {"编号": f"B-{at}", "客户": desk.row(2).id})
    opened(desk, 2)
    asked = []
    desk.page.list_opened.connect(lambda *what: asked.append(what))
    press(desk.page.panel, "Show 8 records")
    ((form, filter),) = asked
    from runtime.dates import local_zone
    from runtime.filters import formula

    where = formula(office.form("订单"), filter, local_zone())
    assert office.session.reader.count(office.session.query(form, where)) == 8


def test_two_records_of_one_name_do_not_share_their_related_records(tmp_path, qtbot, jobs):
    with office_with_records(tmp_path / "twins") as office:
        office.new("订单", {"编号": "A-0"})
        with a_desk(qtbot, office, jobs) as desk:
            opened(desk, 1)
            assert desk.page.panel.related.shown[0].count == 1


def test_history_tells_who_when_and_from_what_to_what(orders, office):
    row = orders.row(0)
    other = office.read("订单", orders.row(1).id)["客户"]
    office.set("订单", row.id, {"数量": 4, "单价": Decimal("11.00")})
    office.set("订单", row.id, {"客户": other})
    opened(orders)
    orders.page.panel.segments._buttons["history"].click()
    orders.settle()
    told = orders.page.panel.history.told
    assert told[:2] == ["You", "客户: 福州海峡 → 厦门港务"]
    assert set(told[3:5]) == {"数量: 3 → 4", "单价: ¥10.50 → ¥11.00"}
    assert told[-1] == "You created the record"


def test_history_goes_on_while_it_is_open(desk, office):
    opened(desk)
    desk.page.panel.segments._buttons["history"].click()
    desk.settle()
    office.set("客户", desk.row(0).id, {"备注": "x"})
    desk.settle()
    assert desk.page.panel.history.told[:2] == ["You", "备注: (empty) → x"]


def test_a_record_is_deleted_from_its_panel_with_undo(desk):
    opened(desk, 1)
    button_called(desk.page.panel, "Delete this record").click()
    desk.settle()
    assert desk.column("名称") == ["福州海峡", "泉州茶业"]
    assert not desk.page.panel.isVisible()
    desk.said[0].actions[0].run()
    desk.settle()
    assert desk.column("名称") == ["福州海峡", "厦门港务", "泉州茶业"]
