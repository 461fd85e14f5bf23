"""What lies over the lower edge of a grid for a moment covers neither its last row nor the cell with the ring."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest

from resources.styles.tokens import SIZES
from runtime.ui.grid_table import SPARE
from runtime.ui.jobs import Jobs
from runtime.ui.kit.toast import Toast
from tests.runtime.ui.record_desk import CONTROL, LEFT, GridDesk, a_grid
from tests.support.workspaces import Office

KEY = Qt.Key


@pytest.fixture
def desk(qtbot: Any, office: Office, jobs: Jobs) -> Iterator[GridDesk]:
    for at in range(30):
        office.new("订单", {"编号": f"B-{at}", "数量": at})
    with a_grid(qtbot, office, jobs) as made:
        yield made


def place(desk: GridDesk) -> QRect:
    """Where the current cell is in the window."""
    view = desk.grid.viewport()
    rect = desk.grid.visualRect(desk.grid.currentIndex())
    return QRect(view.mapTo(desk.window, rect.topLeft()), rect.size())


def test_the_last_row_stands_above_the_lower_edge(desk: GridDesk) -> None:
    grid, last = desk.grid, desk.model.listed - 1
    QTest.keyClick(grid, KEY.Key_End, CONTROL)
    assert grid.currentIndex().row() == last
    assert grid.visualRect(grid.currentIndex()).bottom() < grid.viewport().height() - SPARE + 1
    QTest.keyClick(grid, KEY.Key_Down)
    assert grid.currentIndex().row() == desk.model.entry == last + 1
    assert grid.verticalScrollBar().value() == grid.verticalScrollBar().maximum()
    for _ in range(last + 1):
        QTest.keyClick(grid, KEY.Key_Up)
    assert grid.currentIndex().row() == 0 and grid.verticalScrollBar().value() == 0
    for _ in range(last - 3):
        QTest.keyClick(grid, KEY.Key_Down)
        assert grid.visualRect(grid.currentIndex()).bottom() < grid.viewport().height() - SPARE + 1


def test_the_range_of_the_bar_follows_the_rows_and_the_window(desk: GridDesk) -> None:
    grid, bar = desk.grid, desk.grid.verticalScrollBar()

    def wanted() -> int:
        return max(0, desk.model.rowCount() * grid.row_height + SPARE - grid.viewport().height())

    assert bar.maximum() == wanted() > 0
    QTest.keyClick(grid, KEY.Key_End, CONTROL)
    desk.look(row_height="tall")
    assert bar.maximum() == wanted()
    desk.window.resize(900, 5000)
    QTest.qWait(0)
    assert bar.maximum() == wanted() == 0 and not bar.isVisible()
    desk.window.resize(900, 300)
    QTest.qWait(0)
    assert bar.maximum() == wanted() > 0 and bar.isVisible()
    assert grid.verticalHeader().offset() == bar.value()


def test_a_click_on_a_row_at_the_lower_edge_does_not_move_it_away_from_the_mouse(desk: GridDesk) -> None:
    grid = desk.grid
    row = grid.rowAt(grid.viewport().height() - SPARE // 2)
    bar, at = grid.verticalScrollBar(), grid.visualRect(desk.model.index(row, 0))
    bar.setValue(bar.value() + at.bottom() - grid.viewport().height() + 1)
    before = bar.value()
    QTest.mouseClick(grid.viewport(), LEFT, pos=grid.visualRect(desk.model.index(row, 0)).center())
    assert grid.currentIndex().row() == row and bar.value() == before


@pytest.mark.parametrize("part", [0.0, 0.5, 0.8])
def test_a_toast_is_beside_the_cell_with_the_ring(desk: GridDesk, part: float) -> None:
    grid, toast = desk.grid, Toast(desk.window)
    low = grid.viewport().mapFrom(desk.window, QPoint(0, desk.window.height() - SIZES.status - SIZES.l - SIZES.xl)).y()
    point = QPoint(int((grid.viewport().width() - 4) * part) + 2, low)
    QTest.mouseClick(grid.viewport(), LEFT, pos=point)
    assert grid.hasFocus() and grid.currentIndex().isValid()
    toast.say("Saved", ("Undo", lambda: None))
    assert not toast.geometry().intersects(place(desk))
    assert desk.window.rect().contains(toast.geometry())
    toast.forget()
