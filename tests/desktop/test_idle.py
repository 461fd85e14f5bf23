"""Who is there: input of the windows, and a clock that sleeps, jumps and goes back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from desktop.idle import IdleWatch
from tests.support.clock import FakeClock


@pytest.fixture
def watch(qapp: QApplication, clock: FakeClock) -> Iterator[IdleWatch]:
    """A watch of ten minutes."""
    made = IdleWatch(qapp, clock)
    made.said = []  # type: ignore[attr-defined]
    made.idle.connect(lambda: made.said.append(clock.now()))  # type: ignore[attr-defined]
    made.start(10)
    yield made
    made.stop()
    made.deleteLater()


def looks(watch: IdleWatch) -> int:
    """Look; how often `idle` was said until now."""
    watch.look()
    return len(watch.said)  # type: ignore[attr-defined]


def test_idle_is_said_after_so_many_minutes_and_not_before(watch: IdleWatch, clock: FakeClock):
    clock.advance(minutes=9, seconds=59)
    assert looks(watch) == 0
    clock.advance(seconds=1)
    assert looks(watch) == 1
    assert looks(watch) == 2


def test_a_machine_that_slept_over_it_is_idle_at_the_first_look(watch: IdleWatch, clock: FakeClock):
    clock.advance(hours=9)
    assert looks(watch) == 1


def test_a_clock_that_goes_back_begins_anew_and_is_not_idle_for_years(watch: IdleWatch, clock: FakeClock):
    clock.advance(days=-3650)
    assert looks(watch) == 0
    clock.advance(minutes=10)
    assert looks(watch) == 1


def test_never_is_never(watch: IdleWatch, clock: FakeClock):
    watch.start(0)
    clock.advance(days=365)
    assert looks(watch) == 0


@pytest.mark.parametrize("touch", ["key", "click", "move", "wheel"])
def test_input_in_a_window_of_the_program_counts(qtbot, watch: IdleWatch, clock: FakeClock, touch: str):
    line = QLineEdit()
    qtbot.addWidget(line)
    with qtbot.waitActive(line):
        line.show()
        line.activateWindow()
    window = line.windowHandle()
    clock.advance(minutes=9)
    if touch == "key":
        QTest.keyClick(window, Qt.Key.Key_A)
    elif touch == "click":
        QTest.mouseClick(window, Qt.MouseButton.LeftButton)
    elif touch == "move":
        QTest.mouseMove(window, QPoint(3, 3))
    else:
        nothing, none = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.NoButton
        wheel = QWheelEvent(
            QPointF(3, 3), QPointF(3, 3), QPoint(), QPoint(0, 120), none, nothing, Qt.ScrollPhase.NoScrollPhase, False
        )
        QApplication.sendEvent(window, wheel)
    clock.advance(minutes=9)
    assert looks(watch) == 0
    clock.advance(minutes=1)
    assert looks(watch) == 1
