"""Ctrl+K: what is typed is found as one types, the arrows walk, Enter goes there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.app import Desktop
from desktop.finder import Finder
from desktop.finder_items import Item
from resources.styles.tokens import SIZES
from runtime.session import Session, open_workspace
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
    assert lines(finder) == ["# 客户", "张伟"]
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


def test_control_enter_after_letters_of_pinyin_lists_the_records_of_that_name(hands: Hands) -> None:
    finder = hands.open()
    hands.type(finder, "zw")
    assert finder.list.current is not None and finder.list.current.title == "张伟"
    QTest.keyClick(finder.search, KEY.Key_Return, CONTROL)
    page: Any = hands.desktop.window.page
    hands.qtbot.waitUntil(lambda: hands.front() == "客户" and page.front.searched == "张伟")
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
