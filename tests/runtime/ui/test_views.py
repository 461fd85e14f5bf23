"""Views as people make them: a filter built by clicking, saved, shared, changed, reset, deleted, found again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QWidget

from runtime.definition.edits import AddNode, RemoveNode, SetProperty
from runtime.filters import Condition, Filter, Operator
from runtime.session import Session
from runtime.spans import Period, Span
from runtime.store.query import Group, Sort
from runtime.ui.filter_chooser import Chooser
from runtime.ui.filter_group import FilterGroup
from runtime.ui.filter_panel import FilterPanel
from runtime.ui.filter_row import FilterRow
from runtime.ui.view_switcher import ViewList
from runtime.view import ColourRule
from tests.runtime.ui.record_desk import CONTROL, Desk, a_desk
from tests.support.apps import field_called
from tests.support.drivers import button_called, press
from tests.support.workspaces import Office

KEY = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier


def open_views(desk: Desk) -> ViewList:
    """Click the name of the view."""
    desk.page.toolbar.view.click()
    return next(each for each in desk.page.toolbar.view.findChildren(ViewList) if each.isVisible())


def do(desk: Desk, action: str) -> None:
    """Choose a line of the list of views."""
    press(open_views(desk), action)
    desk.settle()


def name_line(opened: ViewList) -> QLineEdit:
    """Where the name of a view is typed."""
    found = opened.findChild(QLineEdit)
    assert isinstance(found, QLineEdit)
    return found


def focused() -> QWidget:
    """Where the keyboard is."""
    found = QApplication.focusWidget()
    assert found is not None
    return found


def save_as(desk: Desk, name: str, *, shared: bool = False) -> None:
    """Save what is shown under a name, by typing."""
    opened = open_views(desk)
    press(opened, "Save as a new view …")
    line = name_line(opened)
    assert focused() is line
    QTest.keyClicks(line, name)
    if shared:
        press(opened, "Everybody")
    QTest.keyClick(line, KEY.Key_Return)
    desk.settle()


def ask(row: FilterRow, field: str, operator: Operator) -> None:
    """Pick a field and an operator from their lists."""
    found = row._form.called(field)
    assert found is not None
    pick(row.fields, found.id)
    assert row.operators is not None
    pick(row.operators, operator)
    QTest.qWait(0)


def pick(chooser: Chooser, value: Any) -> None:
    """Open a list and click a line of it."""
    chooser.unfold()
    assert chooser.list is not None
    at = [each.value for each in chooser.list._model.picks].index(value)
    chooser.list._clicked(chooser.list._model.index(at))


def filtered(desk: Desk, told: Callable[[Filter], bool]) -> None:
    """Wait until the filter that is typed is applied."""
    desk.qtbot.waitUntil(lambda: told(desk.page.filter))
    desk.settle()


def menu(owner: Any, entry: str) -> None:
    """Choose an entry of the menu that is open at `owner`."""
    opened = next(each for each in owner.findChildren(QMenu) if each.isVisible())
    found = {action.text().split("\t")[0]: action for action in opened.actions()}
    assert found[entry].isEnabled(), entry
    found[entry].trigger()
    opened.close()


def build_nested(desk: Desk) -> FilterPanel:
    """编号 contains A, and (数量 > 5 or 折扣 is 0)."""
    desk.page.toolbar.filter.click()
    panel = desk.page.filter_panel
    QTest.keyClicks(panel.rows[0]._values[0].line, "A")
    press(panel, "Add condition group")
    ask(panel.rows[1], "数量", Operator.GREATER)
    QTest.keyClicks(panel.rows[1]._values[0].editor.line, "5")
    group = panel.group.parts[1]
    assert isinstance(group, FilterGroup)
    group.add.click()
    ask(panel.rows[2], "折扣", Operator.IS)
    QTest.keyClicks(panel.rows[2]._values[0].editor.line, "0")
    filtered(desk, lambda filter: len(filter.active) == 3)
    return panel


def test_a_nested_filter_is_built_by_clicking_and_reads_as_a_sentence(orders):
    panel = build_nested(orders)
    assert orders.column("编号") == ["A-1", "A-2"]
    assert panel.sentence.text() == "Shown: 编号 contains “A” and (数量 > 5 or 折扣 is 0%)"
    assert orders.page.toolbar.filter.text() == "Filter · 3"
    panel.close()


def test_a_saved_view_is_there_after_a_restart_with_its_nested_filter(qtbot, office, jobs, tmp_path):
    with a_desk(qtbot, office, jobs, "订单") as desk:
        panel = build_nested(desk)
        panel.close()
        save_as(desk, "Odd orders")
        assert desk.page.toolbar.view.name == "Odd orders"
        assert not desk.page.toolbar.view.differs
        wanted = desk.page.filter
        desk.page.deleteLater()
        QTest.qWait(0)
    office.reopen()
    with a_desk(qtbot, office, jobs, "订单") as desk:
        assert desk.page.toolbar.view.name == "Odd orders", "the form shows what it showed last"
        assert desk.page.filter == wanted
        assert desk.column("编号") == ["A-1", "A-2"]
        press(open_views(desk), "All records")
        desk.settle()
        assert len(desk.column("编号")) == 4
        press(open_views(desk), "Odd orders")
        desk.settle()
        assert len(desk.column("编号")) == 2
        assert len(desk.page.filter_panel.rows) == 3


def test_a_view_that_is_shared_is_seen_by_another_person(qtbot, office, jobs):
    with a_desk(qtbot, office, jobs, "订单") as desk:
        desk.page.set_sort((Sort(field_called(desk.page.form, "编号").id, True),))
        save_as(desk, "Newest")
        do(desk, "Share with everybody")
        assert desk.messages()[-1] == "Everybody who sees the form sees this view now"
        assert desk.page.toolbar.view.name == "Newest"
    mine, office.session = office.session, Session(office.session._workspace, "mabcdefghij")
    with a_desk(qtbot, office, jobs, "订单") as desk:
        assert desk.page.toolbar.view.name == "All records"
        press(open_views(desk), "Newest")
        desk.settle()
        assert desk.column("编号") == ["A-3", "A-2", "A-1", "A-0"]
    office.session = mine


def test_what_differs_from_the_saved_view_is_marked_saved_or_reset(orders):
    code = orders.page.form.called("编号").id
    save_as(orders, "Mine")
    orders.page.set_sort((Sort(code, True),))
    assert orders.page.toolbar.view.differs
    assert orders.page.toolbar.view.accessibleName() == "View: Mine, changed"
    do(orders, "Reset changes")
    assert orders.page.sorts == ()
    assert not orders.page.toolbar.view.differs
    orders.page.set_sort((Sort(code, True),))
    do(orders, "Save changes")
    assert not orders.page.toolbar.view.differs
    do(orders, "All records")
    assert orders.page.sorts == ()
    do(orders, "Mine")
    assert orders.page.sorts == (Sort(code, True),)
    assert orders.column("编号") == ["A-3", "A-2", "A-1", "A-0"]


def test_a_view_is_renamed_duplicated_deleted_and_brought_back(orders):
    save_as(orders, "Mine")
    opened = open_views(orders)
    press(opened, "Rename …")
    line = name_line(opened)
    assert line.selectedText() == "Mine"
    QTest.keyClicks(line, "Ours")
    press(opened, "Save")
    orders.settle()
    assert orders.page.toolbar.view.name == "Ours"
    do(orders, "Duplicate")
    assert orders.page.toolbar.view.name == "Ours 2"
    do(orders, "Delete")
    assert orders.page.toolbar.view.name == "All records"
    assert [view.name for view in orders.page.state.views] == ["Ours"]
    notice = orders.said[-1]
    assert str(notice.message) == "View “Ours 2” deleted"
    notice.actions[0].run()
    orders.settle()
    assert [view.name for view in orders.page.state.views] == ["Ours", "Ours 2"]


def test_a_name_is_needed_and_is_taken_once(orders):
    save_as(orders, "Mine")
    opened = open_views(orders)
    press(opened, "Save as a new view …")
    line = name_line(opened)
    press(opened, "Save")
    assert opened.isVisible()
    QTest.keyClicks(line, "mine")
    press(opened, "Save")
    assert opened.isVisible()
    assert len(orders.page.state.views) == 1
    press(opened, "Cancel")


def test_the_list_of_views_is_walked_by_keys(orders):
    save_as(orders, "A")
    save_as(orders, "B")
    opened = open_views(orders)
    assert focused() is opened.entries[orders.page.state.spec.id]
    QTest.keyClick(focused(), KEY.Key_Up)
    QTest.keyClick(focused(), KEY.Key_Return)
    orders.settle()
    assert orders.page.toolbar.view.name == "A"


def test_conditions_are_moved_into_a_group_and_out_of_it(orders):
    orders.page.open_filter()
    panel = orders.page.filter_panel
    QTest.keyClicks(panel.rows[0]._values[0].line, "A")
    panel.rows[0].more.click()
    menu(panel.rows[0].more, "Move into a new group")
    orders.settle()
    assert [type(part) for part in orders.page.filter.conditions] == [Filter]
    panel.rows[0].more.click()
    menu(panel.rows[0].more, "Move out of the group")
    assert [type(part) for part in orders.page.filter.conditions] == [Condition]
    panel.rows[0].more.click()
    menu(panel.rows[0].more, "Duplicate")
    assert len(panel.rows) == 2
    panel.close()


def test_days_relative_to_today_are_chosen_and_stay_relative(orders, office):
    orders.page.open_filter()
    panel = orders.page.filter_panel
    ask(panel.rows[0], "日期", Operator.AT_LEAST)
    days = panel.rows[0]._values[0]
    days.kinds._picked(Period.LAST_DAYS)
    assert panel.focusWidget() is days.count
    QTest.keyClicks(days.count, "30")
    filtered(orders, lambda filter: bool(filter.active) and filter.active[0].value == Span(Period.LAST_DAYS, 30))
    assert "TODAY()" in orders.page.where
    assert "in the last 30 days" in panel.sentence.text()
    panel.close()


def test_several_options_are_picked_from_a_list_that_stays_open(qtbot, office, jobs):
    with a_desk(qtbot, office, jobs, "客户") as desk:
        desk.page.open_filter()
        panel = desk.page.filter_panel
        ask(panel.rows[0], "等级", Operator.ANY_OF)
        part = panel.rows[0]._values[0]
        part.unfold()
        for at in (0, 1):
            part.list._clicked(part.list._model.index(at))
            assert part.list.isVisible()
        part.list.close()
        filtered(desk, lambda filter: bool(filter.active) and len(filter.active[0].value) == 2)
        assert desk.column("名称") == ["福州海峡", "厦门港务"]
        panel.close()


def test_several_records_are_picked_and_named_in_the_sentence(orders):
    orders.page.open_filter()
    panel = orders.page.filter_panel
    ask(panel.rows[0], "客户", Operator.NONE_OF)
    part = panel.rows[0]._values[0]
    part.unfold("福州")
    orders.qtbot.waitUntil(lambda: part.list._model.rowCount() == 1)
    QTest.keyClick(part.list.search, KEY.Key_Return)
    part.list.close()
    filtered(orders, lambda filter: bool(filter.active))
    assert panel.sentence.text() == "Shown: 客户 is none of 福州海峡"
    assert orders.column("编号") == ["A-1", "A-3"]
    panel.close()


def test_groups_are_chosen_with_a_unit_for_dates(orders):
    panel = orders.page.bar.open_groups()
    assert [group.field for group in panel.values] == [orders.page.form.called("客户").id], "a likely field is offered"
    day = orders.page.form.called("日期").id
    pick(panel.rows[0].fields, day)
    assert orders.page.state.spec.groups == (Group(day, unit="month"),)
    press(panel, "Descending")
    press(panel, "Add group")
    press(panel, "Add group")
    assert len(orders.page.state.spec.groups) == 3
    assert not panel.add.isEnabled()
    assert orders.page.toolbar.group.text() == "Group · 3"
    panel.rows[2].up.click()
    assert panel.values[0] == Group(day, True, "month")
    press(panel, "Clear all")
    orders.settle()
    assert orders.page.state.spec.groups == ()
    panel.close()


def test_a_colour_rule_is_made_for_a_row_and_for_a_cell(orders):
    panel = orders.page.bar.open_colours()
    row = panel.rows[0]
    (condition,) = row.group.rows
    ask(condition, "数量", Operator.GREATER)
    QTest.keyClicks(condition._values[0].editor.line, "5")
    press(row, "red")
    count = field_called(orders.page.form, "数量").id
    wanted = Filter((Condition(count, Operator.GREATER, 5),))
    orders.qtbot.waitUntil(lambda: orders.page.state.spec.colours == (ColourRule(wanted, 3),))
    pick(row.target, count)
    orders.qtbot.waitUntil(lambda: orders.page.state.spec.colours[0].field == count)
    assert orders.page.toolbar.colours.text() == "Colours · 1"
    orders.settle()
    panel.close()


def test_the_height_of_rows_is_chosen(orders):
    orders.page.toolbar.height_.click()
    menu(orders.page.toolbar.height_, "Tall")
    assert orders.page.state.spec.row_height == "tall"
    orders.settle()


def test_what_the_view_changes_itself_is_kept(orders):
    name = orders.page.form.called("编号").id
    spec = orders.page.state.spec
    orders.view.spec_changed.emit(spec.with_column(orders.page.form, spec.column(name)))
    assert orders.page.state.spec.columns
    assert not orders.page.toolbar.view.differs, "the same columns, told one by one"


def test_a_shared_view_that_somebody_else_changes_is_shown_anew(orders, office):
    save_as(orders, "Ours", shared=True)
    saved = orders.page.state.saved
    app = office.app
    look = {**app.nodes[saved.id].props["look"], "row_height": "tall"}
    office.session.publish(SetProperty(saved.id, "look", look).apply(app))
    orders.settle()
    assert orders.page.state.spec.row_height == "tall"
    office.session.publish(RemoveNode(saved.id).apply(office.app))
    orders.settle()
    assert orders.page.toolbar.view.name == "All records"


def test_a_field_that_is_taken_away_leaves_the_view_and_the_page_whole(orders, office):
    day = orders.page.form.called("日期")
    orders.page.set_sort((Sort(day.id),))
    orders.page.set_filter(Filter((Condition(day.id, Operator.FILLED),)))
    save_as(orders, "By day")
    node = office.app.nodes[day.id]
    office.session.publish(RemoveNode(day.id).apply(office.app))
    orders.settle()
    assert orders.column("编号") == ["A-0", "A-1", "A-2", "A-3"]
    assert [view.name for view in orders.page.state.views] == ["By day"]
    office.session.publish(AddNode(node).apply(office.app))
    orders.settle()
    assert orders.page.sorts == (Sort(day.id),)
    assert orders.messages() == ["View saved"]


def test_the_filter_opens_by_keys_and_find_is_asked_of_the_view(orders, monkeypatch):
    asked: list[str] = []
    monkeypatch.setattr(type(orders.view), "do", lambda _view, command: asked.append(command))
    orders.page.setFocus()
    for key in (KEY.Key_F, KEY.Key_H):
        QTest.keyClick(orders.page, key, CONTROL)
    assert asked == ["find", "replace"]
    QTest.keyClick(orders.page, KEY.Key_L, CONTROL | SHIFT)
    assert orders.page.filter_panel.isVisible()
    orders.page.filter_panel.close()


def test_the_menu_of_the_toolbar_offers_what_else_can_be_done(orders):
    asked: list[str] = []
    orders.page.import_asked.connect(lambda: asked.append("import"))
    orders.page.toolbar.more.click()
    menu(orders.page.toolbar.more, "Import into this form")
    assert asked == ["import"]


def test_an_empty_form_teaches_three_ways_in(qtbot, tmp_path, jobs):
    office = Office(tmp_path / "new")
    with a_desk(qtbot, office, jobs) as desk:
        asked: list[bool] = []
        desk.page.import_asked.connect(lambda: asked.append(True))
        for words in ("Add the first record", "Paste from Excel", "Import a file"):
            assert button_called(desk.page._no_records, words).isVisible()
        press(desk.page._no_records, "Import a file")
        assert asked == [True]
    office.session.close()


def test_rows_are_pasted_into_an_empty_form_and_what_cannot_be_taken_is_seen(qtbot, tmp_path, jobs):
    office = Office(tmp_path / "new")
    with a_desk(qtbot, office, jobs) as desk:
        QGuiApplication.clipboard().setText("")
        press(desk.page._no_records, "Paste from Excel")
        desk.settle()
        assert desk.messages() == ["There is nothing to paste."]
        assert desk.page.stack.currentWidget() is desk.page._no_records
        QGuiApplication.clipboard().setText("A\tnot a level")
        press(desk.page._no_records, "Paste from Excel")
        desk.settle()
        assert desk.page.view.isVisible(), "what is wrong is told there"
        QGuiApplication.clipboard().setText("A\t高\nB\t低")
        desk.page.paste()
        desk.settle()
        assert desk.column("名称") == ["A", "B"]
    office.session.close()


@pytest.mark.parametrize("width", [700, 1000, 1400])
def test_the_toolbar_fits_its_window_whatever_is_on(orders, width):
    code = orders.page.form.called("编号").id
    orders.page.set_sort((Sort(code),))
    orders.page.set_filter(Filter((Condition(code, Operator.FILLED),)))
    orders.window.resize(width, 500)
    orders.settle()
    bar = orders.page.toolbar
    assert bar.layout().sizeHint().width() <= bar.width()
    assert bar.add.geometry().right() <= bar.width()
    assert bar.filter.text() == ("1" if width < 1100 else "Filter · 1")


def test_a_panel_that_was_empty_opens_at_the_field_of_its_first_line(orders):
    orders.page.open_filter()
    panel = orders.page.filter_panel
    assert panel.focusWidget() is panel.rows[0].fields
    panel.close()
    groups = orders.page.bar.open_groups()
    assert groups.focusWidget() is groups.rows[0].fields
    groups.close()
    orders.page.bar.open_groups()
    assert groups.focusWidget() is groups.add, "what is there already is not changed by a key"
    groups.close()
