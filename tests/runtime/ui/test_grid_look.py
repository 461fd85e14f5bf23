"""The look of a grid, by mouse and keyboard: columns, heights, groups, footers, colours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest

from resources.styles.tokens import SIZES
from runtime.filters import Condition, Filter, Operator
from runtime.store.query import UNITS, Group, Sort
from runtime.store.summaries import BY_NAME
from runtime.ui.grid_look import HEIGHTS
from runtime.ui.jobs import Jobs
from runtime.view import ColourRule, Column, ViewSpec, shown_fields
from tests.runtime.ui.record_desk import LEFT, GridDesk, a_grid
from tests.support.workspaces import Office

KEY = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def desk(qtbot: Any, office: Office, jobs: Jobs) -> Iterator[GridDesk]:
    with a_grid(qtbot, office, jobs) as made:
        yield made


@pytest.fixture
def narrow(qtbot: Any, office: Office, jobs: Jobs) -> Iterator[GridDesk]:
    """A window in which the columns do not fit."""
    with a_grid(qtbot, office, jobs, width=520) as made:
        yield made


# Frozen columns


def scroll(desk: GridDesk, value: int) -> None:
    """Scroll the columns."""
    desk.grid.horizontalScrollBar().setValue(value)
    assert desk.grid.horizontalScrollBar().value() == value


def test_the_first_column_stays_while_the_others_scroll_under_it(narrow):
    grid, first, second = narrow.grid, narrow.model.index(0, 0), narrow.model.index(0, 1)
    before = grid.visualRect(second).left()
    scroll(narrow, 60)
    assert grid.visualRect(first).left() == 0
    assert grid.visualRect(second).left() == before - 60
    edge = grid.frozen_width
    assert grid.indexAt(QPoint(edge - 2, 5)).column() == 0
    assert grid.indexAt(QPoint(edge + 2, 5)).column() == 1


def test_a_click_at_the_left_chooses_the_frozen_cell_and_not_the_one_under_it(narrow):
    scroll(narrow, 80)
    QTest.mouseClick(narrow.grid.viewport(), LEFT, pos=QPoint(10, SIZES.row + 5))
    assert (narrow.grid.currentIndex().row(), narrow.grid.currentIndex().column()) == (1, 0)


def test_going_to_a_cell_under_the_frozen_columns_brings_it_out(narrow):
    narrow.grid.setCurrentIndex(narrow.model.index(0, narrow.model.columnCount() - 1))
    assert narrow.grid.horizontalScrollBar().value() > 0
    for _ in range(narrow.model.columnCount() - 2):
        QTest.keyClick(narrow.grid, KEY.Key_Left)
    current = narrow.grid.currentIndex()
    assert current.column() == 1
    assert narrow.grid.visualRect(current).left() >= narrow.grid.frozen_width
    before = narrow.grid.horizontalScrollBar().value()
    QTest.keyClick(narrow.grid, KEY.Key_Left)
    assert narrow.grid.currentIndex().column() == 0
    assert narrow.grid.horizontalScrollBar().value() == before


def test_a_range_drawn_from_a_frozen_cell_is_the_range_that_is_seen(narrow):
    grid = narrow.grid
    scroll(narrow, 100)
    start, end = QPoint(10, 5), QPoint(grid.frozen_width + 30, 2 * SIZES.row + 5)
    reached = grid.indexAt(end).column()
    QTest.mousePress(grid.viewport(), LEFT, pos=start)
    for step in (0.5, 1.0):
        point = start + (end - start) * step
        QTest.mouseMove(grid.viewport(), point)
    QTest.mouseRelease(grid.viewport(), LEFT, pos=end)
    parts = grid.parts()
    assert [(part.left(), part.right(), part.top(), part.bottom()) for part in parts] == [(0, reached, 0, 2)]


def test_columns_are_frozen_up_to_one_and_set_free_again_by_the_menu(desk):
    desk.column_menu(desk.names()[1], "Freeze up to here")
    assert desk.spec.frozen == desk.grid.frozen == 2
    desk.column_menu(desk.names()[1], "Unfreeze columns")
    assert desk.spec.frozen == desk.grid.frozen == 0
    assert len(desk.specs) == 2


def test_frozen_columns_never_take_the_whole_window(narrow):
    narrow.look(frozen=len(narrow.names()))
    assert narrow.grid.frozen < len(narrow.names())
    assert narrow.grid.frozen_width < narrow.grid.viewport().width()


# Widths, order, hiding


def test_a_drag_at_the_edge_makes_a_column_wider_and_the_view_remembers(desk):
    before = desk.grid.columnWidth(0)
    desk.drag(desk.edge("编号"), desk.edge("编号") + QPoint(50, 0))
    assert desk.grid.columnWidth(0) == before + 50
    assert desk.specs[-1].column(desk.field("编号").id).width == before + 50
    assert not desk.sorts, "resizing is no click"


def test_escape_takes_a_resize_back(desk):
    before = desk.grid.columnWidth(0)
    desk.drag(desk.edge("编号"), desk.edge("编号") + QPoint(50, 0), drop=False)
    QTest.keyClick(desk.grid.titles, KEY.Key_Escape)
    QTest.mouseRelease(desk.grid.titles.viewport(), LEFT, pos=QPoint(5, 5))
    assert desk.grid.columnWidth(0) == before
    assert not desk.specs and not desk.sorts


def test_a_double_click_at_the_edge_fits_the_content(desk):
    desk.drag(desk.edge("客户"), desk.edge("客户") + QPoint(200, 0))
    wide = desk.grid.columnWidth(desk.column("客户"))
    view = desk.grid.titles.viewport()
    QTest.mouseDClick(view, LEFT, pos=desk.edge("客户"))
    assert desk.grid.columnWidth(desk.column("客户")) < wide
    assert desk.specs[-1].column(desk.field("客户").id).width == desk.grid.columnWidth(desk.column("客户"))


def test_a_column_is_dragged_to_another_place_with_a_line_where_it_will_stand(desk):
    first = desk.names()
    desk.drag(desk.head(first[1]), desk.head(first[3], 0.9), drop=False)
    assert desk.grid.titles.line() == desk.grid.left_of(4) - 1
    QTest.mouseRelease(desk.grid.titles.viewport(), LEFT, pos=desk.head(first[3], 0.9))
    assert desk.names()[:4] == [first[0], first[2], first[3], first[1]]
    assert desk.grid.titles.line() == -1
    assert not desk.sorts


def test_escape_takes_a_move_back(desk):
    before = desk.names()
    desk.drag(desk.head(before[1]), desk.head(before[3], 0.9), drop=False)
    QTest.keyClick(desk.grid.titles, KEY.Key_Escape)
    assert desk.grid.titles.line() == -1
    QTest.mouseRelease(desk.grid.titles.viewport(), LEFT, pos=QPoint(5, 5))
    assert desk.names() == before and not desk.specs


def test_the_cell_with_the_ring_goes_along_when_its_column_moves(desk):
    second = desk.names()[1]
    desk.grid.setCurrentIndex(desk.model.index(1, 1))
    desk.column_menu(second, "Move right")
    assert desk.names()[2] == second
    assert (desk.grid.currentIndex().row(), desk.grid.currentIndex().column()) == (1, 2)


def test_a_hidden_column_is_gone_and_its_place_is_kept(desk):
    before = desk.names()
    desk.column_menu(before[2], "Hide this column")
    assert desk.names() == [*before[:2], *before[3:]]
    desk.look(columns=tuple(type(column)(column.field) for column in desk.spec.columns))
    assert desk.names() == before


def test_the_menu_of_the_current_column_opens_by_keyboard(desk):
    desk.grid.setCurrentIndex(desk.model.index(0, 1))
    QTest.keyClick(desk.grid, KEY.Key_Up, Qt.KeyboardModifier.AltModifier)
    desk.choose("Sort descending")
    assert desk.sorts == [(Sort(desk.field(desk.names()[1]).id, True),)]


def test_shown_the_same_look_twice_the_view_does_nothing(desk):
    resets: list[int] = []
    desk.model.modelReset.connect(lambda: resets.append(1))
    desk.look()
    desk.look(name="Another name")
    assert not resets and not desk.specs


# Heights


@pytest.mark.parametrize("name", list(HEIGHTS))
def test_rows_have_the_height_that_was_chosen(desk, name):
    desk.look(row_height=name)
    tops = [desk.grid.visualRect(desk.model.index(row, 0)) for row in range(3)]
    assert [place.top() for place in tops] == [row * HEIGHTS[name] for row in range(3)]
    assert {place.height() for place in tops} == {HEIGHTS[name]}
    assert desk.grid.indexAt(QPoint(5, HEIGHTS[name] + 1)).row() == 1
    assert not desk.grid.grab().isNull()


# Footers


def test_a_summary_is_chosen_in_the_footer_and_counted_exactly(desk):
    column = desk.column("金额")
    place = desk.view.footer.place(column).center()
    QTest.mouseClick(desk.view.footer, LEFT, pos=place)
    desk.choose("Sum")
    assert dict(desk.specs[-1].footers) == {desk.field("金额").id: "sum"}
    assert desk.view.footer.accessibleDescription() == "金额 Sum ¥127.88"


def dark(desk: GridDesk) -> int:
    """How many pixels of the footer, behind the numbers of the rows, are written on."""
    picture = desk.view.footer.grab().toImage()
    ground, left = picture.pixel(picture.width() - 3, picture.height() - 3), desk.grid.viewport().x()
    return sum(picture.pixel(x, y) != ground for x in range(left, picture.width()) for y in range(5, picture.height()))


def test_the_footer_says_what_it_is_for_until_something_is_summed_up(desk):
    footer, column = desk.view.footer, desk.column("数量")
    QTest.mouseMove(desk.grid.viewport(), QPoint(50, 50))
    hint = "Click under a column for its sum, average or count"
    assert footer.accessibleDescription() == hint
    said = dark(desk)
    assert said > 500, "the sentence is seen"
    QTest.mouseMove(footer, footer.place(column).center())
    assert footer.toolTip() == hint
    assert footer.cursor().shape() == Qt.CursorShape.PointingHandCursor
    desk.look(footers=MappingProxyType({desk.field("数量").id: "sum"}))
    footer.leaveEvent(QEvent(QEvent.Type.Leave))
    assert footer.hint == "" and footer.accessibleDescription() == "数量 Sum 11"
    assert 0 < dark(desk) < said


def test_a_footer_follows_the_records(desk):
    desk.look(footers=MappingProxyType({desk.field("数量").id: "max"}))
    assert desk.view.footer.accessibleDescription() == "数量 Largest 7"
    desk.office.new("订单", {"编号": "A-9", "数量": 12})
    desk.view.refresh()
    desk.settle()
    assert desk.view.footer.accessibleDescription() == "数量 Largest 12"


def test_a_footer_says_that_it_is_counting_until_it_knows(desk):
    desk.view.show_spec(desk.form, type(desk.spec)(footers=MappingProxyType({desk.field("数量").id: "sum"})))
    assert desk.view.footer.accessibleDescription() == "数量 Sum …"
    desk.settle()
    assert desk.view.footer.accessibleDescription() == "数量 Sum 11"


def test_groups_have_the_summaries_of_the_footer(desk):
    desk.group("客户")
    desk.column_menu("金额", "Summary", "Sum")
    column = desk.column("金额")
    said = [desk.model.index(row, column).data() for row in (0, 3, 5)]
    assert said == ["Sum ¥28.88", "Sum ¥99.00", "Sum ¥0.00"]


def test_the_footer_is_reached_and_changed_by_keyboard(desk):
    desk.view.footer.setFocus()
    for _ in range(desk.column("数量")):
        QTest.keyClick(desk.view.footer, KEY.Key_Right)
    QTest.keyClick(desk.view.footer, KEY.Key_Return)
    desk.choose("Average")
    assert desk.view.footer.accessibleDescription().startswith("数量 Average 3.67")
    QTest.keyClick(desk.view.footer, KEY.Key_Escape)
    assert desk.window.focusWidget() is desk.grid


# The chosen cells


def test_chosen_cells_are_counted_and_summed_up(desk, qtbot):
    column = desk.column("金额")
    desk.grid.keys.moves.choose((0, column), (2, column), (0, column))
    qtbot.waitUntil(lambda: desk.view.chosen_words != "")
    assert desk.view.chosen_words == "3 filled · Sum ¥127.88 · Average ¥42.63"
    desk.grid.setCurrentIndex(desk.model.index(0, 0))
    assert desk.view.chosen_words == ""


def test_chosen_cells_in_groups_count_records_only(desk, qtbot):
    desk.group("客户")
    column = desk.column("数量")
    desk.grid.keys.moves.choose((0, column), (6, column), (0, column))
    qtbot.waitUntil(lambda: desk.view.chosen_words != "")
    assert desk.view.chosen_words == "3 filled · Sum 11 · Average 3.67"


# Colours


def test_records_that_meet_a_rule_are_coloured(desk):
    count = desk.field("数量")
    rule = Filter((Condition(count.id, Operator.AT_LEAST, 3),))
    seven = Filter((Condition(count.id, Operator.IS, 7),))
    desk.look(colours=(ColourRule(rule, 1), ColourRule(seven, 2), ColourRule(seven, 3, count.id)))
    tints = [desk.model.tint(row) for row in range(4)]
    assert [tint.row for tint in tints] == [1, None, 1, None], "the first rule that a record meets colours the row"
    assert [dict(tint.cells) for tint in tints] == [{}, {}, {count.id: 3}, {}]
    assert not desk.grid.grab().isNull()
    desk.look(colours=())
    assert desk.model.tint(0).row is None


# Any look


def test_any_look_shows_its_columns_and_every_record_once(desk):
    form = desk.form
    numbers = sorted(desk.model.record(position).n for position in range(desk.model.listed))
    field = st.sampled_from([each.id for each in form.fields])
    looks = st.builds(
        ViewSpec,
        columns=st.lists(
            st.builds(Column, field, st.integers(40, 300), st.booleans()), max_size=6, unique_by=lambda each: each.field
        ).map(tuple),
        frozen=st.integers(0, 12),
        row_height=st.sampled_from(list(HEIGHTS)),
        groups=st.lists(
            st.builds(Group, field, st.booleans(), st.sampled_from(("", *UNITS))),
            max_size=3,
            unique_by=lambda each: each.field,
        ).map(tuple),
        footers=st.dictionaries(field, st.sampled_from(list(BY_NAME)), max_size=4).map(MappingProxyType),
    )

    @settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
    @given(look=looks, fold=st.booleans())
    def every_look(look: ViewSpec, fold: bool) -> None:
        desk.view.show_spec(form, look)
        desk.settle()
        model, grid = desk.model, desk.grid
        assert [each.id for each in model.fields] == [each.id for each in shown_fields(form, look)]
        rows = [model.record(position) for position in range(model.listed)]
        assert sorted(row.n for row in rows if row is not None) == numbers
        assert all((row is None) == (model.group(at) is not None) for at, row in enumerate(rows))
        for column in range(model.columnCount()):
            place = grid.visualRect(model.index(0, column))
            if 0 <= place.center().x() < grid.viewport().width() and column < grid.frozen:
                assert grid.indexAt(place.center()).column() == column
        assert not desk.window.grab().isNull()
        if fold and model.grouped:
            model.fold_all(True)
            assert [model.group(position) is not None for position in range(model.listed)] == [True] * len(
                {model.group(position).path[0] for position in range(model.listed)}
            )
            model.fold_all(False)

    every_look()


def test_folded_groups_are_part_of_the_look_until_other_fields_group(desk):
    desk.group("客户")
    first, whole = desk.model.group(0), desk.lines("编号")
    assert first is not None
    desk.grid.go_to(0)
    QTest.keyClick(desk.grid, KEY.Key_Left)
    desk.settle()
    assert desk.specs[-1].folded == {first.path}
    folded = desk.lines("编号")
    assert len(folded) == len(whole) - first.count
    desk.look(folded=frozenset())
    assert desk.lines("编号") == whole
    desk.look(folded=frozenset({first.path}))
    assert desk.lines("编号") == folded
    (by,) = desk.spec.groups
    assert desk.spec.with_groups([replace(by, descending=True)]).folded == {first.path}
    assert not desk.spec.with_groups([Group(desk.field("日期").id)]).folded


def rename(desk: GridDesk, text: str) -> None:
    """Others give every order another number."""
    orders = desk.office.session.form("订单")
    for at, record in enumerate(orders.records()):
        orders.update(record, {"编号": f"{text} {at}"})
    desk.view.refresh()
    desk.settle()
    desk.qtbot.waitUntil(lambda: not desk.grid.widths.busy)


def test_columns_grow_where_longer_values_come_and_never_shrink_by_themselves(desk):
    column = desk.column("编号")
    before = desk.grid.columnWidth(column)
    rename(desk, "a number that is much longer")
    wide = desk.grid.columnWidth(column)
    assert wide > before
    rename(desk, "1")
    assert desk.grid.columnWidth(column) == wide


def test_a_column_that_a_person_sized_stays_as_it_is(desk):
    column = desk.column("编号")
    desk.drag(desk.edge("编号"), desk.edge("编号") + QPoint(9, 0))
    desk.settle()
    sized = desk.grid.columnWidth(column)
    rename(desk, "a number that is much longer")
    assert desk.grid.columnWidth(column) == sized
