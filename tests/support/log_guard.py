"""A warning in the log, or from Qt while a test is taken down, that no test asked for is a failure."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class LogGuard(logging.Handler):
    """Collects what is logged at WARNING or above; tests name the lines they expect."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._seen: list[str] = []
        self._expected: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one record."""
        self._seen.append(f"{record.levelname} {record.name}: {record.getMessage()}")

    def expect(self, pattern: str) -> None:
        """At least one line `LEVEL logger: message` of this test will match `pattern`; all that match are fine."""
        self._expected.append(pattern)

    def complaints(self) -> list[str]:
        """Lines nobody expected, and expectations no line met."""
        unexpected = [line for line in self._seen if not any(re.search(p, line) for p in self._expected)]
        unmet = [p for p in self._expected if not any(re.search(p, line) for line in self._seen)]
        return [*(f"unexpected: {line}" for line in unexpected), *(f"expected, but never logged: {p}" for p in unmet)]


@contextmanager
def watching() -> Iterator[LogGuard]:
    """A guard that listens to all loggers inside the block."""
    guard, root = LogGuard(), logging.getLogger()
    root.addHandler(guard)
    try:
        yield guard
    finally:
        root.removeHandler(guard)


@contextmanager
def hearing_qt(ignored: list[str]) -> Iterator[list[str]]:
    """Collects Qt's warnings inside the block, but those that match `ignored`; pytest-qt hears the test itself only."""
    core = sys.modules.get("PySide6.QtCore")
    heard: list[str] = []
    if core is None:
        yield heard
        return

    def hear(kind: Any, _context: Any, message: str) -> None:
        harmless = kind in (core.QtMsgType.QtDebugMsg, core.QtMsgType.QtInfoMsg)
        if not harmless and not any(re.search(pattern, message) for pattern in ignored):
            heard.append(f"Qt said: {message}")

    former = core.qInstallMessageHandler(hear)
    try:
        yield heard
    finally:
        core.qInstallMessageHandler(former)
