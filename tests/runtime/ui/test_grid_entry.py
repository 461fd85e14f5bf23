"""The empty row below the records: people go there, type and paste, as they do in a spreadsheet."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from runtime.permission.scope import Scope
from runtime.store.query import Group, Sort
from tests.runtime.ui.record_desk import CONTROL, Desk, a_desk, a_grid
from tests.support.apps import an_app
from tests.support.workspaces import Office

KEY = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier


def put(text: str) -> None:
    mime = QMimeData()
    mime.setText(text)
    QGuiApplication.clipboard().setMimeData(mime)


def below(desk: Desk, field: str = "名称") -> Desk:
    """Go with the keys to the row below the last record."""
    desk.at(0, field)
    desk.key(KEY.Key_Down, CONTROL)
    while desk.current() is not None:
        desk.key(KEY.Key_Down)
    assert desk.grid.currentIndex().row() == desk.model.entry == desk.model.listed
    return desk


def test_rows_pasted_below_the_last_record_are_added_and_nothing_is_overwritten(desk):
    before = desk.column("名称")
    put("甲\t低\n乙\t高\n")
    below(desk).key(KEY.Key_V, CONTROL)
    desk.settle()
    assert desk.column("名称") == [*before, "甲", "乙"]
    assert desk.messages()[-1] == "2 records added"
    put("丙")
    below(desk).key(KEY.Key_V, CONTROL)
    desk.settle()
    assert desk.column("名称") == [*before, "甲", "乙", "丙"]
    desk.key(KEY.Key_Z, CONTROL)
    desk.settle()
    desk.key(KEY.Key_Z, CONTROL)
    desk.settle()
    desk.qtbot.waitUntil(lambda: desk.column("名称") == before)


def test_what_is_typed_in_the_empty_row_is_a_record_when_the_row_is_left_and_one_step_of_undo(desk):
    before = desk.column("名称")
    below(desk).type("新客户")
    desk.key(KEY.Key_Tab)
    assert desk.model.listed == 3, "the row is not left yet"
    desk.at(desk.model.entry, "备注").type("neu")
    desk.key(KEY.Key_Tab)
    desk.key(KEY.Key_Return)
    desk.settle()
    desk.qtbot.waitUntil(lambda: desk.column("名称") == [*before, "新客户"])
    assert desk.index(3, "备注").data() == "neu"
    desk.key(KEY.Key_Z, CONTROL)
    desk.settle()
    desk.qtbot.waitUntil(lambda: desk.column("名称") == before)


def test_records_are_typed_one_below_the_other_as_fast_as_the_keys_go(desk):
    before = desk.column("名称")
    below(desk)
    for name in ("一", "二", "三", "四"):
        desk.type(name)
        desk.key(KEY.Key_Return)
    desk.settle()
    desk.qtbot.waitUntil(lambda: desk.column("名称") == [*before, "一", "二", "三", "四"])
    assert desk.grid.currentIndex().row() == desk.model.entry == 7, "the person stays in the empty row"
    assert desk.grid.painter.current == (7, desk.index(0, "名称").column())


def test_an_editor_that_is_open_in_the_empty_row_goes_down_with_it(desk):
    below(desk).type("一")
    desk.office.new("客户", {"名称": "von anderswo"})
    desk.view.refresh()
    desk.settle()
    desk.key(KEY.Key_Return)
    desk.settle()
    desk.qtbot.waitUntil(lambda: desk.column("名称")[3:] == ["von anderswo", "一"])


def test_going_to_another_row_or_another_part_of_the_window_makes_the_record_too(desk):
    below(desk).type("一")
    desk.key(KEY.Key_Up)
    desk.settle()
    desk.qtbot.waitUntil(lambda: desk.column("名称")[3:] == ["一"])
    assert desk.grid.currentIndex().row() == 2
    below(desk).type("二")
    desk.page.open_search()
    desk.settle()
    desk.qtbot.waitUntil(lambda: desk.column("名称")[3:] == ["一", "二"])


def test_escape_and_undo_empty_the_row_and_no_more(desk):
    desk.office.new("客户", {"名称": "vorher"})
    desk.view.refresh()
    desk.settle()
    for key, modifiers in ((KEY.Key_Escape, Qt.KeyboardModifier.NoModifier), (KEY.Key_Z, CONTROL)):
        below(desk).type("一")
        desk.key(KEY.Key_Tab)
        assert desk.page.unsaved
        desk.key(key, modifiers)
        assert not desk.page.unsaved and not desk.model.begun
        desk.key(KEY.Key_Return)
        desk.settle()
        assert desk.model.listed == 4


def test_a_field_that_is_required_is_asked_for_in_the_list_and_nothing_typed_is_lost(tmp_path, qtbot, jobs):
    build = an_app()
    form = build.form("人")
    build.field(form, "text", "名", required=True)
    build.field(form, "integer", "岁")
    office = Office(tmp_path, build.app)
    office.new("人", {"名": "甲"})
    with a_desk(qtbot, office, jobs, "人") as desk:
        below(desk, "岁").type("7")
        desk.key(KEY.Key_Return)
        desk.settle()
        panel = desk.view.work.bad
        assert panel.isVisible()
        assert [panel.cells.index(0, column).data() for column in range(2)] == ["New record", "名"]
        QTest.keyClick(panel, KEY.Key_Escape)
        assert [draft.value for draft in desk.model.begun.values()] == [7], "it stands in the row again"
        desk.at(desk.model.entry, "名").type("乙")
        desk.key(KEY.Key_Return)
        desk.settle()
        desk.qtbot.waitUntil(lambda: desk.column("名") == ["甲", "乙"])
        assert desk.column("岁") == ["", "7"]
    office.session.close()


def test_input_methods_ticks_and_values_from_above_work_in_the_empty_row(desk):
    below(desk)
    event = QInputMethodEvent("", [])
    event.setCommitString("拼音")
    QApplication.sendEvent(desk.grid, event)
    desk.key(KEY.Key_Tab)
    desk.at(desk.model.entry, "重点").key(KEY.Key_Space)
    desk.at(desk.model.entry, "等级").key(KEY.Key_Apostrophe, CONTROL)
    desk.at(desk.model.entry, "备注").type("weg")
    desk.key(KEY.Key_Tab)
    desk.at(desk.model.entry, "备注").key(KEY.Key_Delete)
    desk.key(KEY.Key_Return)
    desk.settle()
    desk.qtbot.waitUntil(lambda: desk.column("名称")[3:] == ["拼音"])
    record = desk.row(3)
    assert record.values[desk.page.form.called("重点").id] is True
    assert desk.page.form.called("备注").id not in record.values


def test_the_empty_row_is_counted_chosen_copied_filled_and_found_nowhere(desk):
    assert desk.model.rowCount() == 4 and desk.model.listed == 3
    assert desk.page.toolbar.count.text() == "3 records"
    desk.at(1, "名称").key(KEY.Key_A, CONTROL)
    assert desk.view.chosen() == 3
    assert [(part.top(), part.bottom()) for part in desk.grid.parts()] == [(0, 2)]
    below(desk)
    assert desk.view.chosen() == 0
    QGuiApplication.clipboard().setText("davor")
    for key in (KEY.Key_C, KEY.Key_D, KEY.Key_R, KEY.Key_X):
        desk.key(key, CONTROL)
    desk.key(KEY.Key_Delete, CONTROL)
    desk.settle()
    assert QGuiApplication.clipboard().text() == "davor" and desk.model.listed == 3
    assert desk.view.work.fill.handle.isHidden()
    desk.at(0, "名称").key(KEY.Key_End, CONTROL)
    assert desk.grid.currentIndex().row() == 2
    desk.key(KEY.Key_Down, SHIFT)
    assert [(part.top(), part.bottom()) for part in desk.grid.parts()] == [(2, 2)]
    desk.at(0, "名称").key(KEY.Key_Space, CONTROL)
    assert [(part.top(), part.bottom()) for part in desk.grid.parts()] == [(0, 2)]


def test_control_with_arrows_goes_over_the_empty_row(desk):
    below(desk).key(KEY.Key_Up, CONTROL)
    desk.settle()
    assert desk.grid.currentIndex().row() == 2
    desk.key(KEY.Key_Down, CONTROL)
    desk.settle()
    assert desk.grid.currentIndex().row() == 2


def test_the_last_cell_of_the_empty_row_leads_to_the_first_of_the_next_one(desk):
    last = next(field.name for field in reversed(desk.model.fields) if field.editable)
    below(desk).type("一")
    desk.key(KEY.Key_Tab)
    desk.at(desk.model.entry, last)
    while desk.grid.currentIndex().column():
        desk.key(KEY.Key_Tab)
    desk.settle()
    desk.qtbot.waitUntil(lambda: desk.column("名称")[3:] == ["一"])
    assert desk.grid.currentIndex().row() == desk.model.entry


@pytest.mark.parametrize("sorted_by", [False, True])
def test_a_record_that_does_not_fit_the_filter_is_said_and_a_sorted_one_stands_where_it_belongs(desk, sorted_by):
    if sorted_by:
        desk.page.set_sort([Sort(desk.page.form.called("名称").id, descending=True)])
    else:
        desk.page.set_filter('{名称} <> "阿"')
    desk.settle()
    below(desk).type("阿")
    desk.key(KEY.Key_Return)
    desk.settle()
    if sorted_by:
        desk.qtbot.waitUntil(lambda: "阿" in desk.column("名称"))
        assert desk.grid.currentIndex().row() == desk.model.entry
    else:
        said = "The new record does not fit the filter or the search."
        desk.qtbot.waitUntil(lambda: said in desk.messages())
        assert desk.model.listed == 3


def test_grouped_records_have_no_empty_row_and_what_was_typed_in_it_is_kept(qtbot, office, jobs):
    with a_grid(qtbot, office, jobs, "客户") as desk:
        assert desk.model.entry == 3
        desk.grid.go_to(3, desk.column("名称"))
        desk.view.work.entry.give(desk.field("名称"), "一", "")
        desk.look(groups=(Group(desk.field("等级").id),))
        desk.settle()
        assert desk.model.entry == -1
        qtbot.waitUntil(lambda: "一" in desk.lines("名称"))


def test_who_may_change_nothing_has_no_empty_row(qtbot, office, jobs):
    form = office.form("客户")
    office.session._scope = Scope(writable=((form.id, frozenset()),))
    with a_grid(qtbot, office, jobs, "客户") as desk:
        assert desk.model.entry == -1 and desk.model.rowCount() == 3


def test_a_form_without_records_shows_how_to_begin_and_no_empty_row(tmp_path: Any, qtbot: Any, jobs: Any) -> None:
    office = Office(tmp_path)
    with a_desk(qtbot, office, jobs) as desk:
        assert desk.model.rowCount() == 0
    office.session.close()
