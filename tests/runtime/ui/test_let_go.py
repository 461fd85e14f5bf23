"""No test begins with a key of the test before held down."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit


@pytest.mark.parametrize("turn", [1, 2])
def test_a_key_that_is_pressed_with_shift_is_let_go_before_the_next_test(qtbot, turn: int):
    assert QGuiApplication.keyboardModifiers() == Qt.KeyboardModifier.NoModifier
    line = QLineEdit()
    qtbot.addWidget(line)
    QTest.keyClick(line, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert QGuiApplication.keyboardModifiers() == Qt.KeyboardModifier.ShiftModifier
