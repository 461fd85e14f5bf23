"""Find and replace where several cells are chosen: only these, as a spreadsheet does it."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from runtime.exchange.editing.pasting import Area
from runtime.store.query import Sort
from runtime.ui.find_bar import FindBar
from runtime.ui.grid_range import ChosenRange
from runtime.work import Progress
from tests.runtime.ui.record_desk import CONTROL, Desk, a_desk
from tests.support.apps import an_app
from tests.support.workspaces import Office

KEY = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier


def choose(desk: Desk, first: int, last: int, field: str) -> None:
    """Choose a range in one column with the keys."""
    desk.at(first, field)
    for _ in range(last - first):
        desk.key(KEY.Key_Down, SHIFT)


def open_with(desk: Desk, text: str, new: str | None = None) -> FindBar:
    desk.key(KEY.Key_F if new is None else KEY.Key_H, CONTROL)
    found = desk.view.work.bar
    found.new.setText(new or "")
    found.text.setText(text)
    QTest.keyClick(found.text, KEY.Key_Return)
    desk.settle()
    return found


def test_replace_all_changes_only_what_was_chosen_and_undo_takes_it_back(orders):
    before = orders.column("编号")
    choose(orders, 1, 2, "编号")
    found = open_with(orders, "A-", "B-")
    assert found.selection.isVisible() and found.selection.isChecked()
    assert found.all.text() == "Replace all (2)"
    found.all.click()
    orders.settle()
    orders.qtbot.waitUntil(lambda: orders.column("编号") == ["A-0", "B-1", "B-2", "A-3"])
    orders.grid.setFocus()
    orders.key(KEY.Key_Z, CONTROL)
    orders.settle()
    orders.qtbot.waitUntil(lambda: orders.column("编号") == before)


def test_find_goes_round_inside_of_what_was_chosen_until_the_person_wants_all(orders):
    choose(orders, 1, 2, "编号")
    found = open_with(orders, "A-")
    places = []
    for _ in range(3):
        places.append(orders.grid.currentIndex().row())
        QTest.keyClick(found.text, KEY.Key_Return)
    assert places in ([2, 1, 2], [1, 2, 1])
    QTest.mouseClick(found.selection, Qt.MouseButton.LeftButton)
    orders.settle()
    assert found.count.text().endswith("of 4")


def test_of_one_cell_everything_is_searched_and_nothing_is_offered(orders):
    orders.at(1, "编号")
    found = open_with(orders, "A-")
    assert found.selection.isHidden() and found.count.text().endswith("of 4")


def test_a_bar_that_is_opened_again_takes_what_is_chosen_then(orders):
    choose(orders, 1, 2, "编号")
    found = open_with(orders, "A-")
    orders.grid.setFocus()
    orders.key(KEY.Key_H, CONTROL)
    orders.settle()
    assert found.selection.isChecked(), "one cell is what was found last"
    choose(orders, 0, 2, "编号")
    orders.key(KEY.Key_H, CONTROL)
    orders.settle()
    assert found.all.text() == "Replace all (3)"
    found.close_button.click()
    orders.at(0, "编号")
    orders.key(KEY.Key_H, CONTROL)
    orders.settle()
    assert found.selection.isHidden() and found.all.text() == "Replace all (4)"


def test_the_range_stays_with_its_records_when_they_are_sorted(orders):
    choose(orders, 0, 1, "编号")
    found = open_with(orders, "A-", "B-")
    orders.page.set_sort([Sort(orders.page.form.called("编号").id, descending=True)])
    orders.settle()
    orders.qtbot.waitUntil(lambda: found.all.text() == "Replace all (2)")
    found.all.click()
    orders.settle()
    orders.qtbot.waitUntil(lambda: sorted(orders.column("编号")) == ["A-2", "A-3", "B-0", "B-1"])


def test_ranges_of_several_columns_and_all_records_are_only_their_columns(tmp_path, qtbot, jobs):
    build = an_app()
    form = build.form("表")
    for name in ("一", "二", "三"):
        build.field(form, "text", name)
    office = Office(tmp_path, build.app)
    for at in range(4):
        office.new("表", {"一": f"x{at}", "二": f"x{at}", "三": f"x{at}"})
    with a_desk(qtbot, office, jobs, "表") as desk:
        desk.at(2, "二").key(KEY.Key_Right, SHIFT)
        desk.key(KEY.Key_Space, CONTROL)
        found = open_with(desk, "x", "y")
        assert found.all.text() == "Replace all (8)"
        found.all.click()
        desk.settle()
        desk.qtbot.waitUntil(lambda: desk.column("三") == ["y0", "y1", "y2", "y3"])
        assert desk.column("一") == ["x0", "x1", "x2", "x3"] and desk.column("二") == desk.column("三")
    office.session.close()


def test_nothing_outside_of_what_was_chosen_is_replaced_while_it_is_still_searched(orders):
    choose(orders, 1, 2, "编号")
    found = open_with(orders, "A-", "B-")
    QTest.mouseClick(found.selection, Qt.MouseButton.LeftButton)
    orders.settle()
    assert found.all.text() == "Replace all (4)"
    found.selection.setChecked(True)
    found.all.click()
    orders.settle()
    assert not set(orders.column("编号")) & {"B-0", "B-3"}


def test_what_was_chosen_under_a_filter_is_not_more_without_it(orders):
    orders.page.set_filter('{编号} <> "A-3"')
    orders.settle()
    choose(orders, 0, 2, "编号")
    found = open_with(orders, "A-", "B-")
    assert found.all.text() == "Replace all (3)"
    orders.page.set_filter("")
    orders.settle()
    orders.qtbot.waitUntil(lambda: orders.model.listed == 4 and found.all.text().endswith(")"), timeout=3000)
    assert found.all.text() == "Replace all (3)"
    found.all.click()
    orders.settle()
    orders.qtbot.waitUntil(lambda: sorted(orders.column("编号")) == ["A-3", "B-0", "B-1", "B-2"])


def test_records_that_are_read_while_the_list_becomes_another_are_read_anew(orders):
    choose(orders, 0, 3, "编号")
    chosen = ChosenRange(orders.view.work.tools)
    asked = Progress()
    chosen.still(replace(orders.model.query, search="A-1"))
    read = chosen._ids

    def reading(area: Area, progress: Progress) -> set[UUID]:
        found = read(area, progress)
        chosen._whole = [True]  # what another thread looked at before
        return found

    chosen._ids = reading  # type: ignore[method-assign]
    chosen._read(asked)
    ((whole, _records),) = chosen._read(asked)
    assert whole
    chosen.still(replace(orders.model.query, search="A-2"))
    ((whole, records),) = chosen._read(asked)
    assert (whole, len(records)) == (False, 4)
