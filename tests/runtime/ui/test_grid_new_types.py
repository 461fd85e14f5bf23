"""Addresses and several options in the grid, and what is shown there as a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from runtime.filters import Condition, Filter, Operator
from runtime.ui.editors.choices import ChoicesEditor
from runtime.ui.grid_links import link_of
from tests.runtime.ui.record_desk import CONTROL, Desk
from tests.support.apps import an_app, options
from tests.support.drivers import press
from tests.support.workspaces import Office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    build = an_app()
    form = build.form("客户")
    build.field(form, "text", "名称")
    build.field(form, "url", "网站")
    build.field(form, "phone", "电话")
    build.field(form, "choices", "标签", options=options("重点", "海外", "VIP", "长期合作伙伴"))
    office = Office(tmp_path, build.app)
    handle = office.session.form("客户")
    handle.create({"名称": "甲", "网站": "example.com", "电话": "138 1234 5678", "标签": "重点、VIP"})
    handle.create({"名称": "乙", "标签": "海外"})
    handle.create({"名称": "丙", "标签": "重点、海外、VIP、长期合作伙伴"})
    yield office
    office.session.close()


def test_ctrl_and_a_click_follow_an_address_and_nothing_else(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    for field in ("网站", "电话", "名称"):
        place = desk.grid.visualRect(desk.index(0, field)).center()
        QTest.mouseClick(desk.grid.viewport(), Qt.MouseButton.LeftButton, CONTROL, place)
    place = desk.grid.visualRect(desk.index(0, "网站")).center()
    QTest.mouseClick(desk.grid.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert opened == ["https://example.com", "tel:13812345678"]
    assert link_of(desk.model, desk.index(1, "网站")) == ""


def test_options_are_ticked_in_the_cell_and_saved_when_the_list_closes(desk: Desk) -> None:
    desk.at(1, "标签").key(Qt.Key.Key_F2)
    editor = desk.grid.editing.editor
    assert isinstance(editor, ChoicesEditor) and editor.list is not None
    editor.list.toggled.emit(editor.field.props.options[2].id)
    editor.list.close()
    desk.settle()
    assert desk.column("标签")[1] == "海外, VIP"
    assert desk.office.session.form("客户").records()[1]["标签"] == ("海外", "VIP")


def test_filters_find_options(desk: Desk) -> None:
    field = desk.page.form.fields[3]
    first, second = (option.id for option in field.props.options[:2])
    for operator, found in ((Operator.ANY_OF, ["甲", "乙", "丙"]), (Operator.NONE_OF, [])):
        desk.page.set_filter(Filter((Condition(field.id, operator, (first, second)),)))
        desk.settle()
        assert desk.column("名称") == found


def test_what_the_page_shows_is_exported_from_its_menu(desk: Desk, tmp_path: Path) -> None:
    form = desk.page.form
    desk.page.set_filter(Filter((Condition(form.fields[0].id, Operator.IS_NOT, "乙"),)))
    desk.settle()
    desk.page.toolbar.more.click()
    (entry,) = [
        action for menu in desk.page.findChildren(QMenu) for action in menu.actions() if "Export" in action.text()
    ]
    entry.trigger()
    desk.qtbot.waitUntil(lambda: desk.page.exporting.panel is not None)
    panel = desk.page.exporting.panel
    assert panel is not None
    panel.about.click()
    press(panel, "Export …")
    desk.qtbot.waitUntil(lambda: desk.page.exporting.dialog is not None)
    dialog = desk.page.exporting.dialog
    assert dialog is not None
    dialog.fileSelected.emit(str(tmp_path / "a.xlsx"))
    dialog.close()
    desk.qtbot.waitUntil(lambda: desk.said != [] and desk.page.exporting.dialog is None, timeout=10_000)
    book = load_workbook(tmp_path / "a.xlsx")
    assert [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()] == [
        ["名称", "网站", "电话", "标签"],
        ["甲", "https://example.com", "13812345678", "重点, VIP"],
        ["丙", None, None, "重点, 海外, VIP, 长期合作伙伴"],
    ]
    assert "乙" in dict(book.worksheets[1].iter_rows(values_only=True))["Filter"]
