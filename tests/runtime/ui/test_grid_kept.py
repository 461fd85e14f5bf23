"""What is chosen stays chosen when columns are moved, hidden, shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from runtime.ui.jobs import Jobs
from tests.runtime.ui.record_desk import CONTROL, LEFT, GridDesk, a_grid
from tests.support.workspaces import Office

KEY = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def desk(qtbot: Any, office: Office, jobs: Jobs) -> Iterator[GridDesk]:
    with a_grid(qtbot, office, jobs) as made:
        yield made


def chosen(desk: GridDesk) -> set[tuple[int, str]]:
    """(row, column) of each chosen cell."""
    names = desk.names()
    return {
        (row, names[column])
        for part in desk.grid.parts()
        for row in range(part.top(), part.bottom() + 1)
        for column in range(part.left(), part.right() + 1)
    }


def test_cells_stay_chosen_when_their_column_is_dragged_away(desk: GridDesk) -> None:
    desk.grid.go_to(1, desk.column("数量"))
    QTest.keyClick(desk.grid, KEY.Key_Down, SHIFT)
    QTest.keyClick(desk.grid, KEY.Key_Right, SHIFT)
    before, current = chosen(desk), desk.grid.currentIndex()
    field = desk.names()[current.column()]
    assert len(before) == 4
    desk.drag(desk.head("数量"), desk.head("编号", 0.1) - QPoint(5, 0))
    assert desk.names()[0] == "数量"
    assert chosen(desk) == before
    now = desk.grid.currentIndex()
    assert (now.row(), desk.names()[now.column()]) == (current.row(), field)


def test_chosen_records_stay_chosen_as_a_whole_when_columns_are_moved_and_hidden(desk: GridDesk) -> None:
    desk.grid.go_to(0, 0)
    QTest.mouseClick(desk.grid.numbers.viewport(), LEFT, pos=QPoint(10, desk.grid.rowViewportPosition(1) + 5))
    QTest.mouseClick(desk.grid.numbers.viewport(), LEFT, SHIFT, QPoint(10, desk.grid.rowViewportPosition(2) + 5))
    assert desk.view.chosen() == 2
    desk.drag(desk.head("日期"), desk.head("编号", 0.1) - QPoint(5, 0))
    assert {row for row, _ in chosen(desk)} == {1, 2} and len(chosen(desk)) == 2 * len(desk.names())
    desk.column_menu("日期", "Hide this column")
    assert {row for row, _ in chosen(desk)} == {1, 2} and len(chosen(desk)) == 2 * len(desk.names())


def test_the_cell_whose_column_is_hidden_gives_the_ring_to_its_neighbour(desk: GridDesk) -> None:
    desk.grid.go_to(1, desk.column("数量"))
    after = desk.names()[desk.column("数量") + 1]
    desk.column_menu("数量", "Hide this column")
    assert chosen(desk) == {(1, after)}


def test_of_several_cells_the_ring_goes_to_one_that_is_still_chosen(desk: GridDesk) -> None:
    price = desk.model.index(2, desk.column("单价"))
    desk.grid.go_to(0, desk.column("数量"))
    QTest.mouseClick(desk.grid.viewport(), LEFT, CONTROL, desk.grid.visualRect(price).center())
    desk.column_menu("单价", "Hide this column")
    assert chosen(desk) == {(0, "数量")}
    now = desk.grid.currentIndex()
    assert (now.row(), desk.names()[now.column()]) == (0, "数量"), "what is typed goes where it is chosen"


def test_cells_of_a_column_that_is_shown_again_are_not_chosen_with_those_beside_them(desk: GridDesk) -> None:
    for name in desk.names()[2:]:
        desk.column_menu(name, "Hide this column")
    first, second = desk.names()
    desk.grid.go_to(1, 0)
    desk.column_menu(second, "Hide this column")
    assert chosen(desk) == {(1, first)}, "all that is shown of the record"
    desk.look(columns=())
    assert chosen(desk) == {(1, first)}
