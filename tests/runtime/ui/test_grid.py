"""The grid, by keyboard and mouse, on a real workspace."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from runtime.store.query import Sort
from runtime.ui.cell_painter import expander, tick_box
from runtime.ui.kit.picker import PickList
from tests.runtime.ui.record_desk import CONTROL, a_desk
from tests.support.workspaces import Office

KEY = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier


def test_the_name_of_the_record_comes_first_and_values_read_as_people_write_them(orders):
    assert orders.model.fields[0].name == "编号"
    assert orders.column("客户") == ["福州海峡", "厦门港务", "福州海峡", ""]
    assert orders.column("金额") == ["¥28.35", "¥99.00", "¥0.53", "¥0.00"]
    assert orders.column("日期")[:3] == ["27 Feb 2024", "28 Feb 2024", "29 Feb 2024"]


def test_typing_replaces_a_value_and_enter_saves_it_and_moves_down(desk):
    desk.at(0, "名称").type("福建海峡")
    desk.key(KEY.Key_Return)
    assert desk.grid.currentIndex().row() == 1
    assert desk.column("名称")[0] == "福建海峡", "shown before the store has answered"
    desk.settle()
    assert desk.office.read("客户", desk.row(0).id)["名称"] == "福建海峡"
    assert not desk.model.drafts


def test_f2_edits_what_is_there_and_escape_leaves_it(desk):
    desk.at(1, "名称").key(KEY.Key_F2)
    assert desk.editor().text() == "厦门港务"
    desk.type("x")
    desk.key(KEY.Key_Escape)
    assert not desk.grid.editing.active
    desk.settle()
    assert desk.column("名称")[1] == "厦门港务"
    assert desk.grid.hasFocus()


def test_tab_commits_and_goes_right_and_at_the_end_to_the_next_line(desk):
    desk.at(0, "名称").type("一")
    desk.key(KEY.Key_Tab)
    assert desk.grid.currentIndex() == desk.model.index(0, 1)
    desk.grid.setCurrentIndex(desk.model.index(0, len(desk.model.fields) - 1))
    desk.key(KEY.Key_Tab)
    assert desk.grid.currentIndex() == desk.model.index(1, 0)
    desk.key(KEY.Key_Backtab, SHIFT)
    assert desk.grid.currentIndex() == desk.model.index(0, len(desk.model.fields) - 1)
    desk.settle()
    assert desk.column("名称")[0] == "一"


def test_what_cannot_be_read_stays_in_the_cell_with_the_reason(orders):
    orders.at(0, "日期").type("31/31/2020")
    orders.key(KEY.Key_Return)
    assert orders.grid.editing.active
    assert orders.editor().text() == "31/31/2020"
    assert "is not a date" in orders.grid.editing.said
    assert orders.editor().property("wrong") is True
    for _ in range(2):
        orders.key(KEY.Key_Backspace)
    orders.editor().setText("")
    orders.type("2020-12-31")
    orders.key(KEY.Key_Return)
    assert not orders.grid.editing.active
    orders.settle()
    assert orders.office.read("订单", orders.row(0).id)["日期"] == date(2020, 12, 31)


def test_clicking_elsewhere_does_not_throw_away_what_cannot_be_read(orders):
    orders.at(0, "数量").type("many")
    place = orders.grid.visualRect(orders.index(2, "编号")).center()
    QTest.mouseClick(orders.grid.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert orders.grid.editing.active
    assert orders.editor().text() == "many"
    assert orders.page.unsaved
    orders.key(KEY.Key_Escape)


def test_a_value_that_the_store_refuses_comes_back_with_its_reason_and_nothing_is_lost(desk):
    desk.at(1, "名称").type("福州海峡")
    desk.key(KEY.Key_Return)
    desk.at(1, "名称")
    desk.settle()
    assert desk.grid.editing.active, "the cell is opened again"
    assert desk.editor().text() == "福州海峡"
    assert desk.grid.editing.said
    assert desk.office.read("客户", desk.row(1).id)["名称"] == "厦门港务"
    desk.key(KEY.Key_Escape)
    assert desk.column("名称")[1] == "厦门港务"
    assert not desk.model.drafts


def test_a_refused_value_waits_in_its_cell_while_the_person_is_elsewhere(desk):
    desk.at(1, "名称").type("福州海峡")
    desk.key(KEY.Key_Return)
    desk.settle()
    assert not desk.grid.editing.active
    assert desk.column("名称")[1] == "福州海峡"
    field = desk.model.fields[0]
    draft = desk.model.draft(desk.row(1), field)
    assert draft is not None and draft.problems
    assert desk.grid.painter.words(desk.model, desk.index(1, "名称"), 500) == str(draft.problems[0].message)
    assert desk.page.unsaved
    desk.at(1, "名称").key(KEY.Key_Escape)
    assert desk.column("名称")[1] == "厦门港务"


def test_delete_empties_the_cell_and_undo_brings_it_back(desk):
    desk.at(0, "等级").key(KEY.Key_Delete)
    desk.settle()
    assert desk.column("等级")[0] == ""
    desk.key(KEY.Key_Z, CONTROL)
    desk.settle()
    assert desk.column("等级")[0] == "高"
    desk.key(KEY.Key_Y, CONTROL)
    desk.settle()
    assert desk.column("等级")[0] == ""


def test_a_rectangle_of_cells_is_emptied_as_one_step(desk):
    desk.at(0, "等级")
    for _ in range(2):
        desk.key(KEY.Key_Down, SHIFT)
    desk.key(KEY.Key_Right, SHIFT)
    desk.key(KEY.Key_Delete)
    desk.settle()
    assert desk.column("等级") == ["", "", ""]
    assert desk.column("备注") == ["", "", ""]
    desk.office.session.undo()
    desk.settle()
    assert desk.column("等级") == ["高", "中", ""]


def test_emptying_a_required_field_is_refused_and_says_why(desk):
    desk.at(0, "名称")
    desk.key(KEY.Key_Down, SHIFT)
    desk.key(KEY.Key_Delete)
    desk.settle()
    assert desk.column("名称") == ["福州海峡", "厦门港务", "泉州茶业"]
    assert desk.messages()


def test_records_are_deleted_without_a_question_and_undo_is_in_the_notice(desk):
    desk.at(0, "名称")
    desk.key(KEY.Key_Down, SHIFT)
    desk.key(KEY.Key_Delete, CONTROL)
    desk.settle()
    assert desk.column("名称") == ["泉州茶业"]
    assert desk.messages() == ["2 records deleted"]
    desk.said[0].actions[0].run()
    desk.settle()
    assert desk.column("名称") == ["福州海峡", "厦门港务", "泉州茶业"]


def test_the_undo_of_a_notice_does_not_take_back_something_else(desk):
    desk.at(2, "名称").key(KEY.Key_Delete, CONTROL)
    desk.settle()
    desk.office.set("客户", desk.row(0).id, {"备注": "later"})
    desk.settle()
    desk.said[0].actions[0].run()
    desk.settle()
    assert desk.column("备注")[0] == "later"
    assert len(desk.column("名称")) == 2


def test_copying_gives_lines_that_a_spreadsheet_reads(desk):
    desk.at(0, "名称")
    desk.key(KEY.Key_Down, SHIFT)
    desk.key(KEY.Key_Right, SHIFT)
    desk.key(KEY.Key_Right, SHIFT)
    desk.key(KEY.Key_C, CONTROL)
    desk.settle()
    assert QGuiApplication.clipboard().text() == '福州海峡\t高\t\n厦门港务\t中\t"first line\nsecond line"'


def test_a_choice_is_picked_from_the_list_of_its_options(desk):
    desk.at(2, "等级").key(KEY.Key_F2)
    opened = desk.grid.editing.editor.list
    assert isinstance(opened, PickList)
    opened.search.setText("低")
    desk.qtbot.waitUntil(lambda: opened._model.rowCount() == 1)
    QTest.keyClick(opened.search, KEY.Key_Return)
    desk.settle()
    assert desk.column("等级")[2] == "低"
    assert not desk.grid.editing.active


def test_a_relation_is_found_by_typing(orders):
    orders.at(3, "客户").key(KEY.Key_F2)
    opened = orders.grid.editing.editor.list
    opened.search.setText("泉州")
    orders.qtbot.waitUntil(lambda: opened._model.rowCount() == 1)
    QTest.keyClick(opened.search, KEY.Key_Return)
    assert orders.column("客户")[3] == "泉州茶业"
    orders.settle()
    assert orders.column("客户")[3] == "泉州茶业"


def test_space_and_a_click_toggle_a_tick(desk):
    desk.at(1, "重点").key(KEY.Key_Space)
    desk.settle()
    assert desk.office.read("客户", desk.row(1).id)["重点"] is True
    place = tick_box(desk.grid.visualRect(desk.index(1, "重点"))).center()
    QTest.mouseClick(desk.grid.viewport(), Qt.MouseButton.LeftButton, pos=place)
    desk.settle()
    assert desk.office.read("客户", desk.row(1).id)["重点"] is False


def test_a_computed_cell_is_not_edited(orders):
    orders.at(0, "金额").key(KEY.Key_F2)
    orders.type("5")
    assert not orders.grid.editing.active


def test_a_failed_formula_shows_its_code_and_says_what_is_wrong(tmp_path, qtbot, jobs):
    from tests.support.apps import an_app

    build = an_app()
    form = build.form("比率")
    build.field(form, "text", "名")
    build.field(form, "integer", "分母")
    build.field(form, "decimal", "率", formula="1/{分母}")
    office = Office(tmp_path, build.app)
    office.new("比率", {"名": "a", "分母": 0})
    with a_desk(qtbot, office, jobs, "比率") as desk:
        assert desk.column("率") == ["#DIV/0!"]
        assert "divides by zero" in desk.grid.painter.words(desk.model, desk.index(0, "率"), 500)
    office.session.close()


def test_a_click_on_a_name_sorts_up_then_down_then_not(desk):
    header = desk.grid.titles
    middle = QPoint(header.sectionViewportPosition(0) + 30, header.height() // 2)
    field = desk.model.fields[0].id
    seen = []
    for _ in range(3):
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=middle)
        desk.settle()
        seen.append(desk.page.sorts)
    assert seen == [(Sort(field),), (Sort(field, descending=True),), ()]


def test_sorting_shows_the_records_in_order(orders):
    field = orders.page.form.called("数量")
    orders.page.set_sort([Sort(field.id, descending=True)])
    orders.settle()
    assert orders.column("数量") == ["7", "3", "1", ""]
    assert orders.grid.titles.sorts == (Sort(field.id, descending=True),)


def test_the_current_record_and_the_selection_stay_with_their_records(desk, office):
    desk.at(1, "名称")
    desk.key(KEY.Key_Down, SHIFT)
    before = desk.row(1).id
    office.delete("客户", desk.row(0).id)
    desk.settle()
    assert desk.current() is not None
    assert desk.row(desk.grid.selected_rows()[0]).id == before
    assert desk.grid.selected_rows() == [0, 1]


def test_what_is_seen_does_not_move_when_records_above_go_away(tmp_path, qtbot, jobs):
    office = Office(tmp_path)
    rows = [office.new("客户", {"名称": f"c{at:03}"}) for at in range(120)]
    with a_desk(qtbot, office, jobs) as desk:
        desk.grid.go_to(110, 0)
        desk.settle()
        top = desk.index(desk.grid.rowAt(0), "名称").data()
        current = desk.current()
        for row in rows[:10]:
            office.delete("客户", row)
        desk.settle()
        assert desk.index(desk.grid.rowAt(0), "名称").data() == top
        assert desk.current() == current
        assert desk.grid.currentIndex().row() == 100
    office.session.close()


def test_an_editor_stays_with_its_record_when_the_list_changes_under_it(desk, office):
    desk.at(2, "名称").type("茶")
    office.delete("客户", desk.row(0).id)
    desk.settle()
    assert desk.grid.editing.active
    assert desk.editor().text() == "茶"
    place = desk.grid.visualRect(desk.index(1, "名称"))
    editor = desk.grid.editing.editor
    assert editor.geometry().topLeft() == place.topLeft()
    desk.key(KEY.Key_Return)
    desk.settle()
    assert desk.column("名称") == ["厦门港务", "茶"]


def test_the_button_at_a_name_opens_the_record(desk):
    place = desk.grid.visualRect(desk.index(1, "名称"))
    QTest.mouseMove(desk.grid.viewport(), place.center())
    desk.qtbot.waitUntil(lambda: desk.grid.painter.hovered == 1)
    QTest.mouseClick(desk.grid.viewport(), Qt.MouseButton.LeftButton, pos=expander(place).center())
    desk.settle()
    assert desk.page.panel.isVisible()
    assert desk.page.panel.row is not None and desk.page.panel.row.id == desk.row(1).id


def test_columns_get_the_width_of_what_they_hold(orders):
    widths = {field.name: orders.grid.columnWidth(at) for at, field in enumerate(orders.model.fields)}
    for at, field in enumerate(orders.model.fields):
        for row in range(orders.model.listed):
            assert orders.grid.painter.width(orders.model, row, at) <= widths[field.name] + 2
    assert max(widths.values()) <= 320


def test_a_width_that_a_person_gave_stays(orders):
    orders.grid.titles.resizeSection(2, 222)
    orders.grid.titles.resized_field.emit(orders.model.fields[2].id, 222)
    orders.view.look.hide(orders.model.fields[1].id)
    orders.settle()
    assert orders.grid.columnWidth(1) == 222


def test_every_part_has_a_name_for_screen_readers(desk):
    for part in desk.window.findChildren(QWidget):
        if part.focusPolicy() & Qt.FocusPolicy.TabFocus and part.isVisibleTo(desk.window):
            spoken = part.accessibleName() or getattr(part, "text", lambda: "")()
            assert spoken, part


def test_a_click_on_a_title_sorts_and_chooses_nothing_that_delete_would_empty(desk):
    desk.grid.clearSelection()
    desk.grid.setCurrentIndex(desk.grid.rootIndex())
    before = desk.column("名称")
    header = desk.grid.horizontalHeader()
    middle = QPoint(header.sectionViewportPosition(0) + header.sectionSize(0) // 2, 15)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    desk.settle()
    assert desk.grid.selectionModel().selectedIndexes() == []
    desk.key(KEY.Key_Delete)
    desk.settle()
    assert sorted(desk.column("名称")) == sorted(before)


@pytest.mark.parametrize("name", ["名称", "等级"])
def test_an_editor_fills_its_cell_from_top_to_bottom(desk, name):
    desk.at(1, name).key(KEY.Key_F2)
    editor = desk.grid.editing.editor
    assert editor is not None
    place = desk.grid.visualRect(desk.index(1, name))
    assert (editor.y(), editor.height()) == (place.y(), place.height())
    assert (editor.control().y(), editor.control().height()) == (0, place.height())
    desk.grid.editing.cancel()
