"""How long tests wait for what must come: long, since it costs nothing where it comes soon."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QWindow
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

PATIENCE = 60_000
"""Milliseconds; a machine that is busy with other things is no reason to fail."""


class PatientBot(QtBot):
    """A `qtbot` that waits `PATIENCE` at least for whatever it is asked to wait for."""

    def let_go(self) -> None:
        """Shift and Control of the last key that a test pressed count as held down until another event comes."""
        if QGuiApplication.keyboardModifiers():
            QTest.keyRelease(QWindow(), Qt.Key.Key_Shift, Qt.KeyboardModifier.NoModifier)


def _patient(wait: Callable[..., Any]) -> Callable[..., Any]:
    def waiting(*arguments: Any, timeout: int = 0, **named: Any) -> Any:
        must_come = named.get("raising") is not False  # `assertNotEmitted` waits for what must not
        return wait(*arguments, timeout=max(timeout, PATIENCE) if must_come else timeout, **named)

    return waiting


for _name in ("waitUntil", "waitSignal", "waitSignals", "waitActive", "waitExposed"):
    setattr(PatientBot, _name, _patient(getattr(QtBot, _name)))
