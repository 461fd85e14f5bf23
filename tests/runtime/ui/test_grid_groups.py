"""Groups in a grid, by mouse and keyboard: rows that are no records, folded and opened, ranges that go over them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest

from resources.styles.tokens import SIZES
from runtime.ui.group_painter import arrow_box
from runtime.ui.jobs import Jobs
from runtime.ui.theme import colours
from tests.runtime.ui.record_desk import CONTROL, LEFT, GridDesk, a_grid
from tests.support.workspaces import Office

KEY = Qt.Key


@pytest.fixture
def desk(qtbot: Any, office: Office, jobs: Jobs) -> Iterator[GridDesk]:
    with a_grid(qtbot, office, jobs) as made:
        yield made


def test_records_stand_in_groups_with_their_counts(desk):
    desk.group("客户")
    assert desk.lines("编号") == ["# 福州海峡 2", "A-0", "A-2", "# 厦门港务 1", "A-1", "# None 1", "A-3"]


def test_groups_of_several_levels_stand_inside_each_other(desk):
    desk.group("客户", "数量")
    assert desk.lines("编号")[:7] == ["# 福州海峡 2", "## 3 1", "A-0", "## 7 1", "A-2", "# 厦门港务 1", "## 1 1"]


def test_left_folds_a_group_and_right_opens_it(desk):
    desk.group("客户")
    desk.grid.setCurrentIndex(desk.model.index(3, 0))
    QTest.keyClick(desk.grid, KEY.Key_Left)
    assert desk.lines("编号") == ["# 福州海峡 2", "A-0", "A-2", "# 厦门港务 1", "# None 1", "A-3"]
    assert desk.grid.currentIndex().row() == 3
    QTest.keyClick(desk.grid, KEY.Key_Right)
    assert len(desk.lines("编号")) == 7
    QTest.keyClick(desk.grid, KEY.Key_Left, CONTROL)
    assert desk.lines("编号") == ["# 福州海峡 2", "# 厦门港务 1", "# None 1"]
    assert desk.grid.currentIndex().row() == 1, "the group stays the current one"
    QTest.keyClick(desk.grid, KEY.Key_Right, CONTROL)
    assert len(desk.lines("编号")) == 7


def test_control_with_arrows_goes_along_the_row_of_a_group_and_to_the_end_of_the_records_of_a_group(desk):
    desk.group("客户")
    desk.grid.go_to(0, 0)
    moves, last = desk.grid.keys.moves, desk.model.columnCount() - 1
    assert moves.edge(0, 1) == (0, last)
    QTest.keyClick(desk.grid, KEY.Key_Right, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    assert (moves.at, moves.end) == ((0, 0), (0, last))
    desk.grid.go_to(1, desk.column("数量"))
    QTest.keyClick(desk.grid, KEY.Key_Down, CONTROL)
    desk.qtbot.waitUntil(lambda: moves.at[0] == 2)
    desk.settle()


def test_a_click_with_shift_on_the_row_of_a_group_goes_on_with_the_range(desk):
    desk.group("客户")
    desk.grid.go_to(1, 1)
    where = desk.grid.visualRect(desk.model.index(3, 2)).center()
    QTest.mouseClick(desk.grid.viewport(), LEFT, Qt.KeyboardModifier.ShiftModifier, where)
    parts = desk.grid.parts()
    assert [(part.top(), part.left(), part.bottom(), part.right()) for part in parts] == [(1, 1, 3, 2)]


def test_a_range_of_cells_that_goes_over_the_row_of_a_group_does_not_colour_it(desk):
    desk.group("客户")
    place = desk.grid.visualRect(desk.model.index(3, 0))
    point = QPoint(desk.grid.viewport().width() - 4, place.center().y())
    colour_of = lambda: desk.grid.viewport().grab().toImage().pixelColor(point).name().upper()  # noqa: E731
    desk.grid.keys.moves.choose((1, 1), (4, 2), (1, 1))
    assert colour_of() == colours().canvas
    desk.grid.go_to(3, 0)
    assert colour_of() == colours().selection


def test_a_click_on_the_arrow_folds(desk):
    desk.group("客户")
    line = QRect(0, 0, 100, SIZES.row)
    QTest.mouseClick(desk.grid.viewport(), LEFT, pos=arrow_box(line, 0).center())
    assert desk.lines("编号")[:2] == ["# 福州海峡 2", "# 厦门港务 1"]


def test_a_folded_group_stays_folded_when_records_change(desk):
    desk.group("客户")
    desk.model.fold(("厦门港务",), True)
    desk.office.new("订单", {"编号": "A-9"})
    desk.view.refresh()
    desk.settle()
    assert desk.lines("编号") == ["# 福州海峡 2", "A-0", "A-2", "# 厦门港务 1", "# None 2", "A-3", "A-9"]


def test_what_is_searched_is_seen_in_folded_groups_too_and_they_are_folded_again_afterwards(desk):
    desk.group("客户")
    desk.model.fold_all(True)
    desk.settle()
    folded = desk.lines("编号")
    desk.view.ask("", (), "A-2")
    desk.settle()
    assert desk.lines("编号") == ["# 福州海峡 1", "A-2"]
    desk.view.ask("", ())
    desk.settle()
    assert desk.lines("编号") == folded == ["# 福州海峡 2", "# 厦门港务 1", "# None 1"]
    assert len(desk.spec.folded) == 3


def test_rows_of_groups_are_no_records(desk):
    desk.group("客户")
    assert desk.model.record(0) is None and desk.model.group(0) is not None
    assert desk.model.records_in([(0, 6)]) == 4
    desk.grid.selectAll()
    assert desk.view.chosen() == 4
    desk.grid.setCurrentIndex(desk.model.index(0, 0))
    desk.grid.edit_cell(desk.grid.currentIndex())
    assert not desk.grid.editing.active
    desk.view.step(1)
    assert desk.grid.current_row() is not None


def test_a_record_in_a_folded_group_is_revealed(desk):
    desk.group("客户")
    row = desk.model.record(1)
    assert row is not None
    desk.model.fold_all(True)
    desk.view.reveal(row)
    desk.settle()
    assert desk.grid.current_row() is not None and desk.grid.current_row().id == row.id


def test_dates_are_grouped_by_month_first_and_by_other_spans_by_the_menu(desk):
    desk.column_menu("日期", "Group by this field", "By month")
    february = desk.model.group(0)
    assert february is not None and (february.path, february.count) == (("2024-02",), 3)
    desk.column_menu("日期", "Group by this field", "By day")
    assert desk.specs[-1].groups[0].unit == "day"
    desk.column_menu("日期", "Do not group by this field")
    assert not desk.model.grouped and not desk.specs[-1].groups


def test_a_group_reads_its_value_count_and_state_to_a_screen_reader(desk):
    desk.group("客户")
    said = desk.model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == "客户: 福州海峡, 2 records, open"
