"""A process of its own: a form of a million records in a real page; how long the GUI thread was away.

`python -m tests.speed.scroll_probe WORKSPACE`: prints JSON with seconds: open, jump, pause_p99, pause_longest; count.
A pause is the time between two beats of a timer that should beat every 2 ms, while the page opens, scrolls, jumps,
sorts and saves. Between beats the thread sleeps, as it does for a person: the system puts one aside that always runs.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.app import Desktop
from desktop.app_page import AppPage
from runtime.session import Session, open_workspace
from runtime.store.query import Sort
from runtime.ui.form_page import FormPage
from runtime.ui.views.grid import GridView
from tests.speed.measure import percentile
from tests.speed.store import PASSPHRASE

PATIENCE = 60.0
BEAT = 2
"""Milliseconds."""
RESTS, MOST_RESTS = 5, 100
"""Beats after which a person does the next thing."""
QUIET = 0.01
"""Seconds between two beats of a window that is at rest."""


class Heart:
    """Beats every `BEAT` where the event loop is free; the gaps between beats are the pauses."""

    def __init__(self) -> None:
        self.pauses: list[float] = []
        self._last = time.perf_counter()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(BEAT)

    def _beat(self) -> None:
        now = time.perf_counter()
        self.pauses.append(now - self._last)
        self._last = now

    def rest(self) -> None:
        """Wait until it beats quietly, for some beats at most: what is done then is a pause of its own."""
        before = len(self.pauses)
        until(
            lambda: (
                len(self.pauses) >= before + MOST_RESTS
                or (len(self.pauses) >= before + RESTS and max(self.pauses[-RESTS:]) < QUIET)
            )
        )

    def stop(self) -> None:
        """No more beats."""
        self._timer.stop()


def until(condition: Callable[[], bool], patience: float = PATIENCE) -> float:
    """Run the event loop until `condition` holds; how long it took, seconds."""
    started = time.perf_counter()
    while not condition():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        if time.perf_counter() - started > patience:
            raise TimeoutError
    return time.perf_counter() - started


def measure(session: Session, desktop: Desktop) -> dict[str, float]:
    """Adopt the session as the program does after opening a workspace, and use its first form."""
    heart = Heart()
    started = time.perf_counter()
    desktop.adopt(session)
    until(lambda: _page(desktop) is not None)
    page = _page(desktop)
    assert page is not None
    view = page.view
    assert isinstance(view, GridView)
    model = view.model
    until(lambda: model.rowCount() > 0 and model.record(0) is not None)
    opened = time.perf_counter() - started
    count = model.listed
    grid = view.grid
    grid.setFocus()
    QTest.keyClick(grid, Qt.Key.Key_Down)
    started = time.perf_counter()
    QTest.keyClick(grid, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    until(lambda: model.record(count - 1) is not None)
    jumped = time.perf_counter() - started
    bar = grid.verticalScrollBar()
    for step in range(120):
        bar.setValue(bar.maximum() * (step * 37 % 120) // 120)
        until(_after(0.02))
    field = page.form.called("金额")
    assert field is not None
    page.set_sort((Sort(field.id, True),))
    until(lambda: model.complete and model.record(0) is not None)
    for step in range(40):
        bar.setValue(bar.maximum() * step // 40)
        until(_after(0.02))
    until(lambda: not desktop.jobs.busy)
    heart.stop()
    pauses = heart.pauses[1:]
    return {
        "open": opened,
        "jump": jumped,
        "pause_p99": percentile([pause for pause in pauses if pause > 0.001] or pauses, 0.99),
        "pause_longest": max(pauses),
        "count": count,
    }


def _page(desktop: Desktop) -> FormPage | None:
    page = desktop.window.page
    return page.front if isinstance(page, AppPage) else None


def _after(seconds: float) -> Callable[[], bool]:
    end = time.perf_counter() + seconds
    return lambda: time.perf_counter() >= end


def main(workspace: Path) -> None:
    """Start the program, open the workspace, measure and print."""
    app = QApplication(sys.argv[:1])
    desktop = Desktop(app)
    desktop.window.resize(1_280, 800)
    desktop.window.show()
    desktop.load_the_rest()
    until(lambda: not desktop.jobs.busy)
    found = measure(open_workspace(workspace, PASSPHRASE), desktop)
    desktop.close()
    print(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
