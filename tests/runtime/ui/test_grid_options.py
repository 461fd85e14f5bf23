"""Cells that name options which their choices do not have: added from the list of bad cells, in the same step."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from runtime.changes import new_uuid
from runtime.exchange.editing.adding_options import want_option
from runtime.exchange.editing.cell_writes import CellWrites
from runtime.permission.scope import Scope
from runtime.ui.bad_cells import BadCellsPanel
from runtime.ui.editors.choice import ChoiceEditor, NewOption
from runtime.ui.kit.picker import PickList
from tests.runtime.ui.record_desk import CONTROL, Desk, a_desk
from tests.support.apps import an_app
from tests.support.workspaces import Office

KEY = Qt.Key


def paste(desk: Desk, text: str, row: int, field: str) -> BadCellsPanel:
    mime = QMimeData()
    mime.setText(text)
    QGuiApplication.clipboard().setMimeData(mime)
    desk.at(row, field).key(KEY.Key_V, CONTROL)
    desk.settle()
    return desk.view.work.bad


def options(desk: Desk, form: str, field: str) -> list[str]:
    """The options as they are published now."""
    found = desk.office.session.find_form(form).called(field)
    assert found is not None
    return [option.label for option in found.props.options]


def press(panel: BadCellsPanel) -> None:
    QTest.mouseClick(panel.add, Qt.MouseButton.LeftButton)


def test_an_option_is_added_with_the_paste_and_both_go_in_one_step_of_undo(desk):
    before, had = desk.column("等级"), options(desk, "客户", "等级")
    panel = paste(desk, "特高\n高\n特高", 0, "等级")
    assert panel.add.text() == "Add “特高” to the options of “等级”"
    press(panel)
    desk.settle()
    assert panel.isHidden()
    assert options(desk, "客户", "等级") == [*had, "特高"]
    desk.qtbot.waitUntil(lambda: desk.column("等级") == ["特高", "高", "特高"])
    desk.key(KEY.Key_Z, CONTROL)
    desk.settle()
    desk.qtbot.waitUntil(lambda: desk.column("等级") == before)
    assert options(desk, "客户", "等级") == had
    desk.key(KEY.Key_Y, CONTROL)
    desk.settle()
    desk.qtbot.waitUntil(lambda: desk.column("等级") == ["特高", "高", "特高"])
    assert options(desk, "客户", "等级") == [*had, "特高"]


def test_what_else_is_bad_stays_in_the_list_and_nothing_is_published_before(orders):
    session = orders.office.session
    versions = {app.id: app.version for app in session.apps.values()}
    panel = paste(orders, "viel", 0, "数量")
    assert panel.isVisible() and panel.add.isHidden(), "a number is no option"
    panel.cancel.click()
    assert {app.id: app.version for app in session.apps.values()} == versions


def test_options_of_several_fields_and_several_options_of_one_cell(tmp_path, qtbot, jobs):
    build = an_app()
    form = build.form("货")
    build.field(form, "text", "名")
    build.field(form, "choice", "色", options=[{"id": "oaaaaaaaaaa", "label": "红"}])
    build.field(form, "choices", "店", options=[{"id": "obbbbbbbbbb", "label": "东"}])
    build.field(form, "integer", "数")
    office = Office(tmp_path, build.app)
    office.new("货", {"名": "甲"})
    with a_desk(qtbot, office, jobs, "货") as desk:
        panel = paste(desk, "甲\t蓝\t东、西、南\tx\n乙\t绿\t西\t3\n丙\t红\t东\t4", 0, "名")
        assert panel.add.text() == "Add 4 options to 2 fields"
        press(panel)
        desk.settle()
        assert panel.isVisible() and panel.cells.rowCount() == 1, "the number is still bad"
        assert "4 options will be added." in panel.note.text()
        assert options(desk, "货", "色") == ["红"], "nothing is written yet"
        QTest.keyClick(panel.list, KEY.Key_Return, CONTROL)
        desk.settle()
        assert options(desk, "货", "色") == ["红", "蓝", "绿"]
        assert options(desk, "货", "店") == ["东", "西", "南"]
        desk.qtbot.waitUntil(lambda: desk.column("色") == ["蓝", "绿", "红"])
        assert [text.replace(", ", "、") for text in desk.column("店")] == ["东、西、南", "西", "东"]
        assert desk.column("数") == ["", "3", "4"]
        assert len(desk.office.session.unfinished) == 0
    office.session.close()


def test_an_option_that_somebody_added_meanwhile_is_taken_and_not_added_twice(desk):
    field, had = desk.page.form.called("等级"), options(desk, "客户", "等级")
    assert field is not None
    desk.view.work.add_option(desk.row(0), field, "特高")
    desk.view.work.add_option(desk.row(1), field, "特高")
    desk.settle()
    assert options(desk, "客户", "等级") == [*had, "特高"]
    desk.qtbot.waitUntil(lambda: desk.column("等级")[:2] == ["特高", "特高"])


def test_options_of_cells_that_are_left_out_are_not_added(desk):
    had = options(desk, "客户", "等级")
    panel = paste(desk, "甲\t特高", 0, "名称")
    QTest.keyClick(panel.list, KEY.Key_Return, CONTROL)
    desk.settle()
    desk.qtbot.waitUntil(lambda: desk.column("名称")[0] == "甲")
    assert options(desk, "客户", "等级") == had


def test_a_refusal_takes_the_new_options_back(tmp_path, qtbot, jobs):
    build = an_app()
    form = build.form("货")
    build.field(form, "text", "名", unique=True)
    build.field(form, "choice", "色", options=[{"id": "oaaaaaaaaaa", "label": "红"}])
    office = Office(tmp_path, build.app)
    office.new("货", {"名": "甲"})
    with a_desk(qtbot, office, jobs, "货") as desk:
        panel = paste(desk, "甲\t蓝", desk.model.entry, "名")
        press(panel)
        desk.settle()
        assert panel.isVisible(), "the name is taken"
        assert options(desk, "货", "色") == ["红"] and desk.model.listed == 1
        QTest.keyClick(panel, KEY.Key_Escape)
        assert office.session.undo_label is not None and "Paste" not in str(office.session.undo_label)
    office.session.close()


def test_who_may_not_change_the_form_is_told_whom_to_ask(qtbot: Any, office: Office, jobs: Any) -> None:
    session = office.session
    session._scope = Scope(masked=frozenset({"f0000000000"}))
    with a_desk(qtbot, office, jobs) as desk:
        panel = paste(desk, "特高", 0, "等级")
        assert panel.isVisible() and panel.add.isHidden()
        assert "ask the owner of the workspace" in panel.note.text()


@pytest.mark.parametrize("text", ["x" * 101, "  "])
def test_long_texts_and_blanks_are_no_options(desk, text):
    panel = paste(desk, text, 0, "等级")
    assert panel.isHidden() or panel.add.isHidden()


def type_option(desk: Desk, text: str) -> PickList:
    """Type into a choice cell; its list is open then."""
    desk.type(text[0])
    editor = desk.grid.editing.editor
    assert isinstance(editor, ChoiceEditor) and editor.list is not None
    editor.list.search.setText(text)
    return editor.list


def test_what_is_typed_into_a_choice_and_is_no_option_can_become_one(desk):
    before, had = desk.column("等级"), options(desk, "客户", "等级")
    desk.at(1, "等级")
    opened = type_option(desk, "特高")
    desk.qtbot.waitUntil(lambda: opened._model.rowCount() == 1)
    assert opened.list.currentIndex().row() == 0, "what Enter will do is highlighted"
    QTest.keyClick(opened.search, KEY.Key_Return)
    desk.settle()
    desk.qtbot.waitUntil(lambda: desk.column("等级") == [before[0], "特高", before[2]])
    assert options(desk, "客户", "等级") == [*had, "特高"]
    assert desk.messages()[-1] == "“特高” is an option of “等级” now"
    assert desk.grid.currentIndex().row() == 2, "Enter goes down, as after any option"
    desk.key(KEY.Key_Z, CONTROL)
    desk.settle()
    desk.qtbot.waitUntil(lambda: desk.column("等级") == before)
    assert options(desk, "客户", "等级") == had


def test_a_new_option_can_begin_a_new_record(desk):
    desk.at(0, "名称").key(KEY.Key_Down, CONTROL)
    desk.key(KEY.Key_Down)
    desk.type("新客户")
    desk.key(KEY.Key_Tab)
    desk.at(desk.model.entry, "等级")
    opened = type_option(desk, "特高")
    desk.qtbot.waitUntil(lambda: opened._model.rowCount() == 1)
    assert opened.list.currentIndex().row() == 0, "what Enter will do is highlighted"
    QTest.keyClick(opened.search, KEY.Key_Return)
    desk.settle()
    desk.qtbot.waitUntil(lambda: desk.column("名称")[3:] == ["新客户"] and desk.column("等级")[3:] == ["特高"])


def test_a_new_option_waits_in_the_empty_row_until_the_record_is_typed(desk):
    before, had = desk.column("名称"), options(desk, "客户", "等级")
    desk.at(desk.model.entry, "等级")
    opened = type_option(desk, "特高")
    desk.qtbot.waitUntil(lambda: opened._model.rowCount() == 1)
    opened.picked.emit(NewOption("特高"))
    opened.close()
    desk.settle()
    assert desk.model.listed == 3 and options(desk, "客户", "等级") == had, "the row is not left yet"
    assert desk.index(desk.model.entry, "等级").data() == "特高"
    desk.grid.grab()
    desk.at(desk.model.entry, "名称").type("新客户")
    desk.key(KEY.Key_Return)
    desk.settle()
    desk.qtbot.waitUntil(lambda: desk.column("名称") == [*before, "新客户"])
    assert desk.column("等级")[3:] == ["特高"]
    desk.key(KEY.Key_Z, CONTROL)
    desk.settle()
    desk.qtbot.waitUntil(lambda: desk.column("名称") == before)
    assert options(desk, "客户", "等级") == had


def test_an_option_that_is_there_is_not_offered_again_and_nobody_without_the_right_is_offered_one(desk):
    desk.at(1, "等级")
    opened = type_option(desk, "高")
    QTest.keyClick(opened.search, KEY.Key_Return)
    desk.settle()
    assert desk.column("等级")[1] == "高"
    desk.grid.editing._context = replace(desk.view.work.tools.editors, designs=False)
    desk.at(1, "等级")
    opened = type_option(desk, "特高")
    desk.qtbot.waitUntil(lambda: opened._model.rowCount() == 0)
    QTest.keyClick(opened.search, KEY.Key_Escape)


def test_a_new_option_that_is_one_by_now_is_taken(desk):
    form = desk.office.session.find_form("客户")
    level = form.called("等级")
    assert level is not None
    record, there = new_uuid(), level.props.options[0]
    writes = CellWrites(form, made={record: {}})
    want_option(writes, record, level, there.label)
    assert (writes.bad, writes.options) == ([], {})
    assert writes.made[record] == {level.id: there.id}


def test_tab_takes_the_offered_option_too_and_goes_on_to_the_right(desk):
    had = options(desk, "客户", "等级")
    desk.at(1, "等级")
    opened = type_option(desk, "特高")
    QTest.keyClick(opened.search, KEY.Key_Tab)
    desk.settle()
    desk.qtbot.waitUntil(lambda: desk.column("等级")[1] == "特高")
    assert options(desk, "客户", "等级") == [*had, "特高"]
    start = desk.index(1, "等级")
    assert (desk.grid.currentIndex().row(), desk.grid.currentIndex().column()) == (1, start.column() + 1)


def test_where_an_option_answers_enter_takes_that_and_not_the_offer(tmp_path, qtbot, jobs):
    build = an_app()
    form = build.form("货")
    build.field(form, "text", "名")
    build.field(form, "choice", "城", options=[{"id": "oaaaaaaaaaa", "label": "Paris Nord"}])
    office = Office(tmp_path, build.app)
    office.new("货", {"名": "甲"})
    with a_desk(qtbot, office, jobs, "货") as desk:
        desk.at(0, "城")
        opened = type_option(desk, "Paris")
        desk.qtbot.waitUntil(lambda: opened._model.rowCount() == 2)
        QTest.keyClick(opened.search, KEY.Key_Return)
        desk.settle()
        desk.qtbot.waitUntil(lambda: desk.column("城") == ["Paris Nord"])
        assert options(desk, "货", "城") == ["Paris Nord"]
    office.session.close()


@pytest.mark.parametrize("key", [KEY.Key_Return, KEY.Key_Tab])
def test_who_may_add_no_options_is_told_that_a_text_is_none(desk, key):
    before = desk.column("等级")
    desk.grid.editing._context = replace(desk.view.work.tools.editors, designs=False)
    desk.at(1, "等级")
    opened = type_option(desk, "特高")
    QTest.keyClick(opened.search, key)
    assert opened.isVisible() and opened._note.isVisible()
    assert opened._note.text() == "“特高” is not one of the options."
    assert opened.search.property("wrong") is True
    opened.search.setText("特")
    desk.qtbot.waitUntil(lambda: opened._note.text() == "Nothing found")
    assert not opened.search.property("wrong")
    QTest.keyClick(opened.search, key)
    assert opened._note.text() == "“特” is not one of the options."
    QTest.keyClick(opened.search, KEY.Key_Escape)
    desk.settle()
    assert desk.grid.editing.editor is None and desk.column("等级") == before
