"""New records that are pasted below the last one, some of their cells bad."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from tests.runtime.ui.record_desk import CONTROL, Desk

KEY = Qt.Key


def paste_below(desk: Desk, text: str) -> None:
    """Paste into the empty row below the last record, as one goes there with keys."""
    mime = QMimeData()
    mime.setText(text)
    QGuiApplication.clipboard().setMimeData(mime)
    desk.at(0, desk.model.fields[0].name)
    desk.key(KEY.Key_End, CONTROL)
    desk.key(KEY.Key_Down)
    desk.key(KEY.Key_Home)
    desk.key(KEY.Key_V, CONTROL)
    desk.settle()


def many_rows(desk: Desk) -> str:
    """Thirty customers; every third has a level that is none."""
    columns = [field.name for field in desk.model.fields]
    texts = [{"名称": f"P{at:03}", "等级": "没有" if at % 3 == 0 else "高"} for at in range(30)]
    return "\n".join("\t".join(row.get(name, "") for name in columns) for row in texts)


def test_records_that_are_pasted_without_bad_cells_stand_in_the_order_of_the_rows(desk):
    before = desk.column("名称")
    paste_below(desk, many_rows(desk))
    panel = desk.view.work.bad
    assert panel.cells.rowCount() == 10
    QTest.mouseClick(panel.go_on, Qt.MouseButton.LeftButton)
    desk.settle()
    desk.qtbot.waitUntil(lambda: desk.model.listed == 33)
    desk.qtbot.waitUntil(lambda: desk.column("名称") == [*before, *(f"P{at:03}" for at in range(30))])
    desk.key(KEY.Key_Z, CONTROL)
    desk.settle()
    desk.qtbot.waitUntil(lambda: desk.column("名称") == before)


def test_a_bad_cell_of_a_new_record_says_which_row_it_is_and_the_buttons_stay_where_they_are(desk):
    paste_below(desk, "\n".join(f"P{at}\t{'没有' if at in {1, 4} else '高'}" for at in range(6)))
    panel = desk.view.work.bad
    said = [panel.cells.index(row, 0).data() for row in range(panel.cells.rowCount())]
    assert said == ["New record, row 2 of what was pasted", "New record, row 5 of what was pasted"]
    head = panel.list.horizontalHeader()
    assert panel.list.columnWidth(0) >= panel.fontMetrics().horizontalAdvance(said[0]) and head.isVisible()
    place, high = panel.go_on.mapTo(desk.window, panel.go_on.rect().topRight()), panel.height()
    for _at in range(2):
        panel.corrected.emit(panel.cells.bad(0), "低")
        desk.settle()
        assert panel.isVisible() and panel.height() == high
        assert panel.go_on.mapTo(desk.window, panel.go_on.rect().topRight()) == place
    QTest.mouseClick(panel.go_on, Qt.MouseButton.LeftButton)
    desk.settle()
    desk.qtbot.waitUntil(lambda: desk.column("等级")[-6:] == ["高", "低", "高", "高", "低", "高"])
    assert panel.isHidden()
    paste_below(desk, "Q\t没有")
    assert panel.height() < high, "another list has the height that it needs"
    panel.cancel.click()
