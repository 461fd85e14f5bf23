"""The page of an open workspace: list of forms, tabs, what is remembered, what happens when definitions change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from desktop.app import Desktop
from desktop.app_page import AppPage
from desktop.commands import commands
from runtime.definition.edits import SetProperty
from runtime.definition.labels import label
from runtime.filters import Condition, Filter, Operator
from runtime.session import open_workspace
from runtime.store.query import Group, Sort
from runtime.ui.form_page import FormPage
from runtime.ui.kit.toast import Toast
from runtime.ui.notice_bar import NoticeBar
from runtime.ui.record_model import RecordModel
from runtime.ui.views.grid import GridView
from runtime.view import Column
from tests.support.apps import customers_and_orders
from tests.support.drivers import click, clipped, press

LONG = 30_000
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """A workspace with three customers and one order of the first."""
    path = tmp_path / "office.formwork"
    with open_workspace(path) as session:
        session.publish(customers_and_orders())
        first = session.form("客户").create({"名称": "海峡科技", "等级": "高"})
        for name in ("福州商贸", "闽江物流"):
            session.form("客户").create({"名称": name})
        session.form("订单").create({"编号": "DD1", "客户": first.id, "数量": 2})
    return path


def _open(qtbot, desktop: Desktop, path: Path) -> AppPage:
    desktop.open_workspace(path)
    qtbot.waitUntil(lambda: desktop.session is not None and desktop.window.place == "apps", timeout=LONG)
    page = desktop.window.page
    assert isinstance(page, AppPage)
    qtbot.waitUntil(lambda: not page.tabs.front or page.front is not None, timeout=LONG)
    return page


@pytest.fixture
def page(qtbot, desktop: Desktop, office: Path) -> Iterator[AppPage]:
    """The workspace, open in the window."""
    yield _open(qtbot, desktop, office)
    qtbot.waitUntil(lambda: not desktop.jobs.busy, timeout=LONG)


def _titles(page: AppPage) -> list[str]:
    return [page.tabs.tabText(at) for at in range(page.tabs.count())]


def _id(page: AppPage, name: str) -> str:
    return next(form_id for form_id, entry in page.list.entries.items() if entry.text() == name)


def test_an_open_workspace_shows_its_first_form_and_counts_all(qtbot, page: AppPage):
    assert _titles(page) == ["客户"]
    qtbot.waitUntil(lambda: [entry.count for entry in page.list.entries.values()] == ["3", "1"], timeout=LONG)
    assert page.list.entries[_id(page, "客户")].isChecked()
    assert page.list.entries[_id(page, "订单")].accessibleDescription() == "1 record"
    qtbot.waitUntil(lambda: page.status == "3 records", timeout=LONG)


def test_a_form_opens_in_one_tab_however_often_it_is_clicked(page: AppPage):
    click(page.list.entries[_id(page, "订单")])
    click(page.list.entries[_id(page, "客户")])
    click(page.list.entries[_id(page, "订单")])
    assert _titles(page) == ["客户", "订单"]
    assert page.front is not None
    assert page.front.title == "订单"
    assert page.list.entries[_id(page, "订单")].isChecked()
    assert not page.list.entries[_id(page, "客户")].isChecked()


@pytest.mark.parametrize(
    ("key", "modifiers"),
    [
        (Qt.Key.Key_Tab, CTRL),
        (Qt.Key.Key_PageDown, CTRL),
        (Qt.Key.Key_Backtab, CTRL | SHIFT),
        (Qt.Key.Key_PageUp, CTRL),
    ],
)
def test_keys_go_round_the_tabs(qtbot, page: AppPage, key: Qt.Key, modifiers: Qt.KeyboardModifier):
    click(page.list.entries[_id(page, "订单")])
    for wanted in ("客户", "订单"):
        QTest.keyClick(QApplication.focusWidget() or page, key, modifiers)
        assert page.front is not None
        assert page.front.title == wanted


def test_undo_and_redo_in_a_form_that_is_not_in_front_say_so(qtbot, desktop: Desktop, page: AppPage):
    session, toast = desktop.session, desktop.window.findChild(Toast)
    assert session is not None and toast is not None
    order = session.form("订单").records(limit=1)[0]
    session.form("订单").update(order.id, {"数量": 7})

    def amount() -> int:
        found: int = session.form("订单").records(limit=1)[0]["数量"]
        return found

    commands["undo"].run(desktop)
    qtbot.waitUntil(lambda: amount() == 2, timeout=LONG)
    qtbot.waitUntil(lambda: toast.message.startswith("Undone in “订单”: "), timeout=LONG)
    commands["redo"].run(desktop)
    qtbot.waitUntil(lambda: amount() == 7, timeout=LONG)
    qtbot.waitUntil(lambda: toast.message.startswith("Redone in “订单”: "), timeout=LONG)


def test_a_tab_closes_by_cross_by_middle_click_and_by_ctrl_w(qtbot, page: AppPage):
    orders = _id(page, "订单")
    click(page.list.entries[orders])
    press(page.tabs, "Close 订单")
    assert _titles(page) == ["客户"]
    click(page.list.entries[orders])
    place = page.tabs.tabRect(0).center() - QPoint(8, 0)
    QTest.mouseClick(page.tabs, Qt.MouseButton.MiddleButton, pos=place)
    assert _titles(page) == ["订单"]
    QTest.keyClick(QApplication.focusWidget() or page, Qt.Key.Key_W, CTRL)
    assert _titles(page) == []
    assert page.pages == {}
    assert page.stack.currentWidget() is page._nothing
    click(page.list.entries[orders])
    assert page.front is not None


def test_open_tabs_are_remembered_by_workspace_and_language(qtbot, desktop: Desktop, page: AppPage, office: Path):
    click(page.list.entries[_id(page, "订单")])
    press(page.tabs, "Close 客户")
    click(page.list.entries[_id(page, "客户")])
    page.tabs.show_form(_id(page, "订单"))
    desktop.close_workspace()
    again = _open(qtbot, desktop, office)
    assert _titles(again) == ["订单", "客户"]
    assert again.front is not None
    assert again.front.title == "订单"
    assert list(again.pages) == [again.tabs.front], "forms behind are made when they are visited"
    desktop.set_language("zh_CN")
    qtbot.waitUntil(lambda: desktop.window.page is not again)
    assert isinstance(desktop.window.page, AppPage)
    assert _titles(desktop.window.page) == ["订单", "客户"]


def test_a_form_looks_as_it_was_left_in_another_language_and_after_a_restart(
    qtbot, desktop: Desktop, page: AppPage, office: Path
):
    front = page.front
    assert front is not None
    name, level = (front.form.called(each) for each in ("名称", "等级"))
    assert name is not None and level is not None
    wanted = Filter((Condition(level.id, Operator.EMPTY),))
    front.set_filter(wanted)
    front.set_sort((Sort(name.id, descending=True),))
    front.state.put(replace(front.state.spec, columns=(Column(level.id, 222),)))
    look = front.state.spec
    desktop.set_language("zh_CN")
    qtbot.waitUntil(lambda: desktop.window.page is not page)
    spoken = desktop.window.page
    assert isinstance(spoken, AppPage)
    qtbot.waitUntil(lambda: spoken.front is not None and spoken.front.state.spec == look, timeout=LONG)
    qtbot.waitUntil(lambda: not desktop.jobs.busy, timeout=LONG)
    desktop.close_workspace()
    again = _open(qtbot, desktop, office)
    qtbot.waitUntil(lambda: again.front is not None and again.front.state.spec == look, timeout=LONG)
    assert again.front is not None
    assert len(again.front.filter_panel.rows) == 1
    qtbot.waitUntil(lambda: again.front is not None and again.front.toolbar.count.text().startswith("2"), timeout=LONG)


def test_groups_stay_folded_in_another_language_and_after_a_restart(
    qtbot, desktop: Desktop, page: AppPage, office: Path
):
    front = page.front
    assert front is not None
    level = front.form.called("等级")
    assert level is not None
    front.state.put(front.state.spec.with_groups([Group(level.id)]))
    model = _rows(front)
    qtbot.waitUntil(lambda: model.group(0) is not None, timeout=LONG)
    assert isinstance(front.view, GridView)
    front.view.grid.go_to(0)
    QTest.keyClick(front.view.grid, Qt.Key.Key_Left, CTRL)
    folded = front.state.spec.folded
    assert len(folded) == 2
    desktop.set_language("zh_CN")
    qtbot.waitUntil(lambda: desktop.window.page is not page)
    spoken = desktop.window.page
    assert isinstance(spoken, AppPage)
    qtbot.waitUntil(lambda: spoken.front is not None and spoken.front.state.spec.folded == folded, timeout=LONG)
    qtbot.waitUntil(lambda: not desktop.jobs.busy, timeout=LONG)
    desktop.close_workspace()
    again = _open(qtbot, desktop, office)
    qtbot.waitUntil(lambda: again.front is not None and _rows(again.front).listed == 2, timeout=LONG)


def _rows(page: FormPage) -> RecordModel:
    assert isinstance(page.view, GridView)
    return page.view.model


def test_a_related_record_opens_in_the_tab_of_its_form(qtbot, desktop: Desktop, page: AppPage):
    session = desktop.session
    assert session is not None
    click(page.list.entries[_id(page, "订单")])
    assert page.front is not None
    customer = session.form("客户").records('{名称} = "闽江物流"')[0]
    page.front.record_opened.emit(_id(page, "客户"), customer.id)
    assert page.front.title == "客户"
    front = page.front
    qtbot.waitUntil(lambda: front.panel.row is not None and front.panel.row.id == customer.id, timeout=LONG)
    assert front.panel.isVisible()


def test_the_list_walks_by_arrow_keys_and_folds_by_ctrl_b(page: AppPage):
    first, second = page.list.entries.values()
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Down)
    assert QApplication.focusWidget() is second
    QTest.keyClick(second, Qt.Key.Key_Return)
    assert page.front is not None
    assert page.front.title == "订单"
    QTest.keyClick(QApplication.focusWidget() or page, Qt.Key.Key_B, CTRL)
    assert page.list.isHidden()
    press(page, "Show the list")
    assert not page.list.isHidden()


def test_a_record_that_is_added_is_counted(qtbot, desktop: Desktop, page: AppPage):
    session = desktop.session
    assert session is not None
    session.form("客户").create({"名称": "新客户"})
    qtbot.waitUntil(lambda: page.list.entries[_id(page, "客户")].count == "4", timeout=LONG)


def test_a_form_that_gets_another_name_is_called_so_everywhere(qtbot, desktop: Desktop, page: AppPage):
    session = desktop.session
    assert session is not None
    app = next(iter(session.apps.values()))
    session.publish(SetProperty(_id(page, "客户"), "label", label("往来单位")).apply(app))
    qtbot.waitUntil(lambda: _titles(page) == ["往来单位"], timeout=LONG)
    assert [entry.text() for entry in page.list.entries.values()] == ["往来单位", "订单"]


def test_a_tab_with_unsaved_input_is_not_closed_unasked(qtbot, desktop: Desktop, page: AppPage, monkeypatch):
    assert page.front is not None
    monkeypatch.setattr(type(page.front), "unsaved", property(lambda _page: True))
    QTest.keyClick(QApplication.focusWidget() or page, Qt.Key.Key_W, CTRL)
    assert _titles(page) == ["客户"]
    bar = desktop.window.findChild(NoticeBar)
    assert bar is not None
    assert "not saved yet" in bar.accessibleName()
    press(bar, "Close anyway")
    assert _titles(page) == []


def test_an_empty_workspace_offers_an_import(qtbot, desktop: Desktop, tmp_path: Path):
    page = _open(qtbot, desktop, tmp_path / "empty.formwork")
    assert not page.list.isVisible()
    press(page, "Import an Excel file")
    dialog = desktop.window.findChild(QFileDialog)
    assert dialog is not None
    dialog.close()


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_no_words_are_clipped(qtbot, desktop: Desktop, page: AppPage, language: str):
    desktop._speak(language)
    desktop.window.rebuild()
    qtbot.waitUntil(lambda: not desktop.jobs.busy, timeout=LONG)
    qtbot.waitUntil(lambda: clipped(desktop.window) == [], timeout=2_000)


def test_a_narrow_window_folds_the_list_and_a_wide_one_shows_it_again(desktop: Desktop, page: AppPage):
    desktop.window.resize(desktop.window.minimumSize())
    QApplication.processEvents()
    assert page.list.isHidden()
    assert page.unfold.isVisible()
    desktop.window.resize(desktop.window.sizeHint())
    QApplication.processEvents()
    assert page.list.isVisible()
