"""Ctrl+Z held down: small steps go one after the other, an import or a step of many records does not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.app import Desktop
from runtime.changes import BulkChange, ChangeKind, Origin, new_uuid
from runtime.session import Session, open_workspace
from runtime.ui.kit.toast import Toast
from tests.support.apps import customers_and_orders

LONG = 30_000
CONTROL = Qt.KeyboardModifier.ControlModifier


class Office:
    """The program with an open workspace."""

    def __init__(self, qtbot: Any, desktop: Desktop, session: Session) -> None:
        self.qtbot, self.desktop, self.session = qtbot, desktop, session
        toast = desktop.window.findChild(Toast)
        assert toast is not None
        self.toast = toast

    def count(self) -> int:
        return sum(1 for _ in self.session.form("客户").records())

    def add(self, count: int, label: str, origin: Origin = Origin.LOCAL) -> None:
        form = self.session.find_form("客户")
        name = form.called("名称")
        assert name is not None
        values = {name.id: [f"{label} {at}" for at in range(count)]}
        self.session.save(
            [BulkChange(ChangeKind.NEW, form.id, [new_uuid() for _ in range(count)], values)], label, origin
        )
        self.qtbot.waitUntil(self.desktop.window.action("undo").isEnabled, timeout=LONG)

    def press(self, key: Qt.Key = Qt.Key.Key_Z) -> None:
        """One deliberate press, as the keyboard sends it."""
        QTest.keyClick(QApplication.focusWidget() or self.desktop.window, key, CONTROL)
        self.rest()

    def hold_while_busy(self, key: Qt.Key = Qt.Key.Key_Z, times: int = 1) -> None:
        """The system tells a busy program of repeating as of keys that go up and come down in the same moment."""
        window = self.desktop.window
        for at in range(times):
            moment = 10_000 + 40 * at
            up = QKeyEvent(QEvent.Type.KeyRelease, key, CONTROL, "", False)
            asked = QKeyEvent(QEvent.Type.ShortcutOverride, key, CONTROL, "", False)
            for event, receiver in ((up, window.windowHandle()), (asked, QApplication.focusWidget() or window)):
                event.setTimestamp(moment)
                QApplication.sendEvent(receiver, event)
            window.action({Qt.Key.Key_Z: "undo", Qt.Key.Key_Y: "redo"}[key]).trigger()
            self.rest()

    def hold(self, key: Qt.Key = Qt.Key.Key_Z, times: int = 1) -> None:
        """The keyboard repeats the keys: Qt asks the widgets first whether they want them, then triggers the action."""
        for _ in range(times):
            asked = QKeyEvent(QEvent.Type.ShortcutOverride, key, CONTROL, "", True)
            QApplication.sendEvent(QApplication.focusWidget() or self.desktop.window, asked)
            self.desktop.window.action({Qt.Key.Key_Z: "undo", Qt.Key.Key_Y: "redo"}[key]).trigger()
            self.rest()

    def rest(self) -> None:
        self.qtbot.waitUntil(lambda: not self.desktop.jobs.busy, timeout=LONG)
        QTest.qWait(0)
        self.qtbot.waitUntil(lambda: not self.desktop.jobs.busy, timeout=LONG)


@pytest.fixture
def office(qtbot: Any, desktop: Desktop, tmp_path: Path) -> Iterator[Office]:
    """Three customers that are there for good."""
    path = tmp_path / "office.formwork"
    with open_workspace(path) as session:
        session.publish(customers_and_orders())
        for name in ("福州商贸", "闽江物流", "海峡科技"):
            session.form("客户").create({"名称": name})
    desktop.open_workspace(path)
    qtbot.waitUntil(lambda: desktop.session is not None and desktop.window.place == "apps", timeout=LONG)
    assert desktop.session is not None
    made = Office(qtbot, desktop, desktop.session)
    made.rest()
    yield made
    made.rest()


def test_holding_the_keys_takes_back_small_steps_and_stops_before_an_import(office: Office):
    office.add(20, "Import of liste.xlsx", Origin.IMPORT)
    for at in range(3):
        office.add(1, f"step {at}")
    office.press()
    office.hold(times=6)
    assert office.count() == 23, "the import stands"
    assert office.toast.message == "Press Ctrl+Z once more to undo: Import of liste.xlsx"
    office.press()
    assert office.count() == 3, "a deliberate press takes it back"
    office.hold(Qt.Key.Key_Y, times=3)
    assert office.count() == 3
    assert office.toast.message == "Press Ctrl+Y once more to redo: Import of liste.xlsx"
    office.press(Qt.Key.Key_Y)
    office.hold(Qt.Key.Key_Y, times=5)
    assert office.count() == 26


def test_holding_the_keys_stops_before_an_import_though_the_program_is_busy(office: Office):
    office.add(20, "Import of liste.xlsx", Origin.IMPORT)
    for at in range(3):
        office.add(1, f"step {at}")
    office.press()
    office.hold_while_busy(times=6)
    assert office.count() == 23, "the import stands"
    assert office.toast.message == "Press Ctrl+Z once more to undo: Import of liste.xlsx"
    office.press()
    assert office.count() == 3


def test_a_step_of_many_records_is_as_large_as_an_import_and_one_of_a_thousand_is_not(office: Office):
    office.add(1_001, "Paste 1,001 rows")
    office.add(1_000, "Paste 1,000 rows")
    office.hold(times=4)
    assert office.count() == 1_004
    assert office.toast.message.endswith("Paste 1,001 rows")


def test_a_click_in_the_menu_after_keys_were_held_is_deliberate(office: Office):
    office.add(5, "Import of liste.xlsx", Origin.IMPORT)
    office.hold(times=2)
    asked = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Down, Qt.KeyboardModifier.NoModifier, "", True)
    QApplication.sendEvent(office.desktop.window, asked)
    office.desktop.window.action("undo").trigger()
    office.rest()
    assert office.count() == 3


def test_keys_that_were_held_after_the_last_step_say_nothing_about_a_later_click(office: Office):
    action = office.desktop.window.action("undo")
    action.setEnabled(False)
    office.hold()
    action.setEnabled(True)
    office.add(5, "Import of liste.xlsx", Origin.IMPORT)
    action.trigger()
    office.rest()
    assert office.count() == 3


def test_what_is_held_down_does_not_pile_up_behind_a_step_that_takes_a_while(office: Office):
    for at in range(4):
        office.add(1, f"step {at}")
    action = office.desktop.window.action("undo")
    action.trigger()
    for _ in range(20):
        asked = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Z, CONTROL, "", True)
        QApplication.sendEvent(office.desktop.window, asked)
        action.trigger()
    office.rest()
    assert office.count() == 6, "one step: the others came while it was under way"
