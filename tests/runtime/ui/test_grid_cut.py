"""Copying and cutting in the grid, as people do it with spreadsheets beside it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from runtime.exchange.clipboard.mime import OWN_TYPE
from tests.runtime.ui.record_desk import CONTROL
from tests.runtime.ui.test_grid_paste import paste, put

KEY = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier


def test_cut_copies_and_empties_as_one_step(desk):
    desk.at(0, "等级")
    desk.key(KEY.Key_Down, SHIFT)
    desk.key(KEY.Key_X, CONTROL)
    desk.settle()
    assert QGuiApplication.clipboard().text() == "高\n中"
    assert desk.column("等级") == ["", "", ""]
    desk.at(1, "等级")
    paste(desk)
    assert desk.column("等级") == ["", "高", "中"]


@pytest.mark.parametrize("last", [0, 1])
def test_cut_empties_what_was_chosen_then_whatever_is_chosen_by_the_time_it_is_copied(desk, last):
    desk.at(0, "等级")
    for _ in range(last):
        desk.key(KEY.Key_Down, SHIFT)
    desk.key(KEY.Key_X, CONTROL)
    desk.at(2, "名称")
    desk.settle()
    assert QGuiApplication.clipboard().text() == ("高", "高\n中")[last]
    assert desk.column("等级") == ["", ("中", "")[last], ""]
    assert desk.column("名称")[2] == "泉州茶业"


def test_copying_with_names_puts_them_above_and_pasting_back_knows_them(desk):
    desk.at(0, "名称")
    desk.key(KEY.Key_Right, SHIFT)
    desk.key(KEY.Key_C, CONTROL | SHIFT)
    desk.settle()
    assert QGuiApplication.clipboard().text() == "名称\t等级\n福州海峡\t高"
    put(QGuiApplication.clipboard().text().replace("福州海峡", "新"))
    desk.at(2, "名称")
    paste(desk)
    assert desk.column("名称") == ["福州海峡", "厦门港务", "新"]


def test_only_the_chosen_columns_are_copied_with_text_table_and_exact_values(orders):
    orders.at(0, "日期")
    orders.key(KEY.Key_C, CONTROL)
    orders.settle()
    mime = QGuiApplication.clipboard().mimeData()
    assert mime.text() == "2024-02-27"
    assert 'sdval="45349"' in mime.html()
    assert b'"2024-02-27"' in bytes(mime.data(OWN_TYPE).data())
