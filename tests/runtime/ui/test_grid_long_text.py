"""Long texts in cells of the grid, typed as in a spreadsheet."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

KEY = Qt.Key


def test_enter_leaves_a_long_text_downwards_and_alt_enter_begins_a_line(desk):
    desk.at(0, "备注").type("erste")
    desk.key(KEY.Key_Return, Qt.KeyboardModifier.AltModifier)
    desk.type("zweite")
    desk.key(KEY.Key_Return)
    desk.settle()
    assert desk.grid.editing.editor is None and desk.grid.currentIndex() == desk.index(1, "备注")
    field = desk.page.form.called("备注").id
    desk.qtbot.waitUntil(lambda: desk.row(0).values.get(field) == "erste\nzweite")
    desk.type("x")
    desk.key(KEY.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    desk.settle()
    assert desk.grid.currentIndex() == desk.index(0, "备注"), "up, as in Excel"


def test_enter_in_a_long_text_of_the_panel_is_a_new_line(desk):
    desk.at(0, "名称")
    editor = desk.panel_editor("备注")
    editor.box.setPlainText("a")
    editor.begin()
    QTest.keyClick(editor.box, KEY.Key_Return)
    assert editor.box.toPlainText() == "a\n"
    QTest.keyClick(editor.box, KEY.Key_Escape)


def test_a_long_text_in_the_last_row_that_is_seen_is_edited_inside_the_grid(desk):
    view = desk.grid.viewport()
    desk.window.resize(1200, 600 - view.height() + desk.grid.visualRect(desk.index(2, "备注")).bottom() + 4)
    desk.settle()
    desk.at(2, "备注").key(KEY.Key_F2)
    editor, place = desk.grid.editing.editor, desk.grid.visualRect(desk.index(2, "备注"))
    assert editor is not None and view.height() < place.top() + editor.height(), "no room below"
    assert view.rect().contains(editor.geometry()) and editor.height() > place.height()
    assert editor.geometry().bottom() >= place.bottom(), "over its cell"
    desk.key(KEY.Key_Escape)
