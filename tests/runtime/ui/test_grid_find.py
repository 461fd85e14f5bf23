"""Find and replace in the grid, and one field of many records changed."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from resources.icons import GLYPHS
from runtime.changes import BulkChange, ChangeKind, new_uuid
from runtime.exchange.editing.cell_writes import BadCell
from runtime.exchange.editing.changing import Operation
from runtime.ui.bulk_edit import BulkPanel
from runtime.ui.editors import Editor
from runtime.ui.find_bar import FindBar
from tests.runtime.ui.record_desk import CONTROL, Desk, a_desk
from tests.support.apps import an_app
from tests.support.workspaces import Office

KEY = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier


def bar(desk: Desk) -> FindBar:
    return desk.view.work.bar


def look_for(desk: Desk, text: str, replace: bool = False) -> FindBar:
    desk.at(0, desk.model.fields[0].name).key(KEY.Key_H if replace else KEY.Key_F, CONTROL)
    found = bar(desk)
    found.text.setText(text)
    QTest.keyClick(found.text, KEY.Key_Return) if text else None
    desk.settle()
    return found


def test_control_f_finds_and_f3_goes_on_and_back(desk):
    found = look_for(desk, "港|茶")
    assert found.isVisible()
    assert found.count.text() == "Nothing found"
    found.pattern.setChecked(True)
    desk.settle()
    assert found.count.text() == "1 of 2"
    assert desk.grid.currentIndex() == desk.index(1, "名称")
    desk.grid.setFocus()
    desk.key(KEY.Key_F3)
    assert desk.grid.currentIndex() == desk.index(2, "名称")
    desk.key(KEY.Key_F3)
    assert desk.grid.currentIndex() == desk.index(1, "名称"), "round and round"
    desk.key(KEY.Key_F3, SHIFT)
    assert desk.grid.currentIndex() == desk.index(2, "名称")
    assert found.count.text() == "2 of 2"


def test_what_cannot_be_searched_says_why(desk):
    found = look_for(desk, "(a")
    found.pattern.setChecked(True)
    desk.settle()
    assert "closing bracket" in found.count.text()
    assert found.text.property("wrong") is True


def test_escape_closes_the_bar_and_the_keyboard_is_in_the_grid(desk):
    found = look_for(desk, "")
    QTest.keyClick(found.text, KEY.Key_Escape)
    assert not found.isVisible()
    assert desk.grid.hasFocus()


def test_every_record_is_searched_not_only_those_on_the_screen(tmp_path, qtbot, jobs):
    build = an_app()
    form = build.form("长")
    name = build.field(form, "text", "名")
    office = Office(tmp_path, build.app)
    ids = [new_uuid() for _ in range(7_000)]
    texts = [f"n{at}" for at in range(7_000)]
    office.session.save([BulkChange(ChangeKind.NEW, form, ids, {name: texts})], "fill")
    with a_desk(qtbot, office, jobs, "长") as desk:
        found = look_for(desk, "n6789")
        assert found.count.text() == "1 of 1"
        assert desk.grid.currentIndex().row() == 6789
    office.session.close()


def test_replacing_one_goes_on_to_the_next(orders):
    found = look_for(orders, "A-", replace=True)
    assert found.new.isVisible()
    assert found.all.text() == "Replace all (4)"
    found.new.setText("B-")
    QTest.mouseClick(found.one, Qt.MouseButton.LeftButton)
    orders.settle()
    assert orders.column("编号") == ["B-0", "A-1", "A-2", "A-3"]
    assert orders.grid.currentIndex() == orders.index(1, "编号")


def test_replacing_all_is_one_step(orders):
    found = look_for(orders, r"A-(\d)", replace=True)
    found.pattern.setChecked(True)
    orders.settle()
    found.new.setText("$1号")
    QTest.mouseClick(found.all, Qt.MouseButton.LeftButton)
    orders.settle()
    assert orders.column("编号") == ["0号", "1号", "2号", "3号"]
    assert orders.messages() == ["Replaced in 4 cells"]
    orders.grid.setFocus()
    orders.key(KEY.Key_Z, CONTROL)
    orders.settle()
    assert orders.column("编号") == ["A-0", "A-1", "A-2", "A-3"]


def test_tab_goes_from_what_is_looked_for_to_what_stands_in_its_place(orders):
    found = look_for(orders, "A-", replace=True)
    found.text.setFocus()
    for following in (found.new, found.one, found.all, found.before):
        QTest.keyClick(orders.view.window().focusWidget(), KEY.Key_Tab)
        assert following.hasFocus(), following.accessibleName()


def test_after_replacing_all_the_keyboard_is_in_the_line_for_the_next_search(orders):
    found = look_for(orders, "A-", replace=True)
    found.new.setText("B-")
    found.all.setFocus()
    found.all.click()
    orders.qtbot.waitUntil(found.text.hasFocus)
    assert not found.all.isEnabled()


def test_what_is_no_value_after_replacing_is_listed(desk):
    found = look_for(desk, "中", replace=True)
    found.whole.setChecked(True)
    desk.settle()
    found.new.setText("中上")
    QTest.mouseClick(found.all, Qt.MouseButton.LeftButton)
    desk.settle()
    panel = desk.view.work.bad
    assert panel.isVisible()
    assert panel.cells.index(0, 2).data() == "中上"
    desk.view.work.writing.drop()


def test_places_in_relations_and_computed_cells_are_found_but_not_replaced(orders):
    found = look_for(orders, "福州", replace=True)
    assert found.count.text().endswith("2")
    assert not found.all.isEnabled()


def test_the_count_follows_what_changes(orders, office):
    found = look_for(orders, "A-")
    office.new("订单", {"编号": "A-9"})
    orders.settle()
    orders.qtbot.waitUntil(lambda: found.count.text().endswith("5"))


# Changing many


def open_bulk(desk: Desk) -> BulkPanel:
    desk.key(KEY.Key_E, CONTROL | SHIFT)
    panel = desk.view.work.bulk.panel
    assert panel is not None
    return panel


def test_a_field_of_all_chosen_records_is_set_by_its_own_editor(orders):
    orders.at(0, "数量")
    for _ in range(2):
        orders.key(KEY.Key_Down, SHIFT)
    panel = open_bulk(orders)
    assert panel.field.name == "数量"
    assert panel.apply.text() == "Change 3 records"
    assert isinstance(panel.value, Editor)
    panel.value.begin("8")
    QTest.mouseClick(panel.apply, Qt.MouseButton.LeftButton)
    orders.settle()
    assert orders.column("数量") == ["8", "8", "8", ""]
    assert orders.messages() == ["“数量” of 3 records changed"]
    orders.said[-1].actions[0].run()
    orders.settle()
    assert orders.column("数量") == ["3", "1", "7", ""]


def test_ten_percent_more(orders):
    orders.at(0, "单价")
    orders.key(KEY.Key_Down, SHIFT)
    panel = open_bulk(orders)
    panel._show(Operation.PERCENT)
    assert isinstance(panel.value, QLineEdit)
    panel.value.setText("10")
    QTest.keyClick(panel.value, KEY.Key_Return)
    orders.settle()
    assert orders.column("单价")[:2] == ["¥11.55", "¥108.90"]


def test_what_cannot_be_read_is_said_and_nothing_happens(orders):
    before = orders.office.commits()
    orders.at(0, "数量")
    panel = open_bulk(orders)
    assert isinstance(panel.value, Editor)
    panel.value.begin("many")
    QTest.mouseClick(panel.apply, Qt.MouseButton.LeftButton)
    assert panel.isVisible()
    assert "is not a number" in panel.wrong.text()
    panel.close()
    orders.settle()
    assert orders.office.commits() == before


def test_another_field_brings_its_own_editor_and_can_be_emptied(desk):
    desk.at(0, "等级")
    desk.key(KEY.Key_Down, SHIFT)
    panel = open_bulk(desk)
    panel.fields._picked(desk.page.form.called("备注").id)
    panel._show(Operation.EMPTY)
    assert panel.value is None
    QTest.mouseClick(panel.apply, Qt.MouseButton.LeftButton)
    desk.settle()
    assert desk.column("备注") == ["", "", ""]
    assert desk.column("等级") == ["高", "中", ""]


def test_the_menu_of_the_records_offers_it(desk):
    desk.at(0, "等级")
    said = [words for words, *_ in desk.view.work.menu()]
    assert "Change many records …" in said
    assert "Paste" in said


def listed(orders: Desk) -> list[BadCell]:
    """What the list of bad cells holds."""
    writes = orders.view.work.writing._writes
    return [] if writes is None else writes.bad


def three_chosen(orders: Desk) -> None:
    """The first three orders: 3, 1, 7."""
    orders.at(0, "数量")
    for _ in range(2):
        orders.key(KEY.Key_Down, SHIFT)


def test_what_is_chosen_stays_with_its_records_when_one_of_them_goes(orders, office):
    three_chosen(orders)
    current = orders.view.grid.current_row()
    assert current is not None
    office.delete("订单", current.id)
    orders.settle()
    orders.qtbot.waitUntil(lambda: orders.model.listed == 3)
    orders.settle()
    spans = orders.view.work.tools.spans()
    chosen = [orders.model.record(position) for first, last in spans for position in range(first, last + 1)]
    assert [row.n for row in chosen if row is not None] == [2, 3], "the first of them went"


def test_many_are_changed_as_they_were_chosen_although_the_rows_moved(orders, office):
    three_chosen(orders)
    panel = open_bulk(orders)
    office.delete("订单", orders.model.record(1).id)
    orders.qtbot.waitUntil(lambda: orders.model.listed == 3)
    orders.settle()
    orders.view.work.tools.grid.selectAll()
    assert isinstance(panel.value, Editor)
    panel.value.begin("8")
    QTest.mouseClick(panel.apply, Qt.MouseButton.LeftButton)
    orders.settle()
    assert [str(bad.reason) for bad in listed(orders)] == [
        "This record is in the bin. Restore it before you change it."
    ]
    orders.view.work.bad.went_on.emit()
    orders.settle()
    assert orders.column("数量") == ["8", "8", ""]


def test_every_icon_of_the_menu_is_known(orders):
    assert [name for _words, name, *_rest in orders.view.work.menu() if name and name not in GLYPHS] == []


def test_what_was_found_is_looked_for_again_when_columns_are_moved_or_hidden(orders):
    found = look_for(orders, "A-", replace=True)
    found.new.setText("B-")
    assert found.all.text() == "Replace all (4)"
    number = orders.page.form.called("编号")
    order = [each.id for each in orders.model.fields if each is not number]
    orders.page.state.put(orders.page.state.spec.with_order(orders.page.form, [*order, number.id]))
    assert not len(orders.view.work.find.hits), "what was found stood in other columns"
    orders.qtbot.waitUntil(lambda: found.all.text() == "Replace all (4)")
    found.all.click()
    orders.settle()
    assert orders.column("编号") == ["B-0", "B-1", "B-2", "B-3"]
    found.text.setText("B-")
    QTest.keyClick(found.text, KEY.Key_Return)
    orders.qtbot.waitUntil(lambda: found.all.text() == "Replace all (4)")
    orders.view.look.hide(number.id)
    orders.qtbot.waitUntil(lambda: found.count.text() == "Nothing found")
    found.all.click()
    orders.settle()
    assert [orders.office.read("订单", orders.row(at).id)["编号"] for at in range(4)] == ["B-0", "B-1", "B-2", "B-3"]
