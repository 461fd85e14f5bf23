"""Ctrl+K: what is typed is found as one types, the arrows walk, Enter goes there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QWidget

from desktop.app import Desktop
from desktop.finder import Finder
from desktop.finder_items import Item
from resources.styles.tokens import SIZES
from runtime.permission.scope import Scope
from runtime.session import Session, open_workspace
from runtime.ui.form_commands import FORM_COMMANDS
from runtime.ui.grid_columns import ColumnsPanel
from runtime.ui.view_switcher import ViewList
from runtime.view import ViewSpec
from tests.support.apps import customers_and_orders

KEY = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier


class Hands:
    """Ctrl+K and a keyboard."""

    def __init__(self, qtbot: Any, desktop: Desktop) -> None:
        self.qtbot = qtbot
        self.desktop = desktop

    @property
    def session(self) -> Session:
        """The open workspace."""
        assert self.desktop.session is not None
        return self.desktop.session

    def open(self) -> Finder:
        """Press Ctrl+K and wait for the list."""
        with self.qtbot.waitActive(self.desktop.window):
            self.desktop.window.activateWindow()
        QTest.keyClick(self.desktop.window, KEY.Key_K, CONTROL)
        self.qtbot.waitUntil(lambda: self.desktop.window.findChildren(Finder) != [])
        (finder,) = self.desktop.window.findChildren(Finder)
        self.qtbot.waitUntil(lambda: not finder.busy)
        return finder

    def type(self, finder: Finder, text: str) -> None:
        """Type, and wait for what is found."""
        QTest.keyClicks(finder.search, text) if text.isascii() else finder.search.insert(text)
        self.qtbot.waitUntil(lambda: finder._asked == finder.search.text() and not finder.busy)

    def press(self, finder: Finder, key: Qt.Key) -> None:
        """Press a key in the search field."""
        QTest.keyClick(finder.search, key)

    def front(self) -> str:
        """Name of the form in front."""
        page: Any = self.desktop.window.page
        return str(page.front.form.name) if page is not None and getattr(page, "front", None) is not None else ""


@pytest.fixture
def hands(qtbot: Any, desktop: Desktop, tmp_path: Path) -> Hands:
    """A window with three customers and an order."""
    with open_workspace(tmp_path / "w") as session:
        session.publish(customers_and_orders())
        for name in ("张伟", "李娜", "Smith"):
            session.form("客户").create({"名称": name, "备注": f"{name} 的备注"})
        customer = session.form("客户").records()[0]
        session.form("订单").create({"编号": "DD-001", "客户": customer.id})
        session.views.save(session.find_form("客户"), ViewSpec(name="重点客户"))
    desktop.open_workspace(tmp_path / "w.formwork")
    qtbot.waitUntil(lambda: desktop.session is not None, timeout=20_000)
    qtbot.waitUntil(lambda: not desktop.jobs.busy and not desktop.indexing.busy, timeout=20_000)
    return Hands(qtbot, desktop)


def lines(finder: Finder) -> list[str]:
    """What the list says: headings with a mark."""
    return [line.title if isinstance(line, Item) else f"# {line}" for line in finder.list.lines.lines]


def test_it_opens_with_forms_and_commands_and_closes_with_escape(hands: Hands) -> None:
    finder = hands.open()
    said = lines(finder)
    assert said[:3] == ["# Forms", "客户", "订单"]
    assert "# Commands" in said
    assert "Settings" in said
    assert "Find anything …" not in said
    assert finder.list.current is not None
    assert finder.list.current.title == "客户"
    hands.press(finder, KEY.Key_Escape)
    hands.qtbot.waitUntil(lambda: hands.desktop.window.findChildren(Finder) == [])


def test_a_record_is_found_and_opened_with_enter(hands: Hands) -> None:
    finder = hands.open()
    hands.type(finder, "张伟")
    assert lines(finder) == ["# 客户", "张伟", "# 订单", "DD-001"]
    item = finder.list.current
    assert item is not None
    assert (item.title, item.marks) == ("张伟", ((0, 2),))
    hands.press(finder, KEY.Key_Down)
    item = finder.list.current
    assert item is not None
    assert (item.title, item.detail, item.detail_marks) == ("DD-001", "客户: 张伟", ((4, 6),))
    hands.press(finder, KEY.Key_Return)
    hands.qtbot.waitUntil(lambda: hands.front() == "订单", timeout=10_000)
    page: Any = hands.desktop.window.page
    hands.qtbot.waitUntil(lambda: page.front.beside.exists and page.front.beside.panel.isVisible(), timeout=10_000)
    hands.qtbot.waitUntil(lambda: not hands.desktop.jobs.busy, timeout=10_000)
    finder = hands.open()
    assert lines(finder)[:2] == ["# Recent", "DD-001"]
    hands.press(finder, KEY.Key_Escape)


def test_names_are_found_by_their_letters_in_pinyin(hands: Hands) -> None:
    finder = hands.open()
    hands.type(finder, "zw")
    assert lines(finder) == ["# 客户", "张伟", "# 订单", "DD-001"]
    order = next(line for line in finder.list.lines.lines if isinstance(line, Item) and line.title == "DD-001")
    assert (order.detail, order.detail_marks) == ("客户: 张伟", ((4, 6),))
    finder.search.clear()
    hands.type(finder, "kh")
    assert lines(finder)[:2] == ["# Forms", "客户"]
    assert "重点客户" in lines(finder)
    finder.search.clear()
    hands.type(finder, "zhongdk")
    assert lines(finder) == ["# Views", "重点客户"]
    hands.press(finder, KEY.Key_Return)
    page: Any = hands.desktop.window.page
    hands.qtbot.waitUntil(lambda: page.front is not None and page.front.state.spec.name == "重点客户")


def test_arrows_go_round_and_skip_headings(hands: Hands) -> None:
    finder = hands.open()
    hands.type(finder, "张伟")
    titles = []
    for _ in range(3):
        assert finder.list.current is not None
        titles.append(finder.list.current.title)
        hands.press(finder, KEY.Key_Down)
    assert titles == ["张伟", "DD-001", "张伟"]
    hands.press(finder, KEY.Key_PageUp)
    assert finder.list.current is not None
    assert finder.list.current.title == "张伟"
    hands.press(finder, KEY.Key_Up)
    assert finder.list.current.title == "DD-001"
    hands.press(finder, KEY.Key_Escape)


def test_a_command_runs(hands: Hands) -> None:
    finder = hands.open()
    hands.type(finder, "sett")
    assert lines(finder) == ["# Commands", "Settings"]
    hands.press(finder, KEY.Key_Return)
    hands.qtbot.waitUntil(lambda: hands.desktop.window.place == "settings")


def test_enter_before_the_answer_opens_what_was_typed(hands: Hands) -> None:
    finder = hands.open()
    QTest.keyClicks(finder.search, "dd-001")
    hands.press(finder, KEY.Key_Return)
    hands.qtbot.waitUntil(lambda: hands.front() == "订单", timeout=10_000)


def test_what_is_not_there_is_said(hands: Hands) -> None:
    finder = hands.open()
    hands.type(finder, "nothing of the kind")
    assert finder.note == "Nothing found for “nothing of the kind”"
    hands.press(finder, KEY.Key_Return)
    assert finder.isVisible()
    finder.search.clear()
    hands.type(finder, "李")
    assert finder.note == ""
    assert lines(finder) == ["# 客户", "李娜"]
    hands.press(finder, KEY.Key_Escape)


def test_a_record_saved_a_moment_ago_is_found_while_the_index_is_behind(hands: Hands) -> None:
    hands.desktop.indexing.leave()
    hands.session.form("客户").create({"名称": "刚刚"})
    finder = hands.open()
    hands.type(finder, "刚刚")
    assert lines(finder) == ["# 客户", "刚刚"]
    hands.press(finder, KEY.Key_Escape)


def test_the_index_follows_in_the_background(hands: Hands) -> None:
    index = hands.session._workspace.index
    hands.session.form("客户").create({"名称": "后来"})
    assert index.waiting
    hands.qtbot.waitUntil(lambda: not index.waiting, timeout=10_000)


def test_without_a_workspace_there_is_nothing_to_find(qtbot: Any, desktop: Desktop) -> None:
    QTest.keyClick(desktop.window, KEY.Key_K, CONTROL)
    assert desktop.window.findChildren(Finder) == []
    desktop.find()
    assert desktop.window.findChildren(Finder) == []


def test_records_with_one_name_are_told_apart_by_what_differs(hands: Hands) -> None:
    for count in (3, 4):
        hands.session.form("订单").create({"编号": "王芳", "数量": count})
    hands.desktop.indexing.leave()
    finder = hands.open()
    hands.type(finder, "王芳")
    items = [line for line in finder.list.lines.lines if isinstance(line, Item) and line.title == "王芳"]
    assert sorted(item.more.split(" · ")[0] for item in items) == ["数量: 3", "数量: 4"]
    rows = [at for at, line in enumerate(finder.list.lines.lines) if isinstance(line, Item)]
    assert finder.list.visualRect(finder.list.lines.index(rows[0])).height() > SIZES.control
    assert "数量" in str(finder.list.lines.index(rows[0]).data())
    hands.press(finder, KEY.Key_Escape)


def test_a_name_that_stands_alone_has_no_second_line(hands: Hands) -> None:
    finder = hands.open()
    hands.type(finder, "张伟")
    assert [line.more for line in finder.list.lines.lines if isinstance(line, Item)] == ["", ""]
    hands.press(finder, KEY.Key_Escape)


@pytest.mark.parametrize("typed", ["zw", "z w"])
def test_control_enter_after_letters_of_pinyin_lists_the_records_that_read_so(hands: Hands, typed: str) -> None:
    finder = hands.open()
    hands.type(finder, typed)
    assert finder.list.current is not None and finder.list.current.title == "张伟"
    QTest.keyClick(finder.search, KEY.Key_Return, CONTROL)
    page: Any = hands.desktop.window.page
    hands.qtbot.waitUntil(lambda: hands.front() == "客户" and page.front.searched == "zw")
    hands.qtbot.waitUntil(lambda: page.front.toolbar.count.text() == "1 of 3", timeout=10_000)


def test_control_enter_lists_everything_that_was_found_in_the_form(hands: Hands) -> None:
    finder = hands.open()
    hands.type(finder, "张伟")
    QTest.keyClick(finder.search, KEY.Key_Return, CONTROL)
    page: Any = hands.desktop.window.page
    hands.qtbot.waitUntil(lambda: hands.front() == "客户" and page.front.searched == "张伟")
    hands.qtbot.waitUntil(lambda: page.front.toolbar.count.text() == "1 of 3", timeout=10_000)
    assert page.front.toolbar.search.text() == "张伟"
    assert not page.front.beside.is_open


# What can be done on the open form


def at_form(hands: Hands) -> Any:
    """The page of the form in front, as soon as its records are listed."""
    page: Any = hands.desktop.window.page
    hands.qtbot.waitUntil(lambda: hands.front() == "客户" and page.front.toolbar.count.text() == "3 records")
    return page.front


def shown(form: Any, kind: type[QWidget]) -> QWidget | None:
    """The panel of a kind that is open."""
    return next((panel for panel in form.findChildren(kind) if panel.isVisible()), None)


def commands_in(finder: Finder) -> dict[str, Item]:
    """The commands of the list by their title."""
    items = [line for line in finder.list.lines.lines if isinstance(line, Item)]
    return {item.title: item for item in items if item.kind == "command"}


@pytest.mark.parametrize(
    ("typed", "title", "opened"),
    [
        ("export", "Export these records", lambda form: form.exporting.panel),
        ("dc", "Export these records", lambda form: form.exporting.panel),
        ("导出", "Export these records", lambda form: form.exporting.panel),
        ("filt", "Filter", lambda form: form.bar._filter),
        ("排序", "Sort", lambda form: form.bar._sort),
        ("fenzu", "Group", lambda form: form.bar._group),
        ("colours", "Colours", lambda form: form.bar._colour),
        ("find and", "Find and replace", lambda form: form.view.work._bar),
        ("tjjl", "Add record", lambda form: form.beside.exists and form.panel),
        ("subtotals", "Group", lambda form: form.bar._group),
        ("hide", "Columns", lambda form: shown(form, ColumnsPanel)),
        ("row h", "Row height", lambda form: shown(form, QMenu)),
        ("views", "Views", lambda form: shown(form, ViewList)),
        ("save as", "Save as a new view …", lambda form: shown(form, ViewList)),
        ("search rec", "Search records", lambda form: form.toolbar.search.hasFocus() and form.toolbar.search),
    ],
)
def test_what_can_be_done_on_the_open_form_is_found_and_enter_does_it(
    hands: Hands, typed: str, title: str, opened: Any
) -> None:
    form = at_form(hands)
    finder = hands.open()
    hands.type(finder, typed)
    assert finder.list.current is not None
    assert finder.list.current.title == title, lines(finder)
    hands.press(finder, KEY.Key_Return)
    hands.qtbot.waitUntil(lambda: bool(opened(form)) and opened(form).isVisible(), timeout=10_000)
    hands.qtbot.waitUntil(lambda: not hands.desktop.jobs.busy, timeout=10_000)


def test_its_keys_stand_beside_it_and_what_it_was_found_by(hands: Hands) -> None:
    at_form(hands)
    finder = hands.open()
    hands.type(finder, "change many")
    assert commands_in(finder)["Change many records …"].keys == "Ctrl+Shift+E"
    finder.search.clear()
    hands.type(finder, "导出")
    item = commands_in(finder)["Export these records"]
    assert (item.detail, item.detail_marks) == ("导出这些记录", ((0, 2),))
    hands.press(finder, KEY.Key_Escape)


def test_commands_stand_behind_the_first_records_when_they_are_found_by_letters(hands: Hands) -> None:
    at_form(hands)
    for at in range(8):
        hands.session.form("客户").create({"名称": f"东城{at}"})
    hands.desktop.indexing.leave()
    finder = hands.open()
    hands.type(finder, "dc")
    said = lines(finder)
    assert said[:9] == ["# 客户", *(f"东城{at}" for at in range(6)), "# Commands", "Export these records"]
    assert "东城6" in said and "东城7" in said
    item = finder.list.current
    assert item is not None and (item.title, item.marks) == ("东城0", ((0, 2),))
    hands.press(finder, KEY.Key_Escape)


def test_a_colleague_is_shown_before_many_companies_that_read_so_and_both_forms_are_there(hands: Hands) -> None:
    for at in range(30):
        hands.session.form("客户").create({"名称": f"顺达{at}物流"})
    for number in ("王磊", "物流部"):
        hands.session.form("订单").create({"编号": number})
    for _ in range(2):
        finder = hands.open()
        hands.type(finder, "wl")
        said = lines(finder)
        assert said[:5] == ["# 订单", "王磊", "物流部", "# 客户", "顺达0物流"]
        assert len([line for line in said if line.startswith("顺达")]) == 28
        item = finder.list.current
        assert item is not None and (item.title, item.marks) == ("王磊", ((0, 2),))
        hands.press(finder, KEY.Key_Escape)
        hands.qtbot.waitUntil(lambda: not hands.session._workspace.index.waiting, timeout=20_000)


def test_every_command_of_the_form_is_listed_before_those_of_the_program(hands: Hands) -> None:
    at_form(hands)
    finder = hands.open()
    hands.type(finder, ">")
    said = lines(finder)
    titles = [str(each.title) for name, each in FORM_COMMANDS.items() if name not in {"clear_filter", "save_view"}]
    assert said[: len(titles) + 1] == ["# Commands", *titles]
    assert "Settings" in said
    assert "Find anything …" not in said
    hands.type(finder, " sort")
    assert lines(finder) == ["# Commands", "Sort"]
    hands.press(finder, KEY.Key_Escape)


def test_without_an_open_form_there_are_none(hands: Hands) -> None:
    at_form(hands)
    page: Any = hands.desktop.window.page
    for form_id in page.tabs.forms:
        page.close_form(form_id)
    finder = hands.open()
    assert "Export these records" not in commands_in(finder)
    assert "Show or hide the list of forms" in commands_in(finder)
    hands.type(finder, "export")
    assert finder.note == "Nothing found for “export”"
    hands.press(finder, KEY.Key_Escape)
    hands.desktop.show("settings")
    finder = hands.open()
    hands.type(finder, "daochu")
    assert finder.note == "Nothing found for “daochu”"
    hands.press(finder, KEY.Key_Escape)


def test_what_a_person_has_no_right_for_is_not_listed(hands: Hands) -> None:
    form = at_form(hands)
    hands.session._scope = Scope(writable=((form.form.id, frozenset()),))
    finder = hands.open()
    said = commands_in(finder)
    changing = {str(each.title) for each in FORM_COMMANDS.values() if each.writes}
    assert changing & set(said) == set()
    assert {"Export these records", "Filter", "Copy"} <= set(said)
    hands.press(finder, KEY.Key_Escape)


def test_what_needs_chosen_records_says_so_and_enter_leaves_the_list_open(hands: Hands) -> None:
    form = at_form(hands)
    form.view.grid.selectionModel().clear()
    finder = hands.open()
    hands.type(finder, "delete the")
    item = commands_in(finder)["Delete the selected records"]
    assert (item.off, item.detail, item.keys) == (True, "Choose records first.", "Ctrl+Del")
    hands.press(finder, KEY.Key_Return)
    assert finder.isVisible()
    hands.press(finder, KEY.Key_Escape)
    form.view.grid.go_to(0)
    finder = hands.open()
    hands.type(finder, "delete the")
    hands.press(finder, KEY.Key_Return)
    hands.qtbot.waitUntil(lambda: form.toolbar.count.text() == "2 records", timeout=10_000)


def test_a_command_that_begins_with_what_was_typed_comes_before_records_that_hold_it(hands: Hands) -> None:
    at_form(hands)
    hands.session.form("客户").create({"名称": "export"})
    hands.desktop.indexing.leave()
    finder = hands.open()
    hands.type(finder, "export")
    assert lines(finder) == ["# Commands", "Export these records", "# 客户", "export"]
    finder.search.clear()
    hands.type(finder, "xport")
    assert lines(finder) == ["# 客户", "export", "# Commands", "Export these records"]
    hands.press(finder, KEY.Key_Escape)
