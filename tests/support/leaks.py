"""What a test must not leave behind: threads, Qt threads, pool tasks, active timers, windows.

Qt is looked at only where a test brought it up (a `QCoreApplication` exists); nothing here imports it.
"""

from __future__ import annotations

import gc
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import Any

PATIENCE = 20.0
"""Seconds that threads and pool tasks get to end after the test."""

_kept: list[Any] = []


def keep(alive: Any) -> Any:
    """Let `alive` (a thread, timer or window of a wider fixture) outlive the tests; the fixture ends it. Returns it."""
    _kept.append(alive)
    return alive


@dataclass(frozen=True)
class Living:
    """What was there before the test."""

    threads: frozenset[threading.Thread] = frozenset()
    qt: frozenset[int] = field(default_factory=frozenset)

    @classmethod
    def now(cls) -> Living:
        """What is there now."""
        return cls(frozenset(threading.enumerate()), frozenset(id(thing) for thing in _qt_things()))


def leaks(before: Living) -> list[str]:
    """What lives now and did not before, a line each; waits a moment for what is just ending."""
    if not _leaked_qt(before) and not _leaked_threads(before, 0):
        return []
    gc.collect()  # a dead window inside a reference cycle is no leak
    _delete_what_qt_postponed()
    return [*_leaked_threads(before, PATIENCE), *_leaked_qt(before, PATIENCE)]


def bury() -> None:
    """End windows in dead reference cycles here: a thread of a later test that collects them ends the process."""
    if _qt("QtCore") is not None:
        gc.collect()
        _delete_what_qt_postponed()


def clean_up(before: Living) -> None:
    """Close and stop what leaked, so that one leak fails one test."""
    core = _qt("QtCore")
    for thing in _new(before):
        if isinstance(thing, core.QTimer):
            thing.stop()
        elif isinstance(thing, core.QThread):
            thing.requestInterruption()
            thing.quit()
            keep(thing)  # destroying a running QThread ends the process
        else:
            thing.close()
            thing.deleteLater()
    _delete_what_qt_postponed()


def _leaked_threads(before: Living, patience: float) -> list[str]:
    end = time.monotonic() + patience
    found = []
    for thread in threading.enumerate():
        # A Qt thread that ran Python leaves a dummy behind; Qt's own threads are looked at below.
        if thread in before.threads or thread in _kept or isinstance(thread, threading._DummyThread):
            continue
        thread.join(max(0.0, end - time.monotonic()))
        if thread.is_alive():
            found.append(f"thread {thread.name!r} still runs")
    return found


def _leaked_qt(before: Living, patience: float = 0) -> list[str]:
    core = _qt("QtCore")
    if core is None:
        return []
    found = []
    deadline = int(patience * 1000)
    pools = [core.QThreadPool.globalInstance(), *(w for w in _wrappers() if isinstance(w, core.QThreadPool))]
    if any(not pool.waitForDone(deadline) for pool in pools):
        found.append("a task still runs in a QThreadPool")
    for thing in _new(before):
        if isinstance(thing, core.QThread):
            if not thing.wait(deadline):
                found.append(f"QThread {thing.objectName()!r} still runs")
        elif isinstance(thing, core.QTimer):
            found.append(f"QTimer of {thing.interval()} ms is still active")
        else:
            found.append(f"window {type(thing).__name__} {thing.objectName()!r} is still there")
    return found


def _new(before: Living) -> list[Any]:
    return [thing for thing in _qt_things() if id(thing) not in before.qt and not any(thing is k for k in _kept)]


def _qt_things() -> list[Any]:
    """Running Qt threads, active timers and parentless windows."""
    core, widgets = _qt("QtCore"), _qt("QtWidgets")
    if core is None:
        return []
    main = core.QCoreApplication.instance().thread()
    found: list[Any] = []
    for thing in _wrappers():
        if isinstance(thing, core.QThread):
            if thing is not main and thing.isRunning():
                found.append(thing)
        elif isinstance(thing, core.QTimer) and thing.isActive():
            found.append(thing)
    if widgets is not None and isinstance(core.QCoreApplication.instance(), widgets.QApplication):
        # Qt keeps the label of the last tool tip for itself.
        tops = (window for window in widgets.QApplication.topLevelWidgets() if window.parent() is None)
        found.extend(window for window in tops if window.metaObject().className() != "QTipLabel")
    return found


def _delete_what_qt_postponed() -> None:
    core = _qt("QtCore")
    if core is not None:
        core.QCoreApplication.sendPostedEvents(None, core.QEvent.Type.DeferredDelete.value)
        core.QCoreApplication.processEvents()


def _wrappers() -> list[Any]:
    """Every Qt object that Python made or met and that is still alive."""
    return list(sys.modules["shiboken6"].Shiboken.getAllValidWrappers())


def _qt(module: str) -> Any:
    """A module of Qt, where a test brought Qt up."""
    core = sys.modules.get("PySide6.QtCore")
    if core is None or core.QCoreApplication.instance() is None:
        return None
    return sys.modules.get(f"PySide6.{module}")
