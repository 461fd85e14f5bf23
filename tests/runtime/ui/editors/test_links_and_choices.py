"""Editors of addresses and of several options, by hand."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest

from runtime.ui.editors.choices import ChoicesEditor
from runtime.ui.editors.link import LinkEditor
from runtime.ui.kit.picker import TickList
from tests.support.drivers import click, editor_for, press, typed

KEY = Qt.Key


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    found: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: found.append(url.toString()))
    return found


def test_an_address_is_written_in_one_way_when_the_person_leaves_and_can_be_followed(
    qtbot: Any, opened: list[str]
) -> None:
    editor = editor_for(qtbot, "email")
    assert isinstance(editor, LinkEditor) and not editor.follow.isVisible()
    typed(editor, " Zhang@Example.COM ")
    assert editor.value() == "Zhang@example.com" and editor.follow.isVisible()
    editor.line.left.emit()
    assert editor.line.text() == "Zhang@example.com"
    editor.follow.trigger()
    assert opened == ["mailto:Zhang@example.com"]


def test_what_is_no_address_is_kept_and_leads_nowhere(qtbot: Any, opened: list[str]) -> None:
    editor = editor_for(qtbot, "url", "https://a.com")
    assert isinstance(editor, LinkEditor)
    typed(editor, "javascript:alert(1)")
    assert editor.problems()[0].code == "not_a_url" and not editor.follow.isVisible()
    editor.follow.trigger()
    assert opened == []


def test_an_address_that_cannot_be_changed_can_be_followed(qtbot: Any, opened: list[str]) -> None:
    editor = editor_for(qtbot, "phone", "13812345678", read_only=True)
    assert isinstance(editor, LinkEditor)
    editor.follow.trigger()
    assert opened == ["tel:13812345678"]


def options_of(qtbot: Any, value: Any = None, **props: Any) -> tuple[ChoicesEditor, TickList]:
    editor = editor_for(qtbot, "choices", value, **props)
    assert isinstance(editor, ChoicesEditor)
    click(editor.button)
    assert editor.list is not None
    return editor, editor.list


def pick(opened: TickList, label: str) -> None:
    row = next(at for at, each in enumerate(opened._model.picks) if each.text == label)
    rect = opened.list.visualRect(opened._model.index(row))
    QTest.mouseClick(opened.list.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())


def test_ticks_add_and_take_away_in_the_order_of_the_options_and_the_list_stays_open(qtbot: Any) -> None:
    editor, opened = options_of(qtbot)
    with qtbot.waitSignals([editor.edited, editor.edited]):
        pick(opened, "VIP")
        pick(opened, "Dormant")
    assert editor.value() == ("o3", "o7") and editor.button.shown == "Dormant, VIP"
    pick(opened, "VIP")
    assert editor.value() == ("o3",) and opened.isVisible()
    with qtbot.waitSignal(editor.committed):
        opened.close()
    assert editor.value() == ("o3",)


def test_typing_searches_and_enter_ticks(qtbot: Any) -> None:
    editor, opened = options_of(qtbot, ("o1",))
    QTest.keyClicks(opened.search, "lead")
    qtbot.waitUntil(lambda: [each.text for each in opened._model.picks] == ["New lead"])
    QTest.keyClick(opened.search, KEY.Key_Return)
    assert editor.value() == ("o1", "o6")
    assert opened._model.ticked == {"o1", "o6"}
    opened.close()


def test_a_retired_option_can_only_be_taken_away(qtbot: Any) -> None:
    editor, opened = options_of(qtbot, ("o9",))
    assert "Old name" in {each.text for each in opened._model.picks}
    pick(opened, "Old name")
    assert editor.value() is None
    assert "Old name" not in {each.text for each in opened._model.picks}
    opened.close()


def test_clear_takes_all_away_where_none_are_needed(qtbot: Any) -> None:
    editor, opened = options_of(qtbot, ("o1", "o2"))
    press(opened, "Clear")
    assert editor.value() is None
    opened.close()
    _editor, opened = options_of(qtbot, ("o1",), required=True)
    with pytest.raises(LookupError):
        press(opened, "Clear")
    opened.close()
